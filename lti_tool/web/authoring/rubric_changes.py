"""What changed in a rubric, as a page tells it: grouped by criterion, each place by its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from lti_tool.web.authoring.rubric_places import called
from lti_tool.web.texts import _N, comma, gettext
from lti_tool.web.words import word
from rubrics.changes import Change, Kind
from rubrics.rubric import Principle, Rubric

ADDED = _N("added")
REMOVED = _N("taken out")
MOVED = _N("moved from place %(before)s to place %(after)s")


@dataclass(frozen=True, slots=True)
class Line:
    """One change: what it is called, its kind, and what stood there before and stands there now."""

    called: str
    kind: Kind
    before: str | None
    after: str | None
    said: str | None
    """In words what happened, where no text was changed."""
    lang: str | None
    """The language of the text, where it is text of the rubric."""


@dataclass(frozen=True, slots=True)
class Group:
    """What changed in one criterion, in the rubric as a whole, or in one language."""

    key: str
    heading: str
    lang: str | None
    """The language of the heading, where it is text of the rubric."""
    said: tuple[str, ...]
    """What happened to the whole of it."""
    lines: tuple[Line, ...]


def changed(found: Iterable[Change], before: Rubric, after: Rubric) -> tuple[Group, ...]:
    """The changes in groups, the rubric as a whole first."""
    return tuple(
        _group(name, tuple(changes), before, after) for name, changes in groupby(found, key=lambda one: _of(one.place))
    )


def _of(place: str) -> tuple[str, str]:
    """Which group a place belongs to: a criterion, a language, or the whole."""
    first, _dot, rest = place.partition(".")
    return (first, rest.partition(".")[0]) if first in ("criteria", "translations") else ("", "")


def _group(name: tuple[str, str], changes: tuple[Change, ...], before: Rubric, after: Rubric) -> Group:
    kind, key = name
    whole = [one for one in changes if kind and one.place == f"{kind}.{key}"]
    lines = [_line(one, kind, key, after) for one in changes if one not in whole]
    said = tuple(sentence for one in whole if (sentence := _said(one)))
    match kind:
        case "criteria":
            criterion = after.criterion(key) or before.criterion(key)
            statement = criterion.statement if criterion else key
            return Group(f"criterion-{key}", statement, after.language, said, tuple(lines))
        case "translations":
            heading = gettext("In another language: %(language)s", language=key)
            return Group(f"language-{key}", heading, None, said, tuple(lines))
        case _:
            return Group("whole", gettext("The rubric as a whole"), None, said, tuple(lines))


def _line(change: Change, kind: str, key: str, after: Rubric) -> Line:
    inside = change.place.removeprefix(f"{kind}.{key}.") if kind else change.place
    name = called(inside.split("."), after)
    if change.kind is Kind.MOVED:
        return Line(name, change.kind, None, None, _said(change), None)
    if change.kind is Kind.RULE:
        return Line(name, change.kind, _rule(inside, change.before), _rule(inside, change.after), None, None)
    lang = key if kind == "translations" else after.language
    return Line(name, change.kind, change.before or None, change.after or None, _said(change), lang)


def _said(change: Change) -> str | None:
    match change.kind:
        case Kind.ADDED:
            return gettext(ADDED)
        case Kind.REMOVED:
            return gettext(REMOVED)
        case Kind.MOVED:
            return gettext(MOVED, before=change.before, after=change.after)
        case _:
            return None


def _rule(inside: str, value: str | None) -> str | None:
    if inside.endswith("principles"):
        return comma().join(word(Principle(name)) for name in (value or "").split(", ") if name) or gettext("none")
    return {"yes": gettext("yes"), "no": gettext("no")}.get(value or "", value)
