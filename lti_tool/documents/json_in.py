"""JSON that somebody brought: read within limits, whoever made it."""

import json
from typing import Any, NoReturn

from lti_tool.documents.brought import Note, Options
from lti_tool.documents.rows import problem
from lti_tool.documents.text_in import read_text
from rubrics.refusal import _N

MOST_BYTES = 50_000_000
MOST_DEPTH = 50
"""Ours and CASE's documents need less than ten; what is deeper is no such document."""
MOST_ENTRIES = 100_000
"""Of one list, as many as a table may have rows."""
MOST_PARTS = 1_000_000
"""Lists and objects of the whole document: each that is not as it should be costs a sentence."""
_TOO_DEEP = _N("There are more brackets in each other here than any such document has.")
_TOO_MANY = _N("There are more than %(most)s entries here. Please bring it in parts.")


def read_json(content: bytes, *, source: str, options: Options) -> tuple[dict[str, Any], tuple[Note, ...]]:
    """The object that the file holds, and what is to be known about its letters. Raises `DocumentProblems`.

    Characters that no database keeps (NUL, halves of a pair) are taken out, and members that are named with them.
    """
    if len(content) > MOST_BYTES:
        sentence = _N("This file has %(found)s MB; at most %(most)s can be read. Please bring it in parts.")
        raise problem(source, "the whole file", sentence, found=len(content) // 1_000_000, most=50)
    text, notes = read_text(content, source=source, encoding=options.encoding)
    value = _parsed(text, source)
    if not isinstance(value, dict):
        sentence = _N("This is JSON, and neither a document of Attune nor a CASE package: it does not begin with {.")
        raise problem(source, "the whole file", sentence)
    _look_through(value, source)
    return value, notes


def _parsed(text: str, source: str) -> Any:
    not_a_number = _N("There is a number here that JSON does not have, such as NaN, or one with too many digits.")
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        sentence = _N(
            "The file can be read up to here. Please look at the quotes, brackets, colons and commas here and just "
            "before."
        )
        raise problem(source, f"line {error.lineno}, column {error.colno}", sentence) from error
    except RecursionError as error:
        raise problem(source, "the whole file", _TOO_DEEP) from error
    except ValueError as error:
        raise problem(source, "the whole file", not_a_number) from error


def _no_number(found: str) -> NoReturn:
    raise ValueError(found)


def _look_through(value: dict[str, Any], source: str) -> None:
    """Level by level, so that no depth is a trouble; letters are mended where they stand."""
    level: list[dict[str, Any] | list[Any]] = [value]
    parts = 0
    for _depth in range(MOST_DEPTH):
        below: list[dict[str, Any] | list[Any]] = []
        for container in level:
            if len(container) > MOST_ENTRIES:
                raise problem(source, "the whole file", _TOO_MANY, most=MOST_ENTRIES)
            places: Any = container.items() if isinstance(container, dict) else enumerate(container)
            for place, each in list(places):
                if isinstance(place, str) and _kept(place) != place:
                    del container[place]  # type: ignore[arg-type]  # a name is of an object
                elif isinstance(each, str):
                    container[place] = _kept(each)
                elif isinstance(each, dict | list):
                    below.append(each)
        if not below:
            return
        level = below
        parts += len(below)
        if parts > MOST_PARTS:
            raise problem(source, "the whole file", _TOO_MANY, most=MOST_PARTS)
    raise problem(source, "the whole file", _TOO_DEEP)


def _kept(text: str) -> str:
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-8", errors="ignore").decode("utf-8")
