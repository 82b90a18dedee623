"""What the core says to people: it can be translated, and none of it wounds."""

import ast
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract

import grading
import rubrics
from tests.project import ROOT
from tests.rubrics.words import BANNED

CORE = sorted(path for package in (rubrics, grading) for path in Path(package.__path__[0]).rglob("*.py"))
PARTS = (Path("grading/telling"), Path("grading/agreement/reasons.py"))
WHOLE = [path for path in CORE if not any(path.is_relative_to(ROOT / part) for part in PARTS)]
"""Where sentences are whole: the others are parts of a sentence, such as what follows a colon."""
BEGINS = re.compile(r"[A-Z]|“?%\(|[a-z]+(_[a-z]+)+ ")
"""With a capital, with what was found, or with the name of an entry as it is written."""
EXAMPLE = re.compile(r": ([a-z_]+|%\(\w+\)s) = .+$")
"""How a sentence about a document may end: as it is written there, without a period."""


def extracted(paths: Sequence[Path] = CORE) -> Iterator[str]:
    """Each sentence that Babel finds."""
    for path in paths:
        found = extract("python", BytesIO(path.read_bytes()), keywords={"Refused": (2,), "_N": None})
        for _, message, _, _ in found:
            assert isinstance(message, str)
            yield message


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in CORE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield path, node


def test_every_refusal_and_every_marked_sentence_is_found_for_translation() -> None:
    said = [node.args[1] for _, node in calls("Refused")]
    # A table of sentences is written with `_N`, one by one.
    said = [node for node in said if not (isinstance(node, ast.Subscript) and ast.unparse(node.value).isupper())]
    written = said + [node.args[0] for _, node in calls("_N")]
    literals = [node.value for node in written if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert len(literals) == len(written), "a sentence is not written as one literal"
    assert sorted(literals) == sorted(extracted())
    assert len(literals) > 40


@pytest.mark.parametrize("kind", ["Need", "Problem"])
def test_what_is_needed_is_never_said_in_an_unmarked_literal(kind: str) -> None:
    for path, node in calls(kind):
        assert not isinstance(node.args[1], ast.Constant | ast.JoinedStr), f"{path.name}:{node.lineno}"


def test_no_sentence_uses_a_word_that_wounds() -> None:
    for message in extracted():
        assert not BANNED.search(message), message


def test_sentences_end_as_sentences_and_do_not_shout() -> None:
    for message in extracted(WHOLE):
        assert message.endswith((".", "?")) or EXAMPLE.search(message), message
        assert BEGINS.match(message), message
    for message in extracted():
        assert "!" not in message
