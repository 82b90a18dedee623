"""Feedback is shown in blocks, and somebody who has every block learns nothing of any one person."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.feedback_blocks import LEAST, Block, Voice, next_block

QUESTIONS = ("clear", "kind")
SCALE = range(1, 6)
Shown = tuple[frozenset[str], int]
"""Whose answers to a question there are, and the middle one that is shown: more than anybody is told."""


def voice(person: str, *, said: int | None = 4, id_: str = "", promised: int = LEAST) -> Voice:
    return Voice(id_ or f"of {person}", person, promised, {} if said is None else {"clear": said})


def could_have_said(person: str, shown: Sequence[Shown]) -> set[int]:
    """Each answer of theirs that fits all that is shown, if everybody always says the same. Every way is tried."""
    about = frozenset({person})
    while wider := [people for people, _ in shown if people & about and not people <= about]:
        about = about.union(*wider)
    known = [(people, middle) for people, middle in shown if people & about]
    names = sorted(about)
    found = set()
    for said in product(SCALE, repeat=len(names)):
        answers = dict(zip(names, said, strict=True))
        if all(_middle(answers, people) == middle for people, middle in known):
            found.add(answers[person])
    return found


def _middle(answers: Mapping[str, int], people: frozenset[str]) -> int:
    """As the page explains it: half or more said this or more, half or more this or less; the lower of two."""
    said = [answers[person] for person in people]
    return min(
        number
        for number in said
        if 2 * sum(one >= number for one in said) >= len(said) and 2 * sum(one <= number for one in said) >= len(said)
    )


def test_cap_e4_nothing_is_shown_of_two_people_and_something_of_three() -> None:
    assert next_block([voice("a"), voice("b")], (), QUESTIONS, LEAST) is None
    block = next_block([voice("a", said=1), voice("b", said=5), voice("c", said=2)], (), QUESTIONS, LEAST)
    assert block is not None
    assert (len(block.voices), block.middle) == (3, {"clear": 2, "kind": None})


def test_one_human_who_said_several_things_counts_as_one() -> None:
    waiting = [voice("a"), voice("a", id_="2"), voice("a", id_="3"), voice("b")]
    assert next_block(waiting, (), QUESTIONS, LEAST) is None


def test_a_question_that_too_few_answered_is_held_back() -> None:
    block = next_block([voice("a"), voice("b"), voice("c", said=None)], (), QUESTIONS, LEAST)
    assert block is not None
    assert block.middle == {"clear": None, "kind": None}


def test_the_newest_of_several_answers_of_one_person_counts() -> None:
    waiting = [voice("a", said=1), voice("b", said=1), voice("c", said=5), voice("a", said=5, id_="newer")]
    block = next_block(waiting, (), QUESTIONS, LEAST)
    assert block is not None
    assert block.middle["clear"] == 5


def test_two_who_came_later_wait_for_a_third_also_where_those_of_before_say_something_more() -> None:
    assert next_block([voice("d"), voice("e"), voice("a", id_="more")], {"a", "b", "c"}, QUESTIONS, LEAST) is None
    waiting = [voice("d", said=2), voice("e", said=2), voice("f", said=2), voice("a", said=5, id_="more")]
    block = next_block(waiting, {"a", "b", "c"}, QUESTIONS, LEAST)
    assert block is not None
    assert len(block.voices) == 4
    assert block.middle["clear"] == 2


def test_whoever_was_told_of_more_people_waits_for_them() -> None:
    told_of_five = [voice("a", promised=5), voice("b", promised=5)]
    assert next_block([*told_of_five, voice("c"), voice("d")], (), QUESTIONS, LEAST) is None
    block = next_block([*told_of_five, voice("c"), voice("d"), voice("e")], (), QUESTIONS, LEAST)
    assert block is not None
    assert (len(block.voices), block.minimum) == (5, 5)
    without = next_block([voice("x", promised=9), voice("c"), voice("d"), voice("e")], (), QUESTIONS, LEAST)
    assert without is not None
    assert [one.person for one in without.voices] == ["c", "d", "e"]


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_no_organization_can_ask_for_fewer_than_three(asked: int) -> None:
    assert next_block([voice("a", promised=1), voice("b", promised=1)], (), QUESTIONS, asked) is None


def test_the_attack_finds_those_who_came_later_where_a_release_tells_of_everybody_so_far() -> None:
    """What is not done here: with two more people, both would be known."""
    everybody_so_far: list[Shown] = [(frozenset("abc"), 1), (frozenset("abcde"), 5)]
    assert could_have_said("d", everybody_so_far) == could_have_said("e", everybody_so_far) == {5}


@dataclass
class Life:
    """What was written, changed, taken back and shown, month after month."""

    waiting: list[Voice] = field(default_factory=list)
    counted: set[str] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    def month(self, written: Sequence[Voice], back: Sequence[int], least: int) -> None:
        self.waiting += written
        for number in back:
            if number < len(self.waiting):
                del self.waiting[number]
        block = next_block(self.waiting, frozenset(self.counted), QUESTIONS, least)
        if block is None:
            return
        self.blocks.append(block)
        new = [one for one in block.voices if one.person not in self.counted]
        for key, middle in block.middle.items():
            people = frozenset(one.person for one in new if key in one.answers)
            if middle is not None:
                self.shown.append((frozenset(f"{key} {person}" for person in people), middle))
        self.counted |= {one.person for one in block.voices}
        self.waiting = [one for one in self.waiting if one not in block.voices]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    life, numbers = Life(), iter(range(1000))
    answers = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(SCALE))
    for _ in range(draw(st.integers(1, 5))):
        written = [
            Voice(str(next(numbers)), person, draw(st.sampled_from((3, 3, 3, 4))), draw(answers))
            for person in draw(st.lists(st.sampled_from("abcdefghi"), max_size=5))
        ]
        life.month(written, draw(st.lists(st.integers(0, 3), max_size=1)), draw(st.sampled_from((0, 3, 3, 4))))
    return life


def of_blocks(life: Life) -> Iterator[tuple[Block, set[str]]]:
    counted: set[str] = set()
    for block in life.blocks:
        new = {one.person for one in block.voices} - counted
        yield block, new
        counted |= new


@settings(max_examples=60, deadline=None)
@given(lives())
def test_cap_e4_whoever_has_every_block_cannot_exclude_any_answer_of_anybody(life: Life) -> None:
    for people, _ in life.shown:
        assert len(people) >= LEAST
        for person in people if len(people) <= 5 else ():
            assert could_have_said(person, life.shown) == set(SCALE)


@settings(max_examples=200, deadline=None)
@given(lives())
def test_cap_e4_every_block_has_three_people_of_its_own_and_nothing_is_shown_twice(life: Life) -> None:
    ids = [one.id for block in life.blocks for one in block.voices]
    assert len(ids) == len(set(ids))
    for block, new in of_blocks(life):
        assert len(new) >= block.minimum >= max(LEAST, *(one.promised for one in block.voices))


@settings(max_examples=200, deadline=None)
@given(lives())
def test_cap_e4_no_figure_needs_anybody_of_another_block(life: Life) -> None:
    for one, (people, _) in enumerate(life.shown):
        assert all(not people & others for others, _ in life.shown[one + 1 :])
