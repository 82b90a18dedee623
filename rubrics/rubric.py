"""Rubrics: what good practice looks like, level by level. A published version never changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


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
    alignments: tuple[str, ...] = ()
    """Codes of the competencies that this behavior shows."""
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
    criteria: tuple[Criterion, ...]

    def criterion(self, key: str) -> Criterion | None:
        """The criterion with this key, or None where the rubric has none."""
        return next((criterion for criterion in self.criteria if criterion.key == key), None)


@dataclass(frozen=True, slots=True)
class RubricVersion:
    """A published rubric: its words are frozen, and the digest proves it."""

    rubric: Rubric
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a rubric from being published: where it is, and what would help.

    Places count from 1, as people do: `criteria[3].levels[2].anchor`.
    """

    place: str
    sentence: str


def problems(rubric: Rubric) -> tuple[Problem, ...]:
    """What is still to be done before the rubric can be published; empty when it is ready."""
    return tuple(_problems(rubric))


def _problems(rubric: Rubric) -> Iterator[Problem]:
    yield from ()
