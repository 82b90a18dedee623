"""TOML as people write it."""

import re
import tomllib
from typing import Any

from lti_tool.documents import DocumentProblem

_LINE = re.compile(r"line \d+, column \d+")


def read_toml(text: str, *, source: str) -> dict[str, Any]:
    """The tables of the text, each string without space around it. Raises `DocumentProblem`."""
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))
        return {name: _trimmed(value) for name, value in tables.items()}
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        raise DocumentProblem(
            source,
            found[0] if found else "the end of the file",
            "The file can be read up to here. Please look at the quotes, brackets and equals signs here and on the "
            "line before, and whether an entry is written twice.",
        ) from error
    except RecursionError as error:
        said = "There are more brackets in each other here than any such document has."
        raise DocumentProblem(source, "the whole file", said) from error


def _trimmed(value: Any) -> Any:
    match value:
        case str():
            return value.strip()
        case list():
            return [_trimmed(each) for each in value]
        case dict():
            return {name: _trimmed(each) for name, each in value.items()}
        case _:
            return value
