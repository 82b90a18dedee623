"""Tables to take along: who may, what is in them, and the worker that makes large ones."""

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Field
from lti_tool.file_store import Away, EncryptedStore, Full
from lti_tool.file_store.disk import DiskStore
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.exchange import exporting, exporting_tables, exporting_work
from lti_tool.services.exchange.exporting_tables import Asked, Of
from lti_tool.services.portfolio import evidence_clean
from lti_tool.store.base import new_id
from lti_tool.store.exports import ExportForm, ExportRow, ExportState
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import GrantRow
from lti_tool.store.records import AuditEntryRow, ReadLogRow
from rubrics.refusal import Refused
from tests.conftest import SECRET, Clock
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.path_rows import an_entry, on_the_way, program_lead


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


@pytest.fixture
def disk(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "files")


@pytest.fixture
def store(disk: DiskStore) -> EncryptedStore:
    return EncryptedStore(disk, ("a secret of the tests",))


def asked(world: World, visitor: Visitor, of: Of, subject_id: UUID | None = None) -> Asked:
    return exporting.asked(world.session, visitor, of, subject_id, world.now)


def rows_of(world: World, visitor: Visitor, of: Of, name: str, subject_id: UUID | None = None) -> list[dict[str, str]]:
    """A small table as a file, read again."""
    found = asked(world, visitor, of, subject_id)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        exporting.at_once(
            world.session, visitor, exporting.TABLES[name], found, form=ExportForm.CSV, language="en", path=path
        )
        return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def ask(world: World, visitor: Visitor, name: str, of: Of, subject_id: UUID | None = None) -> UUID:
    return exporting.ask(
        world.session, exporting.TABLES[name], asked(world, visitor, of, subject_id), form=ExportForm.CSV,
        language="en",
    )  # fmt: skip


def test_somebodys_own_ledger_comes_along_and_nobody_elses(world: World) -> None:
    an_entry(world, amount="2.5", title="=cmd()", said={"category": ["advocacy"]}, signed_by="jo")
    an_entry(world, "noor", amount="7")
    (row,) = rows_of(world, world.visitor("sam"), Of.MINE, "ledger")
    assert (row["Amount"], row["Title"], row["State"]) == ("2.50", "'=cmd()", "signed")
    assert row["What it is like"] == "category: advocacy"
    assert row["Signed by"] == "Jo Example"


def test_a_program_lead_has_what_was_handed_in_and_whose_it_is_sees_it(world: World) -> None:
    enrollment = on_the_way(world)
    an_entry(world, amount="2", signed_by="jo")
    an_entry(world, amount="3")
    lea = program_lead(world)
    (row,) = rows_of(world, lea, Of.PROGRAM, "program_ledger", enrollment.program_id)
    assert (row["Name"], row["Amount"]) == ("Sam Example", "2.00")
    logged = select(ReadLogRow.field).where(
        ReadLogRow.trainee_id == enrollment.person_id, ReadLogRow.reader_id == lea.person_id
    )
    assert world.session.scalars(logged).all() == [Field.LEDGER]


def test_taking_the_same_along_again_at_once_is_one_line_in_the_log_of_who_read(world: World) -> None:
    enrollment = on_the_way(world)
    an_entry(world, signed_by="jo")
    an_entry(world, signed_by="jo")
    lea = program_lead(world)
    for _ in range(2):
        rows_of(world, lea, Of.PROGRAM, "program_ledger", enrollment.program_id)
    assert world.session.scalars(select(func.count()).select_from(ReadLogRow)).one() == 1


@pytest.mark.parametrize("name", [each.name for each in exporting.TABLES.values() if each.of is Of.PROGRAM])
def test_a_table_of_a_program_is_for_program_leads(world: World, name: str) -> None:
    enrollment = on_the_way(world)
    for who in ("sam", "ines", "jo"):
        with pytest.raises(NotHere):
            asked(world, world.visitor(who), Of.PROGRAM, enrollment.program_id)
    lea = program_lead(world)
    for of in (Of.PROGRAM, Of.COURSE):
        for subject_id in (None, new_id()):
            with pytest.raises(NotHere):
                asked(world, lea, of, subject_id)
    rows = rows_of(world, lea, Of.PROGRAM, name, enrollment.program_id)
    assert len(rows) == (1 if name in ("cohort", "people") else 0)


@pytest.mark.parametrize("name", [each.name for each in exporting.TABLES.values() if each.of is Of.COURSE])
def test_a_table_of_a_course_is_for_its_instructors(world: World, name: str) -> None:
    world.sign("jo", world.answered())
    ines = world.visitor("ines")
    course_id = world.place(ines).course.id
    for who in ("sam", "jo"):
        with pytest.raises(NotHere):
            asked(world, world.visitor(who), Of.COURSE, course_id)
    rows = rows_of(world, ines, Of.COURSE, name, course_id)
    assert len(rows) == (1 if name in ("observations", "gradebook") else 0)


def test_what_two_agreed_on_for_supervision_comes_along_for_nobody_else(world: World) -> None:
    ines = world.visitor("ines")
    found = asked(world, ines, Of.COURSE, world.place(ines).course.id)
    headings = exporting.in_words(world.session, exporting.TABLES["supervision"], found, "en")
    assert not [each for each in headings if "every" in each]


def test_observations_come_with_states_and_days_and_no_words(world: World) -> None:
    world.sign("jo", world.answered())
    ines = world.visitor("ines")
    (row,) = rows_of(world, ines, Of.COURSE, "observations", world.place(ines).course.id)
    assert (row["Name"], row["State"], row["Observers"]) == ("Sam Example", "released", "Jo Example")
    assert row["Lanes signed"] == "peer"
    assert not any("words" in heading.casefold() or "strength" in heading.casefold() for heading in row)


def test_tables_of_the_organization_are_for_program_leads(world: World) -> None:
    with pytest.raises(NotHere):
        asked(world, world.visitor("ines"), Of.ORGANIZATION)
    lea = program_lead(world)
    assert rows_of(world, lea, Of.ORGANIZATION, "sites") == []
    assert {row["What"] for row in rows_of(world, lea, Of.ORGANIZATION, "appeals")} >= {"sent", "decided", "late"}


def test_a_table_that_is_not_there_is_asked_for_kindly(world: World) -> None:
    with pytest.raises(Refused, match="which table"):
        exporting.table_of(Of.MINE, "cohort")
    with pytest.raises(Refused, match="kind of file"):
        exporting.form_of("exe")
    sam = world.visitor("sam")
    row = world.session.get_one(ExportRow, ask(world, sam, "ledger", Of.MINE))
    row.what, row.state, row.stored_key = "of_an_earlier_edition", ExportState.READY, "0" * 32
    with world.session.no_autoflush, pytest.raises(NotHere):
        exporting.take_along(world.session, sam, row.id, world.now)


# ---- the worker ----


def test_a_large_table_is_made_by_the_worker_kept_encrypted_and_told(
    world: World, sessions: sessionmaker[Session], disk: DiskStore, store: EncryptedStore, clock: Clock
) -> None:
    sam = world.visitor("sam")
    for number in range(3):
        an_entry(world, amount=str(number + 1), title="A night on the warm line")
    export_id = ask(world, sam, "ledger", Of.MINE)
    world.session.commit()
    assert exporting_work.due(world.session, world.now) == (export_id,)
    world.session.commit()
    assert exporting_work.work(sessions, store, export_id, clock) is ExportState.READY
    world.session.expire_all()
    found = exporting.take_along(world.session, sam, export_id, world.now)
    assert (found.rows_done, found.rows_total) == (3, 3)
    assert found.stored_key is not None
    assert b"warm line" not in b"".join(disk.read(found.stored_key))
    content = b"".join(store.read(found.stored_key))
    assert content.count(b"A night on the warm line") == 3
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (found.digest, found.size)
    message = world.session.scalars(select(MessageRow).where(MessageRow.kind == MessageKind.EXPORT)).one()
    assert (message.person_id, message.path) == (sam.person_id, f"/exports/{export_id}")
    acts = world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.subject == f"export:{export_id}"))
    assert acts.all() == ["export.ask", "export.ready", "export.take_along"]


def test_it_goes_through_page_by_page_in_an_order_that_never_changes(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    sam = world.visitor("sam")
    for _ in range(exporting_tables.AT_ONCE + 3):
        an_entry(world, amount="1")
    export_id = ask(world, sam, "ledger", Of.MINE)
    world.session.commit()
    exporting_work.work(sessions, store, export_id, clock)
    world.session.expire_all()
    assert exporting.one(world.session, sam, export_id).rows_done == exporting_tables.AT_ONCE + 3


def test_what_is_called_off_is_not_made_and_twice_changes_nothing(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    sam = world.visitor("sam")
    export_id = ask(world, sam, "ledger", Of.MINE)
    for _ in range(2):
        exporting.call_off(world.session, sam, export_id, world.now)
    world.session.commit()
    assert exporting_work.work(sessions, store, export_id, clock) is None
    assert list(store.names()) == []
    with pytest.raises(NotHere):
        exporting.take_along(world.session, sam, export_id, world.now)


def test_a_worker_that_is_told_to_stop_gives_it_back_whole(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    export_id = ask(world, world.visitor("sam"), "ledger", Of.MINE)
    world.session.commit()
    for _ in range(exporting_work.TRIES + 1):  # that the worker stops is no try
        state = exporting_work.work(sessions, store, export_id, clock, stopping=lambda: True)
        assert state is ExportState.WAITING
    assert exporting_work.work(sessions, store, export_id, clock) is ExportState.READY


def test_one_whose_worker_is_gone_is_begun_anew_and_not_for_ever(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    export_id = ask(world, world.visitor("sam"), "ledger", Of.MINE)
    world.session.commit()
    for _ in range(exporting_work.TRIES):
        assert exporting_work._take(sessions, export_id, clock) is not None
        assert exporting_work._take(sessions, export_id, clock) is None, "somebody has it"
        clock.advance(minutes=5)
    assert exporting_work.work(sessions, store, export_id, clock) is None
    world.session.expire_all()
    assert world.session.get_one(ExportRow, export_id).state is ExportState.STOPPED


def test_a_worker_that_lost_it_meanwhile_keeps_nothing(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    export_id = ask(world, world.visitor("sam"), "ledger", Of.MINE)
    world.session.commit()
    slow = exporting_work._take(sessions, export_id, clock)
    assert slow is not None
    clock.advance(minutes=5)
    assert exporting_work.work(sessions, store, export_id, clock) is ExportState.READY
    with pytest.raises(exporting_work._TakenAway):
        exporting_work._made(sessions, store, None, slow, clock, lambda: False)
    assert len(list(store.names())) == 1


def test_whoever_looks_after_it_no_more_gets_nothing(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    enrollment = on_the_way(world)
    lea = program_lead(world)
    export_id = ask(world, lea, "cohort", Of.PROGRAM, enrollment.program_id)
    grant = world.session.scalars(select(GrantRow).where(GrantRow.person_id == lea.person_id)).one()
    grant.revoked_at, grant.revoked_by = world.now, lea.person_id
    world.session.commit()
    assert exporting_work.work(sessions, store, export_id, clock) is ExportState.STOPPED
    assert list(store.names()) == []


def test_a_file_that_is_ready_is_not_handed_out_any_more_to_whoever_lost_what_it_needs(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    enrollment = on_the_way(world)
    lea = program_lead(world)
    export_id = ask(world, lea, "cohort", Of.PROGRAM, enrollment.program_id)
    world.session.commit()
    assert exporting_work.work(sessions, store, export_id, clock) is ExportState.READY
    assert exporting.take_along(world.session, lea, export_id, world.now).stored_key
    grant = world.session.scalars(select(GrantRow).where(GrantRow.person_id == lea.person_id)).one()
    grant.revoked_at, grant.revoked_by = world.now, lea.person_id
    world.session.flush()
    with pytest.raises(NotHere):
        exporting.take_along(world.session, lea, export_id, world.now)


def test_it_is_kept_for_seven_days_and_no_night_takes_it_before(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    sam = world.visitor("sam")
    export_id = ask(world, sam, "ledger", Of.MINE)
    world.session.commit()
    exporting_work.work(sessions, store, export_id, clock)
    assert evidence_clean.delete_strays(sessions, store, clock() + timedelta(days=3)) == 0
    world.session.expire_all()
    assert exporting_work.purge(world.session, clock() + timedelta(days=6)) == ()
    assert len(exporting_work.purge(world.session, clock() + timedelta(days=8))) == 1
    assert exporting.one(world.session, sam, export_id).state is ExportState.GONE


def test_the_same_that_waits_already_is_not_made_twice_and_there_are_not_many(world: World) -> None:
    sam = world.visitor("sam")
    assert ask(world, sam, "ledger", Of.MINE) == ask(world, sam, "ledger", Of.MINE)


def test_more_than_a_few_files_are_not_made_at_once_and_the_same_one_waits_once(world: World) -> None:
    sam = world.visitor("sam")
    names = [name for name, table in exporting.TABLES.items() if table.of is Of.MINE]
    first = ask(world, sam, names[0], Of.MINE)
    assert ask(world, sam, names[0], Of.MINE) == first
    rows = [{"what": f"another-{number}", "id": new_id()} for number in range(exporting.MOST_OPEN - 1)]
    one = world.session.get_one(ExportRow, first)
    same = {column.key: getattr(one, column.key) for column in ExportRow.__table__.columns}
    world.session.execute(insert(ExportRow), [same | changes for changes in rows])
    with pytest.raises(Refused) as refused:
        ask(world, sam, names[1], Of.MINE)
    assert (refused.value.code, refused.value.values) == ("exports_open", {"number": exporting.MOST_OPEN})


class Refusing(DiskStore):
    """Takes nothing."""

    def __init__(self, folder: Path, problem: type[Exception]) -> None:
        super().__init__(folder)
        self.problem = problem

    def put(self, *_args: object, **_values: object) -> object:  # type: ignore[override]
        raise self.problem


@pytest.mark.parametrize("problem", [Full, Away])
def test_where_the_store_has_no_room_or_does_not_answer_it_stops_and_says_so(
    world: World, sessions: sessionmaker[Session], tmp_path: Path, clock: Clock, problem: type[Exception]
) -> None:
    sam = world.visitor("sam")
    export_id = ask(world, sam, "ledger", Of.MINE)
    world.session.commit()
    store = EncryptedStore(Refusing(tmp_path, problem), (SECRET,))
    assert exporting_work.work(sessions, store, export_id, clock) is ExportState.STOPPED
    world.session.expire_all()
    assert world.session.get_one(ExportRow, export_id).problem == problem.__name__.lower()


def test_what_is_called_off_while_it_is_being_made_is_kept_nowhere(
    world: World, sessions: sessionmaker[Session], store: EncryptedStore, clock: Clock
) -> None:
    sam = world.visitor("sam")
    first, second = ask(world, sam, "ledger", Of.MINE), ask(world, sam, "sessions", Of.MINE)
    world.session.commit()

    def call_off(export_id: UUID, minutes: int) -> Callable[[], bool]:
        """So many minutes after the worker began its person calls it off."""
        left = [export_id]

        def stopping() -> bool:
            if left:
                clock.advance(minutes=minutes)
                with sessions.begin() as session:
                    exporting.call_off(session, sam, left.pop(), clock())
            return False

        return stopping

    assert exporting_work.work(sessions, store, first, clock, stopping=call_off(first, 0)) is None
    assert exporting_work.work(sessions, store, second, clock, stopping=call_off(second, 2)) is None
    assert list(store.names()) == []
