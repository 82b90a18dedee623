"""Tables as files: text with separators for other programs, and spreadsheets for people."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO, StringIO
from typing import Literal

from babel import Locale
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from lti_tool.documents.columns import Column

_BEGINS_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
_DEFUSED = re.compile(rf"'+{_BEGINS_FORMULA.pattern}")
MADE = datetime(2026, 1, 1)  # noqa: DTZ001  # spreadsheets know no time zones; equal tables make equal files

MARKUP = "<r>"
"""XlsxWriter takes what begins and ends so for its own."""


@dataclass(frozen=True, slots=True)
class Guide:
    """A second sheet that says how to fill in the first: its name, and lines of two cells."""

    name: str
    lines: Sequence[tuple[str, str]]


def defused(text: str) -> str:
    """The text for a spreadsheet program, which takes none of it for a formula. `undefused` gives it back."""
    if _NUMBER.fullmatch(text) or not (_BEGINS_FORMULA.match(text) or _DEFUSED.match(text)):
        return text
    return f"'{text}"


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet program would take the text for a formula where it is typed in."""
    return _BEGINS_FORMULA.match(text) is not None


def undefused(text: str) -> str:
    """The text without the mark that `defused` put before it."""
    return text[1:] if _DEFUSED.match(text) else text


def literal_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """For another program, which reads each cell as it is: UTF-8 without a mark."""
    return _csv(rows, quoted=False).encode()


def people_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """For people and their spreadsheet program: UTF-8 with a mark, nothing in it is a formula."""
    return _csv(([defused(cell) for cell in row] for row in rows), quoted=True).encode("utf-8-sig")


def begins_on_the_right(language: str) -> bool:
    """Whether tables in it have their first column on the right; "" is no language, and begins on the left."""
    return bool(language) and Locale.parse(language).text_direction == "rtl"


def xlsx(name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], language: str, guide: Guide) -> bytes:
    """A sheet with these columns and, behind it, its guide. All cells are text.

    It begins on the right where the language is written from there; columns of one language alone have "" for it.
    """
    file = BytesIO()
    book = Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": MADE})
    sheet, behind = book.add_worksheet(name), book.add_worksheet(guide.name)
    if begins_on_the_right(language):
        sheet.right_to_left()
        behind.right_to_left()
    top = {"text_wrap": True, "valign": "top"}
    headed = book.add_format(top | {"bold": True, "bg_color": "#E8EEF2", "bottom": 1})
    # Text for ever, also where someone types over it.
    wrapped = book.add_format(top | {"num_format": "@"})
    quoted = book.add_format(top | {"num_format": "@", "quote_prefix": True})
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width, wrapped)
        sheet.write_string(0, position, column.header(language), headed)
        _offer(sheet, position, column.choices.get(language, ()))
    for line, row in enumerate(rows, start=1):
        for position, cell in enumerate(row):
            if cell:
                text = defused(cell) if _DEFUSED.match(cell) else cell
                if text.startswith(MARKUP):
                    text += " "  # XlsxWriter takes what begins and ends so for its own markup
                sheet.write_string(line, position, text, quoted if _BEGINS_FORMULA.match(cell) else wrapped)
    sheet.freeze_panes(1, 1)
    behind.set_column(0, 0, 30, headed)
    behind.set_column(1, 1, 100, wrapped)
    for line, (left, right) in enumerate(guide.lines):
        behind.write_string(line, 0, left, headed)
        behind.write_string(line, 1, right, wrapped)
    book.close()
    return file.getvalue()


def _offer(sheet: Worksheet, position: int, choices: Sequence[str]) -> None:
    if choices:
        # Offered, not forced: the reader takes other words for the same, and says so where it cannot.
        sheet.data_validation(
            1, position, 1000, position, {"validate": "list", "source": list(choices), "error_type": "information"}
        )


def _csv(rows: Iterable[Sequence[str]], *, quoted: bool) -> str:
    file = StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(file, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return file.getvalue()
