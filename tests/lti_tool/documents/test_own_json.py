"""Attune's own document as JSON: word for word there and back, and everything to mend named at once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.competency import Framework
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.own_json import read, write
from rubrics.rubric import Rubric
from tests.grading.making import a_competency, a_framework, an_identifier, usable_frameworks
from tests.lti_tool.documents.typed import without_nul
from tests.rubrics.making import a_rubric, rubrics


def brought_from(document: object, **options: str) -> Brought:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read(content, source="mine.json", options=Options(**options))


def problems_with(document: object) -> tuple[DocumentProblem, ...]:
    with pytest.raises(DocumentProblems) as found:
        brought_from(document)
    assert {problem.source for problem in found.value.problems} == {"mine.json"}
    return found.value.problems


def written(brought: Brought | None = None) -> Any:
    return json.loads(write(brought or Brought(rubrics=(a_rubric(),), frameworks=(a_framework(),))))


@given(st.lists(rubrics, max_size=2).map(tuple), st.lists(usable_frameworks(), max_size=2).map(tuple))
def test_what_is_written_is_read_as_it_was(some: tuple[Rubric, ...], others: tuple[Framework, ...]) -> None:
    found = brought_from(write(Brought(rubrics=some, frameworks=others)))
    assert (found.rubrics, found.frameworks) == (without_nul(some), others)


def test_a_document_is_readable_and_says_what_it_is() -> None:
    content = write(Brought(rubrics=(a_rubric(title="Qué se ve"),)))
    assert content.startswith(b'{\n  "format": "attune",\n  "version": 1,\n')
    assert "Qué se ve".encode() in content
    assert brought_from({"$schema": "https://example.org/attune-1.json", **written()}) == brought_from(written())


def test_everything_to_mend_is_named_at_once() -> None:
    document = written()
    criterion = document["rubrics"][0]["criteria"][1]
    criterion["met_at"], criterion["statment"] = "four", criterion.pop("statement")
    document["frameworks"][0]["competencies"][2]["kind"] = "virtue"
    assert [(each.place, str(each.sentence)) for each in problems_with(document)] == [
        (
            "rubrics[1].criteria[2].met_at",
            "Found “four”. Please write a whole number, without quotes.",
        ),
        ("rubrics[1].criteria[2].statment", "There is no such entry here. Is it meant to be statement?"),
        (
            "frameworks[1].competencies[3].kind",
            "Found “virtue”. Please choose from 'value', 'knowledge', 'skill' or 'attitude'.",
        ),
    ]


def test_what_is_to_be_mended_in_two_frameworks_is_told_together() -> None:
    document = written(Brought(frameworks=(a_framework(), a_framework(key="other"))))
    document["frameworks"][0]["competencies"][1]["parent"] = "nowhere"
    document["frameworks"][1]["competencies"][2]["identifier"] = an_identifier(2)
    assert [each.place for each in problems_with(document)] == [
        "frameworks[1].competencies[2].parent",
        "frameworks[2].competencies[3].identifier",
    ]


def test_circles_and_orphans_are_taken_in_and_named() -> None:
    framework = a_framework(a_competency(1, parent=2), a_competency(2, parent=1), a_competency(3, parent=77))
    found = brought_from(written(Brought(frameworks=(framework,))))
    assert found.frameworks == (framework,)
    assert [note.place for note in found.notes] == [
        "frameworks[1].competencies[3].parent",
        "frameworks[1].competencies[1].parent",
    ]
    assert an_identifier(77) in found.notes[0].sentence
    assert "C1 → C2 → C1" in found.notes[1].sentence


@pytest.mark.parametrize(
    ("content", "place", "says"),
    [
        (b"", "line 1, column 1", "quotes, brackets"),
        (b'{\n  "format": attune}', "line 2, column 13", "quotes, brackets"),
        (b"[]", "the whole file", "does not begin with {"),
        (b'{"format": NaN}', "the whole file", "such as NaN"),
        (b'{"version": ' + b"1" * 5000 + b"}", "the whole file", "too many digits"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "the whole file", "more brackets"),
        (b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "the whole file", "more brackets"),
        (b" " * 50_000_001, "the whole file", "at most 50"),
        (b"{}", "format", '"format": "attune"'),
        (b'{"format": "attune", "version": 2}', "version", "Found “2”. Please choose from 1."),
        (b'{"format": "attune", "version": 1, "rubrics": {}}', "rubrics", "square brackets"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_such_document_says_what_it_is_instead(content: bytes, place: str, says: str) -> None:
    (problem, *_others) = problems_with(content)
    assert problem.place == place
    assert says in problem.sentence


def test_letters_that_no_database_keeps_are_taken_out() -> None:
    content = write(Brought(rubrics=(a_rubric(title="One"),))).replace(
        b'"One"', b'"O\\u0000n\\ud83de \xf0\x9f\x98\x80"'
    )
    assert brought_from(content).rubrics[0].title == "One \N{GRINNING FACE}"


def test_members_that_are_named_with_such_letters_are_left_out() -> None:
    content = write(Brought(rubrics=(a_rubric(),))).replace(b'"format"', b'"\\ud83d": 1, "\\u0000": [], "format"')
    assert brought_from(content).rubrics == (a_rubric(),)


def test_a_document_of_more_entries_than_any_table_has_rows_is_not_looked_at() -> None:
    content = b'{"format": "attune", "version": 1, "rubrics": [' + b"{}," * 100_000 + b"{}]}"
    (found,) = problems_with(content)
    assert "100000" in found.sentence


def test_other_encodings_are_read_and_a_guess_is_told() -> None:
    content = write(Brought(rubrics=(a_rubric(title="Qué se ve"),))).decode()
    for encoding in ("utf-8-sig", "utf-16"):
        assert brought_from(content.encode(encoding)).rubrics[0].title == "Qué se ve"
    found = brought_from(content.encode("windows-1252"))
    assert found.rubrics[0].title == "Qué se ve"
    assert "Windows-1252" in found.notes[0].sentence


NAMES = st.text() | st.sampled_from(["format", "version", "rubrics", "frameworks", "criteria", "translations"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just("attune"),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(NAMES, each, max_size=3),
)


@given(ANY_JSON)
def test_whatever_json_is_brought_is_answered_with_what_to_mend(document: object) -> None:
    problems_with(document)


def test_of_very_many_problems_the_first_hundred_are_told_and_the_rest_counted() -> None:
    document = written(Brought(rubrics=(a_rubric(),)))
    document["rubrics"][0]["criteria"] *= 75
    for criterion in document["rubrics"][0]["criteria"]:
        criterion["met_at"] = "four"
    found = problems_with(document)
    assert len(found) == 101
    assert "50 more" in found[-1].sentence
