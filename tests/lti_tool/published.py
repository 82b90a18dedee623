"""Rubrics that an organization of the tests has published."""

import re
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.store.rubrics import RubricRow, RubricVersionRow

PEER_SUPPORT = "trauma-informed-peer-support"
"""What most tests rate with: eight criteria with five levels each."""


def version_of(session: Session, organization_id: UUID, key: str = PEER_SUPPORT) -> UUID:
    """The newest version of the rubric with this key."""
    return session.scalars(
        select(RubricVersionRow.id)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(RubricRow.organization_id == organization_id, RubricRow.key == key)
        .order_by(RubricVersionRow.number.desc())
        .limit(1)
    ).one()


def first_offered(words: str) -> str:
    """The first rubric that a page offers, by its version: with several of them none is chosen beforehand."""
    found = re.search(r'name="version_id"[^>]*?value="([^"]+)"', words)
    assert found is not None, words
    return found[1]
