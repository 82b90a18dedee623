"""The programs that somebody is on the way through: where they stand in each, and what waits for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from grading.appeals import AppealState, Turn
from grading.growth import PlanState
from grading.ledger import EntryState
from lti_tool.access import ACCESS, Capability, Field, Who
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.standing.standings import Stands, enrollments_of, found_enrollment, many_stands, stands
from lti_tool.services.wellbeing.safeguarding import leads_of
from lti_tool.store.appeals import AppealRow
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.growth import GrowthPlanRow
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.people import GrantRow, MembershipRow
from lti_tool.store.programs import EnrollmentMoveRow, EnrollmentRow, ProgramRow

MOST_AT_ONCE = 3
"""In so many programs the standing is looked at on one page; of more, the names are enough."""
MOST_OF_A_KIND = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """One program that the visitor is on the way through."""

    enrollment_id: UUID
    program_id: UUID
    name: str
    entered_on: date
    stands: Stands | None
    """None: it was not looked at, because there are many."""


class Waits(StrEnum):
    """What can wait for somebody on their way."""

    DECISION = "decision"
    """A decision to read."""
    APPEAL = "appeal"
    """The panel asked something."""
    PLAN = "plan"
    """A growth plan to answer."""
    MOVE = "move"
    """Another edition of the rules was proposed."""
    RETURNED = "returned"
    """An entry came back with a reason."""


@dataclass(frozen=True, slots=True)
class WaitsForMe:
    """One thing that waits for the visitor."""

    what: Waits
    id: UUID
    until: date | None = None


def mine(session: Session, visitor: Visitor, now: datetime) -> tuple[Mine, ...]:
    """Every program of the visitor, the newest first; the standing in the first few of them."""
    found = enrollments_of(session, visitor.person_id)
    first = [enrollment for enrollment, _ in found[:MOST_AT_ONCE]]
    seen = {each.enrollment_id: each for each in many_stands(session, first, now, own=True)} if first else {}
    return tuple(_mine(enrollment, program, seen) for enrollment, program in found)


def own_enrollment(session: Session, visitor: Visitor, enrollment_id: UUID) -> EnrollmentRow:
    """An enrollment of the visitor's own. Raises `NotHere` for anybody else's."""
    found = found_enrollment(session, visitor.organization_id, enrollment_id)
    if found.person_id != visitor.person_id:
        raise NotHere
    return found


def own_stands(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> Stands:
    """Where the visitor stands, as they read it themselves. Raises `NotHere`."""
    return stands(session, own_enrollment(session, visitor, enrollment_id), now, own=True)


def waits_for_me(session: Session, visitor: Visitor, now: datetime) -> tuple[WaitsForMe, ...]:
    """What waits for the visitor over all their programs; what has a day comes first."""
    me = visitor.person_id
    found = [
        *_waiting(session, Waits.DECISION, DecisionRow, _decision_of(me, now), DecisionRow.released_at),
        *_appeals(session, me),
        *_waiting(session, Waits.PLAN, GrowthPlanRow, _plan_of(me), GrowthPlanRow.proposed_at),
        *_waiting(session, Waits.MOVE, EnrollmentMoveRow, _move_of(me), EnrollmentMoveRow.proposed_at),
        *_waiting(session, Waits.RETURNED, LedgerEntryRow, _returned_of(me), LedgerEntryRow.changed_at),
    ]
    return tuple(sorted(found, key=lambda each: (each.until is None, each.until or date.max)))


def titles_of(session: Session, entry_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """What entries of the ledger are called, where they have a name."""
    asked = select(LedgerEntryRow.id, LedgerEntryRow.title).where(LedgerEntryRow.id.in_(list(entry_ids)))
    return {id_: title for id_, title in session.execute(asked) if title}


def activity_to_ask_in(session: Session, visitor: Visitor) -> UUID | None:
    """An activity in which the visitor can ask for an observation: the newest of those of their courses."""
    asked = (
        select(ActivityRow.id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(MembershipRow, MembershipRow.course_id == CourseRow.id)
        .where(
            MembershipRow.person_id == visitor.person_id,
            MembershipRow.capability == Capability.TRAINEE,
            MembershipRow.ended_at.is_(None),
            CourseRow.archived_at.is_(None),
        )
        .order_by(ActivityRow.created_at.desc(), ActivityRow.id)
        .limit(1)
    )
    return session.scalars(asked).one_or_none()


def open_to_ask(session: Session, visitor: Visitor) -> tuple[ProgramRow, ...]:
    """Programs in which the visitor may enroll themselves, and is not yet."""
    mine_already = exists(
        select(EnrollmentRow.id).where(
            EnrollmentRow.program_id == ProgramRow.id,
            EnrollmentRow.person_id == visitor.person_id,
            EnrollmentRow.ended_at.is_(None),
        )
    )
    asked = (
        select(ProgramRow)
        .where(
            ProgramRow.organization_id == visitor.organization_id,
            ProgramRow.open_to_ask.is_(True),
            ProgramRow.closed_at.is_(None),
            ~mine_already,
        )
        .order_by(ProgramRow.name, ProgramRow.id)
        .limit(MOST_OF_A_KIND)
    )
    return tuple(session.scalars(asked))


def has_a_course(session: Session, visitor: Visitor) -> bool:
    """Whether the visitor belongs to a course still, or looks after something here: then they can come in again."""
    member = select(MembershipRow.id).where(
        MembershipRow.person_id == visitor.person_id, MembershipRow.ended_at.is_(None)
    )
    granted = select(GrantRow.id).where(GrantRow.person_id == visitor.person_id, GrantRow.revoked_at.is_(None))
    return session.scalar(select(or_(exists(member), exists(granted)))) or False


def readers(session: Session, visitor: Visitor) -> dict[Field, tuple[Reader, ...]]:
    """Who can see what belongs to the visitor's path, by name where those are known."""
    leads = tuple(lead.name for lead in leads_of(session, visitor.organization_id, Capability.PROGRAM_LEAD))
    names = {Who.TRAINEE: (display_name(visitor.person_id, visitor.name),), Who.PROGRAM_LEAD: leads}
    of_the_path = (Field.STANDING, Field.LEDGER, Field.STATEMENT, Field.PAUSE)
    return {
        field: tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[field].see)
        for field in of_the_path
    }


def _mine(enrollment: EnrollmentRow, program: ProgramRow, seen: Mapping[UUID, Stands]) -> Mine:
    return Mine(enrollment.id, program.id, program.name, enrollment.entered_on, seen.get(enrollment.id))


def _waiting(
    session: Session, what: Waits, row: type, which: ColumnElement[bool], since: InstrumentedAttribute[datetime]
) -> list[WaitsForMe]:
    asked = select(row.id).where(which).order_by(since, row.id).limit(MOST_OF_A_KIND)  # type: ignore[attr-defined]
    return [WaitsForMe(what, id_) for id_ in session.scalars(asked)]


def _of_enrollment(enrollment_id: InstrumentedAttribute[UUID], person_id: UUID) -> ColumnElement[bool]:
    return exists(
        select(EnrollmentRow.id).where(
            EnrollmentRow.id == enrollment_id, EnrollmentRow.person_id == person_id, EnrollmentRow.ended_at.is_(None)
        )
    )


def _decision_of(person_id: UUID, now: datetime) -> ColumnElement[bool]:
    return and_(
        DecisionRow.read_at.is_(None),
        DecisionRow.released_at <= now,
        _of_enrollment(DecisionRow.enrollment_id, person_id),
    )


def _plan_of(person_id: UUID) -> ColumnElement[bool]:
    return and_(GrowthPlanRow.trainee_id == person_id, GrowthPlanRow.state == PlanState.PROPOSED)


def _move_of(person_id: UUID) -> ColumnElement[bool]:
    return and_(
        EnrollmentMoveRow.answered_at.is_(None),
        EnrollmentMoveRow.ended_at.is_(None),
        _of_enrollment(EnrollmentMoveRow.enrollment_id, person_id),
    )


def _returned_of(person_id: UUID) -> ColumnElement[bool]:
    return and_(LedgerEntryRow.person_id == person_id, LedgerEntryRow.state == EntryState.RETURNED)


def _appeals(session: Session, person_id: UUID) -> list[WaitsForMe]:
    rows = session.execute(
        select(AppealRow.id, AppealRow.turn_until)
        .where(
            AppealRow.trainee_id == person_id,
            AppealRow.turn == Turn.TRAINEE,
            AppealRow.state.in_((AppealState.OPEN, AppealState.WITH_PANEL)),
        )
        .order_by(AppealRow.turn_until, AppealRow.id)
        .limit(MOST_OF_A_KIND)
    )
    return [WaitsForMe(Waits.APPEAL, id_, until) for id_, until in rows]
