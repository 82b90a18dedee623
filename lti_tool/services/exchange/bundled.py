"""What comes with Attune: rubrics, their examples, frameworks and scenarios that an organization begins with.

It may change, retire or remove each of them.
"""

from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.competency import Framework
from lti_tool.documents.example import read_examples
from lti_tool.documents.framework import read_framework
from lti_tool.documents.rubric import digest, read_rubric
from lti_tool.paths import CONFIG
from lti_tool.services.authoring import author, examples
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.services.exchange import scenario_files
from lti_tool.store.frameworks import FrameworkRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.rubrics import ExampleRow, RubricRow, RubricVersionRow
from rubrics.example import Example
from rubrics.rubric import Rubric


@cache
def bundled_rubrics() -> tuple[Rubric, ...]:
    """The rubrics that come with Attune, by key."""
    paths = sorted((CONFIG / "rubrics").glob("*.toml"))
    return tuple(read_rubric(path.read_text(encoding="utf-8"), source=path.name) for path in paths)


@cache
def bundled_frameworks() -> tuple[Framework, ...]:
    """The frameworks that come with Attune, by key."""
    paths = sorted((CONFIG / "frameworks").glob("*.toml"))
    return tuple(read_framework(path.read_text(encoding="utf-8"), source=path.name) for path in paths)


@cache
def bundled_examples() -> tuple[tuple[str, tuple[Example, ...]], ...]:
    """The examples that come with Attune, beside the key of their rubric; their ratings are proposals."""
    paths = sorted((CONFIG / "examples").glob("*.toml"))
    return tuple(read_examples(path.read_text(encoding="utf-8"), source=path.name) for path in paths)


def give(session: Session, organization_id: UUID, *, now: datetime) -> tuple[str, ...]:
    """Publish and save what comes with Attune where the organization has nothing under that key; the keys given.

    What it has stays untouched: also what it wrote itself under such a key, and what it retired or removed.
    """
    return (
        *_give_frameworks(session, organization_id, now),
        *_give_rubrics(session, organization_id, now),
        *_give_examples(session, organization_id, now),
        *scenario_files.give(session, organization_id, now=now),
    )


def give_everyone(session: Session, *, now: datetime) -> int:
    """Do so for each organization; how many rubrics, examples, frameworks and scenarios were given."""
    organizations = session.scalars(select(OrganizationRow.id)).all()
    return sum(len(give(session, organization_id, now=now)) for organization_id in organizations)


def _give_frameworks(session: Session, organization_id: UUID, now: datetime) -> list[str]:
    rows = session.execute(
        select(FrameworkRow.key, FrameworkRow.identifier).where(FrameworkRow.organization_id == organization_id)
    )
    # Theirs may have the same identifier under another key, and saving goes by identifier.
    known = {name for row in rows for name in row}
    new = [each for each in bundled_frameworks() if known.isdisjoint((each.key, each.identifier))]
    for framework in new:
        frameworks.save(session, organization_id, framework, bundled=True, now=now)
    return [framework.key for framework in new]


def _give_rubrics(session: Session, organization_id: UUID, now: datetime) -> list[str]:
    known = set(session.scalars(select(RubricRow.key).where(RubricRow.organization_id == organization_id)))
    new = [each for each in bundled_rubrics() if each.key not in known]
    for rubric in new:
        author.freeze(session, organization_id, rubric, now=now)
    return [rubric.key for rubric in new]


def _give_examples(session: Session, organization_id: UUID, now: datetime) -> list[str]:
    """To the very words that they were rated with, and only what the organization never had."""
    key = ExampleRow.document["key"].as_string()
    known = set(session.scalars(select(key).where(ExampleRow.organization_id == organization_id)))
    rows = session.execute(
        select(RubricRow.key, RubricVersionRow.id)
        .join(RubricRow, RubricRow.id == RubricVersionRow.rubric_id)
        .where(
            RubricVersionRow.organization_id == organization_id,
            RubricVersionRow.digest.in_(_digests()),
            RubricRow.retired_at.is_(None),
        )
    )
    versions = {row.key: row.id for row in rows}
    by = Author(organization_id, None)
    given = []
    for rubric_key, of_it in bundled_examples():
        for example in of_it:
            if rubric_key in versions and example.key not in known:
                examples.add(session, by, versions[rubric_key], example, now)
                given.append(example.key)
    return given


@cache
def _digests() -> tuple[str, ...]:
    with_examples = {key for key, _examples in bundled_examples()}
    return tuple(digest(rubric) for rubric in bundled_rubrics() if rubric.key in with_examples)
