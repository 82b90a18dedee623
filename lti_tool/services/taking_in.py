"""Taking in what a file holds: rubrics as drafts, frameworks as they are. All of it in the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from grading.competency import Framework
from grading.competency import problems as problems_of
from lti_tool.documents import DocumentProblem, DocumentProblems, rubric
from lti_tool.documents.brought import Brought, Note
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.documents.sentences import Sentence, shortened
from lti_tool.services import drafts, frameworks, keeping
from lti_tool.services.drafts import Author
from lti_tool.services.frameworks import Saved
from lti_tool.services.planning import Standing, StandingFramework, StandingRubric, Way, way_of
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
    mine = ready(session, organization_id, brought, source=source)
    stands = standing(session, organization_id, mine, to_change=to_change)
    full = keeping.kept(mine, stands, FORMATS[kind].beyond)
    if full != mine:
        sentence = _N("What a file of this kind cannot say stays as it is here.")
        full = replace(full, notes=(*full.notes, Note("", Sentence(sentence))))
    return full, stands


def standing(session: Session, organization_id: UUID, brought: Brought, *, to_change: bool = False) -> Standing:
    """What the organization has of it; held against other writers if it is to be changed."""
    return Standing(
        _standing_rubrics(session, organization_id, {each.key for each in brought.rubrics}, to_change=to_change),
        dict(_standing_frameworks(session, organization_id, brought.frameworks, to_change=to_change)),
    )


def ready(session: Session, organization_id: UUID, brought: Brought, *, source: str) -> Brought:
    """The same with keys that name one thing each. Raises `DocumentProblems` for what cannot be told apart."""
    found = [*_rubric_problems(brought.rubrics, source), *_framework_problems(brought.frameworks, source)]
    if found:
        raise DocumentProblems(*found)
    notes, with_keys = list(brought.notes), []
    taken = dict(
        session.execute(
            select(FrameworkRow.key, FrameworkRow.identifier).where(FrameworkRow.organization_id == organization_id)
        ).all()
    )
    for framework in brought.frameworks:
        notes.extend(_still_to_tell(framework, notes))
        key = _key_for(framework, taken)
        if key != framework.key:
            sentence = _N("Here the framework has the key %(key)s, and not %(found)s: rubrics name it so.")
            notes.append(Note("key", Sentence(sentence, key=key, found=framework.key)))
        taken[key] = framework.identifier
        with_keys.append(frameworks.without_repeats(replace(framework, key=key)))
    return replace(brought, frameworks=tuple(with_keys), notes=tuple(notes))


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


# ---- what cannot be told apart ----


def _rubric_problems(rubrics: Sequence[Rubric], source: str) -> Iterator[DocumentProblem]:
    seen = set[str]()
    for each in rubrics:
        where = f"{each.key}: " if len(rubrics) > 1 else ""
        if not each.key.strip():
            yield _problem(source, "key", _N("Please give the rubric “%(title)s” a key."), title=each.title)
        if each.key in seen:
            sentence = _N("Two rubrics of the file have the key %(key)s. Please give each its own.")
            yield _problem(source, f"{where}key", sentence, key=each.key)
        seen.add(each.key)
        keys = set[str]()
        for position, criterion in enumerate(each.criteria, start=1):
            if criterion.key in keys:
                sentence = _N("Another criterion has the key %(key)s. Please give each its own.")
                yield _problem(source, f"{where}criteria[{position}].key", sentence, key=criterion.key)
            keys.add(criterion.key)


def _framework_problems(given: Sequence[Framework], source: str) -> Iterator[DocumentProblem]:
    seen = set[str]()
    for framework in given:
        if framework.identifier in seen:
            sentence = _N("Two frameworks of the file have the identifier %(identifier)s. Please give each its own.")
            yield _problem(source, "identifier", sentence, identifier=framework.identifier)
        seen.add(framework.identifier)
        for each in problems_of(framework):
            if not each.tolerated:
                yield _problem(source, each.place, each.sentence, found=shortened(each.found))


def _still_to_tell(framework: Framework, told: Iterable[Note]) -> list[Note]:
    """What is to be known about it, where its format has not told it already with places of the file."""
    before = {str(note.sentence) for note in told}
    said = [
        Note(each.place, Sentence(each.sentence, found=shortened(each.found)))
        for each in problems_of(framework)
        if each.tolerated
    ]
    return [note for note in said if note.sentence not in before]


def _problem(source: str, place: str, sentence: str, **values: object) -> DocumentProblem:
    return DocumentProblem(source, place, Sentence(sentence, **values))


def _key_for(framework: Framework, taken: dict[str, str]) -> str:
    """The key that it has here already, or one that nothing else has."""
    for key, identifier in taken.items():
        if identifier == framework.identifier:
            return key
    key, number = framework.key, 1
    while key in taken:
        number += 1
        key = f"{framework.key}-{number}"
    return key
