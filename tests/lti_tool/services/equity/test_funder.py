"""The report for a funder: what it tells, and that it tells of nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from grading.ledger import EntryKind, EntryState
from lti_tool import periodic
from lti_tool.clock import now as moment_now
from lti_tool.services.courses.places import NotHere
from lti_tool.services.equity import funder, funder_schedules, reports
from lti_tool.services.equity.funder import Span
from lti_tool.services.equity.funder_schedules import Wish
from lti_tool.store.base import new_id
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.practice import Setting
from rubrics.refusal import Refused
from tests.databases import without_table
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.path_rows import program_in_use, program_lead

DAYS = timedelta(days=100)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def people(world: World, number: int) -> UUID:
    """So many on the way, each with 2.5 hours; three of them in another category."""
    program_id, versions = program_in_use(world)
    for place in range(number):
        person_id = new_id()
        world.session.add(PersonRow(id=person_id, organization_id=world.organization_id, created_at=world.now))
        world.session.flush()
        world.session.add(
            EnrollmentRow(
                id=new_id(), organization_id=world.organization_id, program_id=program_id, person_id=person_id,
                version_id=versions[-1], entered_on=(world.now - DAYS).date(), enrolled_at=world.now,
            )
        )  # fmt: skip
        world.session.add(
            LedgerEntryRow(
                id=new_id(), organization_id=world.organization_id, person_id=person_id, kind=EntryKind.PRACTICE,
                on_day=(world.now - timedelta(days=3)).date(), amount=Decimal("2.5"), state=EntryState.SIGNED,
                said={"category": ["rare"] if place < 3 else ["advocacy"]}, setting=next(iter(Setting)),
                made_by=person_id, made_at=world.now, changed_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    return program_id


def span(world: World, program_id: UUID) -> Span:
    return Span(program_id, (world.now - DAYS).date(), world.now.date(), 10)


def test_cap_f8_a_funder_reads_sums_of_many_and_what_is_of_few_is_held_back(world: World) -> None:
    wanted = span(world, people(world, 20))
    lea = program_lead(world)
    found = funder.report(world.session, world.organization_id, funder.draw_up(world.session, lea, wanted, world.now))
    snapshot = {name: found[name] for name in ("minimum", "program", "since", "until", "hours")}
    assert snapshot == {
        "minimum": 10, "program": "Peer support", "since": "2025-11-22", "until": "2026-03-02",
        "hours": {
            "kind": {"practice": "50"}, "category": {"advocacy": None, "rare": None},
            "setting": {next(iter(Setting)).value: "50"}, "model": {},
        },
    }  # fmt: skip
    table = funder.people_in(found)
    assert table.count(None, None) == 20
    assert table.count(None, "on_the_way") in (20, None)


def test_the_same_people_are_told_of_once(world: World) -> None:
    wanted, lea = span(world, people(world, 12)), program_lead(world)
    funder.draw_up(world.session, lea, wanted, world.now)
    with pytest.raises(Refused, match="told of some of these"):
        funder.draw_up(world.session, lea, wanted, world.now)


def test_a_fairness_report_cannot_be_subtracted_from_what_a_funder_was_told(world: World) -> None:
    program_id = people(world, 22)
    lea, wanted = program_lead(world), span(world, program_id)
    funder.draw_up(world.session, lea, wanted, world.now)
    other_days = reports.Asked(program_id, wanted.since - timedelta(days=1), wanted.until, 10)
    with pytest.raises(Refused, match="tells of some of the same people"):
        reports.draw_up(world.session, lea, other_days, world.now)


def test_a_report_of_few_says_so_kindly(world: World) -> None:
    wanted, lea = span(world, people(world, 9)), program_lead(world)
    for changed, said in (
        (wanted, "too few to tell"),
        (replace(wanted, minimum=2), "choose at least"),
        (replace(wanted, since=wanted.until + timedelta(days=1)), "a last day that has come"),
    ):
        with pytest.raises(Refused, match=said):
            funder.draw_up(world.session, lea, changed, world.now)
    other = reports.Asked(new_id(), wanted.since, wanted.until, 10)
    with pytest.raises(NotHere):
        reports.draw_up(world.session, lea, other, world.now)


def asked(world: World, program_id: UUID, since: date = date(2025, 10, 1), minimum: int = 10) -> UUID:
    lea = world.visitors.get("lea") or program_lead(world)
    id_ = funder_schedules.ask(world.session, lea, Wish(program_id, 3, since, minimum), world.now)
    world.session.commit()
    return id_


def night(world: World, sessions: sessionmaker[Session], on: date) -> list[UUID]:
    """The reports of those that were due on a day."""
    at = datetime.combine(on, time(2), UTC)
    waiting = funder_schedules.due(world.session, on)
    world.session.commit()
    found = [made for each in waiting for made in funder_schedules.draw_up_due(sessions, each, at)]
    world.session.expire_all()
    return found


def test_cap_f8_a_report_is_drawn_up_by_the_calendar_of_the_days_since_the_last_and_leads_are_told(
    world: World, sessions: sessionmaker[Session]
) -> None:
    asked(world, people(world, 20))
    (schedule,) = funder_schedules.standing(world.session, world.organization_id)
    assert (schedule.since, schedule.next_on) == (date(2025, 10, 1), date(2026, 4, 1))
    assert night(world, sessions, date(2026, 3, 31)) == []
    (release_id,) = night(world, sessions, date(2026, 4, 1))
    assert release_id
    found = funder.report(world.session, world.organization_id, release_id)
    assert (found["since"], found["until"]) == ("2025-10-01", "2026-03-31")
    assert night(world, sessions, date(2026, 4, 1)) == []
    (schedule,) = funder_schedules.standing(world.session, world.organization_id)
    assert (schedule.since, schedule.next_on) == (date(2026, 4, 1), date(2026, 7, 1))
    told = world.session.scalars(select(MessageRow.path).where(MessageRow.kind == MessageKind.PROGRAM)).all()
    assert f"/reports/funder/{release_id}" in told


def test_cap_f8_days_in_which_too_few_entered_go_into_the_next_report(
    world: World, sessions: sessionmaker[Session]
) -> None:
    asked(world, people(world, 9), date(2025, 10, 1))
    assert night(world, sessions, date(2026, 4, 1)) == []
    (schedule,) = funder_schedules.standing(world.session, world.organization_id)
    assert (schedule.since, schedule.next_on, schedule.with_days_before) == (date(2025, 10, 1), date(2026, 7, 1), True)


def test_at_night_the_worker_draws_up_what_is_due_once(world: World, sessions: sessionmaker[Session]) -> None:
    asked(world, people(world, 20))
    with capture_logs() as said, without_table(sessions.kw["bind"], "released_report"):
        periodic.draw_funder_reports_up(sessions)
    assert [one["event"] for one in said] == ["a report for a funder broke off"]
    for _twice in range(2):
        periodic.draw_funder_reports_up(sessions)
    world.session.expire_all()
    (schedule,) = funder_schedules.standing(world.session, world.organization_id)
    assert schedule.next_on > moment_now().date()
    told = world.session.scalars(select(MessageRow.path).where(MessageRow.kind == MessageKind.PROGRAM)).all()
    assert len(told) == len(set(told)) >= 1


def of_days(world: World, release_id: UUID) -> tuple[str, str]:
    found = funder.report(world.session, world.organization_id, release_id)
    return found["since"], found["until"]


def test_days_of_which_a_person_told_a_funder_meanwhile_are_left_out_and_those_before_and_after_are_not(
    world: World, sessions: sessionmaker[Session]
) -> None:
    program_id = people(world, 20)
    asked(world, program_id)
    someone = world.session.scalars(select(EnrollmentRow.version_id)).first()
    for number in range(12):  # in February, of whom a person tells a funder
        person_id = new_id()
        world.session.add(PersonRow(id=person_id, organization_id=world.organization_id, created_at=world.now))
        world.session.flush()
        world.session.add(
            EnrollmentRow(
                id=new_id(), organization_id=world.organization_id, program_id=program_id, person_id=person_id,
                version_id=someone, entered_on=date(2026, 2, 1 + number), enrolled_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    february = Span(program_id, date(2026, 2, 1), date(2026, 2, 28), 10)
    funder.draw_up(world.session, world.visitors["lea"], february, world.now)
    world.session.commit()
    (release_id,) = night(world, sessions, date(2026, 4, 1))
    assert of_days(world, release_id) == ("2025-10-01", "2026-01-31")
    (schedule,) = funder_schedules.standing(world.session, world.organization_id)
    assert (schedule.since, schedule.next_on) == (date(2026, 3, 1), date(2026, 7, 1))
    assert schedule.left == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_fairness_report_of_the_same_people_does_not_hold_the_next_ones_up(
    world: World, sessions: sessionmaker[Session]
) -> None:
    program_id = people(world, 20)
    asked(world, program_id)
    lea = world.visitors["lea"]
    reports.draw_up(world.session, lea, reports.Asked(None, date(2025, 9, 1), date(2026, 2, 20), 10), world.now)
    world.session.commit()
    assert night(world, sessions, date(2026, 4, 1)) == []
    (schedule,) = funder_schedules.standing(world.session, world.organization_id)
    assert (schedule.since, schedule.next_on) == (date(2026, 2, 21), date(2026, 7, 1))
    assert schedule.left == (date(2025, 10, 1), date(2026, 2, 20))


def test_a_program_has_one_schedule_at_a_time_and_what_was_stopped_is_drawn_up_no_more(
    world: World, sessions: sessionmaker[Session]
) -> None:
    program_id = people(world, 20)
    first = asked(world, program_id)
    with pytest.raises(Refused) as twice:
        asked(world, program_id)
    assert twice.value.code == "asked"
    world.session.rollback()
    for _ in range(2):
        funder_schedules.end(world.session, world.visitors["lea"], first, world.now)
    with pytest.raises(NotHere):
        funder_schedules.end(world.session, world.visitors["lea"], new_id(), world.now)
    world.session.commit()
    assert funder_schedules.draw_up_due(sessions, first, datetime.combine(date(2026, 4, 1), time(2), UTC)) == ()
    assert night(world, sessions, date(2026, 4, 1)) == []
    assert asked(world, program_id) != first


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ((5, date(2026, 1, 1), 10), "months"),
        ((3, date(2026, 1, 1), 2), "minimum_too_low"),
        ((3, date(2026, 9, 1), 10), "days"),
    ],
)
def test_a_schedule_that_cannot_be_kept_says_why(world: World, wish: tuple[int, date, int], code: str) -> None:
    program_id, months = people(world, 1), wish[0]
    with pytest.raises(Refused) as no:
        funder_schedules.ask(world.session, program_lead(world), Wish(program_id, months, *wish[1:]), world.now)
    assert no.value.code == code
