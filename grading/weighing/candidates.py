"""What of a selection may count: steps 1 to 4 of the order that `grading.requirements.selection` says."""

from collections.abc import Sequence
from dataclasses import replace

from grading.evidence import Item
from grading.known import Known
from grading.proof import LeftOut, Why
from grading.requirements.needs import Measure
from grading.requirements.selection import Selection, Where
from grading.weighing.matching import matches_all, value_of
from grading.weighing.pile import Candidates
from grading.weighing.shelves import noted, shelf_of
from grading.weighing.windows import Reason, changes_on, reasons_of


def candidates(selection: Selection, found: Known, measure: Measure, *names: str) -> Candidates:
    """What may count. Things that do not say one of the `names` are not sure; an empty name asks nothing."""
    shelf, rest = shelf_of(selection, found, measure)
    result = _judged(selection, rest, shelf, found, tuple(filter(None, names)))
    if selection.caps:
        _note_caps(selection, result)
    if selection.windows and found.day == found.today:  # of another day nobody asks what is next
        result.changes_on = changes_on(selection, result, found)
    return result


def _judged(
    selection: Selection, wheres: tuple[Where, ...], shelf: Candidates, found: Known, names: tuple[str, ...]
) -> Candidates:
    reasons = reasons_of(selection, found) if selection.windows else []
    if not (wheres or selection.not_counting or reasons or names):
        return replace(shelf, left_out=list(shelf.left_out)) if selection.caps else shelf
    if not (wheres or selection.not_counting or names):
        return _in_time(shelf, reasons)
    result = Candidates()
    for pairs, counting in ((shelf.sure, result.sure), (shelf.waiting, result.waiting)):
        for pair in pairs:
            unsaid = _unsaid(selection, wheres, reasons, pair[0], names, result)
            if unsaid:
                result.unsaid.append((pair, unsaid))
            elif unsaid is not None:
                counting.append(pair)
    for pair, before in shelf.unsaid:
        unsaid = _unsaid(selection, wheres, reasons, pair[0], names, result)
        if unsaid is not None:
            result.unsaid.append((pair, unsaid or before))
    unseen = [left for left in shelf.left_out if left.why is Why.NOT_OBSERVED]
    result.left_out += [left for left in unseen if matches_all(wheres, left.item)[0] is not False]
    return noted(result)


def _in_time(shelf: Candidates, reasons: Sequence[Reason]) -> Candidates:
    """Where only windows are asked for: the same without the detours, for there are many."""
    result = Candidates()
    for pairs, counting in ((shelf.sure, result.sure), (shelf.waiting, result.waiting)):
        for pair in pairs:
            for reason in reasons:
                if (why := reason(pair[0])) is not None:
                    result.left_out.append(LeftOut(pair[0], why))
                    break
            else:
                counting.append(pair)
    for each in shelf.unsaid:
        why = next((why for reason in reasons if (why := reason(each[0][0])) is not None), None)
        if why is None:
            result.unsaid.append(each)
        else:
            result.left_out.append(LeftOut(each[0][0], why))
    result.left_out += [left for left in shelf.left_out if left.why is Why.NOT_OBSERVED]
    return noted(result)


def _unsaid(
    selection: Selection,
    wheres: tuple[Where, ...],
    reasons: Sequence[Reason],
    item: Item,
    names: tuple[str, ...],
    result: Candidates,
) -> str | None:
    """What is not said of a thing; empty: it counts; None: it does not, and why is noted."""
    meant, unsaid = matches_all(wheres, item) if wheres else (True, "")
    if meant is False:
        return None
    for group in selection.not_counting:
        matched, asked = matches_all(group, item)
        if matched is True:
            result.left_out.append(LeftOut(item, Why.NOT_COUNTING))
            return None
        unsaid = unsaid or asked if matched is None else unsaid
    for reason in reasons:
        why = reason(item)
        if why is not None:
            result.left_out.append(LeftOut(item, why))
            return None
    return unsaid or next((name for name in names if value_of(name, item) is None), "")


def _note_caps(selection: Selection, result: Candidates) -> None:
    """Which caps hold for what. Where that cannot be known, more of a thing may count than is sure."""
    result.holds = {}
    for item in result.all_items():
        holds = result.holds[item.id] = []
        for place, cap in enumerate(selection.caps):
            matched, unsaid = matches_all(cap.where, item)
            if matched is not False:
                holds.append((place, matched is True))
            if matched is None:
                result.is_cap_unsaid = True
                result.left_out.append(LeftOut(item, Why.NOT_SAID, unsaid))
