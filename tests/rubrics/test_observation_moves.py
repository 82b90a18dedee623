"""The way of an observation: the table, and what no sequence of moves can do."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.observation import ENDED, MOVES, Move, State, move
from rubrics.refusal import Refused

attempts = st.lists(st.sampled_from(Move), max_size=30)


def visited(moves: Iterable[Move], start: State = State.REQUESTED) -> list[State]:
    """The states on the way when each move is tried and a refused one changes nothing."""
    states = [start]
    for step in moves:
        try:
            states.append(move(states[-1], step))
        except Refused:
            states.append(states[-1])
    return states


def test_an_observation_goes_from_the_request_to_its_release() -> None:
    way = [Move.CONSENT, Move.BEGIN, Move.SHARE, Move.ANSWER, Move.FINALIZE, Move.RELEASE]
    assert visited(way) == [
        State.REQUESTED,
        State.CONSENTED,
        State.IN_PROGRESS,
        State.SHARED,
        State.ANSWERED,
        State.FINAL,
        State.RELEASED,
    ]


def test_silence_leads_on_as_an_answer_does() -> None:
    assert move(State.SHARED, Move.LET_WINDOW_PASS) is State.ANSWERED


def test_an_observer_declines_at_any_time_before_the_form_is_open() -> None:
    assert {state for state, step in MOVES if step is Move.DECLINE} == {State.REQUESTED, State.CONSENTED}


def test_cap_c8_stopping_is_possible_until_something_is_shared_and_leads_to_no_score() -> None:
    assert {state for state, step in MOVES if step is Move.STOP} == {State.CONSENTED, State.IN_PROGRESS}
    assert State.STOPPED in ENDED


def test_cap_c7_consent_can_be_withdrawn_at_any_time_before_it_is_final() -> None:
    for state in State:
        if state in ENDED or state is State.FINAL:
            with pytest.raises(Refused):
                move(state, Move.WITHDRAW)
        else:
            assert move(state, Move.WITHDRAW) is State.WITHDRAWN


def test_released_declined_stopped_and_withdrawn_are_the_ends() -> None:
    assert {State.RELEASED, State.DECLINED, State.STOPPED, State.WITHDRAWN} == ENDED


def test_every_state_can_be_reached_and_every_move_is_of_use() -> None:
    assert set(MOVES.values()) | {State.REQUESTED} == set(State)
    assert {step for _, step in MOVES} == set(Move)


@pytest.mark.parametrize("state", State)
def test_a_move_that_does_not_fit_is_refused_with_a_code_and_a_sentence(state: State) -> None:
    for step in Move:
        if (state, step) not in MOVES:
            with pytest.raises(Refused) as refused:
                move(state, step)
            assert refused.value.code == "not_now"
            assert refused.value.sentence.endswith(".")


@given(attempts)
def test_no_sequence_of_moves_leaves_an_ended_state(moves: list[Move]) -> None:
    for before, after in pairwise(visited(moves)):
        if before in ENDED:
            assert after is before


@given(st.sampled_from([State.FINAL, State.RELEASED]), attempts)
def test_final_and_released_never_move_back(start: State, moves: list[Move]) -> None:
    order = [State.FINAL, State.RELEASED]
    positions = [order.index(state) for state in visited(moves, start)]
    assert positions == sorted(positions)


@given(attempts)
def test_nothing_becomes_final_before_the_trainee_could_answer(moves: list[Move]) -> None:
    states = visited(moves)
    if State.FINAL in states:
        assert State.SHARED in states[: states.index(State.FINAL)]


@given(attempts)
def test_no_state_is_entered_twice(moves: list[Move]) -> None:
    states = visited(moves)
    entered = [after for before, after in pairwise(states) if after is not before]
    assert len(entered) == len(set(entered))
    assert State.REQUESTED not in entered
