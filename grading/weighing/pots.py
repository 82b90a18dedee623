"""Things that count once: how a pot is divided among the requirements that share it.

Hours can be divided, an hour counts once. As many requirements of the pot are met as can be; of several ways to meet
as many, the one that meets those earlier in the program. What is left goes to the others in their order. So the
number of met requirements of a pot never falls when there is more, although which of them are met may change.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from grading.known import Known, Part
from grading.requirements.needs import AtLeast, Need
from grading.requirements.walking import walk
from grading.weighing.candidates import candidates
from grading.weighing.counting import counting
from grading.weighing.passing import earliest
from grading.weighing.pile import Candidates, Sure

MOST = 10
"""So many requirements may share a pot: every way to meet some of them is looked at."""


def parts_of(pot: str, found: Known) -> Mapping[int, Part]:
    """What each need of a pot gets, by the identity of the need."""
    needs = list(_sharing(pot, [each.need for each in found.requirements.values()]))
    there = [candidates(need.amount.of, found, need.amount.measure) for need in needs]
    sure, waiting, possible = (_divided(needs, there, level) for level in Sure)
    on = earliest(*(each.changes_on for each in there))
    return {id(need): Part(sure[at], waiting[at], possible[at], on) for at, need in enumerate(needs)}


def _sharing(pot: str, needs: Sequence[Need]) -> Iterator[AtLeast]:
    for need in needs:
        yield from (each for each in walk(need) if isinstance(each, AtLeast) and each.amount.of.shared == pot)


def _divided(needs: Sequence[AtLeast], there: Sequence[Candidates], level: Sure) -> list[Decimal]:
    supplies = _supplies(needs, there, level)
    demands = [need.threshold for need in needs]
    met = _most_met(demands, supplies)
    given: dict[int, Decimal] = {place: demands[place] for place in met}
    for place in range(len(needs)):
        if place not in given:
            given[place] = _left_for(place, given, supplies)
    return [given[place] for place in range(len(needs))]


def _supplies(needs: Sequence[AtLeast], there: Sequence[Candidates], level: Sure) -> dict[frozenset[int], Decimal]:
    """How much there is that serves exactly these needs."""
    serves: dict[str, tuple[Decimal, set[int]]] = {}
    for place, (need, may) in enumerate(zip(needs, there, strict=True)):
        for item, number in counting(need.amount, may, level):
            amount, places = serves.setdefault(item.id, (number, set()))
            places.add(place)
            serves[item.id] = (min(amount, number), places)
    supplies: dict[frozenset[int], Decimal] = {}
    for amount, places in serves.values():
        key = frozenset(places)
        supplies[key] = supplies.get(key, Decimal()) + amount
    return supplies


def _most_met(demands: Sequence[Decimal], supplies: Mapping[frozenset[int], Decimal]) -> tuple[int, ...]:
    for size in range(len(demands), 0, -1):
        for chosen in combinations(range(len(demands)), size):
            if _is_enough({place: demands[place] for place in chosen}, supplies):
                return chosen
    return ()


def _is_enough(demands: Mapping[int, Decimal], supplies: Mapping[frozenset[int], Decimal]) -> bool:
    """Whether all can be served at once: no group of them asks for more than what serves any of it (Gale, 1957)."""
    return all(
        sum((demands[place] for place in group), Decimal()) <= _serving(frozenset(group), supplies)
        for size in range(1, len(demands) + 1)
        for group in combinations(sorted(demands), size)
    )


def _left_for(place: int, given: Mapping[int, Decimal], supplies: Mapping[frozenset[int], Decimal]) -> Decimal:
    """The most that this one can get while the others keep what they have."""
    return min(
        _serving(frozenset((*group, place)), supplies) - sum((given[each] for each in group), Decimal())
        for size in range(len(given) + 1)
        for group in combinations(sorted(given), size)
    )


def _serving(group: frozenset[int], supplies: Mapping[frozenset[int], Decimal]) -> Decimal:
    return sum((amount for places, amount in supplies.items() if not places.isdisjoint(group)), Decimal())
