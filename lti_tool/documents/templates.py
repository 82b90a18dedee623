"""Spreadsheets to download and fill in, with example rows that read back as they are."""

from typing import Literal

from lti_tool.documents.plain_tables import TEMPLATE_LEVELS, known_language, plain_table


def template(kind: Literal["rubric", "framework"], language: str, *, form: Literal["xlsx", "csv"] = "xlsx") -> bytes:
    """The empty table of this kind. Its headers are in the nearest language that there is."""
    table, known = plain_table(kind), known_language(language)
    columns = table.with_levels(TEMPLATE_LEVELS, examples=False)
    write = table.xlsx if form == "xlsx" else table.csv
    return write(columns, table.examples[known], known)
