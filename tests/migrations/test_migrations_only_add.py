"""From 0018 on a migration only adds, so that processes of the version before go on beside it (decision 19).

One that takes something away says so, and why no process needs it any more, in `CONTRACTS`; it has a number without a
dot, so that older processes know that it is not for them.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Engine, inspect, text

from lti_tool import migrations
from lti_tool.paths import MIGRATIONS
from lti_tool.store.engine import open_engine
from tests.databases import SECRET
from tests.migrations.expanding import shape, troubles

SINCE = "0018"
WHERE = "docs/decisions/0019-the-database-only-grows.md"


def scripts() -> list[Script]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    found = sorted(ScriptDirectory.from_config(config).walk_revisions(), key=lambda script: script.revision)
    return [script for script in found if script.revision >= SINCE]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_engine(f"sqlite:///{tmp_path / 'some.db'}", (SECRET,))
    yield found
    found.dispose()


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.revision)
def test_a_migration_only_adds_or_says_what_it_takes_away(script: Script, engine: Engine) -> None:
    assert isinstance(script.down_revision, str)
    migrations.upgrade(engine, script.down_revision)
    with engine.connect() as connection:
        before = shape(connection)
    migrations.upgrade(engine, script.revision)
    with engine.connect() as connection:
        found = list(troubles(before, shape(connection)))
    said = getattr(script.module, "CONTRACTS", "")
    assert not found or said, f"{script.revision} does not only add: {found}. See {WHERE}"
    assert not (found and "." in script.revision), f"{script.revision} takes away: its number has no dot. See {WHERE}"


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.revision)
def test_a_revision_has_a_number_that_says_whether_older_processes_go_on(script: Script) -> None:
    assert re.fullmatch(r"\d{4}(\.\d{1,2})?", script.revision)
    if "." in script.revision:
        assert isinstance(script.down_revision, str)
        assert script.down_revision.partition(".")[0] == script.revision.partition(".")[0]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DROP TABLE other", "table other is gone"),
        ("ALTER TABLE some DROP COLUMN note", "column some.note is gone"),
        ("ALTER TABLE some RENAME COLUMN note TO remark", "column some.note is gone"),
        ("ALTER TABLE other ADD COLUMN kind TEXT NOT NULL DEFAULT 'x'", None),
        ("ALTER TABLE other ADD COLUMN kind TEXT", None),
        ("CREATE TABLE third (id INTEGER PRIMARY KEY)", None),
        ("CREATE UNIQUE INDEX one ON some (note)", "some: note has to be unique now"),
        ("CREATE INDEX one ON some (note)", None),
        ("CREATE TABLE new (id INTEGER PRIMARY KEY, note TEXT NOT NULL)", "column some.note has to be filled now"),
        (
            "CREATE TABLE new (id INTEGER PRIMARY KEY, note TEXT, must TEXT NOT NULL)",
            "column some.must is new, and rows that do not know it are refused",
        ),
        (
            "CREATE TABLE new (id INTEGER PRIMARY KEY, note TEXT, CONSTRAINT short CHECK (length(note) < 9))",
            "rule short is new for rows that were allowed before",
        ),
        (
            "CREATE TABLE new (id INTEGER PRIMARY KEY, note TEXT, more TEXT, CONSTRAINT m CHECK (more IN ('a', 'b')))",
            None,
        ),
        ("CREATE TABLE new (id INTEGER PRIMARY KEY, note VARCHAR(5))", "column some.note was TEXT and is VARCHAR(5)"),
    ],
)
def test_what_an_older_process_would_meet_is_told(engine: Engine, statement: str, says: str | None) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE some (id INTEGER PRIMARY KEY, note TEXT)"))
        connection.execute(text("CREATE TABLE other (id INTEGER PRIMARY KEY)"))
        before = shape(connection)
    with engine.begin() as connection:
        connection.execute(text(statement))
        if "new" in inspect(connection).get_table_names():
            connection.execute(text("DROP TABLE some"))
            connection.execute(text("ALTER TABLE new RENAME TO some"))
    with engine.connect() as connection:
        assert list(troubles(before, shape(connection))) == ([says] if says else [])


def test_a_rule_may_allow_more_and_never_less(engine: Engine) -> None:
    one, more = ("CHECK (state IN ('a', 'b'))", "CHECK (state IN ('a', 'b', 'c'))")
    shapes = []
    for number, rule in enumerate((one, more)):
        with engine.begin() as connection:
            connection.execute(text(f"CREATE TABLE some (id INTEGER PRIMARY KEY, state TEXT, CONSTRAINT s {rule})"))
            shapes.append(shape(connection))
            connection.execute(text("DROP TABLE some"))
        assert len(shapes) == number + 1
    assert list(troubles(*shapes)) == []
    assert list(troubles(*reversed(shapes))) == ["rule s no longer allows c"]
