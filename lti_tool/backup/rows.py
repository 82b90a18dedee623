"""A row as one line of text, the same whichever database it comes from; and a digest of many of them."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, JSON, BigInteger, Boolean, Date, DateTime, Integer, LargeBinary, Numeric, String, Uuid
from sqlalchemy.types import TypeEngine

Outside = str | int | bool | None
"""A value in a line: text, a number or yes and no, as JSON has them; None where the database has nothing."""


@dataclass(frozen=True, slots=True)
class Form:
    """How the values of a column look outside, and how they go back in."""

    out: Callable[[Any], Outside]
    back: Callable[[Any, bool], Any]
    """The second: whether it goes into SQLite, which keeps ids as text and times without a zone."""


def _moment_out(value: datetime) -> str:
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return utc.isoformat(timespec="microseconds")


def _moment_back(value: str, sqlite: bool) -> datetime:
    utc = datetime.fromisoformat(value)
    return utc.replace(tzinfo=None) if sqlite else utc


def _id_back(value: str, sqlite: bool) -> str | UUID:
    return value if sqlite else UUID(value)


def _as_it_is(value: Any, _sqlite: bool) -> Any:
    return value


_ID = Form(lambda value: value.hex if isinstance(value, UUID) else UUID(value).hex, _id_back)
_TEXT = Form(str, _as_it_is)
_FORMS: tuple[tuple[type[TypeEngine[Any]], Form], ...] = (
    (Uuid, _ID),
    (CHAR, _ID),  # nothing else is kept in letters of a fixed number
    (DateTime, Form(_moment_out, _moment_back)),
    (Date, Form(date.isoformat, lambda value, _sqlite: date.fromisoformat(value))),
    (Boolean, Form(bool, _as_it_is)),
    (BigInteger, Form(int, _as_it_is)),
    (Integer, Form(int, _as_it_is)),
    (Numeric, Form(lambda value: format(Decimal(value).normalize(), "f"), lambda value, _sqlite: Decimal(value))),
    (LargeBinary, Form(lambda value: base64.b64encode(value).decode(), lambda value, _s: base64.b64decode(value))),
    (JSON, _TEXT),
    (String, _TEXT),
)


def form_of(kind: TypeEngine[Any]) -> Form:
    """The form of a column of this type, as it was read from the database. Raises `LookupError` for any other."""
    for known, form in _FORMS:
        if isinstance(kind, known):
            return form
    raise LookupError(f"a column of the type {kind!r} cannot be carried over")


def line(values: list[Outside]) -> bytes:
    """One row: a JSON array, in the order of its columns' names."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True)
class Digest:
    """Of all rows of a table: how many, and a sum of their SHA-256 that does not depend on their order.

    Databases sort text differently, so rows that are the same may come in another order.
    """

    rows: int = 0
    _sum: int = field(default=0, repr=False)

    def add(self, content: bytes) -> None:
        """One more row."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(content).digest())) % 2**256

    @property
    def hex(self) -> str:
        """The sum, of 64 digits."""
        return f"{self._sum:064x}"
