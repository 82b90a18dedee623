"""An observation: one occasion of practice, watched with the trainee's consent."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rubrics.refusal import Refused


class State(StrEnum):
    """Where an observation stands. The moves between states are one table, `MOVES`."""

    REQUESTED = "requested"
    """asked for; a time, an observer's yes or the trainee's consent is still to come"""
    SCHEDULED = "scheduled"
    """a time is agreed; the trainee's consent is still to come"""
    CONSENTED = "consented"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    DRAFTED = "drafted"
    """every observer has handed in; the trainee does not see it yet"""
    IN_MODERATION = "in_moderation"
    """the observers' views differ, and they meet before anything is shared"""
    SHARED = "shared"
    ANSWERED = "answered"
    AMENDING = "amending"
    """an observer rewrites something after the trainee's words; it is shared anew"""
    IN_RECONCILIATION = "in_reconciliation"
    """the lanes see it differently, and meet before anyone else signs"""
    FINAL = "final"
    RELEASED = "released"
    DECLINED = "declined"
    CANCELED = "canceled"
    NOT_HELD = "not_held"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    """it was final; a new record, with a reason, stands in its place or says that it counts no more"""
    RECONSIDERED = "reconsidered"
    """it was final; an appeal decided otherwise"""


class Mode(StrEnum):
    """How the practice was seen."""

    LIVE = "live"
    ROLE_PLAY = "role_play"
    RECORDED = "recorded"
    REMOTE = "remote"
    CASE_DISCUSSION = "case_discussion"


class Move(StrEnum):
    """What somebody does that changes where an observation stands."""

    AGREE = "agree"
    """the other side agrees to the time that was proposed"""
    PROPOSE = "propose"
    """somebody proposes another time, before it has begun"""
    CONSENT = "consent"
    """the trainee agrees to how it will be seen"""
    BEGIN = "begin"
    """the person served was asked, and the observer opens the form"""
    PAUSE = "pause"
    """either side pauses; no reason is asked"""
    RESUME = "resume"
    HAND_IN = "hand_in"
    """the last observer gives in what they saw; until then nobody sees the others' views"""
    MODERATE = "moderate"
    """the views differ by more than the threshold: the observers meet"""
    SHARE = "share"
    """ratings and words are given to the trainee"""
    ANSWER = "answer"
    """the trainee answers, with words or with none"""
    LET_WINDOW_PASS = "let_window_pass"  # noqa: S105  # a move, no password
    """the time to answer ended in silence, which is recorded as silence"""
    AMEND = "amend"
    """an observer takes it up again after the trainee's words, before anyone has signed"""
    LEAVE = "leave"
    """it is left as it was after all"""
    DIFFER = "differ"
    """somebody who signs sees it differently: the lanes meet"""
    SETTLE = "settle"
    """the lanes have met, and their record is kept"""
    FINALIZE = "finalize"
    """the last lane that was needed has signed"""
    RELEASE = "release"
    """what was signed may now count"""
    DECLINE = "decline"
    """no observer can take it on; no reason is asked"""
    CANCEL = "cancel"
    """the trainee no longer wants it, before it has begun"""
    NOT_HOLD = "not_hold"
    """the time came and it did not take place; no reason is asked"""
    STOP = "stop"
    """either side ends it while it goes on; nothing of it counts"""
    WITHDRAW = "withdraw"
    """the trainee takes consent back, any time before it is final"""
    SUPERSEDE = "supersede"
    """somebody who signed or observed says, with a reason, that it no longer stands"""
    RECONSIDER = "reconsider"
    """an appeal decided otherwise"""


_BEFORE = (State.REQUESTED, State.SCHEDULED, State.CONSENTED)
"""Nothing has been seen yet."""
_UNDER_WAY = (State.IN_PROGRESS, State.PAUSED)
_TO_BE_FINAL = (
    State.DRAFTED,
    State.IN_MODERATION,
    State.SHARED,
    State.ANSWERED,
    State.AMENDING,
    State.IN_RECONCILIATION,
)
"""Seen, and not final: consent can still be taken back."""

MOVES: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.REQUESTED, Move.AGREE): State.SCHEDULED,
        (State.REQUESTED, Move.CONSENT): State.CONSENTED,
        (State.SCHEDULED, Move.CONSENT): State.CONSENTED,
        **{(state, Move.PROPOSE): State.REQUESTED for state in _BEFORE},
        (State.CONSENTED, Move.BEGIN): State.IN_PROGRESS,
        (State.IN_PROGRESS, Move.PAUSE): State.PAUSED,
        (State.PAUSED, Move.RESUME): State.IN_PROGRESS,
        (State.IN_PROGRESS, Move.HAND_IN): State.DRAFTED,
        (State.DRAFTED, Move.MODERATE): State.IN_MODERATION,
        (State.DRAFTED, Move.SHARE): State.SHARED,
        (State.IN_MODERATION, Move.SHARE): State.SHARED,
        (State.SHARED, Move.ANSWER): State.ANSWERED,
        (State.SHARED, Move.LET_WINDOW_PASS): State.ANSWERED,
        (State.ANSWERED, Move.AMEND): State.AMENDING,
        (State.AMENDING, Move.SHARE): State.SHARED,
        (State.AMENDING, Move.LEAVE): State.ANSWERED,
        (State.ANSWERED, Move.DIFFER): State.IN_RECONCILIATION,
        (State.IN_RECONCILIATION, Move.SETTLE): State.ANSWERED,
        (State.ANSWERED, Move.FINALIZE): State.FINAL,
        (State.FINAL, Move.RELEASE): State.RELEASED,
        **{(state, Move.DECLINE): State.DECLINED for state in _BEFORE},
        **{(state, Move.CANCEL): State.CANCELED for state in _BEFORE},
        **{(state, Move.NOT_HOLD): State.NOT_HELD for state in (State.SCHEDULED, State.CONSENTED)},
        **{(state, Move.STOP): State.STOPPED for state in (State.CONSENTED, *_UNDER_WAY)},
        **{(state, Move.WITHDRAW): State.WITHDRAWN for state in (*_BEFORE, *_UNDER_WAY, *_TO_BE_FINAL)},
        **{(state, Move.SUPERSEDE): State.SUPERSEDED for state in (State.FINAL, State.RELEASED)},
        **{(state, Move.RECONSIDER): State.RECONSIDERED for state in (State.FINAL, State.RELEASED)},
    }
)
"""Every way on that there is; what is not in here is not possible."""

BEFORE: frozenset[State] = frozenset(_BEFORE)
"""Nothing has been seen yet."""
UNDER_WAY: frozenset[State] = frozenset(_UNDER_WAY)
"""It goes on now, or is paused."""
READ_BY_TRAINEE: frozenset[State] = frozenset(
    {
        State.SHARED,
        State.ANSWERED,
        State.AMENDING,
        State.IN_RECONCILIATION,
        State.FINAL,
        State.RELEASED,
        State.SUPERSEDED,
        State.RECONSIDERED,
    }
)
"""What was seen has been shared with the trainee."""
UNCHANGEABLE: frozenset[State] = frozenset({State.FINAL, State.RELEASED, State.SUPERSEDED, State.RECONSIDERED})
"""Nothing of it changes any more, not by one letter."""
NEVER_SEEN: frozenset[State] = frozenset({State.DECLINED, State.CANCELED, State.NOT_HELD, State.STOPPED})
"""It ended without a trace in any score."""

ENDED: frozenset[State] = frozenset(State) - {state for state, _ in MOVES}
"""The states from which nothing leads on."""
OVER: frozenset[State] = ENDED | UNCHANGEABLE
"""Nothing is to be done any more, unless something turns out not to stand."""


def move(state: State, step: Move) -> State:
    """Where the step leads from here. Raises `Refused` ("not_now") where it leads nowhere."""
    to = MOVES.get((state, step))
    if to is None:
        raise _not_now(state)
    return to


def _not_now(state: State) -> Refused:
    match state:
        case State.FINAL | State.RELEASED:
            return Refused("not_now", "This observation is complete. It stays exactly as it was signed.")
        case State.SUPERSEDED | State.RECONSIDERED:
            return Refused("not_now", "Another record stands in the place of this one, which stays as it was signed.")
        case State.CANCELED | State.NOT_HELD:
            return Refused("not_now", "This observation did not take place. A new one can be asked for at any time.")
        case State.DECLINED:
            return Refused("not_now", "The observer could not take this on. Someone else can be asked at any time.")
        case State.STOPPED:
            return Refused(
                "not_now", "This observation was stopped. Nothing of it counts, and a new one can be asked for."
            )
        case State.WITHDRAWN:
            return Refused("not_now", "This observation was taken back. Nothing more is needed for it.")
        case _:
            return Refused(
                "not_now",
                "This step does not fit where the observation stands now. Please open it again to see what comes next.",
            )
