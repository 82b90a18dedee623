"""Lists of scenarios: looked for by words and tags, a page at a time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from lti_tool.services.authoring.scenarios import value_of
from lti_tool.store.scenarios import ScenarioRow, ScenarioState
from rubrics.practice import PracticeModel, Setting
from rubrics.scenario import Scenario

MOST_TAGS = 500
"""Different lists of tags that are looked at for what can be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; what is None or empty is not asked."""

    words: str = ""
    tag: str = ""
    model: PracticeModel | None = None
    setting: Setting | None = None
    language: str = ""
    """`es` is every Spanish."""
    states: frozenset[ScenarioState] = frozenset({ScenarioState.PUBLISHED})
    group: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A scenario in a list."""

    id: UUID
    scenario: Scenario
    state: ScenarioState
    with_attune: bool
    """It came with Attune."""


def count(session: Session, organization_id: UUID, wanted: Wanted) -> int:
    """How many there are."""
    return session.scalars(select(func.count()).select_from(ScenarioRow).where(*_asked(organization_id, wanted))).one()


def listed(session: Session, organization_id: UUID, wanted: Wanted, first: int, most: int) -> tuple[Listed, ...]:
    """So many of them from the first one on: by title, drafts and what was put away after what is offered."""
    rows = session.scalars(
        select(ScenarioRow)
        .where(*_asked(organization_id, wanted))
        .order_by(
            ScenarioRow.state != ScenarioState.PUBLISHED,
            ScenarioRow.state != ScenarioState.DRAFT,
            func.lower(ScenarioRow.title),
            ScenarioRow.id,
        )
        .offset(first)
        .limit(most)
    )
    return tuple(Listed(row.id, value_of(row), row.state, row.made_by is None) for row in rows)


def tags(session: Session, organization_id: UUID, states: frozenset[ScenarioState]) -> tuple[str, ...]:
    """The tags that can be looked for, by name."""
    kept = cast(ScenarioRow.tags, Text)
    lists = session.scalars(
        select(kept)
        .where(ScenarioRow.organization_id == organization_id, ScenarioRow.state.in_(states))
        .group_by(kept)
        .limit(MOST_TAGS)
    )
    return tuple(sorted({tag for each in lists for tag in json.loads(each)}))


def languages(session: Session, organization_id: UUID, states: frozenset[ScenarioState]) -> tuple[str, ...]:
    """The languages that there are scenarios in, without their regions."""
    found = session.scalars(
        select(ScenarioRow.language)
        .where(ScenarioRow.organization_id == organization_id, ScenarioRow.state.in_(states))
        .distinct()
    )
    return tuple(sorted({each.partition("-")[0] for each in found}))


def of_group(session: Session, organization_id: UUID, group: str, language: str) -> Sequence[UUID]:
    """Those of this group that are offered in this language, oldest first."""
    return session.scalars(
        select(ScenarioRow.id)
        .where(*_asked(organization_id, Wanted(group=group, language=language)))
        .order_by(ScenarioRow.published_at, ScenarioRow.id)
    ).all()


def _asked(organization_id: UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    asked = [ScenarioRow.organization_id == organization_id, ScenarioRow.state.in_(wanted.states)]
    for word in wanted.words.split():
        asked.append(
            or_(*(column.icontains(word, autoescape=True) for column in (ScenarioRow.title, ScenarioRow.about)))
        )
    for column, value in ((ScenarioRow.tags, wanted.tag), (ScenarioRow.models, wanted.model)):
        asked += [_holds(column, value)] if value else []
    asked += [_holds(ScenarioRow.settings, wanted.setting)] if wanted.setting else []
    if wanted.language:
        base = wanted.language.partition("-")[0].casefold()
        asked.append(or_(ScenarioRow.language == base, ScenarioRow.language.istartswith(f"{base}-", autoescape=True)))
    if wanted.group:
        asked.append(ScenarioRow.equivalence_group == wanted.group)
    return asked


def _holds(column: Any, value: str) -> ColumnElement[bool]:
    """Whether the list has it: as it is written in the JSON that is kept, which is the same on every database."""
    return cast(column, Text).contains(json.dumps(str(value)), autoescape=True)
