"""The notice of a decision as a letter: what a page shows and what is printed, as a PDF for screen readers (PDF/UA)."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import typst

from lti_tool.documents.paper import FOLDER, CannotPrint, Size, printable


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list, with its word and what stands below it."""

    text: str
    word: str = ""
    icon: str = ""
    """Of the word, on a page."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part, under its own heading."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    """What the notice always says."""
    said: tuple[str, ...] = ()
    """The words of whoever decided."""
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in the reader's language, in the order in which it is read."""

    title: str
    opening: tuple[str, ...]
    """What it is and what it means."""
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    language: str
    page: str
    """The word before a number of a page."""


def pdf(letter: Letter, size: Size) -> bytes:
    """The letter. Raises `CannotPrint`."""
    tongue = letter.language.replace("_", "-").partition("-")[0].casefold()
    content: dict[str, Any] = asdict(letter) | {"language": tongue, "paper": size.value}
    try:
        made = typst.compile(
            FOLDER / "decision.typ",
            root=FOLDER,
            ignore_system_fonts=True,
            sys_inputs={"letter": json.dumps(printable(content))},
            format="pdf",
            pdf_standards="ua-1",
        )
    except typst.TypstError as problem:
        raise CannotPrint(str(problem)) from problem
    if not isinstance(made, bytes):
        raise CannotPrint("no PDF was made")
    return made
