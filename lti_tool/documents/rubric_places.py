"""Places in a rubric's document, by which a draft is written piece by piece.

A place is written as people would say it: `title`, `criteria.listens.statement`, `criteria.listens.levels.2.anchor`,
`translations.es.criteria.listens.statement`. Beside the fields there are places for what is added, taken out or moved:
`criteria.listens` (all of it, None while there is none), `criteria.listens.position`, `criteria.listens.levels`,
`criteria.listens.alignments`, `translations.es`; the empty place is the whole document.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
        (Kind.TEXT, rf"{_CRITERION}\.alignments\.(?P<competency>(?s:.*))\.(?P<name>reason|citation)"),
        (Kind.TRANSLATION, _TRANSLATION),
        (Kind.TEXT, rf"{_TRANSLATION}\.(?P<name>title|summary|provenance)"),
        (Kind.TEXT, rf"{_TRANSLATION}\.{_CRITERION}{_OF_CRITERION}"),
        (Kind.TEXT, rf"{_TRANSLATION}\.{_CRITERION}\.(?P<name>watch_for)\.(?P<line>\d{{1,3}})"),
        (Kind.TEXT, rf"{_TRANSLATION}\.{_CRITERION}{_LEVEL_TEXT}"),
    )
)


def place_of(written: str) -> Place:
    """The place that is written so. Raises `NoSuchPlace`."""
    for kind, form in _FORMS:
        found = form.fullmatch(written)
        if found:
            parts: dict[str, Any] = found.groupdict()
            numbers = {name: int(parts[name]) for name in ("level", "line") if parts.get(name)}
            return Place(kind=kind, **parts | numbers)
    raise NoSuchPlace(written)
