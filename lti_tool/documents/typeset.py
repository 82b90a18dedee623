"""Setting pages with Typst: PDF that screen readers can read too (PDF/UA), and pictures of one page."""

import json
from collections.abc import Mapping
from typing import Any
from unicodedata import category

import typst

from lti_tool.paths import CONFIG

FOLDER = CONFIG / "paper"
FONTS = CONFIG / "fonts"
"""Letters that Typst does not bring along."""


class CannotPrint(Exception):
    """It could not be made, as where its font lacks a letter; the same can still be shown as a page."""


def pdf(template: str, name: str, content: Mapping[str, Any], *, fonts_of_the_machine: bool = False) -> bytes:
    """A PDF/UA-1 by a template of `config/paper`, which finds `content` as JSON under `name`. Raises `CannotPrint`."""
    how = {"format": "pdf", "pdf_standards": "ua-1"}
    return _made(template, name, content, how, fonts_of_the_machine=fonts_of_the_machine)


def png(template: str, name: str, content: Mapping[str, Any], *, per_inch: int) -> bytes:
    """The first page as a picture. Raises `CannotPrint`."""
    return _made(template, name, content, {"format": "png", "ppi": per_inch}, fonts_of_the_machine=False)


def sample() -> bytes:
    """A PDF with one word in letters of ours: whether pages can be set here at all. Raises `CannotPrint`."""
    page = b'#set text(font: "Amiri")\nAttune'
    try:
        return bytes(typst.compile(page, font_paths=[FONTS], ignore_system_fonts=True))  # type: ignore[misc]  # its paths may be of another type than the page
    except typst.TypstError as problem:
        raise CannotPrint(str(problem)) from problem


def printable(value: Any) -> Any:
    """Without characters that nobody can see: PDF/UA refuses what has no shape."""
    if isinstance(value, str):
        return "".join(letter for letter in value if letter == "\n" or not category(letter).startswith("C"))
    if isinstance(value, Mapping):
        return {name: printable(inside) for name, inside in value.items()}
    return [printable(inside) for inside in value] if isinstance(value, list | tuple) else value


def _made(
    template: str, name: str, content: Mapping[str, Any], how: Mapping[str, Any], *, fonts_of_the_machine: bool
) -> bytes:
    try:
        made = typst.compile(
            FOLDER / template,
            root=FOLDER,
            font_paths=[FONTS],
            ignore_system_fonts=not fonts_of_the_machine,
            sys_inputs={name: json.dumps(printable(content))},
            **how,
        )
    except typst.TypstError as problem:
        raise CannotPrint(str(problem)) from problem
    if not isinstance(made, bytes):
        raise CannotPrint("nothing was made")
    return made
