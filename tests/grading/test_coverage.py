"""What criteria cover of the principles and of frameworks."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from grading.competency import Competency, Framework
from grading.coverage import coverage
from rubrics.rubric import Alignment, Criterion, Principle
from tests.rubrics.making import a_criterion


def framework(*competencies: Competency) -> Framework:
    return Framework(identifier="f", key="ours", title="Ours", language="en-US", competencies=competencies)


BEING_WITH = Competency(identifier="a", code="A", statement="Being with people")
LISTENS = Competency(identifier="a1", code="A1", statement="Listens", parent="a")
PAUSES = Competency(identifier="a2", code="A2", statement="Pauses", parent="a")
HOPE = Competency(identifier="a3", code="A3", statement="Holds hope", parent="a", observable=False)
KNOWING = Competency(identifier="b", code="B", statement="Knowing the law", observable=False)
OURS = framework(BEING_WITH, LISTENS, PAUSES, HOPE, KNOWING)


def showing(key: str, *named: str, **changes: object) -> Criterion:
    return a_criterion(key, alignments=tuple(Alignment(name) for name in named), **changes)


def test_cap_a1_a_principle_that_no_criterion_stands_for_is_named() -> None:
    found = coverage([a_criterion(principles=frozenset({Principle.SAFETY}))], ())
    assert found.principles[Principle.SAFETY] == (0,)
    assert Principle.CHOICE in found.without
    assert Principle.SAFETY not in found.without


def test_what_is_relational_and_what_must_be_met_is_known() -> None:
    found = coverage([a_criterion(relational=False), a_criterion("b", relational=True, must_be_met=True)], ())
    assert (found.relational, found.must_be_met) == ((1,), (1,))


def test_an_area_is_shown_by_whatever_shows_something_in_it() -> None:
    (ours,) = coverage([showing("x", "ours:A1"), showing("y", "ours:A1", "ours:A2")], (OURS,)).frameworks
    area = ours.areas[0]
    assert area.shown_by == (0, 1)
    assert {line.competency.code: line.shown_by for line in area.lines} == {"A1": (0, 1), "A2": (1,)}
    assert (ours.covered, ours.observable) == (2, 2)


def test_what_cannot_be_observed_is_set_apart_and_missing_from_nothing() -> None:
    (ours,) = coverage([showing("x", "ours:A1")], (OURS,)).frameworks
    assert [line.competency.code for line in ours.areas[0].apart] == ["A3"]
    assert ours.areas[1].lines == ()
    assert [line.competency.code for line in ours.areas[1].apart] == ["B"]
    assert ours.observable == 2


def test_an_alignment_finds_its_competency_by_identifier_first() -> None:
    moved = a_criterion(alignments=(Alignment("ours:A1", identifier="a2"),))
    (ours,) = coverage([moved], (OURS,)).frameworks
    assert {line.competency.code: line.shown_by for line in ours.areas[0].lines} == {"A1": (), "A2": (0,)}


def test_an_area_that_a_criterion_names_is_a_line_of_its_own() -> None:
    (ours,) = coverage([showing("x", "ours:A")], (OURS,)).frameworks
    assert [line.competency.code for line in ours.areas[0].lines] == ["A", "A1", "A2"]
    assert ours.covered == 1


def test_what_is_in_no_framework_is_told() -> None:
    found = coverage([showing("x", "theirs:Z9"), showing("y", "ours:A1")], (OURS,))
    assert [(one.column, one.alignment.competency) for one in found.unknown] == [(0, "theirs:Z9")]


def test_what_a_criterion_names_twice_it_shows_once_and_what_has_no_code_is_found_by_its_identifier() -> None:
    nameless = Competency(identifier="a6", code="", statement="Waits", parent="a")
    by_id = a_criterion("y", alignments=(Alignment("", identifier="a6"),))
    found = coverage([showing("x", "ours:A1", "ours:A1"), by_id], (framework(BEING_WITH, LISTENS, nameless),))
    assert {line.competency.identifier: line.shown_by for line in found.frameworks[0].areas[0].lines} == {
        "a1": (0,), "a6": (1,),
    }  # fmt: skip
    assert found.unknown == ()


def test_what_its_owner_has_no_more_is_left_out_unless_it_is_shown() -> None:
    gone = Competency(identifier="a4", code="A4", statement="Gone", parent="a", deprecated_on=date(2026, 1, 1))
    other = Competency(identifier="a5", code="A5", statement="Gone, too", parent="a", deprecated_on=date(2026, 1, 1))
    (ours,) = coverage([showing("x", "ours:A4")], (framework(BEING_WITH, LISTENS, gone, other),)).frameworks
    assert [line.competency.code for line in ours.areas[0].lines] == ["A1", "A4"]


@given(st.lists(st.sampled_from(["ours:A", "ours:A1", "ours:A2", "ours:A3", "ours:B", "ours:none"]), max_size=8))
def test_every_alignment_is_shown_once_or_told(named: list[str]) -> None:
    criteria = [showing(f"c{number}", name) for number, name in enumerate(named)]
    found = coverage(criteria, (OURS,))
    lines = [line for area in found.frameworks[0].areas for line in (*area.lines, *area.apart)]
    told = [column for line in lines for column in line.shown_by] + [one.column for one in found.unknown]
    assert sorted(told) == list(range(len(named)))
    assert all(area.covered <= len(area.lines) for area in found.frameworks[0].areas)
