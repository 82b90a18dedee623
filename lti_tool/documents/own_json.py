"""Attune's own document as JSON: any number of rubrics and frameworks, word for word.

`docs/schema/attune-1.json` says the form (JSON Schema 2020-12); `document_schema` makes it.
"""

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grading.competency import Framework
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents import framework_entries as of_framework
from lti_tool.documents import rubric as of_rubric
from lti_tool.documents.brought import Brought, Note, Options
from lti_tool.documents.framework import framework_in, to_document
from lti_tool.documents.framework_checks import usable
from lti_tool.documents.framework_names import with_names
from lti_tool.documents.json_in import read_json
from lti_tool.documents.problems import problems_in
from lti_tool.documents.rubric import RubricEntries, rubric_in

SCHEMA = "attune-1.json"


class DocumentEntries(BaseModel):
    """Rubrics and competency frameworks of Attune."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    schema_address: str = Field("", alias="$schema")
    format: Literal["attune"]
    version: Literal[1]
    rubrics: list[RubricEntries] = []
    frameworks: list[of_framework.FrameworkEntries] = []


_ENTRIES: dict[tuple[str, ...], frozenset[str]] = {
    (): frozenset({"$schema", "format", "version", "rubrics", "frameworks"}),
    **{("rubrics", *table): names for table, names in of_rubric.ENTRIES.items()},
    **{("frameworks", *table): names for table, names in of_framework.ENTRIES.items()},
}
_EXAMPLES = {
    name: f'"{name}": {example}'
    for name, example in {
        "format": '"attune"',
        "version": "1",
        "key": '"listens"',
        "language": '"en-US"',
        "met_at": "4",
        "principles": '["choice", "trust"]',
        "levels": '[{"number": 1, "label": "...", "anchor": "..."}, ...]',
        "relation": '"exactMatchOf"',
        "changed_at": '"2026-05-01T12:00:00Z"',
        "deprecated_on": '"2026-05-01"',
    }.items()
}


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The rubrics and frameworks in the document. Raises `DocumentProblems`.

    As in TOML, a framework may name parents by code and leave identifiers out.
    """
    document, notes = read_json(content, source=source, options=options)
    try:
        found = DocumentEntries.model_validate(document)
    except ValidationError as error:
        raise problems_in(error, source=source, entries=_ENTRIES, examples=_EXAMPLES) from error
    frameworks: list[Framework] = []
    to_mend: list[DocumentProblem] = []
    for position, entries in enumerate(found.frameworks, start=1):
        place = f"frameworks[{position}]"
        try:
            framework, to_know = _framework(entries, source, place)
        except DocumentProblems as problems:
            to_mend.extend(problems.problems)
        else:
            frameworks.append(framework)
            notes += to_know
    if to_mend:
        raise DocumentProblems(*to_mend)
    return Brought(tuple(rubric_in(each) for each in found.rubrics), tuple(frameworks), notes)


def write(brought: Brought) -> bytes:
    """The document with these rubrics and frameworks; `read` gives back equal ones."""
    document: dict[str, Any] = {
        "format": "attune",
        "version": 1,
        "rubrics": [of_rubric.to_document(each) for each in brought.rubrics],
        "frameworks": [to_document(each) for each in brought.frameworks],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _framework(entries: of_framework.FrameworkEntries, source: str, place: str) -> tuple[Framework, tuple[Note, ...]]:
    try:
        framework = framework_in(with_names(entries, source=source))
    except DocumentProblem as problem:
        raise DocumentProblems(DocumentProblem(source, f"{place}.{problem.place}", problem.sentence)) from problem
    return framework, usable(framework, source=source, place_in_file=lambda inside: f"{place}.{inside}")
