"""Who keeps out because of a conflict: the same whichever side declared it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.recusal import free, may_take_part, pair, stands_between
from rubrics.refusal import Refused

PEOPLE = st.sampled_from(["sam", "jo", "amara", "noor"])
CONFLICTS = st.sets(st.tuples(PEOPLE, PEOPLE).filter(lambda two: two[0] != two[1]).map(lambda two: pair(*two)))


@given(PEOPLE, PEOPLE, CONFLICTS)
def test_cap_c11_a_conflict_stands_for_both_sides_alike(one: str, other: str, conflicts: set[frozenset[str]]) -> None:
    assert stands_between(one, other, conflicts) == stands_between(other, one, conflicts)


@given(PEOPLE, PEOPLE, CONFLICTS)
def test_cap_c11_a_panel_has_nobody_with_whom_a_conflict_stands(
    one: str, trainee: str, conflicts: set[frozenset[str]]
) -> None:
    panel = free({"sam", "jo", "amara", "noor"}, trainee, conflicts)
    if one in panel:
        may_take_part(one, trainee, conflicts)
    else:
        with pytest.raises(Refused) as refused:
            may_take_part(one, trainee, conflicts)
        assert refused.value.code == "conflict"


def test_cap_c11_who_declared_it_cannot_be_told_from_the_sentence() -> None:
    sentences = set()
    for person, trainee in (("jo", "sam"), ("sam", "jo")):
        with pytest.raises(Refused) as refused:
            may_take_part(person, trainee, {pair("sam", "jo")})
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1
    assert "conflict" not in sentences.pop()
