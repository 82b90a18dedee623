"""The whole round, as a stranger of a tool goes it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lti_tool.practice import PracticeLms, running_practice_lms
from lti_tool.practice.names import CLAIM, ENDPOINT_CLAIM, ROSTER_CLAIM, SCORE_TYPE
from tests.lti_tool.practice.stub_tool import StubTool, call

ITEM = {
    "type": "ltiResourceLink",
    "title": "Observed practice",
    "text": "One conversation, observed",
    "custom": {"activity": "a-1"},
    "lineItem": {"scoreMaximum": 100, "label": "Observed practice", "resourceId": "a-1", "tag": "completion"},
}


def test_a_tool_registers_is_chosen_is_launched_and_sends_a_score(lms: PracticeLms, tool: StubTool) -> None:
    tool.content_items = [ITEM]
    visitor = lms.visitor()
    course = visitor.submit(visitor.choose_in_tool("ines"))
    assert "Added: Observed practice." in course.words
    assert lms.line_items()[0].resource_id == "a-1"

    page = visitor.open("Sam Rivera", "Observed practice")
    assert page.words == "Hello Sam Rivera Observed practice"
    assert page.status == 200
    assert tool.claims["sub"] == "6"
    assert tool.claims[CLAIM + "custom"] == {"activity": "a-1"}
    assert tool.claims[CLAIM + "target_link_uri"] == tool.base_url + "/launch"

    at = datetime.now(UTC)
    score = {
        "userId": "6",
        "scoreGiven": 40,
        "scoreMaximum": 50,
        "timestamp": at.isoformat(timespec="milliseconds"),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    line_item = tool.endpoint["lineitem"]
    address = line_item.replace("/lineitem?", "/lineitem/scores?")
    answer = call("POST", address, {**tool.bearer(), "Content-Type": SCORE_TYPE}, json.dumps(score))
    assert (answer.status, answer.body) == (200, b"")
    kept = lms.score("sam")
    assert kept is not None
    assert kept.given == 40
    gradebook = visitor.get(lms.base_url + "/course/gradebook")
    assert "80 received" in gradebook.words
    assert lms.calls("scores")[0].body == score
    assert lms.calls("scores")[0].note == ""


def test_a_launch_says_who_where_and_which_services(lms: PracticeLms, tool: StubTool) -> None:
    link = lms.add_activity("A link", maximum=10)
    lms.visitor().open("jo", link.id, in_window=True)
    claims = tool.claims
    assert claims[CLAIM + "roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"]
    assert claims[CLAIM + "context"]["title"] == "Peer Support Practicum"
    assert claims[CLAIM + "resource_link"] == {"id": link.id, "title": "A link"}
    assert claims[CLAIM + "launch_presentation"]["document_target"] == "window"
    assert claims[CLAIM + "message_type"] == "LtiResourceLinkRequest"
    assert claims["exp"] - claims["iat"] == 60
    assert set(claims[ENDPOINT_CLAIM]) == {"scope", "lineitems", "lineitem"}
    assert claims[ROSTER_CLAIM]["service_versions"] == ["2.0"]


def test_a_link_without_a_column_comes_without_a_line_item(lms: PracticeLms, tool: StubTool) -> None:
    lms.visitor().open("noor", lms.add_activity("No column").id)
    assert "lineitem" not in tool.claims[ENDPOINT_CLAIM]
    assert tool.claims[CLAIM + "roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]


def test_someone_who_is_no_longer_the_chosen_person_is_not_signed_in(lms: PracticeLms, tool: StubTool) -> None:
    link, visitor = lms.add_activity("A link"), lms.visitor()
    visitor.be("sam")
    step = visitor.get(f"{lms.base_url}/launch/{link.id}")
    visitor.be("noor")
    page = visitor.submit(visitor.submit(step))
    assert page.status == 401
    assert tool.launch_form["error"] == "login_required"
    assert tool.launch_form["state"] == "state-1"


def test_a_launch_works_with_a_key_that_is_new(lms: PracticeLms, tool: StubTool) -> None:
    link, former = lms.add_activity("A link"), lms.platform.key.kid
    lms.rotate_key()
    assert lms.visitor().open("tess", link.id).status == 200
    assert lms.platform.key.kid != former


def test_pages_say_what_to_do_next(lms: PracticeLms) -> None:
    visitor = lms.visitor()
    start = visitor.get("http://localhost:" + lms.base_url.rsplit(":", 1)[1] + "/")
    assert start.url == lms.base_url + "/"
    assert start.form().buttons[0].label == "Ines Ferreira Instructor"
    assert "No tool is registered yet" in start.words
    assert "No tool is registered yet" in visitor.be("ines").words
    assert visitor.get(lms.base_url + "/course/activities/99").status == 404
    assert lms.visitor().get(lms.base_url + "/course").status == 403


def test_only_the_instructor_adds_activities(lms: PracticeLms, tool: StubTool) -> None:
    visitor = lms.visitor()
    visitor.be("sam")
    assert visitor.get(f"{lms.base_url}/course/add/{tool.client_id}").status == 403
    assert visitor.get(f"{lms.base_url}/launch/choose/{tool.client_id}").status == 403
    visitor.be("ines")
    page = visitor.get(f"{lms.base_url}/course/add/{tool.client_id}")
    assert "Added: Plain link." in visitor.submit(page, {"title": "Plain link"}).words


def test_a_trainee_sees_only_their_own_row(lms: PracticeLms, tool: StubTool) -> None:
    lms.add_activity("A link", maximum=10)
    visitor = lms.visitor()
    visitor.be("sam")
    own = visitor.get(lms.base_url + "/course/gradebook").words
    visitor.be("amara")
    everybody = visitor.get(lms.base_url + "/course/gradebook").words
    assert "Noor Haddad" not in own
    assert "Noor Haddad" in everybody


def test_a_tool_that_is_removed_takes_its_activities_and_columns_along(lms: PracticeLms, tool: StubTool) -> None:
    lms.add_activity("A link", maximum=10)
    visitor = lms.visitor()
    page = visitor.submit(visitor.get(lms.base_url + "/admin/tools"), form="Remove Stub tool")
    assert "No tool is registered yet." in page.words
    assert (lms.tools(), lms.activities(), lms.line_items()) == ((), (), ())


def test_what_a_tool_says_at_the_end_is_shown_and_nothing_leads_to_the_course(lms: PracticeLms, tool: StubTool) -> None:
    visitor = lms.visitor()
    visitor.be("sam")
    assert "Saved <b>for now" in visitor.get(lms.base_url + "/course/return?lti_msg=Saved+%3Cb%3Efor+now").words
    assert visitor.get(lms.base_url + "/course/return").url == lms.base_url + "/course"


def test_an_access_token_ends_after_an_hour(stub: StubTool, tmp_path: Path) -> None:
    later = timedelta()
    with running_practice_lms(tmp_path, clock=lambda: datetime.now(UTC) + later) as lms:
        lms.register_tool(stub.registration_address)
        lms.visitor().open("sam", lms.add_activity("A link").id)
        bearer, address = stub.bearer(), stub.endpoint["lineitems"]
        assert call("GET", address, bearer).status == 200
        later = timedelta(hours=1, seconds=1)
        assert call("GET", address, bearer).status == 401
