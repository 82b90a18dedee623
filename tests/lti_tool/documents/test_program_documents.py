"""Programs as documents: every form is read, and every wrong entry has its place and a remedy."""

from datetime import date
from decimal import Decimal

import pytest

from grading.evidence import Kind
from grading.lifecycle.rules import AfterLapse, Ends, Grace, Lapse, RenewalWindow, RunsFrom
from grading.periods import Calendar, Period
from grading.program import Confidence, Move, Program, StageKind, Transition, Who
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
from lti_tool.documents import DocumentProblems
from lti_tool.documents.program import read_program

HEAD = 'id = "ours"\nname = "Ours"\nbody = "Board"\ntime_zone = "UTC"\n'
STAGE = '[[stages]]\nkey = "initial"\ntitle = "Certification"\n'
REQUIREMENT = '[[requirements]]\nkey = "one"\nstage = "initial"\ntitle = "One"\n'
EXAM = '{ kind = "exam" }'
ONE = f"{{ at_least = 1, of = {EXAM} }}"


def read(text: str, *, head: str = HEAD) -> tuple[Program, ...]:
    return read_program(head + STAGE + REQUIREMENT + text, source="mine")


def need(text: str) -> Need:
    return read(text)[0].requirements[0].need


def problems_with(text: str, *, head: str = HEAD) -> list[tuple[str, str]]:
    with pytest.raises(DocumentProblems) as found:
        read(text, head=head)
    assert {each.source for each in found.value.problems} == {"mine"}
    return [(each.place, str(each.sentence)) for each in found.value.problems]


# ---- forms ----

EXAMS = Selection(frozenset({Kind.EXAM}))
COUNT = Amount(EXAMS, Measure.COUNT)
FIRST = AtLeast(COUNT, Decimal(1))
HOURS = Amount(Selection(frozenset({Kind.TRAINING}), unit="hours"))
TRAINING = '{ kind = "training" }'
FORMS: dict[str, tuple[str, Need]] = {
    "count": (f"at_least = 1\nof = {EXAM}", FIRST),
    "total": (f'at_least = "40 hours"\nof = {TRAINING}', AtLeast(HOURS, Decimal(40))),
    "distinct": (
        f'at_least = 8\nof = {EXAM}\ndistinct = "client"',
        AtLeast(Amount(EXAMS, Measure.DISTINCT, "client"), Decimal(8))),
    "mean": (f'at_least = 2.5\nof = {EXAM}\nmeasure = "mean"', AtLeast(Amount(EXAMS, Measure.MEAN), Decimal("2.5"))),
    "sum": (
        f'at_least = "40 hours"\nsum = [{{ of = {TRAINING} }}, {{ of = {TRAINING}, times = 2 }}]',
        Sum((Term(HOURS), Term(HOURS, Decimal(2))), Decimal(40))),
    "at_most": (f"at_most = 3\nof = {EXAM}", AtMost(COUNT, Decimal(3))),
    "none": (f"at_most = 0\nof = {EXAM}", AtMost(COUNT, Decimal())),
    "share": (
        f'share_at_least = "25 %"\nof = {EXAM}\nout_of = {{ kind = "exam" }}', Share(COUNT, COUNT, Decimal("0.25"))),
    "spread": (f'spread_over = "3 months"\nof = {EXAM}', Spread(EXAMS, Period(months=3))),
    "held": (
        f'held_for = "12 months"\nat = "application"\nof = {EXAM}',
        Held(EXAMS, Period(months=12), at=Anchor(Named.EVENT, "application"))),
    "held_less": (f'held_less_than = "90 days"\nof = {EXAM}', Held(EXAMS, None, Period(days=90))),
    "covers": (f'covers = ["a", "b"]\nby = "topic"\nof = {EXAM}', Covers(COUNT, "topic", ("a", "b"))),
    "covers_some": (
        f'covers = ["a", "b"]\nsome = 1\nby = "topic"\neach_at_least = "8 hours"\nof = {TRAINING}',
        Covers(HOURS, "topic", ("a", "b"), 1, Decimal(8))),
    "in_order": (f'in_order = [{EXAM}, {EXAM}]\nsame = "observation"', InOrder((EXAMS, EXAMS), "observation")),
    "each": (
        f'each = "week"\nhow = "each"\nsince = "stage initial"\nuntil = 2026-06-30\nbut = 2\nonly_with = {EXAM}\n'
        f"need = {ONE}",
        Each(Calendar.WEEK, FIRST, Anchor(Named.STAGE, "initial"), Anchor(Named.DAY, day=date(2026, 6, 30)),
             but=2, only_with=EXAMS)),
    "average": (
        f'each = "month"\nhow = "average"\nsince = "entered"\nneed = {ONE}',
        Each(Calendar.MONTH, FIRST, Anchor(Named.ENTERED), average=True)),
    "all_of": (f"all_of = [{ONE}, {ONE}]", AllOf((FIRST, FIRST))),
    "any_of": (f"any_of = [{ONE}]", AnyOf((FIRST,))),
    "some_of": (f"some_of = 1\nparts = [{ONE}]", SomeOf(1, (Group((FIRST,)),))),
    "groups": (
        f"some_of = 2\ngroups = [{{ parts = [{ONE}], at_least = 1, at_most = 2 }}]",
        SomeOf(2, (Group((FIRST,), 1, 2),))),
    "when": (f"when = {ONE}\nthen = {ONE}", When(FIRST, FIRST)),
    "unless": (f'unless = {EXAM}\nsettled = {EXAM}\nby = "case"', Unless(EXAMS, EXAMS, "case")),
    "open": (
        f"open_from = 2025-01-01\nopen_until = 2026-06-30\nneed = {ONE}",
        Open(FIRST, date(2025, 1, 1), date(2026, 6, 30))),
    "met": ('met = "one"', Met("one")),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_need_is_read(form: str) -> None:
    text, expected = FORMS[form]
    assert need(text) == expected


def test_every_form_there_is_is_among_them() -> None:
    assert {type(expected) for _, expected in FORMS.values()} == set(Need.__args__)


def test_everything_that_decides_what_counts_is_read() -> None:
    text = """at_least = "40 hours"
[requirements.of]
kind = ["training", "education"]
where.category = "ethics"
where.paid = true
where.people = { at_least = 2, at_most = 10 }
where.mode = { none_of = ["chat"], said = true }
not_counting = [{ mode = ["role_play", "reading"] }]
last = "6 years"
since = "first training_began"
until = "6 months before expiry"
in_force = "application"
units = { ceu = 10 }
once_per = "group"
keep = "latest"
caps = [{ where = { mode = "online" }, at_most = "10 hours" }, { where = { mode = "online" }, at_most = "40 %" }]
within = "180 days"
pot = "electives"
"""
    online = (Where("mode", frozenset({"online"})),)
    assert need(text) == AtLeast(
        Amount(
            Selection(
                kinds=frozenset({Kind.TRAINING, Kind.EDUCATION}),
                where=(
                    Where("category", frozenset({"ethics"})),
                    Where("paid", frozenset({"yes"})),
                    Where("people", at_least=Decimal(2), at_most=Decimal(10)),
                    Where("mode", none_of=frozenset({"chat"}), said=True),
                ),
                not_counting=((Where("mode", frozenset({"role_play", "reading"})),),),
                windows=(
                    Window(
                        Anchor(Named.EVENT, "training_began", Which.FIRST),
                        Anchor(Named.EXPIRY, earlier=Period(months=6)),
                        Period(months=72),
                    ),
                    Window(in_force=Anchor(Named.EVENT, "application")),
                ),
                unit="hours",
                units={"ceu": Decimal(10)},
                once_per="group",
                keep=Keep.LATEST,
                caps=(Cap(online, at_most=Decimal(10)), Cap(online, share=Decimal("0.4"))),
                within=Period(days=180),
                shared="electives",
            )
        ),
        Decimal(40),
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"today"', Anchor(Named.TODAY)),
        ('"certified"', Anchor(Named.CERTIFIED)),
        ('"certified initial"', Anchor(Named.CERTIFIED, "initial")),
        ('"met one"', Anchor(Named.MET, "one")),
        ('"last talk"', Anchor(Named.EVENT, "talk")),
        ("2025-01-31", Anchor(Named.DAY, day=date(2025, 1, 31))),
        ('"2025-01-31"', Anchor(Named.DAY, day=date(2025, 1, 31))),
        ('"2 years after certified"', Anchor(Named.CERTIFIED, later=Period(months=24))),
        ('"1 year and 10 days before today"', Anchor(Named.TODAY, earlier=Period(12, 10))),
    ],
)
def test_days_are_named_in_words(written: str, expected: Anchor) -> None:
    found = need(f"at_least = 1\nof = {{ kind = 'exam', since = {written} }}")
    assert isinstance(found, AtLeast)
    assert found.amount.of.windows[0].since == expected


WHOLE = """
[[requirements]]
key = "two"
stage = "more"
title = "Two"
sources = [1]
confidence = "stated"
note = "A note."
who = "referee"
shown_only = true
kinds = ["references"]
editions = ["b"]
met = "one"

[[editions]]
key = "a"
until = 2025-12-31

[[editions]]
key = "b"
from = 2026-01-01
earlier = "move_by"
earlier_by = 2026-06-30
again = ["one"]

[[stages]]
key = "more"
title = "More"
kind = "endorsement"
after = "initial"
lasts = "6 months"
extensions = 1
extension = "6 months"
scope = "Young people"
reveals = true

[[lifecycle]]
editions = ["a"]
valid_without_end = true

[[lifecycle]]
valid_for = "2 years"
ends = "fixed_day"
fixed_day = "09-30"
runs_from = "decision"
valid_at_least = "6 months"
renewal_opens = "3 months"
renewal_closes = "30 days"
renewal_closes_on = "09-01"
grace = "31 days"
late_fee = "25 USD"
after_lapse = "reinstate"
reinstate_within = "2 years"
application_usable = "1 year"
reminders = ["90 days", "30 days"]
statuses = ["probation"]
keep_proof_for = "5 years"
recognizes = []

[due_process]
decide_within = "30 days"
appeal_within = "60 days"

[[fees]]
what = "application"
"""


def test_a_whole_program_is_read_with_its_editions_stages_and_times() -> None:
    first, second = read(f"at_least = 1\nof = {EXAM}\n{WHOLE}", head=HEAD + 'terms = ["09-01"]\npausable = ["stage"]\n')
    assert [each.key for each in first.requirements] == ["one"]
    two = second.requirements[1]
    assert (two.confidence, two.who, two.shown_only, two.sources) == (Confidence.STATED, Who.REFEREE, True, (1,))
    assert (first.effective_until, second.effective_from) == (date(2025, 12, 31), date(2026, 1, 1))
    assert second.transitions == (Transition("a", Move.MOVE_BY, date(2026, 6, 30), ("one",)),)
    assert first.transitions == ()
    more = second.stages[1]
    assert (more.kind, more.lasts, more.extensions, more.reveals) == (StageKind.ENDORSEMENT, Period(6), 1, True)
    assert (second.terms, second.pausable) == (((9, 1),), frozenset({"stage"}))
    assert first.lifecycle.validity
    assert first.lifecycle.validity.lasts is None
    assert first.lifecycle.grace is None


def test_times_of_an_edition_are_read() -> None:
    found = read(f"at_least = 1\nof = {EXAM}\n{WHOLE}")[1].lifecycle
    assert found.validity
    assert (found.validity.ends, found.validity.fixed_day) == (Ends.FIXED_DAY, (9, 30))
    assert (found.validity.runs_from, found.validity.at_least) == (RunsFrom.DECISION, Period(6))
    assert found.renewal == RenewalWindow(Period(3), Period(days=30), (9, 1))
    assert found.grace == Grace(Period(days=31), "25 USD")
    assert found.lapse == Lapse(AfterLapse.REINSTATE, Period(24))
    assert (found.reminders, found.recognizes) == ((Period(days=90), Period(days=30)), ())
    assert (found.due_process.appeal_within, found.fees[0].what) == (Period(days=60), "application")


# ---- what cannot be read ----

NEEDED = "This is still needed."
R = "requirements[1]"
WRONG = {
    "nothing asked": ("", R, "Please say what is asked, by one of these: at_least"),
    "two forms": (f"at_least = 1\nat_most = 2\nof = {EXAM}", R, "several forms here: at_least, at_most"),
    "an entry of another form": (f'at_least = 1\nof = {EXAM}\nhow = "each"', f"{R}.how", "nothing beside at_least"),
    "an amount in words": (f'at_least = "x"\nof = {EXAM}', f"{R}.at_least", "Please write an amount"),
    "an amount of another sort": (f"at_least = [1]\nof = {EXAM}", f"{R}.at_least", "Found “[1]”"),
    "an amount of zero": (f"at_least = 0\nof = {EXAM}", f"{R}.at_least", "above zero"),
    "an amount below zero": (f"at_most = -1\nof = {EXAM}", f"{R}.at_most", "above zero"),
    "an amount without an end": (f"at_least = inf\nof = {EXAM}", f"{R}.at_least", "Please write an amount"),
    "nothing looked at": ("at_least = 1", f"{R}.of", NEEDED),
    "two units": (
        'at_least = "2 hours"\nof = { kind = "exam", unit = "days" }',
        f"{R}.of.unit", "counts in days, and the amount"),
    "two measures": (f'at_least = 1\nof = {EXAM}\ndistinct = "c"\nmeasure = "mean"', f"{R}.measure", "beside distinct"),
    "no terms": ("at_least = 1\nsum = []", f"{R}.sum", NEEDED),
    "terms and a selection": (f"at_least = 1\nof = {EXAM}\nsum = [{{ of = {EXAM} }}]", f"{R}.of", "beside sum"),
    "no whole": (f'share_at_least = "50 %"\nof = {EXAM}', f"{R}.out_of", NEEDED),
    "a share that could be one of one or of hundred": (
        f'share_at_least = "0.5"\nof = {EXAM}\nout_of = {EXAM}', f"{R}.share_at_least", "in percent, such as 25 %"),
    "a length in words": (f'spread_over = "3 moons"\nof = {EXAM}', f"{R}.spread_over", "Please write a length of time"),
    "a length that nobody lives": (f'spread_over = "999 years"\nof = {EXAM}', f"{R}.spread_over", "live to see"),
    "an empty list": (f'covers = []\nby = "x"\nof = {EXAM}', f"{R}.covers", NEEDED),
    "a list of nothing": (f'covers = ["a"]\nof = {EXAM}', f"{R}.by", NEEDED),
    "no steps": ("in_order = []", f"{R}.in_order", NEEDED),
    "no way of reading": (
        f'each = "week"\nsince = "entered"\nneed = {ONE}', f"{R}.how", "can be read in two ways. Please add how"),
    "no beginning": (f'each = "week"\nhow = "each"\nneed = {ONE}', f"{R}.since", NEEDED),
    "too much in a week": (
        f'each = "week"\nhow = "each"\nsince = "entered"\nneed = {{ all_of = [{ONE}] }}', f"{R}.need", "one thing"),
    "a stretch that is none": (f'each = "moon"\nhow = "each"\nneed = {ONE}', f"{R}.each", "Please choose from 'week'"),
    "no parts": ("all_of = []", f"{R}.all_of", NEEDED),
    "none of some": (f"some_of = 0\nparts = [{ONE}]", f"{R}.some_of", "above zero"),
    "some of nothing": ("some_of = 1", f"{R}.parts", NEEDED),
    "nothing then": (f"when = {ONE}", f"{R}.then", NEEDED),
    "nothing open": ("open_from = 2025-01-01", f"{R}.need", NEEDED),
    "no kind": ("at_least = 1\nof = { kind = [] }", f"{R}.of.kind", NEEDED),
    "a kind that is not known": (
        'at_least = 1\nof = { kind = "exm" }', f"{R}.of.kind", "Please choose from 'practice'"),
    "one of several kinds": ('at_least = 1\nof = { kind = ["exam", "exm"] }', f"{R}.of.kind[2]", "Found “exm”"),
    "a misspelled form": (f"at_leest = 1\nof = {EXAM}", f"{R}.at_leest", "Is it meant to be at_least?"),
    "a misspelled entry of a selection": (
        'at_least = 1\nof = { kind = "exam", were = {} }', f"{R}.of.were", "Is it meant to be where?"),
    "a misspelled condition": (
        'at_least = 1\nof = { kind = "exam", where = { x = { at_leest = 2 } } }',
        f"{R}.of.where.x.at_leest", "Is it meant to be at_least?"),
    "deep inside": (
        'all_of = [{ at_least = 1, of = { kind = "exam", last = "x" } }]',
        f"{R}.all_of[1].of.last", "a length of time"),
    "a unit's worth in words": (
        'at_least = 1\nof = { kind = "exam", units = { ceu = "x" } }', f"{R}.of.units.ceu", "Please write an amount"),
    "a cap in words": (
        'at_least = 1\nof = { kind = "exam", caps = [{ where = {}, at_most = "x" }] }',
        f"{R}.of.caps[1].at_most", "Please write an amount"),
    "a day that there is not": (
        'at_least = 1\nof = { kind = "exam", since = "2025-02-30" }', f"{R}.of.since", "Please name a day: today"),
    "a day far away": ("at_least = 1\nof = { kind = 'exam', since = 0001-01-01 }", f"{R}.of.since", "too far away"),
    "a day of two names": (f'held_for = "1 year"\nof = {EXAM}\nat = "certified x y"', f"{R}.at", "Please name a day"),
    "a day shifted too far": (
        'at_least = 1\nof = { kind = "exam", since = "9999 years before today" }',
        f"{R}.of.since", "Please name a day"),
    "a measure that is not known": (
        f'at_least = 1\nmeasure = "best"\nof = {EXAM}', f"{R}.measure", "Please choose from"),
    "an edition that there is not": (f'at_least = 1\nof = {EXAM}\neditions = ["z"]', f"{R}.editions", "no edition “z”"),
    "a validity in words": (
        f'at_least = 1\nof = {EXAM}\n[[lifecycle]]\nvalid_for = "x"', "lifecycle[1].valid_for", "length"),
    "a reminder in words": (
        f'at_least = 1\nof = {EXAM}\n[[lifecycle]]\nreminders = ["1 day", "y"]', "lifecycle[1].reminders[2]", "length"),
    "a day of the year that there is not": (
        f'at_least = 1\nof = {EXAM}\n[[lifecycle]]\nrenewal_closes_on = "13-40"',
        "lifecycle[1].renewal_closes_on", "such as 09-30"),
    "too many extensions": (
        f'at_least = 1\nof = {EXAM}\n[[stages]]\nkey = "x"\ntitle = "X"\nextensions = 21',
        "stages[2].extensions", "21"),
    "TOML that breaks off": ("at_least = \n", "line 12, column 12", "can be read up to here"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_has_its_place_and_a_remedy(name: str) -> None:
    text, place, said = WRONG[name]
    found = problems_with(text)
    assert (place, True) in [(each, said in sentence) for each, sentence in found], found


@pytest.mark.parametrize(
    ("head", "place", "said"),
    [
        (HEAD.replace("UTC", "Mars/Base"), "time_zone", "There is no time zone “Mars/Base”"),
        (HEAD.replace('time_zone = "UTC"\n', ""), "time_zone", 'For example: time_zone = "America/Chicago"'),
        (HEAD.replace("ours", "Our Program"), "id", "Found “Our Program”"),
        (HEAD + 'pausable = ["clocks"]\n', "pausable[1]", "Please choose from each, stage, validity, windows."),
        (HEAD + 'terms = ["1"]\n', "terms[1]", "such as 09-30"),
        (HEAD + 'nome = "x"\n', "nome", "Is it meant to be name?"),
    ],
)
def test_what_is_wrong_with_the_whole_is_told(head: str, place: str, said: str) -> None:
    ((found, sentence),) = problems_with(f"at_least = 1\nof = {EXAM}", head=head)
    assert found == place
    assert said in sentence


def test_needs_that_lie_too_deep_in_each_other_are_told() -> None:
    ((place, sentence),) = problems_with("all_of = [" + "{ all_of = [" * 14 + '{ met = "one" }' + "] }" * 14 + "]")
    assert place.count("all_of[1]") == 13
    assert sentence == "Too many needs lie in each other here."


def test_everything_that_is_to_be_mended_is_told_at_once() -> None:
    text = f'at_least = "x"\nof = {{ kind = "exam", last = "y" }}\n{REQUIREMENT}at_most = "z"\nof = {EXAM}'
    assert {place for place, _ in problems_with(text)} == {f"{R}.at_least", f"{R}.of.last", "requirements[2].at_most"}
