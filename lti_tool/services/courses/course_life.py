"""The end of a term: a course that goes on in another one, and one that is kept for reading only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.asking.times import tell_others
from lti_tool.services.courses.places import CourseName, NotHere, Place, standing_of
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations import handing_in
from lti_tool.services.observations.lines import ObservationLine, display_name, lines, listing
from lti_tool.services.observations.moves import move_on
from lti_tool.services.observations.words_away import take_away_what_was_said_beforehand
from lti_tool.services.scores import deliver
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.rubrics import RubricVersionRow
from lti_tool.store.supervision import SupervisionRequestRow
from rubrics.observation import BEFORE, OVER, UNCHANGEABLE, Move, State
from rubrics.refusal import Refused

MOST_SHOWN, MOST_BESIDE, MOST_COURSES, LONGEST_LINE = 50, 50, 200, 50
STILL_OPEN = frozenset(State) - OVER
_OF_COURSE = select(ActivityRow.id).where(ActivityRow.course_id == bindparam("course_id"))
_OPEN: Any = listing(ObservationRow.activity_id.in_(_OF_COURSE), ObservationRow.state.in_(STILL_OPEN), limit=MOST_SHOWN)
_RUBRIC = select(RubricVersionRow.rubric_id).where(RubricVersionRow.id == bindparam("version_id"))
_FINISHED_BEFORE: Any = listing(
    ActivityRow.course_id.in_(bindparam("courses", expanding=True)),
    ObservationRow.trainee_id == bindparam("person_id"),
    ObservationRow.state == State.RELEASED,
    ObservationRow.rubric_version_id.in_(
        select(RubricVersionRow.id).where(RubricVersionRow.rubric_id == _RUBRIC.scalar_subquery())
    ),
    limit=MOST_BESIDE,
    newest_first=True,
)


@dataclass(frozen=True, slots=True)
class Term:
    """Where a course stands between the terms."""

    earlier: CourseName | None
    """The course that this one goes on from."""
    later: tuple[CourseName, ...]
    """The courses in which this one goes on."""
    archived_at: datetime | None
    archived_by: str | None
    begun: int
    """Observations that began and are not finished."""
    not_begun: int
    still_open: tuple[ObservationLine, ...]
    """The first of both, the longest without a change first."""


def term_of(session: Session, place: Place) -> Term:
    """How this course stands."""
    course = session.get_one(CourseRow, place.course.id)
    earlier = session.get(CourseRow, course.continues_id) if course.continues_id else None
    by = session.get(PersonRow, course.archived_by) if course.archived_by else None
    counts = _counts(session, course.id)
    return Term(
        earlier=CourseName(earlier.id, earlier.title) if earlier else None,
        later=later_than(session, course.id),
        archived_at=course.archived_at,
        archived_by=display_name(by.id, by.name) if by else None,
        begun=sum(number for state, number in counts.items() if state not in BEFORE),
        not_begun=sum(number for state, number in counts.items() if state in BEFORE),
        still_open=lines(session, _OPEN, course_id=course.id) if counts else (),
    )


def finished_before(session: Session, visitor: Visitor, place: Place) -> tuple[ObservationLine, ...]:
    """What the visitor finished with the same rubric in the courses that this one goes on from, newest first.

    It is shown beside, and counts only where it was done.
    """
    earlier = _line_before(session, place.course.id) if place.goes_on else ()
    if not earlier:
        return ()
    asked = {"person_id": visitor.person_id, "version_id": place.activity.rubric_version_id, "courses": earlier}
    return lines(session, _FINISHED_BEFORE, **asked)


def later_than(session: Session, course_id: UUID) -> tuple[CourseName, ...]:
    """The courses in which this one goes on, by name."""
    rows = session.execute(select(CourseRow.id, CourseRow.title).where(CourseRow.continues_id == course_id))
    return tuple(sorted((CourseName(id_, title) for id_, title in rows), key=lambda one: one.title.casefold()))


def choices(session: Session, visitor: Visitor, place: Place) -> tuple[CourseName, ...]:
    """Courses that the visitor instructs and in which this one could go on, by name."""
    granted = and_(
        GrantRow.course_id == MembershipRow.course_id,
        GrantRow.person_id == MembershipRow.person_id,
        GrantRow.capability == Capability.INSTRUCTOR,
        GrantRow.revoked_at.is_(None),
    )
    rows = session.execute(
        select(CourseRow.id, CourseRow.title)
        .join(MembershipRow, MembershipRow.course_id == CourseRow.id)
        .outerjoin(GrantRow, granted)
        .where(
            CourseRow.organization_id == visitor.organization_id,
            CourseRow.id != place.course.id,
            CourseRow.archived_at.is_(None),
            CourseRow.continues_id.is_(None),
            MembershipRow.person_id == visitor.person_id,
            MembershipRow.ended_at.is_(None),
            or_(MembershipRow.capability == Capability.INSTRUCTOR, GrantRow.id.is_not(None)),
        )
        .distinct()
        .order_by(CourseRow.title, CourseRow.id)
        .limit(MOST_COURSES)
    )
    earlier = set(_line_before(session, place.course.id))
    return tuple(CourseName(id_, title) for id_, title in rows if id_ not in earlier)


def goes_on(session: Session, visitor: Visitor, place: Place, later_id: UUID | None, now: datetime) -> None:
    """This course goes on in that one, of which the visitor is an instructor too. Twice changes nothing.

    Raises `NotHere` for a course that is not theirs, `Refused`: "goes_on_in_itself", "goes_on_already".
    """
    later = _instructed(session, visitor, later_id)
    if later.continues_id == place.course.id:
        return
    if later.id in (place.course.id, *_line_before(session, place.course.id)):
        raise Refused("goes_on_in_itself", "That course comes before this one. Please choose one that comes after it.")
    if later.continues_id is not None:
        raise Refused("goes_on_already", "That course goes on from another one already. Please end that there first.")
    later.continues_id = place.course.id
    session.flush()
    _note(session, visitor, "course.goes_on", place.course.id, now, later=str(later.id))


def goes_on_no_more(session: Session, visitor: Visitor, place: Place, later_id: UUID | None, now: datetime) -> None:
    """It does not go on there. What was carried over stays. Twice changes nothing. Raises `NotHere`."""
    later = _instructed(session, visitor, later_id)
    if later.continues_id == place.course.id:
        later.continues_id = None
        session.flush()
        _note(session, visitor, "course.goes_on_no_more", place.course.id, now, later=str(later.id))


def archive(session: Session, visitor: Visitor, place: Place, *, call_off: bool, now: datetime) -> None:
    """Keep the course for reading only. Twice changes nothing.

    What has begun stands still, and goes on if the course is opened again; so does what has not begun, unless it is
    called off. Whoever has a part in what is open is told.
    """
    rows = _held_open(session, place.course.id)
    course = _held(session, place.course.id)
    if course.archived_at is not None:
        return
    for row in rows:
        if call_off and row.state in BEFORE:
            move_on(session, row, Move.CANCEL, person_id=visitor.person_id, now=now)
            take_away_what_was_said_beforehand(row)
            tell_others(session, row, visitor, now)
        else:
            notify.of_observation(session, row, row.trainee_id, now, by=visitor.person_id)
    course.archived_at, course.archived_by = now, visitor.person_id
    session.flush()
    _note(session, visitor, "course.archive", course.id, now, open=len(rows), called_off=call_off)


def bring_back(session: Session, visitor: Visitor, place: Place, now: datetime) -> tuple[UUID, ...]:
    """Open the course again; the answer names the scores to look at. Twice changes nothing.

    No time has run: whoever had three days to answer has three days now.
    """
    rows = _held_open(session, place.course.id)
    course = _held(session, place.course.id)
    if course.archived_at is None:
        return ()
    rested = now - course.archived_at
    for row in rows:
        if row.respond_until is not None and row.respond_until > course.archived_at:
            row.respond_until += rested
    _let_wishes_wait(session, course, rested)
    course.archived_at = course.archived_by = None
    session.flush()
    for row in rows:  # somebody who was waited for may have stepped aside meanwhile
        handing_in.go_on(session, row, by=None, now=now)
    _note(session, visitor, "course.bring_back", course.id, now)
    return _scores(session, course.id, now)


def _let_wishes_wait(session: Session, course: CourseRow, rested: timedelta) -> None:
    waiting = select(SupervisionRequestRow).where(
        SupervisionRequestRow.course_id == course.id, SupervisionRequestRow.ended_at.is_(None)
    )
    for row in session.scalars(waiting.with_for_update()):
        if course.archived_at is not None and row.answer_by > course.archived_at:
            row.answer_by += rested


def _scores(session: Session, course_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """What may have changed meanwhile: a signature that was not its signer's own."""
    pairs = session.execute(
        select(ObservationRow.activity_id, ObservationRow.trainee_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ActivityRow.course_id == course_id, ObservationRow.state.in_(UNCHANGEABLE))
        .distinct()
    ).all()
    return tuple(
        found for activity_id, person_id in pairs for found in deliver.desire(session, activity_id, person_id, now)
    )


def _counts(session: Session, course_id: UUID) -> dict[State, int]:
    rows = session.execute(
        select(ObservationRow.state, func.count())
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ActivityRow.course_id == course_id, ObservationRow.state.in_(STILL_OPEN))
        .group_by(ObservationRow.state)
    )
    return {row[0]: row[1] for row in rows}


def _held_open(session: Session, course_id: UUID) -> Sequence[ObservationRow]:
    """All that is open, locked in one order before anything else is, so that two acts at once cannot cross."""
    return session.scalars(
        select(ObservationRow)
        .where(
            ObservationRow.activity_id.in_(select(ActivityRow.id).where(ActivityRow.course_id == course_id)),
            ObservationRow.state.in_(STILL_OPEN),
        )
        .order_by(ObservationRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _held(session: Session, course_id: UUID) -> CourseRow:
    found = select(CourseRow).where(CourseRow.id == course_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _instructed(session: Session, visitor: Visitor, course_id: UUID | None) -> CourseRow:
    """A course that the visitor instructs; one at a time in an organization decides what goes on where."""
    session.scalars(
        select(OrganizationRow.id).where(OrganizationRow.id == visitor.organization_id).with_for_update()
    ).one()
    course = session.get(CourseRow, course_id, populate_existing=True) if course_id else None
    if course is None or course.organization_id != visitor.organization_id:
        raise NotHere
    if Capability.INSTRUCTOR not in standing_of(session, visitor.person_id, course.id).capabilities:
        raise NotHere
    return course


def _line_before(session: Session, course_id: UUID) -> list[UUID]:
    """The courses before this one, the nearest first."""
    found: list[UUID] = []
    here: UUID | None = course_id
    while here is not None and len(found) < LONGEST_LINE:
        here = session.scalars(select(CourseRow.continues_id).where(CourseRow.id == here)).one_or_none()
        if here is None or here in found:
            break
        found.append(here)
    return found


def _note(
    session: Session, visitor: Visitor, act: str, course_id: UUID, now: datetime, **facts: str | int | bool
) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"course:{course_id}",
        now=now,
        **facts,
    )
