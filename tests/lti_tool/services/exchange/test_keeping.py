"""What a format cannot hold stays as it stands: a rubric or framework that goes out and comes back is the same."""

from dataclasses import replace

import pytest
from hypothesis import given

from grading.competency import Competency, Framework, Kind, Link, Relation, Words
from lti_tool.documents import formats
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.documents.framework import identifier_of
from lti_tool.services.exchange.keeping import kept, reviewed_here
from lti_tool.services.exchange.planning import Fate, Standing, StandingFramework, StandingRubric, plan
from rubrics.keys import key_for
from rubrics.rubric import Alignment, Level, Rubric
from tests.grading.making import frameworks
from tests.rubrics.making import a_criterion, a_rubric, in_spanish, rubrics

STATEMENT = "Offers a pause when it becomes too much"
FULL = in_spanish(
    a_rubric(
        a_criterion(
            key_for(STATEMENT, (), otherwise="criterion"),
            statement=STATEMENT,
            alignments=(Alignment("mine:A1", identifier_of("mine", "A1"), "One can hear it.", "Page 3"),),
            watch_for=("Rushes",),
            guide="Silence counts.",
            example="“Shall we stop for a moment?”",
            must_be_met=True,
            levels=tuple(
                Level(number, f"Level {number}", f"What is seen at {number}", "Such as this") for number in (1, 2, 3)
            ),
        ),
        contributors=("Ana M.",),
        pilot=True,
        reviewed_by_lived_experience="Our peer council, May 2026",
    )
)
MINE = Framework(
    identifier=identifier_of("mine"),
    key="mine",
    title="Mine",
    language="en-US",
    license="CC-BY-4.0",
    notice="Please name us.",
    creator="We",
    adoption_status="Adopted",
    reviewed_by_your_people="Our council",
    competencies=(
        Competency(identifier=identifier_of("mine", "A"), code="A", statement="Listening", kind=Kind.SKILL),
        Competency(
            identifier=identifier_of("mine", "A1"), code="A1", statement="Listens more than they speak",
            parent=identifier_of("mine", "A"), kind=Kind.SKILL, notes="Silence counts.", observable=False,
            translations=(Words("es", "Escucha más"),),
        ),
    ),
    links=(
        Link(
            identifier=identifier_of("mine", "link"), origin=identifier_of("mine", "A1"), relation=Relation.SAME,
            destination=identifier_of("other", "B"),
        ),
        Link(
            identifier=identifier_of("mine", "another"), origin=identifier_of("mine", "A"), relation=Relation.RELATED,
            destination=identifier_of("mine", "A1"), note="Both take time",
        ),
    ),
    translations=(Words("es", "Mío"),),
)  # fmt: skip


def back(brought: Brought, kind: Format) -> Brought:
    return formats.read(formats.write(brought, kind), source="file", options=Options(), kind=kind)


def changed(brought: Brought, standing: Standing, kind: Format) -> list[tuple[str, str, tuple[object, ...]]]:
    lines = plan(kept(brought, standing, FORMATS[kind].beyond), standing)
    return [(line.of.value, line.named, line.differences) for line in lines if line.fate is not Fate.SAME]


@pytest.mark.parametrize("kind", [kind for kind, known in FORMATS.items() if known.rubrics])
def test_a_full_rubric_that_goes_out_and_comes_back_changes_nothing(kind: Format) -> None:
    came = back(Brought(rubrics=(FULL,)), kind)
    # Canvas has names and no keys.
    came = replace(came, rubrics=tuple(replace(each, key=FULL.key) for each in came.rubrics))
    standing = Standing(rubrics={FULL.key: StandingRubric(published=FULL)})
    assert changed(came, standing, kind) == []


@pytest.mark.parametrize("kind", [kind for kind, known in FORMATS.items() if known.frameworks])
def test_a_full_framework_that_goes_out_and_comes_back_changes_nothing(kind: Format) -> None:
    came = back(Brought(frameworks=(MINE,)), kind)
    came = replace(came, frameworks=tuple(replace(each, identifier=MINE.identifier) for each in came.frameworks))
    assert {each.identifier for each in came.frameworks[0].competencies} == {
        each.identifier for each in MINE.competencies
    }
    standing = Standing(frameworks={MINE.identifier: StandingFramework(MINE, bundled=False)})
    assert changed(came, standing, kind) == []
    assert kept(came, standing, FORMATS[kind].beyond).frameworks == (replace(MINE, key=came.frameworks[0].key),)


def test_what_a_format_does_hold_changes() -> None:
    other = replace(FULL, title="One talk")
    came = back(Brought(rubrics=(other,)), Format.RUBRICS_CSV)
    standing = Standing(rubrics={FULL.key: StandingRubric(published=FULL)})
    ((of, _named, differences),) = changed(came, standing, Format.RUBRICS_CSV)
    assert of == "rubric"
    assert [(each.place, each.after) for each in differences] == [("title", "One talk")]  # type: ignore[attr-defined]  # Difference


def test_what_is_new_has_nothing_to_keep() -> None:
    came = Brought(rubrics=(FULL,), frameworks=(MINE,))
    assert kept(came, Standing(), FORMATS[Format.CANVAS_RUBRICS].beyond) == came


@given(rubrics)
def test_any_rubric_that_stands_here_word_for_word_changes_nothing(rubric: Rubric) -> None:
    standing = Standing(rubrics={rubric.key: StandingRubric(draft=rubric)})
    assert all(line.fate is Fate.SAME for line in plan(Brought(rubrics=(rubric,)), standing))


@given(frameworks)
def test_any_framework_that_stands_here_word_for_word_changes_nothing(framework: Framework) -> None:
    standing = Standing(frameworks={framework.identifier: StandingFramework(framework, bundled=False)})
    fates = {line.fate for line in plan(Brought(frameworks=(framework,)), standing)}
    assert fates <= {Fate.SAME}


def test_cap_a6_a_file_does_not_say_who_reviewed_what_it_holds() -> None:
    came = reviewed_here(Brought(rubrics=(FULL,), frameworks=(MINE,)), Standing())
    assert came.rubrics[0].reviewed_by_lived_experience is None
    assert came.frameworks[0].reviewed_by_your_people is None


def test_cap_a6_what_was_reviewed_here_keeps_its_credit_as_long_as_its_words_are_the_same() -> None:
    unnamed = replace(FULL, reviewed_by_lived_experience=None)
    looked_at = StandingFramework(MINE, bundled=False)
    standing = Standing({FULL.key: StandingRubric(published=FULL)}, {MINE.identifier: looked_at})
    other = replace(FULL, title="One talk")
    claimed = replace(MINE, reviewed_by_your_people="Somebody else")
    came = reviewed_here(Brought(rubrics=(unnamed, other), frameworks=(claimed,)), standing)
    assert came.rubrics == (FULL, replace(other, reviewed_by_lived_experience=None))
    assert came.frameworks == (MINE,)
