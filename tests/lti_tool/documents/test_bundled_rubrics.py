"""The rubrics that come with Attune."""

from pathlib import Path

import pytest

from lti_tool.documents.rubric import read_rubric
from lti_tool.paths import CONFIG
from rubrics.publication import problems
from rubrics.rubric import Principle, Rubric
from tests.rubrics.words import BANNED

FILES = sorted((CONFIG / "rubrics").glob("*.toml"))


def read(path: Path) -> Rubric:
    return read_rubric(path.read_text(encoding="utf-8"), source=path.name)


@pytest.fixture(scope="module")
def peer_support() -> Rubric:
    return read(CONFIG / "rubrics" / "trauma-informed-peer-support.toml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bundled_rubric_is_ready_to_be_published(path: Path) -> None:
    assert problems(read(path)) == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_cap_a4_a_bundled_rubric_uses_no_word_that_wounds(path: Path) -> None:
    assert BANNED.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bundled_rubric_is_named_as_its_file_and_claims_no_review(path: Path) -> None:
    rubric = read(path)
    assert rubric.key == path.stem
    assert rubric.reviewed_by_lived_experience is None
    assert "Not yet reviewed by your people" in rubric.provenance


def test_cap_b3_peer_support_has_eight_criteria_with_five_anchored_levels_each(peer_support: Rubric) -> None:
    assert len(peer_support.criteria) == 8
    for criterion in peer_support.criteria:
        assert [level.number for level in criterion.levels] == [1, 2, 3, 4, 5]


def test_every_anchor_is_of_its_own_behavior(peer_support: Rubric) -> None:
    anchors = [level.anchor for criterion in peer_support.criteria for level in criterion.levels]
    assert len(set(anchors)) == len(anchors)


def test_cap_b3_every_criterion_has_a_guide_an_example_and_something_to_watch_for(peer_support: Rubric) -> None:
    for criterion in peer_support.criteria:
        assert criterion.guide
        assert criterion.example
        assert len(criterion.watch_for) >= 3
        assert criterion.alignments


def test_cap_a1_all_six_principles_are_covered(peer_support: Rubric) -> None:
    assert {principle for criterion in peer_support.criteria for principle in criterion.principles} == set(Principle)


def test_cap_a3_most_criteria_are_relational_and_safety_is_not_averaged_away(peer_support: Rubric) -> None:
    assert sum(criterion.relational for criterion in peer_support.criteria) > 4
    assert {criterion.key for criterion in peer_support.criteria if criterion.must_be_met} == {
        "notices-too-much",
        "role-and-limits",
    }


def test_cap_b4_sharing_ones_own_story_is_rated_by_how_and_never_by_what(peer_support: Rubric) -> None:
    sharing = peer_support.criterion("shares-with-purpose")
    assert sharing is not None
    assert sharing.may_be_not_observed
    assert "write down nothing of the story" in sharing.guide
