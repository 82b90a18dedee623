"""What the LMS shows is compared with what it should show; nothing of it is overwritten."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select
from structlog.testing import capture_logs

from grading.delivery import DeliveryState, Shown
from lti_tool import column_work
from lti_tool.lti.answers import Answer
from lti_tool.lti.pages import Patience
from lti_tool.lti.results import Result
from lti_tool.safe_http import HttpAnswer, SafeHttp
from lti_tool.services.courses.places import NotHere
from lti_tool.services.scores import cells_read, reading_back
from lti_tool.services.scores.reading_back import Found
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.engine import open_sessions
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.platforms import RegistrationRow
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.reading import Column, given


@pytest.fixture
def column(world: World) -> Column:
    column = Column(world)
    column.may_be_read()
    return column


def test_lti_a34_another_score_in_the_lms_is_seen_and_nothing_is_sent(column: Column) -> None:
    sam, noor = column.score("sam", 75), column.score("noor", 50)
    column.read(sam="80", noor="50")
    assert column.stands(sam) == ("differs", None, Decimal(80))
    assert column.stands(noor) == ("accepted", "accepted", Decimal(50))
    assert column.cell(sam).next_attempt_at is None
    assert (column.row.read_at, column.row.read_problem) == (column.world.now, None)


def test_a_cell_that_was_emptied_there_asks_for_a_person_and_is_not_filled_again(column: Column) -> None:
    sam, noor = column.score("sam"), column.score("noor")
    column.read(sam=None)
    assert [column.stands(one)[0] for one in (sam, noor)] == ["differs", "differs"]
    assert column.cell(sam).lms_read_at is not None


def test_of_who_left_the_course_nothing_need_be_shown(column: Column) -> None:
    sam = column.score("sam")
    column.leave("sam")
    column.read()
    assert column.stands(sam)[0] == "accepted"


def test_an_answer_that_was_lost_is_made_up_for_by_what_is_shown(column: Column) -> None:
    sam = column.score("sam", 75, DeliveryState.NEEDS_PERSON, answer=Answer.PLATFORM_UNREACHABLE.value)
    column.read(sam="75.00001")
    row = column.cell(sam)
    assert (row.state, row.accepted_score, row.answer) == (DeliveryState.ACCEPTED, Decimal(75), "accepted")


def test_what_waits_or_was_sent_since_the_reading_began_is_left_alone(column: Column) -> None:
    world = column.world
    sam = column.score("sam", 75, DeliveryState.WAITING)
    noor = column.score("noor", accepted_at=world.now + timedelta(seconds=1))
    column.read(sam="10", noor="10")
    assert [column.stands(one)[0] for one in (sam, noor)] == ["waiting", "accepted"]
    assert column.cell(noor).lms_read_at is None


def test_a_person_set_it_right_there_and_it_is_in_step_again(column: Column) -> None:
    sam = column.score("sam", 75)
    column.read(sam="80")
    column.read(sam="75")
    assert column.stands(sam)[:2] == ("accepted", "accepted")


def test_a_newer_one_of_ours_goes_out_once_the_lms_shows_the_older_one_again(column: Column) -> None:
    sam = column.score("sam", 50)
    column.read(sam="80")
    row = column.cell(sam)
    row.desired_score = Decimal(75)
    column.world.session.flush()
    column.read(sam="80")
    assert column.stands(sam)[0] == "differs"
    column.read(sam="50")
    assert (column.cell(sam).state, column.cell(sam).next_attempt_at is not None) == (DeliveryState.WAITING, True)


def test_what_nothing_counts_for_any_more_and_was_taken_out_there_needs_nobody(column: Column) -> None:
    sam = column.score("sam", 75, DeliveryState.NEEDS_PERSON, answer=Answer.NOTHING_LEFT.value)
    column.read(sam="75")
    assert column.stands(sam)[0] == "needs_person"
    column.read(sam=None)
    assert column.stands(sam)[:2] == ("cleared", "nothing_left")


def test_where_a_person_set_a_score_of_their_own_in_place_of_one_that_counts_no_more_theirs_stands(
    column: Column,
) -> None:
    sam = column.score("sam", 75, DeliveryState.NEEDS_PERSON, answer=Answer.NOTHING_LEFT.value)
    column.read(sam="90")
    assert column.stands(sam) == ("let_stand", "nothing_left", Decimal(90))


def test_a_score_of_which_nothing_says_of_how_much_is_read_by_its_share() -> None:
    said = Result("sam", Decimal("0.5"), None, Decimal(4), None)
    assert cells_read.shown_in(said) == Shown(Decimal(50), Decimal(100))
    assert cells_read.shown_in(replace(said, share=None)) is None
    assert cells_read.shown_in(replace(said, maximum=Decimal(8))) == Shown(Decimal(4), Decimal(8))


def test_asked_twice_it_is_compared_once(column: Column) -> None:
    world, ines = column.world, column.world.visitor("ines")
    column.score("sam")
    for _ in range(2):
        assert reading_back.ask(world.session, ines, column.row.id, world.now) == column.row.id
    assert reading_back.due(world.session, world.now) == (column.row.id,)
    reading = reading_back.take(world.session, column.row.id, world.now)
    assert reading is not None
    assert reading_back.take(world.session, column.row.id, world.now) is None
    assert reading_back.due(world.session, world.now) == ()
    reading_back.settle(world.session, reading, Found(()), world.now)
    assert reading_back.due(world.session, world.now + timedelta(days=1)) == ()


def test_a_reading_whose_worker_died_is_begun_anew(column: Column) -> None:
    world = column.world
    reading_back.ask_at(world.session, column.row.id, world.now)
    assert reading_back.take(world.session, column.row.id, world.now) is not None
    assert reading_back.due(world.session, world.now + reading_back.TAKES) == (column.row.id,)


def test_who_asks_while_it_is_being_read_is_not_forgotten(column: Column) -> None:
    world = column.world
    reading_back.ask_at(world.session, column.row.id, world.now)
    reading = reading_back.take(world.session, column.row.id, world.now)
    assert reading is not None
    later = world.now + timedelta(seconds=5)
    reading_back.ask(world.session, world.visitor("ines"), column.row.id, later)
    reading_back.settle(world.session, reading, Found(()), later)
    assert reading_back.due(world.session, later) == (column.row.id,)


def test_only_instructors_of_the_course_ask(column: Column) -> None:
    for who in ("sam", "jo"):
        with pytest.raises(NotHere):
            reading_back.ask(column.world.session, column.world.visitor(who), column.row.id, column.world.now)


def test_a_column_without_an_address_or_that_is_gone_is_not_read_and_says_why(column: Column) -> None:
    row, session, now = column.row, column.world.session, column.world.now
    row.read_asked_at = now
    session.flush()
    reading = reading_back.take(session, row.id, now)
    assert reading is not None
    row.url = "https://lms.school.example/items/moved"
    reading_back.settle(session, reading, Answer.COLUMN_GONE, now)  # of an address that it has no more
    assert (row.gone_at, row.read_problem) == (None, None)
    for hours, values, problem in ((1, {"url": None}, "column_not_offered"), (2, {"gone_at": now}, "column_gone")):
        for name, value in values.items():
            setattr(row, name, value)
        row.read_asked_at = now + timedelta(hours=hours)
        session.flush()
        assert reading_back.take(session, row.id, row.read_asked_at) is None
        assert row.read_problem == problem


def test_results_that_the_lms_does_not_let_us_read_are_said_and_ask_nobody(world: World) -> None:
    column = Column(world)
    column.score("sam")
    reading_back.ask_at(world.session, column.row.id, world.now)
    assert reading_back.take(world.session, column.row.id, world.now) is None
    assert (column.row.read_at, column.row.read_problem) == (world.now, "results_not_offered")
    assert reading_back.due(world.session, world.now) == ()


def test_a_trouble_of_the_lms_is_kept_as_a_code_and_changes_no_score(column: Column) -> None:
    world, sam = column.world, column.score("sam")
    reading_back.ask_at(world.session, column.row.id, world.now)
    reading = reading_back.take(world.session, column.row.id, world.now)
    assert reading is not None
    reading_back.settle(world.session, reading, Answer.PLATFORM_TROUBLED, world.now)
    assert (column.row.read_problem, column.stands(sam)[0]) == ("platform_troubled", "accepted")


def test_a_column_that_is_not_there_is_looked_for(column: Column) -> None:
    world = column.world
    reading_back.ask_at(world.session, column.row.id, world.now)
    reading = reading_back.take(world.session, column.row.id, world.now)
    assert reading is not None
    reading_back.settle(world.session, reading, Answer.COLUMN_GONE, world.now)
    assert (column.row.change_at, column.row.gone_at) == (world.now, None)


def test_every_night_the_columns_with_scores_are_compared_where_the_course_goes_on(column: Column) -> None:
    world = column.world
    assert reading_back.ask_nightly(world.session, world.now) == 0  # no scores yet
    column.score("sam")
    assert reading_back.ask_nightly(world.session, world.now) == 1
    assert reading_back.ask_nightly(world.session, world.now) == 0
    assert reading_back.due(world.session, world.now) == (column.row.id,)
    column.read(sam="75")
    assert reading_back.ask_nightly(world.session, world.now + timedelta(hours=1)) == 0
    world.session.scalars(select(CourseRow)).one().archived_at = world.now
    world.session.flush()
    assert reading_back.ask_nightly(world.session, world.now + timedelta(days=1)) == 0


def test_a_platform_that_is_switched_off_is_not_asked(column: Column) -> None:
    world = column.world
    reading_back.ask_at(world.session, column.row.id, world.now)
    world.session.get_one(RegistrationRow, world.registration_id).active = False
    world.session.flush()
    assert reading_back.due(world.session, world.now) == ()


@pytest.mark.parametrize("people", [3, 300])
def test_many_people_cost_a_handful_of_statements(column: Column, people: int) -> None:
    world, row = column.world, column.row
    course_id = world.session.scalars(select(CourseRow.id)).one()
    for number in range(people):
        person = PersonRow(id=new_id(), organization_id=world.organization_id, name=None, created_at=world.now)
        world.session.add(person)
        world.session.flush()
        owned = {"organization_id": world.organization_id, "person_id": person.id}
        world.session.add(
            LmsAccountRow(id=new_id(), registration_id=world.registration_id, sub=f"crowd-{number}", **owned)
        )
        world.session.add(
            DeliveryRow(
                id=new_id(), line_item_id=row.id, registration_id=world.registration_id, attempts=1,
                state=DeliveryState.ACCEPTED, desired_score=Decimal(75), desired_maximum=Decimal(100),
                desired_at=world.now, sent_at=world.now, accepted_score=Decimal(75), accepted_maximum=Decimal(100),
                accepted_at=world.now - timedelta(minutes=1), **owned,
            )
        )  # fmt: skip
        world.session.add(
            MembershipRow(id=new_id(), course_id=course_id, roles=[], capability=None, seen_at=world.now, **owned)
        )
    world.session.flush()
    reading_back.ask_at(world.session, row.id, world.now)
    reading = reading_back.take(world.session, row.id, world.now)
    assert reading is not None
    results = tuple(given(f"crowd-{number}", str(75 + number % 3)) for number in range(people))
    asked: list[str] = []

    def count(*args: object) -> None:
        asked.append(str(args[2]))

    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", count)
    reading_back.settle(world.session, reading, Found(results), world.now)
    event.remove(engine, "before_cursor_execute", count)
    assert len(asked) <= 5
    states = world.session.scalars(select(DeliveryRow.state).where(DeliveryRow.line_item_id == row.id)).all()
    assert states.count(DeliveryState.DIFFERS) == people * 2 // 3


def test_a_comparison_that_breaks_off_says_so_and_is_made_again_another_day(column: Column) -> None:
    world = column.world
    sam = column.score("sam")
    column_id = column.row.id
    reading_back.ask_at(world.session, column_id, world.now)
    world.session.commit()
    sessions = open_sessions(world.session.get_bind())
    with capture_logs() as said:
        column_work.read_back(sessions, Odd(), column_id, Patience(lambda: world.now, lambda seconds: None))
    assert [one["event"] for one in said] == ["a comparison broke off", "column compared"]
    world.session.expire_all()
    assert column.row.read_problem == Answer.NOT_UNDERSTOOD.value
    assert column.stands(sam)[0] == "accepted"
    assert reading_back.due(world.session, world.now) == ()


class Odd(SafeHttp):
    """Does what nobody thought of."""

    def request(self, method: str, url: str, **how: Any) -> HttpAnswer:
        raise RuntimeError(method)
