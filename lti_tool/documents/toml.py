"""TOML as people write it."""

import re
import tomllib
from typing import Any

from lti_tool.documents import DocumentProblem
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N

MOST_NAMES = 16
"""Of one key, such as `a.b.c`: ours have one or two, and reading takes time with the square of their number."""

_NAME = r"""(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?:^[ \t]*+\[{{0,2}}|[{{,])[ \t]*+(?:{_NAME}[ \t]*+\.[ \t]*+){{{MOST_NAMES}}}", re.MULTILINE)
_LINE = re.compile(r"line \d+, column \d+")


def read_toml(text: str, *, source: str) -> dict[str, Any]:
    """The tables of the text, each string without space around it or NUL in it. Raises `DocumentProblem`."""
    long_key = _LONG_KEY.search(text)
    if long_key:
        sentence = _N("A key has more names with dots between them than any that is known here.")
        raise DocumentProblem(source, f"line {text.count(chr(10), 0, long_key.start()) + 1}", Sentence(sentence))
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))
        return {name: trimmed(value) for name, value in tables.items()}
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        sentence = _N(
            "The file can be read up to here. Please look at the quotes, brackets and equals signs here and on the "
            "line before, and whether an entry is written twice."
        )
        place = found[0] if found else "the end of the file"
        raise DocumentProblem(source, place, Sentence(sentence)) from error
    except (RecursionError, ValueError) as error:
        sentence = _N("There are too many brackets in each other, or there is a number with too many digits.")
        raise DocumentProblem(source, "the whole file", Sentence(sentence)) from error


def trimmed(value: Any) -> Any:
    """The same, each string without space around it or NUL in it."""
    match value:
        case str():
            return value.replace("\0", "").strip()
        case list():
            return [trimmed(each) for each in value]
        case dict():
            return {name: trimmed(each) for name, each in value.items()}
        case _:
            return value
