"""From a CASE package to a framework: the tree, what is beside it, and everything that was odd about it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from grading.competency import Competency, Framework, Kind, Words
from lti_tool.documents import case_models as case
from lti_tool.documents.case_associations import Edge, tree_and_links
from lti_tool.documents.case_names import address, dated, kind_of
from lti_tool.documents.case_reading import Reading
from lti_tool.documents.framework_checks import usable
from rubrics.keys import is_key, key_for
from rubrics.refusal import _N

_PLACE = re.compile(r"competencies\[(\d+)\]\.(\w+)")
_MEMBERS = {
    "identifier": ".identifier", "code": ".humanCodingScheme", "statement": ".fullStatement", "parent": "",
}  # fmt: skip


def framework_of(reading: Reading) -> Framework:
    """The framework of the package. Raises `DocumentProblems`; what is odd and can stay becomes notes."""
    document = reading.package.cf_document
    items = _items(reading)
    edges, links = tree_and_links(reading, {each.identifier for each in items})
    competencies = _in_their_order([_competency(each, edges, reading) for each in items], edges)
    framework = replace(_about(document, reading), competencies=tuple(competencies), links=links)
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
    """The license's name and address on one line; `case_framework_out` takes them apart again."""
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


def _competency(item: case.Item, edges: dict[str, Edge], reading: Reading) -> Competency:
    own = item.extensions.attune
    kind, type_name = kind_of(item.cf_item_type) if own.kind is None else (_kind(own.kind), own.type_name)
    edge = edges.get(item.identifier)
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


def _in_their_order(competencies: list[Competency], edges: dict[str, Edge]) -> list[Competency]:
    """Siblings by their sequence numbers, in the places that the siblings have in the file."""

    def rank(at: int) -> tuple[float, int]:
        edge = edges.get(competencies[at].identifier)
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
