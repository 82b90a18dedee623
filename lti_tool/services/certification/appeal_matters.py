"""What an appeal is about: a decision, or an observation as a whole or one criterion of it; and who had part in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from grading.evidence import Outcome
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.certification.appeal_terms import Edition, file_days
from lti_tool.services.courses.places import NotHere
from lti_tool.store.appeals import AppealRow
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import AttestationRow, LedgerEntryRow, LedgerReturnRow, LedgerSignatureRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, ObserverState, SignOffRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow
from rubrics.observation import State
from rubrics.refusal import Refused

FINISHED = frozenset({State.FINAL, State.RELEASED})
NAMED = frozenset({ObserverState.ASKED, ObserverState.AGREED, ObserverState.REPLACED, ObserverState.RECUSED})
"""Everybody but who said no before anything was seen."""


@dataclass(frozen=True, slots=True)
class About:
    """Which decision, or which observation and criterion of it."""

    decision_id: UUID | None = None
    observation_id: UUID | None = None
    criterion: str | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What it is about, in a few words."""

    about: About
    trainee_id: UUID
    title: str
    """The program, or the activity."""
    criterion_words: str | None
    outcome: Outcome | None
    """Of a decision."""
    at: datetime
    """When the trainee could read it."""
    appeal_until: date | None
    """The last day as the decision itself says it; None: it says none, or it is an observation."""
    stands: bool
    """Whether nothing else has taken its place."""
    successor_id: UUID | None
    """The decision in its place, once they can read it."""
    enrollment_id: UUID | None
    activity_id: UUID | None

    def file_by(self, editions: Sequence[Edition]) -> date:
        """The last day for an appeal, by all terms so far. Raises `Refused` where there is none against it."""
        if self.about.observation_id is not None:
            return self.at.date() + timedelta(days=file_days(editions, self.at))
        if self.appeal_until is None:
            raise Refused(
                "no_appeal",
                "There is no appeal against this one. Your program leads can say why, and what you can do instead.",
            )
        return self.appeal_until


def about_of(row: AppealRow) -> About:
    """What this appeal is about."""
    return About(row.decision_id, row.observation_id, row.criterion)


def matter_of(session: Session, organization_id: UUID, about: About) -> Matter:
    """What is there to be appealed. Who may, the caller asks. Raises `NotHere`."""
    if about.decision_id is not None:
        return _decision(session, organization_id, about)
    if about.observation_id is not None:
        return _observation(session, organization_id, about)
    raise NotHere


def hold(session: Session, organization_id: UUID, about: About) -> None:
    """Until this transaction ends nobody else supersedes it or begins the same: its row is locked. Raises `NotHere`."""
    asked: Any
    if about.decision_id is not None:
        asked = select(EnrollmentRow.id).join(DecisionRow, DecisionRow.enrollment_id == EnrollmentRow.id)
        asked = asked.where(DecisionRow.id == about.decision_id, EnrollmentRow.organization_id == organization_id)
        asked = asked.with_for_update(of=EnrollmentRow)
    else:
        asked = select(ObservationRow.id).where(
            ObservationRow.id == about.observation_id, ObservationRow.organization_id == organization_id
        )
        asked = asked.with_for_update()
    if session.scalars(asked).one_or_none() is None:
        raise NotHere


def _decision(session: Session, organization_id: UUID, about: About) -> Matter:
    found = session.execute(
        select(DecisionRow, EnrollmentRow.person_id, ProgramRow.name)
        .join(EnrollmentRow, EnrollmentRow.id == DecisionRow.enrollment_id)
        .join(ProgramRow, ProgramRow.id == EnrollmentRow.program_id)
        .where(DecisionRow.id == about.decision_id, DecisionRow.organization_id == organization_id)
    ).one_or_none()
    if found is None:
        raise NotHere
    row, person_id, name = found
    # One that they cannot read yet is none: nobody learns of a decision from an appeal.
    told = DecisionRow.told_at.is_not(None)
    successor = session.scalars(select(DecisionRow.id).where(DecisionRow.supersedes_id == row.id, told)).one_or_none()
    return Matter(
        about=About(decision_id=row.id),
        trainee_id=person_id,
        title=name,
        criterion_words=None,
        outcome=row.outcome,
        at=row.released_at,
        appeal_until=row.appeal_until,
        stands=successor is None,
        successor_id=successor,
        enrollment_id=row.enrollment_id,
        activity_id=None,
    )


def _observation(session: Session, organization_id: UUID, about: About) -> Matter:
    found = session.execute(
        select(ObservationRow, ActivityRow.title)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ObservationRow.id == about.observation_id, ObservationRow.organization_id == organization_id)
    ).one_or_none()
    if found is None or (found[0].state not in FINISHED and found[0].released_at is None):
        raise NotHere
    row, title = found
    words = None
    if about.criterion is not None:
        criteria = rubric_of(session, row.rubric_version_id).rubric.criteria
        words = next((one.statement for one in criteria if one.key == about.criterion), None)
        if words is None:
            raise NotHere
    return Matter(
        about=About(observation_id=row.id, criterion=about.criterion),
        trainee_id=row.trainee_id,
        title=title,
        criterion_words=words,
        outcome=None,
        at=row.released_at or row.changed_at,
        appeal_until=None,
        stands=row.state in FINISHED,
        successor_id=None,
        enrollment_id=None,
        activity_id=row.activity_id,
    )


def had_part(session: Session, matter: Matter) -> frozenset[UUID]:
    """Everybody who observed, signed or decided in it, as whom they are known today.

    For a decision: over all courses, since all of it was looked at.
    """
    people = _of_decision(session, matter) if matter.about.decision_id else _of_observation(session, matter)
    return as_known_today(session, people)


def as_known_today(session: Session, people: Iterable[UUID]) -> frozenset[UUID]:
    """The same human beings: whoever was made one with another counts as that one."""
    ids = set(people)
    rows = session.execute(
        select(PersonRow.id, PersonRow.merged_into).where(PersonRow.id.in_(ids), PersonRow.merged_into.is_not(None))
    )
    return frozenset(ids | {into for _, into in rows if into is not None})


def is_mentor(session: Session, person_id: UUID, trainee_id: UUID) -> bool:
    """Whether the person mentors the trainee now, in any course."""
    found = select(AssignmentRow.id).where(
        AssignmentRow.trainee_id == trainee_id,
        AssignmentRow.person_id == person_id,
        AssignmentRow.assigned_as == AssignedAs.MENTOR,
        AssignmentRow.ended_at.is_(None),
    )
    return session.scalars(found.limit(1)).first() is not None


def _of_decision(session: Session, matter: Matter) -> set[UUID]:
    trainee = matter.trainee_id
    own = select(ObservationRow.id).where(ObservationRow.trainee_id == trainee)
    entries = select(LedgerEntryRow.id).where(LedgerEntryRow.person_id == trainee)
    decisions = select(DecisionRow.decided_by).where(DecisionRow.enrollment_id == matter.enrollment_id)
    return {
        *session.scalars(decisions),
        *_observed_or_signed(session, own),
        *_distinct(session, LedgerSignatureRow.signer_id, LedgerSignatureRow.entry_id.in_(entries)),
        *_distinct(session, LedgerReturnRow.returned_by, LedgerReturnRow.entry_id.in_(entries)),
        *_distinct(session, AttestationRow.said_by, AttestationRow.person_id == trainee),
    } - {trainee}


def _of_observation(session: Session, matter: Matter) -> set[UUID]:
    """Also in the record before it, and in the one after it."""
    one = matter.about.observation_id
    before = select(ObservationRow.supersedes_id).where(ObservationRow.id == one)
    chain = select(ObservationRow.id).where(
        or_(ObservationRow.id == one, ObservationRow.supersedes_id == one, ObservationRow.id.in_(before))
    )
    return _observed_or_signed(session, chain) - {matter.trainee_id}


def _observed_or_signed(session: Session, observations: Any) -> set[UUID]:
    return {
        *_distinct(
            session, ObserverRow.person_id, ObserverRow.observation_id.in_(observations), ObserverRow.state.in_(NAMED)
        ),
        *_distinct(session, AssessmentRow.observer_id, AssessmentRow.observation_id.in_(observations)),
        *_distinct(session, SignOffRow.signer_id, SignOffRow.observation_id.in_(observations)),
    }


def _distinct(session: Session, column: InstrumentedAttribute[Any], *which: Any) -> set[UUID]:
    return set(session.scalars(select(column).where(*which, column.is_not(None)).distinct()))
