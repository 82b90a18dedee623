"""What is shown of tables, number by number: a dot is held back; the last line and the last numbers are totals."""

from collections.abc import Sequence

import pytest

from grading.gaps import ranges
from grading.held_back import held_back
from grading.steps import change, possible_change, small_changes
from grading.suppression import ShownTable, Table, hold_back, hold_back_together
from rubrics.refusal import Refused

COLUMNS = ("certified", "on the way", "ended", "moved")


def table(text: str, name: str = "age", rows: tuple[str, ...] = ()) -> Table:
    """Groups with `/` between them."""
    counts = tuple(tuple(int(each) for each in line.split()) for line in text.split("/"))
    return Table(name, rows or tuple("abcdefgh"[: len(counts)]), COLUMNS[: len(counts[0])], counts)


def told(shown: ShownTable) -> str:
    return " / ".join(_line(line) for line in shown.entries)


def _line(line: Sequence[int | None]) -> str:
    return " ".join("." if number is None else str(number) for number in line)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ("30 20 / 25 15", "30 20 50 / 25 15 40 / 55 35 90"),
        ("10 10 / 10 10", "10 10 20 / 10 10 20 / 20 20 40"),
        ("5 5", ". . 10 / . . 10"),
        ("5 4", ". . . / . . ."),
        ("30 9 / 25 15 / 40 30", ". . 39 / . . 40 / 40 30 70 / 95 54 149"),
        ("30 0 / 25 15 / 40 30", ". . 30 / . . 40 / 40 30 70 / 95 45 140"),
        ("190 10 / 250 150 / 400 300", "190 10 200 / 250 150 400 / 400 300 700 / 840 460 1300"),
        ("191 10 / 250 150 / 400 300", ". . 201 / . . 400 / 400 300 700 / 841 460 1301"),
        ("10 190 / 250 150 / 400 300", "10 190 200 / 250 150 400 / 400 300 700 / 660 640 1300"),
        (
            "955 23 22 / 300 200 100 / 400 300 200",
            ". . . 1000 / . . . 600 / 400 300 200 900 / 1655 523 322 2500",
        ),
        (
            "950 25 25 / 300 200 100 / 400 300 200",
            "950 . . 1000 / 300 . . 600 / 400 300 200 900 / 1650 525 325 2500",
        ),
        ("12 11 / 9 13 / 14 15 / 40 50", ". . 23 / . . 22 / 14 15 29 / 40 50 90 / 75 89 164"),
        ("12 11 / 9 13 / 13 12 / 40 50", ". . 23 / . . 22 / . . 25 / 40 50 90 / 74 86 160"),
        ("30 / 25 / 40", "30 30 / 25 25 / 40 40 / 95 95"),
        ("30 / 5 / 40", ". . / . . / . . / 75 75"),
        ("3 2 / 30 20 / 40 30 / 50 60", ". . . / . . . / 40 30 70 / 50 60 110 / 123 112 235"),
        ("30 20 3 / 25 15 2 / 40 30 1", "30 . . 53 / 25 . . 42 / 40 . . 71 / 95 . . 166"),
        ("30 20 9 / 25 15 9 / 40 30 9", "30 . . 59 / 25 . . 49 / 40 . . 79 / 95 65 27 187"),
        (
            "30 40 20 3 / 25 35 15 4 / 40 30 50 1",
            "30 40 . . 93 / 25 35 . . 79 / 40 30 . . 121 / 95 105 . . 293",
        ),
    ],
    ids=[
        "large numbers",
        "at the minimum",
        "a total at the minimum",
        "a total below it",
        "below the minimum",
        "nobody",
        "a share at 5 and 95 of 100",
        "a share beyond",
        "the same the other way",
        "of several outcomes one beyond",
        "of several outcomes one at 95",
        "the smallest beside it goes with it",
        "the smallest beside it wherever it stands",
        "one outcome",
        "one outcome with a small group",
        "a small group",
        "a rare outcome",
        "an outcome that is rare in each group",
        "of several the next smallest goes with it",
    ],
)
def test_what_is_shown_of_one_table(counts: str, shown: str) -> None:
    assert told(hold_back(table(counts))) == shown


@pytest.mark.parametrize(
    ("before", "now", "shown", "minimum"),
    [
        ("30 4 / 25 15 / 40 30", "30 4 / 25 15 / 40 30", ". . 34 / . . 40 / 40 30 70 / 95 49 144", 10),
        ("30 20 / 25 15", "40 20 / 25 25", "40 20 60 / 25 25 50 / 65 45 110", 10),
        ("30 20 / 45 35 / 40 30", "30 20 / 35 15 / 40 30", "30 20 50 / 35 15 50 / 40 30 70 / 105 65 170", 10),
        ("30 20 / 25 15 / 40 30", "33 20 / 45 15 / 60 30", ". 20 . / . 15 . / . 30 . / 138 65 203", 10),
        ("30 4 / 25 15 / 40 30", "60 40 / 55 45 / 70 60", ". . 100 / . . 100 / 70 60 130 / 185 145 330", 10),
        ("0 5 5 / 0 5 5", "0 6 5 / 0 9 5", ". . 5 . / . . 5 . / . . 10 25", 5),
        ("5 4", "30 20", ". . . / . . .", 10),
    ],
    ids=["the same", "grown by the minimum", "gone by it", "grown by less", "held back once", "known as it was",
         "nothing was told"],
)  # fmt: skip
def test_what_is_shown_the_second_time(before: str, now: str, shown: str, minimum: int) -> None:
    first = hold_back(table(before), minimum)
    if not first.tells_something:
        assert told(hold_back(table(now), minimum, first)) == told(hold_back(table(now), minimum))
        return
    assert told(hold_back(table(now), minimum, first)) == shown


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("30 20 / 25 15", "39 20 / 25 15"),
        ("30 20 / 25 15", "21 20 / 25 15"),
        ("30 20 / 25 15", "29 20 / 25 15"),
        ("30 20 / 25 15", "39 20 / 25 24"),
        ("30 20 / 25 15", "31 19 / 25 15"),
        ("30 20 / 25 15", "40 11 / 25 15"),
        ("30 20 3 / 25 15 2 / 40 30 1", "30 20 4 / 25 15 2 / 40 30 1"),
    ],
)
def test_what_would_tell_of_few_of_everybody_is_refused(before: str, now: str) -> None:
    with pytest.raises(Refused, match="fewer than 10") as refused:
        hold_back(table(now), before=hold_back(table(before)))
    assert refused.value.code == "too_little_changed"


def test_the_minimum_can_be_five_and_no_less() -> None:
    assert told(hold_back(table("5 5 / 5 5"), 5)) == "5 5 10 / 5 5 10 / 10 10 20"
    with pytest.raises(Refused, match="at least 5") as refused:
        hold_back(table("5 5 / 5 5"), 4)
    assert refused.value.code == "minimum_too_low"


def test_tables_beside_each_other_hold_back_the_same_totals_and_the_same_of_everybody() -> None:
    small_group, appeals = table("3 2 / 30 20 / 40 30"), table("40 50 / 60 70 / 80 90", "appeals")
    assert [told(each) for each in hold_back_together([small_group, appeals])] == [
        ". . . / . . . / 40 30 70 / 73 52 125",
        ". . . / . . . / 80 90 170 / 180 210 390",
    ]
    sites = table("40 50 / 60 70 / 80 90", "site", ("north", "south", "west"))
    assert told(hold_back_together([small_group, sites])[1]) == told(hold_back(sites))
    few = table("30 20 3 / 25 15 2 / 40 30 1", "outcome")
    also = table("50 30 3 / 45 35 3", "site", ("north", "south"))
    assert [told(each) for each in hold_back_together([also, few])] == [
        "50 . . 83 / 45 . . 83 / 95 . . 166",
        "30 . . 53 / 25 . . 42 / 40 . . 71 / 95 . . 166",
    ]
    wholly = table("5 4", "hidden", ("all",))
    assert [told(each) for each in hold_back_together([wholly, sites])] == [". . . / . . .", told(hold_back(sites))]


def test_a_share_is_told_where_both_numbers_are() -> None:
    shown = ShownTable("age", ("a", "b"), COLUMNS[:2], ((30, 20, 50), (None, 0, 0), (31, None, None)))
    assert [shown.percent("a", each) for each in COLUMNS[:2]] == [60, 40]
    assert [shown.percent("b", each) for each in COLUMNS[:2]] == [None, None]
    assert shown.percent(None, "certified") is None
    assert ShownTable("age", ("a",), COLUMNS[:1], ((33, 100), (67, 100))).percent("a", "certified") == 35


# ---- several tables and several releases, written out ----


def _named(name: str, text: str) -> Table:
    plain = table(text, name, ("north", "south") if name == "site" else ())
    return Table(name, plain.rows, ("appealed", "did not"), plain.counts) if name == "appeals" else plain


@pytest.mark.parametrize(
    ("minimum", "releases", "shown"),
    [
        (
            10,
            [{"age": "10 / 0"}],
            [{"age": ". . / . . / 10 10"}],
        ),
        (
            10,
            [{"age": "0 5 5 / 0 8 3"}],
            [{"age": ". . . 10 / . . . 11 / . . . 21"}],
        ),
        (
            10,
            [{"age": "3 5 3 / 5 12 0"}],
            [{"age": ". . . 11 / . . . 17 / . 17 . 28"}],
        ),
        (
            5,
            [{"age": "30"}, {"age": "25"}],
            [{"age": "30 30 / 30 30"}, {"age": "25 25 / 25 25"}],
        ),
        (
            5,
            [{"age": "10"}, {"age": "15"}],
            [{"age": "10 10 / 10 10"}, {"age": "15 15 / 15 15"}],
        ),
        (
            5,
            [{"age": "8 12 0 / 0 20 10"}, {"age": "0 24 0 / 0 20 15"}],
            [{"age": ". 12 . 20 / . 20 . 30 / 8 32 10 50"}, "refused"],
        ),
        (
            10,
            [{"site": "2 13 / 0 7"}, {"age": "0 10 / 0 13", "appeals": "1 9 / 7 6"}],
            [{"site": ". . . / . . . / . . 22"}, "refused"],
        ),
        (
            5,
            [{"age": "5 8"}, {"age": "0 8"}, {"age": "0 8"}],
            [{"age": "5 8 13 / 5 8 13"}, {"age": ". . . / . . ."}, {"age": ". . . / . . ."}],
        ),
        (
            10,
            [{"age": "25 20 / 45 25"}, {"age": "37 20 / 44 45"}],
            [{"age": "25 20 45 / 45 25 70 / 70 45 115"}, {"age": ". . 57 / . . 89 / 81 65 146"}],
        ),
        (
            10,
            [{"age": "8 20 8 / 0 0 5"}, {"age": "8 32 11 / 0 0 25"}],
            [{"age": ". . . . / . . . . / . 20 . 41"}, {"age": ". . . . / . . . . / . 32 . 76"}],
        ),
        (
            5,
            [{"age": "5 3 5 / 3 10 3"}, {"age": "0 15 0 / 23 22 3"}],
            [{"age": ". . . 13 / . . . 16 / 8 13 8 29"}, {"age": ". . . . / . . . . / . 37 . 63"}],
        ),
        (
            10,
            [{"age": "3 0 12 / 20 3 20 / 0 3 5", "appeals": "13 2 / 31 12 / 2 6"}],
            [{"age": ". . . . / . . . 43 / . . . . / . . 37 66", "appeals": ". . . / . . 43 / . . . / 46 20 66"}],
        ),
        (
            5,
            [{"age": "40 30 / 45 20 / 20 25"}, {"age": "40 60 / 44 19 / 30 45"}],
            [
                {"age": "40 30 70 / 45 20 65 / 20 25 45 / 105 75 180"},
                {"age": "40 60 100 / . . . / . . . / 114 124 238"},
            ],
        ),
        (
            5,
            [{"age": "5 5 0 / 0 8 0"}, {"age": "5 5 0 / 0 8 0"}, {"age": "4 5 0 / 12 0 0"}],
            [{"age": ". . . 10 / . . . 8 / . 13 . 18"}, {"age": ". . . 10 / . . . 8 / . 13 . 18"}, "refused"],
        ),
        (
            5,
            [{"age": "5 30 / 30 5"}, {"age": "5 30 / 30 0", "appeals": "33 2 / 11 19"}],
            [
                {"age": "5 30 35 / 30 5 35 / 35 35 70"},
                {"age": ". . . / . . . / . . .", "appeals": ". . 35 / . . 30 / 44 21 65"},
            ],
        ),
        (
            5,
            [
                {"age": "20", "site": "11 / 9"},
                {"age": "30", "appeals": "4 26"},
                {"age": "10", "appeals": "7 3", "site": "2 / 8"},
            ],
            [
                {"age": "20 20 / 20 20", "site": "11 11 / 9 9 / 20 20"},
                {"age": "30 30 / 30 30", "appeals": ". . 30 / . . 30"},
                {"age": "10 10 / 10 10", "appeals": ". . 10 / . . 10", "site": ". . / . . / . ."},
            ],
        ),
        (
            10,
            [
                {"age": "5 12 10 / 3 8 12 / 12 3 0", "appeals": "23 4 / 2 21 / 9 6"},
                {"age": "15 42 0 / 0 9 0 / 12 2 0", "appeals": "0 57 / 0 9 / 0 14"},
            ],
            [
                {
                    "age": ". . . 27 / . . . 23 / . . . 15 / 20 23 22 65",
                    "appeals": ". . 27 / . . 23 / . . 15 / 34 31 65",
                },
                {"age": ". . . 57 / . . . . / . . . . / . . . 80", "appeals": ". . 57 / . . . / . . . / . . 80"},
            ],
        ),
        (
            5,
            [
                {"age": "3 5 0 / 20 10 12 / 10 20 5"},
                {"age": "3 25 5 / 25 20 12 / 11 15 35", "appeals": "32 1 / 14 43 / 28 33", "site": "30 60 45 / 9 0 7"},
            ],
            [
                {"age": ". . . 8 / 20 . . 42 / . 20 . 35 / 33 35 17 85"},
                {
                    "age": ". . . 33 / . . . 57 / . . . 61 / 39 60 52 151",
                    "appeals": ". . 33 / . . 57 / . . 61 / 74 77 151",
                    "site": ". . . 135 / . . . 16 / 39 60 52 151",
                },
            ],
        ),
    ],
)
def test_what_is_shown_of_one_release_after_the_other(
    minimum: int, releases: list[dict[str, str]], shown: list[dict[str, str] | str]
) -> None:
    before: dict[str, ShownTable] = {}
    found: list[dict[str, str] | str] = []
    for release in releases:
        try:
            now = hold_back_together([_named(*each) for each in release.items()], minimum, before)
        except Refused as refused:
            found.append("refused" if refused.code == "too_little_changed" else refused.code)
            continue
        found.append({each.name: told(each) for each in now})
        for each in now:
            if each.tells_something:
                before.pop(each.name, None)
                before[each.name] = each
    assert found == shown


# ---- of the change between two releases ----


def test_how_much_more_there_is_is_known_only_where_both_were_told() -> None:
    now, before = [[3, 4, 7], [5, 6, 11]], [[1, None, 7], [5, 8, 9]]
    assert change(now, before) == [[2, None, 0], [0, -2, 2]]
    assert change(now, before, {(0, 0), (1, 2)}) == [[None, None, 0], [0, -2, None]]
    assert change([[None, 1]], [[1, 1]]) == [[None, 0]]


def test_of_a_gap_is_known_what_fits_and_where_nothing_became_less_nothing_has_gone() -> None:
    before = [[10, 10, 20], [10, 10, 20], [20, 20, 40]]
    grown = [[13, 12, 25], [12, 13, 25], [25, 25, 50]]
    inside = {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert possible_change(grown, before, inside, 99) == dict.fromkeys(inside, (0, 5))
    fallen = [[8, 12, 20], [12, 13, 25], [20, 25, 45]]
    assert possible_change(fallen, before, inside, 99) == {
        (0, 0): (-5, 0), (0, 1): (0, 5), (1, 0): (0, 5), (1, 1): (0, 5),
    }  # fmt: skip


def test_where_somebody_has_gone_and_it_cannot_be_told_who_it_may_be_anybody() -> None:
    before = [[None, None, 20], [None, None, 20], [None, None, 40]]
    now = [[5, 10, 15], [15, 10, 25], [20, 20, 40]]
    hidden = {(row, column) for row in range(3) for column in range(2)}
    possible = possible_change(now, before, hidden, 10)
    assert possible.keys() == hidden
    assert all(greatest - least >= 10 for least, greatest in possible.values())


def test_a_line_whose_gaps_changed_for_few_all_together_is_found_by_its_first_gap() -> None:
    assert list(small_changes([[None, None, 4], [5, 5, 10], [30, 30, 60]], 10)) == [(0, 0)]
    assert list(small_changes([[5, None, 8], [5, None, 30], [10, 30, None]], 10)) == [(0, 1)]
    assert list(small_changes([[5, None, -4], [5, None, 30], [10, 8, None]], 10)) == [(0, 1), (0, 1)]
    assert list(small_changes([[None, 30, 31], [None, 5, 15], [11, 35, 46]], 10)) == [(0, 0)]
    assert list(small_changes([[None, 5, 5], [None, 5, 15], [10, 10, 20]], 10)) == []
    assert list(small_changes([[None, 5, 15], [None, 5, None], [None, 10, 20]], 10)) == [(1, 2)]


def test_what_fits_is_looked_for_as_far_as_is_asked_and_nothing_fits_where_totals_are_wrong() -> None:
    entries = [[None, None, 9], [None, None, 9], [9, 9, 18]]
    assert ranges(entries, 9) == {(row, column): (0, 9) for row in (0, 1) for column in (0, 1)}
    assert ranges([[1, 2, 4], [3, 4, 7], [4, 6, 11]], 9) is None
    assert ranges([[1, 2, 3], [3, 4, 7], [4, 6, 10]], 9) == {}
    assert ranges([[None, 2, 3], [3, 4, 7], [4, 6, 10]], 9) == {(0, 0): (1, 1)}
    assert ranges([[None, None, None, 6], [None, None, None, None], [2, None, 6, 11]], 4) == {
        (0, 0): (0, 2), (0, 1): (0, 3), (0, 2): (1, 6), (1, 0): (0, 2), (1, 1): (0, 3), (1, 2): (0, 5),
        (1, 3): (5, 5), (2, 1): (3, 3),
    }  # fmt: skip


def test_what_one_earlier_table_held_back_stays_so_though_another_one_told_it() -> None:
    one = ShownTable("one", ("a",), COLUMNS[:2], ((None, None, 60), (None, None, 60)))
    other = ShownTable("other", ("b",), COLUMNS[:2], ((20, 40, 60), (20, 40, 60)))
    shown = hold_back_together([table("20 40", "new", ("c",))], 10, {"one": one, "other": other})
    assert [told(each) for each in shown] == [". . 60 / . . 60"]


def test_what_has_to_be_held_back_of_everybody_stays_so_though_it_was_told_and_with_it_the_totals() -> None:
    once = [[6, 6, 12], [6, 6, 12]]
    all_of_it = {(row, column) for row in (0, 1) for column in range(3)}
    assert held_back(once, 5) == held_back(once, 5, [once]) == frozenset()
    assert held_back(once, 5, [once], already=[(1, 1)]) == all_of_it


def test_where_what_was_told_of_everybody_would_tell_that_nobody_is_left_more_is_held_back() -> None:
    """Of everybody six were certified, and nobody is now: with the first two alone held back, anybody could tell."""
    before = [[None, None, 15, 28], [None, None, 15, 28], [6, 20, 30, 56]]
    now = [[0, 10, 10, 20], [0, 10, 10, 20], [0, 20, 20, 40]]
    assert held_back(now, 5, [before]) == {(row, column) for row in range(3) for column in range(3)}


def test_what_an_earlier_table_held_back_stays_so_in_a_new_one_whatever_else_is_held_back() -> None:
    earlier = ShownTable("age", ("a", "b"), COLUMNS[:2], ((None, None, 40), (None, None, 50), (None, None, 90)))
    new = Table("gender", ("c", "d"), COLUMNS[:1], ((30,), (40,)))
    with_few = Table("pace", ("e", "f"), ("soon", "late"), ((29, 1), (39, 1)))
    assert [told(each) for each in hold_back_together([new])] == ["30 30 / 40 40 / 70 70"]
    alone, beside = hold_back_together([new, with_few], before={"age": earlier})
    assert not alone.tells_something
    assert told(beside) == ". . 30 / . . 40 / . . 70"
