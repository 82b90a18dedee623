"""A scenario's form: names and texts on one side, the scenario on the other; and what a list is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from flask import abort, request
from werkzeug.datastructures import MultiDict

from lti_tool.services.authoring.scenario_lists import Wanted
from lti_tool.store.scenarios import ScenarioState
from lti_tool.web.texts import comma, gettext
from lti_tool.web.words import word
from rubrics.practice import PracticeModel, Setting
from rubrics.scenario import KnownTag, Scenario, cannot_be_kept, lines_of, tag_of, tags_of

Value = TypeVar("Value", bound=StrEnum)

_TEXTS = ("title", "about", "words", "roles", "language", "group", "license", "credits")
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Typed:
    """What someone typed: the scenario that it makes, and by field what is still needed to keep it."""

    scenario: Scenario
    problems: Mapping[str, str] = field(default_factory=dict)


def typed(form: MultiDict[str, str]) -> Typed:
    """What this form makes. Answers 400 to what no form of ours sends."""
    texts: dict[str, Any] = {name: _text(form, name) for name in _TEXTS}
    scenario = Scenario(
        **texts,
        content_notes=lines_of(_text(form, "content_notes")),
        tags=tags_of(form.getlist("tag"), _text(form, "own_tags")),
        models=tuple(_values(PracticeModel, form.getlist("model"))),
        settings=tuple(_values(Setting, form.getlist("setting"))),
    )
    return Typed(scenario, {each.place: gettext(each.sentence) for each in cannot_be_kept(scenario)})


def values_of(scenario: Scenario) -> dict[str, Any]:
    """The fields as the scenario fills them in."""
    known = set(KnownTag)
    return {name: getattr(scenario, name) for name in _TEXTS} | {
        "content_notes": "\n".join(scenario.content_notes),
        "tag": [tag for tag in scenario.tags if tag in known],
        "own_tags": comma().join(tag for tag in scenario.tags if tag not in known),
        "model": [model.value for model in scenario.models],
        "setting": [setting.value for setting in scenario.settings],
    }


def choices(kind: type[StrEnum]) -> list[tuple[str, str, None]]:
    """The values of a list for checkboxes."""
    return [(value.value, word(value).capitalize(), None) for value in kind]


def tag_word(tag: str) -> str:
    """A tag on screen: the known ones in the reader's language, a program's own as they are written."""
    return word(KnownTag(tag)) if tag in set(KnownTag) else tag


def wanted(states: frozenset[ScenarioState], *, language: str = "") -> Wanted:
    """What the address asks of a list; `language` where it does not say. What no form of ours sends is not asked."""
    return Wanted(
        words=request.args.get("q", "").replace("\0", "")[:200].strip(),
        tag=tag_of(request.args.get("tag", "").replace("\0", ""))[:200],
        model=value_if_any(PracticeModel, request.args.get("model")),
        setting=value_if_any(Setting, request.args.get("setting")),
        language=request.args.get("language", language).replace("\0", "")[:20],
        states=states,
    )


def value_if_any(kind: type[Value], text: str | None) -> Value | None:
    """The value; None where nothing was given, or something that is none."""
    try:
        return kind(text) if text else None
    except ValueError:
        return None


def _values(kind: type[Value], texts: list[str]) -> list[Value]:
    try:
        return [each for each in kind if each in {kind(text) for text in texts}]
    except ValueError:
        abort(400)


def _text(form: Mapping[str, str], name: str) -> str:
    text = form.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LONGEST:
        abort(400)
    return text
