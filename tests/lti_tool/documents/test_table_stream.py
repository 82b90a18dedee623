"""Tables that are written row by row: what is in a cell comes back as it was, and nothing is a formula."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lti_tool.documents.table_out import undefused
from lti_tool.documents.table_stream import Cell, CsvWriter, XlsxWriter
from rubrics.observation import State

MOMENT = datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
ROW: list[Cell] = ["Sam", 3, Decimal("2.50"), date(2026, 3, 2), MOMENT, True, False, None, State.SHARED]
FORMULAS = ["=1+1", "+1 (a note)", "-cmd", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")', "'=1"]


def in_csv(path: Path, *rows: list[Cell]) -> list[list[str]]:
    with CsvWriter(path, "Table", ["a", "b"]) as into:
        for row in rows:
            into.write(row)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def in_xlsx(path: Path, *rows: list[Cell]) -> list[list[object]]:
    with XlsxWriter(path, "Table", ["a", "b"]) as into:
        for row in rows:
            into.write(row)
    return [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_days_are_iso_numbers_are_numbers_and_what_is_not_known_is_empty(tmp_path: Path) -> None:
    _, row = in_csv(tmp_path / "a.csv", ROW)
    assert row == ["Sam", "3", "2.50", "2026-03-02", "2026-03-02T10:15:30Z", "yes", "no", "", "shared"]


def test_a_spreadsheet_has_numbers_and_days_as_such(tmp_path: Path) -> None:
    _, row = in_xlsx(tmp_path / "a.xlsx", ROW)
    moment = datetime(2026, 3, 2, 10, 15, 30)  # noqa: DTZ001  # spreadsheets know no time zones
    assert row == ["Sam", 3, 2.5, datetime(2026, 3, 2), moment, "yes", "no", None, "shared"]  # noqa: DTZ001


@pytest.mark.parametrize(("language", "right"), [("en", False), ("es_MX", False), ("ar", True), ("", False)])
def test_a_spreadsheet_begins_where_its_language_does(tmp_path: Path, language: str, right: bool) -> None:
    with XlsxWriter(tmp_path / "a.xlsx", "Table", ["a", "b"], language):
        pass
    assert bool(load_workbook(tmp_path / "a.xlsx").worksheets[0].sheet_view.rightToLeft) is right


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    _, (cell, *_rest) = in_csv(tmp_path / "a.csv", [text, "b"])
    assert cell == f"'{text}"
    path = tmp_path / "a.xlsx"
    assert in_xlsx(path, [text, "b"])[1][0] == text
    with ZipFile(path) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_a_file_without_rows_has_its_headings(tmp_path: Path) -> None:
    assert in_csv(tmp_path / "a.csv") == [["a", "b"]]
    assert in_xlsx(tmp_path / "a.xlsx") == [["a", "b"]]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_whatever_somebody_wrote_comes_back_from_a_csv(text: str) -> None:
    with TemporaryDirectory() as folder:
        _, (cell, _) = in_csv(Path(folder) / "a.csv", [text, "b"])
    assert undefused(cell) == text
