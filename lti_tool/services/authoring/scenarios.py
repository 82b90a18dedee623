"""Scenarios of an organization: writing, changing, publishing after a review, putting away.

Words that an observation used are never changed: then a change makes a new row of the same group, and the old one is
put away. What came with Attune is changed in the same way, so that it is not given again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from lti_tool.documents.scenario import digest
from lti_tool.services import audit
from lti_tool.services.authoring import wording
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.authoring.scenario_reviews import Review, reviews, writers
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations.lines import display_name
from lti_tool.store.base import new_id
from lti_tool.store.people import PersonRow
from lti_tool.store.scenarios import ScenarioOfferRow, ScenarioRow, ScenarioState, ScenarioWriterRow
from rubrics.practice import PracticeModel, Setting
from rubrics.publication import Problem
from rubrics.refusal import Refused
from rubrics.scenario import Scenario, problems, texts
from rubrics.wording import Finding, lint_text

CHANGED_MEANWHILE = "scenario_changed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A scenario as it stands."""

    id: UUID
    scenario: Scenario
    digest: str
    """Of exactly these words: a change, a review and publishing say which words they are about."""
    state: ScenarioState
    made_by: str | None
    """None where it came with Attune."""
    changed_at: datetime
    used: bool
    """Whether an observation uses it, or did."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a scenario still needs before it is offered."""

    problems: tuple[Problem, ...]
    wording: tuple[Finding, ...]
    """Words that are not published."""
    reviews: tuple[Review, ...]
    """What each reviewer said last, latest first."""
    agreed: tuple[Review, ...]
    """Those that agree to exactly these words, by people who did not write them."""

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from being published."""
        return not self.problems and not self.wording and bool(self.agreed)


@dataclass(frozen=True, slots=True)
class Edit:
    """What a scenario is to be, and the digest of the words that the change began from."""

    scenario: Scenario
    began_from: str


def value_of(row: ScenarioRow) -> Scenario:
    """The row as the core's value."""
    return Scenario(
        title=row.title,
        about=row.about,
        words=row.words,
        roles=row.roles or "",
        language=row.language,
        content_notes=tuple(row.content_notes),
        tags=tuple(row.tags),
        models=tuple(map(PracticeModel, row.models)),
        settings=tuple(map(Setting, row.settings)),
        group=row.equivalence_group or "",
        license=row.license or "",
        credits=row.credits or "",
    )


def opened(session: Session, organization_id: UUID, scenario_id: UUID) -> Opened:
    """A scenario of the organization, however far it is. Raises `NotHere`."""
    found = session.execute(
        select(ScenarioRow, PersonRow.name, _used(ScenarioRow.id))
        .outerjoin(PersonRow, PersonRow.id == ScenarioRow.made_by)
        .where(ScenarioRow.id == scenario_id, ScenarioRow.organization_id == organization_id)
    ).one_or_none()
    if found is None:
        raise NotHere
    row, name, used = found
    scenario = value_of(row)
    return Opened(
        id=row.id,
        scenario=scenario,
        digest=digest(scenario),
        state=row.state,
        made_by=display_name(row.made_by, name) if row.made_by else None,
        changed_at=row.changed_at,
        used=used,
    )


def published(session: Session, organization_id: UUID, scenario_id: UUID) -> Opened:
    """A scenario that is offered now, for anybody who may choose one. Raises `NotHere`."""
    found = opened(session, organization_id, scenario_id)
    if found.state is not ScenarioState.PUBLISHED:
        raise NotHere
    return found


def checklist(session: Session, organization_id: UUID, found: Opened) -> Checklist:
    """How far it is from being offered."""
    given = reviews(session, found.id)
    wrote = writers(session, found.id)
    return Checklist(
        problems=problems(found.scenario),
        wording=wounding(session, organization_id, found.scenario),
        reviews=given,
        agreed=tuple(
            one for one in given if one.agrees and one.of_digest == found.digest and one.reviewer_id not in wrote
        ),
    )


def wounding(session: Session, organization_id: UUID, scenario: Scenario) -> tuple[Finding, ...]:
    """The words that keep it from being published, by the rules of the organization. What is quoted is left alone."""
    rules = wording.rules(session, organization_id)
    return tuple(finding for text in texts(scenario) for finding in lint_text(text, rules) if finding.blocks)


def write(session: Session, by: Author, scenario: Scenario, now: datetime) -> UUID:
    """Keep a new scenario as a draft."""
    row = ScenarioRow(
        id=new_id(),
        organization_id=by.organization_id,
        state=ScenarioState.DRAFT,
        made_by=by.person_id,
        made_at=now,
        changed_at=now,
        **_columns(scenario),
    )
    session.add(row)
    session.flush()
    _wrote(session, row, by, now)
    _record(session, by, "scenario.write", row, now)
    return row.id


def change(session: Session, by: Author, scenario_id: UUID, edit: Edit, now: datetime) -> UUID:
    """Have the scenario be this, as a draft to be reviewed again; the id under which it is. The same changes nothing.

    Raises `NotHere`, and `Refused` (`CHANGED_MEANWHILE`) where someone changed it since the edit began.
    """
    row = _held(session, by.organization_id, scenario_id)
    before = value_of(row)
    if before == edit.scenario:
        return row.id
    if row.state is ScenarioState.PUT_AWAY or digest(before) != edit.began_from:
        raise Refused(CHANGED_MEANWHILE, "This scenario was changed since you opened it. Please look at it again.")
    if row.made_by is None or session.scalar(select(_used(row.id))):
        _put_away(session, by, row, now)
        return _in_its_place(session, by, row, edit.scenario, now)
    for name, value in _columns(edit.scenario).items():
        setattr(row, name, value)
    row.state, row.published_at, row.changed_at = ScenarioState.DRAFT, None, now
    session.flush()
    _wrote(session, row, by, now)
    _record(session, by, "scenario.change", row, now)
    return row.id


def publish(session: Session, by: Author, scenario_id: UUID, *, of_digest: str, now: datetime) -> None:
    """Offer it from now on. Raises `NotHere`, and `Refused` without a review of exactly these words by somebody else.

    `of_digest` says which words were looked at: words that were changed since are not published unseen.
    """
    row = _held(session, by.organization_id, scenario_id)
    found = opened(session, by.organization_id, row.id)
    if row.state is ScenarioState.PUBLISHED:
        return
    if found.digest != of_digest or row.state is not ScenarioState.DRAFT:
        raise Refused(CHANGED_MEANWHILE, "This scenario was changed since you opened it. Please look at it again.")
    needed = checklist(session, by.organization_id, found)
    if not needed.agreed:
        raise Refused(
            "scenario_review_needed",
            "To continue we need somebody with lived experience who did not write it to read exactly these words and "
            "agree. Reviewers find it in their list of scenarios.",
        )
    if not needed.ready:
        raise Refused("scenario_not_ready", "A little is still to come before this can be offered. The page says what.")
    row.state, row.published_at = ScenarioState.PUBLISHED, now
    _record(session, by, "scenario.publish", row, now, digest=found.digest)


def put_away(session: Session, by: Author, scenario_id: UUID, now: datetime) -> None:
    """Offer it no more. What uses it keeps it. Raises `NotHere`."""
    row = _held(session, by.organization_id, scenario_id)
    if row.state is not ScenarioState.PUT_AWAY:
        _put_away(session, by, row, now)


def bring_back(session: Session, by: Author, scenario_id: UUID, now: datetime) -> None:
    """Have it again as it was; it is offered where it was published with these words. Raises `NotHere`."""
    row = _held(session, by.organization_id, scenario_id)
    if row.state is ScenarioState.PUT_AWAY:
        row.state = ScenarioState.PUBLISHED if row.published_at else ScenarioState.DRAFT
        _record(session, by, "scenario.bring_back", row, now)


def _in_its_place(session: Session, by: Author, old: ScenarioRow, scenario: Scenario, now: datetime) -> UUID:
    """The new row; who wrote the old words wrote most of these too."""
    new = write(session, by, scenario, now)
    for person_id in writers(session, old.id) - {by.person_id}:
        session.add(
            ScenarioWriterRow(
                id=new_id(), organization_id=by.organization_id, scenario_id=new, person_id=person_id, at=now
            )
        )
    session.flush()
    return new


def _put_away(session: Session, by: Author, row: ScenarioRow, now: datetime) -> None:
    row.state = ScenarioState.PUT_AWAY
    _record(session, by, "scenario.put_away", row, now)


def _held(session: Session, organization_id: UUID, scenario_id: UUID) -> ScenarioRow:
    row = session.scalars(
        select(ScenarioRow)
        .where(ScenarioRow.id == scenario_id, ScenarioRow.organization_id == organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotHere
    return row


def _used(scenario_id: Any) -> ColumnElement[bool]:
    return exists().where(ScenarioOfferRow.scenario_id == scenario_id)


def _columns(scenario: Scenario) -> dict[str, Any]:
    return {
        "title": scenario.title,
        "about": scenario.about,
        "words": scenario.words,
        "roles": scenario.roles or None,
        "language": scenario.language,
        "content_notes": list(scenario.content_notes),
        "tags": list(scenario.tags),
        "models": [model.value for model in scenario.models],
        "settings": [setting.value for setting in scenario.settings],
        "equivalence_group": scenario.group or None,
        "license": scenario.license or None,
        "credits": scenario.credits or None,
    }


def _wrote(session: Session, row: ScenarioRow, by: Author, now: datetime) -> None:
    if by.person_id is None or by.person_id in writers(session, row.id):
        return
    session.add(
        ScenarioWriterRow(
            id=new_id(), organization_id=row.organization_id, scenario_id=row.id, person_id=by.person_id, at=now
        )
    )
    session.flush()


def _record(session: Session, by: Author, act: str, row: ScenarioRow, now: datetime, **facts: str) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act=act,
        subject=f"scenario:{row.id}",
        now=now,
        **facts,
    )
