"""Assignments as a spreadsheet: what is written comes back, formulas are defused, odd files say what is needed."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.documents import DocumentProblems
from lti_tool.documents.assignment_rows import MOST_ROWS, WORDS, Entry, is_yes, meant, read, write_csv, write_xlsx

CELL = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=12)
ENTRIES = st.lists(
    st.builds(
        Entry, line=st.just(0), trainee=CELL.filter(bool), trainee_id=CELL, person=CELL, person_id=CELL,
        part=CELL, lane=CELL, backup=CELL, end=CELL,
    ),
    max_size=5,
)  # fmt: skip


def cells(entries: object) -> list[tuple[str, ...]]:
    return [
        (e.trainee, e.trainee_id, e.person, e.person_id, e.part, e.lane, e.backup, e.end)
        for e in entries  # type: ignore[attr-defined]
    ]


@settings(max_examples=40, deadline=None)
@given(ENTRIES, st.sampled_from([(write_csv, "a.csv"), (write_xlsx, "a.xlsx")]), st.sampled_from(["en", "es-MX", "ar"]))
def test_what_is_written_comes_back(
    entries: list[Entry], kind: tuple[Callable[[list[Entry], str], bytes], str], language: str
) -> None:
    write, name = kind
    assert cells(read(write(entries, language), source=name)) == cells(entries)


def test_a_name_that_begins_like_a_formula_is_none_in_the_file() -> None:
    row = Entry(0, "=cmd|' /C calc'!A0", "", "+1", "", "observer", "", "", "")
    content = write_csv([row], "en").decode("utf-8-sig")
    assert "\"'=cmd" in content
    assert read(content.encode(), source="a.csv")[0].trainee == "=cmd|' /C calc'!A0"


@pytest.mark.parametrize("written", ["Observer", "OBSERVADOR", "observadora", "ملاحِظ", "ملاحظ", "الملاحِظ"])
def test_parts_are_understood_in_each_language(written: str) -> None:
    assert meant(written) == "observer"


def test_every_word_that_is_written_is_understood() -> None:
    for name, words in WORDS.items():
        assert {meant(word) for word in words.values()} == {name}


def test_yes_and_no_are_understood_and_the_rest_is_neither() -> None:
    assert [is_yes(word) for word in ("Yes", "sí", "نعم", "x", "", "no", "لا", "perhaps")] == [
        *[True] * 4,
        *[False] * 3,
        None,
    ]


def test_a_file_without_a_column_names_it() -> None:
    with pytest.raises(DocumentProblems) as problems:
        read(b"Trainee,As\nSam,observer\n", source="a.csv")
    assert "Assigned" in str(problems.value)


def test_a_file_of_too_many_rows_is_not_looked_at_further() -> None:
    rows = "Trainee,Assigned,As\n" + "Sam,Jo,observer\n" * (MOST_ROWS + 1)
    with pytest.raises(DocumentProblems) as problems:
        read(rows.encode(), source="a.csv")
    assert str(MOST_ROWS) in str(problems.value)
