"""The formats of files that come in and go out: what each can hold, and which one a file has."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from lti_tool.documents import (
    beyond,
    canvas_outcomes,
    canvas_rubrics,
    case,
    moodle_csv,
    own_json,
    own_toml,
    plain_framework,
    plain_rubric,
)
from lti_tool.documents.beyond import Beyond
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.rows import Row, problem
from lti_tool.documents.separated import separated_rows
from lti_tool.documents.spreadsheet import is_spreadsheet, sheet_rows
from lti_tool.documents.templates import template
from lti_tool.documents.text_in import read_text
from rubrics.refusal import _N

Read = Callable[..., Brought]
Write = Callable[[Brought], bytes]
Template = Callable[[str], bytes]
"""A file to fill in, with headers and help in this language."""

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OWN_JSON = re.compile(r'"format"\s*:\s*"attune"')
_TOML = re.compile(r"\A(\s|#[^\n]*\n)*(\[|[\w\"'.-]+\s*=)")
_LOOKED_AT = 20_000
"""So many letters of a text show its header line."""
_WELL_ENOUGH = 0.5


class Format(StrEnum):
    """What a file can be."""

    TOML = "toml"
    JSON = "json"
    CASE = "case"
    RUBRICS_XLSX = "rubrics-xlsx"
    RUBRICS_CSV = "rubrics-csv"
    FRAMEWORK_XLSX = "framework-xlsx"
    FRAMEWORK_CSV = "framework-csv"
    MOODLE = "moodle"
    CANVAS_OUTCOMES = "canvas-outcomes"
    CANVAS_RUBRICS = "canvas-rubrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Knows:
    """What is known of a format."""

    label: str
    """For people, to be translated."""
    suffix: str
    content_type: str
    read: Read
    write: Write
    rubrics: bool = False
    """Whether it holds rubrics."""
    frameworks: bool = False
    leaves_out: Sequence[str] = ()
    """What it cannot hold, to be translated."""
    beyond: Beyond = beyond.NOTHING
    """The same, by the names of fields."""
    template: Template | None = None


FORMATS: Mapping[Format, Knows] = {
    Format.TOML: Knows(
        label=_N("Attune's own document, one rubric or framework (TOML)"),
        suffix="toml",
        content_type="application/toml",
        read=own_toml.read,
        write=own_toml.write,
        rubrics=True,
        frameworks=True,
    ),
    Format.JSON: Knows(
        label=_N("Attune's own document (JSON)"),
        suffix="json",
        content_type="application/json",
        read=own_json.read,
        write=own_json.write,
        rubrics=True,
        frameworks=True,
    ),
    Format.CASE: Knows(
        label=_N("CASE package (JSON)"),
        suffix="case.json",
        content_type="application/json",
        read=case.read,
        write=case.write,
        rubrics=True,
        frameworks=True,
    ),
    Format.RUBRICS_XLSX: Knows(
        label=_N("Spreadsheet of rubrics (Excel)"),
        suffix="xlsx",
        content_type=XLSX,
        read=plain_rubric.read,
        write=plain_rubric.write_xlsx,
        rubrics=True,
        leaves_out=plain_rubric.LEAVES_OUT,
        beyond=beyond.PLAIN_RUBRIC,
        template=partial(template, "rubric", form="xlsx"),
    ),
    Format.RUBRICS_CSV: Knows(
        label=_N("Spreadsheet of rubrics (CSV)"),
        suffix="csv",
        content_type=CSV,
        read=plain_rubric.read,
        write=plain_rubric.write,
        rubrics=True,
        leaves_out=plain_rubric.LEAVES_OUT,
        beyond=beyond.PLAIN_RUBRIC,
        template=partial(template, "rubric", form="csv"),
    ),
    Format.FRAMEWORK_XLSX: Knows(
        label=_N("Spreadsheet of competencies (Excel)"),
        suffix="xlsx",
        content_type=XLSX,
        read=plain_framework.read,
        write=plain_framework.write_xlsx,
        frameworks=True,
        leaves_out=plain_framework.LEAVES_OUT,
        beyond=beyond.PLAIN_FRAMEWORK,
        template=partial(template, "framework", form="xlsx"),
    ),
    Format.FRAMEWORK_CSV: Knows(
        label=_N("Spreadsheet of competencies (CSV)"),
        suffix="csv",
        content_type=CSV,
        read=plain_framework.read,
        write=plain_framework.write,
        frameworks=True,
        leaves_out=plain_framework.LEAVES_OUT,
        beyond=beyond.PLAIN_FRAMEWORK,
        template=partial(template, "framework", form="csv"),
    ),
    Format.MOODLE: Knows(
        label=_N("Competency framework of Moodle (CSV)"),
        suffix="csv",
        content_type=CSV,
        read=moodle_csv.read,
        write=moodle_csv.write,
        frameworks=True,
        leaves_out=moodle_csv.LEAVES_OUT,
        beyond=beyond.MOODLE,
    ),
    Format.CANVAS_OUTCOMES: Knows(
        label=_N("Outcomes of Canvas (CSV)"),
        suffix="csv",
        content_type=CSV,
        read=canvas_outcomes.read,
        write=canvas_outcomes.write,
        frameworks=True,
        leaves_out=canvas_outcomes.LEAVES_OUT,
        beyond=beyond.CANVAS_OUTCOMES,
    ),
    Format.CANVAS_RUBRICS: Knows(
        label=_N("Rubrics of Canvas (CSV)"),
        suffix="csv",
        content_type=CSV,
        read=canvas_rubrics.read,
        write=canvas_rubrics.write,
        rubrics=True,
        leaves_out=canvas_rubrics.LEAVES_OUT,
        beyond=beyond.CANVAS_RUBRICS,
    ),
}

_BY_HEADER: Mapping[Format, Callable[[Sequence[str]], float]] = {
    Format.MOODLE: moodle_csv.recognizes,
    Format.CANVAS_OUTCOMES: canvas_outcomes.recognizes,
    Format.CANVAS_RUBRICS: canvas_rubrics.recognizes,
    Format.RUBRICS_CSV: plain_rubric.recognizes,
    Format.FRAMEWORK_CSV: plain_framework.recognizes,
}
_AS_SPREADSHEET = {Format.RUBRICS_CSV: Format.RUBRICS_XLSX, Format.FRAMEWORK_CSV: Format.FRAMEWORK_XLSX}


def read(content: bytes, *, source: str, options: Options, kind: Format) -> Brought:
    """What the file holds. Raises `DocumentProblems`, which names everything that is to be mended."""
    return FORMATS[kind].read(content, source=source, options=options)


def write(brought: Brought, kind: Format) -> bytes:
    """A file with these rubrics and frameworks. Raises `DocumentProblems` for what the format cannot hold."""
    return FORMATS[kind].write(brought)


def recognize(content: bytes, *, source: str, options: Options) -> Format:
    """The format that the file has, by its name and how it begins. Raises `DocumentProblems` where none fits."""
    if is_spreadsheet(content):
        found = _by_header(sheet_rows(content, source=source, fit=_fit), source)
        return _AS_SPREADSHEET.get(found, found)
    text, _notes = read_text(content, source=source, encoding=options.encoding)
    begins = text.lstrip()[:1]
    if begins == "{":
        return Format.JSON if _OWN_JSON.search(text) or '"CF' not in text else Format.CASE
    if _TOML.match(text):
        return Format.TOML
    rows = separated_rows(text[:_LOOKED_AT], source=source, separator=options.separator, fit=_fit)
    return _by_header(rows, source)


def _by_header(rows: Iterable[Row], source: str) -> Format:
    header = next((row for row in rows if row), Row(1, ()))
    found = max(_BY_HEADER, key=lambda kind: _BY_HEADER[kind](header.cells))
    if _BY_HEADER[found](header.cells) < _WELL_ENOUGH:
        if source.lower().endswith(".toml"):
            return Format.TOML  # which says what is to be mended in it
        raise problem(
            source,
            f"line {header.line}",
            _N(
                "Attune does not know a file that begins with “%(found)s”. Please choose what it is, or use a template."
            ),
            found=", ".join(filter(None, header.cells)) or "-",
        )
    return found


def _fit(header: Sequence[str]) -> float:
    return max(recognizes(header) for recognizes in _BY_HEADER.values())
