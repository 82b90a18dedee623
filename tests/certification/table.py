"""Writes docs/conformance.md: `make conformance`, or `python -m tests.certification.table`."""

from tests.certification.cases import Case, Section, contents, sections, shown_by
from tests.project import ROOT

DOCUMENT = ROOT / "docs" / "conformance.md"

HEAD = """\
# Conformance

What Attune does with what an LMS sends, case by case. This file is made from `tests/certification/cases.toml` \
and the names of the tests by `make conformance`, and a test keeps it up to date. Each test speaks real HTTP: \
Attune on a real server, a stub platform with keys of its own on another. Where the table names a test in another \
folder, it is a browser's, or looks at one function.

*passes* means: the test named beside it is part of `make test-all`, which must be green, and of each case at least \
one is part of `make test`. Names in quotes are those of the cases in the certification \
suite's guide. **Rows marked \\* rest on documents whose normative text was not \
read**: on documentation of platforms and on other implementations. Attune has not been through 1EdTech's suite.
"""


def document() -> str:
    """The whole text."""
    lines = [HEAD, _counts()]
    for section in sections():
        star = " \\*" if section.unread else ""
        lines += [f"## {section.number}. {section.title}{star}\n", "| id | case | state | test |", "|---|---|---|---|"]
        lines += [_row(section, case) for case in section.cases]
        lines.append("")
    lines += ["## Sources\n", "| short | document |", "|---|---|"]
    lines += [f"| {short} | {name} |" for short, name in contents()["sources"].items()]
    return "\n".join(lines) + "\n"


def _counts() -> str:
    states = [_state(case).partition(":")[0] for section in sections() for case in section.cases]
    said = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states, key=str.lower)))
    return f"{len(states)} cases: {said}.\n"


def _row(section: Section, case: Case) -> str:
    star = " \\*" if section.unread else ""
    cert = f" “{case.cert}”" if case.cert else ""
    what = case.what.replace("|", "\\|").replace(" -> ", " → ")
    return f"| {case.id}{star} | {what}{cert} ({case.source}) | {_state(case)} | {_tests(case)} |"


def _state(case: Case) -> str:
    if case.not_applicable:
        return f"not applicable: {case.not_applicable}"
    if case.later:
        return f"to come: {case.later}"
    return "passes" if _tests(case) else "no test"


def _tests(case: Case) -> str:
    places = [found.place for found in shown_by().get(case.id, ())]
    if case.test:
        places.append(case.test)
    return "<br>".join(f"`{place.removeprefix('tests/').removeprefix('certification/')}`" for place in places)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
