"""TOML is read in a time that grows with its length, whatever stands in it."""

import pytest

from lti_tool.documents import DocumentProblem
from lti_tool.documents.toml import MOST_NAMES, read_toml

LONG = ".".join(["a"] * 200_000)  # hours of work for the library


@pytest.mark.parametrize(
    "text",
    [f"x = 1\n{LONG} = 1", f"x = 1\n[{LONG}]", f"x = 1\n [[ {LONG} ]]", f"x = 1\ny = {{ b = 1, {LONG} = 1 }}"],
    ids=["key", "table", "list of tables", "inside a line"],
)
def test_a_key_of_very_many_names_is_named_and_not_read(text: str) -> None:
    with pytest.raises(DocumentProblem) as found:
        read_toml(text, source="my.toml")
    assert found.value.place == "line 2"


def test_texts_may_have_any_number_of_dots() -> None:
    words = "One. Two. Three. Wait... " * MOST_NAMES
    assert read_toml(f'summary = "{words}"', source="my.toml") == {"summary": words.strip()}
