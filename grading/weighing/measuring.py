"""From what counts to a number."""

from collections.abc import Sequence
from decimal import Decimal

from grading.evidence import Item, Value
from grading.known import Known
from grading.periods import Period
from grading.proof import LeftOut, Numbers
from grading.requirements.needs import Amount, Measure
from grading.weighing.counting import Candidate, Candidates, Sure, candidates, counting

Weighed = tuple[Numbers, tuple[tuple[Item, Decimal], ...], tuple[LeftOut, ...], Candidates]


def weighed(amount: Amount, found: Known, need: Decimal | Period | None = None) -> Weighed:
    """The numbers of an amount, what counts for sure, what was left out, and what may count."""
    return of_candidates(amount, candidates(amount.of, found, amount.measure, amount.name), need)


def of_candidates(amount: Amount, may: Candidates, need: Decimal | Period | None = None) -> Weighed:
    """The same of candidates that are there already, or of some of them."""
    left_out = list(may.left_out)
    sure = counting(amount.of, may.found, Sure.YES, amount.measure, left_out)
    number = number_of(amount, sure)
    waiting = possible = number
    if may.waiting:
        waiting = possible = number_of(amount, counting(amount.of, may.found, Sure.WAITS, amount.measure))
    if may.unknown:
        possible = number_of(amount, counting(amount.of, may.found, Sure.UNKNOWN, amount.measure))
    numbers = Numbers(need, amount.of.unit, number, waiting, possible)
    return numbers, tuple((each.item, each.amount) for each in sure), tuple(left_out), may


def number_of(amount: Amount, chosen: Sequence[Candidate]) -> Decimal | None:
    """The number; None where there is nothing to make one of (no mean of nothing)."""
    match amount.measure:
        case Measure.TOTAL:
            return sum((each.amount for each in chosen), Decimal())
        case Measure.COUNT:
            # What is left of a cap counts, not whether a thing is there.
            return sum((each.amount for each in chosen), Decimal())
        case Measure.DISTINCT:
            return Decimal(len(_different(amount.name, chosen)))
    if not chosen:
        return None
    match amount.measure:
        case Measure.HIGHEST:
            return max(each.amount for each in chosen)
        case Measure.LOWEST:
            return min(each.amount for each in chosen)
        case Measure.LATEST:
            return max(chosen, key=lambda each: (each.item.on, each.item.id)).amount
        case Measure.MEAN:
            return sum((each.amount for each in chosen), Decimal()) / len(chosen)


def values_of(item: Item, name: str) -> frozenset[str]:
    """The values that a thing has for a name; empty where there are none, or nobody said."""
    value: Value | None = item.has.get(name)
    if value is None:
        return frozenset()
    return value if isinstance(value, frozenset) else frozenset({f"{value.normalize():f}"})


def _different(name: str, chosen: Sequence[Candidate]) -> set[str]:
    """What is not said could be one more."""
    return set().union(*(values_of(each.item, name) or {f"\0{each.item.id}"} for each in chosen))
