"""A program's document as fields, and a need as a sentence with blanks.

Each blank is called by its place: the names that lead to it, with / between them; a stage, a requirement or an edition
is named by its key, and by ~2 behind it where it is the second of that key. The amount of "250 hours" is two blanks.
What no blank reaches is told in words elsewhere, and stays as it is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from grading.evidence import Kind
from grading.periods import Calendar
from grading.requirements.needs import Measure
from lti_tool.documents.program_editing import Path, tables, value_at
from lti_tool.documents.program_field_texts import as_text
from lti_tool.documents.program_fields import Form, form_of
from rubrics.refusal import _N

DEEPEST = 60
"""A place has no more parts."""
BY_KEY = frozenset({"stages", "requirements", "editions"})
PARTS = ("all_of", "any_of", "parts")
AMOUNTS = frozenset({"at_least", "at_most", "each_at_least"})
CONDITIONS: Mapping[str, str] = {
    "since": _N("since %(blank)s"),
    "until": _N("until %(blank)s"),
    "last": _N("of the last %(blank)s"),
    "within": _N("all within one stretch of %(blank)s"),
    "in_force": _N("in force on %(blank)s"),
    "once_per": _N("once for each %(blank)s"),
    "unit": _N("counted in %(blank)s"),
    "pot": _N("not a second time in the pot %(blank)s"),
}
"""What a selection can ask beside its kind and `where`."""


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank of a sentence."""

    place: str
    form: Form
    text: str
    label: str
    """What it is, for who does not see where it stands."""
    choices: tuple[str, ...] = ()
    named: str = ""
    """The name whose values it holds, such as `category`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sentence: a template with a %(name)s place for each blank."""

    template: str
    blanks: Mapping[str, Blank] = field(default_factory=dict)
    deep: int = 0
    removes: str = ""
    """The place of what can be taken out with it."""
    adds: str = ""
    """`where`, `condition`, `cap` or `part`, and behind a : the place to which more can be added."""
    beyond: bool = False
    """It is written in a way that has no blanks."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Plain words in the template."""


_WORDS_OF = {
    "stages": ("key", "title", "kind"),
    "requirements": ("key", "title", "stage"),
    "editions": ("key",),
}


def outline(text: str) -> dict[str, Any]:
    """What a text says. Raises `ValueError` also where stages and their like are not in the shape that fields have."""
    said = tables(text)
    names = said.get("names", {})
    if not all(_are_tables(said.get(name, [])) for name in ("stages", "requirements", "editions", "lifecycle")):
        raise ValueError("not a list of tables")
    if not isinstance(names, dict) or not all(isinstance(each, list) for each in names.values()):
        raise ValueError("not lists of words")
    for table, words in _WORDS_OF.items():
        if any(isinstance(each.get(word), dict | list) for each in said.get(table, []) for word in words):
            raise ValueError("not a word")
    if not all(isinstance(each.get("editions", []), list) for each in said.get("requirements", [])):
        raise ValueError("not a list of words")
    return said


# ---- places ----


def place_of(said: Any, path: Path) -> str:
    """How a place is called."""
    parts = list[str]()
    for number, part in enumerate(path):
        if number == 1 and path[0] in BY_KEY and isinstance(part, int):
            parts.append(quote(_name(said, str(path[0]), part), safe="~"))
        else:
            parts.append(quote(str(part), safe="~"))
    return "/".join(parts)


def path_of(said: Any, place: str) -> Path | None:
    """The path of a place; None where nothing is called so. The amounts' own two blanks are part of it."""
    parts = [unquote(each) for each in place.split("/")]
    if len(parts) > DEEPEST or (parts[0] == "lifecycle" and "lifecycle" not in said):
        return None
    path = list[str | int]()
    here = said
    for number, part in enumerate(parts):
        step: str | int = part
        if number == 1 and parts[0] in BY_KEY:
            found = _number(said, parts[0], part)
            if found is None:
                return None
            step = found
        elif isinstance(here, list):
            if not part.isdecimal() or int(part) >= len(here):
                return None
            step = int(part)
        path.append(step)
        here = value_at(here, (step,))
    return tuple(path)


def _name(said: Any, table: str, number: int) -> str:
    keys = [str(each.get("key", "")) for each in said[table]]
    before = keys[:number].count(keys[number])
    return f"{keys[number]}~{before + 1}" if before else keys[number]


def _number(said: Any, table: str, name: str) -> int | None:
    every = said.get(table)
    if not isinstance(every, list):
        return None
    return next((number for number in range(len(every)) if _name(said, table, number) == name), None)


# ---- the sentence ----


def sentence(said: Any, path: Path) -> tuple[Line, ...]:
    """What the need at this path asks, as lines with blanks."""
    need = value_at(said, path)
    return tuple(_Writer(said).need(need, path, 0)) if isinstance(need, dict) else ()


def blank(said: Any, path: Path, label: str = "", choices: tuple[str, ...] = ()) -> Blank:
    """One field by itself."""
    form = form_of(path)
    return Blank(place_of(said, path), form, as_text(form, path, said), label, choices)


class _Writer:
    def __init__(self, said: Any) -> None:
        self.said = said

    def need(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        for form, write in _WRITERS.items():
            if form in need:
                yield from write(self, need, path, deep)
                return
        yield self.beyond(deep)

    def beyond(self, deep: int) -> Line:
        return Line(_N("This is written in a way that has no blanks. Its words stand below."), deep=deep, beyond=True)

    def blank(self, path: Path, label: str, choices: tuple[str, ...] = ()) -> Blank:
        return blank(self.said, path, label, choices)

    def bounded(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        form = next(each for each in ("at_least", "at_most") if each in need)
        if not isinstance(need.get("of"), dict):
            yield self.beyond(deep)
            return
        blanks = self.amount((*path, form)) | {"kind": self.kind((*path, "of", "kind"))}
        if "distinct" in need:
            blanks = {"number": blanks["number"], "kind": blanks["kind"]}
            blanks["name"] = self.blank((*path, "distinct"), _N("what differs"))
            template = _DISTINCT[form]
        else:
            template = _BOUNDED[form]
        yield Line(template, blanks, deep)
        if "measure" in need:
            measures = tuple(each.value for each in Measure if each is not Measure.DISTINCT)
            measure = self.blank((*path, "measure"), _N("what is measured"), measures)
            yield Line(_N("measured as %(blank)s"), {"blank": measure}, deep + 1, removes=measure.place)
        yield from self.of(need["of"], (*path, "of"), deep + 1)

    def share(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        amount = self.amount((*path, "share_at_least"))["number"]
        yield Line(_N("At least %(number)s percent of the whole"), {"number": amount}, deep)
        for name, template in (("of", _N("the part: %(kind)s")), ("out_of", _N("the whole: %(kind)s"))):
            if isinstance(need.get(name), dict):
                yield Line(template, {"kind": self.kind((*path, name, "kind"))}, deep + 1)
                yield from self.of(need[name], (*path, name), deep + 2)

    def covers(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        if not isinstance(need.get("of"), dict):
            yield self.beyond(deep)
            return
        blanks = {
            "kind": self.kind((*path, "of", "kind")),
            "by": self.blank((*path, "by"), _N("the name whose values are listed")),
            "values": self.blank((*path, "covers"), _N("the values, with commas between them")),
        }
        template = _N("At least one of %(kind)s for each %(by)s of these: %(values)s")
        if "each_at_least" in need:
            blanks |= self.amount((*path, "each_at_least"))
            template = _N("At least %(number)s %(unit)s of %(kind)s for each %(by)s of these: %(values)s")
        yield Line(template, blanks, deep)
        if "some" in need:
            some = self.blank((*path, "some"), _N("how many of them"))
            yield Line(_N("for at least %(blank)s of them"), {"blank": some}, deep + 1, removes=some.place)
        yield from self.of(need["of"], (*path, "of"), deep + 1)

    def parts(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        name = next((each for each in PARTS if each in need), "")
        if not _are_tables(need.get(name)):
            yield self.beyond(deep)
            return
        count = {"count": self.blank((*path, "some_of"), _N("how many"))} if "some_of" in need else {}
        place = place_of(self.said, (*path, name))
        yield Line(_TOGETHER[name], count, deep)
        for number, part in enumerate(need[name]):
            first, *others = self.need(part, (*path, name, number), deep + 1)
            alone = len(need[name]) == 1
            yield Line(
                first.template, first.blanks, first.deep, "" if alone else f"{place}/{number}", first.adds, first.beyond
            )
            yield from others
        yield Line("", deep=deep + 1, adds=f"part:{place}")

    def when(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        yield Line(_N("Asked only where this holds:"), deep=deep)
        yield from self.need(need["when"], (*path, "when"), deep + 1)
        yield Line(_N("then:"), deep=deep)
        yield from self.inner(need, path, "then", deep)

    def each(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        stretch = self.blank((*path, "each"), _N("each"), tuple(each.value for each in Calendar))
        how = self.blank((*path, "how"), _N("how it is counted"), ("each", "average"))
        since = self.blank((*path, "since"), _N("since which day"))
        until = self.blank((*path, "until"), _N("until which day"))
        but = self.blank((*path, "but"), _N("how many may be without"))
        yield Line(_N("In each %(each)s, counted %(how)s,"), {"each": stretch, "how": how}, deep)
        yield Line(_N("since %(since)s, until %(until)s;"), {"since": since, "until": until}, deep)
        yield Line(_N("so many may be without: %(but)s"), {"but": but}, deep)
        yield from self.inner(need, path, "need", deep)

    def open(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        since = self.blank((*path, "open_from"), _N("open from"))
        until = self.blank((*path, "open_until"), _N("open until"))
        yield Line(_N("Open from %(since)s until %(until)s:"), {"since": since, "until": until}, deep)
        yield from self.inner(need, path, "need", deep)

    def inner(self, need: dict[str, Any], path: Path, name: str, deep: int) -> Iterator[Line]:
        if isinstance(need.get(name), dict):
            yield from self.need(need[name], (*path, name), deep + 1)

    def held(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        if not isinstance(need.get("of"), dict):
            yield self.beyond(deep)
            return
        name, template = next(each for each in _LENGTHS if each[0] in need)
        blanks = {"kind": self.kind((*path, "of", "kind")), "period": self.blank((*path, name), _N("how long"))}
        yield Line(template, blanks, deep)
        yield from self.of(need["of"], (*path, "of"), deep + 1)

    def met(self, need: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        keys = tuple(str(each.get("key", "")) for each in self.said.get("requirements", []))
        yield Line(_N("What is asked as %(blank)s"), {"blank": self.blank((*path, "met"), _N("which"), keys)}, deep)

    def amount(self, path: Path) -> dict[str, Blank]:
        return {
            "number": self.blank((*path, "number"), _N("how much")),
            "unit": self.blank((*path, "unit"), _N("the unit; nothing where things are counted")),
        }

    def kind(self, path: Path) -> Blank:
        kinds = tuple(each.value for each in Kind if each is not Kind.APPROVAL)  # rare, and easily misread
        return self.blank(path, _N("of what"), () if isinstance(value_at(self.said, path), list) else kinds)

    def of(self, of: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        """What things must be like, and when; each on a line that can be taken out."""
        if not isinstance(of.get("where", {}), dict) or not all(
            _are_tables(of.get(name, [])) for name in ("not_counting", "caps")
        ):
            yield self.beyond(deep)
            return
        yield from self.where(of.get("where", {}), (*path, "where"), deep)
        for name, template in CONDITIONS.items():
            if name in of:
                found = self.blank((*path, name), name)
                yield Line(template, {"blank": found}, deep, removes=found.place)
        for number, each in enumerate(of.get("not_counting", [])):
            here = (*path, "not_counting", number)
            yield Line(_N("never counted:"), deep=deep, removes=place_of(self.said, here))
            yield from self.where(each, here, deep + 1, alone=len(each) == 1)
        for number, cap in enumerate(of.get("caps", [])):
            yield from self.cap(cap, (*path, "caps", number), deep)
        if {"units", "keep"} & of.keys():
            yield self.beyond(deep)
        yield Line("", deep=deep, adds=f"of:{place_of(self.said, path)}")

    def where(self, where: Any, path: Path, deep: int, *, alone: bool = False) -> Iterator[Line]:
        """A line for each name; what stands `alone` goes with the table that it is in."""
        for name, value in where.items():
            here = (*path, name)
            removes = "" if alone else place_of(self.said, here)
            said = {"name": _word(name)}
            if not isinstance(value, dict):
                template = _N("where %(name)s is %(blank)s")
                yield Line(template, {"blank": self.value(here, name)}, deep, removes, values=said)
                continue
            for entry in (each for each in _BOUNDS if each in value):
                yield Line(_BOUNDS[entry], {"blank": self.value((*here, entry), name)}, deep, removes, values=said)
            if value.keys() - _BOUNDS.keys():
                yield self.beyond(deep)

    def value(self, path: Path, name: str) -> Blank:
        found = self.blank(path, _word(name))
        return Blank(found.place, found.form, found.text, found.label, found.choices, name)

    def cap(self, cap: dict[str, Any], path: Path, deep: int) -> Iterator[Line]:
        where, place = cap.get("where", {}), place_of(self.said, path)
        if not isinstance(where, dict) or len(where) != 1 or isinstance(next(iter(where.values())), dict):
            yield self.beyond(deep)
            return
        name = next(iter(where))
        blanks = self.amount((*path, "at_most")) | {"blank": self.value((*path, "where", name), name)}
        template = _N("at most %(number)s %(unit)s where %(name)s is %(blank)s")
        yield Line(template, blanks, deep, place, values={"name": _word(name)})


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


_BOUNDED = {
    "at_least": _N("At least %(number)s %(unit)s of %(kind)s"),
    "at_most": _N("At most %(number)s %(unit)s of %(kind)s"),
}
_DISTINCT = {
    "at_least": _N("At least %(number)s different values of %(name)s in %(kind)s"),
    "at_most": _N("At most %(number)s different values of %(name)s in %(kind)s"),
}
_TOGETHER = {
    "all_of": _N("All of these:"),
    "any_of": _N("One of these is enough:"),
    "parts": _N("At least %(count)s of these:"),
}
_LENGTHS = (
    ("spread_over", _N("%(kind)s: from the first to the last at least %(period)s")),
    ("held_for", _N("%(kind)s in force for at least %(period)s")),
    ("held_less_than", _N("%(kind)s in force for less than %(period)s")),
)
_BOUNDS = {
    "any_of": _N("where %(name)s is one of %(blank)s"),
    "none_of": _N("where %(name)s is none of %(blank)s"),
    "at_least": _N("where %(name)s is at least %(blank)s"),
    "at_most": _N("where %(name)s is at most %(blank)s"),
}
_WRITERS = {
    "share_at_least": _Writer.share,
    "covers": _Writer.covers,
    "at_least": _Writer.bounded,
    "at_most": _Writer.bounded,
    "all_of": _Writer.parts,
    "any_of": _Writer.parts,
    "some_of": _Writer.parts,
    "when": _Writer.when,
    "each": _Writer.each,
    "open_from": _Writer.open,
    "open_until": _Writer.open,
    "spread_over": _Writer.held,
    "held_for": _Writer.held,
    "held_less_than": _Writer.held,
    "met": _Writer.met,
}


def _word(name: str) -> str:
    return name.replace("_", " ")
