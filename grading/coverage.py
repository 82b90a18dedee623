"""Which principles and competencies the criteria of rubrics cover, and what nobody covers yet.

It tells of rubrics, never of people. A competency that cannot be observed is set apart: it is shown by reflection
or talk, so nothing is missing where no criterion shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.competency import Competency, Framework, Node, tree
from rubrics.rubric import Alignment, Criterion, Principle

Columns = tuple[int, ...]
"""Which criteria, as places in the given order, counted from 0."""


@dataclass(frozen=True, slots=True)
class Line:
    """One competency, and which criteria show it."""

    competency: Competency
    shown_by: Columns


@dataclass(frozen=True, slots=True)
class Area:
    """A competency at the top of its framework, with what belongs to it."""

    competency: Competency
    shown_by: Columns
    """The criteria that show it, or anything in it."""
    lines: tuple[Line, ...]
    """What can be seen in practice: what has nothing below it, and whatever a criterion names."""
    apart: tuple[Line, ...]
    """The same of what cannot be observed."""

    @property
    def covered(self) -> int:
        """How many of its lines some criterion shows."""
        return sum(1 for line in self.lines if line.shown_by)


@dataclass(frozen=True, slots=True)
class OfFramework:
    """How far one framework is covered. What its owner does not have any more is left out, unless it is shown."""

    framework: Framework
    areas: tuple[Area, ...]

    @property
    def covered(self) -> int:
        """How many competencies some criterion shows, of those that can be observed."""
        return sum(area.covered for area in self.areas)

    @property
    def observable(self) -> int:
        """How many can be observed."""
        return sum(len(area.lines) for area in self.areas)


@dataclass(frozen=True, slots=True)
class Unknown:
    """An alignment to a competency that is in none of the frameworks."""

    column: int
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Coverage:
    """What criteria cover."""

    principles: Mapping[Principle, Columns]
    """Every principle, in the usual order."""
    relational: Columns
    must_be_met: Columns
    frameworks: tuple[OfFramework, ...]
    unknown: tuple[Unknown, ...]

    @property
    def without(self) -> tuple[Principle, ...]:
        """The principles that no criterion stands for yet."""
        return tuple(principle for principle, columns in self.principles.items() if not columns)


def coverage(criteria: Sequence[Criterion], frameworks: Sequence[Framework]) -> Coverage:
    """What these criteria, of one rubric or of several, cover of the principles and of these frameworks.

    An alignment finds its competency by its identifier, or else by what people write (`starter:A1`).
    """
    names = _names(frameworks)
    shown: dict[str, list[int]] = {}
    unknown = []
    for column, criterion in enumerate(criteria):
        for alignment in criterion.alignments:
            found = names.get(alignment.identifier or "") or names.get(alignment.competency)
            if found is None:
                unknown.append(Unknown(column, alignment))
            elif column not in (here := shown.setdefault(found, [])):
                here.append(column)
    return Coverage(
        principles={
            each: tuple(column for column, criterion in enumerate(criteria) if each in criterion.principles)
            for each in Principle
        },
        relational=tuple(column for column, criterion in enumerate(criteria) if criterion.relational),
        must_be_met=tuple(column for column, criterion in enumerate(criteria) if criterion.must_be_met),
        frameworks=tuple(OfFramework(framework, _areas(framework, shown)) for framework in frameworks),
        unknown=tuple(unknown),
    )


def _names(frameworks: Sequence[Framework]) -> Mapping[str, str]:
    """What a competency is called, and its identifier. Of two with one code in a framework the first has it."""
    names: dict[str, str] = {}
    for framework in frameworks:
        for each in framework.competencies:
            names[each.identifier] = each.identifier
            if each.code:
                names.setdefault(f"{framework.key}:{each.code}", each.identifier)
    return names


def _areas(framework: Framework, shown: Mapping[str, Sequence[int]]) -> tuple[Area, ...]:
    groups: list[list[Node]] = []
    for node in tree(framework):
        if node.depth == 0:
            groups.append([])
        groups[-1].append(node)
    areas = (_area(nodes, shown) for nodes in groups)
    return tuple(area for area in areas if area.lines or area.apart or area.shown_by)


def _area(nodes: Sequence[Node], shown: Mapping[str, Sequence[int]]) -> Area:
    here = {node.competency.identifier for node in nodes if _stands(node.competency, shown)}
    lines = [
        Line(node.competency, tuple(shown.get(node.competency.identifier, ())))
        for node in nodes
        if node.competency.identifier in here
        and (node.competency.identifier in shown or not here.intersection(node.children))
    ]
    return Area(
        competency=nodes[0].competency,
        shown_by=tuple(sorted({column for line in lines for column in line.shown_by})),
        lines=tuple(line for line in lines if line.competency.observable),
        apart=tuple(line for line in lines if not line.competency.observable),
    )


def _stands(competency: Competency, shown: Mapping[str, Sequence[int]]) -> bool:
    return competency.deprecated_on is None or competency.identifier in shown
