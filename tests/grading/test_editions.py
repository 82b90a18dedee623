"""On which edition somebody is: by the day of entering, until renewal, by a day, or by choice."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.editions import Chosen, edition_for, enrolled, move
from grading.evidence import Decision, Evidence, Item, Kind
from grading.lifecycle.rules import AfterLapse, Lapse, Lifecycle, Validity
from grading.periods import Period
from grading.program import Move, Program, Stage, StageKind, Transition
from grading.standing import standing
from rubrics.refusal import Refused
from tests.grading.decided import asks, day, decided, hours

STAGES = (Stage("initial", "C"), Stage("renewal", "R", StageKind.RENEWAL, after="initial"))
TRAINING = asks("training", "initial", 40, Kind.TRAINING)


def edition(key: str, since: str = "", until: str = "", *transitions: Transition, months: int = 24) -> Program:
    return Program(
        "p",
        "P",
        "B",
        key,
        "UTC",
        STAGES,
        (TRAINING,),
        effective_from=day(since) if since else None,
        effective_until=day(until) if until else None,
        lifecycle=Lifecycle(validity=Validity(Period(months=months))),
        transitions=transitions,
    )


OLD = edition("2020", "2020-01-01", "2025-12-31", months=12)
NEW = edition("2026", "2026-01-01", "", Transition("2020", Move.STAY_UNTIL_RENEWAL))
BOTH = (OLD, NEW)


def moving(how: Move, by: str = "", again: tuple[str, ...] = ()) -> tuple[Program, Program]:
    return OLD, replace(NEW, transitions=(Transition("2020", how, day(by) if by else None, again),))


def person(*there: Item | Decision, entered: str = "2024-05-01", named: str | None = None) -> Evidence:
    return Evidence(
        "somebody",
        tuple(each for each in there if isinstance(each, Item)),
        tuple(each for each in there if isinstance(each, Decision)),
        entered_on=day(entered) if entered else None,
        edition=named,
    )


def on(editions: tuple[Program, ...], today: str, *there: Item | Decision, entered: str = "2024-05-01") -> str:
    return enrolled(editions, person(*there, entered=entered), day(today)).program.edition


@pytest.mark.parametrize(
    ("entered", "key"),
    [("2020-01-01", "2020"), ("2025-12-31", "2020"), ("2026-01-01", "2026"), ("2040-01-01", "2026")],
)
def test_the_edition_is_the_one_in_force_on_the_day_of_entering(entered: str, key: str) -> None:
    assert edition_for(BOTH, day(entered)).edition == key


def test_a_name_goes_before_the_day() -> None:
    assert edition_for(BOTH, day("2026-05-01"), "2020") is OLD
    assert enrolled(BOTH, person(entered="2026-05-01", named="2020"), day("2026-06-01")).program is OLD


def test_without_a_day_it_is_the_newest() -> None:
    assert edition_for(BOTH, None) is NEW


@pytest.mark.parametrize(
    ("editions", "entered", "named", "code"),
    [
        (BOTH, "2019-12-31", None, "no_edition_on_day"),
        ((OLD, edition("2027", "2027-01-01")), "2026-05-01", None, "no_edition_on_day"),
        (BOTH, "2025-01-01", "2019", "unknown_edition"),
        ((), "2025-01-01", None, "no_editions"),
    ],
)
def test_where_there_is_none_it_is_said_with_what_can_be_done(
    editions: tuple[Program, ...], entered: str, named: str | None, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        edition_for(editions, day(entered), named)
    assert refused.value.code == code
    if editions:
        assert "2020" in str(refused.value)


def test_of_several_in_force_it_is_the_one_that_began_last_in_whatever_order() -> None:
    open_ended = replace(OLD, effective_until=None)
    unknown = edition("0")
    for each in permutations((open_ended, NEW, unknown)):
        assert edition_for(each, day("2026-05-01")).edition == "2026"
        assert edition_for(each, day("2025-05-01")).edition == "2020"
        assert edition_for(each, day("2019-05-01")).edition == "0"


CERTIFIED = decided("certified", "2025-03-01", "initial")


def test_people_stay_on_their_edition_until_they_are_renewed() -> None:
    renewed = decided("renewed", "2026-02-15", "renewal")
    assert on(BOTH, "2026-02-14", CERTIFIED, renewed) == "2020"
    assert on(BOTH, "2026-02-15", CERTIFIED, renewed) == "2026"
    assert on(BOTH, "2030-01-01", CERTIFIED) == "2020"


def test_a_renewal_before_the_new_edition_begins_moves_nobody() -> None:
    assert on(BOTH, "2026-02-01", CERTIFIED, decided("renewed", "2025-12-31", "renewal")) == "2020"


def test_a_certificate_keeps_the_last_day_that_its_edition_gave_it() -> None:
    """Twelve months by the old edition, to 1 March 2026, and 24 from there by the new one."""
    here = enrolled(BOTH, person(CERTIFIED, decided("renewed", "2026-02-15", "renewal")), day("2026-06-01"))
    found = standing(here.program, here.evidence, day("2026-06-01"))
    assert [each.on for each in found.dates] == [day("2028-03-01")]
    assert here.since == day("2026-02-15")
    assert here.came_by is not None


def test_where_people_stay_for_good_a_renewal_moves_nobody() -> None:
    there = CERTIFIED, decided("renewed", "2026-02-15", "renewal")
    assert on(moving(Move.STAY), "2026-06-01", *there) == "2020"


def test_who_must_finish_by_a_day_is_told_it_and_moves_on_the_day_after() -> None:
    editions = moving(Move.MOVE_BY, "2026-06-30")
    assert enrolled(editions, person(), day("2026-02-01")).must_move_on == day("2026-07-01")
    assert on(editions, "2026-06-30") == "2020"
    moved = enrolled(editions, person(), day("2026-07-01"))
    assert (moved.program.edition, moved.since, moved.must_move_on) == ("2026", day("2026-07-01"), None)


def test_who_was_certified_by_that_day_moves_with_the_renewal() -> None:
    editions = moving(Move.MOVE_BY, "2026-06-30")
    last = decided("certified", "2026-06-30", "initial")
    assert on(editions, "2026-12-01", last) == "2020"
    assert enrolled(editions, person(last), day("2026-12-01")).must_move_on is None
    assert on(editions, "2027-06-01", last, decided("renewed", "2027-06-01", "renewal")) == "2026"
    assert on(editions, "2026-12-01", decided("certified", "2026-07-01", "initial")) == "2026"


def test_who_entered_the_new_edition_goes_no_further() -> None:
    assert on(moving(Move.MOVE_BY, "2026-06-30"), "2027-01-01", entered="2026-03-01") == "2026"


def test_each_renewal_leads_one_edition_further() -> None:
    newest = edition("2028", "2028-01-01", "", Transition("2026", Move.STAY_UNTIL_RENEWAL))
    three = (OLD, replace(NEW, effective_until=day("2027-12-31")), newest)
    there = CERTIFIED, decided("renewed", "2026-02-15", "renewal"), decided("renewed", "2028-02-15", "renewal")
    assert [on(three, today, *there) for today in ("2025-06-01", "2027-06-01", "2028-06-01")] == [
        "2020",
        "2026",
        "2028",
    ]


def test_what_has_to_be_done_again_must_be_of_the_new_edition() -> None:
    editions = moving(Move.MOVE_BY, "2026-06-30", ("training",))
    old, new = hours("old", "2025-02-01", 40, Kind.TRAINING), hours("new", "2026-08-01", 30, Kind.TRAINING)
    said = [replace(old, has={"edition": frozenset({"2020"})}), replace(new, has={"edition": frozenset({"2026"})})]
    before = enrolled(editions, person(*said), day("2026-06-30"))
    assert standing(before.program, before.evidence, day("2026-06-30")).of("training").answer == "met"
    after = enrolled(editions, person(*said), day("2026-09-01"))
    proof = standing(after.program, after.evidence, day("2026-09-01")).of("training")
    assert proof.answer == "not_yet"
    assert proof.changes[0].amount == Decimal(10)


def test_evidence_that_does_not_say_its_edition_cannot_be_known() -> None:
    editions = moving(Move.MOVE_BY, "2026-06-30", ("training",))
    after = enrolled(editions, person(hours("h", "2026-08-01", 40, Kind.TRAINING)), day("2026-09-01"))
    proof = standing(after.program, after.evidence, day("2026-09-01")).of("training")
    assert (proof.answer, proof.changes[0].name) == ("unknown", "edition")


def test_who_entered_the_new_edition_does_nothing_again() -> None:
    editions = moving(Move.MOVE_BY, "2026-06-30", ("training",))
    here = enrolled(editions, person(entered="2026-02-01"), day("2026-09-01"))
    assert here.program is editions[1]


def test_one_can_choose_to_move_and_see_before_what_it_asks() -> None:
    editions = moving(Move.STAY, again=("training",))
    chosen = move(editions, person(hours("h", "2025-02-01", 40, Kind.TRAINING)), "2026", day("2026-03-01"))
    assert (chosen.program.edition, chosen.since) == ("2026", day("2026-03-01"))
    assert standing(chosen.program, chosen.evidence, day("2026-03-01")).of("training").answer == "unknown"
    with pytest.raises(Refused, match="no edition"):
        move(editions, person(), "2031", day("2026-03-01"))


def test_a_renewal_that_came_too_late_moves_nobody() -> None:
    strict = replace(OLD, lifecycle=replace(OLD.lifecycle, lapse=Lapse(AfterLapse.AS_NEW)))
    there = CERTIFIED, decided("renewed", "2026-05-01", "renewal")
    assert on((strict, NEW), "2026-06-01", *there) == "2020"


DAYS = st.dates(day("2024-06-01"), day("2029-01-01"))
NEWEST = edition("2028", "2028-01-01", "", Transition("2026", Move.STAY_UNTIL_RENEWAL))
DECISIONS = st.lists(
    st.builds(decided, st.sampled_from(["certified", "renewed"]), DAYS.map(str), st.just("initial")), max_size=3
)


@given(
    DECISIONS,
    DAYS,
    st.sampled_from(list(Move)),
    st.sampled_from(["2020", "2026", "2028"]),
    st.integers(0, 900),
)
def test_ux_t6_what_was_shown_before_a_choice_is_what_comes_of_it(
    there: list[Decision], on_day: date, how: Move, to: str, later: int
) -> None:
    editions = (*moving(how, "2027-03-01", ("training",)), NEWEST)
    evidence = person(hours("h", "2025-02-01", 40, Kind.TRAINING), *there)
    shown = move(editions, evidence, to, on_day)
    kept = enrolled(editions, evidence, on_day, (Chosen(to, on_day),))
    assert kept.program.edition == shown.program.edition or kept.since == on_day
    if enrolled(editions, evidence, on_day).program.edition != to and kept.program.edition == to:
        assert (kept.program, kept.evidence, kept.since) == (shown.program, shown.evidence, shown.since)
    afterwards = enrolled(editions, evidence, on_day + timedelta(days=later), (Chosen(to, on_day),))
    assert afterwards.evidence.entered_on == evidence.entered_on


def test_whoever_chose_an_edition_is_on_it_from_that_day_on_and_renews_from_there() -> None:
    three = (OLD, replace(NEW, effective_until=day("2027-12-31")), NEWEST)
    chosen = (Chosen("2026", day("2026-05-01")),)
    there = person(decided("certified", "2024-06-01"), decided("renewed", "2028-05-01", "renewal"))
    days = ("2026-04-30", "2026-05-01", "2028-04-30", "2028-05-01")
    found = [enrolled(three, there, day(each), chosen).program.edition for each in days]
    assert found == ["2020", "2026", "2026", "2028"]
    assert enrolled(three, there, day("2026-05-01"), chosen).evidence.entered_on == there.entered_on
