"""The data map names every table and column, says of each whose it is, and the document shows it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Table

from lti_tool.access import Field
from lti_tool.store import Base
from lti_tool.store.data_map import data_map
from tests.data_map import DOCUMENT, document, encrypted, names_a_person, who

TABLES = Base.metadata.tables
LEADS_ON = 4


def test_cap_e7_every_table_has_an_entry_and_every_entry_a_table() -> None:
    assert set(data_map().tables) == set(TABLES), "lti_tool/store/data_map.toml, then: make data-map"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_cap_e7_every_column_has_an_entry_and_every_entry_a_column(name: str) -> None:
    said = data_map().tables[name].columns
    assert set(said) == set(TABLES[name].columns.keys()), "lti_tool/store/data_map.toml, then: make data-map"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_cap_e7_what_tells_of_people_says_in_words_what_it_is(name: str) -> None:
    mapped = data_map().tables[name]
    without = [
        column.name
        for column in TABLES[name].columns
        if (mapped.of or encrypted(column) or names_a_person(column)) and not mapped.columns[column.name]
    ]
    assert not without


def test_cap_e7_each_entry_says_who_can_see_it_and_how_long_it_is_kept() -> None:
    found = data_map()
    parts = {part.key for part in found.parts}
    for mapped in found.tables.values():
        assert mapped.part in parts, mapped.name
        assert mapped.kept in found.kept, mapped.name
        assert set(mapped.sees_of) | set(mapped.once_of) <= set(mapped.columns), mapped.name
        for key in (mapped.sees, *mapped.sees_of.values()):
            assert who(key, found), mapped.name


def test_what_explains_is_used_and_hides_no_field_of_the_access_table() -> None:
    found = data_map()
    tables = found.tables.values()
    assert set(found.sees) <= {key for mapped in tables for key in (mapped.sees, *mapped.sees_of.values())}
    assert set(found.kept) == {mapped.kept for mapped in tables}
    assert not set(found.sees) & set(Field)


def test_whose_a_row_is_leads_to_a_person() -> None:
    for mapped in data_map().tables.values():
        for way in (mapped.of, mapped.by):
            if way is not None:
                assert "person" in list(_on_the_way(mapped.name, way)), (mapped.name, way)


def test_a_table_that_belongs_to_nobody_names_people_only_as_who_did_something() -> None:
    """Narrative that is encrypted is somebody's: a table without an owner holds none that its part does not explain."""
    for mapped in data_map().tables.values():
        if mapped.of is None and mapped.part in ("who", "alone", "practice", "supervision", "path"):
            raise AssertionError(f"{mapped.name} has no `of`")


def test_the_data_map_in_the_documents_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make data-map"


def _on_the_way(name: str, way: str) -> Iterator[str]:
    """The tables that one comes through, from a row to whose it is."""
    for _ in range(LEADS_ON):
        table = TABLES[name]
        target = _target(table, way)
        yield target
        if target == "person":
            return
        name, way = target, data_map().tables[target].of or ""


def _target(table: Table, way: str) -> str:
    if table.name == "person" or way == "person_id":
        return "person"
    if way not in table.columns:
        assert any(key.column.table is table for column in TABLES[way].columns for key in column.foreign_keys)
        return way
    return next(iter(table.columns[way].foreign_keys)).column.table.name
