"""What the documents point to is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lti_tool.cli import attune
from tests.project import ROOT, text_of, tracked_files

DOCUMENTS = tracked_files("*.md")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```[a-z]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def links(document: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(<?([^)\s>]+)", FENCED.sub("", text_of(document))):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text_of(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def commands(document: Path) -> Iterator[str]:
    for block, span in CODE.findall(text_of(document)):
        yield from (block or span).splitlines()


@each_document
def test_links_within_the_project_lead_somewhere(document: Path) -> None:
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@each_document
def test_what_the_documents_tell_to_make_can_be_made(document: Path) -> None:
    told = {match.group(1) for line in commands(document) if (match := re.match(r"(?:\w+=\S+ )*make ([a-z-]+)", line))}
    assert told <= TARGETS


@each_document
def test_commands_in_the_documents_exist_with_the_options_shown(document: Path) -> None:
    for line in commands(document):
        if line.startswith("attune "):
            explain(line.split()[1:])


def explain(words: list[str]) -> None:
    """Walk down to the command that the words name, and look for the options among them."""
    command: click.Command = attune
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command, words = command.commands[words[0]], words[1:]
    assert not isinstance(command, click.Group) or not words, f"no command {' '.join(words)}"
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known | {"--help"}
