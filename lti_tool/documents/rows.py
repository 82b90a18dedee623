"""The rows of a table, whichever file they come from, and what is said when they cannot be used."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Note
from lti_tool.documents.sentences import Sentence, shortened
from rubrics.refusal import _N

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
MOST_PROBLEMS = 100
"""That are told one by one, and as many notes."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MORE = _N("There are %(count)s more places like these.")
_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its line in the file, counted from 1; no cell has space around it."""

    line: int
    cells: tuple[str, ...]

    def __bool__(self) -> bool:
        return any(self.cells)


class Checking:
    """Collects what is to be mended and what is to be known about a file, so that all of it is said at once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._problems: list[DocumentProblem] = []
        self._notes = dict[Note, None]()

    def say(self, place: str, template: str, **values: object) -> None:
        """One thing to mend: where, a sentence marked with `_N`, and the values in it."""
        self._problems.append(_problem(self.source, place, template, values))

    def note(self, place: str, template: str, **values: object) -> None:
        """One thing to know, which stops nothing; told once however often it is noted."""
        self._notes[Note(place, _said(template, values))] = None

    def keep(self, notes: Iterable[Note]) -> None:
        """What somebody else has noted."""
        self._notes |= dict.fromkeys(notes)

    def notes(self) -> tuple[Note, ...]:
        """What is to be known, in the order in which it was found; the rest counted."""
        found = tuple(self._notes)
        more = len(found) - MOST_PROBLEMS
        if more <= 0:
            return found
        return (*found[:MOST_PROBLEMS], Note("further on", Sentence(_MORE, count=more)))

    def finish(self) -> None:
        """Raises `DocumentProblems` if there was anything to mend: the first of it by line, the rest counted."""
        found = sorted(self._problems, key=_line)
        more = len(found) - MOST_PROBLEMS
        if more > 0:
            rest = DocumentProblem(self.source, "further on", Sentence(_MORE, count=more))
            found = [*found[:MOST_PROBLEMS], rest]
        if found:
            raise DocumentProblems(*found)


def _line(found: DocumentProblem) -> int:
    line = _LINE.match(found.place)
    return int(line[1]) if line else 0


def problem(source: str, place: str, template: str, **values: object) -> DocumentProblems:
    """The one thing that keeps a whole file from being read."""
    return DocumentProblems(_problem(source, place, template, values))


def _problem(source: str, place: str, template: str, values: Mapping[str, object]) -> DocumentProblem:
    return DocumentProblem(source, place, _said(template, values))


def _said(template: str, values: Mapping[str, object]) -> Sentence:
    short = {name: shortened(value) if isinstance(value, str) else value for name, value in values.items()}
    return Sentence(template, **short)


def tidy(text: str) -> str:
    """The text of a cell: line ends are one character, unseen characters and space around are gone."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", text).strip()


def counted(rows: Iterator[Row], source: str) -> Iterator[Row]:
    """The rows that hold something. Raises `DocumentProblems` where there are too many, or one is too wide."""
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise problem(
                source,
                f"line {row.line}",
                _N("A file may have %(most)s rows. Please bring it in parts, or take empty rows out at its end."),
                most=MOST_ROWS,
            )
        if len(row.cells) > MOST_COLUMNS:
            raise problem(
                source,
                f"line {row.line}",
                _N("There are %(found)s columns here; a file may have %(most)s. Please look at its separators."),
                found=len(row.cells),
                most=MOST_COLUMNS,
            )
        if row:
            yield row
