"""What a file holds once it is read, whatever its format.

Each format is a module with `read(content, *, source, options) -> Brought` and `write(brought) -> bytes`.
`read` raises `DocumentProblems`, which names everything that is to be mended, and gives nothing by halves.
"""

from dataclasses import dataclass

from grading.competency import Framework
from rubrics.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Options:
    """What a person said about a file; None is for Attune to recognize."""

    encoding: str | None = None
    separator: str | None = None
    language: str | None = None
    """Of the words in a file that does not say it itself."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is told and stops nothing: where, and what was done about it."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Brought:
    """The rubrics and frameworks of one file."""

    rubrics: tuple[Rubric, ...] = ()
    frameworks: tuple[Framework, ...] = ()
    notes: tuple[Note, ...] = ()
