"""Competency frameworks as Moodle takes and gives them (Site administration, Competencies): 14 columns.

Rows name their parent by its ID number. Moodle finds columns by their order, and so does this where a header line
is in another language than English.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grading.competency import Competency, Framework, Kind, Link, Relation, tree
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.cells import language_of, needed, yes_or_no
from lti_tool.documents.columns import Record, fits, positions, records, single
from lti_tool.documents.framework_names import identifier_of
from lti_tool.documents.framework_rows import (
    alone,
    as_identifier,
    key_of,
    link,
    only_framework,
    own_short,
    shortened_title,
    written_names,
)
from lti_tool.documents.html_text import html_of_text, text_of_html
from lti_tool.documents.rows import Checking
from lti_tool.documents.table_out import literal_csv
from lti_tool.documents.tables import Table, read_table
from rubrics.refusal import _N

COLUMNS = (
    single("parent", "Parent ID number", required=True),
    single("id", "ID number", required=True),
    single("short", "Short name", required=True),
    single("description", "Description", required=True),
    single("format", "Description format"),
    single("scale", "Scale values"),
    single("configuration", "Scale configuration"),
    single("rule", "Rule type (optional)", "Rule type"),
    single("outcome", "Rule outcome (optional)", "Rule outcome"),
    single("rule_configuration", "Rule config (optional)", "Rule config"),
    single("related", "Cross-referenced competency ID numbers"),
    single("exported", "Exported ID (optional)", "Exported ID"),
    single("is_framework", "Is framework", required=True),
    single("taxonomy", "Taxonomy"),
)
LEAVES_OUT = (
    _N("language, license, notice, source, version, creator, publisher and translations"),
    _N("notes, and whether something can be seen in a session"),
    _N("identifiers that are not made from codes, and kinds where one depth of the tree has several"),
    _N("links other than “related”"),
    _N("of short names and titles more than 100 letters"),
)
"""What a file of this format cannot hold."""

LONGEST = 100
SCALE = "Not yet competent,Competent"
"""Moodle's own default, which each framework is written with; other scales are not kept, nor are rules."""
CONFIGURATION = '[{"scaleid":"2"},{"id":2,"scaledefault":1,"proficient":1}]'

_TAXONOMIES = (
    *("behaviour", "competency", "concept", "domain", "indicator", "level"),
    *("outcome", "practice", "proficiency", "skill", "value"),
)
_DEPTHS = 4  # that Moodle names; below it everything is a competency
_KINDS = {"skill": Kind.SKILL, "value": Kind.VALUE}
_PLAIN_TEXT = "2"


def recognizes(header: Sequence[str]) -> float:
    """How well a header line fits, from 0 to 1."""
    return fits(header, COLUMNS)


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The framework of a file. Raises `DocumentProblems`, which names everything that is to be mended."""
    checking = Checking(source)
    table = read_table(content, checking=checking, options=options, fit=_fit)
    rows = records(table.header, table.rows, _columns(table, checking), checking)
    heads = [each for each in rows if yes_or_no(each, "is_framework", checking, otherwise=False)]
    if len(heads) != 1:
        checking.say(
            f"line {heads[1].line}" if heads else "the whole file",
            _N("Found %(found)s rows with 1 in the column “Is framework”; please mark exactly one."),
            found=len(heads),
        )
        checking.finish()
    head = heads[0]
    key = key_of(needed(head, "id", checking))
    members = _Members(key, [each for each in rows if each is not head], checking)
    framework = Framework(
        identifier=as_identifier(head["id"]) or identifier_of(key),
        key=key,
        title=needed(head, "short", checking),
        language=language_of(options, checking),
        description=_text(head),
        competencies=_with_kinds(members.competencies(), head, checking),
        links=members.links(),
    )
    checking.finish()
    _tell_what_is_left(head, rows, checking)
    return Brought(frameworks=(framework,), notes=checking.notes())


def write(brought: Brought) -> bytes:
    """The framework for Moodle, which takes one a file; `LEAVES_OUT` says what stays behind."""
    framework = only_framework(brought, "Moodle")
    names = written_names(framework, longest=LONGEST)
    rows = [
        {
            "id": framework.key,
            "short": shortened_title(framework.title, LONGEST),
            "description": html_of_text(framework.description),
            "format": "1",
            "scale": SCALE,
            "configuration": CONFIGURATION,
            "is_framework": "1",
            "taxonomy": _taxonomy(framework),
        }
    ]
    related = dict[str, list[str]]()
    for each in framework.links:
        if each.relation is Relation.RELATED and each.destination in names:
            related.setdefault(each.origin, []).append(names[each.destination].replace(",", "%2C"))
    for competency in framework.competencies:
        rows.append(
            {
                "parent": names.get(competency.parent or "", ""),
                "id": names[competency.identifier],
                "short": shortened_title(competency.short or competency.statement, LONGEST),
                "description": html_of_text(competency.statement),
                "format": "1",
                "outcome": "0",
                "rule_configuration": "null",
                "related": ",".join(related.get(competency.identifier, ())),
            }
        )
    header = [each.header("") for each in COLUMNS]
    return literal_csv([header, *([row.get(each.name, "") for each in COLUMNS] for row in rows)])


def _fit(header: Sequence[str]) -> float:
    return recognizes(header) or (0.1 if len(header) == len(COLUMNS) else 0)


def _columns(table: Table, checking: Checking) -> dict[str, int]:
    if not recognizes(table.header.cells) and len(table.header.cells) == len(COLUMNS):
        checking.note(
            f"line {table.header.line}",
            _N("The header line is not in English; the columns were taken in Moodle's order."),
        )
        return {each.name: position for position, each in enumerate(COLUMNS)}
    found = positions(table.header, COLUMNS, checking)
    checking.finish()
    return found


def _text(record: Record) -> str:
    return record["description"] if record["format"] == _PLAIN_TEXT else text_of_html(record["description"])


@dataclass(frozen=True, slots=True)
class _Members:
    """The rows of a framework, by what they call each other."""

    key: str
    rows: Sequence[Record]
    checking: Checking

    def identifiers(self) -> dict[str, str]:
        return {each["id"]: as_identifier(each["id"]) or identifier_of(self.key, each["id"]) for each in self.rows}

    def competencies(self) -> tuple[Competency, ...]:
        known, before = self.identifiers(), dict[str, int]()
        return tuple(self._competency(each, known, before) for each in self.rows)

    def _competency(self, row: Record, known: Mapping[str, str], before: dict[str, int]) -> Competency:
        name = needed(row, "id", self.checking)
        alone(row, "id", before, self.checking)
        short, parent = needed(row, "short", self.checking), row["parent"]
        if parent and (parent not in known or parent == name):
            self.checking.say(
                row.place("parent"),
                _N("Found “%(found)s”; expected the ID number of another row, or nothing at the top of the tree."),
                found=parent,
            )
        statement = _text(row) or short
        return Competency(
            identifier=known[name],
            code="" if as_identifier(name) else name,
            statement=statement,
            short=own_short(short, statement, LONGEST),
            parent=known.get(parent),
        )

    def links(self) -> tuple[Link, ...]:
        """Both of two related rows usually name the other; that is one link."""
        known, pairs = self.identifiers(), dict[frozenset[str], Link]()
        for row in self.rows:
            for name in filter(None, row["related"].split(",")):
                other = name.strip().replace("%2C", ",")
                if other not in known:
                    sentence = _N("“%(found)s” is not in this file; that link is left out.")
                    self.checking.note(row.place("related"), sentence, found=other)
                elif other != row["id"]:
                    origin, destination = known[row["id"]], known[other]
                    pair = frozenset({origin, destination})
                    pairs.setdefault(pair, link(origin, Relation.RELATED, destination))
        return tuple(pairs.values())


def _with_kinds(competencies: tuple[Competency, ...], head: Record, checking: Checking) -> tuple[Competency, ...]:
    """Moodle calls everything at one depth of the tree by one word."""
    words = [each.strip() for each in head["taxonomy"].split(",") if each.strip()]
    for word in words:
        if word not in _TAXONOMIES:
            checking.say(
                head.place("taxonomy"),
                _N("Found “%(found)s”; expected words of this list: %(known)s."),
                found=word,
                known=", ".join(_TAXONOMIES),
            )
    if set(words) <= {"competency"}:
        return competencies
    by_depth = dict(enumerate(words[:_DEPTHS]))
    whole = Framework(identifier="", key="", title="", language="", competencies=competencies)
    depths = {node.competency.identifier: node.depth for node in tree(whole)}
    return tuple(_of_kind(each, by_depth.get(depths[each.identifier], "competency")) for each in competencies)


def _of_kind(competency: Competency, word: str) -> Competency:
    if word == "competency":
        return competency
    kind = _KINDS.get(word)
    return replace(competency, kind=kind, type_name="" if kind else word)


def _taxonomy(framework: Framework) -> str:
    at_depth: list[set[str]] = [set() for _ in range(_DEPTHS)]
    kinds = {kind: word for word, kind in _KINDS.items()}
    for node in tree(framework):
        if node.depth < _DEPTHS:
            competency = node.competency
            kind = kinds.get(competency.kind, "competency") if competency.kind else "competency"
            at_depth[node.depth].add(competency.type_name.casefold() or kind)
    return ",".join(
        next(iter(words)) if len(words) == 1 and words <= set(_TAXONOMIES) else "competency" for words in at_depth
    )


def _tell_what_is_left(head: Record, rows: Sequence[Record], checking: Checking) -> None:
    scales = {each["scale"] for each in rows if each["scale"]} - {SCALE}
    if scales:
        checking.note(head.place("scale"), _N("Moodle's scale “%(found)s” is not kept."), found=min(scales))
    rules = sum(bool(each["rule"]) for each in rows)
    if rules:
        sentence = _N("Moodle's rules for when something is complete (%(count)s) are not kept.")
        checking.note("the whole file", sentence, count=rules)
