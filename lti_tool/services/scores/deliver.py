"""What each gradebook column should show, and which scores are due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from grading.scores import DesiredScore, desired_score
from lti_tool.lti.answers import Answer
from lti_tool.services.courses import archived
from lti_tool.services.observations.finished import finished
from lti_tool.services.scores.noting_desired import ItemName, Wanted, hold, lock, note, note_one
from lti_tool.services.scores.standing_columns import standing_columns
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.observation import State

LOOKED_BACK = timedelta(days=7)
"""How far back it is looked for scores that nobody noted."""
MOST = 10_000
AT_ONCE = timedelta(hours=1)
"""Two things that came at the same moment lie no further apart, by the clocks of several machines."""
NOTHING_LEFT: ColumnElement[bool] = func.coalesce(DeliveryRow.answer, "") == Answer.NOTHING_LEFT
"""Nothing counts any more that the score came from: there is nothing to send until something does again."""
_PILOT = func.coalesce(RubricVersionRow.document["pilot"].as_boolean(), false())
"""Whether an observation's rubric was still being tried out: the document says so only where it was."""

_OVERLOOKED = (
    select(ObservationRow.activity_id, ObservationRow.trainee_id, ObservationRow.released_at)
    .join(RubricVersionRow, RubricVersionRow.id == ObservationRow.rubric_version_id)
    .where(
        ObservationRow.state == State.RELEASED,
        ~_PILOT,
        archived.is_open(ObservationRow.activity_id),
        ~exists().where(DeliveryRow.line_item_id == LineItemRow.id, DeliveryRow.person_id == ObservationRow.trainee_id),
    )
    .order_by(ObservationRow.released_at.desc())
)
_OF_FIRST = _OVERLOOKED.join(LineItemRow, LineItemRow.activity_id == ObservationRow.activity_id)
_OF_FURTHER = (
    _OVERLOOKED.join(ActivityColumnRow, ActivityColumnRow.activity_id == ObservationRow.activity_id)
    .join(LineItemRow, LineItemRow.column_id == ActivityColumnRow.id)
    .where(ActivityColumnRow.put_away_at.is_(None))
)


def desire(session: Session, activity_id: UUID, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """Work out what each of the activity's columns should show for one person, and note it.

    The answer names what changed. A test user of the platform gets no score, whatever they try; in a course that is
    kept for reading only every score stays as it is.
    """
    return desire_for_people(session, activity_id, now, [person_id])


def desire_for_all(session: Session, activity_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The same for everyone with a released observation, or with a score so far.

    Used when a column is there later than its scores, or shows something else from now on. As many statements for
    many people as for few.
    """
    return desire_for_people(session, activity_id, now, None)


def desire_for_people(
    session: Session, activity_id: UUID, now: datetime, people: Sequence[UUID] | None
) -> tuple[UUID, ...]:
    """The same for these people; None: for everyone."""
    columns = standing_columns(session, activity_id)
    if not columns:
        return ()
    # First the rows are held, then it is worked out: of two at once the later one sees what the earlier one did.
    held = hold(session, [column.item.id for column in columns], people)
    seen = finished(session, activity_id, people)
    concerned = {*seen, *(person_id for _, person_id in held)} - _test_users(session, activity_id)
    wants = [
        Wanted(column.item, person_id, desired_score(column.column, seen.get(person_id, ())))
        for column in columns
        for person_id in concerned
    ]
    noted = note(session, wants, held, now)
    if not noted.overtaken:
        return noted.changed
    anew = sorted({want.person_id for want in noted.overtaken})
    return (*noted.changed, *desire_for_people(session, activity_id, now, anew))


def note_desired(
    session: Session, line_item: LineItemRow, person_id: UUID, wanted: DesiredScore | None, now: datetime
) -> tuple[UUID, ...]:
    """Note what a column should show for one person, who gets scores in it; the answer names what changed."""
    item = ItemName(line_item.id, line_item.organization_id, line_item.registration_id)
    return note_one(session, Wanted(item, person_id, wanted), now)


def _test_users(session: Session, activity_id: UUID) -> set[UUID]:
    return set(
        session.scalars(
            select(MembershipRow.person_id)
            .join(ActivityRow, ActivityRow.course_id == MembershipRow.course_id)
            .where(ActivityRow.id == activity_id, MembershipRow.test_user)
        )
    )


def column_changed(session: Session, line_item_id: UUID, now: datetime) -> None:
    """The LMS names the column anew: what could not be sent to it before is tried again."""
    lock(session, line_item_id)
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item_id, DeliveryRow.state == DeliveryState.NEEDS_PERSON, ~NOTHING_LEFT)
        .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now)
    )


def desire_overlooked(session: Session, now: datetime) -> tuple[UUID, ...]:
    """Scores that nobody noted: the last signature and the column came at the same moment.

    Neither transaction saw what the other one wrote, so it is looked for where the two lie close to each other.
    """
    of_activity: dict[UUID, set[UUID]] = {}
    for which, made_at in ((_OF_FIRST, LineItemRow.seen_at), (_OF_FURTHER, ActivityColumnRow.made_at)):
        since = now - LOOKED_BACK
        rows = session.execute(
            which.add_columns(made_at).where(ObservationRow.released_at >= since, made_at >= since).limit(MOST)
        )
        for activity_id, person_id, released_at, column_made_at in rows:
            if abs(released_at - column_made_at) <= AT_ONCE:
                of_activity.setdefault(activity_id, set()).add(person_id)
    return tuple(
        found
        for activity_id, people in sorted(of_activity.items())
        for found in desire_for_people(session, activity_id, now, sorted(people))
    )
