"""An observation: one occasion of practice, watched with the trainee's consent."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from rubrics.refusal import Refused


class State(StrEnum):
    """Where an observation stands. The moves between states are one table, `MOVES`."""

    REQUESTED = "requested"
    CONSENTED = "consented"
    IN_PROGRESS = "in_progress"
    SHARED = "shared"
    ANSWERED = "answered"
    FINAL = "final"
    RELEASED = "released"
    DECLINED = "declined"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


class Mode(StrEnum):
    """How the practice was seen."""

    LIVE = "live"
    ROLE_PLAY = "role_play"
    RECORDED = "recorded"
    REMOTE = "remote"
    CASE_DISCUSSION = "case_discussion"


class Move(StrEnum):
    """What somebody does that changes where an observation stands."""

    CONSENT = "consent"
    """the trainee agrees to how it will be seen"""
    BEGIN = "begin"
    """the person served was asked, and the observer opens the form"""
    SHARE = "share"
    """the observer gives ratings and words to the trainee"""
    ANSWER = "answer"
    """the trainee answers, with words or with none"""
    LET_WINDOW_PASS = "let_window_pass"  # noqa: S105  # a move, no password
    """the time to answer ended in silence, which is recorded as silence"""
    FINALIZE = "finalize"
    """the last lane that was needed has signed"""
    RELEASE = "release"
    """what was signed may now count"""
    DECLINE = "decline"
    """the observer cannot take it on; no reason is asked"""
    STOP = "stop"
    """either side ends it while it goes on; nothing of it counts"""
    WITHDRAW = "withdraw"
    """the trainee takes consent back, any time before it is final"""


MOVES: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.REQUESTED, Move.CONSENT): State.CONSENTED,
        (State.CONSENTED, Move.BEGIN): State.IN_PROGRESS,
        (State.IN_PROGRESS, Move.SHARE): State.SHARED,
        (State.SHARED, Move.ANSWER): State.ANSWERED,
        (State.SHARED, Move.LET_WINDOW_PASS): State.ANSWERED,
        (State.ANSWERED, Move.FINALIZE): State.FINAL,
        (State.FINAL, Move.RELEASE): State.RELEASED,
        (State.REQUESTED, Move.DECLINE): State.DECLINED,
        (State.CONSENTED, Move.DECLINE): State.DECLINED,
        (State.CONSENTED, Move.STOP): State.STOPPED,
        (State.IN_PROGRESS, Move.STOP): State.STOPPED,
        (State.REQUESTED, Move.WITHDRAW): State.WITHDRAWN,
        (State.CONSENTED, Move.WITHDRAW): State.WITHDRAWN,
        (State.IN_PROGRESS, Move.WITHDRAW): State.WITHDRAWN,
        (State.SHARED, Move.WITHDRAW): State.WITHDRAWN,
        (State.ANSWERED, Move.WITHDRAW): State.WITHDRAWN,
    }
)
"""Every way on that there is; what is not in here is not possible."""

ENDED: frozenset[State] = frozenset(State) - {state for state, _ in MOVES}
"""The states from which nothing leads on."""


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
