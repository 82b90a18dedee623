"""What the macros of templates/components/pictures.html draw: places, words and the table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grading.pictures import Part, StepLine, dots, exact, scale, shade, stacked, stands_for, step_line
from lti_tool.web.moments import day as day_text

LONGEST_LABEL = 34
LONGEST_WIDE = 58
UNKNOWN = "–"
Amount = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Label:
    """What a row is called, and in which language; None for words of the page."""

    text: str
    language: str | None = None

    @property
    def short(self) -> str:
        """As much of it as a picture has room for on a phone."""
        return _cut(self.text, LONGEST_LABEL)

    @property
    def long(self) -> str:
        """As much of it as a picture has room for on a wider screen."""
        return _cut(self.text, LONGEST_WIDE)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: what it is called, and its cells."""

    label: Label
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The same as the picture in words and numbers."""

    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the scale."""

    share: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """Lines over days; the first one is drawn full."""

    names: tuple[str, ...]
    lines: tuple[StepLine, ...]
    ticks: tuple[Tick, ...]
    begins: str
    ends: str
    table: Table


def line(
    names: Sequence[str],
    days: Sequence[date],
    values: Sequence[Sequence[Amount]],
    heads: Sequence[str],
    *,
    at_least: Amount = None,
) -> Line:
    """One line for each of the names; `values` has a row for each of them, with one value a day.

    `at_least` is a value that the scale has room for in any case.
    """
    of = scale([*(each for row in values for each in row), at_least])
    rows = (
        TableRow(Label(day_text(day)), tuple(said(row[number]) for row in values)) for number, day in enumerate(days)
    )
    return Line(
        tuple(names),
        tuple(step_line(list(zip(days, row, strict=True)), of) for row in values),
        tuple(Tick(of.share(each), said(each)) for each in of.ticks),
        day_text(days[0]) if len(days) > 1 else "",
        day_text(days[-1]),
        Table(tuple(heads), tuple(rows)),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `values` has one for each part, None where it is not known."""

    label: Label
    values: tuple[Amount, ...]
    said: str
    """What stands at its end."""
    cells: tuple[str, ...] = ()
    """Of its row in the table; without any, its values."""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar with the places of its parts."""

    label: Label
    said: str
    known: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below one another, on one scale."""

    names: tuple[str, ...]
    """Of the parts."""
    rows: tuple[DrawnBar, ...]
    table: Table


def bars(names: Sequence[str], each: Sequence[Bar], heads: Sequence[str], *, at_least: Amount = None) -> Bars:
    """Bars of these parts; `at_least` is a value that the scale has room for in any case."""
    totals = [sum((Decimal(value) for value in one.values if value is not None), Decimal(0)) for one in each]
    of = exact([*totals, at_least])
    drawn = (
        DrawnBar(
            one.label,
            one.said,
            any(value is not None for value in one.values),
            stacked(one.values, of),
        )
        for one in each
    )
    rows = (TableRow(one.label, one.cells or tuple(said(value) for value in one.values)) for one in each)
    return Bars(tuple(names), tuple(drawn), Table(tuple(heads), tuple(rows)))


@dataclass(frozen=True, slots=True)
class Dots:
    """How often each place of a scale was given; None where that is not told. `apart` comes after the scale."""

    label: Label
    counts: tuple[int, ...] | None
    apart: int
    said: str
    """Why it is not told."""


@dataclass(frozen=True, slots=True)
class Column:
    """The dots over one place."""

    dots: int
    apart: bool


@dataclass(frozen=True, slots=True)
class DrawnDots:
    """One row of a strip."""

    label: Label
    known: bool
    said: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """Dots over the places of a scale, row by row."""

    columns: tuple[str, ...]
    rows: tuple[DrawnDots, ...]
    stands_for: int
    """For how many one dot stands, at most."""
    table: Table


def strip(columns: Sequence[str], each: Sequence[Dots], heads: Sequence[str]) -> Strip:
    """A strip; the last of the columns is the one that stands apart."""
    known = [(*one.counts, one.apart) for one in each if one.counts is not None]
    one_for = stands_for(count for counts in known for count in counts)
    places = len(columns) - 1
    drawn, rows = [], []
    for one in each:
        counts = None if one.counts is None else (*one.counts, *[0] * (places - len(one.counts)), one.apart)
        drawn.append(
            DrawnDots(
                one.label,
                counts is not None,
                one.said,
                tuple(Column(dots(count, one_for), place == places) for place, count in enumerate(counts or ())),
            )
        )
        cells = tuple(str(count) for count in counts) if counts else (one.said, *[UNKNOWN] * places)
        rows.append(TableRow(one.label, cells))
    return Strip(tuple(columns), tuple(drawn), one_for, Table(tuple(heads), tuple(rows)))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; without a shade it is not known."""

    shade: int | None
    said: str


@dataclass(frozen=True, slots=True)
class DrawnCells:
    """One row of cells."""

    label: Label
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """Counts in cells: the more, the darker; each has its number in it."""

    columns: tuple[str, ...]
    rows: tuple[DrawnCells, ...]
    table: Table


def heat(columns: Sequence[str], each: Sequence[tuple[Label, Sequence[int | None]]], heads: Sequence[str]) -> Heat:
    """Rows of counts, one for each column."""
    most = max((count for _, counts in each for count in counts if count is not None), default=0)
    drawn = (
        DrawnCells(
            label,
            tuple(Cell(None if count is None else shade(count, most), said(count)) for count in counts),
        )
        for label, counts in each
    )
    rows = (TableRow(label, tuple(said(count) for count in counts)) for label, counts in each)
    return Heat(tuple(columns), tuple(drawn), Table(tuple(heads), tuple(rows)))


def said(value: Amount) -> str:
    """A number as it is read; what is not known is not zero."""
    return UNKNOWN if value is None else f"{Decimal(value).normalize():f}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
