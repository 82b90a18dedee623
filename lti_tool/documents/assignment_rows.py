"""Who is assigned to whom as a plain spreadsheet for people, .csv or .xlsx: one row an assignment."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from lti_tool.documents.brought import Options
from lti_tool.documents.columns import Column, Record, fits, plain, positions, records
from lti_tool.documents.plain_tables import known_language, undefused_record
from lti_tool.documents.rows import Checking, problem
from lti_tool.documents.table_out import Guide, people_csv, xlsx
from lti_tool.documents.tables import read_table
from rubrics.refusal import _N

MOST_ROWS = 5_000
YES = {"en": "yes", "es": "sí"}
_YES = frozenset({"yes", "y", "x", "1", "true", "sí", "si", "s"})

WORDS: dict[str, dict[str, str]] = {
    "observer": {"en": "observer", "es": "observador"},
    "supervisor": {"en": "supervisor", "es": "supervisor"},
    "mentor": {"en": "mentor", "es": "mentor"},
    "peer": {"en": "peer", "es": "pares"},
    "clinical": {"en": "clinical", "es": "clínico"},
}
"""What we call a part or a lane, to the word for it in each language."""
_ALSO = {
    "observadora": "observer", "supervisora": "supervisor", "mentora": "mentor", "peerlane": "peer",
    "clinicallane": "clinical", "par": "peer", "clinica": "clinical",
}  # fmt: skip


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


def _column(name: str, en: str, es: str, says_en: str, says_es: str, *, also: tuple[str, ...] = (),
            required: bool = False, choices: tuple[str, ...] = (), width: int = 24) -> Column:  # fmt: skip
    return Column(
        name=name,
        headers={"en": en, "es": es},
        also=also,
        required=required,
        says={"en": says_en, "es": says_es},
        choices={
            language: tuple(YES[language] if each == "yes" else WORDS[each][language] for each in choices)
            for language in ("en", "es")
        },
        width=width,
    )


COLUMNS = (
    _column("trainee", "Trainee", "Persona en formación", "The name, as Attune shows it.",
            "El nombre, como lo muestra Attune.", also=("Name",), required=True),
    _column("person", "Assigned", "Persona asignada", "Who observes, supervises or mentors them.",
            "Quién observa, supervisa o acompaña.", also=("Observer", "Supervisor", "Mentor", "Person"), required=True),
    _column("part", "As", "Como", "observer, supervisor or mentor", "observador, supervisor o mentor",
            also=("Role", "Part"), required=True, choices=("observer", "supervisor", "mentor"), width=14),
    _column("lane", "Lane", "Vía", "Of supervisors only: peer or clinical.", "Solo de supervisores: pares o clínico.",
            choices=("peer", "clinical"), width=12),
    _column("backup", "Back-up", "Suplente", "yes for somebody who stands in; else empty.",
            "sí para quien suple; si no, vacío.", also=("Backup",), choices=("yes",), width=10),
    _column("end", "End", "Terminar", "yes to end what stands; else empty. A row that is not in the file stays.",
            "sí para terminar lo que existe; si no, vacío. Lo que no está en el archivo se queda.",
            choices=("yes",), width=10),
    _column("trainee_id", "Trainee ID", "ID de la persona en formación",
            "Please leave it as it is: it tells people of the same name apart.",
            "Por favor, deje esto como está: distingue a personas del mismo nombre.", width=38),
    _column("person_id", "Assigned ID", "ID de la persona asignada",
            "Please leave it as it is, or empty for somebody else.",
            "Por favor, deje esto como está, o vacío para otra persona.", width=38),
)  # fmt: skip


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
    name, guide = {
        "en": ("Assignments", "How to fill this in"),
        "es": ("Asignaciones", "Cómo se rellena"),
    }[language]
    lines = [(column.header(language), column.says[language]) for column in COLUMNS]
    return xlsx(name, COLUMNS, _cells(rows), language, Guide(guide, lines))


def meant(written: str) -> str | None:
    """Which part or lane this word is, in any language; None where it is none."""
    found = plain(written)
    said = (name for name, words in WORDS.items() if found in {name, *map(plain, words.values())})
    return next(said, _ALSO.get(found))


def is_yes(written: str) -> bool | None:
    """True for yes, False for no or nothing; None for what is neither."""
    found = written.strip().casefold()
    return True if found in _YES else False if found in {"", "no", "n", "0", "false"} else None


def _entry(row: Record) -> Entry:
    return Entry(row.line, *(row[field.name] for field in fields(Entry) if field.name != "line"))


def _cells(rows: Sequence[Entry]) -> list[list[str]]:
    return [[getattr(row, column.name) for column in COLUMNS] for row in rows]
