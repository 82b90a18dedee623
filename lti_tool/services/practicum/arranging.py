"""Arranging what is different for somebody, reading it, and ending it. No act here takes a reason, or a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from lti_tool.services import audit
from lti_tool.services.caseload.assigning import trainees_of
from lti_tool.services.caseload.standing_people import instructors_of
from lti_tool.services.courses import people_list
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.care import AccommodationRow, Adjustment
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.refusal import Refused

OFFERED = (
    Adjustment.MORE_TIME,
    Adjustment.INTERPRETER,
    Adjustment.AUDIO_ANSWER,
    Adjustment.TALK_INSTEAD,
    Adjustment.SHORTER_SESSIONS,
)
"""What can be arranged: only what has an effect."""
MOST_DAYS = 60
MOST = 500
MOST_FOUND = 20
UNDO = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be arranged."""

    adjustments: frozenset[Adjustment]
    more_days: int | None = 0
    """For each answer; None: what was written is no whole number of at most three digits."""
    until: date | None = None
    """The last day; None: it does not end."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What was arranged for one person."""

    id: UUID
    person_id: UUID
    name: str
    adjustments: tuple[Adjustment, ...]
    """In the order in which they are offered."""
    more_days: int
    until: date | None
    arranged_by: str
    arranged_at: datetime

    def over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < today


def arrangements(session: Session, place: Place) -> tuple[Arrangement, ...]:
    """All that stand in the course, by name, also those whose last day has passed."""
    found = _found(session, AccommodationRow.course_id == place.course.id, AccommodationRow.ended_at.is_(None))
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def of_person(session: Session, place: Place, person_id: UUID) -> Arrangement | None:
    """What stands for the person in the course; None where nothing does."""
    found = _found(session, *_of(place, person_id), AccommodationRow.ended_at.is_(None))
    return found[0] if found else None


def ended_lately(session: Session, visitor: Visitor, place: Place, now: datetime) -> Arrangement | None:
    """What the visitor can bring back: of themselves, ended within a day, with nothing in its place."""
    if of_person(session, place, visitor.person_id) is not None:
        return None
    found = _found(session, *_of(place, visitor.person_id), AccommodationRow.ended_at > now - UNDO)
    return found[-1] if found else None


def trainees_named(session: Session, place: Place, name: str) -> tuple[tuple[UUID, str], ...]:
    """Trainees of the course with this in their name."""
    wanted = name.strip().casefold()
    found = [one for one in people_list.trainees(session, place) if wanted in one[1].casefold()]
    return tuple(found[:MOST_FOUND])


def whom_to_ask(session: Session, place: Place) -> tuple[str, ...]:
    """Who can arrange something, by name."""
    ids = instructors_of(session, place.course.id)
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(ids)))
    return tuple(sorted(display_name(person_id, name) for person_id, name in rows))


def name_of(session: Session, place: Place, person_id: UUID) -> str:
    """The name of a trainee of the course. Raises `NotHere` for anybody else."""
    if not trainees_of(session, place, (person_id,)):
        raise NotHere
    return display_name(person_id, session.get_one(PersonRow, person_id).name)


def arrange(
    session: Session, visitor: Visitor, place: Place, *, person_id: UUID, wanted: Wanted, now: datetime
) -> None:
    """Have this stand for a trainee of the course, in place of what stood. What stands already changes nothing.

    Days need more time, and more time needs days: neither is dropped.
    Raises `NotHere`, and `Refused` ("nothing_chosen", "days_needed", "days_alone", "until_passed").
    """
    _check(wanted, now.date())
    name_of(session, place, person_id)
    _hold(session, place, person_id)
    before = _standing(session, place, person_id)
    adjustments = [one.value for one in OFFERED if one in wanted.adjustments]
    days = wanted.more_days or 0
    if before is not None and (before.adjustments, before.more_days, before.until) == (adjustments, days, wanted.until):
        return
    if before is not None:
        before.ended_at = now
        session.flush()
    row = AccommodationRow(
        id=new_id(),
        organization_id=place.organization_id,
        course_id=place.course.id,
        person_id=person_id,
        adjustments=adjustments,
        more_days=days,
        arranged_by=visitor.person_id,
        arranged_at=now,
        until=wanted.until,
    )
    session.add(row)
    _audit(session, visitor, row, "accommodation.arrange", now)
    _tell(session, visitor, place, person_id, now)


def end(session: Session, visitor: Visitor, place: Place, accommodation_id: UUID, *, own: bool, now: datetime) -> None:
    """End it: with `own` only the visitor's. Dates that were told stay as they are. Raises `NotHere`."""
    row = session.get(AccommodationRow, accommodation_id)
    if row is None or row.course_id != place.course.id or (own and row.person_id != visitor.person_id):
        raise NotHere
    _hold(session, place, row.person_id)
    session.refresh(row)
    if row.ended_at is not None:
        return
    row.ended_at = now
    _audit(session, visitor, row, "accommodation.end", now)
    other = row.arranged_by if row.person_id == visitor.person_id else row.person_id
    if other != visitor.person_id:
        _tell(session, visitor, place, other, now)


def bring_back(session: Session, visitor: Visitor, place: Place, now: datetime) -> None:
    """Within a day the trainee has what ended stand again. Raises `NotHere` where nothing is to be brought back."""
    _hold(session, place, visitor.person_id)
    found = ended_lately(session, visitor, place, now)
    if found is None:
        raise NotHere
    row = session.get_one(AccommodationRow, found.id)
    row.ended_at = None
    _audit(session, visitor, row, "accommodation.bring_back", now)


def _check(wanted: Wanted, today: date) -> None:
    if not wanted.adjustments or not wanted.adjustments <= set(OFFERED):
        raise Refused("nothing_chosen", "Please choose at least one. To have nothing arranged any more, end it.")
    more_time = Adjustment.MORE_TIME in wanted.adjustments
    if more_time and not 1 <= (wanted.more_days or 0) <= MOST_DAYS:
        raise Refused("days_needed", "Please say how many more days: from 1 to %(most)s.", most=MOST_DAYS)
    if not more_time and wanted.more_days != 0:
        raise Refused(
            "days_alone",
            "There are days here, but more time is not chosen. Please choose more time too, or leave the days empty.",
        )
    if wanted.until is not None and wanted.until < today:
        raise Refused("until_passed", "The last day has passed. Please give a later one, or leave it empty.")


def _of(place: Place, person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (AccommodationRow.course_id == place.course.id, AccommodationRow.person_id == person_id)


def _found(session: Session, *which: ColumnElement[bool]) -> Sequence[Arrangement]:
    person, by = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(AccommodationRow, person.name, by.name)
        .join(person, person.id == AccommodationRow.person_id)
        .join(by, by.id == AccommodationRow.arranged_by)
        .where(*which)
        .order_by(AccommodationRow.ended_at, AccommodationRow.arranged_at)
        .limit(MOST)
    )
    return [
        Arrangement(
            id=row.id,
            person_id=row.person_id,
            name=display_name(row.person_id, name),
            adjustments=tuple(one for one in Adjustment if one.value in row.adjustments),
            more_days=row.more_days,
            until=row.until,
            arranged_by=display_name(row.arranged_by, by_name),
            arranged_at=row.arranged_at,
        )
        for row, name, by_name in rows
    ]


def _hold(session: Session, place: Place, person_id: UUID) -> None:
    """Two acts for the same person come one after the other."""
    session.execute(
        select(MembershipRow.id)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.person_id == person_id)
        .with_for_update()
    )


def _standing(session: Session, place: Place, person_id: UUID) -> AccommodationRow | None:
    return session.scalars(
        select(AccommodationRow)
        .where(*_of(place, person_id), AccommodationRow.ended_at.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()


def _tell(session: Session, visitor: Visitor, place: Place, person_id: UUID, now: datetime) -> None:
    notify.news(
        session,
        organization_id=place.organization_id,
        person_id=person_id,
        now=now,
        path=f"/a/{place.activity.id}/adjustments",
        sender_id=visitor.person_id,
    )


def _audit(session: Session, visitor: Visitor, row: AccommodationRow, act: str, now: datetime) -> None:
    """That something was arranged, and not what: whoever reads the audit has no part to play in it."""
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"accommodation:{row.id}",
        now=now,
    )
