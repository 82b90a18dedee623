"""Who is assigned to whom as a plain spreadsheet for people, .csv or .xlsx: one row an assignment."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from lti_tool.documents.brought import Options
from lti_tool.documents.columns import Column, Record, fits, plain, positions, records
from lti_tool.documents.plain_tables import LANGUAGES, known_language, spoken, undefused_record
from lti_tool.documents.rows import Checking, problem
from lti_tool.documents.table_out import Guide, people_csv, xlsx
from lti_tool.documents.tables import read_table
from rubrics.refusal import _N

MOST_ROWS = 5_000
YES = spoken("yes", "sí", "نعم")
_YES = frozenset({"yes", "y", "x", "1", "true", "sí", "si", "s", "نعم"})
_NO = frozenset({"", "no", "n", "0", "false", "لا"})

WORDS: dict[str, dict[str, str]] = {
    "observer": spoken("observer", "observador", "ملاحِظ"),
    "supervisor": spoken("supervisor", "supervisor", "مشرف"),
    "mentor": spoken("mentor", "mentor", "مرشد"),
    "peer": spoken("peer", "pares", "الأقران"),
    "clinical": spoken("clinical", "clínico", "سريري"),
}
"""What we call a part or a lane, to the word for it in each language."""
_ALSO = {
    plain(word): name
    for name, words in {
        "observer": ("observadora", "ملاحِظة", "الملاحِظ"),
        "supervisor": ("supervisora", "مشرفة", "المشرف"),
        "mentor": ("mentora", "مرشدة", "المرشد"),
        "peer": ("peer lane", "par", "أقران", "مسار الأقران", "قرين"),
        "clinical": ("clinical lane", "clínica", "سريرية", "المسار السريري"),
    }.items()
    for word in words
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as it was written; ids are those of our own file."""

    line: int
    trainee: str
    trainee_id: str
    person: str
    person_id: str
    part: str
    lane: str
    backup: str
    end: str


def _column(name: str, headers: dict[str, str], says: dict[str, str], *, also: tuple[str, ...] = (),
            required: bool = False, choices: tuple[str, ...] = (), width: int = 24) -> Column:  # fmt: skip
    return Column(
        name=name,
        headers=headers,
        also=also,
        required=required,
        says=says,
        choices={
            language: tuple(YES[language] if each == "yes" else WORDS[each][language] for each in choices)
            for language in LANGUAGES
        },
        width=width,
    )


COLUMNS = (
    _column("trainee", spoken("Trainee", "Persona en formación", "المتدرّب"),
            spoken("The name, as Attune shows it.", "El nombre, como lo muestra Attune.", "الاسم كما يُظهره Attune."),
            also=("Name", "الاسم"), required=True),
    _column("person", spoken("Assigned", "Persona asignada", "المعيَّن"),
            spoken("Who observes, supervises or mentors them.", "Quién observa, supervisa o acompaña.",
                   "من يلاحظ أو يشرف أو يرشد."),
            also=("Observer", "Supervisor", "Mentor", "Person", "الملاحِظ", "المشرف", "المرشد"), required=True),
    _column("part", spoken("As", "Como", "بصفة"),
            spoken("observer, supervisor or mentor", "observador, supervisor o mentor", "ملاحِظ أو مشرف أو مرشد"),
            also=("Role", "Part", "الدور"), required=True, choices=("observer", "supervisor", "mentor"), width=14),
    _column("lane", spoken("Lane", "Vía", "المسار"),
            spoken("Of supervisors only: peer or clinical.", "Solo de supervisores: pares o clínico.",
                   "للمشرفين فقط: الأقران أو سريري."),
            choices=("peer", "clinical"), width=12),
    _column("backup", spoken("Back-up", "Suplente", "بديل"),
            spoken("yes for somebody who stands in; else empty.", "sí para quien suple; si no, vacío.",
                   "نعم لمن ينوب؛ وإلا يُترك فارغًا."),
            also=("Backup",), choices=("yes",), width=10),
    _column("end", spoken("End", "Terminar", "إنهاء"),
            spoken("yes to end what stands; else empty. A row that is not in the file stays.",
                   "sí para terminar lo que existe; si no, vacío. Lo que no está en el archivo se queda.",
                   "نعم لإنهاء ما هو قائم؛ وإلا يُترك فارغًا. والصف الذي ليس في الملف يبقى."),
            choices=("yes",), width=10),
    _column("trainee_id", spoken("Trainee ID", "ID de la persona en formación", "معرّف المتدرّب"),
            spoken("Please leave it as it is: it tells people of the same name apart.",
                   "Por favor, deje esto como está: distingue a personas del mismo nombre.",
                   "يُرجى تركه كما هو: به يُميَّز بين من يحملون الاسم نفسه."),
            width=38),
    _column("person_id", spoken("Assigned ID", "ID de la persona asignada", "معرّف المعيَّن"),
            spoken("Please leave it as it is, or empty for somebody else.",
                   "Por favor, deje esto como está, o vacío para otra persona.",
                   "يُرجى تركه كما هو، أو فارغًا لشخص آخر."),
            width=38),
)  # fmt: skip
_SHEET = spoken("Assignments", "Asignaciones", "التعيينات")
_GUIDE = spoken("How to fill this in", "Cómo se rellena", "كيفية الملء")


def read(content: bytes, *, source: str) -> tuple[Entry, ...]:
    """The rows of a file. Raises `DocumentProblems` where it is none, lacks a column or has too many rows.

    What stands in single cells is looked at later, with the course.
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
    return tuple(_entry(undefused_record(row)) for row in rows)


def write_csv(rows: Sequence[Entry], language: str) -> bytes:
    """The rows as text with commas, for a spreadsheet program; nothing in it is a formula."""
    return people_csv([[column.header(known_language(language)) for column in COLUMNS], *_cells(rows)])


def write_xlsx(rows: Sequence[Entry], language: str) -> bytes:
    """The rows as a spreadsheet, with a second sheet that says how to fill it in."""
    language = known_language(language)
    lines = [(column.header(language), column.says[language]) for column in COLUMNS]
    return xlsx(_SHEET[language], COLUMNS, _cells(rows), language, Guide(_GUIDE[language], lines))


def meant(written: str) -> str | None:
    """Which part or lane this word is, in any language; None where it is none."""
    found = plain(written)
    said = (name for name, words in WORDS.items() if found in {name, *map(plain, words.values())})
    return next(said, _ALSO.get(found))


def is_yes(written: str) -> bool | None:
    """True for yes, False for no or nothing; None for what is neither."""
    found = written.strip().casefold()
    return True if found in _YES else False if found in _NO else None


def _entry(row: Record) -> Entry:
    return Entry(row.line, *(row[field.name] for field in fields(Entry) if field.name != "line"))


def _cells(rows: Sequence[Entry]) -> list[list[str]]:
    return [[getattr(row, column.name) for column in COLUMNS] for row in rows]
