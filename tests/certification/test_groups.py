"""Section 10: groups of a course."""

from typing import Any

import pytest

from tests.certification.course import Course, groups_claim, member, roster_claim, set_up
from tests.certification.lms import Lms
from tests.lti_tool.lti.server import Reply, as_json

GROUPS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
INES = member("ines", "Instructor")


def course_of(lms: Lms, *groups: dict[str, Any], link: str = "", **claim: Any) -> Course:
    course = set_up(lms, roster_claim(lms), groups_claim(lms, **claim))
    lms.server.reply(f"{lms.path}/groups", as_json({"groups": list(groups)}, **({"Link": link} if link else {})))
    course.lists(INES)
    return course


def test_G01_the_services_addresses_are_kept_from_the_launch(lms: Lms) -> None:
    course = course_of(lms, {"id": "a", "name": "Tuesday group"})
    course.read()
    assert course.groups() == {"Tuesday group": set()}


@pytest.mark.parametrize("versions", [["2.0"], [], None, "1.0"])
def test_G01_another_version_is_not_asked(lms: Lms, versions: Any) -> None:
    course = course_of(lms, {"id": "a", "name": "Tuesday group"}, service_versions=versions)
    course.read()
    assert not course.asked("/groups")


def test_G02_groups_are_asked_for_with_their_type_and_scope(lms: Lms) -> None:
    course = course_of(
        lms, {"id": "a", "name": "Tuesday group", "tag": "t", "set_id": "s"}, {"id": "b", "name": "Online"}
    )
    course.read()
    (asked,) = course.asked("/groups")
    assert asked.headers["accept"] == GROUPS_TYPE
    assert SCOPE in [token.form["scope"] for token in course.asked("/token")]
    assert set(course.groups()) == {"Tuesday group", "Online"}


def test_G03_all_pages_of_groups_are_read(lms: Lms) -> None:
    course = course_of(lms, {"id": "a", "name": "A"}, link=f'<{lms.issuer}/groups/2?x=Y>; rel="next"')
    lms.server.reply(f"{lms.path}/groups/2", as_json({"groups": [{"id": "b", "name": "B"}]}))
    course.read()
    assert set(course.groups()) == {"A", "B"}
    assert course.asked("/groups/2")[0].query == "x=Y"


@pytest.mark.parametrize("sets", [None, "there"])
def test_G04_group_sets_play_no_part(lms: Lms, sets: str | None) -> None:
    course = course_of(lms, {"id": "a", "name": "A"}, context_group_sets_url=sets and f"{lms.issuer}/sets")
    course.read()
    assert set(course.groups()) == {"A"}
    assert not course.asked("/sets")


@pytest.mark.parametrize(("one", "other"), [(7, "7"), ("7", 7), (7, 7)])
def test_G05_ids_as_numbers_and_as_texts_are_the_same(lms: Lms, one: Any, other: Any) -> None:
    course = course_of(lms, {"id": one, "name": "A"})
    course.lists(INES, member("sam", group_enrollments=[{"group_id": other}]))
    course.read()
    assert course.groups() == {"A": {"sam"}}


def test_G06_members_are_in_the_groups_that_the_list_names(lms: Lms) -> None:
    course = course_of(lms, {"id": "a", "name": "A"}, {"id": "b", "name": "B"})
    course.lists(
        INES,
        member("sam", group_enrollments=[{"group_id": "a"}, {"group_id": "b"}]),
        member("noor", group_enrollments=[{"group_id": "b"}, {"group_id": "unknown"}]),
        member("lee", group_enrollments=[]),
    )
    course.read()
    assert "groups=true" in course.asked()[0].query
    assert course.groups() == {"A": {"sam"}, "B": {"sam", "noor"}}
    course.lists(INES, member("sam", group_enrollments=[{"group_id": "b"}]), member("noor"))
    course.read()
    assert course.groups()["A"] == set()


@pytest.mark.parametrize("reply", [Reply(404), Reply(200, b"<html>"), Reply(200, b'{"groups": 5}'), Reply(200, b"[]")])
def test_G04_groups_that_cannot_be_had_keep_nobody_from_the_list(lms: Lms, reply: Reply) -> None:
    course = course_of(lms)
    lms.server.reply(f"{lms.path}/groups", reply)
    course.lists(INES, member("sam", name="Sam Rivera"))
    assert "Sam Rivera" in course.read()
    assert not course.groups()
