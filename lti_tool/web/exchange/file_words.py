"""How the rows of a file's plan are told: which are shown, and the words for places in rubrics and frameworks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.services.exchange.planning import Fate, Of
from lti_tool.web.authoring import rubric_places
from lti_tool.web.texts import _N, comma, gettext

SHOWN: Mapping[str, frozenset[str]] = {
    "changes": frozenset({Fate.NEW, Fate.CHANGED, Fate.GONE, Fate.REPLACED}),
    "new": frozenset({Fate.NEW}),
    "changed": frozenset({Fate.CHANGED}),
    "gone": frozenset({Fate.GONE, Fate.REPLACED}),
    "same": frozenset({Fate.SAME}),
    "all": frozenset(Fate),
}
"""What the address may ask for, and the rows that it means."""
LABELS = {
    "changes": _N("What changes"),
    "new": _N("New"),
    "changed": _N("Changed"),
    "gone": _N("Not in the file"),
    "same": _N("The same"),
    "all": _N("All rows"),
}
PLACES = rubric_places.NAMES | {
    "added": _N("Added"),
    "adoption_status": _N("How far it is adopted"),
    "changed_at": _N("Changed at its source"),
    "code": _N("Code"),
    "creator": _N("Made by"),
    "deprecated_on": _N("Not in use since"),
    "description": _N("Description"),
    "destination_title": _N("Title of the other one"),
    "destination_uri": _N("Address of the other one"),
    "kind": _N("Kind"),
    "moved": _N("Place in the list"),
    "note": _N("Note"),
    "notes": _N("Notes"),
    "notice": _N("Notice of its owner"),
    "observable": _N("Can be seen in a session"),
    "order": _N("Order"),
    "parent": _N("Belongs to"),
    "publisher": _N("Published by"),
    "replaced_by": _N("Replaced by"),
    "reviewed_by_your_people": _N("Looked at by your people"),
    "short": _N("Short form"),
    "source": _N("Taken from"),
    "type_name": _N("Kind, as its source calls it"),
    "uri": _N("Address"),
    "version": _N("Version"),
}
"""The parts of a place such as `levels.3.anchor`, in words."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice of rows: what the address calls it, its label, how many rows it has."""

    key: str
    label: str
    count: int


def filters(counts: Mapping[str, int]) -> tuple[Filter, ...]:
    """The choices that have rows."""
    found = (
        Filter(key, gettext(LABELS[key]), sum(counts.get(fate, 0) for fate in fates)) for key, fates in SHOWN.items()
    )
    return tuple(each for each in found if each.count)


def chosen(asked: str | None, choices: Sequence[Filter]) -> str:
    """What the address asks for, or the first that there is: what changes, else all."""
    keys = [each.key for each in choices]
    return asked if asked in keys else keys[0] if keys else "all"


def lines_of(plan: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The rows of this choice, in the order of the file."""
    return [line for line in plan["lines"] if line["fate"] in SHOWN[key]]


def place_in_words(place: str, of: str) -> str:
    """`levels.3.anchor` as `Level 3, What is seen`; what is no word of ours stays as it is. `of` is a row's."""
    words, parts = [], iter(place.split("."))
    for part in parts:
        if part == "levels":
            words.append(gettext("Level %(number)s", number=next(parts, "")))
        elif part == "statement" and of == Of.COMPETENCY:
            words.append(gettext("Statement"))
        else:
            words.append(gettext(PLACES[part]) if part in PLACES else part)
    return comma().join(words)


def sentences(told: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Place and sentence of each note or problem, in the reader's language."""
    return [(each["place"], _sentence(each)) for each in told]


def _sentence(told: Mapping[str, Any]) -> str:
    sentence = gettext(told["template"])
    return sentence % told["values"] if told["values"] else sentence
