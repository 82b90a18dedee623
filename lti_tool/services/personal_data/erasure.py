"""Erasing a person's data: they ask, read before what goes and what stays, and a program lead carries it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.erasure_rows import erase_all, erase_alone
from lti_tool.services.personal_data.what_stands import WAITS_FOR, Stands, what_many_stand, what_stands
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from lti_tool.store.privacy import ErasureRow, PrivacyRequestRow, PrivacyWish
from rubrics.refusal import Refused

TO_TAKE_BACK = timedelta(days=7)
"""So long somebody can take back that they asked."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """That somebody asked, and what stands by now."""

    id: UUID
    person_id: UUID
    name: str
    asked_at: datetime | None
    not_before: datetime
    stands: frozenset[Stands]
    """What of it others rely on."""

    @property
    def waits_for(self) -> frozenset[Stands]:
        """What has to be over first."""
        return self.stands & WAITS_FOR

    def ready(self, now: datetime) -> bool:
        """Whether it can be carried out now."""
        return not self.waits_for and self.not_before <= now


def mine(session: Session, visitor: Visitor, now: datetime) -> Asked | None:
    """What the visitor asked for and nobody carried out yet; None: nothing."""
    row = _open(session, visitor.person_id)
    return None if row is None else _asked(row, visitor.name, what_of_mine_stands(session, visitor, now))


def what_of_mine_stands(session: Session, visitor: Visitor, now: datetime) -> frozenset[Stands]:
    """What of the visitor others rely on, as far as the visitor can know it."""
    return what_stands(session, visitor.person_id, now, own=True)


def ask(session: Session, visitor: Visitor, now: datetime) -> Asked:
    """Ask for all of it to be erased. Asking again changes nothing."""
    session.execute(select(PersonRow.id).where(PersonRow.id == visitor.person_id).with_for_update())
    row = _open(session, visitor.person_id)
    if row is None:
        row = _new(session, visitor.organization_id, visitor.person_id, asked_at=now, not_before=now + TO_TAKE_BACK)
        _note(session, row, visitor.person_id, "erasure.ask", now)
    return _asked(row, visitor.name, what_of_mine_stands(session, visitor, now))


def take_back(session: Session, visitor: Visitor, now: datetime) -> None:
    """Take it back. Where there is nothing, nothing happens."""
    row = _open(session, visitor.person_id, locked=True)
    if row is None:
        return
    row.taken_back_at = row.ended_at = now
    session.flush()
    _note(session, row, visitor.person_id, "erasure.take_back", now)


def delete_alone(session: Session, visitor: Visitor) -> Mapping[str, int]:
    """Delete at once what only the visitor reads. How many rows, by table. The audit does not learn what there was."""
    return erase_alone(session, tuple(all_ids(session, {visitor.person_id})))


def waiting(session: Session, organization_id: UUID, now: datetime) -> tuple[Asked, ...]:
    """What people of the organization asked for, oldest first."""
    rows = session.execute(
        select(ErasureRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ErasureRow.person_id)
        .where(ErasureRow.organization_id == organization_id, ErasureRow.ended_at.is_(None))
        .order_by(ErasureRow.id)
        .limit(MOST)
    ).all()
    stands = what_many_stand(session, {row.person_id for row, _ in rows}, now)
    return tuple(_asked(row, name, stands[row.person_id]) for row, name in rows)


def one(session: Session, visitor: Visitor, erasure_id: UUID, now: datetime) -> Asked:
    """One that waits, for a program lead. Raises `NotHere`."""
    row = _found(session, visitor.organization_id, erasure_id)
    name = session.get_one(PersonRow, row.person_id).name
    return _asked(row, name, what_stands(session, row.person_id, now))


def carry_out(session: Session, visitor: Visitor, erasure_id: UUID, now: datetime) -> Mapping[str, int]:
    """Erase what was asked for; how many rows, by table. Raises `NotHere`, and `Refused` where it has to wait."""
    row = _found(session, visitor.organization_id, erasure_id)
    if row.person_id in all_ids(session, {visitor.person_id}):
        raise Refused("own_erasure", "You asked for this yourself. Please have another program lead carry it out.")
    asked = _asked(row, None, what_stands(session, row.person_id, now))
    if asked.waits_for:
        raise Refused("still_stands", "Something of theirs still stands that others rely on, so this waits.")
    if not asked.ready(now):
        raise Refused("to_take_back", "They can still take it back. Please come again after the day that stands here.")
    return _erase(session, row, visitor.person_id, asked.stands, now)


def carry_out_for_the_lms(session: Session, person_id: UUID, now: datetime) -> Mapping[str, int]:
    """Erase what an administrator of the LMS asked for, by the operator; how many rows, by table.

    Raises `NotHere` where nothing like it waits, and `Refused` where something stands that others rely on.
    """
    session.execute(select(PersonRow.id).where(PersonRow.id == person_id).with_for_update())  # one carries it out
    wish = session.scalars(
        select(PrivacyRequestRow.organization_id).where(
            PrivacyRequestRow.person_id == person_id,
            PrivacyRequestRow.wish == PrivacyWish.ERASE,
            PrivacyRequestRow.handled_at.is_(None),
        )
    ).first()
    if wish is None:
        raise NotHere
    stands = what_stands(session, person_id, now)
    if stands & WAITS_FOR:
        raise Refused("still_stands", "Something of theirs still stands that others rely on, so this waits.")
    row = _open(session, person_id, locked=True) or _new(session, wish, person_id, asked_at=None, not_before=now)
    return _erase(session, row, None, stands, now)


def time_is_over(session: Session, person: PersonRow, now: datetime) -> Mapping[str, int] | None:
    """Erase what is of somebody who does not come any more; None where something stands, or it was done before."""
    once = select(ErasureRow.id).where(
        ErasureRow.person_id == person.id, or_(ErasureRow.begun_at.is_not(None), ErasureRow.ended_at.is_(None))
    )
    if session.scalars(once.limit(1)).first() is not None or what_stands(session, person.id, now):
        return None
    row = _new(session, person.organization_id, person.id, asked_at=None, not_before=now)
    return _erase(session, row, None, frozenset(), now)


def _erase(
    session: Session, row: ErasureRow, by: UUID | None, stands: frozenset[Stands], now: datetime
) -> Mapping[str, int]:
    row.begun_at, row.done_by = now, by
    session.flush()  # from here on the database lets words of theirs go
    ids = tuple(all_ids(session, {row.person_id}))
    counts = erase_all(session, ids, now, name=Stands.SIGNER not in stands)
    row = session.get_one(ErasureRow, row.id, populate_existing=True)
    row.counts, row.ended_at = counts, now
    session.execute(
        update(PrivacyRequestRow)
        .where(
            PrivacyRequestRow.person_id.in_(ids),
            PrivacyRequestRow.wish == PrivacyWish.ERASE,
            PrivacyRequestRow.handled_at.is_(None),
        )
        .values(handled_at=now, handled_by=by or row.person_id)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    _note(session, row, by, "erasure.done", now, rows=sum(counts.values()))
    return counts


def _new(
    session: Session, organization_id: UUID, person_id: UUID, *, asked_at: datetime | None, not_before: datetime
) -> ErasureRow:
    row = ErasureRow(
        id=new_id(),
        organization_id=organization_id,
        person_id=person_id,
        asked_at=asked_at,
        not_before=not_before,
    )
    session.add(row)
    session.flush()
    return row


def _open(session: Session, person_id: UUID, *, locked: bool = False) -> ErasureRow | None:
    asked = select(ErasureRow).where(ErasureRow.person_id == person_id, ErasureRow.ended_at.is_(None))
    return session.scalars(asked.with_for_update() if locked else asked).one_or_none()


def _found(session: Session, organization_id: UUID, erasure_id: UUID) -> ErasureRow:
    row = session.scalars(
        select(ErasureRow)
        .where(
            ErasureRow.id == erasure_id, ErasureRow.organization_id == organization_id, ErasureRow.ended_at.is_(None)
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _asked(row: ErasureRow, name: str | None, stands: frozenset[Stands]) -> Asked:
    return Asked(
        id=row.id,
        person_id=row.person_id,
        name=display_name(row.person_id, name),
        asked_at=row.asked_at,
        not_before=row.not_before,
        stands=stands,
    )


def _note(session: Session, row: ErasureRow, by: UUID | None, act: str, now: datetime, **facts: int) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=by,
        act=act,
        subject=f"person:{row.person_id}",
        now=now,
        **facts,
    )
