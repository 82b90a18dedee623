"""Answers as sentences: how much there is, what would change it, and what was left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from grading.program import Who
from grading.proof import Answer, Change, Doing, LeftOut, Numbers, Proof, Why, is_said
from grading.requirements.needs import AllOf, AnyOf, AtLeast, AtMost, Each, Measure, Need, Open, SomeOf, Sum, When
from grading.telling.needs import asked
from grading.telling.said import Said, all_of_them, say, together, word
from grading.telling.selections import selected
from grading.telling.words import PEOPLE, amount, period
from rubrics.refusal import _N

ANSWERS: Mapping[Answer, str] = {
    Answer.MET: _N("met"),
    Answer.NOT_YET: _N("not yet"),
    Answer.WAITING: _N("waiting for a person"),
    Answer.NOT_APPLICABLE: _N("does not apply"),
    Answer.UNKNOWN: _N("cannot be known"),
}
REASONS: Mapping[Why, str] = {
    Why.NOT_COUNTING: _N("never counts, by the rule"),
    Why.TOO_EARLY: _N("before the days that count"),
    Why.TOO_LATE: _N("after the days that count"),
    Why.NOT_IN_FORCE: _N("not in force on the day that counts"),
    Why.NOT_BEGUN: _N("counting has not begun"),
    Why.OTHER_UNIT: _N("in a unit that the rule does not know"),
    Why.TWICE: _N("counts once for each %(name)s"),
    Why.CAPPED: _N("more than counts of this sort"),
    Why.NOT_SAID: _N("not said: %(name)s"),
    Why.WAITS: _N("waits for a signature"),
    Why.NOT_OBSERVED: _N("not observed"),
}
ONE_VALUE = frozenset({Measure.HIGHEST, Measure.LOWEST, Measure.MEAN, Measure.LATEST})


@dataclass(frozen=True, slots=True)
class Group:
    """Things that were left out for the same reason, in the order of their days."""

    why: Said
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer in words. `of` says which part it is, where it is a part."""

    answer: Answer
    of: Said | None = None
    there: Said | None = None
    """How much there is, of how much."""
    changes: tuple[Said, ...] = ()
    left_out: tuple[Group, ...] = ()
    parts: tuple["Told", ...] = ()

    @property
    def word(self) -> Said:
        """The answer itself."""
        return say(ANSWERS[self.answer])


def tell(proof: Proof, need: Need | None = None, who: Who | None = None, day: date | None = None) -> Told:
    """The answer in words. `need` is what was asked, for the names of parts; `who` adds what is missing, if named.

    With the `day` that is asked about, a last day that is over by then is not told as one to keep.
    """
    return Told(
        proof.answer,
        None,
        there(proof, need),
        tuple(change_told(each, proof.form, who, day) for each in proof.changes),
        tuple(_grouped(proof.left_out)),
        tuple(
            replace(tell(part, inner, who, day), of=_named(part, inner, said))
            for part, (inner, said) in zip(proof.parts, _asked_of(need, len(proof.parts)), strict=True)
        ),
    )


# ---- how much there is ----


def there(proof: Proof, need: Need | None = None) -> Said | None:
    """How much there is, with what waits and with what is not known; None where no number was asked for."""
    numbers = proof.numbers
    if proof.form == "unless":
        return say(_N("%(number)s of them there"), number=len(proof.counted)) if proof.counted else None
    if numbers is None:
        return None
    if isinstance(numbers.need, Decimal | None) and isinstance(need, AtLeast | AtMost) and _is_value(need):
        return _value(numbers, need)
    if not isinstance(numbers.need, Decimal | None):
        return _spread(numbers)
    if numbers.sure is None:
        return say(_N("nothing there yet"))
    first = _of_how_many("" if isinstance(need, Each) and need.average else proof.form, numbers)
    more = [*_waiting(numbers), *_unsaid(numbers, proof.left_out)]
    return together([first, *more], _N("%(before)s; %(next)s"), _N("%(before)s; %(next)s"))


_OF: Mapping[str, str] = {
    "at_most": _N("%(sure)s, and at most %(need)s"),
    "covers": _N("%(sure)s of %(need)s in the list"),
    "some_of": _N("%(sure)s of %(need)s of the parts"),
    "in_order": _N("%(sure)s of %(need)s steps"),
    "each": _N("%(sure)s of %(need)s that are over"),
}


def _of_how_many(form: str, numbers: Numbers) -> Said:
    sure = numbers.sure or Decimal()
    if not isinstance(numbers.need, Decimal):
        return amount(sure, numbers.unit)
    need = amount(numbers.need, numbers.unit)
    return say(_OF.get(form, _N("%(sure)s of %(need)s")), sure=sure, need=need)


def _waiting(numbers: Numbers) -> Iterator[Said]:
    more = (numbers.with_waiting or Decimal()) - (numbers.sure or Decimal())
    if more > 0 and is_said(more):
        one, several = _N("%(number)s more waits for a signature"), _N("%(number)s more wait for a signature")
        yield say(one if more == 1 else several, number=more)
    elif more > 0:
        yield say(_N("more waits for a signature, of which nobody said how much"))


def _unsaid(numbers: Numbers, left_out: Iterable[LeftOut]) -> Iterator[Said]:
    possible = numbers.possible or Decimal()
    if not is_said(possible):
        if is_said(numbers.with_waiting or Decimal()):
            yield say(_N("how much more there may be cannot be known, because nobody said"))
        return
    more = possible - (numbers.with_waiting or Decimal())
    if more <= 0:
        return
    names = sorted({each.name for each in left_out if each.why is Why.NOT_SAID})
    if not names:
        yield say(_N("for %(number)s more something is not said"), number=more)
        return
    one, several = _N("%(number)s more does not say its %(names)s"), _N("%(number)s more do not say their %(names)s")
    yield say(one if more == 1 else several, number=more, names=all_of_them([word(name) for name in names]))


def _is_value(need: AtLeast | AtMost) -> bool:
    return need.amount.measure in ONE_VALUE


def _value(numbers: Numbers, need: AtLeast | AtMost) -> Said:
    bound = amount(need.threshold, numbers.unit)
    if numbers.sure is None or not is_said(numbers.sure):
        return say(_N("nothing there yet; asked for is %(need)s"), need=bound)
    return say(_N("%(sure)s; asked for is %(need)s"), sure=numbers.sure, need=bound)


def _spread(numbers: Numbers) -> Said:
    over = period(numbers.need)  # type: ignore[arg-type]  # the caller asked
    if numbers.sure is None:
        return say(_N("nothing there yet; asked for is %(period)s from the first to the last"), period=over)
    template = _N("%(days)s from the first to the last; asked for is %(period)s")
    return say(template, days=amount(numbers.sure, "days"), period=over)


# ---- what would change it ----


def change_told(change: Change, form: str = "", who: Who | None = None, day: date | None = None) -> Said:
    """What somebody can do about it, and until when; `who` adds what is missing, where the requirement names them.

    What had to be there by a day before `day` can only be recorded still; a signature may come later all the same.
    """
    over = form != "spread" and change.on is not None and day is not None and change.on < day
    match change.doing:
        case Doing.ADD:
            said = _named_change(change, _add(change, who or change.who))
            if over:
                return say(_N("%(what)s, if it was done by %(day)s and is not recorded yet"), what=said, day=change.on)
            return _dated(said, change, form)
        case Doing.SIGN:
            said = say(_N("a signature by %(who)s"), who=say(PEOPLE[change.who]))
        case Doing.SAY:
            return say(_N("to be said by %(who)s: %(name)s"), who=say(PEOPLE[change.who]), name=word(change.name))
        case Doing.DECIDE:
            said = say(_N("a decision by %(who)s"), who=say(PEOPLE[change.who]))
        case Doing.WAIT:
            return _wait(change, form)
    said = _named_change(change, said)
    return said if over else _dated(said, change, form)


def _add(change: Change, who: Who) -> Said:
    person = say(PEOPLE[who])
    if change.amount is None or not is_said(change.amount):
        return say(_N("more, by %(who)s"), who=person)
    return say(_N("%(amount)s more, by %(who)s"), amount=amount(change.amount, change.unit), who=person)


def _named_change(change: Change, said: Said) -> Said:
    return say(_N("%(name)s: %(what)s"), name=word(change.name), what=said) if change.name else said


def _dated(said: Said, change: Change, form: str) -> Said:
    if change.on is None:
        return said
    # Things are spread only by something that comes late enough.
    template = _N("%(what)s, on %(day)s or later") if form == "spread" else _N("%(what)s, until %(day)s")
    return say(template, what=said, day=change.on)


def _wait(change: Change, form: str) -> Said:
    if form == "open":
        return say(_N("this way is open until %(day)s"), day=change.on)
    if change.on is None:
        return say(_N("it begins with %(name)s"), name=word(change.name)) if change.name else say(_N("only time"))
    return say(_N("only time, on %(day)s"), day=change.on)


# ---- what was left out, and parts ----


def _grouped(left_out: Iterable[LeftOut]) -> Iterator[Group]:
    groups: dict[tuple[Why, str], list[LeftOut]] = {}
    for each in left_out:
        groups.setdefault((each.why, each.name), []).append(each)
    for (why, name), several in sorted(groups.items()):
        ordered = sorted(several, key=lambda each: (each.item.on, each.item.id))
        yield Group(say(REASONS[why], name=word(name)), tuple(ordered))


def _asked_of(need: Need | None, count: int) -> list[tuple[Need | None, Said | None]]:
    """What each part of the proof was asked, where a need says it; a name of its own, where it has one."""
    found: list[tuple[Need | None, Said | None]]
    match need:
        case AllOf() | AnyOf():
            found = [(part, None) for part in need.parts]
        case SomeOf():
            found = [(part, None) for group in need.groups for part in group.parts]
        case When():
            condition = say(_N("Where this holds: %(what)s"), what=asked(need.condition).said)
            found = [(need.condition, condition), (need.need, None)]
        case Open():
            found = [(need.need, None)]
        case Sum():
            found = [(None, selected(term.amount.of)) for term in need.terms]
        case _:
            found = []
    return [*found, *[(None, None)] * count][:count]


def _named(proof: Proof, need: Need | None, said: Said | None) -> Said | None:
    if said is not None:
        return said
    if proof.stretch is not None and proof.form != "spread":
        return say(_N("%(first)s to %(last)s"), first=proof.stretch.first, last=proof.stretch.last)
    if need is not None:
        return asked(need).said
    return word(proof.name) if proof.name else None
