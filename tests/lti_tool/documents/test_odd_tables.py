"""Whatever stands below a header line, a table is read or what is to be mended is said; the same file says the same."""

from collections.abc import Sequence
from contextlib import suppress
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.documents import (
    DocumentProblems,
    canvas_outcomes,
    canvas_rubrics,
    moodle_csv,
    plain_framework,
    plain_rubric,
)
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.table_out import literal_csv
from tests.lti_tool.documents.tables import texts

RATING = ["Rating Name", "Rating Description", "Rating Points"]
HEADERS = {
    canvas_outcomes: [each.header("") for each in canvas_outcomes.COLUMNS[:10]] + ["ratings"],
    canvas_rubrics: [each.header("") for each in canvas_rubrics.COLUMNS] + RATING * 2,
    moodle_csv: [each.header("") for each in moodle_csv.COLUMNS],
    plain_framework: [each.header("es") for each in plain_framework.TABLE.columns],
    plain_rubric: [each.header("en") for each in plain_rubric.TABLE.with_levels(2)],
}
odd = st.sampled_from(
    ["", "1", "2", "0", "-1", "1,5", "a", "A", "yes", "no", "group", "outcome", "competency", "a b", "9" * 30, "%2C"]
)
rows = st.lists(st.lists(odd | texts, max_size=24), max_size=6)


@pytest.mark.parametrize("module", HEADERS, ids=lambda module: module.__name__)
@given(rows=rows)
def test_any_rows_are_read_or_named(module: ModuleType, rows: Sequence[Sequence[str]]) -> None:
    content = literal_csv([HEADERS[module], *rows])
    with suppress(DocumentProblems):
        first = brought(module, content)
        assert brought(module, content) == first


def brought(module: ModuleType, content: bytes) -> Brought:
    found = module.read(content, source="my.csv", options=Options(language="en-US"))
    assert isinstance(found, Brought)
    return found
