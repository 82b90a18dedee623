"""The steps of a draft: who did what and when, taking one's own last step back, and bringing back what stood before.

What someone else changed since is never taken back silently.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.documents.rubric_places import Kind, place_of
from lti_tool.documents.rubric_values import comparable
from lti_tool.services.authoring import drafting, drafts
from lti_tool.services.authoring.drafting import ChangedMeanwhile
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses.places import NotHere
from lti_tool.store.drafts import DraftRow, DraftStepRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused

TAKEN_BACK, DONE_AGAIN, BROUGHT_BACK = "undo", "redo", "bring_back"
_WHAT = DraftStepRow.change["what"].as_string()


@dataclass(frozen=True, slots=True)
class Step:
    """One step, as the history tells it."""

    number: int
    place: str
    what: str
    before: Any
    after: Any
    by_name: str | None
    at: datetime
    undone: bool

    @property
    def can_be_brought_back(self) -> bool:
        """Whether something stood there before that can stand there again."""
        return self.before is not None and self.what not in ("move", TAKEN_BACK) and self.before != self.after


@dataclass(frozen=True, slots=True)
class Own:
    """What a person could take back now, and what they could do again; None where there is nothing."""

    to_take_back: Step | None
    to_do_again: Step | None


def how_many(session: Session, organization_id: UUID, draft_id: UUID) -> int:
    """How many steps an open draft has in its history. Raises `NotHere`."""
    row = drafts.open_row(session, organization_id, draft_id)
    return session.scalars(select(func.count()).where(DraftStepRow.draft_id == row.id)).one()


def history(session: Session, organization_id: UUID, draft_id: UUID, *, first: int, most: int) -> tuple[Step, ...]:
    """So many steps of a draft, from this one on, counted from 0; the newest first."""
    found = session.execute(
        select(DraftStepRow, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == DraftStepRow.by)
        .where(DraftStepRow.draft_id == draft_id, DraftStepRow.organization_id == organization_id)
        .order_by(DraftStepRow.number.desc())
        .offset(first)
        .limit(most)
    ).all()
    return tuple(_step(step, name) for step, name in found)


def own(session: Session, by: Author, draft_id: UUID) -> Own:
    """What the person could take back and do again. Raises `NotHere`."""
    row = drafts.open_row(session, by.organization_id, draft_id)
    back, again = _last(session, row, by), _last_taken_back(session, row, by)
    return Own(_step(back, None) if back else None, _step(again, None) if again else None)


def undo(session: Session, by: Author, draft_id: UUID, now: datetime) -> str:
    """Take the person's own last step back, as a step; the answer is its place.

    Raises `ChangedMeanwhile` where someone changed the place since, and `Refused` where there is nothing to take back.
    """
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    step = _last(session, row, by)
    if step is None:
        raise Refused("nothing_to_undo", "There is no change of yours in this draft that could be taken back.")
    return _turn_back(session, row, by, step, what=TAKEN_BACK, now=now)


def redo(session: Session, by: Author, draft_id: UUID, now: datetime) -> str:
    """Do again what the person took back last, as long as they changed nothing else. Raises as `undo` does."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    step = _last_taken_back(session, row, by)
    if step is None:
        raise Refused("nothing_to_redo", "There is nothing that you took back and could do again.")
    return _turn_back(session, row, by, step, what=DONE_AGAIN, now=now)


def bring_back(session: Session, by: Author, draft_id: UUID, number: int, now: datetime) -> str:
    """Have stand there again what stood before this step, whoever took it: there. Raises `Refused`, `NotHere`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    step = session.scalars(
        select(DraftStepRow).where(DraftStepRow.draft_id == row.id, DraftStepRow.number == number)
    ).one_or_none()
    if step is None:
        raise NotHere
    if not _step(step, None).can_be_brought_back:
        raise Refused("nothing_stood_there", "Before this step nothing stood there that could be brought back.")
    document = drafting.documents_for(session, row, place_of(step.place))
    stands = drafting.read(document, place_of(step.place))
    if comparable(stands) != comparable(step.change["before"]):
        drafting.put(session, row, by, step.place, step.change["before"], what=BROUGHT_BACK, now=now)
    return step.place


def _turn_back(session: Session, row: DraftRow, by: Author, step: DraftStepRow, *, what: str, now: datetime) -> str:
    place = place_of(step.place)
    document = drafting.documents_for(session, row, place)
    stands = drafting.read(document, place)
    before = step.change["before"]
    if place.kind is Kind.POSITION:
        if _moved_by_others(session, row, by, step):
            raise ChangedMeanwhile(step.place, stands, drafting.changed_by(session, row, by, step.place))
        before = min(before, len(document["criteria"]) - 1)
    elif comparable(stands) != comparable(step.change["after"]):
        raise ChangedMeanwhile(step.place, stands, drafting.changed_by(session, row, by, step.place))
    drafting.keep(session, row, document, place, before)
    step.undone_by, step.undone_at = by.person_id, now
    change = {"what": what, "before": stands, "after": before, "undoes": step.number}
    drafts.take_step(session, row, by, place=step.place, change=change, now=now)
    return step.place


def _moved_by_others(session: Session, row: DraftRow, by: Author, step: DraftStepRow) -> bool:
    """Where a criterion stands follows from all others; only who moved this one itself is in the way."""
    asked = select(DraftStepRow.id).where(
        DraftStepRow.draft_id == row.id,
        DraftStepRow.place == step.place,
        DraftStepRow.number > step.number,
        DraftStepRow.by.is_distinct_from(by.person_id),
        DraftStepRow.undone_at.is_(None),
        _WHAT != TAKEN_BACK,
    )
    return session.scalars(asked.limit(1)).first() is not None


def _last(session: Session, row: DraftRow, by: Author) -> DraftStepRow | None:
    return session.scalars(_of(row, by).where(_WHAT != TAKEN_BACK).limit(1)).first()


def _last_taken_back(session: Session, row: DraftRow, by: Author) -> DraftStepRow | None:
    found = session.scalars(_of(row, by).where(_WHAT != DONE_AGAIN).limit(1)).first()
    return found if found is not None and found.change["what"] == TAKEN_BACK else None


def _of(row: DraftRow, by: Author) -> Any:
    return (
        select(DraftStepRow)
        .where(
            DraftStepRow.draft_id == row.id,
            DraftStepRow.by == by.person_id if by.person_id else DraftStepRow.by.is_(None),
            DraftStepRow.undone_at.is_(None),
        )
        .order_by(DraftStepRow.number.desc())
    )


def _step(row: DraftStepRow, name: str | None) -> Step:
    change = row.change
    return Step(
        number=row.number,
        place=row.place,
        what=change["what"],
        before=change["before"],
        after=change["after"],
        by_name=name,
        at=row.at,
        undone=row.undone_at is not None,
    )
