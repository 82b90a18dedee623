"""Who may sign, in which lane, and when."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import (
    ASSURANCES,
    ATTESTATIONS,
    WAYS_IN,
    Assurance,
    Lane,
    Meaning,
    NotQualified,
    confirmed,
    digest_of,
    is_confirmed,
    lanes_open,
    may_sign,
)

PEER, CLINICAL = frozenset({Lane.PEER}), frozenset({Lane.CLINICAL})
NO_LANE: frozenset[Lane] = frozenset()
ALLOWED: Mapping[str, object] = {
    "signer": "jo",
    "lanes_of_signer": PEER,
    "lane": Lane.PEER,
    "lanes_needed": PEER | CLINICAL,
    "lanes_signed": NO_LANE,
    "trainee": "sam",
    "state": State.ANSWERED,
}


def code_of_refusal(**changes: object) -> str | None:
    """None where signing is possible."""
    try:
        may_sign(**(ALLOWED | changes))
    except Refused as refused:
        return refused.code
    return None


def test_a_supervisor_signs_in_their_own_lane_after_the_answer() -> None:
    assert code_of_refusal() is None


def test_cap_a2_a_clinical_supervisor_cannot_sign_the_peer_lane() -> None:
    assert code_of_refusal(lanes_of_signer=CLINICAL) == "lane_not_yours"


def test_cap_a2_a_peer_supervisor_cannot_sign_the_clinical_lane() -> None:
    assert code_of_refusal(lane=Lane.CLINICAL) == "lane_not_yours"


def test_nobody_signs_their_own_practice_whatever_lanes_they_have() -> None:
    assert code_of_refusal(signer="sam", lanes_of_signer=PEER | CLINICAL) == "own_practice"


def test_a_lane_that_is_not_needed_is_not_signed() -> None:
    assert code_of_refusal(lanes_needed=CLINICAL) == "lane_not_needed"


def test_a_lane_is_signed_once() -> None:
    assert code_of_refusal(lanes_signed=PEER) == "already_signed"


def test_the_other_lane_having_signed_changes_nothing() -> None:
    assert code_of_refusal(lanes_signed=CLINICAL) is None


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.REQUESTED, "not_yet_answered"),
        (State.CONSENTED, "not_yet_answered"),
        (State.IN_PROGRESS, "not_yet_answered"),
        (State.SHARED, "not_yet_answered"),
        (State.ANSWERED, None),
        (State.AMENDING, "being_amended"),
        (State.IN_RECONCILIATION, "lanes_meet"),
        (State.IN_MODERATION, "not_yet_answered"),
        (State.FINAL, "complete"),
        (State.SUPERSEDED, "complete"),
        (State.RELEASED, "complete"),
        (State.DECLINED, "ended"),
        (State.STOPPED, "ended"),
        (State.WITHDRAWN, "withdrawn"),
    ],
)
def test_signing_is_possible_only_between_the_answer_and_the_end(state: State, code: str | None) -> None:
    assert code_of_refusal(state=state) == code


def test_exactly_those_who_meet_every_condition_may_sign() -> None:
    sets = [NO_LANE, PEER, CLINICAL, PEER | CLINICAL]
    for signer, lanes, lane, needed, signed, state in product(["jo", "sam"], sets, Lane, sets, sets, State):
        code = code_of_refusal(
            signer=signer, lanes_of_signer=lanes, lane=lane, lanes_needed=needed, lanes_signed=signed, state=state
        )
        fits = signer != "sam" and lane in lanes & lanes_open(needed, signed) and state is State.ANSWERED
        assert (code is None) is fits


def test_the_lanes_still_open_are_those_needed_and_not_signed() -> None:
    assert lanes_open(PEER | CLINICAL, PEER) == CLINICAL
    assert lanes_open(PEER, PEER | CLINICAL) == frozenset()


def test_each_meaning_has_a_sentence_of_its_own() -> None:
    assert set(ATTESTATIONS) == set(Meaning)
    assert len(set(ATTESTATIONS.values())) == len(Meaning)


def test_the_digest_is_sha_256_in_hexadecimal() -> None:
    assert digest_of(b"what was shown") == sha256(b"what was shown").hexdigest()


BIAS = NotQualified("training on bias", date(2026, 3, 2))


def test_cap_c11_nobody_signs_where_a_conflict_stands_whatever_else_fits() -> None:
    assert code_of_refusal(conflict=True) == "conflict"
    assert code_of_refusal(conflict=True, lanes_of_signer=NO_LANE) == "conflict"


def test_cap_c3_a_training_that_is_no_longer_current_is_named_with_its_last_day() -> None:
    with pytest.raises(Refused) as refused:
        may_sign(**(ALLOWED | {"not_qualified": (BIAS,)}))
    assert refused.value.code == "not_qualified"
    assert refused.value.values == {"kind": "training on bias", "until": date(2026, 3, 2)}
    assert "instructor" in str(refused.value)


def test_cap_c3_a_training_that_was_never_recorded_is_named_with_who_records_it() -> None:
    with pytest.raises(Refused) as refused:
        may_sign(**(ALLOWED | {"not_qualified": (NotQualified("ethics", None),)}))
    assert refused.value.values == {"kind": "ethics"}


@given(st.sampled_from(Assurance), st.sampled_from(Assurance))
def test_who_is_less_sure_than_the_activity_asks_is_told_how_to_be_surer(is_so: Assurance, least: Assurance) -> None:
    enough = ASSURANCES.index(is_so) >= ASSURANCES.index(least)
    assert code_of_refusal(assurance=is_so, least_assurance=least) == (None if enough else "assurance")


@given(st.sampled_from(Assurance), st.sampled_from(Assurance))
def test_a_code_is_asked_for_besides_and_takes_the_place_of_nothing(is_so: Assurance, least: Assurance) -> None:
    enough = ASSURANCES.index(is_so) >= ASSURANCES.index(least)
    code = code_of_refusal(assurance=is_so, least_assurance=least, code_asked=True)
    assert code == ("assurance" if not enough else None if is_confirmed(is_so) else "code_first")


@given(st.sampled_from(sorted(WAYS_IN)), st.sampled_from(sorted(WAYS_IN)))
def test_a_code_makes_somebody_surer_but_never_as_sure_as_another_way_in(one: Assurance, other: Assurance) -> None:
    surer = ASSURANCES.index(confirmed(one)) > ASSURANCES.index(one)
    assert surer is (one is not Assurance.IN_PERSON)
    assert is_confirmed(confirmed(one)) is surer
    if ASSURANCES.index(one) < ASSURANCES.index(other):
        assert ASSURANCES.index(confirmed(one)) < ASSURANCES.index(other)


@given(
    state=st.sampled_from(State),
    conflict=st.booleans(),
    lapsed=st.booleans(),
    lanes=st.sampled_from([NO_LANE, PEER, CLINICAL, PEER | CLINICAL]),
    assurance=st.sampled_from(Assurance),
)
def test_cap_a2_no_gate_is_opened_by_another(
    state: State, conflict: bool, lapsed: bool, lanes: frozenset[Lane], assurance: Assurance
) -> None:
    code = code_of_refusal(
        state=state,
        conflict=conflict,
        not_qualified=(BIAS,) if lapsed else (),
        lanes_of_signer=lanes,
        assurance=assurance,
        least_assurance=Assurance.LINK_WITH_CODE,
    )
    fits = (
        state is State.ANSWERED
        and not conflict
        and not lapsed
        and Lane.PEER in lanes
        and assurance is not Assurance.IN_PERSON
    )
    assert (code is None) is fits
