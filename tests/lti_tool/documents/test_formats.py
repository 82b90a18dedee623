"""Which format a file has is told by how it begins; whatever Attune writes, it recognizes."""

import pytest

from grading.competency import Competency, Framework
from lti_tool.documents import DocumentProblems, formats
from lti_tool.documents.brought import Brought, Options
from lti_tool.documents.formats import FORMATS, Format
from lti_tool.documents.framework import identifier_of
from tests.rubrics.making import a_rubric

RUBRIC = Brought(rubrics=(a_rubric(),))
FRAMEWORK = Brought(
    frameworks=(
        Framework(
            identifier=identifier_of("mine"),
            key="mine",
            title="Mine",
            language="en-US",
            competencies=(
                Competency(identifier=identifier_of("mine", "A"), code="A", statement="Listening"),
                Competency(
                    identifier=identifier_of("mine", "A1"), code="A1", statement="Listens more than they speak",
                    parent=identifier_of("mine", "A"),
                ),
            ),
        ),
    )
)  # fmt: skip
KINDS = [
    *((kind, RUBRIC) for kind, known in FORMATS.items() if known.rubrics),
    *((kind, FRAMEWORK) for kind, known in FORMATS.items() if known.frameworks),
]
"""Each format with what it can hold."""


def recognized(content: bytes, source: str = "file", options: Options | None = None) -> Format:
    return formats.recognize(content, source=source, options=options or Options())


@pytest.mark.parametrize(("kind", "brought"), KINDS)
def test_what_is_written_is_recognized_and_read(kind: Format, brought: Brought) -> None:
    content = formats.write(brought, kind)
    assert recognized(content) is kind
    read = formats.read(content, source="file", options=Options(), kind=kind)
    assert (len(read.rubrics), len(read.frameworks)) == (len(brought.rubrics), len(brought.frameworks))


@pytest.mark.parametrize("kind", [kind for kind, known in FORMATS.items() if known.template])
@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_a_file_to_fill_in_is_recognized_as_it_is(kind: Format, language: str) -> None:
    make = FORMATS[kind].template
    assert make is not None
    assert recognized(make(language)) is kind


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252"])
def test_letters_may_come_in_any_usual_encoding(encoding: str) -> None:
    text = formats.write(FRAMEWORK, Format.FRAMEWORK_CSV).decode("utf-8-sig").replace("Listening", "Écoute")
    assert recognized(text.encode(encoding)) is Format.FRAMEWORK_CSV


def test_an_exported_package_is_told_from_our_own_document_that_speaks_of_one() -> None:
    assert recognized(b'{"CFItems": [], "CFDocument": {}}') is Format.CASE
    assert recognized(b'{"CFDocuments": [{}]}') is Format.CASE
    assert recognized(b'{"format": "attune", "version": 1, "rubrics": ["CFDocument"]}') is Format.JSON


@pytest.mark.parametrize("content", [b"Dear colleague,\nhere is our list.", b"", b"a;b;c\n1;2;3\n", b"\x00\x01\x02"])
def test_what_nothing_knows_is_told_with_how_it_begins(content: bytes) -> None:
    with pytest.raises(DocumentProblems) as found:
        recognized(content)
    assert len(found.value.problems) == 1


def test_a_name_can_say_that_it_is_toml() -> None:
    assert recognized(b"# nothing yet", source="mine.toml") is Format.TOML
