"""What another edition would change for somebody: requirement by requirement, less to do, more, or as before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grading.proof import Answer, Proof
from grading.standing import Standing, Weighed

SETTLED = frozenset({Answer.MET, Answer.NOT_APPLICABLE})


class Becomes(StrEnum):
    """What there would be to do."""

    LESS = "less"
    MORE = "more"
    BOTH = "both"
    """Less of one thing and more of another."""
    AS_BEFORE = "as_before"


@dataclass(frozen=True, slots=True)
class Changed:
    """One requirement that would not stand as it does."""

    key: str
    becomes: Becomes
    before: Weighed | None
    """None: it is not asked now."""
    after: Weighed | None
    """None: it would not be asked any more."""


def compared(before: Standing, after: Standing) -> tuple[Changed, ...]:
    """What would be otherwise, in the order of the later edition; what is only shown is left out.

    The same standing twice gives nothing. Renewal and other stages that cannot be decided in either are left out,
    unless none can.
    """
    stages = {*before.facts.open, *after.facts.open}
    was, would_be = _asked(before, stages), _asked(after, stages)
    found = (_changed(key, was.get(key), would_be.get(key)) for key in dict.fromkeys((*would_be, *was)))
    return tuple(each for each in found if each is not None)


def in_all(changes: Iterable[Changed]) -> Becomes:
    """All of it in one word."""
    found = {each.becomes for each in changes}
    if not found:
        return Becomes.AS_BEFORE
    return found.pop() if len(found) == 1 else Becomes.BOTH


def _asked(standing: Standing, stages: set[str]) -> Mapping[str, Weighed]:
    return {each.requirement.key: each for each in _weighed(standing, stages) if not each.requirement.shown_only}


def _weighed(standing: Standing, stages: set[str]) -> Iterator[Weighed]:
    for stage in standing.stages:
        if not stages or stage.stage.key in stages:
            yield from stage.requirements


def _changed(key: str, was: Weighed | None, would_be: Weighed | None) -> Changed | None:
    open_before, open_after = (each is not None and each.proof.answer not in SETTLED for each in (was, would_be))
    if open_before != open_after:
        return Changed(key, Becomes.MORE if open_after else Becomes.LESS, was, would_be)
    if not open_before or was is None or would_be is None:
        return None
    missing, then = _missing(was.proof), _missing(would_be.proof)
    if missing is None or then is None or missing == then:
        return None
    return Changed(key, Becomes.MORE if then > missing else Becomes.LESS, was, would_be)


def _missing(proof: Proof) -> Decimal | None:
    """How much is still to come, where that is a number."""
    numbers = proof.numbers
    if numbers is None or not isinstance(numbers.need, Decimal):
        return None
    return max(numbers.need - (numbers.sure or Decimal(0)), Decimal(0))
