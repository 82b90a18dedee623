"""The first steps of each kind of person: which there are, and which are done as what is recorded tells.

One statement for each page. Nothing waits for a step, and nobody else sees how far somebody is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, ScalarSelect, Select, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import QUIET_FROM, QUIET_UNTIL
from lti_tool.store.base import new_id
from lti_tool.store.care import SupportContactRow
from lti_tool.store.courses import ActivityColumnRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.first_steps import FirstStepsLeftRow, Part
from lti_tool.store.ledger import LedgerEntryRow
from lti_tool.store.mail import ContactRow, Wanted
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, ObserverState, SignOffRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.programs import EnrollmentRow, ProgramVersionRow
from lti_tool.store.sites import ScopeAcknowledgmentRow, ScopeStatementRow
from lti_tool.store.writing import insert_once
from rubrics.observation import BEFORE, UNDER_WAY, State


class Name(StrEnum):
    """A step. Its words are the page's."""

    SCOPE = "scope"
    CONTACT = "contact"
    ASK = "ask"
    READ = "read"
    WRITE_DOWN = "write_down"
    HAND_ON = "hand_on"
    SAY_YES_OR_NO = "say_yes_or_no"
    OBSERVE = "observe"
    SIGN = "sign"
    TRAINEES = "trainees"
    WHO_OBSERVES = "who_observes"
    FIRST_OBSERVATION = "first_observation"
    FIRST_SCORE = "first_score"
    SUPPORT = "support"
    SAMPLE = "sample"
    PROGRAM = "program"
    PUBLISH_SCOPE = "publish_scope"
    ENROLL = "enroll"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it is done, and what it is about where that is one thing, such as an observation."""

    name: Name
    done: bool
    about: UUID | None = None


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Steps of which at least one is still to come."""

    part: Part
    steps: tuple[Step, ...]
    activity_id: UUID | None = None


_ME: ColumnElement[UUID] = bindparam("person_id")
_HERE: ColumnElement[UUID] = bindparam("activity_id")
_COURSE: ColumnElement[UUID] = bindparam("course_id")
_ORGANIZATION: ColumnElement[UUID] = bindparam("organization_id")
_STATEMENT = (
    ScopeStatementRow.organization_id == _ORGANIZATION,
    ScopeStatementRow.published_at.is_not(None),
    ScopeStatementRow.ended_at.is_(None),
)
_SCOPE_KNOWN = exists().where(
    *_STATEMENT,
    ScopeAcknowledgmentRow.statement_id == ScopeStatementRow.id,
    ScopeAcknowledgmentRow.person_id == _ME,
)
_ASKED_OF_ME = (
    select(ObserverRow.observation_id)
    .join(ObservationRow, ObservationRow.id == ObserverRow.observation_id)
    .where(
        ObserverRow.person_id == _ME,
        ObserverRow.state.in_((ObserverState.ASKED, ObserverState.AGREED)),
        ObservationRow.state.in_(BEFORE | UNDER_WAY),
    )
    .order_by(ObservationRow.requested_at)
    .limit(1)
)
_TO_READ = (
    select(ObservationRow.id)
    .where(ObservationRow.trainee_id == _ME, ObservationRow.state == State.SHARED)
    .order_by(ObservationRow.requested_at)
    .limit(1)
)
_OPEN_PROGRAM = (
    select(ProgramVersionRow.program_id)
    .where(ProgramVersionRow.organization_id == _ORGANIZATION)
    .order_by(ProgramVersionRow.published_at.desc())
    .limit(1)
)


def _asked_for(part: Part, **asked: ColumnElement[bool] | ScalarSelect[Any]) -> Select[Any]:
    left = exists().where(FirstStepsLeftRow.person_id == _ME, FirstStepsLeftRow.part == part)
    return select(left.label("left"), *(each.label(name) for name, each in asked.items()))


_REACHED = exists().where(
    ContactRow.person_id == _ME,
    or_(
        ContactRow.confirmed_at.is_not(None),
        ContactRow.safe_on.is_not(None),
        ContactRow.wanted != Wanted.DAILY,
        ContactRow.timezone != "UTC",
        ContactRow.language.is_not(None),
        ContactRow.quiet_from != QUIET_FROM,
        ContactRow.quiet_until != QUIET_UNTIL,
        ~ContactRow.names_sender,
    ),
)
"""They chose something themselves: the row alone is also made by mail that goes out, or comes back."""
_SCOPE = exists().where(*_STATEMENT)
_OF_TRAINEE = _asked_for(
    Part.TRAINEE,
    scope=_SCOPE,
    scope_known=_SCOPE_KNOWN,
    reached=_REACHED,
    asked=exists().where(ObservationRow.trainee_id == _ME),
    to_read=_TO_READ.scalar_subquery(),
    read=exists().where(
        ObservationRow.trainee_id == _ME,
        ObservationRow.answered_at.is_not(None) | ObservationRow.released_at.is_not(None),
    ),
    trainee=exists().where(
        MembershipRow.person_id == _ME,
        MembershipRow.capability == Capability.TRAINEE,
        MembershipRow.ended_at.is_(None),
    ),
    enrolled=exists().where(EnrollmentRow.person_id == _ME, EnrollmentRow.ended_at.is_(None)),
    wrote=exists().where(LedgerEntryRow.person_id == _ME),
    handed_on=exists().where(LedgerEntryRow.person_id == _ME, LedgerEntryRow.asked_id.is_not(None)),
)
_OF_OBSERVER = _asked_for(
    Part.OBSERVER,
    scope=_SCOPE,
    scope_known=_SCOPE_KNOWN,
    reached=_REACHED,
    took_part=exists().where(ObserverRow.person_id == _ME),
    asked_of_me=_ASKED_OF_ME.scalar_subquery(),
    answered=exists().where(ObserverRow.person_id == _ME, ObserverRow.answered_at.is_not(None)),
    observed=exists().where(
        AssessmentRow.observer_id == _ME, ~AssessmentRow.of_oneself, AssessmentRow.submitted_at.is_not(None)
    ),
    signed=exists().where(SignOffRow.signer_id == _ME),
)
_OF_INSTRUCTOR = _asked_for(
    Part.INSTRUCTOR,
    trainees=exists().where(
        MembershipRow.course_id == _COURSE,
        MembershipRow.capability == Capability.TRAINEE,
        ~MembershipRow.test_user,
        MembershipRow.ended_at.is_(None),
    ),
    asked=exists().where(ObservationRow.activity_id == _HERE),
    scored=exists().where(
        DeliveryRow.line_item_id == LineItemRow.id,
        DeliveryRow.accepted_at.is_not(None),
        (LineItemRow.activity_id == _HERE)
        | LineItemRow.column_id.in_(select(ActivityColumnRow.id).where(ActivityColumnRow.activity_id == _HERE)),
    ),
)
_OF_LEAD = _asked_for(
    Part.PROGRAM_LEAD,
    support=exists().where(SupportContactRow.organization_id == _ORGANIZATION, SupportContactRow.ended_at.is_(None)),
    sample=exists().where(OrganizationRow.id == _ORGANIZATION, OrganizationRow.sample_since.is_not(None)),
    program=_OPEN_PROGRAM.scalar_subquery(),
    scope=_SCOPE,
    enrolled=exists().where(EnrollmentRow.organization_id == _ORGANIZATION),
)


def of_trainee(session: Session, visitor: Visitor, place: Place | None) -> FirstSteps | None:
    """In an activity: asking and reading; on the path through programs: hours. None where nothing is to be shown.

    None also on the path of whoever is no trainee of any course and on the way through no program.
    """
    found = _found(session, _OF_TRAINEE, visitor)
    if place is None and not (found["trainee"] or found["enrolled"]):
        return None
    steps = [*_of_everybody(found)]
    if place is not None:
        steps.append(Step(Name.ASK, found["asked"]))
        steps.append(Step(Name.READ, found["read"], found["to_read"]))
    elif found["enrolled"]:
        steps.append(Step(Name.WRITE_DOWN, found["wrote"]))
        steps.append(Step(Name.HAND_ON, found["handed_on"]))
    return _shown(Part.TRAINEE, found, steps, place)


def of_observer(
    session: Session, visitor: Visitor, place: Place | None, capabilities: frozenset[Capability]
) -> FirstSteps | None:
    """Of whoever observes, and of whoever signs one step more. None where nothing is to be shown.

    None also for whoever neither may observe or sign nor was ever asked to.
    """
    found = _found(session, _OF_OBSERVER, visitor)
    if not (capabilities & {Capability.OBSERVER, Capability.SUPERVISOR} or found["took_part"]):
        return None
    steps = [
        *_of_everybody(found),
        Step(Name.SAY_YES_OR_NO, found["answered"] or found["observed"], found["asked_of_me"]),
        Step(Name.OBSERVE, found["observed"], found["asked_of_me"]),
    ]
    if Capability.SUPERVISOR in capabilities:
        steps.append(Step(Name.SIGN, found["signed"]))
    return _shown(Part.OBSERVER, found, steps, place)


def of_instructor(session: Session, visitor: Visitor, place: Place, *, all_observe: bool) -> FirstSteps | None:
    """`all_observe`: somebody can observe, and each lane has somebody who signs. None: nothing is to be shown."""
    found = _found(session, _OF_INSTRUCTOR, visitor, activity_id=place.activity.id, course_id=place.course.id)
    steps = [
        Step(Name.TRAINEES, found["trainees"]),
        Step(Name.WHO_OBSERVES, all_observe),
        Step(Name.FIRST_OBSERVATION, found["asked"]),
        Step(Name.FIRST_SCORE, found["scored"]),
    ]
    return _shown(Part.INSTRUCTOR, found, steps, place)


def of_lead(session: Session, visitor: Visitor) -> FirstSteps | None:
    """Of a program lead: what the whole organization needs first. None where nothing is to be shown."""
    found = _found(session, _OF_LEAD, visitor)
    steps = [
        Step(Name.SUPPORT, found["support"]),
        Step(Name.SAMPLE, found["sample"] or found["program"] is not None),
        Step(Name.PROGRAM, found["program"] is not None),
        Step(Name.PUBLISH_SCOPE, found["scope"]),
        Step(Name.ENROLL, found["enrolled"], found["program"]),
    ]
    return _shown(Part.PROGRAM_LEAD, found, steps, None)


def leave(session: Session, visitor: Visitor, part: Part, now: datetime) -> None:
    """Show them no more, until they are taken up again. Twice changes nothing."""
    insert_once(
        session, FirstStepsLeftRow, id=new_id(), organization_id=visitor.organization_id,
        person_id=visitor.person_id, part=part, left_at=now,
    )  # fmt: skip


def take_up(session: Session, visitor: Visitor) -> None:
    """Show all of them again, as far as something of them is still to come."""
    session.execute(delete(FirstStepsLeftRow).where(FirstStepsLeftRow.person_id == visitor.person_id))


def left_any(session: Session, visitor: Visitor) -> bool:
    """Whether there are some that can be taken up again."""
    return session.scalars(select(exists().where(FirstStepsLeftRow.person_id == visitor.person_id))).one()


def _found(session: Session, question: Select[Any], visitor: Visitor, **more: UUID) -> RowMapping:
    asked = {"person_id": visitor.person_id, "organization_id": visitor.organization_id, **more}
    return session.execute(question, asked).one()._mapping


def _of_everybody(found: RowMapping) -> Iterator[Step]:
    if found["scope"]:
        yield Step(Name.SCOPE, found["scope_known"])
    yield Step(Name.CONTACT, found["reached"])


def _shown(part: Part, found: RowMapping, steps: list[Step], place: Place | None) -> FirstSteps | None:
    if found["left"] or all(step.done for step in steps) or (place is not None and place.archived):
        return None
    return FirstSteps(part, tuple(steps), place.activity.id if place else None)
