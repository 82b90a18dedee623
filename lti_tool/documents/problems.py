"""From what pydantic found to the place in the document and what would help there."""

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.rows import MOST_PROBLEMS
from lti_tool.documents.sentences import Sentence, shortened
from rubrics.refusal import _N

_SENTENCES = {
    "string_type": _N("Found “%(found)s”. Please write this as text in quotes."),
    "int_type": _N("Found “%(found)s”. Please write a whole number, without quotes."),
    "bool_type": _N("Found “%(found)s”. Please write true or false, without quotes."),
    "list_type": _N("Found “%(found)s”. Please write a list in square brackets."),
    "model_type": _N("Found “%(found)s”. Please write this as a table with its entries."),
    "greater_than_equal": _N("Found “%(found)s”. Please write a number from 1 to 100."),
    "less_than_equal": _N("Found “%(found)s”. Please write a number from 1 to 100."),
    "date_": _N("Found “%(found)s”. Please write a day, such as 2026-05-01."),
    "datetime_": _N("Found “%(found)s”. Please write a day and time, such as 2026-05-01T12:00:00Z."),
    "enum": _N("Found “%(found)s”. Please choose from %(expected)s."),
    "literal_error": _N("Found “%(found)s”. Please choose from %(expected)s."),
    "": _N("Found “%(found)s”. Please check this entry."),
}
"""By how the type of what pydantic found begins."""


def problem_in(
    error: ValidationError,
    *,
    source: str,
    entries: Mapping[tuple[str, ...], frozenset[str]],
    examples: Mapping[str, str],
) -> DocumentProblem:
    """The first thing to mend. `entries` names what each table knows, by the names that lead to it."""
    # A misspelled entry comes first: it explains why the right one seems absent.
    found = min(_told_once(error), key=lambda each: each["type"] != "extra_forbidden")
    return _problem(found, source=source, entries=entries, examples=examples)


def problems_in(
    error: ValidationError,
    *,
    source: str,
    entries: Mapping[tuple[str, ...], frozenset[str]],
    examples: Mapping[str, str],
) -> DocumentProblems:
    """Everything to mend, as `problem_in` says it; what is absent only because it is misspelled is told once."""
    every = _told_once(error)
    meant = {
        (*each["loc"][:-1], *get_close_matches(str(each["loc"][-1]), entries[_table(each["loc"])], n=1))
        for each in every
        if each["type"] == "extra_forbidden"
    }
    told = [each for each in every if each["type"] != "missing" or each["loc"] not in meant]
    found = [_problem(each, source=source, entries=entries, examples=examples) for each in told[:MOST_PROBLEMS]]
    if len(told) > len(found):
        more = Sentence(_N("There are %(count)s more places like these."), count=len(told) - len(found))
        found.append(DocumentProblem(source, "further on", more))
    return DocumentProblems(*found)


_ONE_OF_SEVERAL = re.compile(r"[A-Z]\w*Entries|[\w-]+[\[(].*")
_SCALARS = frozenset({"int", "float", "str", "bool", "date", "datetime"})
_MOST_HELPFUL = ("extra_forbidden", "date_", "enum", "string_type")


def _told_once(error: ValidationError) -> list[ErrorDetails]:
    """What was found, once for each place: where a value may be of several sorts, pydantic tells of each sort."""
    best: dict[tuple[int | str, ...], ErrorDetails] = {}
    for each in error.errors(include_url=False):
        loc = _without_sorts(each["loc"])
        if loc not in best or _helps(each) < _helps(best[loc]):
            best[loc] = {**each, "loc": loc}
    unions = {_without_sorts(each["loc"]) for each in error.errors(include_url=False) if _names_sort(each["loc"])}
    deeper = {loc[:length] for loc in best for length in range(len(loc))}
    return [each for loc, each in best.items() if not (loc in unions and loc in deeper)]


def _helps(found: ErrorDetails) -> int:
    kinds = (place for place, kind in enumerate(_MOST_HELPFUL) if found["type"].startswith(kind))
    return next(kinds, len(_MOST_HELPFUL))


def _names_sort(loc: Sequence[str | int]) -> bool:
    return len(_without_sorts(loc)) < len(loc)


def _without_sorts(loc: Sequence[str | int]) -> tuple[str | int, ...]:
    """The place without the names of sorts: `of.kind.list[Kind][2]` is `of.kind[2]`, and `on.date` is `on`."""
    kept = tuple(part for part in loc if not (isinstance(part, str) and _ONE_OF_SEVERAL.fullmatch(part)))
    return kept[:-1] if len(kept) > 1 and kept[-1] in _SCALARS else kept


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
    elif found["type"] == "missing":
        sentence = _missing(examples.get(name))
    else:
        template = next(said for kind, said in _SENTENCES.items() if found["type"].startswith(kind))
        expected = found.get("ctx", {}).get("expected", "")
        sentence = Sentence(template, found=_written(found["input"]), expected=expected)
    return DocumentProblem(source, place_of(loc), sentence)


def _written(found: Any) -> str:
    return shortened(found if isinstance(found, str) else json.dumps(found, default=str, ensure_ascii=False))


def _missing(example: str | None) -> Sentence:
    if example is None:
        return Sentence(_N("This is still needed."))
    return Sentence(_N("This is still needed. For example: %(example)s"), example=example)


def _table(loc: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(part for part in loc if isinstance(part, str))[:-1]


def place_of(loc: Sequence[str | int]) -> str:
    """The place that pydantic means, counted from 1: `criteria[3].levels[2].anchor`."""
    place = ""
    for part in loc:
        place += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return place.removeprefix(".") or "the whole document"


def _unknown(name: str, table: tuple[str, ...], entries: Mapping[tuple[str, ...], frozenset[str]]) -> Sentence:
    known = entries[table]
    close = get_close_matches(name, known, n=1)
    if close:
        return Sentence(_N("There is no such entry here. Is it meant to be %(meant)s?"), meant=close[0])
    if table and name in entries[()]:
        sentence = _N(
            "This belongs to the document as a whole. Please move it to the top, above the first [[...]] line."
        )
        return Sentence(sentence)
    return Sentence(_N("There is no such entry here. Known here: %(known)s."), known=", ".join(sorted(known)))
