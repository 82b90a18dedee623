"""Templates: each reads back without a word to mend, and says how to fill it in."""

from io import BytesIO
from typing import Literal

import openpyxl
import pytest

from lti_tool.documents import plain_framework, plain_rubric
from lti_tool.documents.brought import Options
from lti_tool.documents.plain_tables import LANGUAGES
from lti_tool.documents.templates import template
from rubrics.publication import problems

FORMS = [(language, form) for language in LANGUAGES for form in ("xlsx", "csv")]


@pytest.mark.parametrize(("language", "form"), FORMS)
def test_the_example_rows_for_rubrics_read_back_ready_to_publish(language: str, form: Literal["xlsx", "csv"]) -> None:
    found = plain_rubric.read(template("rubric", language, form=form), source="t", options=Options())
    [rubric] = found.rubrics
    assert problems(rubric) == ()
    assert found.notes == ()
    assert [len(each.levels) for each in rubric.criteria] == [4, 4]
    assert rubric.language.startswith(language)


@pytest.mark.parametrize(("language", "form"), FORMS)
def test_the_example_rows_for_frameworks_read_back(language: str, form: Literal["xlsx", "csv"]) -> None:
    found = plain_framework.read(template("framework", language, form=form), source="t", options=Options())
    [framework] = found.frameworks
    first, second = framework.competencies
    assert found.notes == ()
    assert (first.code, second.parent, framework.language[:2]) == ("A", first.identifier, language)


@pytest.mark.parametrize("kind", ["rubric", "framework"])
@pytest.mark.parametrize(
    ("asked", "sheet"), [("es-MX", "Cómo rellenarla"), ("ar", "كيفية الملء"), ("fr", "How to fill this in")]
)
def test_a_second_sheet_says_what_goes_into_each_column(
    kind: Literal["rubric", "framework"], asked: str, sheet: str
) -> None:
    first, second = openpyxl.load_workbook(BytesIO(template(kind, asked))).worksheets
    header = [cell.value for cell in first[1]]
    said = {row[0].value: row[1].value for row in second.iter_rows()}
    assert second.title == sheet
    assert set(header) == set(said) - {first.title}
    assert all(said.values())


def test_answers_are_offered_where_there_are_few() -> None:
    first = openpyxl.load_workbook(BytesIO(template("rubric", "es"))).worksheets[0]
    assert {each.formula1 for each in first.data_validations.dataValidation} == {'"sí,no"'}
    assert first.freeze_panes == "B2"


def test_a_sheet_in_arabic_begins_on_the_right() -> None:
    sides = {
        language: {
            sheet.sheet_view.rightToLeft or False
            for sheet in openpyxl.load_workbook(BytesIO(template("rubric", language))).worksheets
        }
        for language in LANGUAGES
    }
    assert sides == {"en": {False}, "es": {False}, "ar": {True}}
