"""What is the same for all requirements of a program, made once for each evaluation.

A program asks many things of the same evidence: a kind's things with their amounts stand on a shelf, and those that
have one word for a name on one beside it. They are kept in `Known.shelves`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from grading.evidence import Item, Kind
from grading.known import Known
from grading.proof import NOBODY_SAID, LeftOut, Why
from grading.requirements.needs import Measure
from grading.requirements.selection import Selection, Where
from grading.weighing.matching import value_of, values_of
from grading.weighing.pile import ONE, Candidates, deal


def shelf_of(selection: Selection, found: Known, measure: Measure) -> tuple[Candidates, tuple[Where, ...]]:
    """The things of the kinds, narrowed by one value where the selection asks for one, and what is still to judge."""
    counted = measure in (Measure.COUNT, Measure.DISTINCT)
    if counted:
        key: tuple[object, ...] = (selection.kinds,)
    else:
        key = (selection.kinds, selection.unit, tuple(sorted(selection.units.items())) if selection.units else ())
    shelf = found.shelves.get(key)
    if shelf is None:
        shelf = found.shelves[key] = noted(_of_kinds(selection, found, counted))
    if selection.word is None:
        return shelf, selection.rest
    by_word = (*key, selection.word.name)
    words = found.shelves_by_word.get(by_word)
    if words is None:
        words = found.shelves_by_word[by_word] = _by_word(shelf, selection.word.name)
    (word,) = selection.word.any_of
    return words.get(word, words[None]), selection.rest


def noted(result: Candidates) -> Candidates:
    """The same, with why things that wait or are not sure do not count yet."""
    result.left_out += [LeftOut(item, Why.WAITS) for item, _ in result.waiting]
    result.left_out += [LeftOut(item, Why.NOT_SAID, unsaid) for (item, _), unsaid in result.unsaid]
    return result


def _of_kinds(selection: Selection, found: Known, counted: bool) -> Candidates:
    """Everything of the kinds, with its amount in the unit."""
    result = Candidates()
    several = [found.by_kind.get(kind, ()) for kind in selection.kinds]
    items: Iterable[Item] = several[0] if len(several) == 1 else sorted((i for each in several for i in each), key=_day)
    for item in items:
        if item.kind is Kind.RATING and item.amount is None:
            result.left_out.append(LeftOut(item, Why.NOT_OBSERVED))
            continue
        amount = ONE if counted else _amount(selection, item)
        if amount is None:
            unsaid = "amount" if item.amount is None else "unit"
            result.unsaid.append(((item, NOBODY_SAID), unsaid))
        elif item.id in found.waits:
            result.waiting.append((item, amount))
        else:
            result.sure.append((item, amount))
    return result


def _amount(selection: Selection, item: Item) -> Decimal | None:
    """How much it is in the selection's unit; None: nobody said."""
    if item.amount is None or item.unit == selection.unit or not selection.unit:
        return item.amount
    times = selection.units.get(item.unit)
    return None if times is None else item.amount * times


def _by_word(shelf: Candidates, name: str) -> dict[str | None, Candidates]:
    """The shelf for each word that the name has; under None what may have any, for nobody said it."""
    silent = [(pair, name) for pair in (*shelf.sure, *shelf.waiting) if value_of(name, pair[0]) is None]
    silent += [(pair, unsaid) for pair, unsaid in shelf.unsaid if value_of(name, pair[0]) is None]
    found: dict[str | None, Candidates] = {None: Candidates()}

    def places(item: Item) -> Iterator[Candidates]:
        return (found.setdefault(word, Candidates()) for word in values_of(item, name))

    unseen = [left for left in shelf.left_out if left.why is Why.NOT_OBSERVED]
    deal(replace(shelf, left_out=unseen), places)
    for each in found.values():
        each.unsaid += silent
        noted(each)
    return found


def _day(item: Item) -> tuple[date, str]:
    return item.on, item.id
