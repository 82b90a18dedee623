"""Released observations that several observers rated, written as rows: as many as a test needs."""

from datetime import timedelta
from uuid import UUID

from lti_tool.services.authoring.author import rubric_of
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, ObserverState, RatingRow
from rubrics.observation import State
from tests.lti_tool.services.conftest import ASSISTANT, World


def observers(world: World, count: int) -> list[UUID]:
    """So many people who may observe."""
    return [world.visitor(f"observer{number}", ASSISTANT).person_id for number in range(count)]


def rated_by(world: World, levels: dict[UUID, list[int | None]], *, days: int = 0) -> UUID:
    """One of Sam, held so many days later: of each observer the levels in the order of the criteria.

    After the last of them the list begins anew. None: not seen.
    """
    at, owned = world.now + timedelta(days=days), {"organization_id": world.organization_id}
    activity = world.session.get_one(ActivityRow, world.activity_id)
    row = ObservationRow(
        id=new_id(), activity_id=activity.id, rubric_version_id=activity.rubric_version_id,
        trainee_id=world.visitor("sam").person_id, observer_id=next(iter(levels)), state=State.RELEASED, salt="salt",
        needed_observers=len(levels), requested_at=at, released_at=at, changed_at=at, **owned,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    criteria = rubric_of(world.session, activity.rubric_version_id).rubric.criteria
    for observer, given in levels.items():
        seen = AssessmentRow(
            id=new_id(), observation_id=row.id, observer_id=observer, saved_at=at, submitted_at=at, **owned
        )
        there = ObserverRow(
            id=new_id(), observation_id=row.id, person_id=observer, state=ObserverState.AGREED, asked_at=at,
            answered_at=at, **owned,
        )  # fmt: skip
        world.session.add_all((seen, there))
        world.session.flush()
        for place, criterion in enumerate(criteria):
            level = given[place % len(given)]
            world.session.add(
                RatingRow(
                    assessment_id=seen.id, criterion=criterion.key, level=level, not_observed=level is None,
                    evidence="Waited, then asked." if level else None, **owned,
                )
            )  # fmt: skip
    world.session.flush()
    return row.id


def milder_by_one(world: World, observer: UUID, other: UUID, count: int = 12) -> None:
    """The observer gives one level more than the other, up and down the scale."""
    for number in range(count):
        levels: list[int | None] = [1 + (number + place) % 4 for place in range(4)]
        rated_by(world, {observer: [level and level + 1 for level in levels], other: levels}, days=-number)
