"""Numbers of things are said as each language says them, also those that were written down as texts before."""

from decimal import Decimal

import pytest

from grading.telling.counted import UNITS, Counted
from grading.telling.said import Said, told
from grading.telling.words import amount

DUAL = {0: "no hours", 1: "an hour", 2: "both hours"}


def in_a_language_with_a_dual(template: str) -> str:
    assert isinstance(template, Counted)
    assert (template.one, template.several) == UNITS["hours"]
    return DUAL.get(template.number, "%(number)s hours and no others")


@pytest.mark.parametrize(
    ("value", "said"),
    [("0", "no hours"), ("1", "an hour"), ("2", "both hours"), ("2.0", "both hours"), ("-2", "both hours"),
     ("2.5", "2.5 hours and no others"), ("40", "40 hours and no others")],
)  # fmt: skip
def test_ux_e2_a_language_has_a_form_for_each_number(value: str, said: str) -> None:
    assert told(amount(Decimal(value), "hours"), in_a_language_with_a_dual) == said


def test_what_was_kept_as_a_text_is_counted_too() -> None:
    kept = Said("%(number)s hours", {"number": Decimal(2)})
    assert told(kept, in_a_language_with_a_dual) == "both hours"


@pytest.mark.parametrize(("value", "said"), [("1", "1 hour"), ("0", "0 hours"), ("1.5", "1.5 hours")])
def test_without_a_language_it_is_said_in_english(value: str, said: str) -> None:
    assert told(amount(Decimal(value), "hours")) == said
    assert amount(Decimal(value), "hours").template in UNITS["hours"]


def test_no_other_template_is_counted() -> None:
    assert not isinstance(told(amount(Decimal(3), "pages")), Counted)
    assert told(amount(Decimal(50), "%")) == "50 %"
