"""Words that judge a person where a rubric should describe an act, and what to say instead."""

import re

from rubrics.refusal import _N

_ENGLISH: tuple[tuple[str, str], ...] = (
    (r"fail(s|ed|ing|ure|ures)?", _N("Please find another word for “fail”, for example “not yet shown”.")),
    (
        r"(in|not )competent|unsatisfactory|unacceptable|deficien(t|cy|cies)|inadequate",
        _N("Please say which help was needed, or “not yet shown”, instead of judging the person."),
    ),
    (r"non-?complian(t|ce)", _N("Please say what was seen instead of “non-compliant”.")),
    (r"remediation", _N("Please find another word for “remediation”, for example “support plan”.")),
)
_PATTERNS = tuple((re.compile(rf"\b({words})\b", re.IGNORECASE), sentence) for words, sentence in _ENGLISH)


def better_said(text: str, *, language: str) -> str | None:
    """A sentence that suggests other words, or None where the text is fine. Knows English so far."""
    if language.partition("-")[0].casefold() != "en":
        return None
    return next((sentence for pattern, sentence in _PATTERNS if pattern.search(text)), None)
