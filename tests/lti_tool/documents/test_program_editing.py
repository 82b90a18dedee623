"""Changing one part of a program's TOML, and nothing else."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.documents.program_blanks import path_of, sentence
from lti_tool.documents.program_editing import (
    Unreachable,
    appended,
    swapped,
    tables,
    value_at,
    with_table,
    with_value,
    without,
)
from lti_tool.documents.program_field_texts import from_text, real_path
from lti_tool.documents.program_fields import Form
from lti_tool.documents.shipped_programs import SHIPPED

FILES = sorted(SHIPPED.glob("*.toml"))
TEXT = """\
# What comes first.
id = "ours"

# Why training.
[[requirements]]
key = "training" # its key
at_least = "40 hours"   # so much
of = { kind = "training", where = { name = "x" } }

[[requirements]]
key = "ways"

# The first way.
[[requirements.any_of]]
at_least = 1
of = { kind = "exam" }

[[requirements.any_of]]
at_least = 2
of = { kind = "exam" }
"""


def _lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of each that are not in the other, in their order."""
    one, other = before.split("\n"), after.split("\n")
    return [each for each in one if each not in other], [each for each in other if each not in one]


def _blanks(text: str) -> list[tuple[str, Any]]:
    said = tables(text)
    return [
        (blank.place, blank)
        for number in range(len(said["requirements"]))
        for line in sentence(said, ("requirements", number))
        for blank in line.blanks.values()
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_program_that_is_opened_and_saved_as_it_is_changes_no_byte(path: Path) -> None:
    text = path.read_text()
    said = tables(text)
    for place, blank in _blanks(text):
        found = path_of(said, place)
        assert found is not None, place
        if blank.text or blank.form is Form.UNIT:
            real = real_path(found)
            assert with_value(text, real, from_text(blank.form, found, said, blank.text)) == text, place


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_changed_amount_changes_only_its_line(path: Path) -> None:
    text = path.read_text()
    said = tables(text)
    amounts = [place for place, blank in _blanks(text) if blank.form is Form.NUMBER]
    for place in amounts[:12]:
        found = path_of(said, place)
        assert found is not None
        after = with_value(text, real_path(found), from_text(Form.NUMBER, found, said, "4321"))
        changed = [(a, b) for a, b in zip(text.split("\n"), after.split("\n"), strict=True) if a != b]
        assert len(changed) == 1
        assert "4321" in changed[0][1]


_TEXTS = st.sampled_from([path.read_text() for path in FILES])


@settings(max_examples=40, deadline=None)
@given(text=_TEXTS, data=st.data(), value=st.one_of(st.text(max_size=20), st.booleans(), st.integers(-9, 9999)))
def test_any_value_can_be_written_anywhere_and_all_others_stay(text: str, data: st.DataObject, value: Any) -> None:
    number = data.draw(st.integers(0, len(tables(text)["requirements"]) - 1))
    name = data.draw(st.sampled_from(["title", "note", "new", "a b"]))
    after = with_value(text, ("requirements", number, name), value)
    assert value_at(tables(after), ("requirements", number, name)) == value
    back = tables(after)
    expected = tomllib.loads(text)
    expected["requirements"][number][name] = value
    assert back == expected


@settings(max_examples=25, deadline=None)
@given(text=_TEXTS, data=st.data())
def test_two_requirements_that_change_places_twice_stand_as_they_stood(text: str, data: st.DataObject) -> None:
    count = len(tables(text)["requirements"])
    one, other = data.draw(st.integers(0, count - 1)), data.draw(st.integers(0, count - 1))
    assert one == other or swapped(swapped(text, "requirements", one, other), "requirements", one, other) == text


def test_comments_and_space_stay_where_a_value_is_changed() -> None:
    after = with_value(TEXT, ("requirements", 0, "at_least"), "41 hours")
    assert after == TEXT.replace("40 hours", "41 hours")


def test_a_new_entry_stands_behind_those_of_its_table() -> None:
    assert '{ name = "x" }, since = "certified" }' in with_value(TEXT, ("requirements", 0, "of", "since"), "certified")
    assert 'where = { name = "x", format = ["a", "b"] }' in with_value(
        TEXT, ("requirements", 0, "of", "where", "format"), ["a", "b"]
    )
    _gone, came = _lines(TEXT, with_value(TEXT, ("requirements", 1, "note"), "Because"))
    assert came == ['note = "Because"']


def test_an_entry_is_taken_out_and_its_neighbors_stay() -> None:
    after = without(TEXT, ("requirements", 0, "at_least"))
    assert after == TEXT.replace('at_least = "40 hours"   # so much\n', "")
    assert 'of = { kind = "training" }' in without(TEXT, ("requirements", 0, "of", "where"))


def test_a_part_that_is_a_table_is_added_and_taken_out() -> None:
    more = appended(TEXT, ("requirements", 1, "any_of"), {"at_least": 3})
    assert more.endswith("[[requirements.any_of]]\nat_least = 3\n")
    assert "# The first way." not in without(TEXT, ("requirements", 1, "any_of", 0))


def test_a_requirement_moves_with_the_comment_above_it() -> None:
    after = swapped(TEXT, "requirements", 0, 1)
    assert after.index("[[requirements.any_of]]") < after.index("# Why training.\n[[requirements]]")


def test_a_new_requirement_stands_behind_the_one_that_is_named() -> None:
    after = with_table(TEXT, "requirements", {"key": "new"}, after=0)
    assert [each["key"] for each in tables(after)["requirements"]] == ["training", "new", "ways"]


def test_a_list_that_is_empty_takes_its_first_element_where_it_stands() -> None:
    text = TEXT.replace("# What comes first.", "notes = [ ] # none yet")
    assert appended(text, ("notes",), "One.") == text.replace("[ ]", '["One."]')
    assert with_value("of = {}\n", ("of", "kind"), "exam") == 'of = { kind = "exam" }\n'


def test_a_table_below_goes_with_its_header_and_the_comment_above_it() -> None:
    below = '# What counts.\n[requirements.of]\nkind = "exam"\n\n'
    text = f'# The first.\n[[requirements]]\nkey = "a"\n\n{below}[[requirements]]\nkey = "b"\n'
    after = without(text, ("requirements", 0, "of"))
    assert after == text.replace(below, "")
    assert swapped(after, "requirements", 0, 1).endswith('key = "a"\n')


def test_names_with_a_point_between_them_are_changed_where_they_stand() -> None:
    text = '[[requirements]]\nkey = "a"\nof.kind = "exam"\nof.unit = "hours"\n'
    after = with_value(text, ("requirements", 0, "of", "unit"), "days")
    assert after == text.replace("hours", "days")


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ('of.kind = "exam"\nx = 1\nof.unit = "h"\n', lambda text: with_value(text, ("of", "since"), "certified")),
        ('of.kind = "exam"\nx = 1\nof.unit = "h"\n', lambda text: with_value(text, ("of",), "exam")),
        ('of.kind = "exam"\nx = 1\nof.unit = "h"\n', lambda text: without(text, ("of",))),
        ('"t\\u0069tle" = { a = 1 }\n', lambda text: with_value(text, ("title", "a"), 2)),
        ('[[a]]\nb = 1\n[["\\u0061"]]\nb = 2\n', lambda text: with_value(text, ("a", 1, "b"), 3)),
        ("a = [{ b = 1 }, { b = 2 }]\n", lambda text: swapped(text, "a", 0, 1)),
        ("a = [{ b = 1 }]\n", lambda text: with_table(text, "a", {"b": 2})),
    ],
)
def test_what_only_the_text_reaches_is_left_to_it(text: str, change: Callable[[str], str]) -> None:
    with pytest.raises(Unreachable):
        change(text)
