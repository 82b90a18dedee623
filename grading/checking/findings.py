"""What is found in a program's rules, and how much it matters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """What the author is asked to do."""

    MEND = "mend"
    """It must be mended: as written it cannot be met, or it means nothing."""
    CHOOSE = "choose"
    """It can be meant in two ways, and the author must choose one."""
    LOOK = "look"
    """It is worth a look; the sentence says how it is read as it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at again."""

    code: str
    """Stable, for machines."""
    severity: Severity
    place: str
    """Where it stands, in the words of the document: `all_of[4].at_least`, counted from 1 within the requirement;
    where `requirement` is empty, within the document."""
    sentence: str
    """In plain English, with %(name)s places for `values`, so that it can be translated. It says the remedy."""
    values: Mapping[str, object] = field(default_factory=dict)
    requirement: str = ""
    """Its key."""
    also: tuple[str, ...] = ()
    """Other requirements that it is about."""
    editions: tuple[str, ...] = ()
    """In which editions it is so."""

    def in_english(self) -> str:
        """The sentence with what was found in it."""
        return self.sentence % self.values if self.values else self.sentence


def amount_text(number: Decimal, unit: str = "") -> str:
    """An amount as people write it: 46 hours."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}" if unit else text


def listed(values: Iterable[str]) -> str:
    """Several names in one sentence, each once, in their order."""
    return ", ".join(dict.fromkeys(values))


def closest(name: str, known: Iterable[str], *, near: float = 0.7) -> str:
    """The name that was probably meant; empty where none is so near (0 to 1)."""
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=near)), "")
