"""What an operator does about scores: have a platform tried again now, have all that the LMSs show compared."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.services import audit
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.courses.places import NotHere
from lti_tool.services.scores.delivery_health import OF_THE_CONNECTION
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow
from rubrics.refusal import Refused

MOST_AT_ONCE = 10_000
AT_ONCE = 500


def try_now(session: Session, by: Operator, registration_id: UUID, now: datetime) -> int:
    """End the platform's rest, and have due at once what was tried before or given up because of the connection.

    The answer says how many scores that are; what was never tried is due anyway. What needs a person of its course
    (someone who left, a column that is gone) stays as it is. Raises `NotHere`, and `Refused` while it is switched off.
    """
    registration = session.scalars(
        select(RegistrationRow).where(
            RegistrationRow.id == registration_id, RegistrationRow.organization_id == by.organization_id
        )
    ).one_or_none()
    if registration is None:
        raise NotHere
    if not registration.active:
        raise Refused("switched_off", "This connection is switched off. Switch it on again, and what waits is sent.")
    # First the audit, then the rows: signing takes its locks in this order too.
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act="platform.try_now",
        subject=f"registration:{registration_id}",
        now=now,
    )
    session.execute(
        update(PlatformLaneRow)
        .where(PlatformLaneRow.registration_id == registration_id, PlatformLaneRow.resting_until.is_not(None))
        .values(resting_until=None)
    )
    return _due_now(session, registration_id, now)


def compare_all(session: Session, now: datetime) -> int:
    """Have every column that has scores compared with what its LMS shows, as after a restore; how many those are.

    The worker goes through them at each platform's own pace. Twice at once changes nothing.
    """
    columns = (
        select(LineItemRow.id, LineItemRow.organization_id)
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .where(
            RegistrationRow.active,
            LineItemRow.gone_at.is_(None),
            LineItemRow.url.is_not(None),
            exists().where(DeliveryRow.line_item_id == LineItemRow.id),
        )
        .order_by(LineItemRow.id)
    )
    found = session.execute(columns).all()
    for organization_id in sorted({row.organization_id for row in found}):
        audit.write(
            session, organization_id=organization_id, person_id=None, act="gradebooks.compare", subject="gradebooks",
            now=now,
        )  # fmt: skip
    for some in (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE)):
        session.execute(
            update(LineItemRow)
            .where(LineItemRow.id.in_([row.id for row in some]))
            .values(read_asked_at=now)
            .execution_options(synchronize_session=False)
        )
    return len(found)


def _due_now(session: Session, registration_id: UUID, now: datetime) -> int:
    given_up = and_(DeliveryRow.state == DeliveryState.NEEDS_PERSON, DeliveryRow.answer.in_(sorted(OF_THE_CONNECTION)))
    later = and_(DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.next_attempt_at > now)
    ids = session.scalars(
        select(DeliveryRow.id)
        .where(DeliveryRow.registration_id == registration_id, or_(given_up, later))
        .order_by(DeliveryRow.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)  # what a worker holds just now is being tried
    ).all()
    for some in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id.in_(some))
            .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now)
            .execution_options(synchronize_session=False)
        )
    return len(ids)
