"""A framework's tree and its crosswalk, as they are read a piece at a time."""

from uuid import UUID

import pytest

from grading.competency import Competency, Framework, Link, Relation
from lti_tool.services.competencies import framework_tree, frameworks
from lti_tool.services.courses.places import NotHere
from lti_tool.store.base import new_id
from tests.lti_tool.services.conftest import World

A, B, C = (str(new_id()) for _ in range(3))


def keep(world: World, *competencies: Competency, key: str = "ours", links: tuple[Link, ...] = ()) -> UUID:
    framework = Framework(
        identifier=str(new_id()), key=key, title=key.title(), language="en-US", competencies=competencies, links=links
    )  # fmt: skip
    saved = frameworks.save(world.session, world.organization_id, framework, bundled=False, now=world.now)
    return saved.framework_id


def one(identifier: str, parent: str | None = None, **changes: str) -> Competency:
    return Competency(identifier=identifier, statement="Something", parent=parent, **changes)


def test_whoever_names_a_parent_that_is_not_there_stands_at_the_top(world: World) -> None:
    tree = framework_tree.tree_of(world.session, keep(world, one(A, parent=str(new_id())), one(B, parent=A)))
    assert tree.tops == (A,)
    assert tree.level(A) == (B,)


def test_a_circle_is_entered_and_left_again(world: World) -> None:
    tree = framework_tree.tree_of(world.session, keep(world, one(A, parent=B), one(B, parent=A)))
    assert len(tree.tops) == 1
    assert set(tree.children) == {A, B}
    (top,) = tree.tops
    assert tree.ancestors(tree.level(top)[0]) == (top,)


def test_the_way_to_a_competency_is_told_from_the_top_down(world: World) -> None:
    tree = framework_tree.tree_of(world.session, keep(world, one(C, parent=B), one(B, parent=A), one(A)))
    assert tree.ancestors(C) == (A, B)


def test_a_line_of_a_crosswalk_to_what_nobody_brought_in_keeps_its_title(world: World) -> None:
    line = Link(
        identifier=str(new_id()), origin=A, relation=Relation.RELATED, destination=B, destination_title="Elsewhere",
        destination_uri="https://case.example/b",
    )  # fmt: skip
    keep(world, one(A), links=(line,))
    (linked,) = framework_tree.links_of(world.session, world.organization_id, A)
    assert (linked.statement, linked.framework_id, linked.outward) == ("Elsewhere", None, True)
    assert linked.uri == "https://case.example/b"


def test_a_crosswalk_is_read_from_both_ends(world: World) -> None:
    line = Link(identifier=str(new_id()), origin=A, relation=Relation.PART_OF, destination=B)
    keep(world, one(A, code="A1"), links=(line,))
    theirs = keep(world, one(B, code="Z9"), key="theirs")
    (there,) = framework_tree.links_of(world.session, world.organization_id, A)
    (back,) = framework_tree.links_of(world.session, world.organization_id, B)
    assert (there.named, there.framework_id, there.outward) == ("theirs:Z9", theirs, True)
    assert (back.named, back.outward) == ("ours:A1", False)


def test_a_framework_of_another_organization_is_not_here(world: World) -> None:
    with pytest.raises(NotHere):
        framework_tree.standing(world.session, new_id(), keep(world, one(A)))
