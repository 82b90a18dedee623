"""What SQLAlchemy works out at the first use of a name for a table is worked out before there are several threads.

Two threads that use an alias for the first time at the same moment may each fill half of what it keeps (its columns,
and which is which in the table), and it stays so: each statement with it fails until the process is started anew
("Can't determine which FROM clause to join from"). Seen with SQLAlchemy 2.1.9, by `make soak`.
"""

import sys
from collections.abc import Iterator
from functools import cache

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, configure_mappers
from sqlalchemy.orm.util import AliasedClass
from sqlalchemy.sql.selectable import FromClause

from lti_tool.store.base import Base

OURS = ("lti_tool.", "lti_tool")


@cache
def settle() -> None:
    """To be called once all modules are read, and before a second thread asks the database for anything."""
    configure_mappers()
    for table in Base.metadata.tables.values():
        _settle_columns(table, table)
    for alias in aliases():
        found = inspect(alias)
        mapper: Mapper[object] = found.mapper
        _settle_columns(found.selectable, mapper.local_table)
        for attribute in mapper.column_attrs:
            getattr(alias, attribute.key)


def aliases() -> Iterator[AliasedClass[object]]:
    """All that have a name in a module of ours."""
    for name, module in list(sys.modules.items()):
        if name.startswith(OURS):
            yield from (value for value in list(vars(module).values()) if isinstance(value, AliasedClass))


def _settle_columns(known_as: FromClause, table: FromClause) -> None:
    for column in table.c:
        known_as.corresponding_column(column)
