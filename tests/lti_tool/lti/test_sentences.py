"""What this layer says to people can be translated, and none of it wounds."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract

import lti_tool.lti
import lti_tool.safe_http
from lti_tool.lti.errors import LaunchProblem
from tests.rubrics.words import BANNED

FILES = sorted(
    path for package in (lti_tool.lti, lti_tool.safe_http) for path in Path(package.__path__[0]).rglob("*.py")
)
SAYING = ("LaunchRejected", "PlatformUnavailable", "RegistrationProblem", "Unreachable")
PASSED_ON = ("problem.sentence", "SENTENCES[problem]", "NO_ANSWER")
"""A sentence that was said elsewhere and is only handed on."""


def extracted() -> Iterator[str]:
    """Each sentence that Babel finds."""
    keywords = {**dict.fromkeys(SAYING, (2,)), "_N": None}
    for path in FILES:
        for _, message, _, _ in extract("python", BytesIO(path.read_bytes()), keywords=keywords):
            assert isinstance(message, str)
            yield message


def written() -> Iterator[ast.expr]:
    """The sentence of each call that says one."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in SAYING:
                    yield node.args[1]
                if node.func.id == "_N":
                    yield node.args[0]


def test_every_sentence_is_one_literal_that_is_found_for_translation() -> None:
    sentences = [node for node in written() if ast.unparse(node) not in PASSED_ON]
    literals = [node.value for node in sentences if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert len(literals) == len(sentences)
    assert sorted(literals) == sorted(extracted())
    assert len(literals) > 40


def test_no_sentence_uses_a_word_that_wounds() -> None:
    for message in extracted():
        assert not BANNED.search(message), message


def test_sentences_end_as_sentences_hold_no_places_and_do_not_shout() -> None:
    for message in extracted():
        assert message.endswith((".", "/path.")), message
        assert "%" not in message
        assert "!" not in message
        assert message[0].isupper()


def test_every_code_is_one_clear_word_for_the_log() -> None:
    for problem in LaunchProblem:
        assert problem.value == problem.name.lower()
        assert not BANNED.search(problem.value)


def test_every_code_is_used_or_belongs_to_the_database() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in FILES if path.name != "errors.py")
    elsewhere = {"REPLAYED", "DEPLOYMENT_OF_ANOTHER_CLIENT", "DEPLOYMENT_WAITS", "DEPLOYMENT_NOT_TAKEN"}
    unused = {problem.name for problem in LaunchProblem if f"LaunchProblem.{problem.name}" not in source}
    assert unused == elsewhere
