"""How answers go together: every part of the proofs, in each of their answers. Today is 1 March 2026."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Item, Kind
from grading.periods import Period
from grading.program import Who
from grading.proof import Answer, Change, Doing, Proof, Why
from grading.requirements.needs import AllOf, AnyOf, Group, Met, Need, Open, SomeOf, Unless, When
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.weighing.answers import all_together, of_levels
from tests.grading.things import answers, asked, hours, thing, waiting, where
from tests.grading.whole import add, numbers, of, out, say, sign, unsaid, waits

A, W, U = thing("a", "2025-05-01", sort="a"), waiting("w", "2025-05-02", sort="w"), thing("u", "2025-05-03", None)
YES, NO, WAITS, OPEN_QUESTION, OFF = (
    hours(1, where("sort", "a"), where("amount", at_least=Decimal(1))),
    hours(1, where("sort", "nothing"), where("amount", at_least=Decimal(1))),
    hours(1, where("sort", "w")),
    hours(1, where("sort", "a"), where("color", "red")),
    Open(hours(1), until=date(2025, 1, 1)),
)
THERE = (A, W)
IS_MET = Proof(Answer.MET, "at_least", numbers(1, 1), (of(A),))
IS_NOT_YET = Proof(Answer.NOT_YET, "at_least", numbers(1, 0), changes=(add(1),))
IS_WAITING = Proof(Answer.WAITING, "at_least", numbers(1, 0, 1), left_out=(waits(W),), changes=(sign(),))
IS_OPEN = Proof(
    Answer.UNKNOWN, "at_least", numbers(1, 0, 0, 1), left_out=(unsaid(A, "color"),), changes=(say("color"),)
)  # fmt: skip
IS_OFF = Proof(Answer.NOT_APPLICABLE, "open")


def test_the_parts_of_which_the_rest_are_made() -> None:
    proofs = [asked(need, *THERE) for need in (YES, NO, WAITS, OPEN_QUESTION, OFF)]
    assert proofs == [IS_MET, IS_NOT_YET, IS_WAITING, IS_OPEN, IS_OFF]


@pytest.mark.parametrize(
    ("need", "proof"),
    [
        (AllOf((YES, WAITS)), Proof(Answer.WAITING, "all_of", parts=(IS_MET, IS_WAITING))),
        (AllOf(()), Proof(Answer.NOT_APPLICABLE, "all_of")),
        (AnyOf((NO, OFF, WAITS)), Proof(Answer.WAITING, "any_of", parts=(IS_NOT_YET, IS_OFF, IS_WAITING))),
        (AnyOf((OFF,)), Proof(Answer.NOT_YET, "any_of", parts=(IS_OFF,))),
        (AnyOf(()), Proof(Answer.NOT_YET, "any_of")),
        (When(YES, WAITS), Proof(Answer.WAITING, "when", parts=(IS_MET, IS_WAITING))),
        (When(NO, YES), Proof(Answer.NOT_APPLICABLE, "when", parts=(IS_NOT_YET,))),
        (When(OFF, YES), Proof(Answer.NOT_APPLICABLE, "when", parts=(IS_OFF,))),
        (When(WAITS, NO), Proof(Answer.WAITING, "when", parts=(IS_WAITING, IS_NOT_YET))),
        (When(OPEN_QUESTION, WAITS), Proof(Answer.UNKNOWN, "when", parts=(IS_OPEN, IS_WAITING))),
        (When(WAITS, OPEN_QUESTION), Proof(Answer.UNKNOWN, "when", parts=(IS_WAITING, IS_OPEN))),
        (When(WAITS, YES), Proof(Answer.MET, "when", parts=(IS_WAITING, IS_MET))),
        (When(WAITS, OFF), Proof(Answer.NOT_APPLICABLE, "when", parts=(IS_WAITING, IS_OFF))),
        (
            SomeOf(3, (Group((YES, NO)), Group((WAITS, OPEN_QUESTION, YES), 1, 2))),
            Proof(
                Answer.WAITING,
                "some_of",
                numbers(3, 2, 3, 3, unit=""),
                parts=(IS_MET, IS_NOT_YET, IS_WAITING, IS_OPEN, IS_MET),
            ),
        ),
        (
            SomeOf(3, (Group((YES, WAITS, OPEN_QUESTION)),)),
            Proof(Answer.UNKNOWN, "some_of", numbers(3, 1, 2, 3, unit=""), parts=(IS_MET, IS_WAITING, IS_OPEN)),
        ),
        (
            SomeOf(1, (Group((YES,)), Group((OPEN_QUESTION,), 1))),
            Proof(Answer.UNKNOWN, "some_of", numbers(1, 1, 1, 2, unit=""), parts=(IS_MET, IS_OPEN)),
        ),
        (
            SomeOf(1, (Group((YES, YES)), Group((NO,), 1))),
            Proof(Answer.NOT_YET, "some_of", numbers(1, 2, unit=""), parts=(IS_MET, IS_MET, IS_NOT_YET)),
        ),
    ],
)
def test_answers_go_together(need: Need, proof: Proof) -> None:
    assert asked(need, *THERE) == proof


def test_of_nothing_nothing_is_asked_and_levels_are_read_from_what_is_surest() -> None:
    assert all_together([]) is Answer.NOT_APPLICABLE
    levels = [(True, True, True), (False, True, True), (False, False, True), (False, False, False)]
    assert [of_levels(each) for each in levels] == [Answer.MET, Answer.WAITING, Answer.UNKNOWN, Answer.NOT_YET]


def test_another_requirement_is_told_with_its_own_proof() -> None:
    assert answers((YES, Met("r0"), Met("r3"), WAITS), *THERE)[1:3] == [
        Proof(Answer.MET, "met", parts=(IS_MET,), name="r0"),
        Proof(Answer.WAITING, "met", parts=(IS_WAITING,), name="r3"),
    ]


OPENS, CLOSES, CLOSED = date(2026, 2, 1), date(2026, 4, 30), date(2026, 5, 1)
LAST_DAY = (Change(Who.NOBODY, Doing.WAIT, on=CLOSES),)


@pytest.mark.parametrize(
    ("need", "proof"),
    [
        (Open(YES, OPENS, CLOSES), Proof(Answer.MET, "open", parts=(IS_MET,), changes_on=CLOSED)),
        (Open(NO, OPENS, CLOSES), Proof(Answer.NOT_YET, "open", parts=(IS_NOT_YET,), changes=LAST_DAY,
                                        changes_on=CLOSED)),
        (Open(NO, OPENS), Proof(Answer.NOT_YET, "open", parts=(IS_NOT_YET,))),
        (Open(YES, date(2026, 3, 1), date(2026, 3, 1)),
         Proof(Answer.MET, "open", parts=(IS_MET,), changes_on=date(2026, 3, 2))),
        (Open(YES, date(2026, 3, 2), CLOSES), Proof(Answer.NOT_APPLICABLE, "open", changes_on=date(2026, 3, 2))),
        (Open(YES, OPENS, date(2026, 2, 28)), Proof(Answer.NOT_APPLICABLE, "open")),
        (Open(YES, OPENS, at=Anchor(Named.DAY, day=date(2026, 1, 31))),
         Proof(Answer.NOT_APPLICABLE, "open")),
        (Open(YES, OPENS, CLOSES, at=Anchor(Named.DAY, day=CLOSES)),
         Proof(Answer.MET, "open", parts=(IS_MET,))),
        (Open(YES, date(2026, 3, 31), at=Anchor(Named.TODAY, later=Period(days=10))),
         Proof(Answer.NOT_APPLICABLE, "open", changes_on=date(2026, 3, 21))),
        (Open(YES, OPENS, CLOSES, at=Anchor(Named.TODAY, earlier=Period(days=10))),
         Proof(Answer.MET, "open", parts=(IS_MET,), changes_on=date(2026, 5, 11))),
        (Open(YES, OPENS, at=Anchor(Named.EVENT, "application")), Proof(Answer.MET, "open", parts=(IS_MET,))),
    ],
    ids=["open and met", "open", "without an end", "on its only day", "before it", "after it", "before it on a day",
         "on its last day on a day", "ten days from now", "ten days ago", "today where the day has not come"],
)  # fmt: skip
def test_a_way_that_is_open_for_a_time(need: Need, proof: Proof) -> None:
    assert asked(need, *THERE) == proof


FINDINGS = Selection(
    frozenset({Kind.FINDING}), (where("name", "ethics"),), windows=(Window(last=Period(months=12)),)
)  # fmt: skip
SETTLED = Selection(frozenset({Kind.APPROVAL}))


def finding(id_: str, on: str = "2025-05-01", *, name: str | None = "ethics", **said: object) -> Item:
    return thing(id_, on, None, kind=Kind.FINDING, **({} if name is None else {"name": name}), **said)


OLD, F = finding("old", "2024-05-01"), finding("f")
SILENT = finding("s", name=None)
F_WAITS = replace(finding("fw"), stands_from=None, waits_for="program")
YES_F = thing("y", "2025-06-01", None, kind=Kind.APPROVAL, finding="f")
EITHER = replace(YES_F, has={"finding": frozenset({"f", "s"})})
TOO_OLD = (out(OLD, Why.TOO_EARLY),)
DECIDE = (Change(Who.PROGRAM, Doing.DECIDE),)
FROM = date(2026, 5, 2)


@pytest.mark.parametrize(
    ("settled", "there", "proof"),
    [
        (None, (OLD,), Proof(Answer.MET, "unless", left_out=TOO_OLD)),
        (None, (OLD, F), Proof(Answer.NOT_YET, "unless", counted=(of(F),), left_out=TOO_OLD, changes=DECIDE,
                               changes_on=FROM)),
        (SETTLED, (OLD, F), Proof(Answer.WAITING, "unless", counted=(of(F),), left_out=TOO_OLD, changes=DECIDE,
                                  changes_on=FROM)),
        (SETTLED, (OLD, F, YES_F), Proof(Answer.MET, "unless", left_out=TOO_OLD, changes_on=FROM)),
        (replace(SETTLED, windows=(Window(last=Period(months=10)),)), (F, YES_F),
         Proof(Answer.MET, "unless", changes_on=date(2026, 4, 2))),
        (SETTLED, (F, replace(YES_F, stands_from=None)),
         Proof(Answer.WAITING, "unless", counted=(of(F),), changes=DECIDE, changes_on=FROM)),
        (None, (OLD, SILENT), Proof(Answer.UNKNOWN, "unless", left_out=(*TOO_OLD, unsaid(SILENT, "name")),
                                    changes=(say("name", Who.PROGRAM),), changes_on=FROM)),
        (None, (F_WAITS,), Proof(Answer.WAITING, "unless", left_out=(waits(F_WAITS),), changes=(sign(Who.PROGRAM),),
                                 changes_on=FROM)),
        (SETTLED, (F, SILENT, EITHER), Proof(Answer.MET, "unless", left_out=(unsaid(SILENT, "name"),),
                                              changes_on=FROM)),
        (SETTLED, (F, SILENT, YES_F), Proof(Answer.UNKNOWN, "unless", left_out=(unsaid(SILENT, "name"),),
                                            changes=(say("name", Who.PROGRAM),), changes_on=FROM)),
    ],
    ids=["nothing", "there is one", "one that can be settled", "settled", "settled for a while",
         "settling waits", "may be one",
         "may become one", "both are settled", "one is not settled"],
)  # fmt: skip
def test_nothing_of_the_sort_or_somebody_has_looked_at_it(
    settled: Selection | None, there: tuple[Item, ...], proof: Proof
) -> None:
    assert asked(Unless(FINDINGS, settled), *there) == proof


def test_what_was_looked_at_can_have_another_name_and_everything_of_it_is_looked_at() -> None:
    need = Unless(FINDINGS, SETTLED, "case")
    two = finding("two", case=("1", "2"))
    one, other = (thing(f"y{n}", "2025-06-01", kind=Kind.APPROVAL, case=n) for n in "12")
    assert asked(need, two, one).answer is Answer.WAITING
    assert asked(need, two, one, other).answer is Answer.MET
