"""The columns of a format: what they are called, what goes into them, and what a file's header line makes of them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from lti_tool.documents.rows import Checking, Row
from rubrics.refusal import _N
from rubrics.typed import in_digits

_STRETCH = "\N{ARABIC TATWEEL}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `headers` are its names by language, the first of them the one that is written."""

    name: str
    headers: Mapping[str, str]
    also: tuple[str, ...] = ()
    """Other names that a header line may use."""
    required: bool = False
    """Whether a header line without it cannot be used."""
    says: Mapping[str, str] = field(default_factory=dict)
    """How to fill it in, by language."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What may stand in it, by language; empty where anything may."""
    width: int = 20
    """In characters, where a file can say it."""

    def header(self, language: str) -> str:
        """Its name in this language, or in the first that it has."""
        return self.headers.get(language) or next(iter(self.headers.values()))


@dataclass(frozen=True, slots=True)
class Record:
    """One row, by the names of its columns."""

    line: int
    cells: Mapping[str, str]
    written: Mapping[str, str]
    """The header of each column as it stands in the file."""

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    def place(self, name: str) -> str:
        """`line 12, column Met at`."""
        return f"line {self.line}, column {self.written.get(name, name)}"


def plain(header: str) -> str:
    """A header for comparing, in any script: no capitals, accents, marks or spaces, and digits from 0 to 9."""
    letters = unicodedata.normalize("NFKD", header).casefold()
    kept = (each for each in letters if each.isalnum() and each != _STRETCH)
    return in_digits("".join(kept))


def single(name: str, header: str, *also: str, required: bool = False) -> Column:
    """A column of a format that has one language."""
    return Column(name=name, headers={"": header}, also=also, required=required)


def names_of(columns: Sequence[Column]) -> dict[str, Column]:
    """Each column by all of its names, made plain."""
    return {plain(each): column for column in columns for each in (*column.headers.values(), *column.also)}


def fits(header: Sequence[str], columns: Sequence[Column]) -> float:
    """How well a header line fits, from 0 to 1: 0 where a required column is absent, else the share it explains."""
    known, cells = names_of(columns), [plain(each) for each in header if each]
    found = {known[each].name for each in cells if each in known}
    if not cells or any(each.required and each.name not in found for each in columns):
        return 0
    return sum(each in known for each in cells) / len(cells)


def positions(header: Row, columns: Sequence[Column], checking: Checking) -> dict[str, int]:
    """Where each column stands. What is unknown, written twice or still needed is told to `checking`."""
    known, found = names_of(columns), dict[str, int]()
    for position, written in enumerate(header.cells):
        column = known.get(plain(written))
        place = f"line {header.line}, column {position + 1}"
        if not written:
            continue
        if column is None:
            _say_unknown(checking, place, written, columns)
        elif column.name in found:
            checking.say(place, _N("The column “%(found)s” is here twice. Please keep one of them."), found=written)
        else:
            found[column.name] = position
    for column in columns:
        if column.required and column.name not in found:
            checking.say(
                f"line {header.line}",
                _N("There is no column “%(expected)s”; found: %(found)s."),
                expected=" / ".join(column.headers.values()),
                found=", ".join(filter(None, header.cells)) or "-",
            )
    return found


def records(header: Row, rows: Sequence[Row], found: Mapping[str, int], checking: Checking) -> list[Record]:
    """The rows by the names of their columns. Cells beyond the header line are told to `checking`."""
    written = {name: header.cells[position] for name, position in found.items()}
    answer = []
    for row in rows:
        beyond = next((each for each in row.cells[len(header.cells) :] if each), None)
        if beyond is not None:
            checking.say(
                f"line {row.line}",
                _N("“%(found)s” stands beyond the last column. Please look at the separators and quotation marks."),
                found=beyond,
            )
        cells = {name: row.cells[position] for name, position in found.items() if position < len(row.cells)}
        answer.append(Record(row.line, cells, written))
    return answer


def _say_unknown(checking: Checking, place: str, written: str, columns: Sequence[Column]) -> None:
    names = {plain(each): each for column in columns for each in column.headers.values()}
    close = get_close_matches(plain(written), names, n=1)
    if close:
        checking.say(
            place,
            _N("The column “%(found)s” is not known. Is it meant to be “%(expected)s”?"),
            found=written,
            expected=names[close[0]],
        )
    else:
        checking.say(
            place,
            _N("The column “%(found)s” is not known here. Known are: %(known)s."),
            found=written,
            known=", ".join(names.values()),
        )
