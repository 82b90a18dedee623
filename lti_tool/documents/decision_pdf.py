"""The notice of a decision as a letter: what a page shows and what is printed, as a PDF for screen readers (PDF/UA)."""

from dataclasses import asdict, dataclass
from typing import Any

from lti_tool.documents import typeset
from lti_tool.documents.paper import Size


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
    return typeset.pdf("decision.typ", "letter", content)
