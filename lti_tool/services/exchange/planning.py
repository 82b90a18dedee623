"""What a file would change, row by row, before anything is written. Nothing here writes, or reads the database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any
from uuid import UUID

from grading.competency import Competency, Framework, Link, Relation
from lti_tool.documents.brought import Brought
from rubrics import changes
from rubrics.rubric import Rubric

SHOWN = 10
"""So many codes show that an order is another one."""


class Fate(StrEnum):
    """What would become of one row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"
    """It stands here and not in the file. A competency would be kept, marked with the day."""
    REPLACED = "replaced"
    """As `GONE`, and the file says by what."""


class Of(StrEnum):
    """What a row is about."""

    RUBRIC = "rubric"
    CRITERION = "criterion"
    FRAMEWORK = "framework"
    COMPETENCY = "competency"
    LINK = "link"


class Way(StrEnum):
    """How a rubric of the file would come in."""

    BEGIN = "begin"
    """as a new draft"""
    REWRITE = "rewrite"
    """in place of the words of the draft that is open"""
    NOTHING = "nothing"
    """these words stand here already"""


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands in one place, and what would."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the plan."""

    fate: Fate
    of: Of
    named: str
    """Its key or code; its identifier where it has neither."""
    words: str
    language: str
    """Of `words`; empty where they are of no language."""
    differences: tuple[Difference, ...] = ()
    way: Way | None = None
    """Of rubrics only."""


@dataclass(frozen=True, slots=True)
class StandingRubric:
    """A rubric of the organization that has the key of one in the file."""

    published: Rubric | None = None
    version_id: UUID | None = None
    draft: Rubric | None = None
    draft_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class StandingFramework:
    """A framework of the organization that has the identifier of one in the file."""

    framework: Framework
    bundled: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What the organization has of what a file brings."""

    rubrics: Mapping[str, StandingRubric] = field(default_factory=dict)
    frameworks: Mapping[str, StandingFramework] = field(default_factory=dict)


def way_of(rubric: Rubric, stands: StandingRubric | None) -> Way:
    """How the rubric would come in; it never publishes itself."""
    if stands is not None and rubric in (stands.published, stands.draft):
        return Way.NOTHING
    return Way.BEGIN if stands is None or stands.draft_id is None else Way.REWRITE


def rows_in(brought: Brought) -> int:
    """How many rows the file has."""
    in_rubrics = sum(1 + len(rubric.criteria) for rubric in brought.rubrics)
    return in_rubrics + sum(1 + len(each.competencies) + len(each.links) for each in brought.frameworks)


def plan(brought: Brought, standing: Standing) -> Iterator[Line]:
    """The rows in the order of the file; after each rubric and framework, what it does not have any more."""
    for rubric in brought.rubrics:
        yield from _of_rubric(rubric, standing.rubrics.get(rubric.key))
    for framework in brought.frameworks:
        stands = standing.frameworks.get(framework.identifier)
        yield from _of_framework(framework, stands.framework if stands else None)


# ---- rubrics ----


def _of_rubric(rubric: Rubric, stands: StandingRubric | None) -> Iterator[Line]:
    way = way_of(rubric, stands)
    against = rubric if way is Way.NOTHING else _against(stands)
    if against is None:
        yield Line(Fate.NEW, Of.RUBRIC, rubric.key, rubric.title, rubric.language, way=way)
        for each in rubric.criteria:
            yield Line(Fate.NEW, Of.CRITERION, each.key, each.statement, rubric.language)
        return
    by_criterion = _by_criterion(changes.changes(against, rubric))
    about = tuple(each for each in by_criterion.pop("", ()) if each.place != "key")
    fate = Fate.SAME if way is Way.NOTHING else Fate.CHANGED
    yield Line(fate, Of.RUBRIC, rubric.key, rubric.title, rubric.language, about, way)
    for each in rubric.criteria:
        differences = tuple(by_criterion.get(each.key, ()))
        fate = Fate.NEW if against.criterion(each.key) is None else Fate.CHANGED if differences else Fate.SAME
        told = () if fate is Fate.NEW else differences
        yield Line(fate, Of.CRITERION, each.key, each.statement, rubric.language, told)
    for each in against.criteria:
        if rubric.criterion(each.key) is None:
            yield Line(Fate.GONE, Of.CRITERION, each.key, each.statement, against.language)


def _against(stands: StandingRubric | None) -> Rubric | None:
    return (stands.draft or stands.published) if stands else None


def _by_criterion(found: Iterable[changes.Change]) -> dict[str, list[Difference]]:
    """By the criterion's key, with the place inside of it; what belongs to none is under ""."""
    by_key: dict[str, list[Difference]] = {}
    for change in found:
        parts = change.place.split(".")
        in_criterion = parts[0] == "criteria"
        key = parts[1] if in_criterion else ""
        place = ".".join(parts[2:]) or change.kind.value if in_criterion else change.place
        by_key.setdefault(key, []).append(Difference(place, change.before or "", change.after or ""))
    return by_key


# ---- frameworks ----


def _of_framework(framework: Framework, stands: Framework | None) -> Iterator[Line]:
    former = {each.identifier: each for each in stands.competencies} if stands else {}
    names = {**_names(former.values()), **_names(framework.competencies)}
    about = _differences(stands, framework, _ABOUT, {}) if stands else ()
    moved = _moved(stands, framework) if stands else ()
    fate = Fate.NEW if stands is None else Fate.CHANGED if about or moved else Fate.SAME
    yield Line(fate, Of.FRAMEWORK, framework.key, framework.title, framework.language, about + moved)
    for each in framework.competencies:
        yield _of_competency(each, former.pop(each.identifier, None), names, framework.language)
    instead = {link.origin: link for link in framework.links if link.relation is Relation.REPLACED_BY}
    for each in former.values():
        if each.deprecated_on is None:
            yield _of_gone(each, instead.get(each.identifier), names, framework.language)
    yield from _of_links(framework, stands, names)


def _of_competency(each: Competency, before: Competency | None, names: Mapping[str, str], language: str) -> Line:
    if before is None:
        return Line(Fate.NEW, Of.COMPETENCY, _called(each), each.statement, language)
    differences = () if before == each else _differences(before, each, _COMPETENCY, names)
    fate = Fate.CHANGED if differences else Fate.SAME
    return Line(fate, Of.COMPETENCY, _called(each), each.statement, language, differences)


def _of_gone(each: Competency, instead: Link | None, names: Mapping[str, str], language: str) -> Line:
    if instead is None:
        return Line(Fate.GONE, Of.COMPETENCY, _called(each), each.statement, language)
    by = names.get(instead.destination) or instead.destination_title or instead.destination
    replaced = (Difference("replaced_by", "", by),)
    return Line(Fate.REPLACED, Of.COMPETENCY, _called(each), each.statement, language, replaced)


def _of_links(framework: Framework, stands: Framework | None, names: Mapping[str, str]) -> Iterator[Line]:
    former = {_ends(link): link for link in (stands.links if stands else ())}
    for link in framework.links:
        before = former.pop(_ends(link), None)
        differences = _differences(before, link, _LINK, {}) if before else ()
        fate = Fate.NEW if before is None else Fate.CHANGED if differences else Fate.SAME
        yield Line(fate, Of.LINK, names.get(link.origin, link.origin), _in_words(link, names), "", differences)
    for link in former.values():
        yield Line(Fate.GONE, Of.LINK, names.get(link.origin, link.origin), _in_words(link, names), "")


def _ends(link: Link) -> tuple[str, str, str]:
    return link.origin, link.relation.value, link.destination


def _in_words(link: Link, names: Mapping[str, str]) -> str:
    there = names.get(link.destination) or link.destination_title or link.destination
    return f"{names.get(link.origin, link.origin)} {link.relation.value} {there}"


def _called(competency: Competency) -> str:
    return competency.code or competency.identifier


def _names(competencies: Iterable[Competency]) -> dict[str, str]:
    return {each.identifier: _called(each) for each in competencies}


def _moved(stands: Framework, framework: Framework) -> tuple[Difference, ...]:
    """That those which are in both stand in another order: told once, and not for each that stands elsewhere."""
    both = {each.identifier for each in stands.competencies} & {each.identifier for each in framework.competencies}
    before = [each for each in stands.competencies if each.identifier in both]
    after = [each for each in framework.competencies if each.identifier in both]
    if [each.identifier for each in before] == [each.identifier for each in after]:
        return ()
    return (Difference("order", _in_a_row(before), _in_a_row(after)),)


def _in_a_row(competencies: Sequence[Competency]) -> str:
    """The first of them, by what they are called."""
    more = ", …" if len(competencies) > SHOWN else ""
    return ", ".join(_called(each) for each in competencies[:SHOWN]) + more


_ABOUT = tuple(
    each.name for each in fields(Framework) if each.name not in ("identifier", "key", "competencies", "links")
)
_COMPETENCY = tuple(each.name for each in fields(Competency) if each.name != "identifier")
_LINK = tuple(each.name for each in fields(Link))


def _differences(before: Any, after: Any, places: tuple[str, ...], names: Mapping[str, str]) -> tuple[Difference, ...]:
    return tuple(
        Difference(place, _text(getattr(before, place), names), _text(getattr(after, place), names))
        for place in places
        if getattr(before, place) != getattr(after, place)
    )


def _text(value: Any, names: Mapping[str, str]) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "\n".join(" · ".join(filter(None, _parts(each))) for each in value)
        case _:
            return names.get(str(value), str(value))


def _parts(words: Any) -> tuple[str, ...]:
    return tuple(str(getattr(words, each.name)) for each in fields(words))
