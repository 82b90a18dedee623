"""Noting what cells of the gradebook should show: in the same transaction as its cause, for one person or for many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.delivery import Cell, DeliveryState, unwanted, wanted_again
from grading.scores import DesiredScore, score_of
from lti_tool.lti.answers import Answer
from lti_tool.store.base import new_id
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.writing import insert_new


@dataclass(frozen=True, slots=True)
class ItemName:
    """A line item, as far as its cells need to know it."""

    id: UUID
    organization_id: UUID
    registration_id: UUID


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one cell should show; None: nothing is to be sent, which is never the same as 0."""

    item: ItemName
    person_id: UUID
    score: DesiredScore | None

    @property
    def cell(self) -> tuple[UUID, UUID]:
        """By which line item and person it is known."""
        return self.item.id, self.person_id


@dataclass(frozen=True, slots=True)
class Noted:
    """What noting led to: the deliveries that changed, and the cells that somebody else made at the same moment."""

    changed: tuple[UUID, ...]
    overtaken: tuple[Wanted, ...]


Held = Mapping[tuple[UUID, UUID], DeliveryRow]
"""Rows that this transaction holds, by line item and person."""


def hold(session: Session, line_item_ids: Iterable[UUID], people: Sequence[UUID] | None) -> Held:
    """Lock the rows of these people, or of everybody, in the order of their ids: two of us never wait for each
    other."""
    which = () if people is None else (DeliveryRow.person_id.in_(people),)
    rows = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.line_item_id.in_(list(line_item_ids)), *which)
        .order_by(DeliveryRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(row.line_item_id, row.person_id): row for row in rows}


def lock(session: Session, line_item_id: UUID) -> None:
    """Lock all scores of a column in that order, before many of them are changed in one statement."""
    session.execute(
        select(DeliveryRow.id)
        .where(DeliveryRow.line_item_id == line_item_id)
        .order_by(DeliveryRow.id)
        .with_for_update()
    ).all()


def note(session: Session, wants: Sequence[Wanted], held: Held, now: datetime) -> Noted:
    """Note each. Rows that are there are held by the caller; of those that are not, none is made twice."""
    changed = [
        held[want.cell].id for want in wants if want.cell in held and _noted(session, held[want.cell], want, now)
    ]
    new = {new_id(): want for want in _in_order(want for want in wants if want.cell not in held and want.score)}
    made = insert_new(session, DeliveryRow, [_new(id_, want, now) for id_, want in new.items()])
    session.flush()
    overtaken = tuple(want for id_, want in new.items() if id_ not in made)
    return Noted((*changed, *(id_ for id_ in new if id_ in made)), overtaken)


def note_one(session: Session, want: Wanted, now: datetime) -> tuple[UUID, ...]:
    """Note one cell; the answer names it where it changed."""
    noted = note(session, [want], hold(session, [want.item.id], [want.person_id]), now)
    if noted.overtaken:
        noted = note(session, [want], hold(session, [want.item.id], [want.person_id]), now)
    return noted.changed


def cell_of(row: DeliveryRow, now: datetime) -> Cell:
    """The row as a value."""
    return Cell(
        state=row.state,
        desired=DesiredScore(row.desired_score, row.desired_maximum),
        accepted=score_of(row.accepted_score, row.accepted_maximum),
        sent=score_of(row.sent_score, row.sent_maximum),
        ever_sent=row.sent_at is not None,
        under_way=row.leased_until is not None and row.leased_until > now,
        nothing_left=row.answer == Answer.NOTHING_LEFT,
        to_clear=row.to_clear,
    )


def _noted(session: Session, row: DeliveryRow, want: Wanted, now: datetime) -> bool:
    if want.score is None:
        _nothing_left(session, row, now)
        return False
    state = wanted_again(cell_of(row, now), want.score)
    if state is None:
        return False
    if row.state is DeliveryState.CLEARED:
        # What a person put into the emptied cell was read, but nobody said that ours stands over it.
        row.lms_score = row.lms_maximum = row.lms_read_at = None
    row.desired_score, row.desired_maximum, row.desired_at = want.score.score, want.score.maximum, now
    row.state, row.attempts, row.to_clear, row.let_stand_by = state, 0, False, None
    row.next_attempt_at = now if state is DeliveryState.WAITING else None
    row.answer = Answer.ACCEPTED if state is DeliveryState.ACCEPTED else None
    return True


def _nothing_left(session: Session, row: DeliveryRow, now: datetime) -> None:
    """Nothing is left that counts, and an empty score is never sent by itself: what the LMS shows, a person looks at.

    A score that never went out is not sent any more.
    """
    state = unwanted(cell_of(row, now))
    if state is None:
        session.delete(row)
        return
    row.state, row.answer = state, Answer.NOTHING_LEFT
    if state is not DeliveryState.WAITING:
        row.next_attempt_at, row.leased_until = None, None


def _in_order(wants: Iterable[Wanted]) -> list[Wanted]:
    return sorted(wants, key=lambda want: want.cell)


def _new(id_: UUID, want: Wanted, now: datetime) -> dict[str, Any]:
    if want.score is None:
        raise ValueError("a cell begins with something to show")
    return {
        "id": id_,
        "organization_id": want.item.organization_id,
        "line_item_id": want.item.id,
        "registration_id": want.item.registration_id,
        "person_id": want.person_id,
        "state": DeliveryState.WAITING,
        "desired_score": want.score.score,
        "desired_maximum": want.score.maximum,
        "desired_at": now,
        "attempts": 0,
        "next_attempt_at": now,
    }
