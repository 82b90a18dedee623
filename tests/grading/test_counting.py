"""What counts of what there is: the steps of a selection, one after the other."""

from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Item, Kind
from grading.periods import Period
from grading.program import Who
from grading.proof import Answer, Doing, Why
from grading.requirements.needs import AllOf, Amount, AtLeast, Measure
from grading.requirements.selection import OF_ITSELF, Anchor, Cap, Keep, Named, Selection, Window
from grading.weighing.matching import value_of
from tests.grading.things import asked, count, day, has, hours, thing, waiting, where

ELECTIVE = where("category", "elective")
LAST_YEAR = Window(last=Period(months=12))


def left_out(need: AtLeast, *there: Item) -> dict[str, Why]:
    return {each.item.id: each.why for each in asked(need, *there).left_out}


def sure(need: AtLeast, *there: Item) -> Decimal | None:
    numbers = asked(need, *there).numbers
    return numbers.sure if numbers else None


def test_the_window_is_read_before_the_cap_so_that_what_is_too_old_uses_up_nothing() -> None:
    need = hours(40, windows=(LAST_YEAR,), caps=(Cap((ELECTIVE,), Decimal(4)),))
    old = thing("old", "2024-01-10", 4, category="elective")
    new = thing("new", "2025-12-10", 4, category="elective")
    assert sure(need, old, new) == 4
    assert left_out(need, old, new) == {"old": Why.TOO_EARLY}


def test_what_is_not_said_of_supervision_is_for_the_supervisor_to_say() -> None:
    of = Selection(frozenset({Kind.TRAINING, Kind.SUPERVISION}), (where("led_by", "peer"),), unit="hours")
    need = AtLeast(Amount(of), Decimal(2))
    course, session = thing("a", "2026-01-10"), thing("b", "2026-01-11", kind=Kind.SUPERVISION)
    assert [each.who for each in asked(need, course).changes if each.doing is Doing.SAY] == [Who.TRAINEE]
    assert [each.who for each in asked(need, session).changes if each.doing is Doing.SAY] == [Who.SUPERVISOR]


def test_what_never_counts_is_left_out_before_the_window_and_the_cap() -> None:
    need = hours(40, not_counting=((where("activity", "reading"),),), caps=(Cap((ELECTIVE,), Decimal(4)),))
    reading = thing("a", "2025-01-10", 4, category="elective", activity="reading")
    course = thing("b", "2025-02-10", 4, category="elective", activity="course")
    assert sure(need, reading, course) == 4
    assert left_out(need, reading, course) == {"a": Why.NOT_COUNTING}


def test_cap_b6_three_live_observations_two_case_discussions_and_one_role_play_are_each_asked_for() -> None:
    def of(mode: str, number: int) -> AtLeast:
        seen = Selection(frozenset({Kind.OBSERVATION}), (where("mode", mode),))
        return AtLeast(Amount(seen, Measure.COUNT), Decimal(number))

    need = AllOf((of("live", 3), of("case_discussion", 2), of("role_play", 1)))
    modes = ("live", "live", "live", "case_discussion", "case_discussion", "role_play")
    there = [thing(mode + str(n), "2026-01-10", kind=Kind.OBSERVATION, mode=mode) for n, mode in enumerate(modes)]
    assert asked(need, *there).answer is Answer.MET
    for one in range(len(there)):
        without = [*there[:one], *there[one + 1 :], thing("more", "2026-01-11", kind=Kind.OBSERVATION, mode="remote")]
        assert asked(need, *without).answer is Answer.NOT_YET, modes[one]


def test_amounts_are_in_one_unit_before_they_are_capped() -> None:
    need = hours(40, units={"ceu": Decimal(10)}, caps=(Cap((ELECTIVE,), Decimal(4)),))
    ceu = Item("a", Kind.TRAINING, day("2025-05-01"), Decimal(1), "ceu", has(category="elective"),
               stands_from=day("2025-05-02"))  # fmt: skip
    assert sure(need, ceu) == 4


def test_what_counts_once_is_found_before_the_cap() -> None:
    need = hours(40, once_per="course", caps=(Cap((ELECTIVE,), Decimal(4)),))
    twice = [thing(id_, "2025-05-01", 3, category="elective", course="c") for id_ in ("a", "b")]
    assert sure(need, *twice) == 3
    assert left_out(need, *twice) == {"b": Why.TWICE}


def test_the_best_stretch_is_the_one_in_which_most_counts_after_the_cap() -> None:
    need = hours(9, caps=(Cap((ELECTIVE,), Decimal(4)),), within=Period(days=10))
    early = thing("early", "2025-01-01", 6, category="elective")
    late = thing("late", "2025-06-01", 5, category="core")
    assert sure(need, early, late) == 5


def test_what_lies_outside_the_best_stretch_uses_up_no_cap_and_no_once() -> None:
    need = hours(9, caps=(Cap((ELECTIVE,), Decimal(4)),), within=Period(days=10), once_per="course")
    there = [thing("a", "2025-06-01", 4, category="elective", course="c"), thing("b", "2025-06-02", 5, category="core")]
    assert sure(need, *there) == 9
    assert sure(need, *there, thing("c", "2024-01-01", 5, category="elective", course="c")) == 9


def test_what_counts_once_and_under_a_cap_never_costs_what_counts_without_it() -> None:
    need = hours(9, once_per="course", caps=(Cap((ELECTIVE,), Decimal(1)),))
    core = thing("a", "2025-05-01", 2, category="core", course="c")
    elective = thing("b", "2025-05-02", 5, category="elective", course="c")
    assert sure(need, core) == 2
    assert sure(need, core, elective) == 3
    assert sure(need, elective) == 1


def test_of_what_is_over_the_cap_a_part_counts_and_the_earlier_day_comes_first() -> None:
    need = hours(40, caps=(Cap((ELECTIVE,), Decimal(4)),))
    proof = asked(
        need, *(thing(id_, f"2025-0{month}-01", 3, category="elective") for month, id_ in ((1, "b"), (2, "a")))
    )
    assert [(item.id, amount) for item, amount in proof.counted] == [("b", 3), ("a", 1)]
    assert [(each.item.id, each.why, each.amount) for each in proof.left_out] == [("a", Why.CAPPED, 2)]


def test_on_the_same_day_the_id_decides() -> None:
    need = hours(40, caps=(Cap((ELECTIVE,), Decimal(4)),))
    proof = asked(need, *(thing(id_, "2025-01-01", 3, category="elective") for id_ in ("b", "a")))
    assert [(item.id, amount) for item, amount in proof.counted] == [("a", 3), ("b", 1)]


def test_more_under_one_cap_never_costs_what_another_cap_lets_count() -> None:
    caps = (Cap((where("form", "a", "b"),), Decimal(20)), *(Cap((where("form", it),), Decimal(10)) for it in "ab"))
    there = (thing("a", "2025-03-10", 10, form="a"), thing("b", "2025-03-11", 10, form="b"))
    more = thing("more", "2025-03-09", 20, form="a")
    for order in (caps, caps[::-1]):
        assert sure(hours(40, caps=order), *there) == 20
        assert sure(hours(40, caps=order), *there, more) == 20


def test_a_share_is_a_cap_on_the_rest_so_that_more_of_it_never_hurts() -> None:
    need = hours(100, caps=(Cap((where("mode", "role_play"),), share=Decimal("0.4")),))
    real = thing("real", "2025-01-01", 60, mode="real")
    for role_play, counted in ((30, 90), (40, 100), (200, 100)):
        assert sure(need, real, thing("play", "2025-02-01", role_play, mode="role_play")) == counted


def test_a_share_of_nothing_else_lets_nothing_count() -> None:
    need = hours(10, caps=(Cap((where("mode", "role_play"),), share=Decimal("0.4")),))
    assert sure(need, thing("play", "2025-02-01", 50, mode="role_play")) == 0


def test_where_nobody_said_whether_a_cap_holds_more_may_count_and_it_is_asked() -> None:
    need = hours(10, caps=(Cap((where("mode", "role_play"),), Decimal(2)),))
    proof = asked(need, thing("a", "2025-02-01", 12))
    assert proof.answer is Answer.UNKNOWN
    assert proof.numbers is not None
    assert (proof.numbers.sure, proof.numbers.possible) == (2, 12)
    assert [each.name for each in proof.changes] == ["mode"]


def test_a_window_ends_with_the_day_so_long_before_and_that_day_counts() -> None:
    need = hours(1, windows=(LAST_YEAR,))
    assert asked(need, thing("a", "2025-03-01"), today=date(2026, 3, 1)).answer is Answer.MET
    assert asked(need, thing("a", "2025-02-28"), today=date(2026, 3, 1)).answer is Answer.NOT_YET


def test_the_day_on_which_something_is_too_old_is_told_before_it_comes() -> None:
    need = hours(1, windows=(LAST_YEAR,))
    proof = asked(need, thing("a", "2025-03-01"), today=date(2026, 3, 1))
    assert proof.changes_on == date(2026, 3, 2)
    assert asked(need, thing("a", "2025-03-01"), today=date(2026, 3, 2)).answer is Answer.NOT_YET


def test_while_the_application_has_not_come_the_window_moves_with_today() -> None:
    applied = Window(until=Anchor(Named.EVENT, "application"), last=Period(months=12))
    there = thing("a", "2025-02-01", 5)
    event = Item("e", Kind.EVENT, day("2025-12-01"), has=has(name="application"), stands_from=day("2025-12-01"))
    assert asked(hours(5, windows=(applied,)), there).answer is Answer.NOT_YET
    found = asked(hours(5, windows=(applied,)), there, event)
    assert (found.answer, found.changes_on) == (Answer.MET, None)
    assert asked(hours(5, windows=(applied,)), thing("a", "2025-08-01", 5)).changes_on is not None


def test_counting_that_begins_with_a_day_that_has_not_come_has_not_begun() -> None:
    need = hours(1, windows=(Window(since=Anchor(Named.EVENT, "training_began")),))
    assert left_out(need, thing("a", "2025-02-01")) == {"a": Why.NOT_BEGUN}


def test_in_force_is_what_has_begun_and_not_ended() -> None:
    need = count(1, windows=(Window(in_force=Anchor(Named.TODAY)),))
    assert asked(need, thing("a", "2025-02-01")).answer is Answer.MET
    until_today = asked(need, thing("a", "2025-02-01", until="2026-03-01"))
    assert (until_today.answer, until_today.changes_on) == (Answer.MET, date(2026, 3, 2))
    assert left_out(need, thing("a", "2025-02-01", until="2026-02-28")) == {"a": Why.NOT_IN_FORCE}


def test_of_several_that_count_once_the_rule_says_which() -> None:
    there = [thing("a", "2025-01-01", 2, course="c"), thing("b", "2025-02-01", 5, course="c"),
             thing("c", "2025-03-01", 3, course="c")]  # fmt: skip
    counts = {keep: sure(hours(9, once_per="course", keep=keep), *there) for keep in Keep}
    assert counts == {Keep.LARGEST: 5, Keep.EARLIEST: 2, Keep.LATEST: 3}


def test_things_that_do_not_say_what_they_would_count_once_for_count_each() -> None:
    assert sure(hours(9, once_per="course"), thing("a", "2025-01-01", 2), thing("b", "2025-01-01", 2)) == 4


@pytest.mark.parametrize("name", sorted(OF_ITSELF))
def test_what_nobody_has_to_say_is_known_of_everything(name: str) -> None:
    assert value_of(name, thing("a", "2025-02-04")) is not None


def test_a_day_a_week_and_a_month_need_not_be_said() -> None:
    there = [thing("a", "2025-12-29"), thing("b", "2026-01-01"), thing("c", "2026-01-05")]
    for name, different in (("day", 3), ("week", 2), ("month", 2)):
        assert sure(count(9, measure=Measure.DISTINCT, name=name), *there) == different
    assert sure(hours(9, where("month", "2026-01")), *there) == 2
    assert sure(hours(9, once_per="week"), *there) == 2


def test_the_best_stretch_is_the_one_with_most_in_it_and_its_last_day_counts() -> None:
    need = hours(9, within=Period(days=10))
    there = [thing("a", "2025-01-01", 2), thing("b", "2025-06-01", 3), thing("c", "2025-06-11", 4)]
    assert sure(need, *there) == 7
    assert sure(need, *there[:2], thing("c", "2025-06-12", 4)) == 4


def test_an_amount_that_nobody_said_is_neither_zero_nor_enough() -> None:
    proof = asked(hours(10), thing("a", "2025-01-01", 9), thing("b", "2025-02-01", None))
    assert (proof.answer, [each.name for each in proof.changes]) == (Answer.UNKNOWN, ["amount"])
    assert asked(hours(10), thing("a", "2025-01-01", 9), thing("b", "2025-02-01", 0)).answer is Answer.NOT_YET


def test_a_unit_that_the_rule_does_not_know_leaves_it_open() -> None:
    days = Item("a", Kind.TRAINING, day("2025-05-01"), Decimal(3), "days", stands_from=day("2025-05-01"))
    proof = asked(hours(10), days)
    assert (proof.answer, [each.name for each in proof.changes]) == (Answer.UNKNOWN, ["unit"])


def test_a_name_that_is_absent_is_not_known_and_one_that_is_empty_is_no() -> None:
    need = hours(1, where("category", "ethics"))
    assert asked(need, thing("a", "2025-01-01")).answer is Answer.UNKNOWN
    assert asked(need, thing("a", "2025-01-01", category=())).answer is Answer.NOT_YET


def test_what_is_only_ruled_out_may_be_left_unsaid_unless_it_has_to_be_said() -> None:
    there = thing("a", "2025-01-01")
    assert asked(hours(1, where("activity", none_of=frozenset({"reading"}))), there).answer is Answer.MET
    must = where("activity", none_of=frozenset({"reading"}), said=True)
    assert asked(hours(1, must), there).answer is Answer.UNKNOWN


def test_what_waits_for_a_signature_makes_it_wait_for_a_person() -> None:
    proof = asked(hours(10), thing("a", "2025-01-01", 9), waiting("b", "2025-02-01", 1))
    assert proof.answer is Answer.WAITING
    assert proof.numbers is not None
    assert (proof.numbers.sure, proof.numbers.with_waiting) == (9, 10)


def test_what_waits_and_does_not_say_something_is_not_known() -> None:
    need = hours(1, where("category", "ethics"))
    assert asked(need, waiting("a", "2025-01-01")).answer is Answer.UNKNOWN


def rating(id_: str, level: int | None, **said: object) -> Item:
    return thing(id_, "2025-05-01", level, kind=Kind.RATING, **said)


def rated(measure: Measure, least: int) -> AtLeast:
    return AtLeast(Amount(Selection(frozenset({Kind.RATING})), measure), Decimal(least))


def test_a_criterion_that_was_not_observed_counts_neither_way() -> None:
    there = rating("a", 2, criterion="listens"), rating("b", None, criterion="plans")
    assert asked(rated(Measure.MEAN, 3), *there).answer is Answer.NOT_YET
    assert asked(rated(Measure.MEAN, 2), *there).answer is Answer.MET
    assert asked(rated(Measure.COUNT, 2), *there).answer is Answer.NOT_YET
    assert [each.why for each in asked(rated(Measure.COUNT, 2), *there).left_out] == [Why.NOT_OBSERVED]


def test_there_is_no_mean_and_no_lowest_of_nothing() -> None:
    for measure in (Measure.MEAN, Measure.LOWEST, Measure.HIGHEST, Measure.LATEST):
        proof = asked(rated(measure, 0))
        assert (proof.answer, proof.numbers and proof.numbers.sure) == (Answer.NOT_YET, None)


def test_of_two_on_one_day_the_one_with_more_is_kept_as_the_earliest() -> None:
    need = hours(9, once_per="course", keep=Keep.EARLIEST)
    assert sure(need, thing("a", "2025-01-01", 1, course="x"), thing("b", "2025-01-01", 3, course="x")) == 3


def test_of_what_is_there_a_second_time_nothing_is_counted_where_the_first_is_as_much() -> None:
    need = hours(9, once_per="course", caps=(Cap((ELECTIVE,), Decimal(4)),))
    proof = asked(need, thing("a", "2025-01-01", 3, course="x"), thing("b", "2025-01-02", 2, course="x"))
    assert [item.id for item, _ in proof.counted] == ["a"]


def test_where_different_ones_are_asked_for_the_stretch_with_most_different_ones_is_taken() -> None:
    need = count(3, measure=Measure.DISTINCT, name="course", within=Period(days=10))
    often = (thing(id_, f"2025-01-0{id_}", course="x") for id_ in "123")
    several = thing("8", "2025-03-01", course="y"), thing("9", "2025-03-02", course="z")
    assert sure(need, *often, *several) == 2


def test_what_does_not_say_how_much_it_is_leaves_only_its_own_sort_open() -> None:
    unsaid = thing("x", "2025-01-01", None, sort="b")
    assert asked(hours(1, where("sort", "b")), unsaid).answer is Answer.UNKNOWN
    assert asked(hours(1, where("sort", "a")), unsaid).answer is Answer.NOT_YET
