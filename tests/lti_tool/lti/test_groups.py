"""Groups and sections of a course (Course Groups Service 1.0, and custom parameters of launches)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.groups import ListedGroup, own_groups, own_sections, read_groups
from lti_tool.safe_http import HttpAnswer
from tests.lti_tool.lti.listing import Answers, Pauses

URL = "https://lms.example/groups"


def page(groups: Any, link: str = "") -> HttpAnswer:
    return HttpAnswer(200, {"link": link} if link else {}, json.dumps({"id": URL, "groups": groups}).encode())


def read(*answers: HttpAnswer | Posted) -> tuple[tuple[ListedGroup, ...] | None, Answers]:
    service = Answers(*answers)
    return read_groups(service, URL, Pauses().patience), service


def test_lti_g02_groups_are_asked_for_with_their_own_type_and_scope() -> None:
    groups, service = read(page([{"id": "1", "name": "Tuesday", "tag": "x", "set_id": "9"}]))
    assert groups == (ListedGroup("1", "Tuesday"),)
    ((_url, scope, headers),) = service.asked
    assert scope.endswith("lti-gs/scope/contextgroup.readonly")
    assert headers == {"Accept": "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"}


def test_lti_g03_groups_come_a_page_at_a_time() -> None:
    groups, _ = read(page([{"id": "1"}], f'<{URL}?p=2>; rel="next"'), page([{"id": "2", "name": "B"}]))
    assert groups == (ListedGroup("1", None), ListedGroup("2", "B"))


def test_lti_g05_ids_may_be_numbers() -> None:
    groups, _ = read(page([{"id": 7, "name": "A"}, {"id": True}, {"id": ""}, {}, None]))
    assert groups == (ListedGroup("7", "A"),)


@pytest.mark.parametrize(
    "answer",
    [
        Posted(Answer.SCOPE_NOT_GRANTED, retry=False),
        HttpAnswer(404, {}, b""),
        HttpAnswer(200, {}, b"<html>"),
        HttpAnswer(200, {}, b'{"groups": 7}'),
        page([{"id": str(number)} for number in range(1_001)]),
    ],
)
def test_lti_g04_without_groups_it_goes_on_as_well(answer: HttpAnswer | Posted) -> None:
    assert read(answer)[0] is None


@pytest.mark.parametrize("names", ['["Section 1, M-T", "TA Section"]', '[\\"Section 1, M-T\\", \\"TA Section\\"]'])
def test_canvas_sections_have_their_names_in_the_order_of_their_ids(names: str) -> None:
    custom = {"attune_sections": "301,302", "attune_section_names": names}
    assert own_sections(custom) == (ListedGroup("301", "Section 1, M-T"), ListedGroup("302", "TA Section"))


@pytest.mark.parametrize("names", [None, "", '["Only one"]', "Section 1, TA Section", "7", "[1, 2, 3]"])
def test_sections_whose_names_do_not_fit_have_none(names: str | None) -> None:
    custom = {"attune_sections": "301,302"} | ({} if names is None else {"attune_section_names": names})
    assert own_sections(custom) == (ListedGroup("301", None), ListedGroup("302", None))


def test_moodle_c2_groups_are_ids() -> None:
    assert own_groups({"attune_groups": "1, 2,,1"}) == (ListedGroup("1", None), ListedGroup("2", None))


def test_saying_nothing_of_groups_is_not_the_same_as_being_in_none() -> None:
    assert (own_groups({}), own_sections({})) == (None, None)
    assert (own_groups({"attune_groups": ""}), own_sections({"attune_sections": ""})) == ((), ())


@given(st.dictionaries(st.sampled_from(["attune_sections", "attune_section_names", "attune_groups"]), st.text()))
def test_whatever_a_launch_says_each_group_is_named_once(custom: dict[str, str]) -> None:
    for groups in (own_sections(custom), own_groups(custom)):
        ids = [group.id for group in groups or ()]
        assert len(ids) == len(set(ids))
        assert all(0 < len(one) <= 255 for one in ids)
