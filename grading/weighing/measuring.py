"""From what counts to a number."""

from collections.abc import Sequence
from decimal import Decimal

from grading.known import Known
from grading.periods import Period
from grading.proof import LeftOut, Numbers
from grading.requirements.needs import Amount, Measure
from grading.weighing.candidates import candidates
from grading.weighing.counting import counting
from grading.weighing.matching import values_of
from grading.weighing.pile import Candidates, Pair, Sure

ZERO = Decimal()
ADDS_UP = frozenset({Measure.TOTAL, Measure.COUNT})

Weighed = tuple[Numbers, tuple[Pair, ...], tuple[LeftOut, ...], Candidates]


def weighed(amount: Amount, found: Known, need: Decimal | Period | None = None) -> Weighed:
    """The numbers of an amount, what counts for sure, what was left out, and what may count."""
    return of_candidates(amount, candidates(amount.of, found, amount.measure, amount.name), need)


def of_candidates(amount: Amount, may: Candidates, need: Decimal | Period | None = None) -> Weighed:
    """The same of candidates that are there already, or of some of them."""
    if amount.of.plain and amount.measure in ADDS_UP:
        return _added_up(amount, may, need), tuple(may.sure), tuple(may.left_out), may
    left_out = list(may.left_out)
    sure = counting(amount, may, Sure.YES, left_out)
    number = number_of(amount, sure)
    waiting = possible = number
    if may.waiting:
        waiting = possible = number_of(amount, counting(amount, may, Sure.WAITS))
    if may.unsaid or may.is_cap_unsaid:
        possible = number_of(amount, counting(amount, may, Sure.UNKNOWN))
    numbers = Numbers(need, amount.of.unit, number, waiting, possible)
    return numbers, tuple(sure), tuple(left_out), may


def _added_up(amount: Amount, may: Candidates, need: Decimal | Period | None) -> Numbers:
    """Most amounts: everything counts, and what waits or is not sure is only added."""
    sure = sum([number for _, number in may.sure], ZERO)
    waiting = sum([number for _, number in may.waiting], sure)
    possible = sum([number for (_, number), _ in may.unsaid], waiting)
    return Numbers(need, amount.of.unit, sure, waiting, possible)


def number_of(amount: Amount, chosen: Sequence[Pair]) -> Decimal | None:
    """The number; None where there is nothing to make one of (no mean of nothing)."""
    match amount.measure:
        case Measure.TOTAL | Measure.COUNT:
            # What is left of a cap counts, not only whether a thing is there.
            return sum([number for _, number in chosen], ZERO)
        case Measure.DISTINCT:
            return Decimal(len(_different(amount.name, chosen)))
    if not chosen:
        return None
    match amount.measure:
        case Measure.HIGHEST:
            return max(number for _, number in chosen)
        case Measure.LOWEST:
            return min(number for _, number in chosen)
        case Measure.LATEST:
            return max(chosen, key=lambda each: (each[0].on, each[0].id))[1]
        case Measure.MEAN:
            return sum((number for _, number in chosen), ZERO) / len(chosen)


def _different(name: str, chosen: Sequence[Pair]) -> set[str]:
    """What is not said could be one more."""
    return set().union(*(values_of(item, name) or {f"\0{item.id}"} for item, _ in chosen))
