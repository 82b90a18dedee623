"""Writes docs/data-map.md from the tables and `lti_tool/store/data_map.toml`: `make data-map`."""

from sqlalchemy import Column, Table

from lti_tool.access import ACCESS, Field, Who
from lti_tool.store import Base
from lti_tool.store.base import EncryptedText
from lti_tool.store.data_map import DataMap, Mapped, data_map
from lti_tool.web.words import WORDS
from tests.project import ROOT

DOCUMENT = ROOT / "docs" / "data-map.md"
EVERYWHERE = ("id", "organization_id")
SHORT = 70
"""Words on keeping that are longer stand once, at the top."""

HEAD = """\
# Data map

Every table and column of the database: what it is for, about whom it is, who can see it, how long it is kept. This \
file is made from the tables and from `lti_tool/store/data_map.toml` by `make data-map`; a test keeps it complete. \
What it means for people stands in [privacy.md](privacy.md).

- **encrypted**: the database holds ciphertext; the keys are with whoever runs Attune ([operate.md](operate.md)).
- **a person**: the column holds the number of a person, never a name. The name stands once, in `person`.
- *Who can see* is what the pages hold to (`lti_tool/access.py`). Whoever runs the computers holds the database and \
its keys, and could read what is encrypted outside of Attune.
- Contents of files are in the store of files, not in the database, see [evidence.md](evidence.md).
- `id` (a number made by chance and the time) and `organization_id` (whose row it is) stand in nearly every table and \
are left out below.
- Single rows also go earlier: with what they belong to, when somebody takes them back, or when a person asks.
"""


def names_a_person(column: Column[object]) -> bool:
    """Whether it holds the number of a person."""
    return any(key.target_fullname == "person.id" for key in column.foreign_keys)


def encrypted(column: Column[object]) -> bool:
    """Whether the database holds ciphertext."""
    return isinstance(column.type, EncryptedText)


def who(key: str, found: DataMap) -> str:
    """Who can see it, in words. Raises `LookupError` for a key that nothing explains."""
    if key in found.sees:
        return found.sees[key]
    said = ", ".join(WORDS[Who][each] for each in Who if each in ACCESS[_field(key)].see)
    return said[0].upper() + said[1:]


def _field(key: str) -> Field:
    try:
        return Field(key)
    except ValueError:
        raise LookupError(f"data_map.toml: {key} is neither a field of the access table nor in [sees]") from None


def document() -> str:
    """The whole text."""
    found = data_map()
    lines = [HEAD, _counts(found), *_how_long(found)]
    for part in found.parts:
        lines.append(f"## {part.title}\n")
        if part.words:
            lines.append(f"{part.words}\n")
        for name, mapped in sorted(found.tables.items()):
            if mapped.part == part.key:
                lines += _table(Base.metadata.tables[name], mapped, found)
    return "\n".join(lines).rstrip() + "\n"


def _counts(found: DataMap) -> str:
    columns = [each for table in Base.metadata.tables.values() for each in table.columns]
    about = sum(mapped.of is not None for mapped in found.tables.values())
    return (
        f"{len(found.tables)} tables, {about} of them about one person; {len(columns)} columns, "
        f"{sum(map(encrypted, columns))} encrypted, {sum(map(names_a_person, columns))} that name a person.\n"
    )


def _table(table: Table, mapped: Mapped, found: DataMap) -> list[str]:
    lines = [f"### {table.name}\n", f"{mapped.what}. {_about(mapped)}\n"]
    lines.append(f"Who can see it: {_lower(who(mapped.sees, found))}. Kept: {_kept(mapped.kept, found)}.\n")
    told = [each for each in table.columns if mapped.columns[each.name] and each.name not in EVERYWHERE]
    others = [each.name for each in table.columns if not mapped.columns[each.name]]
    if mapped.of is None:
        others = [each.name for each in table.columns if not _tells_of_people(each) and each.name not in EVERYWHERE]
        told = [each for each in told if _tells_of_people(each)]
    if told:
        lines += ["| column | what it is | who can see it, where that is others | |", "|---|---|---|---|"]
        lines += [_row(each, mapped, found) for each in told]
        lines.append("")
    if others:
        lines.append(f"Nothing about people: {', '.join(f'`{name}`' for name in others)}.\n")
    return lines


def _how_long(found: DataMap) -> list[str]:
    rows = [f"| {_name(key)} | {words}. |" for key, words in found.kept.items() if len(words) > SHORT]
    return ["## How long\n", "| kept | how long |", "|---|---|", *rows, ""]


def _kept(key: str, found: DataMap) -> str:
    words = found.kept[key]
    return f"[{_name(key)}](#how-long)" if len(words) > SHORT else _lower(words)


def _name(key: str) -> str:
    return key.replace("_", " ")


def _tells_of_people(column: Column[object]) -> bool:
    return names_a_person(column) or encrypted(column)


def _about(mapped: Mapped) -> str:
    return f"About one person, by `{mapped.of}`." if mapped.of else "About nobody in particular."


def _row(column: Column[object], mapped: Mapped, found: DataMap) -> str:
    key = mapped.sees_of.get(column.name)
    marks = [word for word, so in (("encrypted", encrypted(column)), ("a person", names_a_person(column))) if so]
    return (
        f"| `{column.name}` | {mapped.columns[column.name]} | {who(key, found) if key else ''} | {', '.join(marks)} |"
    )


def _lower(words: str) -> str:
    return words if words[:3].isupper() else words[0].lower() + words[1:]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
