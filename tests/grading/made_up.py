"""Evidence and needs that Hypothesis makes up."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from grading.evidence import Evidence, Item, Kind
from grading.periods import Calendar, Period
from grading.program import Program, Requirement, Stage
from grading.proof import Answer, Proof
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
    Need,
    Share,
    SomeOf,
    Spread,
    Unless,
    When,
)
from grading.requirements.selection import Anchor, Cap, Keep, Named, Selection, Where, Window

FIRST, TODAY = date(2023, 6, 1), date(2026, 2, 28)
CATEGORIES = ("ethics", "advocacy", "wellness")
PEOPLE = ("c1", "c2", "c3")
KINDS = (Kind.TRAINING, Kind.PRACTICE)
ENTERED = Anchor(Named.ENTERED)


def days(last: date = TODAY) -> st.SearchStrategy[date]:
    """Days near the ends of months and around a leap day are likely."""
    near = st.sampled_from([date(2024, 2, 29), date(2024, 2, 28), date(2025, 2, 28), date(2024, 12, 31), last])
    return st.one_of(near, st.dates(FIRST, last))


@st.composite
def items(draw: st.DrawFn, ids: Callable[[], str] | None = None) -> Item:
    """One thing; each quality may be absent, and it may wait, stand or be withdrawn."""
    on = draw(days())
    signed = draw(st.one_of(st.none(), st.integers(0, 90).map(lambda later: on + timedelta(days=later))))
    withdrawn = None
    if signed and draw(st.integers(0, 5)) == 0:
        withdrawn = signed + timedelta(days=draw(st.integers(0, 60)))
    has: dict[str, frozenset[str] | Decimal] = {}
    if draw(st.integers(0, 4)):
        has["category"] = draw(st.frozensets(st.sampled_from(CATEGORIES), max_size=2))
    if draw(st.integers(0, 4)):
        has["client"] = frozenset({draw(st.sampled_from(PEOPLE))})
    if draw(st.integers(0, 3)):
        has["paid"] = frozenset({draw(st.sampled_from(("yes", "no")))})
    return Item(
        id=ids() if ids else f"i{draw(st.integers(0, 10**9))}",
        kind=draw(st.sampled_from(KINDS)),
        on=on,
        amount=draw(st.one_of(st.none(), st.integers(0, 16).map(lambda half: Decimal(half) / 2))),
        unit=draw(st.sampled_from(("hours", "hours", "hours", "ceu"))),
        has=has,
        recorded_on=draw(st.one_of(st.none(), st.integers(0, 30).map(lambda later: on + timedelta(days=later)))),
        stands_from=signed,
        withdrawn_on=withdrawn,
    )


def evidence(most: int = 12) -> st.SearchStrategy[Evidence]:
    """Evidence of one person, with different ids."""
    several = st.lists(items(), max_size=most, unique_by=lambda item: item.id)
    return several.map(lambda found: Evidence("p", tuple(found), entered_on=date(2023, 7, 15)))


WHERES = st.sampled_from([
    (),
    (Where("category", frozenset({"ethics"})),),
    (Where("category", frozenset({"ethics", "wellness"})),),
    (Where("category", none_of=frozenset({"advocacy"})),),
    (Where("category", none_of=frozenset({"advocacy"}), said=True),),
    (Where("paid", frozenset({"yes"})),),
    (Where("amount", at_least=Decimal(2)),),
])  # fmt: skip
WINDOWS = st.sampled_from([
    (),
    (Window(last=Period(months=12)),),
    (Window(since=ENTERED),),
    (Window(since=Anchor(Named.DAY, day=date(2024, 2, 29)), until=Anchor(Named.DAY, day=date(2025, 2, 28))),),
])  # fmt: skip
CAPS = st.sampled_from([
    (),
    (Cap((Where("paid", frozenset({"no"})),), at_most=Decimal(5)),),
    (Cap((Where("paid", frozenset({"no"})),), share=Decimal("0.25")),),
    (
        Cap((Where("category", frozenset({"ethics"})),), at_most=Decimal(6)),
        Cap((Where("paid", frozenset({"no"})),), share=Decimal("0.5")),
    ),
])  # fmt: skip


@st.composite
def selections(draw: st.DrawFn, *, plain: bool = False) -> Selection:
    """What is looked at; `plain` leaves out what would make a count of different values relative."""
    return Selection(
        kinds=draw(st.sampled_from([frozenset({Kind.TRAINING}), frozenset(KINDS)])),
        where=draw(WHERES),
        not_counting=draw(st.sampled_from([(), ((Where("client", frozenset({"c1"})),),)])),
        windows=draw(WINDOWS),
        unit="hours",
        units={"ceu": Decimal(10)},
        once_per="" if plain else draw(st.sampled_from(["", "client"])),
        keep=Keep.LARGEST,
        caps=() if plain else draw(CAPS),
        within=draw(st.sampled_from([None, Period(days=180)])),
    )


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    """A number that more evidence never makes smaller."""
    measure = draw(st.sampled_from([Measure.TOTAL, Measure.COUNT, Measure.DISTINCT, Measure.HIGHEST]))
    plain = measure is not Measure.TOTAL
    return Amount(draw(selections(plain=plain)), measure, "client" if measure is Measure.DISTINCT else "")


@st.composite
def simple_absolute(draw: st.DrawFn) -> Need:
    """One absolute need."""
    at_least = st.builds(AtLeast, amounts(), st.integers(1, 20).map(Decimal))
    spread = st.builds(Spread, selections(plain=True), st.sampled_from([Period(months=3), Period(days=10)]))
    held = st.builds(Held, selections(plain=True), st.just(Period(months=12)))
    totals = st.builds(Amount, selections())
    covers = st.builds(Covers, totals, st.just("category"), st.just(CATEGORIES), st.sampled_from([None, 2]))
    steps = st.lists(selections(plain=True), min_size=2, max_size=3).map(tuple)
    order = st.builds(InOrder, steps, st.sampled_from(["", "client"]))
    each = st.builds(
        Each,
        st.sampled_from([Calendar.MONTH, Calendar.QUARTER]),
        st.builds(AtLeast, st.builds(Amount, selections(plain=True)), st.just(Decimal(1))),
        st.just(ENTERED),
        but=st.integers(0, 3),
    )
    return draw(st.one_of(at_least, at_least, spread, held, covers, order, each))


def absolute() -> st.SearchStrategy[Need]:
    """Absolute needs, also put together."""
    several = st.lists(simple_absolute(), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        simple_absolute(),
        st.builds(AllOf, several),
        st.builds(AnyOf, several),
        several.map(lambda parts: SomeOf(max(1, len(parts) - 1), (Group(parts),))),
    )


def relative() -> st.SearchStrategy[Need]:
    """Needs that speak of everything there is."""
    return st.one_of(
        st.builds(AtMost, amounts(), st.integers(0, 9).map(Decimal)),
        st.builds(Share, st.builds(Amount, selections()), st.builds(Amount, selections()), st.just(Decimal("0.25"))),
        st.builds(Unless, selections(plain=True)),
        st.builds(When, simple_absolute(), simple_absolute()),
    )


def program(*needs: Need) -> Program:
    """A program that asks these, in one stage."""
    asked = tuple(Requirement(f"r{place}", "initial", "Something", need) for place, need in enumerate(needs))
    return Program("p", "Program", "Body", "1", "UTC", (Stage("initial", "Certification"),), asked)


RANK = (Answer.NOT_YET, Answer.UNKNOWN, Answer.WAITING, Answer.MET)


def rank(answer: Answer) -> int:
    """How far an answer is; what does not apply is as good as met."""
    return len(RANK) if answer is Answer.NOT_APPLICABLE else RANK.index(answer)


def outline(proof: Proof) -> object:
    """A proof without the things themselves, which know of their signatures."""
    return (
        proof.answer,
        proof.form,
        proof.numbers,
        [(item.id, amount) for item, amount in proof.counted],
        [(each.item.id, each.why, each.name, each.amount) for each in proof.left_out],
        [outline(part) for part in proof.parts],
        proof.changes,
        proof.changes_on,
        proof.stretch,
    )
