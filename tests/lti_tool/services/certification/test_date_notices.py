"""People are told of each date once, however often, late or twice at once the job runs."""

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import periodic
from lti_tool.services.certification import date_notices, renewal
from lti_tool.services.programs import pauses
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DateNoticeRow
from lti_tool.store.mail import ContactRow, Wanted
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.programs import EnrollmentRow, ProgramVersionRow
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import on_the_way, program_lead


def certified(world: World, days_ago: int, who: str = "sam") -> EnrollmentRow:
    today = world.now.date()
    enrollment = on_the_way(world, who, RENEWED, entered_on=today - timedelta(days=days_ago + 100))
    decided(world, enrollment, today - timedelta(days=days_ago))
    return enrollment


def run(world: World, enrollment: EnrollmentRow, day: int) -> int:
    return date_notices.tell(world.session, enrollment.id, world.now + timedelta(days=day))


def messages(world: World) -> list[MessageRow]:
    found: list[MessageRow] = world.session.query(MessageRow).filter_by(kind=MessageKind.PROGRAM).all()
    return found


def test_cap_d2_a_date_is_told_once_however_often_the_job_runs(world: World) -> None:
    enrollment = certified(world, 280)
    assert [run(world, enrollment, 0), run(world, enrollment, 0), run(world, enrollment, 1)] == [1, 0, 0]
    [message] = messages(world)
    assert message.path == f"/path/{enrollment.id}/renewal"


def test_a_job_that_was_not_there_for_months_tells_only_what_still_matters(world: World) -> None:
    enrollment = certified(world, 0)
    assert run(world, enrollment, 380) == 1
    [noted] = world.session.query(DateNoticeRow).all()
    assert (noted.about, noted.ahead) == ("valid_until", 0)
    assert len(messages(world)) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 900), min_size=1, max_size=8), st.integers(0, 400), st.integers(1, 60))
def test_cap_d2_on_any_days_with_repeats_and_a_pause_each_date_is_told_at_most_once(
    world: World, days: list[int], pause_at: int, pause_for: int
) -> None:
    nested = world.session.begin_nested()
    enrollment = certified(world, 1)
    sam = world.visitor("sam")
    since, until = world.now + timedelta(days=pause_at), world.now + timedelta(days=pause_at + pause_for)
    for day in sorted([*days, *days]):
        now = world.now + timedelta(days=day)
        if day >= pause_at:
            pauses.begin(world.session, sam, enrollment.id, since.date(), since)
            pauses.end(world.session, sam, enrollment.id, min(until, now))
        date_notices.tell(world.session, enrollment.id, now)
    rows = world.session.query(DateNoticeRow).all()
    assert not [
        key for key, times in Counter((row.about, row.about_on, row.ahead) for row in rows).items() if times > 1
    ]
    assert sum(row.ahead > 0 for row in rows) <= 3
    nested.rollback()


def test_ux_s8_who_paused_is_not_reminded(world: World) -> None:
    enrollment = certified(world, 280)
    pauses.begin(world.session, world.visitor("sam"), enrollment.id, None, world.now)
    assert run(world, enrollment, 0) == 0
    assert messages(world) == []


def test_ux_m4_reminders_can_be_muted(world: World) -> None:
    enrollment = certified(world, 280)
    world.session.add(
        ContactRow(
            organization_id=world.organization_id, person_id=enrollment.person_id, wanted=Wanted.DAILY,
            muted=[MessageKind.PROGRAM.value],
        )
    )  # fmt: skip
    world.session.flush()
    run(world, enrollment, 0)
    [message] = messages(world)
    assert message.read_at is not None
    assert message.mail_id is None


def test_one_program_that_cannot_be_read_stops_nobody_else(world: World, sessions: sessionmaker[Session]) -> None:
    today = world.now.date()
    fine = certified(world, 1000)
    broken = on_the_way(world, "noor", RENEWED.replace('id = "renewed"', 'id = "broken"'))
    decided(world, broken, today - timedelta(days=1000))
    world.session.add(
        ProgramVersionRow(
            id=new_id(), organization_id=world.organization_id, program_id=broken.program_id, number=2, edition="2",
            text="id = ", digest="0" * 64, published_at=world.now,
        )
    )  # fmt: skip
    fine_id, broken_id = fine.id, broken.id
    world.session.commit()
    with sessions() as session:
        assert set(date_notices.some(session, None)) == {broken_id, fine_id}
        assert list(date_notices.some(session, max(broken_id, fine_id))) == []
    periodic.tell_of_dates(sessions)
    with sessions() as session:
        assert {row.enrollment_id for row in session.query(DateNoticeRow)} == {fine_id}


def test_ux_p7_a_decision_that_did_not_come_in_its_time_is_told_to_program_leads(world: World) -> None:
    text = f'{RENEWED}\n[due_process]\ndecide_within = "20 days"\n'
    enrollment = on_the_way(world, "sam", text, entered_on=world.now.date() - timedelta(days=400))
    decided(world, enrollment, world.now.date() - timedelta(days=300))
    lea, sam = program_lead(world), world.visitor("sam")
    renewal.apply_for(world.session, sam, enrollment.id, "renewal", world.now)
    for message in messages(world):
        message.read_at = world.now
    world.session.flush()
    assert [run(world, enrollment, 20), run(world, enrollment, 21), run(world, enrollment, 22)] == [0, 1, 0]
    [told] = [each for each in messages(world) if each.read_at is None]
    assert (told.person_id, told.path) == (lea.person_id, f"/people-of/{enrollment.id}")
    enrollment.ended_at, enrollment.ended_by = world.now, lea.person_id
    world.session.flush()
    assert run(world, enrollment, 60) == 0
