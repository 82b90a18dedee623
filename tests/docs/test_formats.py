"""What docs/formats.md shows can be brought as it stands, and it says of each format what the code says."""

import re

import pytest

from lti_tool.documents.brought import Options
from lti_tool.documents.formats import FORMATS, Format, read, recognize
from tests.project import ROOT, text_of

TEXT = text_of(ROOT / "docs" / "formats.md")
EXAMPLES = re.findall(r"^```(toml|json)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
ROWS = [line for line in TEXT.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize(("language", "example"), EXAMPLES)
def test_an_example_is_recognized_and_read(language: str, example: str) -> None:
    content = example.encode()
    kind = recognize(content, source="formats.md", options=Options())
    assert kind == language
    found = read(content, source="formats.md", options=Options(), kind=kind)
    assert len(found.rubrics) + len(found.frameworks) == 1
    assert found.notes == ()


@pytest.mark.parametrize("kind", Format)
def test_each_format_has_its_row(kind: Format) -> None:
    (row,) = (row for row in ROWS if f"`{kind.value}`" in row)
    _, _, label, rubrics, frameworks, behind, _ = (cell.strip() for cell in row.split("|"))
    known = FORMATS[kind]
    assert known.label.startswith(label)
    assert ((rubrics == "yes"), (frameworks == "yes")) == (known.rubrics, known.frameworks)
    if known.leaves_out:
        assert behind == "; ".join(known.leaves_out)
