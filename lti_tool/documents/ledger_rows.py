"""Hours and trainings as a plain spreadsheet for people, .csv, .xlsx or .ods: one row an entry."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from grading.ledger import EntryKind
from lti_tool.documents.brought import Options
from lti_tool.documents.columns import Column, fits, plain, positions, records
from lti_tool.documents.plain_tables import LANGUAGES, known_language, spoken, undefused_record
from lti_tool.documents.rows import Checking, problem
from lti_tool.documents.table_out import Guide, people_csv, xlsx
from lti_tool.documents.tables import read_table
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import _N
from rubrics.typed import in_digits

MOST_ROWS = 2_000
Value = TypeVar("Value", bound=StrEnum)


class DayOrder(StrEnum):
    """In which order a file writes days such as 3/4/2026."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row as it was written."""

    line: int
    cells: Mapping[str, str]
    """By the names of our columns."""


KINDS: Mapping[EntryKind, dict[str, str]] = {
    EntryKind.PRACTICE: spoken("practice", "práctica", "ممارسة"),
    EntryKind.TRAINING: spoken("training", "formación", "تدريب"),
    EntryKind.SUPERVISION: spoken("supervision", "supervisión", "إشراف"),
    EntryKind.EDUCATION: spoken("continuing education", "educación continua", "تعليم مستمر"),
}
MODELS: Mapping[PracticeModel, dict[str, str]] = {
    PracticeModel.ONE_TO_ONE: spoken("one to one", "uno a uno", "واحد لواحد"),
    PracticeModel.GROUP: spoken("group", "grupo", "جماعية"),
    PracticeModel.WARM_LINE: spoken("warm line", "línea de apoyo", "خط الدعم الودّي"),
    PracticeModel.YOUTH: spoken("youth", "jóvenes", "الشباب"),
    PracticeModel.FAMILY: spoken("family", "familia", "الأسرة"),
}
SETTINGS: Mapping[Setting, dict[str, str]] = {
    Setting.MENTAL_HEALTH: spoken("mental health", "salud mental", "الصحة النفسية"),
    Setting.ADDICTION: spoken("addiction and recovery", "adicción y recuperación", "الإدمان والتعافي"),
    Setting.HEALTHCARE: spoken("healthcare", "atención de salud", "الرعاية الصحية"),
    Setting.CRISIS: spoken("crisis support", "apoyo en crisis", "دعم الأزمات"),
    Setting.COMMUNITY: spoken("community", "comunidad", "المجتمع"),
    Setting.REENTRY: spoken("coming back from prison", "salida de prisión", "العودة من السجن"),
    Setting.TRANSITION: spoken(
        "from inpatient care to the community", "del hospital a la comunidad", "من الرعاية الداخلية إلى المجتمع"
    ),
}
_SHEET = spoken("Hours", "Horas", "الساعات")
_GUIDE = spoken("How to fill this in", "Cómo se rellena", "كيفية الملء")
_ALSO = {
    "hours": EntryKind.PRACTICE, "work": EntryKind.PRACTICE, "horas": EntryKind.PRACTICE,
    "course": EntryKind.TRAINING, "curso": EntryKind.TRAINING, "capacitacion": EntryKind.TRAINING,
    "ce": EntryKind.EDUCATION, "education": EntryKind.EDUCATION, "educacion": EntryKind.EDUCATION,
    "formacioncontinua": EntryKind.EDUCATION, plain("ساعات"): EntryKind.PRACTICE, plain("دورة"): EntryKind.TRAINING,
}  # fmt: skip


def _column(name: str, headers: dict[str, str], says: dict[str, str], *, also: tuple[str, ...] = (),
            required: bool = False, words: Iterable[dict[str, str]] = (), width: int = 20) -> Column:  # fmt: skip
    choices = {language: tuple(each[language] for each in words) for language in LANGUAGES} if words else {}
    return Column(
        name=name, headers=headers, also=also, required=required, says=says, choices=choices, width=width
    )  # fmt: skip


_OR_EMPTY = spoken("Or empty.", "O vacío.", "أو يُترك فارغًا.")
COLUMNS = (
    _column("kind", spoken("Kind", "Tipo", "النوع"),
            spoken("practice, training, supervision or continuing education",
                   "práctica, formación, supervisión o educación continua",
                   "ممارسة أو تدريب أو إشراف أو تعليم مستمر"),
            also=("Type",), required=True, words=KINDS.values(), width=22),
    _column("day", spoken("Day", "Día", "اليوم"),
            spoken("Such as 2026-03-14.", "Por ejemplo 2026-03-14.", "مثل 2026-03-14."),
            also=("Date", "Fecha", "On", "التاريخ"), required=True, width=14),
    _column("amount", spoken("Hours", "Horas", "الساعات"),
            spoken("Such as 2.5 or 2:30.", "Por ejemplo 2,5 o 2:30.", "مثل 2.5 أو 2:30."),
            also=("Amount", "Duration", "Duración", "Cantidad", "المقدار", "المدة"), required=True, width=10),
    _column("title", spoken("What it was", "Qué fue", "ما كان ذلك"),
            spoken("The name of a training; else as you like.", "El nombre de una formación; si no, como prefiera.",
                   "اسم التدريب؛ وفي غير ذلك كما تحبّون."),
            also=("Title", "Name", "Título", "Nombre", "العنوان", "الاسم"), width=30),
    _column("provider", spoken("Given by", "Impartido por", "أعطاه"),
            spoken("Of a training, if you know it.", "De una formación, si lo sabe.", "لتدريب، إن كنتم تعرفونه."),
            also=("Provider", "Proveedor", "الجهة")),
    _column("site", spoken("Site", "Lugar", "الموقع"),
            spoken("The name of one of your sites, or empty.", "El nombre de uno de sus lugares, o vacío.",
                   "اسم أحد مواقعكم، أو يُترك فارغًا."),
            also=("Place", "Sitio", "المكان")),
    _column("model", spoken("Practice model", "Modelo de práctica", "نموذج الممارسة"), _OR_EMPTY,
            also=("Model", "Modelo"), words=MODELS.values()),
    _column("setting", spoken("Setting", "Ámbito", "بيئة العمل"), _OR_EMPTY, also=("Entorno",),
            words=SETTINGS.values()),
    _column("category", spoken("Category", "Categoría", "الفئة"),
            spoken("In the words of your program; several with a semicolon.",
                   "Con las palabras de su programa; varias con punto y coma.",
                   "بكلمات برنامجكم؛ وإن تعدّدت ففاصلة منقوطة بينها."),
            also=("Categories", "Categorías", "الفئات")),
    _column("note", spoken("Note for whoever signs", "Nota para quien firma", "مذكّرة لمن يوقّع"),
            spoken("No names of people you support, please.", "Sin nombres de personas a las que apoya, por favor.",
                   "يُرجى عدم ذكر أسماء من تدعمونهم."),
            also=("Note", "Nota", "Notes", "Notas", "مذكّرات"), width=36),
)  # fmt: skip


def read(content: bytes, *, source: str) -> tuple[EntryRow, ...]:
    """The rows of a file. Raises `DocumentProblems` where it is none, lacks a column or has too many rows.

    What stands in single cells is looked at later: a row with something to look at stops no other.
    """
    checking = Checking(source)
    table = read_table(content, checking=checking, options=Options(), fit=lambda header: fits(header, COLUMNS))
    found = positions(table.header, COLUMNS, checking)
    checking.finish()
    if len(table.rows) > MOST_ROWS:
        raise problem(
            source,
            "the whole file",
            _N("A file may have %(most)s rows. Please bring it in parts, or take empty rows out at its end."),
            most=MOST_ROWS,
        )
    rows = records(table.header, table.rows, found, checking)
    checking.finish()
    return tuple(EntryRow(row.line, dict(undefused_record(row).cells)) for row in rows)


def template_csv(language: str) -> bytes:
    """The header line, as text with commas."""
    return people_csv([[column.header(known_language(language)) for column in COLUMNS]])


def template_xlsx(language: str) -> bytes:
    """The header line as a spreadsheet, with a second sheet that says how to fill it in."""
    language = known_language(language)
    lines = [(column.header(language), column.says[language]) for column in COLUMNS]
    return xlsx(_SHEET[language], COLUMNS, [], language, Guide(_GUIDE[language], lines))


def header_of(name: str, language: str) -> str:
    """What our column is called in this language."""
    return next(column.header(known_language(language)) for column in COLUMNS if column.name == name)


def kind_of(written: str) -> EntryKind | None:
    """Which kind the word means, in any of our languages; None where it is none."""
    return _meant(written, KINDS) or _ALSO.get(plain(written))


def model_of(written: str) -> PracticeModel | None:
    """The same for a practice model."""
    return _meant(written, MODELS)


def setting_of(written: str) -> Setting | None:
    """The same for a setting."""
    return _meant(written, SETTINGS)


def _meant(written: str, words: Mapping[Value, Mapping[str, str]]) -> Value | None:
    found = plain(written)
    return next((value for value, said in words.items() if found in {plain(value), *map(plain, said.values())}), None)


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", re.ASCII)


def day_of(written: str, order: DayOrder | None) -> date | None:
    """The day; None where it is none, or can be read in two ways and nobody said how."""
    written = in_digits(written)
    if iso := _ISO.fullmatch(written):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _NUMBERS.fullmatch(written)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    ways = {DayOrder.DAY_FIRST: _day(year, second, first), DayOrder.MONTH_FIRST: _day(year, first, second)}
    if order is not None:
        return ways[order]
    possible = {day for day in ways.values() if day is not None}
    return possible.pop() if len(possible) == 1 else None


def has_two_ways(written: str) -> bool:
    """Whether the day can be read with the day first and with the month first, as two different days."""
    found = _NUMBERS.fullmatch(in_digits(written))
    return found is not None and day_of(written, None) is None and day_of(written, DayOrder.DAY_FIRST) is not None


def order_in(rows: Iterable[EntryRow]) -> DayOrder | None:
    """How the file writes its days, where some can be read in one way only and these agree; else None."""
    orders = set()
    for row in rows:
        written = in_digits(row.cells.get("day", ""))
        if _NUMBERS.fullmatch(written):
            ways = [order for order in DayOrder if day_of(written, order) is not None]
            if len(ways) == 1:
                orders.add(ways[0])
    return orders.pop() if len(orders) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
