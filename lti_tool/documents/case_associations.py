"""What the associations of a CASE package say: the tree of its items, and what is beside it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grading.competency import Link, Relation
from lti_tool.documents import case_models as case
from lti_tool.documents.case_names import address, dated, is_uuid, uuid_for
from lti_tool.documents.case_reading import Reading
from rubrics.refusal import _N

_SAID_BEFORE = _N("Another association before this one says the same. It is taken once.")


@dataclass(frozen=True, slots=True)
class Edge:
    """That an item belongs to something: an `isChildOf` with its place in the file."""

    position: int
    association: case.Association
    parent: str | None
    """None for the document itself."""


def tree_and_links(reading: Reading, items: set[str]) -> tuple[dict[str, Edge], tuple[Link, ...]]:
    """For each of these items (identifiers) its edge in the tree, if it has one; and every other association.

    The first of several parents gives the place in the tree, and the others are links.
    """
    edges, others = _sorted_out(reading, items)
    first, further = _parents(reading, edges)
    return first, tuple(_links(reading, [*others, *further], items))


def _sorted_out(reading: Reading, items: set[str]) -> tuple[list[Edge], list[tuple[int, case.Association]]]:
    """What makes the tree, and every other association."""
    edges: list[Edge] = []
    others: list[tuple[int, case.Association]] = []
    for position, each in enumerate(reading.package.cf_associations, start=1):
        child, parent = each.origin_node_uri.named, each.destination_node_uri.named
        to_itself = child == parent
        if each.association_type != Relation.CHILD or child not in items or not parent:
            others.append((position, each))
        elif to_itself and reading.own.plain:
            others.append((position, each))  # a link that a person made
        elif to_itself:
            sentence = _N("This item is said to belong to itself. That is left out.")
            reading.checking.note(f"CFAssociations[{position}]", sentence)
        else:
            to_the_document = parent == reading.package.cf_document.identifier
            edges.append(Edge(position, each, None if to_the_document else parent))
    return edges, others


def _parents(reading: Reading, edges: Iterable[Edge]) -> tuple[dict[str, Edge], list[tuple[int, case.Association]]]:
    """For each item the edge that gives its place in the tree, and the further ones."""
    by_child: defaultdict[str, list[Edge]] = defaultdict(list)
    for each in edges:
        by_child[each.association.origin_node_uri.named].append(each)
    first: dict[str, Edge] = {}
    further: list[tuple[int, case.Association]] = []
    for child, mine in by_child.items():
        first[child], *others = mine if reading.own.plain else _without_repeats(mine, reading)
        for each in others:
            further.append((each.position, each.association))
            if not reading.own.plain:
                sentence = _N(
                    "This item belongs to several. Its place is below the first, and this one is kept as a link."
                )
                reading.checking.note(f"CFAssociations[{each.position}]", sentence)
    return first, further


def _without_repeats(edges: list[Edge], reading: Reading) -> list[Edge]:
    """One for each parent. Some servers hang everything from the document, too: that counts where nothing else does."""
    found: dict[str | None, Edge] = {}
    for each in edges:
        if each.parent in found:
            reading.checking.note(f"CFAssociations[{each.position}]", _SAID_BEFORE)
        found.setdefault(each.parent, each)
    if len(found) > 1:
        found.pop(None, None)
    return list(found.values())


def _links(reading: Reading, associations: Iterable[tuple[int, case.Association]], inside: set[str]) -> Iterable[Link]:
    links: dict[tuple[str, str, str], Link] = {}
    for position, each in sorted(associations, key=lambda found: found[0]):
        place = f"CFAssociations[{position}]"
        link = _link(each, inside, place, reading)
        if not (link.origin and link.destination):
            sentence = _N("This association does not say which items it is between. It is left out.")
            reading.checking.note(place, sentence)
        elif (link.origin, link.relation, link.destination) in links:
            reading.checking.note(place, _SAID_BEFORE)
        else:
            links[link.origin, link.relation, link.destination] = link
    return links.values()


def _link(found: case.Association, inside: set[str], place: str, reading: Reading) -> Link:
    note = found.notes
    try:
        relation = Relation(found.association_type)
    except ValueError:
        relation = Relation.RELATED
        note = f"{found.association_type}: {note}" if note else found.association_type
        sentence = _N("“%(found)s” is no relation of CASE 1.1. It is kept as a note of a link between related items.")
        reading.checking.note(place, sentence, found=found.association_type)
    elsewhere = found.destination_node_uri
    destination = elsewhere.named
    there = destination not in inside
    origin = found.origin_node_uri.named
    identifier = found.identifier.lower()
    if not is_uuid(identifier):
        identifier = uuid_for("link", origin, relation, destination)
    return Link(
        identifier=identifier,
        origin=origin,
        relation=relation,
        destination=destination,
        destination_title=elsewhere.title if there and elsewhere.title != destination else "",
        destination_uri=address(elsewhere.uri, destination) if there else "",
        note=reading.plain(note),
        uri=address(found.uri, identifier),
        changed_at=dated(found.last_change_date_time),
    )
