"""Deciding: who may, what is open now, and when the person reads it. Attune decides nothing; people do."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from grading.evidence import Outcome
from grading.lifecycle.course import is_step
from grading.lifecycle.offers import Asking
from grading.lifecycle.status import Status
from grading.program import Program, Stage, StageKind
from grading.proof import Answer
from grading.standing import Standing
from rubrics.recusal import Pair, may_take_part
from rubrics.refusal import Refused

LONGEST = 8_000
"""Letters of one text of a decision."""
MOST_AHEAD = 366
"""A decision takes effect at most so many days after it."""
UNDO = timedelta(hours=24)
"""So long what a holder gave back can be taken again."""
MORNING = 9
"""The hour of the day."""
FRIDAY = 4
_OF_KIND = {StageKind.RENEWAL: Outcome.RENEWED, StageKind.REINSTATEMENT: Outcome.REINSTATED}
_VALID = frozenset({Status.CERTIFIED, Status.RENEWAL_OPEN, Status.IN_GRACE})
GOOD = frozenset({Outcome.CERTIFIED, Outcome.RENEWED, Outcome.REINSTATED, Outcome.EXTENDED, Outcome.RESUMED})


class Hears(StrEnum):
    """When somebody would like to read what was decided about them."""

    NEXT_MORNING = "next_morning"
    """The next morning from Monday to Friday."""
    AT_ONCE = "at_once"
    EARLY_IN_THE_WEEK = "early_in_the_week"
    """The next morning from Monday to Thursday."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What people have to do with somebody, by their names in this question."""

    observed: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    conflicts: frozenset[Pair] = frozenset()


def may_decide(decider: str, person: str, parts: Parts) -> None:
    """Whether they may. Raises `Refused`: "oneself", "observed", "signed", "conflict"."""
    if decider == person:
        raise Refused("oneself", "Nobody decides about themselves. Someone else does.")
    if decider in parts.observed:
        raise Refused("observed", "You observed this person, so someone else decides.")
    if decider in parts.signed:
        raise Refused("signed", "You signed for this person, so someone else decides.")
    may_take_part(decider, person, parts.conflicts)


def who_may(deciders: Collection[str], person: str, parts: Parts) -> frozenset[str]:
    """Those of them who may decide."""
    return frozenset(each for each in deciders if _may(each, person, parts))


def _may(decider: str, person: str, parts: Parts) -> bool:
    try:
        may_decide(decider, person, parts)
    except Refused:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Choice:
    """One outcome that a person can decide now."""

    outcome: Outcome
    stage: str = ""
    not_shown: tuple[str, ...] = ()
    """Requirements of the stage that are not met: whoever decides all the same says why, and names each."""
    names_until: bool = False
    """Whether the program leaves the last day of the validity to whoever decides."""


def choices(program: Program, standing: Standing) -> tuple[Choice, ...]:
    """What is open on the day of the standing, good news first. Giving it back is for the holder alone."""
    return (*_of_stages(program, standing), *_of_holding(program, standing))


def holds_one(standing: Standing) -> bool:
    """Whether there is a certificate that its holder could give back."""
    return standing.facts.holds in _VALID or standing.facts.holds is Status.SUSPENDED


def _of_stages(program: Program, standing: Standing) -> Iterator[Choice]:
    opened = [each for each in standing.stages if each.stage.key in standing.facts.open]
    for each in opened:
        outcome = _OF_KIND.get(each.stage.kind, Outcome.CERTIFIED)
        yield Choice(outcome, each.stage.key, not_shown(standing, each.stage.key), _names_until(program, each.stage))
    for offer in standing.facts.offers:
        if offer.what is Asking.EXTENSION:
            yield Choice(Outcome.EXTENDED, offer.stage)
    for each in opened:
        yield Choice(Outcome.NOT_YET, each.stage.key)


def _of_holding(program: Program, standing: Standing) -> Iterator[Choice]:
    facts = standing.facts
    if facts.suspended_since is not None:
        yield Choice(Outcome.RESUMED, facts.stage)
    elif facts.holds in _VALID:
        yield Choice(Outcome.SUSPENDED, facts.stage)
    if facts.suspended_since is not None or facts.holds in _VALID:
        yield Choice(Outcome.REVOKED, facts.stage)
    if facts.holds in (Status.REVOKED, Status.SURRENDERED):
        stage = next((each for each in program.stages if each.key == facts.stage), None)
        if stage is not None and not any(_is_reinstatement(program, key) for key in facts.open):
            yield Choice(
                Outcome.REINSTATED, facts.stage, not_shown(standing, facts.stage), _names_until(program, stage)
            )


def not_shown(standing: Standing, stage: str) -> tuple[str, ...]:
    """The requirements that stand in the way of a stage, by their keys."""
    return tuple(
        each.requirement.key
        for found in standing.stages
        if found.stage.key == stage
        for each in found.requirements
        if not each.requirement.shown_only and each.proof.answer not in (Answer.MET, Answer.NOT_APPLICABLE)
    )


def _is_reinstatement(program: Program, key: str) -> bool:
    return any(each.key == key and each.kind is StageKind.REINSTATEMENT for each in program.stages)


def _names_until(program: Program, stage: Stage) -> bool:
    validity = program.lifecycle.validity
    limited = stage.lasts is not None or (validity is not None and validity.lasts is not None)
    return not limited and not is_step(program, stage) and stage.kind is not StageKind.ENDORSEMENT


@dataclass(frozen=True, slots=True)
class Words:
    """What whoever decides says, for the person to read."""

    reasons: str
    what_next: str
    on: date
    """From which day on it holds."""
    until: date | None = None
    review_on: date | None = None
    named: frozenset[str] = frozenset()
    """The requirements that are not met, and are named."""
    all_the_same: str = ""
    """Why it is decided although they are not met."""
    why_replaced: str = ""
    """Why it takes the place of an earlier decision."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a decision is seen against."""

    today: date
    earliest: date
    """The day of entering, or of the decision before."""
    released: date
    """The day on which the person can read it."""


def check(choice: Choice, words: Words, days: Days, *, replaces: bool = False) -> None:
    """Whether a decision says all that it needs. Raises `Refused` with the name of the field as its code."""
    _check_texts(words, replaces=replaces)
    if choice.not_shown and choice.outcome in GOOD:
        _check_all_the_same(choice, words)
    _check_days(choice, words, days)


def _check_texts(words: Words, *, replaces: bool) -> None:
    if not words.reasons.strip():
        raise Refused("reasons", "Please write the reasons, in plain words: the person reads them.")
    if not words.what_next.strip():
        raise Refused("what_next", "Please write what can be done now, even if it is only one thing.")
    if replaces and not words.why_replaced.strip():
        raise Refused("why_replaced", "Please write why this takes the place of the earlier decision.")
    for name in ("reasons", "what_next", "all_the_same", "why_replaced"):
        if len(getattr(words, name)) > LONGEST:
            raise Refused(name, "This text is longer than %(most)s characters. Please shorten it.", most=LONGEST)


def _check_all_the_same(choice: Choice, words: Words) -> None:
    if not set(choice.not_shown) <= words.named:
        raise Refused(
            "named",
            "Not everything is shown yet. If it is decided all the same, please tick each rule that is not met: "
            "the notice names it.",
        )
    if not words.all_the_same.strip():
        raise Refused("all_the_same", "Please write why it is decided although these rules are not met.")


def _check_days(choice: Choice, words: Words, days: Days) -> None:
    if words.on < days.earliest:
        raise Refused("on", "The day comes before %(day)s. Please choose that day or a later one.", day=days.earliest)
    if words.on > days.today + timedelta(days=MOST_AHEAD):
        raise Refused("on", "The day is more than a year away. Please choose an earlier one.")
    if choice.outcome is Outcome.SUSPENDED:
        _check_suspended(words, days)
    if choice.outcome is Outcome.REVOKED and words.on < days.released:
        raise Refused(
            "on", "The person reads this on %(day)s. Please choose that day or a later one.", day=days.released
        )
    if words.until is not None and words.until < words.on:
        raise Refused("until", "The last day comes before the first. Please check both.")


def _check_suspended(words: Words, days: Days) -> None:
    if words.on < days.today:
        raise Refused("on", "A suspension begins today at the earliest. Please choose today or a later day.")
    if words.review_on is None:
        raise Refused("review_on", "Please say on which day it is looked at again.")
    if words.review_on < words.on:
        raise Refused("review_on", "It is looked at again before it begins. Please check both days.")


def readable_from(outcome: Outcome, hears: Hears, decided_at: datetime, zone: tzinfo) -> datetime:
    """From when on the person reads a decision: in the morning, never after Friday noon nor on a weekend.

    At once where they chose so, and where they need to know it at once: a suspension, and what they did themselves.
    """
    if hears is Hears.AT_ONCE or outcome in (Outcome.SUSPENDED, Outcome.SURRENDERED):
        return decided_at
    last = FRIDAY - 1 if hears is Hears.EARLY_IN_THE_WEEK else FRIDAY
    here = decided_at.astimezone(zone)
    day = here.date()
    while day.weekday() > last or _at(day, zone) < here:
        day += timedelta(days=1)
    return _at(day, zone).astimezone(UTC)


def _at(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, MORNING, tzinfo=zone)
