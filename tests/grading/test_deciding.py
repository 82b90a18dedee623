"""Who may decide, and when the person reads what was decided."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.deciding import (
    MORNING,
    Choice,
    Days,
    Hears,
    Parts,
    Words,
    check,
    choices,
    may_decide,
    readable_from,
    who_may,
)
from grading.evidence import Kind, Outcome
from rubrics.recusal import pair
from rubrics.refusal import Refused
from tests.grading.decided import decided, hours, program, stands, step_program

PEOPLE = st.sampled_from("abcdef")
MANY = st.frozensets(PEOPLE)
PAIRS = st.frozensets(st.tuples(PEOPLE, PEOPLE).map(lambda two: pair(*two)))
ZONES = st.sampled_from([ZoneInfo("America/Chicago"), ZoneInfo("Pacific/Auckland"), ZoneInfo("UTC")])
MOMENTS = st.timedeltas(timedelta(), timedelta(days=1100)).map(lambda since: datetime(2025, 1, 1, tzinfo=UTC) + since)
DAY = date(2026, 3, 2)


@given(MANY, PEOPLE, MANY, MANY, PAIRS)
def test_ux_d1_nobody_decides_who_observed_signed_has_a_conflict_or_is_the_person(
    deciders: frozenset[str],
    person: str,
    observed: frozenset[str],
    signed: frozenset[str],
    conflicts: frozenset[frozenset[str]],
) -> None:
    able = who_may(deciders, person, Parts(observed, signed, conflicts))
    assert able <= deciders - {person} - observed - signed
    assert all(pair(each, person) not in conflicts for each in able)
    kept_out = {each for each in deciders if each in observed | signed | {person} or pair(each, person) in conflicts}
    assert able == deciders - kept_out


@given(PEOPLE, PEOPLE, MANY, MANY, PAIRS)
def test_more_parts_never_let_anybody_in(
    decider: str, person: str, observed: frozenset[str], more: frozenset[str], conflicts: frozenset[frozenset[str]]
) -> None:
    narrow = who_may({decider}, person, Parts(observed | more, more, conflicts))
    assert narrow <= who_may({decider}, person, Parts(observed, frozenset(), frozenset()))


def test_a_conflict_is_told_in_the_same_words_to_both_sides() -> None:
    with pytest.raises(Refused) as refused:
        may_decide("a", "b", Parts(conflicts=frozenset({pair("b", "a")})))
    assert refused.value.code == "conflict"


@given(MOMENTS, ZONES, st.sampled_from([Hears.NEXT_MORNING, Hears.EARLY_IN_THE_WEEK]))
def test_ux_p6_nobody_reads_a_decision_late_on_a_friday_on_a_weekend_or_at_night(
    moment: datetime, zone: ZoneInfo, hears: Hears
) -> None:
    found = readable_from(Outcome.NOT_YET, hears, moment, zone)
    here = found.astimezone(zone)
    assert here.weekday() <= (3 if hears is Hears.EARLY_IN_THE_WEEK else 4)
    assert here.time() == time(MORNING)
    assert moment <= found <= moment + timedelta(days=5)


@given(MOMENTS, ZONES, st.sampled_from(Hears))
def test_ux_d6_a_suspension_is_read_at_once(moment: datetime, zone: ZoneInfo, hears: Hears) -> None:
    assert readable_from(Outcome.SUSPENDED, hears, moment, zone) == moment
    assert readable_from(Outcome.NOT_YET, Hears.AT_ONCE, moment, zone) == moment


def test_a_friday_afternoon_waits_for_monday() -> None:
    friday = datetime(2026, 3, 6, 15, tzinfo=UTC)
    found = readable_from(Outcome.CERTIFIED, Hears.NEXT_MORNING, friday, ZoneInfo("UTC"))
    assert found == datetime(2026, 3, 9, 9, tzinfo=UTC)


def words(**changes: object) -> Words:
    usual: dict[str, object] = {"reasons": "Because.", "what_next": "This.", "on": DAY}
    return Words(**(usual | changes))  # type: ignore[arg-type]  # a test's own words


@pytest.mark.parametrize(
    ("choice", "said", "field"),
    [
        (Choice(Outcome.NOT_YET, "initial"), words(reasons=" "), "reasons"),
        (Choice(Outcome.NOT_YET, "initial"), words(what_next=""), "what_next"),
        (Choice(Outcome.NOT_YET, "initial"), words(reasons="x" * 8_001), "reasons"),
        (Choice(Outcome.CERTIFIED, "initial", ("practice",)), words(), "named"),
        (Choice(Outcome.CERTIFIED, "initial", ("practice",)), words(named=frozenset({"practice"})), "all_the_same"),
        (Choice(Outcome.SUSPENDED), words(), "review_on"),
        (Choice(Outcome.SUSPENDED), words(on=DAY - timedelta(days=1), review_on=DAY), "on"),
        (Choice(Outcome.SUSPENDED), words(review_on=DAY - timedelta(days=1)), "review_on"),
        (Choice(Outcome.REVOKED), words(), "on"),
        (Choice(Outcome.CERTIFIED, "initial"), words(until=DAY - timedelta(days=1)), "until"),
        (Choice(Outcome.CERTIFIED, "initial"), words(on=DAY + timedelta(days=400)), "on"),
        (Choice(Outcome.CERTIFIED, "initial"), words(on=DAY - timedelta(days=40)), "on"),
    ],
)
def test_what_a_decision_needs_is_asked_for_at_its_field(choice: Choice, said: Words, field: str) -> None:
    days = Days(today=DAY, earliest=DAY - timedelta(days=30), released=DAY + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        check(choice, said, days)
    assert refused.value.code == field


def test_what_says_all_is_decided() -> None:
    days = Days(today=DAY, earliest=DAY - timedelta(days=30), released=DAY + timedelta(days=1))
    check(Choice(Outcome.NOT_YET, "initial", ("practice",)), words(), days)
    check(Choice(Outcome.SUSPENDED), words(review_on=DAY), days)
    check(Choice(Outcome.REVOKED), words(on=DAY + timedelta(days=1)), days)


def test_more_time_is_a_choice_where_the_program_offers_it() -> None:
    there = decided("certified", "2026-01-15", "provisional"), hours("p", "2026-05-01", 180, Kind.PRACTICE)
    found = choices(step_program(), stands(step_program(), "2026-06-10", *there))
    assert Choice(Outcome.EXTENDED, "provisional") in found
    after = stands(step_program(), "2026-06-20", *there, decided("extended", "2026-06-15", "provisional"))
    assert Outcome.EXTENDED not in {each.outcome for each in choices(step_program(), after)}


def test_after_a_revocation_a_person_may_reinstate_unless_a_stage_of_its_own_leads_back() -> None:
    revoked = decided("certified", "2025-01-10", "initial"), decided("revoked", "2025-06-10")
    asked = program()
    found = stands(asked, "2025-07-01", *revoked)
    assert Outcome.REINSTATED in {each.outcome for each in choices(asked, found)}
    back = replace(found, facts=replace(found.facts, open=frozenset({"back"})))
    assert [each.outcome for each in choices(asked, back)].count(Outcome.REINSTATED) == 1
    assert {each.stage for each in choices(asked, back) if each.outcome is Outcome.REINSTATED} == {"back"}
