"""What many tests begin with, written once in a process and copied for each of them.

Writing a course takes longer than most of what is asked of it afterwards. Only a database that nobody has used yet is
replaced by a copy: on any other, and on PostgreSQL, the beginning is written as ever. After a copy nobody has used it
either, so one beginning can go on from another.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.databases import SqliteFiles, kept_engine

Made = TypeVar("Made")
_MOST_KEPT = 32
_kept: OrderedDict[Hashable, tuple[bytes, Any]] = OrderedDict()


def begun(session: Session, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` hands back, and everything that it writes through this session, committed.

    The same `key` means the same rows with the same ids. What is handed back is shared by all tests that begin so:
    values only, nothing that belongs to the session.
    """
    path = _new_file(session)
    if path is None:
        return make()
    if key not in _kept:
        made = make()
        session.commit()
        session.close()
        _kept[key] = _content(path), made
        if len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
        return made
    _kept.move_to_end(key)
    content, made = _kept[key]
    path.write_bytes(content)
    SqliteFiles.hand_out(path)
    return made


def _new_file(session: Session) -> Path | None:
    """Where the database of this session lies, if it is as it was handed out and nobody is connected to it."""
    engine = session.get_bind()
    if session.in_transaction() or not isinstance(engine, Engine) or engine.url.database is None:
        return None
    path = Path(engine.url.database)
    is_new = SqliteFiles.is_new(path) and engine is kept_engine(engine.url.render_as_string(hide_password=False))
    return path if is_new else None


def _content(path: Path) -> bytes:
    """With what is not in the file itself yet."""
    with closing(sqlite3.connect(path)) as connection, closing(sqlite3.connect(":memory:")) as copy:
        connection.backup(copy)
        return copy.serialize()
