"""Scenarios that come with Attune, that come in with a file, and that are taken along in one."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.documents.scenario import read_scenarios, write_scenarios
from lti_tool.paths import CONFIG
from lti_tool.services.authoring import scenarios
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.scenario_lists import Wanted, listed
from lti_tool.services.exchange.taking_along import File
from lti_tool.store.scenarios import ScenarioRow, ScenarioState
from rubrics.scenario import Scenario

MOST = 1_000
"""In one file."""


@cache
def bundled_scenarios() -> tuple[Scenario, ...]:
    """The scenarios that come with Attune; nobody of an organization has reviewed them yet."""
    paths = sorted((CONFIG / "scenarios").glob("*.toml"))
    return tuple(one for path in paths for one in read_scenarios(path.read_text(encoding="utf-8"), source=path.name))


def give(session: Session, organization_id: UUID, *, now: datetime) -> list[str]:
    """Save as drafts what comes with Attune and the organization never had; their titles.

    They are offered once somebody of the organization with lived experience has agreed to them.
    """
    rows = session.execute(
        select(ScenarioRow.title, ScenarioRow.language).where(
            ScenarioRow.organization_id == organization_id, ScenarioRow.made_by.is_(None)
        )
    )
    known = {(title, language) for title, language in rows}
    new = [one for one in bundled_scenarios() if (one.title, one.language) not in known]
    _write(session, Author(organization_id, None), new, now)
    return [one.title for one in new]


def bring(session: Session, by: Author, text: str, now: datetime) -> int:
    """Keep the scenarios of a TOML document that are not there yet, as drafts; how many these are.

    That others reviewed them elsewhere does not come along. Raises `DocumentProblems`.
    """
    brought = read_scenarios(text, source="TOML")
    had = set(_kept(session, by.organization_id, frozenset(ScenarioState) - {ScenarioState.PUT_AWAY}))
    new = [one for one in dict.fromkeys(brought) if one not in had]
    _write(session, by, new, now)
    return len(new)


def take_along(session: Session, organization_id: UUID) -> File:
    """What is offered and what is being written, as TOML."""
    found = _kept(session, organization_id, frozenset({ScenarioState.PUBLISHED, ScenarioState.DRAFT}))
    return File("scenarios.toml", "application/toml", write_scenarios(found).encode())


def _kept(session: Session, organization_id: UUID, states: frozenset[ScenarioState]) -> list[Scenario]:
    return [one.scenario for one in listed(session, organization_id, Wanted(states=states), 0, MOST)]


def _write(session: Session, by: Author, new: Iterable[Scenario], now: datetime) -> None:
    for scenario in new:
        scenarios.write(session, by, scenario, now)
