"""After a change of ATTUNE_SECRET_KEY: what a former secret encrypted is encrypted with the newest one.

Each step is whole by itself, so it can be broken off at any moment and begun again, while people go on working.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import Column, Table, Text, bindparam, literal, or_, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.file_store import EncryptedStore, Kept, NotStored, Unreadable
from lti_tool.services.notifying.contact import address_digest
from lti_tool.services.portfolio.evidence_checks import delete
from lti_tool.services.portfolio.evidence_clean import named
from lti_tool.store import Base
from lti_tool.store.base import EncryptedText
from lti_tool.store.engine import encryption_keys
from lti_tool.store.guards import lifted
from lti_tool.store.people import PersonRow

AT_ONCE = 200
"""So many rows are changed in one transaction."""
NAME = re.compile(r"[0-9a-f]{32}")
"""Files of ours, which are whole; whatever else lies in a bucket is left alone."""
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it."""

    changed: int
    unreadable: int
    """With none of the secrets: left as it was."""


Key = tuple[Any, ...]
"""What finds a row in its table."""


@dataclass(frozen=True, slots=True)
class _Found:
    key: Key
    column: Column[Any]
    before: str
    after: str


# ---- text ----


def tables() -> tuple[tuple[Table, tuple[Column[Any], ...]], ...]:
    """Every table with encrypted columns, and these."""
    every = Base.metadata.sorted_tables
    found = ((of, tuple(each for each in of.c if isinstance(each.type, EncryptedText))) for of in every)
    return tuple((of, columns) for of, columns in found if columns)


def text_of(
    sessions: sessionmaker[Session], of: Table, columns: tuple[Column[Any], ...], secret_keys: tuple[str, ...]
) -> Done:
    """Encrypt what stands in these columns with the newest secret, also in rows that never change: they read the same.

    What somebody changes meanwhile is left as they wrote it.
    """
    newest, all_keys = encryption_keys(secret_keys[:1]), encryption_keys(secret_keys)
    changed = unreadable = 0
    after: Key | None = None
    while rows := _some(sessions, of, columns, after):
        found: list[_Found] = []
        for row in rows:
            key, values = row[: -len(columns)], row[-len(columns) :]
            for column, value in zip(columns, values, strict=True):
                anew = None if value is None else _anew(value, newest, all_keys)
                if anew is None:
                    unreadable += value is not None
                elif anew != value:
                    found.append(_Found(key, column, value, anew))
        changed += _write(sessions, of, found)
        after = rows[-1][: -len(columns)]
    return Done(changed, unreadable)


def addresses(sessions: sessionmaker[Session], secret_keys: tuple[str, ...]) -> int:
    """Let people be found by their address with the newest secret; how many could only be found with a former one."""
    changed, after = 0, NOBODY
    while True:
        with sessions.begin() as session:
            rows = session.scalars(
                select(PersonRow)
                .where(PersonRow.id > after, PersonRow.email.is_not(None), PersonRow.email_digest.is_not(None))
                .order_by(PersonRow.id)
                .limit(AT_ONCE)
                .with_for_update()
            ).all()
            for row in rows:
                digest = address_digest(row.email or "", secret_keys[0])
                if row.email_digest != digest:
                    row.email_digest, changed = digest, changed + 1
        if not rows:
            return changed
        after = rows[-1].id


def _some(
    sessions: sessionmaker[Session], of: Table, columns: tuple[Column[Any], ...], after: Key | None
) -> list[tuple[Any, ...]]:
    """Rows in the order of their keys, which come first; what is encrypted as it stands there."""
    keys = tuple(of.primary_key.columns)
    asked = (
        select(*keys, *(type_coerce(each, Text) for each in columns))
        .where(or_(*(each.is_not(None) for each in columns)))
        .order_by(*keys)
        .limit(AT_ONCE)
    )
    if after is not None:
        last = (literal(value, key.type) for key, value in zip(keys, after, strict=True))
        asked = asked.where(tuple_(*keys) > tuple_(*last))
    with sessions() as session:
        session.connection(execution_options={"attune_writes": False})
        return [tuple(row) for row in session.execute(asked)]


def _anew(value: str, newest: MultiFernet, all_keys: MultiFernet) -> str | None:
    """The same where it needs nothing; None where none of the secrets fits."""
    try:
        newest.decrypt(value)
    except InvalidToken:
        try:
            return all_keys.rotate(value).decode()
        except InvalidToken:
            return None
    return value


def _write(sessions: sessionmaker[Session], of: Table, found: list[_Found]) -> int:
    if not found:
        return 0
    keys = tuple(of.primary_key.columns)
    changed = 0
    with sessions.begin() as session:
        connection = session.connection()
        with lifted(connection, of.name):
            for each in found:
                statement = (
                    update(of)
                    .where(*(key == value for key, value in zip(keys, each.key, strict=True)))
                    .where(type_coerce(each.column, Text) == bindparam("_before", type_=Text()))
                    .values({each.column: bindparam("_after", type_=Text())})
                )
                changed += connection.execute(statement, {"_before": each.before, "_after": each.after}).rowcount
    return changed


# ---- files ----


def names(store: EncryptedStore) -> Iterator[str]:
    """Files of ours in the store."""
    return (name for name, _came in store.names() if NAME.fullmatch(name))


def files(sessions: sessionmaker[Session], store: EncryptedStore) -> Done:
    """Encrypt every file with the newest secret. Raises `Full`, `Away`; what was done until then stays done.

    One that was deleted meanwhile does not come back.
    """
    changed = unreadable = 0
    for name in names(store):
        try:
            before = _is_named(sessions, name)
            if store.encrypt_anew(name):
                changed += 1
                if before and not _is_named(sessions, name):  # one that never was may be on its way into a row
                    delete(store, (name,))
        except Unreadable:
            unreadable += 1
        except NotStored:  # taken away in this moment
            continue
    return Done(changed, unreadable)


def _is_named(sessions: sessionmaker[Session], name: str) -> bool:
    with sessions() as session:
        session.connection(execution_options={"attune_writes": False})
        return bool(named(session, (name,)))


def how_files_lie(store: EncryptedStore, most: int) -> Mapping[Kept, int]:
    """How many files lie in the store in each way; no more than so many are looked at. Raises `Away`."""
    found: Counter[Kept] = Counter()
    for name in islice(names(store), most):
        try:
            found[store.kept(name)] += 1
        except NotStored:
            continue
    return found
