"""Many who change evidence of the same people in the same moment: what is kept is marked, and nobody waits for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from grading.evidence import Kind
from grading.ledger import Source
from lti_tool.services.standing import kept_standings
from lti_tool.store.base import new_id
from lti_tool.store.ledger import AttestationRow
from lti_tool.store.seen import KeptMarkRow
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import SMALL, on_the_way

DAY = date(2026, 3, 1)
Change = Callable[[Session], object]


def both_in_turn(sessions: sessionmaker[Session], *, one: list[Change], other: list[Change]) -> list[str]:
    """Two transactions: each has made its first change before either makes its second. What became of each."""
    first_is_made = threading.Barrier(2, timeout=60)

    def run(changes: list[Change]) -> str:
        try:
            with sessions.begin() as session:
                for number, change in enumerate(changes):
                    change(session)
                    if number == 0:
                        first_is_made.wait()
        except Exception as problem:
            return type(problem).__name__
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (one, other)))


def says(person_id: UUID, organization_id: UUID) -> Change:
    """Something new of this person, as evidence."""
    return lambda session: session.execute(
        insert(AttestationRow).values(
            id=new_id(), organization_id=organization_id, person_id=person_id, kind=Kind.STATEMENT, on_day=DAY, said={},
            unit="", source=Source.OWN_WORD, said_at=datetime(2026, 3, 1, tzinfo=UTC),
        )
    )  # fmt: skip


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_cap_d6_two_who_change_evidence_of_the_same_people_in_opposite_order_both_come_through(
    world: World, sessions: sessionmaker[Session]
) -> None:
    enrollments = [on_the_way(world, "sam"), on_the_way(world, "noor", SMALL.replace('"small"', '"other"'))]
    sam, noor = (says(each.person_id, each.organization_id) for each in enrollments)
    kept_standings.note_new(world.session, world.now)
    for each in enrollments:
        kept_standings.work_out(world.session, each.program_id, world.now)
    world.session.commit()
    became = both_in_turn(sessions, one=[sam, noor], other=[noor, sam])
    assert became == ["done", "done"]
    with sessions() as session:
        assert set(session.scalars(select(KeptMarkRow.enrollment_id))) == {each.id for each in enrollments}


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_cap_d6_what_changes_while_a_standing_is_worked_out_waits_for_nobody_and_is_marked_afterward(
    world: World, sessions: sessionmaker[Session]
) -> None:
    enrollment = on_the_way(world)
    kept_standings.note_new(world.session, world.now)
    world.session.commit()
    with sessions() as worker:
        assert kept_standings.work_out(worker, enrollment.program_id, world.now) == 1
        with sessions.begin() as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            says(enrollment.person_id, enrollment.organization_id)(session)
        worker.commit()
    with sessions() as session:
        assert list(kept_standings.due(session, world.now)) == [enrollment.program_id]
