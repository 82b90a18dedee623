"""What a funder reads of hours tells of nobody."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from grading.funding import Sum, told

SUMS = st.dictionaries(
    st.sampled_from("abcdefg"),
    st.builds(Sum, st.decimals(0, 5000, places=2), st.frozensets(st.integers(0, 40), min_size=1)),
)


@given(SUMS, st.integers(5, 12))
def test_cap_f8_a_sum_is_told_only_of_enough_people_and_in_tens(sums: dict[str, Sum], minimum: int) -> None:
    for name, amount in told(sums, minimum).items():
        if amount is not None:
            assert len(sums[name].people) >= minimum
            assert amount % 10 == 0
            assert abs(amount - sums[name].amount) <= 5


@given(SUMS, st.integers(5, 12))
def test_cap_f8_what_is_held_back_cannot_be_had_by_taking_the_others_from_a_total(
    sums: dict[str, Sum], minimum: int
) -> None:
    found = told(sums, minimum)
    hidden = [name for name, amount in found.items() if amount is None]
    people = frozenset().union(*(sums[name].people for name in hidden))
    assert not hidden or len(hidden) == len(found) or (len(hidden) > 1 and len(people) >= minimum)


def test_zero_is_not_held_back_as_if_it_were_somebody() -> None:
    assert told({}, 10) == {}
    ten = frozenset(range(10))
    assert told({"a": Sum(Decimal("104.9"), ten)}, 10) == {"a": Decimal(100)}
