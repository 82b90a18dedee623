"""Reading a course's people (Names and Role Provisioning Services 2.0)."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.errors import PlatformUnavailable
from lti_tool.lti.roster import Member, read_roster
from lti_tool.safe_http import HttpAnswer

URL = "https://lms.example/members?type=1"


class Answers:
    """A service whose answers are given, and which notes what it was asked."""

    def __init__(self, *answers: HttpAnswer | Posted) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def call(self, method: str, url: str, scope: str, headers: dict[str, str]) -> HttpAnswer | Posted:
        self.asked.append((url, scope, headers))
        return self.answers.pop(0)


def page(members: Sequence[Any], link: str = "") -> HttpAnswer:
    headers = {"link": link} if link else {}
    return HttpAnswer(200, headers, json.dumps({"id": URL, "members": members}).encode())


def read(*answers: HttpAnswer | Posted) -> tuple[list[Member], Answers]:
    service = Answers(*answers)
    return list(read_roster(service, URL)), service


def test_lti_n03_the_list_is_asked_for_with_its_own_type_and_scope() -> None:
    _, service = read(page([]))
    ((url, scope, headers),) = service.asked
    assert url == URL
    assert scope.endswith("contextmembership.readonly")
    assert headers == {"Accept": "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"}


def test_lti_n05_pages_are_followed_as_they_are_written() -> None:
    people, service = read(
        page([{"user_id": "1", "roles": ["Learner"]}], '<https://lms.example/members?page=AbC>; rel="next"'),
        page([{"user_id": "2", "roles": []}]),
    )
    assert [person.sub for person in people] == ["1", "2"]
    assert service.asked[1][0] == "https://lms.example/members?page=AbC"


def test_lti_n07_n08_only_an_id_is_needed_and_no_status_means_active() -> None:
    people, _ = read(page([{"user_id": "1", "roles": ["Learner"]}]))
    assert people == [Member("1", None, None, ("Learner",), active=True)]


def test_lti_n09_someone_inactive_is_said_to_be_so() -> None:
    people, _ = read(page([{"user_id": "1", "roles": [], "status": "Inactive"}]))
    assert [person.active for person in people] == [False]


@pytest.mark.parametrize(
    "entry", [None, 7, {}, {"user_id": 7}, {"user_id": ""}, {"user_id": "x" * 256}, {"user_id": "a\x00"}]
)
def test_an_entry_that_names_nobody_is_passed_over(entry: object) -> None:
    people, _ = read(page([entry, {"user_id": "1", "roles": "Learner", "name": "A\x00na "}]))
    assert people == [Member("1", "Ana", None, (), active=True)]


@pytest.mark.parametrize(
    "answer",
    [
        Posted(Answer.TOKEN_REFUSED, retry=True),
        HttpAnswer(500, {}, b""),
        HttpAnswer(200, {}, b"<html>"),
        HttpAnswer(200, {}, b"[]"),
        HttpAnswer(200, {}, b'{"members": 7}'),
        page([], '<https://evil.example/members>; rel="next"'),
    ],
)
def test_what_is_no_list_changes_nobody(answer: HttpAnswer | Posted) -> None:
    with pytest.raises(PlatformUnavailable):
        read(answer)
