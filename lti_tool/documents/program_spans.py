"""Where each value of a TOML text stands: from which letter to which. The text is one that can be read."""

import re
from dataclasses import dataclass, field
from typing import Literal

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|"(?:\\.|[^"\\\n])*"' + r"|'''.*?'{3,5}|'[^'\n]*'", re.DOTALL)
_BARE = re.compile(r"[\w-]+")
_SCALAR = re.compile(r"[^,\]}\s#]+(?: \d[^,\]}\s#]*)?")


@dataclass(slots=True)
class Node:
    """A value: from `start` to `end`. A table that has a header reaches with it, and the comment above, to `last`."""

    form: Literal["scalar", "array", "inline", "table", "tables", "dotted"]
    start: int
    end: int = 0
    entries: dict[str, tuple[int, "Node"]] = field(default_factory=dict)
    """Of a table: where the entry begins, and its value."""
    items: list["Node"] = field(default_factory=list)
    first: int = 0
    last: int = 0
    body: int = 0
    """Of a table: where its first entry may stand."""

    @property
    def is_table(self) -> bool:
        """Whether it has a header, or is the document."""
        return self.form == "table"

    @property
    def is_tables(self) -> bool:
        """Whether it is written as [[name]], once for each."""
        return self.form == "tables"

    @property
    def is_inline(self) -> bool:
        """Whether it is written as { name = value }."""
        return self.form == "inline"

    @property
    def below(self) -> bool:
        """Whether it has headers of its own, below the entries of the table that it is in."""
        return self.form in ("table", "tables")


def spans(text: str) -> Node:
    """The document as a table."""
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def document(self) -> Node:
        root = Node("table", 0, len(self.text), last=len(self.text))
        here, open_ = root, list[tuple[tuple[str, ...], Node]]()
        self.space()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                here = self.header(root, open_)
            else:
                self.entry(here)
            self.space()
        for _path, node in open_:
            node.end = node.last = len(self.text)
        return root

    def header(self, root: Node, open_: list[tuple[tuple[str, ...], Node]]) -> Node:
        start, several = self.at, self.text.startswith("[[", self.at)
        first = self.with_comment(start)
        self.at += 2 if several else 1
        path = self.key()
        self.at = self.text.index("]", self.at) + (2 if several else 1)
        while open_ and not (len(path) > len(open_[-1][0]) and path[: len(open_[-1][0])] == open_[-1][0]):
            _path, closed = open_.pop()
            closed.end = closed.last = first
        line = self.text.find("\n", self.at)
        node = Node("table", start, first=first, body=len(self.text) if line < 0 else line + 1)
        holder = self.holder(root, path[:-1], start)
        if several:
            every = holder.entries.setdefault(path[-1], (start, Node("tables", start)))[1]
            every.items.append(node)
        else:
            holder.entries[path[-1]] = (start, node)
        open_.append((path, node))
        return node

    def with_comment(self, start: int) -> int:
        """Where the lines of a comment begin that stand directly above."""
        first = self.text.rfind("\n", 0, start) + 1
        while first:
            line = self.text.rfind("\n", 0, first - 1) + 1
            if not self.text[line:first].lstrip().startswith("#"):
                break
            first = line
        return first if first and self.text[:first].strip() else start

    def holder(self, root: Node, path: tuple[str, ...], start: int) -> Node:
        for part in path:
            found = root.entries.setdefault(part, (start, Node("dotted", start)))[1]
            root = found.items[-1] if found.form == "tables" else found
        return root

    def entry(self, table: Node) -> None:
        start = self.at
        path = self.key()
        self.at = self.text.index("=", self.at) + 1
        self.blank()
        for part in path[:-1]:
            table = table.entries.setdefault(part, (start, Node("dotted", start)))[1]
        value = self.value()
        table.entries[path[-1]] = (start, value)
        if table.form == "dotted":
            table.end = value.end

    def key(self) -> tuple[str, ...]:
        parts = list[str]()
        while True:
            self.blank()
            found = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
            self.at = found.end()  # type: ignore[union-attr]  # the text can be read
            parts.append(found[0].strip("\"'"))  # type: ignore[index]
            self.blank()
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def value(self) -> Node:
        start = self.at
        if self.text[start] == "[":
            return self.array(start)
        if self.text[start] == "{":
            return self.inline(start)
        found = _STRING.match(self.text, start) or _SCALAR.match(self.text, start)
        self.at = found.end()  # type: ignore[union-attr]  # the text can be read
        return Node("scalar", start, self.at)

    def array(self, start: int) -> Node:
        node = Node("array", start)
        self.at += 1
        self.space()
        while self.text[self.at] != "]":
            node.items.append(self.value())
            self.comma()
        self.at += 1
        node.end = self.at
        return node

    def inline(self, start: int) -> Node:
        node = Node("inline", start)
        self.at += 1
        self.space()
        while self.text[self.at] != "}":
            self.entry(node)
            self.comma()
        self.at += 1
        node.end = self.at
        return node

    def comma(self) -> None:
        self.space()
        if self.text[self.at] == ",":
            self.at += 1
            self.space()

    def space(self) -> None:
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]  # it matches nothing too

    def blank(self) -> None:
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]  # it matches nothing too
