"""What counts once among several requirements, where the division cannot be made."""

from collections.abc import Iterator

from grading.checking.findings import Finding, Severity, listed
from grading.checking.places import Asked, Looked, asked, looked
from grading.program import Program
from grading.requirements.needs import AtLeast, Measure
from grading.weighing.pots import MOST
from rubrics.refusal import _N

_TOO_MANY = _N(
    "%(count)s needs share the pot “%(pot)s”; at most %(most)s can. Please make several pots, or ask for some of them "
    "in one need."
)
_MIXED = _N(
    "The pot “%(pot)s” divides different things: %(units)s. Please ask for all in one unit, or make several pots."
)
_ALONE = _N(
    "Nothing else shares the pot “%(pot)s”, so it divides nothing. Please give the same pot to the needs that may not "
    "count the same hours, or take it away."
)
_SHARE_CAP = _N(
    "In a pot, a cap as a share has no whole to be a share of. Please write the cap as an amount, such as 10 hours."
)
_NOT_HERE = _N(
    "A pot divides only what at_least asks for, as a total or a count. Here it says nothing. Please take it away, or "
    "ask with at_least."
)
_IN_EACH = _N("A pot does not look into single stretches. Please take it away here.")


def pots(program: Program) -> Iterator[Finding]:
    """Pots with too many in them, with one alone, or where a pot says nothing."""
    sharing: dict[str, list[Asked]] = {}
    for each in asked(program):
        if isinstance(each.need, AtLeast) and each.need.amount.of.shared:
            sharing.setdefault(each.need.amount.of.shared, []).append(each)
    for pot, members in sharing.items():
        first = members[0]
        values = {"pot": pot, "count": len(members), "most": MOST}
        if len(members) > MOST:
            yield _finding(first, first.at("of.pot"), "pot_too_full", Severity.MEND, _TOO_MANY, **values)
        units = dict.fromkeys(_unit(each) for each in members)
        if len(units) > 1:
            yield _finding(first, first.at("of.pot"), "pot_mixed", Severity.MEND, _MIXED, pot=pot, units=listed(units))
        if len(members) == 1:
            yield _finding(first, first.at("of.pot"), "pot_of_one", Severity.LOOK, _ALONE, **values)
    for one in looked(program):
        if one.of.shared:
            yield from _member(one)


def _unit(each: Asked) -> str:
    """What the need counts."""
    amount = each.need.amount if isinstance(each.need, AtLeast) else None
    return (amount.of.unit or "things") if amount else ""


def _member(one: Looked) -> Iterator[Finding]:
    need = one.asked.need
    if one.asked.in_each:
        yield _finding(one.asked, f"{one.place}.pot", "pot_says_nothing", Severity.MEND, _IN_EACH)
    elif not isinstance(need, AtLeast) or need.amount.measure not in (Measure.TOTAL, Measure.COUNT):
        yield _finding(one.asked, f"{one.place}.pot", "pot_says_nothing", Severity.MEND, _NOT_HERE)
    for number, cap in enumerate(one.of.caps, 1):
        if cap.share is not None:
            place = f"{one.place}.caps[{number}].at_most"
            yield _finding(one.asked, place, "pot_share_cap", Severity.MEND, _SHARE_CAP)


def _finding(each: Asked, place: str, code: str, severity: Severity, sentence: str, **values: object) -> Finding:
    return Finding(code, severity, place, sentence, values, each.requirement.key)
