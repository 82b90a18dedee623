"""The self-care plan: its owner's, and nobody else's. Nothing of it is in the audit, not even that there is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.wellbeing import SelfCarePlanRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

LONGEST = 5_000
BOXES = ("what_helps", "signs", "people", "limits")


@dataclass(frozen=True, slots=True)
class SelfCarePlan:
    """Four boxes, each of them optional."""

    what_helps: str = ""
    signs: str = ""
    people: str = ""
    limits: str = ""
    saved_at: datetime | None = None
    """None: nothing was written so far."""


def plan(session: Session, visitor: Visitor) -> SelfCarePlan:
    """The visitor's own."""
    row = session.scalars(_of(visitor.person_id)).one_or_none()
    if row is None:
        return SelfCarePlan()
    return SelfCarePlan(**{box: getattr(row, box) or "" for box in BOXES}, saved_at=row.saved_at)


def save(session: Session, visitor: Visitor, boxes: Mapping[str, str], now: datetime) -> datetime:
    """Keep what stands in these boxes; the others stay as they are. Raises `Refused`."""
    typed = {box: _words(boxes[box]) for box in BOXES if box in boxes}
    own = {"organization_id": visitor.organization_id, "person_id": visitor.person_id}
    insert_once(session, SelfCarePlanRow, id=new_id(), saved_at=now, **own)
    row = session.scalars(_of(visitor.person_id).with_for_update().execution_options(populate_existing=True)).one()
    for box, text in typed.items():
        setattr(row, box, text)
    row.saved_at = now
    session.flush()
    return now


def join(session: Session, stays: UUID, goes: UUID) -> None:
    """Two people are one: what stood in both plans stands in the one that stays."""
    kept, other = (session.scalars(_of(person_id)).one_or_none() for person_id in (stays, goes))
    if kept is None or other is None:
        return  # moved with all the rest
    for box in BOXES:
        texts = [text for text in (getattr(kept, box), getattr(other, box)) if text]
        setattr(kept, box, "\n\n".join(dict.fromkeys(texts)) or None)
    session.execute(delete(SelfCarePlanRow).where(SelfCarePlanRow.id == other.id))
    session.flush()


def _of(person_id: UUID) -> Select[SelfCarePlanRow]:
    return select(SelfCarePlanRow).where(SelfCarePlanRow.person_id == person_id)


def _words(typed: str) -> str | None:
    text = typed.replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    return text or None
