"""How much somebody can take on, and when they are away, as whoever assigns reads it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from lti_tool.services.caseload.assignments import Room
from lti_tool.web.caseload.assigned_words import room_words

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 9)


def room(**changes: Any) -> Room:
    return Room(**({"capacity": None, "taken": 0, "away_from": None, "away_until": None, "away": False} | changes))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, ""),
        (room(), ""),
        (room(taken=2), "2 trainees"),
        (room(capacity=3, taken=2), "2 of 3"),
        (room(capacity=2, taken=2), "2 of 2, no room"),
        (room(away_from=FIRST, away=True), "away until further notice"),
        (room(away_from=FIRST, away_until=LAST, away=True), "away until March 9, 2026"),
        (room(away_from=FIRST), "away from March 2, 2026"),
        (room(away_from=FIRST, away_until=LAST), "away from March 2, 2026 to March 9, 2026"),
    ],
)
def test_room_is_said_as_far_as_it_is_known(app: Flask, given: Room | None, words: str) -> None:
    with app.test_request_context():
        app.preprocess_request()
        assert room_words(given) == words
