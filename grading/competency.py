"""Competency frameworks: what people are to be able to do, as a tree, and what links one framework to another.

The model follows CASE 1.1 (1EdTech, 24 January 2025): a framework is a CFDocument, a competency a CFItem,
a link a CFAssociation. `identifier` is a UUID and the same wherever the thing goes; a `code` is for people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
    return tuple(_walk(by_identifier, children))


def _walk(by_identifier: Mapping[str, Competency], children: Mapping[str | None, list[str]]) -> Iterator[Node]:
    seen = set[str]()
    # Those in a circle hang from nothing that is at the top, so they come last.
    for start in (*children.get(None, ()), *by_identifier):
        waiting = [(start, 0)]
        while waiting:
            identifier, depth = waiting.pop()
            if identifier in seen:
                continue
            seen.add(identifier)
            mine = tuple(child for child in children.get(identifier, ()) if child not in seen)
            yield Node(by_identifier[identifier], depth, mine)
            waiting.extend((child, depth + 1) for child in reversed(mine))
