"""Who is in a course: roles change, people leave, many come."""

import json
from typing import Any

from lti_tool.practice import PracticeLms
from lti_tool.practice.names import CLAIM, GROUPS_CLAIM, GROUPS_TYPE, ROSTER_CLAIM, ROSTER_TYPE
from tests.lti_tool.practice.stub_tool import Answer, StubTool, call, score, send


def roster(tool: StubTool, query: str = "") -> Answer:
    address = tool.claims[ROSTER_CLAIM]["context_memberships_url"]
    return call("GET", address + query, {**tool.bearer(), "Accept": ROSTER_TYPE})


def member(tool: StubTool, user_id: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [row for row in roster(tool).json["members"] if row["user_id"] == user_id]
    return found[0]


def test_somebody_who_left_or_pauses_is_still_in_the_list_with_that_status(
    own_lms: PracticeLms, own_tool: StubTool
) -> None:
    own_lms.remove_member("noor")
    own_lms.remove_member("tess", status="Inactive")
    assert member(own_tool, "7")["status"] == "Deleted"
    assert member(own_tool, "8")["status"] == "Inactive"
    assert own_lms.visitor().open("noor", own_lms.activities()[0].id).status == 403
    column = own_lms.add_activity("With a column", maximum=10)
    own_lms.visitor().open("sam", column.id)
    assert send(own_tool, own_tool.endpoint["lineitem"], score(userId="7")).status == 400
    own_lms.take_back_member("noor")
    assert member(own_tool, "7")["status"] == "Active"


def test_roles_change_in_one_course_or_everywhere(own_lms: PracticeLms, own_tool: StubTool) -> None:
    own_lms.change_roles("sam", "trainee", "supervisor")
    own_lms.visitor().open("sam", own_lms.activities()[0].id)
    assert len(own_tool.claims[CLAIM + "roles"]) == 2
    other = own_lms.add_course("Second cohort")
    own_lms.change_roles("sam", "supervisor", course=other.id)
    own_lms.visitor().open("sam", own_lms.add_activity("There", course=other.id).id)
    assert [role.rsplit("#")[1] for role in own_tool.claims[CLAIM + "roles"]] == ["TeachingAssistant"]


def test_somebody_without_a_name_has_none_in_launches_and_lists(own_lms: PracticeLms, own_tool: StubTool) -> None:
    person = own_lms.add_person("quiet", "Quiet Person", "trainee", nameless=True)
    assert "name" not in member(own_tool, person.id)
    assert "email" not in member(own_tool, person.id)


def test_groups_are_listed_and_named_beside_each_person(own_lms: PracticeLms, own_tool: StubTool) -> None:
    service = own_tool.claims[GROUPS_CLAIM]
    headers = {**own_tool.bearer(), "Accept": GROUPS_TYPE}
    listed = call("GET", service["context_groups_url"], headers).json["groups"]
    assert listed == [{"id": "1", "name": "Tuesday group"}, {"id": "2", "name": "Thursday group"}]
    assert len(call("GET", service["context_groups_url"] + "&user_id=6", headers).json["groups"]) == 1
    rows = {row["user_id"]: row for row in roster(own_tool, "&groups=true").json["members"]}
    assert rows["7"]["group_enrollments"] == [{"group_id": "1"}, {"group_id": "2"}]
    assert "group_enrollments" not in member(own_tool, "7")


def test_twenty_thousand_people_are_listed_at_once_or_page_by_page(own_lms: PracticeLms, own_tool: StubTool) -> None:
    own_lms.enroll_many(20_000)
    assert len(roster(own_tool).json["members"]) == 20_006
    first = roster(own_tool, "&limit=8000")
    assert len(first.json["members"]) == 8000
    seen, answer = len(first.json["members"]), first
    while link := answer.headers.get("link"):
        answer = call("GET", link.split(">")[0][1:], {**own_tool.bearer(), "Accept": ROSTER_TYPE})
        seen += len(answer.json["members"])
    assert seen == 20_006
    assert own_lms.visitor().open("crowd-19999", own_lms.activities()[0].id).status == 200
    assert own_tool.claims["name"] == "Trainee 20000"


def test_courses_have_links_and_columns_of_their_own(own_lms: PracticeLms, own_tool: StubTool) -> None:
    other = own_lms.add_course("Second cohort")
    link = own_lms.add_activity("There", course=other.id, maximum=10)
    page = own_lms.visitor().get(f"{own_lms.base_url}/course?course={other.id}")
    assert page.status == 403
    own_lms.visitor().open("sam", link.id)
    assert own_tool.claims[CLAIM + "context"] == {
        "id": other.id, "label": other.label, "title": "Second cohort",
        "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
    }  # fmt: skip
    column = own_tool.endpoint["lineitem"]
    assert send(own_tool, column, score()).status == 200
    elsewhere = column.replace(f"/courses/{other.id}/", "/courses/2/")
    assert send(own_tool, elsewhere, score(timestamp="2026-03-02T10:00:00.5Z")).status == 404


def test_what_people_and_courses_became_survives_a_restart(own_lms: PracticeLms, own_tool: StubTool) -> None:
    own_lms.remove_member("noor")
    own_lms.add_person("pat", "Pat Quinn", "observer", "trainee")
    own_lms.add_course("Second cohort")
    saved = json.loads(own_lms.platform._file.path.read_text())
    loaded = own_lms.platform._file.load()
    assert loaded is not None
    assert loaded.people == own_lms.platform.state.people
    assert loaded.memberships == own_lms.platform.state.memberships
    assert loaded.courses == own_lms.platform.state.courses
    assert saved["profile"] == "strict"
