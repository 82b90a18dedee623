"""Examples in and out of files: everything comes back, and what is to be mended is named."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.documents import DocumentProblems
from lti_tool.documents.example import from_document, read_examples, to_document, write_examples
from rubrics.assessment import Rating
from rubrics.example import Example, Medium, Origin
from tests.rubrics.examples import an_example

WRITTEN = """
rubric = "one-conversation"

[[examples]]
key = "by-the-window"
title = "By the window"
language = "en-US"
text = '''
They sit by the window.
'''
agreed_on = 2026-03-02
ratings = [
  { criterion = "pauses", level = 3, reason = "She asks." },
  { criterion = "listens", not_observed = true, reason = "Nobody speaks." },
]
"""

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(str.strip)
ratings = st.builds(
    lambda criterion, level, seen, evidence: Rating(criterion, level if seen else None, not seen, evidence),
    words, st.none() | st.integers(1, 100), st.booleans(), words,
)  # fmt: skip
examples = st.builds(
    Example,
    key=words, title=words, medium=st.sampled_from(Medium), language=words, text=words, address=words,
    captions=st.booleans(), transcript=words, minutes=st.none() | st.integers(1, 100), setting=words,
    practice_model=words, content_note=words, group=words, origin=st.sampled_from(Origin), permission=words,
    agreed_by=words, agreed_on=st.none() | st.dates(),
    ratings=st.lists(ratings, max_size=3, unique_by=lambda rating: rating.criterion).map(tuple),
)  # fmt: skip


def problem_with(text: str) -> tuple[str, str]:
    with pytest.raises(DocumentProblems) as found:
        read_examples(text, source="mine.toml")
    assert found.value.problems[0].source == "mine.toml"
    return found.value.problems[0].place, str(found.value.problems[0].sentence)


@given(examples)
def test_what_is_kept_of_an_example_is_all_of_it(example: Example) -> None:
    assert from_document(json.loads(json.dumps(to_document(example)))) == example


@settings(max_examples=60)
@given(st.lists(examples, max_size=3, unique_by=lambda example: example.key))
def test_what_is_taken_along_is_equal_on_the_way_back(some: list[Example]) -> None:
    assert read_examples(write_examples("a-rubric", some), source="x") == ("a-rubric", tuple(some))


def test_an_author_writes_toml() -> None:
    rubric, (example,) = read_examples(WRITTEN, source="mine.toml")
    assert rubric == "one-conversation"
    assert example.text == "They sit by the window."
    assert example.rating("listens") == Rating("listens", None, not_observed=True, evidence="Nobody speaks.")


def test_what_is_to_be_mended_is_named_with_its_place() -> None:
    assert problem_with(WRITTEN.replace("level = 3", "level = 0")) == (
        "examples[1].ratings[1].level",
        "Found “0”. Please write a number from 1 to 100.",
    )
    assert problem_with(WRITTEN.replace("text =", "txt ="))[1] == "There is no such entry here. Is it meant to be text?"
    assert problem_with(WRITTEN.replace('key = "by-the-window"', ""))[0] == "examples[1].key"
    assert problem_with(WRITTEN.replace("2026-03-02", '"soon"'))[0] == "examples[1].agreed_on"
    assert problem_with("rubric = ")[0] == "the end of the file"
    with pytest.raises(DocumentProblems) as kept:
        from_document({**to_document(an_example()), "medium": "smell"})
    assert kept.value.problems[0].place == "medium"


def test_what_stands_there_twice_is_named() -> None:
    twice = WRITTEN + WRITTEN.partition("\n[[")[1] + WRITTEN.partition("\n[[")[2]
    assert problem_with(twice)[0] == "examples[2].key"
    assert problem_with(WRITTEN.replace('"listens"', '"pauses"'))[0] == "examples[1].ratings[2].criterion"
    assert problem_with(WRITTEN.replace("level = 3", "level = 3, not_observed = true"))[0] == "examples[1].ratings[1]"


def test_what_is_empty_is_left_out() -> None:
    bare = replace(an_example(), ratings=())
    assert set(to_document(bare)) == {"key", "title", "language", "medium", "origin", "text"}
