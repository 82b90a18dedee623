"""Surveys that nobody has to answer: opened by a program lead for some days, told of once, without content."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select, union
from sqlalchemy.orm import Session

from grading.suppression import LEAST
from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity.shipped import SURVEYS
from lti_tool.services.notifying import notify
from lti_tool.services.programs.program_versions import found_program
from lti_tool.store.base import new_id
from lti_tool.store.equity import SurveyAnswerRow, SurveyRow, SurveyTakenRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One survey, as lists show it."""

    id: UUID
    title: str
    program: str | None
    """None: everybody who trains in the organization."""
    minimum: int
    opens_on: date
    closes_on: date | None
    closed_at: datetime | None
    questions: tuple[Mapping[str, Any], ...]

    def open_on(self, today: date) -> bool:
        """Whether it can be answered."""
        return self.closed_at is None and self.opens_on <= today and (self.closes_on is None or today <= self.closes_on)


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """What a program lead chose."""

    set_key: str
    title: str
    program_id: UUID | None
    closes_on: date
    minimum: int


def everything(session: Session, organization_id: UUID) -> list[SurveyLine]:
    """All of the organization, the newest first."""
    return _lines(session, SurveyRow.organization_id == organization_id)


def one(session: Session, organization_id: UUID, survey_id: UUID) -> SurveyLine:
    """One of the organization. Raises `NotHere`."""
    found = _lines(session, SurveyRow.organization_id == organization_id, SurveyRow.id == survey_id)
    if not found:
        raise NotHere
    return found[0]


def open_one(session: Session, visitor: Visitor, new: NewSurvey, now: datetime) -> UUID:
    """Open it from today on, and tell those who are asked, once. Raises `Refused`, `NotHere`."""
    chosen = SURVEYS.get(new.set_key)
    if chosen is None:
        raise Refused("set", "Please choose the questions.")
    if new.minimum < LEAST:
        raise Refused("minimum_too_low", "Please choose at least %(least)s people.", least=LEAST)
    if new.closes_on < now.date():
        raise Refused("closes_on", "Please choose a last day that is still to come.")
    if new.program_id is not None:
        found_program(session, visitor.organization_id, new.program_id)
    row = SurveyRow(
        id=new_id(), organization_id=visitor.organization_id, program_id=new.program_id,
        title=new.title.strip()[:200] or chosen.title, questions=[asdict(question) for question in chosen.questions],
        minimum=new.minimum, opens_on=now.date(), closes_on=new.closes_on, made_by=visitor.person_id, made_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for person_id in session.scalars(_asked(row.organization_id, row.program_id)).all():
        notify.news(
            session, organization_id=row.organization_id, person_id=person_id, now=now, kind=MessageKind.SURVEY,
            path=f"/surveys/{row.id}",
        )  # fmt: skip
    _note(session, visitor, "survey.open", row.id, now)
    return row.id


def close(session: Session, visitor: Visitor, survey_id: UUID, now: datetime) -> None:
    """Nobody answers any more, and what came of it can be read. Raises `NotHere`."""
    row = held(session, visitor.organization_id, survey_id)
    if row.closed_at is None:
        row.closed_at = now
        session.flush()
        _note(session, visitor, "survey.close", row.id, now)


def held(session: Session, organization_id: UUID, survey_id: UUID) -> SurveyRow:
    """The row, locked. Raises `NotHere`."""
    row = session.scalars(
        select(SurveyRow)
        .where(SurveyRow.id == survey_id, SurveyRow.organization_id == organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def is_asked(session: Session, visitor: Visitor, survey_id: UUID) -> bool:
    """Whether the survey is for them."""
    row = session.get(SurveyRow, survey_id)
    if row is None or row.organization_id != visitor.organization_id:
        return False
    people = _asked(row.organization_id, row.program_id).subquery()
    return session.scalar(select(people.c.person_id).where(people.c.person_id == visitor.person_id)) is not None


def waiting_for(session: Session, visitor: Visitor, today: date) -> list[SurveyLine]:
    """Surveys that the visitor is asked, and has not answered."""
    taken = select(SurveyTakenRow.survey_id).where(SurveyTakenRow.person_id == visitor.person_id)
    my_programs = select(EnrollmentRow.program_id).where(
        EnrollmentRow.organization_id == visitor.organization_id,
        EnrollmentRow.person_id == visitor.person_id,
        EnrollmentRow.ended_at.is_(None),
    )
    everybody = and_(
        SurveyRow.program_id.is_(None), literal(visitor.person_id).in_(_asked(visitor.organization_id, None))
    )
    return _lines(
        session, SurveyRow.organization_id == visitor.organization_id, SurveyRow.closed_at.is_(None),
        SurveyRow.opens_on <= today, or_(SurveyRow.closes_on.is_(None), SurveyRow.closes_on >= today),
        SurveyRow.id.not_in(taken), or_(SurveyRow.program_id.in_(my_programs), everybody),
    )  # fmt: skip


def answered(session: Session, survey_id: UUID) -> int:
    """How many answered."""
    return (
        session.scalar(select(func.count()).select_from(SurveyAnswerRow).where(SurveyAnswerRow.survey_id == survey_id))
        or 0
    )


def _asked(organization_id: UUID, program_id: UUID | None) -> Any:
    on_the_way = (
        select(EnrollmentRow.person_id.label("person_id"))
        .join(PersonRow, PersonRow.id == EnrollmentRow.person_id)
        .where(
            EnrollmentRow.organization_id == organization_id,
            EnrollmentRow.ended_at.is_(None),
            PersonRow.merged_into.is_(None),
        )
    )
    if program_id is not None:
        return on_the_way.where(EnrollmentRow.program_id == program_id).distinct()
    in_courses = (
        select(MembershipRow.person_id.label("person_id"))
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .where(
            MembershipRow.organization_id == organization_id,
            MembershipRow.capability == Capability.TRAINEE,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            PersonRow.merged_into.is_(None),
        )
    )
    return union(on_the_way, in_courses)


def _lines(session: Session, *which: Any) -> list[SurveyLine]:
    rows = session.execute(
        select(SurveyRow, ProgramRow.name)
        .outerjoin(ProgramRow, ProgramRow.id == SurveyRow.program_id)
        .where(*which)
        .order_by(SurveyRow.opens_on.desc(), SurveyRow.id.desc())
    )
    return [
        SurveyLine(
            row.id, row.title, name, row.minimum, row.opens_on, row.closes_on, row.closed_at, tuple(row.questions)
        )
        for row, name in rows
    ]


def _note(session: Session, visitor: Visitor, act: str, survey_id: UUID, now: datetime) -> None:
    audit.write(
        session, organization_id=visitor.organization_id, person_id=visitor.person_id, act=act,
        subject=f"survey:{survey_id}", now=now,
    )  # fmt: skip
