"""Reading and writing at a place of a rubric's document.

A document may be partial: a field of a criterion needs no other criterion to be there.
"""

import copy
from collections.abc import Callable
from typing import Any

from lti_tool.documents.rubric_places import FIELDS, Kind, NoSuchPlace, Place

Document = dict[str, Any]

_NOTHING: dict[Kind, Callable[[], Any]] = {
    Kind.TEXT: str, Kind.LINES: list, Kind.FLAG: bool, Kind.NUMBER: int, Kind.PRINCIPLES: list,
}  # fmt: skip
_LEFT_OUT_WHEN_EMPTY = frozenset({"contributors", "pilot", "translations", "reason", "citation"})


def value_at(document: Document, place: Place) -> Any:
    """What stands there, as JSON. Raises `NoSuchPlace`; what may be absent (a criterion, a translation) is None."""
    if place.kind in FIELDS:
        return copy.deepcopy(_read_field(document, place))
    return copy.deepcopy(_READ[place.kind](document, place))


def with_value(document: Document, place: Place, value: Any) -> Document:
    """The document with this at the place; the one that was given stays as it is. Raises `NoSuchPlace`."""
    if place.kind is Kind.ALL:
        return copy.deepcopy(dict(value))
    changed = copy.deepcopy(document)
    if place.kind in FIELDS:
        _write_field(changed, place, copy.deepcopy(value))
    else:
        _WRITE[place.kind](changed, place, copy.deepcopy(value))
    return changed


# ---- fields ----


def _read_field(document: Document, place: Place) -> Any:
    value = _holder(document, place, make=False).get(place.name, [] if place.line else _NOTHING[place.kind]())
    if place.line:
        return "".join(value[place.line - 1 : place.line])
    return value


def _write_field(document: Document, place: Place, value: Any) -> None:
    holder = _holder(document, place, make=True)
    if place.line:
        lines = list(holder.get(place.name, []))
        lines += [""] * (place.line - len(lines))
        lines[place.line - 1] = value
        while lines and not lines[-1]:
            lines.pop()
        value = lines
    holder[place.name] = value
    if not value and (place.name in _LEFT_OUT_WHEN_EMPTY or (place.name == "example" and place.level)):
        del holder[place.name]
    if place.competency:
        criterion = _one(document["criteria"], "key", place.criterion)
        criterion["alignments"] = [_briefly(each) for each in criterion["alignments"]]


def _briefly(alignment: Document) -> str | Document:
    """An alignment as a rubric's document has it: one of which only the competency is known is its code."""
    return str(alignment["competency"]) if len(alignment) == 1 else alignment


def _holder(document: Document, place: Place, *, make: bool) -> Document:
    """The entries that the field is one of; with `make`, words of a translation that were never written begin."""
    if place.language is not None:
        return _words(document, place, make=make)
    holder = document
    if place.criterion is not None:
        holder = _one(document["criteria"], "key", place.criterion)
    if place.level is not None:
        return _one(holder["levels"], "number", place.level)
    if place.competency is not None:
        spelled_out = [{"competency": each} if isinstance(each, str) else each for each in holder["alignments"]]
        if make:
            holder["alignments"] = spelled_out
        return _one(spelled_out, "competency", place.competency)
    return holder


def _words(document: Document, place: Place, *, make: bool) -> Document:
    words = _one(document.get("translations", []), "language", str(place.language))
    if place.criterion is None:
        return words
    criterion = _one(document["criteria"], "key", place.criterion)
    nothing: Document = {
        "key": place.criterion,
        "statement": "",
        "guide": "",
        "example": "",
        "watch_for": [],
        "levels": [],
    }
    words = _begun(words["criteria"], "key", nothing, make=make)
    if place.level is None:
        return words
    _one(criterion["levels"], "number", place.level)
    nothing = {"number": place.level, "label": "", "anchor": "", "example": ""}
    return _begun(words["levels"], "number", nothing, make=make)


def _one(entries: list[Document], name: str, value: object) -> Document:
    for entry in entries:
        if entry[name] == value:
            return entry
    raise NoSuchPlace(value)


def _begun(entries: list[Document], name: str, nothing: Document, *, make: bool) -> Document:
    try:
        return _one(entries, name, nothing[name])
    except NoSuchPlace:
        if make:
            entries.append(nothing)
        return nothing


# ---- what is added, taken out or moved ----


def _index(document: Document, key: str | None) -> int | None:
    return next((at for at, each in enumerate(document["criteria"]) if each["key"] == key), None)


def _read_criterion(document: Document, place: Place) -> Any:
    at = _index(document, place.criterion)
    if at is None:
        return None
    return {"position": at, "criterion": document["criteria"][at], "words": _words_of_all(document, place, "criteria")}


def _words_of_all(document: Document, place: Place, name: str) -> dict[str, Any]:
    """By language, the words of this criterion, or (`levels`) those of its levels."""
    found = {}
    for translation in document.get("translations", []):
        for words in translation["criteria"]:
            if words["key"] == place.criterion:
                found[translation["language"]] = words["levels"] if name == "levels" else words
    return found


def _write_criterion(document: Document, place: Place, value: Any) -> None:
    document["criteria"] = [each for each in document["criteria"] if each["key"] != place.criterion]
    for translation in document.get("translations", []):
        translation["criteria"] = [each for each in translation["criteria"] if each["key"] != place.criterion]
        if value is not None and translation["language"] in value["words"]:
            translation["criteria"].append(value["words"][translation["language"]])
    if value is not None:
        document["criteria"].insert(value["position"], value["criterion"])


def _read_position(document: Document, place: Place) -> Any:
    at = _index(document, place.criterion)
    if at is None:
        raise NoSuchPlace(place.criterion)
    return at


def _write_position(document: Document, place: Place, value: Any) -> None:
    moved = document["criteria"].pop(_read_position(document, place))
    document["criteria"].insert(value, moved)


def _read_levels(document: Document, place: Place) -> Any:
    criterion = _one(document["criteria"], "key", place.criterion)
    words = _words_of_all(document, place, "levels")
    return {"levels": criterion["levels"], "met_at": criterion["met_at"], "words": words}


def _write_levels(document: Document, place: Place, value: Any) -> None:
    criterion = _one(document["criteria"], "key", place.criterion)
    criterion["levels"], criterion["met_at"] = value["levels"], value["met_at"]
    for translation in document.get("translations", []):
        for words in translation["criteria"]:
            if words["key"] == place.criterion:
                words["levels"] = value["words"].get(translation["language"], [])


def _read_alignments(document: Document, place: Place) -> Any:
    return _one(document["criteria"], "key", place.criterion)["alignments"]


def _write_alignments(document: Document, place: Place, value: Any) -> None:
    _one(document["criteria"], "key", place.criterion)["alignments"] = value


def _read_translation(document: Document, place: Place) -> Any:
    for at, each in enumerate(document.get("translations", [])):
        if each["language"] == place.language:
            return {"position": at, "translation": each}
    return None


def _write_translation(document: Document, place: Place, value: Any) -> None:
    translations = [each for each in document.get("translations", []) if each["language"] != place.language]
    if value is not None:
        translations.insert(value["position"], value["translation"])
    document["translations"] = translations
    if not translations:
        del document["translations"]


_READ: dict[Kind, Callable[[Document, Place], Any]] = {
    Kind.ALL: lambda document, _place: document,
    Kind.CRITERION: _read_criterion,
    Kind.POSITION: _read_position,
    Kind.LEVELS: _read_levels,
    Kind.ALIGNMENTS: _read_alignments,
    Kind.TRANSLATION: _read_translation,
}
_WRITE: dict[Kind, Callable[[Document, Place, Any], None]] = {
    Kind.CRITERION: _write_criterion,
    Kind.POSITION: _write_position,
    Kind.LEVELS: _write_levels,
    Kind.ALIGNMENTS: _write_alignments,
    Kind.TRANSLATION: _write_translation,
}
