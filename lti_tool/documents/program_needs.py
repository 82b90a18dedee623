"""What a requirement asks, as it is written: one entry says the form, such as `at_least`; others belong to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from grading.periods import Calendar, Period
from grading.requirements.needs import (
    AllOf,
    Amount,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Group,
    Held,
    InOrder,
    Measure,
    Met,
    Need,
    Open,
    Share,
    SomeOf,
    Spread,
    Sum,
    Term,
    Unless,
    When,
)
from grading.requirements.selection import Anchor, Selection
from lti_tool.documents.program_entries import (
    NeedEntries,
    TermEntries,
)
from lti_tool.documents.program_selections import selection_of
from lti_tool.documents.program_texts import amount_of, anchor_of, period_of
from lti_tool.documents.reading import Reading
from lti_tool.documents.sentences import Sentence
from rubrics.refusal import _N

DEEPEST = 12
"""So many needs may lie in each other."""


Reader = Callable[[NeedEntries, Reading, str], Need | None]


def need_of(entries: NeedEntries, reading: Reading, place: str, deep: int = 0) -> Need | None:
    """The need; None where it cannot be read, which is noted."""
    written = [form for form in _FORMS if _is_written(entries, form)]
    if deep > DEEPEST:
        reading.problem(place, Sentence(_N("Too many needs lie in each other here.")))
        return None
    if len(written) != 1:
        reading.problem(place, _one_form(written))
        return None
    form = written[0]
    odd = sorted(name for name in _BELONGS if _is_written(entries, name) and name not in _FORMS[form])
    if odd:
        sentence = _N("%(odd)s says nothing beside %(form)s. Please take it away, or choose another form.")
        reading.problem(f"{place}.{odd[0]}", Sentence(sentence, odd=odd[0], form=form))
    return _READ[form](_In(entries, reading, place, deep))


class _In:
    """A need that is being read: its entries, and where it stands."""

    def __init__(self, entries: NeedEntries, reading: Reading, place: str, deep: int) -> None:
        self.entries, self.reading, self.place, self.deep = entries, reading, place, deep

    def selection(self, name: str = "of") -> Selection | None:
        """The selection in this entry; None, and noted, where there is none."""
        of = getattr(self.entries, name)
        if of is None:
            self.absent(name)
            return None
        return selection_of(of, self.reading, f"{self.place}.{name}")

    def need(self, name: str) -> Need | None:
        """The need in this entry."""
        inner = getattr(self.entries, name)
        if inner is None:
            self.absent(name)
            return None
        return need_of(inner, self.reading, f"{self.place}.{name}", self.deep + 1)

    def needs(self, name: str, of: Sequence[NeedEntries] | None = None) -> tuple[Need, ...]:
        """The needs in this list."""
        inner = of if of is not None else getattr(self.entries, name)
        if not inner:
            self.absent(name)
            return ()
        found = (
            need_of(each, self.reading, f"{self.place}.{name}[{number}]", self.deep + 1)
            for number, each in enumerate(inner, 1)
        )
        return tuple(need for need in found if need is not None)

    def number(self, name: str) -> tuple[Decimal, str]:
        """The amount in this entry, with its unit."""
        return amount_of(getattr(self.entries, name), self.reading, f"{self.place}.{name}")

    def threshold(self, name: str, *, least: int = 1) -> tuple[Decimal, str]:
        """The amount in this entry, which is above zero; with `least` 0 it may be zero."""
        number, unit = self.number(name)
        if number < 0 or (least and not number):
            self.reading.problem(f"{self.place}.{name}", Sentence(_N("Please write an amount above zero.")))
        return number, unit

    def only_one(self, name: str, other: str) -> None:
        """Note where two entries stand beside each other that each say the same thing in another way."""
        if getattr(self.entries, name) is not None and getattr(self.entries, other) is not None:
            sentence = _N("%(odd)s says nothing beside %(form)s. Please take it away, or choose another form.")
            self.reading.problem(f"{self.place}.{other}", Sentence(sentence, odd=other, form=name))

    def period(self, name: str) -> Period | None:
        """The length of time in this entry."""
        return period_of(getattr(self.entries, name), self.reading, f"{self.place}.{name}")

    def day(self, name: str) -> Anchor | None:
        """The day in this entry."""
        written = getattr(self.entries, name)
        return None if written is None else anchor_of(written, self.reading, f"{self.place}.{name}")

    def absent(self, name: str) -> None:
        """Note that an entry is still needed."""
        self.reading.problem(f"{self.place}.{name}", Sentence(_N("This is still needed.")))

    def amount(self, unit: str, name: str = "of") -> Amount | None:
        """What is measured, in this unit."""
        selection = self.selection(name)
        if selection is None:
            return None
        entries = self.entries
        if unit and selection.unit and unit != selection.unit:
            sentence = _N("This counts in %(found)s, and the amount is in %(wanted)s. Please write one unit.")
            place = f"{self.place}.{name}.unit"
            self.reading.problem(place, Sentence(sentence, found=selection.unit, wanted=unit))
        self.only_one("distinct", "measure")
        if entries.distinct:
            return Amount(selection, Measure.DISTINCT, entries.distinct)
        return Amount(_in_unit(selection, unit), entries.measure or _measure(unit or selection.unit))


def _measure(unit: str) -> Measure:
    """What is meant where nothing is said: percentages do not add up, so the highest counts."""
    if unit == "%":
        return Measure.HIGHEST
    return Measure.TOTAL if unit else Measure.COUNT


def _in_unit(selection: Selection, unit: str) -> Selection:
    return replace(selection, unit=unit) if unit and not selection.unit else selection


# ---- the forms ----


def _at_least(here: _In) -> Need | None:
    number, unit = here.threshold("at_least")
    here.only_one("sum", "of")
    if here.entries.sum is not None:
        if not here.entries.sum:
            here.absent("sum")
            return None
        terms = tuple(
            _term(term, here.reading, f"{here.place}.sum[{place}]", unit)
            for place, term in enumerate(here.entries.sum, 1)
        )
        return Sum(terms, number)
    amount = here.amount(unit)
    return AtLeast(amount, number) if amount else None


def _term(term: TermEntries, reading: Reading, place: str, unit: str) -> Term:
    times = amount_of(term.times, reading, f"{place}.times")[0]
    return Term(Amount(_in_unit(selection_of(term.of, reading, f"{place}.of"), unit), term.measure), times)


def _at_most(here: _In) -> Need | None:
    number, unit = here.threshold("at_most", least=0)
    amount = here.amount(unit)
    return AtMost(amount, number) if amount else None


def _share(here: _In) -> Need | None:
    number, unit = here.threshold("share_at_least")
    if unit != "%":
        sentence = _N("Please write a share in percent, such as 25 %%.")
        here.reading.problem(f"{here.place}.share_at_least", Sentence(sentence))
    part, whole = here.amount(""), here.amount("", "out_of")
    return Share(part, whole, number / 100) if part and whole else None


def _spread(here: _In) -> Need | None:
    of, over = here.selection(), here.period("spread_over")
    return Spread(of, over) if of and over else None


def _held(here: _In) -> Need | None:
    of = here.selection()
    return Held(of, here.period("held_for"), here.period("held_less_than"), here.day("at")) if of else None


def _covers(here: _In) -> Need | None:
    number, unit = here.number("each_at_least") if here.entries.each_at_least is not None else (Decimal(1), "")
    amount = here.amount(unit)
    if here.entries.by is None:
        here.absent("by")
    if not here.entries.covers:
        here.absent("covers")
    if amount is None or here.entries.by is None:
        return None
    return Covers(amount, here.entries.by, tuple(here.entries.covers or ()), here.entries.some, number)


def _in_order(here: _In) -> Need:
    if not here.entries.in_order:
        here.absent("in_order")
    steps = enumerate(here.entries.in_order or (), 1)
    return InOrder(
        tuple(selection_of(each, here.reading, f"{here.place}.in_order[{number}]") for number, each in steps),
        here.entries.same,
    )


def _each(here: _In) -> Need | None:
    need, since = here.need("need"), here.day("since")
    if since is None:
        here.absent("since")
    if here.entries.how is None:
        sentence = _N(
            "This can be read in two ways. Please add how: each, where every %(unit)s counts by itself, or average, "
            "where an empty %(unit)s may be made up for in another."
        )
        here.reading.problem(f"{here.place}.how", Sentence(sentence, unit=(here.entries.each or Calendar.WEEK).value))
    if need is not None and not isinstance(need, AtLeast | AtMost | Share):
        sentence = _N("In each stretch one thing is asked for: at_least, at_most or share_at_least.")
        here.reading.problem(f"{here.place}.need", Sentence(sentence))
        return None
    if need is None or since is None or here.entries.each is None:
        return None
    only = here.selection("only_with") if here.entries.only_with else None
    average = here.entries.how == "average"
    return Each(here.entries.each, need, since, here.day("until"), average, here.entries.but, only)


def _all_of(here: _In) -> Need:
    return AllOf(here.needs("all_of"))


def _any_of(here: _In) -> Need:
    return AnyOf(here.needs("any_of"))


def _some_of(here: _In) -> Need:
    if here.entries.groups:
        groups = tuple(
            Group(here.needs(f"groups[{number}].parts", group.parts), group.at_least, group.at_most)
            for number, group in enumerate(here.entries.groups, 1)
        )
    else:
        groups = (Group(here.needs("parts")),)
    here.threshold("some_of")
    return SomeOf(here.entries.some_of or 0, groups)


def _when(here: _In) -> Need | None:
    condition, need = here.need("when"), here.need("then")
    return When(condition, need) if condition and need else None


def _unless(here: _In) -> Need | None:
    of = here.selection("unless")
    settled = here.selection("settled") if here.entries.settled else None
    return Unless(of, settled, here.entries.by or "finding") if of else None


def _open(here: _In) -> Need | None:
    need = here.need("need")
    return Open(need, here.entries.open_from, here.entries.open_until, here.day("at")) if need else None


def _met(here: _In) -> Need:
    return Met(here.entries.met or "")


_READ: Mapping[str, Callable[[_In], Need | None]] = {
    "at_least": _at_least,
    "at_most": _at_most,
    "share_at_least": _share,
    "spread_over": _spread,
    "held": _held,
    "covers": _covers,
    "in_order": _in_order,
    "each": _each,
    "all_of": _all_of,
    "any_of": _any_of,
    "some_of": _some_of,
    "when": _when,
    "unless": _unless,
    "open": _open,
    "met": _met,
}
_FORMS: Mapping[str, frozenset[str]] = {
    "at_least": frozenset({"of", "measure", "distinct", "sum"}),
    "at_most": frozenset({"of", "measure", "distinct"}),
    "share_at_least": frozenset({"of", "out_of", "measure", "distinct"}),
    "spread_over": frozenset({"of"}),
    "held": frozenset({"of", "at"}),
    "covers": frozenset({"of", "by", "some", "each_at_least", "measure", "distinct"}),
    "in_order": frozenset({"same"}),
    "each": frozenset({"need", "how", "since", "until", "but", "only_with"}),
    "all_of": frozenset(),
    "any_of": frozenset(),
    "some_of": frozenset({"parts", "groups"}),
    "when": frozenset({"then"}),
    "unless": frozenset({"settled", "by"}),
    "open": frozenset({"need", "at"}),
    "met": frozenset(),
}
"""The forms of a need, and which entries belong to each beside its own."""
_OWN = {"held": ("held_for", "held_less_than"), "open": ("open_from", "open_until")}
_BELONGS = frozenset().union(*_FORMS.values())


def _is_written(entries: NeedEntries, name: str) -> bool:
    nothing = (None, "") if name in _FORMS else (None, "", 0)
    return any(getattr(entries, each) not in nothing for each in _OWN.get(name, (name,)))


def _one_form(written: Sequence[str]) -> Sentence:
    if written:
        sentence = _N("There are several forms here: %(found)s. Please write one, and put others into all_of.")
        return Sentence(sentence, found=", ".join(written))
    known = ", ".join(name for form in _FORMS for name in _OWN.get(form, (form,)))
    return Sentence(_N("Please say what is asked, by one of these: %(known)s."), known=known)
