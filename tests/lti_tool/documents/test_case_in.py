"""CASE packages as real servers send them: what is odd is taken in and named, what is to be mended has its place."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.competency import Competency, Framework, Kind, Relation, tree
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.case import read, write
from rubrics.rubric import Alignment
from tests.grading.making import an_identifier
from tests.lti_tool.documents.test_own_json import ANY_JSON

ADDRESS = "https://case.example.org/ims/case/v1p0"
DOCUMENT = an_identifier(0xD0C)


def an_item(number: int, **changes: object) -> dict[str, Any]:
    identifier = an_identifier(number)
    return {
        "identifier": identifier,
        "uri": f"{ADDRESS}/CFItems/{identifier}",
        "fullStatement": f"Does what {number} says",
        "humanCodingScheme": f"C{number}",
        "lastChangeDateTime": "2024-03-01T10:00:00+02:00",
        **changes,
    }


def a_node(identifier: str) -> dict[str, str]:
    return {"title": f"Node {identifier[-2:]}", "identifier": identifier, "uri": f"{ADDRESS}/CFItems/{identifier}"}


def belongs(number: int, child: int, parent: int | None, **changes: object) -> dict[str, Any]:
    identifier = an_identifier(number)
    return {
        "identifier": identifier,
        "associationType": "isChildOf",
        "uri": f"{ADDRESS}/CFAssociations/{identifier}",
        "originNodeURI": a_node(an_identifier(child)),
        "destinationNodeURI": a_node(DOCUMENT if parent is None else an_identifier(parent)),
        "lastChangeDateTime": "2024-03-01T10:00:00",
        **changes,
    }


def a_package(*associations: dict[str, Any], items: int | list[Any] = 3, **changes: Any) -> dict[str, Any]:
    document = {
        "identifier": DOCUMENT,
        "uri": f"{ADDRESS}/CFDocuments/{DOCUMENT}",
        "creator": "Example College",
        "title": "Clinical Skills",
        "language": "en",
        "lastChangeDateTime": "2024-03-01T10:00:00.000Z",
        **changes.pop("document", {}),
    }
    return {
        "CFDocument": document,
        "CFItems": [an_item(number) for number in range(1, items + 1)] if isinstance(items, int) else items,
        "CFAssociations": list(associations),
        **changes,
    }


def brought_from(document: object, **options: str) -> Brought:
    return read(json.dumps(document).encode(), source="package.json", options=Options(**options))


def framework_in(document: object) -> Framework:
    (framework,) = brought_from(document).frameworks
    return framework


def competency_in(**changes: object) -> Competency:
    (competency,) = framework_in(a_package(items=[an_item(1, **changes)])).competencies
    return competency


def problems_with(document: object) -> tuple[DocumentProblem, ...]:
    with pytest.raises(DocumentProblems) as found:
        brought_from(document)
    return found.value.problems


def notes_of(document: object) -> list[tuple[str, str]]:
    return [(note.place, note.sentence) for note in brought_from(document).notes]


def shape(framework: Framework) -> list[tuple[str, int]]:
    return [(node.competency.code, node.depth) for node in tree(framework)]


def test_a_framework_keeps_what_its_owner_says() -> None:
    license_id = an_identifier(0x11C)
    framework = framework_in(
        a_package(
            document={
                "publisher": "Press",
                "description": "<p>For <b>practice</b> &amp; study.</p>",
                "notes": "Not for a fee.",
                "version": 2,
                "adoptionStatus": "Adopted",
                "officialSourceURL": "https://example.org/skills",
                "licenseURI": {"title": "CC BY", "identifier": license_id, "uri": "https://example.org/by"},
            },
            CFDefinitions={"CFLicenses": [{"identifier": license_id, "title": "CC BY", "licenseText": "Say who."}]},
        )
    )
    assert (framework.key, framework.identifier, framework.title) == ("clinical-skills", DOCUMENT, "Clinical Skills")
    assert framework.description == "For practice & study."
    assert framework.notice == "Not for a fee.\n\nSay who."
    assert framework.license == "CC BY <https://example.org/by>"
    assert (framework.version, framework.adoption_status, framework.publisher) == ("2", "Adopted", "Press")
    assert framework.source == "https://example.org/skills"
    assert framework.uri == f"{ADDRESS}/CFDocuments/{DOCUMENT}"
    assert framework.changed_at == datetime(2024, 3, 1, 10, tzinfo=UTC)


def test_an_item_keeps_what_its_owner_says() -> None:
    competency = competency_in(
        fullStatement="<p>Washes hands</p><script>alert(1)</script>\n&nbsp;always",
        abbreviatedStatement="Hands",
        CFItemType="Standard",
        humanCodingScheme=3.2,
        notes="See &lt;guide&gt;",
        statusEndDate="2025-01-01T00:00:00Z",
        identifier=an_identifier(1).upper(),
    )
    assert (competency.statement, competency.short) == ("Washes hands\n\nalways", "Hands")
    assert (competency.kind, competency.type_name) == (None, "Standard")
    assert (competency.code, competency.notes) == ("3.2", "See <guide>")
    assert competency.deprecated_on == date(2025, 1, 1)
    assert competency.changed_at == datetime(2024, 3, 1, 8, tzinfo=UTC)
    assert competency.identifier == an_identifier(1)
    assert competency.uri.startswith(ADDRESS)


@pytest.mark.parametrize(
    ("word", "kind", "type_name"),
    [
        ("Skill", Kind.SKILL, ""),
        ("skill", Kind.SKILL, "skill"),
        ("KNOWLEDGE", Kind.KNOWLEDGE, "KNOWLEDGE"),
        (None, None, ""),
    ],
)
def test_the_type_of_an_item_is_a_kind_where_it_is_one_of_ours(word: str, kind: Kind, type_name: str) -> None:
    competency = competency_in(CFItemType=word)
    assert (competency.kind, competency.type_name) == (kind, type_name)


def test_what_real_servers_leave_empty_or_add_is_no_trouble() -> None:
    competency = competency_in(
        abbreviatedStatement=None, notes="", educationLevel=[], CFItemTypeURI=None, statusEndDate="", extensions=[],
        lastChangeDateTime=None, vendor={"x": [None]},
    )  # fmt: skip
    assert (competency.short, competency.notes, competency.deprecated_on, competency.changed_at) == ("", "", None, None)
    assert framework_in(a_package(CFRubrics=None, CFDefinitions=None) | {"CFAssociations": None}).links == ()
    assert framework_in({"CFPackage": a_package(document={"creator": None, "CFPackageURI": {}})}).creator == ""
    assert competency_in(fullStatement=None, abbreviatedStatement="Short").statement == "Short"


def test_siblings_stand_by_their_sequence_numbers_and_without_any_as_in_the_file() -> None:
    package = a_package(
        belongs(11, 1, None),
        belongs(12, 2, 1, sequenceNumber=3),
        belongs(13, 3, 1, sequenceNumber=1),
        belongs(14, 4, 1),
        items=5,
    )
    assert shape(framework_in(package)) == [("C1", 0), ("C3", 1), ("C2", 1), ("C4", 1), ("C5", 0)]
    assert notes_of(package) == []


def test_orphans_and_circles_are_taken_in_and_named_with_their_items() -> None:
    package = a_package(belongs(11, 1, 77), belongs(12, 2, 3), belongs(13, 3, 2))
    assert [(each.code, each.parent) for each in framework_in(package).competencies] == [
        ("C1", an_identifier(77)),
        ("C2", an_identifier(3)),
        ("C3", an_identifier(2)),
    ]
    (orphan, circle) = notes_of(package)
    assert orphan[0] == "CFItems[1]"
    assert an_identifier(77) in orphan[1]
    assert circle[0] == "CFItems[2]"
    assert "C2 → C3 → C2" in circle[1]


def test_the_first_of_several_parents_stays_and_the_others_are_links() -> None:
    package = a_package(belongs(10, 3, None), belongs(11, 3, 2), belongs(12, 3, 1), belongs(13, 2, 2))
    framework = framework_in(package)
    assert [each.parent for each in framework.competencies] == [None, None, an_identifier(2)]
    (link,) = framework.links
    assert (link.origin, link.relation, link.destination) == (an_identifier(3), Relation.CHILD, an_identifier(1))
    assert (link.identifier, link.destination_title) == (an_identifier(12), "")
    assert {place for place, _ in notes_of(package)} == {"CFAssociations[3]", "CFAssociations[4]"}


def test_what_is_said_twice_about_a_place_in_the_tree_or_leads_nowhere_makes_no_link() -> None:
    package = a_package(
        belongs(10, 1, None),
        belongs(11, 1, None),
        belongs(12, 2, 1),
        belongs(13, 2, 1),
        belongs(14, 3, 1, destinationNodeURI={"title": "Nobody"}),
    )
    framework = framework_in(package)
    assert (shape(framework), framework.links) == ([("C1", 0), ("C2", 1), ("C3", 0)], ())
    assert [place for place, _ in notes_of(package)] == [f"CFAssociations[{number}]" for number in (2, 4, 5)]


def test_every_other_association_is_a_link_and_an_unknown_one_is_named() -> None:
    package = a_package(
        belongs(11, 1, 77, associationType="exactMatchOf", notes="Word for word"),
        belongs(12, 2, 3, associationType="precedes"),
        belongs(13, 1, 3, associationType="ext:needs"),
        belongs(14, 2, 3, associationType="precedes"),
        belongs(15, 2, 1, associationType="isPeerOf", originNodeURI={"uri": f"{ADDRESS}/CFItems/{an_identifier(2)}"}),
        belongs(16, 2, 1, associationType="isPeerOf", originNodeURI={"title": "Nobody"}),
    )
    same, before, related, peer = framework_in(package).links
    assert (same.relation, same.destination, same.note) == (Relation.SAME, an_identifier(77), "Word for word")
    assert (same.destination_title, same.destination_uri) == ("Node 4d", f"{ADDRESS}/CFItems/{an_identifier(77)}")
    assert (before.relation, before.destination_title, before.destination_uri) == (Relation.PRECEDES, "", "")
    assert (related.relation, related.note) == (Relation.RELATED, "ext:needs")
    assert peer.origin == an_identifier(2)
    assert [place for place, _ in notes_of(package)] == ["CFAssociations[3]", "CFAssociations[4]", "CFAssociations[6]"]


def test_a_moment_before_any_in_utc_is_kept_as_it_is() -> None:
    document = {"lastChangeDateTime": "0001-01-01T00:00:00+14:00"}
    assert framework_in(a_package(document=document)).changed_at is not None


def test_an_association_without_a_uuid_gets_the_same_one_each_time() -> None:
    package = a_package(belongs(11, 1, 2, associationType="isPeerOf", identifier="first"))
    (link,) = framework_in(package).links
    assert (framework_in(package).links, link.destination) == ((link,), an_identifier(2))
    assert len(link.identifier) == 36


def test_bringing_a_package_twice_or_by_way_of_us_changes_nothing() -> None:
    package = a_package(
        belongs(11, 1, 77), belongs(12, 2, 3, sequenceNumber=2), belongs(13, 3, 2), belongs(14, 3, 1),
        belongs(15, 1, 2, associationType="ext:x"), document={"notes": "a &lt; b"}, CFRubrics=[a_rubric()],
    )  # fmt: skip
    found = brought_from(package)
    assert brought_from(package) == found
    again = read(write(found), source="package.json", options=Options())
    assert (again.frameworks, again.rubrics) == (found.frameworks, found.rubrics)


def test_an_item_that_stands_there_twice_is_taken_once_and_another_with_its_identifier_is_not() -> None:
    package = a_package(items=[an_item(1), an_item(2), an_item(1)])
    assert len(framework_in(package).competencies) == 2
    assert [place for place, _ in notes_of(package)] == ["CFItems[3]"]
    (problem,) = problems_with(a_package(items=[an_item(1), an_item(1, notes="Other")]))
    assert problem.place == "CFItems[2].identifier"
    assert an_identifier(1) in problem.sentence


def test_everything_to_mend_is_named_at_once_with_what_stands_there() -> None:
    package = a_package(
        belongs(11, 1, 2, originNodeURI=None), belongs(12, 2, 3, associationType=None),
        items=[an_item(1, identifier="abc"), an_item(2, statusEndDate="soon"), an_item(3, lastChangeDateTime="x"), []],
        document={"title": ""},
    )  # fmt: skip
    assert [(each.place, each.sentence) for each in problems_with(package)] == [
        ("CFDocument.title", "This is still needed here."),
        ("CFItems[1].identifier", "Found “abc”. Please write a UUID, such as 6f2c1f5e-0c35-4c8e-9d3a-1f2b3c4d5e6f."),
        ("CFItems[2].statusEndDate", "Found “soon”. Please write a day, such as 2026-05-01."),
        ("CFItems[3].lastChangeDateTime", "Found “x”. Please write a day and time, such as 2026-05-01T12:00:00Z."),
        ("CFItems[4]", "Please write this as an object in braces."),
        ("CFAssociations[1].originNodeURI", "This is still needed here."),
        ("CFAssociations[2].associationType", "This is still needed here."),
    ]


@pytest.mark.parametrize("empty", [{"fullStatement": None}, {"fullStatement": "<p> </p>"}])
def test_an_item_without_a_statement_is_named(empty: dict[str, object]) -> None:
    (problem,) = problems_with(a_package(items=[an_item(1), an_item(2, **empty)]))
    assert problem.place == "CFItems[2].fullStatement"


def test_of_very_many_problems_the_first_hundred_are_told_and_the_rest_counted() -> None:
    found = problems_with(a_package(items=[an_item(1, identifier="x")] * 250))
    assert len(found) == 101
    assert "150 more" in found[-1].sentence


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"CFDocuments": []}, "Please bring the package itself"),
        ({"CFItem": {}}, "Please bring the package itself"),
        ({"rubrics": []}, "no CASE package"),
    ],
)
def test_what_is_no_package_is_told(document: object, says: str) -> None:
    (problem,) = problems_with(document)
    assert says in problem.sentence


@pytest.mark.parametrize(
    ("document", "items", "options", "language"),
    [
        ({"language": "es"}, [an_item(1, language="en")], {}, "es"),
        ({"language": None}, [an_item(1, language="fr"), an_item(2, language="fr"), an_item(3)], {}, "fr"),
        ({"language": None}, [an_item(1)], {"language": "de"}, "de"),
        ({"language": None}, [an_item(1)], {}, "en-US"),
    ],
)
def test_the_language_is_the_documents_or_what_most_items_say_or_the_persons(
    document: dict[str, object], items: list[Any], options: dict[str, str], language: str
) -> None:
    (framework,) = brought_from(a_package(document=document, items=items), **options).frameworks
    assert framework.language == language


# ---- rubrics ----


def a_level(number: int, **changes: object) -> dict[str, Any]:
    return {"identifier": an_identifier(number), "quality": f"L{number}", "description": f"Seen {number}", **changes}


def a_rubric(*levels: dict[str, Any], **changes: object) -> dict[str, Any]:
    criterion = {
        "identifier": an_identifier(31),
        "description": "Checks <i>identity</i>",
        "CFItemURI": a_node(an_identifier(1)),
        "position": 1,
        "CFRubricCriterionLevels": list(levels) or [a_level(1, score=1), a_level(2, score=2)],
        **changes,
    }
    return {"identifier": an_identifier(30), "title": "Venipuncture", "CFRubricCriteria": [criterion]}


def criterion_in(*levels: dict[str, Any], **changes: object) -> tuple[Any, list[str]]:
    found = brought_from(a_package(CFRubrics=[a_rubric(*levels, **changes)]))
    return found.rubrics[0].criteria[0], [note.place for note in found.notes]


def test_a_rubric_of_somebody_else_becomes_one_to_be_completed() -> None:
    document = {"licenseURI": {"title": "CC BY"}}
    (rubric,) = brought_from(a_package(document=document, CFRubrics=[a_rubric()])).rubrics
    assert (rubric.key, rubric.title, rubric.language, rubric.license) == (
        "venipuncture",
        "Venipuncture",
        "en",
        "CC BY",
    )
    assert rubric.provenance == f"Example College · Clinical Skills · {ADDRESS}/CFDocuments/{DOCUMENT}"
    (criterion,) = rubric.criteria
    assert (criterion.key, criterion.statement) == ("checks-identity", "Checks identity")
    assert criterion.alignments == (Alignment("clinical-skills:C1", an_identifier(1)),)
    assert (criterion.met_at, criterion.principles, criterion.relational) == (2, frozenset(), False)


def test_a_competency_of_another_framework_is_called_as_the_package_calls_it() -> None:
    criterion, _notes = criterion_in(CFItemURI=a_node(an_identifier(77)))
    assert criterion.alignments == (Alignment("Node 4d", an_identifier(77)),)


@pytest.mark.parametrize(
    ("levels", "numbers", "noted"),
    [
        ([a_level(3, score=3), a_level(1, score=1, feedback="So")], [(1, "L1"), (3, "L3")], False),
        ([a_level(4, score=4), a_level(2, score=2.5), a_level(1, score=0)], [(1, "L1"), (2, "L2"), (3, "L4")], True),
        ([a_level(2, position=2), a_level(1, position=1)], [(1, "L1"), (2, "L2")], True),
        ([a_level(1, score=1), a_level(2, score=1)], [(1, "L1"), (2, "L2")], True),
    ],
)
def test_levels_are_numbered_upward(levels: list[Any], numbers: list[tuple[int, str]], noted: bool) -> None:
    criterion, notes = criterion_in(*levels)
    assert [(level.number, level.label) for level in criterion.levels] == numbers
    assert notes == (["CFRubrics[1].CFRubricCriteria[1]"] if noted else [])
    assert criterion.met_at == numbers[-1][0]


def test_criteria_stand_by_position_have_keys_of_their_own_and_weights_are_told() -> None:
    (first,) = a_rubric(position=2, weight=1)["CFRubricCriteria"]
    (second,) = a_rubric(position=1, weight=3)["CFRubricCriteria"]
    rubric = a_rubric() | {"CFRubricCriteria": [first, second | {"description": None, "category": "Safety"}, first]}
    found = brought_from(a_package(CFRubrics=[rubric]))
    assert [each.key for each in found.rubrics[0].criteria] == ["safety", "checks-identity", "checks-identity-2"]
    assert [note.place for note in found.notes] == ["CFRubrics[1].CFRubricCriteria"]


def test_two_rubrics_of_one_title_have_keys_of_their_own() -> None:
    found = brought_from(a_package(CFRubrics=[a_rubric(), a_rubric() | {"identifier": an_identifier(40)}]))
    assert [each.key for each in found.rubrics] == ["venipuncture", "venipuncture-2"]


def test_rubrics_without_items_bring_no_empty_framework() -> None:
    found = brought_from(a_package(items=0, CFRubrics=[a_rubric()]))
    assert (len(found.rubrics), found.frameworks) == (1, ())


def test_what_somebody_wrote_in_our_extensions_is_checked_too() -> None:
    package = a_package(CFRubrics=[a_rubric(extensions={"attune": {"met_at": 1000, "color": "red"}})])
    assert [each.place for each in problems_with(package)] == [
        "CFRubrics[1].criteria[1].met_at",
        "CFRubrics[1].criteria[1].color",
    ]
    package = a_package(items=[an_item(1, extensions={"attune": {"observable": "maybe"}})])
    assert [each.place for each in problems_with(package)] == ["CFItems[1].extensions.attune.observable"]


@given(ANY_JSON, st.sampled_from(["CFDocument", "CFItems", "CFAssociations", "CFRubrics", "CFDefinitions"]))
def test_whatever_stands_in_a_package_is_taken_in_or_answered_with_what_to_mend(found: object, member: str) -> None:
    with suppress(DocumentProblems):
        brought_from(a_package(belongs(11, 1, 2)) | {member: found})
