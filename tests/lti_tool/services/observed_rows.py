"""Released observations, written as rows: as many as a test needs, of whomever, with the levels that it says."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from lti_tool.services.authoring.author import rubric_of
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow
from rubrics.observation import State
from tests.lti_tool.services.conftest import World


def observed(
    world: World, person_id: UUID, level: int = 4, *, must: int = 4, days: int = 0,
    left_out: frozenset[str] = frozenset(), unseen: frozenset[str] = frozenset(), **more: Any,
) -> UUID:  # fmt: skip
    """One, held so many days later: every averaged criterion at `level`, those that must be met at `must`.

    Criteria that are `left_out` are not rated; of those `unseen` there was no occasion.
    """
    at = world.now + timedelta(days=days)
    activity = world.session.get_one(ActivityRow, world.activity_id)
    owned = {"organization_id": world.organization_id}
    observer = world.visitor("jo").person_id
    row = ObservationRow(
        id=new_id(), activity_id=activity.id, rubric_version_id=activity.rubric_version_id, trainee_id=person_id,
        observer_id=observer, state=State.RELEASED, salt="salt", requested_at=at, released_at=at, changed_at=at,
        **owned, **more,
    )  # fmt: skip
    seen = AssessmentRow(
        id=new_id(), observation_id=row.id, observer_id=observer, saved_at=at, submitted_at=at, **owned
    )
    world.session.add(row)
    world.session.flush()
    world.session.add(seen)
    world.session.flush()
    for criterion in rubric_of(world.session, activity.rubric_version_id).rubric.criteria:
        key = criterion.key
        given = None if key in unseen else must if criterion.must_be_met else level
        if key not in left_out:
            world.session.add(
                RatingRow(assessment_id=seen.id, criterion=key, level=given, not_observed=given is None, **owned)
            )
    world.session.flush()
    return row.id
