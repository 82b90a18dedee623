"""Rubrics in and out of files: what an author writes, and what is said where something is to be mended."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.documents import DocumentProblem
from lti_tool.documents.rubric import digest, from_document, read_rubric, to_document
from rubrics.publication import problems
from rubrics.rubric import Principle, Rubric
from tests.rubrics.making import a_rubric, rubrics

WRITTEN = """
key = "one-conversation"
title = "One conversation"
summary = "For one observed conversation."
language = "en-US"
license = "CC0-1.0"
provenance = "Written for this test."

[[criteria]]
key = "pauses"
statement = "Offers a pause"
principles = ["choice", "safety"]
relational = true
met_at = 2
guide = '''
Look for the moment before.
'''
levels = [
  { number = 1, label = "Stepped in", anchor = "The observer made the pause." },
  { number = 2, label = "On their own", anchor = "Paused unaided." },
]

[[criteria]]
key = "listens"
statement = "Listens"
principles = ["trust"]
met_at = 2
levels = [
  { number = 1, label = "Stepped in", anchor = "The observer listened." },
  { number = 2, label = "On their own", anchor = "Listened unaided." },
]
"""


def problem_with(text: str) -> DocumentProblem:
    with pytest.raises(DocumentProblem) as found:
        read_rubric(text, source="mine.toml")
    assert found.value.source == "mine.toml"
    return found.value


def shuffled(value: object) -> object:
    """The same JSON with the keys of each object the other way round."""
    match value:
        case dict():
            return {key: shuffled(value[key]) for key in reversed(value)}
        case list():
            return [shuffled(each) for each in value]
        case _:
            return value


def test_a_rubric_is_read_as_it_is_written() -> None:
    rubric = read_rubric(WRITTEN, source="mine.toml")
    assert problems(rubric) == ()
    assert [criterion.key for criterion in rubric.criteria] == ["pauses", "listens"]
    pauses, listens = rubric.criteria
    assert pauses.principles == {Principle.SAFETY, Principle.CHOICE}
    assert pauses.levels[1].anchor == "Paused unaided."
    assert pauses.guide == "Look for the moment before."
    assert rubric.reviewed_by_lived_experience is None
    assert (listens.may_be_not_observed, listens.must_be_met, listens.relational) == (True, False, False)


def test_windows_line_ends_and_a_byte_order_mark_are_read_too() -> None:
    assert read_rubric("\ufeff" + WRITTEN.replace("\n", "\r\n"), source="x") == read_rubric(WRITTEN, source="x")


@given(rubrics)
def test_cap_e12_writing_and_reading_gives_back_an_equal_rubric(rubric: Rubric) -> None:
    assert from_document(to_document(rubric)) == rubric
    assert from_document(json.loads(json.dumps(to_document(rubric)))) == rubric


@given(rubrics)
def test_the_digest_does_not_depend_on_the_order_of_keys(rubric: Rubric) -> None:
    document = shuffled(json.loads(json.dumps(to_document(rubric))))
    assert isinstance(document, dict)
    assert digest(from_document(document)) == digest(rubric)


@given(rubrics, rubrics)
def test_digests_are_equal_exactly_where_rubrics_are(one: Rubric, other: Rubric) -> None:
    assert (digest(one) == digest(other)) is (one == other)


def test_the_order_of_principles_in_the_file_changes_nothing() -> None:
    other = WRITTEN.replace('["choice", "safety"]', '["safety", "choice"]')
    assert digest(read_rubric(other, source="x")) == digest(read_rubric(WRITTEN, source="x"))


def test_cap_e13_what_was_published_with_the_first_release_keeps_its_digest() -> None:
    first = "7dae4762bf1a4e62e9fa32257c399d4b18fedecff7272c57d39e8510dc60eb4d"  # reckoned by that release
    assert digest(read_rubric(WRITTEN, source="x")) == first


def test_cap_e13_a_changed_word_changes_the_digest() -> None:
    other = WRITTEN.replace("Paused unaided.", "Paused, unaided.")
    assert digest(read_rubric(other, source="x")) != digest(read_rubric(WRITTEN, source="x"))


def test_what_is_not_toml_is_named_with_its_line() -> None:
    problem = problem_with('key = "one"\ntitle = "Open\nsummary = "x"\n')
    assert problem.place.startswith("line 2, column ")
    assert "quotes" in problem.sentence


def test_a_file_that_ends_too_early_says_so() -> None:
    assert problem_with('key = """open').place == "the end of the file"


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ('title = "One conversation"', "", "title", 'For example: title = "'),
        ("met_at = 2\nguide", "guide", "criteria[1].met_at", "met_at = 4"),
        (', anchor = "Listened unaided."', "", "criteria[2].levels[2].anchor", "still needed"),
        ("met_at = 2\nguide", 'met_at = "2"\nguide', "criteria[1].met_at", "without quotes"),
        ("met_at = 2\nguide", "met_at = 0\nguide", "criteria[1].met_at", "from 1 to 100"),
        ("met_at = 2\nguide", "met_at = 2.0\nguide", "criteria[1].met_at", "whole number"),
        ("relational = true", 'relational = "yes"', "criteria[1].relational", "true or false"),
        ('title = "One conversation"', "title = 1", "title", "text in quotes"),
        ('title = "One conversation"', "title = 2026-05-01", "title", "text in quotes"),
        ('["trust"]', '["truth"]', "criteria[2].principles[1]", "'cultural_responsiveness'"),
        ('["trust"]', '"trust"', "criteria[2].principles", "square brackets"),
        ("number = 1", "number = true", "criteria[1].levels[1].number", "whole number"),
    ],
)
def test_what_is_to_be_mended_is_said_with_its_place_and_remedy(old: str, new: str, place: str, says: str) -> None:
    assert old in WRITTEN
    problem = problem_with(WRITTEN.replace(old, new, 1))
    assert problem.place == place
    assert says in problem.sentence
    assert str(problem) == f"mine.toml: {place}: {problem.sentence}"


def test_a_misspelled_entry_is_answered_with_the_one_that_was_meant() -> None:
    problem = problem_with(WRITTEN.replace("met_at = 2\nguide", "metat = 2\nguide"))
    assert problem.place == "criteria[1].metat"
    assert "met_at?" in problem.sentence


def test_an_entry_of_the_rubric_below_a_criterion_is_sent_to_the_top() -> None:
    problem = problem_with(WRITTEN + '\nlicense = "CC0-1.0"\n')
    assert problem.place == "criteria[2].license"
    assert "above the first" in problem.sentence


def test_an_unknown_entry_is_answered_with_the_known_ones() -> None:
    problem = problem_with("weight = 3\n" + WRITTEN)
    assert problem.place == "weight"
    assert "provenance" in problem.sentence


def test_criteria_that_are_no_tables_are_explained() -> None:
    problem = problem_with(WRITTEN[: WRITTEN.index("[[criteria]]")] + 'criteria = ["pauses"]')
    assert problem.place == "criteria[1]"
    assert "table" in problem.sentence


def test_a_kept_document_that_is_none_says_so() -> None:
    document = to_document(a_rubric())
    del document["title"]
    with pytest.raises(DocumentProblem) as found:
        from_document(document)
    assert found.value.place == "title"


@given(st.text())
def test_whatever_is_written_is_read_or_answered_with_a_document_problem(text: str) -> None:
    problem_with(text)
