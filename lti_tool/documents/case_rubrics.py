"""Rubrics of a CASE package, in and out.

Attune's own words about a rubric and its criteria stand in `extensions`, in the form of `documents.rubric`; a rubric
of somebody else gets what is usual, and is completed by whoever takes it in as a draft.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from grading.competency import Framework
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents import case_models as case
from lti_tool.documents.case_framework import license_of
from lti_tool.documents.case_framework_out import Members, filled
from lti_tool.documents.case_names import OWN, UNDATED, is_uuid, moment, urn, uuid_for
from lti_tool.documents.case_reading import Reading
from lti_tool.documents.problems import problems_in
from lti_tool.documents.rubric import ENTRIES, EXAMPLES, RubricEntries, rubric_in, to_document
from rubrics.keys import key_for
from rubrics.refusal import _N
from rubrics.rubric import Alignment, Criterion, Level, Rubric

_IN_CASE = ("title", "summary", "criteria")
_CRITERION_IN_CASE = ("statement", "levels")
_HIGHEST = 100


def rubrics_of(reading: Reading, framework: Framework | None) -> tuple[Rubric, ...]:
    """The rubrics of the package. Raises `DocumentProblems`."""
    rubrics: list[Rubric] = []
    to_mend: list[DocumentProblem] = []
    for position, each in enumerate(reading.package.cf_rubrics, start=1):
        place = f"CFRubrics[{position}]"
        document = _usual(each, {rubric.key for rubric in rubrics}, reading) | _own(each.extensions)
        document["criteria"] = _criteria(each, place, reading, framework)
        try:
            rubrics.append(rubric_in(RubricEntries.model_validate(document)))
        except ValidationError as error:
            found = problems_in(error, source=reading.checking.source, entries=ENTRIES, examples=EXAMPLES)
            to_mend += [DocumentProblem(each.source, f"{place}.{each.place}", each.sentence) for each in found.problems]
    if to_mend:
        raise DocumentProblems(*to_mend)
    return tuple(rubrics)


def _own(extensions: dict[str, Any]) -> dict[str, Any]:
    found = extensions.get(OWN)
    return dict(found) if isinstance(found, dict) else {}


def _usual(found: case.Rubric, taken: set[str], reading: Reading) -> dict[str, Any]:
    document = reading.package.cf_document
    title = reading.plain(found.title) or ("" if reading.own.plain else reading.plain(document.title))
    where = document.official_source_url or document.uri
    return {
        "key": key_for(title, taken, otherwise="rubric"),
        "title": title,
        "summary": reading.plain(found.description),
        "language": reading.language,
        "license": license_of(document),
        "provenance": " · ".join(filter(None, (document.creator, reading.plain(document.title), where))),
    }


def _criteria(found: case.Rubric, place: str, reading: Reading, framework: Framework | None) -> list[dict[str, Any]]:
    weights = {each.weight for each in found.cf_rubric_criteria if each.weight is not None}
    if len(weights) > 1:
        sentence = _N("The criteria have different weights. Attune adds up no points, and leaves them out.")
        reading.checking.note(f"{place}.CFRubricCriteria", sentence)
    keys: set[str] = set()
    criteria = []
    for at in _by_position([each.position for each in found.cf_rubric_criteria]):
        each = found.cf_rubric_criteria[at]
        here = f"{place}.CFRubricCriteria[{at + 1}]"
        own = _own(each.extensions)
        levels = _levels(each, own, here, reading)
        statement = reading.plain(each.description) or reading.plain(each.category)
        usual = {
            "key": key_for(statement, keys, otherwise="c"),
            "principles": [],
            "met_at": max((level["number"] for level in levels), default=1),
            "alignments": _alignments(each, reading, framework),
        }
        criteria.append(usual | own | {"statement": statement, "levels": levels})
        keys.add(str(criteria[-1]["key"]))
    return criteria


def _by_position(positions: Sequence[float | None]) -> list[int]:
    return sorted(range(len(positions)), key=lambda at: (float("inf") if positions[at] is None else positions[at], at))


def _alignments(found: case.Criterion, reading: Reading, framework: Framework | None) -> list[dict[str, Any]]:
    if found.cf_item_uri is None or not found.cf_item_uri.named:
        return []
    identifier = found.cf_item_uri.named
    inside = (each for each in framework.competencies if each.identifier == identifier) if framework else iter(())
    competency = next(inside, None)
    if competency and framework:
        return [{"competency": f"{framework.key}:{competency.code or identifier}", "identifier": identifier}]
    return [{"competency": reading.plain(found.cf_item_uri.title) or identifier, "identifier": identifier}]


def _levels(found: case.Criterion, own: dict[str, Any], place: str, reading: Reading) -> list[dict[str, Any]]:
    """With numbers from the lowest level to the highest."""
    levels = found.cf_rubric_criterion_levels
    scores = [each.score for each in levels if each.score is not None]
    usable = len(scores) == len(levels) and all(score == int(score) and 1 <= score <= _HIGHEST for score in scores)
    if own and usable:
        return [_level(each, int(each.score or 1), reading) for each in levels]
    if len(set(scores)) == len(levels):
        order = sorted(range(len(levels)), key=scores.__getitem__)
        if not usable:
            sentence = _N("The scores %(found)s became levels 1 to %(count)s, the lowest first.")
            found_scores = ", ".join(f"{score:g}" for score in sorted(scores))
            reading.checking.note(place, sentence, found=found_scores, count=len(levels))
        return [
            _level(levels[at], int(scores[at]) if usable else number, reading)
            for number, at in enumerate(order, start=1)
        ]
    order = _by_position([each.position for each in levels])
    sentence = _N("The levels have no scores that tell them apart. Please check that the last one is the highest.")
    reading.checking.note(place, sentence)
    return [_level(levels[at], number, reading) for number, at in enumerate(order, start=1)]


def _level(found: case.Level, number: int, reading: Reading) -> dict[str, Any]:
    return {
        "number": number,
        "label": reading.plain(found.quality),
        "anchor": reading.plain(found.description),
        "example": reading.plain(found.feedback),
    }


# ---- out ----


def rubric_members(rubric: Rubric, frameworks: Iterable[Framework]) -> Members:
    """The CFRubric; an alignment refers to the competency in one of these frameworks where it has one."""
    document = to_document(rubric)
    identifier = uuid_for("rubric", rubric.key)
    known = {
        f"{framework.key}:{each.code or each.identifier}": (each.identifier, each.uri)
        for framework in frameworks
        for each in framework.competencies
    }
    return {
        **_dated(identifier),
        **filled({"title": rubric.title, "description": rubric.summary}),
        "CFRubricCriteria": [
            _criterion_members(criterion, position, document["criteria"][position - 1], identifier, known)
            for position, criterion in enumerate(rubric.criteria, start=1)
        ],
        "extensions": {OWN: _beside(document, _IN_CASE)},
    }


def _beside(document: dict[str, Any], in_case: tuple[str, ...]) -> Members:
    return {name: value for name, value in document.items() if name not in in_case and value is not None}


def _dated(identifier: str) -> Members:
    return {"identifier": identifier, "uri": urn(identifier), "lastChangeDateTime": moment(UNDATED)}


def _criterion_members(
    criterion: Criterion, position: int, document: dict[str, Any], rubric_id: str, known: dict[str, tuple[str, str]]
) -> Members:
    identifier = uuid_for("criterion", rubric_id, criterion.key, str(position))
    return {
        **_dated(identifier),
        **filled(
            {
                "description": criterion.statement,
                "CFItemURI": next(filter(None, (_item_link(each, known) for each in criterion.alignments)), None),
            }
        ),
        "position": position,
        "rubricId": rubric_id,
        "CFRubricCriterionLevels": [
            _level_members(level, place, identifier) for place, level in enumerate(criterion.levels, start=1)
        ],
        "extensions": {OWN: _beside(document, _CRITERION_IN_CASE)},
    }


def _item_link(alignment: Alignment, known: dict[str, tuple[str, str]]) -> Members | None:
    identifier, uri = known.get(alignment.competency, ("", ""))
    identifier = alignment.identifier or identifier
    if not is_uuid(identifier):
        return None
    return {"title": alignment.competency, "identifier": identifier, "uri": uri or urn(identifier)}


def _level_members(level: Level, position: int, criterion_id: str) -> Members:
    return {
        **_dated(uuid_for("level", criterion_id, str(position))),
        **filled({"quality": level.label, "description": level.anchor, "feedback": level.example}),
        "score": level.number,
        "position": position,
        "rubricCriterionId": criterion_id,
    }
