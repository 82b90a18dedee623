"""A course goes on in another LMS: it stays the same course, with all that is in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, null, or_, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services import audit
from lti_tool.services.connecting.left_links import LEFT, left_id
from lti_tool.services.personal_data.theirs import table
from lti_tool.services.scores.deliver import NOTHING_LEFT
from lti_tool.store.base import Base
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.ledger import LmsResultRuleRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from lti_tool.store.programs import PlacedProgramRow
from lti_tool.store.records import AuditEntryRow

BROUGHT = ("resource_link", "membership")
"""What launches of the new course brought before it was moved: it comes along."""
LET_GO = ("roster_read", "deep_link", "course_group_member", "course_group")
"""What only the LMS knows, and says again; in an order in which none is pointed to any more."""
_OF_LMS = (
    "roles",
    "capability",
    "test_user",
    "return_url",
    "launched",
    "seen_at",
    "listed_at",
    "listed_roles",
    "mentees",
)
ACT, FROM = "course.move", "from_registration"
_DECIDED = (DeliveryState.LET_STAND, DeliveryState.CLEARED)


class CannotMove(Exception):
    """This row cannot be done as it stands; the sentence says why, for whoever wrote the list."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the scores of a course."""

    scores: int
    decided: int
    rules: int
    """Columns of the LMS before whose results counted as trainings: they end."""


def move(
    session: Session, old: RegistrationRow, to: DeploymentRow, old_context: str, new_context: str, now: datetime
) -> Done | None:
    """From now on the course is the one that the next LMS knows by `new_context`; None: it is already.

    Raises `CannotMove`.
    """
    there = session.scalars(
        select(CourseRow).where(CourseRow.deployment_id == to.id, CourseRow.lti_context_id == new_context)
    ).one_or_none()
    course = _course(session, old, old_context)
    if course is None:
        if there is not None and _came_from(session, there, old):
            return None
        raise CannotMove(f"The LMS before has no course {old_context}.")
    rules = _leave(session, course, old, now)
    _come_back(session, course, to.registration_id)
    if there is not None:
        _take_in(session, course, there)
    course.deployment_id, course.lti_context_id = to.id, new_context
    if there is None:
        course.memberships_url = course.groups_url = None
    course.roster_read_at = None
    _note(session, course, old, now)
    scores, decided = _columns(session, course.id, to.registration_id)
    session.expire_all()
    return Done(scores, decided, rules)


def _course(session: Session, old: RegistrationRow, context_id: str) -> CourseRow | None:
    found = session.scalars(
        select(CourseRow)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(DeploymentRow.registration_id == old.id, CourseRow.lti_context_id == context_id)
        .limit(2)
    ).all()
    if len(found) > 1:
        raise CannotMove(f"Several deployments of the LMS before have a course {context_id}: move them by hand.")
    return found[0] if found else None


def _came_from(session: Session, course: CourseRow, old: RegistrationRow) -> bool:
    left = ResourceLinkRow.lti_resource_link_id.startswith(left_id(old.id, ""), autoescape=True)
    found = select(ResourceLinkRow.id).where(ResourceLinkRow.course_id == course.id, left)
    if session.scalars(found.limit(1)).first() is not None:
        return True
    moves = select(AuditEntryRow.facts).where(
        AuditEntryRow.organization_id == course.organization_id,
        AuditEntryRow.act == ACT,
        AuditEntryRow.subject == _subject(course),
    )
    return any(facts.get(FROM) == str(old.id) for facts in session.scalars(moves))


def _note(session: Session, course: CourseRow, old: RegistrationRow, now: datetime) -> None:
    audit.write(
        session, organization_id=course.organization_id, person_id=None, act=ACT, subject=_subject(course), now=now,
        **{FROM: str(old.id)},
    )  # fmt: skip


def _subject(course: CourseRow) -> str:
    return f"course:{course.id}"


def _take_in(session: Session, course: CourseRow, there: CourseRow) -> None:
    """The next LMS was opened already: what launches brought comes along, if nothing was set up there."""
    refuse_if_set_up(session, there)
    course.title, course.memberships_url, course.groups_url = there.title, there.memberships_url, there.groups_url
    for new in session.scalars(select(MembershipRow).where(MembershipRow.course_id == there.id)).all():
        kept = session.scalars(
            select(MembershipRow).where(MembershipRow.course_id == course.id, MembershipRow.person_id == new.person_id)
        ).one_or_none()
        if kept is None:
            new.course_id = course.id
            continue
        for name in _OF_LMS:
            setattr(kept, name, getattr(new, name))
        kept.ended_at, kept.external = new.ended_at, False
        session.delete(new)
    session.flush()
    _let_links_go(session, course, there)
    session.execute(
        update(ResourceLinkRow)
        .where(ResourceLinkRow.course_id == there.id)
        .values(course_id=course.id)
        .execution_options(synchronize_session=False)
    )
    _let_go(session, there.id)
    session.execute(delete(table("course_copy")).where(table("course_copy").c.course_id == there.id))
    session.execute(delete(CourseRow).where(CourseRow.id == there.id).execution_options(synchronize_session=False))
    session.expunge(there)


def refuse_if_set_up(session: Session, course: CourseRow) -> None:
    """Raises `CannotMove` where the course holds more than what launches bring by themselves."""
    for of in Base.metadata.sorted_tables:
        if of.name in (*BROUGHT, *LET_GO, "course_copy"):
            continue
        for column in of.c:
            if not any(key.column is CourseRow.__table__.c.id for key in column.foreign_keys):
                continue
            if session.execute(select(func.count()).select_from(of).where(column == course.id)).scalar_one():
                raise CannotMove(
                    f"In the course {course.lti_context_id} of the next LMS something was set up already ({of.name}). "
                    "Take it away there, or leave both courses as they are."
                )


def _leave(session: Session, course: CourseRow, old: RegistrationRow, now: datetime) -> int:
    """What only the LMS before knew is forgotten, or kept as what was there. How many rules of its columns end."""
    links = ResourceLinkRow.lti_resource_link_id.startswith(LEFT, autoescape=True)
    for link in session.scalars(select(ResourceLinkRow).where(ResourceLinkRow.course_id == course.id, ~links)):
        link.lti_resource_link_id = left_id(old.id, link.lti_resource_link_id)
    session.flush()
    session.execute(
        update(MembershipRow)
        .where(MembershipRow.course_id == course.id)
        .values(return_url=None, mentees=null(), listed_at=None, listed_roles=null())
        .execution_options(synchronize_session=False)
    )
    ended = session.execute(
        update(LmsResultRuleRow)
        .where(LmsResultRuleRow.course_id == course.id, LmsResultRuleRow.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    _let_go(session, course.id)
    session.expire_all()
    return int(ended.rowcount)  # type: ignore[attr-defined]  # of an update


def _come_back(session: Session, course: CourseRow, registration_id: UUID) -> None:
    """Where the course was in the next LMS before, its links there are good again."""
    before = left_id(registration_id, "")
    back = ResourceLinkRow.lti_resource_link_id.startswith(before, autoescape=True)
    for link in session.scalars(select(ResourceLinkRow).where(ResourceLinkRow.course_id == course.id, back)):
        link.lti_resource_link_id = link.lti_resource_link_id.removeprefix(before)
    session.flush()


def _let_links_go(session: Session, course: CourseRow, there: CourseRow) -> None:
    """Links that launches brought and that the course knows from before."""
    known = select(ResourceLinkRow.lti_resource_link_id).where(ResourceLinkRow.course_id == course.id)
    again = select(ResourceLinkRow.id).where(
        ResourceLinkRow.course_id == there.id, ResourceLinkRow.lti_resource_link_id.in_(known)
    )
    ids = session.scalars(again).all()
    origin = table("link_origin")
    session.execute(delete(origin).where(origin.c.resource_link_id.in_(ids)))
    session.execute(
        delete(ResourceLinkRow).where(ResourceLinkRow.id.in_(ids)).execution_options(synchronize_session=False)
    )


def _let_go(session: Session, course_id: UUID) -> None:
    group, member = table("course_group"), table("course_group_member")
    session.execute(
        delete(member).where(member.c.group_id.in_(select(group.c.id).where(group.c.course_id == course_id)))
    )
    for name in ("roster_read", "deep_link", "course_group"):
        session.execute(delete(table(name)).where(table(name).c.course_id == course_id))


def _columns(session: Session, course_id: UUID, registration_id: UUID) -> tuple[int, int]:
    """Its columns are to be named, found or made in the next LMS, and their scores sent there.

    Where the gradebook came along, so that a cell shows something already, it is looked at before it is sent.
    """
    of = or_(
        LineItemRow.activity_id.in_(_of_course(ActivityRow, course_id)),
        LineItemRow.placed_program_id.in_(_of_course(PlacedProgramRow, course_id)),
        LineItemRow.column_id.in_(
            select(ActivityColumnRow.id).where(ActivityColumnRow.activity_id.in_(_of_course(ActivityRow, course_id)))
        ),
    )
    ids = session.scalars(select(LineItemRow.id).where(of).order_by(LineItemRow.id).with_for_update()).all()
    _put(
        session, LineItemRow, LineItemRow.id.in_(ids), registration_id=registration_id, url=None, line_items_url=None,
        scopes=[], lti_resource_link_id="", gone_at=None, change_at=None, change_attempts=0, change_answer=None,
        read_asked_at=None, read_at=None, read_problem=None,
    )  # fmt: skip
    cells = DeliveryRow.line_item_id.in_(ids)
    decided = _put(
        session, DeliveryRow, and_(cells, DeliveryRow.state.in_(_DECIDED)), registration_id=registration_id,
        leased_until=None,
    )  # fmt: skip
    nothing_left = and_(cells, DeliveryRow.state == DeliveryState.NEEDS_PERSON, NOTHING_LEFT)
    _put(session, DeliveryRow, nothing_left, registration_id=registration_id, leased_until=None)
    scores = _put(
        session, DeliveryRow, and_(cells, DeliveryRow.registration_id != registration_id),
        registration_id=registration_id, state=DeliveryState.NEEDS_PERSON, answer=Answer.COLUMN_NOT_OFFERED.value,
        next_attempt_at=None, leased_until=None, attempts=0, accepted_score=None, accepted_maximum=None,
        accepted_at=None, lms_score=None, lms_maximum=None, lms_at=None, lms_read_at=None, let_stand_by=None,
        to_clear=False,
    )  # fmt: skip
    return scores, decided


def _of_course(kind: Any, course_id: UUID) -> Any:
    return select(kind.id).where(kind.course_id == course_id)


def _put(session: Session, kind: Any, which: ColumnElement[bool], **values: object) -> int:
    done = session.execute(update(kind).where(which).values(**values).execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]  # of an update
