"""Reading a course's people (Names and Role Provisioning Services 2.0)."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.errors import PlatformProblem, PlatformUnavailable
from lti_tool.lti.pages import MOST_PAGES
from lti_tool.lti.roster import AT_ONCE, PROBLEMS, SENTENCES, Member, merged, read_roster, sentence
from lti_tool.safe_http import HttpAnswer
from tests.lti_tool.lti.listing import Answers, Pauses

URL = "https://lms.example/members?type=1"


def page(members: Sequence[Any], link: str = "") -> HttpAnswer:
    headers = {"link": link} if link else {}
    return HttpAnswer(200, headers, json.dumps({"id": URL, "members": members}).encode())


def next_at(address: str) -> str:
    return f'<{address}>; rel="next"'


def one(sub: str) -> dict[str, Any]:
    return {"user_id": sub, "roles": ["Learner"]}


def read(*answers: HttpAnswer | Posted) -> tuple[list[Member], Answers]:
    service = Answers(*answers)
    found = [member for some in read_roster(service, URL, Pauses().patience) for member in some]
    return found, service


def problem_of(*answers: HttpAnswer | Posted) -> PlatformProblem:
    with pytest.raises(PlatformUnavailable) as told:
        read(*answers)
    assert told.value.sentence == sentence(told.value.code)
    return told.value.code


def test_lti_n03_the_list_is_asked_for_with_its_own_type_and_scope() -> None:
    _, service = read(page([]))
    ((_url, scope, headers),) = service.asked
    assert scope.endswith("contextmembership.readonly")
    assert headers == {"Accept": "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"}


@pytest.mark.parametrize(
    ("address", "groups", "asked"),
    [
        ("https://lms.example/members", False, "https://lms.example/members?limit=500"),
        (URL, False, f"{URL}&limit=500"),
        (URL, True, f"{URL}&limit=500&groups=true"),
        (f"{URL}&limit=7", False, f"{URL}&limit=7"),
    ],
)
def test_lti_n04_the_wish_for_pages_stands_beside_what_the_address_asks_for_already(
    address: str, groups: bool, asked: str
) -> None:
    service = Answers(page([]))
    list(read_roster(service, address, Pauses().patience, groups=groups))
    assert service.asked[0][0] == asked


@pytest.mark.parametrize(
    "link", ['<https://lms.example/members?page=AbC>; rel="next"', "</members?page=AbC>; rel=next"]
)
def test_lti_n05_a13_pages_are_followed_as_they_are_written(link: str) -> None:
    people, service = read(page([one("1")], link), page([one("2")]))
    assert [person.sub for person in people] == ["1", "2"]
    assert service.asked[1][0] == "https://lms.example/members?page=AbC"


def test_lti_a14_a_next_page_on_another_machine_is_not_asked_for() -> None:
    assert problem_of(page([one("1")], next_at("https://evil.example/members"))) is PlatformProblem.ROSTER_ELSEWHERE


def test_lti_a15_pages_that_go_in_a_circle_come_to_an_end() -> None:
    first, second = next_at("https://lms.example/members?page=1"), next_at("https://lms.example/members?page=2")
    assert problem_of(page([], first), page([], second), page([], first)) is PlatformProblem.ROSTER_NOT_READ


def test_lti_a15_pages_without_an_end_come_to_an_end() -> None:
    endless = [page([], next_at(f"https://lms.example/members?page={number}")) for number in range(MOST_PAGES + 1)]
    assert problem_of(*endless) is PlatformProblem.ROSTER_NOT_READ


def test_lti_n13_many_in_one_answer_are_handed_on_some_at_a_time() -> None:
    service = Answers(page([one(str(number)) for number in range(AT_ONCE * 2 + 1)]))
    sizes = [len(some) for some in read_roster(service, URL, Pauses().patience)]
    assert sizes == [AT_ONCE, AT_ONCE, 1]


def test_lti_n07_n08_n10_only_an_id_is_needed_and_no_status_means_active() -> None:
    people, _ = read(page([one("1")]))
    assert people == [Member("1", None, None, ("Learner",), active=True)]


@pytest.mark.parametrize("status", ["Inactive", "Deleted"])
def test_lti_n09_someone_inactive_is_said_to_be_so(status: str) -> None:
    people, _ = read(page([one("1") | {"status": status}]))
    assert [person.active for person in people] == [False]


def test_lti_n14_the_same_user_twice_is_one_person_with_both_roles() -> None:
    twice = [one("1"), {"user_id": "1", "roles": ["Instructor"], "name": "Ana"}]
    people, _ = read(page(twice))
    assert people == [Member("1", "Ana", None, ("Learner", "Instructor"), active=True)]


def test_lti_n14_a_place_that_was_left_gives_no_roles_beside_one_that_was_not() -> None:
    left = {"user_id": "1", "roles": ["Instructor"], "status": "Deleted"}
    people, _ = read(page([left, one("1")]))
    assert people == [Member("1", None, None, ("Learner",), active=True)]


def test_lti_n16_g06_groups_come_with_the_people_whatever_kind_of_id_they_have() -> None:
    groups = [{"group_id": 7}, {"group_id": "b"}, {"group_id": None}, {}, 3]
    people, _ = read(page([one("1") | {"group_enrollments": groups}, one("2") | {"group_enrollments": []}, one("3")]))
    assert [person.groups for person in people] == [("7", "b"), (), None]


@pytest.mark.parametrize(
    "entry", [None, 7, {}, {"user_id": 7}, {"user_id": ""}, {"user_id": "x" * 256}, {"user_id": "a\x00"}]
)
def test_an_entry_that_names_nobody_is_passed_over(entry: object) -> None:
    people, _ = read(page([entry, {"user_id": "1", "roles": "Learner", "name": "A\x00na "}]))
    assert people == [Member("1", "Ana", None, (), active=True)]


def test_names_that_cannot_be_kept_as_they_are_harm_nobody() -> None:
    people, _ = read(page([{"user_id": "1", "roles": [], "given_name": None, "family_name": "\ud800Diaz"}]))
    assert [person.name for person in people] == ["?Diaz"]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Posted(Answer.TOKEN_REFUSED, retry=True), PlatformProblem.NOT_RECOGNIZED),
        (Posted(Answer.SCOPE_NOT_GRANTED, retry=False), PlatformProblem.ROSTER_NOT_ALLOWED),
        (Posted(Answer.ADDRESS_NOT_KNOWN, retry=False), PlatformProblem.ROSTER_ELSEWHERE),
        (HttpAnswer(403, {}, b"no"), PlatformProblem.ROSTER_NOT_ALLOWED),
        (HttpAnswer(404, {}, b""), PlatformProblem.ROSTER_NOT_READ),
        (HttpAnswer(200, {}, b"<html>"), PlatformProblem.ROSTER_NOT_READ),
        (HttpAnswer(200, {}, b"[]"), PlatformProblem.ROSTER_NOT_READ),
        (HttpAnswer(200, {}, b'{"members": 7}'), PlatformProblem.ROSTER_NOT_READ),
    ],
)
def test_lti_t08_what_is_no_list_is_said_to_be_so_and_not_asked_for_twice(
    answer: HttpAnswer | Posted, problem: PlatformProblem
) -> None:
    assert problem_of(answer) is problem


def test_every_problem_of_a_list_has_a_sentence() -> None:
    assert set(SENTENCES) >= set(PROBLEMS.values()) | {PlatformProblem.ROSTER_STOPPED}


@pytest.mark.parametrize(
    ("busy", "waited"),
    [
        (HttpAnswer(503, {}, b""), 2),
        (HttpAnswer(403, {}, b"403 Forbidden (Rate Limit Exceeded)"), 2),
        (HttpAnswer(429, {"retry-after": "20"}, b""), 20),
        (HttpAnswer(429, {"retry-after": "4000"}, b""), 30),
        (Posted(Answer.PLATFORM_UNREACHABLE, retry=True), 2),
    ],
)
def test_a_platform_that_is_busy_is_asked_again_after_a_while(busy: HttpAnswer | Posted, waited: float) -> None:
    pauses = Pauses()
    service = Answers(busy, page([one("1")]))
    (people,) = read_roster(service, URL, pauses.patience)
    assert [person.sub for person in people] == ["1"]
    assert pauses.seconds == [waited]


def test_a_platform_that_stays_busy_is_left_in_peace() -> None:
    pauses = Pauses()
    service = Answers(*[HttpAnswer(503, {}, b"")] * 3)
    with pytest.raises(PlatformUnavailable) as told:
        list(read_roster(service, URL, pauses.patience))
    assert told.value.code is PlatformProblem.ROSTER_NOT_NOW
    assert pauses.seconds == [2, 10]


MEMBERS = st.lists(
    st.builds(
        Member,
        sub=st.sampled_from("abc"),
        name=st.sampled_from([None, "Ana"]),
        email=st.none(),
        roles=st.lists(st.sampled_from(["Learner", "Instructor", "Mentor"]), unique=True).map(tuple),
        active=st.booleans(),
        groups=st.none() | st.lists(st.sampled_from("12"), unique=True).map(tuple),
    ),
    max_size=8,
)


@given(MEMBERS, st.integers(0, 8))
def test_merging_does_not_depend_on_where_a_page_ends(members: list[Member], cut: int) -> None:
    assert merged([*merged(members[:cut]), *merged(members[cut:])]) == merged(members)


@given(MEMBERS)
def test_merging_loses_nobody_and_names_nobody_twice(members: list[Member]) -> None:
    found = {member.sub: member for member in merged(members)}
    assert len(found) == len(merged(members))
    assert set(found) == {member.sub for member in members}
    for member in members:
        assert found[member.sub].active or not member.active
        if member.active:
            assert set(member.roles) <= set(found[member.sub].roles)
