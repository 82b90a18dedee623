"""What counts of what may count: steps 5 to 7 of the order that `grading.requirements.selection` says."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import groupby

from grading.periods import Period
from grading.proof import LeftOut, Why
from grading.requirements.needs import Amount, Measure
from grading.requirements.selection import Cap, Keep, Selection
from grading.weighing.matching import value_of, values_of
from grading.weighing.pile import Candidates, Pair, Sure

Holding = Mapping[str, list[int]]


def counting(amount: Amount, may: Candidates, level: Sure, left_out: list[LeftOut] | None = None) -> list[Pair]:
    """What counts when everything up to this level of sureness does; what does not is noted in `left_out`."""
    selection = amount.of
    chosen = may.up_to(level)
    if selection.plain:
        return chosen
    if selection.within:
        chosen = _best_stretch(amount, selection.within, chosen, _holding(may, level))
    return _limited(amount, chosen, _holding(may, level), left_out)


def _holding(may: Candidates, level: Sure) -> Holding:
    """The places of the caps that hold for each thing; where nobody said, it is not let off the cap."""
    if level is Sure.UNKNOWN:
        return {id_: [place for place, is_sure in holds if is_sure] for id_, holds in may.holds.items()}
    return {id_: [place for place, _ in holds] for id_, holds in may.holds.items()}


def _limited(amount: Amount, chosen: list[Pair], holding: Holding, left_out: list[LeftOut] | None) -> list[Pair]:
    selection = amount.of
    adds_up = amount.measure in (Measure.TOTAL, Measure.COUNT)
    if selection.once_per and selection.caps and selection.keep is Keep.LARGEST and adds_up:
        chosen = _most_of_each(selection, chosen, holding, left_out)
    elif selection.once_per:
        chosen = _once(selection, chosen, left_out)
    for of_share, caps in groupby(enumerate(selection.caps), key=lambda cap: cap[1].share is not None):
        chosen = (_shared if of_share else _capped)(dict(caps), chosen, holding, left_out)
    return chosen


def _most_of_each(
    selection: Selection, chosen: list[Pair], holding: Holding, left_out: list[LeftOut] | None
) -> list[Pair]:
    """As much as the largest of each; first what no cap holds for, so that a cap never costs more than it must."""
    counts: dict[str, Decimal] = {}
    most: dict[object, Decimal] = {}
    for item, amount in sorted(chosen, key=lambda each: (len(holding[each[0].id]), *_BETTER[Keep.LARGEST](each))):
        value = value_of(selection.once_per, item)
        key: object = value if value is not None else item.id
        before = most.get(key)
        counts[item.id] = amount if before is None else max(amount - before, Decimal())
        most[key] = amount if before is None else max(amount, before)
        if left_out is not None and before:
            left_out.append(LeftOut(item, Why.TWICE, selection.once_per, min(amount, before)))
    return [(item, counts[item.id]) for item, amount in chosen if counts[item.id] or not amount]


def _once(selection: Selection, chosen: list[Pair], left_out: list[LeftOut] | None) -> list[Pair]:
    best: dict[object, Pair] = {}
    better = _BETTER[selection.keep]
    for each in chosen:
        value = value_of(selection.once_per, each[0])
        key: object = value if value is not None else each[0].id
        other = best.get(key)
        if other is None or better(each) < better(other):
            best[key] = each
        if left_out is not None and other is not None:
            lost = other if best[key] is each else each
            left_out.append(LeftOut(lost[0], Why.TWICE, selection.once_per))
    kept = {item.id for item, _ in best.values()}
    return [each for each in chosen if each[0].id in kept]


_BETTER: dict[Keep, Callable[[Pair], tuple[object, ...]]] = {
    Keep.LARGEST: lambda each: (-each[1], each[0].on, each[0].id),
    Keep.LATEST: lambda each: (-each[0].on.toordinal(), -each[1], each[0].id),
    Keep.EARLIEST: lambda each: (each[0].on, -each[1], each[0].id),
}


def _capped(
    caps: Mapping[int, Cap], chosen: list[Pair], holding: Holding, left_out: list[LeftOut] | None
) -> list[Pair]:
    """Of what matches a cap no more than it lets count; `holding` are the places of the caps that hold for each thing.

    Caps that follow each other are looked at together: what one of them leaves nothing for uses up no other. First
    comes what fewest caps hold for, then the earlier day.
    """
    left = {place: cap.at_most or Decimal() for place, cap in caps.items()}
    counts: dict[str, Decimal] = {}
    for item, amount in sorted(chosen, key=lambda each: len(holding[each[0].id])):
        mine = [place for place in holding[item.id] if place in left]
        counts[item.id] = min([amount, *(left[place] for place in mine)])
        for place in mine:
            left[place] -= counts[item.id]
    return _with_counts(counts, chosen, left_out)


def _shared(
    caps: Mapping[int, Cap], chosen: list[Pair], holding: Holding, left_out: list[LeftOut] | None
) -> list[Pair]:
    """Of what matches a cap no more than its share, one cap after the other; in the same order."""
    for place, cap in caps.items():
        share = cap.share if cap.share is not None else Decimal(1)
        if share >= 1:
            continue
        inside = [each for each in chosen if place in holding[each[0].id]]
        most = (_sum(chosen) - _sum(inside)) * share / (1 - share)
        counts = {item.id: amount for item, amount in chosen}
        for item, amount in sorted(inside, key=lambda each: len(holding[each[0].id])):
            counts[item.id] = min(amount, most)
            most -= counts[item.id]
        chosen = _with_counts(counts, chosen, left_out)
    return chosen


def _with_counts(counts: Mapping[str, Decimal], chosen: list[Pair], left_out: list[LeftOut] | None) -> list[Pair]:
    """What counts, with how much of it; what is left out, and how much of that, is noted."""
    if left_out is not None:
        less = ((item, amount - counts[item.id]) for item, amount in chosen if counts[item.id] < amount)
        left_out += [LeftOut(item, Why.CAPPED, "", amount) for item, amount in less]
    return [(item, counts[item.id]) for item, amount in chosen if counts[item.id] or not amount]


def _sum(pairs: list[Pair]) -> Decimal:
    return sum((amount for _, amount in pairs), Decimal())


def _best_stretch(amount: Amount, within: Period, chosen: list[Pair], holding: Holding) -> list[Pair]:
    """The stretch of this length in which most counts; of several the earliest."""
    best: list[Pair] = []
    most = Decimal(-1)
    end = 0
    for start, (first, _) in enumerate(chosen):
        if start and chosen[start - 1][0].on == first.on:
            continue  # the stretch from this day on was looked at
        last = within.after(first.on)
        while end < len(chosen) and chosen[end][0].on <= last:
            end += 1
        stretch = chosen[start:end]
        if _much(amount, stretch) <= most:
            continue
        much = _much(amount, _limited(amount, stretch, holding, None))
        if much > most:
            most, best = much, stretch
    return best


def _much(amount: Amount, stretch: list[Pair]) -> Decimal:
    match amount.measure:
        case Measure.DISTINCT:
            return Decimal(len(set().union(*(values_of(item, amount.name) for item, _ in stretch))))
        case Measure.HIGHEST:
            return max((number for _, number in stretch), default=Decimal())
        case _:
            return sum((number for _, number in stretch), Decimal())
