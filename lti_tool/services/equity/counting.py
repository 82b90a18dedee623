"""Counting people for a fairness report: how their path went, beside the groups that they chose to state."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from grading.evidence import Outcome
from grading.releasing import People
from grading.suppression import Table
from lti_tool.services.equity.descriptions import Said, said_of
from lti_tool.store.appeals import AppealRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.equity import DescriptionQuestionRow
from lti_tool.store.observations import ObservationRow, SignOffRow
from lti_tool.store.programs import EnrollmentRow

EVERYBODY, SEVERAL, OWN_WORDS, NOT_SAID = "everybody", "several", "own_words", "not_said"
CERTIFIED, ON_THE_WAY, ENDED = "certified", "on_the_way", "ended"
APPEALED, DID_NOT = "appealed", "did_not"
SIGNED, NOT_SIGNED = "signed", "not_signed"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "outcome": (CERTIFIED, ON_THE_WAY, ENDED),
    "appeals": (APPEALED, DID_NOT),
    "signed": (SIGNED, NOT_SIGNED),
}
"""What is counted of each person; each is in exactly one of the columns of a table."""


@dataclass(slots=True)
class Path:
    """One person of the report. Each is counted once, by the path that they entered last."""

    person_id: UUID
    enrollment_id: UUID
    entered_on: date
    ended: bool
    certified_on: date | None = None
    appealed: bool = False
    days_to_sign: list[int] = field(default_factory=list)
    """From asking for an observation to its first signature."""

    def column(self, table: str) -> str:
        """Where they are counted."""
        if table == "appeals":
            return APPEALED if self.appealed else DID_NOT
        if table == "signed":
            return SIGNED if self.days_to_sign else NOT_SIGNED
        return CERTIFIED if self.certified_on else ENDED if self.ended else ON_THE_WAY


@dataclass(frozen=True, slots=True)
class Group:
    """A question with the groups into which its answers put people: each person in exactly one of them."""

    key: str
    rows: tuple[str, ...]
    words: Mapping[str, str]
    """Of the question under its key, and of its choices; those that are not of the question are said by the page."""
    row_of: Callable[[UUID], str]


def paths(session: Session, organization_id: UUID, people: People, now: datetime) -> list[Path]:
    """The people of a report."""
    which = [
        EnrollmentRow.organization_id == organization_id,
        EnrollmentRow.entered_on.between(people.since, people.until),
    ]
    if people.program is not None:
        which.append(EnrollmentRow.program_id == UUID(people.program))
    last: dict[UUID, Path] = {}
    for row in session.scalars(
        select(EnrollmentRow).where(*which).order_by(EnrollmentRow.entered_on, EnrollmentRow.id)
    ):
        last[row.person_id] = Path(row.person_id, row.id, row.entered_on, row.ended_at is not None)
    _certified(session, organization_id, last, now)
    _appealed(session, organization_id, last)
    _signed(session, organization_id, last, people.since)
    return list(last.values())


def groups(session: Session, organization_id: UUID, asked: Sequence[DescriptionQuestionRow]) -> list[Group]:
    """Everybody, then one for each question that is asked."""
    said = said_of(session, organization_id, [question.id for question in asked])
    everybody = Group(EVERYBODY, (EVERYBODY,), {}, lambda _person_id: EVERYBODY)
    return [everybody, *(_group(question, said[question.id]) for question in asked)]


def tables(counted: Sequence[Path], found: Sequence[Group]) -> Iterator[Table]:
    """For each question and each thing that is counted a table."""
    for group in found:
        for name, columns in COLUMNS.items():
            counts = {row: dict.fromkeys(columns, 0) for row in group.rows}
            for path in counted:
                counts[group.row_of(path.person_id)][path.column(name)] += 1
            lines = tuple(tuple(counts[row].values()) for row in group.rows)
            yield Table(f"{name}:{group.key}", tuple(f"{group.key}/{row}" for row in group.rows), columns, lines)


def usual_time(counted: Sequence[Path], group: Group, row: str, table: str) -> int | None:
    """As many took longer as took less: weeks to the certificate, or days to a signature; None: nobody yet."""
    these = [path for path in counted if group.row_of(path.person_id) == row]
    if table == "signed":
        days = [median(path.days_to_sign) for path in these if path.days_to_sign]
        return round(median(days)) if days else None
    weeks = [(path.certified_on - path.entered_on).days / 7 for path in these if path.certified_on]
    return round(median(weeks)) if weeks else None


def _group(question: DescriptionQuestionRow, said: Mapping[UUID, Said]) -> Group:
    choices = {one["key"]: one["words"] for one in question.choices}
    rows = (*choices, *([SEVERAL] if question.several else []), OWN_WORDS, NOT_SAID)
    words = {question.key: question.words, **{f"{question.key}/{key}": text for key, text in choices.items()}}

    def row_of(person_id: UUID) -> str:
        answer = said.get(person_id, Said())
        chosen = [key for key in answer.chosen if key in choices]
        if len(chosen) > 1:
            return SEVERAL if question.several else chosen[0]
        return chosen[0] if chosen else OWN_WORDS if answer.own else NOT_SAID

    return Group(question.key, rows, words, row_of)


def _certified(session: Session, organization_id: UUID, last: Mapping[UUID, Path], now: datetime) -> None:
    later = aliased(DecisionRow)
    by_enrollment = {path.enrollment_id: path for path in last.values()}
    rows = session.execute(
        select(DecisionRow.enrollment_id, func.min(DecisionRow.on_day))
        .outerjoin(later, later.supersedes_id == DecisionRow.id)
        .where(
            DecisionRow.organization_id == organization_id,
            DecisionRow.outcome == Outcome.CERTIFIED,
            DecisionRow.released_at <= now,
            later.id.is_(None),
        )
        .group_by(DecisionRow.enrollment_id)
    )
    for enrollment_id, on_day in rows:
        if enrollment_id in by_enrollment:
            by_enrollment[enrollment_id].certified_on = on_day


def _appealed(session: Session, organization_id: UUID, last: Mapping[UUID, Path]) -> None:
    sent = select(AppealRow.trainee_id).where(
        AppealRow.organization_id == organization_id, AppealRow.sent_at.is_not(None)
    )
    for person_id in session.scalars(sent.distinct()):
        if person_id in last:
            last[person_id].appealed = True


def _signed(session: Session, organization_id: UUID, last: Mapping[UUID, Path], since: date) -> None:
    rows = session.execute(
        select(ObservationRow.trainee_id, ObservationRow.requested_at, func.min(SignOffRow.signed_at))
        .join(SignOffRow, SignOffRow.observation_id == ObservationRow.id)
        .where(ObservationRow.organization_id == organization_id)
        .group_by(ObservationRow.id, ObservationRow.trainee_id, ObservationRow.requested_at)
    )
    for person_id, asked_at, signed_at in rows:
        if person_id in last and asked_at.date() >= since:
            last[person_id].days_to_sign.append((signed_at - asked_at).days)
