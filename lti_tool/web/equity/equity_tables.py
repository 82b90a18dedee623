"""The tables of a fairness report as pages show them: words for groups and outcomes, and a word where there is none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.suppression import ShownTable, shown_table
from lti_tool.web.texts import _N, gettext, plain

COLUMNS: Mapping[str, str] = {
    "certified": _N("Certified"),
    "on_the_way": _N("On the way"),
    "ended": _N("Ended the path"),
    "appealed": _N("Appealed"),
    "did_not": _N("Did not appeal"),
    "signed": _N("Observed and signed for"),
    "not_signed": _N("Not signed for yet"),
}
ROWS: Mapping[str, str] = {
    "everybody": _N("Everybody"),
    "several": _N("More than one of these"),
    "own_words": _N("In their own words"),
    "not_said": _N("Did not say"),
}
KINDS: Mapping[str, str] = {
    "outcome": _N("How paths went"),
    "appeals": _N("Appeals"),
    "signed": _N("Signatures"),
}
REPORTS: Mapping[str, str] = {
    "equity": _N("fairness report"),
    "summary": _N("public summary"),
    "survey": _N("survey"),
    "feedback": _N("feedback"),
    "funder": _N("report for a funder"),
}
TIMES: Mapping[str, str] = {
    "outcome": _N("Usually, in weeks, from entering to the certificate"),
    "signed": _N("Usually, in days, from asking to the first signature"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and its share of the row; None: held back."""

    count: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One group."""

    label: str
    total: int | None
    cells: tuple[Cell, ...]
    usual: int | None
    """None: held back, or of nobody yet."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table with its heading."""

    kind: str
    question: str
    """Empty: of everybody."""
    columns: tuple[str, ...]
    time: str
    """What the last column says; empty: there is none, as no usual time is told."""
    told_before: bool
    """Whether none is told because an earlier report about the same people told it."""
    lines: tuple[Line, ...]


def page_tables(document: Mapping[str, Any]) -> list[PageTable]:
    """In the reader's language, as far as the words are ours."""
    usual = {(one["table"], one["row"]): one["usual"] for one in document.get("times", ())}
    words: Mapping[str, str] = document.get("words", {})
    found = [shown_table(table) for table in document.get("tables", ())]
    before: Sequence[str] = document.get("times_told_before", ())
    return [_page_table(table, usual, words, before) for table in found]


def report_word(report: str) -> str:
    """What kind of report it is."""
    return gettext(REPORTS[report])


def _page_table(
    table: ShownTable, usual: Mapping[tuple[str, str], int], words: Mapping[str, str], before: Sequence[str]
) -> PageTable:
    kind, key = table.name.split(":", 1)
    lines = tuple(
        Line(
            _label(row, words),
            table.count(row, None),
            tuple(Cell(table.count(row, column), table.percent(row, column)) for column in table.columns),
            usual.get((table.name, row)),
        )
        for row in table.rows
    )
    return PageTable(
        gettext(KINDS[kind]),
        plain(words.get(key, "")),
        tuple(_columns(table)),
        gettext(TIMES[kind]) if any(each.usual is not None for each in lines) else "",
        kind in before,
        lines,
    )


def _columns(table: ShownTable) -> Iterator[str]:
    return (gettext(COLUMNS.get(column, column)) for column in table.columns)


def _label(row: str, words: Mapping[str, str]) -> str:
    own = row.rsplit("/", 1)[-1]
    return plain(words.get(row, "")) or gettext(ROWS.get(own, own))
