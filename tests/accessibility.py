"""The criteria of accessibility.toml, held to tests that there are; writes docs/accessibility.md.

`make accessibility`, or `python -m tests.accessibility`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache

from tests.certification.cases import functions
from tests.project import ROOT

LIST = ROOT / "tests" / "accessibility.toml"
DOCUMENT = ROOT / "docs" / "accessibility.md"
STATES = ("supports", "partially", "not applicable")

HEAD = """\
# Accessibility

How Attune's pages answer to the criteria of [WCAG 2.2](https://www.w3.org/TR/WCAG22/), levels A and AA, and how we \
know. It has the form of an accessibility conformance report, written by Attune's authors about their own work: nobody \
outside has looked Attune over. This file is made from `tests/accessibility.toml` by `make accessibility`, and a test \
keeps it up to date.

## How it is looked at

- **Every page, in English, Spanish and Arabic.** A test opens every page that anybody of a made-up school can open, \
in each shape that it takes for them, on a screen of 390 by 844. It runs [axe](https://github.com/dequelabs/axe-core) \
(all its rules for WCAG 2.2 A and AA, and its best practice), in light and dark; looks whether each control shows its \
focus, also with forced colors, and lies under nothing when it has it; whether the keyboard goes down the page as eyes \
do; whether anything moves for those who asked for no motion; and whether anything is cut or wider than the screen, \
also at 320 by 256 (400 percent of 1280 by 1024) and with text set wide. The edges of fields and buttons, and of what \
shows the focus, are measured: three to one at least, in light and dark. Each look is tried on a page that was spoilt \
for it. `make test` takes a sample of pages in each language, `make test-all` all of them.
- **Forms that are not done yet, in English, Spanish or Arabic.** A test sends every form of these pages twice as \
nobody should send it: with nothing in it, and with words and no choice. What comes back is looked at in the same \
ways. It must begin, for a screen reader and for the keyboard, at what is still needed; say at each field that is \
marked what is needed there; and keep what was written. `make test-all` does so.
- **A language that nobody speaks**, a third longer than English, with other letters: what a page shows in plain \
letters was never marked for translation, and what lacks its end was cut.
- **The keyboard alone**: asking for an observation, rating, answering, signing, setting an activity up from the LMS, \
a cohort, writing a rubric; a path from its beginning, with hours written down and signed, to a decision and an \
appeal. Each control is come to with Tab, is seen when it has the focus, and answers to a key.
- **What is read aloud**: names and order of the controls of the rating form, the page before a signature, one's own \
path and a cohort are compared with what they should be, as the browser hands them to a screen reader. On every page \
each control has a name that says something by itself, no two fields are called the same, and the words that are seen \
are part of the name.
- **From right to left**: an observation is read, answered and signed in Arabic on a phone.

## What is known to be missing

- Nobody who uses a screen reader, a switch or speech every day has tried it. What a browser hands to a screen reader \
is tested, and no screen reader itself.
- Everything above runs in Chromium. Firefox and Safari were not tried.
- Spanish and Arabic were not reviewed by people whose first language they are.
- Forms are sent with nothing in them or with words alone. What a form says to one thing among many is tried where its \
page is tested. A form with a file in it, and what only a script shows, are not among them.
- PDFs (certificates, decisions, paper forms) were not looked at with a checker for PDF/UA.
- What people write, and bring as files, is as accessible as they make it.
- The LMS around Attune, and its own sign-in, are not ours.

"""
TOLD = """\
Something keeps you out? Please write to us: how is in [CONTRIBUTING.md](../CONTRIBUTING.md). What one person needs \
within a program is arranged on another page: [Taking part](taking-part.md).
"""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the standard."""

    id: str
    title: str
    level: str
    state: str
    tests: tuple[str, ...] = ()
    note: str = ""


@cache
def criteria() -> tuple[Criterion, ...]:
    """All of them, in their order."""
    read = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return tuple(Criterion(**{**each, "tests": tuple(each.get("tests", ()))}) for each in read["criteria"])


def is_there(test: str) -> bool:
    """Whether there is a test with this name."""
    path, _, name = test.partition("::")
    file = ROOT / "tests" / path
    return file.is_file() and name in {function.name for function in functions(file)}


def document() -> str:
    """The whole text."""
    counts = ", ".join(f"{sum(each.state == state for each in criteria())} {state}" for state in STATES)
    lines = [HEAD + TOLD, "## Criterion by criterion\n", f"{len(criteria())} criteria: {counts}.\n"]
    lines += ["| criterion | level | state | how it is known, and what is not | tests |", "|---|---|---|---|---|"]
    for each in criteria():
        tests = "<br>".join(f"`{test}`" for test in each.tests)
        lines.append(f"| {each.id} {each.title} | {each.level} | {each.state} | {each.note} | {tests} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
