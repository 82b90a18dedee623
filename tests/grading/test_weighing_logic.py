"""How answers go together, and lists and orders."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Item, Kind
from grading.program import Who
from grading.proof import Answer, Doing
from grading.requirements.needs import (
    AllOf,
    Amount,
    AnyOf,
    AtMost,
    Covers,
    Group,
    InOrder,
    Measure,
    Met,
    Need,
    Open,
    Share,
    SomeOf,
    Sum,
    Term,
    Unless,
    When,
)
from grading.requirements.selection import Anchor, Named, Selection, Where
from tests.grading.things import answers, asked, count, hours, thing, training, waiting, where

A = thing("a", "2025-05-01", 1, sort="a")
B = thing("b", "2025-05-02", 1, sort="b")
YES = hours(1, where("sort", "a"))
NO = hours(1, where("sort", "nothing"))
WAITS = hours(1, where("sort", "waits"))
OPEN_QUESTION = count(1, where("color", "red"), where("sort", "a"))
OFF = Open(YES, until=date(2025, 1, 1))
THERE = (A, B, waiting("w", "2025-05-03", 1, sort="waits"))


def answer(need: Need, *there: Item) -> Answer:
    return asked(need, *(there or THERE)).answer


def test_the_four_answers_of_which_the_rest_are_made() -> None:
    found = [answer(each) for each in (YES, NO, WAITS, OPEN_QUESTION, OFF)]
    assert found == [Answer.MET, Answer.NOT_YET, Answer.WAITING, Answer.UNKNOWN, Answer.NOT_APPLICABLE]


@pytest.mark.parametrize(
    ("parts", "every", "one"),
    [
        ((YES, NO), Answer.NOT_YET, Answer.MET),
        ((YES, WAITS), Answer.WAITING, Answer.MET),
        ((WAITS, OPEN_QUESTION), Answer.UNKNOWN, Answer.WAITING),
        ((OPEN_QUESTION, NO), Answer.NOT_YET, Answer.UNKNOWN),
        ((YES, OFF), Answer.MET, Answer.MET),
        ((NO, OFF), Answer.NOT_YET, Answer.NOT_YET),
        ((OFF,), Answer.NOT_APPLICABLE, Answer.NOT_YET),
    ],
)
def test_every_one_is_as_strict_as_its_strictest_and_one_as_kind_as_its_kindest(
    parts: tuple[Need, ...], every: Answer, one: Answer
) -> None:
    assert answer(AllOf(parts)) is every
    assert answer(AnyOf(parts)) is one


def test_all_ways_are_shown() -> None:
    assert [part.answer for part in asked(AnyOf((YES, NO)), *THERE).parts] == [Answer.MET, Answer.NOT_YET]


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (SomeOf(2, (Group((YES, NO, WAITS)),)), Answer.WAITING),
        (SomeOf(1, (Group((YES, NO)),)), Answer.MET),
        (SomeOf(2, (Group((YES, YES), at_most=1), Group((NO,)))), Answer.NOT_YET),
        (SomeOf(2, (Group((YES, YES), at_most=1), Group((YES,)))), Answer.MET),
        (SomeOf(1, (Group((YES,)), Group((NO, WAITS), at_least=1))), Answer.WAITING),
        (SomeOf(2, (Group((YES, OPEN_QUESTION)),)), Answer.UNKNOWN),
        (SomeOf(2, (Group((YES, OFF)),)), Answer.NOT_YET),
    ],
)
def test_so_many_of_several_with_a_least_and_a_most(need: Need, expected: Answer) -> None:
    assert answer(need) is expected


@pytest.mark.parametrize(
    ("condition", "need", "expected"),
    [
        (YES, NO, Answer.NOT_YET),
        (YES, WAITS, Answer.WAITING),
        (NO, NO, Answer.NOT_APPLICABLE),
        (OFF, NO, Answer.NOT_APPLICABLE),
        (OPEN_QUESTION, YES, Answer.MET),
        (OPEN_QUESTION, NO, Answer.UNKNOWN),
        (OPEN_QUESTION, OFF, Answer.NOT_APPLICABLE),
        (OPEN_QUESTION, WAITS, Answer.UNKNOWN),
        (WAITS, OPEN_QUESTION, Answer.UNKNOWN),
        (WAITS, YES, Answer.MET),
    ],
)
def test_something_is_asked_only_of_those_for_whom_something_holds(
    condition: Need, need: Need, expected: Answer
) -> None:
    assert answer(When(condition, need)) is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2024-12-31", Answer.NOT_APPLICABLE), ("2025-01-01", Answer.NOT_YET), ("2025-12-31", Answer.NOT_YET),
     ("2026-01-01", Answer.NOT_APPLICABLE)],
)  # fmt: skip
def test_the_first_and_last_day_of_a_way_belong_to_it(on: str, expected: Answer) -> None:
    need = Open(NO, date(2025, 1, 1), date(2025, 12, 31), Anchor(Named.DAY, day=date.fromisoformat(on)))
    assert answer(need) is expected


def test_a_way_that_is_open_says_until_when_while_it_is_not_met() -> None:
    changes = [asked(Open(need, until=date(2026, 12, 31)), *THERE).changes for need in (NO, YES)]
    assert [[(each.who, each.doing, each.on) for each in some] for some in changes] == [
        [(Who.NOBODY, Doing.WAIT, date(2026, 12, 31))],
        [],
    ]


def test_another_requirement_is_met() -> None:
    found = answers((YES, Met("r0"), AllOf((Met("r3"),)), NO), *THERE)
    assert [each.answer for each in found] == [Answer.MET, Answer.MET, Answer.NOT_YET, Answer.NOT_YET]


FINDINGS = Selection(frozenset({Kind.FINDING}))
SETTLED = Selection(frozenset({Kind.APPROVAL}))


def finding(id_: str, **said: object) -> Item:
    return thing(id_, "2025-05-01", kind=Kind.FINDING, **said)


def settled(*ids: str) -> Item:
    return thing("s", "2025-06-01", kind=Kind.APPROVAL, finding=ids)


def test_nothing_of_the_sort_is_met_and_something_is_not() -> None:
    assert asked(Unless(FINDINGS)).answer is Answer.MET
    assert asked(Unless(FINDINGS), finding("f")).answer is Answer.NOT_YET


def test_what_a_person_can_settle_waits_for_them() -> None:
    proof = asked(Unless(FINDINGS, SETTLED), finding("f"))
    assert proof.answer is Answer.WAITING
    assert [(each.who, each.doing) for each in proof.changes] == [(Who.PROGRAM, Doing.DECIDE)]
    assert asked(Unless(FINDINGS, SETTLED), finding("f"), settled("f")).answer is Answer.MET
    assert asked(Unless(FINDINGS, SETTLED), finding("f"), finding("g"), settled("f")).answer is Answer.WAITING


def test_what_waits_can_be_settled_too() -> None:
    unsure = waiting("f", "2025-05-01", 1)
    findings = Unless(replace(FINDINGS, kinds=frozenset({Kind.TRAINING})), SETTLED, by="finding")
    assert asked(findings, unsure).answer is Answer.WAITING
    assert asked(findings, unsure, settled("f")).answer is Answer.MET


def test_a_finding_about_two_cases_is_settled_when_both_are() -> None:
    two = finding("f", finding=("c1", "c2"))
    assert asked(Unless(FINDINGS, SETTLED), two, settled("c1")).answer is Answer.WAITING
    assert asked(Unless(FINDINGS, SETTLED), two, settled("c1", "c2")).answer is Answer.MET


def test_what_may_be_of_the_sort_leaves_it_open() -> None:
    need = Unless(Selection(frozenset({Kind.FINDING}), (where("name", "ethics"),)))
    assert asked(need, finding("f")).answer is Answer.UNKNOWN
    assert asked(need, finding("f", name="parking")).answer is Answer.MET


def covers(threshold: int = 1, some: int | None = None, measure: Measure = Measure.COUNT, name: str = "") -> Covers:
    return Covers(Amount(training(), measure, name), "sort", ("a", "b"), some, Decimal(threshold))


def test_each_of_a_list_has_its_own_part_in_the_proof() -> None:
    proof = asked(covers(), A)
    assert proof.answer is Answer.NOT_YET
    assert [(part.name, part.answer) for part in proof.parts] == [("a", Answer.MET), ("b", Answer.NOT_YET)]
    assert [change.name for change in proof.parts[1].changes] == ["b"]
    assert asked(covers(), A, B).answer is Answer.MET


def test_some_of_a_list_are_enough() -> None:
    assert asked(covers(some=1), A).answer is Answer.MET


def test_each_of_a_list_can_need_so_much() -> None:
    need = covers(3, measure=Measure.TOTAL)
    assert asked(need, thing("x", "2025-01-01", 3, sort=("a", "b"))).answer is Answer.MET
    assert asked(need, thing("x", "2025-01-01", 3, sort="a"), B).answer is Answer.NOT_YET


def test_what_does_not_say_which_of_a_list_it_is_may_be_any() -> None:
    assert asked(covers(), A, thing("x", "2025-01-01", 1)).answer is Answer.UNKNOWN


def test_each_of_a_list_can_need_different_people() -> None:
    need = covers(2, measure=Measure.DISTINCT, name="who")
    both = ("a", "b")
    x, y = (thing(id_, "2025-01-01", 1, sort=both, who=id_) for id_ in ("x", "y"))
    assert asked(need, x, y).answer is Answer.MET
    assert asked(need, x, thing("z", "2025-01-02", 1, sort=both, who="x")).answer is Answer.NOT_YET
    assert asked(need, x, thing("z", "2025-01-02", 1, sort=both)).answer is Answer.UNKNOWN


def test_what_waits_of_a_list_is_for_somebody_to_sign() -> None:
    proof = asked(covers(), A, waiting("w", "2025-05-02", 1, sort="b"))
    assert proof.answer is Answer.WAITING
    assert [each.doing for each in proof.changes] == [Doing.SIGN]
    assert asked(covers(), A, B).changes == ()


def order(*sorts: str, same: str = "") -> InOrder:
    return InOrder(tuple(training(where("sort", sort)) for sort in sorts), same)


def test_one_thing_comes_after_the_other_or_on_the_same_day() -> None:
    assert asked(order("a", "b"), A, B).answer is Answer.MET
    assert asked(order("b", "a"), A, B).answer is Answer.NOT_YET
    assert asked(order("b", "a"), A, thing("c", "2025-05-01", sort="b")).answer is Answer.MET


def test_a_second_time_after_the_first_step_is_enough() -> None:
    assert asked(order("b", "a"), A, B, thing("c", "2025-05-03", sort="a")).answer is Answer.MET


def test_one_thing_is_not_two_steps() -> None:
    assert asked(order("a", "a"), A).answer is Answer.NOT_YET


@pytest.mark.parametrize("ids", ["pqs", "qps", "spq", "sqp", "qsp", "psq"])
def test_whatever_the_ids_are_things_of_one_day_are_given_to_the_steps_that_need_them(ids: str) -> None:
    either, first, last = ids
    there = (
        thing(either, "2025-05-01", sort=("a", "b")),
        thing(first, "2025-05-01", sort="a"),
        thing(last, "2025-05-02", sort="c"),
    )
    proof = asked(
        InOrder((training(where("sort", "a")), training(where("sort", "b")), training(where("sort", "c")))), *there
    )
    assert proof.answer is Answer.MET
    assert [item.id for item, _ in proof.counted] == [first, either, last]


def test_the_order_is_asked_for_within_what_must_be_the_same() -> None:
    need = order("a", "b", same="case")
    first = thing("a", "2025-05-01", sort="a", case="1")
    assert asked(need, first, thing("b", "2025-05-02", sort="b", case="1")).answer is Answer.MET
    assert asked(need, first, thing("b", "2025-05-02", sort="b", case="2")).answer is Answer.NOT_YET
    assert asked(need, first, thing("b", "2025-05-02", sort="b")).answer is Answer.UNKNOWN
    assert asked(need, thing("a", "2025-05-01", sort="a"), B).answer is Answer.UNKNOWN


def test_the_step_that_is_missing_is_named_by_who_adds_it() -> None:
    signed = Selection(frozenset({Kind.REFERENCE}))
    proof = asked(InOrder((training(), signed)), A)
    assert [(each.who, each.doing) for each in proof.changes] == [(Who.REFEREE, Doing.ADD)]


def test_beside_the_step_that_is_missing_stands_what_waits_for_an_earlier_one() -> None:
    proof = asked(order("a", "b"), waiting("w", "2025-05-02", 1, sort="a"))
    assert [each.doing for each in proof.changes] == [Doing.ADD, Doing.SIGN]


def at_most(number: int, *wheres: Where) -> AtMost:
    return AtMost(Amount(training(*wheres)), Decimal(number))


def test_so_much_or_less_is_open_while_something_waits_or_is_not_said() -> None:
    assert asked(at_most(2)).answer is Answer.MET
    assert asked(at_most(2), thing("x", "2025-01-01", 3)).answer is Answer.NOT_YET
    assert asked(at_most(2), A, waiting("x", "2025-01-01", 2)).answer is Answer.WAITING
    assert asked(at_most(2), A, thing("x", "2025-01-01", None)).answer is Answer.UNKNOWN


def test_a_sum_weighs_its_terms_and_takes_what_is_not_there_as_nothing_yet() -> None:
    terms = tuple(
        Term(Amount(training(where("sort", sort)), Measure.HIGHEST), Decimal(times))
        for sort, times in (("a", 2), ("b", 1))
    )
    assert asked(Sum(terms, Decimal(3)), A, B).answer is Answer.MET
    assert asked(Sum(terms, Decimal(3)), A).answer is Answer.NOT_YET
    waits = asked(Sum(terms, Decimal(3)), A, waiting("w", "2025-05-02", 1, sort="b"))
    assert waits.answer is Answer.WAITING


def test_a_share_of_nothing_is_not_asked_for() -> None:
    need = Share(Amount(training(where("sort", "a"))), Amount(training()), Decimal("0.5"))
    assert asked(need).answer is Answer.NOT_APPLICABLE
    assert asked(need, A, B).answer is Answer.MET
    assert asked(need, A, B, thing("c", "2025-01-01", 1, sort="b")).answer is Answer.NOT_YET


def test_a_share_is_not_sure_while_more_of_the_whole_waits_or_is_not_known() -> None:
    practice = Selection(frozenset({Kind.PRACTICE}), unit="hours")
    need = Share(Amount(training()), Amount(practice), Decimal("0.05"))
    signed, hour = thing("p", "2025-05-01", 20, kind=Kind.PRACTICE), thing("t", "2025-05-02", 1)
    more = waiting("q", "2025-05-03", 60, kind=Kind.PRACTICE)
    assert asked(need, signed, hour).answer is Answer.MET
    assert asked(need, signed, hour, more).answer is Answer.WAITING
    assert asked(need, signed, hour, thing("q", "2025-05-03", None, kind=Kind.PRACTICE)).answer is Answer.UNKNOWN
    assert asked(need, hour, thing("q", "2025-05-03", None, kind=Kind.PRACTICE)).answer is Answer.UNKNOWN
    assert asked(need, signed, waiting("t", "2025-05-02", 1)).answer is Answer.WAITING
    lacking = asked(need, more)
    assert (lacking.answer, lacking.changes[0].amount) == (Answer.NOT_YET, 3)


def test_the_mean_the_lowest_and_the_latest_speak_of_everything() -> None:
    there = thing("x", "2025-01-01", 4), thing("y", "2025-02-01", 1), thing("z", "2025-03-01", 2)
    numbers = {}
    for measure in (Measure.MEAN, Measure.LOWEST, Measure.LATEST, Measure.HIGHEST):
        found = asked(AtMost(Amount(training(), measure), Decimal(9)), *there).numbers
        numbers[measure] = found and found.sure and round(found.sure, 2)
    assert numbers == {
        Measure.MEAN: Decimal("2.33"), Measure.LOWEST: 1, Measure.LATEST: 2, Measure.HIGHEST: 4,
    }  # fmt: skip
