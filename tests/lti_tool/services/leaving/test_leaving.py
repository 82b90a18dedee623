"""An organization takes along what it owns, and is removed with proof."""

import errno
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from grading.appeals import AppealOutcome, AppealState
from grading.ledger import EntryKind, EntryState
from lti_tool.backup.sight import of_one_moment
from lti_tool.file_store import EncryptedStore
from lti_tool.file_store.disk import DiskStore
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.leaving import checking, owned, removing, taking
from lti_tool.services.leaving.archive import MANIFEST, Manifest
from lti_tool.services.leaving.checking import NotTakenAlong
from lti_tool.services.organizations import organization_named
from lti_tool.services.personal_data.theirs import table
from lti_tool.services.wellbeing import journal
from lti_tool.store.base import Base, EncryptedText, new_id
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.organizations import RemovedOrganizationRow
from lti_tool.store.people import PersonRow
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing
from rubrics.refusal import Refused
from tests.conftest import SECRET
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.holding_rows import HERE, carried, certified
from tests.migrations.test_migrations import fill

SHARED_WORDS, PRIVATE_WORDS, THEIR_WORDS = "Waited, then asked.", "for nobody else", "of the other organization"
CONTENT = b"a recording of a role play"


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture
def files(tmp_path: Path) -> EncryptedStore:
    return EncryptedStore(DiskStore(tmp_path / "files"), (SECRET,))


@pytest.fixture
def world(make_world: MakeWorld, files: EncryptedStore) -> World:
    """Practice that is signed, hours, a credential, evidence that is shared and evidence that is not, a journal."""
    world = make_world()
    world.reached(("what leaves",), lambda: _written(world))
    for number in range(2):
        files.put(f"{number:032x}", io.BytesIO(CONTENT + str(number).encode()))
    world.session.commit()
    return world


def _written(world: World) -> UUID:
    sam = world.visitor("sam")
    on = OnTheWay(world.session, sam, shipped("az-prss"), world.now)
    on.entry(EntryKind.PRACTICE, "2.5", ago=50, signer=world.visitor("jo"), title="Warm line", category=["advocacy"])
    world.sign("jo", world.answered())
    _enrollment, decision_id = certified(world)
    carried(world, decision_id)
    journal.begin(world.session, sam, world.now, PRIVATE_WORDS)
    for number, sharing in enumerate((Sharing.ASSESSORS, Sharing.ONLY_ME)):
        world.session.add(
            EvidenceRow(
                id=new_id(), organization_id=world.organization_id, owner_id=sam.person_id, kind=EvidenceKind.AUDIO,
                state=EvidenceState.READY, sharing=sharing, title=(SHARED_WORDS, PRIVATE_WORDS)[number],
                stored_name=f"{number:032x}", media_type="audio/ogg", size=len(CONTENT) + 1, digest="0" * 64,
                made_at=world.now, moved_at=world.now,
            )
        )  # fmt: skip
    other = organization_named(world.session, "Another school", world.now)
    world.session.add(PersonRow(id=new_id(), organization_id=other, name=THEIR_WORDS, created_at=world.now))
    return other


def taken(world: World, path: Path, files: EncryptedStore | None) -> Manifest:
    engine = world.session.get_bind()
    assert isinstance(engine, Engine)
    world.session.commit()
    with of_one_moment(engine) as connection, Session(connection) as session:
        manifest = taking.take_along(
            session, world.organization_id, path, files, revision="0018", public_url=HERE, now=world.now
        )
    assert taking.note(world.session, world.organization_id, manifest, world.now)
    world.session.commit()
    return manifest


def everything(path: Path) -> bytes:
    with zipfile.ZipFile(path) as content:
        return b"\n".join(content.read(name) for name in content.namelist())


def test_every_table_that_an_organization_owns_is_in_it_or_says_why_not(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    manifest = taken(world, tmp_path / "all.zip", files)
    of_organizations = {each.name for each in Base.metadata.sorted_tables if "organization_id" in each.c}
    assert set(manifest.tables) == of_organizations | {"organization"}
    with zipfile.ZipFile(tmp_path / "all.zip") as content:
        for name, said in manifest.tables.items():
            there = {f"tables/{name}.csv", f"tables/{name}.jsonl"} & set(content.namelist())
            assert len(there) == (0 if said.left_out else 2), name
            assert set(said.columns) | set(said.columns_left_out) == set(table(name).c.keys())
            if not said.left_out:
                assert len(content.read(f"tables/{name}.jsonl").splitlines()) == said.rows
        readme = content.read("READ-ME.txt").decode()
    assert all(f"\n{name}\n" in readme for name in manifest.tables)


def test_words_are_in_it_as_they_were_written_and_nobody_else_can_open_it(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    taken(world, tmp_path / "all.zip", files)
    assert SHARED_WORDS.encode() in everything(tmp_path / "all.zip")
    assert b"Sam Example" in everything(tmp_path / "all.zip")
    assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600


def test_nothing_of_another_organization_and_nothing_that_was_promised_to_somebody_alone_is_in_it(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    manifest = taken(world, tmp_path / "all.zip", files)
    found = everything(tmp_path / "all.zip")
    assert THEIR_WORDS.encode() not in found
    assert b"Another school" not in found
    assert PRIVATE_WORDS.encode() not in found
    assert CONTENT + b"0" in found
    assert CONTENT + b"1" not in found
    assert manifest.tables["journal_entry"].left_out == owned.PROMISED


NOT_GIVEN: Mapping[str, Mapping[str, object]] = {
    "evidence": {"sharing": Sharing.ONLY_ME},
    "ledger_entry": {"state": EntryState.OPEN},
    "hand_over_note": {"given_at": None},
    "assessment": {"submitted_at": None},
    "rating": {},
    "assessment_revision": {},
    "appeal": {"state": AppealState.DRAFT, "sent_at": None},
    "appeal_step": {},
    "appeal_member": {},
    "calibration_part": {"handed_in_at": None},
    "calibration_rating": {},
    "comment": {},  # it is taken back
    "endorsement": {},  # it is taken back
    "ledger_import": {},
}
"""How the row that a table has in `fill` becomes one that nobody gave, or that was taken back."""


def test_no_word_of_a_row_that_nobody_gave_is_in_it(
    sessions: sessionmaker[Session], now: datetime, tmp_path: Path
) -> None:
    with sessions() as session:
        engine = session.get_bind()
    assert isinstance(engine, Engine)
    fill(engine, now)
    planted = set[str]()
    with sessions.begin() as session:
        if engine.dialect.name == "sqlite":
            for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        for of_name, values in NOT_GIVEN.items():
            of = table(of_name)
            before = session.execute(select(of)).mappings().all()[0]
            may = (each.name for each in of.c if isinstance(each.type, EncryptedText) and before[each.name] is not None)
            secret = {name: f"{PRIVATE_WORDS}: {of_name}.{name}" for name in may}
            if secret or values:
                session.execute(of.update().values(**secret, **values))
            planted |= set(secret)
        organization_id: UUID = session.scalars(select(table("organization").c.id)).one()
        other = organization_named(session, "Another school", now)
        for of_name in ("rubric_version", "framework", "program_version", "scenario", "issuer_key", "credential"):
            session.execute(table(of_name).update().values(organization_id=other))  # no documents that can be read
    assert {"words", "wish", "why_late", "why", "rows", "file_name", "by_name"} <= planted
    assert set(owned.SHARED) <= set(NOT_GIVEN)
    with of_one_moment(engine) as connection, Session(connection) as session:
        manifest = taking.take_along(
            session, organization_id, tmp_path / "all.zip", None, revision="0018", public_url=HERE, now=now
        )
    assert PRIVATE_WORDS.encode() not in everything(tmp_path / "all.zip")
    assert not any(manifest.tables[name].rows for name in NOT_GIVEN if name != "calibration_part")


def test_what_a_panel_writes_is_in_it_once_it_is_decided(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions() as session:
        engine = session.get_bind()
    fill(engine, now)  # type: ignore[arg-type]
    appeal = table("appeal")
    with sessions.begin() as session:
        session.execute(
            appeal.update().values(
                state=AppealState.WITH_PANEL, sent_at=now, outcome=AppealOutcome.CHANGED, reasons=PRIVATE_WORDS,
                words=SHARED_WORDS, ended_at=None,
            )
        )  # fmt: skip
        organization_id: UUID = session.scalars(select(table("organization").c.id)).one()
        (row,) = session.execute(owned.rows(appeal, organization_id))
        assert (row.words, row.outcome, row.reasons, row.written_by) == (SHARED_WORDS, None, None, None)
        session.execute(appeal.update().values(state=AppealState.DECIDED, ended_at=now))
        (row,) = session.execute(owned.rows(appeal, organization_id))
        assert (row.outcome, row.reasons) == (AppealOutcome.CHANGED, PRIVATE_WORDS)


def test_no_key_token_or_code_is_ever_in_it() -> None:
    for of in owned.tables():
        if owned.left_out(of.name):
            continue
        for column in owned.columns(of):
            secret = (
                "token_digest",
                "access_token",
                "private",
                "code_digest",
                "link_digest",
                "email_digest",
                "pem",
                "stop_digest",
            )
            assert not any(word in column.name for word in secret), f"{of.name}.{column.name}"
    assert "private" not in {column.name for column in owned.columns(table("issuer_key"))}
    assert {"web_session", "platform_token", "contact", "deep_link"} <= {
        of.name for of in owned.tables() if owned.left_out(of.name)
    }


def test_it_is_checked_with_nothing_but_the_file(world: World, files: EncryptedStore, tmp_path: Path) -> None:
    manifest = taken(world, tmp_path / "all.zip", files)
    found = checking.check(tmp_path / "all.zip")
    assert found.troubles == ()
    assert found.digest == manifest.digest
    assert found.acts == manifest.audit["number"] > 0
    assert found.signatures == 1


@pytest.mark.parametrize("name", ["tables/audit_entry.jsonl", "tables/person.csv", "READ-ME.txt"])
def test_a_change_is_noticed_wherever_it_is(world: World, files: EncryptedStore, tmp_path: Path, name: str) -> None:
    taken(world, tmp_path / "all.zip", files)
    with zipfile.ZipFile(tmp_path / "all.zip") as content, zipfile.ZipFile(tmp_path / "other.zip", "w") as to:
        for each in content.namelist():
            to.writestr(each, content.read(each).replace(b"e", b"E", 1) if each == name else content.read(each))
    assert any(name in trouble for trouble in checking.check(tmp_path / "other.zip").troubles)


def test_a_chain_of_acts_that_was_written_anew_is_noticed_even_where_its_digest_was_too(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    taken(world, tmp_path / "all.zip", files)
    with zipfile.ZipFile(tmp_path / "all.zip") as content, zipfile.ZipFile(tmp_path / "other.zip", "w") as to:
        for each in content.namelist():
            rows = content.read(each)
            if each == checking.AUDIT:
                rows = b"\n".join(rows.splitlines()[:-1]) + b"\n"
            if each != MANIFEST:
                to.writestr(each, rows)
                continue
            manifest = json.loads(rows)
            manifest["files"].pop(checking.AUDIT)
            to.writestr(each, json.dumps(manifest))
    assert "The list of acts does not end where the manifest says." in checking.check(tmp_path / "other.zip").troubles


def test_an_organization_that_is_not_there_is_neither_taken_along_nor_removed(
    bare_world: World, tmp_path: Path
) -> None:
    now = bare_world.now
    with pytest.raises(NotHere):
        taking.take_along(
            bare_world.session, new_id(), tmp_path / "all.zip", None, revision="", public_url=HERE, now=now
        )  # fmt: skip
    with pytest.raises(NotHere):
        removing.remove(bare_world.session, new_id(), None, now)


def test_half_a_file_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(NotTakenAlong, match="only the beginning"):
        checking.check(tmp_path / "half.zip")
    assert not checking.is_one(tmp_path / "half.zip")
    with pytest.raises(NotTakenAlong, match=r"nothing\.zip cannot be opened"):
        checking.check(tmp_path / "nothing.zip")


@pytest.mark.parametrize(
    ("manifest", "said"),
    [(None, "no manifest"), ("[]", "no manifest"), ('{"format": "of another program"}', "not of the form")],
    ids=["without", "of another kind", "of another form"],
)
def test_a_file_of_something_else_is_named_as_such(tmp_path: Path, manifest: str | None, said: str) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as to:
        to.writestr("READ-ME.txt" if manifest is None else MANIFEST, manifest or "")
    with pytest.raises(NotTakenAlong, match=said):
        checking.check(path)
    assert not checking.is_one(path)


def test_a_manifest_without_an_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with zipfile.ZipFile(path, "w") as to:
        to.writestr(MANIFEST, "{}")
    content = bytearray(path.read_bytes())
    size = content.rindex(b"PK\x01\x02") + 24  # as the directory of the file says it
    content[size : size + 4] = (checking.LARGEST_MANIFEST + 1).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(NotTakenAlong, match="larger than any"):
        checking.check(path)


def changed(path: Path, *changes: tuple[str, Callable[[bytes], bytes | None]]) -> tuple[str, ...]:
    """The troubles of the same file in which somebody changed these files, and said their new digests to be true."""
    other = path.with_name("other.zip")
    with zipfile.ZipFile(path) as content, zipfile.ZipFile(other, "w") as to:
        manifest = json.loads(content.read(MANIFEST))
        for each in content.namelist():
            if each == MANIFEST:
                continue
            rows: bytes | None = content.read(each)
            for pattern, change in changes:
                rows = change(rows) if rows is not None and fnmatch(each, pattern) else rows
            manifest["files"].pop(each)
            if rows is not None:
                to.writestr(each, rows)
                manifest["files"][each] = {"sha256": hashlib.sha256(rows).hexdigest(), "size": len(rows)}
        to.writestr(MANIFEST, json.dumps(manifest))
    return checking.check(other).troubles


def test_acts_and_signatures_are_checked_also_where_every_digest_was_written_anew(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    taken(world, path := tmp_path / "all.zip", files)
    acts = changed(path, (checking.AUDIT, lambda rows: rows.replace(b'"act": "', b'"act": "x', 1)))
    assert any("entry 1 is not what was written there" in trouble for trouble in acts), acts
    unknown = changed(path, ("website/o/*/did.json", lambda rows: rows.replace(b"#", b"#other-")))
    assert any("is not signed with a key of the issuer" in trouble for trouble in unknown), unknown
    without = changed(path, ("website/o/*/did.json", lambda _rows: None))
    assert any("The issuer's identity" in trouble for trouble in without), without


def test_where_the_store_lost_a_file_the_manifest_names_it(world: World, files: EncryptedStore, tmp_path: Path) -> None:
    files.delete(f"{0:032x}")
    assert len(taken(world, tmp_path / "all.zip", files).absent) == 1


class Damaged(DiskStore):
    """A disk that gives up after the first piece."""

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        yield next(super().read(name, first, size))[:10]
        raise OSError(errno.EIO, "Input/output error")


def test_a_file_that_cannot_be_read_is_named_and_all_others_are_taken_along(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    another = EncryptedStore(DiskStore(tmp_path / "files"), ("another-secret-that-is-long-enough-for-us",))
    for number, store in enumerate((another, Damaged(tmp_path / "files"))):
        path = tmp_path / f"{number}.zip"
        manifest = taken(world, path, store)  # type: ignore[arg-type]
        assert (len(manifest.unreadable), manifest.absent) == (1, [])
        assert checking.check(path).troubles == ()
        with zipfile.ZipFile(path) as content:
            assert not any(name.startswith("evidence/") for name in content.namelist())
            assert json.loads(content.read(MANIFEST))["unreadable"] == manifest.unreadable


def test_everything_is_removed_and_the_other_organization_keeps_every_row(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    session, manifest = world.session, taken(world, tmp_path / "all.zip", files)
    other = session.scalars(select(PersonRow.organization_id).where(PersonRow.organization_id != world.organization_id))
    other_id = other.one()
    before = removing.counts(session, other_id)
    removed = removing.remove(session, world.organization_id, manifest.digest, world.now)
    session.commit()
    assert sum(removed.rows.values()) > 100
    assert removed.found == {}
    assert removed.ids > 100
    assert removing.counts(session, world.organization_id) == {}
    assert removing.counts(session, other_id) == before
    stayed = removing.what_stayed(session, world.organization_id)
    assert stayed.rows_before == removed.rows
    assert stayed.export_digest == manifest.digest
    assert removing.still_named(session.connection(), world.organization_id) == {}
    assert removing.delete_files(files, removed.files) == ()
    assert list(files.names()) == []
    assert [found.organization for found in audit.verify(session)] == ["Another school"]


def test_what_stays_names_nobody_and_never_changes(world: World) -> None:
    session = world.session
    removing.remove(session, world.organization_id, None, world.now)
    session.commit()
    row = session.execute(text("SELECT * FROM removed_organization")).one()
    assert "School" not in str(row)
    for statement in (
        update(RemovedOrganizationRow).values(files_before=7),
        table("removed_organization").delete(),
    ):
        with pytest.raises(IntegrityError, match="never change"):
            session.execute(statement)
        session.rollback()


def test_without_the_removal_the_database_keeps_what_was_signed(world: World) -> None:
    world.session.add(
        RemovedOrganizationRow(
            id=new_id(), begun_at=world.now, rows_before={}, files_before=0, audit_number=0
        )
    )  # fmt: skip
    world.session.flush()
    for name in ("sign_off", "audit_entry", "decision", "ledger_entry", "rating"):
        with pytest.raises(IntegrityError, match="never change"), world.session.begin_nested():
            world.session.execute(table(name).delete().where(table(name).c.organization_id == world.organization_id))


def test_it_asks_for_the_digest_of_the_last_export_and_for_nothing_to_have_happened_since(
    world: World, files: EncryptedStore, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        removing.remove(world.session, world.organization_id, "0" * 64, world.now)
    assert refused.value.code == "not_taken_along"
    manifest = taken(world, tmp_path / "all.zip", files)
    world.grant(world.visitor("noor"), None)
    with pytest.raises(Refused) as refused:
        removing.remove(world.session, world.organization_id, manifest.digest, world.now)
    assert refused.value.code == "changed_since"


def test_what_happened_while_it_was_taken_along_is_noticed(world: World, files: EncryptedStore, tmp_path: Path) -> None:
    engine = world.session.get_bind()
    assert isinstance(engine, Engine)
    with of_one_moment(engine) as connection, Session(connection) as session:
        manifest = taking.take_along(
            session, world.organization_id, tmp_path / "all.zip", files, revision="0018", public_url=HERE,
            now=world.now,
        )  # fmt: skip
    world.grant(world.visitor("noor"), None)
    assert not taking.note(world.session, world.organization_id, manifest, world.now)
    with pytest.raises(Refused) as refused:
        removing.remove(world.session, world.organization_id, manifest.digest, world.now)
    assert refused.value.code == "changed_since"


def test_with_a_row_in_every_table_nothing_is_left(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions() as session:
        engine = session.get_bind()
    fill(engine, now)  # type: ignore[arg-type]
    with sessions() as session:
        organization_id: UUID = session.scalars(select(table("organization").c.id)).one()
        removed = removing.remove(session, organization_id, None, now)
        session.commit()
        assert set(removed.rows) == {of.name for of in owned.tables()} | {"kept_mark"}
        assert removed.found == {}
        words = [
            f"{of.name}.{column.name}"
            for of in Base.metadata.sorted_tables
            for column in of.c
            if isinstance(column.type, EncryptedText) and session.scalars(select(func.count()).select_from(of)).one()
        ]
        assert words == ["tool_key.private_pem"]
