"""On which terms one may appeal: those in force, and publishing new ones. Each edition stays as it was published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.appeals import OTHER, USUAL, Ground, Terms, check_terms
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.appeals import AppealTermsRow
from lti_tool.store.base import new_id
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Edition:
    """The terms as they were published."""

    id: UUID
    number: int
    terms: Terms
    published_at: datetime
    by_attune: bool
    """They come with Attune, and stand in English in the row: pages translate them."""

    def ground(self, key: str | None) -> Ground | None:
        """One of the published grounds."""
        return next((ground for ground in self.terms.grounds if ground.key == key), None)


def terms_in_force(session: Session, organization_id: UUID, now: datetime) -> Edition:
    """The newest edition; an organization that published none uses the one that comes with Attune.

    Writes that first edition where there is none yet.
    """
    found = newest_if_any(session, organization_id)
    if found is not None:
        return found
    insert_once(
        session,
        AppealTermsRow,
        **_columns(USUAL),
        id=new_id(),
        organization_id=organization_id,
        number=1,
        published_by=None,
        published_at=now,
    )
    written = newest_if_any(session, organization_id)
    if written is None:
        raise LookupError("an edition that was just written is not there")
    return written


def newest_if_any(session: Session, organization_id: UUID) -> Edition | None:
    """The newest edition that is kept; None where the one that comes with Attune was not needed yet."""
    row = session.scalars(
        select(AppealTermsRow)
        .where(AppealTermsRow.organization_id == organization_id)
        .order_by(AppealTermsRow.number.desc())
        .limit(1)
    ).one_or_none()
    return _edition(row) if row is not None else None


def edition(session: Session, organization_id: UUID, terms_id: UUID) -> Edition:
    """One of them, such as the one that an appeal was begun under. Raises `NotHere`."""
    row = session.get(AppealTermsRow, terms_id)
    if row is None or row.organization_id != organization_id:
        raise NotHere
    return _edition(row)


def editions(session: Session, organization_id: UUID) -> Sequence[Edition]:
    """All that are kept, the earliest first; before the first one the terms that come with Attune were in force."""
    rows = select(AppealTermsRow).where(AppealTermsRow.organization_id == organization_id)
    return [_edition(row) for row in session.scalars(rows.order_by(AppealTermsRow.number))]


def file_days(editions: Sequence[Edition], at: datetime) -> int:
    """For how many days one may appeal about an observation that could be read at `at`.

    As the terms said that were in force then, or longer where later ones give more: newer terms take nobody's time.
    """
    before = [each for each in editions if each.published_at <= at]
    first = before[-1].terms if before else USUAL
    return max(first.file_days, *(each.terms.file_days for each in editions if each.published_at > at), 0)


def publish(session: Session, visitor: Visitor, terms: Terms, *, after: int, now: datetime) -> Edition:
    """Publish a new edition; appeals that were begun before go on under theirs. The same again changes nothing.

    `after` is the edition that the visitor changed: somebody else's newer one is not written over. Raises `Refused`,
    with the field as its code, and "newer_edition".
    """
    check_terms(terms)
    last = terms_in_force(session, visitor.organization_id, now)
    if last.terms == terms:
        return last
    id_ = new_id()
    made = last.number == after and insert_once(
        session,
        AppealTermsRow,
        **_columns(terms),
        id=id_,
        organization_id=visitor.organization_id,
        number=after + 1,
        published_by=visitor.person_id,
        published_at=now,
    )
    if not made:
        raise Refused(
            "newer_edition",
            "Somebody published a newer edition meanwhile. Please look at it; what you wrote is still here.",
        )
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="appeal_terms.publish",
        subject=f"appeal_terms:{id_}",
        now=now,
        number=after + 1,
    )
    return edition(session, visitor.organization_id, id_)


def grounds_of(lines: Sequence[str], known: Sequence[Ground]) -> tuple[Ground, ...]:
    """One ground a line; one that was there before keeps its key, and one's own reason is always the last."""
    keys = {ground.words: ground.key for ground in known}
    own = next((ground for ground in known if ground.key == OTHER), USUAL.grounds[-1])
    words = list(dict.fromkeys(text for text in (line.strip() for line in lines) if text and text != own.words))
    taken, found = {ground.key for ground in known}, []
    for text in words:
        key = keys.get(text) or next(key for key in (f"own_{number}" for number in range(1, 999)) if key not in taken)
        taken.add(key)
        found.append(Ground(key, text))
    return (*found, own) if found else ()


def with_words(edition: Edition, words: Sequence[str]) -> Edition:
    """The same with its grounds in other words, such as in the reader's language."""
    grounds = tuple(Ground(ground.key, text) for ground, text in zip(edition.terms.grounds, words, strict=True))
    return replace(edition, terms=replace(edition.terms, grounds=grounds))


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "grounds": [{"key": ground.key, "words": ground.words} for ground in terms.grounds],
        "file_days": terms.file_days,
        "acknowledge_days": terms.acknowledge_days,
        "answer_days": terms.answer_days,
        "decide_days": terms.decide_days,
        "panel_size": terms.panel_size,
    }


def _edition(row: AppealTermsRow) -> Edition:
    return Edition(
        id=row.id,
        number=row.number,
        terms=Terms(
            grounds=tuple(Ground(ground["key"], ground["words"]) for ground in row.grounds),
            file_days=row.file_days,
            acknowledge_days=row.acknowledge_days,
            answer_days=row.answer_days,
            decide_days=row.decide_days,
            panel_size=row.panel_size,
        ),
        published_at=row.published_at,
        by_attune=row.published_by is None,
    )
