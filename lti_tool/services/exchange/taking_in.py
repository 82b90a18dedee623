"""Taking in what a file holds: rubrics as drafts, frameworks as they are. All of it in the caller's transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from grading.competency import Framework
from lti_tool.documents import rubric
from lti_tool.documents.brought import Brought, Note
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.documents.sentences import Sentence
from lti_tool.services.authoring import drafts
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.competencies import frameworks
from lti_tool.services.competencies.frameworks import Saved
from lti_tool.services.exchange import file_checks, keeping
from lti_tool.services.exchange.planning import Standing, StandingFramework, StandingRubric, Way, way_of
from lti_tool.store.drafts import DraftCriterionRow, DraftRow
from lti_tool.store.frameworks import FrameworkRow
from lti_tool.store.rubrics import RubricRow, RubricVersionRow
from rubrics.refusal import _N
from rubrics.rubric import Rubric


@dataclass(frozen=True, slots=True)
class TakenRubric:
    """What became of a rubric; `draft_id` is None where nothing had to be written."""

    key: str
    title: str
    way: Way
    draft_id: UUID | None


@dataclass(frozen=True, slots=True)
class TakenFramework:
    """What became of a framework."""

    key: str
    title: str
    saved: Saved


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in."""

    rubrics: tuple[TakenRubric, ...]
    frameworks: tuple[TakenFramework, ...]


def compared(
    session: Session, organization_id: UUID, brought: Brought, kind: Format, *, source: str, to_change: bool = False
) -> tuple[Brought, Standing]:
    """What the file brings, as it would come in, and what stands here of it.

    What the format cannot hold is as it stands here. Raises `DocumentProblems`.
    """
    mine = file_checks.ready(session, organization_id, brought, source=source)
    stands = standing(session, organization_id, mine, to_change=to_change)
    full = keeping.kept(mine, stands, FORMATS[kind].beyond)
    if full != mine:
        sentence = _N("What a file of this kind cannot say stays as it is here.")
        full = replace(full, notes=(*full.notes, Note("", Sentence(sentence))))
    ours = keeping.reviewed_here(full, stands)
    if ours != full:
        sentence = _N("What the file says of who reviewed it is left out: here, your own people look at it.")
        ours = replace(ours, notes=(*ours.notes, Note("", Sentence(sentence))))
    return ours, stands


def standing(session: Session, organization_id: UUID, brought: Brought, *, to_change: bool = False) -> Standing:
    """What the organization has of it; held against other writers if it is to be changed."""
    return Standing(
        _standing_rubrics(session, organization_id, {each.key for each in brought.rubrics}, to_change=to_change),
        dict(_standing_frameworks(session, organization_id, brought.frameworks, to_change=to_change)),
    )


def take_in(session: Session, by: Author, brought: Brought, stands: Standing, *, rewrite: bool, now: datetime) -> Taken:
    """Write what differs. A draft that is open keeps its words unless `rewrite` says otherwise.

    Both come from `compared`, to be changed. Raises `Refused`.
    """
    rubrics = tuple(
        _take_rubric(session, by, each, stands.rubrics.get(each.key, StandingRubric()), rewrite=rewrite, now=now)
        for each in brought.rubrics
    )
    saved = []
    for framework in brought.frameworks:
        known = stands.frameworks.get(framework.identifier)
        bundled = known is not None and known.bundled
        done = frameworks.save(session, by.organization_id, framework, bundled=bundled, now=now)
        saved.append(TakenFramework(framework.key, framework.title, done))
    return Taken(rubrics, tuple(saved))


def _take_rubric(
    session: Session, by: Author, given: Rubric, stands: StandingRubric, *, rewrite: bool, now: datetime
) -> TakenRubric:
    way, draft_id = way_of(given, stands), stands.draft_id
    if way is Way.BEGIN:
        draft_id = drafts.begin(session, by, given, now, based_on_id=stands.version_id)
    elif way is Way.REWRITE and rewrite and draft_id is not None:
        drafts.rewrite(session, by, draft_id, given, now)
    else:
        way = Way.NOTHING
    return TakenRubric(given.key, given.title, way, draft_id)


# ---- what stands there ----


def _standing_rubrics(
    session: Session, organization_id: UUID, keys: set[str], *, to_change: bool
) -> dict[str, StandingRubric]:
    if not keys:
        return {}
    ids = {
        found.id: found.key
        for found in session.execute(
            select(RubricRow.id, RubricRow.key).where(RubricRow.organization_id == organization_id)
        )
        if found.key in keys
    }
    newer = aliased(RubricVersionRow)
    versions = session.execute(
        select(RubricVersionRow.rubric_id, RubricVersionRow.id, RubricVersionRow.document).where(
            RubricVersionRow.organization_id == organization_id,
            RubricVersionRow.rubric_id.in_(ids),
            ~select(newer.id)
            .where(newer.rubric_id == RubricVersionRow.rubric_id, newer.number > RubricVersionRow.number)
            .exists(),
        )
    ).all()
    stands = {key: StandingRubric() for key in ids.values()}
    for rubric_id, version_id, document in versions:
        stands[ids[rubric_id]] = StandingRubric(rubric.from_document(document), version_id)
    for rubric_id, draft_id, draft in _drafts(session, list(ids), to_change=to_change):
        stands[ids[rubric_id]] = replace(stands[ids[rubric_id]], draft=draft, draft_id=draft_id)
    return stands


def _drafts(session: Session, rubric_ids: Sequence[UUID], *, to_change: bool) -> Iterator[tuple[UUID, UUID, Rubric]]:
    asked = (
        select(DraftRow).where(DraftRow.rubric_id.in_(rubric_ids), DraftRow.ended_at.is_(None)).order_by(DraftRow.id)
    )
    rows = session.scalars(asked.with_for_update() if to_change else asked).all()
    criteria: dict[UUID, list[object]] = {row.id: [] for row in rows}
    for draft_id, document in session.execute(
        select(DraftCriterionRow.draft_id, DraftCriterionRow.document)
        .where(DraftCriterionRow.draft_id.in_(criteria))
        .order_by(DraftCriterionRow.position, DraftCriterionRow.key)
    ):
        criteria[draft_id].append(document)
    for row in rows:
        yield row.rubric_id, row.id, rubric.from_document({**row.head, "criteria": criteria[row.id]})


def _standing_frameworks(
    session: Session, organization_id: UUID, given: Sequence[Framework], *, to_change: bool
) -> Iterator[tuple[str, StandingFramework]]:
    if not given:
        return
    asked = select(FrameworkRow.id, FrameworkRow.identifier, FrameworkRow.bundled).where(
        FrameworkRow.organization_id == organization_id,
        FrameworkRow.identifier.in_([each.identifier for each in given]),
        FrameworkRow.removed_at.is_(None),
    )
    for framework_id, identifier, bundled in session.execute(asked.with_for_update() if to_change else asked).all():
        framework = frameworks.framework_of(session, organization_id, framework_id)
        yield identifier, StandingFramework(framework, bundled)
