"""How needs of time are answered: spread, in each week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from grading.evidence import Item
from grading.known import Known, day_of
from grading.periods import Period, Stretch, paused_days, stretch_end, stretches
from grading.program import Who
from grading.proof import Answer, Change, Doing, Numbers, Proof
from grading.requirements.needs import AtLeast, AtMost, Each, Measure, Share, Spread
from grading.weighing.amounts import kept, reached, share_of, to_come, to_say, who_adds
from grading.weighing.answers import STRICTEST, all_together, of_levels
from grading.weighing.candidates import candidates
from grading.weighing.measuring import of_candidates
from grading.weighing.passing import earliest, is_another_on, passes_on
from grading.weighing.pile import Candidates, Sure, split

ONE = Decimal(1)
NEXT = Period(days=1)
LATER = {Answer.MET, Answer.NOT_APPLICABLE}


def spread(need: Spread, found: Known) -> Proof:
    """From the first to the last of them at least so long."""
    may = candidates(need.of, found, Measure.COUNT)
    days = [_first_and_last([item for item, _ in may.up_to(level)]) for level in Sure]
    answer = of_levels([span is not None and need.over.after(span[0]) <= span[1] for span in days])
    first = days[Sure.YES] or days[Sure.UNKNOWN]
    changes: tuple[Change, ...] = ()
    if answer is Answer.NOT_YET:
        from_day = need.over.after(first[0]) if first else None
        changes = (Change(who_adds(need.of), Doing.ADD, ONE, on=from_day),)
    else:
        changes = tuple(to_say(tuple(may.left_out), answer))
    counted = tuple(may.sure)
    span = days[Sure.YES]
    numbers = Numbers(need.over, "days", *map(_length, days))
    stretch = Stretch(*span) if span else None
    return Proof(
        answer,
        "spread",
        numbers,
        counted,
        tuple(may.left_out),
        changes=changes,
        changes_on=may.changes_on,
        stretch=stretch,
    )


def each_stretch(need: Each, found: Known) -> Proof:
    """In each stretch, or on average over those that are over."""
    first = day_of(need.since, found)
    if first is None or first > found.day:
        begins = Change(Who.NOBODY, Doing.WAIT, name=need.since.name, on=first)
        return Proof(Answer.NOT_YET, "each", changes=(begins,), changes_on=first)
    only = candidates(need.only_with, found, Measure.COUNT) if need.only_with else None
    first = _first(need, found, first)
    asked = _asked(need, found, first, only)
    may = _candidates(need, found)
    on = earliest(
        _next_stretch(need, found),
        _moves_on(need, found, first),
        *(each.changes_on for each in (*may, *([only] if only else ()))),
    )
    if need.average:
        return replace(_on_average(need, found, asked, may), changes_on=on)
    parts = tuple(_in_stretch(need, asked, may))
    over = [part for part in parts if part.stretch and part.stretch.last <= found.day]
    running = parts[len(over) :]
    if isinstance(need.need, AtMost):
        over += running
    without = [part.answer for part in over if part.answer not in LATER]
    waiting, unknown = (sum(each is answer for each in without) for answer in (Answer.WAITING, Answer.UNKNOWN))
    met = len(over) - len(without)
    many = (Decimal(each) for each in (met, met + waiting, met + waiting + unknown))
    numbers = Numbers(Decimal(max(0, len(over) - need.but)), "", *many)
    if over:
        # Those that may be without are the ones that are furthest from being met.
        asked_for = sorted(without, key=STRICTEST.index)[need.but :]
        answer = all_together(asked_for) if asked_for else Answer.MET
    else:
        answer = all_together([part.answer for part in running])
    return Proof(answer, "each", numbers, parts=parts, changes_on=on)


def _candidates(need: Each, found: Known) -> list[Candidates]:
    """What may count in any of the stretches, for each amount that is asked for."""
    amounts = (need.need.part, need.need.whole) if isinstance(need.need, Share) else (need.need.amount,)
    return [candidates(amount.of, found, amount.measure, amount.name) for amount in amounts]


def _asked(need: Each, found: Known, first: date, only: Candidates | None) -> list[Stretch]:
    """The stretches that are asked for: not the paused ones, and where the rule says so, only those with something.

    The one that is running is whole.
    """
    end = day_of(need.until, found) if need.until else None
    running = stretch_end(need.calendar, found.day, _terms(found))
    whole = [
        each
        for each in stretches(need.calendar, first, running if end is None else min(end, running), _terms(found))
        if not paused_days(each.first, each.last, found.pauses("each"))
    ]
    if only is None:
        return whole
    there = [item.on for item in only.all_items()]
    return [each for each in whole if any(each.holds(day) for day in there)]


def _first(need: Each, found: Known, first: date) -> date:
    """The first day of the first stretch.

    Where so much is asked in each, the first whole one begins: nobody is asked for a week's supervision in the two days
    that were left of it. What is no more than so much, or a share, holds at once.
    """
    before = NEXT.before(first)
    if isinstance(need.need, AtLeast) and before != stretch_end(need.calendar, before, _terms(found)):
        return NEXT.after(stretch_end(need.calendar, first, _terms(found)))
    return first


def _next_stretch(need: Each, found: Known) -> date | None:
    """The next day on which today's stretch is over, or one more is asked for; None where the last one is over."""
    end = day_of(need.until, found) if need.until else None
    if end is not None and end <= found.day:
        return None
    ends = stretch_end(need.calendar, found.day, _terms(found))
    ends = ends if end is None else min(ends, end)
    return ends if ends > found.day else NEXT.after(ends)


def _moves_on(need: Each, found: Known, first: date) -> date | None:
    """The next day on which the first day, or the last, is another: where they move on with today.

    Where no more than so much is asked, or a share, each day is another one, though most change nothing.
    """
    since = passes_on(partial(day_of, need.since), [first], found)
    return earliest(since, is_another_on(partial(day_of, need.until), found)) if need.until else since


def _terms(found: Known) -> Sequence[tuple[int, int]]:
    return found.program.terms


def _in_stretch(need: Each, asked: Sequence[Stretch], may: Sequence[Candidates]) -> list[Proof]:
    """The proof of each stretch. Most are alike: those in which there is nothing are answered once."""
    nothing = _amount_in(need.need, [Candidates() for _ in may])
    proofs = []
    for stretch, *here in zip(asked, *(split(each, asked) for each in may), strict=True):
        proof = _amount_in(need.need, here) if any(each.is_there for each in here) else nothing
        proofs.append(_of_stretch(stretch, proof))
    return proofs


def _of_stretch(stretch: Stretch, proof: Proof) -> Proof:
    """The same, said of a stretch. Made in full: there are many, and `replace` takes several times as long."""
    due = tuple(Change(each.who, each.doing, each.amount, each.unit, each.name, stretch.last) for each in proof.changes)
    return Proof(
        proof.answer, proof.form, proof.numbers, proof.counted, proof.left_out, (), due, None, proof.name, stretch
    )


def _amount_in(need: AtLeast | AtMost | Share, here: Sequence[Candidates]) -> Proof:
    if isinstance(need, Share):
        part, counted, left_out, _ = of_candidates(need.part, here[0])
        return share_of(need, (part, of_candidates(need.whole, here[1])[0]), counted, left_out)
    numbers, counted, left_out, _ = of_candidates(need.amount, here[0], need.threshold)
    if isinstance(need, AtMost):
        answer = kept(numbers, need.threshold)
        changes = tuple(to_say(left_out, answer))
    else:
        answer = reached(numbers, need.threshold)
        changes = tuple(to_come(need.amount.of, numbers, need.threshold, answer, left_out))
    return Proof(answer, "stretch", numbers, counted, left_out, changes=changes)


def _on_average(need: Each, found: Known, asked: Sequence[Stretch], may: Sequence[Candidates]) -> Proof:
    """Over the stretches that are over; before one is, over the first."""
    over = [each for each in asked if each.last <= found.day] or list(asked[:1])
    if not over:
        return Proof(Answer.NOT_APPLICABLE, "each")
    proof = _in_stretch(need, [Stretch(over[0].first, over[-1].last)], may)[0]
    if isinstance(need.need, Share):
        return replace(proof, form="each")
    made = proof.numbers or Numbers(None, "", None, None, None)
    average = [None if each is None else each / len(over) for each in (made.sure, made.with_waiting, made.possible)]
    numbers = Numbers(need.need.threshold, made.unit, *average)
    if isinstance(need.need, AtMost):
        answer = kept(numbers, need.need.threshold)
        changes = tuple(to_say(proof.left_out, answer))
        return replace(proof, form="each", answer=answer, numbers=numbers, changes=changes)
    answer = reached(numbers, need.need.threshold)
    wanted = need.need.threshold * len(over)
    changes = tuple(to_come(need.need.amount.of, made, wanted, answer, proof.left_out))
    return replace(proof, form="each", answer=answer, numbers=numbers, changes=changes)


def _first_and_last(items: Sequence[Item]) -> tuple[date, date] | None:
    return (items[0].on, items[-1].on) if items else None


def _length(span: tuple[date, date] | None) -> Decimal | None:
    return Decimal((span[1] - span[0]).days) if span else None
