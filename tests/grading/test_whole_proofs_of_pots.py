"""What counts for one requirement of a pot counts for no other: every part of their proofs."""

from dataclasses import replace
from decimal import Decimal

from grading.evidence import Item
from grading.proof import Answer, Proof
from grading.requirements.needs import AllOf, Amount, AtLeast, Measure
from grading.requirements.selection import Cap
from tests.grading.things import answers, hours, thing, training, waiting, where
from tests.grading.whole import add, numbers, of, say, sign, unsaid, waits


def pot(number: object, *sorts: str, **more: object) -> AtLeast:
    return hours(number, where("sort", *sorts), shared="pot", **more)


def got(needs: tuple[AtLeast, ...], *there: Item) -> list[Decimal | None]:
    return [proof.numbers and proof.numbers.sure for proof in answers(needs, *there)]


AB = thing("ab", "2025-05-01", 5, sort=("a", "b"))
W, U = waiting("w", "2025-05-02", 2, sort="b"), thing("u", "2025-05-03", None, sort="b")


def test_each_says_what_it_gets_and_what_it_could_count() -> None:
    assert answers((pot(4, "a"), pot(4, "b")), AB, W, U) == [
        Proof(Answer.MET, "at_least", numbers(4, 4), (of(AB, 5),)),
        Proof(
            Answer.UNKNOWN, "at_least", numbers(4, 1, 3, 4), (of(AB, 5),), (waits(W), unsaid(U, "amount")),
            changes=(sign(), say("amount")),
        ),
    ]  # fmt: skip
    assert answers((pot(4, "a"), pot(3, "b")), AB, W)[1] == Proof(
        Answer.WAITING, "at_least", numbers(3, 1, 3), (of(AB, 5),), (waits(W),), changes=(sign(),)
    )
    assert answers((pot(4, "a"), pot(9, "b")), AB, W)[1] == Proof(
        Answer.NOT_YET, "at_least", numbers(9, 1, 3), (of(AB, 5),), (waits(W),), changes=(add(6), sign())
    )


def test_those_in_a_list_share_it_too_in_the_order_of_the_program() -> None:
    both = AllOf((pot(3, "b"), hours(1, where("sort", "b")))), pot(3, "a")
    first, second = answers(both, AB)  # type: ignore[arg-type]  # as answers takes them
    assert [part.numbers for part in first.parts] == [numbers(3, 3), numbers(1, 5)]
    assert second.numbers == numbers(3, 2)


def test_of_those_that_cannot_be_met_each_gets_what_is_left_in_their_order() -> None:
    a, b, ab = (
        thing("a", "2025-05-01", 1, sort="a"),
        thing("b", "2025-05-01", 2, sort="b"),
        replace(AB, amount=Decimal(3)),
    )
    assert got((pot(9, "a"), pot(9, "b")), a, b, ab) == [4, 2]
    assert got((pot(9, "b"), pot(9, "a")), a, b, ab) == [5, 1]
    assert got((pot(9, "a"), pot(5, "b")), a, b, ab) == [1, 5]
    assert got((pot(9, "a"), pot(9, "b"), pot(1, "b")), a, b, ab) == [4, 1, 1]
    assert got((pot(9, "a"), pot(9, "b"))) == [0, 0]
    assert got((pot(2, "a"), pot(2, "b"), pot(2, "a", "b")), a, b, ab) == [2, 2, 2]
    assert got((pot(2, "a"), pot(3, "b"), pot(2, "a", "b")), a, b, ab) == [2, 3, 1]


def test_a_thing_is_worth_to_all_of_them_what_it_counts_least_for() -> None:
    capped = pot(9, "a", caps=(Cap((where("sort", "a"),), Decimal(2)),))
    assert got((capped, pot(9, "b")), AB) == [2, 0]
    assert got((pot(9, "b"), capped), AB) == [2, 0]


def letters(sort: str) -> AtLeast:
    return AtLeast(Amount(training(where("sort", sort), shared="pot"), Measure.COUNT), Decimal(2))


def test_things_that_are_counted_are_shared_one_by_one() -> None:
    two = AB, thing("other", "2025-05-02", None, sort=("a", "b"))
    assert got((letters("a"), letters("b")), *two) == [2, 0]
    found = answers((letters("a"), letters("b")), *two, thing("silent", "2025-05-02"))
    assert [proof.numbers for proof in found] == [numbers(2, 2), numbers(2, 0, 0, 1)]
    open_amount = answers((pot(1, "a"), pot(1, "b")), thing("x", "2025-05-02", None, sort="a"))
    assert [proof.numbers for proof in open_amount] == [numbers(1, 0, 0, 1), numbers(1, 0)]
