"""A change of the secret, from the new one in front to the old one gone; and getting everything back after a loss."""

import io
import secrets
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import InvalidToken
from sqlalchemy import Engine, Text, delete, select, text, type_coerce, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from grading.ledger import EntryKind
from lti_tool.cli import attune
from lti_tool.file_store import EncryptedStore, Kept, Unreadable
from lti_tool.file_store.disk import DiskStore
from lti_tool.services import organizations
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import address_digest, person_at
from lti_tool.services.operating import encrypting_anew, files_encrypted
from lti_tool.store.base import new_id
from lti_tool.store.engine import encryption_keys, open_engine
from lti_tool.store.exports import ExportForm, ExportRow, ExportState
from lti_tool.store.observations import SignedDocumentRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import PeriodicTurnRow
from tests.databases import SECRET
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.conftest import MakeWorld, World, bare_world, make_world

__all__ = ["bare_world", "make_world"]  # fixtures of the services

NEW = "the-new-secret-of-more-than-32-characters"
RECORDING = b"what was said in the room " * 9_000


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """An observation that is signed, hours, and an address."""
    world = make_world()
    on = OnTheWay(world.session, world.visitor("sam"), shipped("az-prss"), world.now)
    on.entry(EntryKind.PRACTICE, "2.5", ago=50, signer=world.visitor("jo"), title="Warm line", category=["advocacy"])
    world.sign("jo", world.answered())
    person = world.session.get_one(PersonRow, world.visitor("jo").person_id)
    person.email, person.email_digest = "jo@school.example", address_digest("jo@school.example", SECRET)
    world.session.commit()
    return world


class At:
    """One installation and its files."""

    def __init__(self, url: str, files: Path) -> None:
        self.url, self.files = url, files

    def run(self, *arguments: str, secret: str = f"{NEW} {SECRET}") -> Result:
        environment = {
            "ATTUNE_DATABASE_URL": self.url,
            "ATTUNE_PUBLIC_URL": "https://attune.school.example",
            "ATTUNE_SECRET_KEY": secret,
            "ATTUNE_FILES": str(self.files),
            "ATTUNE_LAB": None,
        }
        return CliRunner().invoke(attune, arguments, env=environment)

    def store(self, *secret_keys: str) -> EncryptedStore:
        return EncryptedStore(DiskStore(self.files), secret_keys)

    def put(self, *secret_keys: str) -> str:
        """A file, encrypted or, without any secret, as it was before files were."""
        if not secret_keys:
            self.from_before()
        name = secrets.token_hex(16)
        store = self.store(*secret_keys) if secret_keys else DiskStore(self.files)
        store.put(name, io.BytesIO(RECORDING))
        return name

    def from_before(self) -> None:
        """An installation that is older than encryption."""
        engine = open_engine(self.url, (SECRET,))
        with engine.begin() as connection:
            connection.execute(delete(PeriodicTurnRow).where(PeriodicTurnRow.name == "files encrypted"))
        engine.dispose()

    def place(self, content: bytes) -> str:
        """What somebody put into the store who has no secret."""
        name = secrets.token_hex(16)
        DiskStore(self.files).put(name, io.BytesIO(content))
        return name


@pytest.fixture
def at(database_url: str, tmp_path: Path) -> At:
    return At(database_url, tmp_path / "files")


def an_export(of: Visitor, stored: str, now: datetime) -> ExportRow:
    """A file that a row names."""
    return ExportRow(
        id=new_id(), organization_id=of.organization_id, person_id=of.person_id, what="ledger",
        form=ExportForm.CSV, language="en", asks={}, state=ExportState.READY, asked_at=now, stored_key=stored,
    )  # fmt: skip


def unreadable(engine: Engine, secret: str) -> list[str]:
    """Encrypted columns with something that this secret does not read."""
    keys, found = encryption_keys((secret,)), set()
    with engine.connect() as connection:
        for of, columns in encrypting_anew.tables():
            for column in columns:
                for value in connection.scalars(select(type_coerce(column, Text)).where(column.is_not(None))):
                    try:
                        keys.decrypt(value)
                    except InvalidToken:
                        found.add(f"{of.name}.{column.name}")
    return sorted(found)


def test_after_it_everything_is_read_with_the_newest_secret_alone(world: World, engine: Engine, at: At) -> None:
    before = world.session.scalars(select(SignedDocumentRow.document).order_by(SignedDocumentRow.sign_off_id)).all()
    world.session.rollback()
    plain, former = at.put(), at.put(SECRET)
    assert unreadable(engine, NEW)
    said = at.run("keys", "encrypt-anew")
    assert said.exit_code == 0, said.output
    assert "signed_document: " in said.output
    assert "Files: 2 encrypted anew." in said.output
    assert unreadable(engine, NEW) == []
    for name in (plain, former):
        assert at.store(NEW).kept(name) is Kept.NEWEST
        assert b"".join(at.store(NEW).read(name)) == RECORDING
    later = open_engine(at.url, (NEW,))
    with Session(later) as session:
        assert (
            session.scalars(select(SignedDocumentRow.document).order_by(SignedDocumentRow.sign_off_id)).all() == before
        )
        jo = world.visitor("jo")
        found = person_at(session, jo.organization_id, "jo@school.example", (NEW,))
        assert found is not None
        assert found.id == jo.person_id
    later.dispose()
    again = at.run("keys", "encrypt-anew")
    assert "texts encrypted anew" not in again.output
    assert "Files: 0 encrypted anew." in again.output


def test_sec_once_all_are_encrypted_a_file_that_is_not_is_given_to_nobody(
    world: World, sessions: sessionmaker[Session], at: At
) -> None:
    world.session.rollback()
    old = at.put()
    store = EncryptedStore(DiskStore(at.files), (NEW, SECRET), partial(files_encrypted.may_be_plain, sessions))
    assert b"".join(store.read(old)) == RECORDING
    assert at.run("keys", "encrypt-anew").exit_code == 0
    assert b"".join(store.read(old)) == RECORDING
    DiskStore(at.files).put(old, io.BytesIO(b"something else"))
    for first in (0, 3):
        with pytest.raises(Unreadable):
            store.read(old, first)
    said = at.run("keys", "encrypt-anew")
    assert said.exit_code == 1
    assert DiskStore(at.files).read(old).__next__() == b"something else", "it does not become one of ours"
    said = at.run("check")
    assert said.exit_code == 1
    assert "1 of 1 are not encrypted, although all were" in said.output


def test_in_a_new_installation_no_file_is_read_that_is_not_encrypted(
    world: World, sessions: sessionmaker[Session], at: At
) -> None:
    world.session.rollback()
    name = at.place(b"somebody's")
    store = EncryptedStore(DiskStore(at.files), (SECRET,), partial(files_encrypted.may_be_plain, sessions))
    with pytest.raises(Unreadable):
        store.read(name)


def test_an_installation_with_files_from_before_goes_on_reading_them_when_another_organization_comes(
    world: World, sessions: sessionmaker[Session], at: At
) -> None:
    sam = world.visitor("sam")
    world.session.commit()
    at.from_before()
    with sessions.begin() as session:
        session.add(an_export(sam, at.put(SECRET), world.now))
    with sessions.begin() as session:
        organizations.organization_named(session, "Another school", world.now)
    assert files_encrypted.may_be_plain(sessions)


def test_what_never_changes_is_guarded_afterwards_as_before(world: World, engine: Engine, at: At) -> None:
    world.session.rollback()
    assert at.run("keys", "encrypt-anew").exit_code == 0
    with engine.connect() as connection, pytest.raises(DBAPIError, match="never changes"):
        connection.execute(text("UPDATE signed_document SET document = 'other'"))


def test_broken_off_it_goes_on_where_something_is_left(
    world: World, engine: Engine, at: At, sessions: sessionmaker[Session]
) -> None:
    world.session.rollback()
    of, columns = next(each for each in encrypting_anew.tables() if each[0].name == "person")
    first = encrypting_anew.text_of(sessions, of, columns, (NEW, SECRET))
    assert first.changed
    assert encrypting_anew.text_of(sessions, of, columns, (NEW, SECRET)).changed == 0
    assert at.run("keys", "encrypt-anew").exit_code == 0
    assert unreadable(engine, NEW) == []


def test_what_no_secret_reads_is_counted_and_left_as_it_is(world: World, engine: Engine, at: At) -> None:
    world.session.rollback()
    name = at.put(SECRET)
    said = at.run("keys", "encrypt-anew", secret=NEW)
    assert said.exit_code == 1
    assert "that no secret of ours can read" in said.output
    assert "Put the secret that is missing behind the others in ATTUNE_SECRET_KEY" in said.output
    assert unreadable(engine, SECRET) == []
    assert b"".join(at.store(SECRET).read(name)) == RECORDING


def test_a_file_that_is_deleted_meanwhile_does_not_come_back(
    world: World, at: At, sessions: sessionmaker[Session]
) -> None:
    sam, name = world.visitor("sam"), at.put(SECRET)
    kept, stray = at.put(SECRET), at.put(SECRET)
    for stored in (name, kept):
        world.session.add(an_export(sam, stored, world.now))
    world.session.commit()

    class Meanwhile(DiskStore):
        def put(self, name_: str, content: IO[bytes]) -> None:
            if name_ == name:
                gone = update(ExportRow).where(ExportRow.stored_key == name)
                world.session.execute(gone.values(state=ExportState.GONE, stored_key=None))
                world.session.commit()
                self.delete(name)
            super().put(name_, content)

    store = EncryptedStore(Meanwhile(at.files), (NEW, SECRET))
    assert encrypting_anew.files(sessions, store).changed == 3
    assert {each for each, _ in store.names()} == {kept, stray}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestCheck:
    def test_it_says_how_many_files_wait_to_be_encrypted(self, at: At) -> None:
        assert "files: there are none yet" in at.run("check").output
        at.put()
        at.put(NEW)
        said = at.run("check")
        assert said.exit_code == 1
        assert "files: 1 of 2 wait to be encrypted." in said.output
        assert "Run: attune keys encrypt-anew" in said.output
        at.run("keys", "encrypt-anew")
        assert "files: encrypted with the newest secret (2 looked at)" in at.run("check").output

    def test_a_former_secret_has_to_stay_until_nothing_needs_it(self, at: At) -> None:
        at.put(SECRET)
        said = at.run("check")
        assert said.exit_code == 0
        assert "1 of 1 with a former secret, which has to stay in ATTUNE_SECRET_KEY" in said.output

    def test_it_says_that_a_file_cannot_be_read_and_what_to_put_back(self, at: At) -> None:
        at.put(SECRET)
        said = at.run("check", secret=NEW)
        assert said.exit_code == 1
        assert "files: 1 of 1 cannot be read" in said.output
        assert "Put the former secret behind the new one" in said.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_after_a_loss_backup_and_former_secret_bring_everything_back(
    world: World, engine: Engine, at: At, tmp_path: Path
) -> None:
    """The secret was changed after the backup: with both in the list nothing is lost, with the new one alone it is."""
    expected = world.session.scalars(select(PersonRow.name).order_by(PersonRow.id)).all()
    world.session.rollback()
    name = at.put(SECRET)
    kept = tmp_path / "kept.zip"
    assert at.run("backup", "make", str(kept), secret=SECRET).exit_code == 0
    assert RECORDING[:26] not in kept.read_bytes()
    there = At(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "new-files")
    restored = there.run("backup", "restore", str(kept))
    assert restored.exit_code == 0, restored.output
    assert b"".join(there.store(NEW, SECRET).read(name)) == RECORDING
    with pytest.raises(Unreadable):
        there.store(NEW).read(name)
    assert there.run("keys", "encrypt-anew").exit_code == 0
    assert b"".join(there.store(NEW).read(name)) == RECORDING
    later = open_engine(there.url, (NEW,))
    with Session(later) as session:
        assert session.scalars(select(PersonRow.name).order_by(PersonRow.id)).all() == expected
    later.dispose()
