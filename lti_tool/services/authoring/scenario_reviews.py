"""Reviews of scenarios with lived experience: of exactly the words that were read, by who did not write them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind
from lti_tool.store.people import PersonRow
from lti_tool.store.scenarios import ScenarioReviewRow, ScenarioWriterRow
from rubrics.refusal import Refused

LONGEST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer said last."""

    reviewer_id: UUID
    reviewer: str
    agrees: bool
    words: str | None
    of_digest: str
    """Which words it is of."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What a reviewer says: whether it can be offered, and in words what they like to say."""

    agrees: bool
    words: str = ""


def writers(session: Session, scenario_id: UUID) -> frozenset[UUID]:
    """Who took part in writing it."""
    return frozenset(
        session.scalars(select(ScenarioWriterRow.person_id).where(ScenarioWriterRow.scenario_id == scenario_id))
    )


def reviews(session: Session, scenario_id: UUID) -> tuple[Review, ...]:
    """What each reviewer said last, latest first."""
    rows = session.execute(
        select(ScenarioReviewRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ScenarioReviewRow.reviewer_id)
        .where(ScenarioReviewRow.scenario_id == scenario_id)
        .order_by(ScenarioReviewRow.at.desc(), ScenarioReviewRow.id.desc())
    )
    last: dict[UUID, Review] = {}
    for row, name in rows:
        said = Review(
            row.reviewer_id, display_name(row.reviewer_id, name), row.agrees, row.words, row.of_digest, row.at
        )
        last.setdefault(row.reviewer_id, said)
    return tuple(last.values())


def review(
    session: Session, by: Author, scenario_id: UUID, given: Given, *, of_digest: str, stands: str, now: datetime
) -> None:
    """Record what a reviewer says of the words with this digest; `stands` is the digest of what stands there now.

    Raises `Refused` for somebody who wrote in it, and where it was changed since they read it.
    """
    if by.person_id is None or by.person_id in writers(session, scenario_id):
        raise Refused("scenario_took_part", "You took part in writing this scenario, so another person reviews it.")
    if of_digest != stands:
        raise Refused("scenario_changed", "The scenario was changed while you read it. Here it is as it stands now.")
    if len(given.words) > LONGEST_WORDS:
        raise Refused(
            "too_long",
            "Your words are longer than %(limit)s characters. Please shorten them; what you wrote stands below.",
            limit=LONGEST_WORDS,
        )
    session.add(
        ScenarioReviewRow(
            id=new_id(),
            organization_id=by.organization_id,
            scenario_id=scenario_id,
            reviewer_id=by.person_id,
            agrees=given.agrees,
            words=given.words.replace("\0", "").strip() or None,
            of_digest=of_digest,
            at=now,
        )
    )
    session.flush()
    for person_id in writers(session, scenario_id):
        notify.news(
            session,
            organization_id=by.organization_id,
            person_id=person_id,
            now=now,
            kind=MessageKind.RUBRIC,
            path=f"/scenarios/{scenario_id}",
            sender_id=by.person_id,
        )
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act="scenario.review",
        subject=f"scenario:{scenario_id}",
        now=now,
        agrees=given.agrees,
        digest=of_digest,
    )
