"""What a page says of somebody's way through one program: stages, what counts, what is next, and the dates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grading.evidence import Evidence, Item, Kind, Outcome
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.status import Facts
from grading.program import Program, StageKind, Who
from grading.proof import Answer, Change, Doing, Proof
from grading.requirements.needs import AnyOf, Need, SomeOf
from grading.requirements.needs import When as WhenNeed
from grading.requirements.walking import parts, selections, walk
from grading.standing import StageStanding, Standing, Weighed
from lti_tool.services.standing.standings import Stands

MOST_STEPS = 3
OF_THE_LEDGER = frozenset({Kind.PRACTICE, Kind.TRAINING, Kind.SUPERVISION, Kind.EDUCATION})
OBSERVED = frozenset({Kind.OBSERVATION, Kind.RATING})
SETTLED = frozenset({Answer.MET, Answer.NOT_APPLICABLE})


class When(StrEnum):
    """Where a stage stands on somebody's way."""

    NOW = "now"
    LATER = "later"
    DONE = "done"
    """A person decided on it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what is asked now are in which state."""

    met: int
    waiting: int
    """For somebody else."""
    open: int

    @property
    def asked(self) -> int:
        """All of them."""
        return self.met + self.waiting + self.open


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage."""

    standing: StageStanding
    when: When
    certified_on: date | None
    after: str
    """The title of the stage that comes before it."""

    @property
    def is_choice(self) -> bool:
        """It stands beside the certification: one may take it or leave it."""
        return self.standing.stage.kind is StageKind.ENDORSEMENT


class Does(StrEnum):
    """What somebody does about a next step."""

    SAY = "say"
    """tick a statement"""
    WRITE = "write"
    """write down hours or trainings"""
    ASK_OBSERVATION = "ask_observation"
    BRING = "bring"
    """show something to a person of the program, who notes it"""
    CHECK = "check"
    """say of an entry what is not said yet"""
    WAIT = "wait"
    """somebody else is next"""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would bring somebody on."""

    does: Does
    weighed: Weighed
    change: Change
    form: str
    """Of the proof that the change belongs to."""
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest thing that came to stand."""

    on: date
    item: Item | None
    """None: it is a decision."""


@dataclass(frozen=True, slots=True)
class PathPage:
    """All of it."""

    stands: Stands
    counts: Counts
    stages: tuple[StageView, ...]
    steps: tuple[Step, ...]
    dates: tuple[Due, ...]
    """Those to come, and of what is over the last few; reminders are not among them."""
    latest: Latest | None

    @property
    def program(self) -> Program:
        """The edition by which it is read."""
        return self.stands.enrolled.program

    @property
    def standing(self) -> Standing:
        """What the engine says."""
        return self.stands.standing

    def those(self, when: When, *, choices: bool = False) -> list[StageView]:
        """The stages of one time; `choices`: those beside the certification."""
        return [each for each in self.stages if each.when is when and each.is_choice is choices]


def path_page(stands: Stands) -> PathPage:
    """The page of one enrollment."""
    evidence, standing = stands.enrolled.evidence, stands.standing
    stages = tuple(_stages(standing, evidence))
    asked = [each for each in stages if each.when is When.NOW and not each.is_choice]
    return PathPage(
        stands=stands,
        counts=counts_of([each.standing for each in asked]),
        stages=stages,
        steps=tuple(_steps(asked, stands.today)),
        dates=_dates(standing),
        latest=_latest(evidence, stands.today),
    )


def counts_of(stages: list[StageStanding]) -> Counts:
    """What is met, waits and is open in these stages; what is only shown, or does not apply, is not among it."""
    answers = [each.proof.answer for stage in stages for each in stage.requirements if not each.requirement.shown_only]
    met, waiting = answers.count(Answer.MET), answers.count(Answer.WAITING)
    return Counts(met, waiting, answers.count(Answer.NOT_YET) + answers.count(Answer.UNKNOWN))


def named(page: PathPage, most: int) -> Iterator[Item]:
    """What a page may name that names so many of what counts, or does not, for each answer."""
    for stage in page.standing.stages:
        for weighed in stage.requirements:
            yield from _named(weighed.proof, most)
    if page.latest is not None and page.latest.item is not None:
        yield page.latest.item


def is_route(need: Need | None) -> bool:
    """Whether the parts are ways of which not all are needed: they are shown side by side."""
    return isinstance(need, AnyOf | SomeOf)


def kinds_in(need: Need) -> list[Kind]:
    """Of what kinds it asks, in the order in which the rule names them."""
    found = (kind for part in walk(need) for each in selections(part) for kind in sorted(each.kinds))
    return list(dict.fromkeys(found))


def _named(proof: Proof, most: int) -> Iterator[Item]:
    counted = sorted((item for item, _ in proof.counted), key=_newest, reverse=True)[:most]
    groups: dict[object, list[Item]] = {}
    for each in proof.left_out:
        groups.setdefault((each.why, each.name), []).append(each.item)
    left_out = [item for group in groups.values() for item in sorted(group, key=_newest, reverse=True)[:most]]
    yield from (*counted, *left_out)
    for part in proof.parts:
        yield from _named(part, most)


def _newest(item: Item) -> tuple[date, str]:
    return item.on, item.id


def _stages(standing: Standing, evidence: Evidence) -> Iterator[StageView]:
    titles = {each.stage.key: each.stage.title for each in standing.stages}
    certified = _certified(standing.facts, evidence, standing.on)
    for each in standing.stages:
        key = each.stage.key
        when = When.NOW if key in standing.facts.open else When.DONE if key in certified else When.LATER
        yield StageView(each, when, certified.get(key), titles.get(each.stage.after, ""))


def _certified(facts: Facts, evidence: Evidence, today: date) -> Mapping[str, date]:
    """The stages on which a person decided, each with the first day."""
    decided = [
        each
        for each in evidence.decisions
        if each.outcome is Outcome.CERTIFIED and max(each.on, each.recorded_on or each.on) <= today
    ]
    ordered = sorted(decided, key=lambda each: each.on, reverse=True)
    return {each.stage: each.on for each in ordered if each not in facts.set_aside}


# ---- what is next ----


def _steps(stages: list[StageView], today: date) -> list[Step]:
    """A few different ones: what the person can do first, then for whom they wait."""
    found: dict[tuple[Does, Kind | None], Step] = {}
    for stage in stages:
        for weighed in stage.standing.requirements:
            if weighed.requirement.shown_only or weighed.proof.answer in SETTLED:
                continue
            for step in _steps_of(weighed, weighed.proof, weighed.requirement.need, today):
                found.setdefault((step.does, step.kind), step)
    return sorted(found.values(), key=lambda step: list(Does).index(step.does))[:MOST_STEPS]


def _steps_of(weighed: Weighed, proof: Proof, need: Need | None, today: date) -> Iterator[Step]:
    if proof.answer in SETTLED:
        return
    inner = parts(need) if need is not None else ()
    if proof.parts and len(inner) == len(proof.parts):
        pairs = list(zip(proof.parts, inner, strict=True))
        # The condition of a rule is looked at, and not asked for.
        for part, of_part in pairs[1:] if isinstance(need, WhenNeed) else pairs:
            yield from _steps_of(weighed, part, of_part, today)
    else:
        for part in proof.parts:
            yield from _steps_of(weighed, part, None, today)
    kind = next(iter(kinds_in(need)), None) if need is not None else None
    for change in proof.changes:
        if change.on is None or change.on >= today or change.doing is Doing.SIGN:
            does = _does(change, kind, weighed.requirement.who)
            if does is not None:
                yield Step(does, weighed, change, proof.form, kind)


def _does(change: Change, kind: Kind | None, who: Who | None) -> Does | None:
    match change.doing:
        case Doing.SIGN | Doing.DECIDE:
            return Does.WAIT
        case Doing.SAY if change.who is Who.TRAINEE:
            return Does.CHECK
        case Doing.SAY:
            return Does.WAIT
        case Doing.WAIT:
            return None
    if kind in OF_THE_LEDGER:
        return Does.WRITE
    if kind in OBSERVED:
        return Does.ASK_OBSERVATION
    if kind is Kind.STATEMENT:
        return Does.SAY
    return Does.BRING if kind is not None or who is not None else None


# ---- dates, and what is new ----


def _dates(standing: Standing) -> tuple[Due, ...]:
    shown = [each for each in standing.dates if each.name is not Name.REMINDER]
    over = [each for each in shown if each.on < standing.on]
    return (*over[-MOST_STEPS:], *(each for each in shown if each.on >= standing.on))


def _latest(evidence: Evidence, today: date) -> Latest | None:
    stood = [
        Latest(each.stands_from, each)
        for each in evidence.items
        if each.stands_from is not None and each.is_known(today) and each.stands(today)
    ]
    decided = [Latest(max(each.on, each.recorded_on or each.on), None) for each in evidence.decisions]
    there = [each for each in (*stood, *decided) if each.on <= today]
    return max(there, key=lambda each: (each.on, each.item.id if each.item else ""), default=None)
