"""Rubrics as a plain spreadsheet for people, .csv or .xlsx: one row a criterion."""

from collections.abc import Iterator, Mapping, Sequence

from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.cells import language_of, needed, whole, yes_or_no
from lti_tool.documents.columns import Column, Record, fits, positions, records
from lti_tool.documents.framework_rows import alone
from lti_tool.documents.plain_tables import (
    Cells,
    grouped,
    lines,
    once,
    one_language,
    plain_table,
    undefused_record,
)
from lti_tool.documents.rows import Checking
from lti_tool.documents.tables import read_table
from rubrics.keys import is_key, key_for
from rubrics.refusal import _N
from rubrics.rubric import Alignment, Criterion, Level, Principle, Rubric
from rubrics.typed import several

LEAVES_OUT = (
    _N("translations, and who reviewed the rubric"),
    _N("bars and lines within the reasons for a competency"),
    _N("rubrics without criteria, and levels without any words"),
)
"""What a file of this format cannot hold."""

TABLE = plain_table("rubric")

_PRINCIPLES = frozenset(each.value for each in Principle)


def recognizes(header: Sequence[str]) -> float:
    """How well a header line fits, from 0 to 1."""
    return fits(header, TABLE.columns_for(header))


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The rubrics of a file. Raises `DocumentProblems`, which names everything that is to be mended."""
    checking = Checking(source)
    table = read_table(content, checking=checking, options=options, fit=recognizes)
    columns = TABLE.columns_for(table.header.cells)
    found = positions(table.header, columns, checking)
    checking.finish()
    rows = [undefused_record(each) for each in records(table.header, table.rows, found, checking)]
    rubrics = dict[str, Rubric]()
    for mine in grouped(rows, "rubric", "rubric_key"):
        rubric = _rubric(mine, rubrics, options, checking)
        rubrics[rubric.key] = rubric
    checking.finish()
    return Brought(rubrics=tuple(rubrics.values()), notes=checking.notes())


def write(brought: Brought) -> bytes:
    """The rubrics as .csv; `LEAVES_OUT` says what stays behind."""
    columns, language = _written(brought)
    return TABLE.csv(columns, _rows(brought, language), language)


def write_xlsx(brought: Brought) -> bytes:
    """The rubrics as .xlsx, with a second sheet that says how to change them."""
    columns, language = _written(brought)
    return TABLE.xlsx(columns, _rows(brought, language), language)


def _rubric(rows: Sequence[Record], taken: Mapping[str, Rubric], options: Options, checking: Checking) -> Rubric:
    said = {name: once(rows, name, checking) for name in TABLE.wholes}
    title = needed(rows[0], "rubric", checking)
    key = said["rubric_key"]["rubric_key"]
    if key and not is_key(key):
        _say_key(said["rubric_key"], "rubric_key", checking)
    return Rubric(
        key=key or key_for(title, taken, otherwise="rubric"),
        title=title,
        summary=said["summary"]["summary"],
        language=said["language"]["language"] or language_of(options, checking),
        license=said["license"]["license"],
        provenance=said["provenance"]["provenance"],
        contributors=lines(said["contributors"]["contributors"]),
        pilot=yes_or_no(said["pilot"], "pilot", checking, otherwise=False),
        criteria=tuple(_criteria(rows, checking)),
    )


def _criteria(rows: Sequence[Record], checking: Checking) -> Iterator[Criterion]:
    taken = {row["key"] for row in rows if row["key"]}
    before = dict[str, int]()
    for row in rows:
        statement, key = needed(row, "statement", checking), row["key"]
        if key and not is_key(key):
            _say_key(row, "key", checking)
        alone(row, "key", before, checking)
        key = key or key_for(statement, taken, otherwise="c")
        taken.add(key)
        levels = tuple(_levels(row))
        yield Criterion(
            key=key,
            statement=statement,
            levels=levels,
            met_at=_met_at(row, levels, checking),
            relational=yes_or_no(row, "relational", checking, otherwise=False),
            must_be_met=yes_or_no(row, "must_be_met", checking, otherwise=False),
            may_be_not_observed=yes_or_no(row, "may_be_not_observed", checking, otherwise=True),
            principles=frozenset(_principles(row, checking)),
            alignments=tuple(_alignments(row, checking)),
            watch_for=lines(row["watch_for"]),
            guide=row["guide"],
            example=row["example"],
        )


def _levels(row: Record) -> Iterator[Level]:
    numbers = sorted({int(name.split()[1]) for name in row.cells if " " in name})
    for number in numbers:
        label, anchor, example = (row[f"{name} {number}"] for name in ("label", "anchor", "example"))
        level = Level(number, label, anchor, example)
        if _has_words(level):
            yield level


def _has_words(level: Level | None) -> bool:
    return level is not None and any((level.label, level.anchor, level.example))


def _met_at(row: Record, levels: Sequence[Level], checking: Checking) -> int:
    highest = levels[-1].number if levels else 1
    if not row["met_at"]:
        return highest
    found = whole(row["met_at"])
    if found is None or all(found != level.number for level in levels):
        checking.say(
            row.place("met_at"),
            _N("Found “%(found)s”; expected the number of a level of this row, such as %(expected)s."),
            found=row["met_at"],
            expected=highest,
        )
    return found or highest


def _alignments(row: Record, checking: Checking) -> Iterator[Alignment]:
    for line in lines(row["alignments"]):
        competency, *more = (each.strip() for each in line.split("|"))
        if len(more) > 3:
            checking.say(
                row.place("alignments"),
                _N("Found “%(found)s”; expected one a line: code | reason | citation."),
                found=line,
            )
        elif more:
            reason, citation, identifier = (*more, "", "", "")[:3]
            yield Alignment(competency, identifier or None, reason, citation)
        else:
            yield from map(Alignment, several(line))


def _principles(row: Record, checking: Checking) -> Iterator[Principle]:
    for written in several(row["principles"]):
        name = TABLE.meant(written)
        if name in _PRINCIPLES:
            yield Principle(name)
        else:
            checking.say(
                row.place("principles"),
                _N("Found “%(found)s”; expected one or more of %(known)s."),
                found=written,
                known=", ".join(TABLE.words[each]["en"] for each in Principle),
            )


def _say_key(row: Record, name: str, checking: Checking) -> None:
    checking.say(
        row.place(name),
        _N("Found “%(found)s”; expected small letters, digits and hyphens, such as peer-support, or nothing."),
        found=row[name],
    )


def _written(brought: Brought) -> tuple[Sequence[Column], str]:
    levels = [level for rubric in brought.rubrics for each in rubric.criteria for level in each.levels]
    columns = TABLE.with_levels(
        max((each.number for each in levels), default=1), examples=any(each.example for each in levels)
    )
    return columns, one_language(each.language for each in brought.rubrics)


def _rows(brought: Brought, language: str) -> Iterator[Cells]:
    for rubric in brought.rubrics:
        first = {
            "rubric_key": rubric.key,
            "summary": rubric.summary,
            "language": rubric.language,
            "license": rubric.license,
            "provenance": rubric.provenance,
            "contributors": "\n".join(rubric.contributors),
            "pilot": TABLE.words["yes" if rubric.pilot else "no"][language],
        }
        for criterion in rubric.criteria:
            yield {"rubric": rubric.title} | first | _row(criterion, language)
            first = {"rubric_key": rubric.key}


def _written_alignment(alignment: Alignment) -> str:
    parts = (alignment.competency, alignment.reason, alignment.citation, alignment.identifier or "")
    line = " | ".join(" ".join(each.replace("|", "/").split()) for each in parts).rstrip(" |")
    # A bar says that commas are part of the code.
    return line if "|" in line or several(line) == [line] else f"{line} |"


def _row(criterion: Criterion, language: str) -> dict[str, str]:
    row = {
        "statement": criterion.statement,
        "key": criterion.key,
        "met_at": str(criterion.met_at) if _has_words(criterion.level(criterion.met_at)) else "",
        "principles": ", ".join(TABLE.words[each][language] for each in Principle if each in criterion.principles),
        "alignments": "\n".join(map(_written_alignment, criterion.alignments)),
        "watch_for": "\n".join(criterion.watch_for),
        "guide": criterion.guide,
        "example": criterion.example,
    }
    for name in ("relational", "must_be_met", "may_be_not_observed"):
        row[name] = TABLE.words["yes" if getattr(criterion, name) else "no"][language]
    for level in criterion.levels:
        for name in ("label", "anchor", "example"):
            row[f"{name} {level.number}"] = getattr(level, name)
    return row
