"""Changes of one part of a program's TOML; everything else stays as it was written, to the letter.

Each change is looked at before it is given: read again, the text has to say what it said, but for that part. Where that
cannot be done, `Unreachable` says so, and the text itself is the place to write.

tomlkit keeps layout too, but gives some texts back otherwise than they were, and adds to tables in a form of its own.
"""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import tomlkit

from lti_tool.documents.program_spans import Node, spans

Path = tuple[str | int, ...]
"""Names and, counted from 0, numbers that lead to a value: ("requirements", 2, "of", "kind")."""


class Unreachable(Exception):
    """The part is written in a way that only the text itself reaches."""


def tables(text: str) -> dict[str, Any]:
    """What the text says, each value as it is written. Raises `tomllib.TOMLDecodeError`."""
    return tomllib.loads(text)


def value_at(said: Any, path: Path) -> Any:
    """What stands there; None where nothing does."""
    for part in path:
        if isinstance(part, int):
            said = said[part] if isinstance(said, list) and part < len(said) else None
        else:
            said = said.get(part) if isinstance(said, dict) else None
    return said


def with_value(text: str, path: Path, value: Any) -> str:
    """The text with this value there: in the place of the one that stands there, or as a new entry."""
    said = tables(text)
    if value_at(said, path) == value and type(value_at(said, path)) is type(value):
        return text
    expected = deepcopy(said)
    missing = _set(expected, path, value)
    node = _node(spans(text), path[: len(path) - missing])
    if not missing:
        return _checked(_replaced(text, node.start, node.end, written(value)), expected)
    for part in reversed(path[len(path) - missing + 1 :]):
        value = {part: value}
    return _checked(_with_entry(text, node, str(path[-missing]), value), expected)


def without(text: str, path: Path) -> str:
    """The text without the entry, or the element of a list, that stands there."""
    expected = deepcopy(tables(text))
    holder = value_at(expected, path[:-1])
    if value_at(expected, path) is None:
        return text
    del holder[path[-1]]
    node = _node(spans(text), path[:-1])
    last = path[-1]
    if isinstance(last, int) and node.is_tables:
        found = node.items[last]
        if not holder and len(path) > 1:
            del value_at(expected, path[:-2])[path[-2]]  # the last of them: there is no other word for none
        return _checked(_cut(text, found.first, found.last), expected)
    inside = [(each.start, each.end) for each in node.items] if isinstance(last, int) else _entries(node)
    number = last if isinstance(last, int) else list(node.entries).index(last)
    if node.is_table:
        return _checked(_without_lines(text, node.entries[str(last)]), expected)
    return _checked(_without_element(text, inside, number), expected)


def appended(text: str, path: Path, value: Any) -> str:
    """The text with one more element in the list that stands there."""
    expected = deepcopy(tables(text))
    every = value_at(expected, path)
    if not isinstance(every, list):
        raise Unreachable
    every.append(value)
    node = _node(spans(text), path)
    if node.is_tables:
        end = len(text[: node.items[-1].last].rstrip())
        name = ".".join(str(part) for part in path if isinstance(part, str))
        return _checked(f"{text[:end]}\n\n[[{name}]]\n{_lines(value)}{text[end:]}", expected)
    if not node.items:
        return _checked(_replaced(text, node.start, node.end, f"[{written(value)}]"), expected)
    first, last = node.items[0], node.items[-1]
    between = text[text.rfind("\n", 0, first.start) : first.start] if "\n" in text[node.start : first.start] else " "
    return _checked(f"{text[: last.end]},{between}{written(value)}{text[last.end :]}", expected)


# ---- whole tables: stages, requirements, editions ----


def with_table(text: str, name: str, table: dict[str, Any], *, after: int | None = None) -> str:
    """The text with one more `[[name]]`, behind the one of this number, or else behind all of them."""
    expected = deepcopy(tables(text))
    every = expected.setdefault(name, [])
    if not isinstance(every, list):
        raise Unreachable
    place = len(every) if after is None else after + 1
    every.insert(place, table)
    _start, node = spans(text).entries.get(name, (0, None))
    block = f"[[{name}]]\n{_lines(table)}"
    if node is None or not node.items:
        end = len(text.rstrip())
        return _checked(f"{text[:end]}\n\n{block}\n", expected)
    if not node.is_tables:
        raise Unreachable
    end = len(text[: node.items[place - 1].last].rstrip()) if place else node.items[0].first
    return _checked(f"{text[:end]}\n\n{block}{text[end:] or chr(10)}", expected)


def swapped(text: str, name: str, one: int, other: int) -> str:
    """The text with two of the `[[name]]` tables in each other's place, each with the comment above it."""
    one, other = sorted((one, other))
    expected = deepcopy(tables(text))
    every = expected[name]
    every[one], every[other] = every[other], every[one]
    node = _node(spans(text), (name,))
    if not node.is_tables:
        raise Unreachable
    first, second = node.items[one], node.items[other]
    ends = [len(text[: each.last].rstrip()) for each in (first, second)]
    moved = text[second.first : ends[1]] + text[ends[0] : second.first] + text[first.first : ends[0]]
    return _checked(text[: first.first] + moved + text[ends[1] :], expected)


# ---- writing ----


def written(value: Any) -> str:
    """A value as TOML, on one line."""
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(name)} = {written(each)}" for name, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, date):
        return value.isoformat()
    return str(tomlkit.item(value).as_string())


def _lines(table: dict[str, Any]) -> str:
    return "\n".join(f"{_key(name)} = {written(value)}" for name, value in table.items())


def _key(name: str) -> str:
    return str(tomlkit.key(name).as_string())


def _with_entry(text: str, node: Node, name: str, value: Any) -> str:
    entry = f"{_key(name)} = {written(value)}"
    if node.is_table:
        at = max([node.body, *(_line_end(text, each.end) for _start, each in node.entries.values() if not each.below)])
        before = "" if at == 0 or text[at - 1] == "\n" else "\n"
        return f"{text[:at]}{before}{entry}\n{text[at:]}"
    if not node.is_inline:
        raise Unreachable
    if not node.entries:
        return _replaced(text, node.start, node.end, f"{{ {entry} }}")
    end = max(each.end for _start, each in node.entries.values())
    return f"{text[:end]}, {entry}{text[end:]}"


def _replaced(text: str, start: int, end: int, by: str) -> str:
    return text[:start] + by + text[end:]


def _cut(text: str, start: int, end: int) -> str:
    after = text[end:]
    return text[:start] + after if after else text[:start].rstrip() + "\n"


def _entries(node: Node) -> list[tuple[int, int]]:
    return [(start, each.end) for start, each in node.entries.values()]


def _without_lines(text: str, entry: tuple[int, Node]) -> str:
    start, node = entry
    if node.below:
        return _cut(text, node.first, node.last)
    return text[: text.rfind("\n", 0, start) + 1] + text[_line_end(text, node.end) :]


def _without_element(text: str, inside: list[tuple[int, int]], number: int) -> str:
    start, end = inside[number]
    if number + 1 < len(inside):
        return text[:start] + text[inside[number + 1][0] :]
    if number:
        return text[: inside[number - 1][1]] + text[end:]
    return text[:start].rstrip(" ") + text[end:].lstrip(" ").removeprefix(",")


def _line_end(text: str, at: int) -> int:
    line = text.find("\n", at)
    return len(text) if line < 0 else line + 1


def _node(node: Node, path: Path) -> Node:
    for part in path:
        if isinstance(part, int):
            if part >= len(node.items):
                raise Unreachable
            node = node.items[part]
        else:
            if part not in node.entries:
                raise Unreachable
            node = node.entries[part][1]
    return node


def _set(said: Any, path: Path, value: Any) -> int:
    """Set it, and answer how many of the last parts of the path were not there."""
    for number, part in enumerate(path):
        needed: type[Any] = dict if isinstance(part, str) else list
        if not isinstance(said, needed):
            raise Unreachable
        if isinstance(part, str) and part not in said:
            inner = value
            for each in reversed(path[number + 1 :]):
                inner = {each: inner}
            said[part] = inner
            return len(path) - number
        if number + 1 == len(path):
            said[part] = value
        else:
            said = said[part]
    return 0


def _checked(text: str, expected: dict[str, Any]) -> str:
    """The text, which says exactly what is expected. Raises `Unreachable`."""
    try:
        if _typed(tables(text)) == _typed(expected):
            return text
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        pass
    raise Unreachable


def _typed(value: Any) -> Any:
    """Comparable with the types of values: 1, 1.0 and true are three things."""
    if isinstance(value, dict):
        return {name: _typed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    return type(value).__name__, value


Change = Callable[[str], str]
"""A change of a text."""
