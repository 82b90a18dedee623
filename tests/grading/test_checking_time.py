"""What the checker finds in a lifecycle, and between the editions of a program."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from grading.checking.between import between
from grading.checking.check import check
from grading.checking.findings import Finding
from grading.evidence import Kind
from grading.lifecycle.rules import Ends, Lifecycle, Validity
from grading.periods import Calendar, Period
from grading.program import Move, Transition
from grading.requirements.needs import Amount, AtLeast, Each, Measure
from grading.requirements.selection import Anchor, Named, Selection, Window
from lti_tool.documents.program import read_program
from tests.grading.checked import HEAD, NAMES, STAGES, checked, codes, of_text, requirement
from tests.grading.made_up import program
from tests.words import found_in

IT = requirement('at_least = 1\nof = { kind = "exam", where = { name = "state_exam" } }')
LIFECYCLES = {
    "a fixed day may be near": ('ends = "fixed_day"\nfixed_day = "09-30"', "look", "may_be_short", "fixed_day"),
    "no fixed day": ('ends = "fixed_day"\nvalid_at_least = "6 months"', "mend", "no_fixed_day", "ends"),
    "a fixed day that says nothing": ('fixed_day = "09-30"', "mend", "says_nothing", "fixed_day"),
    "a least that says nothing": ('valid_at_least = "6 months"', "mend", "says_nothing", "valid_at_least"),
    "the end drifts": ('runs_from = "decision"', "look", "drifts", "runs_from"),
    "closes before it opens": (
        'renewal_opens = "30 days"\nrenewal_closes = "60 days"', "mend", "nothing_holds", "renewal_closes",
    ),
    "closes after the end": (
        'ends = "fixed_day"\nfixed_day = "06-30"\nrenewal_closes_on = "07-31"',
        "choose", "closes_after_end", "renewal_closes_on",
    ),
    "closes perhaps after the end": ('renewal_closes_on = "07-31"', "look", "closes_after_end", "renewal_closes_on"),
    "nothing follows": ('grace = "30 days"', "look", "no_lapse", "grace"),
    "nothing to be reinstated by": ('after_lapse = "reinstate"', "choose", "no_reinstatement", "after_lapse"),
    "reinstated within the grace": (
        'grace = "90 days"\nafter_lapse = "reinstate"\nreinstate_within = "30 days"',
        "mend", "nothing_holds", "reinstate_within",
    ),
    "a reminder before it begins": ('reminders = ["3 years"]', "mend", "nothing_holds", "reminders[1]"),
}  # fmt: skip
EDITION = '[[editions]]\nkey = "{key}"\n{rest}\n'


def editions(*rest: str) -> tuple[Finding, ...]:
    """What is found in a program with these editions, called 1, 2 ..."""
    listed = "".join(EDITION.format(key=number, rest=each) for number, each in enumerate(rest, 1))
    return of_text(HEAD + NAMES + listed + STAGES + IT)


@pytest.mark.parametrize(("said", "severity", "code", "place"), LIFECYCLES.values(), ids=LIFECYCLES)
def test_it_is_found_in_the_lifecycle(said: str, severity: str, code: str, place: str) -> None:
    found = checked(rest=f'[[lifecycle]]\nvalid_for = "24 months"\n{said}\n')
    assert (severity, code, "", f"lifecycle.{place}") in codes(found)
    assert not any(found_in(each.in_english()) for each in found)


def test_a_fixed_day_with_a_least_validity_is_quiet() -> None:
    rest = (
        '[[lifecycle]]\nvalid_for = "12 months"\nends = "fixed_day"\nfixed_day = "09-30"\nvalid_at_least = "3 months"\n'
    )
    assert checked('at_least = 1\nof = { kind = "exam" }', rest=rest) == ()


def test_the_shortest_first_validity_is_said_in_days() -> None:
    rest = '[[lifecycle]]\nvalid_for = "12 months"\nends = "fixed_day"\nfixed_day = "09-30"\n'
    (found,) = checked('at_least = 1\nof = { kind = "exam" }', rest=rest)
    assert found.values["shortest"] == "1 day"


def test_without_an_end_there_is_nothing_to_renew() -> None:
    found = checked(
        rest='[[lifecycle]]\nvalid_without_end = true\nrenewal_opens = "90 days"\nreminders = ["30 days"]\n'
    )
    assert ("look", "says_nothing", "", "lifecycle.renewal_opens") in codes(found)
    assert ("look", "says_nothing", "", "lifecycle.reminders") in codes(found)


def test_a_validity_that_no_renewal_follows_is_worth_a_look() -> None:
    stage = '[[stages]]\nkey = "initial"\ntitle = "Certification"\n'
    found = of_text(HEAD + NAMES + stage + IT + '[[lifecycle]]\nvalid_for = "24 months"\n')
    assert ("look", "no_renewal", "", "lifecycle.valid_for") in codes(found)


def test_editions_that_meet_are_quiet() -> None:
    assert editions("from = 2020-01-01\nuntil = 2025-12-31", "from = 2026-01-01") == ()
    assert editions("from = 2020-01-01", "from = 2026-01-01") == ()


def test_two_editions_that_take_people_in_at_once_are_worth_a_look_and_the_newer_is_read() -> None:
    (found,) = editions("from = 2020-01-01\nuntil = 2026-06-30", "from = 2026-01-01")
    assert (found.severity, found.code, found.editions) == ("look", "editions_overlap", ("1", "2"))
    assert "from 2026-01-01 to 2026-06-30" in found.in_english()
    assert "read as entering “2”" in found.in_english()


def test_days_without_an_edition_are_worth_a_look() -> None:
    (found,) = editions("from = 2020-01-01\nuntil = 2025-06-30", "from = 2026-01-01")
    assert (found.severity, found.code, found.place) == ("look", "editions_gap", "editions.1.until")
    assert "from 2025-07-01 to 2025-12-31" in found.in_english()


@pytest.mark.parametrize(
    ("rest", "severity", "code", "place"),
    [
        ("from = 2026-01-01\nuntil = 2025-01-01", "mend", "nothing_holds", "from"),
        ('from = 2026-01-01\nearlier = "move_by"', "choose", "no_day", "earlier_by"),
        ("from = 2026-01-01\nearlier_by = 2026-12-31", "mend", "says_nothing", "earlier_by"),
        ('from = 2026-01-01\nearlier = "move_by"\nearlier_by = 2025-06-30', "choose", "nothing_holds", "earlier_by"),
        ('from = 2026-01-01\nagain = ["itt"]', "mend", "unknown_requirement", "again[1]"),
    ],
)
def test_what_an_edition_says_of_itself_must_hold(rest: str, severity: str, code: str, place: str) -> None:
    found = editions("from = 2020-01-01", rest)
    assert (severity, code, "", f"editions.2.{place}") in codes(found)


def test_what_becomes_of_people_of_an_edition_that_is_not_there_is_to_be_mended() -> None:
    one, other = read_program(
        HEAD
        + NAMES
        + EDITION.format(key=1, rest="from = 2020-01-01\nuntil = 2025-12-31")
        + EDITION.format(key=2, rest="from = 2026-01-01")
        + STAGES
        + IT,
        source="ours.toml",
    )
    lost = replace(other, transitions=(Transition("2019", Move.STAY),))
    (found,) = between((one, lost))
    assert (found.code, found.place) == ("unknown_edition", "editions.2.earlier")


def test_editions_without_days_are_told_once() -> None:
    (found,) = editions("", "", "")
    assert (found.code, found.editions) == ("no_days", ("1", "2"))


def test_editions_in_several_files_are_looked_at_together() -> None:
    one, other = (
        read_program(HEAD + NAMES + EDITION.format(key=key, rest=rest) + STAGES + IT, source=f"{key}.toml")
        for key, rest in (("old", "from = 2020-01-01\nuntil = 2026-06-30"), ("new", "from = 2026-01-01"))
    )
    assert [each.code for each in check((*one, *other))] == ["editions_overlap"]
    assert [each.code for each in check((*one, *one))] == ["twice", "editions_overlap"]


def test_what_is_so_in_several_editions_is_told_once_and_names_them() -> None:
    text = (
        HEAD
        + NAMES
        + EDITION.format(key="1", rest="from = 2020-01-01")
        + EDITION.format(key="2", rest="from = 2026-01-01")
    )
    (found,) = of_text(text + STAGES + requirement('at_least = 4\ndistinct = "category"\nof = { kind = "training" }'))
    assert found.editions == ("1", "2")


def test_days_and_lengths_at_the_end_of_the_calendar_can_be_looked_at() -> None:
    long = Period(months=99999 * 12)
    first, last = (Anchor(Named.DAY, day=day) for day in (date.min, date.max))
    window = Window(replace(last, later=long), replace(first, earlier=long), long)
    seen = AtLeast(Amount(Selection(frozenset({Kind.EXAM}), windows=(window,)), Measure.COUNT), Decimal(1))
    ours = replace(
        program(Each(Calendar.WEEK, seen, first, last, but=1), seen),
        effective_from=date.min,
        effective_until=date.max,
        lifecycle=Lifecycle(validity=Validity(long, Ends.FIXED_DAY, (9, 30)), reminders=(long,)),
    )
    found = codes(check((ours, replace(ours, edition="2"))))
    assert ("mend", "nothing_holds", "r1", "of.since") in found
    assert ("look", "may_be_short", "", "lifecycle.fixed_day") in found


def test_a_route_that_closed_before_the_edition_began_is_worth_a_look() -> None:
    route = 'open_until = 2025-06-30\nneed = { at_least = 1, of = { kind = "exam" } }'
    text = HEAD + NAMES + EDITION.format(key="1", rest="from = 2026-01-01\nuntil = 2026-12-31") + STAGES
    found: Sequence[tuple[str, ...]] = codes(of_text(text + requirement(route)))
    assert ("look", "route_closed", "it", "open_until") in found
    late = route.replace("open_until = 2025-06-30", "open_from = 2027-06-30")
    assert ("look", "route_opens_late", "it", "open_from") in codes(of_text(text + requirement(late)))


def test_more_endorsements_than_there_are_cannot_be_asked() -> None:
    found = checked('at_least = 1\nof = { kind = "exam" }', head="endorsements_at_least = 1\n")
    assert codes(found) == [("mend", "more_than_list", "", "endorsements_at_least")]
