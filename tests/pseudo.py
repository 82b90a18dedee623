"""A language that nobody speaks: every marked text with accents, a third longer, in brackets. No file of it ships.

What a page shows in plain letters, and nobody wrote it, was never marked for translation. What lacks its end was cut.
"""

import re
import subprocess
import sys
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.project import ROOT

BEGINS, ENDS = "⟦", "⟧"
LONGER = 0.35
"""How much longer than English texts of other languages tend to be."""
KEPT = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}|</?\w[^>]*>|&\w+;")
ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀçđéƒĝĥíĵķłɱñóƥɋŕšŧúṽŵẋýžÁɃÇĐÉƑĜĤÍĴĶŁⱮÑÓƤɊŔŠŦÚṼŴẊÝŽ"
)
FILLING = ("ôñé", "ŧŵô", "ŧĥŕéé", "ƒôúŕ")


def pseudo(text: str) -> str:
    """The text as this language says it; what is filled in stays."""
    pieces, end = [], 0
    for kept in KEPT.finditer(text):
        pieces += [text[end : kept.start()].translate(ACCENTS), kept[0]]
        end = kept.end()
    said = "".join((*pieces, text[end:].translate(ACCENTS)))
    wanted = len(text) * (1 + LONGER) - len(BEGINS + ENDS)
    for word in cycle(FILLING):
        if len(said) >= wanted:
            return f"{BEGINS}{said}{ENDS}"
        said += f" {word}"
    raise AssertionError("cycle has no end")


@cache
def marked() -> Catalog:
    """Every text that code and templates mark, collected the way that `make messages` does."""
    keywords = re.findall(r"--keywords (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder:
        target = Path(folder) / "messages.pot"
        command = [Path(sys.executable).with_name("pybabel"), "--quiet", "extract", "--mapping-file", "pyproject.toml"]
        command += ["-o", target, *(f"--keywords={keyword}" for keyword in keywords), "."]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        with target.open("rb") as text:
            return read_po(text)


def write_catalogs(folder: Path, *languages: str) -> Path:
    """A folder of compiled catalogs as the application reads them, in which these languages are this one."""
    for language in languages:
        catalog = Catalog(locale=language)
        for message in marked():
            if message.id:
                catalog.add(message.id, _forms(message.id, catalog.num_plurals), context=message.context)
        target = folder / language / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True)
        with target.open("wb") as binary:
            write_mo(binary, catalog)
    return folder


def _forms(text: str | tuple[str, ...], number: int) -> str | tuple[str, ...]:
    if isinstance(text, str):
        return pseudo(text)
    return tuple(pseudo(text[min(form, len(text) - 1)]) for form in range(number))
