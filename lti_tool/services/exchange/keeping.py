"""What a file cannot say stays as it stands here: a table without translations takes none away."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from grading.competency import Competency, Framework, Link, Relation
from lti_tool.documents.beyond import Beyond
from lti_tool.documents.brought import Brought
from lti_tool.services.exchange.planning import Standing
from rubrics.rubric import Alignment, Criterion, Level, Rubric

Value = TypeVar("Value", Rubric, Criterion, Level, Alignment, Framework, Competency)


def kept(brought: Brought, standing: Standing, beyond: Beyond) -> Brought:
    """The rubrics and frameworks of the file, with what its format cannot hold from those that stand here."""
    if not beyond:
        return brought
    rubrics = tuple(_rubric(each, standing, beyond) for each in brought.rubrics)
    frameworks = tuple(_framework(each, standing, beyond) for each in brought.frameworks)
    return replace(brought, rubrics=rubrics, frameworks=frameworks)


def reviewed_here(brought: Brought, standing: Standing) -> Brought:
    """The same, with no word on who reviewed it but what is known here: anybody can write one into a file."""
    rubrics = tuple(_reviewed_here(each, standing) for each in brought.rubrics)
    known = standing.frameworks
    frameworks = tuple(
        replace(
            each,
            reviewed_by_your_people=known[each.identifier].framework.reviewed_by_your_people
            if each.identifier in known
            else None,
        )
        for each in brought.frameworks
    )
    return replace(brought, rubrics=rubrics, frameworks=frameworks)


def _reviewed_here(given: Rubric, standing: Standing) -> Rubric:
    """A published rubric that comes back word for word keeps its credit; every draft is still to be reviewed."""
    known = standing.rubrics.get(given.key)
    published = known.published if known else None
    if published is not None:
        credited = replace(given, reviewed_by_lived_experience=published.reviewed_by_lived_experience)
        if credited == published:
            return credited
    return replace(given, reviewed_by_lived_experience=None)


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
    mine = _with(given, stands, beyond.framework)
    links = _links(given.links, stands.links, beyond) if beyond.links else given.links
    return replace(mine, competencies=competencies, links=links)


def _links(given: Sequence[Link], stands: Sequence[Link], beyond: Beyond) -> tuple[Link, ...]:
    """A table says of a link no more than its ends. Those that stand here keep their order."""
    known = {_ends(each): each for each in stands}
    order = {ends: position for position, ends in enumerate(known)}
    ours = [each for each in stands if each.relation in beyond.links]
    both = {_ends(each): known.get(_ends(each), each) for each in (*given, *ours)}
    return tuple(sorted(both.values(), key=lambda each: order.get(_ends(each), len(order))))


def _ends(link: Link) -> tuple[str, Relation, str]:
    return link.origin, link.relation, link.destination


def _with(given: Value, stands: Value, names: frozenset[str]) -> Value:
    return replace(given, **{name: getattr(stands, name) for name in names})
