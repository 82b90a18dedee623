"""Small numbers are held back, and nobody can work them out: neither from one release nor from several."""

from collections.abc import Collection, Iterator
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.gaps import ranges
from grading.suppression import ShownTable, Table, hold_back, hold_back_together, shown_table
from rubrics.refusal import Refused
from tests.grading.attack import Attack

OUTCOMES = ("certified", "on the way")


def table(*lines: tuple[int, ...], name: str = "age") -> Table:
    rows = tuple("abcdefgh"[: len(lines)])
    return Table(name, rows, ("certified", "on the way", "ended", "moved")[: len(lines[0])], lines)


def gaps(shown: ShownTable) -> set[tuple[int, int]]:
    return {
        (row, column) for row, line in enumerate(shown.entries) for column, number in enumerate(line) if number is None
    }


def test_cap_e2_large_numbers_are_shown_as_they_are() -> None:
    shown = hold_back(table((30, 20), (25, 15)))
    assert shown.held_back == 0
    assert shown.count("a", "certified") == 30
    assert shown.count(None, None) == 90
    assert shown.percent("a", "certified") == 60


def test_cap_e2_a_small_number_takes_three_others_with_it() -> None:
    shown = hold_back(table((30, 4), (25, 15), (40, 30)))
    assert gaps(shown) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_cap_e2_of_two_groups_the_totals_are_shown_where_their_outcomes_tell_too_much() -> None:
    assert gaps(hold_back(table((3, 24), (28, 28)))) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_cap_e2_nobody_at_all_is_held_back_like_few() -> None:
    assert (0, 1) in gaps(hold_back(table((300, 0), (250, 150), (40, 30))))


def test_cap_e2_a_share_of_nearly_all_or_nearly_none_is_held_back() -> None:
    assert {(0, 0), (0, 1)} <= gaps(hold_back(table((970, 30), (250, 150), (400, 300))))


def test_cap_e2_a_share_of_nearly_none_is_held_back_though_none_is_nearly_all() -> None:
    assert (0, 2) in gaps(hold_back(table((600, 370, 30), (250, 150, 100), (400, 300, 200))))


def test_cap_e2_what_few_moved_from_one_outcome_to_another_is_not_told_by_the_other_groups() -> None:
    first = hold_back(table((30, 4), (25, 15), (40, 30)))
    second = hold_back(table((33, 1), (25, 15), (60, 10)), before=first)
    assert gaps(second) > gaps(first)
    assert not list(attacked([[first], [second]]))


def test_cap_e2_a_small_group_is_held_back_with_its_total_and_with_another_one() -> None:
    shown = hold_back(table((3, 2), (30, 20), (40, 30)))
    assert shown.count("a", None) is None
    assert shown.count("b", None) is None
    assert shown.count("c", None) == 70


def test_cap_e2_of_fewer_people_than_the_minimum_nothing_is_shown() -> None:
    assert hold_back(table((5, 4), (0, 0))).held_back == 9


def test_cap_e2_a_minimum_below_five_is_refused() -> None:
    with pytest.raises(Refused, match="at least 5"):
        hold_back(table((30, 20), (25, 15)), 4)


def test_cap_e2_an_outcome_that_few_had_is_held_back_of_every_group() -> None:
    shown = hold_back(table((30, 20, 3), (25, 15, 2), (40, 30, 1)))
    assert {(row, 2) for row in range(4)} <= gaps(shown)
    assert shown.count("c", None) == 71


def test_cap_e2_a_table_reads_back_as_it_was_kept() -> None:
    shown = hold_back(table((30, 4), (25, 15), (40, 30)))
    assert shown_table(shown.document()) == shown


def test_cap_e2_tables_of_the_same_groups_hold_back_the_same_groups() -> None:
    outcome = Table("outcome", ("a", "b", "c"), OUTCOMES, ((3, 2), (25, 25), (40, 30)))
    appeals = Table("appeals", ("a", "b", "c"), ("appealed", "did not"), ((4, 1), (20, 30), (35, 35)))
    shown = hold_back_together([outcome, appeals])
    assert [one.count(row, None) is None for one in shown for row in "abc"] == [True, True, False] * 2
    assert not list(attacked([shown]))


def test_cap_e2_what_changed_for_few_is_not_told_by_a_second_release() -> None:
    first = hold_back(table((30, 20), (25, 15), (40, 30)))
    second = hold_back(table((33, 20), (45, 15), (60, 30)), before=first)
    assert second.count("a", "certified") is None
    assert first.count("a", "certified") == 30


def test_cap_e2_a_second_release_that_would_tell_of_few_altogether_is_refused() -> None:
    first = hold_back(table((30, 20), (25, 15)))
    with pytest.raises(Refused, match="fewer than 10"):
        hold_back(table((31, 20), (25, 15)), before=first)


def test_cap_e2_the_same_figures_can_be_released_twice() -> None:
    first = hold_back(table((30, 4), (25, 15), (40, 30)))
    assert hold_back(table((30, 4), (25, 15), (40, 30)), before=first).entries == first.entries


def test_cap_e2_what_was_held_back_once_stays_so() -> None:
    first = hold_back(table((30, 4), (25, 15), (40, 30)))
    second = hold_back(table((60, 40), (55, 45), (70, 60)), before=first)
    assert gaps(first) <= gaps(second)


def test_cap_e2_what_is_known_to_be_as_it_was_is_shown_again() -> None:
    """Nobody ended between the two, and nobody leaves the ended: to hold those back again would hold back nothing."""
    first = hold_back(table((0, 5, 5), (0, 5, 5)), 5)
    second = hold_back(table((0, 6, 5), (0, 9, 5)), 5, first)
    assert [line[2] for line in second.entries] == [5, 5, 10]
    assert gaps(second) >= {(0, 0), (0, 1), (0, 3), (1, 0), (1, 1), (1, 3)}
    assert not list(attacked([[first], [second]], 5, NOBODY_LEAVES["some join"]))


def test_cap_e2_a_small_number_does_not_follow_from_another_that_cannot_have_become_less() -> None:
    """Of the certified there were ten and are ten at least; beside them no twelve may be told, two of them others."""
    first = hold_back(table((10, 22, 24), (30, 22, 24)))
    second = hold_back(table((10, 2, 64), (30, 0, 64)), before=first)
    assert not list(attacked([[first], [second]], nobody_leaves=NOBODY_LEAVES["some join, some go on"]))


def test_cap_e2_a_table_that_is_new_does_not_tell_of_everybody_what_another_one_goes_on_holding_back() -> None:
    ages = [table((50, 6, 85)), table((70, 31, 106))]
    sites = table((40, 16, 56), (30, 15, 50), name="site")
    before = hold_back(ages[0])
    shown = hold_back_together([ages[1], sites], before={"age": before})
    assert gaps(before)
    assert not list(attacked([[before], shown]))


def test_cap_e2_totals_that_another_table_told_before_do_not_open_a_table_that_is_new() -> None:
    """Nobody came since: whoever read the totals of the groups then knows them now."""
    paths = Table("outcome", ("a", "b", "c"), OUTCOMES, ((0, 8), (53, 0), (44, 0)))
    appeals = Table("appeals", ("a", "b", "c"), APPEALS, ((2, 6), (48, 5), (18, 26)))
    before = hold_back(paths, 5)
    shown = hold_back_together([paths, appeals], 5, {"outcome": before})
    assert before.count("a", None) == 8
    assert shown[1].tells_something
    assert not list(attacked([[before], shown], 5, NOBODY_LEAVES["some join"]))


def test_cap_e2_other_groups_than_the_last_time_are_not_shown_beside_the_earlier_ones() -> None:
    first = hold_back(table((30, 20), (25, 15)))
    assert hold_back(table((30, 20), (25, 15), (40, 30)), before=first).held_back == 12


FEW = st.tuples(st.integers(0, 2), st.integers(0, 2))
# Four numbers of at most two are eight at most, which may lie in one place; a range is looked for three further.
TRIED = [table((a, b), (c, d)).entries for a, b, c, d in product(range(12), repeat=4) if a + b + c + d <= 11]


@given(FEW, FEW, st.sets(st.integers(0, 8)))
def test_cap_e2_the_ranges_of_gaps_are_those_that_trying_finds(
    one: tuple[int, int], other: tuple[int, int], hidden: set[int]
) -> None:
    shown = _with_gaps(table(one, other).entries, hidden)
    found = ranges(shown, 3)
    assert found is not None
    fits = [entries for entries in TRIED if _with_gaps(entries, hidden) == shown]
    for (row, column), (least, greatest) in found.items():
        numbers = [entries[row][column] for entries in fits]
        assert (least, greatest) == (min(numbers), max(numbers)) or (
            greatest - least >= 3 and min(numbers) <= least and greatest <= max(numbers)
        )


@given(FEW, FEW, st.sets(st.integers(0, 8)), st.integers(0, 3))
def test_cap_e2_a_number_that_can_be_below_zero_has_the_range_of_one_so_much_greater_that_cannot(
    one: tuple[int, int], other: tuple[int, int], hidden: set[int], below: int
) -> None:
    in_it = [(0, 0), (0, 2), (2, 0), (2, 2)]
    found = ranges(_with_gaps(table(one, other).entries, hidden), 3, dict.fromkeys(in_it, below))
    greater = ranges(_with_gaps(table((one[0] + below, one[1]), other).entries, hidden), 3)
    assert found is not None
    assert greater is not None
    for place, (least, greatest) in found.items():
        by = below if place in in_it else 0
        assert greater[place] == (least + by, greatest + by) or (
            greatest - least >= 3 and greater[place][1] - greater[place][0] >= 3
        )


def _with_gaps(entries: tuple[tuple[int, ...], ...], hidden: set[int]) -> list[list[int | None]]:
    return [
        [None if 3 * row + column in hidden else number for column, number in enumerate(line)]
        for row, line in enumerate(entries)
    ]


AGES, SITES, APPEALS = ("a", "b", "c"), ("north", "south"), ("appealed", "did not")
PATHS = (*OUTCOMES, "ended")
NOBODY_LEAVES = {
    "some join": (*PATHS, *APPEALS, "all"),
    "some join, some go on": ("certified", "ended", "appealed", "all"),
    "some join, some go": (),
}
"""What may be in between two releases, and which outcomes everybody knows that nobody leaves then."""


class History(NamedTuple):
    """What a program counted at several times, of the same people with more of them each time."""

    minimum: int
    tables: list[list[Table]]
    nobody_leaves: tuple[str, ...]


Cell = tuple[int, int, int]
"""People of one age and one site with one outcome."""
COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 60), st.just(0))
STEPS = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 40))


@st.composite
def histories(draw: st.DrawFn) -> History:
    ages, sites, outcomes = draw(st.integers(1, 3)), draw(st.sampled_from([1, 1, 2])), draw(st.integers(1, 3))
    between = draw(st.sampled_from(sorted(NOBODY_LEAVES)))
    people = {cell: draw(COUNTS) for cell in product(range(ages), range(sites), range(outcomes))}
    appealed = [draw(st.integers(0, _of_age(people, age))) for age in range(ages)]
    history = []
    for _ in range(draw(st.integers(1, 3))):
        history.append(_tables(people, appealed)[: draw(st.integers(1, 3))])
        appealed_before, people_before = appealed, people
        people = _later(draw, people, between)
        appealed = [
            _appealed(draw, between, some, _of_age(people_before, age), _of_age(people, age))
            for age, some in enumerate(appealed_before)
        ]
    return History(draw(st.sampled_from([5, 10])), history, NOBODY_LEAVES[between])


def _later(draw: st.DrawFn, people: dict[Cell, int], between: str) -> dict[Cell, int]:
    quiet = draw(st.sets(st.integers(0, 2)))  # outcomes with nobody new; often nothing changed at all
    later = {cell: number + (0 if cell[2] in quiet else draw(STEPS)) for cell, number in people.items()}
    if between == "some join":
        return later
    for age, site, outcome in people:
        if outcome == 1:
            some, to = min(draw(STEPS), people[age, site, 1]), draw(st.sampled_from([0, 2]))
            if (age, site, to) in people:
                later[age, site, 1] -= some
                later[age, site, to] += some
    if between == "some join, some go":
        return {cell: max(0, number - draw(STEPS)) for cell, number in later.items()}
    return later


def _appealed(draw: st.DrawFn, between: str, some: int, were: int, are: int) -> int:
    """How many of an age did now, of whom there were and are so many."""
    if between == "some join, some go":
        return draw(st.integers(0, are))
    return some + draw(st.integers(0, are - were if between == "some join" else are - some))


def _of_age(people: dict[Cell, int], age: int) -> int:
    return sum(number for cell, number in people.items() if cell[0] == age)


def _tables(people: dict[Cell, int], appealed: list[int]) -> list[Table]:
    ages, sites, outcomes = (range(max(cell[at] for cell in people) + 1) for at in range(3))
    by_age = tuple(tuple(sum(people[age, site, one] for site in sites) for one in outcomes) for age in ages)
    by_site = tuple(tuple(sum(people[age, site, one] for age in ages) for one in outcomes) for site in sites)
    of_appeals = tuple((some, _of_age(people, age) - some) for age, some in enumerate(appealed))
    return [
        Table("outcome by age", AGES[: len(ages)], PATHS[: len(outcomes)], by_age),
        Table("appeals by age", AGES[: len(ages)], APPEALS, of_appeals),
        Table("outcome by site", SITES[: len(sites)], PATHS[: len(outcomes)], by_site),
    ]


def released(history: History) -> list[list[ShownTable]]:
    """Everything that the rules let out."""
    out: list[list[ShownTable]] = []
    before: dict[str, ShownTable] = {}
    for tables in history.tables:
        try:
            out.append(hold_back_together(tables, history.minimum, before))
        except Refused:
            continue
        for one in out[-1]:
            if one.tells_something:
                before.pop(one.name, None)
                before[one.name] = one
    return out


def attacked(releases: list[list[ShownTable]], minimum: int = 10, nobody_leaves: Collection[str] = ()) -> Iterator[str]:
    attack = Attack(nobody_leaves)
    attack.read(releases)
    yield from attack.recovered(minimum)
    yield from attack.small_changes(minimum)


@settings(max_examples=2 * settings.default.max_examples)
@given(histories())
def test_cap_e2_an_attack_on_all_releases_by_differencing_recovers_no_number(history: History) -> None:
    """Whoever knows less finds no more."""
    assert not list(attacked(released(history), history.minimum, history.nobody_leaves))


def test_cap_e2_the_attack_does_find_what_is_held_back_too_thinly() -> None:
    thin = ShownTable("age", ("a", "b"), OUTCOMES, ((None, 20, 24), (25, 15, 40), (29, 35, 64)))
    assert list(attacked([[thin]])) == ["age 0 0 of release 0: 4 to 4"]


def test_cap_e2_the_attack_does_find_a_change_between_two_releases() -> None:
    first = hold_back(table((30, 20), (25, 15)))
    second = hold_back(table((31, 20), (25, 15)))
    assert "age 0 0 from 0 to 1: 1" in list(attacked([[first], [second]]))


def test_cap_e2_where_people_left_a_line_whose_one_gap_would_tell_of_few_of_them_is_held_back() -> None:
    """Of b ten and of c three went or came. Without a further gap, c's line would tell of the three."""
    before = hold_back(table((0, 0), (60, 0), (20, 15)))
    after = hold_back(table((0, 0), (50, 0), (23, 5)), before=before)
    known = [
        [now - was for now, was in zip(line, line_before, strict=True) if now is not None and was is not None]
        for line, line_before in zip(after.entries, before.entries, strict=True)
    ]
    assert not any(0 < abs(change) < 10 for line in known for change in line)


def test_cap_e2_of_one_outcome_that_was_held_back_the_total_is_held_back_too() -> None:
    """Whoever knows the total knows the only outcome."""
    before = ShownTable("age", ("a", "b"), ("certified",), ((30, 30), (40, 40), (None, 70)))
    after = hold_back(table((30,), (40,)), before=before)
    assert after.count(None, None) is None
