"""How answers go together."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from grading.known import Known, day_or_today
from grading.program import Who
from grading.proof import Answer, Change, Doing, Numbers, Proof
from grading.requirements.needs import AllOf, AnyOf, Group, Measure, Need, Open, SomeOf, Unless, When
from grading.weighing.amounts import to_say
from grading.weighing.answers import KINDEST, all_together, of_levels
from grading.weighing.candidates import candidates
from grading.weighing.matching import values_of
from grading.weighing.passing import comes_on, earliest, passes_on
from grading.weighing.pile import Sure

Weigh = Callable[[Need, Known], Proof]


def all_of(need: AllOf, found: Known, weigh: Weigh) -> Proof:
    """Every one."""
    parts = tuple(weigh(part, found) for part in need.parts)
    return Proof(all_together([part.answer for part in parts]), "all_of", parts=parts)


def any_of(need: AnyOf, found: Known, weigh: Weigh) -> Proof:
    """One is enough; a route that is closed does not help, nor does it stand in the way."""
    parts = tuple(weigh(part, found) for part in need.parts)
    answer = min((part.answer for part in parts), key=KINDEST.index, default=Answer.NOT_YET)
    return Proof(Answer.NOT_YET if answer is Answer.NOT_APPLICABLE else answer, "any_of", parts=parts)


def some_of(need: SomeOf, found: Known, weigh: Weigh) -> Proof:
    """So many, of which so many from each group."""
    groups = [[weigh(part, found) for part in group.parts] for group in need.groups]
    counts = []
    complete = []
    for answers in ({Answer.MET}, {Answer.MET, Answer.WAITING}, {Answer.MET, Answer.WAITING, Answer.UNKNOWN}):
        there = [sum(part.answer in answers for part in parts) for parts in groups]
        counts.append(sum(map(_counting, need.groups, there)))
        complete.append(all(count >= group.at_least for group, count in zip(need.groups, there, strict=True)))
    numbers = Numbers(Decimal(need.count), "", *map(Decimal, counts))
    # A group that is short makes the whole short, however many there are in the others.
    enough = [done and count >= need.count for count, done in zip(counts, complete, strict=True)]
    answer = of_levels(enough)
    return Proof(answer, "some_of", numbers, parts=tuple(part for parts in groups for part in parts))


def when(need: When, found: Known, weigh: Weigh) -> Proof:
    """Asked only where the condition holds; where that cannot be known, what is asked may still be met."""
    condition = weigh(need.condition, found)
    if condition.answer in (Answer.NOT_YET, Answer.NOT_APPLICABLE):
        return Proof(Answer.NOT_APPLICABLE, "when", parts=(condition,))
    asked = weigh(need.need, found)
    answer = asked.answer
    if condition.answer is not Answer.MET and answer not in (Answer.MET, Answer.NOT_APPLICABLE):
        answer = condition.answer if answer is Answer.NOT_YET else all_together([condition.answer, answer])
    return Proof(answer, "when", parts=(condition, asked))


def unless(need: Unless, found: Known) -> Proof:
    """Nothing of the sort, or nothing that a person has not looked at and settled."""
    may = candidates(need.of, found, Measure.COUNT)
    on = may.changes_on
    settled: set[str] = set()
    if need.settled:
        of_settled = candidates(need.settled, found, Measure.COUNT)
        on = earliest(on, of_settled.changes_on)
        for item, _ in of_settled.sure:
            settled |= values_of(item, need.by)
    there = may.only(lambda item: not _keys(item.id, values_of(item, need.by)) <= settled)
    counted = tuple(there.sure)
    if not there.up_to(Sure.UNKNOWN):
        return Proof(Answer.MET, "unless", left_out=tuple(may.left_out), changes_on=on)
    if not there.sure:
        answer = Answer.WAITING if there.waiting else Answer.UNKNOWN
        changes = tuple(to_say(tuple(may.left_out), answer))
    else:
        answer = Answer.WAITING if need.settled else Answer.NOT_YET
        changes = (Change(Who.PROGRAM, Doing.DECIDE),)
    left_out = tuple(may.left_out)
    return Proof(answer, "unless", counted=counted, left_out=left_out, changes=changes, changes_on=on)


def open_route(need: Open, found: Known, weigh: Weigh) -> Proof:
    """Not applicable before it opens and after it closed."""
    day = partial(day_or_today, need.at)
    at = day(found)
    if need.since and at < need.since:
        return Proof(Answer.NOT_APPLICABLE, "open", changes_on=comes_on(day, [need.since], found))
    if need.until and at > need.until:
        return Proof(Answer.NOT_APPLICABLE, "open")
    part = weigh(need.need, found)
    closes = Change(Who.NOBODY, Doing.WAIT, on=need.until)
    changes = (closes,) if need.until and part.answer is not Answer.MET else ()
    closed = passes_on(day, [need.until], found) if need.until else None
    return Proof(part.answer, "open", parts=(part,), changes=changes, changes_on=closed)


def _counting(group: Group, there: int) -> int:
    return there if group.at_most is None else min(there, group.at_most)


def _keys(item_id: str, values: frozenset[str]) -> frozenset[str]:
    return values or frozenset({item_id})
