"""Reading a framework a piece at a time: its tree is known by few columns, its words are loaded for what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from grading.competency import Competency, Framework, Relation, tree
from lti_tool.documents.framework import from_document
from lti_tool.services.courses.places import NotHere
from lti_tool.store.frameworks import CompetencyLinkRow, CompetencyRow, FrameworkRow

BARE: dict[str, Any] = {"identifier": "", "key": "", "title": "", "language": ""}


@dataclass(frozen=True, slots=True)
class Standing:
    """A framework of the organization without its competencies; one that was removed, too."""

    id: UUID
    framework: Framework
    bundled: bool
    removed_at: datetime | None

    @property
    def own(self) -> bool:
        """Whether the organization writes it: it came neither with Attune nor from a server that keeps it."""
        return not self.bundled and not self.framework.uri


@dataclass(frozen=True, slots=True)
class Tree:
    """Who belongs to whom, by identifier."""

    tops: tuple[str, ...]
    children: dict[str, tuple[str, ...]]
    parents: dict[str, str]
    gone: frozenset[str]
    """What its owner does not have any more."""

    def ancestors(self, identifier: str) -> tuple[str, ...]:
        """From the top down, without itself."""
        found = []
        while identifier in self.parents:
            identifier = self.parents[identifier]
            found.append(identifier)
        return tuple(reversed(found))

    def level(self, identifier: str | None) -> tuple[str, ...]:
        """What stands right below; what is gone comes last."""
        below = self.tops if identifier is None else self.children[identifier]
        return tuple(sorted(below, key=lambda each: each in self.gone))

    @property
    def count(self) -> int:
        """How many competencies it has; those that are gone are not counted."""
        return len(self.children) - len(self.gone)


@dataclass(frozen=True, slots=True)
class Linked:
    """One line of a crosswalk, seen from a competency."""

    relation: Relation
    outward: bool
    """Whether the competency is where the line begins."""
    named: str
    """The other one as rubrics name it; empty where the organization does not have it."""
    statement: str
    language: str
    uri: str
    note: str
    framework_id: UUID | None
    identifier: str


def standing(session: Session, organization_id: UUID, framework_id: UUID) -> Standing:
    """A framework of the organization. Raises `NotHere`."""
    row = session.scalars(
        select(FrameworkRow).where(FrameworkRow.id == framework_id, FrameworkRow.organization_id == organization_id)
    ).one_or_none()
    if row is None:
        raise NotHere
    return _standing(row)


def removed(session: Session, organization_id: UUID) -> tuple[Standing, ...]:
    """Those that are not offered any more."""
    rows = session.scalars(
        select(FrameworkRow)
        .where(FrameworkRow.organization_id == organization_id, FrameworkRow.removed_at.is_not(None))
        .order_by(FrameworkRow.key)
    )
    return tuple(_standing(row) for row in rows)


def tree_of(session: Session, framework_id: UUID) -> Tree:
    """Its tree. One statement, however many competencies there are."""
    rows = session.execute(
        select(CompetencyRow.identifier, CompetencyRow.parent, CompetencyRow.deprecated_on)
        .where(CompetencyRow.framework_id == framework_id)
        .order_by(CompetencyRow.position, CompetencyRow.id)
    ).all()
    bare = tuple(
        Competency(identifier=identifier, statement="", parent=parent, deprecated_on=gone)
        for identifier, parent, gone in rows
    )
    nodes = tree(Framework(**BARE, competencies=bare))
    return Tree(
        tops=tuple(node.competency.identifier for node in nodes if node.depth == 0),
        children={node.competency.identifier: node.children for node in nodes},
        parents={child: node.competency.identifier for node in nodes for child in node.children},
        gone=frozenset(each.identifier for each in bare if each.deprecated_on is not None),
    )


def competencies(session: Session, framework_id: UUID, identifiers: Sequence[str]) -> tuple[Competency, ...]:
    """These, in this order."""
    if not identifiers:
        return ()
    documents = session.scalars(
        select(CompetencyRow.document).where(
            CompetencyRow.framework_id == framework_id, CompetencyRow.identifier.in_(identifiers)
        )
    ).all()
    found = from_document({**BARE, "competencies": list(documents)}).competencies
    by_identifier = {each.identifier: each for each in found}
    return tuple(by_identifier[identifier] for identifier in identifiers)


def find(session: Session, framework_id: UUID, words: str) -> tuple[str, ...]:
    """Identifiers of what has a code that begins like this, then of what has all of these words in some language."""
    looked_for = words.casefold().split()
    if not looked_for:
        return ()
    rows = session.execute(
        select(CompetencyRow.identifier, CompetencyRow.code, CompetencyRow.document)
        .where(CompetencyRow.framework_id == framework_id)
        .order_by(CompetencyRow.position, CompetencyRow.id)
    ).all()
    by_code = [identifier for identifier, code, _ in rows if code.casefold().startswith(words.casefold().strip())]
    by_words = [identifier for identifier, _, document in rows if _has_all(document, looked_for)]
    return tuple(dict.fromkeys((*by_code, *by_words)))


def links_of(session: Session, organization_id: UUID, identifier: str) -> tuple[Linked, ...]:
    """What the crosswalks of the organization say of a competency, from both ends."""
    other, home = aliased(CompetencyRow), aliased(FrameworkRow)
    here = or_(CompetencyLinkRow.origin == identifier, CompetencyLinkRow.destination == identifier)
    the_other = or_(
        and_(CompetencyLinkRow.origin == identifier, other.identifier == CompetencyLinkRow.destination),
        and_(CompetencyLinkRow.destination == identifier, other.identifier == CompetencyLinkRow.origin),
    )
    rows = session.execute(
        select(CompetencyLinkRow, other, home)
        .outerjoin(other, and_(other.organization_id == organization_id, the_other))
        .outerjoin(home, and_(home.id == other.framework_id, home.removed_at.is_(None)))
        .where(CompetencyLinkRow.organization_id == organization_id, here)
        .order_by(CompetencyLinkRow.id)
    )
    return tuple(_linked(link, found, at, identifier) for link, found, at in rows)


def _standing(row: FrameworkRow) -> Standing:
    return Standing(row.id, from_document({**row.document, "competencies": []}), row.bundled, row.removed_at)


def _has_all(document: dict[str, Any], words: Sequence[str]) -> bool:
    texts = (document["statement"], *(each["statement"] for each in document.get("translations", ())))
    return any(all(word in text.casefold() for word in words) for text in texts)


def _linked(link: CompetencyLinkRow, other: CompetencyRow | None, home: FrameworkRow | None, identifier: str) -> Linked:
    outward = link.origin == identifier
    document = link.document
    known = other is not None and home is not None
    return Linked(
        relation=link.relation,
        outward=outward,
        named=f"{home.key}:{other.code}" if other and home and other.code else "",
        statement=other.statement if other and home else document.get("destination_title", "") if outward else "",
        language=str(home.document.get("language", "")) if home else "",
        uri=document.get("destination_uri", "") if outward else "",
        note=document.get("note", ""),
        framework_id=home.id if known and home else None,
        identifier=link.destination if outward else link.origin,
    )
