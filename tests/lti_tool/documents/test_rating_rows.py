"""Ratings from a table, as people and as programs write it."""

import pytest

from lti_tool.documents import DocumentProblems
from lti_tool.documents.framework_rows import as_identifier
from lti_tool.documents.rating_rows import Asked, read


def test_a_table_whose_rows_have_names_without_a_header_is_read() -> None:
    (named,) = read(b"unit,Jo,Amara\nfirst,1,2\nsecond,2,2\n", source="ratings.csv", asked=Asked())
    (nameless,) = read(b",Jo,Amara\nfirst,1,2\nsecond,2,2\n", source="ratings.csv", asked=Asked())
    assert nameless == named


def test_a_table_without_units_is_told_how_to_begin() -> None:
    with pytest.raises(DocumentProblems, match="No column is called unit"):
        read(b"Jo,Amara\n1,2\n", source="ratings.csv", asked=Asked())


def test_only_a_uuid_is_an_identifier() -> None:
    uuid = "3a9e9011-76c2-5386-9898-c02f9190cb46"
    assert [as_identifier(name) for name in (uuid, uuid.upper(), "x" * 36, "A1")] == [uuid, uuid, None, None]
