"""A program: what a certification asks, in one edition, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from grading.lifecycle.rules import Lifecycle
from grading.periods import Period
from grading.requirements.needs import Need
from grading.requirements.walking import first_met_of


class Confidence(StrEnum):
    """How sure we are that a body asks this."""

    STATED = "stated"
    """Read in a text of the body itself, or in the law."""
    THIRD_PARTY = "third_party"
    UNVERIFIED = "unverified"
    OURS = "ours"
    """Attune's own reading or example."""


class Who(StrEnum):
    """Who can do something about it."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    REFEREE = "referee"
    OBSERVER = "observer"
    PROGRAM = "program"
    """A person who decides for the program."""
    PERSON_SUPPORTED = "person_supported"
    NOBODY = "nobody"
    """Only time."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked."""

    key: str
    stage: str
    title: str
    need: Need
    kinds: tuple[str, ...] = ()
    """The kinds of rule that it is, by the names of `docs/rule-kinds.md`."""
    sources: tuple[int, ...] = ()
    """Places in the program's sources, counted from 1."""
    confidence: Confidence = Confidence.OURS
    note: str = ""
    who: Who | None = None
    """Who adds what is missing. None: as usual for the kind of evidence."""
    shown_only: bool = False
    """It is said and shown, and stands in nobody's way: advice, a recommendation."""
    counts_from_met: frozenset[str] = field(init=False, compare=False)
    """The requirements on whose first day of being met this one depends."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts_from_met", first_met_of(self.need))


class StageKind(StrEnum):
    """What a stage is for."""

    CERTIFICATION = "certification"
    RENEWAL = "renewal"
    REINSTATEMENT = "reinstatement"
    ENDORSEMENT = "endorsement"


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the way, which ends with a person's decision."""

    key: str
    title: str
    kind: StageKind = StageKind.CERTIFICATION
    after: str = ""
    """The stage that has to be decided before."""
    lasts: Period | None = None
    """What it leads to is valid for a limited time (a provisional certificate)."""
    extensions: int = 0
    extension: Period | None = None
    scope: str = ""
    """What the holder may do; for endorsements."""
    reveals: bool = False
    """Its name tells of health or family: it is shown only where the holder agreed."""


class Move(StrEnum):
    """What people do who entered an earlier edition."""

    STAY_UNTIL_RENEWAL = "stay_until_renewal"
    STAY = "stay"
    MOVE_BY = "move_by"
    """They finish by a day, or go on under the new edition."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What becomes of people who entered an earlier edition."""

    edition: str
    move: Move
    by: date | None = None
    again: tuple[str, ...] = ()
    """Requirements whose evidence must be of the new edition."""


@dataclass(frozen=True, slots=True)
class Program:
    """One edition of a program."""

    id: str
    name: str
    body: str
    edition: str
    time_zone: str
    stages: tuple[Stage, ...]
    requirements: tuple[Requirement, ...]
    effective_from: date | None = None
    """None: nobody knows since when."""
    effective_until: date | None = None
    """The last day on which people enter it."""
    area: str = ""
    country: str = ""
    summary: str = ""
    language: str = "en-US"
    illustrative: bool = True
    """It restates what a body publishes, for comparison; no recognition is claimed."""
    comparison_only: bool = False
    """A model to compare with: nobody can be certified under it."""
    read_on: str = ""
    """The month in which its sources were read."""
    sources: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The values that a name may have in its rules and evidence, such as the categories of training."""
    terms: tuple[tuple[int, int], ...] = ()
    """Month and day on which its terms begin."""
    pausable: frozenset[str] = frozenset()
    """Which clocks stand still while somebody pauses: stage, validity, windows, each."""
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    transitions: tuple[Transition, ...] = ()
    follows: Transition | None = field(default=None, compare=False)
    """For the first edition of a document: what becomes of people of an edition that another document has."""
    endorsements_at_least: int = 0
    """So many are asked of somebody who is certified; what is still to come is said beside the status."""
    notes: tuple[str, ...] = ()

    def of_stage(self, stage: str) -> tuple[Requirement, ...]:
        """What is asked for this stage, in the order of the document."""
        return tuple(each for each in self.requirements if each.stage == stage)
