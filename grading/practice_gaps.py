"""Where practice is not seen, or needs more help than it did: of criteria and sites, never of a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

LEAST = 5
"""Of fewer observations, or of fewer people, no level is told."""
LONG = timedelta(days=90)
HALF = Decimal("0.5")
COMPARED = 3
"""So many months are compared with as many before them."""


class Gap(StrEnum):
    """What is to be looked at."""

    NEVER = "never"
    """nobody has been observed in it"""
    LONG_AGO = "long_ago"
    """nobody has been observed in it for 90 days"""
    OFTEN_NOT_OBSERVED = "often_not_observed"
    """in at least half of the observations there was no occasion for it"""
    MORE_HELP = "more_help"
    """what is usual is at least one level below what was usual before"""


@dataclass(frozen=True, slots=True)
class Month:
    """What was rated in one month."""

    levels: Mapping[int, int]
    people: int

    @property
    def usual(self) -> int | None:
        """The level in the middle; None where there is too little to tell."""
        return usual_level(self.levels) if self.people >= LEAST and sum(self.levels.values()) >= LEAST else None


@dataclass(frozen=True, slots=True)
class Tally:
    """One criterion, over observations that were released."""

    criterion: str
    levels: Mapping[int, int] = field(default_factory=dict)
    """How often each level was given."""
    not_observed: int = 0
    people: int = 0
    """How many different people were rated, or had no occasion for it."""
    last_on: date | None = None
    """When a level was last given."""
    months: Mapping[date, Month] = field(default_factory=dict)
    """By their first days."""

    @property
    def rated(self) -> int:
        """How often a level was given."""
        return sum(self.levels.values())

    @property
    def looked_at(self) -> int:
        """How often somebody looked for it."""
        return self.rated + self.not_observed

    @property
    def enough(self) -> bool:
        """Whether anything but gaps may be told of it."""
        return self.people >= LEAST and self.looked_at >= LEAST


@dataclass(frozen=True, slots=True)
class CriterionGap:
    """One gap of one criterion."""

    criterion: str
    gap: Gap


def usual_level(levels: Mapping[int, int]) -> int | None:
    """The level in the middle, the lower one of two: always one that was given. None where there is none."""
    count = sum(levels.values())
    so_far = 0
    for level in sorted(levels):
        so_far += levels[level]
        if count and so_far * 2 >= count:
            return level
    return None


def gaps(tallies: Iterable[Tally], today: date, months: Sequence[date]) -> tuple[CriterionGap, ...]:
    """What is to be looked at, in the order of the criteria. `months` are the last ones, the oldest first."""
    return tuple(CriterionGap(each.criterion, gap) for each in tallies for gap in _of(each, today, months))


def _of(each: Tally, today: date, months: Sequence[date]) -> Iterator[Gap]:
    if each.last_on is None:
        yield Gap.NEVER
    elif each.last_on < today - LONG:
        yield Gap.LONG_AGO
    if not each.enough:
        return
    if each.rated and each.not_observed >= HALF * each.looked_at:
        yield Gap.OFTEN_NOT_OBSERVED
    lately, before = _middle(each, months[-COMPARED:]), _middle(each, months[-2 * COMPARED : -COMPARED])
    if lately is not None and before is not None and lately < before:
        yield Gap.MORE_HELP


def _middle(each: Tally, months: Sequence[date]) -> int | None:
    """The usual level of several months together; None where one of them alone could be told from it."""
    there = [each.months[month] for month in months if month in each.months]
    levels: dict[int, int] = {}
    for month in there:
        for level, count in month.levels.items():
            levels[level] = levels.get(level, 0) + count
    enough = sum(levels.values()) >= LEAST and max((month.people for month in there), default=0) >= LEAST
    return usual_level(levels) if enough else None


class Risk(StrEnum):
    """Something about a site that concerns several people."""

    NO_AGREEMENT = "no_agreement"
    """people are placed there, and no agreement with it is in force"""
    NOT_OBSERVED = "not_observed"
    """nobody there has been observed for 90 days"""
    ROLE_DRIFT = "role_drift"
    """in at least a fifth of the observations somebody was asked to do what does not belong to the role"""


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What is known of one site."""

    site: str
    placed: int
    agreed: bool
    last_on: date | None
    """When an observation there was last released."""
    asked: int = 0
    """Observations of the last year of which somebody said whether the role was kept."""
    asked_people: int = 0
    drifted: int = 0


def risks(sites: Iterable[SiteFacts], today: date) -> tuple[tuple[str, Risk], ...]:
    """Risks of sites, in their order; only what concerns at least `LEAST` people is told."""
    return tuple((each.site, risk) for each in sites for risk in _risks(each, today))


def _risks(each: SiteFacts, today: date) -> Iterator[Risk]:
    if each.placed >= LEAST and not each.agreed:
        yield Risk.NO_AGREEMENT
    if each.placed >= LEAST and (each.last_on is None or each.last_on < today - LONG):
        yield Risk.NOT_OBSERVED
    if each.asked_people >= LEAST and each.drifted >= LEAST and each.drifted * 5 >= each.asked:
        yield Risk.ROLE_DRIFT
