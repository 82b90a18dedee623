"""Reviews with lived experience: asking for one, reading the draft, and saying what one thinks of it.

A review is of exactly the words that were read. The field of the rubric that names its reviewers is not among them:
publishing fills it in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.rubric import digest, from_document, to_document
from lti_tool.services import audit
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author, Draft
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.drafts import DraftRow, DraftStepRow, ReviewRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused
from rubrics.rubric import Rubric

LONGEST_WORDS = 4_000
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Given:
    """What a reviewer says: whether it is ready, in words if they like, and the name they want to be credited by."""

    ready: bool
    words: str = ""
    named: str = ""
    """Empty for a reviewer who wants no name."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was given."""

    reviewer_id: UUID
    reviewer: str
    """For those who write; the public credit is `named`."""
    ready: bool
    words: str | None
    named: str | None
    demo: bool
    digest: str
    rubric: Rubric
    """The words that were reviewed."""
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as a reviewer reads it."""

    draft: Draft
    digest: str
    """Of what is read: a review says which words it is of."""
    took_part: bool
    """The reader wrote in it, and so does not review it."""
    given: Review | None
    """The reader's last review of it."""


def words_of(rubric: Rubric) -> Rubric:
    """What a review is of: the rubric without the names of its reviewers."""
    return replace(rubric, reviewed_by_lived_experience=None)


def digest_of_words(rubric: Rubric) -> str:
    """Equal for equal words, whoever reviewed them."""
    return digest(words_of(rubric))


def ask(session: Session, by: Author, draft_id: UUID, now: datetime) -> None:
    """Have reviewers read the draft; asking again makes it wait for each of them again. Raises `NotHere`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    row.review_asked_at = now
    _note(session, by, "draft.ask_review", draft_id, now)


def reading(session: Session, by: Author, draft_id: UUID) -> Reading:
    """An open draft for a reviewer. Raises `NotHere`."""
    draft = drafts.draft(session, by.organization_id, draft_id)
    mine = [review for review in reviews(session, draft_id) if review.reviewer_id == by.person_id]
    return Reading(
        draft=draft,
        digest=digest_of_words(draft.rubric),
        took_part=_took_part(session, by, draft_id),
        given=mine[0] if mine else None,
    )


def review(
    session: Session, by: Author, draft_id: UUID, given: Given, *, digest: str, demo: bool, now: datetime
) -> None:
    """Record what a reviewer says of the words with this digest. Raises `Refused`, `NotHere`."""
    row = drafts.open_row(session, by.organization_id, draft_id, to_change=True)
    rubric = from_document(drafts.document_of(session, row))
    _check(given)
    if row.review_asked_at is None:
        raise Refused("not_asked", "Nobody has asked for a review of this rubric yet.")
    if _took_part(session, by, draft_id):
        raise Refused("took_part", "You took part in writing this rubric, so another person reviews it.")
    if digest != digest_of_words(rubric):
        raise Refused("changed_since", "The rubric was changed while you read it. Here it is as it stands now.")
    session.add(
        ReviewRow(
            id=new_id(),
            organization_id=by.organization_id,
            draft_id=draft_id,
            reviewer_id=by.person_id,
            digest=digest,
            document=to_document(words_of(rubric)),
            ready=given.ready,
            words=given.words.strip() or None,
            named=given.named.strip() or None,
            demo=demo,
            reviewed_at=now,
        )
    )
    session.flush()
    _note(session, by, "draft.review", draft_id, now, ready=given.ready, digest=digest, demo=demo)


def reviews(session: Session, draft_id: UUID) -> tuple[Review, ...]:
    """What each reviewer said last of the draft, latest first."""
    rows = session.execute(
        select(ReviewRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ReviewRow.reviewer_id)
        .where(ReviewRow.draft_id == draft_id)
        .order_by(ReviewRow.reviewed_at.desc(), ReviewRow.id.desc())
    ).all()
    last: dict[UUID, Review] = {}
    for row, name in rows:
        last.setdefault(row.reviewer_id, _review(row, name))
    return tuple(last.values())


def writers(session: Session, draft_id: UUID) -> frozenset[UUID | None]:
    """Who took part in writing the draft. What they said of it before is no review with other eyes any more."""
    began = select(DraftRow.created_by).where(DraftRow.id == draft_id)
    stepped = select(DraftStepRow.by).where(DraftStepRow.draft_id == draft_id)
    return frozenset(session.scalars(began.union(stepped)))


def credit(given: Sequence[Review]) -> str:
    """Who reviewed a rubric and when, as it is published with it: by name only where they want that."""
    return "; ".join(_credited(review) for review in sorted(given, key=lambda review: review.reviewed_at))


def _credited(review: Review) -> str:
    who = review.named or "A reviewer with lived experience"
    said = f"{who}, {review.reviewed_at.date().isoformat()}"
    return f"Demo review: {said}" if review.demo else said


def _check(given: Given) -> None:
    if "\x00" in given.words + given.named:
        raise Refused("not_text", "Please leave out the sign that is no text.")
    if len(given.words) > LONGEST_WORDS:
        raise Refused(
            "too_long",
            "Your words are longer than %(limit)s characters. Please shorten them; what you wrote stands below.",
            limit=LONGEST_WORDS,
        )
    if len(given.named) > LONGEST_NAME:
        raise Refused("name_too_long", "Please give a name of at most %(limit)s characters.", limit=LONGEST_NAME)


def _took_part(session: Session, by: Author, draft_id: UUID) -> bool:
    return by.person_id in writers(session, draft_id)


def _review(row: ReviewRow, name: str | None) -> Review:
    return Review(
        reviewer_id=row.reviewer_id,
        reviewer=display_name(row.reviewer_id, name),
        ready=row.ready,
        words=row.words,
        named=row.named,
        demo=row.demo,
        digest=row.digest,
        rubric=from_document(row.document),
        reviewed_at=row.reviewed_at,
    )


def _note(session: Session, by: Author, act: str, draft_id: UUID, now: datetime, **facts: str | bool) -> None:
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act=act,
        subject=f"draft:{draft_id}",
        now=now,
        **facts,
    )
