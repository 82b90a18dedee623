"""How hard the texts of the pages are to read; writes docs/plain-language.md.

`make reading-grade`, or `python -m tests.reading_grade`. The grade is that of Flesch and Kincaid (Kincaid, Fishburne,
Rogers and Chissom 1975, "Derivation of New Readability Formulas for Navy Enlisted Personnel"): the year of school in
the United States in which a text is understood. Syllables are counted by the places where a word may be divided
(Pyphen), which finds a few less than are spoken.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import pyphen
from babel.messages.pofile import read_po

from tests.project import ROOT

AIM = 8.0
DOCUMENT = ROOT / "docs" / "plain-language.md"
CATALOG = ROOT / "lti_tool" / "translations" / "es" / "LC_MESSAGES" / "messages.po"
FEW = 6
"""Words: what is shorter is a label and no sentence."""
SHOWN = 15
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
NO_PROSE = re.compile(r"<[^>]+>|`[^`]+`|https?://\S+")
DIVIDED = pyphen.Pyphen(lang="en_US", left=1, right=1)

HEAD = """\
# Plain language

How hard the texts of Attune's pages, mail and papers are to read in English, by the grade of Flesch and Kincaid: the \
year of school in which a text is understood. The aim is grade {aim:.0f} or less for what people read in one go. This \
file is written by `make reading-grade`; a test refuses a folder of pages that is harder than the aim. The formula \
knows the length of sentences and of words, and nothing of whether a sentence is clear: it finds what to look at.

| where the texts stand | texts | grade |
|---|---|---|
"""


def grade(texts: Iterable[str]) -> float:
    """Of all sentences together. Raises `ZeroDivisionError` for no words at all."""
    sentences = words = syllables = 0
    for text in texts:
        plain = NO_PROSE.sub("", PLACES.sub("Sam", text))
        for sentence in re.split(r"(?<=[.?!:;])\s+", plain):
            found = re.findall(r"[A-Za-z][A-Za-z'’-]*", sentence)
            if found:
                sentences += 1
                words += len(found)
                syllables += sum(len(DIVIDED.positions(word)) + 1 for word in found)
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


@cache
def texts() -> Mapping[str, list[str]]:
    """The sentences of the catalog by the folder in which they stand first."""
    found: dict[str, list[str]] = defaultdict(list)
    with CATALOG.open("rb") as content:
        for message in read_po(content):
            text = message.id if isinstance(message.id, str) else message.id[-1]
            if len(text.split()) >= FEW and message.locations:
                found["/".join(str(message.locations[0][0]).split("/")[:2])].append(text)
    for path in sorted((ROOT / "config").glob("rubrics/*.toml")):
        found[f"config/rubrics/{path.name}"] = list(_of_rubric(tomllib.loads(path.read_text(encoding="utf-8"))))
    return {name: found[name] for name in sorted(found)}


def _of_rubric(read: Any) -> Iterator[str]:
    """What it says in English."""
    if isinstance(read, str) and len(read.split()) >= FEW:
        yield read
    if isinstance(read, dict):
        read = [inside for name, inside in read.items() if name != "translations"]
    for inside in read if isinstance(read, list) else ():
        yield from _of_rubric(inside)


def document() -> str:
    """docs/plain-language.md."""
    by_folder = texts()
    lines = [f"| `{name}` | {len(of)} | {grade(of):.1f} |" for name, of in by_folder.items()]
    every = [text for of in by_folder.values() for text in of]
    lines.append(f"| **all** | {len(every)} | {grade(every):.1f} |")
    hard = sorted(((grade([text]), text) for text in every), reverse=True)
    above = sum(number > AIM for number, _ in hard)
    told = "\n".join(f"- {number:.1f}: {text}" for number, text in hard[:SHOWN])
    return (
        HEAD.format(aim=AIM)
        + "\n".join(lines)
        + "\n\n## The hardest\n\n"
        + f"{above} texts of {len(every)} are above the aim by themselves. The first {SHOWN}:\n\n{told}\n"
    )


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
