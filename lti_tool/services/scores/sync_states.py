"""How one gradebook column stands: counts, a page of its people, what is in its way. Whatever the column belongs to.

Names are encrypted, so the database cannot put them in order: see `people_list`, whose measure holds here too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.cohorts import name_order
from lti_tool.services.courses.people import trains
from lti_tool.services.observations.lines import display_name
from lti_tool.services.scores import deliver
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow

ON_A_PAGE = 40
SOON = timedelta(minutes=1)
FOR_A_PERSON = (DeliveryState.NEEDS_PERSON, DeliveryState.DIFFERS)
"""States in which nothing goes on before somebody of the course said something."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One trainee's score: what the LMS should show, what it took and showed, and how that stands."""

    person_id: UUID
    person_name: str
    delivery_id: UUID | None = None
    """None where nothing is to be sent yet; then there is nothing else, either."""
    desired: Decimal | None = None
    desired_maximum: Decimal | None = None
    accepted: Decimal | None = None
    accepted_maximum: Decimal | None = None
    accepted_at: datetime | None = None
    lms_score: Decimal | None = None
    """What the LMS showed at `lms_read_at`; None: nothing."""
    lms_maximum: Decimal | None = None
    lms_read_at: datetime | None = None
    state: DeliveryState | None = None
    next_attempt_at: datetime | None = None
    attempts: int = 0
    to_clear: bool = False
    answer: str | None = None
    """The last answer, a code of `lti.answers.Answer`."""
    left_course: bool = False

    @property
    def nothing_left(self) -> bool:
        """Whether the LMS shows a score of which nothing counts any more: there is nothing to send again."""
        return self.answer == Answer.NOTHING_LEFT

    @property
    def for_a_person(self) -> bool:
        """Whether it stands still until somebody says how it goes on."""
        return self.state in FOR_A_PERSON


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people's scores are in which state."""

    by_state: Mapping[DeliveryState | None, int] = field(default_factory=dict)
    """None: nothing is to be sent yet."""
    nothing_left: int = 0
    """Of those that need a person: how many of which nothing counts any more."""
    trying: int = 0
    """Of those that wait: how many were tried before."""
    next_attempt_at: datetime | None = None
    """When the first of those that wait is due."""
    last_accepted_at: datetime | None = None

    def of(self, *states: DeliveryState | None) -> int:
        """How many are in one of these."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def people(self) -> int:
        """How many there are in all."""
        return sum(self.by_state.values())


@dataclass(frozen=True, slots=True)
class ColumnState:
    """A column and the way to it."""

    line_item_id: UUID
    label: str
    maximum: int
    gone_at: datetime | None
    stopped_at: datetime | None
    change_at: datetime | None
    """When it is next tried to be made or changed in the LMS; None where nothing of that is to be done."""
    change_answer: str | None
    known: bool
    """Whether the LMS named its address; until then it is to be found or made there."""
    read_at: datetime | None
    read_asked_at: datetime | None
    read_problem: str | None
    switched_on: bool
    ended_at: datetime | None
    """Since when the LMS is left; None: it is in use, or only switched off."""
    resting_until: datetime | None
    problem: str | None

    @property
    def not_made(self) -> bool:
        """Whether it is not in the LMS, and trying to make it came to an answer."""
        return not self.known and self.change_answer is not None

    @property
    def being_read(self) -> bool:
        """Whether it was asked to compare it with the LMS, and that is not done yet."""
        return self.read_asked_at is not None and (self.read_at is None or self.read_asked_at > self.read_at)

    def rests(self, now: datetime) -> bool:
        """Whether nothing goes to this LMS for now."""
        return self.resting_until is not None and self.resting_until > now


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose scores in which column; without a column yet, only whose."""

    organization_id: UUID
    course_id: UUID
    line_item_id: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list somebody asked for; "" leaves nobody out."""

    state: str = ""
    """A `DeliveryState`, or `none` for those of whom nothing is to be sent yet."""
    name: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class SyncPage:
    """A column with one page of its people."""

    column: ColumnState | None
    """None where the LMS offered no gradebook for it."""
    counts: Counts
    lines: tuple[ScoreLine, ...]
    """What waits for a person first, then by name."""
    found: int
    page: int
    pages: int
    in_order: bool
    """False where not every name has its place yet, and there are too many to read them (`name_order`)."""

    def moving(self, now: datetime) -> bool:
        """Whether something will have changed in a moment: a score is on its way, or the LMS is being read."""
        if self.column is None or not self.column.switched_on or self.column.stopped_at or self.column.gone_at:
            return False
        if self.column.rests(now + SOON):
            return False
        due = self.counts.next_attempt_at
        return self.column.being_read or (due is not None and due <= now + SOON)


def sync_page(session: Session, scope: Scope, asked: Asked | None = None) -> SyncPage:
    """The column, and those whom `asked` names: a page of them, the nearest to the one asked for that there is."""
    asked = asked or Asked()
    counts = count(session, scope)
    by_name = _by_name(session, scope, asked, counts)
    in_order = by_name is not None or name_order.is_known(session, scope.organization_id)
    found = _number(asked, counts) if by_name is None else len(by_name)
    pages = max(1, -(-found // ON_A_PAGE))
    page = min(max(1, asked.page), pages)
    first = (page - 1) * ON_A_PAGE
    ids = _in_order(session, scope, asked, first) if by_name is None else by_name[first : first + ON_A_PAGE]
    return SyncPage(column_of(session, scope), counts, _lines(session, scope, ids), found, page, pages, in_order)


def column_of(session: Session, scope: Scope) -> ColumnState | None:
    """The column and the way to it."""
    found = session.execute(
        select(
            LineItemRow,
            RegistrationRow.active,
            RegistrationRow.ended_at,
            PlatformLaneRow.resting_until,
            PlatformLaneRow.problem,
        )
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .outerjoin(PlatformLaneRow, PlatformLaneRow.registration_id == LineItemRow.registration_id)
        .where(LineItemRow.id == scope.line_item_id)
    ).one_or_none()
    if found is None:
        return None
    row, active, ended_at, resting_until, problem = found
    return ColumnState(
        line_item_id=row.id,
        label=row.label,
        maximum=row.score_maximum,
        gone_at=row.gone_at,
        stopped_at=row.stopped_at,
        change_at=row.change_at,
        change_answer=row.change_answer,
        known=row.url is not None,
        read_at=row.read_at,
        read_asked_at=row.read_asked_at,
        read_problem=row.read_problem,
        switched_on=active,
        ended_at=ended_at,
        resting_until=resting_until,
        problem=problem,
    )


def count(session: Session, scope: Scope) -> Counts:
    """How many scores are in which state, in one statement however many people there are."""
    rows = session.execute(
        _people(
            scope,
            DeliveryRow.state,
            func.count(),
            func.sum(case((deliver.NOTHING_LEFT, 1), else_=0)),
            func.sum(case((DeliveryRow.attempts > 0, 1), else_=0)),
            func.min(DeliveryRow.next_attempt_at),
            func.max(DeliveryRow.accepted_at),
        ).group_by(DeliveryRow.state)
    ).all()
    return Counts(
        {state: number for state, number, *_ in rows},
        nothing_left=sum(row[2] for row in rows if row[0] is DeliveryState.NEEDS_PERSON),
        trying=sum(row[3] for row in rows if row[0] is DeliveryState.WAITING),
        next_attempt_at=min((row[4] for row in rows if row[4]), default=None),
        last_accepted_at=max((row[5] for row in rows if row[5]), default=None),
    )


def line_of(person_id: UUID, name: str | None, row: DeliveryRow | None, *, left_course: bool = False) -> ScoreLine:
    """How the score of one person stands; without a row nothing is to be sent yet."""
    shown = display_name(person_id, name)
    if row is None:
        return ScoreLine(person_id, shown, left_course=left_course)
    return ScoreLine(
        person_id=person_id,
        person_name=shown,
        delivery_id=row.id,
        desired=row.desired_score,
        desired_maximum=row.desired_maximum,
        accepted=row.accepted_score,
        accepted_maximum=row.accepted_maximum,
        accepted_at=row.accepted_at,
        lms_score=row.lms_score,
        lms_maximum=row.lms_maximum,
        lms_read_at=row.lms_read_at,
        state=row.state,
        next_attempt_at=row.next_attempt_at,
        attempts=row.attempts,
        to_clear=row.to_clear,
        answer=row.answer,
        left_course=left_course,
    )


def _people(scope: Scope, *what: Any) -> Select[Any]:
    """Of the trainees of the course, and of who left it with a score: test users are never among them."""
    return (
        select(*what)
        .select_from(MembershipRow)
        .outerjoin(
            DeliveryRow,
            and_(DeliveryRow.person_id == MembershipRow.person_id, DeliveryRow.line_item_id == scope.line_item_id),
        )
        .where(
            MembershipRow.course_id == scope.course_id,
            MembershipRow.test_user.is_(False),
            or_(and_(MembershipRow.ended_at.is_(None), trains(scope.course_id)), DeliveryRow.id.is_not(None)),
        )
    )


def _in_state(asked: str) -> tuple[ColumnElement[bool], ...]:
    if not asked:
        return ()
    state = _state(asked)
    return (DeliveryRow.state.is_(None) if state is None else DeliveryRow.state == state,)


def _state(asked: str) -> DeliveryState | None:
    return next((state for state in DeliveryState if state == asked), None)


def _by_name(session: Session, scope: Scope, asked: Asked, counts: Counts) -> tuple[UUID, ...] | None:
    """Who was asked for, in order; None where the database puts them in order (`name_order`)."""
    number = _number(asked, counts)
    if not asked.name and name_order.is_for_the_database(session, scope.organization_id, number):
        return None
    people = _people(scope, PersonRow.id, PersonRow.name, DeliveryRow.state)
    rows = session.connection().execute(
        people.join(PersonRow, PersonRow.id == MembershipRow.person_id).where(*_in_state(asked.state))
    )
    wanted = asked.name.strip().casefold()
    named = ((state not in FOR_A_PERSON, display_name(id_, name).casefold(), id_) for id_, name, state in rows)
    return tuple(id_ for _calm, name, id_ in sorted(named) if wanted in name)


def _in_order(session: Session, scope: Scope, asked: Asked, first: int) -> tuple[UUID, ...]:
    calm = case((DeliveryRow.state.in_(FOR_A_PERSON), 0), else_=1)
    people = _people(scope, MembershipRow.person_id).where(*_in_state(asked.state)).order_by(calm)
    wanted = name_order.ordered(people, scope.organization_id, MembershipRow.person_id)
    return tuple(session.scalars(wanted.offset(first).limit(ON_A_PAGE)))


def _number(asked: Asked, counts: Counts) -> int:
    return counts.of(_state(asked.state)) if asked.state else counts.people


def _lines(session: Session, scope: Scope, ids: tuple[UUID, ...]) -> tuple[ScoreLine, ...]:
    """Of these people, in this order."""
    people = _people(scope, PersonRow.id, PersonRow.name, DeliveryRow, MembershipRow.ended_at)
    rows = session.execute(
        people.join(PersonRow, PersonRow.id == MembershipRow.person_id).where(MembershipRow.person_id.in_(ids))
    )
    found = {row[0]: line_of(row[0], row[1], row[2], left_course=row[3] is not None) for row in rows}
    return tuple(found[id_] for id_ in ids if id_ in found)
