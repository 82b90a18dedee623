"""Samples: by chance, and the same again for whoever has the seed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.sampling import drawn

RECORDS = st.lists(st.text(min_size=1), unique=True, max_size=30)


@given(RECORDS, st.integers(1, 40), st.text(), st.randoms())
def test_cap_e5_the_same_seed_draws_the_same_records_in_whatever_order_they_are_given(records, size, seed, chance):  # type: ignore[no-untyped-def]
    shuffled = chance.sample(records, len(records))
    found = drawn(records, size=size, seed=seed)
    assert found == drawn(shuffled, size=size, seed=seed)
    assert len(found) == len(set(found)) == min(size, len(records))
    assert set(found) <= set(records)


@given(RECORDS, st.integers(1, 20), st.text())
def test_a_larger_sample_of_the_same_seed_begins_with_the_smaller_one(records: list[str], size: int, seed: str) -> None:
    smaller = drawn(records, size=size, seed=seed)
    assert drawn(records, size=size + 5, seed=seed)[: len(smaller)] == smaller


def test_each_record_is_drawn_about_equally_often() -> None:
    often = dict.fromkeys("abcdefghij", 0)
    for seed in range(2_000):
        for record in drawn("abcdefghij", size=3, seed=str(seed)):
            often[record] += 1
    assert all(520 < count < 680 for count in often.values()), often


def test_a_sample_of_nothing_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="at least one"):
        drawn(["a"], size=0, seed="1")
