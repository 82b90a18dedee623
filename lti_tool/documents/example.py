"""Example performances as TOML for authors, and as the JSON form that is kept."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import tomlkit
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from tomlkit.items import InlineTable, Table

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.problems import problems_in
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.toml import read_toml
from rubrics.assessment import Rating
from rubrics.example import Example, Medium, Origin
from rubrics.refusal import _N

MOST_BYTES = 1_000_000


def _day(written: Any) -> Any:
    """In TOML it is a day, in JSON a text."""
    return date.fromisoformat(written) if isinstance(written, str) else written


class _Entries(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class _Rating(_Entries):
    criterion: str
    level: Annotated[int, Field(ge=1, le=100)] | None = None
    not_observed: bool = False
    reason: str = ""


class ExampleEntries(_Entries):
    """What an example's document may hold."""

    key: str
    title: str
    medium: Annotated[Medium, Field(strict=False)] = Medium.TEXT  # written by name
    language: str
    text: str = ""
    address: str = ""
    captions: bool = False
    transcript: str = ""
    minutes: Annotated[int, Field(ge=1, le=100)] | None = None
    setting: str = ""
    practice_model: str = ""
    content_note: str = ""
    group: str = ""
    origin: Annotated[Origin, Field(strict=False)] = Origin.WRITTEN
    permission: str = ""
    agreed_by: str = ""
    agreed_on: Annotated[date | None, BeforeValidator(_day)] = None
    ratings: list[_Rating] = []


class _File(_Entries):
    rubric: str
    examples: list[ExampleEntries]


_ENTRIES: dict[tuple[str, ...], frozenset[str]] = {
    (): frozenset(_File.model_fields),
    ("examples",): frozenset(ExampleEntries.model_fields),
    ("examples", "ratings"): frozenset(_Rating.model_fields),
}
_EXAMPLES = {
    "rubric": 'rubric = "one-to-one-support"',
    "examples": "a line [[examples]], followed by the entries of the first example",
    "key": 'key = "a-form-and-a-walk"',
    "title": 'title = "A form and a walk"',
    "language": 'language = "en-US"',
    "criterion": 'criterion = "listens"',
}


def read_examples(text: str, *, source: str) -> tuple[str, tuple[Example, ...]]:
    """The key of their rubric, and the examples that an author wrote as TOML. Raises `DocumentProblems`."""
    try:
        found = _File.model_validate(read_toml(text, source=source))
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem
    except ValidationError as error:
        raise problems_in(error, source=source, entries=_ENTRIES, examples=_EXAMPLES) from error
    twice = list(_twice(found, source))
    if twice:
        raise DocumentProblems(*twice)
    return found.rubric, tuple(_example(each) for each in found.examples)


def write_examples(rubric: str, examples: Sequence[Example]) -> str:
    """The TOML of these examples of the rubric with this key; `read_examples` gives back equal ones."""
    document = tomlkit.document()
    document.add("rubric", tomlkit.string(rubric))
    tables = tomlkit.aot()
    for example in examples:
        tables.append(_table(to_document(example)))
    document.add("examples", tables if examples else tomlkit.array())
    return tomlkit.dumps(document)


def to_document(example: Example) -> dict[str, Any]:
    """The example in JSON form, without what is empty; `from_document` gives back an equal one."""
    document = asdict(example) | {
        "agreed_on": example.agreed_on.isoformat() if example.agreed_on else None,
        "ratings": [_rating_document(rating) for rating in example.ratings],
    }
    always = ("key", "title", "language")
    return {name: value for name, value in document.items() if name in always or value}


def from_document(document: dict[str, Any]) -> Example:
    """The example that `to_document` wrote. Raises `DocumentProblems` where it is not one."""
    try:
        return _example(ExampleEntries.model_validate(document))
    except ValidationError as error:
        of_one = {tuple(names[1:]): known for names, known in _ENTRIES.items() if names}
        raise problems_in(error, source="example document", entries=of_one, examples=_EXAMPLES) from error


def _rating_document(rating: Rating) -> dict[str, Any]:
    document: dict[str, Any] = {"criterion": rating.criterion}
    if rating.level is not None:
        document["level"] = rating.level
    if rating.not_observed:
        document["not_observed"] = True
    if rating.evidence:
        document["reason"] = rating.evidence
    return document


def _twice(found: _File, source: str) -> list[DocumentProblem]:
    """What a table of TOML allows and an example does not."""
    problems = []
    keys = [each.key for each in found.examples]
    for position, example in enumerate(found.examples, start=1):
        place = f"examples[{position}]"
        if example.key in keys[: position - 1]:
            said = Sentence(
                _N("“%(found)s” is the key of another example. Please give each its own."), found=example.key
            )
            problems.append(DocumentProblem(source, f"{place}.key", said))
        criteria = [each.criterion for each in example.ratings]
        for number, rating in enumerate(example.ratings, start=1):
            here = f"{place}.ratings[{number}]"
            if rating.criterion in criteria[: number - 1]:
                said = Sentence(_N("“%(found)s” is rated already. Please keep one rating."), found=rating.criterion)
                problems.append(DocumentProblem(source, f"{here}.criterion", said))
            if rating.not_observed and rating.level is not None:
                said = Sentence(_N("It has a level and is not observed at once. Please keep one of the two."))
                problems.append(DocumentProblem(source, here, said))
    return problems


def _example(found: ExampleEntries) -> Example:
    ratings = tuple(
        Rating(each.criterion, each.level, not_observed=each.not_observed, evidence=each.reason)
        for each in found.ratings
    )
    return Example(**dict(found) | {"ratings": ratings})


def _table(document: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for name, value in document.items():
        if name == "ratings":
            array = tomlkit.array()
            array.extend(_inline(rating) for rating in value)
            table.add(name, array.multiline(multiline=True))
        elif name == "agreed_on":
            table.add(name, tomlkit.date(value))
        elif isinstance(value, str):
            table.add(name, tomlkit.string(value, multiline="\n" in value and "\r" not in value))
        else:
            table.add(name, value)
    return table


def _inline(document: dict[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for name, value in document.items():
        table.add(name, tomlkit.string(value) if isinstance(value, str) else value)
    return table
