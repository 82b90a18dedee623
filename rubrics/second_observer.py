"""Which observations have a second observer: an even draw, so that nobody chooses and nothing comes in heaps."""

import hashlib
from datetime import timedelta
from fractions import Fraction
from math import floor

HUNDRED = 100
REMINDED_AFTER = (timedelta(days=3), timedelta(days=7))
"""Each reminder of a second observer, counted from when it began to wait for them."""


def drawn_among(seed: str, share: int, count: int) -> int:
    """How many of the first `count` observations are to have a second observer, at a share of so many percent.

    For the same seed always the same; in any stretch of n it rises by n times the share, give or take less than one.
    Where the draw begins depends on the seed alone.
    """
    if not 0 <= share <= HUNDRED:
        raise ValueError("a share is from 0 to 100 percent")
    return floor(Fraction(count * share, HUNDRED) + _offset(seed))


def needs_second(seed: str, share: int, *, before: int, doubled: int) -> bool:
    """Whether the next observation is to have a second observer, after so many, of which so many are to have one.

    Where one that was drawn stays with one observer after all, the next one takes its place.
    """
    return doubled < drawn_among(seed, share, before + 1)


def reminders_by(waited: timedelta) -> int:
    """How many reminders a second observer is to have had, for whom it has waited so long: at most two."""
    return sum(waited >= after for after in REMINDED_AFTER)


def _offset(seed: str) -> Fraction:
    """From 0 to below 1."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big")
    return Fraction(number, 2**32)
