"""The line of a program's TOML in which a place of a requirement, or of the document, stands.

It looks through the text as people write it; where something is written in another way, the line of what lies around
it is told instead.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

_PART = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<number>\d+)\])?")
_HEADER = re.compile(r"^[ \t]*\[\[?[ \t]*(?P<path>[\w.-]+)[ \t]*\]\]?", re.MULTILINE)
_STRING = re.compile(r'"""(?:\\.|(?!""").)*"""|"(?:\\.|[^"\\\n])*"' + r"|'''(?:(?!''').)*'''|'[^'\n]*'", re.DOTALL)
_COMMENT = re.compile(r"#[^\n]*")
_TOKENS = re.compile(rf"{_STRING.pattern}|{_COMMENT.pattern}", re.DOTALL)
_OPENS, _CLOSES = "[{", "]}"

Span = tuple[int, int]


def line_of_requirement(text: str, requirement: str, place: str, editions: tuple[str, ...] = ()) -> int | None:
    """The line of a place in a requirement. `editions` chooses among several with one key."""
    bare = _bare(text)
    tables = [span for span in _tables(bare, "requirements") if _entry(text, bare, span, "key") == requirement]
    if not tables:
        return None
    chosen = [span for span in tables if _is_of(editions, _entry_text(text, bare, span, "editions"))]
    return _line(text, _deepest(bare, (chosen or tables)[0], place))


def line_of_document(text: str, place: str, editions: tuple[str, ...] = ()) -> int | None:
    """The line of a place of the document: `lifecycle.grace`, `stages[2].after`, `editions.2013.until`, `names`."""
    bare = _bare(text)
    first, _, rest = place.partition(".")
    part = _PART.fullmatch(first)
    if part is None:
        return None
    name = part["name"]
    spans = list(_tables(bare, name))
    if part["number"]:
        spans = spans[int(part["number"]) - 1 : int(part["number"])]
    elif name == "editions":
        key, _, rest = rest.rpartition(".")
        spans = [span for span in spans if _entry(text, bare, span, "key") == key]
    if not spans:
        table = _HEADER.search(bare)
        whole = (0, table.start() if table else len(bare))
        return _line(text, _deepest(bare, whole, first)) if _at(bare, whole, name) is not None else None
    spans.sort(key=lambda span: not _is_of(editions, _entry_text(text, bare, span, "editions")))
    holding = [span for span in spans if rest and _at(bare, span, rest.partition("[")[0]) is not None]
    return _line(text, _deepest(bare, (holding or spans)[0], rest))


@lru_cache(maxsize=4)
def _bare(text: str) -> str:
    """The text with what stands in strings and comments taken out, letter by letter: brackets are brackets there."""
    return _TOKENS.sub(lambda found: re.sub(r"[^\n]", " " if found[0][0] == "#" else '"', found[0]), text)


def _tables(bare: str, name: str) -> Iterator[Span]:
    """From the header of each table of this name to the next one that is not inside it."""
    headers = list(_HEADER.finditer(bare))
    for number, header in enumerate(headers):
        if header["path"] == name:
            after = (each.start() for each in headers[number + 1 :] if not each["path"].startswith(f"{name}."))
            yield header.start(), next(after, len(bare))


def _deepest(bare: str, span: Span, place: str) -> int:
    """Where the last part of the place that is written begins."""
    at = span[0]
    for part in _PART.finditer(place):
        found = _at(bare, span, part["name"])
        if found is None:
            break
        at, span = found, _value(bare, found, span[1])
        if part["number"]:
            number = int(part["number"])
            span = _table_in(bare, span, number) or _element(bare, span, number) or span
            at = _first(bare, span)
    return at


def _at(bare: str, span: Span, name: str) -> int | None:
    """Where the entry of this name begins, in this table and not in one inside it."""
    start, end = _inside(bare, span)
    entry = re.compile(rf"(?<![\w.-]){re.escape(name)}\s*=")
    depth = 0
    for at in range(start, end):
        if bare[at] in _OPENS:
            depth += 1
        elif bare[at] in _CLOSES:
            depth -= 1
        elif depth == 0 and entry.match(bare, at, end):
            return at
    header = re.compile(rf"^[ \t]*\[\[?[\w.-]+\.{re.escape(name)}\]", re.MULTILINE).search(bare, start, end)
    return header.start() if header else None


def _value(bare: str, at: int, end: int) -> Span:
    """The value of the entry that begins here."""
    equals = bare.find("=", at, end)
    if equals < 0 or bare[at:equals].lstrip().startswith("["):
        return at, end
    start = equals + 1
    while start < end and bare[start] in " \t":
        start += 1
    return start, _end(bare, start, end)


def _end(bare: str, start: int, end: int) -> int:
    if start >= end or bare[start] not in _OPENS:
        line = bare.find("\n", start, end)
        return end if line < 0 else line
    depth = 0
    for at in range(start, end):
        depth += (bare[at] in _OPENS) - (bare[at] in _CLOSES)
        if depth == 0:
            return at + 1
    return end


def _inside(bare: str, span: Span) -> Span:
    """A table without its own brackets, or from its header on."""
    start, end = span
    if start < end and bare[start] == "{":
        return start + 1, end - 1
    header = _HEADER.match(bare, start, end)
    return (header.end(), end) if header else span


def _element(bare: str, span: Span, number: int) -> Span | None:
    """One element of an array, counted from 1."""
    start, end = span
    if start >= end or bare[start] != "[":
        return None
    at = start + 1
    for count in range(1, number + 1):
        while at < end and bare[at] in " \t\n,":
            at += 1
        if at >= end - 1:
            return None
        closes = _end(bare, at, end) if bare[at] in _OPENS else _comma(bare, at, end)
        if count == number:
            return at, closes
        at = closes
    return None


def _table_in(bare: str, span: Span, number: int) -> Span | None:
    """One of several tables that are written as [[requirements.any_of]]; the first of them begins the span."""
    first = _HEADER.match(bare, *span)
    if first is None:
        return None
    headers = list(_HEADER.finditer(bare, *span))
    same = [each for each in headers if each["path"] == first["path"]]
    if number > len(same):
        return None
    start = same[number - 1].start()
    deeper = f"{first['path']}."
    after = (each.start() for each in headers if each.start() > start and not each["path"].startswith(deeper))
    return start, next(after, span[1])


def _comma(bare: str, at: int, end: int) -> int:
    comma = bare.find(",", at, end)
    return end - 1 if comma < 0 else comma


def _first(bare: str, span: Span) -> int:
    start, end = span
    while start < end and bare[start] in " \t\n":
        start += 1
    return start


def _entry_text(text: str, bare: str, span: Span, name: str) -> str:
    at = _at(bare, span, name)
    return "" if at is None else text[slice(*_value(bare, at, span[1]))]


def _is_of(editions: tuple[str, ...], written: str) -> bool:
    return any(f'"{each}"' in written for each in editions)


def _entry(text: str, bare: str, span: Span, name: str) -> str:
    return _entry_text(text, bare, span, name).partition("#")[0].strip().strip("\"'")


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
