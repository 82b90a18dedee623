"""Numbers that cannot be reached, or that mean nothing."""

from collections.abc import Iterator
from decimal import Decimal

from grading.checking.findings import Finding, Severity, amount_text, listed
from grading.checking.names import only_of, value_count
from grading.checking.narrower import implies
from grading.checking.places import Asked, Looked, asked, looked, wheres
from grading.program import Program
from grading.requirements.needs import (
    Amount,
    AtLeast,
    AtMost,
    Covers,
    Group,
    InOrder,
    Measure,
    Need,
    Share,
    SomeOf,
    Sum,
)
from grading.requirements.selection import Selection
from rubrics.refusal import _N

ONE = Decimal(1)
_NOTHING = _N("%(found)s is asked, which everybody has already. Please write how much is asked, or take it away.")
_BELOW_ZERO = _N("Nothing can be less than zero. Please write how much there may be.")
_SHARE = _N("A share lies above 0 %% and up to 100 %%; %(found)s is written. Please check the number.")
_CAP_SHARE = _N(
    "A cap as a share lies from 0 %% up to less than 100 %%; %(found)s is written. Please check the number."
)
_TOO_FEW_VALUES = _N(
    "%(asked)s different values of “%(name)s” are asked, and there are only %(count)s. Please ask for fewer, or list "
    "the others under [names]; %(name)s = [] where they cannot be listed."
)
_TOO_FEW_ONCE = _N(
    "Each value of “%(name)s” counts once, and there are only %(count)s, so %(asked)s are never reached. Please ask "
    "for fewer, or take once_per away."
)
_SOME = _N("%(asked)s of a list of %(count)s are asked. Please ask for fewer, or make the list longer.")
_LISTED_TWICE = _N("“%(found)s” is in the list more than once, and is counted so. Please take the others away.")
_CAPPED = _N(
    "At most %(cap)s of this count, so %(asked)s are never reached. Please raise the cap to at least %(asked)s, or ask "
    "for %(cap)s at most."
)
_BOTH_WAYS = _N("At least %(least)s and at most %(most)s cannot both hold. Please check both numbers.")
_ASKS_NOTHING = _N("Nothing is compared here. Please write a value, any_of, none_of, at_least, at_most or said = true.")
_ALL_AND_NONE = _N("The same values are asked for and ruled out here: %(found)s. Please take them away in one place.")
_NOTHING_COUNTS = _N(
    "Everything that this selection means is ruled out again by not_counting, so nothing ever counts. Please make one "
    "of the two narrower."
)
_ONE_STEP = _N("An order needs two steps or more. Please add one, or use at_least.")
_GROUP_SHORT = _N("At least %(asked)s of a group of %(count)s are asked. Please ask for fewer, or add to the group.")
_GROUP_CROSSED = _N("At least %(least)s and at most %(most)s of one group cannot both hold. Please check both numbers.")
_GROUPS_GIVE = _N(
    "%(asked)s are asked, and the groups let at most %(most)s count. Please ask for fewer, raise a group's at_most, or "
    "add to the groups."
)
_GROUPS_ASK = _N(
    "The groups ask for at least %(least)s together, and some_of says %(asked)s. As written, %(least)s are needed; "
    "write some_of = %(least)s to say so."
)


def numbers(program: Program) -> Iterator[Finding]:
    """Everything about one need's own numbers."""
    for each in asked(program):
        yield from _thresholds(each)
        yield from _counts(program, each)
        yield from _capped(program, each)
    for one in looked(program):
        yield from _caps(one)
        yield from _compared(one)


def _finding(each: Asked, code: str, place: str, sentence: str, **values: object) -> Finding:
    return Finding(code, Severity.MEND, place, sentence, values, each.requirement.key)


def _thresholds(each: Asked) -> Iterator[Finding]:
    match each.need:
        case AtLeast(amount, threshold) if threshold <= 0:
            found = amount_text(threshold, amount.of.unit)
            yield _finding(each, "nothing_asked", each.at("at_least"), _NOTHING, found=found)
        case Sum(_, threshold) if threshold <= 0:
            yield _finding(each, "nothing_asked", each.at("at_least"), _NOTHING, found=amount_text(threshold))
        case Covers() if each.need.threshold <= 0:
            found = amount_text(each.need.threshold, each.need.amount.of.unit)
            yield _finding(each, "nothing_asked", each.at("each_at_least"), _NOTHING, found=found)
        case AtMost(_, threshold) if threshold < 0:
            yield _finding(each, "below_zero", each.at("at_most"), _BELOW_ZERO)
        case Share(_, _, threshold) if not 0 < threshold <= 1:
            found = amount_text(threshold * 100, "%")
            yield _finding(each, "share_outside", each.at("share_at_least"), _SHARE, found=found)


def _counts(program: Program, each: Asked) -> Iterator[Finding]:
    match each.need:
        case AtLeast(amount, threshold):
            yield from _reachable(program, each, amount, threshold)
        case Covers():
            yield from _covered(each, each.need)
        case SomeOf():
            yield from _some_of(each, each.need)
        case InOrder(steps) if len(steps) < 2:
            yield _finding(each, "one_step", each.at("in_order"), _ONE_STEP)


def _reachable(program: Program, each: Asked, amount: Amount, threshold: Decimal) -> Iterator[Finding]:
    one = Looked(each, amount.of, each.at("of"))
    if amount.measure is Measure.DISTINCT:
        count = only_of(one, program, amount.name)
        if count is not None and threshold > count:
            values = {"asked": amount_text(threshold), "name": amount.name, "count": count}
            yield _finding(each, "too_few_values", each.at("distinct"), _TOO_FEW_VALUES, **values)
    elif amount.measure is Measure.COUNT and amount.of.once_per:
        count = value_count(program, amount.of.once_per)
        if count is not None and threshold > count:
            values = {"asked": amount_text(threshold), "name": amount.of.once_per, "count": count}
            yield _finding(each, "too_few_values", each.at("of.once_per"), _TOO_FEW_ONCE, **values)


def _covered(each: Asked, need: Covers) -> Iterator[Finding]:
    if need.some is not None and need.some > len(need.values):
        values = {"asked": need.some, "count": len(need.values)}
        yield _finding(each, "more_than_list", each.at("some"), _SOME, **values)
    if need.some is not None and need.some <= 0:
        yield _finding(each, "nothing_asked", each.at("some"), _NOTHING, found=need.some)
    twice = [value for value in dict.fromkeys(need.values) if need.values.count(value) > 1]
    if twice:
        yield _finding(each, "listed_twice", each.at("covers"), _LISTED_TWICE, found=listed(twice))


def _some_of(each: Asked, need: SomeOf) -> Iterator[Finding]:
    for number, group in enumerate(need.groups, 1):
        place = each.at(f"groups[{number}].at_least")
        if group.at_least > len(group.parts):
            values = {"asked": group.at_least, "count": len(group.parts)}
            yield _finding(each, "more_than_list", place, _GROUP_SHORT, **values)
        if group.at_most is not None and group.at_least > group.at_most:
            crossed = {"least": group.at_least, "most": group.at_most}
            yield _finding(each, "least_above_most", place, _GROUP_CROSSED, **crossed)
    most = sum(_most_of(group) for group in need.groups)
    least = sum(group.at_least for group in need.groups)
    if need.count > most:
        yield _finding(each, "more_than_list", each.at("some_of"), _GROUPS_GIVE, asked=need.count, most=most)
    if need.count <= 0:
        yield _finding(each, "nothing_asked", each.at("some_of"), _NOTHING, found=need.count)
    elif least > need.count:
        said = {"least": least, "asked": need.count}
        place = each.at("some_of")
        yield Finding("least_above_total", Severity.LOOK, place, _GROUPS_ASK, said, each.requirement.key)


def _most_of(group: Group) -> int:
    return len(group.parts) if group.at_most is None else min(group.at_most, len(group.parts))


def _capped(program: Program, each: Asked) -> Iterator[Finding]:
    for amount, threshold, entry in _amounts(each.need):
        most = _most_by_caps(program, amount.of)
        if most is not None and most < threshold and amount.measure in (Measure.TOTAL, Measure.COUNT):
            values = {"cap": amount_text(most, amount.of.unit), "asked": amount_text(threshold, amount.of.unit)}
            yield _finding(each, "cap_below_least", each.at(entry), _CAPPED, **values)


def _amounts(need: Need) -> Iterator[tuple[Amount, Decimal, str]]:
    match need:
        case AtLeast():
            yield need.amount, need.threshold, "at_least"
        case Covers():
            yield need.amount, need.threshold, "each_at_least"


def _most_by_caps(program: Program, of: Selection) -> Decimal | None:
    """The most that can count at all; None where the caps leave room."""
    whole = [cap.at_most for cap in of.caps if cap.at_most is not None and implies(of.where, cap.where)]
    for name, values in program.names.items():
        meant = set(values)
        for where in of.where:
            if where.name == name and where.any_of:
                meant &= where.any_of
        parts = [
            (cap.where[0].any_of, cap.at_most)
            for cap in of.caps
            if cap.at_most is not None and len(cap.where) == 1 and cap.where[0].name == name
        ]
        if meant and meant <= frozenset().union(*(values_of for values_of, _ in parts)):
            whole.append(sum((most for _, most in parts), Decimal()))
    return min(whole, default=None)


def _caps(one: Looked) -> Iterator[Finding]:
    for number, cap in enumerate(one.of.caps, 1):
        place = f"{one.place}.caps[{number}].at_most"
        if cap.share is not None and not 0 <= cap.share < ONE:
            found = amount_text(cap.share * 100, "%")
            yield _finding(one.asked, "share_outside", place, _CAP_SHARE, found=found)
        if cap.at_most is not None and cap.at_most < 0:
            yield _finding(one.asked, "below_zero", place, _BELOW_ZERO)


def _compared(one: Looked) -> Iterator[Finding]:
    for place, where in wheres(one):
        least, most = where.at_least, where.at_most
        if least is not None and most is not None and least > most:
            values = {"least": amount_text(least), "most": amount_text(most)}
            yield _finding(one.asked, "least_above_most", place, _BOTH_WAYS, **values)
        if where.any_of and where.any_of <= where.none_of:
            found = listed(sorted(where.any_of))
            yield _finding(one.asked, "nothing_matches", place, _ALL_AND_NONE, found=found)
        if not (where.any_of or where.none_of or where.said) and least is None and most is None:
            yield _finding(one.asked, "compares_nothing", place, _ASKS_NOTHING)
    for number, group in enumerate(one.of.not_counting, 1):
        if implies(one.of.where, group):
            yield _finding(one.asked, "nothing_counts", f"{one.place}.not_counting[{number}]", _NOTHING_COUNTS)
