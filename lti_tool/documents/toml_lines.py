"""The line of a TOML file in which a place of a rubric stands."""

import re

from rubrics.rubric import Criterion, Rubric

_PLACE = re.compile(
    r"(?:translations\[(?P<translation>\d+)\]\.?)?(?:criteria\[(?P<criterion>\d+)\]\.?)?"
    r"(?:levels\[(?P<level>\d+)\]\.?)?(?P<name>\w*)(?:\[\d+\])?"
)
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_OF_ANY_CRITERION = re.compile(r"^[ \t]*\[\[(?:criteria|translations)\]\]", re.MULTILINE)
_OF_ANY_TRANSLATION = re.compile(r"^[ \t]*\[\[translations\]\]", re.MULTILINE)

Span = tuple[int, int]


def line_of(text: str, rubric: Rubric, place: str, found: str = "") -> int | None:
    """The line of the place, or of what was found there; None where it cannot be told for certain.

    `rubric` is what was read from the text, and `place` counts as the rubric's criteria and levels do.
    """
    parts = _PLACE.fullmatch(place)
    if parts is None:
        return None
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    span = _span(text, rubric, parts)
    if span is None:
        return None
    entry = re.compile(rf"\b{parts['name']}\s*=").search(text, *span)
    if entry is None:
        return None
    at = text.find(found, entry.end(), span[1]) if found else -1
    return text.count("\n", 0, at if at >= 0 else entry.start()) + 1


def _span(text: str, rubric: Rubric, parts: re.Match[str]) -> Span | None:
    """Where the table of the place's last entry stands."""
    criterion = rubric.criteria[int(parts["criterion"]) - 1] if parts["criterion"] else None
    if parts["translation"]:
        span = _table(text, _OF_ANY_TRANSLATION, _OF_ANY_TRANSLATION, int(parts["translation"]))
        if span and criterion:
            span = _of_words(text, criterion, span)
    elif criterion:
        own = re.compile(r"^[ \t]*\[\[criteria\]\]", re.MULTILINE)
        span = _table(text, own, _OF_ANY_CRITERION, int(parts["criterion"]))
    else:
        first = _TABLE.search(text)
        span = (0, first.start() if first else len(text))
    if span and criterion and parts["level"]:
        return _of_level(text, criterion.levels[int(parts["level"]) - 1].number, span)
    return span


def _table(text: str, header: re.Pattern[str], other: re.Pattern[str], number: int) -> Span | None:
    headers = list(header.finditer(text))
    if len(headers) < number:
        return None  # written in another way, such as criteria = [...]
    start = headers[number - 1].end()
    after = other.search(text, start)
    return start, after.start() if after else len(text)


def _of_words(text: str, criterion: Criterion, span: Span) -> Span | None:
    key = re.compile(rf"\bkey\s*=\s*[\"']{re.escape(criterion.key)}[\"']").search(text, *span)
    if key is None:
        return None
    after = re.compile(r"\bkey\s*=").search(text, key.end(), span[1])
    return key.start(), after.start() if after else span[1]


def _of_level(text: str, number: int, span: Span) -> Span | None:
    start = re.compile(rf"\bnumber\s*=\s*{number}\b").search(text, *span)
    if start is None:
        return None
    after = re.compile(r"\bnumber\s*=").search(text, start.end(), span[1])
    return start.start(), after.start() if after else span[1]
