"""What each table and column is for, whose it is, who can see it and how long it is kept: `data_map.toml`, read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A group of tables that are read together."""

    key: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What is said of one table; the file says what each of these means."""

    name: str
    part: str
    what: str
    sees: str
    kept: str
    of: str | None
    """None: it tells nothing about one person."""
    by: str | None
    once: str | None
    once_of: Mapping[str, str]
    columns: Mapping[str, str]
    """Each column with its words; empty where it needs none."""
    sees_of: Mapping[str, str]

    def seen_by(self, column: str) -> str:
        """Who can see the column: a field of the access table, or a key of `DataMap.sees`."""
        return self.sees_of.get(column, self.sees)


@dataclass(frozen=True, slots=True)
class DataMap:
    """The whole map."""

    parts: tuple[Part, ...]
    sees: Mapping[str, str]
    kept: Mapping[str, str]
    tables: Mapping[str, Mapped]
    common: Mapping[str, str]
    """Words of columns that mean the same everywhere."""


@cache
def data_map() -> DataMap:
    """As it stands in the file. Raises `ValueError` for a column that is named twice in a table."""
    read = tomllib.loads(files("lti_tool.store").joinpath("data_map.toml").read_text(encoding="utf-8"))
    common = read["common"]
    return DataMap(
        parts=tuple(Part(each["key"], each["title"], each.get("words", "")) for each in read["part"]),
        sees=read["sees"],
        kept=read["kept"],
        tables={name: _mapped(name, said, common) for name, said in read["table"].items()},
        common=common,
    )


def _mapped(name: str, said: Mapping[str, Any], common: Mapping[str, str]) -> Mapped:
    shared, own = said["shared"], said.get("columns", {})
    if len({*shared, *own}) != len(shared) + len(own):
        raise ValueError(f"data_map.toml, table {name}: a column is named twice")
    return Mapped(
        name=name,
        part=said["part"],
        what=said["what"],
        sees=said["sees"],
        kept=said["kept"],
        of=said.get("of"),
        by=said.get("by"),
        once=said.get("once"),
        once_of=said.get("once_of", {}),
        columns={column: common.get(column, "") for column in shared} | own,
        sees_of=said.get("sees_of", {}),
    )
