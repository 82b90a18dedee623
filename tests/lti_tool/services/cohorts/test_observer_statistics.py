"""How observers rate beside each other: one's own figures, and what is told of a rubric's observers together."""

import json
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.agreement.reasons import Reason
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.cohorts import observer_statistics
from lti_tool.services.cohorts.observer_statistics import OfRubric
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import AssessmentRevisionRow, AssessmentRow
from rubrics.rubric import Rubric
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.observed_rows import observed
from tests.lti_tool.services.rated_by_several import milder_by_one, observers, rated_by
from tests.lti_tool.services.several import in_moderation


def version_id(world: World) -> UUID:
    return world.session.get_one(ActivityRow, world.activity_id).rubric_version_id


def rubric(world: World) -> Rubric:
    return rubric_of(world.session, version_id(world)).rubric


def of_rubric(world: World) -> OfRubric:
    return observer_statistics.of_rubric(world.session, version_id(world), rubric(world))


def test_cap_e6_an_observer_who_is_milder_by_one_level_reads_it_and_the_other_that_they_are_stricter(
    world: World,
) -> None:
    jo, amara = world.visitor("jo"), world.visitor("amara")
    milder_by_one(world, jo.person_id, amara.person_id)
    own, other = (observer_statistics.own(world.session, who).figures.leniency for who in (jo, amara))
    assert (own.levels, own.noticed, own.observations) == (Decimal(1), True, 12)
    assert (other.levels, other.noticed) == (Decimal(-1), True)


def test_cap_e6_not_observed_and_ratings_without_words_are_counted(world: World) -> None:
    jo = world.visitor("jo")
    rated_by(world, {jo.person_id: [4, None]})
    observed(world, world.visitor("noor").person_id)
    own = observer_statistics.own(world.session, jo)
    assert (own.observations, own.ratings, own.not_observed, own.without_words) == (1, 8, 4, 0)
    assert own.figures.leniency.levels is None


def test_what_was_changed_after_a_talk_stands_as_it_was_before(world: World) -> None:
    jo, amara = world.visitor("jo"), world.visitor("amara")
    first = rubric(world).criteria[0].key
    for number in range(10):
        observation_id = rated_by(world, {jo.person_id: [4], amara.person_id: [4]}, days=-number)
        row = world.session.scalars(
            select(AssessmentRow).where(
                AssessmentRow.observation_id == observation_id, AssessmentRow.observer_id == jo.person_id
            )
        ).one()
        before = {"ratings": [{"criterion": first, "level": 2}, {"criterion": "other", "level": None}]}
        world.session.add(
            AssessmentRevisionRow(
                id=new_id(), organization_id=world.organization_id, assessment_id=row.id, number=1,
                document=json.dumps(before), shared_at=None, kept_at=world.now,
            )
        )  # fmt: skip
    world.session.flush()
    assert observer_statistics.own(world.session, jo).figures.leniency.levels == Decimal(-2)


def test_what_is_not_released_is_not_looked_at(world: World) -> None:
    in_moderation(world)
    assert observer_statistics.own(world.session, world.visitor("jo")).observations == 0
    assert of_rubric(world).observations == 0


def test_below_five_observers_nothing_is_told_of_a_rubric(world: World) -> None:
    four = observers(world, 4)
    for number in range(12):
        rated_by(world, {who: [3, 4] for who in four}, days=-number)
    found = of_rubric(world)
    assert (found.observations, found.observers, found.enough) == (12, 4, False)
    assert found.agreed == ()
    assert found.pattern is None


def test_cap_e6_program_leads_read_how_many_observers_rate_how(world: World) -> None:
    five = observers(world, 5)
    for number in range(12):
        levels = [1 + (number + place) % 4 for place in range(4)]
        rated_by(world, {who: [level + (who == five[0]) for level in levels] for who in five}, days=-number)
    found = of_rubric(world)
    assert found.pattern is not None
    assert (found.pattern.observers, found.pattern.milder, found.pattern.stricter) == (5, 1, 0)
    first = found.agreed[0]
    assert (first.observations, first.observers) == (12, 5)
    assert first.estimates is not None
    assert first.estimates["percent"].value == pytest.approx(0.6)
    assert first.estimates["within-one"].value == 1
    alpha = first.estimates["alpha"]
    assert alpha.value is not None
    assert alpha.interval is not None
    assert alpha.interval.low <= alpha.value <= alpha.interval.high
    assert of_rubric(world) == found


def test_what_cannot_be_computed_says_why(world: World) -> None:
    five = observers(world, 5)
    for number in range(10):
        rated_by(world, {who: [4, None] for who in five}, days=-number)
    found = of_rubric(world)
    everybody_the_same, never_seen = found.agreed[:2]
    assert everybody_the_same.estimates is not None
    assert everybody_the_same.estimates["percent"].value == 1
    assert everybody_the_same.estimates["alpha"].reason is Reason.NO_VARIATION
    assert (never_seen.observations, never_seen.estimates) == (0, None)
