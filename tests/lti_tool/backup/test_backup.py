"""A backup, its proof, and putting it back into either kind of database."""

import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import ARRAY, Engine, Integer, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from grading.evidence import Outcome
from grading.ledger import EntryKind
from lti_tool import migrations
from lti_tool.backup import archive, restoring, tables
from lti_tool.backup.archive import NotABackup
from lti_tool.backup.restoring import NotTheSame
from lti_tool.backup.rows import Digest, form_of
from lti_tool.backup.sight import of_one_moment, with_nobody_writing
from lti_tool.cli import attune
from lti_tool.file_store.disk import DiskStore
from lti_tool.services import audit
from lti_tool.store.engine import open_engine
from lti_tool.store.observations import ResponseRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import PeriodicTurnRow
from tests.conftest import SECRET
from tests.databases import PostgresServer, SqliteFiles
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.conftest import MakeWorld, World, bare_world, make_world

__all__ = ["bare_world", "make_world"]  # fixtures of the services


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """An observation that is signed, a path with hours and a decision."""
    world = make_world()
    world.reached(("what is kept",), lambda: _written(world))
    world.session.commit()
    return world


def _written(world: World) -> UUID:
    on = OnTheWay(world.session, world.visitor("sam"), shipped("az-prss"), world.now)
    on.entry(EntryKind.PRACTICE, "2.5", ago=50, signer=world.visitor("jo"), title="Warm line", category=["advocacy"])
    on.decided(Outcome.NOT_YET, world.visitor("ines"))
    observation_id = world.answered()
    world.sign("jo", observation_id)
    return observation_id


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database to restore into: of SQLite not even the file is there, in PostgreSQL there are tables without rows."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.fresh() as url:
        yield url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_url, (SECRET,))
    yield engine
    engine.dispose()


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Engine]:
    """A database of SQLite of which not even the file is there."""
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}", (SECRET,))
    yield engine
    engine.dispose()


FORMER = "0018"
"""A revision of before."""


class OnTheMove(DiskStore):
    """A store of files, one of which was there a moment ago."""

    def names(self) -> Iterator[tuple[str, datetime]]:
        yield "ff00", datetime(2026, 3, 2, tzinfo=UTC)
        yield from super().names()


@pytest.fixture
def without_rows(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Engine]:
    """A database of SQLite in which there are tables, and nothing else."""
    with sqlite_files.fresh(tmp_path) as url:
        engine = open_engine(url, (SECRET,))
        yield engine
        engine.dispose()


def backed_up(engine: Engine, to: Path, files: DiskStore | None = None) -> archive.Listed:
    with of_one_moment(engine) as connection:
        return archive.write(to, connection, files, "2026-03-02T09:00:00+00:00")


def digests(engine: Engine) -> dict[str, tuple[int, str]]:
    with of_one_moment(engine) as connection:
        found = {table.name: tables.digest(connection, table) for table in tables.tables(connection)}
    return {name: (one.rows, one.hex) for name, one in found.items()}


def test_what_is_restored_is_what_was_kept_in_either_kind_of_database(
    world: World, engine: Engine, empty: Engine, tmp_path: Path
) -> None:
    listed = backed_up(engine, tmp_path / "kept.zip")
    said: list[str] = []
    restoring.restore(tmp_path / "kept.zip", empty, None, said.append)
    assert digests(empty) == digests(engine)
    assert listed.rows == sum(rows for rows, _digest in digests(engine).values()) > 50
    assert said[0].startswith("The backup of 2026-03-02T09:00:00+00:00 is whole")
    with Session(empty) as session:
        assert session.scalars(select(ResponseRow.words)).one() == "I was nervous at first."
        assert not [found for found in audit.verify(session) if isinstance(found, audit.Broken)]


def test_the_restored_database_refuses_what_the_first_one_refused(
    world: World, engine: Engine, empty: Engine, tmp_path: Path
) -> None:
    backed_up(engine, tmp_path / "kept.zip")
    restoring.restore(tmp_path / "kept.zip", empty, None, lambda _sentence: None)
    for statement in ("DELETE FROM audit_entry", "UPDATE sign_off SET person_id = organization_id"):
        with pytest.raises(DBAPIError), empty.begin() as connection:
            connection.execute(text(statement))
    before, after = inspect(engine), inspect(empty)
    for table in before.get_table_names():
        if not table.startswith("huey_"):
            names = [sorted(str(key["name"]) for key in each.get_foreign_keys(table)) for each in (before, after)]
            assert names[0] == names[1] or engine.dialect.name != empty.dialect.name
            assert len(names[0]) == len(names[1])


def test_a_database_moves_to_the_other_kind_row_by_row(world: World, engine: Engine, empty: Engine) -> None:
    with with_nobody_writing(engine) as connection:
        listed = restoring.move(connection, empty)
    assert {name: (one.rows, one.digest) for name, one in listed.items()} == digests(empty)


def test_a_place_that_is_not_empty_is_left_alone(world: World, engine: Engine, tmp_path: Path) -> None:
    backed_up(engine, tmp_path / "kept.zip")
    before = digests(engine)
    with pytest.raises(NotTheSame, match="not empty"):
        restoring.restore(tmp_path / "kept.zip", engine, None, lambda _sentence: None)
    assert digests(engine) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestAChangedBackup:
    def test_a_row_that_was_changed_is_named_and_nothing_is_restored(
        self, world: World, engine: Engine, new: Engine, tmp_path: Path
    ) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        changed = changed_copy(tmp_path / "kept.zip", "tables/decision.jsonl", b"not_yet", b"certify")
        assert list(archive.troubles(changed)) == [
            "The table decision is not as it was: 1 rows of 1, or one of them changed."
        ]
        with pytest.raises(NotABackup, match="decision"):
            restoring.restore(changed, new, None, lambda _sentence: None)
        assert inspect(new).get_table_names() == []

    def test_a_row_that_is_absent_is_named(self, world: World, engine: Engine, tmp_path: Path) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        with zipfile.ZipFile(tmp_path / "kept.zip") as content:
            entries = content.read("tables/audit_entry.jsonl").splitlines(keepends=True)
        changed = changed_copy(tmp_path / "kept.zip", "tables/audit_entry.jsonl", entries[-1], b"")
        (trouble,) = archive.troubles(changed)
        assert trouble.startswith("The table audit_entry is not as it was")

    def test_half_a_file_is_no_backup(self, world: World, engine: Engine, tmp_path: Path) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        half = tmp_path / "half.zip"
        half.write_bytes((tmp_path / "kept.zip").read_bytes()[:2000])
        with pytest.raises(NotABackup, match="only the beginning"):
            archive.read_list(half)

    def test_a_reference_to_a_row_that_is_absent_keeps_nothing(
        self, world: World, engine: Engine, new: Engine, tmp_path: Path
    ) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        listed = archive.read_list(tmp_path / "kept.zip")
        listed_without = {**listed.tables, "person": archive.TableIn(listed.tables["person"].columns, 0, Digest().hex)}
        with archive.opened(tmp_path / "kept.zip") as content, pytest.raises(NotTheSame, match="refers to one"):
            restoring.fill(
                new,
                listed.revision,
                listed_without,
                lambda name: [] if name == "person" else archive.table_lines(content, name),
            )
        assert all(rows == 0 for rows, _digest in digests(new).values())

    def test_a_backup_of_a_version_that_is_not_known_says_what_to_install(
        self, world: World, engine: Engine, new: Engine, tmp_path: Path
    ) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        revision = archive.read_list(tmp_path / "kept.zip").revision.encode()
        later = changed_copy(tmp_path / "kept.zip", archive.LIST, b'"%s"' % revision, b'"0999"')
        with pytest.raises(NotTheSame, match="install the version that made the backup"):
            restoring.restore(later, new, None, lambda _sentence: None)

    def test_files_come_back_under_their_names_and_one_that_changed_is_named(
        self, world: World, engine: Engine, new: Engine, tmp_path: Path
    ) -> None:
        store = DiskStore(tmp_path / "files")
        store.put("abc123", BytesIO(b"a picture"))
        backed_up(engine, tmp_path / "kept.zip", store)
        changed = changed_copy(tmp_path / "kept.zip", "files/abc123", b"a picture", b"another")
        assert list(archive.troubles(changed)) == ["The file abc123 is not as it was."]
        with pytest.raises(NotTheSame, match="set ATTUNE_FILES"):
            restoring.restore(tmp_path / "kept.zip", new, None, lambda _sentence: None)
        back = DiskStore(tmp_path / "back")
        restoring.restore(tmp_path / "kept.zip", new, back, lambda _sentence: None)
        assert b"".join(back.read("abc123")) == b"a picture"

    def test_nobody_else_of_the_machine_can_read_it_and_what_was_not_finished_is_gone(
        self, world: World, engine: Engine, tmp_path: Path
    ) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        assert (tmp_path / "kept.zip").stat().st_mode & 0o077 == 0
        with pytest.raises(FileNotFoundError):
            backed_up(engine, tmp_path / "no such folder" / "kept.zip")
        assert not list(tmp_path.glob("**/*.part"))

    def test_nothing_that_people_wrote_can_be_read_in_it(self, world: World, engine: Engine, tmp_path: Path) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        with zipfile.ZipFile(tmp_path / "kept.zip") as content:
            everything = b"".join(content.read(name) for name in content.namelist())
        assert b"nervous" not in everything
        with Session(engine) as session:
            names = [name for name in session.scalars(select(PersonRow.name)) if name]
        assert names
        assert not [name for name in names if f'"{name}"'.encode() in everything]
        assert b"assessment" in everything


def test_every_column_of_either_database_has_a_form(engine: Engine) -> None:
    with engine.connect() as connection:
        for table in tables.tables(connection):
            for column in table.columns:
                form_of(column.type)
    with pytest.raises(LookupError, match="cannot be carried over"):
        form_of(ARRAY(Integer()))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestOdd:
    """Of an installation that is new: nothing of people is needed to see what is wrong."""

    def test_what_is_absent_from_a_backup_is_named_and_what_was_on_the_way_into_the_store_is_left_out(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        store = OnTheMove(tmp_path / "files")
        for name in ("abc123", "abc124.part"):
            store.put(name, BytesIO(b"a picture"))
        listed = backed_up(engine, tmp_path / "kept.zip", store)
        assert list(listed.files or ()) == ["abc123"]
        assert list(archive.troubles(tmp_path / "kept.zip")) == []
        found = [
            list(archive.troubles(without(tmp_path / "kept.zip", name)))
            for name in ("tables/person.jsonl", "files/abc123")
        ]
        assert [len(troubles) for troubles in found] == [1, 1]  # of all else nothing is said
        assert found[0][0].startswith("The table person cannot be read: ")
        assert found[1][0].startswith("The file abc123 cannot be read: ")

    def test_a_backup_of_another_form_and_a_folder_are_told(self, engine: Engine, tmp_path: Path) -> None:
        backed_up(engine, tmp_path / "kept.zip")
        other = changed_copy(tmp_path / "kept.zip", archive.LIST, b"attune-backup/1", b"attune-backup/9")
        with pytest.raises(NotABackup, match="It is of the form attune-backup/9; this version of Attune reads"):
            archive.read_list(other)
        with pytest.raises(NotABackup, match="cannot be opened: Is a directory"):
            archive.read_list(tmp_path)

    def test_what_was_never_set_up_is_neither_kept_nor_moved(
        self, database_url: str, new: Engine, tmp_path: Path
    ) -> None:
        said = run(f"sqlite:///{tmp_path / 'new.db'}", "backup", "make", str(tmp_path / "kept.zip"))
        assert said.exit_code == 1
        assert "The database has never been set up: there is nothing to keep." in said.output
        assert not list(tmp_path.glob("kept*"))
        with of_one_moment(new) as connection, pytest.raises(NotTheSame, match="Run: attune db upgrade"):
            restoring.move(connection, new)

    def test_where_what_comes_out_is_not_what_went_in_nothing_is_kept(
        self, engine: Engine, without_rows: Engine, tmp_path: Path
    ) -> None:
        with Session(engine) as session, session.begin():
            session.add(PeriodicTurnRow(name="sweep", taken_at=datetime(2026, 3, 2, tzinfo=UTC)))
        listed = backed_up(engine, tmp_path / "kept.zip")
        turns = listed.tables["periodic_turn"]
        with archive.opened(tmp_path / "kept.zip") as content:

            def refused(of_tables: dict[str, archive.TableIn], leave_out: str = "") -> str:
                def lines(name: str) -> list[bytes]:
                    return [] if name == leave_out else list(archive.table_lines(content, name))

                with pytest.raises(NotTheSame) as problem:
                    restoring.fill(without_rows, listed.revision, of_tables, lines)
                return str(problem.value)

            kept = dict(listed.tables)
            fewer = {name: table for name, table in kept.items() if name != "person"}
            assert refused(fewer) == "The table person is only on one of the two sides."
            others = kept | {"periodic_turn": archive.TableIn(("name",), turns.rows, turns.digest)}
            assert refused(others) == "The table periodic_turn has other columns than it should have."
            assert refused(kept, "periodic_turn").startswith("The table periodic_turn came out differently: 0 of ")
        with without_rows.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM periodic_turn")) == 0

    def test_a_backup_of_a_former_version_is_brought_up_to_date_and_goes_into_no_database_of_another(
        self, engine: Engine, database_url: str, without_rows: Engine, tmp_path: Path
    ) -> None:
        with without_rows.begin() as connection:
            migrations.downgrade_on(connection, FORMER)
        assert backed_up(without_rows, tmp_path / "kept.zip").revision == FORMER
        without_rows.dispose()
        shutil.copyfile(tmp_path / "attune.db", tmp_path / "second.db")
        said = run(f"sqlite:///{tmp_path / 'second.db'}", "backup", "restore", str(tmp_path / "kept.zip"))
        assert said.exit_code == 0, said.output
        assert f"Brought from revision {FORMER} to {migrations.newest()}." in said.output
        refused = run(database_url, "backup", "restore", str(tmp_path / "kept.zip"))
        assert refused.exit_code == 1
        assert "The database was set up by another version than the backup." in refused.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestCommands:
    def test_backup_verify_and_restore_into_an_empty_place_then_all_holds(
        self, world: World, database_url: str, tmp_path: Path
    ) -> None:
        kept, new = str(tmp_path / "kept.zip"), f"sqlite:///{tmp_path / 'new.db'}"
        made = run(database_url, "backup", "make", kept)
        assert "rows in" in made.output
        assert run(database_url, "backup", "verify", kept).output.startswith("It is whole: ")
        restored = run(new, "backup", "restore", kept)
        assert restored.exit_code == 0, restored.output
        assert "gives back exactly what the backup holds" in restored.output
        assert "Gradebook columns that a worker compares first: 1." in restored.output
        assert "the chain holds" in run(new, "audit", "verify").output

    def test_a_backup_is_never_written_over_another(self, world: World, database_url: str, tmp_path: Path) -> None:
        (tmp_path / "kept.zip").write_text("precious")
        said = run(database_url, "backup", "make", str(tmp_path / "kept.zip"))
        assert said.exit_code == 1
        assert "is there already" in said.output
        assert (tmp_path / "kept.zip").read_text() == "precious"

    def test_a_folder_that_is_not_there_is_named(self, world: World, database_url: str, tmp_path: Path) -> None:
        said = run(database_url, "backup", "make", str(tmp_path / "no such folder" / "kept.zip"))
        assert said.exit_code == 1
        assert "cannot be written: No such file or directory" in said.output

    def test_a_backup_that_was_changed_says_where_and_ends_with_a_status(
        self, world: World, database_url: str, tmp_path: Path
    ) -> None:
        run(database_url, "backup", "make", str(tmp_path / "kept.zip"))
        with zipfile.ZipFile(tmp_path / "kept.zip") as content:
            name = next(each for each in content.namelist() if "organization" in each)
            old = content.read(name)
        changed = changed_copy(tmp_path / "kept.zip", name, old[:40], old[:39] + b"#")
        said = run(database_url, "backup", "verify", str(changed))
        assert said.exit_code == 1
        assert "organization" in said.output

    def test_a_database_with_something_in_it_is_left_as_it_is(
        self, world: World, database_url: str, tmp_path: Path
    ) -> None:
        run(database_url, "backup", "make", str(tmp_path / "kept.zip"))
        for command in (("backup", "restore", str(tmp_path / "kept.zip")), ("db", "move", "--to", database_url)):
            said = run(database_url, *command)
            assert said.exit_code == 1
            assert "Name a new one." in said.output
        assert "the chain holds" in run(database_url, "audit", "verify").output

    def test_with_another_secret_it_says_which_one_is_needed(
        self, world: World, database_url: str, tmp_path: Path
    ) -> None:
        run(database_url, "keys", "rotate")
        run(database_url, "backup", "make", str(tmp_path / "kept.zip"))
        said = run(f"sqlite:///{tmp_path / 'new.db'}", "backup", "restore", str(tmp_path / "kept.zip"), secret="x" * 40)
        assert said.exit_code == 1
        assert "put the secret of the time of the backup into ATTUNE_SECRET_KEY" in said.output

    def test_a_file_that_is_none_is_named_without_a_trace(self, database_url: str, tmp_path: Path) -> None:
        (tmp_path / "odd.zip").write_bytes(b"PK\x05\x06" + bytes(18))
        for command in ("verify", "restore"):
            said = run(database_url, "backup", command, str(tmp_path / "odd.zip"))
            assert said.exit_code == 1
            assert "no backup of Attune" in said.output

    def test_moving_says_what_to_set_next(self, world: World, database_url: str, tmp_path: Path) -> None:
        new = f"sqlite:///{tmp_path / 'new.db'}"
        said = run(database_url, "db", "move", "--to", new)
        assert said.exit_code == 0, said.output
        again = run(database_url, "db", "move", "--to", new)
        assert "The database is not empty, and nothing is overwritten." in again.output
        assert "Both hold the same: " in said.output
        assert "ATTUNE_FILES=" in said.output

    def test_the_address_of_the_new_one_comes_by_the_environment_or_by_standard_input(
        self, world: World, database_url: str, tmp_path: Path
    ) -> None:
        first, second = (f"sqlite:///{tmp_path / name}" for name in ("first.db", "second.db"))
        by_environment = run(database_url, "db", "move", "--to-env", "NEW_DATABASE", NEW_DATABASE=first)
        assert by_environment.exit_code == 0, by_environment.output
        by_input = run(database_url, "db", "move", "--to", "-", typed=second + "\n")
        assert by_input.exit_code == 0, by_input.output
        assert "second.db" not in by_input.output

    def test_a_password_is_not_taken_from_the_command_line(self, database_url: str) -> None:
        said = run(database_url, "db", "move", "--to", "postgresql://attune:hushed@localhost/attune")
        assert said.exit_code == 2
        assert "--to-env" in said.output
        assert "hushed" not in said.output
        for words in (("--to-env", "NOT_SET"), (), ("--to", "-", "--to-env", "NEW_DATABASE")):
            assert run(database_url, "db", "move", *words).exit_code == 2

    def test_moving_waits_until_no_worker_runs(self, world: World, database_url: str, tmp_path: Path) -> None:
        engine = open_engine(database_url, (SECRET,))
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO periodic_turn (name, taken_at) VALUES ('sweep', strftime('%Y-%m-%d %H:%M:%f', 'now'))"
                )
            )
        engine.dispose()
        said = run(database_url, "db", "move", "--to", f"sqlite:///{tmp_path / 'new.db'}")
        assert said.exit_code == 1
        assert "Stop web and worker" in said.output


def run(url: str, *arguments: str, secret: str = SECRET, typed: str | None = None, **further: str) -> Result:
    environment = {
        "ATTUNE_DATABASE_URL": url,
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": secret,
        "ATTUNE_LAB": None,
        **further,
    }
    return CliRunner().invoke(attune, arguments, env=environment, input=typed)


def changed_copy(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """The same backup with one thing in it changed."""
    to = path.with_name(f"changed-{name.replace('/', '-')}.zip")
    with zipfile.ZipFile(path) as content, zipfile.ZipFile(to, "w") as changed:
        for each in content.namelist():
            was = content.read(each)
            if each == name:
                assert old in was
                was = was.replace(old, new)
            changed.writestr(each, was)
    return to


def without(path: Path, name: str) -> Path:
    """The same backup without one thing that should be in it."""
    to = path.with_name(f"without-{name.replace('/', '-')}.zip")
    with zipfile.ZipFile(path) as content, zipfile.ZipFile(to, "w") as fewer:
        for each in content.namelist():
            if each != name:
                fewer.writestr(each, content.read(each))
    return to
