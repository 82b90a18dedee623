"""Keys that are made from words: readable, and stable once they are given."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 40
_GOOD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OTHER = re.compile(r"[^a-z0-9]+")


def is_key(text: str) -> bool:
    """Whether it is small letters, digits and hyphens, as keys are."""
    return _GOOD.fullmatch(text) is not None


def key_for(words: str, taken: Collection[str], *, otherwise: str) -> str:
    """A key of the first of these words that is not taken; `otherwise` and a number where they give none."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
    whole = _OTHER.sub("-", plain).strip("-")
    key = whole if len(whole) <= LONGEST else whole[: LONGEST + 1].rpartition("-")[0] or whole[:LONGEST]
    if key and key not in taken:
        return key
    base, number = (f"{key}-", 2) if key else (otherwise, 1)
    while f"{base}{number}" in taken:
        number += 1
    return f"{base}{number}"
