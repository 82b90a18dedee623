"""Section 7, first half: a platform asks for something to add, and an instructor chooses."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_tool.lti.errors import LaunchProblem
from tests.certification.lms import INSTRUCTOR, LEARNER, LTI, SETTINGS, Lms
from tests.certification.picking import ITEMS, choose, followed, items, left, picked, sent_back
from tests.certification.place import words_of
from tests.lti_tool.lti.platform import Claims, drop, put


def test_D01_a_request_without_a_link_shows_the_picker(lms: Lms) -> None:
    assert picked(lms, lms.pick())


@pytest.mark.parametrize("change", [drop(LTI + "roles"), put(LTI + "roles", [])], ids=["absent", "empty"])
def test_D02_without_roles_it_is_read_and_told_that_adding_is_for_instructors(
    lms: Lms, change: Callable[[Claims], None]
) -> None:
    answer = followed(lms.browser, lms, lms.pick(change))
    assert answer.status_code == 403
    assert "for someone else in the course" in words_of(answer.text)


def test_D02_without_a_user_it_is_told_that_one_is_needed(lms: Lms) -> None:
    lms.refused(lms.pick(drop("sub")), LaunchProblem.USER_MISSING, 403, "needs an identified user")


@pytest.mark.parametrize("settings", ["absent", None, "text", [], 5])
def test_D03_without_settings_nothing_opens(lms: Lms, settings: object) -> None:
    change = drop(SETTINGS) if settings == "absent" else put(SETTINGS, settings)
    lms.refused(lms.pick(change), LaunchProblem.DEEP_LINKING_WRONG)


@pytest.mark.parametrize("address", [None, "", "javascript:alert(1)", "http://lms.example/return", "/return", 5])
def test_D04_without_an_address_to_return_to_nothing_opens(lms: Lms, address: Any) -> None:
    lms.refused(lms.pick(deep_link_return_url=address), LaunchProblem.DEEP_LINKING_WRONG)


@pytest.mark.parametrize("types", [None, "ltiResourceLink", 5, {}, [5]])
def test_D05_without_a_list_of_types_nothing_opens(lms: Lms, types: Any) -> None:
    lms.refused(lms.pick(accept_types=types), LaunchProblem.DEEP_LINKING_WRONG)


@pytest.mark.parametrize("types", [[], ["link", "html"], ["file"], ["ltiAssetProcessor"]])
def test_D06_a_place_that_takes_no_links_is_told_and_gets_nothing(lms: Lms, types: list[str]) -> None:
    page = lms.opened(lms.pick(accept_types=types))
    assert "does not take activities" in words_of(page.text)
    assert sent_back(lms, left(lms, page))[ITEMS] == []


@pytest.mark.parametrize("targets", [[], None, ["iframe", "window"], "iframe"])
def test_D07_any_presentation_targets_show_the_picker(lms: Lms, targets: Any) -> None:
    assert picked(lms, lms.pick(accept_presentation_document_targets=targets))


@pytest.mark.parametrize("multiple", [None, False])
def test_D08_one_item_at_most_is_sent(lms: Lms, multiple: Any) -> None:
    page = picked(lms, lms.pick(accept_multiple=multiple))
    assert "choose another" not in page.text
    assert len(sent_back(lms, choose(lms, page, more="1"))[ITEMS]) == 1


def test_D08_where_the_platform_takes_several_they_are_sent_together(lms: Lms) -> None:
    page = picked(lms, lms.pick(accept_multiple=True))
    picker = choose(lms, page, more="1", title="First")
    again = lms.browser.get(f"{picker.url.partition('?')[0]}/practice")
    sent = sent_back(lms, choose(lms, again, title="Second"))[ITEMS]
    assert [item["title"] for item in sent] == ["First", "Second"]


@pytest.mark.parametrize(("said", "sends"), [("true", True), ("false", False), ("TRUE", True), (1, True), ("x", True)])
def test_D09_yes_and_no_as_texts_are_understood(lms: Lms, said: Any, sends: bool) -> None:
    (item,) = items(lms, accept_multiple=said, accept_lineitem=said)
    assert ("lineItem" in item) is sends


@pytest.mark.parametrize(("said", "sends"), [(False, False), (True, True), (None, True)])
def test_D10_a_column_is_asked_for_unless_the_platform_takes_none(lms: Lms, said: Any, sends: bool) -> None:
    (item,) = items(lms, accept_lineitem=said)
    assert ("lineItem" in item) is sends


def test_D11_adding_is_not_for_learners(lms: Lms) -> None:
    answer = followed(lms.browser, lms, lms.pick(role=LEARNER))
    assert answer.status_code == 403
    assert "for someone else in the course" in words_of(answer.text)


def test_D11_an_instructor_of_the_institution_is_not_one_here(lms: Lms) -> None:
    institution = INSTRUCTOR.replace("membership", "institution/person")
    assert followed(lms.browser, lms, lms.pick(role=institution)).status_code == 403
