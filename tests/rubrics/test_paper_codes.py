"""Codes on paper: read as they were written, and noticed where they were not."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rubrics.paper_code import LENGTH, LETTERS, complete, read, shown

codes = st.text(LETTERS, min_size=LENGTH - 1, max_size=LENGTH - 1).map(complete)
places = st.integers(0, LENGTH - 1)


@given(codes)
def test_a_code_is_read_however_it_is_written(code: str) -> None:
    assert read(code) == code
    assert read(shown(code)) == code
    assert read(f"  {code[:3].lower()} {code[3:].lower()} ") == code
    assert read(code.replace("0", "o").replace("1", "l")) == code
    assert read(code.replace("0", "O").replace("1", "i")) == code
    assert read(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == code


@given(codes, places, st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(code: str, place: int, letter: str) -> None:
    assume(code[place] != letter)
    assert read(code[:place] + letter + code[place + 1 :]) is None


@given(codes, st.integers(0, LENGTH - 2))
def test_two_letters_the_wrong_way_round_are_noticed(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    turned = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read(turned) is None


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    assert read(typed) is None or complete(read(typed)[:-1]) == read(typed)


@pytest.mark.parametrize("first", ["", "ABCDEF", "ABCDEFU", "abcdefg", "ABCDEFGH"])
def test_what_begins_no_code_is_not_completed(first: str) -> None:
    with pytest.raises(ValueError, match="does not begin a code"):
        complete(first)
