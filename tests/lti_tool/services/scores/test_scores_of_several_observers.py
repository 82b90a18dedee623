"""What several observers add up to in the gradebook, and what is left after something was superseded."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool.lti.answers import Answer
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import answer, self_assessment
from lti_tool.services.observations.moves import move_on
from lti_tool.services.observations.observe import Change, RatingChange
from lti_tool.services.scores import deliver, gradebook, lanes
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow
from rubrics.observation import Move
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.several import begun_by, handed_in


def delivery(world: World) -> DeliveryRow | None:
    return world.session.scalars(select(DeliveryRow).execution_options(populate_existing=True)).one_or_none()


def superseded(world: World, sent: bool) -> DeliveryRow | None:
    """A score came from one observation, which counts no more; before that it may have been sent."""
    observation_id = world.answered()
    world.sign("jo", observation_id)
    row = delivery(world)
    assert row is not None
    if sent:
        row.sent_at = row.accepted_at = world.now
        row.accepted_score, row.state, row.next_attempt_at = row.desired_score, DeliveryState.ACCEPTED, None
        row.accepted_maximum = row.desired_maximum
    observation = world.session.get_one(ObservationRow, observation_id)
    move_on(world.session, observation, Move.SUPERSEDE, person_id=None, now=world.now)
    assert deliver.desire(world.session, observation.activity_id, observation.trainee_id, world.now) == ()
    return delivery(world)


def test_ux_f9_the_column_shows_the_mean_of_what_the_observers_rated_and_no_self_assessment(
    make_world: MakeWorld,
) -> None:
    world = make_world(shows=ColumnShows.RUBRIC_RESULT)
    observation_id = begun_by(world, "jo", "amara")
    sam = world.visitor("sam")
    key = self_assessment.form(world.session, sam, observation_id).rubric.criteria[0].key
    low = Change(strength="I waited.", ratings={key: RatingChange(1, False, "")})
    self_assessment.save(world.session, sam, observation_id, low, world.now)
    self_assessment.give(world.session, sam, observation_id, world.now)
    handed_in(world, "jo", observation_id, 5)
    handed_in(world, "amara", observation_id, 4)
    answer.answer(world.session, sam, observation_id, words=None, now=world.now)
    world.sign("jo", observation_id)
    row = delivery(world)
    assert row is not None
    assert row.desired_score == Decimal(90)


def test_a_score_of_which_nothing_counts_any_more_asks_for_a_person_and_is_not_sent_again(world: World) -> None:
    row = superseded(world, sent=True)
    assert row is not None
    assert (row.state, row.answer) == (DeliveryState.NEEDS_PERSON, Answer.NOTHING_LEFT)
    ines = world.visitor("ines")
    place = world.place(ines)
    (line,) = [one for one in gradebook.gradebook(world.session, place).lines if one.state]
    assert line.nothing_left
    assert gradebook.resend_all(world.session, ines, place, world.now) == ()
    with pytest.raises(NotHere):
        gradebook.resend(world.session, ines, place, row.person_id, world.now)
    deliver.column_changed(world.session, row.line_item_id, world.now)
    assert lanes.due(world.session, world.now) == ()


def test_a_score_that_never_went_out_is_not_sent_once_nothing_counts(world: World) -> None:
    assert superseded(world, sent=False) is None


def test_once_something_counts_again_it_is_sent_even_where_the_number_is_the_same(world: World) -> None:
    row = superseded(world, sent=True)
    assert row is not None
    assert world.sign("jo", world.answered()) == (row.id,)
    again = delivery(world)
    assert again is not None
    assert (again.state, again.answer) == (DeliveryState.WAITING, None)
