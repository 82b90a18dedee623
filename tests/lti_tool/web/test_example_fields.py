"""What a form shows of an example makes the same example again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from lti_tool.web.authoring.example_fields import typed, values_of
from rubrics.assessment import Rating
from rubrics.example import Example, Medium, Origin
from tests.rubrics.examples import an_example
from tests.rubrics.making import a_rubric

words = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])).map(str.strip)
some = words.filter(bool)
rated = st.one_of(
    st.builds(lambda level, words: (level, False, words), st.integers(1, 100), words),
    st.builds(lambda words: (None, True, words), words),
    st.builds(lambda words: (None, False, words), some),
)
examples = st.builds(
    lambda by_key, **values: Example(
        key="",
        ratings=tuple(
            Rating(key, *by_key[key]) for key in ("pauses", "listens") if key in by_key
        ),
        **values,
    ),
    by_key=st.fixed_dictionaries({}, optional={"pauses": rated, "listens": rated}),
    title=some, medium=st.sampled_from(Medium), language=words, text=words, address=words, captions=st.booleans(),
    transcript=words, minutes=st.none() | st.integers(1, 100), setting=words, practice_model=words,
    content_note=words, group=words, origin=st.sampled_from(Origin), permission=words,
)  # fmt: skip


@given(examples)
def test_what_is_shown_makes_the_same_again(example: Example) -> None:
    found = typed(values_of(example), a_rubric())
    assert (found.example, found.problems) == (example, {})


def test_line_ends_are_those_of_the_page_and_a_nul_is_dropped() -> None:
    found = typed(values_of(replace(an_example(), text="One\r\ntwo\0")), a_rubric())
    assert found.example.text == "One\ntwo"


@pytest.mark.parametrize("level", ["0", "101", "-1", "²", "x", "01005", "1" * 5000])
def test_a_level_that_no_form_of_ours_sends_is_refused(level: str) -> None:
    with pytest.raises(BadRequest):
        typed({"title": "T", "level.pauses": level}, a_rubric())
