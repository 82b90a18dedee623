"""Tables that are written row by row, however long they are: the rows are never in memory together."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from xlsxwriter import Workbook

from lti_tool.documents.table_out import MADE, MARKUP, begins_formula, begins_on_the_right, defused

Cell = str | bool | int | Decimal | date | datetime | None
"""What stands in a cell; None is not known, which is empty: never zero and never "no"."""
DAYS, MOMENTS = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
MOST_SIGNS = 32_767
"""So many signs a spreadsheet program takes in one cell."""
WIDTH = 18


class TableWriter(Protocol):
    """A file that is being written; it is whole once its block is left."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        """End; after a problem what is there is of no use."""

    def write(self, cells: Iterable[Cell]) -> None:
        """The next row."""


class CsvWriter:
    """Text with commas, for people and their spreadsheet program: UTF-8 with a mark, nothing in it is a formula."""

    def __init__(self, path: Path, name: str, headings: Sequence[str], language: str = "") -> None:
        """`name` and `language` are of no use here: such a file has one table, and neither name nor sides."""
        self._file: TextIOWrapper = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
        self.write(headings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, cells: Iterable[Cell]) -> None:
        """The next row: days and moments as ISO 8601 (moments in UTC), numbers with a point."""
        self._rows.writerow([_text(cell) for cell in cells])


class XlsxWriter:
    """A spreadsheet with one sheet: numbers are numbers, days are days, and what begins a formula stays text."""

    def __init__(self, path: Path, name: str, headings: Sequence[str], language: str = "") -> None:
        """`name` is that of the sheet; `language` that of name and headings says on which side it begins."""
        options: dict[str, bool | str] = {
            "constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
            "strings_to_urls": False, "strings_to_numbers": False,
        }  # fmt: skip
        self._book = Workbook(str(path), options)
        self._book.set_properties({"created": MADE})
        self._sheet = self._book.add_worksheet(name[:31])
        if begins_on_the_right(language):
            self._sheet.right_to_left()
        self._plain = self._book.add_format({"num_format": "@"})
        self._quoted = self._book.add_format({"num_format": "@", "quote_prefix": True})
        self._day = self._book.add_format({"num_format": DAYS})
        self._moment = self._book.add_format({"num_format": MOMENTS})
        self._line = 0
        headed = self._book.add_format({"bold": True, "bg_color": "#E8EEF2", "bottom": 1})
        self._sheet.set_column(0, max(0, len(headings) - 1), WIDTH)
        self._sheet.freeze_panes(1, 1)
        for position, heading in enumerate(headings):
            self._sheet.write_string(0, position, heading[:MOST_SIGNS], headed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self._book.close()

    def write(self, cells: Iterable[Cell]) -> None:
        """The next row; moments are in UTC."""
        self._line += 1
        for position, cell in enumerate(cells):
            self._put(position, cell)

    def _put(self, position: int, cell: Cell) -> None:
        sheet, line = self._sheet, self._line
        match cell:
            case None | "":
                return
            case bool():
                sheet.write_string(line, position, _text(cell), self._plain)
            case int() | Decimal():
                sheet.write_number(line, position, cell)
            case datetime():
                sheet.write_datetime(line, position, _utc(cell), self._moment)
            case date():
                sheet.write_datetime(line, position, cell, self._day)
            case str():
                text = cell[:MOST_SIGNS]
                # XlsxWriter takes what begins and ends so for its own markup.
                text = f"{text} " if text.startswith(MARKUP) else text
                sheet.write_string(line, position, text, self._quoted if begins_formula(cell) else self._plain)


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return f"{_utc(cell).isoformat(timespec='seconds')}Z"
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell:f}"
        case int():
            return str(cell)
        case _:
            return defused(cell)


def _utc(moment: datetime) -> datetime:
    """Without its zone, which spreadsheets do not know."""
    return moment.astimezone(UTC).replace(tzinfo=None)
