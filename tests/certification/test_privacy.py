"""Section 15: an administrator of the LMS comes for a person's data."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.lti.errors import LaunchProblem
from lti_tool.store.privacy import PrivacyRequestRow, PrivacyWish
from tests.certification import forms
from tests.certification.lms import INSTRUCTOR, LEARNER, LTI, Change, Lms
from tests.certification.place import Answer, Browser, words_of
from tests.lti_tool.lti.platform import Claims, drop, put

ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
KINDS = ("LtiDataPrivacyLaunchRequest", "DataPrivacyLaunchRequest")


def about(sub: str, kind: str = KINDS[0]) -> Change:
    def change(claims: Claims) -> None:
        claims |= {"sub": "dana", "name": "Dana Cole"}
        claims[LTI + "message_type"] = kind
        claims[LTI + "for_user"] = {"user_id": sub}
        del claims[LTI + "context"], claims[LTI + "resource_link"]

    return change


@pytest.fixture
def known(lms: Lms, new_browser: Callable[[], Browser]) -> Lms:
    """Sam came in once."""
    lms.enter(put("sub", "sam"), browser=new_browser())
    return lms


def come(lms: Lms, *changes: Change, role: str = ADMINISTRATOR) -> Answer:
    return lms.launch(*changes, role=role)


def requests(lms: Lms) -> list[PrivacyRequestRow]:
    with lms.attune.session() as session:
        mine = PrivacyRequestRow.organization_id == lms.organization_id
        return list(session.scalars(select(PrivacyRequestRow).where(mine)))


@pytest.mark.parametrize("kind", KINDS)
def test_X01_both_names_of_the_message_are_known(known: Lms, kind: str) -> None:
    assert known.opened(come(known, about("sam", kind)))


def test_X02_an_administrator_sees_what_is_kept_and_can_ask_for_it(known: Lms) -> None:
    page = known.opened(come(known, about("sam")))
    read = words_of(page.text)
    assert "What Attune keeps about Sam Rivera" in read
    assert "Ask for a copy of their data" in read
    assert "Ask for their data to be erased" in read
    assert known.attune.kept()["membership"] == known.kept["membership"]


def test_X02_of_someone_unknown_nothing_is_kept_and_that_is_said(known: Lms) -> None:
    page = known.opened(come(known, about("never-seen")))
    assert "keeps nothing about this person" in words_of(page.text)


@pytest.mark.parametrize("role", [LEARNER, INSTRUCTOR, "Instructor", ADMINISTRATOR.replace("#", "/"), ""])
def test_X03_nobody_but_an_administrator_is_let_in(known: Lms, role: str) -> None:
    answer = come(known, about("sam"), role=role)
    assert answer.status_code == 403
    assert "Sam Rivera" not in answer.text
    assert known.attune.kept()["web_session"] == known.kept["web_session"]


@pytest.mark.parametrize("person", ["absent", None, {}, {"user_id": ""}, {"user_id": 5}, "sam"])
def test_X04_without_a_person_nothing_opens(known: Lms, person: Any) -> None:
    change = drop(LTI + "for_user") if person == "absent" else put(LTI + "for_user", person)
    known.refused(come(known, about("sam"), change), LaunchProblem.FOR_USER_WRONG)


def test_X05_a_request_to_erase_is_kept_with_who_asked_and_erases_nothing_by_itself(known: Lms) -> None:
    page = known.opened(come(known, about("sam")))
    asked_once_more = known.browser.get(f"{page.url}/erase")
    before = known.attune.kept()
    answer = forms.send(known.browser, asked_once_more, forms.form(asked_once_more, "/ask"))
    assert answer.status_code == 303
    (row,) = requests(known)
    assert (row.wish, row.handled_at) == (PrivacyWish.ERASE, None)
    assert known.attune.kept() == before
    again = words_of(known.browser.get(page.url).text)
    assert "Dana Cole" in again
    assert "That something was signed stays, with the name taken out" in again
