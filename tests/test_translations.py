"""A language that Attune claims is complete, and says nothing that its pages could not show."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.project import tracked_files
from tests.pseudo import marked

CATALOGS = tracked_files("lti_tool/translations/*.po")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")

each_catalog = pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])


@cache
def read(path: Path) -> Catalog:
    with path.open("rb") as text:
        return read_po(text)


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def messages(path: Path) -> list[Message]:
    return [message for message in read(path) if message.id]


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """Every text that code and templates mark."""
    return {forms(message.id)[0] for message in marked() if message.id}


def test_texts_are_found(texts: set[str]) -> None:
    assert "Waiting for you" in texts  # in a template
    assert len(texts) > 300


@each_catalog
def test_every_text_of_the_pages_is_translated(path: Path, texts: set[str]) -> None:
    done = {forms(message.id)[0] for message in messages(path) if all(forms(message.string)) and not message.fuzzy}
    assert sorted(texts - done) == []


@each_catalog
def test_a_translation_fills_the_same_places(path: Path) -> None:
    for message in messages(path):
        wanted = {found for form in forms(message.id) for found in PLACEHOLDER.findall(form)}
        found = {found for form in forms(message.string) for found in PLACEHOLDER.findall(form)}
        assert found == wanted or not any(forms(message.string)), message.id


@each_catalog
def test_the_catalog_is_compiled(path: Path) -> None:
    assert path.with_suffix(".mo").is_file(), "run: make setup"
