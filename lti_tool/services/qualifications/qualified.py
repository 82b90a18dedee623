"""What people are qualified in, until when, and who saw it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere, Place, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.assignments import QualificationRow
from lti_tool.store.base import new_id
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.refusal import Refused

SOON = timedelta(days=30)
LONGEST_KIND = 200
MOST = 200


@dataclass(frozen=True, slots=True)
class Qualification:
    """One that was recorded and stands."""

    id: UUID
    kind: str
    valid_from: date
    valid_until: date | None
    """The last day; None: it does not end."""
    recorded_by: str
    recorded_at: datetime
    evidence_id: UUID | None = None
    """What its owner keeps in Attune to show for it; None: it was seen elsewhere."""

    def good_on(self, day: date) -> bool:
        """Whether it is good on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def ends_soon(self, today: date) -> bool:
        """Whether it is good today and ends within the time that is said beforehand."""
        return self.good_on(today) and self.valid_until is not None and self.valid_until <= today + SOON


@dataclass(frozen=True, slots=True)
class Ending:
    """Somebody's qualification that ends soon, or ended a short while ago, and that nothing continues."""

    person_id: UUID
    name: str
    kind: str
    last_day: date


def qualifications_of(session: Session, person_id: UUID) -> tuple[Qualification, ...]:
    """All that stand, also those whose days are over: by kind, the longest lasting first."""
    rows = session.execute(
        select(QualificationRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == QualificationRow.recorded_by)
        .where(QualificationRow.person_id == person_id, QualificationRow.ended_at.is_(None))
        .limit(MOST)
    )
    found = (
        Qualification(
            row.id,
            row.kind,
            row.valid_from,
            row.valid_until,
            display_name(row.recorded_by, name),
            row.recorded_at,
            row.evidence_id,
        )
        for row, name in rows
    )
    return tuple(sorted(found, key=lambda one: (one.kind.casefold(), -(one.valid_until or date.max).toordinal())))


def missing(session: Session, person_id: UUID, kinds: Collection[str], today: date) -> tuple[str, ...]:
    """Those of the kinds in which the person is not qualified today, in the order in which they are asked for."""
    if not kinds:
        return ()
    good = {_plain(one.kind) for one in qualifications_of(session, person_id) if one.good_on(today)}
    return tuple(kind for kind in kinds if _plain(kind) not in good)


def record(
    session: Session,
    visitor: Visitor,
    place: Place,
    *,
    person_id: UUID,
    kind: str,
    days: tuple[date, date | None],
    now: datetime,
) -> None:
    """Record that a person of the course showed a qualification, with its first and last day.

    What stands already with the same days is not recorded twice. Raises `Refused` ("kind_needed", "days_in_order").
    """
    standing_of(session, person_id, place.course.id)
    note(session, visitor, person_id=person_id, kind=kind, days=days, now=now)


def note(
    session: Session, visitor: Visitor, *, person_id: UUID, kind: str, days: tuple[date, date | None], now: datetime
) -> None:
    """The same for a person of the visitor's organization, wherever they are; whoever calls knows that they may.

    Raises `Refused` as `record` does.
    """
    kind = " ".join(kind.replace("\x00", "").split())[:LONGEST_KIND]
    first, last = days
    if not kind:
        raise Refused("kind_needed", "Please say what the qualification is called.")
    if last is not None and last < first:
        raise Refused("days_in_order", "The last day comes before the first. Please check both.")
    for one in qualifications_of(session, person_id):
        if (_plain(one.kind), one.valid_from, one.valid_until) == (_plain(kind), first, last):
            return
    row = QualificationRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        person_id=person_id,
        kind=kind,
        valid_from=first,
        valid_until=last,
        recorded_by=visitor.person_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    _audit(session, visitor, row, "qualification.record", now)


def end(
    session: Session, visitor: Visitor, place: Place, *, person_id: UUID, qualification_id: UUID, now: datetime
) -> None:
    """Take one back as not so. What was signed under it stays signed. Raises `NotHere`."""
    standing_of(session, person_id, place.course.id)
    row = session.scalars(
        select(QualificationRow)
        .where(
            QualificationRow.id == qualification_id,
            QualificationRow.person_id == person_id,
            QualificationRow.organization_id == place.organization_id,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    if row.ended_at is None:
        row.ended_at = now
        _audit(session, visitor, row, "qualification.end", now)


def ending_soon(session: Session, people: Collection[UUID], today: date) -> tuple[Ending, ...]:
    """Of these people: the qualifications that end within thirty days or did in the last thirty, soonest first.

    One that another of the same kind continues is not told.
    """
    if not people:
        return ()
    rows = session.execute(
        select(QualificationRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == QualificationRow.person_id)
        .where(QualificationRow.person_id.in_(people), QualificationRow.ended_at.is_(None))
    ).all()
    last: dict[tuple[UUID, str], date] = {}
    found: dict[tuple[UUID, str], Ending] = {}
    for row, name in rows:
        key, until = (row.person_id, _plain(row.kind)), row.valid_until or date.max
        if until >= last.get(key, date.min):
            last[key] = until
            found[key] = Ending(row.person_id, display_name(row.person_id, name), row.kind, until)
    return _soonest(one for one in found.values() if today - SOON <= one.last_day <= today + SOON)


def name_in_course(session: Session, place: Place, person_id: UUID) -> str:
    """The name of a person who is in the course. Raises `NotHere`."""
    found = session.execute(
        select(PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(
            MembershipRow.course_id == place.course.id,
            MembershipRow.ended_at.is_(None),
            PersonRow.id == person_id,
        )
    ).one_or_none()
    if found is None:
        raise NotHere
    return display_name(person_id, found.name)


def _soonest(found: Iterable[Ending]) -> tuple[Ending, ...]:
    return tuple(sorted(found, key=lambda one: (one.last_day, one.name.casefold())))


def _plain(kind: str) -> str:
    return kind.casefold().strip()


def _audit(session: Session, visitor: Visitor, row: QualificationRow, act: str, now: datetime) -> None:
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"person:{row.person_id}",
        now=now,
        qualification=str(row.id),
    )
