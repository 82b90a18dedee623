"""The ledger: what people write down that they did, and what becomes of an entry."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

MOST_OF_A_SERIES = 53
"""Weeks of a repeating entry: a year."""


class EntryKind(StrEnum):
    """What an entry is of; the names are those of `grading.evidence.Kind`."""

    PRACTICE = "practice"
    """Hours of work with people."""
    TRAINING = "training"
    SUPERVISION = "supervision"
    EDUCATION = "education"
    """Continuing education, after a first certification."""


class EntryState(StrEnum):
    """How far an entry is."""

    OPEN = "open"
    """Written down, and not yet handed to anybody."""
    WAITING = "waiting"
    """For the signature of whoever was asked."""
    RETURNED = "returned"
    """Handed back, with a reason: its writer changes it, or asks again."""
    SIGNED = "signed"
    REVERSED = "reversed"
    """A correction took it back: it counts as if it had never been entered, and stays to be read."""


CHANGEABLE = frozenset({EntryState.OPEN, EntryState.WAITING, EntryState.RETURNED})
"""A signed entry never changes: it is reversed, and a new one takes its place."""


class Source(StrEnum):
    """How something became known that is not an entry of the ledger."""

    OWN_WORD = "own_word"
    """The person says so themselves, by a tick; there is no text."""
    SEEN = "seen"
    """Somebody of the program saw it, or knows it."""
    LMS = "lms"
    """The LMS gave a result."""


NOT_SHOWN = frozenset({"course"})
"""Names that hold no words for people: by "course" two entries of the same training are known as one."""


def words_of(said: Mapping[str, Sequence[str] | str]) -> tuple[tuple[str, str], ...]:
    """What is said of an entry, as people read it: each name with its words, in the order of the names."""
    shown = sorted((name, value) for name, value in said.items() if name not in NOT_SHOWN and value)
    return tuple((_spaced(name), _joined(value)) for name, value in shown)


def _joined(value: Sequence[str] | str) -> str:
    return value if isinstance(value, str) else ", ".join(_spaced(each) for each in value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def same_title(one: str | None, other: str | None) -> bool:
    """Whether two entries are called the same, however it is written."""
    return _plain(one) == _plain(other)


def course_of(title: str | None) -> str:
    """What two entries of the same training have in common, for rules by which it counts once; it tells no title."""
    plain = _plain(title)
    return sha256(plain.encode()).hexdigest()[:16] if plain else ""


def each_week(first: date, last: date) -> tuple[date, ...]:
    """The same day of each week from the first on, to the last; so many at most that a page can show them."""
    weeks = min((last - first).days // 7 + 1, MOST_OF_A_SERIES)
    return tuple(first + timedelta(weeks=number) for number in range(weeks))


def _plain(title: str | None) -> str:
    return " ".join(re.findall(r"\w+", (title or "").casefold()))
