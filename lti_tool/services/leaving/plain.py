"""Rows as JSON Lines and as CSV: piece by piece, however many there are."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID

from lti_tool.documents.table_out import defused

MARK = b"\xef\xbb\xbf"
"""With it spreadsheet programs read the text as UTF-8."""


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Each row as an object on a line of its own: moments in UTC, amounts as text with a point, nothing as null."""
    for row in rows:
        yield json.dumps({name: plain(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def csv_lines(headings: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The same as a table: nothing is an empty cell, and no cell begins a formula."""
    yield MARK + _line(headings)
    for row in rows:
        yield _line([_cell(row[name]) for name in headings])


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def _line(cells: Sequence[str]) -> bytes:
    to = StringIO()
    csv.writer(to, lineterminator="\r\n").writerow(cells)
    return to.getvalue().encode()


def _cell(value: Any) -> str:
    found = plain(value)
    if found is None:
        return ""
    return defused(found if isinstance(found, str) else json.dumps(found, ensure_ascii=False))
