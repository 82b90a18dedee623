"""What people type into one field, in the digits and signs of any script."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.typed import decimal_number, in_digits, several, whole_number

SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९")


@given(number=st.integers(0, 999), script=st.sampled_from(SCRIPTS))
def test_a_whole_number_is_read_in_the_digits_of_any_script(number: int, script: str) -> None:
    typed = str(number).translate(str.maketrans(SCRIPTS[0], script))
    assert whole_number(f" {typed}\N{RIGHT-TO-LEFT MARK} ") == number
    assert whole_number(typed, digits=len(typed) - 1) is None


@given(hundredths=st.integers(0, 999_999), script=st.sampled_from(SCRIPTS), point=st.sampled_from(".,٫،"))
def test_a_number_with_a_part_is_read_in_any_script_with_its_own_point(
    hundredths: int, script: str, point: str
) -> None:
    number = Decimal(hundredths) / 100
    typed = f"{number:.2f}".translate(str.maketrans(f"{SCRIPTS[0]}.", f"{script}{point}"))
    assert decimal_number(typed) == number


@pytest.mark.parametrize("typed", ["", " ", "-1", "+1", "1e2", "1_0", "½", "²", "②", "one", "1 2", "0x1", "1\0"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert whole_number(typed) is None
    assert decimal_number(typed) is None


@pytest.mark.parametrize("typed", [".", ",", "5.", "1.2.3", "1,250", "1.250", "NaN", "Infinity"])
def test_what_is_no_number_or_can_be_read_in_two_ways_is_none(typed: str) -> None:
    assert decimal_number(typed) is None


def test_a_number_is_kept_as_it_was_written() -> None:
    assert [str(decimal_number(typed)) for typed in ("8", "8.50", "٫٥")] == ["8", "8.50", "0.5"]
    assert decimal_number("66,667", places=3) == Decimal("66.667")
    assert decimal_number(f"{10**12}.5") == Decimal("1000000000000.5")
    assert in_digits("٥٠٪, 2 of them") == "50%, 2 of them"


@given(st.text())
def test_whatever_is_typed_is_a_number_or_none(typed: str) -> None:
    for read in (whole_number, decimal_number):
        found = read(typed)
        assert found is None or found >= 0


@pytest.mark.parametrize("between", [",", "، ", "、", ";", " ؛ ", "\n", "\r\n", ", ,"])
def test_a_list_is_split_at_the_signs_of_any_script(between: str) -> None:
    assert several(f" housing{between}first job,") == ["housing", "first job"]
    assert several(between) == []
