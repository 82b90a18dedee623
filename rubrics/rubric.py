"""Rubrics: what good practice looks like, level by level. A published version never changes."""

from dataclasses import dataclass
from enum import StrEnum

from rubrics.translation import Translation


class Principle(StrEnum):
    """The principles of trauma-informed support that a criterion can stand for."""

    SAFETY = "safety"
    CHOICE = "choice"
    COLLABORATION = "collaboration"
    TRUST = "trust"
    EMPOWERMENT = "empowerment"
    CULTURAL_RESPONSIVENESS = "cultural_responsiveness"


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a criterion: its number from 1 on, and the help that was needed in this behavior."""

    number: int
    label: str
    anchor: str
    example: str = ""
    """What this step can look or sound like, for observers; empty where nobody wrote one."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """That a criterion shows a competency: which one, and why someone says so."""

    competency: str
    """As people write it: the framework's key, a colon, and the competency's code, such as `starter:A1`."""
    identifier: str | None = None
    """The competency's identifier in CASE (a UUID), which never changes; None while it was only written as a code."""
    reason: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One observable behavior. A criterion that must be met is met at `met_at`, and never averaged away."""

    key: str
    statement: str
    levels: tuple[Level, ...]
    may_be_not_observed: bool = True
    must_be_met: bool = False
    met_at: int
    relational: bool = False
    principles: frozenset[Principle]
    alignments: tuple[Alignment, ...] = ()
    """The competencies that this behavior shows."""
    watch_for: tuple[str, ...] = ()
    """What can look like it, or works against it."""
    guide: str = ""
    example: str = ""

    def level(self, number: int) -> Level | None:
        """The level with this number, or None where the criterion has none."""
        return next((level for level in self.levels if level.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """Criteria that are looked at together, with the origin of their words."""

    key: str
    title: str
    summary: str
    language: str
    license: str
    provenance: str
    reviewed_by_lived_experience: str | None = None
    """Who with lived experience reviewed it, and when; None as long as nobody did."""
    contributors: tuple[str, ...] = ()
    """Who took part in writing it and wants to be named."""
    pilot: bool = False
    """Still being tried out: what is rated with it is shared and answered, and sets no score."""
    criteria: tuple[Criterion, ...]
    translations: tuple[Translation, ...] = ()
    """The same rubric in other languages, each claimed only when it is complete."""

    def criterion(self, key: str) -> Criterion | None:
        """The criterion with this key, or None where the rubric has none."""
        return next((criterion for criterion in self.criteria if criterion.key == key), None)


@dataclass(frozen=True, slots=True)
class RubricVersion:
    """A published rubric: its words are frozen, and the digest proves it."""

    rubric: Rubric
    number: int
    digest: str
