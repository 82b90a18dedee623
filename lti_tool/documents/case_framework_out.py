"""A framework as the members of a CASE package."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from grading.competency import Competency, Framework, Link, Relation, Words
from lti_tool.documents.case_names import OWN, is_uuid, kind_of, moment, urn, uuid_for, word_for

_WITH_ADDRESS = re.compile(r"(.+) <(https?://[^<>]+)>", re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+")

Members = dict[str, Any]


def filled(members: Mapping[str, Any]) -> Members:
    """Only those that hold something: CASE has no nulls."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def document_members(framework: Framework, *, holds_framework: bool = True) -> Members:
    """The CFDocument."""
    own = {
        "plain": True,
        "holds_framework": holds_framework,
        "key": framework.key,
        "source": "" if _ADDRESS.fullmatch(framework.source) else framework.source,
        "reviewed_by_your_people": framework.reviewed_by_your_people,
        "translations": _words(framework.translations),
    }
    needed = {
        "identifier": framework.identifier,
        "uri": framework.uri or urn(framework.identifier),
        "creator": framework.creator,
        "title": framework.title,
        "lastChangeDateTime": moment(framework.changed_at),
        "caseVersion": "1.1",
    }
    return needed | filled(
        {
            "officialSourceURL": framework.source if _ADDRESS.fullmatch(framework.source) else "",
            "publisher": framework.publisher,
            "description": framework.description,
            "language": framework.language,
            "version": framework.version,
            "adoptionStatus": framework.adoption_status,
            "licenseURI": license_link(framework.license),
            "notes": framework.notice,
            "extensions": {OWN: filled(own)},
        }
    )


def license_link(license_name: str) -> Members | None:
    """The license as a reference; None where there is none."""
    if not license_name:
        return None
    found = _WITH_ADDRESS.fullmatch(license_name)
    title, where = (found[1], found[2]) if found else (license_name, "")
    identifier = uuid_for("license", license_name)
    if not where and _ADDRESS.fullmatch(license_name):
        where = license_name
    return {"title": title, "identifier": identifier, "uri": where or urn(identifier)}


def item_members(competency: Competency) -> Members:
    """The CFItem."""
    word = word_for(competency.kind, competency.type_name)
    own: Members = {"translations": _words(competency.translations)}
    if not competency.observable:
        own["observable"] = False
    if kind_of(word) != (competency.kind, competency.type_name):
        own |= {"kind": competency.kind or "-", "type_name": competency.type_name}
    own = {name: value for name, value in own.items() if value not in ("", [])}
    return filled(
        {
            "identifier": competency.identifier,
            "fullStatement": competency.statement,
            "CFItemType": word,
            "uri": competency.uri or urn(competency.identifier),
            "humanCodingScheme": competency.code,
            "abbreviatedStatement": competency.short,
            "notes": competency.notes,
            "statusEndDate": competency.deprecated_on and competency.deprecated_on.isoformat(),
            "lastChangeDateTime": moment(competency.changed_at),
            "extensions": {OWN: own} if own else {},
        }
    )


def association_members(framework: Framework) -> Iterator[Members]:
    """The CFAssociations: the tree first, in the order of siblings, then what is beside it."""
    by_identifier = {each.identifier: each for each in framework.competencies}
    document = {
        "title": framework.title,
        "identifier": framework.identifier,
        "uri": framework.uri or urn(framework.identifier),
    }
    numbers: defaultdict[str | None, int] = defaultdict(int)
    for each in framework.competencies:
        numbers[each.parent] += 1
        identifier = uuid_for("child", framework.identifier, each.identifier)
        yield {
            "identifier": identifier,
            "associationType": Relation.CHILD.value,
            "sequenceNumber": numbers[each.parent],
            "uri": urn(identifier),
            "originNodeURI": node(each.identifier, by_identifier),
            "destinationNodeURI": document if each.parent is None else node(each.parent, by_identifier),
            "lastChangeDateTime": moment(each.changed_at),
        }
    for link in framework.links:
        yield _link_members(link, by_identifier)


def node(identifier: str, by_identifier: Mapping[str, Competency]) -> Members:
    """A reference to an item, here or elsewhere."""
    found = by_identifier.get(identifier)
    if found is None:
        return {"title": identifier, "identifier": identifier, "uri": urn(identifier)}
    return {"title": found.code or found.statement, "identifier": identifier, "uri": found.uri or urn(identifier)}


def _link_members(link: Link, by_identifier: Mapping[str, Competency]) -> Members:
    identifier = link.identifier if is_uuid(link.identifier) else uuid_for("link", link.identifier)
    destination = node(link.destination, by_identifier)
    if link.destination not in by_identifier:
        destination |= filled({"title": link.destination_title, "uri": link.destination_uri})
    return filled(
        {
            "identifier": identifier,
            "associationType": link.relation.value,
            "uri": link.uri or urn(identifier),
            "originNodeURI": node(link.origin, by_identifier),
            "destinationNodeURI": destination,
            "lastChangeDateTime": moment(link.changed_at),
            "notes": link.note,
        }
    )


def _words(translations: tuple[Words, ...]) -> list[Members]:
    return [filled(asdict(each)) for each in translations]
