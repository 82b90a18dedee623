"""From a CASE package to a framework: the tree, what is beside it, and everything that was odd about it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from grading.competency import Competency, Framework, Kind, Link, Relation, Words
from lti_tool.documents import case_models as case
from lti_tool.documents.case_names import address, dated, is_uuid, kind_of, uuid_for
from lti_tool.documents.framework_checks import usable
from lti_tool.documents.html_text import text_of_html
from lti_tool.documents.rows import Checking
from rubrics.keys import is_key, key_for
from rubrics.refusal import _N

_PLACE = re.compile(r"competencies\[(\d+)\]\.(\w+)")
_MEMBERS = {
    "identifier": ".identifier", "code": ".humanCodingScheme", "statement": ".fullStatement", "parent": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A package while it is read: what was found odd so far, and how its texts become plain."""

    package: case.Package
    language: str
    checking: Checking

    @property
    def own(self) -> case.OwnOfDocument:
        """What Attune said of the whole, if it wrote the package."""
        return self.package.cf_document.extensions.attune

    def plain(self, text: str) -> str:
        """The text without marks: others write HTML, Attune does not."""
        return text if self.own.plain else text_of_html(text.replace("\r\n", "\n"))


@dataclass(frozen=True, slots=True)
class _Edge:
    """That an item belongs to something: an `isChildOf` with its place in the file."""

    position: int
    association: case.Association
    parent: str | None
    """None for the document itself."""


def framework_of(reading: Reading) -> Framework:
    """The framework of the package. Raises `DocumentProblems`; what is odd and can stay becomes notes."""
    document = reading.package.cf_document
    items = _items(reading)
    edges, others = _sorted_out(reading, {each.identifier for each in items})
    first, further = _parents(reading, edges)
    competencies = _in_their_order([_competency(each, first, reading) for each in items], first)
    found = _about(document, reading)
    framework = replace(
        found, competencies=tuple(competencies), links=tuple(_links(reading, [*others, *further], items))
    )
    positions: dict[str, int] = {}
    for at, each in enumerate(reading.package.cf_items, start=1):
        positions.setdefault(each.identifier, at)
    reading.checking.keep(
        usable(
            framework,
            source=reading.checking.source,
            place_in_file=lambda place: _place(place, competencies, positions),
        )
    )
    return framework


def _place(place: str, competencies: Sequence[Competency], positions: dict[str, int]) -> str:
    found = _PLACE.fullmatch(place)
    if not found:
        return f"CFDocument.{place}"
    return f"CFItems[{positions[competencies[int(found[1]) - 1].identifier]}]{_MEMBERS[found[2]]}"


def _about(document: case.Document, reading: Reading) -> Framework:
    own = reading.own
    return Framework(
        identifier=document.identifier,
        key=own.key if is_key(own.key) else key_for(document.title, (), otherwise="framework"),
        title=reading.plain(document.title),
        language=reading.language,
        version=document.version,
        creator=document.creator,
        publisher=document.publisher,
        description=reading.plain(document.description),
        license=license_of(document),
        notice=_notice(document, reading),
        source=document.official_source_url or own.source,
        adoption_status=document.adoption_status,
        reviewed_by_your_people=own.reviewed_by_your_people,
        uri=address(document.uri, document.identifier),
        changed_at=dated(document.last_change_date_time),
        translations=_words(own.translations),
    )


def _words(found: Iterable[case.OwnWords]) -> tuple[Words, ...]:
    return tuple(Words(**dict(each)) for each in found)


def license_of(document: case.Document) -> str:
    """The license's name and address on one line; `case_out` takes them apart again."""
    found = document.license_uri
    if found is None:
        return ""
    where = found.uri if found.uri.startswith(("http://", "https://")) else ""
    if where in found.title:
        return found.title
    return f"{found.title} <{where}>" if found.title else where


def _notice(document: case.Document, reading: Reading) -> str:
    """What the owner asks to be said: the notes, and the words of the license where the package has them."""
    named = document.license_uri.named if document.license_uri else ""
    words = (
        reading.plain(each.license_text)
        for each in reading.package.cf_definitions.cf_licenses
        if each.identifier.lower() == named
    )
    return "\n\n".join(filter(None, (reading.plain(document.notes), *words)))


def _items(reading: Reading) -> list[case.Item]:
    """Each item once, each with a statement. Raises `DocumentProblems`."""
    checking = reading.checking
    found: dict[str, case.Item] = {}
    for position, each in enumerate(reading.package.cf_items, start=1):
        if each.identifier in found and found[each.identifier] != each:
            sentence = _N("Found %(found)s, which another item before this one has. Please give each its own UUID.")
            checking.say(f"CFItems[{position}].identifier", sentence, found=each.identifier)
        elif each.identifier in found:
            checking.note(f"CFItems[{position}]", _N("This item stands in the package twice, and is taken once."))
        elif not (each.full_statement or each.abbreviated_statement):
            sentence = _N("Nothing stands here. Please write what people are to be able to do, know or hold dear.")
            checking.say(f"CFItems[{position}].fullStatement", sentence)
        found.setdefault(each.identifier, each)
    checking.finish()
    return list(found.values())


def _sorted_out(reading: Reading, items: set[str]) -> tuple[list[_Edge], list[tuple[int, case.Association]]]:
    """What makes the tree, and every other association."""
    edges: list[_Edge] = []
    others: list[tuple[int, case.Association]] = []
    for position, each in enumerate(reading.package.cf_associations, start=1):
        child, parent = each.origin_node_uri.named, each.destination_node_uri.named
        if each.association_type != Relation.CHILD or child not in items or (child == parent and reading.own.plain):
            others.append((position, each))
        elif child == parent:
            sentence = _N("This item is said to belong to itself. That is left out.")
            reading.checking.note(f"CFAssociations[{position}]", sentence)
        else:
            to_the_document = parent == reading.package.cf_document.identifier
            edges.append(_Edge(position, each, None if to_the_document else parent))
    return edges, others


def _parents(reading: Reading, edges: Iterable[_Edge]) -> tuple[dict[str, _Edge], list[tuple[int, case.Association]]]:
    """For each item the edge that gives its place in the tree, and the further ones."""
    by_child: defaultdict[str, list[_Edge]] = defaultdict(list)
    for each in edges:
        by_child[each.association.origin_node_uri.named].append(each)
    first: dict[str, _Edge] = {}
    further: list[tuple[int, case.Association]] = []
    for child, mine in by_child.items():
        if not reading.own.plain:
            # Some servers hang everything from the document, too.
            mine = [each for each in mine if each.parent is not None] or mine
        first[child] = mine[0]
        for each in mine[1:]:
            further.append((each.position, each.association))
            if not reading.own.plain:
                sentence = _N(
                    "This item belongs to several. Its place is below the first, and this one is kept as a link."
                )
                reading.checking.note(f"CFAssociations[{each.position}]", sentence)
    return first, sorted(further, key=lambda each: each[0])


def _competency(item: case.Item, first: dict[str, _Edge], reading: Reading) -> Competency:
    own = item.extensions.attune
    kind, type_name = kind_of(item.cf_item_type) if own.kind is None else (_kind(own.kind), own.type_name)
    edge = first.get(item.identifier)
    return Competency(
        identifier=item.identifier,
        code=item.human_coding_scheme,
        statement=reading.plain(item.full_statement or item.abbreviated_statement),
        short=reading.plain(item.abbreviated_statement),
        parent=edge.parent if edge else None,
        kind=kind,
        type_name=type_name,
        notes=reading.plain(item.notes),
        uri=address(item.uri, item.identifier),
        changed_at=dated(item.last_change_date_time),
        deprecated_on=item.status_end_date,
        observable=own.observable,
        translations=_words(own.translations),
    )


def _kind(found: str) -> Kind | None:
    return next((each for each in Kind if each.value == found), None)


def _in_their_order(competencies: list[Competency], first: dict[str, _Edge]) -> list[Competency]:
    """Siblings by their sequence numbers, in the places that the siblings have in the file."""

    def rank(at: int) -> tuple[float, int]:
        edge = first.get(competencies[at].identifier)
        number = edge.association.sequence_number if edge else None
        return (float("inf") if number is None else number, at)

    places: defaultdict[str | None, list[int]] = defaultdict(list)
    for at, each in enumerate(competencies):
        places[each.parent].append(at)
    ordered = list(competencies)
    for siblings in places.values():
        for place, at in zip(siblings, sorted(siblings, key=rank), strict=True):
            ordered[place] = competencies[at]
    return ordered


def _links(
    reading: Reading, associations: Iterable[tuple[int, case.Association]], items: Iterable[case.Item]
) -> list[Link]:
    inside = {each.identifier for each in items}
    links: dict[tuple[str, str, str], Link] = {}
    for position, each in sorted(associations, key=lambda found: found[0]):
        place = f"CFAssociations[{position}]"
        link = _link(each, inside, place, reading)
        if not (link.origin and link.destination):
            sentence = _N("This association does not say which items it is between. It is left out.")
            reading.checking.note(place, sentence)
        elif (link.origin, link.relation, link.destination) in links:
            reading.checking.note(place, _N("Another association before this one says the same. It is taken once."))
        else:
            links[link.origin, link.relation, link.destination] = link
    return list(links.values())


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
