"""The wording rules of an organization: those that come with Attune, and its own on top."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.wording import bundled_rules, read_rules, write_rules
from lti_tool.services import audit
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from lti_tool.store.rubrics import WordingRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused
from rubrics.rubric import Rubric
from rubrics.wording import MISSING_ANCHOR, Finding, Rule, lint

CHANGED_MEANWHILE = "wording_changed"


@dataclass(frozen=True, slots=True)
class OwnRules:
    """An organization's own rules in one language, as they stand or as someone would have them."""

    language: str
    rules: tuple[Rule, ...] = ()
    revision: int = 0
    """How often they were changed; a change names the one that it began from."""
    changed_by: str | None = None
    changed_at: datetime | None = None


def rules(session: Session, organization_id: UUID) -> tuple[Rule, ...]:
    """What the organization's rubrics are looked at with: the rules that come with Attune, then its own."""
    documents = session.scalars(
        select(WordingRow.document).where(WordingRow.organization_id == organization_id).order_by(WordingRow.language)
    )
    own = (rule for document in documents for rule in read_rules(document, source="wording"))
    return (*bundled_rules(), *own)


def blocking(session: Session, organization_id: UUID, rubric: Rubric) -> tuple[Finding, ...]:
    """The words that keep the rubric from being published. What is absent, `rubrics.publication.problems` says."""
    found = lint(rubric, rules(session, organization_id))
    return tuple(each for each in found if each.blocks and each.code != MISSING_ANCHOR)


def languages(session: Session, organization_id: UUID) -> tuple[str, ...]:
    """The languages that there are rules in."""
    own = session.scalars(select(WordingRow.language).where(WordingRow.organization_id == organization_id))
    return tuple(sorted({rule.language for rule in bundled_rules()} | set(own)))


def own_rules(session: Session, organization_id: UUID, language: str) -> OwnRules:
    """The organization's own rules in this very language."""
    row = session.execute(
        select(WordingRow.document, WordingRow.revision, PersonRow.name, WordingRow.changed_at)
        .outerjoin(PersonRow, PersonRow.id == WordingRow.changed_by)
        .where(WordingRow.organization_id == organization_id, WordingRow.language == language)
    ).one_or_none()
    if row is None:
        return OwnRules(language)
    document, revision, name, changed_at = row
    return OwnRules(language, read_rules(document, source="wording"), revision, name, changed_at)


def save(session: Session, visitor: Visitor, wanted: OwnRules, now: datetime) -> None:
    """Have these as the organization's own rules in their language.

    Raises `DocumentProblems` for rules that cannot be looked for, and `Refused` (`CHANGED_MEANWHILE`) where someone
    changed them since the wanted ones began. The same rules again change nothing.
    """
    document = write_rules(wanted.language, wanted.rules)
    read_rules(document, source="wording")
    mine = (WordingRow.organization_id == visitor.organization_id, WordingRow.language == wanted.language)
    if wanted.rules:
        insert_once(session, WordingRow, id=new_id(), **_nothing_yet(visitor, wanted.language, now))
    row = session.scalars(select(WordingRow).where(*mine).with_for_update()).one_or_none()
    if row is None or row.document == document:
        return
    if row.revision != wanted.revision:
        raise Refused(CHANGED_MEANWHILE, "These rules were changed since you opened them.")
    row.document, row.revision = document, row.revision + 1
    row.changed_by, row.changed_at = visitor.person_id, now
    session.flush()
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act="wording.change",
        subject=f"wording:{row.id}",
        now=now,
        language=wanted.language,
        rules=len(wanted.rules),
        revision=row.revision,
    )


def _nothing_yet(visitor: Visitor, language: str, now: datetime) -> dict[str, object]:
    return {
        "organization_id": visitor.organization_id,
        "language": language,
        "document": write_rules(language, ()),
        "revision": 0,
        "changed_by": None,
        "changed_at": now,
    }
