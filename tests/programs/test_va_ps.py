"""Peer Specialist of the Department of Veterans Affairs: cases of our own, as the reference has none for it."""

from datetime import date

import pytest

from grading.lifecycle.dates import Name
from grading.lifecycle.status import Status
from grading.proof import Answer, Doing
from tests.programs.entries import decision, entry, event
from tests.programs.reading import open_in, stands

PERSON = "".join(
    [
        entry("statements", "experience", "2025-01-02", name="lived_experience_as_described"),
        entry("statements", "recovery", "2025-01-02", name="recovery_as_described"),
    ]
)
BY_STATE = entry("credentials", "card", "2025-12-01", name="peer_certification", certified_by="state")
POST = entry("employment", "post", "2025-02-01", position="next_lower_level")


def test_certified_by_a_state_somebody_is_ready_for_a_decision() -> None:
    assert open_in(stands("va-ps", PERSON + BY_STATE), "initial") == {}


@pytest.mark.parametrize(("meets", "answer"), [(True, Answer.MET), (False, Answer.NOT_YET)])
def test_a_not_for_profit_body_is_one_that_meets_the_criteria(meets: bool, answer: Answer) -> None:
    card = {"name": "peer_certification", "certified_by": "not_for_profit"}
    found = stands("va-ps", PERSON + entry("credentials", "card", "2025-12-01", **card, meets_criteria=meets))
    assert found.of("certified").answer is answer


def test_both_routes_are_shown() -> None:
    assert len(stands("va-ps", PERSON).of("certified").parts) == 2


def test_a_certification_that_ended_does_not_count_today() -> None:
    ended = BY_STATE.replace("on = 2025-12-01", "on = 2023-12-01\nuntil = 2026-02-28")
    assert open_in(stands("va-ps", PERSON + ended), "initial") == {"certified": Answer.NOT_YET}


def test_with_a_post_an_apprentice_is_ready_for_a_decision() -> None:
    post = entry("employment", "post", "2025-06-01", position="apprentice")
    assert open_in(stands("va-ps", PERSON + post), "apprentice") == {}
    assert set(open_in(stands("va-ps", post), "apprentice")) == {"apprentice-experience"}


@pytest.mark.parametrize(
    ("began", "answer"),
    [("2024-12-01", Answer.MET), ("2024-11-30", Answer.NOT_YET)],
)
def test_apprentices_are_certified_within_a_year(began: str, answer: Answer) -> None:
    found = stands("va-ps", PERSON + BY_STATE + event("apprenticeship_began", began))
    assert found.of("certified-in-time").answer is answer


def test_who_was_no_apprentice_is_not_asked_when_they_were_certified() -> None:
    assert stands("va-ps", PERSON + BY_STATE).of("certified-in-time").answer is Answer.NOT_APPLICABLE


def test_the_apprenticeship_lasts_a_year() -> None:
    apprentice = PERSON + decision("certified", "2025-06-01", "apprentice")
    found = stands("va-ps", apprentice)
    assert (found.status, found.stage) == (Status.CERTIFIED, "apprentice")
    assert [(each.name, each.on) for each in found.dates] == [(Name.STAGE_ENDS, date(2026, 6, 1))]
    assert stands("va-ps", apprentice, on=date(2026, 6, 2)).status is Status.LAPSED


def test_an_apprentice_who_was_certified_is_ready_to_become_a_peer_specialist_which_has_no_end() -> None:
    apprentice = PERSON + decision("certified", "2025-06-01", "apprentice") + BY_STATE
    found = stands("va-ps", apprentice)
    assert (found.status, found.facts.ready) == (Status.READY_FOR_DECISION, ("initial",))
    decided = stands("va-ps", apprentice + decision("certified", "2026-01-15", "initial"))
    assert (decided.status, decided.stage, decided.dates) == (Status.CERTIFIED, "initial", ())


@pytest.mark.parametrize(
    ("applied", "answer"),
    [("2026-01-31", Answer.MET), ("2026-01-30", Answer.NOT_YET)],
)
def test_a_higher_level_asks_fifty_two_weeks_in_the_next_lower_one(applied: str, answer: Answer) -> None:
    found = stands("va-ps", POST + event("application", applied)).of("time-in-post")
    assert found.answer is answer
    if answer is Answer.NOT_YET:
        assert [(each.doing, each.on) for each in found.changes] == [(Doing.WAIT, date(2026, 1, 31))]
