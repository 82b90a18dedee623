"""Changes that mutmut does not make: those of tables, in which most of what Attune decides is written."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import libcst as cst

Enums = Mapping[str, tuple[str, ...]]
"""The members of each enumeration, by its name."""

CLASS = re.compile(r"^class (\w+)\((?:Str|Int)?Enum\):\n((?:[ \t].*\n|\n)+)", re.MULTILINE)
MEMBER = re.compile(r"^    ([A-Z][A-Z0-9_]*) = ", re.MULTILINE)


def enums_of(modules: Iterable[Path]) -> Enums:
    """The enumerations that are written in these files."""
    texts = [path.read_text(encoding="utf-8") for path in modules]
    return {name: tuple(MEMBER.findall(body)) for text in texts for name, body in CLASS.findall(text)}


def without_an_entry(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """A table, list or set from which one entry is gone; a set keeps its last, as without it would be a dict."""
    if not isinstance(node, cst.Dict | cst.List | cst.Set | cst.Tuple):
        return
    if (isinstance(node, cst.Tuple) and not node.lpar) or (isinstance(node, cst.Set) and len(node.elements) == 1):
        return
    for place in range(len(node.elements)):
        left = [*node.elements[:place], *node.elements[place + 1 :]]
        if len(left) == 1 and isinstance(node, cst.Tuple):
            left = [left[0].with_changes(comma=cst.Comma())]
        yield node.with_changes(elements=left)


def another_member(node: cst.CSTNode, enums: Enums) -> Iterable[cst.CSTNode]:
    """The next member of the same enumeration."""
    if not isinstance(node, cst.Attribute) or not isinstance(node.value, cst.Name):
        return
    members = enums.get(node.value.value, ())
    if node.attr.value in members and len(members) > 1:
        following = members[(members.index(node.attr.value) + 1) % len(members)]
        yield node.with_changes(attr=cst.Name(following))
