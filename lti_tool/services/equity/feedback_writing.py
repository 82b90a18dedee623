"""Giving feedback, changing it, taking it back. Nothing of it is in the audit, and nobody is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.feedback_blocks import FeedbackAbout
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.equity.feedback_minimum import minimum
from lti_tool.services.equity.feedback_questions import QUESTIONS, SCALE
from lti_tool.services.equity.feedback_shown import shown_since
from lti_tool.services.equity.feedback_subjects import Subject
from lti_tool.services.standing.evidence_people import all_ids
from lti_tool.store.base import new_id
from lti_tool.store.equity import FeedbackRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Own:
    """What the visitor said, for them alone."""

    id: UUID
    about: FeedbackAbout
    person_id: UUID | None
    """As they are known today."""
    site_id: UUID | None
    observation_id: UUID | None
    answers: Mapping[str, int]
    words: str | None
    minimum: int
    shown_since: datetime | None
    """Since when it is shown together with what others said; None: it can be changed."""


def given(session: Session, visitor: Visitor) -> tuple[Own, ...]:
    """Everything that the visitor said, the newest last."""
    rows = session.scalars(select(FeedbackRow).where(_of(session, visitor)).order_by(FeedbackRow.id)).all()
    shown = shown_since(session, rows)
    of = {row.of_person_id for row in rows if row.of_person_id is not None}
    merged = select(PersonRow.id, PersonRow.merged_into).where(PersonRow.id.in_(of), PersonRow.merged_into.is_not(None))
    today = {one.id: one.merged_into for one in session.execute(merged)}
    return tuple(_own(row, shown.get(row.id), today.get(row.of_person_id, row.of_person_id)) for row in rows)


def said(session: Session, visitor: Visitor, subject: Subject) -> Own | None:
    """What the visitor said about this; None: nothing."""
    row = _row(session, visitor, subject)
    return _own(row, shown_since(session, [row]).get(row.id), subject.person_id) if row is not None else None


def say(
    session: Session, visitor: Visitor, subject: Subject, answers: Mapping[str, int], words: str, now: datetime
) -> None:
    """Keep it, in place of what was said before. Raises `Refused`: also where it is shown already."""
    session.execute(select(PersonRow.id).where(PersonRow.id == visitor.person_id).with_for_update())
    row = _row(session, visitor, subject, locked=True)
    if row is not None and shown_since(session, [row]):
        raise Refused(
            "shown",
            "It is shown together with what others said by now, so it stays. You can still take your words out.",
        )
    text = words.replace("\x00", "").strip()
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    known = {key: answers[key] for key in QUESTIONS[subject.about] if answers.get(key) in SCALE}
    if not known and not text:
        raise Refused("nothing", "Nothing is chosen yet. You can also leave this page: you need not say anything.")
    promised = minimum(session, visitor.organization_id)
    if row is None:
        row = FeedbackRow(
            id=new_id(), organization_id=visitor.organization_id, by_person_id=visitor.person_id, about=subject.about,
            of_person_id=subject.person_id, site_id=subject.site_id, observation_id=subject.observation_id,
        )  # fmt: skip
        session.add(row)
    row.answers, row.words, row.minimum, row.written_at = known, text or None, promised, now
    session.flush()


def take_back(session: Session, visitor: Visitor, feedback_id: UUID) -> bool:
    """Whether all of it is gone; of what is shown already only the words go. Raises `NotHere`."""
    asked = select(FeedbackRow).where(FeedbackRow.id == feedback_id, _of(session, visitor))
    row = session.scalars(_locked(asked)).one_or_none()
    if row is None:
        raise NotHere
    shown = bool(shown_since(session, [row]))
    if shown:
        row.words = None
    else:
        session.delete(row)
    session.flush()
    return not shown


def _row(session: Session, visitor: Visitor, subject: Subject, *, locked: bool = False) -> FeedbackRow | None:
    if subject.about is FeedbackAbout.SITE:
        same = FeedbackRow.site_id == subject.site_id
    else:
        ids = all_ids(session, (subject.person_id,)) if subject.person_id else {}
        same = FeedbackRow.of_person_id.in_(tuple(ids))
    if subject.observation_id is not None:
        same &= FeedbackRow.observation_id == subject.observation_id
    asked = select(FeedbackRow).where(_of(session, visitor), FeedbackRow.about == subject.about, same)
    asked = asked.order_by(FeedbackRow.id.desc())
    return session.scalars(_locked(asked) if locked else asked).first()


def _locked(asked: Any) -> Any:
    return asked.with_for_update().execution_options(populate_existing=True)


def _of(session: Session, visitor: Visitor) -> Any:
    return FeedbackRow.by_person_id.in_(tuple(all_ids(session, (visitor.person_id,))))


def _own(row: FeedbackRow, shown: datetime | None, person_id: UUID | None) -> Own:
    return Own(
        row.id, row.about, person_id, row.site_id, row.observation_id, row.answers, row.words, row.minimum, shown
    )
