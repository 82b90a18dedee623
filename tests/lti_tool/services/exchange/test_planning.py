"""What a file would change is told row by row, each row once."""

from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given

from grading.competency import Framework, Link, Relation
from lti_tool.documents.brought import Brought
from lti_tool.services.exchange.planning import (
    Difference,
    Fate,
    Line,
    Of,
    Standing,
    StandingFramework,
    StandingRubric,
    Way,
    plan,
    rows_in,
    way_of,
)
from rubrics.rubric import Rubric
from tests.grading.making import a_competency, a_framework, an_identifier, frameworks
from tests.rubrics.making import a_criterion, a_rubric, in_spanish, rubrics


def of_rubrics(new: Rubric, stands: StandingRubric | None = None) -> list[Line]:
    standing = Standing(rubrics={new.key: stands} if stands else {})
    return list(plan(Brought(rubrics=(new,)), standing))


def of_frameworks(new: Framework, stands: Framework | None = None) -> list[Line]:
    known = {stands.identifier: StandingFramework(stands, bundled=False)} if stands else {}
    return list(plan(Brought(frameworks=(new,)), Standing(frameworks=known)))


def told(lines: list[Line]) -> list[tuple[Fate, str]]:
    return [(line.fate, line.named) for line in lines]


# ---- rubrics ----


@pytest.mark.parametrize(
    ("stands", "way"),
    [
        (None, Way.BEGIN),
        (StandingRubric(), Way.BEGIN),
        (StandingRubric(published=a_rubric()), Way.NOTHING),
        (StandingRubric(published=a_rubric(title="Other")), Way.BEGIN),
        (StandingRubric(draft=a_rubric(), draft_id=UUID(int=1)), Way.NOTHING),
        (StandingRubric(draft=a_rubric(title="Other"), draft_id=UUID(int=1)), Way.REWRITE),
        (
            StandingRubric(published=a_rubric(), draft=a_rubric(title="Other"), draft_id=UUID(int=1)),
            Way.NOTHING,
        ),
    ],
)
def test_a_rubric_comes_in_as_a_draft_or_not_at_all(stands: StandingRubric | None, way: Way) -> None:
    assert way_of(a_rubric(), stands) is way


def test_criteria_are_told_apart_by_their_keys() -> None:
    before = a_rubric(a_criterion("pauses"), a_criterion("listens"), a_criterion("asks"))
    after = a_rubric(a_criterion("pauses"), a_criterion("listens", guide="Wait."), a_criterion("ends"), title="Two")
    lines = of_rubrics(after, StandingRubric(published=before))
    assert told(lines) == [
        (Fate.CHANGED, "one-conversation"),
        (Fate.SAME, "pauses"),
        (Fate.CHANGED, "listens"),
        (Fate.NEW, "ends"),
        (Fate.GONE, "asks"),
    ]
    assert lines[0].differences == (Difference("title", "One conversation", "Two"),)
    assert lines[2].differences == (Difference("guide", "", "Wait."),)


def test_a_criterion_in_another_place_is_told_so() -> None:
    before = a_rubric(a_criterion("pauses"), a_criterion("listens"))
    after = a_rubric(a_criterion("listens"), a_criterion("pauses"))
    moved = [line for line in of_rubrics(after, StandingRubric(published=before)) if line.differences]
    assert [line.differences[0].place for line in moved] == ["moved"]


def test_other_words_in_another_language_belong_to_the_rubric() -> None:
    lines = of_rubrics(in_spanish(a_rubric()), StandingRubric(published=a_rubric()))
    assert [each.place for each in lines[0].differences] == ["translations.es"]


@given(rubrics)
def test_every_row_of_a_new_rubric_is_new_and_told_once(rubric: Rubric) -> None:
    lines = of_rubrics(rubric)
    assert {line.fate for line in lines} == {Fate.NEW}
    assert len(lines) == rows_in(Brought(rubrics=(rubric,)))


# ---- frameworks ----


def test_competencies_are_told_apart_by_their_identifiers_and_not_by_their_codes() -> None:
    before = a_framework(a_competency(1), a_competency(2), a_competency(3))
    after = a_framework(a_competency(1), a_competency(2, code="B9"), a_competency(4, code="C3"))
    assert told(of_frameworks(after, before)) == [
        (Fate.SAME, "starter"),
        (Fate.SAME, "C1"),
        (Fate.CHANGED, "B9"),
        (Fate.NEW, "C3"),
        (Fate.GONE, "C3"),
    ]


def test_who_takes_the_place_of_what_is_gone_is_named() -> None:
    instead = Link(
        identifier=an_identifier(9), origin=an_identifier(2), relation=Relation.REPLACED_BY,
        destination=an_identifier(4),
    )  # fmt: skip
    before = a_framework(a_competency(1), a_competency(2))
    after = a_framework(a_competency(1), a_competency(4), links=(instead,))
    (gone,) = [line for line in of_frameworks(after, before) if line.fate is Fate.REPLACED]
    assert (gone.named, gone.differences) == ("C2", (Difference("replaced_by", "", "C4"),))


def test_a_parent_is_told_by_its_code() -> None:
    before = a_framework(a_competency(1), a_competency(2), a_competency(3, parent=1))
    after = a_framework(a_competency(1), a_competency(2), a_competency(3, parent=2))
    (moved,) = [line for line in of_frameworks(after, before) if line.fate is Fate.CHANGED]
    assert moved.differences == (Difference("parent", "C1", "C2"),)


def test_another_order_is_told_once_for_the_whole_framework() -> None:
    three = (a_competency(1), a_competency(2), a_competency(3))
    lines = of_frameworks(a_framework(*three[::-1]), a_framework(*three))
    assert [line.named for line in lines if line.fate is Fate.CHANGED] == ["starter"]
    assert lines[0].differences == (Difference("order", "C1, C2, C3", "C3, C2, C1"),)


def test_what_comes_in_between_moves_nothing_else() -> None:
    lines = of_frameworks(
        a_framework(a_competency(1), a_competency(9), a_competency(2)), a_framework(a_competency(1), a_competency(2))
    )
    assert Counter(line.fate for line in lines) == {Fate.SAME: 3, Fate.NEW: 1}


def test_what_was_gone_before_is_not_gone_once_more() -> None:
    before = a_framework(a_competency(1), a_competency(2, deprecated_on=date(2026, 2, 1)))
    assert told(of_frameworks(a_framework(a_competency(1)), before)) == [(Fate.SAME, "starter"), (Fate.SAME, "C1")]


def test_lines_of_a_crosswalk_are_told_by_the_codes_at_their_ends() -> None:
    link = Link(
        identifier=an_identifier(9), origin=an_identifier(1), relation=Relation.SAME, destination=an_identifier(2)
    )
    two = (a_competency(1), a_competency(2))
    (line,) = [
        line for line in of_frameworks(a_framework(*two, links=(link,)), a_framework(*two)) if line.of is Of.LINK
    ]
    assert (line.fate, line.words) == (Fate.NEW, "C1 exactMatchOf C2")
    noted = replace(link, note="Nearly")
    lines = of_frameworks(a_framework(*two, links=(noted,)), a_framework(*two, links=(link,)))
    assert [line.differences for line in lines if line.differences] == [(Difference("note", "", "Nearly"),)]
    assert told(of_frameworks(a_framework(*two), a_framework(*two, links=(link,))))[-1] == (Fate.GONE, "C1")


@given(frameworks, frameworks)
def test_every_row_of_the_file_is_told_once_and_what_is_gone_besides(new: Framework, stands: Framework) -> None:
    lines = of_frameworks(new, replace(stands, identifier=new.identifier))
    beside = [line for line in lines if line.fate in (Fate.GONE, Fate.REPLACED)]
    assert len(lines) - len(beside) == rows_in(Brought(frameworks=(new,)))
