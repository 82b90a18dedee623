"""Fields about the kind of practice, in several forms: models, settings, compensation, days."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import abort, request

from lti_tool.web.form_values import day_of
from lti_tool.web.texts import gettext as _
from lti_tool.web.words import word
from rubrics.placing import Days

Choice = TypeVar("Choice", bound=StrEnum)


def one_of(kind: type[Choice], name: str) -> Choice | None:
    """What the field holds; None where nothing was chosen. Ends the request for what no form of ours sends."""
    text = request.form.get(name, "")
    try:
        return kind(text) if text else None
    except ValueError:
        abort(400)


def several_of(kind: type[Choice], name: str) -> frozenset[Choice]:
    """What the boxes hold. Ends the request for what no form of ours sends."""
    try:
        return frozenset(kind(text) for text in request.form.getlist(name))
    except ValueError:
        abort(400)


def boxes(kind: type[StrEnum]) -> list[tuple[str, str, None]]:
    """Every value with its word, for radios and checkboxes."""
    return [(one.value, word(one), None) for one in kind]


def options(kind: type[StrEnum], nothing: str) -> list[tuple[str, str]]:
    """Every value with its word, for a select; `nothing` is said for none of them."""
    return [("", nothing), *((one.value, word(one)) for one in kind)]


def typed_days(problems: dict[str, str], *, usual: date) -> Days:
    """The fields `from` and `until`; what cannot be read is noted in `problems`, and `usual` stands in for it."""
    days: Mapping[str, date | None] = {name: _day(name, problems) for name in ("from", "until")}
    return Days(days["from"] or usual, days["until"])


def _day(name: str, problems: dict[str, str]) -> date | None:
    try:
        return day_of(request.form.get(name))
    except ValueError:
        problems[name] = _("Please write each day as year, month and day: 2026-03-31.")
        return None
