"""What the document on accessibility claims is shown by tests that there are."""

from tests.accessibility import DOCUMENT, STATES, criteria, document, is_there

LEVEL_A, LEVEL_AA = 31, 24
"""So many criteria WCAG 2.2 has; 4.1.1 is not among them any more."""


def test_each_criterion_of_the_standard_stands_there_once() -> None:
    ids = [each.id for each in criteria()]
    assert len(ids) == len(set(ids))
    assert sum(each.level == "A" for each in criteria()) == LEVEL_A
    assert sum(each.level == "AA" for each in criteria()) == LEVEL_AA


def test_nothing_is_claimed_without_a_test() -> None:
    assert {each.state for each in criteria()} <= set(STATES)
    assert not [each.id for each in criteria() if each.state == "supports" and not each.tests]
    assert not [each.id for each in criteria() if each.state != "supports" and not each.note]


def test_every_test_that_is_named_is_there() -> None:
    assert not [test for each in criteria() for test in each.tests if not is_there(test)]


def test_the_document_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make accessibility"
