"""Scenarios: made-up situations for role plays and case discussions. Curriculum, and nobody's own story.

What one is about is told in plain words before it opens; whoever would like another one of its group gets it.
"""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from rubrics.practice import PracticeModel, Setting
from rubrics.publication import Problem
from rubrics.refusal import _N
from rubrics.rubric_texts import Text, Use
from rubrics.typed import several

LONGEST_LINE = 200
"""Of a title, a tag, a note: what stands on one line of a phone or a few."""
LONGEST_ABOUT = 400
LONGEST_WORDS = 20_000
MOST = 20
"""Tags, and content notes, of one scenario."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Named = TypeVar("Named", bound=Hashable)


class KnownTag(StrEnum):
    """What scenarios are looked for by everywhere; a program adds its own tags as words."""

    RACE = "race"
    SEXUALITY = "sexuality"
    DISABILITY = "disability"
    IMMIGRATION = "immigration"
    AGE = "age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One situation, in one language."""

    title: str
    about: str = ""
    """One plain line, read before it opens."""
    words: str = ""
    """The situation itself."""
    roles: str = ""
    """Who plays whom, and what each knows."""
    language: str
    content_notes: tuple[str, ...] = ()
    """What a part of it is about, in plain words: "a death in the family"."""
    tags: tuple[str, ...] = ()
    models: tuple[PracticeModel, ...] = ()
    settings: tuple[Setting, ...] = ()
    group: str = ""
    """Those of one group are as good as one another; empty: nothing is as good as this one."""
    license: str = ""
    credits: str = ""
    """Who made it and where it comes from, as they want to be named."""


def texts(scenario: Scenario) -> Iterator[Text]:
    """What is looked at for words that wound, with the place of each."""
    yield Text("title", Use.TITLE, scenario.language, scenario.title)
    yield Text("about", Use.SUMMARY, scenario.language, scenario.about)
    for position, note in enumerate(scenario.content_notes, start=1):
        yield Text(f"content_notes[{position}]", Use.SUMMARY, scenario.language, note)
    yield Text("words", Use.SUMMARY, scenario.language, scenario.words)
    yield Text("roles", Use.SUMMARY, scenario.language, scenario.roles)


def cannot_be_kept(scenario: Scenario) -> tuple[Problem, ...]:
    """What keeps it from being saved, even as a draft; empty when it can be."""
    return tuple(_cannot_be_kept(scenario))


def _cannot_be_kept(scenario: Scenario) -> Iterator[Problem]:
    if not scenario.title.strip():
        yield Problem("title", _N("Please give it a title. The rest can follow."))
    if not _LANGUAGE.fullmatch(scenario.language):
        yield Problem("language", _N("Please name the language by its code, such as en-US."))
    lines = (("title", (scenario.title,)), ("content_notes", scenario.content_notes), ("tags", scenario.tags))
    for place, found in lines:
        if any(len(line) > LONGEST_LINE for line in found):
            yield Problem(place, _N("Please shorten this to 200 letters a line."))
        if len(found) > MOST:
            yield Problem(place, _N("Please keep to twenty at most."))
    if any(len(line) > LONGEST_LINE for line in (scenario.group, scenario.license)):
        place = "group" if len(scenario.group) > LONGEST_LINE else "license"
        yield Problem(place, _N("Please shorten this to 200 letters."))
    if len(scenario.about) > LONGEST_ABOUT:
        yield Problem("about", _N("Please shorten this to 400 letters: it is one plain line."))
    for place, text in (("words", scenario.words), ("roles", scenario.roles), ("credits", scenario.credits)):
        if len(text) > LONGEST_WORDS:
            yield Problem(place, _N("Please shorten this to 20,000 letters."))


def problems(scenario: Scenario) -> tuple[Problem, ...]:
    """What its words still need before it can be published; empty when they are complete."""
    return (*cannot_be_kept(scenario), *_to_publish(scenario))


def _to_publish(scenario: Scenario) -> Iterator[Problem]:
    for place, text, sentence in (
        ("about", scenario.about, _N("Please say in one plain line what it is about. It is read before it opens.")),
        ("words", scenario.words, _N("Please tell the situation.")),
        ("license", scenario.license, _N("Please say under which license these words may be used.")),
        ("credits", scenario.credits, _N("Please say where these words come from.")),
    ):
        if not text.strip():
            yield Problem(place, sentence)


def tag_of(text: str) -> str:
    """A tag as it is kept and looked for: small letters, single spaces."""
    return " ".join(text.casefold().split())


def tags_of(known: Sequence[str], own: str) -> tuple[str, ...]:
    """The chosen known tags, then a program's own, which are typed with commas between them; each once."""
    return tuple(dict.fromkeys(tag for tag in map(tag_of, (*known, *several(own))) if tag))


def lines_of(text: str) -> tuple[str, ...]:
    """Content notes as they are typed, one a line; each once."""
    return tuple(dict.fromkeys(line for line in map(str.strip, text.splitlines()) if line))


def another(group: Sequence[Named], current: Named, put_back: Sequence[Named]) -> Named | None:
    """What is offered in place of the current one; None where there is nothing else in the group.

    `put_back` are those that somebody would rather not have had, longest ago first: they come again only when nothing
    else is left.
    """
    others = [one for one in group if one != current]
    fresh = [one for one in others if one not in put_back]
    again = [one for one in put_back if one in others]
    return next(iter((*fresh, *again)), None)
