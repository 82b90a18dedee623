"""Whether scores get through to the LMSs: counts for the operator, without anybody's name or score."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import RegistrationRow


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """One platform's deliveries."""

    platform_name: str
    accepted: int
    waiting: int
    needs_person: int
    last_accepted_at: datetime | None


def health(session: Session, organization_id: UUID) -> tuple[DeliveryHealth, ...]:
    """The organization's platforms that scores are sent to, by name."""
    rows = session.execute(
        select(
            RegistrationRow.id,
            RegistrationRow.name,
            DeliveryRow.state,
            func.count(),
            func.max(DeliveryRow.accepted_at),
        )
        .join(LineItemRow, LineItemRow.id == DeliveryRow.line_item_id)
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .where(RegistrationRow.organization_id == organization_id)
        .group_by(RegistrationRow.id, RegistrationRow.name, DeliveryRow.state)
        .order_by(RegistrationRow.name, RegistrationRow.id)
    )
    names: dict[UUID, str] = {}
    counts: dict[UUID, dict[DeliveryState, int]] = {}
    moments: dict[UUID, list[datetime]] = {}
    for registration_id, name, state, count, accepted_at in rows:
        names[registration_id] = name
        counts.setdefault(registration_id, {})[state] = count
        moments.setdefault(registration_id, []).extend([accepted_at] if accepted_at else [])
    return tuple(
        DeliveryHealth(
            platform_name=name,
            accepted=counts[registration_id].get(DeliveryState.ACCEPTED, 0),
            waiting=counts[registration_id].get(DeliveryState.WAITING, 0),
            needs_person=counts[registration_id].get(DeliveryState.NEEDS_PERSON, 0),
            last_accepted_at=max(moments[registration_id], default=None),
        )
        for registration_id, name in names.items()
    )
