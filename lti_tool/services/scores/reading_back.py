"""Comparing what the LMS shows with what it should show: when asked, and every night. Nothing is overwritten.

Only the middle step speaks with the LMS, and it holds no transaction while it does.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti import results as lti_results
from lti_tool.lti.answers import Answer
from lti_tool.lti.columns import Columns, Described
from lti_tool.lti.names import RESULT_SCOPE
from lti_tool.lti.pages import NotListed, Patience
from lti_tool.lti.results import Result
from lti_tool.safe_http import SafeHttp
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.scores import cells_read, column_changes, lms_columns
from lti_tool.services.scores.lms_columns import Asking
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, CourseRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow
from lti_tool.store.programs import PlacedProgramRow

MOST_DUE = 50
TAKES = timedelta(minutes=10)
"""How long one reading has; after it another worker may begin it anew, which changes nothing."""
MOST_A_NIGHT = 5_000
LATELY = timedelta(hours=12)
APART = timedelta(seconds=3)
"""Between two columns of one platform, at night: a thousand in less than an hour."""

_DUE = and_(
    LineItemRow.read_asked_at.is_not(None),
    or_(LineItemRow.read_at.is_(None), LineItemRow.read_asked_at > LineItemRow.read_at),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One column that is to be read."""

    line_item_id: UUID
    course_id: UUID
    url: str
    asking: Asking
    began_at: datetime
    again_at: datetime
    """What the row says meanwhile: from then on another worker may begin."""


def ask(session: Session, visitor: Visitor, line_item_id: UUID, now: datetime) -> UUID:
    """Have a column compared with the LMS soon, for an instructor of its course. Raises `NotHere`.

    Asked twice it is compared once: what was asked and has not begun is not asked again.
    """
    lms_columns.instructed(session, visitor, line_item_id)
    ask_at(session, line_item_id, now)
    return line_item_id


def ask_at(session: Session, line_item_id: UUID, moment: datetime) -> None:
    """Have it compared at this moment or before."""
    row = lms_columns.held(session, line_item_id)
    waits = row.read_asked_at is not None and (row.read_at is None or row.read_asked_at > row.read_at)
    if not waits or row.read_asked_at is None or row.read_asked_at > moment:
        row.read_asked_at = moment
        session.flush()


def due(session: Session, now: datetime) -> tuple[UUID, ...]:
    """Columns that wait to be compared, of platforms that are in use and do not rest; those longest asked first."""
    rests = exists().where(
        PlatformLaneRow.registration_id == LineItemRow.registration_id, PlatformLaneRow.resting_until > now
    )
    found = (
        select(LineItemRow.id)
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .where(_DUE, LineItemRow.read_asked_at <= now, RegistrationRow.active, ~rests)
        .order_by(LineItemRow.read_asked_at, LineItemRow.id)
    )
    return tuple(session.scalars(found.limit(MOST_DUE)))


def ask_nightly(session: Session, now: datetime) -> int:
    """Have all columns compared in which scores are, in courses that go on; the answer says how many.

    Platform by platform one after the other, so that none is asked for all of its columns at once. What was compared
    lately is not compared again, and those compared longest ago come first.
    """
    scored = exists().where(DeliveryRow.line_item_id == LineItemRow.id, DeliveryRow.sent_at.is_not(None))
    rows = session.scalars(
        select(LineItemRow)
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .outerjoin(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
        .outerjoin(ActivityRow, ActivityRow.id == func.coalesce(LineItemRow.activity_id, ActivityColumnRow.activity_id))
        .outerjoin(PlacedProgramRow, PlacedProgramRow.id == LineItemRow.placed_program_id)
        .join(CourseRow, CourseRow.id == func.coalesce(ActivityRow.course_id, PlacedProgramRow.course_id))
        .where(
            RegistrationRow.active,
            CourseRow.archived_at.is_(None),
            LineItemRow.gone_at.is_(None),
            LineItemRow.url.is_not(None),
            or_(LineItemRow.read_at.is_(None), LineItemRow.read_at < now - LATELY),
            scored,
        )
        .order_by(LineItemRow.read_at.is_not(None), LineItemRow.read_at, LineItemRow.id)
        .limit(MOST_A_NIGHT)
        .with_for_update(of=LineItemRow, key_share=True, skip_locked=True)
    ).all()
    asked: Counter[UUID] = Counter()
    for row in rows:
        if row.read_asked_at is None or (row.read_at is not None and row.read_asked_at <= row.read_at):
            row.read_asked_at = now + asked[row.registration_id] * APART
            asked[row.registration_id] += 1
    session.flush()
    return asked.total()


def take(session: Session, line_item_id: UUID, now: datetime) -> Reading | None:
    """Take the column for one reading; None where it is not due, another worker has it, or it cannot be read.

    Where it cannot be read, the row says why.
    """
    row = session.scalars(
        select(LineItemRow)
        .where(LineItemRow.id == line_item_id, _DUE, LineItemRow.read_asked_at <= now)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    why = _cannot(row)
    if why is not None or row.url is None:
        row.read_at, row.read_asked_at, row.read_problem = now, now, why
        return None
    where = lms_columns.where_it_is(session, line_item_id)
    asking = lms_columns.asking(session, row, where.deployment_id, now)
    row.read_asked_at = again_at = now + TAKES
    return Reading(row.id, where.course_id, row.url, asking, now, again_at)


def _cannot(row: LineItemRow) -> str | None:
    if row.gone_at is not None:
        return Answer.COLUMN_GONE.value
    if row.url is None:
        return Answer.COLUMN_NOT_OFFERED.value
    return Answer.RESULTS_NOT_OFFERED.value if RESULT_SCOPE not in row.scopes else None


@dataclass(frozen=True, slots=True)
class Found:
    """What the LMS shows in a column, and what it says of the column itself where it lets us look."""

    results: tuple[Result, ...]
    column: Described | None = None


def read(sessions: sessionmaker[Session], http: SafeHttp, reading: Reading, patience: Patience) -> Found | Answer:
    """Ask the LMS. Nothing is raised: an `Answer` says why there is nothing."""
    asking = reading.asking
    service = asking.service(sessions, http, patience.clock())
    try:
        results = lti_results.results(service, reading.url, patience)
    except NotListed as problem:
        return problem.answer
    column = Columns(service, asking.registration.family, patience.clock).read(reading.url, asking.scopes)
    return Found(results, column if isinstance(column, Described) else None)


def settle(session: Session, reading: Reading, found: Found | Answer, now: datetime) -> None:
    """Note what the LMS shows, cell by cell, and what that means for each; twice changes nothing."""
    row = lms_columns.held(session, reading.line_item_id)
    row.read_at = reading.began_at
    if row.read_asked_at == reading.again_at:
        row.read_asked_at = reading.began_at  # nobody asked meanwhile
    there = row.url == reading.url  # else a launch named another one meanwhile
    row.read_problem = found.value if isinstance(found, Answer) and there else None
    session.flush()
    if not there:
        return
    if found is Answer.COLUMN_GONE:
        column_changes.seen_gone(session, row.id, now)
    if isinstance(found, Answer):
        return
    if found.column is not None:
        column_changes.note_described(row, found.column)
        session.flush()
    cells_read.note(session, row.id, reading.course_id, found.results, began_at=reading.began_at, now=now)
