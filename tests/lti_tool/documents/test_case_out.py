"""What we write as CASE 1.1: what the specification wants at each level, and equal on the way back."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.competency import Framework, Kind, Link, Relation
from lti_tool.documents import DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.case import read, write
from rubrics.rubric import Alignment, Rubric
from tests.grading.making import a_competency, a_framework, an_identifier, usable_frameworks
from tests.lti_tool.documents.typed import trimmed, without_nul
from tests.rubrics.making import a_criterion, a_rubric, rubrics

# As section 1 of the information model lists them: what is needed, then what may be there besides. Nothing else may.
MEMBERS = {
    "package": "CFDocument | CFItems CFAssociations CFDefinitions CFRubrics extensions",
    "CFDocument": "identifier uri creator title lastChangeDateTime | frameworkType caseVersion officialSourceURL "
    "publisher description subject subjectURI language version adoptionStatus statusStartDate statusEndDate licenseURI "
    "notes extensions",
    "CFItems": "identifier fullStatement uri lastChangeDateTime | humanCodingScheme listEnumeration "
    "abbreviatedStatement alternativeLabel CFItemType CFItemTypeURI conceptKeywords conceptKeywordsURI notes "
    "subject subjectURI language educationLevel licenseURI statusStartDate statusEndDate extensions",
    "CFAssociations": "identifier associationType uri originNodeURI destinationNodeURI lastChangeDateTime | "
    "sequenceNumber CFAssociationGroupingURI notes extensions",
    "CFRubrics": "identifier uri lastChangeDateTime | title description CFRubricCriteria extensions",
    "CFRubricCriteria": "identifier uri lastChangeDateTime | category description CFItemURI weight position rubricId "
    "CFRubricCriterionLevels extensions",
    "CFRubricCriterionLevels": "identifier uri lastChangeDateTime | description quality score feedback position "
    "rubricCriterionId extensions",
    "licenseURI": "title identifier uri |",
    "CFItemURI": "title identifier uri |",
    "originNodeURI": "title identifier uri | targetType",
    "destinationNodeURI": "title identifier uri | targetType",
}
TYPES = {
    "isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar",
    "hasSkillLevel", "isTranslationOf",
}  # fmt: skip
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NUMBERS = {"sequenceNumber": int, "position": int, "score": int | float}


def look_at(found: Mapping[str, Any], name: str) -> None:
    """Asserts that this object has the members of its kind, and looks at those within it."""
    needed, _, others = MEMBERS[name].partition("|")
    assert set(needed.split()) <= found.keys() <= set(needed.split()) | set(others.split())
    for member, value in found.items():
        look_at_member(value, member, name)


def look_at_member(value: Any, member: str, name: str) -> None:
    if member == "extensions":
        assert isinstance(value, dict)
    elif isinstance(value, list):
        for each in value:
            look_at(each, member)
    elif isinstance(value, dict):
        look_at(value, member)
    elif member in NUMBERS:
        assert isinstance(value, NUMBERS[member])
    else:
        assert isinstance(value, str)
    if member in {"identifier", "rubricId", "rubricCriterionId"} and not name.endswith("NodeURI"):
        assert UUID.fullmatch(value)
    if member == "associationType":
        assert value in TYPES
    if member == "lastChangeDateTime":
        assert datetime.fromisoformat(value).tzinfo is not None


def there_and_back(brought: Brought) -> Brought:
    content = write(brought)
    look_at(json.loads(content), "package")
    return read(content, source="package.json", options=Options())


def package(*rubric: Rubric, **changes: object) -> Any:
    return json.loads(write(Brought(rubrics=rubric, frameworks=(a_framework(**changes),))))


@given(usable_frameworks(), st.lists(rubrics, max_size=2).map(tuple))
def test_a_framework_and_its_rubrics_come_back_as_they_were(framework: Framework, some: tuple[Rubric, ...]) -> None:
    brought = Brought(rubrics=trimmed(without_nul(some)), frameworks=(framework,))
    found = there_and_back(brought)
    assert (found.frameworks, found.rubrics) == (brought.frameworks, brought.rubrics)


@given(st.lists(rubrics, min_size=1, max_size=2).map(tuple))
def test_rubrics_without_a_framework_come_back_as_they_were(some: tuple[Rubric, ...]) -> None:
    brought = Brought(rubrics=trimmed(without_nul(some)))
    found = there_and_back(brought)
    assert (found.frameworks, found.rubrics) == ((), brought.rubrics)


def test_the_same_is_written_the_same() -> None:
    brought = Brought(rubrics=(a_rubric(),), frameworks=(a_framework(),))
    assert write(brought) == write(brought) == write(there_and_back(brought))


def test_what_we_check_with_finds_what_is_not_as_it_should_be() -> None:
    good = package()
    look_at(good, "package")
    for spoil in (
        lambda found: found["CFDocument"].pop("creator"),
        lambda found: found["CFDocument"].update(CFPackageURI={}),
        lambda found: found["CFItems"][0].update(parent="x"),
        lambda found: found["CFAssociations"][0].update(associationType="childOf"),
        lambda found: found["CFItems"][0].update(identifier="C1"),
        lambda found: found["CFItems"][0].update(notes=None),
    ):
        spoiled = package()
        spoil(spoiled)
        with pytest.raises(AssertionError):
            look_at(spoiled, "package")


def test_a_license_that_is_an_address_leads_there() -> None:
    address = "https://creativecommons.org/licenses/by/4.0/"
    assert package(license=address)["CFDocument"]["licenseURI"]["uri"] == address


def test_the_document_says_rights_source_and_dates() -> None:
    changed = datetime(2026, 5, 1, 12, tzinfo=UTC)
    document = package(
        license="CC BY 4.0 <https://creativecommons.org/licenses/by/4.0/>",
        source="https://example.org/framework",
        notice="Not for a fee.",
        adoption_status="Adopted",
        changed_at=changed,
    )["CFDocument"]
    assert document["licenseURI"]["title"] == "CC BY 4.0"
    assert document["licenseURI"]["uri"] == "https://creativecommons.org/licenses/by/4.0/"
    assert document["officialSourceURL"] == "https://example.org/framework"
    assert (document["notes"], document["adoptionStatus"]) == ("Not for a fee.", "Adopted")
    assert document["lastChangeDateTime"] == "2026-05-01T12:00:00Z"
    assert document["caseVersion"] == "1.1"


def test_our_own_have_urns_and_those_of_others_keep_their_address() -> None:
    framework = a_framework(a_competency(1, uri="https://example.org/CFItems/1"), a_competency(2, parent=1))
    first, second = json.loads(write(Brought(frameworks=(framework,))))["CFItems"]
    assert (first["uri"], second["uri"]) == ("https://example.org/CFItems/1", f"urn:uuid:{an_identifier(2)}")


def test_the_tree_is_said_by_is_child_of_in_the_order_of_siblings() -> None:
    found = package()["CFAssociations"]
    assert [
        (each["originNodeURI"]["title"], each["destinationNodeURI"]["title"], each["sequenceNumber"]) for each in found
    ] == [("C1", "What peer supporters do", 1), ("C2", "C1", 1), ("C3", "C1", 2)]


def test_a_second_parent_and_a_link_to_elsewhere_follow_the_tree() -> None:
    links = (
        Link(
            identifier=an_identifier(21),
            origin=an_identifier(3),
            relation=Relation.CHILD,
            destination=an_identifier(2),
        ),
        Link(
            identifier=an_identifier(22),
            origin=an_identifier(3),
            relation=Relation.SAME,
            destination=an_identifier(99),
            destination_title="Elsewhere",
            destination_uri="https://example.org/99",
            note="Word for word",
        ),
    )
    _one, _two, _three, second, same = package(links=links)["CFAssociations"]
    assert (second["associationType"], second["destinationNodeURI"]["title"]) == ("isChildOf", "C2")
    assert same["destinationNodeURI"] == {
        "title": "Elsewhere",
        "identifier": an_identifier(99),
        "uri": "https://example.org/99",
    }
    assert same["notes"] == "Word for word"


def test_the_type_of_an_item_is_a_word_that_others_know() -> None:
    framework = a_framework(
        a_competency(1, kind=Kind.SKILL), a_competency(2, type_name="Standard"), a_competency(3, observable=False)
    )
    first, second, third = json.loads(write(Brought(frameworks=(framework,))))["CFItems"]
    assert (first["CFItemType"], second["CFItemType"]) == ("Skill", "Standard")
    assert "extensions" not in first
    assert third["extensions"] == {"attune": {"observable": False}}


def test_a_criterion_refers_to_its_competency_by_identifier_also_where_only_its_code_was_written() -> None:
    rubric = a_rubric(a_criterion(alignments=(Alignment("elsewhere:X"), Alignment("starter:C2", reason="Seen"))))
    (criterion,) = package(rubric)["CFRubrics"][0]["CFRubricCriteria"]
    assert criterion["CFItemURI"] == {
        "title": "starter:C2",
        "identifier": an_identifier(2),
        "uri": f"urn:uuid:{an_identifier(2)}",
    }
    assert criterion["description"] == "Offers a pause when it becomes too much"
    levels = criterion["CFRubricCriterionLevels"]
    assert [(each["quality"], each["score"], each["position"]) for each in levels] == [
        ("Stepped in", 1, 1),
        ("With prompting", 2, 2),
        ("On their own", 3, 3),
    ]
    assert criterion["extensions"]["attune"]["principles"] == ["safety", "choice"]


@pytest.mark.parametrize("brought", [Brought(), Brought(frameworks=(a_framework(), a_framework(key="other")))])
def test_a_package_holds_one_framework(brought: Brought) -> None:
    with pytest.raises(DocumentProblems, match="holds one framework"):
        write(brought)
