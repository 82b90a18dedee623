"""Observers who rate the same examples, each alone, look at them together, and record what they agree on.

Nobody sees anybody else's ratings before they are revealed, whoever leads it neither; and what somebody is told of
their own ratings is theirs alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from rubrics.assessment import Rating
from rubrics.refusal import Refused

FEWEST = 2
"""So many have handed in before anything is revealed."""
MOST_EXAMPLES = 10
ENOUGH = 10
"""From so many ratings on that stand beside agreed ones a number says something."""
_TENTH = Decimal("0.1")


class CalibrationState(StrEnum):
    """How far a calibration is."""

    RATING = "rating"
    """everybody rates alone, and sees nobody else's ratings"""
    REVEALED = "revealed"
    """everybody sees everybody's, and they talk"""
    CLOSED = "closed"
    """what was agreed is recorded"""


class Sight(StrEnum):
    """What somebody sees of how the others rated."""

    NOTHING = "nothing"
    LETTERS = "letters"
    """where everybody stood, by letters, without their words"""
    NAMES = "names"
    """where everybody stood, by name, and why"""


def sight(state: CalibrationState, *, took_part: bool) -> Sight:
    """What somebody sees of the others: those who rated and talk together see who said what, once it is revealed."""
    if state is CalibrationState.RATING:
        return Sight.NOTHING
    return Sight.NAMES if took_part else Sight.LETTERS


def check_rating(state: CalibrationState, *, handed_in: bool) -> None:
    """Whether somebody's ratings can be changed now. Raises `Refused` ("already_revealed", "calibration_handed_in")."""
    if state is not CalibrationState.RATING:
        raise Refused(
            "already_revealed",
            "The ratings were revealed meanwhile, so nothing more can be rated here. You can read how everybody rated.",
        )
    if handed_in:
        raise Refused(
            "calibration_handed_in", "You have handed in. To change something, take your ratings up again first."
        )


def check_hand_in(state: CalibrationState, rated: int) -> None:
    """Whether somebody who rated so much can hand in. Raises `Refused` ("already_revealed", "nothing_rated")."""
    check_rating(state, handed_in=False)
    if not rated:
        raise Refused("nothing_rated", "Please rate at least one thing first. You need not rate every example.")


def reveal(state: CalibrationState, handed_in: int) -> CalibrationState:
    """Show everybody's ratings to everybody; what is revealed stays so. Raises `Refused` ("two_needed")."""
    if state is not CalibrationState.RATING:
        return state
    if handed_in < FEWEST:
        raise Refused(
            "two_needed",
            "Two people at least have to hand in before the ratings are revealed. You can ask more people.",
        )
    return CalibrationState.REVEALED


def check_talk(state: CalibrationState) -> None:
    """Whether what was agreed can be recorded now. Raises `Refused` ("reveal_first", "calibration_closed")."""
    if state is CalibrationState.RATING:
        raise Refused("reveal_first", "The ratings are not revealed yet. Please reveal them first, then talk.")
    if state is CalibrationState.CLOSED:
        raise Refused("calibration_closed", "It is closed, so what was recorded stays. A new one can be begun.")


def close(state: CalibrationState) -> CalibrationState:
    """Come to the end; what is closed stays so. Raises `Refused` ("reveal_first")."""
    if state is not CalibrationState.CLOSED:
        check_talk(state)
    return CalibrationState.CLOSED


@dataclass(frozen=True, slots=True)
class Beside:
    """How somebody's ratings stand beside the agreed ones."""

    units: int
    """Where both gave a level."""
    exact: int
    within_one: int
    """As far apart as one level, or not at all."""
    levels_above: int
    """All differences together: above zero is milder than agreed, below zero stricter."""
    seen_by_one: int
    """Where one gave a level and the other said that it was not seen."""

    @property
    def enough(self) -> bool:
        """Whether there are enough for a number to say something."""
        return self.units >= ENOUGH

    @property
    def milder_by(self) -> Decimal | None:
        """By how many levels milder on the whole, below zero stricter; None as long as there are too few to tell."""
        if not self.enough:
            return None
        return (Decimal(self.levels_above) / self.units).quantize(_TENTH, ROUND_HALF_UP)


def beside(pairs: Iterable[tuple[Rating, Rating]]) -> Beside:
    """Own ratings, each beside the agreed one. What somebody did not rate is no pair, and counts neither way."""
    apart = list[int]()
    seen_by_one = 0
    for own, agreed in pairs:
        if own.level is not None and agreed.level is not None:
            apart.append(own.level - agreed.level)
        elif own.not_observed != agreed.not_observed and _answered(own) and _answered(agreed):
            seen_by_one += 1
    return Beside(
        units=len(apart),
        exact=apart.count(0),
        within_one=sum(abs(difference) <= 1 for difference in apart),
        levels_above=sum(apart),
        seen_by_one=seen_by_one,
    )


def _answered(rating: Rating) -> bool:
    return rating.not_observed or rating.level is not None
