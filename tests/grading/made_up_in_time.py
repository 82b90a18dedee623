"""Needs that time alone can answer otherwise, and evidence that begins, ends and is paused, made up by Hypothesis."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from grading.evidence import Decision, Evidence, Item, Kind, Outcome
from grading.lifecycle.rules import Lifecycle, Validity
from grading.periods import Calendar, Pause, Period
from grading.program import Program, Stage
from grading.requirements.needs import (
    AllOf,
    Amount,
    AnyOf,
    AtLeast,
    AtMost,
    Covers,
    Each,
    Held,
    InOrder,
    Measure,
    Need,
    Open,
    Share,
    Spread,
    Sum,
    Term,
    Unless,
    When,
)
from grading.requirements.selection import Anchor, Named, Selection, Which, Window
from tests.grading.made_up import CATEGORIES, FIRST, TODAY, days, items, program, selections

AFTER = TODAY + timedelta(days=400)
PERIODS = st.sampled_from([Period(days=10), Period(months=1), Period(months=12)])
SOME = st.none() | PERIODS


def anchors() -> st.SearchStrategy[Anchor]:
    """Days that move on with today, that are fixed, and that may not have come."""
    moving = st.builds(Anchor, st.just(Named.TODAY), earlier=SOME, later=st.none() | st.none() | PERIODS)
    fixed = st.builds(Anchor, st.just(Named.DAY), day=st.dates(FIRST, AFTER), earlier=st.none() | PERIODS)
    event = st.builds(Anchor, st.just(Named.EVENT), st.just("application"), later=st.none() | PERIODS)
    named = st.sampled_from([Named.ENTERED, Named.CERTIFIED, Named.EXPIRY])
    decided = st.builds(Anchor, named, which=st.sampled_from(Which), earlier=SOME, later=st.none() | PERIODS)
    stage = st.builds(Anchor, st.just(Named.STAGE), st.sampled_from(["initial", "next"]))
    met = st.builds(Anchor, st.just(Named.MET), st.just("r0"), later=st.none() | PERIODS)
    return st.one_of(moving, moving, fixed, event, decided, stage, met)


def windows() -> st.SearchStrategy[tuple[Window, ...]]:
    """Up to two windows of any sort."""
    maybe = st.none() | anchors()
    one_of_each = st.one_of(
        st.builds(Window, last=PERIODS, until=maybe),
        st.builds(Window, in_force=anchors()),
        st.builds(Window, since=anchors()),
        st.builds(Window, until=anchors()),
        st.builds(Window, since=maybe, until=maybe, last=SOME, in_force=maybe),
    )
    return st.lists(one_of_each, max_size=2).map(tuple)


@st.composite
def in_time(draw: st.DrawFn) -> Selection:
    """What is looked at, within windows of any sort."""
    return replace(draw(selections()), windows=draw(windows()))


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    """Any number."""
    measure = draw(st.sampled_from(Measure))
    return Amount(draw(in_time()), measure, "client" if measure is Measure.DISTINCT else "")


@st.composite
def stretches(draw: st.DrawFn) -> Each:
    """In each week, month ..., of any sort."""
    few = st.integers(0, 3).map(Decimal)
    in_each = st.one_of(
        st.builds(AtLeast, amounts(), few),
        st.builds(AtMost, amounts(), few),
        st.builds(Share, amounts(), amounts(), st.just(Decimal("0.25"))),
    )
    return Each(
        draw(st.sampled_from([Calendar.WEEK, Calendar.MONTH, Calendar.TERM])),
        draw(in_each),
        draw(anchors()),
        draw(st.none() | anchors()),
        average=draw(st.booleans()),
        but=draw(st.integers(0, 2)),
        only_with=draw(st.none() | in_time()),
    )


def simple() -> st.SearchStrategy[Need]:
    """One need of any form."""
    held = st.builds(Held, in_time(), SOME, SOME, st.none() | anchors())
    terms = st.lists(st.builds(Term, amounts(), st.just(Decimal(2))), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        st.builds(AtLeast, amounts(), st.integers(0, 9).map(Decimal)),
        st.builds(AtMost, amounts(), st.integers(0, 9).map(Decimal)),
        st.builds(Share, amounts(), amounts(), st.just(Decimal("0.25"))),
        st.builds(Sum, terms, st.just(Decimal(5))),
        st.builds(Spread, in_time(), PERIODS),
        held,
        held,
        st.builds(Covers, amounts(), st.just("category"), st.just(CATEGORIES), st.sampled_from([None, 2])),
        st.builds(InOrder, st.lists(in_time(), min_size=2, max_size=3).map(tuple), st.sampled_from(["", "client"])),
        stretches(),
        stretches(),
        st.builds(Unless, in_time(), st.none() | in_time(), st.just("category")),
    )


def needs_in_time() -> st.SearchStrategy[Need]:
    """Needs of any form, also put together."""
    day = st.none() | st.dates(FIRST, AFTER)
    several = st.lists(simple(), min_size=1, max_size=2).map(tuple)
    return st.one_of(
        simple(),
        st.builds(Open, simple(), day, day, st.none() | anchors()),
        st.builds(When, simple(), simple()),
        st.builds(AllOf, several),
        st.builds(AnyOf, several),
    )


@st.composite
def sharing(draw: st.DrawFn) -> tuple[Need, ...]:
    """Needs that share a pot, of which one may be asked only where something holds."""
    shared = [
        AtLeast(Amount(replace(draw(in_time()), shared="pot")), Decimal(draw(st.integers(1, 6)))) for _ in range(2)
    ]
    return shared[0], draw(st.sampled_from([shared[1], When(draw(simple()), shared[1])]))


@st.composite
def evidence_in_time(draw: st.DrawFn, most: int = 8) -> Evidence:
    """Things that may end, applications, and pauses of which one may go on."""
    there: list[Item] = []
    for item in draw(st.lists(items(), max_size=most, unique_by=lambda item: item.id)):
        ends = draw(st.none() | st.integers(0, 500).map(lambda later, on=item.on: on + timedelta(days=later)))
        there.append(replace(item, until=ends))
    for on in draw(st.lists(days(AFTER), max_size=1)):
        applied = Item("application", Kind.EVENT, on, has={"name": frozenset({"application"})}, stands_from=on)
        there.append(applied)
    pauses = draw(st.lists(_pauses([item.on for item in there]), max_size=2))
    decisions = draw(st.lists(_decisions(), max_size=2, unique_by=lambda each: each.id))
    return Evidence("p", tuple(there), tuple(decisions), tuple(pauses), entered_on=draw(days()))


@st.composite
def _decisions(draw: st.DrawFn) -> Decision:
    """Of a day to come, too, and known before it."""
    on = draw(days(AFTER))
    known = draw(st.none() | st.integers(-60, 60).map(lambda later: on + timedelta(days=later)))
    return Decision(f"d{on}", draw(st.sampled_from([Outcome.CERTIFIED, Outcome.RENEWED])), on, "initial", known)


@st.composite
def _pauses(draw: st.DrawFn, around: list[date]) -> Pause:
    """One that often holds a day on which something happened."""
    near = st.sampled_from(around or [TODAY])
    since = draw(days(AFTER) | st.builds(lambda on, before: on - timedelta(days=before), near, st.integers(0, 40)))
    return Pause(since, draw(st.none() | st.integers(0, 60).map(lambda later: since + timedelta(days=later))))


@st.composite
def programs_in_time(draw: st.DrawFn) -> Program:
    """A program that asks something of the sort after so many hours of training, in which clocks may stand still."""
    first = AtLeast(Amount(Selection(frozenset({Kind.TRAINING}), unit="hours")), Decimal(draw(st.integers(0, 6))))
    asked = draw(st.one_of(sharing(), st.tuples(needs_in_time()), st.tuples(needs_in_time())))
    clocks = draw(st.sampled_from([frozenset(), frozenset({"windows", "each", "validity"})]))
    terms = draw(st.sampled_from([(), ((2, 1), (9, 1))]))
    made = program(first, *asked)
    stages = (*made.stages, Stage("next", "Further", after="initial"))
    return replace(made, stages=stages, pausable=clocks, terms=terms, lifecycle=Lifecycle(Validity(Period(months=12))))
