"""Pages of the practice LMS that are asked for what is not there say so, and change nothing."""

import pytest

from lti_tool.practice import PracticeLms
from tests.lti_tool.practice.stub_tool import StubTool


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/course?course=999", "This course is not here"),
        ("/course/add/nobody", "This tool is not registered here"),
        ("/launch/navigation/{client}", "This LMS has no such place"),
        ("/launch/privacy/{client}?person=sam", "This LMS has no such question"),
    ],
)
def test_a_place_that_is_not_there_is_told(
    moodle: PracticeLms, moodle_tool: StubTool, path: str, sentence: str
) -> None:
    visitor = moodle.visitor()
    visitor.be("ines")
    page = visitor.get(moodle.base_url + path.format(client=moodle_tool.client_id))
    assert (page.status, sentence in page.words) == (404, True), page.words


def test_a_cell_takes_numbers_and_nothing_else(moodle: PracticeLms, moodle_tool: StubTool) -> None:
    visitor, item, cells = moodle.visitor(), moodle.line_items()[0], moodle.base_url + "/course/gradebook"
    here = visitor.be("ines").url
    for address, typed, status in (
        (f"{cells}/{item.id}/nobody", "5", 404),
        (f"{cells}/999/{moodle.user_id('sam')}", "5", 404),
        (f"{cells}/{item.id}/{moodle.user_id('sam')}", "five", 400),
    ):
        assert visitor.post(address, [("score", typed)], seen_on=here).status == status
    assert moodle.scores() == ()
    assert visitor.post(f"{cells}/{item.id}/{moodle.user_id('sam')}", [("score", "5")], seen_on=here).status == 200
    assert [score.given for score in moodle.scores()] == [5]
