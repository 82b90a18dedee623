"""Needs of an amount: every part of their proofs, in each of their answers. Today is 1 March 2026."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Item, Kind
from grading.periods import Period
from grading.program import Who
from grading.proof import NOBODY_SAID, Answer, Numbers, Proof, Why
from grading.requirements.needs import Amount, AtLeast, AtMost, Measure, Share, Sum, Term
from grading.requirements.selection import Selection, Window
from grading.weighing.amounts import kept, reached, share_of
from tests.grading.things import asked, hours, thing, training, waiting, where
from tests.grading.whole import add, numbers, of, out, say, sign, unsaid, waits

LAST_YEAR = (Window(last=Period(months=12)),)
OLD, A, B = thing("old", "2024-05-01", 7), thing("a", "2025-05-01", 1), thing("b", "2025-06-01", 2)
W = waiting("w", "2025-04-01", 3)
U = thing("u", "2025-07-01", None)
FROM_A, FROM_W = date(2026, 5, 2), date(2026, 4, 2)
"""The first days on which these are older than a year."""
LEFT = (out(OLD, Why.TOO_EARLY), waits(W), unsaid(U, "amount"))


@pytest.mark.parametrize(
    ("need", "there", "proof"),
    [
        (3, (OLD, A, B), Proof(Answer.MET, "at_least", numbers(3, 3), (of(A), of(B, 2)), LEFT[:1], changes_on=FROM_A)),
        (
            3,
            (OLD, A, B, W, U),
            Proof(
                Answer.MET,
                "at_least",
                numbers(3, 3, 6, 6 + NOBODY_SAID),
                (of(A), of(B, 2)),
                LEFT,
                changes_on=FROM_W,
            ),
        ),
        (
            4,
            (OLD, A, B),
            Proof(
                Answer.NOT_YET,
                "at_least",
                numbers(4, 3),
                (of(A), of(B, 2)),
                LEFT[:1],
                changes=(add(1),),
                changes_on=FROM_A,
            ),
        ),
        (
            9,
            (OLD, A, B, W),
            Proof(
                Answer.NOT_YET,
                "at_least",
                numbers(9, 3, 6),
                (of(A), of(B, 2)),
                LEFT[:2],
                changes=(add(3), sign()),
                changes_on=FROM_W,
            ),
        ),
        (
            6,
            (OLD, A, B, W, U),
            Proof(
                Answer.WAITING,
                "at_least",
                numbers(6, 3, 6, 6 + NOBODY_SAID),
                (of(A), of(B, 2)),
                LEFT,
                changes=(sign(), say("amount")),
                changes_on=FROM_W,
            ),
        ),
        (
            7,
            (OLD, A, B, W, U),
            Proof(
                Answer.UNKNOWN,
                "at_least",
                numbers(7, 3, 6, 6 + NOBODY_SAID),
                (of(A), of(B, 2)),
                LEFT,
                changes=(sign(), say("amount")),
                changes_on=FROM_W,
            ),
        ),
    ],
    ids=["met", "met though more waits", "not yet", "not yet, and some waits", "waiting", "unknown"],
)
def test_so_much_or_more(need: int, there: tuple[Item, ...], proof: Proof) -> None:
    assert asked(hours(need, windows=LAST_YEAR), *there) == proof


@pytest.mark.parametrize(
    ("most", "there", "proof"),
    [
        (6, (A, B, W), Proof(Answer.MET, "at_most", numbers(6, 3, 6), (of(A), of(B, 2)), (waits(W),))),
        (2, (A, B), Proof(Answer.NOT_YET, "at_most", numbers(2, 3), (of(A), of(B, 2)))),
        (
            5,
            (A, B, W),
            Proof(Answer.WAITING, "at_most", numbers(5, 3, 6), (of(A), of(B, 2)), (waits(W),), changes=(sign(),)),
        ),
        (
            3,
            (A, B, U),
            Proof(
                Answer.UNKNOWN,
                "at_most",
                numbers(3, 3, 3, 3 + NOBODY_SAID),
                (of(A), of(B, 2)),
                (unsaid(U, "amount"),),
                changes=(say("amount"),),
            ),
        ),
    ],
    ids=["met", "not yet", "waiting", "unknown"],
)
def test_so_much_or_less(most: int, there: tuple[Item, ...], proof: Proof) -> None:
    assert asked(AtMost(Amount(training()), Decimal(most)), *there) == proof
    falls_out_on = FROM_W if W in there else FROM_A
    of_last_year = AtMost(Amount(training(windows=LAST_YEAR)), Decimal(most))
    left_out = (out(OLD, Why.TOO_EARLY), *proof.left_out)
    assert asked(of_last_year, OLD, *there) == replace(proof, left_out=left_out, changes_on=falls_out_on)


P = thing("p", "2025-03-15", 20, kind=Kind.PRACTICE)
PW = waiting("pw", "2025-03-16", 20, kind=Kind.PRACTICE)
PU = thing("pu", "2025-03-17", None, kind=Kind.PRACTICE)
OLD_P = thing("oldp", "2024-03-15", 20, kind=Kind.PRACTICE)
TENTH = Share(
    Amount(training(windows=LAST_YEAR)),
    Amount(Selection(frozenset({Kind.PRACTICE}), unit="hours", windows=LAST_YEAR)),
    Decimal("0.1"),
)
FROM_P = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("there", "proof"),
    [
        ((A,), Proof(Answer.NOT_APPLICABLE, "share", changes_on=FROM_A)),
        (
            (A, B, P, OLD, OLD_P),
            Proof(
                Answer.MET,
                "share",
                numbers(2, 3),
                (of(A), of(B, 2)),
                (out(OLD, Why.TOO_EARLY), out(OLD_P, Why.TOO_EARLY)),
                changes_on=FROM_P,
            ),
        ),
        ((A, P), Proof(Answer.NOT_YET, "share", numbers(2, 1), (of(A),), changes=(add(1),), changes_on=FROM_P)),
        (
            (B, P, PW),
            Proof(Answer.WAITING, "share", numbers(4, 2), (of(B, 2),), (waits(PW),), changes=(sign(),),
                  changes_on=FROM_P),
        ),
        (
            (A, P, W),
            Proof(Answer.WAITING, "share", numbers(2, 1, 4), (of(A),), (waits(W),), changes=(sign(),),
                  changes_on=FROM_P),
        ),
        (
            (A, P, U),
            Proof(Answer.UNKNOWN, "share", numbers(2, 1, 1, 1 + NOBODY_SAID), (of(A),), (unsaid(U, "amount"),),
                  changes=(say("amount"),), changes_on=FROM_P),
        ),
        (
            (B, P, PU),
            Proof(Answer.UNKNOWN, "share", numbers(2, 2), (of(B, 2),), (unsaid(PU, "amount"),),
                  changes=(say("amount"),), changes_on=FROM_P),
        ),
        (
            (A, PW),
            Proof(Answer.NOT_YET, "share", numbers(2, 1), (of(A),), (waits(PW),), changes=(add(1), sign()),
                  changes_on=date(2026, 3, 17)),
        ),
    ],
    ids=["nothing to share", "met", "not yet", "more waits", "its part waits", "its part is open", "more is open",
         "too little of what waits"],
)  # fmt: skip
def test_a_part_of_a_whole(there: tuple[Item, ...], proof: Proof) -> None:
    assert asked(TENTH, *there) == proof


def test_a_share_that_is_met_asks_nobody_for_a_signature_and_without_windows_time_changes_nothing() -> None:
    need = Share(Amount(training()), Amount(Selection(frozenset({Kind.PRACTICE}), unit="hours")), Decimal("0.1"))
    proof = Proof(Answer.MET, "share", numbers(2, 2, 5), (of(B, 2),), (waits(W),))
    assert asked(need, B, P, W) == proof


def three(sure: object, with_waiting: object, possible: object) -> Numbers:
    return numbers(None, sure, with_waiting, possible)


@pytest.mark.parametrize(
    ("part", "whole", "answer"),
    [
        ((5, 5, 5), (10, 10, 10), Answer.MET),
        ((5, 9, 9), (10, 10, 10), Answer.MET),
        ((4, 5, 9), (10, 10, 10), Answer.WAITING),
        ((4, 4, 5), (10, 10, 10), Answer.UNKNOWN),
        ((4, 4, 4), (10, 10, 10), Answer.NOT_YET),
        ((1, 1, 2), (10, 10, 10), Answer.NOT_YET),
        ((5, 5, 5), (10, 12, 12), Answer.WAITING),
        ((5, 5, 5), (10, 10, 12), Answer.UNKNOWN),
        ((4, 5, 5), (10, 10, 12), Answer.UNKNOWN),
        ((4, 4, 6), (10, 12, 12), Answer.UNKNOWN),
        ((3, 4, 4), (10, 12, 12), Answer.NOT_YET),
        ((None, None, None), (10, 10, 10), Answer.NOT_YET),
        ((0, 0, 0), (0, 10, 10), Answer.NOT_YET),
        ((0, 0, 0), (None, None, 10), Answer.UNKNOWN),
    ],
)
def test_a_share_is_sure_of_nothing_that_a_signature_or_a_word_could_still_change(
    part: tuple[object, object, object], whole: tuple[object, object, object], answer: Answer
) -> None:
    half = replace(TENTH, threshold=Decimal("0.5"))
    assert share_of(half, (three(*part), three(*whole))).answer is answer


@pytest.mark.parametrize("whole", [0, None])
def test_there_is_no_share_of_nothing(whole: object) -> None:
    assert share_of(TENTH, (three(1, 1, 1), three(whole, whole, whole))) == Proof(Answer.NOT_APPLICABLE, "share")


SORT_A, SORT_B = thing("sa", "2025-05-01", 2, sort="a"), thing("sb", "2025-06-01", 3, sort="b")
B_WAITS = waiting("sw", "2025-07-01", 4, sort="b")
B_OPEN = thing("su", "2025-08-01", None, sort="b")
THREE = Proof(Answer.MET, "term", numbers(None, 3), (of(SORT_B, 3),), changes_on=date(2026, 6, 2))
NONE = Proof(Answer.MET, "term", numbers(None, 0))
WAITS = Proof(
    Answer.MET, "term", numbers(None, 0, 4), left_out=(waits(B_WAITS),), changes_on=date(2026, 7, 2)
)  # fmt: skip
OPEN = Proof(
    Answer.MET, "term", numbers(None, 0, 0, NOBODY_SAID), left_out=(unsaid(B_OPEN, "amount"),),
    changes_on=date(2026, 8, 2),
)  # fmt: skip


@pytest.mark.parametrize(
    ("least", "there", "other", "proof"),
    [
        (7, (SORT_A, SORT_B), THREE, Proof(Answer.MET, "sum", numbers(7, 7))),
        (8, (SORT_A, SORT_B), THREE, Proof(Answer.NOT_YET, "sum", numbers(8, 7), changes=(add(1),))),
        (8, (SORT_A,), NONE, Proof(Answer.NOT_YET, "sum", numbers(8, 4), changes=(add(4),))),
        (9, (SORT_A, B_WAITS), WAITS, Proof(Answer.NOT_YET, "sum", numbers(9, 4, 8), changes=(add(1), sign()))),
        (8, (SORT_A, B_WAITS), WAITS, Proof(Answer.WAITING, "sum", numbers(8, 4, 8), changes=(sign(),))),
        (
            9,
            (SORT_A, B_OPEN),
            OPEN,
            Proof(Answer.UNKNOWN, "sum", numbers(9, 4, 4, 4 + NOBODY_SAID), changes=(say("amount"),)),
        ),
    ],
    ids=["met", "not yet", "not yet without one", "not yet although one waits", "waiting", "unknown"],
)
def test_a_sum_of_twice_the_one_and_once_the_other(
    least: int, there: tuple[Item, ...], other: Proof, proof: Proof
) -> None:
    a, b = (Amount(training(where("sort", sort), windows=LAST_YEAR)) for sort in ("a", "b"))
    first = Proof(Answer.MET, "term", numbers(None, 2), (of(SORT_A, 2),), changes_on=FROM_A)
    assert asked(Sum((Term(a, Decimal(2)), Term(b)), Decimal(least)), *there) == replace(proof, parts=(first, other))


def test_a_sum_takes_what_has_no_number_yet_as_nothing_and_speaks_of_its_first_term() -> None:
    rating = Amount(Selection(frozenset({Kind.RATING})), Measure.HIGHEST)
    nothing, none = (Proof(Answer.NOT_YET, "term", numbers(None, None, unit=unit)) for unit in ("", "hours"))
    assert asked(Sum((Term(rating), Term(Amount(training(), Measure.LOWEST))), Decimal(1))) == Proof(
        Answer.NOT_YET, "sum", numbers(1, 0, unit=""), parts=(nothing, none), changes=(add(1, Who.OBSERVER, ""),)
    )


def test_what_is_to_be_said_or_signed_for_any_term_of_a_sum_is_named_once() -> None:
    a, b = (Term(Amount(training(where("sort", sort)))) for sort in ("a", "b"))
    proof = asked(Sum((a, b), Decimal(5)), thing("x", "2025-05-01", None, sort="a"), B_WAITS)
    assert (proof.answer, proof.changes) == (Answer.UNKNOWN, (sign(), say("amount")))


@pytest.mark.parametrize(
    ("made", "least", "most"),
    [
        ((2, 2, 2), Answer.MET, Answer.MET),
        ((1, 2, 2), Answer.WAITING, Answer.MET),
        ((1, 1, 2), Answer.UNKNOWN, Answer.MET),
        ((1, 1, 1), Answer.NOT_YET, Answer.MET),
        ((3, 3, 3), Answer.MET, Answer.NOT_YET),
        ((2, 3, 3), Answer.MET, Answer.WAITING),
        ((2, 2, 3), Answer.MET, Answer.UNKNOWN),
        ((None, None, None), Answer.NOT_YET, Answer.MET),
        ((None, 2, 2), Answer.WAITING, Answer.MET),
        ((None, None, 3), Answer.UNKNOWN, Answer.UNKNOWN),
    ],
)
def test_at_the_threshold_there_is_enough_and_not_too_much(
    made: tuple[object, object, object], least: Answer, most: Answer
) -> None:
    two = Decimal(2)
    assert (reached(three(*made), two), kept(three(*made), two)) == (least, most)


def test_whoever_a_thing_waits_for_can_sign_it_and_whoever_adds_it_can_say_more_of_it() -> None:
    roles = ("mentor", "observer", "program", "referee", "supervisor")
    waits_for = [replace(waiting(role, "2025-05-01"), waits_for=role) for role in roles]
    assert [each.who for each in asked(hours(9), *waits_for).changes[1:]] == [
        Who.SUPERVISOR, Who.OBSERVER, Who.PROGRAM, Who.REFEREE, Who.SUPERVISOR,
    ]  # fmt: skip
    says = {
        Kind.OBSERVATION: Who.OBSERVER,
        Kind.RATING: Who.OBSERVER,
        Kind.REFERENCE: Who.REFEREE,
        Kind.ATTESTATION: Who.SUPERVISOR,
        Kind.CHECK: Who.PROGRAM,
        Kind.APPROVAL: Who.PROGRAM,
        Kind.FINDING: Who.PROGRAM,
        Kind.SUPERVISION: Who.SUPERVISOR,
        Kind.TRAINING: Who.TRAINEE,
    }
    for kind, who in says.items():
        red = AtLeast(Amount(Selection(frozenset({kind}), (where("color", "red"),)), Measure.COUNT), Decimal(1))
        assert asked(red, thing("x", "2025-05-01", kind=kind)).changes == (say("color", who),)


def test_things_that_are_to_be_said_stand_in_the_order_of_their_names_each_once() -> None:
    red = hours(9, where("color", "red"))
    two, more = thing("x", "2025-05-01", None, color="red"), thing("y", "2025-05-02")
    assert asked(red, more, two, thing("z", "2025-05-03")).changes == (say("amount"), say("color"))
