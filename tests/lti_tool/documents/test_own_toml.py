"""Attune's own document as TOML: what is written reads well, and reads back equal."""

import pytest
from hypothesis import example, given

from grading.competency import Framework, Link, Relation, Words
from lti_tool.documents import DocumentProblems
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.own_toml import read, write
from lti_tool.paths import CONFIG
from rubrics.rubric import Alignment, Rubric
from tests.grading.making import a_competency, a_framework, an_identifier, usable_frameworks
from tests.lti_tool.documents.typed import trimmed, without_nul
from tests.rubrics.making import a_criterion, a_rubric, rubrics


def brought_from(content: bytes) -> Brought:
    return read(content, source="mine.toml", options=Options())


@given(rubrics)
@example(a_rubric(summary='Two lines:\n"""quoted""" and \\ back', provenance="\r\nreturned\r"))
@example(a_rubric(a_criterion(alignments=(Alignment("starter:A1"), Alignment("starter:A2", reason="Both\nlines")))))
def test_cap_e12_a_rubric_comes_back_as_it_was_but_for_space_around_its_texts(rubric: Rubric) -> None:
    assert brought_from(write(Brought(rubrics=(rubric,)))).rubrics == (trimmed(without_nul(rubric)),)


@given(usable_frameworks().filter(lambda framework: framework.competencies != ()))
def test_a_framework_comes_back_as_it_was(framework: Framework) -> None:
    assert brought_from(write(Brought(frameworks=(framework,)))).frameworks == (framework,)


def test_every_rubric_that_ships_can_be_taken_along_and_brought_back() -> None:
    for path in (CONFIG / "rubrics").glob("*.toml"):
        found = brought_from(path.read_bytes())
        assert len(found.rubrics) == 1
        assert brought_from(write(found)) == found


def test_a_rubric_is_written_as_people_read_it() -> None:
    text = write(Brought(rubrics=(a_rubric(a_criterion(watch_for=("Long " * 30, "Short"))),))).decode()
    assert text.startswith('key = "one-conversation"\ntitle = "One conversation"\n')
    assert '\n\n[[criteria]]\nkey = "pauses"\n' in text
    assert '\nlevels = [\n    {number = 1, label = "Stepped in", anchor = "The observer made the pause."},\n' in text
    assert f'\nwatch_for = [\n    "{"Long " * 30}",\n    "Short",\n]\n' in text


def test_a_framework_is_written_with_codes_and_translations_beside_their_competency() -> None:
    framework = a_framework(
        a_competency(1, translations=(Words("es", "Hace lo que dice"),)),
        a_competency(2, parent=1),
        a_competency(3, parent=77),
        links=(
            Link(
                identifier=an_identifier(9),
                origin=an_identifier(2),
                relation=Relation.PEER,
                destination=an_identifier(3),
            ),
        ),
    )
    text = write(Brought(frameworks=(framework,))).decode()
    assert 'translations = [{language = "es", statement = "Hace lo que dice"}]' in text
    assert 'parent = "C1"' in text
    assert f'parent = "{an_identifier(77)}"' in text
    assert 'origin = "C2"\nrelation = "isPeerOf"\ndestination = "C3"' in text


def test_a_code_that_two_have_is_not_used_as_a_name() -> None:
    framework = a_framework(a_competency(1), a_competency(2, code="C1"), a_competency(3, parent=1))
    found = brought_from(write(Brought(frameworks=(framework,))))
    assert found.frameworks == (framework,)
    assert [note.place for note in found.notes] == ["competencies[2].code"]


@pytest.mark.parametrize("many", [Brought(), Brought(rubrics=(a_rubric(),), frameworks=(a_framework(),))])
def test_one_document_holds_one_rubric_or_framework(many: Brought) -> None:
    with pytest.raises(DocumentProblems, match="one rubric or one framework"):
        write(many)


def test_everything_to_mend_is_named_at_once() -> None:
    text = write(Brought(rubrics=(a_rubric(),))).decode().replace("met_at = 3", "met_at = 0")
    with pytest.raises(DocumentProblems) as found:
        brought_from(text.replace("[[criteria]]", "[[criteria]]\ncolor = 1", 1).encode())
    assert [problem.place for problem in found.value.problems] == [
        "criteria[1].met_at",
        "criteria[1].color",
        "criteria[2].met_at",
    ]
    with pytest.raises(DocumentProblems, match=r"competencies\[1\]\.statement"):
        brought_from(b'key = "x"\ntitle = "X"\nlanguage = "en"\n[[competencies]]\ncode = "A"\n')
    with pytest.raises(DocumentProblems, match="line 1, column"):
        brought_from(b"key = one\n")


@pytest.mark.parametrize("value", ["[" * 50_000 + "]" * 50_000, "9" * 5_000, "{a=" * 20_000 + "1" + "}" * 20_000])
def test_brackets_and_numbers_without_end_are_named(value: str) -> None:
    with pytest.raises(DocumentProblems, match="too many"):
        brought_from(f"key = {value}\n".encode())
