"""Section 9: the LMS's list of a course's people."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_tool.access import Capability
from lti_tool.lti.names import ROSTER_SCOPE
from tests.certification import forms
from tests.certification.course import MEMBERS_TYPE, Course, member, page_of, roster_claim, set_up
from tests.certification.lms import Lms
from tests.certification.place import Browser, words_of
from tests.lti_tool.lti.platform import put
from tests.lti_tool.lti.server import Reply

INES = member("ines", "Instructor", name="Ines Flores")
TRAINEE = Capability.TRAINEE


@pytest.fixture
def course(lms: Lms) -> Course:
    return set_up(lms, roster_claim(lms))


def test_N01_a_launch_with_the_service_lets_the_list_be_read(course: Course) -> None:
    course.lists(INES, member("sam", name="Sam Rivera"), member("noor", name="Noor Aziz"))
    said = course.read()
    assert "Sam Rivera" in said
    assert "Noor Aziz" in said
    assert course.standing()["sam"] == ("Sam Rivera", TRAINEE)


@pytest.mark.parametrize(
    "claims",
    [(), ("1.0",), ("2.1",), "2.0", None],
    ids=["absent", "another version", "a later one", "no list", "null"],
)
def test_N02_without_the_service_nothing_is_read_and_the_page_says_why(lms: Lms, claims: Any) -> None:
    bare = set_up(lms, *([roster_claim(lms, service_versions=claims)] if claims != () else []))
    page = bare.people()
    assert page.status_code == 200
    with_button = [form for form in forms.forms(page) if "/refresh" in form.action]
    if with_button:
        answer = forms.send(lms.browser, page, with_button[0])
        assert answer.status_code == 409
        page = answer
    assert "offers no list of people" in words_of(page.text)
    assert not bare.asked()


def test_N03_reading_brings_its_media_type_a_token_and_its_own_scope(course: Course) -> None:
    course.read()
    (asked,) = course.asked()
    assert asked.method == "GET"
    assert asked.headers["accept"] == MEMBERS_TYPE
    assert asked.headers["authorization"] == "Bearer t"
    assert [token.form["scope"] for token in course.asked("/token")] == [ROSTER_SCOPE]


def test_N04_a_query_of_the_address_stays(lms: Lms) -> None:
    course = set_up(lms, roster_claim(lms, context_memberships_url=f"{lms.issuer}/members?type=a%20b&x=&x=1"))
    course.read()
    (asked,) = course.asked()
    assert asked.query.startswith("type=a%20b&x=&x=1")


@pytest.mark.parametrize("form", ['<{}>; rel="next"', "<{}>;rel=next", '<x>; rel="prev", <{}>; title="t"; rel="next"'])
def test_N05_pages_are_followed_as_they_are_written(course: Course, form: str) -> None:
    server, path = course.lms.server, course.lms.path
    second = f"{course.lms.issuer}/members/Page-B?cursor=AbC%2F"
    course.lists(INES, member("sam"), link=form.format(second))
    server.reply(f"{path}/members/Page-B", page_of(member("noor")))
    course.read()
    assert {"ines", "sam", "noor"} <= set(course.standing())
    assert course.asked("/members/Page-B")[0].query == "cursor=AbC%2F"


def test_N05_pages_in_a_circle_end_and_change_nobody(course: Course) -> None:
    course.lists(INES, member("sam"), link=f'<{course.lms.issuer}/members>; rel="next"')
    said = course.read()
    assert "not a list of people that Attune can read" in said
    assert len(course.asked()) < 600
    assert course.standing()["ines"]


def test_N05_a_next_page_at_a_strangers_gets_no_token(course: Course) -> None:
    course.lists(INES, link='<http://127.0.0.1:9/members>; rel="next"')
    assert "Attune did not ask there" in course.read() or "not a list of people" in words_of(course.people().text)


def test_N06_a_differences_link_is_not_followed(course: Course) -> None:
    away = f"{course.lms.issuer}/members/changes"
    course.lists(INES, member("sam"), link=f'<{away}>; rel="differences"')
    course.read()
    assert "sam" in course.standing()
    assert not course.asked("/members/changes")


def test_N07_members_need_no_more_than_an_id_and_roles(course: Course) -> None:
    course.lists(INES, {"user_id": "sam", "roles": ["Learner"]}, {"user_id": "noor", "roles": []})
    said = course.read()
    assert course.standing()["sam"] == (None, TRAINEE)
    assert course.standing()["noor"] == (None, None)
    assert "None" not in said


def test_N08_who_has_no_status_is_active(course: Course) -> None:
    course.lists(INES, member("sam"), member("noor", status="Active"))
    course.read()
    assert {"sam", "noor"} <= set(course.standing())


@pytest.mark.parametrize("status", ["Inactive", "Deleted"])
def test_N09_who_is_not_active_may_do_nothing_and_what_they_did_stays(
    course: Course, new_browser: Callable[[], Browser], status: str
) -> None:
    course.lists(INES, member("sam", name="Sam Rivera"))
    course.read()
    people = course.lms.attune.kept()["person"]
    course.lists(INES, member("sam", name="Sam Rivera", status=status))
    course.read()
    assert "sam" not in course.standing()
    assert course.lms.attune.kept()["person"] == people
    course.enter(put("sub", "sam"), browser=new_browser())
    assert "sam" in course.standing()  # a launch begins it again


@pytest.mark.parametrize(
    ("role", "may"),
    [("Instructor", Capability.INSTRUCTOR), ("Learner", TRAINEE), ("TeachingAssistant", Capability.OBSERVER),
     ("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor", Capability.INSTRUCTOR), ("Guest", None)],
)  # fmt: skip
def test_N10_short_role_names_are_known(course: Course, role: str, may: Capability | None) -> None:
    course.lists(INES, member("sam", role))
    course.read()
    assert course.standing()["sam"][1] is may


def test_N12_who_reads_a_list_without_themselves_stays(course: Course) -> None:
    course.lists(member("sam"))
    course.read()
    assert course.standing()["ines"][1] is Capability.INSTRUCTOR
    assert course.people().status_code == 200


def test_N13_twenty_thousand_are_read_a_page_at_a_time(course: Course) -> None:
    server, path, count, of_page = course.lms.server, course.lms.path, 20_000, 1_000
    for page in range(count // of_page):
        name = "/members" if page == 0 else f"/members/{page}"
        more = f'<{course.lms.issuer}/members/{page + 1}>; rel="next"' if (page + 1) * of_page < count else ""
        first = [INES] if page == 0 else []
        people = [member(f"m-{page}-{number}", name=f"Name {page} {number}") for number in range(of_page)]
        server.reply(f"{path}{name}", page_of(*first, *people, link=more))
    course.read()
    assert len(course.standing()) == count + 1


def test_N14_who_is_listed_twice_is_there_once_with_both_roles(course: Course) -> None:
    course.lists(INES, member("sam", "Learner"), member("sam", "TeachingAssistant"))
    course.read()
    assert course.standing()["sam"][1] is Capability.OBSERVER
    server, path = course.lms.server, course.lms.path
    course.lists(INES, member("noor", "TeachingAssistant"), link=f'<{course.lms.issuer}/members/2>; rel="next"')
    server.reply(f"{path}/members/2", page_of(member("noor", "Learner")))
    course.read()
    assert course.standing()["noor"][1] is Capability.OBSERVER


def test_N15_members_without_names_are_known_by_their_id(course: Course, new_browser: Callable[[], Browser]) -> None:
    course.lists(INES, member("sam"))
    course.read()
    people = course.lms.attune.kept()["person"]
    course.enter(put("sub", "sam"), browser=new_browser())
    assert course.lms.attune.kept()["person"] == people


def test_N17_reading_is_not_for_learners(course: Course, new_browser: Callable[[], Browser]) -> None:
    course.work()  # what the instructor's launch asked for
    before, learner = len(course.asked()), new_browser()
    course.enter(put("sub", "sam"), browser=learner)
    page = course.people()
    form = forms.form(page, "/refresh")
    assert learner.get(f"{course.url}/people").status_code == 403
    own = learner.get(f"{course.lms.attune.url}/support")
    form.fields["csrf_token"] = forms.form(own, "/sign-out").fields["csrf_token"]
    assert forms.send(learner, page, form).status_code == 403
    course.work()
    assert len(course.asked()) == before


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(500), "did not answer just now"),
        (Reply(403), "does not let Attune read the list"),
        (Reply(200, b"<html>"), "not a list of people"),
    ],
)
def test_N05_a_list_that_cannot_be_read_changes_nobody_and_says_why(course: Course, reply: Reply, words: str) -> None:
    course.lists(INES, member("sam"))
    course.read()
    before = course.standing()
    course.lms.server.reply(f"{course.lms.path}/members", reply)
    assert words in course.read()
    assert course.standing() == before
