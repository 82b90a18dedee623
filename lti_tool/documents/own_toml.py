"""Attune's own document as TOML, for people who write: one rubric or one framework."""

from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.items import AoT, InlineTable, Item, Table

from lti_tool.documents import DocumentProblem, DocumentProblems, framework_entries
from lti_tool.documents import framework as of_framework
from lti_tool.documents import rubric as of_rubric
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.framework_checks import usable
from lti_tool.documents.framework_names import with_codes, with_names
from lti_tool.documents.problems import problems_in
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.text_in import read_text
from lti_tool.documents.toml import read_toml
from rubrics.refusal import _N

_TABLES = frozenset({"criteria", "competencies", "links", "translations"})
"""What is written as `[[...]]`, one after the other; other lists of tables stand within their lines."""
_LEFT_OUT_WHEN_EMPTY = frozenset({"guide", "example", "watch_for", "alignments"})
_LONG = 100


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The rubric (it has criteria) or the framework in the document. Raises `DocumentProblems`."""
    text, notes = read_text(content, source=source, encoding=options.encoding)
    try:
        tables = read_toml(text, source=source)
        if "competencies" in tables and "criteria" not in tables:
            entries = with_names(framework_entries.FrameworkEntries.model_validate(tables), source=source)
            framework = of_framework.framework_in(entries)
            return Brought(frameworks=(framework,), notes=(*notes, *usable(framework, source=source)))
        return Brought(rubrics=(of_rubric.rubric_in(of_rubric.RubricEntries.model_validate(tables)),), notes=notes)
    except DocumentProblem as problem:
        raise DocumentProblems(problem) from problem
    except ValidationError as error:
        of_one = framework_entries if "Framework" in error.title else of_rubric
        raise problems_in(error, source=source, entries=of_one.ENTRIES, examples=of_one.EXAMPLES) from error


def write(brought: Brought) -> bytes:
    """The document of one rubric or one framework; `read` gives back an equal one, but for space around its texts.

    Raises `DocumentProblems` where there are more, or none.
    """
    documents = [of_rubric.to_document(each) for each in brought.rubrics]
    documents += [with_codes(of_framework.to_document(each)) for each in brought.frameworks]
    if len(documents) != 1:
        sentence = _N("A TOML document holds one rubric or one framework, and here are %(found)s. Please choose one.")
        raise DocumentProblems(DocumentProblem("TOML", "the whole document", Sentence(sentence, found=len(documents))))
    written = tomlkit.document()
    for name, value in _in_order(documents[0]):
        written.add(name, _item(name, value))
    return tomlkit.dumps(written).encode()


def _in_order(document: dict[str, Any]) -> list[tuple[str, Any]]:
    """Short entries before lists of tables, for in TOML what stands below a `[[...]]` belongs to it."""
    filled = [
        (name, value)
        for name, value in document.items()
        if value is not None and (value or name not in _LEFT_OUT_WHEN_EMPTY)
    ]
    return sorted(filled, key=lambda each: (each[0] in _TABLES, each[0] == "levels"))


def _item(name: str, value: Any) -> Item:
    if isinstance(value, list) and name in _TABLES and value:
        return AoT([_table(each) for each in value])
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(_inline(each) if isinstance(each, dict) else _item("", each) for each in value)
        array.multiline(multiline=len(str(value)) > _LONG)
        return array
    if isinstance(value, str):
        return tomlkit.string(value, multiline="\n" in value and "\r" not in value)
    item: Item = tomlkit.item(value)
    return item


def _table(document: dict[str, Any]) -> Table:
    table = tomlkit.table()
    for name, value in _in_order(document):
        # The words of one competency read best beside it.
        table.add(name, _item("" if "statement" in document else name, value))
    return table


def _inline(document: dict[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    for name, value in _in_order(document):
        table.add(name, tomlkit.string(value) if isinstance(value, str) else tomlkit.item(value))
    return table
