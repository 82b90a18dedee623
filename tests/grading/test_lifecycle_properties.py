"""What holds of status and dates whatever was decided: any order, what was known, the calendar."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.evidence import Decision, Evidence, Item, Kind, Outcome
from grading.lifecycle.dates import Name
from grading.lifecycle.rules import AfterLapse, DueProcess, Ends, Grace, Lapse, Lifecycle, RenewalWindow, Validity
from grading.periods import Pause, Period
from grading.program import Program, Stage, StageKind
from grading.standing import Standing, standing
from tests.grading.decided import ASKED, STAGES, event

FEW = settings(max_examples=50, deadline=None)
FIRST, LAST = date(2023, 12, 1), date(2027, 6, 30)
DAYS = st.dates(FIRST, LAST)
SHORT = st.sampled_from([Period(days=30), Period(months=3), Period(months=6)])
PROVISIONAL = Stage(
    "provisional", "Provisional", lasts=Period(months=6), extensions=2, extension=Period(months=3)
)  # fmt: skip
MANY = (
    PROVISIONAL,
    replace(STAGES[0], after="provisional"),
    *STAGES[1:],
    Stage("families", "Families", StageKind.ENDORSEMENT, after="initial"),
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Programs of all sorts of rules of time."""
    lifecycle = Lifecycle(
        validity=draw(
            st.none()
            | st.builds(
                Validity,
                st.sampled_from([Period(months=6), Period(months=12), Period(months=24)]),
                st.sampled_from(Ends),
                st.just((2, 29)),
                at_least=st.none() | st.just(Period(months=3)),
            )
        ),
        renewal=draw(st.none() | st.builds(RenewalWindow, st.none() | SHORT, st.none() | st.just(Period(days=20)))),
        grace=draw(st.none() | st.builds(Grace, SHORT)),
        lapse=draw(st.none() | st.builds(Lapse, st.sampled_from(AfterLapse), st.none() | SHORT)),
        application_usable=draw(st.none() | SHORT),
        reminders=(Period(days=60),),
        keep_proof_for=draw(st.none() | SHORT),
        due_process=DueProcess(Period(days=60), appeal_within=Period(days=30)),
    )
    pausable = draw(st.frozensets(st.sampled_from(["stage", "validity", "windows"])))
    stages = draw(st.sampled_from([STAGES, MANY]))
    return Program("p", "P", "B", "1", "UTC", stages, ASKED, lifecycle=lifecycle, pausable=pausable)


@st.composite
def people(draw: st.DrawFn) -> Evidence:
    """Decisions of every sort, some recorded later, with pauses and applications."""
    stages = st.sampled_from(["", "provisional", "initial", "renewal", "back", "families"])
    made = draw(st.lists(st.tuples(st.sampled_from(Outcome), DAYS, stages, st.integers(0, 40)), max_size=6))
    decisions = tuple(
        Decision(f"d{place}", outcome, on, stage, on + timedelta(days=late) if late > 20 else None)
        for place, (outcome, on, stage, late) in enumerate(made)
    )
    pauses = draw(st.lists(st.tuples(DAYS, st.none() | st.integers(0, 120)), max_size=2))
    names = st.sampled_from(["application", "appeal", "birthday"])
    events = draw(st.lists(st.tuples(names, DAYS), max_size=3, unique=True))
    return Evidence(
        "somebody",
        (*(event(name, on.isoformat()) for name, on in events), *draw(st.lists(worked(), max_size=3))),
        decisions,
        tuple(Pause(on, None if length is None else on + timedelta(days=length)) for on, length in pauses),
        date(2023, 12, 1),
    )


def worked() -> st.SearchStrategy[Item]:
    """Hours that are signed."""
    return st.builds(
        lambda place, on, kind: Item(f"h{place} {on}", kind, on, Decimal(40), "hours", stands_from=on),
        st.integers(0, 99),
        DAYS,
        st.sampled_from([Kind.TRAINING, Kind.EDUCATION]),
    )


def course(found: Standing) -> object:
    return found.status, found.facts, found.dates


@FEW
@given(programs(), people(), DAYS, st.randoms())
def test_the_order_in_which_things_are_given_means_nothing(
    asked: Program, there: Evidence, today: date, chance: object
) -> None:
    decisions, pauses, items = list(there.decisions), list(there.pauses), list(there.items)
    for each in (decisions, pauses, items):
        chance.shuffle(each)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    mixed = replace(there, decisions=tuple(decisions), pauses=tuple(pauses), items=tuple(items))
    assert standing(asked, there, today) == standing(asked, mixed, today)


@FEW
@given(programs(), people(), DAYS)
def test_status_and_dates_of_a_day_are_those_of_what_was_known_on_it(
    asked: Program, there: Evidence, today: date
) -> None:
    assert course(standing(asked, there, today)) == course(standing(asked, there.known_on(today), today))


@FEW
@given(programs(), people(), DAYS)
def test_dates_are_in_order_and_the_next_one_is_not_over(asked: Program, there: Evidence, today: date) -> None:
    found = standing(asked, there, today)
    days = [each.on for each in found.dates]
    assert days == sorted(days)
    assert all(each.moved >= 0 for each in found.dates)
    assert found.next_date == next((each for each in found.dates if each.on >= today), None)


@FEW
@given(programs(), people(), DAYS, st.integers(1, 120))
def test_without_a_pause_what_is_held_changes_only_with_a_date(
    asked: Program, there: Evidence, today: date, later: int
) -> None:
    """Of what was known today and of which nothing happens later."""
    known = replace(there, pauses=()).known_on(today)
    now = standing(asked, known, today)
    day = today + timedelta(days=later)
    if any(today <= each.on <= day for each in now.dates):
        return
    then = standing(asked, known, day)
    assert (then.facts.holds, then.facts.open, then.dates) == (now.facts.holds, now.facts.open, now.dates)


@FEW
@given(programs(), people(), DAYS)
def test_a_certificate_is_valid_on_its_last_day_and_not_on_the_next(
    asked: Program, there: Evidence, today: date
) -> None:
    known = replace(there, pauses=()).known_on(today)
    ends = [
        each.on
        for each in standing(asked, known, today).dates
        if each.name in (Name.VALID_UNTIL, Name.STAGE_ENDS) and each.on >= today
    ]
    for end in ends:
        assert standing(asked, known, end).facts.holds in ("certified", "renewal_open", "suspended")
        after = standing(asked, known, end + timedelta(days=1)).facts.holds
        assert after in ("in_grace", "lapsed", "suspended")


@FEW
@given(programs(), people(), DAYS)
def test_who_is_lapsed_or_was_revoked_comes_back_by_a_decision_alone(
    asked: Program, there: Evidence, today: date
) -> None:
    known = there.known_on(today)
    if standing(asked, known, today).facts.holds not in ("lapsed", "revoked", "surrendered"):
        return
    more = known.with_items(
        Item(f"more {kind}", kind, LAST, Decimal(1000), "hours", stands_from=LAST)
        for kind in (Kind.TRAINING, Kind.EDUCATION)
    )
    found = standing(asked, more, LAST + timedelta(days=30))
    assert found.facts.holds in ("lapsed", "revoked", "surrendered")
