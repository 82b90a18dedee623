"""The database of the pages benchmark: one program, many people on the way through it, and what they did."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from grading.ledger import EntryKind, EntryState
from lti_tool.access import Capability
from lti_tool.cli import bench_launch
from lti_tool.cli.bench_platform import LEARNER, only_registered
from lti_tool.cli.opening import now
from lti_tool.documents.program import read_program
from lti_tool.documents.shipped_programs import SHIPPED, text_in
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.cohorts import name_order
from lti_tool.services.entering.visitors import open_session
from lti_tool.services.standing import kept_standing_work, kept_standings
from lti_tool.store.base import Base, new_id
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.observations import (
    AssessmentRow,
    ConsentRow,
    ObservationRow,
    ObserverRow,
    ObserverState,
    RatingRow,
    SignOffRow,
)
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow, ProgramVersionRow
from rubrics.observation import Mode, State
from rubrics.practice import PracticeModel, Setting
from rubrics.sign_off import Assurance, Lane, Meaning

PROGRAM = "icrc-pr"
WAITING_EACH = 2
KINDS = (EntryKind.PRACTICE, EntryKind.PRACTICE, EntryKind.TRAINING, EntryKind.SUPERVISION)
AREAS = ("advocacy", "mentoring_education", "recovery_wellness_support", "ethical_responsibility")

Rows = Iterator[tuple[type[Base], dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    people: int = 100
    entries_each: int = 100
    observations_each: int = 5
    in_a_course: int = 200
    for_a_supervisor: int = 20


@dataclass(frozen=True, slots=True)
class Filled:
    """What addresses name, and the secrets with which four people come in."""

    program_id: UUID
    enrollment_id: UUID
    activity_id: UUID
    trainee: str
    supervisor: str
    instructor: str
    lead: str


def fill(settings: Mapping[str, str], size: Size) -> Filled:
    """Fill a new database; the answer names what the pages are asked with."""
    bench_launch.seed(settings, only_registered("http://127.0.0.1:1"))
    engine = open_engine(settings["ATTUNE_DATABASE_URL"], (settings["ATTUNE_SECRET_KEY"],))
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        filled = _Filling(session, session.scalars(select(ActivityRow)).one(), size).fill()
    work_out(sessions, filled.program_id)
    name_order.put_all(sessions)
    engine.dispose()
    return filled


def work_out(sessions: sessionmaker[Session], program_id: UUID) -> None:
    """Where everybody stands, as the worker does it."""
    made = True
    while made:
        with sessions.begin() as session:
            made = kept_standings.note_new(session, now(), program_id) > 0
    kept_standing_work.work(sessions, program_id, now)


class _Filling:
    """One organization being filled."""

    def __init__(self, session: Session, activity: ActivityRow, size: Size) -> None:
        self.session, self.activity, self.size = session, activity, size
        self.organization_id, self.at = activity.organization_id, now()
        self.today = self.at.date()
        self.criteria = [each.key for each in rubric_of(session, activity.rubric_version_id).rubric.criteria]

    def fill(self) -> Filled:
        """All of it, course by course."""
        lead, instructor = self._person("Lead"), self._person("Instructor")
        self._grant(lead, Capability.PROGRAM_LEAD, None, None)
        self._member(instructor, Capability.INSTRUCTOR)
        first_activity = self.activity.id
        program_id, version_id = self._program()
        supervisors: list[UUID] = []
        enrollments = []
        for number in range(self.size.people):
            if number and number % self.size.in_a_course == 0:
                self.activity = self._another_course(number)
            if number % self.size.for_a_supervisor == 0:
                supervisors.append(self._supervisor(number))
            person_id, enrollment_id = self._trainee(number, program_id, version_id)
            enrollments.append((person_id, enrollment_id))
            self._add(self._ledger(person_id, supervisors[-1]))
            self._add(self._observations(person_id, supervisors[-1]))
        first, enrollment_id = enrollments[0]
        return Filled(
            program_id,
            enrollment_id,
            first_activity,
            self._in(first),
            self._in(supervisors[0]),
            self._in(instructor),
            self._in(lead),
        )

    def _supervisor(self, number: int) -> UUID:
        supervisor = self._person(f"Supervisor {number}")
        self._member(supervisor, None)
        self._grant(supervisor, Capability.SUPERVISOR, Lane.PEER, self.activity.course_id)
        return supervisor

    def _another_course(self, number: int) -> ActivityRow:
        """The same activity in a course of its own."""
        before = self.session.get_one(CourseRow, self.activity.course_id)
        course_id = self._row(
            CourseRow,
            deployment_id=before.deployment_id,
            lti_context_id=f"course-from-{number}",
            title=f"Practicum from {number}",
        )
        columns = {each.key: getattr(self.activity, each.key) for each in inspect(ActivityRow).column_attrs}
        activity_id = self._row(
            ActivityRow,
            **{name: value for name, value in columns.items() if name not in ("id", "organization_id", "course_id")},
            course_id=course_id,
        )
        return self.session.get_one(ActivityRow, activity_id)

    def _in(self, person_id: UUID) -> str:
        return open_session(
            self.session,
            organization_id=self.organization_id,
            person_id=person_id,
            assurance=Assurance.LINK_WITH_CODE,
            now=self.at,
        )

    def _row(self, row_class: type[Base], **values: Any) -> UUID:
        id_ = new_id()
        self.session.add(row_class(id=id_, organization_id=self.organization_id, **values))
        self.session.flush()
        return id_

    def _person(self, name: str) -> UUID:
        return self._row(PersonRow, name=name, created_at=self.at)

    def _member(self, person_id: UUID, capability: Capability | None) -> None:
        self._row(
            MembershipRow,
            course_id=self.activity.course_id,
            person_id=person_id,
            roles=[LEARNER],
            capability=capability,
            seen_at=self.at,
        )

    def _grant(self, person_id: UUID, capability: Capability, lane: Lane | None, course_id: UUID | None) -> None:
        self._row(
            GrantRow, person_id=person_id, capability=capability, lane=lane, course_id=course_id, granted_at=self.at
        )

    def _program(self) -> tuple[UUID, UUID]:
        text = text_in(SHIPPED / f"{PROGRAM}.toml")
        edition = read_program(text, source=PROGRAM)[-1]
        program_id = self._row(ProgramRow, key=PROGRAM, name=edition.name, shipped=True, made_at=self.at)
        version_id = self._row(
            ProgramVersionRow,
            program_id=program_id,
            number=1,
            edition=edition.edition,
            text=text,
            digest=sha256(text.encode()).hexdigest(),
            published_at=self.at,
        )
        return program_id, version_id

    def _trainee(self, number: int, program_id: UUID, version_id: UUID) -> tuple[UUID, UUID]:
        person_id = self._person(f"Trainee {number}")
        self._member(person_id, Capability.TRAINEE)
        enrollment_id = self._row(
            EnrollmentRow,
            program_id=program_id,
            person_id=person_id,
            version_id=version_id,
            entered_on=self.today - timedelta(days=400),
            enrolled_by=person_id,
            enrolled_at=self.at,
        )
        return person_id, enrollment_id

    def _add(self, rows: Rows) -> None:
        """By table, in the order in which each came first."""
        of_table: dict[type[Base], list[dict[str, Any]]] = {}
        for row_class, values in rows:
            of_table.setdefault(row_class, []).append({"organization_id": self.organization_id, **values})
        for row_class, many in of_table.items():
            self.session.execute(insert(row_class), many)

    def _ledger(self, person_id: UUID, supervisor: UUID) -> Rows:
        for number in range(self.size.entries_each):
            waits, id_ = number < WAITING_EACH, new_id()
            yield LedgerEntryRow, {
                "id": id_, "person_id": person_id, "kind": KINDS[number % len(KINDS)],
                "on_day": self._day(number), "amount": Decimal("2.5"), "unit": "hours", "title": "A day's work",
                "said": {"category": [AREAS[number % len(AREAS)]]}, "model": PracticeModel.ONE_TO_ONE,
                "setting": Setting.COMMUNITY, "course_id": self.activity.course_id, "asked_id": supervisor,
                "asked_at": self.at, "state": EntryState.WAITING if waits else EntryState.SIGNED,
                "made_by": person_id, "made_at": self._moment(number), "changed_at": self._moment(number),
            }  # fmt: skip
            if not waits:
                yield LedgerSignatureRow, {
                    "id": new_id(), "entry_id": id_, "signer_id": supervisor, "lane": Lane.PEER, "salt": "salt",
                    "digest": "0" * 64, "assurance": Assurance.LAUNCH, "signed_at": self._moment(number),
                }  # fmt: skip

    def _observations(self, person_id: UUID, supervisor: UUID) -> Rows:
        """Signed ones; the last of them is asked for, and waits for the supervisor."""
        for number in range(self.size.observations_each):
            waits, id_, moment = number == self.size.observations_each - 1, new_id(), self._moment(number * 10)
            yield ObservationRow, {
                "id": id_, "activity_id": self.activity.id, "rubric_version_id": self.activity.rubric_version_id,
                "trainee_id": person_id, "observer_id": supervisor, "salt": "salt", "requested_at": moment,
                "state": State.CONSENTED if waits else State.FINAL, "changed_at": moment,
                "model": PracticeModel.WARM_LINE, "setting": Setting.CRISIS,
            }  # fmt: skip
            yield ObserverRow, {
                "id": new_id(), "observation_id": id_, "person_id": supervisor, "state": ObserverState.AGREED,
                "asked_at": moment, "answered_at": moment,
            }  # fmt: skip
            yield ConsentRow, {
                "id": new_id(), "observation_id": id_, "mode": Mode.ROLE_PLAY, "recorded": False, "agreed_at": moment,
                "audience": [],
            }  # fmt: skip
            if not waits:
                yield from self._seen(id_, supervisor, moment)

    def _seen(self, observation_id: UUID, supervisor: UUID, moment: datetime) -> Rows:
        assessment_id = new_id()
        yield AssessmentRow, {
            "id": assessment_id, "observation_id": observation_id, "observer_id": supervisor, "saved_at": moment,
            "strength": "Let the silence be.", "submitted_at": moment, "of_oneself": False,
        }  # fmt: skip
        for criterion in self.criteria:
            yield RatingRow, {
                "assessment_id": assessment_id, "criterion": criterion, "level": 3, "not_observed": False,
                "evidence": "Waited, then asked.",
            }  # fmt: skip
        yield SignOffRow, {
            "id": new_id(), "observation_id": observation_id, "signer_id": supervisor, "lane": Lane.PEER,
            "meaning": Meaning.OBSERVED, "attestation": "I observed this.", "assurance": Assurance.LAUNCH,
            "digest": "0" * 64, "signed_at": moment, "attempt": 1,
        }  # fmt: skip

    def _day(self, number: int) -> date:
        return self.today - timedelta(days=1 + number * 3)

    def _moment(self, number: int) -> datetime:
        return self.at - timedelta(days=1 + number * 3)
