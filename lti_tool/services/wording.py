"""The wording rules of an organization: those that come with Attune, and its own on top."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.wording import bundled_rules, read_rules
from lti_tool.store.rubrics import WordingRow
from rubrics.rubric import Rubric
from rubrics.wording import MISSING_ANCHOR, Finding, Rule, lint


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
