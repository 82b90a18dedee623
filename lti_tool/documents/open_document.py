"""Sheets of an OpenDocument spreadsheet (.ods), cells as people see them. The file was looked at before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # it brings no types

from lti_tool.documents.rows import MOST_COLUMNS, Row, tidy

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)")
MOST_REPEATED = 1_000
"""So often one row is taken that the file says to repeat; nobody fills in more of the same."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, with its rows as they stand in the file."""

    name: str
    rows: list[Row]


def is_open_document(archive: ZipFile) -> bool:
    """Whether this is an OpenDocument spreadsheet."""
    names = archive.namelist()
    return "mimetype" in names and "content.xml" in names and archive.read("mimetype").startswith(_KIND)


def sheets(content: bytes) -> list[Sheet]:
    """All sheets. Of a formula its last value is taken."""
    with ZipFile(BytesIO(content)) as archive:
        root = fromstring(archive.read("content.xml"), forbid_dtd=True)
    return [Sheet(table.get(f"{_TABLE}name", ""), list(_rows(table))) for table in root.iter(f"{_TABLE}table")]


def _rows(table: Any) -> Iterator[Row]:
    number = 0
    for row in table.iter(f"{_TABLE}table-row"):
        repeated = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        cells = _cells(row)
        for more in range(min(repeated, MOST_REPEATED) if cells else 0):
            yield Row(number + 1 + more, cells)
        number += repeated


def _cells(row: Any) -> tuple[str, ...]:
    found: list[str] = []
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        found += [_shown(cell)] * min(repeated, MOST_COLUMNS - min(len(found), MOST_COLUMNS))
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _shown(cell: Any) -> str:
    match cell.get(f"{_OFFICE}value-type"):
        case "date":
            return str(cell.get(f"{_OFFICE}date-value", "")).removesuffix("T00:00:00")
        case "time":
            clock = _TIME.match(cell.get(f"{_OFFICE}time-value", ""))
            return f"{int(clock[1])}:{clock[2]}" if clock else ""
        case "float":
            return f"{float(cell.get(f'{_OFFICE}value', '0')):.15g}"
        case _:
            texts = ("".join(each.itertext()) for each in cell.iter(f"{_TEXT}p"))
            return tidy("\n".join(texts))
