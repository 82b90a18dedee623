"""Trying a connection, one step after the other, so that an LMS that is slow keeps nobody waiting for all of them.

The steps themselves are in `trial_steps`, what is said of them in `trial_words`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.lti.keys import SigningKey
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.services import audit
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.connecting.platforms import registration_of
from lti_tool.services.connecting.tool_keys import signing_key
from lti_tool.services.courses.places import NotHere
from lti_tool.store.courses import ActivityRow, CourseRow, LineItemRow
from lti_tool.store.people import LmsAccountRow, MembershipRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow

MOST_COURSES = 50


class Step(StrEnum):
    """The steps, in their order."""

    KEYS = "keys"
    TOKEN = "token"  # noqa: S105 - a code
    LAUNCH = "launch"
    ROSTER = "roster"
    COLUMN = "column"
    SCORE = "score"
    RESULT = "result"
    CLEAN_UP = "clean_up"


class Outcome(StrEnum):
    """How a step went."""

    WELL = "well"
    NOT_TRIED = "not_tried"
    TO_MEND = "to_mend"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one step. `code` is one of `trial_words.SENTENCES`; `values` fill its places."""

    step: Step
    outcome: Outcome
    code: str
    values: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))


def moment_of(result: Result) -> datetime:
    """The moment that a result names. Raises `KeyError` where it names none."""
    return datetime.fromisoformat(str(result.values["moment"]))


@dataclass(frozen=True, slots=True)
class Trial:
    """How far a trial is: what came of the steps so far, and the column that still has to be taken away."""

    course_id: UUID | None
    results: tuple[Result, ...] = ()
    column: str | None = None

    @property
    def next_step(self) -> Step | None:
        """None when all were taken."""
        done = len(self.results)
        return list(Step)[done] if done < len(Step) else None

    def went_well(self, step: Step) -> bool:
        """Whether this step was taken, and all was as it should be."""
        return any(one.step is step and one.outcome is Outcome.WELL for one in self.results)


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A course that was seen from this LMS."""

    id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of the course that a trial uses."""

    title: str
    deployment_id: str
    memberships_url: str | None
    line_items_url: str | None
    scopes: tuple[str, ...]
    test_user: str | None
    """The LMS's own test user in it; None where nobody came as one."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a step needs of the database, so that nothing is held open while the LMS is asked."""

    registration: PlatformRegistration
    key: SigningKey
    course: Course | None
    last_launch_at: datetime | None


def courses(session: Session, by: Operator, registration_id: UUID) -> tuple[CourseChoice, ...]:
    """The courses that were seen from this LMS, the newest first. Raises `NotHere`."""
    _registration(session, by, registration_id)
    rows = session.execute(
        select(CourseRow.id, CourseRow.title)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(DeploymentRow.registration_id == registration_id)
        .order_by(CourseRow.id.desc())
        .limit(MOST_COURSES)
    )
    return tuple(CourseChoice(row_id, title) for row_id, title in rows)


def prepare(session: Session, by: Operator, registration_id: UUID, trial: Trial, now: datetime) -> Prepared:
    """What the next step needs; that a trial begins is audited. Raises `NotHere`."""
    row = _registration(session, by, registration_id)
    if trial.next_step is Step.KEYS:
        audit.write(
            session,
            organization_id=by.organization_id,
            person_id=by.person_id,
            act="platform.test",
            subject=f"registration:{row.id}",
            now=now,
            course=str(trial.course_id) if trial.course_id else None,
        )
    return Prepared(
        registration=registration_of(row),
        key=signing_key(session, now),
        course=_course(session, registration_id, trial.course_id) if trial.course_id else None,
        last_launch_at=_last_launch(session, registration_id),
    )


def _registration(session: Session, by: Operator, registration_id: UUID) -> RegistrationRow:
    row = session.scalars(
        select(RegistrationRow).where(
            RegistrationRow.id == registration_id, RegistrationRow.organization_id == by.organization_id
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _course(session: Session, registration_id: UUID, course_id: UUID) -> Course:
    found = session.execute(
        select(CourseRow, DeploymentRow.deployment_id)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(CourseRow.id == course_id, DeploymentRow.registration_id == registration_id)
    ).one_or_none()
    if found is None:
        raise NotHere
    row, deployment_id = found
    line_item = session.scalars(
        select(LineItemRow)
        .join(ActivityRow, ActivityRow.id == LineItemRow.activity_id)
        .where(ActivityRow.course_id == course_id, LineItemRow.line_items_url.is_not(None))
        .order_by(LineItemRow.seen_at.desc())
        .limit(1)
    ).one_or_none()
    test_user = session.scalars(
        select(LmsAccountRow.sub)
        .join(MembershipRow, MembershipRow.person_id == LmsAccountRow.person_id)
        .where(
            LmsAccountRow.registration_id == registration_id,
            MembershipRow.course_id == course_id,
            MembershipRow.test_user,
            MembershipRow.ended_at.is_(None),
        )
        .limit(1)
    ).one_or_none()
    return Course(
        title=row.title,
        deployment_id=deployment_id,
        memberships_url=row.memberships_url,
        line_items_url=line_item.line_items_url if line_item else None,
        scopes=tuple(line_item.scopes) if line_item else (),
        test_user=test_user,
    )


def _last_launch(session: Session, registration_id: UUID) -> datetime | None:
    return session.scalars(
        select(func.max(MembershipRow.seen_at))
        .join(CourseRow, CourseRow.id == MembershipRow.course_id)
        .join(DeploymentRow, DeploymentRow.id == CourseRow.deployment_id)
        .where(DeploymentRow.registration_id == registration_id)
    ).one()
