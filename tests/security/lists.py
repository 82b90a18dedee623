"""What could happen, and what a standard asks, with the tests that show how Attune meets it; writes two documents.

`make threat-model`, or `python -m tests.security.lists`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.certification.cases import functions
from tests.project import ROOT

HERE = Path(__file__).parent
THREATS = ROOT / "docs" / "threat-model.md"
ITEMS = ROOT / "docs" / "asvs.md"
CONTRACT, RULE, TARGET = "contract", "ruff", "make"

THREATS_HEAD = """\
# What could happen

Thirty ways in which Attune, or the people in it, could be harmed; what Attune does about each; and the tests that \
attack. This file is made from `tests/security/threats.toml` by `make threat-model`, and a test keeps it up to date.

Every test that is named is part of `make test-all`, and of each threat at least one of \
`make test`. A *check* looks without a test of ours: a rule of ruff, a contract \
of import-linter, a target that the workflow runs. What is left is said under *what is left*. How to tell us of a \
weakness is in [SECURITY.md](../SECURITY.md); the other list, by a standard, is [asvs.md](asvs.md).
"""

ITEMS_HEAD = """\
# Attune and OWASP ASVS

The items of the [OWASP Application Security Verification Standard](https://owasp.org/www-project-application-\
security-verification-standard/) 5.0.0, level 2, that concern a tool like this one, in our own short words. It is a \
list for whoever looks Attune over, not a certificate: nobody outside has verified it. This file is made from \
`tests/security/asvs.toml` by `make threat-model`, and a test keeps it up to date.

Every test that is named is part of `make test-all`, and of each item at least one of \
`make test`. *Differs* says where Attune does less, or otherwise, and why. \
*Operator* says what those who run Attune do. Items about techniques that Attune does not use (LDAP, XPath, LaTeX, \
JNDI, memcache, memory of its own, GraphQL, WebSocket, WebRTC, telephones, an authorization server of its own) are \
left out.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """One thing that could happen."""

    number: int
    what: str
    does: str
    tests: tuple[str, ...]
    checks: tuple[str, ...] = ()
    rest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the standard."""

    id: str
    what: str
    how: str = ""
    must: bool = False
    tests: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    operator: str | None = None
    differs: str | None = None
    not_applicable: str | None = None

    @property
    def answered(self) -> bool:
        """Whether anything says how it is met, or why not."""
        return bool(self.tests or self.checks or self.documents or self.operator or self.differs or self.not_applicable)


@cache
def threats() -> Mapping[str, tuple[Threat, ...]]:
    """The threats by the title of their group."""
    return {group["title"]: tuple(Threat(**_tuples(one)) for one in group["threats"]) for group in _read("threats")}


@cache
def items() -> Mapping[str, tuple[Item, ...]]:
    """The items by the title of their chapter."""
    return {chapter["title"]: tuple(Item(**_tuples(one)) for one in chapter["items"]) for chapter in _read("asvs")}


def every(groups: Mapping[str, tuple[Any, ...]]) -> tuple[Any, ...]:
    """All of them, in their order."""
    return tuple(one for group in groups.values() for one in group)


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a file below tests/; none where there is no such file."""
    path = ROOT / "tests" / file
    return frozenset(one.name for one in functions(path)) if path.is_file() else frozenset()


def absent(tests: Iterable[str]) -> list[str]:
    """Those that no file has."""
    return [place for place in tests if place.partition("::")[2] not in names_in(place.partition("::")[0])]


def is_switched_on(check: str) -> bool:
    """Whether what is named looks at every change: by `make lint`, or because the workflow runs it."""
    kind, _, name = check.partition(":")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    if kind == RULE:
        chosen, ignored = (project["ruff"]["lint"][key] for key in ("select", "ignore"))
        return any(name.startswith(one) for one in chosen) and not any(name.startswith(one) for one in ignored)
    if kind == CONTRACT:
        return name in {contract["name"] for contract in project["importlinter"]["contracts"]}
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    return kind == TARGET and re.search(rf"\bmake {re.escape(name)}\b", workflow) is not None


def threat_model() -> str:
    """The whole text of docs/threat-model.md."""
    lines = [THREATS_HEAD]
    for title, group in threats().items():
        lines.append(f"## {title}\n")
        for one in group:
            lines += [f"### {one.number}. {one.what}\n", f"{one.does}\n"]
            lines += [f"- `{place}`" for place in one.tests]
            lines += [f"- {_check(check)}" for check in one.checks]
            if one.rest:
                lines += ["", f"What is left: {one.rest}"]
            lines.append("")
    return "\n".join(lines)


def asvs() -> str:
    """The whole text of docs/asvs.md."""
    lines = [ITEMS_HEAD, _counts()]
    for title, chapter in items().items():
        lines += [f"## {title}\n", "| item | what is asked | how | shown by |", "|---|---|---|---|"]
        lines += [_row(one) for one in chapter]
        lines.append("")
    return "\n".join(lines)


def _counts() -> str:
    all_items = every(items())
    differ = sum(1 for one in all_items if one.differs)
    shown = sum(1 for one in all_items if one.tests or one.checks)
    return f"{len(all_items)} items: {shown} are shown by tests or checks, and {differ} say how Attune differs.\n"


def _row(one: Item) -> str:
    how = [f"{one.how}." if one.how else ""]
    how += [f"*Differs:* {one.differs}" if one.differs else ""]
    how += [f"*Operator:* {one.operator}" if one.operator else ""]
    how += [f"*Does not apply:* {one.not_applicable}" if one.not_applicable else ""]
    shown = [f"`{place}`" for place in one.tests] + [_check(check) for check in one.checks]
    shown += [f"[{path}]({_from_docs(path)})" for path in one.documents]
    return f"| {one.id} | {one.what} | {' '.join(filter(None, how))} | {'<br>'.join(shown)} |"


def _check(check: str) -> str:
    kind, _, name = check.partition(":")
    return {RULE: f"check: ruff {name}", CONTRACT: f"check: the contract “{name}”", TARGET: f"check: `make {name}`"}[
        kind
    ]


def _from_docs(path: str) -> str:
    return path.removeprefix("docs/") if path.startswith("docs/") else f"../{path}"


def _read(name: str) -> Any:
    found = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    return found["group" if name == "threats" else "chapter"]


def _tuples(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}


if __name__ == "__main__":
    THREATS.write_text(threat_model(), encoding="utf-8")
    ITEMS.write_text(asvs(), encoding="utf-8")
