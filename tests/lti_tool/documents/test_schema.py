"""The published JSON Schema is current, and agrees with what is read about every document."""

import json
from contextlib import suppress
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from grading.competency import Framework
from lti_tool.documents import DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.own_json import read, write
from lti_tool.documents.own_toml import read as read_toml
from lti_tool.documents.schema import document_schema
from lti_tool.paths import CONFIG
from rubrics.rubric import Rubric
from tests.grading.making import a_framework, usable_frameworks
from tests.project import ROOT, text_of
from tests.rubrics.making import a_rubric, rubrics

PUBLISHED = ROOT / "docs" / "schema" / "attune-1.json"


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    found = json.loads(text_of(PUBLISHED))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker())


def test_the_published_schema_is_current() -> None:
    assert text_of(PUBLISHED) == document_schema(), "attune rubrics schema > docs/schema/attune-1.json"


def test_names_in_it_are_those_of_the_glossary(schema: jsonschema.Draft202012Validator) -> None:
    assert set(schema.schema["$defs"]) == {
        "Alignment", "Competency", "Criterion", "CriterionWords", "Framework", "Kind", "Level", "LevelWords", "Link",
        "Principle", "Relation", "Rubric", "Translation", "FrameworkTranslation", "Words",
    }  # fmt: skip


def test_what_ships_is_valid_as_json_too(schema: jsonschema.Draft202012Validator) -> None:
    files = [*(CONFIG / "rubrics").glob("*.toml"), *(CONFIG / "frameworks").glob("*.toml")]
    assert files
    for path in files:
        found = read_toml(path.read_bytes(), source=path.name, options=Options())
        schema.validate(json.loads(write(found)))


@given(some=rubrics, other=usable_frameworks())
def test_whatever_is_written_is_valid(schema: jsonschema.Draft202012Validator, some: Rubric, other: Framework) -> None:
    schema.validate(json.loads(write(Brought(rubrics=(some,), frameworks=(other,)))))


def spoiled(*way: Any, value: object) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(write(Brought(rubrics=(a_rubric(),), frameworks=(a_framework(),))))
    *before, last = way
    found: Any = document
    for step in before:
        found = found[step]
    found[last] = value
    return document


CRITERION = ("rubrics", 0, "criteria", 0)


@pytest.mark.parametrize(
    ("document", "good"),
    [
        (spoiled("format", value="other"), False),
        (spoiled("version", value=2), False),
        (spoiled("$schema", value="attune-1.json"), True),
        (spoiled("color", value="red"), False),
        (spoiled(*CRITERION, "met_at", value=101), False),
        (spoiled(*CRITERION, "met_at", value="3"), False),
        (spoiled(*CRITERION, "principles", value=["truth"]), False),
        (spoiled(*CRITERION, "alignments", value=["starter:A1", {"competency": "starter:A2", "reason": "Seen"}]), True),
        (spoiled(*CRITERION, "alignments", value=[1]), False),
        (spoiled("frameworks", 0, "changed_at", value="2026-05-01T12:00:00Z"), True),
        (spoiled("frameworks", 0, "competencies", 1, "parent", value="C1"), True),
        (spoiled("frameworks", 0, "competencies", 1, "kind", value="virtue"), False),
        (spoiled("frameworks", 0, "translations", value=[{"language": "es", "statements": {"C1": "Hace"}}]), True),
    ],
)
def test_schema_and_reading_agree(schema: jsonschema.Draft202012Validator, document: object, good: bool) -> None:
    assert schema.is_valid(document) is good
    taken_in = False
    with suppress(DocumentProblems):
        read(json.dumps(document).encode(), source="x", options=Options())
        taken_in = True
    assert taken_in is good
