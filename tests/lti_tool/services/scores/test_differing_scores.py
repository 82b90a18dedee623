"""Where the LMS shows another score than ours, a person says which one stands."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.courses.places import NotHere
from lti_tool.services.scores import differing_scores, reading_back
from lti_tool.store.courses import CourseRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.reading import Column


@pytest.fixture
def column(world: World) -> Column:
    column = Column(world)
    column.may_be_read()
    return column


@pytest.fixture
def sam(column: Column) -> UUID:
    """Sam's score, for which the LMS shows 80."""
    delivery_id = column.score("sam", 75)
    column.read(sam="80")
    return delivery_id


def acts(column: Column) -> list[str]:
    rows = select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("delivery.")).order_by(AuditEntryRow.number)
    return list(column.world.session.scalars(rows))


def test_lti_a34_ours_goes_out_once_a_person_said_so_and_only_once(column: Column, sam: UUID) -> None:
    world, ines = column.world, column.world.visitor("ines")
    assert differing_scores.decide_ours(world.session, ines, sam, world.now) == sam
    assert differing_scores.decide_ours(world.session, ines, sam, world.now) is None
    row = column.cell(sam)
    assert (row.state, row.next_attempt_at, row.lms_score) == (DeliveryState.WAITING, world.now, Decimal(80))
    assert acts(column) == ["delivery.ours"]
    assert world.session.scalars(select(MessageRow)).all() == []


def test_ours_that_was_said_to_stand_is_looked_at_again_soon(column: Column, sam: UUID) -> None:
    world = column.world
    differing_scores.decide_ours(world.session, world.visitor("ines"), sam, world.now)
    assert reading_back.due(world.session, world.now) == ()
    assert reading_back.due(world.session, world.now + differing_scores.LOOK_AFTER) == (column.row.id,)


def test_an_lms_that_takes_ours_and_keeps_its_own_is_said_and_not_asked_again_and_again(
    column: Column, sam: UUID
) -> None:
    world, later = column.world, column.world.now + timedelta(minutes=1)
    differing_scores.decide_ours(world.session, world.visitor("ines"), sam, world.now)
    row = column.cell(sam)
    row.state, row.next_attempt_at, row.accepted_at, row.answer = DeliveryState.ACCEPTED, None, later, "accepted"
    world.session.flush()
    column.read(at=later + timedelta(minutes=1), sam="80")
    assert column.stands(sam) == ("differs", Answer.KEPT_BY_LMS.value, Decimal(80))
    column.read(at=later + timedelta(minutes=2), sam="80")
    assert column.stands(sam) == ("differs", Answer.KEPT_BY_LMS.value, Decimal(80))


def test_the_lms_s_stands_as_a_person_said_and_nothing_is_sent(column: Column, sam: UUID) -> None:
    world, ines = column.world, column.world.visitor("ines")
    for _ in range(2):
        differing_scores.let_stand(world.session, ines, sam, world.now)
    row = column.cell(sam)
    assert (row.state, row.let_stand_by, row.next_attempt_at) == (DeliveryState.LET_STAND, ines.person_id, None)
    assert acts(column) == ["delivery.let_stand"]
    column.read(sam="80")
    assert column.cell(sam).state is DeliveryState.LET_STAND
    assert differing_scores.decide_ours(world.session, ines, sam, world.now) == sam


def test_all_of_a_column_are_decided_at_once(column: Column, sam: UUID) -> None:
    world, ines = column.world, column.world.visitor("ines")
    noor = column.score("noor", 50)
    column.read(sam="80", noor="50")
    assert differing_scores.decide_all_ours(world.session, ines, column.row.id, world.now) == (sam,)
    assert column.cell(noor).state is DeliveryState.ACCEPTED
    row = column.cell(sam)
    row.state, row.next_attempt_at = DeliveryState.DIFFERS, None
    world.session.flush()
    assert differing_scores.let_all_stand(world.session, ines, column.row.id, world.now) == (sam,)


def test_where_nothing_of_ours_counts_any_more_there_is_nothing_to_send(column: Column, sam: UUID) -> None:
    world = column.world
    column.cell(sam).answer = Answer.NOTHING_LEFT.value
    world.session.flush()
    with pytest.raises(Refused) as refused:
        differing_scores.decide_ours(world.session, world.visitor("ines"), sam, world.now)
    assert refused.value.code == "nothing_left"
    assert differing_scores.decide_all_ours(world.session, world.visitor("ines"), column.row.id, world.now) == ()


Decide = Callable[..., object]


@pytest.mark.parametrize("decide", [differing_scores.decide_ours, differing_scores.let_stand])
@pytest.mark.parametrize("who", ["sam", "noor", "jo", "amara"])
def test_nobody_but_an_instructor_of_the_course_decides(column: Column, sam: UUID, decide: Decide, who: str) -> None:
    with pytest.raises(NotHere):
        decide(column.world.session, column.world.visitor(who), sam, column.world.now)
    assert column.cell(sam).state is DeliveryState.DIFFERS


def test_in_a_course_that_is_only_read_nothing_is_sent_and_what_is_there_may_stand(column: Column, sam: UUID) -> None:
    world, ines = column.world, column.world.visitor("ines")
    world.session.scalars(select(CourseRow)).one().archived_at = world.now
    world.session.flush()
    with pytest.raises(Refused):
        differing_scores.decide_ours(world.session, ines, sam, world.now)
    with pytest.raises(Refused):
        differing_scores.decide_all_ours(world.session, ines, column.row.id, world.now)
    assert differing_scores.let_stand(world.session, ines, sam, world.now) == sam
