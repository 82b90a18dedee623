"""A table with a header line, from text with separators or from a spreadsheet."""

from dataclasses import dataclass
from pathlib import PurePath

from lti_tool.documents.brought import Options
from lti_tool.documents.rows import Checking, Row, counted, problem
from lti_tool.documents.separated import Fit, separated_rows
from lti_tool.documents.spreadsheet import is_spreadsheet, sheet_rows
from lti_tool.documents.text_in import read_text
from rubrics.refusal import _N


@dataclass(frozen=True, slots=True)
class Table:
    """The header line and the rows below it that hold something."""

    header: Row
    rows: tuple[Row, ...]


def read_table(content: bytes, *, checking: Checking, options: Options, fit: Fit) -> Table:
    """The table in a file; `fit` chooses separator and sheet by their header line.

    That the encoding was guessed is noted. Raises `DocumentProblems` for a file that has no table.
    """
    source = checking.source
    if is_spreadsheet(content):
        rows = sheet_rows(content, source=source, fit=fit, notes=checking)
    else:
        text, notes = read_text(content, source=source, encoding=options.encoding)
        checking.keep(notes)
        rows = list(counted(separated_rows(text, source=source, separator=options.separator, fit=fit), source))
    if not rows:
        raise problem(source, "the whole file", _N("This file is empty."))
    return Table(rows[0], tuple(rows[1:]))


def stem(source: str) -> str:
    """What a file is called without its folder and ending, for what the file itself does not name."""
    return PurePath(source).stem or source
