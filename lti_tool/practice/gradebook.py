"""What a column and a score have to be. Pure functions."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lti_tool.practice.names import ACTIVITY_PROGRESS, GRADING_PROGRESS
from lti_tool.practice.records import LineItem, Score

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)")
PLAIN = frozenset({"userId", "scoreGiven", "scoreMaximum", "timestamp", "activityProgress", "gradingProgress"})
"""What a score needs; whatever else comes is noted."""
KNOWN = PLAIN | {"comment", "submission", "scoringUserId"}
LINE_ITEM_KNOWN = frozenset({
    "id", "label", "scoreMaximum", "resourceLinkId", "resourceId", "tag",
    "startDateTime", "endDateTime", "gradesReleased", "submissionReview",
})  # fmt: skip
LONGEST_LABEL = 255
LARGEST = 1e9


def is_number(value: Any) -> bool:
    """A JSON number that a gradebook can hold (which NaN and infinity are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def unknown_names(body: Mapping[str, Any], known: frozenset[str]) -> list[str]:
    """Names that are neither known nor an extension (which has a full address for a name)."""
    return sorted(name for name in body if name not in known and "://" not in name)


def line_item_problems(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with a column that a tool describes."""
    wrong = [f"{name} is not known" for name in unknown_names(body, LINE_ITEM_KNOWN)]
    label = body.get("label")
    if not isinstance(label, str) or not label.strip() or len(label) > LONGEST_LABEL:
        wrong.append(f"label is missing, blank or longer than {LONGEST_LABEL}")
    if not is_number(body.get("scoreMaximum")) or body["scoreMaximum"] <= 0:
        wrong.append("scoreMaximum is missing or not above 0")
    for name in ("resourceLinkId", "resourceId", "tag"):
        if not isinstance(body.get(name, ""), str):
            wrong.append(f"{name} is not text")
    if not isinstance(body.get("submissionReview", {}), dict):
        wrong.append("submissionReview is not an object")
    return wrong


def described(item: LineItem, body: Mapping[str, Any]) -> LineItem:
    """The column as such a description has it: what is left out is gone."""
    return replace(
        item,
        label=body["label"],
        maximum=body["scoreMaximum"],
        resource_id=body.get("resourceId", ""),
        tag=body.get("tag", ""),
        review=body.get("submissionReview", {}),
    )


def line_item_body(item: LineItem, address: str) -> dict[str, Any]:
    """A column as the service shows it."""
    optional = {
        "resourceLinkId": item.activity_id,
        "resourceId": item.resource_id,
        "tag": item.tag,
        "submissionReview": dict(item.review),
    }
    shown = {"id": address, "label": item.label, "scoreMaximum": item.maximum}
    return shown | {name: value for name, value in optional.items() if value}


def score_problems(body: Mapping[str, Any]) -> list[str]:
    """What is wrong with a score."""
    wrong = [f"{name} is not known" for name in unknown_names(body, KNOWN)]
    if not isinstance(body.get("userId"), str) or not body["userId"]:
        wrong.append("userId is missing or not text")
    if body.get("activityProgress") not in ACTIVITY_PROGRESS:
        wrong.append(f"activityProgress is {body.get('activityProgress')}")
    if body.get("gradingProgress") not in GRADING_PROGRESS:
        wrong.append(f"gradingProgress is {body.get('gradingProgress')}")
    if not _is_timestamp(body.get("timestamp")):
        wrong.append("timestamp is not ISO 8601 with fractions of a second and a zone")
    given, maximum = body.get("scoreGiven"), body.get("scoreMaximum")
    if "scoreGiven" in body and (not is_number(given) or body["scoreGiven"] < 0):
        wrong.append("scoreGiven is not a number of 0 or more")
    if "scoreGiven" in body and maximum is None:
        wrong.append("scoreGiven came without scoreMaximum")
    if maximum is not None and (not is_number(maximum) or maximum <= 0):
        wrong.append("scoreMaximum is not above 0")
    if not isinstance(body.get("comment", ""), str):
        wrong.append("comment is not text")
    if "scoringUserId" in body and not (isinstance(body["scoringUserId"], str) and body["scoringUserId"]):
        wrong.append("scoringUserId is not text")
    return wrong


def score(body: Mapping[str, Any], item: LineItem, person_id: str, now: datetime) -> Score:
    """The score as it is kept. Only FullyGraded shows a number: anything else empties the cell, as in Moodle."""
    shows = body["gradingProgress"] == "FullyGraded"
    return Score(
        line_item_id=item.id,
        person_id=person_id,
        given=body.get("scoreGiven") if shows else None,
        maximum=body.get("scoreMaximum"),
        timestamp=body["timestamp"],
        received_at=now,
        activity_progress=body["activityProgress"],
        grading_progress=body["gradingProgress"],
        comment=body.get("comment", ""),
    )


def shown_score(kept: Score, item: LineItem) -> float | None:
    """What the cell shows: the score scaled to the column's maximum."""
    if kept.given is None or not kept.maximum:
        return kept.given if kept.maximum == 0 else None
    return round(kept.given / kept.maximum * item.maximum, 2)


def _is_timestamp(value: Any) -> bool:
    if not isinstance(value, str) or not TIMESTAMP.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
