"""What a funder may read of hours: sums of enough people, and none from which another could be worked out."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ROUNDED_TO = Decimal(10)
"""Hours are told in tens, so that a change of one person's tells nothing."""


@dataclass(frozen=True, slots=True)
class Sum:
    """So many hours, of these people."""

    amount: Decimal
    people: frozenset[Hashable]


def told(sums: Mapping[str, Sum], minimum: int) -> dict[str, Decimal | None]:
    """Of each what is told; None: held back.

    Below the minimum of people it is held back. What is held back together is of at least the minimum, and never one
    alone: where it would be, the next smallest is held back as well. No total is told beside them.
    """
    hidden = {name for name, each in sums.items() if len(each.people) < minimum}
    rest = sorted((name for name in sums if name not in hidden), key=lambda name: (len(sums[name].people), name))
    while hidden and rest and not _enough(sums, hidden, minimum):
        hidden.add(rest.pop(0))
    return {name: None if name in hidden else _rounded(each.amount) for name, each in sums.items()}


def _enough(sums: Mapping[str, Sum], hidden: set[str], minimum: int) -> bool:
    people = frozenset().union(*(sums[name].people for name in hidden))
    return len(hidden) >= 2 and len(people) >= minimum


def _rounded(amount: Decimal) -> Decimal:
    return (amount / ROUNDED_TO).quantize(Decimal(1), ROUND_HALF_UP) * ROUNDED_TO
