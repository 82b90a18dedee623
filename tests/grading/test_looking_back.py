"""Looking back at a path, and at the competencies that were shown: what was known then, and what was seen."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.competency import Competency, Framework
from grading.coverage import coverage
from grading.evidence import Evidence, Item, Kind
from grading.over_time import on_days
from grading.periods import Period
from grading.profile import Latest, Profile, Seen, occasions, profile, settings_of
from grading.program import Program
from grading.requirements.needs import Held, Need
from grading.requirements.selection import Selection
from rubrics.rubric import Alignment, Principle
from tests.grading.made_up import absolute, days, evidence, program
from tests.grading.made_up_in_time import evidence_in_time, programs_in_time
from tests.rubrics.making import a_criterion

DAY = date(2026, 2, 1)
CRITERIA = (
    a_criterion("pauses", alignments=(Alignment("ours:A1"),)),
    a_criterion("listens", alignments=(Alignment("ours:A1"), Alignment("ours:A2"))),
)
OURS = Framework(
    identifier="f" * 8, key="ours", title="Ours", language="en",
    competencies=(
        Competency(identifier="a1", code="A1", statement="Offers a pause"),
        Competency(identifier="a2", code="A2", statement="Listens"),
        Competency(identifier="a3", code="A3", statement="Connects"),
        Competency(identifier="v1", code="V1", statement="Holds hope", observable=False),
    ),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(absolute(), evidence(6), days())
def test_ux_t7_a_day_of_the_past_shows_what_was_known_on_it(need: Need, there: Evidence, day: date) -> None:
    asked = program(need)
    (then,) = on_days(asked, there, [day])
    (as_known,) = on_days(asked, replace(there.known_on(day), pauses=there.pauses), [day])
    assert then == as_known
    assert 0 <= then.met <= then.asked


@settings(max_examples=40, deadline=None)
@given(absolute(), evidence(6), st.lists(days(), min_size=2, max_size=6, unique=True))
def test_each_of_several_days_is_as_if_it_were_looked_at_alone(
    need: Need, there: Evidence, several: list[date]
) -> None:
    asked, several = program(need), sorted(several)
    assert on_days(asked, there, several) == tuple(on_days(asked, there, [day])[0] for day in several)


@settings(max_examples=15, deadline=None)
@given(programs_in_time(), evidence_in_time(6), st.lists(days(), min_size=2, max_size=6, unique=True))
def test_and_so_it_is_where_windows_move_things_end_and_clocks_stand_still(
    asked: Program, there: Evidence, several: list[date]
) -> None:
    several = sorted(several)
    assert on_days(asked, there, several) == tuple(on_days(asked, there, [day])[0] for day in several)


def test_a_last_day_that_there_is_none_after_is_looked_back_at() -> None:
    held = Item("i", Kind.CREDENTIAL, DAY, until=date.max, stands_from=DAY)
    need = Held(Selection(frozenset({Kind.CREDENTIAL})), Period(days=10))
    asked, there = program(need), Evidence("p", (held,), entered_on=DAY)
    several = [DAY, date(2026, 2, 20), date(2026, 3, 1)]
    assert [each.met for each in on_days(asked, there, several)] == [0, 1, 1]


def profiled(*seen: Seen) -> Profile:
    return profile(coverage(CRITERIA, [OURS]).frameworks[0], seen)


def test_several_ratings_of_one_occasion_show_a_competency_once() -> None:
    found = profiled(Seen(0, "one", DAY, "crisis", 3), Seen(1, "one", DAY, "crisis", 2), Seen(1, "two", DAY, "", 4))
    assert [(each.competency.code, each.times, dict(each.by_setting)) for each in found.shown] == [
        ("A1", 2, {"crisis": 1, "": 1}),
        ("A2", 2, {"crisis": 1, "": 1}),
    ]
    assert settings_of([found]) == ("crisis", "")


def test_ux_f9_where_observers_differ_the_last_time_both_levels_are_there() -> None:
    later = date(2026, 2, 9)
    found = profiled(Seen(0, "one", DAY, "", 1), Seen(0, "two", later, "", 3), Seen(0, "two", later, "", 4))
    assert found.shown[0].latest == Latest(later, ((0, 3), (0, 4)))


def test_ux_f3_what_was_not_observed_is_not_shown_and_what_cannot_be_seen_stands_apart() -> None:
    found = profiled(Seen(0, "one", DAY, "", None))
    assert found.shown == ()
    assert [line.competency.code for line in found.not_yet] == ["A1", "A2", "A3"]
    assert [line.competency.code for line in found.apart] == ["V1"]


def test_cap_a1_two_criteria_of_one_principle_on_one_occasion_show_it_once() -> None:
    of = {Principle.TRUST: (0, 1), Principle.CHOICE: (1,), Principle.SAFETY: ()}
    both = (Seen(0, "one", DAY, "", 3), Seen(1, "one", DAY, "", 4))
    not_seen = Seen(1, "two", DAY, "", None)
    assert occasions(of, [*both, not_seen]) == {Principle.TRUST: 1, Principle.CHOICE: 1, Principle.SAFETY: 0}
    assert occasions(of, [not_seen, Seen(0, "two", DAY, "", 1)])[Principle.TRUST] == 1
