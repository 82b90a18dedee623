"""What changed from one version of a rubric to another."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rubrics.changes import Change, Kind, changes
from rubrics.rubric import Alignment, Level, Principle, Rubric
from rubrics.translation import CriterionWords, Translation
from tests.rubrics.making import LEVELS, a_criterion, a_rubric, rubrics

keys = st.sampled_from(["pauses", "listens", "asks", "waits", "ends"])
orders = st.lists(keys, unique=True, max_size=5)


def of(*names: str, **changed: object) -> Rubric:
    return replace(a_rubric(), criteria=tuple(a_criterion(name) for name in names), **changed)


@given(rubrics)
def test_from_a_rubric_to_itself_nothing_changed(rubric: Rubric) -> None:
    assert changes(rubric, rubric) == ()


@given(rubrics, rubrics)
def test_nothing_changed_only_where_both_are_the_same(before: Rubric, after: Rubric) -> None:
    assert bool(changes(before, after)) == (before != after)


@given(rubrics, rubrics)
def test_each_place_is_told_once(before: Rubric, after: Rubric) -> None:
    told = [(change.place, change.kind) for change in changes(before, after)]
    assert len(told) == len(set(told))


@given(orders, orders)
def test_what_was_added_removed_and_moved_explains_the_new_order(before: list[str], after: list[str]) -> None:
    found = changes(of(*before), of(*after))
    by_kind = {kind: {one.place.removeprefix("criteria.") for one in found if one.kind is kind} for kind in Kind}
    assert by_kind[Kind.ADDED] == set(after) - set(before)
    assert by_kind[Kind.REMOVED] == set(before) - set(after)
    stayed = [key for key in before if key in after and key not in by_kind[Kind.MOVED]]
    assert stayed == [key for key in after if key in before and key not in by_kind[Kind.MOVED]]


def leaves(part: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every text and rule of a rubric, parts with a name called by it."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from leaves(value, f"{place}.{name}")
    elif isinstance(part, tuple) and part and isinstance(part[0], dict):
        for one in part:
            name = next(one[key] for key in ("key", "number", "language", "competency") if key in one)
            yield from leaves(one, f"{place}.{name}")
    else:
        yield place.removeprefix("."), part


@st.composite
def changed_somewhere(draw: st.DrawFn) -> tuple[Rubric, Rubric]:
    """A rubric, and the same with other words and rules in some of its places."""
    before = draw(st.builds(of, st.just("pauses")))
    texts = st.sampled_from(["One text", "Another text", ""])
    criterion = replace(
        before.criteria[0],
        statement=draw(texts),
        must_be_met=draw(st.booleans()),
        principles=draw(st.frozensets(st.sampled_from(Principle))),
        levels=(*LEVELS[:2], Level(3, draw(texts), draw(texts))),
        alignments=draw(st.sampled_from([(), (Alignment("starter:A1"),), (Alignment("starter:A1", reason="So."),)])),
        watch_for=draw(st.lists(texts, max_size=3).map(tuple)),
    )
    translation = Translation(
        language="es", title=draw(texts), criteria=(CriterionWords(key="pauses", guide=draw(texts)),)
    )
    translated = draw(st.sampled_from([(), (translation,)]))
    return before, replace(before, title=draw(texts), criteria=(criterion,), translations=translated)


@given(changed_somewhere())
def test_every_text_and_rule_that_differs_is_told_of(pair: tuple[Rubric, Rubric]) -> None:
    before, after = (dict(leaves(asdict(rubric))) for rubric in pair)
    told = [change.place for change in changes(*pair)]
    for place in before.keys() | after.keys():
        if before.get(place) != after.get(place):
            assert any(f"{one}.".startswith(f"{place}.") or f"{place}.".startswith(f"{one}.") for one in told), place


def test_a_change_names_the_place_by_keys_with_the_words_before_and_after() -> None:
    reworded = replace(LEVELS[1], anchor="Paused after a nod.")
    after = a_rubric(a_criterion(levels=(LEVELS[0], reworded, LEVELS[2])), a_criterion("listens"))
    assert changes(a_rubric(), after) == (
        Change(
            "criteria.pauses.levels.2.anchor",
            Kind.TEXT,
            "Paused after a sign from the observer.",
            "Paused after a nod.",
        ),
        Change("criteria.listens.may_be_not_observed", Kind.RULE, "no", "yes"),
    )


def test_of_three_criteria_only_the_one_that_was_moved_is_called_moved() -> None:
    (moved,) = changes(of("pauses", "listens", "asks"), of("asks", "pauses", "listens"))
    assert moved == Change("criteria.asks", Kind.MOVED, "3", "1")


def test_a_line_in_the_stead_of_another_is_a_change_of_its_text() -> None:
    before, after = a_criterion(watch_for=("Interrupts", "Advises")), a_criterion(watch_for=("Interrupts", "Explains"))
    assert changes(a_rubric(before), a_rubric(after)) == (
        Change("criteria.pauses.watch_for.2", Kind.TEXT, "Advises", "Explains"),
    )
