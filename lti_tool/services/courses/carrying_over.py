"""What trainees take along from one term to the next: looked at row by row first, then done in one step.

Nothing of the earlier course ends by it, and doing it again makes nothing twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lti_tool.services import audit
from lti_tool.services.caseload import assigning
from lti_tool.services.caseload.assigning import may_be
from lti_tool.services.caseload.assignments import What
from lti_tool.services.caseload.standing_people import Carrying, carrying
from lti_tool.services.courses import archived
from lti_tool.services.courses.people import trains
from lti_tool.services.courses.places import NotHere, Place, place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.services.practicum import placing
from lti_tool.services.practicum.placing import PlacementWords
from lti_tool.services.practicum.sites import cover_of, not_over
from lti_tool.store.assignments import AssignedAs, AssignmentRow, ConflictRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.sites import PlacementRow, SiteRow
from lti_tool.store.supervision import SupervisionAgreementRow as AgreementRow
from lti_tool.store.writing import insert_once
from rubrics.placing import Cover, CoverState, Days
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

MOST = 5_000


class Kind(StrEnum):
    """What is taken along."""

    ASSIGNMENT = "assignment"
    AGREEMENT = "agreement"
    """proposed anew with the same words: it is in force once both have signed it there"""
    PLACEMENT = "placement"


class Fate(StrEnum):
    """What becomes of one row."""

    TAKEN = "taken"
    ALREADY = "already"
    """it is there"""
    NOT_THERE = "not_there"
    """the other one is not in the later course, or cannot do this there"""
    APART = "apart"
    """someone else does it: a conflict stands"""
    LOOK = "look"
    """a person has to look: a site that was put away or without an agreement, or no room"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and what becomes of it."""

    kind: Kind
    id: UUID
    trainee_id: UUID
    trainee_name: str
    other_id: UUID
    other_name: str
    """The observer, supervisor or mentor, or the site."""
    lane: Lane | None
    fate: Fate


def there(session: Session, visitor: Visitor, later_id: UUID) -> Place:
    """The later course, by its first activity.

    Raises `Refused`: "no_activity_there" while it has none, "course_archived" where it is kept for reading only.
    """
    activity_id = session.scalars(
        select(ActivityRow.id).where(ActivityRow.course_id == later_id).order_by(ActivityRow.id).limit(1)
    ).one_or_none()
    if activity_id is None:
        raise Refused("no_activity_there", "That course has no activity yet. Please add one there first, then go on.")
    archived.check_activity(session, activity_id)
    return place(session, visitor, activity_id)


def plan(session: Session, earlier: Place, later: Place, today: date) -> tuple[Row, ...]:
    """Every row of trainees who are in both courses, and what would become of it; nothing is changed."""
    both = _in_both(session, earlier.course.id, later.course.id)
    if not both:
        return ()
    people = {one.id: one for one in carrying(session, later.course.id)}
    apart = _conflicts(session, set(both))
    found = (
        *_assignments(session, earlier, later, both, people),
        *_agreements(session, earlier, later, both, people),
        *_placements(session, earlier, later, both, today),
    )
    fates = (replace(one, fate=Fate.APART) if (one.trainee_id, one.other_id) in apart else one for one in found)
    return tuple(sorted(fates, key=lambda one: (one.trainee_name.casefold(), one.kind, one.other_name.casefold())))


def carry(session: Session, visitor: Visitor, earlier: Place, later: Place, now: datetime) -> tuple[Row, ...]:
    """Do what `plan` says; the answer has every row, with what became of it."""
    rows = plan(session, earlier, later, now.date())
    done = tuple(_do(session, visitor, later, row, now) if row.fate is Fate.TAKEN else row for row in rows)
    taken = sum(row.fate is Fate.TAKEN for row in done)
    here = f"course:{earlier.course.id}"
    _note(session, visitor, "course.carry", here, now, later=str(later.course.id), taken=taken)
    return done


def _do(session: Session, visitor: Visitor, later: Place, row: Row, now: datetime) -> Row:
    try:
        with session.begin_nested():
            match row.kind:
                case Kind.ASSIGNMENT:
                    _assign(session, visitor, later, row, now)
                case Kind.AGREEMENT:
                    _propose(session, visitor, later, row, now)
                case Kind.PLACEMENT:
                    _place(session, visitor, later, row, now)
    except (Refused, NotHere):
        return replace(row, fate=Fate.LOOK)
    return row


def _assign(session: Session, visitor: Visitor, later: Place, row: Row, now: datetime) -> None:
    old = session.get_one(AssignmentRow, row.id)
    assigning.assign(
        session,
        visitor,
        later,
        trainee_id=old.trainee_id,
        person_id=old.person_id,
        what=What(old.assigned_as, old.lane, old.backup),
        now=now,
    )


def _propose(session: Session, visitor: Visitor, later: Place, row: Row, now: datetime) -> None:
    old = session.get_one(AgreementRow, row.id)
    id_ = new_id()
    made = insert_once(
        session,
        AgreementRow,
        id=id_,
        organization_id=later.organization_id,
        course_id=later.course.id,
        trainee_id=old.trainee_id,
        supervisor_id=old.supervisor_id,
        lane=old.lane,
        number=1,
        every_days=old.every_days,
        expectations=old.expectations,
        channels=old.channels,
        confidentiality=old.confidentiality,
        written_by=old.written_by,
        written_at=now,
    )
    if not made:
        return
    _note(session, visitor, "agreement.propose", f"supervision_agreement:{id_}", now, number=1)
    for person_id in (old.trainee_id, old.supervisor_id):
        notify.news(
            session,
            organization_id=later.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.SUPERVISION,
            path=f"/a/{later.activity.id}/supervision/agreements/{id_}",
            sender_id=visitor.person_id,
        )


def _place(session: Session, visitor: Visitor, later: Place, row: Row, now: datetime) -> None:
    old = session.get_one(PlacementRow, row.id)
    days = Days(max(old.begins_on, now.date()), old.ends_on)
    words = PlacementWords(old.site_id, days, old.model, old.setting, old.compensation)
    placing.place_trainee(session, visitor, later, old.trainee_id, words, anyway=False, now=now)


def _in_both(session: Session, earlier_id: UUID, later_id: UUID) -> dict[UUID, str]:
    """Trainees of the earlier course, also those who left it, who are trainees of the later one."""
    before = select(MembershipRow.person_id).where(MembershipRow.course_id == earlier_id)
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(
            MembershipRow.course_id == later_id,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            trains(later_id),
            PersonRow.id.in_(before),
        )
        .limit(MOST)
    )
    return {person_id: display_name(person_id, name) for person_id, name in rows}


def _conflicts(session: Session, trainees: set[UUID]) -> set[tuple[UUID, UUID]]:
    rows = session.execute(select(ConflictRow.declared_by, ConflictRow.about_id).where(ConflictRow.ended_at.is_(None)))
    pairs = {(one, other) for one, other in rows}
    return {pair for pair in pairs | {(other, one) for one, other in pairs} if pair[0] in trainees}


def _assignments(
    session: Session, earlier: Place, later: Place, both: dict[UUID, str], people: dict[UUID, Carrying]
) -> Iterator[Row]:
    standing = AssignmentRow.ended_at.is_(None)
    had = session.execute(
        select(AssignmentRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == AssignmentRow.person_id)
        .where(AssignmentRow.course_id == earlier.course.id, standing)
        .limit(MOST)
    ).all()
    made = select(AssignmentRow).where(AssignmentRow.course_id == later.course.id, standing)
    has = {_same(row) for row in session.scalars(made)}
    for row, name in had:
        if row.trainee_id not in both:
            continue
        person = people.get(row.person_id)
        fits = person is not None and may_be(person, What(row.assigned_as, row.lane, row.backup))
        fate = Fate.ALREADY if _same(row) in has else Fate.TAKEN if fits else Fate.NOT_THERE
        named = display_name(row.person_id, name)
        yield Row(
            Kind.ASSIGNMENT, row.id, row.trainee_id, both[row.trainee_id], row.person_id, named, row.lane, fate
        )  # fmt: skip


def _agreements(
    session: Session, earlier: Place, later: Place, both: dict[UUID, str], people: dict[UUID, Carrying]
) -> Iterator[Row]:
    rows, supervisor = AgreementRow, aliased(PersonRow)
    had = session.execute(
        select(rows.id, rows.trainee_id, rows.supervisor_id, rows.lane, supervisor.name)
        .join(supervisor, supervisor.id == rows.supervisor_id)
        .where(rows.course_id == earlier.course.id, rows.in_force_at.is_not(None), rows.ended_at.is_(None))
        .limit(MOST)
    ).all()
    there_already = select(rows.trainee_id, rows.supervisor_id, rows.lane).where(rows.course_id == later.course.id)
    has = {tuple(row) for row in session.execute(there_already)}
    for id_, trainee_id, supervisor_id, lane, name in had:
        if trainee_id not in both:
            continue
        person = people.get(supervisor_id)
        fits = person is not None and may_be(person, What(AssignedAs.SUPERVISOR, lane))
        known = (trainee_id, supervisor_id, lane) in has
        fate = Fate.ALREADY if known else Fate.TAKEN if fits else Fate.NOT_THERE
        named = display_name(supervisor_id, name)
        yield Row(Kind.AGREEMENT, id_, trainee_id, both[trainee_id], supervisor_id, named, lane, fate)


def _placements(session: Session, earlier: Place, later: Place, both: dict[UUID, str], today: date) -> Iterator[Row]:
    standing = (PlacementRow.ended_at.is_(None), not_over(today))
    had = session.execute(
        select(PlacementRow, SiteRow.name)
        .join(SiteRow, SiteRow.id == PlacementRow.site_id)
        .where(PlacementRow.course_id == earlier.course.id, *standing)
        .limit(MOST)
    ).all()
    placed = select(PlacementRow.trainee_id, PlacementRow.site_id).where(PlacementRow.course_id == later.course.id)
    has = {tuple(row) for row in session.execute(placed.where(*standing))}
    covers = cover_of(session, {row.site_id for row, _ in had}, today)
    for row, name in had:
        if row.trainee_id not in both:
            continue
        fate = Fate.TAKEN if _covers(covers[row.site_id], row.ends_on) else Fate.LOOK
        fate = Fate.ALREADY if (row.trainee_id, row.site_id) in has else fate
        yield Row(Kind.PLACEMENT, row.id, row.trainee_id, both[row.trainee_id], row.site_id, name, None, fate)


def _covers(cover: Cover, last: date | None) -> bool:
    """Whether an agreement with the site is in force, and not for a shorter time than the placement."""
    return cover.state is CoverState.IN_FORCE and (cover.day is None or last is None or last <= cover.day)


def _same(row: AssignmentRow) -> tuple[UUID, UUID, AssignedAs, Lane | None]:
    return row.trainee_id, row.person_id, row.assigned_as, row.lane


def _note(session: Session, visitor: Visitor, act: str, subject: str, now: datetime, **facts: str | int) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=subject,
        now=now,
        **facts,
    )
