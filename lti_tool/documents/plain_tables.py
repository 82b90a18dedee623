"""The plain spreadsheets for people: their columns and words, which are data in `config/tables`."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lti_tool.documents.columns import Column, Record, plain
from lti_tool.documents.rows import Checking
from lti_tool.documents.table_out import Guide, people_csv, undefused, xlsx
from lti_tool.paths import CONFIG
from rubrics.refusal import _N

LANGUAGES = ("en", "es", "ar")
"""That headers, words and guides are written in; the first where another is asked for."""
MOST_LEVELS = 100
TEMPLATE_LEVELS = 5

_COUNTED = re.compile(r"\b(\d{1,3})\b")

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlainTable:
    """One kind of spreadsheet for people."""

    sheet: Mapping[str, str]
    guide: Mapping[str, str]
    intro: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    """What we call something, to the words for it in each language."""
    columns: tuple[Column, ...]
    wholes: tuple[str, ...]
    """The columns that say something of the whole, once."""
    level_columns: tuple[dict[str, Any], ...]
    level_place: int
    """Before which of the columns those of the levels stand."""
    examples: Mapping[str, tuple[Cells, ...]]
    """The rows of the template, by language."""

    def with_levels(self, levels: int, *, examples: bool = True) -> tuple[Column, ...]:
        """All columns, with those of so many levels."""
        counted = (
            _column(each, str(number))
            for number in range(1, levels + 1)
            for each in self.level_columns
            if examples or not each.get("optional")
        )
        return (*self.columns[: self.level_place], *counted, *self.columns[self.level_place :])

    def columns_for(self, header: Sequence[str]) -> tuple[Column, ...]:
        """The columns that this header line can have: as many levels as it counts."""
        numbers = [int(found) for each in header for found in _COUNTED.findall(each)]
        return self.with_levels(max([TEMPLATE_LEVELS, *(each for each in numbers if each <= MOST_LEVELS)]))

    def meant(self, written: str) -> str | None:
        """Which of the words this is, in any language; None where it is none of them."""
        found = plain(written)
        return next(
            (name for name, said in self.words.items() if found in {plain(name), *map(plain, said.values())}), None
        )

    def csv(self, columns: Sequence[Column], rows: Iterable[Cells], language: str) -> bytes:
        """The rows as text with commas, for a spreadsheet program."""
        header = [each.header(language) for each in columns]
        return people_csv([header, *([row.get(each.name, "") for each in columns] for row in rows)])

    def xlsx(self, columns: Sequence[Column], rows: Iterable[Cells], language: str) -> bytes:
        """The rows as a spreadsheet, with a second sheet that says how to fill it in."""
        lines = [
            (self.sheet[language], self.intro[language]),
            *((each.header(language), each.says[language]) for each in columns),
        ]
        cells = [[row.get(each.name, "") for each in columns] for row in rows]
        return xlsx(self.sheet[language], columns, cells, language, Guide(self.guide[language], lines))


@cache
def plain_table(name: str) -> PlainTable:
    """The spreadsheet that `config/tables` describes under this name."""
    found = tomllib.loads((CONFIG / "tables" / f"{name}.toml").read_text(encoding="utf-8"))
    words = found["words"]
    columns = tuple(_column(each, "", words) for each in found["columns"])
    with_levels = found.get("example_levels", [])
    names = [each.name for each in columns]
    return PlainTable(
        sheet=found["name"],
        guide=found["guide"],
        intro=found["intro"],
        words=words,
        columns=columns,
        wholes=tuple(each["name"] for each in found["columns"] if each.get("whole")),
        level_columns=tuple(found.get("level_columns", [])),
        level_place=names.index("statement") + 1,
        examples={language: tuple(_examples(found["columns"], with_levels, language)) for language in LANGUAGES},
    )


def known_language(language: str) -> str:
    """The language of `LANGUAGES` that is nearest to this one."""
    tongue = language.partition("-")[0].casefold()
    return tongue if tongue in LANGUAGES else LANGUAGES[0]


def one_language(languages: Iterable[str]) -> str:
    """The language for a table of texts in these: theirs where they agree, else the first of `LANGUAGES` among them."""
    return min({known_language(each) for each in languages}, key=LANGUAGES.index, default=LANGUAGES[0])


def spoken(*texts: str) -> dict[str, str]:
    """The texts, one for each of `LANGUAGES` in their order, by language."""
    return dict(zip(LANGUAGES, texts, strict=True))


def undefused_record(record: Record) -> Record:
    """The row as it was meant, without the marks that keep a spreadsheet program from calculating."""
    return Record(record.line, {name: undefused(cell) for name, cell in record.cells.items()}, record.written)


def lines(text: str) -> tuple[str, ...]:
    """The lines of a cell that say something."""
    return tuple(each.strip() for each in text.split("\n") if each.strip())


def grouped(rows: Sequence[Record], title: str, key: str) -> Iterable[list[Record]]:
    """The rows of each whole: those of one key, or of one title. An empty cell continues the row above."""
    found, by_title = dict[str, list[Record]](), dict[str, str]()
    here = ""
    for row in rows:
        if row[key]:
            here = f"key {row[key]}"
        elif row[title]:
            here = by_title.get(row[title], f"title {row[title]}")
        by_title[row[title]] = here
        found.setdefault(here, []).append(row)
    return found.values()


def once(rows: Sequence[Record], name: str, checking: Checking) -> Record:
    """The row that says this of the whole; that another row says otherwise is told. The first where none does."""
    saying = [each for each in rows if each[name]]
    for other in saying[1:]:
        if other[name] != saying[0][name]:
            checking.say(
                other.place(name),
                _N("Found “%(found)s”, and in line %(line)s “%(other)s”. Please write it once for the whole."),
                found=other[name],
                line=saying[0].line,
                other=saying[0][name],
            )
    return saying[0] if saying else rows[0]


def _column(found: dict[str, Any], number: str, words: Mapping[str, Mapping[str, str]] | None = None) -> Column:
    def counted(text: str) -> str:
        return text.replace("{n}", number)

    offered = ("yes", "no") if found.get("yes_or_no") else found.get("choices", ())
    return Column(
        name=f"{found['name']} {number}" if number else found["name"],
        headers={language: counted(found[language]) for language in LANGUAGES},
        also=tuple(map(counted, found.get("also", ()))),
        required=found.get("required", False),
        says={language: counted(found["says"][language]) for language in LANGUAGES},
        choices={language: tuple((words or {})[each][language] for each in offered) for language in LANGUAGES},
        width=found["width"],
    )


def _examples(
    columns: Sequence[dict[str, Any]], with_levels: Sequence[dict[str, Any]], language: str
) -> Iterator[Cells]:
    for number in range(len(columns[0]["examples"][language])):
        row = {each["name"]: each["examples"][language][number] for each in columns}
        described = with_levels[number][language] if with_levels else ()
        for at, (label, anchor) in enumerate(described, start=1):
            row |= {f"label {at}": label, f"anchor {at}": anchor}
        yield row
