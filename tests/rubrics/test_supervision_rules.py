"""Supervision in the core: what an agreement says, what a session counts for, when people are told, who answers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.supervision import (
    LONGEST,
    MOST_DAYS,
    PART_OF,
    USUAL,
    Assigned,
    Meeting,
    Part,
    SessionKind,
    answers,
    check_meeting,
    check_terms,
    due_on,
    lanes_of,
    to_tell,
    who_answers,
)

TODAY = date(2026, 3, 2)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
PARTS = st.lists(st.sampled_from(Part), max_size=6)
PEOPLE = st.frozensets(st.sampled_from("abcdef"), max_size=4)
ASSIGNED = st.lists(
    st.builds(Assigned, st.sampled_from("ghijk"), st.sampled_from(Lane), st.booleans(), st.booleans()), max_size=5
)


def held(*parts: Part, kind: SessionKind = SessionKind.INDIVIDUAL, on: date = TODAY, minutes: int = 50) -> Meeting:
    return Meeting(kind, on, minutes, tuple((str(number), part) for number, part in enumerate(parts)))


def refused(meeting: Meeting) -> str | None:
    try:
        check_meeting(meeting, TODAY)
    except Refused as problem:
        return problem.code
    return None


@given(PARTS)
def test_cap_c5_a_session_counts_in_the_lanes_of_those_who_supervised(parts: list[Part]) -> None:
    assert lanes_of(parts) == {lane for lane, part in PART_OF.items() if part in parts}


@given(PARTS, st.sampled_from(SessionKind))
def test_cap_c6_a_joint_session_that_is_taken_counts_in_both_lanes(parts: list[Part], kind: SessionKind) -> None:
    if refused(held(*parts, kind=kind)) is None:
        assert lanes_of(parts)
        if kind is SessionKind.JOINT:
            assert lanes_of(parts) == set(Lane)


def test_cap_c6_a_joint_session_with_one_role_is_refused_with_what_to_do() -> None:
    for one in (Part.PEER, Part.CLINICAL):
        assert refused(held(Part.TRAINEE, one, one, kind=SessionKind.JOINT)) == "both_lanes"
    assert refused(held(Part.TRAINEE, Part.PEER, Part.CLINICAL, kind=SessionKind.JOINT)) is None


@pytest.mark.parametrize(
    ("meeting", "code"),
    [
        (held(Part.TRAINEE, Part.PEER, on=TODAY + timedelta(days=1)), "not_yet_held"),
        (held(Part.TRAINEE, Part.PEER, minutes=0), "minutes"),
        (held(Part.TRAINEE, Part.PEER, minutes=1441), "minutes"),
        (held(Part.PEER), "no_trainee"),
        (held(Part.TRAINEE), "no_supervisor"),
        (held(Part.TRAINEE, Part.TRAINEE, Part.PEER), "one_trainee"),
        (held(Part.TRAINEE, Part.TRAINEE, Part.PEER, kind=SessionKind.GROUP), None),
        (held(Part.TRAINEE, Part.PEER, kind=SessionKind.DEBRIEF), None),
        (Meeting(SessionKind.JOINT, TODAY, 50, (("s", Part.TRAINEE), ("a", Part.PEER), ("a", Part.CLINICAL))),
         "one_part"),
    ],
)  # fmt: skip
def test_cap_c5_what_was_not_so_is_not_recorded(meeting: Meeting, code: str | None) -> None:
    assert refused(meeting) == code


def test_cap_c4_what_is_agreed_is_said_in_every_place_before_anyone_signs() -> None:
    check_terms(USUAL)
    for name in ("expectations", "channels", "confidentiality"):
        for text in (" \n", "x" * (LONGEST + 1)):
            with pytest.raises(Refused) as problem:
                check_terms(replace(USUAL, **{name: text}))  # type: ignore[arg-type]  # each of them is a text
            assert problem.value.code == name
    for days in (0, MOST_DAYS + 1):
        with pytest.raises(Refused):
            check_terms(replace(USUAL, every_days=days))


@given(st.integers(1, MOST_DAYS), DAYS, DAYS | st.none(), st.lists(st.integers(0, 40), max_size=40))
def test_cap_c4_both_are_told_once_however_often_somebody_looks(
    every: int, begun: date, last: date | None, looks: list[int]
) -> None:
    due, told_on, told = due_on(every, begun, last), None, 0
    for day in sorted(due + timedelta(days=one - 10) for one in looks):
        if to_tell(due, told_on, day):
            told, told_on = told + 1, day
            assert day > due
    assert told == any(one > 10 for one in looks)


@given(st.integers(1, MOST_DAYS), DAYS, DAYS, DAYS)
def test_cap_c4_a_later_session_never_brings_the_day_nearer(every: int, begun: date, one: date, other: date) -> None:
    assert due_on(every, begun, min(one, other)) <= due_on(every, begun, max(one, other))
    assert due_on(every, begun, one) >= due_on(every, begun, None)


@given(ASSIGNED, PEOPLE, PEOPLE, st.none() | st.sampled_from(Lane))
def test_cap_c14_a_wish_is_never_left_with_nobody_who_is_there(
    assigned: list[Assigned], others: frozenset[str], instructors: frozenset[str], wished: Lane | None
) -> None:
    told = who_answers(assigned, others, instructors, wished)
    fitting = [one for one in assigned if wished is None or one.lane is wished]
    there = {one.person for one in fitting if not one.away}
    assert told & (there | others | instructors) or not (there | others | instructors)
    assert {one.person for one in fitting if not one.backup} <= told


def test_cap_c14_while_the_primary_is_away_the_back_up_of_their_lane_is_told() -> None:
    jo, mira = Assigned("jo", Lane.PEER, backup=False, away=True), Assigned("mira", Lane.PEER, backup=True, away=False)
    amara = Assigned("amara", Lane.CLINICAL, backup=True, away=False)
    others = frozenset({"kim"})
    assert who_answers([jo, mira], others, frozenset({"ines"})) == {"jo", "mira"}
    assert who_answers([replace(jo, away=False), mira], others, frozenset({"ines"})) == {"jo"}
    assert who_answers([jo, amara], others, frozenset({"ines"}), Lane.PEER) == {"jo", "kim"}
    assert who_answers([jo], frozenset(), frozenset({"ines"})) == {"jo", "ines"}


def test_cap_c10_a_session_among_others_does_not_answer_a_wish() -> None:
    assert not answers(SessionKind.GROUP, frozenset(Lane), None)
    assert answers(SessionKind.DEBRIEF, frozenset({Lane.PEER}), None)
    assert answers(SessionKind.JOINT, frozenset(Lane), Lane.CLINICAL)
    assert not answers(SessionKind.INDIVIDUAL, frozenset({Lane.PEER}), Lane.CLINICAL)
