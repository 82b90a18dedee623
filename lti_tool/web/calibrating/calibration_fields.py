"""Fields of the forms about rating together: who was chosen, and what was agreed in the talk."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import abort
from werkzeug.datastructures import MultiDict

from lti_tool.services.calibrating.calibration import Agreed
from lti_tool.services.calibrating.calibration_talk import Strip
from lti_tool.web.form_values import uuid_of
from lti_tool.web.observations.rating_fields import NOT_OBSERVED

OPEN = "open"


def people_in(form: MultiDict[str, str]) -> frozenset[UUID]:
    """Who was chosen."""
    return frozenset(uuid_of(text) for text in form.getlist("people"))


def agreed_in(form: Mapping[str, str]) -> dict[str, Agreed]:
    """What was agreed, by criterion. Where nothing was chosen and nothing written there is nothing to record."""
    found = {}
    for name, words in form.items():
        key = name.removeprefix("words.")
        answer = form.get(f"outcome.{key}", "")
        if name.startswith("words.") and (answer or words.strip()):
            found[key] = Agreed(_level(answer), answer == NOT_OBSERVED, words)
    return found


def outcome_values(strips: Iterable[Strip]) -> dict[str, Any]:
    """The fields as they were recorded."""
    values = {}
    for strip in strips:
        if strip.outcome is None:
            continue
        level = str(strip.outcome.level) if strip.outcome.level is not None else OPEN
        values[f"outcome.{strip.criterion.key}"] = NOT_OBSERVED if strip.outcome.not_observed else level
        values[f"words.{strip.criterion.key}"] = strip.outcome.words
    return values


def _level(answer: str) -> int | None:
    if answer in ("", OPEN, NOT_OBSERVED):
        return None
    if not (answer.isascii() and answer.isdecimal() and len(answer) < 4):
        abort(400)
    return int(answer)
