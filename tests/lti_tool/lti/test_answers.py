"""Every answer leads somewhere: tried again, read, or before a person; and holds up no more than it has to."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lti_tool.lti
from lti_tool.lti import statuses
from lti_tool.lti.answers import SENTENCES, WHAT, Answer, Posted, Then, Whose, posted
from lti_tool.safe_http import HttpAnswer, Unreachable, UnreachableProblem

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ABOUT_ONE = {
    Answer.ACCEPTED, Answer.CLOCKS_APART, Answer.NEWER_SCORE_THERE, Answer.PERSON_NOT_IN_COURSE,
    Answer.NO_ATTEMPTS_LEFT, Answer.NOT_UNDERSTOOD, Answer.NOTHING_LEFT, Answer.KEPT_BY_LMS,
}  # fmt: skip
BODIES = st.sampled_from(
    [b"", b"[]", b"{}", b"<html>", b"User not found", b"has concluded", b"allowed attempts", b"cannot be changed",
     b"before last updated", b"in the future", b"Rate Limit Exceeded", b"Insufficient permissions", b"\xff\xfe"]
) | st.binary(max_size=40)  # fmt: skip
ANSWERS = st.builds(HttpAnswer, st.integers(200, 599), st.just({}), BODIES)


def test_every_answer_is_in_every_table() -> None:
    assert set(WHAT) == set(SENTENCES) == set(Answer)


def test_only_what_is_about_one_score_holds_up_no_other() -> None:
    assert {answer for answer in Answer if WHAT[answer].whose is Whose.PERSON} == ABOUT_ONE


def test_what_passes_by_itself_is_tried_again_and_what_does_not_is_before_a_person() -> None:
    for answer, what in WHAT.items():
        assert posted(answer).retry == (what.then in (Then.RETRY, Then.READ))
        assert (what.then is Then.DONE) == (answer is Answer.ACCEPTED)


@given(answer=ANSWERS)
def test_lti_a32_nothing_that_can_be_answered_is_without_a_meaning(answer: HttpAnswer) -> None:
    for meaning in (statuses.about_score(answer, NOW), statuses.about_service(answer, NOW)):
        expected = posted(meaning.answer, unknown=meaning.unknown)
        assert meaning == Posted(expected.answer, expected.retry, unknown=meaning.unknown)
        assert meaning.answer is not Answer.ACCEPTED or answer.status < 300


@given(answer=ANSWERS)
def test_lti_a30_only_a_2xx_with_nothing_or_json_is_taken_for_accepted(answer: HttpAnswer) -> None:
    accepted = statuses.about_score(answer, NOW).answer is Answer.ACCEPTED
    assert not accepted or answer.status in (200, 201, 202, 204)
    assert not accepted or b"<" not in answer.body[:1]


@given(answer=ANSWERS)
def test_lti_a31_a_score_that_may_be_there_is_never_given_up_without_a_look(answer: HttpAnswer) -> None:
    meaning = statuses.about_score(answer, NOW)
    assert not meaning.unknown or meaning.retry
    may_have_acted = answer.status >= 500 and meaning.answer is not Answer.COLUMN_LOCKED
    assert meaning.unknown or not may_have_acted


@pytest.mark.parametrize("problem", UnreachableProblem)
def test_every_way_not_to_be_reached_has_a_meaning(problem: UnreachableProblem) -> None:
    meaning = statuses.unreachable(Unreachable(problem, "It did not answer."))
    assert meaning.unknown == problem.may_have_arrived
    assert meaning.retry == (meaning.answer is not Answer.ADDRESS_NOT_KNOWN)


def test_what_became_of_an_attempt_is_said_by_the_table_alone() -> None:
    """No place of this layer decides by itself whether something is tried again, but for notices and trials."""
    others = {"notice_handlers.py", "trial_column.py", "answers.py"}
    for path in sorted(Path(lti_tool.lti.__path__[0]).glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        made = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "Posted"]
        assert not made or path.name in others, path.name
