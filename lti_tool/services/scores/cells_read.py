"""What a reading of a column means for each of its scores, written down in a handful of statements."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from grading.delivery import Cell, DeliveryState, Shown, alike
from grading.reading_back import Means, means
from grading.scores import DesiredScore, score_of
from lti_tool.lti.answers import Answer
from lti_tool.lti.results import Result
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow, MembershipRow

LARGEST = Decimal(99_999)
SMALLEST = Decimal("0.0001")
HUNDRED = Decimal(100)


def note(
    session: Session,
    line_item_id: UUID,
    course_id: UUID,
    found: Sequence[Result],
    *,
    began_at: datetime,
    now: datetime,
) -> None:
    """Note what was found in all cells of the column that nothing was sent to since the reading began."""
    results = {result.sub: result for result in found}
    rows = session.execute(
        select(DeliveryRow, LmsAccountRow.sub, _in_course(course_id))
        .outerjoin(
            LmsAccountRow,
            and_(
                LmsAccountRow.person_id == DeliveryRow.person_id,
                LmsAccountRow.registration_id == DeliveryRow.registration_id,
            ),
        )
        .where(
            DeliveryRow.line_item_id == line_item_id,
            DeliveryRow.state != DeliveryState.WAITING,
            DeliveryRow.sent_at.is_not(None),
            or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
            or_(DeliveryRow.accepted_at.is_(None), DeliveryRow.accepted_at < began_at),
        )
        .order_by(DeliveryRow.id)
        .with_for_update(of=DeliveryRow, skip_locked=True)  # who holds a row is about to send it
        .execution_options(populate_existing=True)
    ).all()
    shown: dict[UUID, Result | None] = {}
    cells: dict[UUID, tuple[DeliveryRow, bool]] = {}
    for row, sub, in_course in rows:
        cells[row.id] = (row, in_course)
        if shown.get(row.id) is None:
            shown[row.id] = results.get(sub)
    _write(session, [_noted(row, shown[id_], in_course, now) for id_, (row, in_course) in cells.items()])
    for row, _in in cells.values():
        session.expire(row)


def _in_course(course_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        MembershipRow.course_id == course_id,
        MembershipRow.person_id == DeliveryRow.person_id,
        MembershipRow.ended_at.is_(None),
    )


def cell_of(row: DeliveryRow) -> Cell:
    """The row as a value; nobody holds it."""
    return Cell(
        state=row.state,
        desired=DesiredScore(row.desired_score, row.desired_maximum),
        accepted=score_of(row.accepted_score, row.accepted_maximum),
        sent=score_of(row.sent_score, row.sent_maximum),
        ever_sent=row.sent_at is not None,
        nothing_left=row.answer == Answer.NOTHING_LEFT,
        to_clear=row.to_clear,
    )


def shown_in(result: Result | None) -> Shown | None:
    """What a result shows; None: nothing. A number that no gradebook can mean is cut down to one that can be kept."""
    if result is None or result.score is None:
        return None
    maximum = result.maximum if result.maximum is not None and SMALLEST <= result.maximum <= LARGEST else None
    if maximum is None:
        return None if result.share is None else Shown(_kept(result.share * HUNDRED), HUNDRED)
    return Shown(_kept(result.score), _kept(maximum))


def _kept(number: Decimal) -> Decimal:
    return max(-LARGEST, min(number, LARGEST)).quantize(SMALLEST)


def _noted(row: DeliveryRow, result: Result | None, in_course: bool, now: datetime) -> dict[str, Any]:
    shown = shown_in(result)
    values: dict[str, Any] = {name: getattr(row, name) for name in _WRITTEN}
    values |= {
        "id_": row.id,
        "lms_score": shown.score if shown else None,
        "lms_maximum": shown.maximum if shown else None,
        "lms_at": result.at.astimezone(UTC) if shown and result and result.at else None,
        "lms_read_at": now,
    }
    match means(cell_of(row), shown, in_course=in_course):
        case Means.AS_IT_WAS:
            return values
        case Means.IN_STEP:
            return values | _in_step(row, now)
        case Means.SEND:
            return values | {"state": DeliveryState.WAITING, "attempts": 0, "next_attempt_at": now, "answer": None}
        case Means.ASK:
            return values | _to_ask(row, shown)
        case Means.TAKEN_OUT:
            return values | {"state": DeliveryState.CLEARED}
        case Means.SET_THERE:
            return values | {"state": DeliveryState.LET_STAND}


def _in_step(row: DeliveryRow, now: datetime) -> dict[str, Any]:
    if row.state is DeliveryState.ACCEPTED:
        return {}
    return {
        "state": DeliveryState.ACCEPTED,
        "accepted_score": row.desired_score,
        "accepted_maximum": row.desired_maximum,
        "accepted_at": now,
        "answer": Answer.ACCEPTED.value,
    }


def _to_ask(row: DeliveryRow, shown: Shown | None) -> dict[str, Any]:
    """Where the LMS took ours, and shows again what it showed before, it keeps its own: sending helps nobody."""
    if row.state is DeliveryState.DIFFERS:
        return {}
    kept = (
        shown is not None
        and row.lms_score is not None
        and row.lms_maximum is not None
        and alike(shown, Shown(row.lms_score, row.lms_maximum))
        and row.accepted_at is not None
        and row.lms_read_at is not None
        and row.lms_read_at <= row.accepted_at
    )
    return {"state": DeliveryState.DIFFERS, "answer": Answer.KEPT_BY_LMS.value if kept else None}


_WRITTEN = (
    "state", "accepted_score", "accepted_maximum", "accepted_at", "answer", "attempts", "next_attempt_at",
    "lms_score", "lms_maximum", "lms_at", "lms_read_at",
)  # fmt: skip


def _write(session: Session, values: Iterable[dict[str, Any]]) -> None:
    every = list(values)
    if every:
        table: Any = DeliveryRow.__table__
        session.connection().execute(update(table).where(table.c.id == bindparam("id_")), every)
