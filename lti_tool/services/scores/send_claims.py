"""Taking scores of one platform for an attempt, many at a time, and giving back those that were not tried.

Whatever their number, a few statements do it, and the next timestamp is written before anything is sent with it.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from grading.delivery import Delivered, Shown, next_timestamp
from grading.scores import DesiredScore, score_of
from lti_tool.services.languages import said_in
from lti_tool.services.linking import copies
from lti_tool.services.scores import lanes
from lti_tool.services.scores.send import LEASE, Before, Column, ToSend
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, CourseRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.platforms import DeploymentRow
from lti_tool.store.programs import PlacedProgramRow
from rubrics.observation import State
from rubrics.refusal import _N

COMMENT = _N("Sent by Attune, where the record behind it can be read.")
_ROWS: Any = DeliveryRow.__table__
_SENDING = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("row_id"))
    .values(
        sent_at=bindparam("sent_at"),
        sent_score=bindparam("sent_score"),
        sent_maximum=bindparam("sent_maximum"),
    )
)
_GIVEN_BACK = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("row_id"), _ROWS.c.leased_until == bindparam("until"))
    .values(
        sent_at=bindparam("sent_at"),
        sent_score=bindparam("sent_score"),
        sent_maximum=bindparam("sent_maximum"),
        leased_until=None,
    )
)
_OF_COLUMNS = (
    select(
        LineItemRow,
        ActivityRow.id,
        func.coalesce(ActivityRow.title, PlacedProgramRow.title),
        DeploymentRow.deployment_id,
        OrganizationRow.score_comment,
        OrganizationRow.usual_language,
    )
    .select_from(LineItemRow)
    .outerjoin(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
    .outerjoin(ActivityRow, ActivityRow.id == func.coalesce(LineItemRow.activity_id, ActivityColumnRow.activity_id))
    .outerjoin(PlacedProgramRow, PlacedProgramRow.id == LineItemRow.placed_program_id)
    .join(CourseRow, CourseRow.id == func.coalesce(ActivityRow.course_id, PlacedProgramRow.course_id))
    .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
    .join(OrganizationRow, OrganizationRow.id == LineItemRow.organization_id)
    .execution_options(populate_existing=True)
)


def claim(session: Session, registration_id: UUID, now: datetime, *, most: int) -> tuple[ToSend, ...]:
    """Take what is due for a platform, the longest due first; only whoever holds its lane does."""
    rows = _leased(session, registration_id, now, most)
    if not rows:
        return ()
    columns = _columns(session, {row.line_item_id for row in rows})
    subs = _subs(session, registration_id, {row.person_id for row in rows})
    done = _done(session, {found for _, found in columns.values() if found}, {row.person_id for row in rows})
    taken = tuple(_to_send(row, columns[row.line_item_id], subs, done, now) for row in rows)
    session.connection().execute(_SENDING, [_as_sent(one) for one in taken])
    return taken


def give_back(session: Session, untried: Sequence[ToSend]) -> None:
    """Nothing was sent of these: they wait as they did before, unless another worker took them since."""
    if untried:
        session.connection().execute(
            _GIVEN_BACK,
            [{"row_id": one.delivery_id, "until": one.leased_until, **as_before(one.before)} for one in untried],
        )


def as_before(before: Before) -> dict[str, Any]:
    """What was last sent, as it was before the attempt."""
    return {
        "sent_at": before.sent_at,
        "sent_score": before.sent.score if before.sent else None,
        "sent_maximum": before.sent.maximum if before.sent else None,
    }


def _as_sent(taken: ToSend) -> dict[str, Any]:
    return {
        "row_id": taken.delivery_id,
        "sent_at": taken.timestamp,
        "sent_score": None if taken.clear else taken.desired.score,
        "sent_maximum": None if taken.clear else taken.desired.maximum,
    }


def _leased(session: Session, registration_id: UUID, now: datetime, most: int) -> list[Row[Any]]:
    due = (
        select(DeliveryRow.id)
        .where(DeliveryRow.registration_id == registration_id, lanes.is_due(now))
        .order_by(DeliveryRow.next_attempt_at)  # as the index has it: thousands that came together are not sorted
        .limit(most)
        .with_for_update(of=DeliveryRow, skip_locked=True)
        .cte("due")
    )
    leased = session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(select(due.c.id)))
        .values(leased_until=now + LEASE)
        .returning(*(getattr(DeliveryRow, name) for name in _NEEDED))
        .execution_options(synchronize_session=False)
    )
    return sorted(leased, key=lambda row: (row.next_attempt_at, row.id))


_NEEDED = (
    "id", "line_item_id", "person_id", "desired_score", "desired_maximum", "desired_at", "accepted_score",
    "accepted_maximum", "accepted_at", "sent_score", "sent_maximum", "sent_at", "lms_score", "lms_maximum", "lms_at",
    "lms_read_at", "attempts", "to_clear", "next_attempt_at", "leased_until",
)  # fmt: skip


def _to_send(
    row: Row[Any],
    column: tuple[Column, UUID | None],
    subs: dict[UUID, str],
    done: dict[tuple[UUID, UUID], tuple[bool, datetime | None]],
    now: datetime,
) -> ToSend:
    desired = DesiredScore(row.desired_score, row.desired_maximum)
    accepted, sent = score_of(row.accepted_score, row.accepted_maximum), score_of(row.sent_score, row.sent_maximum)
    where, activity_id = column
    if activity_id is None:
        completed, moment = desired.score >= desired.maximum, row.desired_at
    else:
        completed, moment = done.get((activity_id, row.person_id), (False, None))
    return ToSend(
        delivery_id=row.id,
        column=where,
        sub=subs.get(row.person_id),
        desired=desired,
        clear=row.to_clear,
        timestamp=next_timestamp(Delivered(accepted, row.sent_at, row.lms_at), now),
        completed=completed,
        moment=moment,
        before=Before(accepted, sent, row.sent_at, row.attempts, _decided_over(row)),
        leased_until=row.leased_until,
        taken=time.monotonic(),
    )


def _decided_over(row: Row[Any]) -> Shown | None:
    """What was read since the LMS last took ours, and waits no more for a person: they decided."""
    if row.lms_score is None or (row.accepted_at is not None and row.lms_read_at <= row.accepted_at):
        return None
    return Shown(row.lms_score, row.lms_maximum)


def _columns(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[Column, UUID | None]]:
    """Each column, and the activity that it is of; None for that of a placed program."""
    rows = session.execute(_OF_COLUMNS.where(LineItemRow.id.in_(ids))).all()
    sought = {row.activity_id for row, *_ in rows if row.url is None and row.activity_id is not None}
    former = copies.lineage(session, sought)
    return {
        row.id: (
            Column(
                line_item_id=row.id,
                url=row.url,
                line_items_url=row.line_items_url,
                deployment_id=deployment_id,
                scopes=tuple(row.scopes),
                lti_resource_link_id=row.lti_resource_link_id,
                resource_id=str(row.column_id or row.activity_id or row.placed_program_id),
                former_ids=tuple(sorted(str(one) for one in former.get(row.activity_id or row.id, ()))),
                label=title,
                maximum=row.score_maximum,
                comment=said_in(language, COMMENT) if comment else "",
            ),
            activity_id,
        )
        for row, activity_id, title, deployment_id, comment, language in rows
    }


def _subs(session: Session, registration_id: UUID, people: Collection[UUID]) -> dict[UUID, str]:
    found = session.execute(
        select(LmsAccountRow.person_id, LmsAccountRow.sub, LmsAccountRow.registration_id)
        .where(LmsAccountRow.person_id.in_(people))
        .order_by(LmsAccountRow.id.desc())  # of several accounts the first, always
    )
    # Chosen here: asked for by platform as well, SQLite goes through everybody whom the platform ever named.
    return {person_id: sub for person_id, sub, at in found if at == registration_id}


def _done(
    session: Session, activities: Collection[UUID], people: Collection[UUID]
) -> dict[tuple[UUID, UUID], tuple[bool, datetime | None]]:
    """Whether all is there that an activity asks for, and when the last of it was shared."""
    if not activities:
        return {}
    found = session.execute(
        select(
            ObservationRow.activity_id,
            ObservationRow.trainee_id,
            func.count() >= ActivityRow.required_observations,
            func.max(ObservationRow.shared_at),
        )
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ObservationRow.activity_id.in_(activities),
            ObservationRow.trainee_id.in_(people),
            ObservationRow.state == State.RELEASED,
        )
        .group_by(ObservationRow.activity_id, ObservationRow.trainee_id, ActivityRow.required_observations)
    )
    return {(activity_id, person_id): (bool(all_there), at) for activity_id, person_id, all_there, at in found}
