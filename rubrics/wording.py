"""Words that judge a person where a rubric should describe an act, and what to say instead."""

import re

from rubrics.refusal import _N

# The sentences do not repeat the word: they too are read by people.
_ENGLISH: tuple[tuple[str, str], ...] = (
    (
        r"fail(s|ed|ing|ure|ures)?|(in|not )competent|unsatisfactory|unacceptable|deficien(t|cy|cies)|inadequate",
        _N("A word here judges the person. Please say “not yet shown”, or which help was needed."),
    ),
    (
        r"non-?complian(t|ce)",
        _N("A word here judges whether someone complied. Please say what was seen or heard."),
    ),
    (r"remediation", _N("Please find another word here, for example “support plan”.")),
)
_PATTERNS = tuple((re.compile(rf"\b({words})\b", re.IGNORECASE), sentence) for words, sentence in _ENGLISH)


def better_said(text: str, *, language: str) -> str | None:
    """A sentence that suggests other words, or None where the text is fine. Knows English so far."""
    if language.partition("-")[0].casefold() != "en":
        return None
    return next((sentence for pattern, sentence in _PATTERNS if pattern.search(text)), None)
