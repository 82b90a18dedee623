"""What windows and routes express of rules that speak of time: long cycles, once for good, an easier way for a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from grading.evidence import Decision, Item, Kind
from grading.lifecycle.rules import AfterLapse, Lapse, Lifecycle
from grading.periods import Period
from grading.program import Program, Requirement, Stage, StageKind
from grading.requirements.needs import Amount, AtLeast, Measure, Need, Open
from grading.requirements.selection import Anchor, Named, Selection, Where, Window
from grading.standing import standing
from lti_tool.documents.evidence import read_evidence
from tests.grading.decided import STEPS, TWO_YEARS, day, decided, event, evidence, hours, program, stands

STAGES = (Stage("initial", "C"), Stage("renewal", "R", StageKind.RENEWAL, after="initial"))
EDUCATION = frozenset({Kind.EDUCATION})


def asking(need: Need, lifecycle: Lifecycle = TWO_YEARS, stage: str = "renewal") -> Program:
    return Program("p", "P", "B", "1", "UTC", STAGES, (Requirement("r", stage, "R", need),), lifecycle=lifecycle)


def six_hours(*windows: Window) -> AtLeast:
    return AtLeast(Amount(Selection(EDUCATION, windows=windows, unit="hours")), Decimal(6))


def answer(asked: Program, on: str, *there: Item | Decision) -> str:
    return standing(asked, evidence(*there), day(on)).of("r").answer


CERTIFIED = decided("certified", "2020-06-30", "initial")
RENEWED = decided("renewed", "2022-06-30", "renewal")


@pytest.mark.parametrize(("on", "met"), [("2026-02-10", "met"), ("2026-02-11", "not_yet")])
def test_a_longer_clock_than_the_renewal_looks_back_so_long(on: str, met: str) -> None:
    """A course every six years, whatever was renewed meanwhile."""
    every_six = AtLeast(
        Amount(Selection(EDUCATION, windows=(Window(last=Period(months=72)),), unit="hours")), Decimal(6)
    )
    assert answer(asking(every_six), on, CERTIFIED, RENEWED, hours("course", "2020-02-10", 6)) == met


def test_a_longer_clock_can_be_asked_by_the_day_of_the_renewal() -> None:
    """Only who has not done it for four years is asked for it: every second renewal."""
    asked = asking(six_hours(Window(last=Period(months=48), until=Anchor(Named.EXPIRY))))
    there = CERTIFIED, RENEWED, hours("course", "2020-06-30", 6)
    assert answer(asked, "2024-06-01", *there) == "met"
    assert answer(asked, "2026-06-01", *there, decided("renewed", "2024-06-30", "renewal")) == "not_yet"


def test_once_is_once_for_good() -> None:
    assert answer(asking(six_hours()), "2050-01-01", CERTIFIED, RENEWED, hours("course", "2019-01-01", 6)) == "met"


def test_what_renewal_asks_counts_from_the_last_one() -> None:
    since = AtLeast(
        Amount(Selection(EDUCATION, windows=(Window(since=Anchor(Named.CERTIFIED)),), unit="hours")), Decimal(6)
    )
    there = CERTIFIED, hours("course", "2021-01-01", 6)
    assert answer(asking(since), "2022-06-01", *there) == "met"
    assert answer(asking(since), "2022-07-01", *there, RENEWED) == "not_yet"
    assert answer(asking(since), "2022-06-01", hours("course", "2021-01-01", 6)) == "not_yet"


def test_an_easier_way_is_open_for_a_time_by_the_day_of_the_application() -> None:
    worked = AtLeast(Amount(Selection(frozenset({Kind.PRACTICE}), unit="hours")), Decimal(500))
    applied = Anchor(Named.EVENT, "application")
    asked = asking(Open(worked, date(2018, 1, 15), date(2018, 12, 31), applied), stage="initial")
    there = hours("work", "2017-01-01", 500, Kind.PRACTICE)
    assert answer(asked, "2019-06-01", there, event("application", "2018-12-31")) == "met"
    assert answer(asked, "2019-06-01", there, event("application", "2018-01-15")) == "met"
    assert answer(asked, "2019-06-01", there, event("application", "2019-01-01")) != "met"
    assert answer(asked, "2019-06-01", there, event("application", "2018-01-14")) != "met"


def test_case_24_that_the_provisional_status_had_not_ended_can_be_a_requirement_too() -> None:
    """Applied while it was in force; who never had one is not asked."""
    provisional = Anchor(Named.CERTIFIED, "provisional")
    held = AtLeast(
        Amount(
            Selection(
                frozenset({Kind.EVENT}),
                (Where("name", frozenset({"application"})),),
                windows=(Window(since=provisional, until=Anchor(Named.EXPIRY)),),
            ),
            Measure.COUNT,
        ),
        Decimal(1),
    )
    asked = Program("s", "S", "B", "1", "UTC", STEPS, (Requirement("r", "full", "R", held),), lifecycle=TWO_YEARS)
    there = decided("certified", "2026-01-15", "provisional")
    assert answer(asked, "2026-09-01", there, event("application", "2026-07-15")) == "met"
    assert answer(asked, "2026-09-01", there, event("application", "2026-07-16")) == "not_yet"
    full = decided("certified", "2026-08-01", "full")
    assert answer(asked, "2026-09-01", there, event("application", "2026-07-15"), full) == "met"


def test_evidence_after_the_end_counts_from_the_day_after_it_where_the_rule_says_so() -> None:
    rules = replace(TWO_YEARS, lapse=Lapse(AfterLapse.REINSTATE))
    there = decided("certified", "2024-06-30"), hours("a", "2026-06-30", 20)
    assert stands(program(rules), "2026-09-01", *there).of("dated-after").answer == "not_yet"
    after = stands(program(rules), "2026-09-01", *there, hours("b", "2026-07-01", 20))
    assert [item.id for item, _ in after.of("dated-after").counted] == ["b"]


ZONED = """
person = "somebody"
as_of = {as_of}

[[decisions]]
outcome = "certified"
on = {on}
stage = "initial"
"""


@pytest.mark.parametrize(
    ("zone", "local"), [("America/Chicago", "2024-06-30"), ("UTC", "2024-07-01"), ("Pacific/Auckland", "2024-07-01")]
)
def test_a_moment_late_in_the_evening_is_that_local_day(zone: str, local: str) -> None:
    """Five in the morning UTC is midnight in Chicago; five minutes before, it is still the evening of 30 June there."""
    text = ZONED.format(as_of="2024-08-01", on="2024-07-01T04:55:00Z")
    found, _ = read_evidence(text, zone=ZoneInfo(zone), source="e")
    (end,) = standing(program(TWO_YEARS), found, day("2024-08-01")).dates
    assert end.on == Period(months=24).after(day(local))


def test_the_last_day_is_whole_in_the_zone_of_the_program() -> None:
    """A renewal at a quarter to midnight of the last day is in time; ten minutes into the next day it is not."""
    rules = replace(TWO_YEARS, lapse=Lapse(AfterLapse.AS_NEW))
    for moment, status in (("2026-06-30T23:45:00-05:00", "certified"), ("2026-07-01T00:10:00-05:00", "lapsed")):
        text = ZONED.format(as_of="2026-07-02", on="2024-06-30") + (
            f'[[decisions]]\noutcome = "renewed"\non = {moment}\nstage = "renewal"\n'
        )
        found, _ = read_evidence(text, zone=ZoneInfo("America/Chicago"), source="e")
        assert standing(program(rules), found, day("2026-07-02")).status == status
