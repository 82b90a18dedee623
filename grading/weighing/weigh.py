"""The answer to any need."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from grading.known import Known, as_of
from grading.proof import Answer, Numbers, Proof
from grading.requirements.needs import (
    AllOf,
    Amounts,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Held,
    InOrder,
    Logic,
    Measure,
    Met,
    Need,
    Open,
    Share,
    SomeOf,
    Spread,
    Sum,
    Times,
    Unless,
    When,
)
from grading.weighing import amounts, holding, lists, logic, times
from grading.weighing.candidates import candidates
from grading.weighing.pots import parts_of

DONE = frozenset({Answer.MET, Answer.NOT_APPLICABLE})


def weigh(need: Need, found: Known) -> Proof:
    """What the evidence says to a need. Raises nothing: what it does not say is not yet shown, or not known."""
    match need:
        case AtLeast() | AtMost() | Share() | Sum():
            return _of_amounts(need, found)
        case Spread() | Held() | Each():
            return _of_times(need, found)
        case Covers():
            return lists.covers(need, found)
        case InOrder():
            return lists.in_order(need, found)
        case _:
            return _of_logic(need, found)


def _of_amounts(need: Amounts, found: Known) -> Proof:
    match need:
        case AtLeast():
            return _at_least(need, found)
        case AtMost():
            return amounts.at_most(need, found)
        case Share():
            return amounts.share(need, found)
        case Sum():
            return amounts.sum_of(need, found)


def _of_times(need: Times, found: Known) -> Proof:
    match need:
        case Spread():
            return times.spread(need, found)
        case Held():
            return holding.held(need, found)
        case Each():
            return times.each_stretch(need, found)


def _of_logic(need: Logic, found: Known) -> Proof:
    match need:
        case AllOf():
            return logic.all_of(need, found, weigh)
        case AnyOf():
            return logic.any_of(need, found, weigh)
        case SomeOf():
            return logic.some_of(need, found, weigh)
        case When():
            return logic.when(need, found, weigh)
        case Unless():
            return logic.unless(need, found)
        case Open():
            return logic.open_route(need, found, weigh)
        case Met():
            proof = answer_of(need.requirement, found)
            return Proof(proof.answer, "met", parts=(proof,), name=need.requirement)


def answer_of(key: str, found: Known) -> Proof:
    """The proof of a requirement, found once for each evaluation."""
    if key not in found.proofs:
        requirement = found.requirements[key]
        for other in sorted(requirement.counts_from_met):
            if other not in found.met_on:
                found.met_on[other] = first_met(other, found)
        found.proofs[key] = weigh(requirement.need, found)
    return found.proofs[key]


def first_met(key: str, found: Known) -> date | None:
    """The first day on which a requirement was met, by the days on which things happened.

    It must be absolute: once met it stays met. A signature that came later counts from the day of what it signs.
    """
    need = found.requirements[key].need
    if isinstance(need, AtLeast) and _only_adds_up(need):
        return _reached_on(need, found)
    if answer_of(key, found).answer not in DONE:
        return None
    first = min((item.on for items in found.by_kind.values() for item in items), default=found.day)
    low, high = first.toordinal(), found.day.toordinal()
    while low < high:
        middle = (low + high) // 2
        if _is_met(key, found, date.fromordinal(middle)):
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)


def _only_adds_up(need: AtLeast) -> bool:
    """Whether it is a sum of things in the order of their days, and of nothing else."""
    of = need.amount.of
    return need.amount.measure in (Measure.TOTAL, Measure.COUNT) and of.plain and not (of.windows or of.shared)


def _reached_on(need: AtLeast, found: Known) -> date | None:
    total = Decimal()
    for item, amount in candidates(need.amount.of, found, need.amount.measure).sure:
        total += amount
        if total >= need.threshold:
            return item.on
    return None


def _is_met(key: str, found: Known, day: date) -> bool:
    return answer_of(key, as_of(found, day)).answer in DONE


def _at_least(need: AtLeast, found: Known) -> Proof:
    proof = amounts.at_least(need, found)
    pot = need.amount.of.shared
    if not pot or proof.numbers is None:
        return proof
    if id(need) not in found.pots:
        found.pots.update(parts_of(pot, found))
    part = found.pots[id(need)]
    numbers = Numbers(need.threshold, proof.numbers.unit, part.sure, part.with_waiting, part.possible)
    answer = amounts.reached(numbers, need.threshold)
    changes = tuple(amounts.to_come(need.amount.of, numbers, need.threshold, answer, proof.left_out))
    return replace(proof, answer=answer, numbers=numbers, changes=changes, changes_on=part.changes_on)
