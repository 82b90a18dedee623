"""Whether one shape of the database only adds to another, so that processes that know the former can work with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect


@dataclass(frozen=True, slots=True)
class TableShape:
    """What matters of a table to whoever writes rows into it and reads them."""

    columns: dict[str, dict[str, Any]]
    checks: dict[str, str]
    uniques: frozenset[tuple[str, ...]]


def shape(connection: Connection) -> dict[str, TableShape]:
    """Of all tables."""
    found = inspect(connection)
    return {
        name: TableShape(
            columns={column["name"]: dict(column) for column in found.get_columns(name)},
            checks={str(check["name"]): str(check["sqltext"]) for check in found.get_check_constraints(name)},
            uniques=frozenset(
                {tuple(sorted(one["column_names"])) for one in found.get_unique_constraints(name)}
                | {tuple(sorted(filter(None, one["column_names"]))) for one in found.get_indexes(name) if one["unique"]}
            ),
        )
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def troubles(before: dict[str, TableShape], after: dict[str, TableShape]) -> Iterator[str]:
    """In sentences: what a process that knows only `before` would meet in `after`; nothing where all is only more."""
    for name, old in before.items():
        if name not in after:
            yield f"table {name} is gone"
            continue
        yield from _columns(name, old.columns, after[name].columns)
        yield from _rules(name, old, after[name])


def _columns(table: str, old: dict[str, dict[str, Any]], new: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield from (f"column {table}.{column} is gone" for column in old if column not in new)
    for column, one in new.items():
        if column in old:
            yield from _changed(f"column {table}.{column}", old[column], one)
        elif not one["nullable"] and one["default"] is None:
            yield f"column {table}.{column} is new, and rows that do not know it are refused"


def _rules(table: str, old: TableShape, new: TableShape) -> Iterator[str]:
    added = new.columns.keys() - old.columns.keys()
    for name, rule in new.checks.items():
        if name not in old.checks and not _mentions(rule, added):
            yield f"rule {name} is new for rows that were allowed before"
        if lost := _words(old.checks.get(name, "")) - _words(rule):
            yield f"rule {name} no longer allows {', '.join(sorted(lost))}"
    for columns in new.uniques - old.uniques:
        if not set(columns) & added:
            yield f"{table}: {', '.join(columns)} has to be unique now"


def _changed(what: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if old["nullable"] and not new["nullable"]:
        yield f"{what} has to be filled now"
    if old["default"] is not None and new["default"] is None and not new["nullable"]:
        yield f"{what} has no default any more"
    one, other = str(old["type"]), str(new["type"])
    if one != other and _length(other) < _length(one):
        yield f"{what} was {one} and is {other}"


def _length(kind: str) -> float:
    """Of a text of limited length; other types are as long as themselves only."""
    found = re.fullmatch(r"VARCHAR(?:\((\d+)\))?|TEXT", kind)
    if found is None:
        return -1
    return int(found[1]) if found[1] else float("inf")


def _words(rule: str) -> set[str]:
    """The values that a rule lists."""
    return set(re.findall(r"'([^']*)'", rule))


def _mentions(rule: str, columns: set[str]) -> bool:
    return any(re.search(rf"\b{re.escape(column)}\b", rule) for column in columns)
