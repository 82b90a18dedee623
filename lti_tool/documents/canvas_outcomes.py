"""Outcomes as Canvas takes and gives them: groups and the outcomes in them, by `vendor_guid`.

What holds others is a group there. Where one group holds everything, it is the framework itself; else the framework
is called like the file.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote

from grading.competency import Competency, Framework, Relation, tree
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.cells import language_of, needed
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
)
from lti_tool.documents.html_text import html_of_text, text_of_html
from lti_tool.documents.rows import Checking, Row
from lti_tool.documents.table_out import literal_csv
from lti_tool.documents.tables import read_table, stem
from rubrics.refusal import _N

COLUMNS = (
    single("guid", "vendor_guid", required=True),
    single("type", "object_type", required=True),
    single("title", "title", required=True),
    single("description", "description"),
    single("friendly", "friendly_description"),
    single("code", "display_name"),
    single("method", "calculation_method"),
    single("method_number", "calculation_int"),
    single("parents", "parent_guids"),
    single("state", "workflow_state"),
    single("mastery", "mastery_points"),
    single("ratings", "ratings"),
    single("course", "course_id"),
    single("canvas", "canvas_id"),
)
LEAVES_OUT = (
    _N("the framework's key, language, license, notice, source, version, creator, publisher and translations"),
    _N("kinds, and whether something can be seen in a session"),
    _N("what is not used any more, and links other than further parents"),
    _N("of titles and short names more than 250 letters, and notes of more than 250"),
    _N("the order between groups and outcomes: groups come first"),
)
"""What a file of this format cannot hold."""

LONGEST = 250
_OURS = "urn:canvas-guid:"
_GROUP, _OUTCOME = "group", "outcome"
_MARKUP = re.compile(r"[<>&\n]")


def recognizes(header: Sequence[str]) -> float:
    """How well a header line fits, from 0 to 1; the ratings after it have no names."""
    return fits(header, COLUMNS)


def read(content: bytes, *, source: str, options: Options) -> Brought:
    """The framework of a file. Raises `DocumentProblems`, which names everything that is to be mended."""
    checking = Checking(source)
    table = read_table(content, checking=checking, options=options, fit=recognizes)
    found = positions(table.header, COLUMNS, checking)
    checking.finish()
    rows = table.rows
    if "ratings" in found:  # which go on to the right, below no header
        width = len(table.header.cells)
        rows = tuple(Row(row.line, row.cells[:width]) for row in rows)
    everything = records(table.header, rows, found, checking)
    _check(everything, checking)
    checking.finish()
    _tell_what_is_left(everything, checking)
    kept = {each["guid"]: each for each in everything if each["state"].casefold() != "deleted"}
    parents = {guid: [name for name in each["parents"].split() if name in kept] for guid, each in kept.items()}
    framework = _framework(kept, parents, stem(source), language_of(options, checking))
    return Brought(frameworks=(framework,), notes=checking.notes())


def write(brought: Brought) -> bytes:
    """The framework for Canvas, which takes one a file; `LEAVES_OUT` says what stays behind."""
    framework = only_framework(brought, "Canvas")
    guids = {each.identifier: _guid(each) for each in framework.competencies}
    further = dict[str, list[str]]()
    for each in framework.links:
        if each.relation is Relation.CHILD and each.destination in guids:
            further.setdefault(each.origin, []).append(each.destination)
    groups = {each.parent for each in framework.competencies}.union(*further.values())
    whole = {
        "guid": _guid(framework),
        "type": _GROUP,
        "title": shortened_title(framework.title, LONGEST),
        "description": _marked(framework.description),
        "state": "active",
    }
    rows, before = [whole], set[str]()
    # A parent is to stand before whatever names it, so outcomes come after all groups.
    for node in sorted(tree(framework), key=lambda node: node.competency.identifier not in groups):
        competency = node.competency
        parents = [guids.get(competency.parent or "", whole["guid"])]
        parents += [guids[each] for each in further.get(competency.identifier, ()) if each in before]
        is_group = competency.identifier in groups
        rows.append(_row(competency, guids[competency.identifier], parents, is_group=is_group))
        if is_group:
            before.add(competency.identifier)
    written = [each for each in COLUMNS if any(row.get(each.name) for row in rows)]
    return literal_csv(
        [[each.header("") for each in written], *([row.get(each.name, "") for each in written] for row in rows)]
    )


def _row(competency: Competency, guid: str, parents: Sequence[str], *, is_group: bool) -> dict[str, str]:
    title = shortened_title(competency.short or competency.statement, LONGEST)
    return {
        "guid": guid,
        "type": _GROUP if is_group else _OUTCOME,
        "title": title,
        "description": "" if competency.statement == title else _marked(competency.statement),
        "friendly": competency.notes if len(competency.notes) <= LONGEST else "",
        "code": competency.code,
        "parents": " ".join(parents),
        "state": "deleted" if competency.deprecated_on else "active",
    }


def _guid(named: Competency | Framework) -> str:
    """What Canvas calls it: its own word where it came from there."""
    return unquote(named.uri.removeprefix(_OURS)) if named.uri.startswith(_OURS) else named.identifier


def _marked(text: str) -> str:
    """Canvas takes descriptions for HTML."""
    return html_of_text(text) if _MARKUP.search(text) else text


def _check(rows: Sequence[Record], checking: Checking) -> None:
    before, types = dict[str, int](), {each["guid"]: each["type"].casefold() for each in reversed(rows)}
    for row in rows:
        guid = needed(row, "guid", checking)
        needed(row, "title", checking)
        alone(row, "guid", before, checking)
        if len(guid.split()) > 1:
            checking.say(row.place("guid"), _N("Found “%(found)s”; please write it without spaces."), found=guid)
        for name, known in (("type", (_GROUP, _OUTCOME)), ("state", ("active", "deleted", ""))):
            if row[name].casefold() not in known:
                sentence = _N("Found “%(found)s”; expected %(expected)s.")
                checking.say(row.place(name), sentence, found=row[name], expected=" / ".join(filter(None, known)))
        for parent in row["parents"].split():
            if types.get(parent) != _GROUP or parent == guid:
                checking.say(
                    row.place("parents"), _N("Found “%(found)s”; expected the vendor_guid of a group."), found=parent
                )


def _tell_what_is_left(rows: Sequence[Record], checking: Checking) -> None:
    gone = {each["guid"] for each in rows if each["state"].casefold() == "deleted"}
    if gone:
        sentence = _N("%(count)s rows are marked as deleted and are not taken over.")
        checking.note("the whole file", sentence, count=len(gone))
    for row in rows:
        parents = row["parents"].split()
        if row["guid"] not in gone and parents and gone.issuperset(parents):
            sentence = _N("The group that this belongs to is marked as deleted; it stands at the top now.")
            checking.note(row.place("parents"), sentence)
    if any(row[name] for row in rows for name in ("ratings", "mastery", "method")):
        checking.note("the whole file", _N("Ratings, and how Canvas calculates with them, are not kept."))


def _framework(kept: Mapping[str, Record], parents: Mapping[str, Sequence[str]], name: str, language: str) -> Framework:
    tops = [guid for guid in kept if not parents[guid]]
    whole = kept[tops[0]] if len(tops) == 1 and kept[tops[0]]["type"].casefold() == _GROUP else None
    top = whole["guid"] if whole else ""
    title = whole["title"] if whole else name
    identifier = as_identifier(top) or (identifier_of("canvas", top) if top else identifier_of(key_of(title)))
    identifiers = {guid: as_identifier(guid) or identifier_of(identifier, guid) for guid in kept}
    members = [each for each in kept.values() if each is not whole]
    above = {guid: [identifiers[each] for each in parents[guid] if each != top] for guid in kept}
    return Framework(
        identifier=identifier,
        key=key_of(title),
        title=title,
        language=language,
        description=text_of_html(whole["description"]) if whole else "",
        uri=_uri(top, identifier),
        competencies=tuple(
            _competency(each, identifiers[each["guid"]], next(iter(above[each["guid"]]), None)) for each in members
        ),
        links=tuple(
            link(identifiers[each["guid"]], Relation.CHILD, parent)
            for each in members
            for parent in list(dict.fromkeys(above[each["guid"]]))[1:]
        ),
    )


def _competency(row: Record, identifier: str, parent: str | None) -> Competency:
    statement = text_of_html(row["description"]) or row["title"]
    return Competency(
        identifier=identifier,
        code=row["code"],
        statement=statement,
        short=own_short(row["title"], statement, LONGEST),
        parent=parent,
        notes=row["friendly"],
        uri=_uri(row["guid"], identifier),
    )


def _uri(guid: str, identifier: str) -> str:
    """Where Canvas has a word of its own, it is kept for the way back."""
    return "" if guid in ("", identifier) else f"{_OURS}{quote(guid, safe='')}"
