"""The database's shape over time. One intent a migration, read by hand before it is committed."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from lti_tool.paths import MIGRATIONS


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`, all in one transaction."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to `revision`, all in one transaction."""
    with engine.begin() as connection:
        downgrade_on(connection, revision)


def downgrade_on(connection: Connection, revision: str) -> None:
    """The same within a transaction of the caller, who may look at what came of it and roll it back."""
    command.downgrade(_config(connection), revision)


def known(revision: str) -> bool:
    """Whether this version of Attune has a migration of this name."""
    return any(one.revision == revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


@cache
def newest() -> str:
    """The revision that this version of Attune works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("there is no migration")
    return head


def works_with(revision: str | None) -> bool:
    """Whether this version can work with a database of that revision: its own, or one that only adds to it.

    A number after a dot says that a migration only adds (see docs/decisions/0019): what knows 0018 works with 0018.2,
    and not with 0019.
    """
    theirs, ours = _step(revision or ""), _step(newest())
    return theirs is not None and ours is not None and theirs[0] == ours[0] and theirs[1] >= ours[1]


def _step(revision: str) -> tuple[int, int] | None:
    number, _, addition = revision.partition(".")
    if not (number.isdecimal() and (addition or "0").isdecimal()):
        return None
    return int(number), int(addition or "0")


def current(connection: Connection) -> str | None:
    """The revision that the database has; None when it has never been set up."""
    return MigrationContext.configure(connection).get_current_revision()
