"""The examples that come with Attune: finished, in the languages of their rubric, and gentle."""

import pytest

from lti_tool.services.exchange.bundled import bundled_examples, bundled_rubrics
from rubrics.example import Example, hints, problems
from rubrics.rubric import Rubric
from tests.rubrics.words import BANNED

RUBRICS = {rubric.key: rubric for rubric in bundled_rubrics()}
EVERY = [
    pytest.param(example, RUBRICS[key], id=example.key) for key, examples in bundled_examples() for example in examples
]
every_example = pytest.mark.parametrize(("example", "rubric"), EVERY)


@every_example
def test_people_can_agree_on_each_as_it_is(example: Example, rubric: Rubric) -> None:
    assert problems(example, rubric) == ()
    assert (example.agreed_by, example.agreed_on) == ("", None)


@every_example
def test_each_names_nobody_and_speaks_gently(example: Example, rubric: Rubric) -> None:
    assert hints(example) == ()
    for text in (example.title, example.text, example.content_note, *(each.evidence for each in example.ratings)):
        assert not BANNED.search(text), text


@pytest.mark.parametrize("language", ["en-US", "es", "ar"])
def test_cap_b10_another_of_the_same_group_is_there_in_each_language(language: str) -> None:
    for key, examples in bundled_examples():
        of_it = [example for example in examples if example.language == language]
        assert len(of_it) >= 2, key
        assert len({example.group for example in of_it}) == 1
        assert of_it[0].group


def test_each_is_rated_alike_in_each_language() -> None:
    for key, examples in bundled_examples():
        rated = {
            language: [
                [(one.criterion, one.level) for one in each.ratings] for each in examples if each.language == language
            ]
            for language in ("en-US", "es", "ar")
        }
        assert rated["es"] == rated["en-US"] == rated["ar"], key


def test_between_them_they_show_levels_that_are_far_apart() -> None:
    for key, examples in bundled_examples():
        seen = {rating.level for example in examples for rating in example.ratings}
        assert seen >= {1, 2, 4, None}, key
