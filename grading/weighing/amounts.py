"""How needs of an amount are answered."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from grading.evidence import Item, Kind
from grading.known import Known
from grading.program import Who
from grading.proof import Answer, Change, Doing, LeftOut, Numbers, Proof, Why
from grading.requirements.needs import AtLeast, AtMost, Share, Sum
from grading.requirements.selection import Selection
from grading.weighing.measuring import weighed
from grading.weighing.passing import earliest

ADDS = {
    Kind.OBSERVATION: Who.OBSERVER,
    Kind.RATING: Who.OBSERVER,
    Kind.REFERENCE: Who.REFEREE,
    Kind.ATTESTATION: Who.SUPERVISOR,
    Kind.CHECK: Who.PROGRAM,
    Kind.APPROVAL: Who.PROGRAM,
    Kind.FINDING: Who.PROGRAM,
}
"""Who adds what is missing; the trainee where nothing else is said."""
SAYS = {**ADDS, Kind.SUPERVISION: Who.SUPERVISOR}
"""Who says what is not said of a thing: of their own part, people say it themselves."""
SIGNS = {"supervisor": Who.SUPERVISOR, "observer": Who.OBSERVER, "referee": Who.REFEREE, "program": Who.PROGRAM}


def at_least(need: AtLeast, found: Known) -> Proof:
    """Met as soon as there is enough; more never hurts."""
    numbers, counted, left_out, may = weighed(need.amount, found, need.threshold)
    answer = reached(numbers, need.threshold)
    return Proof(
        answer,
        "at_least",
        numbers,
        counted,
        left_out,
        changes=tuple(to_come(need.amount.of, numbers, need.threshold, answer, left_out)),
        changes_on=may.changes_on,
    )


def reached(numbers: Numbers, threshold: Decimal) -> Answer:
    """What follows from how much there is for sure, with what waits, and with what is not known."""
    if numbers.sure is not None and numbers.sure >= threshold:
        return Answer.MET
    if numbers.with_waiting is not None and numbers.with_waiting >= threshold:
        return Answer.WAITING
    if numbers.possible is not None and numbers.possible >= threshold:
        return Answer.UNKNOWN
    return Answer.NOT_YET


def at_most(need: AtMost, found: Known) -> Proof:
    """Met while there is no more, whatever waits or is not said."""
    numbers, counted, left_out, may = weighed(need.amount, found, need.threshold)
    answer = kept(numbers, need.threshold)
    changes = tuple(to_say(left_out, answer))
    return Proof(answer, "at_most", numbers, counted, left_out, changes=changes, changes_on=may.changes_on)


def kept(numbers: Numbers, threshold: Decimal) -> Answer:
    """What follows where there must not be more: nothing is sure while something waits or is not known."""
    more = [value is not None and value > threshold for value in (numbers.sure, numbers.with_waiting, numbers.possible)]
    for is_more, answer in zip(more, (Answer.NOT_YET, Answer.WAITING, Answer.UNKNOWN), strict=True):
        if is_more:
            return answer
    return Answer.MET


def share(need: Share, found: Known) -> Proof:
    """A part of a whole; where there is no whole, it is not asked for."""
    whole, _, left_whole, of_whole = weighed(need.whole, found)
    part, counted, left_part, of_part = weighed(need.part, found)
    proof = share_of(need, (part, whole), counted, (*left_part, *left_whole))
    return replace(proof, changes_on=earliest(of_whole.changes_on, of_part.changes_on))


def share_of(
    need: Share,
    numbers: tuple[Numbers, Numbers],
    counted: tuple[tuple[Item, Decimal], ...] = (),
    left_out: tuple[LeftOut, ...] = (),
) -> Proof:
    """The same from numbers that are there: of the part, and of the whole."""
    part, whole = numbers
    if not whole.possible:
        return Proof(Answer.NOT_APPLICABLE, "share")
    answer = _of_share(need.threshold, part, whole)
    wanted = _times(whole.with_waiting, need.threshold)
    shown = Numbers(wanted, part.unit, part.sure, part.with_waiting, part.possible)
    lacks = wanted - (part.with_waiting or Decimal())
    missing = (Change(Who.TRAINEE, Doing.ADD, lacks, part.unit),) if answer is Answer.NOT_YET else ()
    waiting = tuple(to_say(left_out, answer))
    return Proof(answer, "share", shown, counted, left_out, changes=missing + waiting)


def _of_share(threshold: Decimal, part: Numbers, whole: Numbers) -> Answer:
    """Nothing is sure while more of the whole waits or is not known, as where there must not be more."""
    there, signed, possible = (each or Decimal() for each in (part.sure, part.with_waiting, part.possible))
    if there >= _times(whole.possible, threshold):
        return Answer.MET
    if signed >= _times(whole.possible, threshold):
        return Answer.WAITING
    if signed >= _times(whole.with_waiting, threshold) or (
        possible > signed and possible >= _times(whole.sure, threshold)
    ):
        return Answer.UNKNOWN
    return Answer.WAITING if whole.sure and there >= _times(whole.sure, threshold) else Answer.NOT_YET


def sum_of(need: Sum, found: Known) -> Proof:
    """Several numbers with their weights; nothing counts as zero before it is there."""
    parts = []
    left_out: list[LeftOut] = []
    totals: list[list[Decimal | None]] = [[], [], []]
    for term in need.terms:
        numbers, counted, left, may = weighed(term.amount, found)
        of_term = reached(numbers, Decimal())
        parts.append(Proof(of_term, "term", numbers, counted, left, changes_on=may.changes_on))
        left_out += left
        for total, value in zip(totals, (numbers.sure, numbers.with_waiting, numbers.possible), strict=True):
            total.append(None if value is None else value * term.times)
    sure, waiting, possible = (sum((value for value in total if value is not None), Decimal()) for total in totals)
    numbers = Numbers(need.threshold, need.terms[0].amount.of.unit, sure, waiting, possible)
    answer = reached(numbers, need.threshold)
    changes = tuple(to_come(need.terms[0].amount.of, numbers, need.threshold, answer, tuple(left_out)))
    return Proof(answer, "sum", numbers, parts=tuple(parts), changes=changes)


def who_adds(selection: Selection) -> Who:
    """Who usually adds things of this sort."""
    return next((who for kind, who in ADDS.items() if kind in selection.kinds), Who.TRAINEE)


def to_come(
    selection: Selection, numbers: Numbers, threshold: Decimal, answer: Answer, left_out: tuple[LeftOut, ...]
) -> Iterator[Change]:
    """What would change an answer about an amount."""
    if answer is Answer.NOT_YET:
        missing = threshold - (numbers.possible or Decimal())
        yield Change(who_adds(selection), Doing.ADD, missing, selection.unit)
    yield from to_say(left_out, answer)


def to_say(left_out: tuple[LeftOut, ...], answer: Answer) -> Iterator[Change]:
    """Who can sign what waits, and what is to be said; where it is met, nothing has to."""
    if answer is Answer.MET:
        return
    roles, names = set(), set()
    for each in left_out:
        if each.why is Why.WAITS:
            roles.add(each.item.waits_for)
        elif each.why is Why.NOT_SAID:
            names.add((each.name, SAYS.get(each.item.kind, Who.TRAINEE)))
    for role in sorted(roles):
        yield Change(SIGNS.get(role, Who.SUPERVISOR), Doing.SIGN)
    for name, who in sorted(names):
        yield Change(who, Doing.SAY, name=name)


def _times(value: Decimal | None, share: Decimal) -> Decimal:
    return Decimal() if value is None else value * share
