"""Rules and answers as sentences: exact, calm, and one for everything that can be asked or answered."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Decision, Item, Kind, Outcome
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.offers import Asking, Offer
from grading.lifecycle.rules import (
    AfterLapse,
    DueProcess,
    Ends,
    Fee,
    Grace,
    Lapse,
    Lifecycle,
    RenewalWindow,
    RunsFrom,
    Validity,
)
from grading.lifecycle.status import Facts, Status
from grading.periods import Calendar, Period, Stretch
from grading.program import Confidence, Move, Stage, StageKind, Transition, Who
from grading.proof import Answer, Change, Doing, LeftOut, Numbers, Proof, Why
from grading.requirements.needs import (
    AllOf,
    Amount,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Group,
    Held,
    InOrder,
    Measure,
    Met,
    Need,
    Open,
    Share,
    SomeOf,
    Spread,
    Sum,
    Term,
    Unless,
    When,
)
from grading.requirements.selection import Anchor, Cap, Keep, Named, Selection, Where, Which, Window
from grading.telling.needs import asked, lines
from grading.telling.programs import CONFIDENCES, STAGES, lifecycle_told, stage_told, transition_told
from grading.telling.proofs import ANSWERS, REASONS, change_told, tell, there
from grading.telling.said import Said, all_of_them, say, told
from grading.telling.statuses import DATES, OFFERS, OUTCOMES, OVER, STATUSES, date_told, facts_told, offer_told
from grading.telling.words import AVERAGE, EACH, ONE, PEOPLE, SEVERAL, THINGS, amount, day, period
from tests.grading.things import asked as answered
from tests.grading.things import thing
from tests.words import found_in

INFINITE = Decimal("Infinity")
TRAINING = Selection(frozenset({Kind.TRAINING}), unit="hours")
ETHICS = Selection(
    frozenset({Kind.TRAINING}), (Where("category", frozenset({"ethical_responsibility"})),), unit="hours"
)
EXAM = Selection(frozenset({Kind.EXAM}), (Where("passed", frozenset({"yes"})),))
APPLICATION = Anchor(Named.EVENT, "application")


def total(number: str, of: Selection = TRAINING) -> AtLeast:
    return AtLeast(Amount(of), Decimal(number))


def count(number: int, of: Selection = EXAM) -> AtLeast:
    return AtLeast(Amount(of, Measure.COUNT), Decimal(number))


def text(need: Need) -> str:
    """What is asked, with parts on lines of their own."""
    return "\n".join("  " * deep + told(said) for deep, said in lines(asked(need)))


NEEDS: dict[str, tuple[Need, str]] = {
    "total": (
        total("16", replace(ETHICS, windows=(Window(until=APPLICATION, last=Period(72)),))),
        "At least 16 hours of training where category is ethical responsibility, "
        "of the last 6 years before application",
    ),
    "count": (count(1), "At least 1 exam where passed is yes"),
    "several": (count(3), "At least 3 exams where passed is yes"),
    "distinct": (
        AtLeast(Amount(Selection(frozenset({Kind.PRACTICE})), Measure.DISTINCT, "client"), Decimal(8)),
        "At least 8 different values of “client” in entries of practice",
    ),
    "mean": (
        AtLeast(Amount(Selection(frozenset({Kind.RATING}), unit="points"), Measure.MEAN), Decimal("2.50")),
        "The mean of ratings is at least 2.5 points",
    ),
    "most": (AtMost(Amount(EXAM, Measure.COUNT), Decimal(3)), "At most 3 exams where passed is yes"),
    "share": (
        Share(Amount(ETHICS), Amount(TRAINING), Decimal("0.25")),
        "Of all training, at least 25 %: training where category is ethical responsibility",
    ),
    "sum": (
        Sum((Term(Amount(TRAINING)), Term(Amount(ETHICS), Decimal(2))), Decimal(40)),
        "Together at least 40 hours: training and 2 times training where category is ethical responsibility",
    ),
    "spread": (
        Spread(Selection(frozenset({Kind.SUPERVISION})), Period(months=3)),
        "sessions of supervision: from the first to the last at least 3 months",
    ),
    "held": (
        Held(Selection(frozenset({Kind.STATEMENT})), Period(months=12), at=APPLICATION),
        "statement of the person that began at least 1 year before application and is in force then",
    ),
    "held_less": (
        Held(Selection(frozenset({Kind.CHECK})), None, Period(days=90)),
        "background check that began less than 90 days before today and is in force then",
    ),
    "in_force": (Held(Selection(frozenset({Kind.MEMBERSHIP})), None), "membership in force today"),
    "covers": (
        Covers(Amount(TRAINING), "topic", ("law", "self_care"), threshold=Decimal(8)),
        "At least 8 hours of training, for each topic of these: law, self care",
    ),
    "covers_some": (
        Covers(Amount(Selection(frozenset({Kind.TRAINING})), Measure.COUNT), "topic", ("law", "ethics"), 1),
        "At least 1 training, for each topic of at least 1 of these: law, ethics",
    ),
    "in_order": (
        InOrder((Selection(frozenset({Kind.DOCUMENT})), EXAM), "observation"),
        "In this order, of the same observation: document; then exam where passed is yes",
    ),
    "each": (
        Each(Calendar.WEEK, count(1), Anchor(Named.STAGE, "full"), but=2, only_with=TRAINING),
        "In each week since the beginning of the stage “full”, where there is training, of which 2 may be without:\n"
        "  At least 1 exam where passed is yes",
    ),
    "average": (
        Each(Calendar.MONTH, total("1"), Anchor(Named.ENTERED), Anchor(Named.EXPIRY), average=True),
        "On average over the months since the day of entering the program, until the last day of validity:\n"
        "  At least 1 hour of training",
    ),
    "all_of": (
        AllOf((count(1), total("2"))),
        "All of these:\n  At least 1 exam where passed is yes\n  At least 2 hours of training",
    ),
    "any_of": (AnyOf((count(1),)), "One of these is enough:\n  At least 1 exam where passed is yes"),
    "some_of": (SomeOf(1, (Group((count(1),)),)), "At least 1 of these:\n  At least 1 exam where passed is yes"),
    "groups": (
        SomeOf(2, (Group((count(1),), 1, 2), Group((count(2),), 1))),
        "At least 2 of these:\n  at least 1 from this group, of which at most 2 count:\n"
        "    At least 1 exam where passed is yes\n"
        "  at least 1 from this group:\n    At least 2 exams where passed is yes",
    ),
    "when": (
        When(count(1), total("2")),
        "Asked only where this holds:\n  At least 1 exam where passed is yes\n  then:\n"
        "    At least 2 hours of training",
    ),
    "unless": (Unless(Selection(frozenset({Kind.FINDING}))), "There are no findings"),
    "settled": (
        Unless(Selection(frozenset({Kind.FINDING})), Selection(frozenset({Kind.APPROVAL}))),
        "There are no findings, or a person of the program looked at them and settled them",
    ),
    "open": (
        Open(count(1), date(2025, 1, 1), date(2026, 6, 30)),
        "Open from 2025-01-01 until 2026-06-30:\n  At least 1 exam where passed is yes",
    ),
    "open_since": (
        Open(count(1), date(2025, 1, 1), None),
        "Open from 2025-01-01:\n  At least 1 exam where passed is yes",
    ),
    "open_until": (
        Open(count(1), None, date(2026, 6, 30)),
        "Open until 2026-06-30:\n  At least 1 exam where passed is yes",
    ),
    "in_order_of_anything": (
        InOrder((Selection(frozenset({Kind.DOCUMENT})), EXAM)),
        "In this order: document; then exam where passed is yes",
    ),
    "met": (Met("training"), "What is asked as “training”"),
}  # fmt: skip


@pytest.mark.parametrize("name", NEEDS)
def test_each_form_of_need_has_a_sentence(name: str) -> None:
    need, expected = NEEDS[name]
    assert text(need) == expected
    assert not found_in(text(need))


def test_every_form_there_is_is_among_them() -> None:
    assert {type(need) for need, _ in NEEDS.values()} == set(Need.__args__)


def test_each_measure_has_a_sentence_for_least_and_for_most() -> None:
    for measure in Measure:
        for form in (AtLeast, AtMost):
            assert "%" not in text(form(Amount(TRAINING, measure, "client"), Decimal(1)))


def test_everything_that_decides_what_counts_is_said_in_the_order_in_which_it_is_read() -> None:
    online = (Where("mode", frozenset({"online"})),)
    of = Selection(
        kinds=frozenset({Kind.TRAINING, Kind.EDUCATION}),
        where=(
            Where("paid", none_of=frozenset({"no"})),
            Where("amount", at_least=Decimal(2), at_most=Decimal(8)),
            Where("mode", said=True),
        ),
        not_counting=((Where("mode", frozenset({"role_play", "interview"})),),),
        windows=(Window(since=Anchor(Named.CERTIFIED)), Window(in_force=APPLICATION)),
        unit="hours",
        units={"ceu": Decimal(10)},
        once_per="group",
        keep=Keep.LATEST,
        caps=(Cap(online, at_most=Decimal(10)), Cap(online, share=Decimal("0.4"))),
        within=Period(days=180),
        shared="electives",
    )  # fmt: skip
    assert text(AtLeast(Amount(of), Decimal(1))) == (
        "At least 1 hour of continuing education or training where paid is not no, amount is at least 2 and amount "
        "is at most 8 and mode is given, since the last certification, in force on application; not counting where "
        "mode is interview or role play; 1 ceu makes 10 hours; for each group once, the latest; where mode is online, "
        "at most 10 hours count; where mode is online, at most 40 % of all that counts; all within one stretch of 180 "
        "days; what counts here does not count a second time in “electives”"
    )


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(last=Period(months=6)), "of the last 6 months"),
        (Window(until=APPLICATION), "until application"),
        (Window(in_force=Anchor(Named.TODAY)), "in force today"),
    ],
)
def test_the_days_in_which_something_counts_are_said(window: Window, expected: str) -> None:
    assert text(count(1, replace(EXAM, windows=(window,)))) == f"At least 1 exam where passed is yes, {expected}"


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (Period(months=3), "3 months"),
        (Period(months=1), "1 month"),
        (Period(months=24), "2 years"),
        (Period(months=18), "18 months"),
        (Period(days=1), "1 day"),
        (Period(months=1, days=10), "1 month and 10 days"),
        (Period(), "0 days"),
    ],
)
def test_lengths_of_time_are_said_in_the_largest_unit_that_is_exact(length: Period, expected: str) -> None:
    assert told(period(length)) == expected


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("1", "hours", "1 hour"),
        ("1.50", "hours", "1.5 hours"),
        ("100", "hours", "100 hours"),
        ("1E+3", "hours", "1000 hours"),
        ("0.1", "", "0.1"),
        ("51", "%", "51 %"),
        ("2", "college_credits", "2 college credits"),
        ("0.3333333333333333333333333333", "", "about 0.3333"),
    ],
)
def test_amounts_are_exact(number: str, unit: str, expected: str) -> None:
    assert told(amount(Decimal(number), unit)) == expected


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        (Anchor(Named.TODAY), "today"),
        (Anchor(Named.DAY, day=date(2026, 1, 2)), "2026-01-02"),
        (Anchor(Named.EVENT, "training_began", Which.FIRST), "the first training began"),
        (Anchor(Named.CERTIFIED, "initial"), "the decision on the stage “initial”"),
        (Anchor(Named.MET, "training"), "the day on which “training” was met first"),
        (Anchor(Named.EXPIRY, earlier=Period(months=6)), "6 months before the last day of validity"),
        (Anchor(Named.CERTIFIED, later=Period(months=24)), "2 years after the last certification"),
    ],
)
def test_days_are_named(anchor: Anchor, expected: str) -> None:
    assert told(day(anchor)) == expected


def test_every_day_that_a_rule_can_name_has_words() -> None:
    assert all(told(day(Anchor(named, "x"))) for named in Named)


# ---- proofs ----


def numbers(sure: str | None, waiting: str | None = None, possible: str | None = None, need: str = "40") -> Numbers:
    three = [None if each is None else Decimal(each) for each in (sure, waiting or sure, possible or waiting or sure)]
    return Numbers(Decimal(need), "hours", *three)


def an_item(id_: str = "h-1", on: date = date(2026, 1, 2)) -> Item:
    return Item(id_, Kind.TRAINING, on, Decimal(3), "hours")


def said_of(proof: Proof, need: Need | None = None) -> str:
    said = there(proof, need)
    return told(said) if said else ""


UNSAID = (LeftOut(an_item(), Why.NOT_SAID, "category"),)


@pytest.mark.parametrize(
    ("found", "left_out", "expected"),
    [
        (numbers("38"), (), "38 of 40 hours"),
        (numbers("38", "40"), (), "38 of 40 hours; 2 more wait for a signature"),
        (numbers("38", "39"), (), "38 of 40 hours; 1 more waits for a signature"),
        (
            numbers("38", "40", "41.5"),
            UNSAID,
            "38 of 40 hours; 2 more wait for a signature; 1.5 more do not say their category",
        ),
        (numbers("38", "38", "39"), UNSAID, "38 of 40 hours; 1 more does not say its category"),
        (
            numbers("38", "38", "Infinity"),
            UNSAID,
            "38 of 40 hours; how much more there may be cannot be known, because nobody said",
        ),
        (
            numbers("38", "Infinity", "Infinity"),
            UNSAID,
            "38 of 40 hours; more waits for a signature, of which nobody said how much",
        ),
        (numbers(None), (), "nothing there yet"),
        (numbers("0"), (), "0 of 40 hours"),
    ],
)
def test_what_is_there_is_said_with_what_waits_and_what_is_not_known(
    found: Numbers, left_out: tuple[LeftOut, ...], expected: str
) -> None:
    assert said_of(Proof(Answer.NOT_YET, "at_least", found, left_out=left_out)) == expected


def test_of_what_nobody_said_how_much_it_is_no_number_is_told() -> None:
    need = total("10")
    weighed = answered(need, thing("a", "2025-05-01", 4), thing("b", "2025-06-01", None))
    assert said_of(weighed) == "4 of 10 hours; how much more there may be cannot be known, because nobody said"
    average = Each(Calendar.YEAR, need, Anchor(Named.ENTERED), average=True)
    of_two_years = answered(average, thing("b", "2025-06-01", None), entered="2024-01-01")
    assert (
        said_of(of_two_years, average)
        == "0 of 10 hours; how much more there may be cannot be known, because nobody said"
    )


def test_what_one_of_a_list_does_not_say_is_asked_by_its_name() -> None:
    need = Covers(Amount(TRAINING, Measure.COUNT), "sort", ("a", "b"))
    (part,) = tell(answered(replace(need, values=("a",)), thing("x", "2025-05-01")), need).parts
    assert [told(each) for each in part.changes] == ["to be said by the trainee: sort"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("at_most", "3, and at most 2"),
        ("covers", "3 of 2 in the list"),
        ("some_of", "3 of 2 of the parts"),
        ("in_order", "3 of 2 steps"),
        ("each", "3 of 2 that are over"),
    ],
)
def test_what_the_numbers_are_of_is_said(form: str, expected: str) -> None:
    three = Numbers(Decimal(2), "", Decimal(3), Decimal(3), Decimal(3))
    assert said_of(Proof(Answer.MET, form, three)) == expected


def test_a_value_is_said_beside_what_is_asked() -> None:
    need = AtLeast(Amount(Selection(frozenset({Kind.RATING}), unit="points"), Measure.LOWEST), Decimal(2))
    found = Numbers(Decimal(2), "points", Decimal(1), Decimal(1), INFINITE)
    assert said_of(Proof(Answer.NOT_YET, "at_least", found), need) == "1; asked for is 2 points"
    nothing = Numbers(Decimal(2), "points", None, None, None)
    assert said_of(Proof(Answer.NOT_YET, "at_least", nothing), need) == "nothing there yet; asked for is 2 points"


def test_a_length_of_time_is_said_in_days_beside_what_is_asked() -> None:
    found = Numbers(Period(months=3), "days", Decimal(70), Decimal(70), Decimal(70))
    assert (
        said_of(Proof(Answer.NOT_YET, "spread", found)) == "70 days from the first to the last; asked for is 3 months"
    )
    nothing = Numbers(Period(months=3), "days", None, None, None)
    assert (
        said_of(Proof(Answer.NOT_YET, "spread", nothing))
        == "nothing there yet; asked for is 3 months from the first to the last"
    )


LATER = date(2026, 5, 1)
CHANGES = {
    "6 hours more, by the trainee": (Change(Who.TRAINEE, Doing.ADD, Decimal(6), "hours"), ""),
    "ethics: 1 more, by the observer": (Change(Who.OBSERVER, Doing.ADD, Decimal(1), name="ethics"), ""),
    "1 more, by the trainee, until 2026-05-01": (Change(Who.TRAINEE, Doing.ADD, Decimal(1), on=LATER), "stretch"),
    "1 more, by the trainee, on 2026-05-01 or later": (Change(Who.TRAINEE, Doing.ADD, Decimal(1), on=LATER), "spread"),
    "more, by the trainee": (Change(Who.TRAINEE, Doing.ADD), ""),
    "a signature by the supervisor": (Change(Who.SUPERVISOR, Doing.SIGN), ""),
    "to be said by the trainee: supervisor years": (Change(Who.TRAINEE, Doing.SAY, name="supervisor_years"), ""),
    "a decision by a person of the program": (Change(Who.PROGRAM, Doing.DECIDE), ""),
    "only time, on 2026-05-01": (Change(Who.NOBODY, Doing.WAIT, on=LATER), "held"),
    "this way is open until 2026-05-01": (Change(Who.NOBODY, Doing.WAIT, on=LATER), "open"),
    "it begins with training began": (Change(Who.NOBODY, Doing.WAIT, name="training_began"), "each"),
    "only time": (Change(Who.NOBODY, Doing.WAIT), "each"),
}


@pytest.mark.parametrize("expected", CHANGES)
def test_what_would_change_it_is_said_with_who_and_when(expected: str) -> None:
    change, form = CHANGES[expected]
    assert told(change_told(change, form)) == expected
    assert not found_in(expected)


def test_a_day_that_is_over_is_told_as_something_to_record_and_never_as_a_day_to_keep() -> None:
    in_time, day = Change(Who.TRAINEE, Doing.ADD, Decimal(1), on=LATER), date(2026, 5, 2)
    assert told(change_told(in_time, "stretch", day=LATER)) == "1 more, by the trainee, until 2026-05-01"
    found = told(change_told(in_time, "stretch", day=day))
    assert found == "1 more, by the trainee, if it was done by 2026-05-01 and is not recorded yet"
    signature = Change(Who.SUPERVISOR, Doing.SIGN, on=LATER)
    assert told(change_told(signature, "stretch", day=day)) == "a signature by the supervisor"
    assert told(change_told(in_time, "spread", day=day)) == "1 more, by the trainee, on 2026-05-01 or later"


def test_stages_are_named_by_their_titles() -> None:
    decision = Decision("d-1", Outcome.CERTIFIED, date(2026, 2, 1), "initial")
    facts = Facts(Status.CERTIFIED, "initial", (), (), (), (), 0, 0, None, None, None, decision, ())
    (found,) = facts_told(facts, {"initial": "Certification"})
    assert told(found) == "The last decision: certified on 2026-02-01 (stage “Certification”)"


def test_every_change_has_a_sentence() -> None:
    assert {change.doing for change, _ in CHANGES.values()} == set(Doing)


def test_a_requirement_that_names_who_adds_is_told_so() -> None:
    change = Change(Who.TRAINEE, Doing.ADD, Decimal(1))
    assert told(change_told(change, who=Who.REFEREE)) == "1 more, by whoever gives a reference"


def test_what_was_left_out_is_grouped_by_its_reason_in_the_order_of_days() -> None:
    early, earlier = an_item("b", date(2019, 2, 1)), an_item("a", date(2019, 1, 1))
    left_out = (LeftOut(early, Why.TOO_EARLY), *UNSAID, LeftOut(earlier, Why.TOO_EARLY))
    groups = tell(Proof(Answer.NOT_YET, "at_least", numbers("38"), left_out=left_out)).left_out
    assert [(told(group.why), [each.item.id for each in group.left_out]) for group in groups] == [
        ("not said: category", ["h-1"]),
        ("before the days that count", ["a", "b"]),
    ]


def test_parts_carry_the_names_of_what_was_asked() -> None:
    need = AllOf((count(1), Covers(Amount(TRAINING), "topic", ("self_care",))))
    proof = Proof(
        Answer.NOT_YET,
        "all_of",
        parts=(
            Proof(Answer.MET, "at_least"),
            Proof(Answer.NOT_YET, "covers", parts=(Proof(Answer.NOT_YET, "value", name="self_care"),)),
        ),
    )
    first, second = tell(proof, need).parts
    assert first.of
    assert told(first.of) == "At least 1 exam where passed is yes"
    assert second.parts[0].of
    assert told(second.parts[0].of) == "self care"


def test_a_stretch_is_named_by_its_days() -> None:
    week = Proof(Answer.NOT_YET, "stretch", stretch=Stretch(date(2026, 1, 5), date(2026, 1, 11)))
    (part,) = tell(Proof(Answer.NOT_YET, "each", parts=(week,))).parts
    assert part.of
    assert told(part.of) == "2026-01-05 to 2026-01-11"


@pytest.mark.parametrize("form", NEEDS)
def test_a_proof_is_told_whatever_was_asked_and_however_many_parts_there_are(form: str) -> None:
    for parts in range(4):
        proof = Proof(Answer.UNKNOWN, form, parts=(Proof(Answer.MET, "at_least", name="x"),) * parts)
        assert len(tell(proof, NEEDS[form][0]).parts) == parts


# ---- everything has words, and none of those that we do not use ----


def test_everything_that_can_be_answered_or_named_has_words() -> None:
    assert set(ANSWERS) == set(Answer)
    assert set(REASONS) == set(Why)
    assert set(PEOPLE) == set(Who)
    assert set(THINGS) == set(ONE) == set(SEVERAL) == set(Kind)
    assert set(EACH) == set(AVERAGE) == set(Calendar)
    assert set(CONFIDENCES) == set(Confidence)
    assert set(STAGES) == set(StageKind)


@pytest.mark.parametrize("words", [ANSWERS, REASONS, PEOPLE, THINGS, ONE, SEVERAL, CONFIDENCES, STAGES])
def test_no_word_of_them_is_one_that_we_do_not_use(words: dict[str, str]) -> None:
    assert [found for each in words.values() for found in found_in(each)] == []


EVERYTHING = Lifecycle(
    Validity(Period(months=24), Ends.FIXED_DAY, (9, 30), RunsFrom.DECISION, Period(months=6)),
    RenewalWindow(Period(months=3), Period(days=30), (9, 1)),
    Grace(Period(days=30), "25 USD"),
    Lapse(AfterLapse.REINSTATE, Period(months=24)),
    Period(months=6),
    (Period(days=90), Period(days=30)),
    ("probation",),
    Period(months=60),
    ("other_board",),
    DueProcess(Period(days=30), 48, ("reasons",), Period(days=60), ("panel",), Period(days=30)),
    (Fee("application", "50 USD", "in hardship"),),
)


def test_everything_that_a_program_says_of_time_is_told() -> None:
    assert [told(each) for each in lifecycle_told(EVERYTHING)] == [
        "Valid for 2 years, to 09-30 of the year; a new one is counted from its decision",
        "Never valid for less than 6 months",
        "Renewal opens 3 months before the end",
        "Renewal closes 30 days before the end",
        "Renewal closes on 09-01 of the year of the end",
        "Late renewal for 30 days after the end",
        "For late renewal: 25 USD",
        "After that: reinstatement",
        "Reinstatement is open for 2 years after the end",
        "An application stays usable for 6 months",
        "Reminders before the end: 90 days and 30 days",
        "Other states that the body knows: probation",
        "Proof is kept for 5 years",
        "Recognized from elsewhere: other board",
        "A decision comes within 30 days",
        "A decision comes within 48 hours",
        "A notice says: reasons",
        "An appeal is open for 60 days",
        "An appeal goes to: panel",
        "An appeal is answered within 30 days",
        "To pay to the body: application, 50 USD",
        "Nothing is to be paid: in hardship",
    ]
    assert [told(each) for each in lifecycle_told(Lifecycle(Validity(None), recognizes=()))] == [
        "Valid without an end",
        "Nothing from elsewhere is recognized",
    ]
    assert lifecycle_told(Lifecycle()) == ()


def test_everything_that_is_said_of_a_stage_and_of_moving_is_told() -> None:
    stage = Stage(
        "p", "Provisional", after="a", lasts=Period(6), extensions=1, extension=Period(6), scope="x", reveals=True
    )
    assert len(stage_told(stage)) == 6
    for move in Move:
        (first, again) = transition_told(Transition("2025", move, date(2026, 1, 1), ("training",)))
        assert "2025" in told(first)
        assert told(again) == "To be done again under this edition: training"


def test_a_sentence_is_said_in_another_language_in_all_its_parts() -> None:
    spanish = {
        "%(before)s and %(next)s": "%(before)s y %(next)s",
        "%(number)s hours": "%(number)s horas",
        "%(number)s day": "%(number)s día",
    }
    said = all_of_them([amount(Decimal(2), "hours"), amount(Decimal(1), "days")])
    assert told(said, lambda template: spanish.get(template, template)) == "2 horas y 1 día"


def test_templates_can_be_filled_and_sentences_have_no_places_left() -> None:
    every: list[Said] = [said for need, _ in NEEDS.values() for _deep, said in lines(asked(need))]
    assert not [told(each) for each in every if re.search(r"%\(", told(each))]
    assert told(say("50 %%")) == "50 %"


# ---- status and dates ----


def test_every_status_date_outcome_and_offer_has_words() -> None:
    assert set(STATUSES) == set(Status)
    assert set(OUTCOMES) == set(Outcome)
    assert set(DATES) == set(OVER) == set(Name)
    assert set(OFFERS) == set(Asking)
    words = [*STATUSES.values(), *OUTCOMES.values(), *DATES.values(), *OVER.values(), *OFFERS.values()]
    assert [found for each in words for found in found_in(each)] == []


def test_a_date_that_a_pause_moved_says_so() -> None:
    due = Due(date(2026, 7, 1), Name.VALID_UNTIL, "lifecycle.valid_for", date(2024, 6, 1))
    assert told(date_told(due)) == "Valid until: 2026-07-01"
    assert told(date_told(due, due.on)) == "Valid until: 2026-07-01"
    assert told(date_told(due, date(2026, 7, 2))) == "It was valid until: 2026-07-01"
    assert told(date_told(replace(due, moved=30))) == "Valid until: 2026-07-01, moved by a pause; days: 30"


def test_an_offer_says_by_when_and_what_is_to_be_paid() -> None:
    offer = Offer(Asking.LATE_RENEWAL, "renewal", date(2026, 7, 30), "25 USD")
    assert told(offer_told(offer)) == "One may ask for: late renewal, until 2026-07-30; to pay: 25 USD"


def test_what_goes_with_the_status_is_told() -> None:
    decision = Decision("d", Outcome.CERTIFIED, date(2026, 1, 1), "initial")
    day_ = date(2026, 2, 1)
    offers = (Offer(Asking.EXTENSION),)
    facts = Facts(Status.CERTIFIED, "initial", (), (), (), offers, 1, 1, day_, day_, day_, decision, (decision,))
    assert [told(each) for each in facts_told(facts)] == [
        "Paused since 2026-02-01",
        "Suspended since 2026-02-01",
        "An appeal is open since 2026-02-01",
        "The last decision: certified on 2026-01-01 (stage “initial”)",
        "Made longer so far, times: 1; possible still: 1",
        "This decision does not fit the rules, and was set aside: certified on 2026-01-01 (stage “initial”)",
        "One may ask for: more time",
    ]


def test_of_a_decision_without_a_stage_only_its_day_is_told_and_endorsements_to_come_are_counted() -> None:
    decision = Decision("d", Outcome.CERTIFIED, date(2026, 1, 1))
    facts = Facts(
        Status.CERTIFIED, "", (), (), (), (), 0, 0, None, None, None, decision, (), endorsements_to_come=2
    )  # fmt: skip
    assert [told(each) for each in facts_told(facts)] == [
        "The last decision: certified on 2026-01-01",
        "Endorsements that are still asked for: 2",
    ]
