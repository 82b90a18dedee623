"""Files with tables for tests: any text that a cell can carry, and what was said about a file."""

from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import strategies as st
from openpyxl import Workbook

from lti_tool.documents import DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.rows import tidy

LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")
cells = st.text(LETTERS, max_size=12).map(tidy)
"""Texts without space around them, which no table keeps, and dangerous ones among them."""
dangerous = st.sampled_from(
    ["=1+1", "+1", "-2", "@x", "'=1", "''@x", "'quoted'", "-a", "=HYPERLINK(1)", "<r>x</r>", "1,5"]
)
texts = cells | dangerous
said = texts.filter(bool)


def problems_of(read: Callable[..., Brought], content: bytes | str, **options: str) -> list[tuple[str, str]]:
    """Place and sentence of everything that is to be mended."""
    with pytest.raises(DocumentProblems) as found:
        read(content if isinstance(content, bytes) else content.encode(), source="my.csv", options=Options(**options))
    assert all(each.source == "my.csv" for each in found.value.problems)
    return [(each.place, each.sentence) for each in found.value.problems]


def a_workbook(*rows: list[object], **formats: str) -> bytes:
    """An .xlsx as a spreadsheet program writes it; `formats` names cells and how their numbers are shown."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for name, shown in formats.items():
        sheet[name].number_format = shown
    file = BytesIO()
    book.save(file)
    return file.getvalue()
