"""The published schemas of programs and evidence are current, and agree with what is read."""

import json
import tomllib
from contextlib import suppress
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomlkit

from lti_tool.documents import DocumentProblems
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.evidence_schema import evidence_schema
from lti_tool.documents.program import read_program
from lti_tool.documents.program_schema import program_schema
from lti_tool.documents.standing_json import standing_schema
from lti_tool.paths import CONFIG
from tests.lti_tool.documents.test_evidence_documents import EVERYTHING
from tests.project import ROOT, text_of

SHIPPED = sorted((CONFIG / "programs").glob("*.toml"))
MADE = {"program": program_schema, "evidence": evidence_schema, "standing": standing_schema}


def plain(text: str) -> Any:
    """The tables of a TOML text as JSON has them: days are texts."""
    return json.loads(json.dumps(tomllib.loads(text), default=lambda day: day.isoformat()))


@cache
def schema(which: str) -> jsonschema.Draft202012Validator:
    found = json.loads(text_of(ROOT / "docs" / "schema" / f"{which}-1.json"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("which", MADE)
def test_the_published_schema_is_current(which: str) -> None:
    published = text_of(ROOT / "docs" / "schema" / f"{which}-1.json")
    assert published == MADE[which](), f"attune programs schema {which} > docs/schema/{which}-1.json"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_program_that_ships_is_valid(path: Path) -> None:
    schema("program").validate(plain(text_of(path)))


def test_the_evidence_with_everything_is_valid() -> None:
    schema("evidence").validate(plain(EVERYTHING))


def test_the_evidence_of_the_page_is_valid() -> None:
    page = text_of(ROOT / "docs" / "standing.md")
    schema("evidence").validate(plain(page.partition("```toml\n")[2].partition("```")[0]))


@pytest.mark.parametrize("which", MADE)
def test_every_entry_of_a_schema_is_named_as_it_is_written(which: str) -> None:
    names = [name for each in _tables(schema(which).schema) for name in each.get("properties", {})]
    assert names
    assert [name for name in names if name.endswith("_") or name.startswith("_")] == []


PROGRAM = """
id = "ours"
name = "Ours"
body = "Board"
time_zone = "UTC"
[[editions]]
key = "1"
from = 2025-01-01
[[stages]]
key = "initial"
title = "Certification"
[[requirements]]
key = "training"
stage = "initial"
title = "Training"
at_least = "40 hours"
of = { kind = "training", where = { category = ["ethics"], people = { at_most = 10 } }, since = 2025-01-01 }
"""


def spoiled(document: str, *way: Any, value: object) -> dict[str, Any]:
    found = tomllib.loads(document)
    *before, last = way
    here: Any = found
    for step in before:
        here = here[step]
    here[last] = value
    return found


REQUIREMENT = ("requirements", 0)


@pytest.mark.parametrize(
    ("way", "value", "good"),
    [
        (("name",), "Other", True),
        (("name",), "", False),
        (("id",), "Not An Id", False),
        (("color",), "red", False),
        (("editions", 0, "since"), "2025-01-01", False),
        (("stages", 0, "extensions"), 21, False),
        (("stages", 0, "kind"), "renewal", True),
        (("stages", 0, "kind"), "other", False),
        ((*REQUIREMENT, "at_leest"), 1, False),
        ((*REQUIREMENT, "at_least"), 40, True),
        ((*REQUIREMENT, "at_least"), True, False),
        ((*REQUIREMENT, "sources"), ["1"], False),
        ((*REQUIREMENT, "of", "kind"), ["training", "education"], True),
        ((*REQUIREMENT, "of", "kind"), "trainings", False),
        ((*REQUIREMENT, "of", "where"), {"paid": True}, True),
        ((*REQUIREMENT, "of", "where"), {"paid": {"at_leest": 1}}, False),
        ((*REQUIREMENT, "of", "keep"), "best", False),
        (("due_process",), {"decide_within_hours": 0}, False),
    ],
)
def test_schema_and_reading_of_programs_agree(way: tuple[Any, ...], value: object, good: bool) -> None:
    document = spoiled(PROGRAM, *way, value=value)
    as_json = json.loads(json.dumps(document, default=lambda day: day.isoformat()))
    assert schema("program").is_valid(as_json) is good
    read = False
    with suppress(DocumentProblems):
        read_program(_toml(document), source="x")
        read = True
    assert read is good


@pytest.mark.parametrize(
    ("way", "value", "good"),
    [
        (("person",), "", False),
        (("color",), "red", False),
        (("practice", 1, "is_"), {}, False),
        (("practice", 0, "amount"), 3, True),
        (("practice", 0, "amount"), [3], False),
        (("practice", 0, "is"), {"category": {"a": 1}}, False),
        (("practice", 0, "is"), {"category": ["a"], "paid": True, "people": 3, "share": 0.5}, True),
        (("practice", 0, "sined"), "2025-06-05", False),
        (("decisions", 0, "outcome"), "passed", False),
        (("observations", 0, "ratings", 0, "criterion"), 1, False),
        (("observations", 0, "ratings", 0, "note"), "words", False),
    ],
)
def test_schema_and_reading_of_evidence_agree(way: tuple[Any, ...], value: object, good: bool) -> None:
    document = json.loads(json.dumps(spoiled(EVERYTHING, *way, value=value), default=lambda day: day.isoformat()))
    assert schema("evidence").is_valid(document) is good
    read = False
    with suppress(DocumentProblems):
        read_evidence(json.dumps(document), zone=UTC, source="x")
        read = True
    assert read is good


def _tables(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [each for part in value for each in _tables(part)]
    if not isinstance(value, dict):
        return []
    return [value, *(each for part in value.values() for each in _tables(part))]


def _toml(document: dict[str, Any]) -> str:
    return tomlkit.dumps(document)
