"""Peer Supporter of Peer Support Canada: cases of our own, as the reference has none for it."""

from decimal import Decimal

import pytest

from grading.lifecycle.status import Status
from grading.proof import Answer, Why
from tests.programs.entries import decision, entry, event
from tests.programs.reading import open_in, program, stands


def letter(who: str, on: str = "2025-03-01", **more: str) -> str:
    said = {"form": "competency_questionnaire", "referee": who, "relation": "colleague"} | more
    return entry("references", f"letter of {who}", on, **said)


PERSON = "".join(
    [
        entry("statements", "experience", "2025-01-02", name="lived_experience"),
        entry("statements", "questions", "2025-01-02", name="motivation_questions"),
        entry("statements", "self", "2025-01-02", name="self_assessment"),
        event("application", "2025-01-05"),
        entry("signatures", "code", "2025-01-05", name="code_of_conduct"),
    ]
)
LETTERS = letter("Ana") + letter("Ben") + letter("Chi")
EXAM = entry("exams", "exam", "2025-05-01", name="knowledge_exam", passed=True)
PRACTICUM = entry("attestations", "practicum", "2025-12-01", name="practicum", role="mentor")
ALL = PERSON + LETTERS + EXAM + PRACTICUM
HOURS = entry("practice", "work", "2026-01-31", "200 hours", formal=True)


def test_with_everything_but_the_hours_the_provisional_certification_is_ready_for_a_decision() -> None:
    found = stands("psc-ca", ALL)
    assert open_in(found, "initial") == {}
    assert open_in(found, "full") == {"practice": Answer.NOT_YET}
    assert (found.status, found.facts.ready) == (Status.READY_FOR_DECISION, ("initial",))


def test_who_was_decided_on_provisionally_goes_on_to_the_full_certification() -> None:
    provisional = ALL + decision("certified", "2026-01-10", "initial")
    found = stands("psc-ca", provisional)
    assert (found.stage, found.facts.open) == ("initial", ("full",))
    ready = stands("psc-ca", provisional + HOURS)
    assert (ready.status, ready.facts.ready) == (Status.READY_FOR_DECISION, ("full",))


def test_with_two_hundred_hours_the_full_certification_is_ready_for_a_decision() -> None:
    assert open_in(stands("psc-ca", ALL + HOURS), "full") == {}


def test_hours_that_wait_for_a_signature_are_there_and_waiting() -> None:
    waits = entry("practice", "work", "2026-01-31", "200 hours", signed=False, formal=True)
    assert open_in(stands("psc-ca", ALL + waits), "full") == {"practice": Answer.WAITING}


@pytest.mark.parametrize("relation", ["family", "person_supported"])
def test_family_and_people_whom_one_supported_give_no_reference(relation: str) -> None:
    found = stands("psc-ca", PERSON + letter("Ana") + letter("Ben") + letter("Chi", relation=relation))
    assert found.of("references").answer is Answer.NOT_YET
    assert [each.why for each in found.of("references").left_out] == [Why.NOT_COUNTING]
    assert [each.amount for each in found.of("references").changes] == [Decimal(1)]


def test_a_referee_of_whom_nobody_says_how_they_know_the_person_cannot_be_known() -> None:
    said = LETTERS.replace(', relation = "colleague"', "", 1)
    assert stands("psc-ca", PERSON + said).of("references").answer is Answer.UNKNOWN


def test_more_than_five_references_are_no_harm() -> None:
    many = LETTERS + letter("Dee") + letter("Eli") + letter("Fay")
    found = stands("psc-ca", ALL.replace(LETTERS, many)).of("references")
    assert found.answer is Answer.MET
    assert found.numbers is not None
    assert found.numbers.sure == 5


def test_an_exam_from_before_the_references_were_complete_is_out_of_order() -> None:
    late = ALL.replace(letter("Chi"), letter("Chi", on="2025-05-02"))
    found = stands("psc-ca", late)
    assert set(open_in(found, "initial")) == {"order"}


def test_the_four_standards_are_shown_each_by_its_requirement() -> None:
    found = stands("psc-ca", ALL.replace(EXAM, "")).of("standards")
    assert found.answer is Answer.NOT_YET
    assert [part.name for part in found.parts if part.answer is not Answer.MET] == ["exam"]


def test_a_usual_length_is_no_last_day() -> None:
    assert program("psc-ca").lifecycle.application_usable is None
    assert any("12 to 24 months" in note for note in program("psc-ca").notes)
