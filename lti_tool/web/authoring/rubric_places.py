"""Places in a rubric as people call them, and where in the builder they are.

Both ways of writing a place are understood: by keys, `criteria.pauses.levels.2.anchor`, and counted from 1,
`criteria[3].levels[2].anchor`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from lti_tool.web.texts import _N, comma, gettext, quoted
from rubrics.rubric import Criterion, Rubric

NAMES = {
    "key": _N("Key"),
    "title": _N("Title"),
    "summary": _N("What it is for"),
    "language": _N("Language"),
    "license": _N("License"),
    "provenance": _N("Where the words come from"),
    "reviewed_by_lived_experience": _N("Reviewed with lived experience"),
    "contributors": _N("Named for taking part"),
    "pilot": _N("Being tried out"),
    "criteria": _N("Criteria"),
    "translations": _N("Languages"),
    "statement": _N("What can be seen or heard"),
    "may_be_not_observed": _N("May be not seen"),
    "must_be_met": _N("Must be met"),
    "relational": _N("Relational"),
    "met_at": _N("Met from level"),
    "principles": _N("Principles"),
    "watch_for": _N("What works against it"),
    "guide": _N("Guide"),
    "example": _N("Example"),
    "alignments": _N("Competency that it shows"),
    "levels": _N("Levels"),
    "number": _N("Number"),
    "label": _N("Name"),
    "anchor": _N("What is seen"),
    "identifier": _N("Identifier"),
    "reason": _N("Reason"),
    "citation": _N("Source"),
}
_COUNTED = re.compile(r"\w+")
_OF_AN_ALIGNMENT = frozenset({"identifier", "reason", "citation"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a draft: which criterion and which language it belongs to, and what it is called there."""

    called: str
    criterion: Criterion | None
    number: int | None
    """Which criterion it is, counted from 1."""
    language: str | None
    """Of the translation that it is in; None for the rubric's own language."""
    address: str
    """Where it is written."""


def counted(draft_id: UUID, rubric: Rubric, place: str) -> Spot:
    """A place that is counted from 1, in a draft."""
    names = _COUNTED.findall(place)
    language, criterion, number = None, None, None
    if names[0] == "translations" and len(names) > 1:
        language = rubric.translations[int(names[1]) - 1].language
        names = names[2:]
    if names[:1] == ["criteria"] and len(names) > 1:
        number = int(names[1])
        criterion = rubric.criteria[number - 1]
        names = names[2:]
    address = f"{_page(draft_id, criterion, language)}#{_field(names, criterion, language)}"
    return Spot(comma().join(_parts(names)), criterion, number, language, address)


def called(names: Sequence[str], rubric: Rubric) -> str:
    """A place by keys, taken apart, in words: such as “Level 2, What is seen”."""
    match list(names):
        case ["criteria", key, *rest]:
            criterion = rubric.criterion(key)
            return comma().join((quoted(criterion.statement if criterion else key), *_parts(rest)))
        case rest:
            return comma().join(_parts(rest))


def _parts(names: Sequence[str]) -> Iterator[str]:
    match list(names):
        case ["levels", number, *rest]:
            yield gettext("Level %(number)s", number=number)
            yield from _parts(rest)
        case ["alignments", *competency] if competency[-1:] and competency[-1] in _OF_AN_ALIGNMENT:
            yield gettext(NAMES["alignments"])
            yield ".".join(competency[:-1])
            yield gettext(NAMES[competency[-1]])
        case [name, *_rest]:
            yield gettext(NAMES.get(name, name))
        case _:
            return


def _page(draft_id: UUID, criterion: Criterion | None, language: str | None) -> str:
    if criterion and language:
        return url_for("translating.criterion", draft_id=draft_id, language=language, criterion=criterion.key)
    if language:
        return url_for("translating.translation", draft_id=draft_id, language=language)
    if criterion:
        return url_for("criteria.criterion", draft_id=draft_id, criterion=criterion.key)
    return url_for("builder.draft", draft_id=draft_id)


def _field(names: Sequence[str], criterion: Criterion | None, language: str | None) -> str:
    """What the builder's page calls the field, or the part of the page that it is in."""
    before = (*(("translations", language) if language else ()), *(("criteria", criterion.key) if criterion else ()))
    match list(names):
        case ["levels", number, name] if criterion:
            level = str(criterion.levels[int(number) - 1].number)
            return f"level-{level}" if name == "number" else "field-" + ".".join((*before, "levels", level, name))
        case ["levels", *_rest]:
            return "levels"
        case ["alignments", *_rest]:
            return "competencies"
        case ["criteria"]:
            return "criteria-heading"
        case ["principles"]:
            return "field-" + ".".join((*before, "principles-1"))
        case ["watch_for", *_line] if language is None:
            return "field-" + ".".join((*before, "watch_for"))
        case rest:
            return "field-" + ".".join((*before, *rest))
