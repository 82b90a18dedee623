"""Columns that are to be made or changed in the LMS, and those that are not where they were.

The worker does it, a column at a time. Only the middle step speaks with the LMS, and holds no transaction meanwhile.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import DeliveryState, next_attempt
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.columns import Columns, Described
from lti_tool.lti.line_items import Sought
from lti_tool.safe_http import SafeHttp
from lti_tool.services import audit
from lti_tool.services.linking import copies
from lti_tool.services.scores import lms_columns, noting_desired
from lti_tool.services.scores.lms_columns import Asking, WhereItIs
from lti_tool.store.courses import ActivityColumnRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.platforms import PlatformLaneRow, RegistrationRow

MOST_DUE = 50
TAKES = timedelta(minutes=2)
"""How long one attempt has; after it another worker may begin it anew."""
NOT_THERE = Answer.COLUMN_GONE.value
"""What a row says whose column was not where it was: while it is looked for, and once it is gone."""
CANNOT_LOOK = frozenset({Answer.COLUMN_NOT_OFFERED, Answer.NOT_ALLOWED, Answer.SCOPE_NOT_GRANTED, Answer.COLUMN_GONE})
"""Answers after which a column that was not where it was cannot be looked for any further."""


@dataclass(frozen=True, slots=True)
class Change:
    """One column to be made, changed or looked for: everything that is needed without the database."""

    line_item_id: UUID
    asking: Asking
    url: str | None
    line_items_url: str | None
    sought: Sought
    label: str
    """What it is to be called where it is made."""
    maximum: Decimal
    wanted_label: str | None
    wanted_maximum: int | None
    vanished: bool
    """Whether it was not there any more: then it is only looked for, and never made anew."""
    again_at: datetime
    """What the row says meanwhile: from then on another worker may begin."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the column as the LMS has it now, or why there is none."""

    column: Described | None
    posted: Posted | None = None
    gone: bool = False


def seen_gone(session: Session, line_item_id: UUID, now: datetime) -> None:
    """The LMS says that a column is not there: the worker looks for it, and nothing is sent to it until then."""
    row = lms_columns.held(session, line_item_id)
    if row.gone_at is None and row.change_answer != Answer.COLUMN_GONE:
        row.change_at, row.change_attempts, row.change_answer = now, 0, Answer.COLUMN_GONE.value
        session.flush()


def due(session: Session, now: datetime) -> tuple[UUID, ...]:
    """Columns to be made, changed or looked for now, of platforms that are in use and do not rest."""
    rests = exists().where(
        PlatformLaneRow.registration_id == LineItemRow.registration_id, PlatformLaneRow.resting_until > now
    )
    found = (
        select(LineItemRow.id)
        .join(RegistrationRow, RegistrationRow.id == LineItemRow.registration_id)
        .where(LineItemRow.change_at <= now, *_WANTED, RegistrationRow.active, ~rests)
        .order_by(LineItemRow.change_at, LineItemRow.id)
    )
    return tuple(session.scalars(found.limit(MOST_DUE)))


_WANTED = (LineItemRow.gone_at.is_(None), LineItemRow.stopped_at.is_(None))


def take(session: Session, line_item_id: UUID, now: datetime) -> Change | None:
    """Take the column for one attempt; None where nothing is due, or another worker has it."""
    row = session.scalars(
        select(LineItemRow)
        .where(LineItemRow.id == line_item_id, LineItemRow.change_at <= now, *_WANTED)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    where = lms_columns.where_it_is(session, line_item_id)
    asking = lms_columns.asking(session, row, where.deployment_id, now)
    row.change_at = again_at = now + TAKES
    row.change_attempts += 1
    session.flush()
    return Change(
        line_item_id=row.id,
        asking=asking,
        url=row.url,
        line_items_url=row.line_items_url,
        sought=_sought(session, row, where),
        label=row.wanted_label or row.label,
        maximum=Decimal(row.wanted_maximum or row.score_maximum),
        wanted_label=row.wanted_label,
        # Scores that are there would be turned into others, and empty cells into 0.
        wanted_maximum=None if _scored(session, row.id) else row.wanted_maximum,
        vanished=row.change_answer == Answer.COLUMN_GONE,
        again_at=again_at,
    )


def _scored(session: Session, line_item_id: UUID) -> bool:
    found = select(DeliveryRow.id).where(DeliveryRow.line_item_id == line_item_id, DeliveryRow.sent_at.is_not(None))
    return session.scalars(found.limit(1)).first() is not None


def _sought(session: Session, row: LineItemRow, where: WhereItIs) -> Sought:
    """By our own ids: of the column, and of those that it was copied from with its course."""
    origins = copies.lineage(session, [where.activity_id])[where.activity_id] if where.activity_id else frozenset()
    if row.column_id is None:
        own = row.activity_id or row.placed_program_id
        return Sought(row.lti_resource_link_id, str(own), tuple(sorted(map(str, origins))))
    column = session.get_one(ActivityColumnRow, row.column_id)
    former = session.scalars(
        select(ActivityColumnRow.id).where(
            ActivityColumnRow.activity_id.in_(origins),
            ActivityColumnRow.shows == column.shows,
            ActivityColumnRow.last_count == column.last_count,
        )
    )
    ids = tuple(sorted(map(str, former)))
    return Sought(row.lti_resource_link_id, str(row.column_id), ids, further=True)


def work(sessions: sessionmaker[Session], http: SafeHttp, change: Change, clock: Callable[[], datetime]) -> Done:
    """Have the LMS make, change or show the column; nothing is raised, whatever happens is an answer."""
    columns = Columns(change.asking.service(sessions, http, clock()), change.asking.registration.family, clock)
    if change.vanished:
        return _looked_for(columns, change)
    if change.url is not None:
        return _done(_changed(columns, change, change.url))
    if change.line_items_url is None:
        return Done(None, Posted(Answer.COLUMN_NOT_OFFERED, retry=False))
    scopes = change.asking.scopes
    found = columns.find_or_make(
        change.line_items_url, scopes, change.sought, label=change.label, maximum=change.maximum
    )
    if isinstance(found, Described) and change.wanted_label not in (None, found.label):
        return _done(_changed(columns, change, found.url))
    return _done(found)


def _changed(columns: Columns, change: Change, url: str) -> Described | Posted:
    maximum = None if change.wanted_maximum is None else Decimal(change.wanted_maximum)
    return columns.change(url, change.asking.scopes, label=change.wanted_label, maximum=maximum)


def _looked_for(columns: Columns, change: Change) -> Done:
    """Once under its address, then by our ids. It may have been a stumble of the LMS."""
    scopes = change.asking.scopes
    there = columns.read(change.url, scopes) if change.url is not None else Posted(Answer.COLUMN_GONE, retry=False)
    if isinstance(there, Described) or there.answer not in CANNOT_LOOK:
        return _done(there)
    if change.line_items_url is None:
        return Done(None, gone=True)
    found = columns.find(change.line_items_url, scopes, change.sought)
    if found is None or (isinstance(found, Posted) and found.answer in CANNOT_LOOK):
        return Done(None, gone=True)
    return _done(found)


def _done(found: Described | Posted) -> Done:
    return Done(None, found) if isinstance(found, Posted) else Done(found)


def settle(session: Session, change: Change, done: Done, now: datetime) -> UUID | None:
    """Write down what came of it. The answer names the platform to which something can be sent now."""
    if done.gone:
        _audit_gone(session, change, now)
    row = lms_columns.held(session, change.line_item_id)
    if row.url != change.url or row.gone_at is not None or row.registration_id != change.asking.registration.id:
        return None  # a launch named it meanwhile, somebody else saw that it is gone, or its course moved away
    if done.column is not None and not _taken(session, row, done.column.url):
        return _is_there(session, row, change, done.column, now)
    if done.gone:
        _is_gone(session, row, now)
        return None
    posted = done.posted or Posted(Answer.COLUMN_NOT_OFFERED, retry=False)
    if not (change.vanished and posted.retry):
        row.change_answer = posted.answer.value
    if posted.answer is Answer.COLUMN_GONE and row.url is not None:
        row.change_at, row.change_attempts = now, 0  # it is looked for next
    elif row.change_at == change.again_at:
        row.change_at = _again(row.change_attempts, posted, now)
    session.flush()
    return None


def _again(attempts: int, posted: Posted, now: datetime) -> datetime | None:
    if not posted.retry:
        return None
    return next_attempt(attempts, now, posted.retry_after, random.random())  # noqa: S311 - spreads, guards nothing


def _taken(session: Session, row: LineItemRow, url: str) -> bool:
    """Whether another of our columns is at this address: it is never taken away from that one."""
    found = select(LineItemRow.id).where(
        LineItemRow.url == url, LineItemRow.registration_id == row.registration_id, LineItemRow.id != row.id
    )
    return session.scalars(found.limit(1)).first() is not None


def _is_there(session: Session, row: LineItemRow, change: Change, column: Described, now: datetime) -> UUID | None:
    moved = row.url is not None and row.url != column.url
    new = row.url is None or moved or change.vanished
    row.url, row.change_answer, row.change_attempts = column.url, None, 0
    note_described(row, column)
    if row.wanted_label is not None and row.wanted_label.strip() == column.label:
        row.wanted_label = None
    if row.wanted_maximum is not None and (change.wanted_maximum is None or row.wanted_maximum == column.maximum):
        row.wanted_maximum = None
    if row.change_at == change.again_at:  # else somebody asked for something else meanwhile
        more = row.wanted_label is not None or row.wanted_maximum is not None
        row.change_at = now if more else None
    session.flush()
    if moved:
        send_anew(session, row.id, now)
    if new:
        go_on(session, row.id, now)
    return row.registration_id if new else None


def note_described(row: LineItemRow, column: Described) -> None:
    """What the LMS calls the column, and what it is of there."""
    row.label = column.label or row.label
    if column.maximum is not None and column.maximum == column.maximum.to_integral_value():
        row.score_maximum = int(column.maximum)


def _is_gone(session: Session, row: LineItemRow, now: datetime) -> None:
    row.gone_at, row.change_at, row.change_answer = now, None, Answer.COLUMN_GONE.value
    session.flush()


def _audit_gone(session: Session, change: Change, now: datetime) -> None:
    """That the LMS says so, before the column is held: instructors' acts take their locks in this order too."""
    known = select(LineItemRow.organization_id).where(
        LineItemRow.id == change.line_item_id, LineItemRow.url == change.url, LineItemRow.gone_at.is_(None),
        LineItemRow.registration_id == change.asking.registration.id,
    )  # fmt: skip
    organization_id = session.scalars(known).one_or_none()
    if organization_id is not None:
        audit.write(
            session,
            organization_id=organization_id,
            person_id=None,
            act="line_item.gone",
            subject=f"line_item:{change.line_item_id}",
            now=now,
        )


def send_anew(session: Session, line_item_id: UUID, now: datetime) -> None:
    """The column is at another address: what it shows there is looked at, score by score, and sent where it is not."""
    noting_desired.lock(session, line_item_id)
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item_id, DeliveryRow.state == DeliveryState.ACCEPTED)
        .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now)
        .execution_options(synchronize_session="fetch")
    )


def go_on(session: Session, line_item_id: UUID, now: datetime) -> None:
    """What waited because of the column is due now."""
    noting_desired.lock(session, line_item_id)
    because = (Answer.COLUMN_GONE.value, Answer.COLUMN_NOT_OFFERED.value, Answer.ADDRESS_NOT_KNOWN.value)
    held_up = (DeliveryRow.state == DeliveryState.NEEDS_PERSON) & DeliveryRow.answer.in_(because)
    waits = (DeliveryRow.state == DeliveryState.WAITING) & (
        DeliveryRow.leased_until.is_(None) | (DeliveryRow.leased_until <= now)
    )
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.line_item_id == line_item_id, held_up | waits)
        .values(state=DeliveryState.WAITING, attempts=0, next_attempt_at=now)
        .execution_options(synchronize_session="fetch")
    )
