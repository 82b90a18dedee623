"""What counts of what there is, and what is said of the rest: the steps of a selection. Today is 1 March 2026."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.evidence import Item, Kind
from grading.periods import Calendar, Period
from grading.proof import NOBODY_SAID, Answer, Why
from grading.requirements.needs import Amount, AtLeast, Covers, Each, Measure
from grading.requirements.selection import Anchor, Cap, Keep, Named, Selection, Window
from tests.grading.things import ENTERED, answers, asked, count, hours, thing, training, waiting, where
from tests.grading.whole import numbers, of, out, say, sign, unsaid, waits

LAST_YEAR = Window(last=Period(months=12))
ANCHOR = Anchor(Named.TODAY)
ON = "2025-05-01"


def red(id_: str, on: str = ON, amount: object = 1, **said: object) -> Item:
    return thing(id_, on, amount, color="red", **said)


def test_what_is_meant_what_never_counts_what_is_out_of_its_time_and_what_is_not_said() -> None:
    need = hours(
        99,
        where("color", "red"),
        where("size", "s", "m"),
        not_counting=((where("activity", "reading", "music"), where("at", "home")),),
        windows=(LAST_YEAR,),
    )
    counts = red("01", size="s", activity="talk")
    outside = red("02", size="m", activity="reading", at="work")
    never = red("03", size="m", activity="reading", at="home")
    perhaps_never = red("04", size="m", activity="reading")
    old = red("05", "2024-05-01", size="s", activity="talk")
    old_and_silent = red("06", "2024-05-01", None, size="s", activity="talk")
    silent = red("07", activity="talk")
    all_silent = red("08")
    no_amount = red("09", amount=None, size="s", activity="talk")
    no_amount_either = red("10", amount=None, size="s", at="home")
    no_amount_and_never = red("11", amount=None, size="s", at="home", activity="music")
    no_color = thing("12", ON, size="s", activity="talk")
    no_color_and_never = thing("13", ON, size="s", activity="reading", at="home")
    w = waiting("14", ON, color="red", size="s", activity="talk")
    w_silent = waiting("15", ON, color="red", activity="talk")
    w_never = waiting("16", ON, color="red", size="s", activity="music", at="home")
    large, blue = red("17", size="l"), thing("18", ON, color="blue", size="s")
    large_without = red("19", amount=None, size="l")
    out_of_it = (
        large_without,
        never,
        old,
        old_and_silent,
        no_amount_and_never,
        no_color_and_never,
        w_never,
        large,
        blue,
    )
    open_still = (perhaps_never, silent, all_silent, no_amount, no_amount_either, no_color, w_silent)
    proof = asked(need, counts, outside, w, *out_of_it, *open_still)
    assert proof.counted == (of(counts), of(outside))
    assert proof.left_out == (
        out(old, Why.TOO_EARLY),
        out(never, Why.NOT_COUNTING),
        out(w_never, Why.NOT_COUNTING),
        out(old_and_silent, Why.TOO_EARLY),
        out(no_amount_and_never, Why.NOT_COUNTING),
        out(no_color_and_never, Why.NOT_COUNTING),
        waits(w),
        unsaid(perhaps_never, "at"),
        unsaid(silent, "size"),
        unsaid(all_silent, "size"),
        unsaid(w_silent, "size"),
        unsaid(no_amount, "amount"),
        unsaid(no_amount_either, "activity"),
        unsaid(no_color, "color"),
    )
    assert proof.numbers == numbers(99, 2, 3, 3 + 5 + 2 * NOBODY_SAID)
    assert proof.changes == (sign(), *(say(name) for name in ("activity", "amount", "at", "color", "size")))


def test_where_only_windows_are_asked_for_the_first_one_that_does_not_hold_is_named() -> None:
    this_year = Window(last=Period(months=2))
    ended = Window(in_force=ANCHOR)
    need = hours(9, windows=(this_year, ended))
    ok, old, over = (
        thing("ok", "2026-01-10"),
        thing("old", "2025-01-10"),
        thing("over", "2026-01-11", until="2026-02-01"),
    )
    both = thing("both", "2025-01-10", until="2026-02-01")
    w_old, w = waiting("wold", "2025-01-10"), waiting("w", "2026-01-10")
    u_old, u_over = thing("uold", "2025-01-10", None), thing("uover", "2026-01-10", None, until="2026-02-01")
    u = thing("u", "2026-01-10", None)
    proof = asked(need, ok, old, over, both, w_old, w, u_old, u_over, u)
    assert proof.counted == (of(ok),)
    assert {(each.item.id, each.why, each.name) for each in proof.left_out} == {
        ("old", Why.TOO_EARLY, ""),
        ("over", Why.NOT_IN_FORCE, ""),
        ("both", Why.TOO_EARLY, ""),
        ("wold", Why.TOO_EARLY, ""),
        ("w", Why.WAITS, ""),
        ("uold", Why.TOO_EARLY, ""),
        ("uover", Why.NOT_IN_FORCE, ""),
        ("u", Why.NOT_SAID, "amount"),
    }
    assert len(proof.left_out) == 8
    assert proof.numbers == numbers(9, 1, 2, 2 + NOBODY_SAID)


def rating(id_: str, level: object, **said: object) -> Item:
    return thing(id_, ON, level, kind=Kind.RATING, **said)


def test_criteria_that_were_not_observed_are_named_where_they_are_meant_and_only_once() -> None:
    listens, unseen = rating("1", 2, criterion="listens"), rating("2", None, criterion="listens")
    silent, other = rating("3", None), rating("4", None, criterion="drives")
    w = replace(rating("5", 2, criterion="plans"), stands_from=None)
    meant = where("criterion", "listens", "plans")
    of_ratings = Selection(frozenset({Kind.RATING}), (meant,))
    proof = asked(AtLeast(Amount(of_ratings, Measure.COUNT), Decimal(3)), listens, unseen, silent, other, w)
    not_seen = (out(unseen, Why.NOT_OBSERVED), out(silent, Why.NOT_OBSERVED))
    assert (proof.counted, proof.left_out) == ((of(listens),), (*not_seen, waits(w)))
    in_time = replace(of_ratings, where=(), windows=(LAST_YEAR,))
    proof = asked(AtLeast(Amount(in_time, Measure.COUNT), Decimal(3)), unseen, other, w)
    assert proof.left_out == (out(unseen, Why.NOT_OBSERVED), out(other, Why.NOT_OBSERVED), waits(w))
    one_word = replace(of_ratings, where=(where("criterion", "listens"),))
    proof = asked(AtLeast(Amount(one_word, Measure.COUNT), Decimal(3)), listens, unseen, silent, other, w)
    assert proof.left_out == (out(unseen, Why.NOT_OBSERVED),)
    level = replace(of_ratings, where=(where("amount", at_least=Decimal(2)),))
    assert asked(AtLeast(Amount(level, Measure.COUNT), Decimal(3)), listens, unseen).left_out == ()


ROLE_PLAY = where("mode", "role_play")
TWO = Cap((ROLE_PLAY,), Decimal(2))


def test_where_nobody_said_whether_a_cap_holds_it_is_sure_only_with_it() -> None:
    play, silent = thing("1", ON, 5, mode="role_play"), thing("2", ON, 5)
    need = hours(9, caps=(TWO,))
    left_out = (unsaid(silent, "mode"), out(play, Why.CAPPED, amount=3), out(silent, Why.CAPPED, amount=5))
    for proof in answers((need, need), play, silent):
        assert (proof.counted, proof.left_out) == ((of(play, 2),), left_out)
        assert (proof.answer, proof.numbers) == (Answer.NOT_YET, numbers(9, 2, 2, 7))


def test_the_best_stretch_of_what_is_possible_is_another_one_than_the_one_that_is_sure() -> None:
    need = hours(9, caps=(TWO,), within=Period(days=10))
    silent, real = thing("1", "2025-01-01", 5), thing("2", "2025-06-01", 4, mode="real")
    proof = asked(need, silent, real)
    assert (proof.counted, proof.numbers) == ((of(real, 4),), numbers(9, 4, 4, 5))


A, B, C = (thing(id_, f"2025-0{n}-01", amount, course="x")
           for n, (id_, amount) in enumerate((("a", 2), ("b", 5), ("c", 3)), 1))  # fmt: skip


@pytest.mark.parametrize(
    ("keep", "kept", "lost"), [(Keep.LARGEST, B, (A, C)), (Keep.EARLIEST, A, (B, C)), (Keep.LATEST, C, (A, B))]
)
def test_of_several_that_count_once_the_others_are_named(keep: Keep, kept: Item, lost: tuple[Item, ...]) -> None:
    proof = asked(hours(9, once_per="course", keep=keep), A, B, C)
    assert proof.counted == (of(kept, kept.amount),)
    assert proof.left_out == tuple(out(each, Why.TWICE, "course") for each in lost)


@pytest.mark.parametrize(
    ("keep", "first", "other", "kept"),
    [
        (Keep.LARGEST, ("b", "2025-01-01", 3), ("a", "2025-01-02", 3), "b"),
        (Keep.LARGEST, ("b", "2025-01-01", 3), ("a", "2025-01-01", 3), "a"),
        (Keep.LATEST, ("a", "2025-01-01", 3), ("b", "2025-01-01", 1), "a"),
        (Keep.LATEST, ("a", "2025-01-01", 1), ("b", "2025-01-01", 3), "b"),
        (Keep.LATEST, ("b", "2025-01-01", 3), ("a", "2025-01-01", 3), "a"),
        (Keep.EARLIEST, ("a", "2025-01-01", 1), ("b", "2025-01-01", 3), "b"),
        (Keep.EARLIEST, ("b", "2025-01-01", 3), ("a", "2025-01-01", 3), "a"),
    ],
)
def test_of_two_that_are_alike_the_earlier_day_then_the_larger_then_the_id_decides(
    keep: Keep, first: tuple[str, str, int], other: tuple[str, str, int], kept: str
) -> None:
    proof = asked(hours(9, once_per="course", keep=keep), *(thing(*each, course="x") for each in (first, other)))
    assert [item.id for item, _ in proof.counted] == [kept]


def test_once_and_under_caps_as_much_as_the_largest_counts_first_of_what_no_cap_holds_for() -> None:
    need = hours(9, once_per="course", caps=(TWO, Cap((where("place", "far"),), Decimal(2))))
    largest, less = thing("1", "2025-01-01", 2, course="x"), thing("2", "2025-01-02", 5, course="x")
    proof = asked(need, largest, less, *(thing(id_, ON, 1, mode="real", place="near") for id_ in "34"))
    assert [(item.id, amount) for item, amount in proof.counted] == [("2", 2), ("3", 1), ("4", 1)]
    real = {"mode": "real", "place": "near"}
    first, second = (thing(id_, f"2025-01-0{id_}", n, course="x", **real) for id_, n in (("1", 2), ("2", 5)))
    assert asked(need, first, second).left_out == (out(first, Why.TWICE, "course", 2),)
    assert asked(need, first, second).counted == (of(second, 5),)


def test_once_and_under_caps_no_thing_counts_again_for_what_a_larger_one_has_counted() -> None:
    need = hours(
        9, once_per="course", caps=(Cap((where("mode", "a", "b"),), Decimal(9)), Cap((where("mode", "b"),), Decimal(9)))
    )
    real, a, b = (
        thing(id_, ON, n, course="x", mode=mode) for id_, n, mode in (("1", 5, "r"), ("2", 2, "a"), ("3", 4, "b"))
    )
    proof = asked(need, real, a, b)
    assert (proof.counted, proof.left_out) == (
        (of(real, 5),), (out(a, Why.TWICE, "course", 2), out(b, Why.TWICE, "course", 4))
    )  # fmt: skip
    assert asked(need, replace(a, amount=Decimal(1)), b).counted == (of(replace(a, amount=Decimal(1))), of(b, 3))


def test_things_that_are_counted_are_counted_once_under_a_cap_too() -> None:
    need = count(9, once_per="course", caps=(Cap((ROLE_PLAY,), Decimal(0)),))
    play, real = thing("1", ON, course="x", mode="role_play"), thing("2", ON, course="x", mode="real")
    proof = asked(need, play, real)
    assert (proof.counted, proof.numbers) == ((of(real),), numbers(9, 1))


def test_a_cap_lets_nothing_count_or_a_part_and_what_is_nothing_stays_nothing() -> None:
    first, second, none = (thing(id_, ON, n, mode="role_play") for id_, n in (("1", 2), ("2", 3), ("3", 0)))
    proof = asked(hours(9, caps=(TWO,)), first, second, none)
    assert (proof.counted, proof.left_out) == ((of(first, 2), of(none, 0)), (out(second, Why.CAPPED, amount=3),))


HALF_PLAY = Cap((ROLE_PLAY,), share=Decimal("0.5"))


def test_of_a_share_the_earlier_ones_count_and_a_share_of_all_is_none() -> None:
    real = thing("0", ON, 3, mode="real")
    plays = [thing(id_, ON, 2, mode="role_play") for id_ in "123"]
    proof = asked(hours(9, caps=(HALF_PLAY,)), real, *plays)
    assert proof.counted == (of(real, 3), of(plays[0], 2), of(plays[1], 1))
    assert proof.left_out == (out(plays[1], Why.CAPPED, amount=1), out(plays[2], Why.CAPPED, amount=2))
    all_of_it = Cap((ROLE_PLAY,), share=Decimal(1))
    assert asked(hours(9, caps=(all_of_it,)), real, *plays).numbers == numbers(9, 9)
    assert asked(hours(9, caps=(all_of_it, HALF_PLAY)), real, *plays).counted == proof.counted
    assert asked(hours(9, caps=(HALF_PLAY,)), *plays).numbers == numbers(9, 0)


def test_of_a_share_comes_first_what_fewest_caps_hold_for() -> None:
    far = Cap((where("place", "far"),), share=Decimal("0.5"))
    real, far_play, near_play = (
        thing(id_, ON, n, mode=mode, place=place)
        for id_, n, mode, place in (
            ("1", 2, "real", "near"),
            ("2", 2, "role_play", "far"),
            ("3", 2, "role_play", "near"),
        )
    )
    assert asked(hours(9, caps=(HALF_PLAY, far)), real, far_play, near_play).counted == (of(real, 2), of(near_play, 2))


WITHIN = Period(days=10)


@pytest.mark.parametrize(
    ("amounts", "counted"),
    [
        ({"2025-01-01": 1}, "2025-01-01"),
        ({"2025-01-01": 0}, "2025-01-01"),
        ({"2025-01-01": 2, "2025-02-01": 2}, "2025-01-01"),
        ({"2025-01-01": 2, "2025-02-01": 3}, "2025-02-01"),
    ],
)
def test_the_stretch_in_which_most_counts_is_the_earliest_of_several(amounts: dict[str, int], counted: str) -> None:
    there = [thing(on, on, amount) for on, amount in amounts.items()]
    assert [item.id for item, _ in asked(hours(9, within=WITHIN), *there).counted] == [counted]
    twice = [*there, *(thing(f"{on} again", on, 0) for on in amounts)]
    assert [item.id for item, _ in asked(hours(9, within=WITHIN), *twice).counted] == [counted, f"{counted} again"]


def test_a_later_stretch_with_more_of_which_no_more_counts_takes_nothing_away() -> None:
    need = hours(9, within=WITHIN, caps=(TWO,))
    real, play = thing("1", "2025-01-01", 2, mode="real"), thing("2", "2025-06-01", 5, mode="role_play")
    assert asked(need, real, play).counted == (of(real, 2),)


def test_the_best_stretch_of_the_highest_is_the_one_with_the_highest() -> None:
    need = AtLeast(Amount(training(within=WITHIN), Measure.HIGHEST), Decimal(9))
    often = [thing(id_, "2025-01-01", 3) for id_ in "12"]
    best = thing("3", "2025-06-01", 5)
    assert asked(need, *often, best).counted == (of(best, 5),)
    capped = AtLeast(
        Amount(training(within=WITHIN, caps=(Cap((ROLE_PLAY,), Decimal(0)),)), Measure.HIGHEST), Decimal(9)
    )
    assert asked(capped, thing("1", ON, 3, mode="role_play")).numbers == numbers(9, None)


LEVELS = (thing("1", "2025-01-03", 4, who="p"), thing("2", "2025-01-02", 1, who="q"), thing("3", "2025-01-01", 3))
"""Of the last nobody said who it was."""


@pytest.mark.parametrize(
    ("measure", "sure", "with_waiting", "possible"),
    [
        (Measure.TOTAL, 8, 10, 10 + NOBODY_SAID),
        (Measure.COUNT, 4, 5, 5),
        (Measure.HIGHEST, 4, 4, NOBODY_SAID),
        (Measure.LOWEST, 1, 1, 1),
        (Measure.MEAN, Decimal(8) / 3, "2.5", (10 + NOBODY_SAID) / 5),
        (Measure.LATEST, 4, 2, NOBODY_SAID),
    ],
)
def test_each_measure_makes_a_number_of_what_is_sure_what_waits_and_what_is_open(
    measure: Measure, sure: object, with_waiting: object, possible: object
) -> None:
    w, u = waiting("4", "2025-01-04", 2), thing("5", "2025-01-05", None)
    proof = asked(AtLeast(Amount(training(), measure), NOBODY_SAID * 9), *LEVELS, w, u)
    assert proof.numbers == numbers(NOBODY_SAID * 9, sure, with_waiting, possible)


def test_the_latest_of_one_day_is_the_one_with_the_last_id_and_different_ones_may_be_one_more() -> None:
    latest = AtLeast(Amount(training(), Measure.LATEST), Decimal(9))
    assert asked(latest, thing("b", ON, 2), thing("a", ON, 5)).numbers == numbers(9, 2)
    people = count(9, measure=Measure.DISTINCT, name="who")
    twice = thing("6", ON, who=("p", "r"))
    silent, silent_too = LEVELS[2], thing("7", ON)
    assert asked(people, *LEVELS, twice).numbers == numbers(9, 3, 3, 4)
    assert asked(people, LEVELS[0], silent, silent_too).numbers == numbers(9, 1, 1, 3)
    assert asked(people, LEVELS[0], waiting("8", ON, who="q")).numbers == numbers(9, 1, 2)
    assert asked(people, LEVELS[0], waiting("8", ON)).numbers == numbers(9, 1, 1, 2)
    assert asked(people, thing("9", ON, None, who="q")).numbers == numbers(9, 1)
    assert asked(people).numbers == numbers(9, 0)


def test_a_cap_of_which_nobody_said_whether_it_holds_is_read_alike_in_a_list_and_in_a_week() -> None:
    play, silent = thing("1", ON, 5, sort="a", mode="role_play"), thing("2", ON, 5, sort="a")
    capped = Amount(training(caps=(TWO,)))
    (of_list,) = asked(Covers(capped, "sort", ("a",), threshold=Decimal(9)), play, silent).parts
    of_week = asked(
        Each(Calendar.YEAR, AtLeast(capped, Decimal(9)), ENTERED), play, silent, entered="2025-01-01"
    ).parts[0]
    assert of_list.numbers == of_week.numbers == numbers(9, 2, 2, 7)
    assert of_list.left_out == of_week.left_out == asked(AtLeast(capped, Decimal(9)), play, silent).left_out


def test_what_is_asked_beside_each_other_is_answered_as_if_it_were_asked_alone() -> None:
    practice = frozenset({Kind.TRAINING, Kind.PRACTICE})
    both = Selection(practice, (where("color", "red"),), unit="hours")
    needs = (
        hours(9),
        hours(9, where("color", "red")),
        hours(9, where("shape", "red")),
        hours(9, units={"ceu": Decimal(10)}),
        hours(9, units={"ceu": Decimal(5)}),
        count(9, where("color", "red")),
        AtLeast(Amount(replace(training(), unit="ceu")), Decimal(9)),
        AtLeast(Amount(both), Decimal(9)),
        AtLeast(Amount(replace(both, where=())), Decimal(9)),
    )
    there = (
        red("5"),
        red("6", "2025-04-01", None),
        thing("7", "2025-03-01", 2, shape="red"),
        thing("8", "2025-02-01", None),
        replace(red("9", "2025-06-01"), unit="ceu"),
        thing("1", "2025-05-02", 3, kind=Kind.PRACTICE, color="red"),
        thing("0", "2025-04-30", 4, kind=Kind.PRACTICE, color="red"),
    )
    assert answers(needs, *there) == [asked(need, *there) for need in needs]
    assert [each.numbers for each in answers(needs, *there)] == [
        numbers(9, 3, 3, 3 + 3 * NOBODY_SAID),
        numbers(9, 1, 1, 3 + 3 * NOBODY_SAID),
        numbers(9, 2, 2, 3 + 3 * NOBODY_SAID),
        numbers(9, 13, 13, 13 + 2 * NOBODY_SAID),
        numbers(9, 8, 8, 8 + 2 * NOBODY_SAID),
        numbers(9, 3, 3, 5),
        numbers(9, 1, 1, 1 + 4 * NOBODY_SAID, unit="ceu"),
        numbers(9, 8, 8, 10 + 3 * NOBODY_SAID),
        numbers(9, 10, 10, 10 + 3 * NOBODY_SAID),
    ]
    assert [item.id for item, _ in asked(needs[-2], *there).counted] == ["0", "5", "1"]
