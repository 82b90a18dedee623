"""HTML of others becomes plain text in a time that grows with its length, whatever stands in it."""

import pytest

from lti_tool.documents.html_text import LONGEST, text_of_html

SIZE = 1_000_000  # each of these took hours when its time grew with the square


@pytest.mark.parametrize("part", ["<a", "<div>", "&nbsp;", "&#32;", "&a", "<br "])
def test_marks_that_never_end_take_no_more_time_than_others(part: str) -> None:
    found = text_of_html(part * (SIZE // len(part)) + "<b>heard</b>")
    assert found.endswith("heard")


def test_what_is_longer_than_any_description_loses_its_marks_too() -> None:
    assert text_of_html("<p>Listens.</p>" * LONGEST).startswith("Listens.\n\nListens.")
