"""What keeps a rubric from being published, and where it says so."""

from dataclasses import replace

import pytest
from hypothesis import given

from rubrics.publication import problems
from rubrics.rubric import Rubric
from rubrics.translation import Translation
from tests.rubrics.making import LEVELS, a_criterion, a_rubric, rubrics


def places(rubric: Rubric) -> list[str]:
    return [problem.place for problem in problems(rubric)]


def with_level(position: int, **changes: object) -> Rubric:
    changed = list(LEVELS)
    changed[position - 1] = replace(changed[position - 1], **changes)
    return a_rubric(a_criterion("listens"), a_criterion(levels=tuple(changed)))


def test_a_rubric_that_has_everything_is_ready() -> None:
    assert places(a_rubric()) == []


def test_cap_a3_a_rubric_without_a_relational_criterion_is_not_published() -> None:
    assert places(a_rubric(a_criterion(relational=False))) == ["criteria"]


def test_one_relational_criterion_among_others_is_enough() -> None:
    assert places(a_rubric(a_criterion("listens", relational=False), a_criterion("pauses", relational=True))) == []


def test_cap_a1_a_criterion_without_a_principle_is_not_published() -> None:
    assert places(a_rubric(a_criterion(principles=frozenset()))) == ["criteria[1].principles"]


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_cap_b1_a_level_without_an_anchor_is_not_published(blank: str) -> None:
    assert places(with_level(3, anchor=blank)) == ["criteria[2].levels[3].anchor"]


def test_each_criterion_has_a_key_of_its_own() -> None:
    assert places(a_rubric(a_criterion("listens"), a_criterion("pauses"), a_criterion("listens"))) == [
        "criteria[3].key"
    ]


@pytest.mark.parametrize("key", ["", "Listens", "listens ", "a b", "-a", "ä"])
def test_keys_are_plain_because_addresses_and_columns_use_them(key: str) -> None:
    assert "criteria[1].key" in places(a_rubric(a_criterion(key)))
    assert places(a_rubric(key=key)) == ["key"]


def test_levels_go_upward() -> None:
    assert places(with_level(2, number=1)) == ["criteria[2].levels[2].number"]
    assert places(with_level(2, number=4)) == ["criteria[2].levels[3].number"]


def test_levels_begin_at_1_or_above() -> None:
    assert places(with_level(1, number=0)) == ["criteria[2].levels[1].number"]


def test_two_levels_do_not_share_a_name() -> None:
    assert places(with_level(3, label="STEPPED in ")) == ["criteria[2].levels[3].label"]


def test_a_criterion_has_at_least_two_levels() -> None:
    assert places(a_rubric(a_criterion(levels=LEVELS[:1], met_at=1))) == ["criteria[1].levels"]


def test_what_counts_as_met_is_one_of_the_levels() -> None:
    assert places(a_rubric(a_criterion(met_at=4))) == ["criteria[1].met_at"]


@pytest.mark.parametrize("name", ["title", "summary", "license", "provenance"])
def test_title_summary_license_and_origin_are_said(name: str) -> None:
    assert places(a_rubric(**{name: " "})) == [name]


@pytest.mark.parametrize("language", ["", "English", "en_US", "e"])
def test_the_language_is_a_code(language: str) -> None:
    assert places(a_rubric(language=language)) == ["language"]


def test_a_rubric_is_not_translated_into_its_own_language() -> None:
    assert "translations[1].language" in places(a_rubric(language="es", translations=(Translation(language="es"),)))


def test_a_rubric_has_criteria() -> None:
    assert places(a_rubric(criteria=())) == ["criteria"]


def test_a_review_that_names_nobody_is_no_review() -> None:
    assert places(a_rubric(reviewed_by_lived_experience=" ")) == ["reviewed_by_lived_experience"]


def test_a_rubric_that_nobody_reviewed_yet_says_so_by_none() -> None:
    assert places(a_rubric(reviewed_by_lived_experience=None)) == []


def test_a_statement_says_what_can_be_seen() -> None:
    assert places(a_rubric(a_criterion(statement=""))) == ["criteria[1].statement"]


def test_a_level_and_a_criterion_are_found_by_number_and_key() -> None:
    rubric = a_rubric()
    criterion = rubric.criterion("pauses")
    assert criterion is not None
    assert criterion.level(2) == LEVELS[1]
    assert criterion.level(9) is None
    assert rubric.criterion("sings") is None


@given(rubrics)
def test_every_problem_names_a_place_and_ends_as_a_sentence(rubric: Rubric) -> None:
    for problem in problems(rubric):
        assert problem.place
        assert problem.sentence.endswith(".")


@given(rubrics)
def test_a_rubric_that_is_ready_has_an_anchor_at_every_level(rubric: Rubric) -> None:
    if not problems(rubric):
        assert all(level.anchor.strip() for criterion in rubric.criteria for level in criterion.levels)
