"""Which form each entry of a program's document has in a page."""

from collections.abc import Mapping
from enum import StrEnum

from grading.lifecycle.rules import AfterLapse, Ends, RunsFrom
from grading.program import Confidence, Move, StageKind, Who
from lti_tool.documents.program_editing import Path


class Form(StrEnum):
    """How an entry is typed."""

    TEXT = "text"
    LONG = "long"
    LINES = "lines"
    """A list, one on each line."""
    WORDS = "words"
    """One word, or several with commas between them."""
    LIST = "list"
    """A list in any case, with commas between its words."""
    WORD = "word"
    NUMBER = "number"
    """The number of an amount."""
    UNIT = "unit"
    COUNT = "count"
    """A whole number."""
    PERIOD = "period"
    DAY = "day"
    """A day that is named, such as certified."""
    DATE = "date"
    MONTH_DAY = "month_day"
    FLAG = "flag"


AMOUNTS = frozenset({"at_least", "at_most", "each_at_least", "share_at_least"})
_OWN: Mapping[str, Mapping[str, Form]] = {
    "program": {
        "name": Form.TEXT,
        "body": Form.TEXT,
        "summary": Form.LONG,
        "area": Form.TEXT,
        "country": Form.TEXT,
        "language": Form.TEXT,
        "time_zone": Form.TEXT,
        "illustrative": Form.FLAG,
        "pausable": Form.LIST,
        "notes": Form.LINES,
        "sources": Form.LINES,
    },
    "stages": {
        "title": Form.TEXT,
        "kind": Form.WORD,
        "after": Form.WORD,
        "lasts": Form.PERIOD,
        "extensions": Form.COUNT,
        "extension": Form.PERIOD,
        "scope": Form.LONG,
        "reveals": Form.FLAG,
    },
    "editions": {
        "key": Form.TEXT,
        "from": Form.DATE,
        "until": Form.DATE,
        "earlier": Form.WORD,
        "earlier_by": Form.DATE,
        "again": Form.LIST,
    },
    "lifecycle": {
        "valid_for": Form.PERIOD,
        "valid_without_end": Form.FLAG,
        "ends": Form.WORD,
        "fixed_day": Form.MONTH_DAY,
        "runs_from": Form.WORD,
        "renewal_opens": Form.PERIOD,
        "renewal_closes": Form.PERIOD,
        "grace": Form.PERIOD,
        "after_lapse": Form.WORD,
        "reinstate_within": Form.PERIOD,
        "application_usable": Form.PERIOD,
        "reminders": Form.LINES,
        "keep_proof_for": Form.PERIOD,
    },
    "due_process": {
        "decide_within": Form.PERIOD,
        "notice_holds": Form.LINES,
        "appeal_within": Form.PERIOD,
        "appeal_levels": Form.LINES,
        "appeal_answered_within": Form.PERIOD,
    },
    "requirements": {
        "title": Form.TEXT,
        "note": Form.LONG,
        "stage": Form.WORD,
        "who": Form.WORD,
        "shown_only": Form.FLAG,
        "confidence": Form.WORD,
    },
}
_NEED: Mapping[str, Form] = {
    "kind": Form.WORDS,
    "distinct": Form.WORD,
    "measure": Form.WORD,
    "by": Form.WORD,
    "covers": Form.LIST,
    "some": Form.COUNT,
    "some_of": Form.COUNT,
    "spread_over": Form.PERIOD,
    "held_for": Form.PERIOD,
    "held_less_than": Form.PERIOD,
    "each": Form.WORD,
    "how": Form.WORD,
    "but": Form.COUNT,
    "since": Form.DAY,
    "until": Form.DAY,
    "in_force": Form.DAY,
    "at": Form.DAY,
    "last": Form.PERIOD,
    "within": Form.PERIOD,
    "once_per": Form.WORD,
    "unit": Form.WORD,
    "pot": Form.TEXT,
    "open_from": Form.DATE,
    "open_until": Form.DATE,
    "met": Form.WORD,
}
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("stages", "kind"): tuple(StageKind),
    ("editions", "earlier"): tuple(Move),
    ("lifecycle", "ends"): tuple(Ends),
    ("lifecycle", "runs_from"): tuple(RunsFrom),
    ("lifecycle", "after_lapse"): tuple(AfterLapse),
    ("requirements", "who"): tuple(Who),
    ("requirements", "confidence"): tuple(Confidence),
}
NEEDED = frozenset({
    ("program", "name"), ("program", "body"), ("program", "time_zone"), ("stages", "title"), ("editions", "key"),
    ("requirements", "title"), ("requirements", "stage"),
})  # fmt: skip
"""What cannot be left empty."""


class NoField(Exception):
    """Nothing that a page has a field for."""


def fields_of(table: str) -> Mapping[str, Form]:
    """The entries of a table that have fields, in their order."""
    return _OWN[table]


def own_name(path: Path) -> tuple[str, str] | None:
    """Table and entry, where the path is an entry of a table of its own."""
    table, name = str(path[0]), str(path[-1])
    length = 2 if table in ("program", "due_process") else 3
    return (table, name) if len(path) == length and name in _OWN.get(table, {}) else None


def form_of(path: Path) -> Form:
    """How what stands there is typed. Raises `NoField`."""
    own = own_name(path)
    if own:
        return _OWN[own[0]][own[1]]
    if path[0] == "names" and len(path) == 2:
        return Form.LIST
    if path[0] != "requirements" or len(path) < 3:
        raise NoField
    return _in_need(path)


def _in_need(path: Path) -> Form:
    last, before = path[-1], path[-2]
    if before in AMOUNTS and last in ("number", "unit"):
        return Form.NUMBER if last == "number" else Form.UNIT
    if before == "where" or (len(path) > 4 and path[-3] == "not_counting"):
        return Form.WORDS
    if path[-3] == "where" or (len(path) > 5 and path[-4] == "not_counting"):
        return Form.LIST if last in ("any_of", "none_of") else Form.TEXT
    if isinstance(last, str) and last in _NEED:
        return _NEED[last]
    raise NoField
