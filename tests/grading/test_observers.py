"""What stands out about how an observer rates: found where it is, and not where it is not."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from grading.observers import ENOUGH, FEWEST_OBSERVERS, Beside, Figures, Levels, figures, of_many

KEYS = ("safety", "choice", "pauses", "words")
LEVELS = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 5))
MANY = st.lists(st.tuples(LEVELS, st.lists(LEVELS, min_size=1, max_size=3)), max_size=25)
VARIED = (1, 3, 4, 2)


def seen(apart: int, count: int = 12) -> list[Beside]:
    """Others rate up and down the scale; the observer so many levels above them."""
    others = [{key: level + place % 2 for key, level in zip(KEYS, VARIED, strict=True)} for place in range(count)]
    return [Beside({key: level + apart for key, level in each.items()}, (each,)) for each in others]


def nothing(found: Figures) -> bool:
    return not (found.leniency.noticed or found.range.noticed or found.halo.noticed)


def test_cap_e6_an_observer_who_is_milder_by_one_level_is_noticed() -> None:
    found = figures(seen(+1))
    assert (found.leniency.levels, found.leniency.noticed, found.leniency.observations) == (Decimal(1), True, 12)
    assert not found.range.noticed
    assert not found.halo.noticed


def test_cap_e6_less_than_half_a_level_is_how_people_differ() -> None:
    nearly = [*seen(+1, 5), *seen(0, 7)]
    found = figures(nearly).leniency
    assert found.levels == Decimal("0.42")
    assert not found.noticed


def test_cap_e6_what_may_be_chance_is_not_noticed() -> None:
    """Half a level on the whole, and from one observation to the next three levels up and two down."""
    found = figures([*seen(+3, 6), *seen(-2, 6)]).leniency
    assert found.levels == Decimal("0.5")
    assert not found.noticed


def test_cap_e6_who_uses_one_level_only_is_noticed_by_range_and_halo() -> None:
    one_level = [Beside(dict.fromkeys(KEYS, 3), each.others) for each in seen(0)]
    found = figures(one_level)
    assert (found.range.own, found.halo.own) == (0, 0)
    assert found.range.noticed
    assert found.halo.noticed


def test_below_ten_observations_that_others_saw_too_it_is_too_few_to_tell() -> None:
    found = figures(seen(+1, ENOUGH - 1))
    assert (found.leniency.levels, found.range.own, found.halo.own) == (None, None, None)
    assert nothing(found)
    assert not found.enough


def test_an_observation_in_which_no_criterion_was_rated_by_both_does_not_count() -> None:
    apart = [Beside({"safety": 5}, ({"choice": 1},))] * 20
    assert figures(apart).leniency.observations == 0


def test_of_fewer_than_five_observers_no_pattern_is_told() -> None:
    milder, alike, too_few = figures(seen(+1)), figures(seen(0)), figures(seen(+1, 3))
    assert of_many([milder, alike, alike, alike, *[too_few] * FEWEST_OBSERVERS]) is None
    found = of_many([milder, milder, figures(seen(-1)), alike, alike, too_few])
    assert found is not None
    assert (found.observers, found.milder, found.stricter, found.narrower, found.alike) == (5, 2, 1, 0, 0)


@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=ENOUGH, max_size=25))
def test_swapping_sides_flips_the_sign(pairs: list[tuple[dict[str, int], dict[str, int]]]) -> None:
    one = figures(Beside(own, (other,)) for own, other in pairs).leniency
    two = figures(Beside(other, (own,)) for own, other in pairs).leniency
    assert one.observations == two.observations
    assert one.noticed == two.noticed
    assert one.levels == (None if two.levels is None else -two.levels)


@given(st.lists(st.tuples(LEVELS, st.integers(1, 4)), max_size=30))
def test_an_observer_who_agrees_with_all_is_never_noticed(rated: list[tuple[dict[str, int], int]]) -> None:
    found = figures(Beside(levels, (levels,) * others) for levels, others in rated)
    assert nothing(found)
    assert found.leniency.levels in (None, Decimal(0))
    assert found.range.own == found.range.others


@given(MANY, st.permutations(KEYS))
def test_neither_the_order_nor_the_names_of_criteria_matter(
    rated: list[tuple[dict[str, int], list[dict[str, int]]]], keys: list[str]
) -> None:
    names = dict(zip(KEYS, keys, strict=True))
    named = [Beside(own, tuple(others)) for own, others in rated]
    renamed = [
        Beside(_renamed(each.own, names), tuple(_renamed(other, names) for other in each.others)) for each in named
    ]
    assert figures(named).leniency == figures(reversed(renamed)).leniency


def _renamed(levels: Levels, names: dict[str, str]) -> Levels:
    return {names[key]: level for key, level in levels.items()}


def test_a_mean_over_criteria_of_several_others_is_exact() -> None:
    rated = [Beside({"safety": 4, "choice": 2}, ({"safety": 3}, {"safety": 2, "choice": 2}))] * ENOUGH
    found = figures(rated).leniency
    assert found.levels == Decimal(str(float(Fraction(3, 4))))
    assert found.noticed
