"""Competency frameworks: what people are to be able to do, as a tree, and what links one framework to another.

The model follows CASE 1.1 (1EdTech, 24 January 2025): a framework is a CFDocument, a competency a CFItem,
a link a CFAssociation. `identifier` is a UUID and the same wherever the thing goes; a `code` is for people.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rubrics.refusal import _N

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUID_SENTENCE = _N(
    "Found “%(found)s”. Please write a UUID in small letters, such as 6f2c1f5e-0c35-4c8e-9d3a-1f2b3c4d5e6f."
)


class Kind(StrEnum):
    """What sort of thing a competency is: only some of them are shown in a session."""

    VALUE = "value"
    KNOWLEDGE = "knowledge"
    SKILL = "skill"
    ATTITUDE = "attitude"


class Relation(StrEnum):
    """How one competency stands to another, in the words of CASE."""

    SAME = "exactMatchOf"
    PART_OF = "isPartOf"
    PEER = "isPeerOf"
    RELATED = "isRelatedTo"
    PRECEDES = "precedes"
    REPLACED_BY = "replacedBy"
    SKILL_LEVEL = "hasSkillLevel"
    EXEMPLAR = "exemplar"
    TRANSLATION = "isTranslationOf"
    CHILD = "isChildOf"
    """only of a second or further parent: the first one is the competency's `parent`"""


@dataclass(frozen=True, slots=True)
class Words:
    """A title or statement, and its notes, in another language."""

    language: str
    statement: str
    short: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Competency:
    """Something that people are to be able to do, know or hold dear."""

    identifier: str
    code: str = ""
    """What people call it, such as `A2`; empty where the source gives none."""
    statement: str
    short: str = ""
    parent: str | None = None
    """The identifier of the one it belongs to; None at the top."""
    kind: Kind | None = None
    """None where the source does not say, or uses a word of its own (see `type_name`)."""
    type_name: str = ""
    """The source's own word for the kind, kept for the way back."""
    observable: bool = True
    """Whether it can be seen or heard in a session; values and knowledge often cannot."""
    notes: str = ""
    uri: str = ""
    """Where the source keeps it, word for word; empty for our own."""
    changed_at: datetime | None = None
    """When its owner last changed it; None where nobody said."""
    deprecated_on: date | None = None
    """Since when its owner does not have it any more."""
    translations: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line of a crosswalk."""

    identifier: str
    origin: str
    relation: Relation
    destination: str
    """The identifier of a competency of this framework or of any other."""
    destination_title: str = ""
    destination_uri: str = ""
    note: str = ""
    uri: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A set of competencies, with its rights and its source. Siblings stand in the order of `competencies`."""

    identifier: str
    key: str
    """What rubrics name it by: small letters, digits and hyphens."""
    title: str
    language: str
    version: str = ""
    creator: str = ""
    publisher: str = ""
    description: str = ""
    license: str = ""
    notice: str = ""
    """What its owner asks to be said with it; shown wherever the framework is."""
    source: str = ""
    """Where it was taken from, as an address or a citation."""
    adoption_status: str = ""
    reviewed_by_your_people: str | None = None
    """Who looked at it for this organization, and when; None while nobody did."""
    uri: str = ""
    changed_at: datetime | None = None
    competencies: tuple[Competency, ...] = ()
    links: tuple[Link, ...] = ()
    translations: tuple[Words, ...] = ()
    """`statement` is the title, `notes` the description."""


@dataclass(frozen=True, slots=True)
class Node:
    """A competency in its place in the tree."""

    competency: Competency
    depth: int
    children: tuple[str, ...]


def tree(framework: Framework) -> tuple[Node, ...]:
    """Every competency once, parents before children, siblings in their order.

    Whoever names a parent that is not there stands at the top; a circle is entered at its first member.
    """
    children: dict[str | None, list[str]] = {}
    by_identifier = {each.identifier: each for each in framework.competencies}
    for each in framework.competencies:
        known = each.parent if each.parent in by_identifier and each.parent != each.identifier else None
        children.setdefault(known, []).append(each.identifier)
    # Those in a circle hang from nothing that is at the top, so they come last.
    starts = (*children.get(None, ()), *(members[0].identifier for members in _circles(framework.competencies)))
    return tuple(_walk(by_identifier, children, starts))


def _walk(
    by_identifier: Mapping[str, Competency], children: Mapping[str | None, list[str]], starts: Sequence[str]
) -> Iterator[Node]:
    seen = set[str]()
    for start in starts:
        waiting = [(start, 0)]
        while waiting:
            identifier, depth = waiting.pop()
            if identifier in seen:
                continue
            seen.add(identifier)
            mine = tuple(child for child in children.get(identifier, ()) if child not in seen)
            yield Node(by_identifier[identifier], depth, mine)
            waiting.extend((child, depth + 1) for child in reversed(mine))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a framework that its people may want to know: where, what, and whether it can stay as it is.

    Places count from 1, as people do: `competencies[3].parent`.
    """

    place: str
    sentence: str
    """In plain English, with a %(found)s place where `found` is to be filled in."""
    found: str = ""
    """What stands there, or the codes of a circle in its order."""
    tolerated: bool = False
    """True where the framework can be used all the same; False where it first has to be mended."""


def problems(framework: Framework) -> tuple[Problem, ...]:
    """What is to be mended, and what is only to be known; empty where there is nothing of either."""
    return (
        *_of_names(framework),
        *_of_competencies(framework.competencies),
        *_of_parents(framework.competencies),
        *_of_circles(framework.competencies),
        *_of_links(framework.links),
    )


def _of_names(framework: Framework) -> Iterator[Problem]:
    if not _KEY.fullmatch(framework.key):
        sentence = _N("Found “%(found)s”. Please give a key of small letters, digits and hyphens, such as starter.")
        yield Problem("key", sentence, framework.key)
    if not _UUID.fullmatch(framework.identifier):
        yield Problem("identifier", _UUID_SENTENCE, framework.identifier)
    if not framework.title.strip():
        yield Problem("title", _N("Please give the framework a title."))
    if not framework.language.strip():
        yield Problem("language", _N("Please name the language by its code, such as en-US."))


def _of_competencies(competencies: Sequence[Competency]) -> Iterator[Problem]:
    identifiers, codes = set[str](), set[str]()
    for position, each in enumerate(competencies, start=1):
        place = f"competencies[{position}]"
        if not _UUID.fullmatch(each.identifier):
            yield Problem(f"{place}.identifier", _UUID_SENTENCE, each.identifier)
        if each.identifier in identifiers:
            sentence = _N("Another competency has the identifier %(found)s, too. Please give each its own.")
            yield Problem(f"{place}.identifier", sentence, each.identifier)
        if each.code and each.code in codes:
            sentence = _N("Another competency has the code %(found)s, too. They are told apart by their identifiers.")
            yield Problem(f"{place}.code", sentence, each.code, tolerated=True)
        if not each.statement.strip():
            yield Problem(f"{place}.statement", _N("Please say what people are to be able to do, know or hold dear."))
        identifiers.add(each.identifier)
        codes.add(each.code)


def _of_parents(competencies: Sequence[Competency]) -> Iterator[Problem]:
    known = {each.identifier for each in competencies}
    for position, each in enumerate(competencies, start=1):
        if each.parent == each.identifier:
            sentence = _N("This competency names itself as the one it belongs to. Please leave that out.")
            yield Problem(f"competencies[{position}].parent", sentence, each.parent)
        elif each.parent is not None and each.parent not in known:
            sentence = _N("This belongs to %(found)s, which is not in this framework. It is shown at the top.")
            yield Problem(f"competencies[{position}].parent", sentence, each.parent, tolerated=True)


def _of_circles(competencies: Sequence[Competency]) -> Iterator[Problem]:
    position = {each.identifier: at for at, each in enumerate(competencies, start=1)}
    for members in _circles(competencies):
        found = " → ".join(each.code or each.statement for each in (*members, members[0]))
        sentence = _N("These belong to each other in a circle: %(found)s. The first of them is shown at the top.")
        yield Problem(f"competencies[{position[members[0].identifier]}].parent", sentence, found, tolerated=True)


def _circles(competencies: Sequence[Competency]) -> Iterator[tuple[Competency, ...]]:
    """The members of each circle, each before its parent, beginning with the one that comes first of them."""
    by_identifier = {each.identifier: each for each in competencies}
    position = {each.identifier: at for at, each in enumerate(competencies)}
    settled = set[str]()
    for each in competencies:
        # A dictionary keeps the order of the way, and finds a place in it at once.
        way = dict[str, Competency]()
        here: Competency | None = each
        while here is not None and here.identifier not in settled and here.identifier not in way:
            way[here.identifier] = here
            here = by_identifier.get(here.parent or "") if here.parent != here.identifier else None
        settled.update(way)
        if here is not None and here.identifier in way:
            members = list(way.values())[list(way).index(here.identifier) :]
            first = min(range(len(members)), key=lambda at: position[members[at].identifier])
            yield (*members[first:], *members[:first])


def _of_links(links: Sequence[Link]) -> Iterator[Problem]:
    before = set[tuple[str, Relation, str]]()
    for position, each in enumerate(links, start=1):
        said = (each.origin, each.relation, each.destination)
        if said in before:
            sentence = _N("Another link says the same. Please keep one of them.")
            yield Problem(f"links[{position}]", sentence, f"{each.origin} {each.relation} {each.destination}")
        before.add(said)
