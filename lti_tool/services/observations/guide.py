"""What goes with a criterion while it is looked at: the competencies that it shows, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from lti_tool.store.frameworks import CompetencyRow, FrameworkRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.rubric import Alignment, Rubric


@dataclass(frozen=True, slots=True)
class CompetencyShown:
    """A competency that a criterion shows, and why someone said so."""

    named: str
    """As the rubric names it, such as `starter:A1`."""
    statement: str
    """Its words; empty where the organization does not have the framework."""
    language: str
    """Of the statement."""
    reason: str


def competencies(
    session: Session, organization_id: UUID, rubric: Rubric, wanted: Sequence[str]
) -> Mapping[str, tuple[CompetencyShown, ...]]:
    """By the key of each criterion, what it shows; in the first of the wanted languages that there is."""
    alignments = [alignment for criterion in rubric.criteria for alignment in criterion.alignments]
    found = _found(session, organization_id, alignments) if alignments else {}
    return {
        criterion.key: tuple(_shown(alignment, found, wanted) for alignment in criterion.alignments)
        for criterion in rubric.criteria
    }


def statements(
    session: Session, organization_id: UUID, named: Sequence[str], wanted: Sequence[str]
) -> Mapping[str, CompetencyShown]:
    """The words of competencies by what rubrics call them, such as `starter:A1`."""
    alignments = [Alignment(each) for each in named]
    found = _found(session, organization_id, alignments) if alignments else {}
    return {each.competency: _shown(each, found, wanted) for each in alignments}


_PILOT = select(RubricVersionRow.document["pilot"].as_boolean()).where(RubricVersionRow.id == bindparam("version_id"))


def in_trial(session: Session, version_id: UUID) -> bool:
    """Whether this version is a pilot: what is rated with it sets no score."""
    return bool(session.scalars(_PILOT, {"version_id": version_id}).one())


def _found(
    session: Session, organization_id: UUID, alignments: Sequence[Alignment]
) -> Mapping[str, tuple[str, str, Any]]:
    """Each competency by its identifier and by what people write, with its document and its framework's language."""
    keys, codes = zip(*(_key_and_code(each.competency) for each in alignments), strict=True)
    rows = session.execute(
        select(FrameworkRow.key, FrameworkRow.document, CompetencyRow)
        .join(CompetencyRow, CompetencyRow.framework_id == FrameworkRow.id)
        .where(
            FrameworkRow.organization_id == organization_id,
            or_(
                CompetencyRow.identifier.in_([each.identifier for each in alignments if each.identifier]),
                and_(FrameworkRow.key.in_(set(keys)), CompetencyRow.code.in_(set(codes))),
            ),
        )
    )
    found: dict[str, tuple[str, str, Any]] = {}
    for key, framework, row in rows:
        entry = (row.statement, str(framework.get("language", "")), row.document.get("translations", ()))
        found[row.identifier] = entry
        found.setdefault(f"{key}:{row.code}", entry)
    return found


def _key_and_code(named: str) -> tuple[str, str]:
    key, _, code = named.partition(":")
    return key, code


def _shown(alignment: Alignment, found: Mapping[str, tuple[str, str, Any]], wanted: Sequence[str]) -> CompetencyShown:
    entry = found.get(alignment.identifier or "") or found.get(alignment.competency)
    if entry is None:
        return CompetencyShown(alignment.competency, "", "", alignment.reason)
    statement, language = _spoken(entry, wanted)
    return CompetencyShown(alignment.competency, statement, language, alignment.reason)


def _spoken(entry: tuple[str, str, Any], wanted: Sequence[str]) -> tuple[str, str]:
    statement, language, translations = entry
    offered = {_tongue(words["language"]): (words["statement"], words["language"]) for words in translations}
    offered[_tongue(language)] = (statement, language)
    return next((offered[_tongue(one)] for one in wanted if _tongue(one) in offered), (statement, language))


def _tongue(language: str) -> str:
    return language.partition("-")[0].casefold()
