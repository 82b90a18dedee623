"""Scenarios as TOML for authors, and as the JSON form of which a digest is made."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import rfc8785
import tomlkit
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tomlkit.items import Table

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.problems import problems_in
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.toml import read_toml
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import _N
from rubrics.scenario import Scenario, cannot_be_kept, tags_of
from rubrics.sign_off import digest_of

MOST_BYTES = 1_000_000
MOST_SCENARIOS = 200
_ALWAYS = ("title", "language")


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Scenario(_Entries):
    title: str
    about: str = ""
    language: str
    content_notes: list[str] = []
    tags: list[str] = []
    models: list[Annotated[PracticeModel, Field(strict=False)]] = []  # written by name
    settings: list[Annotated[Setting, Field(strict=False)]] = []
    group: str = ""
    license: str = ""
    credits: str = ""
    words: str = ""
    roles: str = ""


class _File(_Entries):
    scenarios: list[_Scenario]


_ENTRIES: dict[tuple[str, ...], frozenset[str]] = {
    (): frozenset(_File.model_fields),
    ("scenarios",): frozenset(_Scenario.model_fields),
    ("scenarios", "models"): frozenset(),
    ("scenarios", "settings"): frozenset(),
}
_EXAMPLES = {
    "scenarios": "a line [[scenarios]], followed by the entries of the first scenario",
    "title": 'title = "The key on the table"',
    "language": 'language = "en-US"',
}


def read_scenarios(text: str, *, source: str) -> tuple[Scenario, ...]:
    """The scenarios that an author wrote as TOML, in their order. Raises `DocumentProblems`, which names `source`."""
    try:
        found = _File.model_validate(read_toml(text, source=source))
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem
    except ValidationError as error:
        raise problems_in(error, source=source, entries=_ENTRIES, examples=_EXAMPLES) from error
    if len(found.scenarios) > MOST_SCENARIOS:
        said = Sentence(_N("Please bring at most %(most)s scenarios in one file."), most=MOST_SCENARIOS)
        raise DocumentProblems(DocumentProblem(source, "scenarios", said))
    scenarios = tuple(map(_scenario, found.scenarios))
    lacking = [
        DocumentProblem(source, f"scenarios[{position}].{problem.place}", Sentence(problem.sentence))
        for position, scenario in enumerate(scenarios, start=1)
        for problem in cannot_be_kept(scenario)
    ]
    if lacking:
        raise DocumentProblems(*lacking)
    return scenarios


def write_scenarios(scenarios: Sequence[Scenario]) -> str:
    """The TOML of these scenarios; `read_scenarios` gives back equal ones."""
    document = tomlkit.document()
    tables = tomlkit.aot()
    for scenario in scenarios:
        tables.append(_table(to_document(scenario)))
    document.add("scenarios", tables if scenarios else tomlkit.array())
    return tomlkit.dumps(document)


def to_document(scenario: Scenario) -> dict[str, Any]:
    """The scenario in JSON form, in the order in which it is best read, without what is empty."""
    written = asdict(scenario)
    ordered = {name: written[name] for name in _Scenario.model_fields}
    document = {name: list(value) if isinstance(value, tuple) else value for name, value in ordered.items()}
    return {name: value for name, value in document.items() if name in _ALWAYS or value}


def digest(scenario: Scenario) -> str:
    """SHA-256 of the canonical JSON form (RFC 8785), in hexadecimal: equal scenarios, equal digests."""
    return digest_of(rfc8785.dumps(to_document(scenario)))


def _scenario(found: _Scenario) -> Scenario:
    return Scenario(
        **dict(found)
        | {
            "content_notes": tuple(note for note in found.content_notes if note),
            "tags": tags_of([], ",".join(found.tags)),
            "models": tuple(dict.fromkeys(found.models)),
            "settings": tuple(dict.fromkeys(found.settings)),
        }
    )


def _table(document: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for name, value in document.items():
        if isinstance(value, list):
            array = tomlkit.array()
            array.extend(tomlkit.string(str(each)) for each in value)
            table.add(name, array)
        else:
            table.add(name, tomlkit.string(value, multiline="\n" in value and "\r" not in value))
    return table
