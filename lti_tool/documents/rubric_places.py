"""Places in a rubric's document: what stands there, and the same document with something else there.

A place is written as people would say it: `title`, `criteria.listens.statement`, `criteria.listens.levels.2.anchor`,
`translations.es.criteria.listens.statement`. Beside the fields there are places for what is added, taken out or moved:
`criteria.listens` (all of it, None while there is none), `criteria.listens.position`, `criteria.listens.levels`,
`criteria.listens.alignments`, `translations.es`; the empty place is the whole document.

A document may be partial: a field of a criterion needs no other criterion to be there.
"""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rubrics.rubric import Principle

Document = dict[str, Any]


class Kind(StrEnum):
    """What can stand at a place."""

    TEXT = "text"
    LINES = "lines"
    FLAG = "flag"
    NUMBER = "number"
    PRINCIPLES = "principles"
    ALL = "all"
    CRITERION = "criterion"
    POSITION = "position"
    LEVELS = "levels"
    ALIGNMENTS = "alignments"
    TRANSLATION = "translation"


FIELDS = frozenset({Kind.TEXT, Kind.LINES, Kind.FLAG, Kind.NUMBER, Kind.PRINCIPLES})
"""What a person types or ticks; everything else is an act of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place, taken apart."""

    kind: Kind
    name: str = ""
    criterion: str | None = None
    level: int | None = None
    language: str | None = None
    competency: str | None = None
    line: int | None = None


class NoSuchPlace(Exception):
    """What the place belongs to is not in the document, or nothing is called so."""


_CRITERION = r"criteria\.(?P<criterion>[a-z0-9]+(?:-[a-z0-9]+)*)"
_TRANSLATION = r"translations\.(?P<language>[^.]+)"
_LEVEL_TEXT = r"\.levels\.(?P<level>\d{1,3})\.(?P<name>label|anchor|example)"
_OF_CRITERION = r"\.(?P<name>statement|guide|example)"
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(form))
    for kind, form in (
        (Kind.ALL, r""),
        (Kind.TEXT, r"(?P<name>title|summary|language|license|provenance)"),
        (Kind.LINES, r"(?P<name>contributors)"),
        (Kind.FLAG, r"(?P<name>pilot)"),
        (Kind.CRITERION, _CRITERION),
        (Kind.POSITION, rf"{_CRITERION}\.position"),
        (Kind.LEVELS, rf"{_CRITERION}\.levels"),
        (Kind.ALIGNMENTS, rf"{_CRITERION}\.alignments"),
        (Kind.TEXT, rf"{_CRITERION}{_OF_CRITERION}"),
        (Kind.LINES, rf"{_CRITERION}\.(?P<name>watch_for)"),
        (Kind.FLAG, rf"{_CRITERION}\.(?P<name>may_be_not_observed|must_be_met|relational)"),
        (Kind.NUMBER, rf"{_CRITERION}\.(?P<name>met_at)"),
        (Kind.PRINCIPLES, rf"{_CRITERION}\.(?P<name>principles)"),
        (Kind.TEXT, rf"{_CRITERION}{_LEVEL_TEXT}"),
        (Kind.TEXT, rf"{_CRITERION}\.alignments\.(?P<competency>.+)\.(?P<name>reason|citation)"),
        (Kind.TRANSLATION, _TRANSLATION),
        (Kind.TEXT, rf"{_TRANSLATION}\.(?P<name>title|summary|provenance)"),
        (Kind.TEXT, rf"{_TRANSLATION}\.{_CRITERION}{_OF_CRITERION}"),
        (Kind.TEXT, rf"{_TRANSLATION}\.{_CRITERION}\.(?P<name>watch_for)\.(?P<line>\d{{1,3}})"),
        (Kind.TEXT, rf"{_TRANSLATION}\.{_CRITERION}{_LEVEL_TEXT}"),
    )
)
_NOTHING: dict[Kind, Callable[[], Any]] = {
    Kind.TEXT: str, Kind.LINES: list, Kind.FLAG: bool, Kind.NUMBER: int, Kind.PRINCIPLES: list,
}  # fmt: skip
_LEFT_OUT_WHEN_EMPTY = frozenset({"contributors", "pilot", "translations", "reason", "citation"})


def place_of(written: str) -> Place:
    """The place that is written so. Raises `NoSuchPlace`."""
    for kind, form in _FORMS:
        found = form.fullmatch(written)
        if found:
            parts: dict[str, Any] = found.groupdict()
            numbers = {name: int(parts[name]) for name in ("level", "line") if parts.get(name)}
            return Place(kind=kind, **parts | numbers)
    raise NoSuchPlace(written)


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


def comparable(value: Any) -> Any:
    """What two values have in common when they say the same: positions, order of words and what is empty aside."""
    if isinstance(value, dict):
        found = {name: comparable(each) for name, each in value.items() if name != "position"}
        return {name: each for name, each in found.items() if each not in ("", [], {}, None, False)}
    if isinstance(value, list):
        items = [comparable(each) for each in value]
        of_words = all(isinstance(each, dict) and not ({"met_at", "competency"} & set(each)) for each in items)
        if of_words and items and all("key" in each or "number" in each for each in items):
            said = [each for each in items if set(each) - {"key", "number"}]
            return sorted(said, key=lambda each: (str(each.get("key", "")), each.get("number", 0)))
        return items
    return value


# ---- as people type it ----


def as_text(kind: Kind, value: Any) -> str:
    """A field's value as a form holds it: lines one below the other, `yes` for what is ticked."""
    match kind:
        case Kind.LINES:
            return "\n".join(value)
        case Kind.PRINCIPLES:
            return "\n".join(each.value for each in Principle if each.value in value)
        case Kind.FLAG:
            return "yes" if value else ""
        case Kind.TEXT:
            return plain(str(value))
        case _:
            return str(value)


def from_text(kind: Kind, text: str) -> Any:
    """The value that a form holds so. Raises `ValueError` for what no form of ours sends."""
    text = plain(text)
    match kind:
        case Kind.LINES:
            return [line.strip() for line in text.split("\n") if line.strip()]
        case Kind.PRINCIPLES:
            chosen = {Principle(name) for name in text.split()}
            return [each.value for each in Principle if each in chosen]
        case Kind.FLAG:
            return text == "yes"
        case Kind.NUMBER:
            return int(text)
        case _:
            return text


def plain(text: str) -> str:
    """The text without what cannot be seen at its ends, its lines ended in one way."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


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
