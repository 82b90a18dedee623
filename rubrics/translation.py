"""The words of a rubric in another language. What is not words (keys, numbers, rules) stands only in the rubric."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LevelWords:
    """One level in another language; empty where it is still to be written."""

    number: int
    label: str = ""
    anchor: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionWords:
    """One criterion in another language; empty where it is still to be written."""

    key: str
    statement: str = ""
    guide: str = ""
    example: str = ""
    watch_for: tuple[str, ...] = ()
    """As many as the criterion has, in the same order."""
    levels: tuple[LevelWords, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """A rubric in another language."""

    language: str
    title: str = ""
    summary: str = ""
    provenance: str = ""
    criteria: tuple[CriterionWords, ...] = ()
