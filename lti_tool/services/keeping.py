"""What a file cannot say stays as it stands here: a table without translations takes none away."""

from dataclasses import replace
from typing import TypeVar

from grading.competency import Competency, Framework
from lti_tool.documents.beyond import Beyond
from lti_tool.documents.brought import Brought
from lti_tool.services.planning import Standing
from rubrics.rubric import Alignment, Criterion, Level, Rubric

Value = TypeVar("Value", Rubric, Criterion, Level, Alignment, Framework, Competency)


def kept(brought: Brought, standing: Standing, beyond: Beyond) -> Brought:
    """The rubrics and frameworks of the file, with what its format cannot hold from those that stand here."""
    if not beyond:
        return brought
    rubrics = tuple(_rubric(each, standing, beyond) for each in brought.rubrics)
    frameworks = tuple(_framework(each, standing, beyond) for each in brought.frameworks)
    return replace(brought, rubrics=rubrics, frameworks=frameworks)


def _rubric(given: Rubric, standing: Standing, beyond: Beyond) -> Rubric:
    known = standing.rubrics.get(given.key)
    stands = (known.draft or known.published) if known else None
    if stands is None:
        return given
    criteria = tuple(_criterion(each, stands.criterion(each.key), beyond) for each in given.criteria)
    return replace(_with(given, stands, beyond.rubric), criteria=criteria)


def _criterion(given: Criterion, stands: Criterion | None, beyond: Beyond) -> Criterion:
    if stands is None:
        return given
    named = {each.competency: each for each in stands.alignments}
    mine = _with(given, stands, beyond.criterion)
    alignments = tuple(
        _with(each, named[each.competency], beyond.alignment) if each.competency in named else each
        for each in mine.alignments
    )
    levels = tuple(_level(each, stands.level(each.number), beyond) for each in mine.levels)
    return replace(mine, alignments=alignments, levels=levels)


def _level(given: Level, stands: Level | None, beyond: Beyond) -> Level:
    return _with(given, stands, beyond.level) if stands else given


def _framework(given: Framework, standing: Standing, beyond: Beyond) -> Framework:
    known = standing.frameworks.get(given.identifier)
    if known is None:
        return given
    stands = known.framework
    former = {each.identifier: each for each in stands.competencies}
    competencies = tuple(
        _with(each, former[each.identifier], beyond.competency) if each.identifier in former else each
        for each in given.competencies
    )
    ours = tuple(each for each in stands.links if each.relation in beyond.links)
    mine = _with(given, stands, beyond.framework)
    return replace(mine, competencies=competencies, links=(*given.links, *ours))


def _with(given: Value, stands: Value, names: frozenset[str]) -> Value:
    return replace(given, **{name: getattr(stands, name) for name in names})
