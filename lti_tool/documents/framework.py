"""Competency frameworks as TOML for authors, and as the JSON form that is kept.

A framework's key, title, language and rights stand at the top, then one `[[competencies]]` after the other, each
with its `code`, its `statement` and the code of the one it belongs to as `parent`. A translator adds one
`[[translations]]` a language, with the words by code below `[translations.statements]`.
"""

from dataclasses import fields
from datetime import date
from typing import Any

from pydantic import ValidationError

from grading.competency import Competency, Framework, Link, Words
from lti_tool.documents.framework_entries import ENTRIES, EXAMPLES, FrameworkEntries, FrameworkTranslationEntries
from lti_tool.documents.framework_names import identifier_of, with_names
from lti_tool.documents.problems import problem_in
from lti_tool.documents.toml import read_toml

__all__ = ["from_document", "identifier_of", "read_framework", "to_document"]


def read_framework(text: str, *, source: str) -> Framework:
    """The framework that an author wrote as TOML. Raises `DocumentProblem`, which names `source`.

    Parents and ends of links may be written as codes; identifiers that are left out are made from key and code.
    Whether it is ready to be used is another question: see `grading.competency.problems`.
    """
    try:
        entries = FrameworkEntries.model_validate(read_toml(text, source=source))
    except ValidationError as error:
        raise problem_in(error, source=source, entries=ENTRIES, examples=EXAMPLES) from error
    return framework_in(with_names(entries, source=source))


def to_document(framework: Framework) -> dict[str, Any]:
    """The framework in JSON form; `from_document` gives back an equal one. What is empty is left out."""
    document = _filled(framework)
    if framework.translations:
        document["translations"] = [_translation_document(each) for each in framework.translations]
    return document


def from_document(document: dict[str, Any]) -> Framework:
    """The framework that `to_document` wrote. Raises `DocumentProblem` where it is not one."""
    try:
        return framework_in(FrameworkEntries.model_validate(document))
    except ValidationError as error:
        raise problem_in(error, source="framework document", entries=ENTRIES, examples=EXAMPLES) from error


def framework_in(entries: FrameworkEntries) -> Framework:
    """The values of these entries, word for word: `framework_names.with_names` is for what an author wrote."""
    return Framework(
        **dict(entries)
        | {
            "competencies": tuple(
                Competency(**dict(each) | {"translations": tuple(Words(**dict(words)) for words in each.translations)})
                for each in entries.competencies
            ),
            "links": tuple(Link(**dict(each)) for each in entries.links),
            "translations": tuple(_words(each) for each in entries.translations),
        }
    )


def _words(found: FrameworkTranslationEntries) -> Words:
    return Words(language=found.language, statement=found.title, short=found.short, notes=found.description)


def _translation_document(words: Words) -> dict[str, Any]:
    found = {"language": words.language, "title": words.statement, "short": words.short, "description": words.notes}
    return {name: value for name, value in found.items() if value or name == "language"}


def _filled(value: Framework | Competency | Link | Words) -> dict[str, Any]:
    """What differs from what it would be without a word."""
    return {
        field.name: _plain(getattr(value, field.name))
        for field in fields(value)
        if getattr(value, field.name) != field.default
    }


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return [_filled(each) for each in value]
        case date():  # moments are dates, too
            return value.isoformat()
        case str():
            return str(value)  # of an enum: its value
        case _:
            return value
