"""Each of the 80 kinds of rule is on its page, with examples that have the answers it says."""

import re

import pytest

from grading.requirements.kinds import KINDS
from tests.docs.kinds_page import PAGE, Example, blocks_without_answer, examples, findings, sections

EXAMPLES = tuple(examples())


def test_each_kind_is_on_the_page_once_and_in_order() -> None:
    assert list(sections()) == list(KINDS)
    assert re.findall(r"^### `([a-z_]+)`$", PAGE, re.MULTILINE) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_stands_in_its_group_and_begins_with_what_it_means(kind: str) -> None:
    before = PAGE[: PAGE.index(f"### `{kind}`\n")]
    assert re.findall(r"^## (.*)$", before, re.MULTILINE)[-1].lower() == KINDS[kind].group
    assert sections()[kind].strip().startswith(KINDS[kind].meaning.removesuffix("."))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.kind}-{each.number}")
def test_an_example_has_the_answer_that_the_page_says(example: Example) -> None:
    assert example.found() == example.said()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_shown_met_and_otherwise(kind: str) -> None:
    said = {part for each in EXAMPLES if each.kind == kind for part in each.parts}
    assert len(said) > 1, f"{kind} needs an example that is met and one that is not"


def test_each_rule_has_evidence() -> None:
    assert blocks_without_answer() == []


def test_the_checker_would_have_nothing_mended_but_in_the_example_for_it() -> None:
    found = {each.kind: findings(each.rule) for each in EXAMPLES if findings(each.rule)}
    assert {kind: [each.code for each in several] for kind, several in found.items()} == {
        "consistency_check": ["minima_above_total"]
    }
