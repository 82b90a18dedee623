"""docs/ is a site, too: every document has its place in it, and links that leave it become words."""

import re
from types import SimpleNamespace

import pytest

from docs.outside import on_page_markdown
from tests.project import ROOT, text_of, tracked_files

SITE = text_of(ROOT / "mkdocs.yml")


def test_every_document_has_its_place_in_the_site() -> None:
    named = set(re.findall(r"(?:- |: )([\w/-]+\.md)$", SITE, re.MULTILINE))
    there = {str(path.relative_to(ROOT / "docs")) for path in tracked_files("docs/*.md")}
    assert {name for name in there if not name.startswith("decisions/0")} == named


@pytest.mark.parametrize(
    ("page", "written", "shown"),
    [
        ("operate.md", "see [the units](../config/deploy/) there", "see the units there"),
        ("operate.md", "see [appeals](appeals.md#panel)", "see [appeals](appeals.md#panel)"),
        ("decisions/0001-x.md", "see [files](../evidence.md)", "see [files](../evidence.md)"),
        ("decisions/0001-x.md", "see [it](../../lti_tool/app.py)", "see it"),
    ],
)
def test_links_into_the_source_become_words_and_others_stay(page: str, written: str, shown: str) -> None:
    assert on_page_markdown(written, page=SimpleNamespace(file=SimpleNamespace(src_path=page))) == shown
