"""The way of an observation: the table, and what no sequence of moves can do."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.observation import (
    BEFORE,
    ENDED,
    MOVES,
    NEVER_SEEN,
    OVER,
    READ_BY_TRAINEE,
    UNCHANGEABLE,
    UNDER_WAY,
    Move,
    State,
    move,
)
from rubrics.refusal import Refused

attempts = st.lists(st.sampled_from(Move), max_size=40)
WAYS_ON = [Move.CONSENT, Move.BEGIN, Move.HAND_IN, Move.SHARE, Move.ANSWER, Move.FINALIZE, Move.RELEASE]
likely_attempts = st.lists(st.sampled_from([*WAYS_ON, *WAYS_ON, *Move]), max_size=40)
"""Each move, and oftener those that lead far."""


def visited(moves: Iterable[Move], start: State = State.REQUESTED) -> list[State]:
    """The states on the way when each move is tried and a refused one changes nothing."""
    states = [start]
    for step in moves:
        try:
            states.append(move(states[-1], step))
        except Refused:
            states.append(states[-1])
    return states


def froms(step: Move) -> set[State]:
    """Where the move can be made."""
    return {state for state, made in MOVES if made is step}


def test_an_observation_goes_from_the_request_to_its_release() -> None:
    assert visited(WAYS_ON) == [
        State.REQUESTED,
        State.CONSENTED,
        State.IN_PROGRESS,
        State.DRAFTED,
        State.SHARED,
        State.ANSWERED,
        State.FINAL,
        State.RELEASED,
    ]


def test_a_time_that_is_agreed_comes_before_the_consent_and_another_one_begins_anew() -> None:
    way = [Move.AGREE, Move.CONSENT, Move.PROPOSE, Move.AGREE, Move.CONSENT, Move.BEGIN]
    assert visited(way)[1:] == [
        State.SCHEDULED,
        State.CONSENTED,
        State.REQUESTED,
        State.SCHEDULED,
        State.CONSENTED,
        State.IN_PROGRESS,
    ]


def test_observers_whose_views_differ_meet_before_anything_is_shared() -> None:
    assert froms(Move.MODERATE) == {State.DRAFTED}
    assert visited([Move.MODERATE, Move.ANSWER, Move.SHARE], State.DRAFTED)[1:] == [
        State.IN_MODERATION,
        State.IN_MODERATION,
        State.SHARED,
    ]


def test_what_is_taken_up_again_can_be_left_as_it_was() -> None:
    assert froms(Move.LEAVE) == {State.AMENDING}
    assert visited([Move.AMEND, Move.LEAVE], State.ANSWERED)[-1] is State.ANSWERED


def test_lanes_that_see_it_differently_meet_before_anyone_else_signs() -> None:
    assert froms(Move.DIFFER) == {State.ANSWERED}
    assert froms(Move.SETTLE) == {State.IN_RECONCILIATION}
    assert visited([Move.DIFFER, Move.FINALIZE, Move.SETTLE], State.ANSWERED)[1:] == [
        State.IN_RECONCILIATION,
        State.IN_RECONCILIATION,
        State.ANSWERED,
    ]


def test_that_it_was_not_held_is_said_once_a_time_was_agreed_and_before_it_began() -> None:
    assert froms(Move.NOT_HOLD) == {State.SCHEDULED, State.CONSENTED}


def test_what_is_complete_stops_standing_before_or_after_its_release() -> None:
    for step in (Move.SUPERSEDE, Move.RECONSIDER):
        assert froms(step) == {State.FINAL, State.RELEASED}


def test_silence_leads_on_as_an_answer_does() -> None:
    assert move(State.SHARED, Move.LET_WINDOW_PASS) is State.ANSWERED


def test_what_was_amended_is_shared_anew_before_it_can_be_signed() -> None:
    assert visited([Move.AMEND, Move.FINALIZE, Move.SHARE, Move.FINALIZE], State.ANSWERED)[1:] == [
        State.AMENDING,
        State.AMENDING,
        State.SHARED,
        State.SHARED,
    ]


def test_until_it_has_begun_another_time_can_be_proposed_and_each_side_can_say_no() -> None:
    for step in (Move.PROPOSE, Move.DECLINE, Move.CANCEL):
        assert froms(step) == BEFORE


def test_ux_s8_what_goes_on_can_be_paused_and_goes_on_where_it_was() -> None:
    assert froms(Move.PAUSE) == {State.IN_PROGRESS}
    assert visited([Move.PAUSE, Move.RESUME], State.IN_PROGRESS)[-1] is State.IN_PROGRESS


def test_cap_c8_stopping_is_possible_until_it_is_handed_in_and_leads_to_no_score() -> None:
    assert froms(Move.STOP) == {State.CONSENTED} | UNDER_WAY
    assert State.STOPPED in ENDED


def test_cap_c7_consent_can_be_withdrawn_at_any_time_before_it_is_final() -> None:
    for state in State:
        if state in ENDED | UNCHANGEABLE:
            with pytest.raises(Refused):
                move(state, Move.WITHDRAW)
        else:
            assert move(state, Move.WITHDRAW) is State.WITHDRAWN


def test_the_ends_are_what_never_counted_what_was_taken_back_and_what_another_record_stands_for() -> None:
    assert NEVER_SEEN | {State.WITHDRAWN, State.SUPERSEDED, State.RECONSIDERED} == ENDED
    assert ENDED | {State.FINAL, State.RELEASED} == OVER


def test_every_state_can_be_reached_and_every_move_is_of_use() -> None:
    assert set(MOVES.values()) == set(State)
    assert {step for _, step in MOVES} == set(Move)


def leads_to(start: State) -> set[State]:
    """Every state that can come after this one, and itself."""
    found: set[State] = set()
    ahead = {start}
    while ahead - found:
        found |= ahead
        ahead = {after for (state, _), after in MOVES.items() if state in found}
    return found


def test_the_trainee_reads_it_from_when_it_was_shared_until_they_take_it_back() -> None:
    assert leads_to(State.SHARED) - {State.WITHDRAWN} == READ_BY_TRAINEE


def test_from_when_it_is_final_on_nothing_of_it_changes() -> None:
    assert leads_to(State.FINAL) == UNCHANGEABLE


@pytest.mark.parametrize("state", State)
def test_a_move_that_does_not_fit_is_refused_with_a_code_and_a_sentence(state: State) -> None:
    for step in Move:
        if (state, step) not in MOVES:
            with pytest.raises(Refused) as refused:
                move(state, step)
            assert refused.value.code == "not_now"
            assert refused.value.sentence.endswith(".")


def test_whoever_comes_too_late_reads_what_became_of_it() -> None:
    said: dict[str, set[State]] = {}
    for state in State:
        with pytest.raises(Refused) as refused:
            move(state, Move.AGREE if state is not State.REQUESTED else Move.BEGIN)
        said.setdefault(refused.value.sentence, set()).add(state)
    assert {frozenset(states) for states in said.values()} == {
        frozenset({State.FINAL, State.RELEASED}),
        frozenset({State.SUPERSEDED, State.RECONSIDERED}),
        frozenset({State.CANCELED, State.NOT_HELD}),
        frozenset({State.DECLINED}),
        frozenset({State.STOPPED}),
        frozenset({State.WITHDRAWN}),
        frozenset(State) - OVER,
    }


@given(attempts)
def test_no_sequence_of_moves_leaves_an_ended_state(moves: list[Move]) -> None:
    for before, after in pairwise(visited(moves)):
        if before in ENDED:
            assert after is before


@given(st.sampled_from(sorted(UNCHANGEABLE)), attempts)
def test_what_is_final_only_ever_gives_its_place_to_another_record(start: State, moves: list[Move]) -> None:
    ways = {
        State.FINAL: {State.RELEASED, State.SUPERSEDED, State.RECONSIDERED},
        State.RELEASED: {State.SUPERSEDED, State.RECONSIDERED},
    }
    for before, after in pairwise(visited(moves, start)):
        assert after is before or after in ways[before]


@given(likely_attempts)
def test_nothing_becomes_final_before_the_trainee_could_read_and_answer_it(moves: list[Move]) -> None:
    states = visited(moves)
    if State.FINAL in states:
        before = states[: states.index(State.FINAL)]
        assert State.SHARED in before
        assert State.ANSWERED in before[before.index(State.SHARED) :]


@given(likely_attempts)
def test_the_trainee_reads_nothing_before_it_was_shared_and_only_taking_it_back_takes_it_from_them(
    moves: list[Move],
) -> None:
    for before, after in pairwise(visited(moves)):
        if before not in READ_BY_TRAINEE and after in READ_BY_TRAINEE:
            assert after is State.SHARED
        if before in READ_BY_TRAINEE and after not in READ_BY_TRAINEE:
            assert after is State.WITHDRAWN


@given(likely_attempts)
def test_what_has_begun_is_never_again_only_asked_for(moves: list[Move]) -> None:
    states = visited(moves)
    if State.IN_PROGRESS in states:
        assert not BEFORE & set(states[states.index(State.IN_PROGRESS) :])


@given(likely_attempts)
def test_nothing_begins_without_the_trainees_consent(moves: list[Move]) -> None:
    for before, after in pairwise(visited(moves)):
        if after in UNDER_WAY and before not in UNDER_WAY:
            assert before is State.CONSENTED
