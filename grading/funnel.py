"""How far those went who entered a program in some span of days: counts of people, never an order of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LEAST = 5
"""Of fewer people nothing is shown: a picture of few is a picture of somebody."""


class Step(StrEnum):
    """What somebody reached, in the usual order."""

    ENTERED = "entered"
    OBSERVED = "observed"
    """a first observation was signed and released"""
    HALF = "half"
    """half of what is asked is met"""
    READY = "ready"
    """everything is there for a person's decision"""
    CERTIFIED = "certified"


@dataclass(frozen=True, slots=True)
class Alike:
    """So many people for whom the same is so."""

    people: int
    observed: bool
    half: bool
    ready: bool
    certified: bool
    known: bool
    """Whether it was worked out where they stand."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How many reached a step, or a later one."""

    step: Step
    people: int
    unknown: int
    """Of whom it is not known yet."""


def funnel(groups: Iterable[Alike]) -> tuple[Reached, ...]:
    """The steps in their order; no step has more people than the one before it."""
    there = list(groups)
    return tuple(_reached(step, there) for step in Step)


def _reached(step: Step, groups: Iterable[Alike]) -> Reached:
    people = unknown = 0
    for each in groups:
        if _is_there(step, each):
            people += each.people
        elif not each.known and step in (Step.HALF, Step.READY):
            unknown += each.people
    return Reached(step, people, unknown)


def _is_there(step: Step, each: Alike) -> bool:
    reached = {
        Step.ENTERED: True,
        Step.OBSERVED: each.observed,
        Step.HALF: each.half,
        Step.READY: each.ready,
        Step.CERTIFIED: each.certified,
    }
    steps = list(Step)
    return any(reached[later] for later in steps[steps.index(step) :])
