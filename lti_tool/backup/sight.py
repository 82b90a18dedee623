"""One moment of a database, seen while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


@contextmanager
def of_one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection whose reads are all of the moment of the first one, and which writes nothing."""
    sqlite = engine.dialect.name == "sqlite"
    options = (
        {"attune_writes": False} if sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )
    with engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def with_nobody_writing(engine: Engine) -> Iterator[Connection]:
    """The same, and with SQLite nobody else can write meanwhile."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            yield connection
        return
    with of_one_moment(engine) as connection:
        yield connection
