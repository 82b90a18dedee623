"""Reading results of the LMS: what reached its share is noted; what fell below since is taken back, and both are told.

Only the middle step speaks with the LMS, and it holds no transaction while it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from grading.ledger import Source
from lti_tool.lti import results as lti_results
from lti_tool.lti.addresses import origin, plain
from lti_tool.lti.answers import Answer
from lti_tool.lti.keys import SigningKey
from lti_tool.lti.names import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE
from lti_tool.lti.pages import NotListed, Patience
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.results import Column, Result
from lti_tool.lti.service import Service
from lti_tool.safe_http import SafeHttp
from lti_tool.services import audit
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.services.notifying import notify
from lti_tool.services.scores import program_columns
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow, CourseRow, LineItemRow
from lti_tool.store.ledger import AttestationRow, LmsResultRuleRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.writing import insert_once

MOST_DUE = 50


@dataclass(frozen=True, slots=True)
class CourseService:
    """How to ask the LMS of one course, without the database."""

    registration: PlatformRegistration
    key: SigningKey
    deployment_id: str
    line_items_url: str | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One column that is to be read."""

    rule_id: UUID
    url: str
    course: CourseService


def course_service(session: Session, course_id: UUID, now: datetime) -> CourseService | None:
    """How to ask the LMS of the course; None where it offers no gradebook."""
    found = session.execute(
        select(LineItemRow, RegistrationRow, DeploymentRow.deployment_id)
        .join(ActivityRow, ActivityRow.id == LineItemRow.activity_id)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(ActivityRow.course_id == course_id)
        .order_by(LineItemRow.line_items_url.is_(None), LineItemRow.seen_at.desc())
    ).first()
    if found is None:
        return None
    row, registration, deployment_id = found
    scopes = tuple(row.scopes)
    return CourseService(
        registration_of(registration), signing_key(session, now), deployment_id, row.line_items_url, scopes
    )


def is_of(course: CourseService | None, url: str) -> bool:
    """Whether a column of this address can be one of the course: it lies where the LMS has its columns."""
    if course is None or course.line_items_url is None or not plain(url):
        return False
    return origin(url) == origin(course.line_items_url)


def columns(
    sessions: sessionmaker[Session], http: SafeHttp, course: CourseService | None, patience: Patience
) -> tuple[Column, ...] | Answer:
    """The columns that the LMS lets us read; an `Answer` says why there are none."""
    if course is None or course.line_items_url is None or RESULT_SCOPE not in course.scopes:
        return Answer.COLUMN_NOT_OFFERED
    scope = next((one for one in (LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE) if one in course.scopes), None)
    if scope is None:
        return Answer.COLUMN_NOT_OFFERED
    try:
        return lti_results.columns(_asking(sessions, http, course, patience), course.line_items_url, scope, patience)
    except NotListed as problem:
        return problem.answer


def due(session: Session) -> tuple[UUID, ...]:
    """Columns that somebody asked to have read, or that were never read."""
    found = select(LmsResultRuleRow.id).where(LmsResultRuleRow.read_at.is_(None), LmsResultRuleRow.ended_at.is_(None))
    return tuple(session.scalars(found.order_by(LmsResultRuleRow.made_at).limit(MOST_DUE)))


def every(session: Session) -> tuple[UUID, ...]:
    """All columns that are read, in courses that go on."""
    return tuple(
        session.scalars(
            select(LmsResultRuleRow.id)
            .join(CourseRow, CourseRow.id == LmsResultRuleRow.course_id)
            .where(LmsResultRuleRow.ended_at.is_(None), CourseRow.archived_at.is_(None))
            .order_by(LmsResultRuleRow.id)
        )
    )


def take(session: Session, rule_id: UUID, now: datetime) -> Reading | None:
    """Take the column for one reading; None where nothing is read any more, or the LMS offers no gradebook."""
    row = session.scalars(
        select(LmsResultRuleRow)
        .where(LmsResultRuleRow.id == rule_id, LmsResultRuleRow.ended_at.is_(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    row.read_at = now
    course = course_service(session, row.course_id, now)
    if course is None or RESULT_SCOPE not in course.scopes:
        row.problem = Answer.COLUMN_NOT_OFFERED.value
        return None
    return Reading(row.id, row.url, course)


def read(
    sessions: sessionmaker[Session], http: SafeHttp, reading: Reading, patience: Patience
) -> tuple[Result, ...] | Answer:
    """Ask the LMS. Nothing is raised: an `Answer` says why there is nothing."""
    try:
        return lti_results.results(_asking(sessions, http, reading.course, patience), reading.url, patience)
    except NotListed as problem:
        return problem.answer


def settle(session: Session, rule_id: UUID, found: Sequence[Result] | Answer, now: datetime) -> None:
    """Note what came of it. Somebody for whom nothing is shown is left as they are; twice changes nothing."""
    row = session.get_one(LmsResultRuleRow, rule_id, with_for_update=True, populate_existing=True)
    row.problem = found.value if isinstance(found, Answer) else None
    if row.ended_at is not None or isinstance(found, Answer):
        return
    people = _people(session, row, [result.sub for result in found])
    standing = _standing(session, row)
    for result in sorted(found, key=lambda each: each.sub):
        for person_id, enrollment_id in people.get(result.sub, ()):
            if result.share is None:
                continue
            there = standing.get(person_id)
            if result.share >= row.at_least and there is None:
                _note(session, row, person_id, enrollment_id, _day(result, now), now)
            elif result.share < row.at_least and there is not None:
                _take_back(session, row, there, enrollment_id, now)


def _asking(sessions: sessionmaker[Session], http: SafeHttp, course: CourseService, patience: Patience) -> Service:
    known, now = course.registration, patience.clock()
    tokens = PlatformTokens(sessions, organization_id=known.organization_id, registration_id=known.id, now=now)
    return Service(http, known, course.key, tokens, now, deployment_id=course.deployment_id)


def _people(session: Session, rule: LmsResultRuleRow, subs: Sequence[str]) -> dict[str, list[tuple[UUID, UUID]]]:
    """By the LMS's id: people of the course who are enrolled in the program, with their enrollment."""
    person = func.coalesce(PersonRow.merged_into, PersonRow.id)
    registration = (
        select(DeploymentRow.registration_id)
        .join(CourseRow, CourseRow.deployment_id == DeploymentRow.id)
        .where(CourseRow.id == rule.course_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(LmsAccountRow.sub, EnrollmentRow.person_id, EnrollmentRow.id)
        .join(PersonRow, PersonRow.id == LmsAccountRow.person_id)
        .join(EnrollmentRow, EnrollmentRow.person_id == person)
        .join(MembershipRow, MembershipRow.person_id == EnrollmentRow.person_id)
        .where(
            LmsAccountRow.registration_id == registration,
            LmsAccountRow.sub.in_(subs),
            EnrollmentRow.program_id == rule.program_id,
            EnrollmentRow.ended_at.is_(None),
            MembershipRow.course_id == rule.course_id,
            or_(MembershipRow.ended_at.is_(None), MembershipRow.ended_at > rule.made_at),
        )
    )
    found: dict[str, list[tuple[UUID, UUID]]] = {}
    for sub, person_id, enrollment_id in rows:
        found.setdefault(sub, []).append((person_id, enrollment_id))
    return found


def _standing(session: Session, rule: LmsResultRuleRow) -> dict[UUID, AttestationRow]:
    rows = session.scalars(
        select(AttestationRow).where(AttestationRow.rule_id == rule.id, AttestationRow.taken_back_at.is_(None))
    )
    return {row.person_id: row for row in rows}


def _day(result: Result, now: datetime) -> date:
    """The day of the result, where the LMS says it; never one that has not come."""
    return min(result.at, now).date() if result.at is not None else now.date()


def _note(
    session: Session, rule: LmsResultRuleRow, person_id: UUID, enrollment_id: UUID, on: date, now: datetime
) -> None:
    attestation_id = new_id()
    amount: Decimal | None = rule.amount
    made = insert_once(
        session,
        AttestationRow,
        id=attestation_id,
        organization_id=rule.organization_id,
        person_id=person_id,
        program_id=rule.program_id,
        kind=rule.kind,
        on_day=on,
        amount=amount,
        unit=rule.unit,
        said=rule.said,
        source=Source.LMS,
        rule_id=rule.id,
        said_at=now,
    )
    if made:
        _audit(session, rule, attestation_id, "attestation.from_lms", now)
        program_columns.desire_for(session, person_id, now)
        _tell(session, rule, person_id, f"/path/{enrollment_id}/statements", now)


def _take_back(
    session: Session, rule: LmsResultRuleRow, there: AttestationRow, enrollment_id: UUID, now: datetime
) -> None:
    there.taken_back_at, there.taken_back_by = now, rule.made_by
    session.flush()
    _audit(session, rule, there.id, "attestation.lms_fell_below", now)
    program_columns.desire_for(session, there.person_id, now)
    _tell(session, rule, there.person_id, f"/path/{enrollment_id}/statements", now)
    _tell(session, rule, rule.made_by, "/messages", now)


def _tell(session: Session, rule: LmsResultRuleRow, person_id: UUID, path: str, now: datetime) -> None:
    notify.news(
        session,
        organization_id=rule.organization_id,
        person_id=person_id,
        now=now,
        kind=MessageKind.PROGRAM,
        path=path,
    )


def _audit(session: Session, rule: LmsResultRuleRow, attestation_id: UUID, act: str, now: datetime) -> None:
    facts: dict[str, Any] = {"rule": str(rule.id)}
    audit.write(
        session,
        organization_id=rule.organization_id,
        person_id=None,
        act=act,
        subject=f"attestation:{attestation_id}",
        now=now,
        **facts,
    )
