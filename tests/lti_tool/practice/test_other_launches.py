"""Launches that open no link: a review from the gradebook, and an administrator's question about data."""

from lti_tool.practice import PracticeLms
from lti_tool.practice.names import CLAIM, PRIVACY_REQUEST, REVIEW_REQUEST
from tests.lti_tool.practice.stub_tool import StubTool


def test_a_review_names_the_person_and_the_column(own_lms: PracticeLms, own_tool: StubTool) -> None:
    own_lms.add_activity("Observed practice", maximum=20)
    item = own_lms.line_items()[-1]
    review = {"url": own_tool.base_url + "/launch?review=1", "custom": {"action": "review"}}
    own_lms.change_line_item(item, review=review)
    own_lms.visitor().review("ines", item.id, of="sam")
    claims = own_tool.claims
    assert claims[CLAIM + "message_type"] == REVIEW_REQUEST
    assert claims[CLAIM + "for_user"] == {"user_id": "6"}
    assert claims[CLAIM + "target_link_uri"] == review["url"]
    assert claims[CLAIM + "custom"] == {"action": "review"}
    assert own_tool.endpoint["lineitem"] == own_lms.platform.line_item_address(own_lms.line_items()[-1])


def test_a_trainee_reviews_only_their_own_work(own_lms: PracticeLms, own_tool: StubTool) -> None:
    own_lms.add_activity("Observed practice", maximum=20)
    item = own_lms.line_items()[-1]
    assert own_lms.visitor().review("sam", item.id, of="noor").status == 403
    assert own_lms.visitor().review("sam", item.id, of="noor", unchecked=True).status == 403
    assert own_lms.visitor().review("sam", item.id, of="sam").status == 200
    assert own_tool.claims[CLAIM + "for_user"] == {"user_id": "6"}


def test_the_gradebook_leads_to_the_review_of_each_person(own_lms: PracticeLms, own_tool: StubTool) -> None:
    own_lms.add_activity("Observed practice", maximum=20)
    visitor = own_lms.visitor()
    visitor.be("ines")
    page = visitor.get(own_lms.base_url + "/course/gradebook")
    frame = visitor.follow(page, "Review").text
    assert f"/launch/review/{own_lms.line_items()[-1].id}?person=6" in frame
    assert visitor.get(own_lms.base_url + "/course/review/999").status == 404


def test_only_an_administrator_asks_about_data(own_lms: PracticeLms, own_tool: StubTool) -> None:
    own_lms.add_person("ada", "Ada Novak", "administrator")
    client_id = own_lms.tools()[-1].client_id
    assert own_lms.visitor().ask_about_data("ines", "sam", client_id).status == 403
    assert own_lms.visitor().ask_about_data("ada", "sam", client_id).status == 200
    claims = own_tool.claims
    assert claims[CLAIM + "message_type"] == PRIVACY_REQUEST
    assert claims[CLAIM + "for_user"] == {"user_id": "6"}
    assert claims[CLAIM + "roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"]
    assert CLAIM + "context" not in claims


def test_a_deployment_that_is_added_is_not_announced(own_lms: PracticeLms, own_tool: StubTool) -> None:
    added = own_lms.add_deployment()
    assert added != own_tool.deployment_id
    own_lms.visitor().open("sam", own_lms.activities()[0].id, deployment=added)
    assert own_tool.claims[CLAIM + "deployment_id"] == added
    assert own_tool.launch_form["state"] == "state-1"
