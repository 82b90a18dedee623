"""Rows X01 to X05: an administrator of the LMS asks about a person's data."""

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.lti.claims import ForUser
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.services.operating.clean import clean
from lti_tool.services.personal_data import privacy
from lti_tool.store.people import GrantRow, MembershipRow
from lti_tool.store.privacy import PrivacyLaunchRow, PrivacyRequestRow, PrivacyWish
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

ADMINISTRATOR = ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",)
WRITTEN = ("Let the silence be.", "Waited, then asked.", "I was nervous at first.")


def come_for(course: Course, whom: str = "sam", who: str = "dana") -> tuple[Browser, str]:
    """A data privacy launch by an administrator: their browser, and where it led."""
    entered = course.world.enter(
        who,
        ADMINISTRATOR,
        message_type="LtiDataPrivacyLaunchRequest",
        for_user=ForUser(whom, None),
        context=None,
        resource_link=None,
        ags=None,
        custom={},
    )
    course.kept()
    browser = course.app.test_client()
    browser.set_cookie("__Host-attune", entered.token, domain="attune.school.example", secure=True)
    assert isinstance(browser, Browser)
    return browser, entered.path


def ask(browser: Browser, path: str, wish: str = "erase") -> Any:
    return browser.act(f"{path}/ask", key=secrets.token_hex(10), wish=wish)


def requests(course: Course) -> list[PrivacyRequestRow]:
    course.kept()
    return list(course.world.session.scalars(select(PrivacyRequestRow).order_by(PrivacyRequestRow.requested_at)))


def test_lti_x02_an_administrator_sees_kinds_and_counts_and_no_word(course: Course) -> None:
    course.signed(), course.answered()
    browser, path = come_for(course)
    assert path == f"/privacy/{course.world.visitor('sam').person_id}"
    read = Read(browser.get(path).text)
    assert read.headings[0] == "What Attune keeps about Sam Example"
    facts = {term: int(count) for term, count in read.facts.items()}
    assert facts["observations of their practice"] == 2
    assert facts["answers in their own words"] == 2
    assert facts["courses they were seen in"] == 1
    assert facts["LMS accounts"] == 1
    assert facts["signatures they gave"] == 0
    assert not [words for words in WRITTEN if words in read.text]
    assert "Back to your LMS" in read.text


def test_an_administrator_comes_in_without_becoming_part_of_any_course(course: Course) -> None:
    course.asked()
    members = len(course.world.session.scalars(select(MembershipRow)).all())
    browser, _path = come_for(course)
    course.kept()
    assert len(course.world.session.scalars(select(MembershipRow)).all()) == members
    for path in (course.home, f"{course.home}/people", "/operator"):
        assert browser.get(path).status_code == 404
    assert "Nothing waits for you now." in browser.get("/waiting").text


def test_lti_x05_asking_is_recorded_audited_and_told(course: Course) -> None:
    browser, path = come_for(course)
    answer = ask(browser, path)
    assert (answer.status_code, answer.location) == (303, f"{path}?said=data_asked_for")
    (row,) = requests(course)
    assert (row.wish, row.handled_at) == (PrivacyWish.ERASE, None)
    assert row.person_id == course.world.visitor("sam").person_id
    entry = course.world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "privacy.erase")).one()
    assert (entry.subject, entry.person_id) == (f"person:{row.person_id}", row.requested_by)
    read = Read(browser.get(path).text)
    assert "Asked for on March 2, 2026 by Dana Example." in read.text
    assert "That something was signed stays, with the name taken out" in read.text
    assert [one.__class__.__name__ for one in audit.verify(course.world.session)] == ["Verified"]


def test_asked_twice_the_first_stands(course: Course, clock: Any) -> None:
    browser, path = come_for(course)
    ask(browser, path)
    clock.advance(minutes=5)
    other, _path = come_for(course, who="robin")
    assert ask(other, path).status_code == 303
    assert len(requests(course)) == 1
    course.kept()
    assert "by Dana Example" in other.get(path).text
    ask(other, path, "export")
    assert [row.wish for row in requests(course)] == [PrivacyWish.ERASE, PrivacyWish.EXPORT]


def test_erasing_is_asked_about_once_more_and_nothing_is_recorded_before(course: Course) -> None:
    browser, path = come_for(course)
    read = Read(browser.get(f"{path}/erase").text).text
    assert "to be erased?" in read
    assert "Leave it as it is" in read
    assert requests(course) == []


def test_what_was_handled_can_be_asked_for_anew(course: Course) -> None:
    browser, path = come_for(course)
    ask(browser, path)
    (row,) = requests(course)
    row.handled_by, row.handled_at = row.requested_by, row.requested_at
    course.kept()
    ask(browser, path)
    assert len(requests(course)) == 2


def test_the_person_sees_that_it_was_asked_for_by_whom_and_that_nothing_was_done_yet(course: Course) -> None:
    sam = course.browser("sam")
    assert "asked for" not in Read(sam.get("/opened").text).text
    assert "asked for" not in Read(sam.get(course.home).text).text
    browser, path = come_for(course)
    ask(browser, path)
    told = "Dana Example asked for what is kept about you to be erased."
    assert told in Read(sam.get(course.home).text).text
    read = Read(sam.get("/opened").text)
    assert told in read.text
    assert "Nothing was done about it yet." in read.text
    assert "Dana" not in course.browser("noor").get("/opened").text


def test_the_operator_sees_what_waits_and_since_when(course: Course, clock: Any) -> None:
    ines = course.world.visitor("ines")
    course.world.session.add(
        GrantRow(
            organization_id=ines.organization_id, person_id=ines.person_id,
            capability=Capability.OPERATOR, granted_at=course.world.now,
        )
    )  # fmt: skip
    course.kept()
    browser, path = come_for(course)
    ask(browser, path)
    page = course.browser("ines").get("/operator")
    said = "Dana Example (LMS) asked for what Attune keeps about them to be erased."
    assert said in Read(page.text).text
    assert "March 2, 2026, today" in Read(page.text).text
    clock.advance(days=3)
    course.renew("ines")
    assert "March 2, 2026, 3 days ago" in Read(course.browser("ines").get("/operator").text).text
    (row,) = requests(course)
    row.handled_by, row.handled_at = ines.person_id, clock()
    course.kept()
    assert said not in Read(course.browser("ines").get("/operator").text).text


def test_cap_e7_that_a_copy_was_asked_for_is_noted_as_answered_and_the_person_reads_so(course: Course) -> None:
    ines = course.world.visitor("ines")
    course.world.session.add(
        GrantRow(
            organization_id=ines.organization_id, person_id=ines.person_id,
            capability=Capability.OPERATOR, granted_at=course.world.now,
        )
    )  # fmt: skip
    course.kept()
    browser, path = come_for(course)
    ask(browser, path, wish="export")
    (row,) = requests(course)
    address, way_in = f"/operator/data-requests/{row.id}/answered", f"attune people way-in --person {row.person_id}"
    course.kept()
    assert way_in in Read(course.browser("ines").get("/operator").text).text
    for number in (1, 2):
        assert course.browser("ines").act(address, key=f"a-key-of-an-answer-{number}").status_code == 303
    assert "asked for a copy" not in Read(course.browser("ines").get("/operator").text).text
    (row,) = requests(course)
    assert row.handled_by == ines.person_id
    course.kept()
    assert "Handled on March 2, 2026." in Read(course.browser("sam").get("/opened").text).text
    acts = course.world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.like("privacy.%"))).all()
    assert acts == ["privacy.export", "privacy.answered"]


def test_a_wish_to_erase_is_carried_out_and_not_noted_and_only_operators_note(course: Course) -> None:
    browser, path = come_for(course)
    ask(browser, path)
    address = f"/operator/data-requests/{requests(course)[0].id}/answered"
    course.kept()
    for who in ("ines", "sam"):
        assert course.browser(who).act(address, key="a-key-of-an-answer-1").status_code in (403, 404)
    assert requests(course)[0].handled_at is None


def test_only_the_administrator_who_came_in_for_this_person_opens_the_page(course: Course) -> None:
    browser, path = come_for(course)
    noor = f"/privacy/{course.world.visitor('noor').person_id}"
    other, _path = come_for(course, "noor", "robin")
    for wrong, address in (
        (browser, noor),
        (other, path),
        (course.browser("ines"), path),
        (course.browser("sam"), path),
    ):
        answer = wrong.get(address)
        assert answer.status_code == 404
        assert "Example" not in answer.text
        assert ask(wrong, address).status_code == 404
    assert not requests(course)


def test_after_a_session_s_time_the_administrator_comes_in_anew(course: Course) -> None:
    _browser, path = come_for(course)
    session, dana = course.world.session, course.world.visitor("dana", ADMINISTRATOR)
    person_id = UUID(path.rpartition("/")[2])
    assert privacy.about_person(session, dana, person_id, course.world.now).name == "Sam Example"
    later = course.world.now + timedelta(hours=12)
    with pytest.raises(NotHere):
        privacy.about_person(session, dana, person_id, later)
    elsewhere = replace(dana, organization_id=person_id)
    with pytest.raises(NotHere):
        privacy.about_person(session, elsewhere, person_id, course.world.now)
    clean(session, later + timedelta(seconds=1))
    assert not session.scalars(select(PrivacyLaunchRow)).all()


def test_of_somebody_unknown_the_page_says_that_nothing_is_kept(course: Course) -> None:
    browser, path = come_for(course, "lee")
    assert path == "/privacy/nobody"
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "Attune keeps nothing about this person of your LMS." in answer.text


@pytest.mark.parametrize("wish", ["", "everything"])
def test_a_wish_that_the_page_does_not_offer_is_not_understood(course: Course, wish: str) -> None:
    browser, path = come_for(course)
    assert ask(browser, path, wish).status_code == 400


def test_a_session_of_the_launch_knows_the_administrator(course: Course) -> None:
    entered = course.world.enter(
        "dana", ADMINISTRATOR, message_type="LtiDataPrivacyLaunchRequest", for_user=ForUser("sam", None), context=None
    )
    visitor = who_is_it(course.world.session, entered.token, course.world.now)
    assert visitor is not None
    assert visitor.name == "Dana Example"
    assert entered.course_id is None
