"""What is said of scores and of the way to a column, in each state that the database can hold."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from grading.delivery import DeliveryState
from lti_tool.lti.answers import Answer
from lti_tool.services.scores.sync_states import ColumnState, ScoreLine
from lti_tool.store.base import new_id
from lti_tool.web.scores.delivery_words import about_score, in_the_way, said


def score(**changes: Any) -> ScoreLine:
    return ScoreLine(**({"person_id": new_id(), "person_name": "Sam Example"} | changes))


def column(**changes: Any) -> ColumnState:
    """A column in whose way nothing is, but for this."""
    nothing = (
        "gone_at", "stopped_at", "change_at", "change_answer", "read_at", "read_asked_at", "read_problem", "ended_at",
        "resting_until", "problem",
    )  # fmt: skip
    usual = {"line_item_id": new_id(), "label": "Practice", "maximum": 100, "known": True, "switched_on": True}
    return ColumnState(**(dict.fromkeys(nothing) | usual | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "so far there is no number for this column"),
        ({"state": DeliveryState.WAITING, "to_clear": True}, "A person asked to have the cell emptied."),
        ({"state": DeliveryState.WAITING}, "On its way to the LMS."),
        ({"state": DeliveryState.CLEARED}, "As soon as something new counts, Attune sends that."),
        ({"state": DeliveryState.LET_STAND}, "as a person decided"),
        ({"state": DeliveryState.DIFFERS}, "Please say which one stands."),
        ({"state": DeliveryState.NEEDS_PERSON, "answer": "of_another_edition"}, "then send it again"),
    ],
)
def test_each_state_of_a_score_is_said_with_what_there_is_to_do(app: Flask, changes: Any, words: str) -> None:
    with app.test_request_context():
        app.preprocess_request()
        assert words in about_score(score(**changes))


def test_what_is_in_the_way_of_a_column_is_said_and_nothing_where_nothing_is(app: Flask, now: datetime) -> None:
    with app.test_request_context():
        app.preprocess_request()
        assert in_the_way(column(), now) == ""
        assert in_the_way(column(ended_at=now), now).startswith("This LMS was left on")
        not_made = column(known=False, change_answer=Answer.NOT_ALLOWED.value)
        told = in_the_way(not_made, now)
        assert told.startswith("The column is not in the LMS yet. Its scores wait, and nothing is lost.")
        assert said(Answer.NOT_ALLOWED) in told
        rests = column(resting_until=now + timedelta(hours=1), problem="of_another_edition")
        assert in_the_way(rests, now).startswith("The LMS does not answer well just now.")
