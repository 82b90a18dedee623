"""Frameworks as trees, whatever their source made of them, and what is said about one that is to be mended."""

from dataclasses import replace

import pytest
from hypothesis import given

from grading.competency import Competency, Framework, Link, Relation, problems, tree
from tests.grading.making import a_competency, a_framework, an_identifier, grown_frameworks


def shape(framework: Framework) -> list[tuple[str, int]]:
    return [(node.competency.code, node.depth) for node in tree(framework)]


def places(framework: Framework) -> list[tuple[str, bool]]:
    return [(problem.place, problem.tolerated) for problem in problems(framework)]


def test_siblings_stand_in_the_order_of_the_framework_below_their_parent() -> None:
    framework = a_framework(
        a_competency(1),
        a_competency(4, parent=1),
        a_competency(2),
        a_competency(3, parent=1),
        a_competency(5, parent=4),
    )
    assert shape(framework) == [("C1", 0), ("C4", 1), ("C5", 2), ("C3", 1), ("C2", 0)]
    assert tree(framework)[0].children == (an_identifier(4), an_identifier(3))


def test_whose_parent_is_elsewhere_stands_at_the_top_and_is_named() -> None:
    framework = a_framework(a_competency(1, parent=77), a_competency(2, parent=1))
    assert shape(framework) == [("C1", 0), ("C2", 1)]
    (problem,) = problems(framework)
    assert (problem.place, problem.found, problem.tolerated) == ("competencies[1].parent", an_identifier(77), True)


def test_a_circle_is_entered_at_its_first_member_and_named_in_its_order() -> None:
    framework = a_framework(
        a_competency(1), a_competency(2, parent=3), a_competency(3, parent=4), a_competency(4, parent=2)
    )
    assert shape(framework) == [("C1", 0), ("C2", 0), ("C4", 1), ("C3", 2)]
    (problem,) = problems(framework)
    assert (problem.place, problem.found, problem.tolerated) == ("competencies[2].parent", "C2 → C3 → C4 → C2", True)


def test_two_circles_are_both_named_and_those_hanging_from_one_are_in_none() -> None:
    framework = a_framework(
        a_competency(5, parent=1),
        a_competency(1, parent=2),
        a_competency(2, parent=1),
        a_competency(3, parent=4),
        a_competency(4, parent=3),
    )
    assert [problem.found for problem in problems(framework)] == ["C1 → C2 → C1", "C3 → C4 → C3"]
    assert shape(framework) == [("C1", 0), ("C5", 1), ("C2", 1), ("C3", 0), ("C4", 1)]


def test_whoever_names_itself_as_parent_is_asked_to_leave_that_out() -> None:
    framework = a_framework(a_competency(1, parent=1))
    assert shape(framework) == [("C1", 0)]
    assert places(framework) == [("competencies[1].parent", False)]


@given(grown_frameworks())
def test_the_tree_has_everyone_once_and_parents_before_their_children(framework: Framework) -> None:
    nodes = tree(framework)
    order = [node.competency.identifier for node in nodes]
    assert sorted(order) == sorted(each.identifier for each in framework.competencies)
    depth = {node.competency.identifier: node.depth for node in nodes}
    for node in nodes:
        for child in node.children:
            assert order.index(child) > order.index(node.competency.identifier)
            assert depth[child] == node.depth + 1
    assert sum(len(node.children) for node in nodes) == len(nodes) - sum(node.depth == 0 for node in nodes)


@given(grown_frameworks())
def test_whatever_hangs_together_can_be_used_and_each_circle_is_named_once(framework: Framework) -> None:
    found = problems(framework)
    assert all(problem.tolerated for problem in found)
    parents = {each.identifier: each.parent for each in framework.competencies}
    tops = sum(parent is None or parent not in parents for parent in parents.values())
    circles = sum("→" in problem.found for problem in found)
    assert sum(node.depth == 0 for node in tree(framework)) == tops + circles


def test_five_thousand_in_one_line_are_walked_and_looked_at() -> None:
    chain = tuple(a_competency(number, parent=number - 1 or None) for number in range(1, 5001))
    framework = a_framework(*reversed(chain))
    assert tree(framework)[-1].depth == 4999
    assert problems(framework) == ()
    closed = a_framework(replace(chain[0], parent=an_identifier(5000)), *chain[1:])
    assert [problem.found.count("→") for problem in problems(closed)] == [5000]


@pytest.mark.parametrize(
    ("competency", "place", "tolerated"),
    [
        (a_competency(1, code="C9"), "competencies[2].identifier", False),
        (a_competency(2, code="C1"), "competencies[2].code", True),
        (a_competency(2, statement=" "), "competencies[2].statement", False),
        (a_competency(2, identifier="A2"), "competencies[2].identifier", False),
        (a_competency(2, identifier=an_identifier(0xABC).upper()), "competencies[2].identifier", False),
        (a_competency(2, code=""), None, None),
    ],
)
def test_a_competency_that_is_to_be_mended_is_named(competency: Competency, place: str, tolerated: bool) -> None:
    assert places(a_framework(a_competency(1, code="C1"), competency)) == ([(place, tolerated)] if place else [])


@pytest.mark.parametrize(
    "changes", [{"key": "Starter 1"}, {"identifier": "starter"}, {"title": "  "}, {"language": ""}]
)
def test_a_framework_needs_its_names(changes: dict[str, str]) -> None:
    assert places(a_framework(**changes)) == [(next(iter(changes)), False)]


def test_two_links_that_say_the_same_are_one_too_many() -> None:
    def link(number: int) -> Link:
        ends = {"origin": an_identifier(1), "destination": an_identifier(2)}
        return Link(identifier=an_identifier(number), relation=Relation.SAME, **ends)

    framework = a_framework(links=(link(7), link(8), replace(link(9), relation=Relation.RELATED)))
    assert places(framework) == [("links[2]", False)]
