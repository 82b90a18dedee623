"""Writing down what came of attempts, many at a time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, case, select, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState, Step, next_attempt
from grading.pacing import counts_as_its_own
from lti_tool.lti.answers import WHAT, Answer, Posted, Whose
from lti_tool.services.scores import column_changes
from lti_tool.services.scores.send import Attempt, ToSend
from lti_tool.services.scores.send_claims import as_before
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow

PATIENCE = 24
"""Attempts of a score that had trouble of its own before a person is asked to look: at least a day and a half."""
_ROWS: Any = DeliveryRow.__table__
_CHANGED = (
    "state", "next_attempt_at", "attempts", "answer", "sent_at", "sent_score", "sent_maximum", "accepted_score",
    "accepted_maximum", "accepted_at", "lms_score", "lms_maximum", "lms_at", "lms_read_at", "to_clear",
)  # fmt: skip
_SETTLED = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("row_id"))
    .values(leased_until=None, **{name: bindparam(name) for name in _CHANGED})
)
_TAKEN = (
    update(_ROWS)
    .where(
        _ROWS.c.id == bindparam("row_id"),
        _ROWS.c.leased_until == bindparam("until"),
        _ROWS.c.state == DeliveryState.WAITING,
        _ROWS.c.desired_score == bindparam("score"),
        _ROWS.c.desired_maximum == bindparam("maximum"),
        _ROWS.c.to_clear.is_(False),
    )
    .values(
        state=DeliveryState.ACCEPTED,
        next_attempt_at=None,
        leased_until=None,
        attempts=0,
        answer=Answer.ACCEPTED.value,
        accepted_score=bindparam("score"),
        accepted_maximum=bindparam("maximum"),
        accepted_at=bindparam("now"),
        sent_at=bindparam("sent_at"),
    )
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A score that was tried, and what came of it."""

    to_send: ToSend
    attempt: Attempt

    @property
    def answer(self) -> Answer | None:
        """The platform's; None where it was not asked to change anything."""
        return self.attempt.posted.answer if self.attempt.posted else None

    @property
    def whose(self) -> Whose:
        """What the answer is about."""
        return Whose.PERSON if self.answer is None else WHAT[self.answer].whose


def settle(
    session: Session, registration_id: UUID, tried: Sequence[Tried], now: datetime, *, others_at: datetime | None
) -> None:
    """Write down what this platform said to each, unless another worker has taken it since, or its course moved away.

    `others_at`: when the platform last took any score. One of the same column that every other score of it would
    get is written to those as well: they need not be tried one by one.
    """
    # Columns before their scores, and those in the order of their ids: nobody waits for us who holds what we want.
    _remember_columns(session, registration_id, tried)
    of_columns = _of_columns(session, registration_id, tried)
    for one in of_columns:
        if one.answer is Answer.COLUMN_GONE:
            column_changes.seen_gone(session, one.to_send.column.line_item_id, now)
    by_id = {one.to_send.delivery_id: one for one in tried}
    if any(not _took_it(one) for one in tried):
        session.execute(select(_ROWS.c.id).where(_ROWS.c.id.in_(by_id)).order_by(_ROWS.c.id).with_for_update())
    _settle_taken(session, tried, now)
    rows = session.execute(
        select(*(getattr(DeliveryRow, name) for name in _READ))
        .where(DeliveryRow.id.in_(by_id), DeliveryRow.leased_until.is_not(None))
        .order_by(DeliveryRow.id)
        .with_for_update()
    )
    settled = [
        {"row_id": row.id, **_settled(row, by_id[row.id], now, others_at)}
        for row in rows
        if row.leased_until == by_id[row.id].to_send.leased_until
    ]
    if settled:
        session.connection().execute(_SETTLED, settled)
    for one in of_columns:
        _hold(session, one, now)


def _settle_taken(session: Session, tried: Sequence[Tried], now: datetime) -> None:
    """Of nearly all the LMS took what they should still show: that is written without reading them again."""
    taken = [
        {
            "row_id": one.to_send.delivery_id,
            "until": one.to_send.leased_until,
            "score": one.to_send.desired.score,
            "maximum": one.to_send.desired.maximum,
            "sent_at": one.attempt.timestamp or one.to_send.timestamp,
            "now": now,
        }
        for one in sorted(tried, key=lambda one: one.to_send.delivery_id)
        if _took_it(one)
    ]
    if taken:
        session.connection().execute(_TAKEN, taken)


def _took_it(tried: Tried) -> bool:
    return tried.answer is Answer.ACCEPTED and not tried.to_send.clear


_READ = ("id", "leased_until", "desired_score", "desired_maximum", *_CHANGED)


def _settled(row: Row[Any], tried: Tried, now: datetime, others_at: datetime | None) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(row, name) for name in _CHANGED}
    to_send, attempt = tried.to_send, tried.attempt
    values |= _seen(attempt, now) | ({} if attempt.timestamp is None else {"sent_at": attempt.timestamp})
    # While a cell is emptied it stays noted why: the same score, once it counts again, is sent again.
    nothing_left = row.answer if row.to_clear and row.answer == Answer.NOTHING_LEFT else None
    changed = (row.desired_score, row.desired_maximum, row.to_clear) != (
        to_send.desired.score,
        to_send.desired.maximum,
        to_send.clear,
    )
    match attempt:
        case Attempt(posted=None, step=Step.ALREADY_THERE):
            values |= _accepted(to_send, now) | as_before(to_send.before)
            stands = {"state": DeliveryState.ACCEPTED, "next_attempt_at": None}
        case Attempt(posted=None):
            values |= {"answer": nothing_left, "attempts": to_send.before.attempts} | as_before(to_send.before)
            if row.to_clear:  # a person said meanwhile what becomes of the cell, whatever it shows
                return values | {"next_attempt_at": now}
            # Whatever else is wanted meanwhile: a person says first which score stands.
            return values | {"state": DeliveryState.DIFFERS, "next_attempt_at": None}
        case Attempt(posted=Posted(answer=Answer.ACCEPTED)) if to_send.clear:
            values |= _cleared() | {"answer": nothing_left}
            stands = {"state": DeliveryState.CLEARED, "next_attempt_at": None}
        case Attempt(posted=Posted(answer=Answer.ACCEPTED)):
            values |= _accepted(to_send, now)
            stands = {"state": DeliveryState.ACCEPTED, "next_attempt_at": None}
        case Attempt(posted=Posted() as posted):
            values["answer"] = nothing_left or posted.answer.value
            if attempt.timestamp is None or not (posted.retry or posted.unknown):
                # Nothing left, or it was refused for certain: what was sent before may be what the LMS shows.
                values |= {**as_before(to_send.before), "sent_at": values["sent_at"]}
            values["attempts"] += _counts(tried, others_at)
            stands = _again(posted, values["attempts"], now)
    if row.state is not DeliveryState.WAITING:  # something was said about it meanwhile, which stands
        return values | {"answer": row.answer, "attempts": row.attempts}
    if changed:
        at_once = {"next_attempt_at": now, "attempts": 0}  # the new one is due
        return values | at_once | ({"answer": nothing_left} if nothing_left else {})
    return values | stands


def _seen(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """What the LMS showed before: of what was then sent over it, it is known that it may be."""
    if attempt.seen is None:
        return {}
    shown = attempt.seen.shown
    return {
        "lms_score": shown.score if shown else None,
        "lms_maximum": shown.maximum if shown else None,
        "lms_at": attempt.seen.at,
        "lms_read_at": now,
    }


def _counts(tried: Tried, others_at: datetime | None) -> bool:
    sent_at = tried.to_send.before.sent_at
    since = others_at is not None and sent_at is not None and others_at > sent_at
    return counts_as_its_own(tried.whose is Whose.PLATFORM, took_others_since=since)


def _accepted(to_send: ToSend, now: datetime) -> dict[str, Any]:
    return {
        "accepted_score": to_send.desired.score,
        "accepted_maximum": to_send.desired.maximum,
        "accepted_at": now,
        "answer": Answer.ACCEPTED.value,
        "attempts": 0,
    }


def _cleared() -> dict[str, Any]:
    nothing = dict.fromkeys(("accepted_score", "accepted_maximum", "accepted_at", "sent_score", "sent_maximum"))
    return {**nothing, "to_clear": False, "answer": None, "attempts": 0}


def _again(posted: Posted, attempts: int, now: datetime) -> dict[str, Any]:
    if not posted.retry or attempts >= PATIENCE:
        return {"state": DeliveryState.NEEDS_PERSON, "next_attempt_at": None}
    jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
    return {
        "state": DeliveryState.WAITING,
        "next_attempt_at": next_attempt(attempts, now, posted.retry_after, jitter),
    }


def _of_columns(session: Session, registration_id: UUID, tried: Sequence[Tried]) -> list[Tried]:
    """The last of each column whose answer every other score of it would get, in the order of the columns."""
    found = {one.to_send.column.line_item_id: one for one in tried if one.whose is Whose.COLUMN}
    if not found:
        return []
    here = select(LineItemRow.id).where(LineItemRow.id.in_(found), LineItemRow.registration_id == registration_id)
    return [found[id_] for id_ in sorted(session.scalars(here))]


def _hold(session: Session, tried: Tried, now: datetime) -> None:
    """The other scores of the column that are due wait as long as the one that was tried, or for a person."""
    column, posted = tried.to_send.column, tried.attempt.posted
    if posted is None:
        return
    stands = session.execute(
        select(DeliveryRow.state, DeliveryRow.next_attempt_at).where(DeliveryRow.id == tried.to_send.delivery_id)
    ).one_or_none()
    if stands is None or stands.state not in (DeliveryState.WAITING, DeliveryState.NEEDS_PERSON):
        return
    others = (
        select(DeliveryRow.id)
        .where(
            DeliveryRow.line_item_id == column.line_item_id,
            DeliveryRow.state == DeliveryState.WAITING,
            DeliveryRow.next_attempt_at <= now,
            DeliveryRow.leased_until.is_(None),
        )
        .with_for_update(skip_locked=True)  # of what somebody changes just now the next attempt learns the same
        .cte("others")
    )
    # That nothing counts any more stays noted while a cell is to be emptied.
    answer = case((DeliveryRow.answer == Answer.NOTHING_LEFT, DeliveryRow.answer), else_=posted.answer.value)
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id.in_(select(others.c.id)))
        .values(state=stands.state, next_attempt_at=stands.next_attempt_at, answer=answer)
        .execution_options(synchronize_session=False)
    )


def _remember_columns(session: Session, registration_id: UUID, tried: Sequence[Tried]) -> None:
    found: dict[UUID, str] = {
        one.to_send.column.line_item_id: one.attempt.line_item_url
        for one in tried
        if one.to_send.column.url is None and one.attempt.line_item_url is not None
    }
    for line_item_id, url in sorted(found.items()):
        session.execute(
            update(LineItemRow)
            .where(
                LineItemRow.id == line_item_id,
                LineItemRow.url.is_(None),
                LineItemRow.registration_id == registration_id,
            )
            .values(url=url)
            .execution_options(synchronize_session=False)
        )
