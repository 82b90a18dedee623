"""What somebody says of themselves: their own to change and to take back, read by others only in counts of many.

Nothing of it is in the audit, not even that somebody said something.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.equity import DescriptionQuestionRow, SelfDescriptionRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: what was chosen, and own words. Nothing of either is no answer, and is not kept."""

    chosen: tuple[str, ...] = ()
    own: str = ""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with what the visitor said so far."""

    id: UUID
    words: str
    why: str
    choices: tuple[Mapping[str, str], ...]
    several: bool
    ended: bool
    """It is asked no more; what was said can still be taken back."""
    said: Said


def own(session: Session, visitor: Visitor) -> tuple[AskedQuestion, ...]:
    """What is asked, and whatever the visitor ever said."""
    rows = session.execute(
        select(DescriptionQuestionRow, SelfDescriptionRow.answer)
        .outerjoin(
            SelfDescriptionRow,
            (SelfDescriptionRow.question_id == DescriptionQuestionRow.id)
            & (SelfDescriptionRow.person_id == visitor.person_id),
        )
        .where(
            DescriptionQuestionRow.organization_id == visitor.organization_id,
            or_(DescriptionQuestionRow.ended_at.is_(None), SelfDescriptionRow.id.is_not(None)),
        )
        .order_by(DescriptionQuestionRow.position, DescriptionQuestionRow.key)
    )
    return tuple(
        AskedQuestion(
            row.id, row.words, row.why, tuple(row.choices), row.several, row.ended_at is not None, said_in(answer)
        )
        for row, answer in rows
    )


def save(session: Session, visitor: Visitor, answers: Mapping[UUID, Said]) -> None:
    """Keep what was said to these questions; nothing said means that nothing is kept. Raises `Refused`."""
    for question in own(session, visitor):
        if question.id not in answers or question.ended:
            continue
        said = _checked(question, answers[question.id])
        mine = (
            SelfDescriptionRow.person_id == visitor.person_id,
            SelfDescriptionRow.question_id == question.id,
        )
        if said == Said():
            session.execute(delete(SelfDescriptionRow).where(*mine))
            continue
        written = json.dumps({"chosen": said.chosen, "own": said.own})
        insert_once(
            session, SelfDescriptionRow, id=new_id(), organization_id=visitor.organization_id,
            person_id=visitor.person_id, question_id=question.id, answer=written,
        )  # fmt: skip
        row = session.scalars(
            select(SelfDescriptionRow).where(*mine).with_for_update().execution_options(populate_existing=True)
        ).one()
        row.answer = written
    session.flush()


def take_back(session: Session, visitor: Visitor) -> None:
    """All of it is gone at once."""
    session.execute(delete(SelfDescriptionRow).where(SelfDescriptionRow.person_id == visitor.person_id))


def said_of(
    session: Session, organization_id: UUID, question_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[UUID, Said]]:
    """By question and person, for a report that counts them."""
    rows = session.execute(
        select(SelfDescriptionRow.question_id, SelfDescriptionRow.person_id, SelfDescriptionRow.answer).where(
            SelfDescriptionRow.organization_id == organization_id, SelfDescriptionRow.question_id.in_(question_ids)
        )
    )
    found: dict[UUID, dict[UUID, Said]] = {question_id: {} for question_id in question_ids}
    for question_id, person_id, answer in rows:
        found[question_id][person_id] = said_in(answer)
    return found


def said_in(answer: str | None) -> Said:
    """What was kept."""
    kept = json.loads(answer) if answer else {}
    return Said(tuple(kept.get("chosen", ())), kept.get("own", ""))


def _checked(question: AskedQuestion, said: Said) -> Said:
    own_words = said.own.replace("\x00", "").strip()
    if len(own_words) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    chosen = tuple(one["key"] for one in question.choices if one["key"] in said.chosen)
    return Said(chosen if question.several else chosen[:1], own_words)
