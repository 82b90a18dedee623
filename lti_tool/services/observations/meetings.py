"""Meetings about a difference: opened, held, recorded. Nobody overrides anybody; both views stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.meetings import MeetingKind, MeetingRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused

LONGEST_RECORD = 20_000


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting about one observation, as pages show it."""

    id: UUID
    kind: MeetingKind
    opened_at: datetime
    opened_by_name: str | None
    """None where the views differed by more than was agreed."""
    reason: str | None
    held_at: datetime | None
    """None as long as it is still to be held."""
    present_names: tuple[str, ...]
    record: str | None


def meetings_of(session: Session, observation_id: UUID) -> tuple[Meeting, ...]:
    """The meetings about this observation, first opened first. Who may read of them, the caller asks."""
    rows = session.scalars(
        select(MeetingRow)
        .where(MeetingRow.observation_id == observation_id)
        .order_by(MeetingRow.opened_at, MeetingRow.id)
    ).all()
    people = {UUID(person) for row in rows for person in row.present} | {row.opened_by for row in rows if row.opened_by}
    names = _names(session, people)
    return tuple(
        Meeting(
            id=row.id,
            kind=row.kind,
            opened_at=row.opened_at,
            opened_by_name=names.get(row.opened_by) if row.opened_by else None,
            reason=row.reason,
            held_at=row.held_at,
            present_names=tuple(names[UUID(person)] for person in row.present if UUID(person) in names),
            record=row.record,
        )
        for row in rows
    )


def open_meeting(
    session: Session,
    observation: ObservationRow,
    kind: MeetingKind,
    *,
    by: UUID | None,
    reason: str | None,
    now: datetime,
) -> UUID:
    """Have them meet; moving the observation on and telling people is the caller's.

    `by` None: the views differed by more than was agreed. Raises `Refused` while another meeting is open.
    """
    if open_row(session, observation.id) is not None:
        raise Refused(
            "meeting_open", "There is a meeting open about this already. Please open it to see who takes part."
        )
    row = MeetingRow(
        id=new_id(),
        organization_id=observation.organization_id,
        observation_id=observation.id,
        kind=kind,
        opened_by=by,
        reason=(reason or "").replace("\x00", "").strip() or None,
        opened_at=now,
        present=[],
    )
    session.add(row)
    session.flush()
    _audit(session, observation, "meeting.open", by, now, kind)
    return row.id


def close_meeting(
    session: Session,
    observation: ObservationRow,
    *,
    by: UUID,
    present: Sequence[UUID],
    record: str,
    held_at: datetime,
    now: datetime,
) -> MeetingKind:
    """Keep the record of the open meeting; moving the observation on is the caller's. Raises `Refused`."""
    row = open_row(session, observation.id)
    if row is None:
        raise Refused("no_meeting", "No meeting is open about this observation. Its record can be read on its page.")
    words = record.replace("\x00", "").strip()
    if not words:
        raise Refused("record_needed", "To close the meeting, please write what was said and agreed.")
    if len(words) > LONGEST_RECORD:
        raise Refused(
            "too_long", "This text is longer than %(limit)s characters. Please shorten it.", limit=LONGEST_RECORD
        )
    if not present:
        raise Refused("present_needed", "Please choose who was there.")
    row.record, row.present = words, [str(person_id) for person_id in dict.fromkeys(present)]
    row.held_at, row.closed_by = held_at, by
    session.flush()
    _audit(session, observation, "meeting.close", by, now, row.kind)
    return row.kind


def open_row(session: Session, observation_id: UUID) -> MeetingRow | None:
    """The meeting that is still to be held; None where there is none."""
    return session.scalars(
        select(MeetingRow).where(MeetingRow.observation_id == observation_id, MeetingRow.held_at.is_(None))
    ).one_or_none()


def _names(session: Session, people: set[UUID]) -> dict[UUID, str]:
    if not people:
        return {}
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(people)))
    return {person_id: display_name(person_id, name) for person_id, name in rows}


def _audit(
    session: Session, observation: ObservationRow, act: str, by: UUID | None, now: datetime, kind: MeetingKind
) -> None:
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=by,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
        kind=kind.value,
    )
