"""Frameworks in and out of files: what an author and a translator write, and what is to be mended in it."""

import json

import pytest
from hypothesis import given

from grading.competency import Framework, Kind, Relation, Words, problems
from lti_tool.documents import DocumentProblem
from lti_tool.documents.framework import from_document, identifier_of, read_framework, to_document
from tests.grading.making import a_framework, frameworks

WRITTEN = """
key = "starter"
title = "What peer supporters do"
language = "en-US"
license = "CC0-1.0"

[[competencies]]
code = "A"
statement = "Meeting people"
kind = "skill"

[[competencies]]
code = "A1"
parent = "A"
statement = "Makes contact in a way the person has agreed to"
deprecated_on = 2026-05-01

[[competencies]]
parent = "A"
statement = "Is kind"
kind = "value"
observable = false

[[links]]
origin = "A1"
relation = "isRelatedTo"
destination = "00000000-0000-0000-0000-000000000001"
destination_title = "Elsewhere"

[[translations]]
language = "es"
title = "Lo que hacen las personas de apoyo"
[translations.statements]
A = "Encontrarse"
A1 = "Hace contacto como la persona aceptó"
[translations.notes]
A1 = "Una nota"
"""


def problem_with(text: str) -> DocumentProblem:
    with pytest.raises(DocumentProblem) as found:
        read_framework(text, source="mine.toml")
    assert found.value.source == "mine.toml"
    return found.value


def test_a_framework_is_read_as_it_is_written_and_codes_become_identifiers() -> None:
    framework = read_framework(WRITTEN, source="mine.toml")
    assert problems(framework) == ()
    area, contact, kindness = framework.competencies
    assert (area.parent, contact.parent, kindness.parent) == (None, area.identifier, area.identifier)
    assert (area.kind, contact.kind, kindness.kind) == (Kind.SKILL, None, Kind.VALUE)
    assert (area.observable, kindness.observable) == (True, False)
    assert str(contact.deprecated_on) == "2026-05-01"
    (link,) = framework.links
    assert (link.origin, link.relation) == (contact.identifier, Relation.RELATED)
    assert link.destination.endswith("0001")


def test_identifiers_that_are_left_out_are_the_same_each_time() -> None:
    framework = read_framework(WRITTEN, source="mine.toml")
    assert read_framework(WRITTEN, source="other.toml") == framework
    assert framework.identifier == identifier_of("starter")
    assert framework.competencies[1].identifier == identifier_of("starter", "A1")
    assert framework.competencies[2].identifier == identifier_of("starter", "Is kind")
    assert identifier_of("starter", "A1") == "ec159a34-4c06-5c6a-9127-03c94b51c360"  # once given, for ever


def test_a_translator_writes_by_code() -> None:
    framework = read_framework(WRITTEN, source="mine.toml")
    assert framework.translations == (Words("es", "Lo que hacen las personas de apoyo"),)
    area, contact, kindness = framework.competencies
    assert area.translations == (Words("es", "Encontrarse"),)
    assert contact.translations == (Words("es", "Hace contacto como la persona aceptó", notes="Una nota"),)
    assert kindness.translations == ()


@given(frameworks)
def test_writing_and_reading_gives_back_an_equal_framework(framework: Framework) -> None:
    assert from_document(to_document(framework)) == framework
    assert from_document(json.loads(json.dumps(to_document(framework)))) == framework


def test_what_is_empty_is_left_out_of_the_document() -> None:
    document = to_document(a_framework())
    assert document.keys() == {"identifier", "key", "title", "language", "license", "competencies"}
    assert document["competencies"][0].keys() == {"identifier", "code", "statement"}


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ('title = "What peer supporters do"', "", "title", 'For example: title = "'),
        ('parent = "A"\nstatement = "Makes', 'parent = "AA"\nstatement = "Makes', "competencies[2].parent", "be A?"),
        ('origin = "A1"', 'origin = "xyz"', "links[1].origin", "“xyz”"),
        ('A1 = "Una', 'B7 = "Una', "translations[1].notes.B7", "“B7”"),
        ('kind = "value"', 'kind = "virtue"', "competencies[3].kind", "'attitude'"),
        ('"isRelatedTo"', '"like"', "links[1].relation", "'exactMatchOf'"),
        ("observable = false", 'observable = "no"', "competencies[3].observable", "true or false"),
        ("deprecated_on = 2026-05-01", 'deprecated_on = "soon"', "competencies[2].deprecated_on", "2026-05-01"),
        ("observable = false", "observeable = false", "competencies[3].observeable", "meant to be observable?"),
        ("[translations.statements]", "[translations.statement]", "translations[1].statement", "statements?"),
    ],
)
def test_what_is_to_be_mended_is_said_with_its_place_and_remedy(old: str, new: str, place: str, says: str) -> None:
    assert old in WRITTEN
    problem = problem_with(WRITTEN.replace(old, new, 1))
    assert problem.place == place
    assert says in problem.sentence


def test_a_kept_document_that_is_none_says_so() -> None:
    with pytest.raises(DocumentProblem) as found:
        from_document({"key": "starter", "title": "Starter"})
    assert found.value.place == "language"
