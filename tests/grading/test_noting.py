"""What can be noted of somebody, or said: chosen from what a program's rules ask."""

import pytest

from grading.evidence import Kind
from grading.noting import NOT_NOTED, asked_statements, asked_things
from lti_tool.documents.program import read_program
from lti_tool.paths import CONFIG

SHIPPED = sorted((CONFIG / "programs").glob("*.toml"))


def newest(name: str) -> object:
    path = CONFIG / "programs" / f"{name}.toml"
    return read_program(path.read_text(encoding="utf-8"), source=path.name)[-1]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_of_every_shipped_program_each_thing_can_be_chosen(path: object) -> None:
    for program in read_program(path.read_text(encoding="utf-8"), source=path.name):
        things = asked_things(program)
        assert len({each.key for each in things}) == len(things)
        assert not {each.kind for each in things} & NOT_NOTED
        assert all(field.is_number or all(field.words) for each in things for field in each.fields)
        statements = asked_statements(program)
        assert len({each.key for each in statements}) == len(statements)
        assert all(len(field.words) <= 1 for each in statements for field in each.fields)


def test_cap_e8_each_statement_is_one_tick_without_a_field_for_words() -> None:
    found = [[word for field in each.fields for word in field.words] for each in asked_statements(newest("ca-cmpss"))]
    assert ["lived_experience"] in found
    assert ["willing_to_share"] in found
    assert ["age_18"] in found


def test_an_event_is_a_day_with_a_name_that_the_rules_use() -> None:
    events = asked_things(newest("icrc-pr"))[-1]
    assert events.kind is Kind.EVENT
    assert events.fields[0].words[:2] == ("application", "testing")
    assert "birthday" not in events.fields[0].words
