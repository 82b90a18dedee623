"""Reading decisions: by the person from the promised moment on, by program leads before that too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from grading.deciding import UNDO
from grading.evidence import Outcome
from grading.program import Program
from lti_tool.access import ACCESS, Field, Who
from lti_tool.services import audit
from lti_tool.services.certification.decision_notices import Notice, read
from lti_tool.services.certification.decision_release import own_enrollment
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import credential_following
from lti_tool.services.credentials.issuing_possible import ABOUT
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader, log_reading
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.program_versions import day_in
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow


@dataclass(frozen=True, slots=True)
class Line:
    """One decision in a list."""

    id: UUID
    number: int
    outcome: Outcome
    stage: str
    """The title of the stage; "" where it is about the certificate as a whole."""
    on: date
    decided_by: str
    decided_at: datetime
    readable_from: datetime
    read_at: datetime | None
    stands: bool
    """Whether no other one took its place, and it was not taken back."""
    can_be_read: bool
    """By the person."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One decision as it is read."""

    line: Line
    notice: Notice
    digest: str
    program: Program
    """The edition that it was decided by."""
    enrollment_id: UUID
    person_id: UUID
    mine: bool
    replaced_by: UUID | None
    replaces: UUID | None
    open_to_appeal: bool
    take_back_until: datetime | None
    """Until when its holder can take back that they gave it back."""


def decision(session: Session, visitor: Visitor, decision_id: UUID, now: datetime, *, leads: bool) -> Shown:
    """A decision for its person, or for program leads (`leads`), whose reading is logged.

    Raises `NotHere`: for everybody else, and for the person before the moment from which on they can read it.
    """
    row = session.get(DecisionRow, decision_id, populate_existing=True)
    if row is None or row.organization_id != visitor.organization_id:
        raise NotHere
    enrollment = session.get_one(EnrollmentRow, row.enrollment_id)
    mine = enrollment.person_id in all_ids(session, {visitor.person_id})
    if not (leads and not mine) and not (mine and row.released_at <= now):
        raise NotHere
    if mine and row.read_at is None:
        row.read_at = now
        session.flush()
        if row.outcome in ABOUT:  # told only now: before, the message would tell the result
            notify.news(
                session, organization_id=row.organization_id, person_id=enrollment.person_id, now=now,
                kind=MessageKind.CREDENTIAL, path="/credentials",
            )  # fmt: skip
    person_id = same_human(session, enrollment.person_id)
    log_reading(session, visitor, trainee_id=person_id, seen={None: {Field.DECISION}}, now=now)
    return _shown(session, row, enrollment, mine=mine, now=now)


def of_path(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> tuple[Line, ...]:
    """The visitor's own decisions on one path that they can read by now, the newest first. Raises `NotHere`."""
    row = own_enrollment(session, visitor, enrollment_id)
    return tuple(each for each in _lines(session, row, now, readable=True) if each.can_be_read)


def of_person(session: Session, organization_id: UUID, enrollment_id: UUID, now: datetime) -> tuple[Line, ...]:
    """Every decision on somebody's path, for program leads, the newest first. Raises `NotHere`."""
    row = session.get(EnrollmentRow, enrollment_id)
    if row is None or row.organization_id != organization_id:
        raise NotHere
    return _lines(session, row, now, readable=False)


def newest(session: Session, enrollment_id: UUID, now: datetime) -> Line | None:
    """What was decided last, for program leads."""
    row = session.get_one(EnrollmentRow, enrollment_id)
    return next(iter(_lines(session, row, now, readable=False)), None)


def take_back(session: Session, visitor: Visitor, decision_id: UUID, now: datetime) -> UUID:
    """The holder takes back, within a day, that they gave their certificate back. The answer is the enrollment.

    Twice changes nothing. Raises `NotHere`.
    """
    row = session.get(DecisionRow, decision_id)
    if row is None or row.organization_id != visitor.organization_id:
        raise NotHere
    own_enrollment(session, visitor, row.enrollment_id, locked=True)
    session.refresh(row)
    if row.taken_back_at is not None:
        return row.enrollment_id
    if row.outcome is not Outcome.SURRENDERED or now > row.decided_at + UNDO or _replaced_by(session, row.id):
        raise NotHere
    row.taken_back_at = now
    session.flush()
    credential_following.taken_back(session, row, now)
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act="decision.take_back",
        subject=f"decision:{row.id}",
        now=now,
    )
    return row.enrollment_id


def readers(person: str, leads: Sequence[str]) -> tuple[Reader, ...]:
    """Who can see a decision."""
    names = {Who.TRAINEE: (person,), Who.PROGRAM_LEAD: tuple(leads)}
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.DECISION].see)


def _shown(session: Session, row: DecisionRow, enrollment: EnrollmentRow, *, mine: bool, now: datetime) -> Shown:
    if not row.notice:  # its words went with its person's data: only the line in the list is left
        raise NotHere
    line = next(each for each in _lines(session, enrollment, now, readable=mine) if each.id == row.id)
    until = row.decided_at + UNDO if row.outcome is Outcome.SURRENDERED else None
    today = _today(session, enrollment, now)
    return Shown(
        line=line,
        notice=read(row.notice),
        digest=row.digest,
        program=program_versions.version(session, row.organization_id, row.version_id).program,
        enrollment_id=enrollment.id,
        person_id=same_human(session, enrollment.person_id),
        mine=mine,
        replaced_by=_replaced_by(session, row.id, now if mine else None),
        replaces=row.supersedes_id,
        open_to_appeal=mine and line.stands and row.appeal_until is not None and today <= row.appeal_until,
        take_back_until=until if mine and until is not None and line.stands and now <= until else None,
    )


def _today(session: Session, enrollment: EnrollmentRow, now: datetime) -> date:
    every = program_versions.versions(session, enrollment.program_id)
    return day_in(next(each for each in every if each.id == enrollment.version_id).program, now)


def _replaced_by(session: Session, decision_id: UUID, readable_by: datetime | None = None) -> UUID | None:
    asked = select(DecisionRow.id).where(DecisionRow.supersedes_id == decision_id)
    if readable_by is not None:
        asked = asked.where(DecisionRow.released_at <= readable_by)
    return session.scalars(asked).one_or_none()


def _lines(session: Session, enrollment: EnrollmentRow, now: datetime, *, readable: bool) -> tuple[Line, ...]:
    rows = session.execute(
        select(DecisionRow, PersonRow.id, PersonRow.name)
        .join(PersonRow, PersonRow.id == DecisionRow.decided_by)
        .where(DecisionRow.enrollment_id == enrollment.id)
        .options(defer(DecisionRow.notice))
        .order_by(DecisionRow.number.desc())
    ).all()
    seen = [row for row, _, _ in rows if row.released_at <= now or not readable]
    taken = {row.supersedes_id for row in seen}
    titles = _titles(session, enrollment)
    return tuple(
        Line(
            id=row.id,
            number=row.number,
            outcome=row.outcome,
            stage=titles.get(row.stage, row.stage),
            on=row.on_day,
            decided_by=display_name(person_id, name),
            decided_at=row.decided_at,
            readable_from=row.released_at,
            read_at=row.read_at,
            stands=row.id not in taken and row.taken_back_at is None,
            can_be_read=row.released_at <= now,
        )
        for row, person_id, name in rows
    )


def _titles(session: Session, enrollment: EnrollmentRow) -> dict[str, str]:
    every = program_versions.versions(session, enrollment.program_id)
    return {stage.key: stage.title for each in every for stage in each.program.stages}
