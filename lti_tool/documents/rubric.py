"""Rubrics as TOML for authors, and as the JSON form that is kept and digested."""

from dataclasses import asdict
from typing import Annotated, Any

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lti_tool.documents.problems import problem_in
from lti_tool.documents.toml import read_toml
from rubrics.rubric import Criterion, Level, Principle, Rubric
from rubrics.sign_off import digest_of

_Number = Annotated[int, Field(ge=1, le=100)]


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Level(_Entries):
    number: _Number
    label: str
    anchor: str


class _Criterion(_Entries):
    key: str
    statement: str
    principles: list[Annotated[Principle, Field(strict=False)]]  # written by name
    relational: bool = False
    may_be_not_observed: bool = True
    must_be_met: bool = False
    met_at: _Number
    alignments: list[str] = []
    watch_for: list[str] = []
    guide: str = ""
    example: str = ""
    levels: list[_Level]


class _Rubric(_Entries):
    key: str
    title: str
    summary: str
    language: str
    license: str
    provenance: str
    reviewed_by_lived_experience: str | None = None
    criteria: list[_Criterion]


_ENTRIES = tuple(frozenset(model.model_fields) for model in (_Rubric, _Criterion, _Level))
_EXAMPLES = {
    "key": 'key = "listens"',
    "title": 'title = "Peer support, one conversation"',
    "summary": 'summary = "For one observed conversation."',
    "language": 'language = "en-US"',
    "license": 'license = "CC-BY-4.0"',
    "provenance": 'provenance = "Written by our peer team in 2026."',
    "reviewed_by_lived_experience": 'reviewed_by_lived_experience = "Our peer council, May 2026"',
    "criteria": "a line [[criteria]], followed by the entries of the first criterion",
    "statement": 'statement = "Listens more than they speak"',
    "principles": 'principles = ["choice", "trust"]',
    "relational": "relational = true",
    "may_be_not_observed": "may_be_not_observed = true",
    "must_be_met": "must_be_met = true",
    "met_at": "met_at = 4",
    "alignments": 'alignments = ["starter:A2"]',
    "watch_for": 'watch_for = ["Interrupts", "Gives advice that was not asked for"]',
    "guide": 'guide = "What to look for"',
    "example": 'example = "What it can sound like"',
    "levels": 'levels = [{ number = 1, label = "...", anchor = "..." }, ...]',
    "number": "number = 1",
    "label": 'label = "With a prompt"',
    "anchor": 'anchor = "Let the person finish after the observer had asked for it"',
}


def read_rubric(text: str, *, source: str) -> Rubric:
    """The rubric that an author wrote as TOML. Raises `DocumentProblem`, which names `source`.

    Whether it is ready to be published is another question: see `rubrics.rubric.problems`.
    """
    return _rubric(read_toml(text, source=source), source)


def to_document(rubric: Rubric) -> dict[str, Any]:
    """The rubric in JSON form; `from_document` gives back an equal one."""
    return asdict(rubric) | {"criteria": [_criterion_document(criterion) for criterion in rubric.criteria]}


def from_document(document: dict[str, Any]) -> Rubric:
    """The rubric that `to_document` wrote. Raises `DocumentProblem` where it is not one."""
    return _rubric(document, "rubric document")


def digest(rubric: Rubric) -> str:
    """SHA-256 of the canonical JSON form (RFC 8785), in hexadecimal: equal rubrics, equal digests."""
    return digest_of(rfc8785.dumps(to_document(rubric)))


def _criterion_document(criterion: Criterion) -> dict[str, Any]:
    return asdict(criterion) | {
        # A set has no order of its own; the enum's order makes the digest stable.
        "principles": [principle.value for principle in Principle if principle in criterion.principles],
        "levels": [asdict(level) for level in criterion.levels],
        "alignments": list(criterion.alignments),
        "watch_for": list(criterion.watch_for),
    }


def _rubric(entries: dict[str, Any], source: str) -> Rubric:
    try:
        found = _Rubric.model_validate(entries)
    except ValidationError as error:
        raise problem_in(error, source=source, entries=_ENTRIES, examples=_EXAMPLES) from error
    return Rubric(**(dict(found) | {"criteria": tuple(_criterion(each) for each in found.criteria)}))


def _criterion(found: _Criterion) -> Criterion:
    return Criterion(
        **dict(found)
        | {
            "principles": frozenset(found.principles),
            "levels": tuple(Level(**dict(level)) for level in found.levels),
            "alignments": tuple(found.alignments),
            "watch_for": tuple(found.watch_for),
        }
    )
