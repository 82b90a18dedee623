"""The mutants of a module: its text with one small change, wherever it stands.

mutmut says which changes there are; by itself it leaves out what lies outside of functions and in decorated classes,
which is where most of our rules are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

from tests.mutation.tables import Enums, another_member, without_an_entry

LEFT = {mutators.operator_string, mutators.operator_assignment}
"""Words for people are no rules, and `None` in the place of what was assigned only ever breaks what follows."""
OPERATORS = [(kind, changes) for kind, changes in mutators.mutation_operators if changes not in LEFT]
NOT_ASKED = ("len", "isinstance", "_N", "_NN", "dataclass", "field", "ValueError", "KeyError", "TypeError")
"""Calls that are left as they are: what they are given is wording, or checked by types."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change, by a name that stays the same while the lines around it change."""

    id: str
    path: str
    place: str
    """The function, method, class or table; "" outside of any."""
    before: str
    after: str
    text: str
    """The whole module with the change."""


def mutants_of(path: str, text: str, enums: Enums, one_of: int = 1) -> Iterator[Mutant]:
    """Every mutant of a module, or one of so many, in the order of its lines."""
    wrapper = MetadataWrapper(cst.parse_module(text))
    finder = _Finder(enums)
    wrapper.visit(finder)
    seen: set[str] = set()
    for place, old, new in finder.found[::one_of]:
        changed = wrapper.module.deep_replace(old, new).code
        before, after = _difference(text, changed)
        if before == after:
            continue
        for again in count():
            key = sha256("\n".join((path, place, before, after, str(again))).encode()).hexdigest()[:8]
            if key not in seen:
                break
        seen.add(key)
        yield Mutant(key, path, place, before, after, changed)


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, enums: Enums) -> None:
        super().__init__()
        self.enums = enums
        self.around: list[tuple[cst.CSTNode, str]] = []
        self.found: list[tuple[str, cst.CSTNode, cst.CSTNode]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom) or _not_asked(node):
            return False
        if name := _name(node, outside=not self.around):
            self.around.append((node, name))
        place = ".".join(name for _, name in self.around)
        for kind, changes in OPERATORS:
            if isinstance(node, kind):
                self.found += [(place, node, changed) for changed in changes(node)]
        self.found += [(place, node, changed) for changed in without_an_entry(node)]
        self.found += [(place, node, changed) for changed in another_member(node, self.enums)]
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self.around and self.around[-1][0] is original_node:
            self.around.pop()


def _not_asked(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in NOT_ASKED


def _name(node: cst.CSTNode, *, outside: bool) -> str:
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return node.name.value
    if not outside:
        return ""
    match node:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return name
        case cst.AnnAssign(target=cst.Name(value=name)):
            return name
    return ""


def _difference(text: str, changed: str) -> tuple[str, str]:
    """The lines that differ, each as one line."""
    one, other = text.splitlines(), changed.splitlines()
    while one and other and one[0] == other[0]:
        del one[0], other[0]
    while one and other and one[-1] == other[-1]:
        del one[-1], other[-1]
    return " ".join(line.strip() for line in one), " ".join(line.strip() for line in other)
