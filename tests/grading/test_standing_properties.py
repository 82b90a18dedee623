"""What holds of standing whatever the evidence: its order, more of it, what was taken back, the day it was known."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.evidence import Evidence, Item
from grading.requirements.needs import Need
from grading.standing import Standing, standing, what_if
from tests.grading.made_up import TODAY, absolute, evidence, items, outline, program, rank, relative

ENOUGH = settings(max_examples=60, deadline=None)
ANY = st.one_of(absolute(), relative())


def outlines(found: Standing) -> object:
    return [
        (stage.answer, [outline(each.proof) for each in stage.requirements]) for stage in found.stages
    ], found.changes_on


@ENOUGH
@given(ANY, evidence(), st.randoms())
def test_the_order_of_evidence_means_nothing(need: Need, there: Evidence, chance: object) -> None:
    mixed = list(there.items)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    asked = program(need)
    assert standing(asked, there, TODAY) == standing(asked, replace(there, items=tuple(mixed)), TODAY)


@ENOUGH
@given(absolute(), evidence(8), items())
def test_more_evidence_never_makes_an_absolute_need_less_met(need: Need, there: Evidence, more: Item) -> None:
    asked = program(need)
    before = standing(asked, there, TODAY).of("r0")
    after = what_if(asked, there, [replace(more, id="more")], TODAY).of("r0")
    assert rank(after.answer) >= rank(before.answer)


@ENOUGH
@given(absolute(), evidence(8))
def test_a_signature_never_makes_an_absolute_need_less_met(need: Need, there: Evidence) -> None:
    asked = program(need)
    signed = tuple(replace(item, stands_from=item.on, withdrawn_on=None) for item in there.items)
    before = standing(asked, there, TODAY).of("r0")
    after = standing(asked, replace(there, items=signed), TODAY).of("r0")
    assert rank(after.answer) >= rank(before.answer)


@ENOUGH
@given(ANY, evidence(8), st.data())
def test_taking_a_signature_back_equals_never_having_signed(need: Need, there: Evidence, data: st.DataObject) -> None:
    if not there.items:
        return
    asked = program(need)
    chosen = data.draw(st.sampled_from(there.items))
    taken_back = replace(chosen, stands_from=chosen.on, withdrawn_on=TODAY)
    rest = tuple(item for item in there.items if item is not chosen)
    withdrawn = standing(asked, replace(there, items=(*rest, taken_back)), TODAY)
    never = standing(asked, replace(there, items=(*rest, replace(chosen, stands_from=None, withdrawn_on=None))), TODAY)
    assert outlines(withdrawn) == outlines(never)


@ENOUGH
@given(ANY, evidence(8), st.dates(date(2023, 7, 1), TODAY))
def test_standing_on_a_day_is_standing_on_what_was_known_that_day(need: Need, there: Evidence, day: date) -> None:
    asked = program(need)
    assert outlines(standing(asked, there, day)) == outlines(standing(asked, there.known_on(day), day))


@ENOUGH
@given(ANY, evidence(8), st.integers(1, 200))
def test_nothing_changes_by_time_alone_before_the_day_that_was_said(need: Need, there: Evidence, later: int) -> None:
    """For evidence of which nothing happens later: the day said is never too late."""
    asked = program(need)
    known = there.known_on(TODAY)
    now = standing(asked, known, TODAY)
    day = TODAY + timedelta(days=later)
    if now.changes_on is not None and day >= now.changes_on:
        return
    then = standing(asked, known, day)
    assert [each.proof.answer for each in then.stages[0].requirements] == [
        each.proof.answer for each in now.stages[0].requirements
    ]


@ENOUGH
@given(ANY, evidence(8))
def test_the_same_question_has_the_same_answer(need: Need, there: Evidence) -> None:
    asked = program(need)
    assert standing(asked, there, TODAY) == standing(asked, there, TODAY)


@ENOUGH
@given(absolute(), evidence(8))
def test_what_is_sure_is_no_more_than_what_waits_and_that_no_more_than_what_is_possible(
    need: Need, there: Evidence
) -> None:
    todo = [standing(program(need), there, TODAY).of("r0")]
    while todo:
        proof = todo.pop()
        todo += proof.parts
        if proof.numbers and proof.form not in ("spread",):
            sure, waiting, possible = (
                proof.numbers.sure, proof.numbers.with_waiting, proof.numbers.possible
            )  # fmt: skip
            known = [each for each in (sure, waiting, possible) if each is not None]
            assert known == sorted(known)
