"""Each thing that the checker finds: where it says it is, how much it matters, and that it says a remedy."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.checking.check import check
from grading.evidence import Kind
from grading.periods import Period
from grading.requirements.needs import (
    Amount,
    AtLeast,
    AtMost,
    Covers,
    Group,
    InOrder,
    Met,
    Need,
    Share,
    SomeOf,
    Sum,
    Term,
)
from grading.requirements.selection import Cap, Selection, Where, Window
from tests.grading.checked import HEAD, NAMES, STAGES, checked, codes, must, of_text, requirement
from tests.grading.made_up import program
from tests.words import found_in

TRAINING = 'of = { kind = "training"'
PARTS = """all_of = [
  { at_least = "20 hours", of = { kind = "training", where = { category = "ethics" } } },
  { at_least = "20 hours", of = { kind = "training", where = { category = "advocacy" } } },
  { at_least = "10 hours", of = { kind = "training", where = { category = "wellness" } } },
]"""
CASES = {
    # numbers that cannot be reached, or mean nothing
    "more values than there are": (
        'at_least = 4\ndistinct = "category"\nof = { kind = "training" }', "mend", "too_few_values", "distinct",
    ),
    "more values than the selection lets in": (
        'at_least = 3\ndistinct = "category"\nof = { kind = "training", '
        'where = { category = ["ethics", "advocacy"] } }',
        "mend", "too_few_values", "distinct",
    ),
    "each counts once, and there are fewer": (
        'at_least = 4\nof = { kind = "training", once_per = "category" }', "mend", "too_few_values", "of.once_per",
    ),
    "more than the list": (
        'covers = ["ethics", "advocacy"]\nby = "category"\nsome = 3\nof = { kind = "training" }',
        "mend", "more_than_list", "some",
    ),
    "one of the list twice": (
        'covers = ["ethics", "ethics"]\nby = "category"\nof = { kind = "training" }', "mend", "listed_twice", "covers",
    ),
    "more than the parts": (
        'some_of = 2\nparts = [{ at_least = 1, of = { kind = "exam" } }]', "mend", "more_than_list", "some_of",
    ),
    "more than a group": (
        'some_of = 1\ngroups = [{ at_least = 2, parts = [{ at_least = 1, of = { kind = "exam" } }] }]',
        "mend", "more_than_list", "groups[1].at_least",
    ),
    "more than the groups let count": (
        'some_of = 2\ngroups = [{ at_most = 1, parts = [{ at_least = 1, of = { kind = "exam" } }, '
        '{ at_least = 1, of = { kind = "document" } }] }]',
        "mend", "more_than_list", "some_of",
    ),
    "a group with its least above its most": (
        'some_of = 1\ngroups = [{ at_least = 2, at_most = 1, parts = [{ at_least = 1, of = { kind = "exam" } }, '
        '{ at_least = 1, of = { kind = "document" } }] }]',
        "mend", "least_above_most", "groups[1].at_least",
    ),
    "groups that ask for more than the whole": (
        'some_of = 1\ngroups = [{ at_least = 2, parts = [{ at_least = 1, of = { kind = "exam" } }, '
        '{ at_least = 1, of = { kind = "document" } }] }]',
        "look", "least_above_total", "some_of",
    ),
    "a cap below what is asked": (
        'at_least = "10 hours"\nof = { kind = "training", where = { category = "ethics" }, '
        'caps = [{ where = { category = "ethics" }, at_most = "4 hours" }] }',
        "mend", "cap_below_least", "at_least",
    ),
    "caps on everything, below what is asked": (
        'at_least = "10 hours"\nof = { kind = "training", caps = ['
        '{ where = { category = ["ethics", "advocacy"] }, at_most = "4 hours" }, '
        '{ where = { category = "wellness" }, at_most = "4 hours" }] }',
        "mend", "cap_below_least", "at_least",
    ),
    "a cap of all": (
        'at_least = "1 hours"\nof = { kind = "training", caps = [{ where = { category = "ethics" }, '
        'at_most = "100 %" }] }',
        "mend", "share_outside", "of.caps[1].at_most",
    ),
    "compared with nothing": (
        'at_least = 1\nof = { kind = "training", where = { category = {} } }',
        "mend", "compares_nothing", "of.where.category",
    ),
    "asked for and ruled out": (
        'at_least = 1\nof = { kind = "training", where = { category = { any_of = ["ethics"], '
        'none_of = ["ethics"] } } }',
        "mend", "nothing_matches", "of.where.category",
    ),
    "from more to less": (
        'at_least = 1\nof = { kind = "training", where = { amount = { at_least = 3, at_most = 2 } } }',
        "mend", "least_above_most", "of.where.amount",
    ),
    "all of it never counts": (
        'at_least = 1\nof = { kind = "training", where = { category = "ethics" }, '
        'not_counting = [{ category = ["ethics", "advocacy"] }] }',
        "mend", "nothing_counts", "of.not_counting[1]",
    ),
    "nothing counts at all": (
        'at_least = 1\nof = { kind = "training", not_counting = [{}] }', "mend", "nothing_counts", "of.not_counting[1]",
    ),
    "an order of one": ('in_order = [{ kind = "exam" }]', "mend", "one_step", "in_order"),
    # days
    "a window that ends before it begins": (
        'at_least = 1\nof = { kind = "exam", since = 2026-02-01, until = 2026-01-01 }',
        "mend", "nothing_holds", "of.since",
    ),
    "a window that ends before it begins, from one day": (
        'at_least = 1\nof = { kind = "exam", since = "certified", until = "2 years before certified" }',
        "mend", "nothing_holds", "of.since",
    ),
    "held for longer than less than": (
        'held_for = "2 years"\nheld_less_than = "12 months"\nof = { kind = "credential" }',
        "mend", "least_above_most", "held_less_than",
    ),
    "a route that closes before it opens": (
        'open_from = 2026-02-01\nopen_until = 2026-01-01\nneed = { at_least = 1, of = { kind = "exam" } }',
        "mend", "nothing_holds", "open_from",
    ),
    "but beside an average": (
        'each = "week"\nhow = "average"\nbut = 1\nsince = "entered"\n'
        'need = { at_least = "1 hours", of = { kind = "supervision" } }',
        "mend", "but_means_nothing", "but",
    ),
    "fewer than none": (
        'each = "week"\nhow = "each"\nbut = -1\nsince = "entered"\n'
        'need = { at_least = "1 hours", of = { kind = "supervision" } }',
        "mend", "but_means_nothing", "but",
    ),
    "every one may be without": (
        'each = "month"\nhow = "each"\nbut = 2\nsince = 2026-01-01\nuntil = 2026-02-28\n'
        'need = { at_least = "1 hours", of = { kind = "supervision" } }',
        "mend", "but_means_nothing", "but",
    ),
    "stretches of no time": (
        'each = "month"\nhow = "each"\nsince = 2026-03-01\nuntil = 2026-02-28\n'
        'need = { at_least = "1 hours", of = { kind = "supervision" } }',
        "mend", "nothing_holds", "since",
    ),
    "an average of shares": (
        'each = "month"\nhow = "average"\nsince = "entered"\nneed = { share_at_least = "5 %", '
        'of = { kind = "supervision", unit = "hours" }, out_of = { kind = "practice", unit = "hours" } }',
        "mend", "no_average", "how",
    ),
    "a most on average": (
        'each = "month"\nhow = "average"\nsince = "entered"\n'
        'need = { at_most = "9 hours", of = { kind = "practice" } }',
        "mend", "no_average", "how",
    ),
    # names
    "a value that is not listed": (
        'at_least = 1\nof = { kind = "training", where = { category = "ethic" } }',
        "mend", "unknown_value", "of.where.category",
    ),
    "a value of a list that is not listed": (
        'covers = ["ethics", "law"]\nby = "category"\nof = { kind = "training" }', "mend", "unknown_value", "covers",
    ),
    "a value that does not count and is not listed": (
        'at_least = 1\nof = { kind = "training", not_counting = [{ category = "law" }] }',
        "mend", "unknown_value", "of.not_counting[1].category",
    ),
    "a value of a cap that is not listed": (
        'at_least = "1 hours"\nof = { kind = "training", caps = [{ where = { category = "law" }, '
        'at_most = "1 hours" }] }',
        "mend", "unknown_value", "of.caps[1].where.category",
    ),
    "a name that looks misspelled": (
        'at_least = 1\nof = { kind = "training", where = { categori = "ethics" } }',
        "mend", "unknown_name", "of.where.categori",
    ),
    "a name with values that are listed nowhere": (
        'at_least = 1\nof = { kind = "training", where = { format = "in_person" } }',
        "mend", "unlisted_name", "of.where.format",
    ),
    "a misspelled unit": ('at_least = "40 huors"\nof = { kind = "training" }', "mend", "unknown_unit", "of"),
    "a misspelled event": (
        'at_least = 1\nof = { kind = "training", until = "aplication" }', "mend", "unknown_event", "of.until",
    ),
    "a stage that is not there": (
        'at_least = 1\nof = { kind = "training", since = "stage second" }', "mend", "unknown_stage", "of.since",
    ),
    "a certification that is not there": (
        'at_least = 1\nof = { kind = "training", since = "certified second" }', "mend", "unknown_stage", "of.since",
    ),
    # what requirements say of each other
    "a requirement that is not there": ('met = "continuingg"', "mend", "unknown_requirement", "met"),
    "a day of a requirement that is not there": (
        'at_least = 1\nof = { kind = "exam", since = "met training" }', "mend", "unknown_requirement", "of.since",
    ),
    "itself": ('met = "it"', "mend", "circle", "met"),
    # pots
    "a pot of one": ('at_least = "1 hours"\nof = { kind = "training", pot = "one" }', "look", "pot_of_one", "of.pot"),
    "a pot where it says nothing": (
        'at_most = "9 hours"\nof = { kind = "training", pot = "one" }', "mend", "pot_says_nothing", "of.pot",
    ),
    "a pot of different values": (
        'at_least = 2\ndistinct = "category"\nof = { kind = "training", pot = "one" }',
        "mend", "pot_says_nothing", "of.pot",
    ),
    "a pot in each week": (
        'each = "week"\nhow = "each"\nsince = "entered"\n'
        'need = { at_least = "1 hours", of = { kind = "supervision", pot = "one" } }',
        "mend", "pot_says_nothing", "need.of.pot",
    ),
    "a share in a pot": (
        'at_least = "1 hours"\nof = { kind = "training", pot = "one", '
        'caps = [{ where = { category = "ethics" }, at_most = "40 %" }] }',
        "mend", "pot_share_cap", "of.caps[1].at_most",
    ),
    # two readings
    "percentages that are added up": (
        'at_least = "85 %"\nmeasure = "total"\nof = { kind = "exam" }', "choose", "percentages_added", "at_least",
    ),
    "a part that is not in its whole": (
        'share_at_least = "50 %"\nof = { kind = "training", unit = "hours", last = "2 years" }\n'
        'out_of = { kind = "training", unit = "hours", where = { category = "ethics" } }',
        "choose", "share_of_what", "out_of",
    ),
    "a window until today": (
        'at_least = "1 hours"\nof = { kind = "training", last = "6 years" }', "look", "until_today", "of.last",
    ),
    "a month that moves": (
        'at_least = "1 hours"\nof = { kind = "training", last = "1 month" }', "look", "rolling_window", "of.last",
    ),
    "a share of what": (
        'at_least = "1 hours"\nof = { kind = "training", caps = [{ where = { category = "ethics" }, '
        'at_most = "40 %" }] }',
        "look", "share_of_what", "of.caps[1].at_most",
    ),
    "amounts of any unit": (
        'at_least = 5\nmeasure = "total"\nof = { kind = "training" }', "look", "any_unit", "at_least",
    ),
    "criteria that were not observed": (
        'covers = ["listens"]\nby = "criterion"\nof = { kind = "rating" }', "look", "not_observed", "of",
    ),
    "the first week": (
        'each = "week"\nhow = "each"\nsince = "entered"\nneed = { at_least = "1 hours", '
        'of = { kind = "supervision" } }',
        "look", "first_stretch", "since",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("need", "severity", "code", "place"), CASES.values(), ids=CASES)
def test_it_is_found_in_its_place(need: str, severity: str, code: str, place: str) -> None:
    assert (severity, code, "it", place) in codes(checked(need))


@pytest.mark.parametrize(("need", "severity", "code", "place"), CASES.values(), ids=CASES)
def test_it_says_what_to_do_in_calm_words(need: str, severity: str, code: str, place: str) -> None:
    (found,) = [each for each in checked(need) if (each.code, each.place) == (code, place)]
    said = found.in_english()
    assert any(word in said for word in ("Please", "Where", "To ", "write", "Is it meant")), said
    assert "%%" not in said
    assert not found_in(said)


OF = Selection(frozenset({Kind.TRAINING}), unit="hours")
AMOUNT = Amount(OF)
OUTSIDE = {
    "nothing is asked": (AtLeast(AMOUNT, Decimal()), "nothing_asked", "at_least"),
    "a sum of nothing": (Sum((Term(AMOUNT),), Decimal()), "nothing_asked", "at_least"),
    "each of nothing": (Covers(AMOUNT, "name", ("a",), threshold=Decimal()), "nothing_asked", "each_at_least"),
    "none of a list": (Covers(AMOUNT, "name", ("a",), some=0), "nothing_asked", "some"),
    "none of several": (SomeOf(0, (Group((Met("r0"),)),)), "nothing_asked", "some_of"),
    "less than zero": (AtMost(AMOUNT, Decimal(-1)), "below_zero", "at_most"),
    "more than all": (Share(AMOUNT, AMOUNT, Decimal("1.2")), "share_outside", "share_at_least"),
    "a part of nothing": (Share(AMOUNT, AMOUNT, Decimal()), "share_outside", "share_at_least"),
    "an order of none": (InOrder(()), "one_step", "in_order"),
    "the last nothing": (
        AtLeast(Amount(replace(OF, windows=(Window(last=Period()),))), Decimal(1)),
        "nothing_holds",
        "of.last",
    ),
    "all within nothing": (AtLeast(Amount(replace(OF, within=Period())), Decimal(1)), "nothing_holds", "of.within"),
    "a cap below zero": (
        AtLeast(Amount(replace(OF, caps=(Cap((Where("name", frozenset({"a"})),), at_most=Decimal(-1)),))), Decimal(1)),
        "below_zero",
        "of.caps[1].at_most",
    ),
}
"""What a document cannot say, and other ways to write a program can."""


@pytest.mark.parametrize(("need", "code", "place"), OUTSIDE.values(), ids=OUTSIDE)
def test_a_number_that_means_nothing_is_found(need: Need, code: str, place: str) -> None:
    found = check((program(need),))
    assert ("mend", code, "r0", place) in codes(found)
    assert not any(found_in(each.in_english()) for each in found)


def test_a_program_without_anything_to_look_at_is_quiet() -> None:
    assert checked('at_least = "40 hours"\nof = { kind = "training", where = { category = "ethics" } }') == ()


def test_minima_above_their_total_name_both_requirements_and_both_remedies() -> None:
    (found,) = must(checked(PARTS, 'at_least = "46 hours"\nof = { kind = "training" }'))
    assert (found.code, found.severity) == ("minima_above_total", "choose")
    assert (found.requirement, found.place, found.also) == ("it", "all_of[1].at_least", ("second",))
    said = found.in_english()
    assert "As written, 50 hours are needed" in said
    assert "raise “second” to 50 hours" in said
    assert "lower the minima in “it” to 46 hours" in said


def test_minima_that_fit_are_left_alone() -> None:
    assert not must(checked(PARTS, 'at_least = "50 hours"\nof = { kind = "training" }'))


@pytest.mark.parametrize(
    "total",
    [
        'at_least = "46 hours"\nof = { kind = "practice" }',
        'at_least = "46 hours"\nof = { kind = "training", since = "certified" }',
        'at_least = 3\nof = { kind = "training" }',
        'any_of = [{ at_least = "46 hours", of = { kind = "training" } }, { at_least = 1, of = { kind = "exam" } }]',
    ],
)
def test_minima_are_compared_only_with_a_total_of_the_same(total: str) -> None:
    assert not must(checked(PARTS, total))


def test_a_minimum_for_each_of_a_list_is_added_up_too() -> None:
    each = 'covers = ["ethics", "advocacy", "wellness"]\nby = "category"\neach_at_least = "10 hours"\n'
    (found,) = must(checked(each + TRAINING + " }", 'at_least = "20 hours"\nof = { kind = "training" }'))
    assert (found.code, found.place) == ("minima_above_total", "each_at_least")


def test_minima_of_another_stage_are_not_added_up() -> None:
    text = HEAD + NAMES + STAGES + requirement(PARTS)
    other = requirement('at_least = "46 hours"\nof = { kind = "training" }', key="other", stage="renewal")
    assert not must(of_text(text + other))


def test_minima_that_one_entry_may_meet_together_are_worth_a_look_until_they_share_a_pot() -> None:
    assert "counts_for_each" in {each.code for each in checked(PARTS)}
    in_pot = PARTS.replace("} } }", '}, pot = "once" } }')
    assert "counts_for_each" not in {each.code for each in checked(in_pot)}


def test_at_least_and_at_most_of_the_same_that_cross_name_each_other() -> None:
    least = 'at_least = "10 hours"\nof = { kind = "training", where = { category = "ethics" } }'
    (found,) = must(checked(least, 'at_most = "8 hours"\nof = { kind = "training" }'))
    assert (found.code, found.requirement, found.also) == ("least_above_most", "it", ("second",))


def test_a_circle_of_two_is_told_once() -> None:
    (found,) = must(checked('met = "second"', 'at_least = 1\nof = { kind = "exam", since = "met it" }'))
    assert (found.code, found.values["keys"]) == ("circle", "it → second → it")


@pytest.mark.parametrize(
    "relative",
    [
        'at_most = "8 hours"\nof = { kind = "training" }',
        'unless = { kind = "finding" }',
        'at_least = 3\nmeasure = "mean"\nof = { kind = "rating" }',
        'at_least = 3\nmeasure = "latest"\nof = { kind = "rating" }',
        'at_least = 1\nof = { kind = "exam", once_per = "name", keep = "latest" }',
        'at_least = 1\nof = { kind = "check", last = "1 year" }',
        'at_least = 1\nof = { kind = "check", since = "1 year before today" }',
        'at_least = 1\nof = { kind = "credential", in_force = "today" }',
        'held_less_than = "2 years"\nof = { kind = "credential" }',
        'each = "week"\nhow = "each"\nsince = "entered"\nneed = { at_least = 1, of = { kind = "supervision" } }',
        'when = { at_least = 1, of = { kind = "check" } }\nthen = { at_least = 1, of = { kind = "exam" } }',
        'open_until = 2026-12-31\nneed = { at_least = 1, of = { kind = "exam" } }',
        'open_from = 2026-12-31\nneed = { at_least = 1, of = { kind = "exam" } }',
        'at_least = 9\nsum = [{ of = { kind = "exam", unit = "points" }, measure = "lowest" }]',
    ],
)
def test_what_can_stop_being_met_has_no_first_day(relative: str) -> None:
    found = checked('at_least = 1\nof = { kind = "exam", since = "met second" }', relative)
    assert ("mend", "met_of_relative", "it", "of.since") in codes(found)


def test_eleven_in_one_pot_are_too_many() -> None:
    of = "{ at_least = 1, of = { kind = 'training', pot = 'full' } }"
    found = checked(f"all_of = [{', '.join([of] * 11)}]")
    assert ("mend", "pot_too_full", "it", "all_of[1].of.pot") in codes(found)


def test_a_pot_divides_one_sort_of_thing() -> None:
    of = "of = { kind = 'training', pot = 'mixed' }"
    found = must(checked(f'at_least = "9 hours"\n{of}', f"at_least = 2\n{of}"))
    assert [(each.code, each.values["units"]) for each in found] == [("pot_mixed", "hours, things")]


def test_a_total_of_all_time_holds_what_is_recent_too() -> None:
    least = 'at_least = "50 hours"\nof = { kind = "training", where = { category = "ethics" }, until = "application" }'
    (found,) = must(checked(least, 'at_least = "40 hours"\nof = { kind = "training" }'))
    assert found.code == "minima_above_total"


def test_a_ratio_of_two_kinds_has_nothing_to_choose() -> None:
    share = 'share_at_least = "5 %"\nof = { kind = "supervision", unit = "hours" }\n'
    assert not must(checked(share + 'out_of = { kind = "practice", unit = "hours" }'))


def test_a_minimum_above_a_cap_of_its_total_is_worth_a_look() -> None:
    cap = 'caps = [{ where = { category = "ethics" }, at_most = "4 hours" }]'
    least = 'at_least = "6 hours"\nof = { kind = "training", where = { category = "ethics" } }'
    total = f'at_least = "40 hours"\nof = {{ kind = "training", {cap} }}'
    (found,) = checked(least, total)
    assert (found.code, found.requirement, found.place, found.also) == (
        "cap_below_minimum", "second", "of.caps[1].at_most", ("it",),
    )  # fmt: skip
    assert "at most 4 hours of the 6 hours" in found.in_english()


def test_names_whose_values_cannot_be_listed_are_told_once_for_the_whole_program() -> None:
    need = 'at_least = 8\ndistinct = "family"\nof = { kind = "practice", where = { years = { at_least = 2 } } }'
    (found,) = checked(need, need)
    assert (found.code, found.place, found.requirement) == ("unlisted_names", "names", "")
    assert found.values["found"] == "years, family"
    assert checked(need, names=NAMES + "family = []\nyears = []\n") == ()


def test_an_event_that_is_listed_is_known() -> None:
    need = 'at_least = 1\nof = { kind = "training", since = "placement_began" }'
    assert "unlisted_events" in {each.code for each in checked(need)}
    assert checked(need, names=NAMES + 'event = ["placement_began"]\n') == ()


def test_what_people_read_of_a_requirement_must_be_there() -> None:
    text = (
        HEAD + NAMES + STAGES + requirement('kinds = ["min_totl"]\nsources = [2]\nmet = "continuing"', stage="initail")
    )
    found = codes(of_text(text))
    assert ("mend", "unknown_kind", "it", "kinds[1]") in found
    assert ("mend", "unknown_source", "it", "sources[1]") in found
    assert ("mend", "unknown_stage", "it", "stage") in found


def test_a_key_that_is_there_twice_is_found() -> None:
    text = HEAD + NAMES + STAGES + requirement('met = "continuing"') * 2
    assert ("mend", "twice", "it", "key") in codes(of_text(text))


def test_stages_that_are_not_there_or_wait_for_each_other_are_found() -> None:
    rest = (
        '[[stages]]\nkey = "a"\ntitle = "A"\nafter = "b"\nextensions = 1\n'
        '[[stages]]\nkey = "b"\ntitle = "B"\nafter = "a"\n[[stages]]\nkey = "c"\ntitle = "C"\nafter = "d"\n'
    )
    found = codes(checked('met = "continuing"', rest=rest))
    assert ("mend", "circle", "", "stages[3].after") in found
    assert ("mend", "unknown_stage", "", "stages[5].after") in found
    assert ("look", "empty_stage", "", "stages[5]") in found
    assert ("mend", "no_extension", "", "stages[3].extensions") in found
    assert ("mend", "nothing_to_extend", "", "stages[3].extensions") in found


def test_nothing_at_all_is_fine_too() -> None:
    assert check(()) == ()
