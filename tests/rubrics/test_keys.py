"""Keys made from words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.keys import LONGEST, is_key, key_for


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Listens more than they speak", "listens-more-than-they-speak"),
        ("Escucha más de lo que habla", "escucha-mas-de-lo-que-habla"),
        ("Asks, and waits for an answer that may take its time", "asks-and-waits-for-an-answer-that-may"),
        ("", "c1"),
        ("…", "c1"),
    ],
)
def test_a_key_can_be_read(words: str, key: str) -> None:
    assert key_for(words, (), otherwise="c") == key


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert key_for("Listens", {"listens", "listens-2"}, otherwise="c") == "listens-3"
    assert key_for("", {"c1"}, otherwise="c") == "c2"


@given(st.text(), st.sets(st.text()))
def test_any_words_give_a_new_key(words: str, taken: set[str]) -> None:
    key = key_for(words, taken, otherwise="c")
    assert is_key(key)
    assert key not in taken
    assert len(key) <= LONGEST + len(str(len(taken))) + 1
