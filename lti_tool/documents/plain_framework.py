"""Competency frameworks as a plain spreadsheet for people, .csv or .xlsx: one row a competency."""

from collections.abc import Iterator, Sequence

from grading.competency import Competency, Framework, Kind
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.cells import language_of, needed, yes_or_no
from lti_tool.documents.columns import Column, Record, fits, positions, records
from lti_tool.documents.framework_names import identifier_of
from lti_tool.documents.framework_rows import alone, as_identifier, key_of, written_names
from lti_tool.documents.plain_tables import Cells, grouped, once, one_language, plain_table, undefused_record
from lti_tool.documents.rows import Checking
from lti_tool.documents.tables import read_table, stem
from rubrics.keys import is_key
from rubrics.refusal import _N

LEAVES_OUT = (
    _N("links, translations and addresses of the source"),
    _N("words of the source for kinds, and dates of change"),
    _N("adoption status, and who reviewed the framework"),
    _N("what is not used any more"),
    _N("frameworks without competencies"),
)
"""What a file of this format cannot hold."""

TABLE = plain_table("framework")

_TEXTS = ("description", "version", "creator", "publisher", "license", "notice", "source")


def recognizes(header: Sequence[str]) -> float:
    """How well a header line fits, from 0 to 1."""
    return fits(header, TABLE.columns)


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The frameworks of a file. Raises `DocumentProblems`, which names everything that is to be mended."""
    checking = Checking(source)
    table = read_table(content, checking=checking, options=options, fit=recognizes)
    found = positions(table.header, TABLE.columns, checking)
    checking.finish()
    rows = [undefused_record(each) for each in records(table.header, table.rows, found, checking)]
    frameworks = tuple(
        _framework(mine[0]["framework"] or stem(source), mine, options, checking)
        for mine in grouped(rows, "framework", "key")
    )
    checking.finish()
    return Brought(frameworks=frameworks, notes=checking.notes())


def write(brought: Brought) -> bytes:
    """The frameworks as .csv; `LEAVES_OUT` says what stays behind."""
    columns, language = _written(brought)
    return TABLE.csv(columns, _rows(brought, language), language)


def write_xlsx(brought: Brought) -> bytes:
    """The frameworks as .xlsx, with a second sheet that says how to change them."""
    columns, language = _written(brought)
    return TABLE.xlsx(columns, _rows(brought, language), language)


def _framework(title: str, rows: Sequence[Record], options: Options, checking: Checking) -> Framework:
    said = {name: once(rows, name, checking) for name in TABLE.wholes}
    key = said["key"]["key"]
    if key and not is_key(key):
        checking.say(
            said["key"].place("key"),
            _N("Found “%(found)s”; expected small letters, digits and hyphens, such as peer-support, or nothing."),
            found=key,
        )
    key = key or key_of(title)
    return Framework(
        identifier=_identifier(said["framework_identifier"], "framework_identifier", checking) or identifier_of(key),
        key=key,
        title=title,
        language=said["language"]["language"] or language_of(options, checking),
        competencies=tuple(_competencies(key, rows, checking)),
        version=said["version"]["version"],
        creator=said["creator"]["creator"],
        publisher=said["publisher"]["publisher"],
        description=said["description"]["description"],
        license=said["license"]["license"],
        notice=said["notice"]["notice"],
        source=said["source"]["source"],
    )


def _competencies(key: str, rows: Sequence[Record], checking: Checking) -> Iterator[Competency]:
    before, identifiers = dict[str, int](), dict[str, int]()
    own = [
        _identifier(row, "identifier", checking) or identifier_of(key, row["code"] or row["statement"]) for row in rows
    ]
    names = dict(zip((row["code"] for row in rows), own, strict=True)) | {each: each for each in own}
    for row, identifier in zip(rows, own, strict=True):
        statement, parent = needed(row, "statement", checking), row["parent"]
        if row["identifier"]:
            alone(row, "identifier", identifiers, checking)
        else:
            alone(row, "code" if row["code"] else "statement", before, checking)
        if parent and (parent not in names or names[parent] == identifier):
            checking.say(
                row.place("parent"),
                _N("Found “%(found)s”; expected the code of another row, or nothing at the top of the tree."),
                found=parent,
            )
        yield Competency(
            identifier=identifier,
            code=row["code"],
            statement=statement,
            short=row["short"],
            parent=names.get(parent) if parent else None,
            kind=_kind(row, checking),
            observable=yes_or_no(row, "observable", checking, otherwise=True),
            notes=row["notes"],
        )


def _identifier(row: Record, name: str, checking: Checking) -> str | None:
    found = as_identifier(row[name])
    if row[name] and found is None:
        checking.say(
            row.place(name),
            _N("Found “%(found)s”; expected an identifier (a UUID) as it was exported, or nothing."),
            found=row[name],
        )
    return found


def _kind(row: Record, checking: Checking) -> Kind | None:
    if not row["kind"]:
        return None
    name = TABLE.meant(row["kind"])
    if name in {each.value for each in Kind}:
        return Kind(name)
    checking.say(
        row.place("kind"),
        _N("Found “%(found)s”; expected one of %(known)s."),
        found=row["kind"],
        known=", ".join(TABLE.words[each]["en"] for each in Kind),
    )
    return None


def _written(brought: Brought) -> tuple[Sequence[Column], str]:
    return TABLE.columns, one_language(each.language for each in brought.frameworks)


def _rows(brought: Brought, language: str) -> Iterator[Cells]:
    for framework in brought.frameworks:
        names = written_names(framework, longest=1000)
        derived = framework.identifier == identifier_of(framework.key)
        first = {
            "key": framework.key,
            "language": framework.language,
            "framework_identifier": "" if derived else framework.identifier,
        } | {name: getattr(framework, name) for name in _TEXTS}
        for competency in framework.competencies:
            row = _row(competency, framework.key, language)
            yield {"framework": framework.title, "parent": names.get(competency.parent or "", "")} | row | first
            first = {}


def _row(competency: Competency, key: str, language: str) -> dict[str, str]:
    derived = competency.identifier == identifier_of(key, competency.code or competency.statement)
    return {
        "code": competency.code,
        "statement": competency.statement,
        "short": competency.short,
        "kind": TABLE.words[competency.kind][language] if competency.kind else "",
        "observable": TABLE.words["yes" if competency.observable else "no"][language],
        "notes": competency.notes,
        "identifier": "" if derived else competency.identifier,
    }
