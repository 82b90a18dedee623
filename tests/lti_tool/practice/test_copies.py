"""Copies of courses and links: new ids, the same addresses and custom words."""

from lti_tool.practice import PracticeLms
from lti_tool.practice.names import CLAIM, ENDPOINT_CLAIM
from tests.lti_tool.practice.stub_tool import StubTool, score, send


def test_a_copied_course_has_new_ids_and_no_scores(own_lms: PracticeLms, own_tool: StubTool) -> None:
    link = own_lms.add_activity("Observed practice", custom={"activity": "a-1"}, maximum=20)
    own_lms.visitor().open("sam", link.id)
    column = own_tool.endpoint["lineitem"]
    send(own_tool, column, score())
    copy = own_lms.copy_course()
    assert copy.history == ("2",)
    assert own_lms.copy_course(copy.id).history == (copy.id, "2")
    copied = own_lms.activities(copy.id)[-1]
    assert (copied.title, copied.url, copied.custom) == (link.title, link.url, link.custom)
    assert copied.id != link.id
    own_lms.visitor().open("sam", copied.id)
    assert own_tool.claims[CLAIM + "context"]["id"] == copy.id
    assert own_tool.claims[CLAIM + "custom"] == {"activity": "a-1"}
    assert own_tool.claims[ENDPOINT_CLAIM]["lineitem"] != column
    assert len(own_lms.scores()) == 1


def test_a_duplicate_keeps_the_tags_of_its_column(own_lms: PracticeLms, own_tool: StubTool) -> None:
    link = own_lms.add_activity("Observed practice", maximum=20)
    own_lms.change_line_item(own_lms.line_items()[-1], resource_id="a-1", tag="completion")
    copied = own_lms.duplicate_activity(link)
    item = own_lms.line_items()[-1]
    assert (item.activity_id, item.resource_id, item.tag) == (copied.id, "a-1", "completion")
