"""Needs of a list, and of an order: every part of their proofs, in each of their answers. Today is 1 March 2026."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Item, Kind
from grading.periods import Period
from grading.program import Who
from grading.proof import Answer, Proof, Why
from grading.requirements.needs import Amount, Covers, InOrder, Measure
from grading.requirements.selection import Selection, Window
from tests.grading.things import asked, thing, training, waiting, where
from tests.grading.whole import add, numbers, of, out, say, sign, unsaid, waits

LAST_YEAR = (Window(last=Period(months=12)),)
OLD = thing("old", "2024-05-01", sort="b")
A, B = thing("a", "2025-05-01", sort="a"), thing("b", "2025-05-02", None, sort="b")
BOTH = thing("both", "2025-05-03", sort=("a", "b"))
W = waiting("w", "2025-05-04", sort="b")
U = thing("u", "2025-05-05")
OTHER = thing("other", "2025-05-06", sort="c")
FROM_A = date(2026, 5, 2)


def value(answer: Answer, name: str, counts: tuple[object, ...], *counted: Item, **more: object) -> Proof:
    """One of the list, of which 1 is asked."""
    found = Proof(answer, "value", numbers(1, *counts), tuple(of(item) for item in counted), name=name)
    return replace(found, **more)  # type: ignore[arg-type]  # as the proof takes it


OF_A, OF_B = value(Answer.MET, "a", (1,), A), value(Answer.MET, "b", (1,), B)
NO_B = value(Answer.NOT_YET, "b", (0,), changes=(replace(add(1), name="b"),))
WAITS_B = value(Answer.WAITING, "b", (0, 1), left_out=(waits(W),), changes=(replace(sign(), name="b"),))
NO_B_BUT_OLD = replace(NO_B, left_out=(out(OLD, Why.TOO_EARLY),))


@pytest.mark.parametrize(
    ("some", "there", "proof"),
    [
        (None, (A, B, OTHER), Proof(Answer.MET, "covers", numbers(2, 2, unit=""), parts=(OF_A, OF_B))),
        (1, (A,), Proof(Answer.MET, "covers", numbers(1, 1, unit=""), parts=(OF_A, NO_B))),
        (1, (A, W), Proof(Answer.MET, "covers", numbers(1, 1, 2, unit=""), parts=(OF_A, WAITS_B))),
        (
            None,
            (BOTH,),
            Proof(
                Answer.MET,
                "covers",
                numbers(2, 2, unit=""),
                parts=(value(Answer.MET, "a", (1,), BOTH), value(Answer.MET, "b", (1,), BOTH)),
                changes_on=date(2026, 5, 4),
            ),
        ),
        (None, (OLD, A), Proof(Answer.NOT_YET, "covers", numbers(2, 1, unit=""), parts=(OF_A, NO_B_BUT_OLD))),
        (
            None,
            (A, W),
            Proof(
                Answer.WAITING,
                "covers",
                numbers(2, 1, 2, unit=""),
                parts=(OF_A, WAITS_B),
                changes=(sign(),),
            ),
        ),
        (
            None,
            (A, U),
            Proof(
                Answer.UNKNOWN,
                "covers",
                numbers(2, 1, 1, 2, unit=""),
                parts=(
                    value(Answer.MET, "a", (1, 1, 2), A, left_out=(unsaid(U, "sort"),)),
                    value(Answer.UNKNOWN, "b", (0, 0, 1), left_out=(unsaid(U, "sort"),), changes=(say("sort"),)),
                ),
                changes=(say("sort"),),
            ),
        ),
        (
            3,
            (A, U),
            Proof(
                Answer.NOT_YET,
                "covers",
                numbers(3, 1, 1, 2, unit=""),
                parts=(
                    value(Answer.MET, "a", (1, 1, 2), A, left_out=(unsaid(U, "sort"),)),
                    value(Answer.UNKNOWN, "b", (0, 0, 1), left_out=(unsaid(U, "sort"),), changes=(say("sort"),)),
                ),
                changes=(say("sort"),),
            ),
        ),
    ],
    ids=[
        "met",
        "some are enough",
        "met though more waits",
        "one for both",
        "not yet",
        "waiting",
        "unknown",
        "too few though one is open",
    ],
)
def test_each_of_a_list(some: int | None, there: tuple[Item, ...], proof: Proof) -> None:
    need = Covers(Amount(training(windows=LAST_YEAR), Measure.COUNT), "sort", ("a", "b"), some)
    assert asked(need, *there) == replace(proof, changes_on=proof.changes_on or FROM_A)


def test_each_of_a_list_can_need_so_many_different_people_and_who_it_was_has_to_be_said() -> None:
    need = Covers(Amount(training(), Measure.DISTINCT, "who"), "sort", ("a",), threshold=Decimal(2))
    x, y = thing("x", "2025-05-01", sort="a", who="x"), thing("y", "2025-05-02", sort="a")
    part = Proof(
        Answer.UNKNOWN, "value", numbers(2, 1, 1, 2), (of(x),), (unsaid(y, "who"),), changes=(say("who"),), name="a"
    )
    expected = Proof(Answer.UNKNOWN, "covers", numbers(1, 0, 0, 1, unit=""), parts=(part,), changes=(say("who"),))
    assert asked(need, x, y) == expected


def test_each_of_a_list_of_amounts_counts_what_is_capped_only_so_far() -> None:
    need = Covers(Amount(training(once_per="course")), "sort", ("a",), threshold=Decimal(3))
    x, y = (thing(id_, "2025-05-01", 2, sort="a", course="c") for id_ in "xy")
    part = Proof(
        Answer.NOT_YET, "value", numbers(3, 2), (of(x, 2),), (out(y, Why.TWICE, "course"),), name="a",
        changes=(replace(add(1), name="a"),),
    )  # fmt: skip
    assert asked(need, x, y) == Proof(Answer.NOT_YET, "covers", numbers(1, 0, unit=""), parts=(part,))


REFERENCE = Selection(frozenset({Kind.REFERENCE}))
R = thing("r", "2025-06-01", kind=Kind.REFERENCE)
A_THEN_B = InOrder((training(where("sort", "a"), windows=LAST_YEAR), training(where("sort", "b"), windows=LAST_YEAR)))
LATE_A = thing("late", "2025-06-01", sort="a")
ONCE_MORE = thing("more", "2025-05-01", sort="b")


@pytest.mark.parametrize(
    ("there", "proof"),
    [
        ((A, B), Proof(Answer.MET, "in_order", numbers(2, 2, unit=""), (of(A), of(B)), changes_on=FROM_A)),
        ((A, ONCE_MORE), Proof(Answer.MET, "in_order", numbers(2, 2, unit=""), (of(A), of(ONCE_MORE)),
                               changes_on=FROM_A)),
        ((A, B, W), Proof(Answer.MET, "in_order", numbers(2, 2, unit=""), (of(A), of(B)), (waits(W),),
                          changes_on=FROM_A)),
        ((B, LATE_A), Proof(Answer.NOT_YET, "in_order", numbers(2, 1, unit=""), (of(LATE_A),),
                            changes=(add(1, unit=""),), changes_on=date(2026, 5, 3))),
        ((OLD,), Proof(Answer.NOT_YET, "in_order", numbers(2, 0, unit=""), (), (out(OLD, Why.TOO_EARLY),),
                       changes=(add(1, unit=""),))),
        ((W,), Proof(Answer.NOT_YET, "in_order", numbers(2, 0, unit=""), (), (waits(W),),
                     changes=(add(1, unit=""), sign()), changes_on=date(2026, 5, 5))),
        ((A, W), Proof(Answer.WAITING, "in_order", numbers(2, 1, 2, unit=""), (of(A),), (waits(W),),
                       changes=(sign(),), changes_on=FROM_A)),
        ((A, U), Proof(Answer.UNKNOWN, "in_order", numbers(2, 1, 1, 2, unit=""), (of(A),),
                       (unsaid(U, "sort"), unsaid(U, "sort")), changes=(say("sort"),), changes_on=FROM_A)),
    ],
    ids=["met", "on the same day", "met though more waits", "the wrong way around", "nothing", "the second waits",
         "waiting", "unknown"],
)  # fmt: skip
def test_one_after_the_other(there: tuple[Item, ...], proof: Proof) -> None:
    assert asked(A_THEN_B, *there) == proof


def test_whoever_adds_the_step_that_is_missing_is_named_also_where_more_waits() -> None:
    three = InOrder((training(), REFERENCE, Selection(frozenset({Kind.OBSERVATION}))))
    none, first = asked(three), asked(three, A)
    assert [proof.changes for proof in (none, first)] == [(add(1, unit=""),), (add(1, Who.REFEREE, ""),)]
    w = replace(R, stands_from=None, waits_for="referee")
    assert asked(three, A, w) == Proof(
        Answer.NOT_YET,
        "in_order",
        numbers(3, 1, 2, unit=""),
        (of(A),),
        (waits(w),),
        changes=(add(1, Who.OBSERVER, ""), sign(Who.REFEREE)),
    )


def case(id_: str, on: str, sort: str, number: str | None) -> Item:
    return thing(id_, on, sort=sort, **({} if number is None else {"case": number}))


FIRST, SECOND = case("1a", "2025-05-01", "a", "1"), case("1b", "2025-05-03", "b", "1")
A_OF_TWO = case("2a", "2025-05-01", "a", "2")
OF_TWO, SILENT = case("2b", "2025-05-02", "b", "2"), case("0b", "2025-05-02", "b", None)


@pytest.mark.parametrize(
    ("there", "answer", "taken", "possible"),
    [
        ((FIRST, SECOND), Answer.MET, (FIRST, SECOND), 2),
        ((FIRST, OF_TWO), Answer.NOT_YET, (FIRST,), 1),
        ((FIRST, OF_TWO, SECOND), Answer.MET, (FIRST, SECOND), 2),
        ((FIRST, SILENT), Answer.UNKNOWN, (FIRST,), 2),
        ((FIRST, A_OF_TWO, OF_TWO), Answer.MET, (A_OF_TWO, OF_TWO), 2),
        ((case("0a", "2025-05-01", "a", None), SILENT), Answer.UNKNOWN, (), 2),
        ((case("0a", "2025-05-01", "a", None), SECOND), Answer.UNKNOWN, (), 2),
        ((OF_TWO,), Answer.NOT_YET, (), 0),
        ((), Answer.NOT_YET, (), 0),
        ((thing("12", "2025-05-01", sort="a", case=("1", "2")), OF_TWO), Answer.MET,
         (thing("12", "2025-05-01", sort="a", case=("1", "2")), OF_TWO), 2),
    ],
    ids=["met", "of another", "the other is passed over", "the second is silent", "one is further", "both are silent",
         "the first is silent", "only the second", "nothing", "of two at once"],
)  # fmt: skip
def test_one_after_the_other_of_the_same(
    there: tuple[Item, ...], answer: Answer, taken: tuple[Item, ...], possible: int
) -> None:
    proof = asked(InOrder((training(where("sort", "a")), training(where("sort", "b"))), "case"), *there)
    assert (proof.answer, proof.counted) == (answer, tuple(of(item) for item in taken))
    assert proof.numbers == numbers(2, len(taken), len(taken), possible, unit="")


def test_things_of_one_day_go_to_the_steps_that_need_them_and_the_next_step_waits_for_its_day() -> None:
    steps = InOrder(tuple(training(where("sort", sort)) for sort in ("a", "b", "c", "a")))
    ab, a, c = (thing(id_, "2025-05-01", sort=sort) for id_, sort in (("1", ("a", "b")), ("2", "a"), ("3", "c")))
    last = thing("4", "2025-05-04", sort="a")
    assert asked(steps, last, c, a, ab).counted == (of(a), of(ab), of(c), of(last))
    assert asked(steps, last, replace(c, on=date(2025, 5, 2)), a, ab).counted[2:] == (
        of(replace(c, on=date(2025, 5, 2))),
        of(last),
    )
    early = replace(c, on=date(2025, 4, 30))
    assert asked(steps, last, early, a, ab).counted == (of(a), of(ab))


def test_a_thing_is_moved_on_from_step_to_step_so_that_each_has_one() -> None:
    steps = InOrder(tuple(training(where("sort", sort)) for sort in ("a", "b", "c")))
    first, other, third = (
        thing(id_, "2025-05-01", sort=sorts) for id_, sorts in (("1", ("a", "b", "c")), ("2", ("a", "b")), ("3", "a"))
    )
    assert asked(steps, first, other, third).counted == (of(third), of(other), of(first))
    assert asked(steps, first, other).numbers == numbers(3, 2, unit="")
