"""About which decisions there can be a credential, of what, and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.evidence import Outcome
from grading.lifecycle.course import course_of
from grading.program import Program, StageKind
from lti_tool.services.programs import program_versions
from lti_tool.services.standing.standings import Stands, stands
from lti_tool.store.credentials import CredentialRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused

ABOUT = frozenset({Outcome.CERTIFIED, Outcome.EXTENDED, Outcome.RENEWED, Outcome.REINSTATED})
"""Decisions about which there can be a credential."""


@dataclass(frozen=True, slots=True)
class Possible:
    """A decision about which there can be a credential, with the one that there is."""

    decision: DecisionRow
    stage: str
    """The stage that it certifies."""
    title: str
    """The name of what is certified, as the credential would say it."""
    valid_from: date
    valid_until: date | None
    reveals: bool
    """Its name tells of health or family."""
    credential: CredentialRow | None
    """The one about it that stands, or else the last that was withdrawn."""
    can_be_issued: bool


def possible(session: Session, enrollment: EnrollmentRow, now: datetime) -> tuple[Possible, ...]:
    """Every decision of the enrollment that its person can read and that allows a credential, the newest first."""
    return possible_as(session, enrollment, stands(session, enrollment, now, own=True))


def possible_as(session: Session, enrollment: EnrollmentRow, seen: Stands) -> tuple[Possible, ...]:
    """The same where it is known how they stand, as they read it themselves."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.enrollment_id == enrollment.id, DecisionRow.outcome.in_(ABOUT))
        .order_by(DecisionRow.number.desc())
    ).all()
    counted = {each.id for each in seen.enrolled.evidence.decisions}
    return tuple(_possible(session, row, seen) for row in rows if str(row.id) in counted and row.on_day <= seen.today)


def possible_about(session: Session, enrollment: EnrollmentRow, decision: DecisionRow, now: datetime) -> Possible:
    """The same of one decision. Raises `Refused` ("not_possible")."""
    for each in possible(session, enrollment, now):
        if each.decision.id == decision.id:
            return each
    raise Refused(
        "not_possible",
        "There can be no credential about this decision now: another one has taken its place, or it ended.",
    )


def _possible(session: Session, row: DecisionRow, seen: Stands) -> Possible:
    program = program_versions.version(session, row.organization_id, row.version_id).program
    stage, until = _stage_and_end(program, row, seen)
    last = _last_about(session, row.id)
    stages = {each.key: each for each in program.stages}
    return Possible(
        decision=row,
        stage=stage,
        title=f"{program.name}: {stages[stage].title}" if stage in stages else program.name,
        valid_from=row.on_day,
        valid_until=until,
        reveals=stage in stages and stages[stage].reveals,
        credential=last,
        can_be_issued=last is None or (last.withdrawn_at is not None and last.withdrawn_by == last.person_id),
    )


def _stage_and_end(program: Program, row: DecisionRow, seen: Stands) -> tuple[str, date | None]:
    """The stage that the decision gives or keeps, and its last day as the decisions up to this one make it."""
    earlier = [each for each in seen.enrolled.evidence.decisions if each.number <= row.number]
    course = course_of(program, earlier, seen.enrolled.evidence, seen.today)
    kinds = {stage.key: stage.kind for stage in program.stages}
    held = course.held if kinds.get(row.stage) is not StageKind.ENDORSEMENT else None
    return held.key if held else row.stage, row.until or (course.end.on if course.end else None)


def _last_about(session: Session, decision_id: UUID) -> CredentialRow | None:
    """The one that stands, else the one that was withdrawn last."""
    asked = (
        select(CredentialRow)
        .where(CredentialRow.decision_id == decision_id)
        .order_by(CredentialRow.withdrawn_at.is_not(None), CredentialRow.issued_at.desc(), CredentialRow.id.desc())
    )
    return session.scalars(asked).first()
