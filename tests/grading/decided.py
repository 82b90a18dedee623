"""Small programs and what was decided about somebody, in a few words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from grading.evidence import Decision, Evidence, Item, Kind, Outcome
from grading.lifecycle.dates import Name
from grading.lifecycle.rules import AfterLapse, Grace, Lapse, Lifecycle, RenewalWindow, Validity
from grading.periods import Pause, Period
from grading.program import Program, Requirement, Stage, StageKind
from grading.requirements.needs import Amount, AtLeast
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.standing import Standing, standing

YEARS_2 = Period(months=24)
CLOCKS = frozenset({"stage", "validity", "windows", "each"})


def day(text: str) -> date:
    return date.fromisoformat(text)


def hours(id_: str, on: str, amount: int = 10, kind: Kind = Kind.EDUCATION) -> Item:
    """Hours that are signed."""
    return Item(id_, kind, day(on), Decimal(amount), "hours", stands_from=day(on))


def event(name: str, on: str) -> Item:
    """A day with a name."""
    return Item(f"{name} {on}", Kind.EVENT, day(on), has={"name": frozenset({name})}, stands_from=day(on))


def decided(outcome: str, on: str, stage: str = "", until: str = "") -> Decision:
    """What a person of the program decided."""
    return Decision(f"{outcome} {on}", Outcome(outcome), day(on), stage, until=day(until) if until else None)


def asks(key: str, stage: str, amount: int, kind: Kind, since: Anchor | None = None) -> Requirement:
    """So many hours, from a day on."""
    of = Selection(frozenset({kind}), windows=(Window(since=since),) if since else (), unit="hours")
    return Requirement(key, stage, key, AtLeast(Amount(of), Decimal(amount)))


STAGES = (
    Stage("initial", "Certification"),
    Stage("renewal", "Renewal", StageKind.RENEWAL, after="initial"),
    Stage("back", "Reinstatement", StageKind.REINSTATEMENT, after="initial"),
)
ASKED = (
    asks("training", "initial", 40, Kind.TRAINING),
    asks("education", "renewal", 20, Kind.EDUCATION, Anchor(Named.CERTIFIED)),
    asks("dated-after", "back", 20, Kind.EDUCATION, Anchor(Named.EXPIRY, later=Period(days=1))),
)
TWO_YEARS = Lifecycle(validity=Validity(YEARS_2))
LATE = replace(
    TWO_YEARS,
    renewal=RenewalWindow(opens=Period(months=3)),
    grace=Grace(Period(days=30), "20 dollars"),
    lapse=Lapse(AfterLapse.AS_NEW),
    reminders=(Period(days=90), Period(days=60)),
)
"""Renewal opens three months before the end; thirty days for late renewal; then as new."""


def program(lifecycle: Lifecycle = LATE, *stages: Stage, pausable: frozenset[str] = CLOCKS) -> Program:
    """A program of the three stages, or of others that ask nothing."""
    chosen = stages or STAGES
    asked = tuple(each for each in ASKED if not stages)
    return Program("p", "P", "B", "1", "UTC", chosen, asked, lifecycle=lifecycle, pausable=pausable)


STEPS = (
    Stage("provisional", "Provisional", lasts=Period(months=6), extensions=1, extension=Period(months=6)),
    Stage("full", "Full", after="provisional"),
)


def step_program(lifecycle: Lifecycle = TWO_YEARS, *, pausable: frozenset[str] = frozenset()) -> Program:
    """Six months of a provisional status, longer once; 250 hours of practice lead further."""
    asked = (asks("course", "provisional", 40, Kind.TRAINING), asks("practice", "full", 250, Kind.PRACTICE))
    return Program("s", "S", "B", "1", "UTC", STEPS, asked, lifecycle=lifecycle, pausable=pausable)


def evidence(*there: Item | Decision | Pause, entered: str = "2024-01-02") -> Evidence:
    """Everything of one person."""
    return Evidence(
        "somebody",
        tuple(each for each in there if isinstance(each, Item)),
        tuple(each for each in there if isinstance(each, Decision)),
        tuple(each for each in there if isinstance(each, Pause)),
        day(entered),
    )


def stands(asked: Program, on: str, *there: Item | Decision | Pause) -> Standing:
    """Where somebody stands on a day."""
    return standing(asked, evidence(*there), day(on))


def dated(found: Standing, name: Name) -> list[str]:
    """Every date of this name."""
    return [each.on.isoformat() for each in found.dates if each.name is name]
