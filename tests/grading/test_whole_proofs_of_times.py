"""Needs of time: every part of their proofs, in each of their answers. As a rule today is 1 March 2026."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Evidence, Item, Kind
from grading.periods import Calendar, Pause, Period, Stretch
from grading.program import Program, Requirement, Stage, Who
from grading.proof import NOBODY_SAID, Answer, Change, Doing, Proof, Why
from grading.requirements.needs import Amount, AtMost, Each, Held, Measure, Share, Spread
from grading.requirements.selection import Anchor, Named, Selection, Window
from grading.standing import standing
from tests.grading.things import ENTERED, asked, count, day, hours, thing, training, waiting, where
from tests.grading.whole import add, numbers, of, out, say, sign, unsaid, waits

LAST_YEAR = (Window(last=Period(months=12)),)
RED = where("color", "red")
OLD = thing("old", "2024-05-01", color="red")
A, B, C = (
    thing(id_, on, None, color="red") for id_, on in (("a", "2025-05-01"), ("b", "2025-05-11"), ("c", "2025-05-10"))
)
W, U = waiting("w", "2025-05-11", color="red"), thing("u", "2025-05-12")
TEN = Period(days=10)
FROM_A = date(2026, 5, 2)


def over(*days: object) -> object:
    return numbers(TEN, *days, unit="days")


def from_to(first: str, last: str) -> Stretch:
    return Stretch(day(first), day(last))


@pytest.mark.parametrize(
    ("there", "proof"),
    [
        ((A, B), Proof(Answer.MET, "spread", over(10), (of(A), of(B)), stretch=from_to("2025-05-01", "2025-05-11"))),
        ((OLD, A, C), Proof(Answer.NOT_YET, "spread", over(9), (of(A), of(C)), (out(OLD, Why.TOO_EARLY),),
                            changes=(replace(add(1, unit=""), on=date(2025, 5, 11)),),
                            stretch=from_to("2025-05-01", "2025-05-10"))),
        ((A, W), Proof(Answer.WAITING, "spread", over(0, 10), (of(A),), (waits(W),), changes=(sign(),),
                       stretch=from_to("2025-05-01", "2025-05-01"))),
        ((A, U), Proof(Answer.UNKNOWN, "spread", over(0, 0, 11), (of(A),), (unsaid(U, "color"),),
                       changes=(say("color"),), stretch=from_to("2025-05-01", "2025-05-01"))),
        ((A, B, W), Proof(Answer.MET, "spread", over(10), (of(A), of(B)), (waits(W),),
                          stretch=from_to("2025-05-01", "2025-05-11"))),
    ],
    ids=["met", "not yet", "waiting", "unknown", "met though more waits"],
)  # fmt: skip
def test_from_the_first_to_the_last_so_long(there: tuple[Item, ...], proof: Proof) -> None:
    assert asked(Spread(training(RED, windows=LAST_YEAR), TEN), *there) == replace(proof, changes_on=FROM_A)


def test_the_spread_of_nothing_is_no_number_and_begins_with_what_waits() -> None:
    need = Spread(training(RED), TEN)
    nothing = Proof(Answer.NOT_YET, "spread", over(None), changes=(add(1, unit=""),))
    assert asked(need) == nothing
    late = (replace(add(1, unit=""), on=date(2025, 5, 21)),)
    assert asked(need, W) == replace(nothing, numbers=over(None, 0), left_out=(waits(W),), changes=late)


YEAR, HALF = Period(months=12), Period(months=6)
LONG, SHORT = thing("long", "2025-03-01", None), thing("short", "2025-03-02", None)
NEXT_DAY = date(2026, 3, 2)
LONG_WAITS = waiting("lw", "2025-03-01")
LONG_OPEN = thing("lu", "2025-03-01")
ONCE_HELD = Selection(frozenset({Kind.TRAINING}), (RED,))


@pytest.mark.parametrize(
    ("need", "there", "proof"),
    [
        (Held(training(), YEAR), (LONG,), Proof(Answer.MET, "held", None, (of(LONG),))),
        (Held(training(), YEAR), (SHORT,),
         Proof(Answer.NOT_YET, "held", changes=(Change(Who.NOBODY, Doing.WAIT, on=NEXT_DAY),), changes_on=NEXT_DAY)),
        (Held(training(), YEAR), (), Proof(Answer.NOT_YET, "held", changes=(add(1, unit=""),))),
        (Held(training(), YEAR), (LONG_WAITS,),
         Proof(Answer.WAITING, "held", left_out=(waits(LONG_WAITS),), changes=(sign(),))),
        (Held(training(), YEAR), (LONG_WAITS, SHORT),
         Proof(Answer.WAITING, "held", left_out=(waits(LONG_WAITS),), changes=(sign(),), changes_on=NEXT_DAY)),
        (Held(training(), YEAR), (LONG, replace(LONG_WAITS, until=day("2026-06-30"))),
         Proof(Answer.MET, "held", None, (of(LONG),), (waits(replace(LONG_WAITS, until=day("2026-06-30"))),))),
        (Held(training(), YEAR), (replace(SHORT, until=NEXT_DAY),),
         Proof(Answer.NOT_YET, "held", changes=(Change(Who.NOBODY, Doing.WAIT, on=NEXT_DAY),), changes_on=NEXT_DAY)),
        (Held(training(), YEAR), (replace(SHORT, until=day("2026-03-01")),),
         Proof(Answer.NOT_YET, "held", changes=(add(1, unit=""),))),
        (Held(training(), YEAR, YEAR), (LONG,), Proof(Answer.NOT_YET, "held", changes=(add(1, unit=""),))),
        (Held(ONCE_HELD, YEAR), (LONG_OPEN,),
         Proof(Answer.UNKNOWN, "held", left_out=(unsaid(LONG_OPEN, "color"),), changes=(say("color"),))),
        (Held(training(), YEAR), (replace(LONG, until=day("2026-03-01")),),
         Proof(Answer.MET, "held", None, (of(replace(LONG, until=day("2026-03-01"))),), changes_on=NEXT_DAY)),
        (Held(training(), YEAR), (replace(LONG, until=day("2026-02-28")),),
         Proof(Answer.NOT_YET, "held", changes=(add(1, unit=""),))),
        (Held(training(), None, YEAR), (SHORT,), Proof(Answer.MET, "held", None, (of(SHORT),), changes_on=NEXT_DAY)),
        (Held(training(), None, YEAR), (LONG,), Proof(Answer.NOT_YET, "held", changes=(add(1, unit=""),))),
        (Held(training(), None, YEAR), (waiting("sw", "2025-03-02"),),
         Proof(Answer.WAITING, "held", left_out=(waits(waiting("sw", "2025-03-02")),), changes=(sign(),),
               changes_on=NEXT_DAY)),
        (Held(training(windows=LAST_YEAR), HALF), (A, OLD),
         Proof(Answer.MET, "held", None, (of(A),), (out(OLD, Why.TOO_EARLY),), changes_on=FROM_A)),
        (Held(Selection(frozenset({Kind.REFERENCE})), YEAR), (),
         Proof(Answer.NOT_YET, "held", changes=(add(1, Who.REFEREE, ""),))),
        (Held(training(), YEAR, at=Anchor(Named.DAY, day=date(2026, 3, 2))), (replace(SHORT, until=NEXT_DAY),),
         Proof(Answer.MET, "held", None, (of(replace(SHORT, until=NEXT_DAY)),))),
        (Held(training(), YEAR, at=Anchor(Named.EVENT, "application")), (replace(LONG, until=day("2026-06-30")),),
         Proof(Answer.MET, "held", None, (of(replace(LONG, until=day("2026-06-30"))),), changes_on=date(2026, 7, 1))),
    ],
    ids=["met", "not yet", "nothing", "waiting", "waiting or time",
         "met, and one that waits ends", "long enough on its last day", "over before",
         "long enough and too long", "unknown", "until today", "until yesterday",
         "less than", "no more less than", "less than, waiting", "of a window", "somebody else adds it", "at a day",
         "at a day that has not come"],
)  # fmt: skip
def test_held_for_so_long(need: Held, there: tuple[Item, ...], proof: Proof) -> None:
    assert asked(need, *there) == proof


# ---- in each week: of 3 to 9 February 2025, of 10 to 16, and the one from 17 that goes on ----

MONDAY, NOW = "2025-02-03", day("2025-02-17")
WEEKS = (from_to("2025-02-03", "2025-02-09"), from_to("2025-02-10", "2025-02-16"), from_to("2025-02-17", "2025-02-23"))
SUNDAY = date(2025, 2, 23)
IN_1, IN_2, IN_3 = thing("1", "2025-02-04"), thing("2", "2025-02-16"), thing("3", "2025-02-17")
W_2, U_2 = waiting("w", "2025-02-10"), thing("u", "2025-02-11", None)


def weekly(need: object = None, **more: object) -> Each:
    return Each(Calendar.WEEK, need or hours(1), ENTERED, **more)  # type: ignore[arg-type]  # as the need takes it


def of_weeks(need: Each, *there: Item, **more: object) -> Proof:
    return asked(need, *there, entered=MONDAY, today=NOW, **more)  # type: ignore[arg-type]  # as above


def week(number: int, answer: Answer, counts: object, *counted: Item, **more: object) -> Proof:
    """One week of which 1 hour is asked; what is to be done has its last day."""
    stretch = WEEKS[number - 1]
    changes = tuple(replace(each, on=stretch.last) for each in more.pop("changes", ()))  # type: ignore[attr-defined]
    amounts = counts if isinstance(counts, tuple) else (counts,)
    found = Proof(answer, "stretch", numbers(1, *amounts), tuple(of(item) for item in counted), stretch=stretch)
    return replace(found, changes=changes, **more)  # type: ignore[arg-type]  # as the proof takes it


MET_1, MET_2, MET_3 = (week(n, Answer.MET, 1, item) for n, item in enumerate((IN_1, IN_2, IN_3), 1))
NO_1, NO_2, NO_3 = (week(n, Answer.NOT_YET, 0, changes=(add(1),)) for n in (1, 2, 3))
WAITS_2 = week(2, Answer.WAITING, (0, 1), left_out=(waits(W_2),), changes=(sign(),))
OPEN_2 = week(2, Answer.UNKNOWN, (0, 0, NOBODY_SAID), left_out=(unsaid(U_2, "amount"),), changes=(say("amount"),))


@pytest.mark.parametrize(
    ("but", "there", "proof"),
    [
        (0, (IN_1, IN_2), Proof(Answer.MET, "each", numbers(2, 2, unit=""), parts=(MET_1, MET_2, NO_3))),
        (0, (IN_1, IN_3), Proof(Answer.NOT_YET, "each", numbers(2, 1, unit=""), parts=(MET_1, NO_2, MET_3))),
        (0, (IN_1, W_2), Proof(Answer.WAITING, "each", numbers(2, 1, 2, unit=""), parts=(MET_1, WAITS_2, NO_3))),
        (0, (IN_1, U_2), Proof(Answer.UNKNOWN, "each", numbers(2, 1, 1, 2, unit=""), parts=(MET_1, OPEN_2, NO_3))),
        (1, (IN_1,), Proof(Answer.MET, "each", numbers(1, 1, unit=""), parts=(MET_1, NO_2, NO_3))),
        (1, (W_2,), Proof(Answer.WAITING, "each", numbers(1, 0, 1, unit=""), parts=(NO_1, WAITS_2, NO_3))),
        (1, (), Proof(Answer.NOT_YET, "each", numbers(1, 0, unit=""), parts=(NO_1, NO_2, NO_3))),
        (3, (), Proof(Answer.MET, "each", numbers(0, 0, unit=""), parts=(NO_1, NO_2, NO_3))),
    ],
    ids=["met", "not yet", "waiting", "unknown", "one may be without", "not the one that waits", "two are without",
         "all may be without"],
)  # fmt: skip
def test_in_each_week(but: int, there: tuple[Item, ...], proof: Proof) -> None:
    assert of_weeks(weekly(but=but), *there) == replace(proof, changes_on=SUNDAY)


def test_before_the_first_week_is_over_the_one_that_goes_on_is_the_answer() -> None:
    need = weekly()
    proof = asked(need, entered=MONDAY, today=day("2025-02-08"))
    assert proof == Proof(Answer.NOT_YET, "each", numbers(0, 0, unit=""), parts=(NO_1,), changes_on=WEEKS[0].last)
    on_its_last_day = asked(need, IN_1, entered=MONDAY, today=day("2025-02-09"))
    assert on_its_last_day == Proof(
        Answer.MET, "each", numbers(1, 1, unit=""), parts=(MET_1,), changes_on=WEEKS[1].first
    )


def test_what_has_not_begun_says_when_it_does() -> None:
    for average in (False, True):
        never = Each(Calendar.WEEK, hours(1), Anchor(Named.EVENT, "training"), average=average)
        begins = Change(Who.NOBODY, Doing.WAIT, name="training")
        assert asked(never) == Proof(Answer.NOT_YET, "each", changes=(begins,))
        later = Each(Calendar.WEEK, hours(1), Anchor(Named.ENTERED, later=Period(months=3)), average=average)
        first = date(2026, 5, 1)
        assert asked(later, entered="2026-02-01") == Proof(
            Answer.NOT_YET, "each", changes=(Change(Who.NOBODY, Doing.WAIT, on=first),), changes_on=first
        )


def test_weeks_end_with_the_last_day_of_the_rule_and_then_time_changes_nothing() -> None:
    until = weekly(until=Anchor(Named.DAY, day=date(2025, 2, 12)))
    cut = replace(NO_2, stretch=from_to("2025-02-10", "2025-02-12"), changes=(replace(add(1), on=date(2025, 2, 12)),))
    assert of_weeks(until, IN_1) == Proof(Answer.NOT_YET, "each", numbers(2, 1, unit=""), parts=(MET_1, cut))
    goes_on = weekly(until=Anchor(Named.DAY, day=date(2025, 2, 18)))
    running = replace(
        NO_3, stretch=from_to("2025-02-17", "2025-02-18"), changes=(replace(add(1), on=date(2025, 2, 18)),)
    )
    assert of_weeks(goes_on, IN_1, IN_2) == Proof(
        Answer.MET, "each", numbers(2, 2, unit=""), parts=(MET_1, MET_2, running), changes_on=date(2025, 2, 18)
    )
    not_come = weekly(until=Anchor(Named.EVENT, "end"))
    assert of_weeks(not_come, IN_1, IN_2).parts == (MET_1, MET_2, NO_3)


def test_a_paused_week_is_not_asked_for_and_only_weeks_with_something_are() -> None:
    pauses = (Pause(date(2025, 2, 10), date(2025, 2, 10)),)
    paused = of_weeks(weekly(), IN_1, IN_2, pauses=pauses, pausable=frozenset({"each"}))
    assert paused == Proof(Answer.MET, "each", numbers(1, 1, unit=""), parts=(MET_1, NO_3), changes_on=SUNDAY)
    practice = thing("p", "2025-02-09", None, kind=Kind.PRACTICE)
    last_two_weeks = (Window(last=Period(days=14)),)
    only = weekly(only_with=Selection(frozenset({Kind.PRACTICE}), windows=last_two_weeks))
    assert of_weeks(only, IN_1, IN_3, practice) == Proof(
        Answer.MET, "each", numbers(1, 1, unit=""), parts=(MET_1,), changes_on=SUNDAY
    )
    early = replace(practice, on=date(2025, 2, 4))
    assert of_weeks(only, IN_1, early).changes_on == date(2025, 2, 19)
    assert of_weeks(only, early, replace(practice, id="w", on=date(2025, 2, 17), stands_from=None)).parts == (
        NO_1,
        NO_3,
    )


def test_of_things_of_a_window_the_first_that_falls_out_is_told() -> None:
    need = weekly(hours(1, windows=(Window(last=Period(days=14)),)))
    assert of_weeks(need, IN_1, IN_2) == Proof(
        Answer.MET, "each", numbers(2, 2, unit=""), parts=(MET_1, MET_2, NO_3), changes_on=date(2025, 2, 19)
    )


ONE_AT_MOST = AtMost(Amount(training()), Decimal(1))
MORE_2, MORE_3 = thing("more2", "2025-02-12"), thing("more3", "2025-02-18")


@pytest.mark.parametrize(
    ("there", "proof"),
    [
        ((IN_1, IN_2), Proof(Answer.MET, "each", numbers(3, 3, unit=""), parts=(MET_1, MET_2, week(3, Answer.MET, 0)))),
        (
            (IN_2, MORE_2),
            Proof(
                Answer.NOT_YET,
                "each",
                numbers(3, 2, unit=""),
                parts=(week(1, Answer.MET, 0), week(2, Answer.NOT_YET, 2, MORE_2, IN_2), week(3, Answer.MET, 0)),
            ),
        ),
        (
            (IN_2, W_2),
            Proof(
                Answer.WAITING,
                "each",
                numbers(3, 2, 3, unit=""),
                parts=(
                    week(1, Answer.MET, 0),
                    week(2, Answer.WAITING, (1, 2), IN_2, left_out=(waits(W_2),), changes=(sign(),)),
                    week(3, Answer.MET, 0),
                ),
            ),
        ),
        (
            (W_2,),
            Proof(
                Answer.MET,
                "each",
                numbers(3, 3, unit=""),
                parts=(
                    week(1, Answer.MET, 0),
                    week(2, Answer.MET, (0, 1), left_out=(waits(W_2),)),
                    week(3, Answer.MET, 0),
                ),
            ),
        ),
    ],
    ids=["met", "not yet", "waiting", "met though it waits"],
)
def test_no_more_than_so_much_in_each_week(there: tuple[Item, ...], proof: Proof) -> None:
    assert of_weeks(weekly(ONE_AT_MOST), *there) == replace(proof, changes_on=SUNDAY)


HALF_OF_PRACTICE = Share(
    Amount(training()), Amount(Selection(frozenset({Kind.PRACTICE}), unit="hours")), Decimal("0.5")
)
P_1, P_2 = (thing(f"p{id_}", on, 2, kind=Kind.PRACTICE) for id_, on in (("1", "2025-02-05"), ("2", "2025-02-12")))


def test_a_share_of_each_week_is_asked_of_weeks_with_a_whole() -> None:
    nothing = Proof(Answer.NOT_APPLICABLE, "share", stretch=WEEKS[2])
    shared = Proof(Answer.MET, "share", numbers(1, 1), (of(IN_1),), stretch=WEEKS[0])
    missing = Proof(
        Answer.NOT_YET, "share", numbers(1, 0), changes=(replace(add(1), on=WEEKS[1].last),), stretch=WEEKS[1]
    )
    assert of_weeks(weekly(HALF_OF_PRACTICE), P_1, IN_1, P_2) == Proof(
        Answer.NOT_YET, "each", numbers(2, 1, unit=""), parts=(shared, missing, nothing), changes_on=SUNDAY
    )
    assert of_weeks(weekly(HALF_OF_PRACTICE), P_1, IN_1) == Proof(
        Answer.MET,
        "each",
        numbers(2, 2, unit=""),
        parts=(shared, replace(nothing, stretch=WEEKS[1]), nothing),
        changes_on=SUNDAY,
    )


TWO_WEEKS = from_to("2025-02-03", "2025-02-16")
TWO_IN_1 = thing("two", "2025-02-04", 2)


@pytest.mark.parametrize(
    ("need", "there", "proof"),
    [
        (hours(1), (TWO_IN_1, IN_3), Proof(Answer.MET, "each", numbers(1, 1), (of(TWO_IN_1, 2),))),
        (hours(1), (IN_1, IN_3), Proof(Answer.NOT_YET, "each", numbers(1, "0.5"), (of(IN_1),), changes=(add(1),))),
        (hours(1), (IN_1, W_2), Proof(Answer.WAITING, "each", numbers(1, "0.5", 1), (of(IN_1),), (waits(W_2),),
                                      changes=(sign(),))),
        (hours(1), (IN_1, U_2), Proof(Answer.UNKNOWN, "each", numbers(1, "0.5", "0.5", (1 + NOBODY_SAID) / 2),
                                      (of(IN_1),), (unsaid(U_2, "amount"),), changes=(say("amount"),))),
        (ONE_AT_MOST, (TWO_IN_1,), Proof(Answer.MET, "each", numbers(1, 1), (of(TWO_IN_1, 2),))),
        (ONE_AT_MOST, (IN_1, W_2), Proof(Answer.MET, "each", numbers(1, "0.5", 1), (of(IN_1),), (waits(W_2),))),
        (ONE_AT_MOST, (TWO_IN_1, W_2), Proof(Answer.WAITING, "each", numbers(1, 1, "1.5"), (of(TWO_IN_1, 2),),
                                             (waits(W_2),), changes=(sign(),))),
        (ONE_AT_MOST, (TWO_IN_1, IN_2), Proof(Answer.NOT_YET, "each", numbers(1, "1.5"), (of(TWO_IN_1, 2), of(IN_2)))),
        (HALF_OF_PRACTICE, (P_1, P_2, TWO_IN_1), Proof(Answer.MET, "each", numbers(2, 2), (of(TWO_IN_1, 2),))),
        (HALF_OF_PRACTICE, (P_1, P_2, IN_1), Proof(Answer.NOT_YET, "each", numbers(2, 1), (of(IN_1),),
                                                   changes=(replace(add(1), on=TWO_WEEKS.last),))),
        (count(1, measure=Measure.HIGHEST), (), Proof(Answer.NOT_YET, "each", numbers(1, None), changes=(add(2),))),
    ],
    ids=["met", "not yet", "waiting", "unknown", "no more", "no more though it waits", "no more waits", "too much",
         "a share", "too small a share", "no number"],
)  # fmt: skip
def test_on_average_over_the_weeks_that_are_over(need: object, there: tuple[Item, ...], proof: Proof) -> None:
    expected = replace(proof, stretch=TWO_WEEKS, changes_on=SUNDAY)
    assert of_weeks(weekly(need, average=True), *there) == expected


def test_on_average_before_a_week_is_over_the_first_one_is_looked_at_and_of_none_nothing_is_asked() -> None:
    proof = asked(weekly(average=True), IN_1, entered=MONDAY, today=day("2025-02-05"))
    assert proof == Proof(Answer.MET, "each", numbers(1, 1), (of(IN_1),), stretch=WEEKS[0], changes_on=WEEKS[0].last)
    none = asked(weekly(average=True), entered="2025-02-08", today=day("2025-02-08"))
    assert none == Proof(Answer.NOT_APPLICABLE, "each", changes_on=date(2025, 2, 9))
    falls_out = weekly(hours(1, windows=(Window(last=Period(days=14)),)), average=True)
    assert of_weeks(falls_out, IN_1).changes_on == date(2025, 2, 19)


def test_the_first_whole_week_begins_and_one_that_begins_on_its_first_day_is_whole() -> None:
    assert [part.stretch for part in asked(weekly(), entered="2025-02-04", today=NOW).parts] == list(WEEKS[1:])
    assert [part.stretch for part in asked(weekly(ONE_AT_MOST), entered="2025-02-04", today=NOW).parts] == [
        from_to("2025-02-04", "2025-02-09"),
        *WEEKS[1:],
    ]


def test_a_term_is_one_of_the_program_also_where_it_is_looked_for_ahead() -> None:
    terms = ((2, 1), (9, 1))

    def of_terms(on: str, **more: object) -> Proof:
        need = Each(Calendar.TERM, hours(1), ENTERED, **more)  # type: ignore[arg-type]  # as the need takes it
        made = Program("p", "P", "B", "1", "UTC", (Stage("i", "I"),), (Requirement("r", "i", "R", need),), terms=terms)
        return standing(made, Evidence("p", (), entered_on=day("2025-02-01")), day(on)).of("r")

    assert [part.stretch for part in of_terms("2025-09-01").parts] == [
        from_to("2025-02-01", "2025-08-31"),
        from_to("2025-09-01", "2026-01-31"),
    ]
    assert of_terms("2025-08-30", average=True).changes_on == date(2025, 8, 31)
    assert of_terms("2025-08-31", average=True).changes_on == date(2025, 9, 1)
    assert of_terms("2025-09-01", average=True).changes_on == date(2026, 1, 31)


def test_what_is_not_said_of_things_of_a_week_is_named_and_what_has_no_amount_is_counted() -> None:
    silent = thing("s", "2025-02-04", None)
    people = of_weeks(weekly(count(1, measure=Measure.DISTINCT, name="who")), silent).parts[0]
    assert (people.answer, people.left_out) == (Answer.UNKNOWN, (unsaid(silent, "who"),))
    assert of_weeks(weekly(count(1)), silent).parts[0].counted == (of(silent),)
    share = of_weeks(weekly(HALF_OF_PRACTICE), P_2, W_2).parts[1]
    assert (share.answer, share.left_out) == (Answer.WAITING, (waits(W_2),))


def test_on_average_a_week_is_over_on_its_last_day_and_an_end_that_has_not_come_ends_nothing() -> None:
    proof = asked(weekly(average=True), IN_1, entered=MONDAY, today=day("2025-02-16"))
    assert (proof.answer, proof.numbers) == (Answer.NOT_YET, numbers(1, "0.5"))
    assert of_weeks(weekly(average=True, until=Anchor(Named.EVENT, "end")), IN_1).changes_on == SUNDAY


def test_what_began_today_is_held_and_what_is_open_ends_too() -> None:
    today = thing("t", "2026-03-01")
    assert asked(Held(training(), None, YEAR), today).counted == (of(today),)
    ends = replace(LONG_OPEN, until=day("2026-06-30"))
    assert asked(Held(ONCE_HELD, YEAR), ends).changes_on == date(2026, 7, 1)


def test_a_spread_begins_with_what_is_sure_though_something_earlier_waits() -> None:
    proof = asked(Spread(training(RED), TEN), A, waiting("early", "2025-04-25", color="red"))
    assert proof.changes == (replace(add(1, unit=""), on=date(2025, 5, 11)),)
