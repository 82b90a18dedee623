"""A cell is emptied by a person's act, and by nothing else."""

from decimal import Decimal

import pytest

from grading.delivery import DeliveryState
from grading.scores import DesiredScore
from lti_tool.lti.answers import Answer
from lti_tool.services.courses.places import NotHere
from lti_tool.services.scores import clearing, deliver, send_claims
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.reading import Column


@pytest.fixture
def column(world: World) -> Column:
    return Column(world)


def test_lti_a24_an_instructor_has_a_cell_emptied_once(column: Column) -> None:
    world, ines, sam = column.world, column.world.visitor("ines"), column.score("sam")
    assert clearing.ask_to_clear(world.session, ines, sam, world.now) == sam
    assert clearing.ask_to_clear(world.session, ines, sam, world.now) is None
    row = column.cell(sam)
    assert (row.state, row.to_clear, row.next_attempt_at) == (DeliveryState.WAITING, True, world.now)


def test_that_nothing_counts_any_more_stays_noted_so_that_the_same_score_is_sent_once_it_counts_again(
    column: Column,
) -> None:
    world = column.world
    sam = column.score("sam", 75, DeliveryState.NEEDS_PERSON, answer=Answer.NOTHING_LEFT.value)
    clearing.ask_to_clear(world.session, world.visitor("ines"), sam, world.now)
    assert column.cell(sam).answer == Answer.NOTHING_LEFT


def test_what_the_lms_did_not_empty_can_be_asked_for_again(column: Column) -> None:
    world, ines = column.world, column.world.visitor("ines")
    sam = column.score("sam", 75, DeliveryState.NEEDS_PERSON, answer=Answer.NOTHING_LEFT.value, to_clear=True)
    assert clearing.ask_to_clear(world.session, ines, sam, world.now) == sam
    row = column.cell(sam)
    assert (row.state, row.to_clear, row.answer) == (DeliveryState.WAITING, True, Answer.NOTHING_LEFT)


def test_what_somebody_put_into_an_emptied_cell_is_asked_about_before_a_newer_score_goes_over_it(
    column: Column,
) -> None:
    world, now = column.world, column.world.now
    there = {"lms_score": Decimal(60), "lms_maximum": Decimal(100), "lms_read_at": now}
    none = dict.fromkeys(("accepted_score", "accepted_maximum", "accepted_at", "sent_score", "sent_maximum"))
    sam = column.score("sam", 75, DeliveryState.CLEARED, **there, **none)
    person_id = world.visitor("sam").person_id
    deliver.note_desired(world.session, column.row, person_id, DesiredScore(Decimal(90), Decimal(100)), now)
    world.session.flush()
    (taken,) = send_claims.claim(world.session, world.registration_id, now, most=5)
    assert (taken.delivery_id, taken.before.decided_over) == (sam, None)


def test_where_nothing_was_sent_there_is_nothing_to_empty(column: Column) -> None:
    sam = column.score("sam", 75, DeliveryState.WAITING, sent_at=None, sent_score=None, sent_maximum=None)
    with pytest.raises(Refused) as refused:
        clearing.to_clear(column.world.session, column.world.visitor("ines"), sam)
    assert refused.value.code == "nothing_sent"


@pytest.mark.parametrize("who", ["sam", "jo"])
def test_nobody_else_has_a_cell_emptied(column: Column, who: str) -> None:
    with pytest.raises(NotHere):
        clearing.ask_to_clear(column.world.session, column.world.visitor(who), column.score("sam"), column.world.now)
