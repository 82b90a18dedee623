"""Places in a rubric's document: each can be read and written, and writing back what stood there changes nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.documents.rubric import from_document, to_document
from lti_tool.documents.rubric_editing import value_at, with_value
from lti_tool.documents.rubric_places import FIELDS, Kind, NoSuchPlace, place_of
from lti_tool.documents.rubric_values import as_text, comparable, from_text
from rubrics.rubric import Alignment, Principle
from rubrics.translation import CriterionWords, LevelWords, Translation
from tests.rubrics.making import a_criterion, a_rubric

SPANISH = Translation(
    language="es",
    title="Una conversación",
    criteria=(CriterionWords(key="pauses", statement="Ofrece una pausa", levels=(LevelWords(1, label="Intervino"),)),),
)
DOCUMENT = to_document(
    a_rubric(
        a_criterion(
            watch_for=("Hurries on",), alignments=(Alignment("starter:A1"), Alignment("b:2.1", reason="Because"))
        ),
        a_criterion("listens"),
        translations=(SPANISH,),
    )
)
FIELD_PLACES = (
    "title", "summary", "language", "license", "provenance", "contributors", "pilot",
    "criteria.pauses.statement", "criteria.pauses.guide", "criteria.pauses.example", "criteria.pauses.watch_for",
    "criteria.pauses.may_be_not_observed", "criteria.pauses.must_be_met", "criteria.pauses.relational",
    "criteria.pauses.met_at", "criteria.pauses.principles", "criteria.pauses.levels.2.label",
    "criteria.pauses.levels.2.anchor", "criteria.pauses.levels.2.example",
    "criteria.pauses.alignments.starter:A1.reason", "criteria.pauses.alignments.b:2.1.citation",
    "translations.es.title", "translations.es.provenance", "translations.es.criteria.pauses.statement",
    "translations.es.criteria.listens.guide", "translations.es.criteria.pauses.watch_for.1",
    "translations.es.criteria.listens.levels.3.anchor",
)  # fmt: skip
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(),
    Kind.LINES: st.lists(st.text(min_size=1), max_size=3),
    Kind.FLAG: st.booleans(),
    Kind.NUMBER: st.integers(1, 3),
    Kind.PRINCIPLES: st.sets(st.sampled_from(Principle)).map(
        lambda of: [each.value for each in Principle if each in of]
    ),
}


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, Any]:
    place = draw(st.sampled_from(FIELD_PLACES))
    return place, draw(VALUES[place_of(place).kind])


@pytest.mark.parametrize("written", FIELD_PLACES)
def test_every_field_has_a_place(written: str) -> None:
    assert place_of(written).kind in FIELDS
    value_at(DOCUMENT, place_of(written))


@pytest.mark.parametrize("written", ["strength", "criteria", "criteria.pauses.nothing", "criteria..statement", "key"])
def test_what_is_called_otherwise_is_no_place(written: str) -> None:
    with pytest.raises(NoSuchPlace):
        place_of(written)


@pytest.mark.parametrize(
    "written", ["criteria.gone.statement", "criteria.pauses.levels.9.label", "translations.fr.title"]
)
def test_what_is_not_in_the_document_cannot_be_read_or_written(written: str) -> None:
    with pytest.raises(NoSuchPlace):
        value_at(DOCUMENT, place_of(written))
    with pytest.raises(NoSuchPlace):
        with_value(DOCUMENT, place_of(written), "x")


@given(changes())
def test_what_was_written_stands_there_and_the_document_is_still_a_rubric(change: tuple[str, Any]) -> None:
    written, value = change
    changed = with_value(DOCUMENT, place_of(written), value)
    assert value_at(changed, place_of(written)) == value
    assert to_document(from_document(changed)) == changed


@given(st.lists(changes(), max_size=8))
def test_writing_back_what_stood_there_in_reverse_gives_the_first_document(steps: list[tuple[str, Any]]) -> None:
    document, before = DOCUMENT, []
    for written, value in steps:
        before.append((written, value_at(document, place_of(written))))
        document = with_value(document, place_of(written), value)
    for written, value in reversed(before):
        document = with_value(document, place_of(written), value)
    assert comparable(document) == comparable(DOCUMENT)


@given(changes())
def test_a_form_holds_every_value_as_text(change: tuple[str, Any]) -> None:
    kind, value = place_of(change[0]).kind, change[1]
    text = as_text(kind, value)
    assert as_text(kind, from_text(kind, text)) == text or kind is Kind.LINES


def test_a_criterion_goes_with_its_words_and_comes_back_with_them() -> None:
    place = place_of("criteria.pauses")
    whole = value_at(DOCUMENT, place)
    without = with_value(DOCUMENT, place, None)
    assert value_at(without, place) is None
    assert without["translations"][0]["criteria"] == []
    assert with_value(without, place, whole) == DOCUMENT


def test_the_whole_is_a_place_too_and_levels_come_back_with_their_words() -> None:
    other = to_document(a_rubric(title="Another"))
    assert with_value(DOCUMENT, place_of(""), other) == other
    levels = place_of("criteria.pauses.levels")
    assert with_value(DOCUMENT, levels, value_at(DOCUMENT, levels)) == DOCUMENT
    listens = place_of("criteria.listens.levels")  # of which the translation has no words
    assert value_at(DOCUMENT, listens)["words"] == {}
    assert with_value(DOCUMENT, listens, value_at(DOCUMENT, listens)) == DOCUMENT


def test_a_criterion_is_moved() -> None:
    moved = with_value(DOCUMENT, place_of("criteria.pauses.position"), 1)
    assert [each["key"] for each in moved["criteria"]] == ["listens", "pauses"]
    assert value_at(moved, place_of("criteria.listens.position")) == 0


def test_line_ends_and_what_cannot_be_seen_make_no_difference() -> None:
    assert from_text(Kind.TEXT, " One\r\ntwo\x00 ") == "One\ntwo"
    assert from_text(Kind.LINES, "One\r\n\r\n two ") == ["One", "two"]
