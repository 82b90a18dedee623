"""What a platform's gradebook shows, however it writes it down."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.lti import results
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.names import LINE_ITEM_SCOPE
from lti_tool.lti.pages import NotListed, Patience
from lti_tool.safe_http import HttpAnswer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENCE = Patience(clock=lambda: NOW, pause=lambda _seconds: None)
COLUMN = "https://lms.example/items/7/lineitem?type_id=3"


class Lms:
    """Answers each address with what it was given."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, list[str]()

    def call(self, _method: str, url: str, _scope: str, _headers: Any, **_limits: Any) -> HttpAnswer | Posted:
        self.asked.append(url)
        body = self.answers["body"]
        if isinstance(body, Posted):
            return body
        return HttpAnswer(200, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_lti_a17_results_lie_below_the_column_and_its_query_stays() -> None:
    lms = Lms(body=[])
    assert results.results(lms, COLUMN, PATIENCE) == ()
    assert lms.asked == ["https://lms.example/items/7/lineitem/results?type_id=3"]


def test_a_share_is_the_score_of_the_most_there_is() -> None:
    found = results.results(
        Lms(
            body=[
                {"userId": "1", "resultScore": 8, "resultMaximum": 10, "timestamp": "2026-03-01T08:00:00+00:00"},
                {"userId": 2, "resultScore": 0, "resultMaximum": 10},
                {"userId": "3"},
                {"userId": "4", "resultScore": 5},
                {"userId": "5", "resultScore": "many", "resultMaximum": 10},
                {"userId": "6", "resultScore": 5, "resultMaximum": 0},
                {"resultScore": 5, "resultMaximum": 10},
            ]
        ),
        COLUMN,
        PATIENCE,
    )
    assert [each.share for each in found] == [Decimal("0.8"), Decimal(0), None, Decimal(5), None, None]
    assert found[0].at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert found[1].sub == "2"
    assert [(each.score, each.maximum) for each in found[:3]] == [(8, 10), (0, 10), (None, 1)]


def test_lti_a35_a_result_without_a_maximum_is_of_1() -> None:
    (found,) = results.results(Lms(body=[{"userId": "4", "resultScore": 0.5}]), COLUMN, PATIENCE)
    assert (found.score, found.maximum, found.share) == (Decimal("0.5"), 1, Decimal("0.5"))


def test_what_is_no_list_says_so() -> None:
    with pytest.raises(NotListed):
        results.results(Lms(body=b"<html>"), COLUMN, PATIENCE)
    with pytest.raises(NotListed) as problem:
        results.results(Lms(body=Posted(Answer.SCOPE_NOT_GRANTED, retry=False)), COLUMN, PATIENCE)
    assert problem.value.answer is Answer.SCOPE_NOT_GRANTED


def test_columns_on_another_machine_are_left_out() -> None:
    lms = Lms(body=[{"id": COLUMN, "label": "Ethics"}, {"id": "https://elsewhere.example/7", "label": "Other"}])
    found = results.columns(lms, "https://lms.example/items", LINE_ITEM_SCOPE, PATIENCE)
    assert found == (results.Column(COLUMN, "Ethics"),)
