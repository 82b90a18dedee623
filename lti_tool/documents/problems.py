"""From what pydantic found to the place in the document and what would help there."""

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.rows import MOST_PROBLEMS
from lti_tool.documents.sentences import shortened

_SENTENCES = {
    "missing": "This is still needed.",
    "string_type": "Please write this as text in quotes.",
    "int_type": "Please write a whole number, without quotes.",
    "bool_type": "Please write true or false, without quotes.",
    "list_type": "Please write a list in square brackets.",
    "model_type": "Please write this as a table with its entries.",
    "greater_than_equal": "Please write a number from 1 to 100.",
    "less_than_equal": "Please write a number from 1 to 100.",
}


def problem_in(
    error: ValidationError,
    *,
    source: str,
    entries: Mapping[tuple[str, ...], frozenset[str]],
    examples: Mapping[str, str],
) -> DocumentProblem:
    """The first thing to mend. `entries` names what each table knows, by the names that lead to it."""
    # A misspelled entry comes first: it explains why the right one seems absent.
    found = min(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
    return _problem(found, source=source, entries=entries, examples=examples)


def problems_in(
    error: ValidationError,
    *,
    source: str,
    entries: Mapping[tuple[str, ...], frozenset[str]],
    examples: Mapping[str, str],
) -> DocumentProblems:
    """Everything to mend, as `problem_in` says it; what is absent only because it is misspelled is told once."""
    every = error.errors(include_url=False)
    meant = {
        (*each["loc"][:-1], *get_close_matches(str(each["loc"][-1]), entries[_table(each["loc"])], n=1))
        for each in every
        if each["type"] == "extra_forbidden"
    }
    told = [each for each in every if each["type"] != "missing" or each["loc"] not in meant]
    found = [_problem(each, source=source, entries=entries, examples=examples) for each in told[:MOST_PROBLEMS]]
    if len(told) > len(found):
        more = f"There are {len(told) - len(found)} more places like these."
        found.append(DocumentProblem(source, "further on", more))
    return DocumentProblems(*found)


def _problem(
    found: ErrorDetails,
    *,
    source: str,
    entries: Mapping[tuple[str, ...], frozenset[str]],
    examples: Mapping[str, str],
) -> DocumentProblem:
    loc = found["loc"]
    name = next((part for part in reversed(loc) if isinstance(part, str)), "")
    if found["type"] == "extra_forbidden":
        sentence = _unknown(name, _table(loc), entries)
    else:
        sentence = _SENTENCES.get(found["type"]) or _choices(found.get("ctx", {})) or "Please check this entry."
        if isinstance(found["input"], str | int | float | date):
            sentence = f"Found “{shortened(str(found['input']))}”. {sentence}"
        if name in examples:
            sentence += f" For example: {examples[name]}"
    return DocumentProblem(source, place_of(loc), sentence)


def _table(loc: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(part for part in loc if isinstance(part, str))[:-1]


def place_of(loc: Sequence[str | int]) -> str:
    """The place that pydantic means, counted from 1: `criteria[3].levels[2].anchor`."""
    place = ""
    for part in loc:
        place += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return place.removeprefix(".") or "the whole document"


def _unknown(name: str, table: tuple[str, ...], entries: Mapping[tuple[str, ...], frozenset[str]]) -> str:
    known = entries[table]
    close = get_close_matches(name, known, n=1)
    if close:
        return f"There is no such entry here. Is it meant to be {close[0]}?"
    if table and name in entries[()]:
        return "This belongs to the document as a whole. Please move it to the top, above the first [[...]] line."
    return f"There is no such entry here. Known here: {', '.join(sorted(known))}."


def _choices(context: Mapping[str, Any]) -> str:
    expected = context.get("expected")
    return f"Please choose from {expected}." if expected else ""
