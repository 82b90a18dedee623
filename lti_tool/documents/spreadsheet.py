"""Spreadsheets (.xlsx, .ods) as rows. A file is looked at before it is opened: it may be made to fill the memory."""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from lti_tool.documents import DocumentProblems, open_document
from lti_tool.documents.rows import Checking, Row, counted, problem, tidy
from lti_tool.documents.separated import Fit
from rubrics.refusal import _N

MOST_ENTRIES = 500
MOST_BYTES = 64 * 1024 * 1024
MOST_CELLS = 5_000_000
MOST_RATIO = 200
"""How many times larger than the file its content may be, once that content is large at all."""
_LARGE = 10 * 1024 * 1024
_MOST_DECIMALS = 15
"""That are shown, whatever the file says of its cells: a number has no more."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DECIMALS = re.compile(r"0\.(0+)(%?)")
_FORMULA = re.compile(rb"<(\w+:)?f[ >/]")


def is_spreadsheet(content: bytes) -> bool:
    """Whether these bytes are a spreadsheet, be it one that can be read or not, rather than text."""
    return content.startswith((_ZIP, _OLE))


def sheet_rows(content: bytes, *, source: str, fit: Fit, notes: Checking | None = None) -> list[Row]:
    """The rows of the sheet whose header line fits best, cells as people see them. Raises `DocumentProblems`.

    Of a formula its last value is taken. That other sheets fit as well is told to `notes`.
    """
    opened = _look_at(content, source)
    try:
        sheets = _open_document(content, source) if opened else _read(content, source, values=True)
        fitting = {sheet.name: fit(sheet.rows[0].cells) if sheet.rows else 0 for sheet in sheets}
        chosen = max(sheets, key=lambda sheet: fitting[sheet.name])
        checking = Checking(source)
        if not opened:
            _say_unusable(content, chosen, checking)
    except DocumentProblems:
        raise
    except Exception as error:  # what the library says of a damaged file depends on where the damage is
        raise problem(
            source,
            "the whole file",
            _N("This spreadsheet cannot be read. Please open it and save it once more as .xlsx or .csv."),
        ) from error
    checking.finish()
    beside = [name for name, fits in fitting.items() if fits and name != chosen.name]
    if beside and notes:
        sentence = _N("Only the sheet “%(chosen)s” is read. Please bring the others on their own: %(others)s.")
        notes.note("the whole file", sentence, chosen=chosen.name, others=", ".join(beside))
    return chosen.rows


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    rows: list[Row]
    odd: dict[str, str]
    """Cells that show nothing that can be used, by their name: the formula or what is shown."""


def _look_at(content: bytes, source: str) -> bool:
    """The answer says whether it is an OpenDocument spreadsheet."""
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise problem(
                source, "the whole file", _N("This file is locked with a password. Please save it without one.")
            )
        raise problem(
            source, "the whole file", _N("This is an old .xls file. Please save it as .xlsx or .csv and bring that.")
        )
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            opened = False
            if sum(entry.file_size for entry in entries) <= MOST_BYTES:
                opened = open_document.is_open_document(archive)
    except Exception as error:  # a damaged table of contents is told in many ways, of which one is BadZipFile
        raise problem(
            source, "the whole file", _N("This file is cut off or damaged. Please save it once more and bring that.")
        ) from error
    size = sum(entry.file_size for entry in entries)
    ratio = size / max(1, len(content))
    if len(entries) > MOST_ENTRIES or size > MOST_BYTES or (size > _LARGE and ratio > MOST_RATIO):
        raise problem(
            source,
            "the whole file",
            _N("Unpacked, this file would be %(size)s MB in %(entries)s parts. Please bring the sheet alone, as .csv."),
            size=size // (1024 * 1024),
            entries=len(entries),
        )
    if not opened and not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise problem(
            source,
            "the whole file",
            _N("This is no .xlsx spreadsheet. Please save it as .xlsx or .csv and bring that."),
        )
    return opened


def _open_document(content: bytes, source: str) -> list[_Sheet]:
    return [_Sheet(each.name, list(counted(iter(each.rows), source)), {}) for each in open_document.sheets(content)]


def _read(content: bytes, source: str, *, values: bool) -> list[_Sheet]:
    with warnings.catch_warnings():
        # The library warns of looks that it does not know; only the words are wanted.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(content), read_only=True, data_only=values, keep_links=False)
        try:
            return [_sheet(sheet, source) for sheet in book.worksheets]
        finally:
            book.close()


def _sheet(sheet: Any, source: str) -> _Sheet:
    # What a file says of its size may be untrue.
    sheet.reset_dimensions()
    odd = dict[str, str]()

    def rows() -> Iterator[Row]:
        seen = 0
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            seen += len(cells)
            if seen > MOST_CELLS:
                raise problem(
                    source,
                    f"line {number}",
                    _N("This sheet has more than %(most)s cells. Please take empty columns out at its right."),
                    most=MOST_CELLS,
                )
            yield Row(number, _row(cells, odd))

    return _Sheet(sheet.title, list(counted(rows(), source)), odd)


def _row(cells: Sequence[Any], odd: dict[str, str]) -> tuple[str, ...]:
    texts = [_shown(cell) for cell in cells]
    for cell, text in zip(cells, texts, strict=True):
        if text and cell.data_type in ("e", "f"):
            odd[cell.coordinate] = text
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _shown(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return tidy(unescape(value))
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, cell.number_format or "")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat(" ", "minutes") if isinstance(value, datetime) else value.isoformat()
        case _:
            return tidy(str(getattr(value, "text", value)))


def _number(value: float, written: str) -> str:
    decimals = _DECIMALS.fullmatch(written)
    if decimals or written == "0%":
        percent = written.endswith("%")
        shown = min(len(decimals[1]), _MOST_DECIMALS) if decimals else 0
        return f"{value * (100 if percent else 1):.{shown}f}{'%' if percent else ''}"
    return f"{value:.15g}"


def _say_unusable(content: bytes, chosen: _Sheet, checking: Checking) -> None:
    for cell, shown in chosen.odd.items():
        checking.say(
            f"cell {cell}", _N("This cell shows “%(found)s”. Please mend its formula, or type its text."), found=shown
        )
    if not _has_formulas(content):
        return
    calculated = {row.line: row.cells for row in chosen.rows}
    written = next(each for each in _read(content, checking.source, values=False) if each.name == chosen.name)
    for cell, formula in written.odd.items():
        if not _value(calculated, cell):
            checking.say(
                f"cell {cell}",
                _N("Nobody has calculated the formula “%(found)s” yet. Please save the file again, or type its text."),
                found=formula,
            )


def _has_formulas(content: bytes) -> bool:
    with ZipFile(BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _value(rows: dict[int, tuple[str, ...]], coordinate: str) -> str:
    letters = coordinate.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    cells = rows.get(int(coordinate.removeprefix(letters)), ())
    return cells[column - 1] if column <= len(cells) else ""
