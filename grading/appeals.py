"""Appeals: on which terms, how far one is, whose turn it is and until when, who may sit on a panel, how it ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from rubrics import recusal
from rubrics.refusal import _N, Refused

Key = TypeVar("Key")


class AppealState(StrEnum):
    """How far an appeal is."""

    DRAFT = "draft"
    """Being written: nobody else knows of it."""
    LATE = "late"
    """Sent after the last day: a person decides whether it is taken up."""
    OPEN = "open"
    """Sent, and to be acknowledged."""
    WITH_PANEL = "with_panel"
    DECIDED = "decided"
    NOT_TAKEN_UP = "not_taken_up"
    """It came late, and a person decided, with a reason, not to take it up."""
    WITHDRAWN = "withdrawn"
    """By the trainee, without a reason."""
    OVERTAKEN = "overtaken"
    """What it was about no longer stands."""


RUNNING = frozenset({AppealState.LATE, AppealState.OPEN, AppealState.WITH_PANEL})


class AppealOutcome(StrEnum):
    """What a panel decided."""

    STANDS = "stands"
    """The first decision stays."""
    CHANGED = "changed"
    """Another decision takes its place."""
    AGAIN = "again"
    """It is looked at again by others, such as by another observation."""


class Turn(StrEnum):
    """Whose turn it is."""

    TRAINEE = "trainee"
    INSTITUTION = "institution"


class AppealStepKind(StrEnum):
    """What happened in an appeal."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    TAKEN_UP_LATE = "taken_up_late"
    NOT_TAKEN_UP = "not_taken_up"
    QUESTION = "question"
    """The panel asks; the trainee may answer."""
    ANSWER = "answer"
    MORE_TIME = "more_time"
    """The trainee takes more time to answer, or asks for it (then it has no day yet)."""
    INSTITUTION_LATE = "institution_late"
    """A promised day went by without what was promised."""
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Ground:
    """Something for which one may appeal."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Terms:
    """On which grounds one may appeal, and what is promised."""

    grounds: tuple[Ground, ...]
    file_days: int
    """So many days after a decision one may appeal; later a person decides."""
    acknowledge_days: int
    answer_days: int
    """So many days the trainee has for each question."""
    decide_days: int
    panel_size: int


OTHER = "other"
"""The ground that is always among them: one's own."""
USUAL = Terms(
    grounds=(
        Ground("not_seen", _N("Something that I did or sent was not looked at.")),
        Ground("not_as_it_was", _N("Something is described differently from how it was.")),
        Ground("rule", _N("A rule was read differently from how it is written.")),
        Ground("conditions", _N("Something was arranged for me, or promised, and it was not so.")),
        Ground("fairness", _N("I was treated differently from others, or somebody was too close to decide.")),
        Ground(OTHER, _N("Another reason.")),
    ),
    file_days=60,
    acknowledge_days=5,
    answer_days=14,
    decide_days=30,
    panel_size=2,
)
"""Until an organization publishes its own."""
LIMITS: Mapping[str, tuple[int, int]] = {
    "file_days": (14, 366),
    "acknowledge_days": (1, 90),
    "answer_days": (5, 90),
    "decide_days": (1, 366),
    "panel_size": (1, 9),
}
"""The least and the most of each number; nobody is rushed."""
MOST_GROUNDS = 20
LONGEST_GROUND = 300


def check_terms(terms: Terms) -> None:
    """Whether these may be published. Raises `Refused`, whose code is the field, with what to do."""
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(terms, name) <= most:
            raise Refused(name, "Please give a whole number from %(least)d to %(most)d.", least=least, most=most)
    if terms.decide_days < terms.acknowledge_days:
        raise Refused("decide_days", "The outcome cannot be promised before the acknowledgment. Please check both.")
    words = [ground.words for ground in terms.grounds]
    if not words or not all(words):
        raise Refused("grounds", "Please write at least one reason, each on a line of its own.")
    if len(words) > MOST_GROUNDS or max(map(len, words)) > LONGEST_GROUND:
        raise Refused("grounds", "Please keep to %(most)d reasons of a line each.", most=MOST_GROUNDS)
    if OTHER not in {ground.key for ground in terms.grounds}:
        raise Refused("grounds", "One's own reason is always among them. Please leave it in.")


@dataclass(frozen=True, slots=True)
class Clock:
    """Who holds an appeal now, and until when what was promised."""

    turn: Turn
    until: date
    decide_by: date | None
    """When the outcome is promised; None while a late appeal waits to be taken up."""


def day_everywhere(now: datetime) -> date:
    """The day that has come everywhere on earth: a person's last day is over once it is over for all."""
    return (now - timedelta(hours=12)).date()


def is_late_to_send(file_by: date, now: datetime) -> bool:
    """Whether the last day for sending is over, wherever they are."""
    return day_everywhere(now) > file_by


def clock_when_sent(terms: Terms, today: date, *, late: bool) -> Clock:
    """Acknowledged within some days; a late one is answered within the same."""
    until = today + timedelta(days=terms.acknowledge_days)
    return Clock(Turn.INSTITUTION, until, None if late else today + timedelta(days=terms.decide_days))


def clock_with_panel(terms: Terms, clock: Clock, today: date) -> Clock:
    """Once it is acknowledged: what was promised when it was sent stays promised; a late one begins now."""
    decide_by = clock.decide_by or today + timedelta(days=terms.decide_days)
    return Clock(Turn.INSTITUTION, decide_by, decide_by)


def clock_when_asked(terms: Terms, clock: Clock, today: date) -> Clock:
    """The panel asked: it is the trainee's turn, for all the days that are theirs."""
    return replace(clock, turn=Turn.TRAINEE, until=today + timedelta(days=terms.answer_days))


def clock_with_more_time(terms: Terms, clock: Clock, today: date) -> Clock:
    """As much again for the trainee, from their last day on, or from today where that is over."""
    return replace(clock, until=max(clock.until, today) + timedelta(days=terms.answer_days))


def clock_after_question(clock: Clock, asked_on: date, today: date) -> Clock:
    """Back with the panel: the days in which the question was with the trainee are added to its own."""
    waited = timedelta(days=max(0, (today - asked_on).days))
    decide_by = (clock.decide_by or asked_on) + waited
    return Clock(Turn.INSTITUTION, decide_by, decide_by)


def institution_is_late(clock: Clock, today: date) -> bool:
    """Whether a day that the institution promised went by."""
    return clock.turn is Turn.INSTITUTION and clock.until < today


def to_tell_late(clock: Clock, told_on: date | None, today: date) -> bool:
    """Whether that is to be told now: once for each day that was promised."""
    return institution_is_late(clock, today) and (told_on is None or told_on <= clock.until)


def may_sit(person: str, trainee: str, had_part: Collection[str], conflicts: Collection[recusal.Pair]) -> None:
    """Whether the person may sit on the panel of this trainee's appeal.

    Raises `Refused`: "oneself", "had_part" for whoever observed, signed or decided in the matter, and "conflict".
    """
    if person == trainee:
        raise Refused("oneself", "This is whose appeal it is. Please choose somebody else.")
    if person in had_part:
        raise Refused(
            "had_part",
            "They observed, signed or decided in this matter. Somebody who has not yet been part of it looks at it "
            "now. Please choose somebody else.",
        )
    recusal.may_take_part(person, trainee, conflicts)


def is_decided(accepted: Collection[str], agree: Collection[str], panel_size: int) -> bool:
    """Whether an outcome holds: there are enough members, and each of them agrees with exactly its words."""
    return len(set(accepted)) >= panel_size and set(accepted) <= set(agree)


FEW = 10
"""Of fewer than so many nothing is told apart."""


def shown(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """The parts of a whole as they may be shown: None for one that is not, so that none follows from the others."""
    hidden = {key for key, count in counts.items() if count < FEW}
    while hidden and (len(hidden) < 2 or sum(counts[key] for key in hidden) < FEW) and len(hidden) < len(counts):
        hidden.add(min((key for key in counts if key not in hidden), key=lambda key: counts[key]))
    return {key: None if key in hidden else count for key, count in counts.items()}
