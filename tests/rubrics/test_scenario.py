"""Scenarios: what publishing needs, tags, and which one is offered in place of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.scenario import (
    LONGEST_WORDS,
    Scenario,
    another,
    cannot_be_kept,
    lines_of,
    problems,
    tag_of,
    tags_of,
    texts,
)
from tests.rubrics.scenarios import a_scenario

names = st.lists(st.integers(0, 30), unique=True, max_size=8)


def test_one_that_is_whole_needs_nothing() -> None:
    assert problems(a_scenario()) == ()


@pytest.mark.parametrize("name", ["about", "words", "license", "credits"])
def test_each_word_that_is_still_to_come_is_named(name: str) -> None:
    lacking = a_scenario(**{name: "  "})
    assert [problem.place for problem in problems(lacking)] == [name]
    assert cannot_be_kept(lacking) == ()


def test_a_title_and_a_language_are_all_that_a_draft_needs() -> None:
    assert cannot_be_kept(Scenario(title="The key", language="en-US")) == ()
    assert {problem.place for problem in cannot_be_kept(Scenario(title=" ", language="?"))} == {"title", "language"}


@pytest.mark.parametrize(
    ("place", "long"),
    [
        ("title", "x" * 201), ("about", "x" * 401), ("words", "x" * (LONGEST_WORDS + 1)), ("group", "x" * 201),
        ("license", "x" * 201), ("tags", ("x" * 201,)), ("content_notes", tuple(map(str, range(21)))),
    ],
)  # fmt: skip
def test_what_is_too_long_is_said_where_it_is(place: str, long: object) -> None:
    assert [problem.place for problem in cannot_be_kept(a_scenario(**{place: long}))] == [place]


def test_every_text_that_is_read_is_looked_at_for_words_that_wound() -> None:
    assert [text.place for text in texts(a_scenario())] == ["title", "about", "content_notes[1]", "words", "roles"]


def test_cap_b9_tags_are_small_letters_once_each_the_known_ones_first() -> None:
    assert tags_of(["race"], "Housing,  First  job\nrace, ,housing") == ("race", "housing", "first job")
    assert tags_of([], "سكن، أول وظيفة؛ سكن") == ("سكن", "أول وظيفة")
    assert tag_of("  First\u00a0JOB ") == "first job"


def test_content_notes_are_one_a_line() -> None:
    assert lines_of(" a death \r\n\n a death\nan office ") == ("a death", "an office")


@given(names, st.data())
def test_cap_b10_another_is_never_the_same_and_comes_again_only_when_nothing_else_is_left(
    group: list[int], data: st.DataObject
) -> None:
    current = data.draw(st.sampled_from(group)) if group else -1
    put_back = data.draw(st.lists(st.sampled_from(group), unique=True)) if group else []
    found = another(group, current, put_back)
    assert found != current
    assert (found is None) == (not set(group) - {current})
    if set(group) - {current} - set(put_back):
        assert found not in put_back


@given(st.lists(st.integers(), unique=True, min_size=1, max_size=8))
def test_cap_b10_whoever_asks_again_and_again_is_offered_every_one_before_any_comes_again(group: list[int]) -> None:
    current, put_back, seen = group[0], list[int](), [group[0]]
    for _each in group[1:]:
        instead = another(group, current, put_back)
        assert instead is not None
        put_back.append(current)
        current = instead
        seen.append(current)
    assert sorted(seen) == sorted(group)
