"""Columns that are made, changed and looked for in the LMS, with its answers as values."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from grading.delivery import DeliveryState
from lti_tool import column_work
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.columns import Described
from lti_tool.services.connecting import platforms
from lti_tool.services.courses.places import NotHere
from lti_tool.services.scores import column_acts, column_changes, lanes, needing_person
from lti_tool.services.scores.column_changes import Change, Done
from lti_tool.store.courses import ActivityRow, CourseRow, LineItemRow
from lti_tool.store.engine import open_sessions
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import ISSUER, World
from tests.lti_tool.services.reading import Column
from tests.lti_tool.services.scores.test_launched_columns import further
from tests.lti_tool.services.scores.test_reading_back import Odd


@pytest.fixture
def column(world: World) -> Column:
    return Column(world)


def taken(column: Column, row: LineItemRow, **later: float) -> Change:
    change = column_changes.take(column.world.session, row.id, column.world.now + timedelta(**later))
    assert change is not None
    return change


def described(url: str, label: str = "Best", maximum: int = 100) -> Described:
    return Described(url, label, Decimal(maximum), "", "", "attune")


def gone(column: Column) -> LineItemRow:
    world, row = column.world, column.row
    column_changes.seen_gone(world.session, row.id, world.now)
    column_changes.settle(world.session, taken(column, row), Done(None, gone=True), world.now)
    assert row.gone_at == world.now
    return row


def test_a_further_column_is_asked_for_until_it_is_made(column: Column) -> None:
    world, row = column.world, further(column, url=None, change_at=column.world.now)
    sam = column.score("sam", 75, DeliveryState.WAITING, line_item_id=row.id, next_attempt_at=world.now)
    assert column_changes.due(world.session, world.now) == (row.id,)
    change = taken(column, row)
    assert (change.sought.further, change.sought.resource_id) == (True, str(row.column_id))
    assert column_changes.take(world.session, row.id, world.now) is None  # another worker has it
    down = Posted(Answer.PLATFORM_UNREACHABLE, retry=True)
    assert column_changes.settle(world.session, change, Done(None, down), world.now) is None
    assert row.change_answer == "platform_unreachable"
    assert row.change_at is not None
    assert row.change_at > world.now
    change = taken(column, row, hours=1)
    made = Done(described(f"{ISSUER}/items/9"))
    assert column_changes.settle(world.session, change, made, world.now) == world.registration_id
    assert (row.url, row.change_at, row.change_answer) == (f"{ISSUER}/items/9", None, None)
    assert column.cell(sam).state is DeliveryState.WAITING


def test_what_waits_for_a_column_that_the_lms_lets_nobody_make_waits_for_a_person(column: Column) -> None:
    world, row = column.world, further(column, url=None, change_at=column.world.now)
    column.score("sam", 75, DeliveryState.WAITING, line_item_id=row.id, sent_at=None)
    course_id = world.place(world.visitor("ines")).course.id
    assert needing_person.in_course(world.session, course_id) == ()
    column_changes.settle(
        world.session, taken(column, row), Done(None, Posted(Answer.COLUMN_NOT_OFFERED, retry=False)), world.now
    )
    (needing,) = needing_person.in_course(world.session, course_id)
    assert (needing.line_item_id, needing.scores, needing.gone) == (row.id, 1, False)


def test_what_the_lms_does_not_offer_is_not_tried_again_by_itself(column: Column) -> None:
    world, row = column.world, further(column, url=None, change_at=column.world.now)
    no = Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
    column_changes.settle(world.session, taken(column, row), Done(None, no), world.now)
    assert (row.change_at, row.change_answer) == (None, "column_not_offered")
    sam = column.score("sam", 75, DeliveryState.WAITING, line_item_id=row.id)
    assert lanes.platform_of(world.session, sam, world.now) is None
    column_acts.make_again(world.session, world.visitor("ines"), row.id, world.now)
    assert column_changes.due(world.session, world.now) == (row.id,)


def test_another_name_that_was_wished_for_meanwhile_is_not_lost(column: Column) -> None:
    world, row = column.world, column.row
    row.wanted_label, row.change_at = "Warm", world.now
    world.session.flush()
    change = taken(column, row)
    row.wanted_label, row.change_at = "Warmer", world.now
    world.session.flush()
    column_changes.settle(world.session, change, Done(described(row.url or "", "Warm")), world.now)
    assert (row.label, row.wanted_label, row.change_at) == ("Warm", "Warmer", world.now)


def test_lti_a12_a_column_of_another_activity_is_never_taken_over(column: Column) -> None:
    world, row = column.world, further(column, url=None, change_at=column.world.now)
    taken_url = column.row.url
    assert taken_url is not None
    column_changes.settle(world.session, taken(column, row), Done(described(taken_url)), world.now)
    assert (row.url, row.change_answer) == (None, "column_not_offered")


def test_lti_a12_columns_that_came_along_with_a_copied_course_are_looked_for_by_their_former_ids(
    column: Column,
) -> None:
    world, row = column.world, column.row
    row.url, row.change_at = None, world.now
    world.session.flush()
    sought = taken(column, row).sought
    assert (sought.resource_id, sought.former_ids, sought.further) == (str(world.activity_id), (), False)


def test_a_column_that_is_not_where_it_was_is_held_looked_for_and_then_said_to_be_gone(column: Column) -> None:
    world, sam = column.world, column.score("sam", 75, DeliveryState.WAITING)
    row = gone(column)
    column_changes.seen_gone(world.session, row.id, world.now)
    assert column_changes.due(world.session, world.now + timedelta(days=1)) == ()
    assert column.cell(sam).state is DeliveryState.WAITING
    acts = world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.subject == f"line_item:{row.id}")).all()
    assert acts == ["line_item.gone"]


def test_while_the_lms_is_down_a_column_is_looked_for_on_and_on_and_not_made_anew(column: Column) -> None:
    world, row = column.world, column.row
    column_changes.seen_gone(world.session, row.id, world.now)
    down = Posted(Answer.PLATFORM_TROUBLED, retry=True)
    column_changes.settle(world.session, taken(column, row), Done(None, down), world.now)
    assert (row.gone_at, row.change_answer) == (None, column_changes.NOT_THERE)
    change = taken(column, row, hours=1)
    assert change.vanished
    row.change_at = world.now + timedelta(hours=2)  # somebody asked anew meanwhile
    world.session.flush()
    column_changes.settle(world.session, change, Done(None, down), world.now + timedelta(hours=1))
    assert row.change_at == world.now + timedelta(hours=2)


def test_a_column_that_is_gone_when_its_name_is_changed_is_looked_for_next(column: Column) -> None:
    world, row = column.world, column.row
    row.wanted_label, row.change_at = "Warm", world.now
    world.session.flush()
    no_longer = Posted(Answer.COLUMN_GONE, retry=False)
    column_changes.settle(world.session, taken(column, row), Done(None, no_longer), world.now)
    assert (row.change_at, row.change_attempts, row.gone_at) == (world.now, 0, None)


def test_found_under_another_address_each_score_is_looked_at_there(column: Column) -> None:
    world, sam = column.world, column.score("sam")
    row = column.row
    column_changes.seen_gone(world.session, row.id, world.now)
    found = Done(described(f"{ISSUER}/items/70", "Observed practice"))
    assert column_changes.settle(world.session, taken(column, row), found, world.now) == row.registration_id
    assert (row.url, row.gone_at, row.change_at) == (f"{ISSUER}/items/70", None, None)
    assert column.cell(sam).state is DeliveryState.WAITING


def test_where_it_was_all_the_time_nothing_is_sent_again(column: Column) -> None:
    world, sam = column.world, column.score("sam")
    row = column.row
    column_changes.seen_gone(world.session, row.id, world.now)
    column_changes.settle(world.session, taken(column, row), Done(described(row.url or "")), world.now)
    assert (row.change_answer, column.cell(sam).state) == (None, DeliveryState.ACCEPTED)


def test_made_again_everything_is_sent_anew_with_later_timestamps(column: Column) -> None:
    world, ines = column.world, column.world.visitor("ines")
    sam, noor = column.score("sam", 75), column.score("noor", 50, DeliveryState.LET_STAND)
    sent_at = column.cell(sam).sent_at
    row = gone(column)
    for _ in range(2):
        column_acts.make_again(world.session, ines, row.id, world.now)
    assert (row.gone_at, row.url, row.change_at, row.ours) == (None, None, world.now, True)
    for delivery_id in (sam, noor):
        cell = column.cell(delivery_id)
        assert (cell.state, cell.accepted_score, cell.lms_score) == (DeliveryState.WAITING, None, None)
    assert column.cell(sam).sent_at == sent_at
    assert not taken(column, row).vanished


def test_made_again_nothing_is_sent_of_which_nothing_counts(column: Column) -> None:
    world = column.world
    sam = column.score("sam", 75, DeliveryState.NEEDS_PERSON, answer=Answer.NOTHING_LEFT.value)
    column_acts.make_again(world.session, world.visitor("ines"), gone(column).id, world.now)
    assert column.stands(sam)[:2] == ("cleared", "nothing_left")


def test_a_column_that_is_there_is_not_made_again(column: Column) -> None:
    world, sam = column.world, column.score("sam")
    column_acts.make_again(world.session, world.visitor("ines"), column.row.id, world.now)
    assert (column.row.change_at, column.cell(sam).state) == (None, DeliveryState.ACCEPTED)


def test_stopped_and_going_on_twice_is_once(column: Column) -> None:
    world, ines, row = column.world, column.world.visitor("ines"), column.row
    for _ in range(2):
        column_acts.stop(world.session, ines, row.id, world.now)
    assert (row.stopped_at, row.stopped_by) == (world.now, ines.person_id)
    assert column_acts.go_on(world.session, ines, row.id, world.now) == world.registration_id
    assert column_acts.go_on(world.session, ines, row.id, world.now) is None
    acts = world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.subject == f"line_item:{row.id}")).all()
    assert acts == ["line_item.stop", "line_item.go_on"]


def test_only_instructors_say_what_becomes_of_a_column(column: Column) -> None:
    world = column.world
    for act in (column_acts.make_again, column_acts.stop, column_acts.go_on):
        for who in ("sam", "jo"):
            with pytest.raises(NotHere):
                act(world.session, world.visitor(who), column.row.id, world.now)


def test_nothing_is_made_in_a_course_that_is_only_read_nor_where_the_lms_lets_us_make_none(column: Column) -> None:
    world, ines, row = column.world, column.world.visitor("ines"), gone(column)
    row.scopes = []
    world.session.flush()
    with pytest.raises(Refused) as refused:
        column_acts.make_again(world.session, ines, row.id, world.now)
    assert refused.value.code == "column_not_offered"
    course_id = world.session.scalars(select(ActivityRow.course_id)).first()
    world.session.get_one(CourseRow, course_id).archived_at = world.now
    world.session.flush()
    with pytest.raises(Refused) as refused:
        column_acts.make_again(world.session, ines, row.id, world.now)
    assert refused.value.code == "course_archived"


def test_what_the_lms_before_answers_late_is_not_written_into_a_column_that_moved(column: Column) -> None:
    world, row = column.world, further(column, url=None, change_at=column.world.now)
    change = taken(column, row)
    platform = platforms.NewPlatform(
        name="Next", family="canvas", issuer="https://next.example", client_id="9", auth_url="https://next.example/a",
        token_url="https://next.example/t", jwks_url="https://next.example/k", deployment_ids=("9",),
    )  # fmt: skip
    row.registration_id = platforms.add(world.session, world.organization_id, platform, world.now)
    row.change_at = None
    world.session.flush()
    for done in (Done(described(f"{ISSUER}/items/9")), Done(None, gone=True)):
        assert column_changes.settle(world.session, change, done, world.now) is None
        assert (row.url, row.gone_at, row.change_answer) == (None, None, None)
    assert "line_item.gone" not in world.session.scalars(select(AuditEntryRow.act)).all()


def test_a_change_that_breaks_off_is_tried_again_later(column: Column) -> None:
    world, row = column.world, further(column, url=None, change_at=column.world.now)
    world.session.commit()
    sessions, asked = open_sessions(world.session.get_bind()), list[object]()
    with capture_logs() as said:
        column_work.change_column(
            sessions, Odd(), row.id, clock=lambda: world.now, ask_for=lambda kind, one: asked.append(one)
        )
    assert [one["event"] for one in said] == ["a change of a column broke off", "column looked at"]
    world.session.expire_all()
    assert row.change_answer == Answer.NOT_UNDERSTOOD.value
    assert row.change_at is not None
    assert row.change_at > world.now
    assert asked == []
