"""Appeals on their pages: what each side reads and can do."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.appeals import USUAL
from lti_tool.services.certification import appeal_clocks
from lti_tool.services.certification.appeal_matters import About
from lti_tool.store.appeals import AppealMemberRow, AppealRow, AppealTermsRow
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.records import ReadLogRow
from tests.lti_tool.services.appealing import Appealing
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

WORDS = "The hours in May were not looked at."


@pytest.fixture
def it(course: Course) -> Appealing:
    course.roles |= {"lea": ASSISTANT, "leah": ASSISTANT, "kim": INSTRUCTOR, "uma": INSTRUCTOR, "vic": INSTRUCTOR}
    made = Appealing(course.world)
    course.kept()
    return made


@pytest.fixture
def kept(course: Course) -> Callable[[UUID], str]:
    """The address of an appeal that the services made."""

    def address(appeal_id: UUID) -> str:
        course.kept()
        return f"/appeals/{appeal_id}"

    return address


def read(course: Course, who: str, path: str) -> Read:
    answer = course.browser(who).get(path)
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def later(course: Course, **span: int) -> None:
    course.app.extensions["attune"].clock.advance(**span)
    course.world.now += timedelta(**span)
    course._browsers.clear()


def fields(course: Course, **more: str) -> dict[str, str]:
    return {"ground": "not_seen", "words": WORDS, "wish": "Look at May.", **more}


def copied(page: str) -> dict[str, str]:
    """What a page offers to copy."""
    return dict(re.findall(r'id="value-([a-z-]+)"\s+value="([^"]*)"', page))


def begun(course: Course, it: Appealing) -> str:
    decision_id = it.decision()
    course.kept()
    answer = course.browser("sam").act("/appeals/new", decision=str(decision_id))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_ux_d3_ux_n1_ux_p4_before_anything_is_written_the_page_says_what_is_known_who_reads_and_how_long(
    course: Course, it: Appealing
) -> None:
    decision_id = it.decision()
    course.kept()
    page = read(course, "sam", f"/appeals/new?decision={decision_id}")
    assert "Two hours are still to come." in page.text
    assert "nothing that is on file has to be told again" in page.text
    assert "Who can see this: the trainee, program leads, the members of the panel" in page.text
    assert "Within 5 days a program lead says that it has arrived." in page.text
    assert "is promised within 30 days of sending" in page.text
    assert "Another reason" in page.text
    assert course.browser("noor").get(f"/appeals/new?decision={decision_id}").status_code == 404


def test_ux_d3_ux_c1_an_appeal_is_written_saved_and_sent(course: Course, it: Appealing) -> None:
    address = begun(course, it)
    sam = course.browser("sam")
    saved = sam.post(f"{address}/save", json={"words": WORDS}, headers={"X-CSRFToken": sam.token()})
    assert "saved_at" in saved.json
    answer = sam.act(f"{address}/send", words=WORDS)
    assert answer.status_code == 422
    assert "Please choose the reason that fits best." in answer.text
    assert WORDS in answer.text
    assert sam.act(f"{address}/send", **fields(course, then="later")).status_code == 303
    assert sam.act(f"{address}/send", "another-key-of-a-form", **fields(course)).status_code == 303
    page = read(course, "sam", address)
    assert "It is with the program leads. They tell you by March 7, 2026 that it has arrived." in page.text
    assert "The outcome is promised for April 1, 2026." in page.text
    assert WORDS in page.text
    assert "with nobody" not in page.text


def test_ux_d3_a_helper_without_an_account_writes_and_only_the_trainee_sends(course: Course, it: Appealing) -> None:
    address = begun(course, it)
    link = copied(course.browser("sam").get(address).text)["help-link"]
    path = link.removeprefix("https://attune.school.example")
    helper: Any = course.app.test_client()
    page = helper.get(path)
    assert page.status_code == 200
    assert "Two hours are still to come" not in page.text
    assert "Sam" not in page.text
    answer = helper.post(path, data=hidden(page.text) | {"ground": "other", "words": "In better words."})
    assert answer.status_code == 200
    assert "only they can send it" in answer.text
    assert "In better words." in course.browser("sam").get(address).text
    assert helper.get(f"{path}x").status_code == 404
    assert helper.post(f"{address}/send", data=hidden(page.text)).status_code == 401
    course.browser("sam").act(f"{address}/send", ground="other", words="In better words.")
    assert helper.get(path).status_code == 404


def test_a_mentor_may_begin_for_a_trainee_who_is_told_of_it(course: Course, it: Appealing) -> None:
    world, decision_id = course.world, it.decision()
    world.session.add(
        AssignmentRow(
            id=new_id(), organization_id=world.organization_id, trainee_id=it.who("sam").person_id,
            course_id=world.session.scalars(select(CourseRow.id)).first(), assigned_as=AssignedAs.MENTOR,
            person_id=it.who("uma").person_id, assigned_at=world.now,
        )
    )  # fmt: skip
    course.kept()
    uma = course.browser("uma")
    page = read(course, "uma", f"/appeals/new?decision={decision_id}")
    assert "Two hours" not in page.text
    address = str(uma.act("/appeals/new", decision=str(decision_id)).location)
    assert uma.act(f"{address}/send", **fields(course)).status_code == 404
    assert uma.act(f"{address}/send", **fields(course, then="later")).status_code == 303
    assert WORDS in read(course, "sam", address).text
    assert course.browser("sam").act(f"{address}/send", **fields(course)).status_code == 303
    assert uma.get(address).status_code == 404


def test_cap_d4_ux_p7_a_promised_day_that_went_by_is_said_to_the_trainee_and_is_not_their_doing(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.sent())
    later(course, days=USUAL.acknowledge_days + 1)
    appeal_clocks.turn_on(course.world.session, course.world.now)
    course.kept()
    page = read(course, "sam", address)
    assert "was promised for March 7, 2026; it is late; that is not your doing." in page.text
    assert "The promised day, March 7, 2026, went by. All program leads were told." in page.text
    assert "promised for March 7, 2026; it is late" in read(course, "leah", "/appeals/to-decide").text


def test_cap_d4_an_original_assessor_cannot_be_on_the_panel(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    observation_id = course.signed()
    address = kept(it.acknowledged(About(observation_id=observation_id)))
    jo = str(it.who("jo").person_id)
    answer = course.browser("leah").act(f"{address}/invite", person=jo)
    assert answer.status_code == 409
    assert "They observed, signed or decided in this matter." in answer.text
    assert not course.world.session.scalars(select(AppealMemberRow)).all()
    page = read(course, "leah", f"{address}/invite?name=jo")
    assert "somebody else does this" in page.text
    assert "person" not in page.fields
    assert course.browser("kim").act(f"{address}/invite", person=jo).status_code == 404


def test_cap_d4_from_sending_to_the_outcome_each_side_sees_their_part(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.sent())
    leah, kim, uma = (course.browser(who) for who in ("leah", "kim", "uma"))
    assert "Say that it has arrived" in read(course, "leah", address).text
    assert leah.act(f"{address}/acknowledge").status_code == 303
    for who in ("kim", "uma"):
        person = str(it.who(who).person_id)
        assert leah.act(f"{address}/invite", f"a-key-to-invite-{who}", person=person).status_code == 303
    assert WORDS not in kim.get(address).text
    for browser in (kim, uma):
        assert browser.act(f"{address}/accept").status_code == 303
        page = browser.get(address).text
        assert WORDS in page
        assert "Two hours are still to come." in page
    assert kim.act(f"{address}/question", question="Which days?").status_code == 303
    page = read(course, "sam", address)
    assert "You can answer until March 16, 2026." in page.text
    assert "On the panel" not in page.text
    assert course.browser("sam").act(f"{address}/more-time").status_code == 303
    assert "You can answer until March 30, 2026." in read(course, "sam", address).text
    assert course.browser("sam").act(f"{address}/answer", words="The last three.").status_code == 303
    assert kim.act(f"{address}/outcome", outcome="stands", reasons="").status_code == 422
    assert kim.act(f"{address}/outcome", reasons="It counts.").status_code == 422
    assert (
        kim.act(f"{address}/outcome", outcome="stands", reasons="the hours stand twice in the list.").status_code == 303
    )
    assert "the hours stand twice" not in course.browser("sam").get(address).text
    assert "the hours stand twice" not in leah.get(address).text
    digest = Read(uma.get(address).text).fields["digest"][0]["value"] or ""
    assert uma.act(f"{address}/agree", digest="0" * 64).status_code == 422
    assert uma.act(f"{address}/agree", "another-key-of-a-form", digest=digest).status_code == 303
    page = read(course, "sam", address)
    assert page.before("The first decision stays, because", "the hours stand twice in the list.")
    assert page.before("the hours stand twice in the list.", "What comes next")
    assert page.before("What comes next", WORDS)
    assert "Kim Example, Uma Example" in page.text


def test_a_trainee_is_told_that_there_is_something_and_never_what(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    kept(it.acknowledged())
    sam = it.who("sam").person_id
    rows = course.world.session.scalars(select(MessageRow).where(MessageRow.person_id == sam)).all()
    appeal = [row for row in rows if row.kind is MessageKind.APPEAL]
    assert len(appeal) == 1
    assert appeal[0].path.startswith("/appeals/")


def test_who_opened_an_appeal_is_there_for_the_trainee_to_read(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.sent())
    read(course, "leah", address)
    read(course, "sam", address)
    rows = course.world.session.scalars(select(ReadLogRow).where(ReadLogRow.field == "appeal")).all()
    assert [row.reader_id for row in rows] == [it.who("leah").person_id]


def test_cap_d4_after_a_decision_is_to_be_changed_program_leads_are_led_to_deciding_anew(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    decision_id = it.decision()
    address = kept(it.with_panel(about=About(decision_id=decision_id)))
    course.browser("kim").act(f"{address}/outcome", outcome="changed", reasons="May was not looked at.")
    digest = Read(course.browser("uma").get(address).text).fields["digest"][0]["value"] or ""
    course.browser("uma").act(f"{address}/agree", digest=digest)
    page = read(course, "leah", address)
    assert f"/people-of/{it.enrollment_id}/decide?instead={decision_id}" in page.links
    assert "The program leads decide anew; whoever decided first does not." in read(course, "sam", address).text


def test_cap_d4_a_signed_observation_leads_to_an_appeal_about_one_point_of_it(course: Course, it: Appealing) -> None:
    observation_id = course.signed()
    page = read(course, "sam", f"/o/{observation_id}")
    link = next(link for link in page.links if "/appeals/new" in link and "criterion=" in link)
    assert not [link for link in read(course, "jo", f"/o/{observation_id}").links if "/appeals/new" in link]
    before = read(course, "sam", link)
    assert "One point of what was observed" in before.text
    given = dict(pair.split("=") for pair in link.partition("?")[2].split("&"))
    assert course.browser("sam").act("/appeals/new", **given).status_code == 303


def test_cap_d4_an_appeal_against_a_superseded_decision_is_refused_kindly_with_its_words(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    first = it.decision()
    address = kept(it.draft(About(decision_id=first)))
    second = it.decision(by="leah", supersedes=first)
    course.kept()
    answer = course.browser("sam").act(f"{address}/send", **fields(course, words="Words that stay"))
    assert answer.status_code == 422
    assert "Words that stay" in answer.text
    assert "Your words are kept" in answer.text
    link = next(link for link in Read(answer.text).links if str(second) in link)
    assert "What you wrote last time goes along." in read(course, "sam", link).text


def test_a_trainee_takes_an_appeal_back_and_can_begin_again_with_the_same_words(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.sent())
    assert "No reason is asked" in read(course, "sam", f"{address}/withdraw").text
    assert course.browser("leah").get(f"{address}/withdraw").status_code == 404
    assert course.browser("sam").act(f"{address}/withdraw").status_code == 303
    page = read(course, "sam", address)
    assert "Begin again with the same words" in page.text
    assert any("like=" in link for link in page.links)


def test_somebody_from_outside_comes_to_the_panel_with_a_link_and_a_code(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.acknowledged())
    leah = course.browser("leah")
    answer = leah.act(f"{address}/invite-outside", name="Roz Rivera", email="nobody")
    assert answer.status_code == 422
    assert "Roz Rivera" in answer.text
    handed = copied(leah.act(f"{address}/invite-outside", name="Roz Rivera", email="roz@clinic.example").text)
    roz: Any = course.app.test_client()
    path = handed["link"].removeprefix("https://attune.school.example")
    assert roz.post(path, data=hidden(roz.get(path).text) | {"code": handed["code"]}).status_code == 303
    assert "Sam Example" in Read(roz.get("/appeals/to-decide").text).text
    assert roz.act(f"{address}/accept").status_code == 303
    assert WORDS in roz.get(address).text
    assert roz.get(f"/o/{course.world.organization_id}").status_code == 404


def test_cap_d4_terms_are_published_as_a_new_edition_and_everybody_reads_them(course: Course, it: Appealing) -> None:
    leah = course.browser("leah")
    assert course.browser("sam").get("/appeals/terms").status_code == 404
    page = read(course, "leah", "/appeals/terms")
    numbers = {name: page.fields[name][0]["value"] or "" for name in ("file_days", "answer_days", "panel_size")}
    typed = {
        **numbers,
        "acknowledge_days": "3",
        "decide_days": "two",
        "grounds": "A rule\nSomething else",
        "after": "1",
    }
    answer = leah.act("/appeals/terms", **typed)
    assert answer.status_code == 422
    assert "Please give a whole number from 1 to 366." in answer.text
    assert "Something else" in answer.text
    assert leah.act("/appeals/terms", **typed | {"decide_days": "20"}).status_code == 303
    page = read(course, "sam", "/appeals/terms/read")
    assert "Within 3 days a program lead says that it has arrived." in page.text
    assert page.before("Something else", "Another reason")
    assert "there were fewer than 10 appeals" in page.text
    late = leah.act("/appeals/terms", "another-key-of-a-form", **typed | {"decide_days": "25"})
    assert late.status_code == 422
    assert "Somebody published a newer edition meanwhile." in late.text
    rows = course.world.session.scalars(select(AppealTermsRow).order_by(AppealTermsRow.number)).all()
    assert [row.number for row in rows] == [1, 2]


def test_an_appeal_goes_on_under_the_terms_with_which_it_began(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.draft())
    numbers = {"file_days": "60", "acknowledge_days": "3", "answer_days": "14", "decide_days": "9", "panel_size": "1"}
    course.browser("leah").act("/appeals/terms", **numbers, grounds="A rule", after="1")
    assert course.browser("sam").act(f"{address}/send", **fields(course)).status_code == 303
    row = course.world.session.scalars(select(AppealRow)).one()
    assert row.decide_by == course.world.now.date() + timedelta(days=USUAL.decide_days)


def test_ux_d4_nothing_but_the_sides_own_pages_shows_that_an_appeal_runs(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    observation_id = course.signed()
    address = kept(it.sent(About(observation_id=observation_id)))
    for who in ("jo", "ines", "amara", "noor", "kim"):
        assert course.browser(who).get(address).status_code == 404
        assert course.browser(who).get("/appeals/to-decide").status_code == 404
    for who, path in (("jo", f"/o/{observation_id}"), ("ines", course.home), ("jo", "/waiting")):
        text = read(course, who, path).text.lower()
        assert WORDS.lower() not in text
        assert "appeal runs" not in text
        assert "the members of the panel" not in text


def test_cap_c11_the_trainee_keeps_somebody_off_the_panel_without_a_reason(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.with_panel())
    member = next(link for link in read(course, "sam", address).links if link.endswith("/apart"))
    page = read(course, "sam", member)
    assert "No reason is asked" in page.text
    assert "reason" not in page.fields
    assert course.browser("leah").get(member).status_code == 404
    assert course.browser("leah").act(member).status_code == 404
    assert course.browser("sam").act(member).status_code == 303
    assert course.browser("kim").get(address).status_code == 404
    assert "1 more person is needed who accepts." in read(course, "leah", address).text
    assert "Kim Example" not in read(course, "sam", address).text


def test_statistics_tell_nothing_of_few(course: Course, it: Appealing, kept: Callable[[UUID], str]) -> None:
    kept(it.with_panel())
    assert "there were fewer than 10 appeals" in read(course, "leah", "/appeals/statistics").text
    assert course.browser("sam").get("/appeals/statistics").status_code == 404


def test_cap_d4_one_that_came_late_is_taken_up_or_answered_why_not(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    leah, addresses = course.browser("leah"), []
    for _ in range(2):
        draft = it.draft(About(decision_id=it.decision(appeal_days=1)))
        it.world.session.get_one(AppealRow, draft).file_by = it.now.date() - timedelta(days=2)
        addresses.append(kept(draft))
    for number, address in enumerate(addresses):
        sent = course.browser("sam").act(f"{address}/send", f"a-key-to-send-{number:04}", **fields(course))
        assert sent.status_code == 303, Read(sent.text).text
    first, second = addresses
    refused = leah.act(f"{first}/take-up", then="not", reasons="")
    assert refused.status_code == 422
    assert leah.act(f"{first}/take-up", then="not", reasons="It is decided anew in June.").status_code == 303
    assert "It is decided anew in June." in read(course, "sam", first).text
    assert leah.act(f"{second}/take-up", then="yes").status_code == 303
    assert leah.act(f"{first}/take-up", "another-key-of-a-form", then="yes").status_code == 422


def test_cap_d4_a_panel_takes_its_time_and_its_members_can_leave(
    course: Course, it: Appealing, kept: Callable[[UUID], str]
) -> None:
    address = kept(it.with_panel())
    leah, kim, sam = course.browser("leah"), course.browser("kim"), course.browser("sam")
    empty = kim.act(f"{address}/question", question="")
    assert empty.status_code == 422
    kim.act(f"{address}/question", question="Which days?")
    for number in range(2):
        assert sam.act(f"{address}/more-time", f"a-key-for-more-time-{number}").status_code == 303
    before = read(course, "sam", address).text
    assert kim.act(f"{address}/give-time").status_code == 303
    assert read(course, "sam", address).text != before
    nothing = sam.act(f"{address}/answer", words=" ")
    assert nothing.status_code == 422
    assert "Which days?" in nothing.text
    assert kim.act(f"{address}/step-aside").location == "/appeals?said=panel_left"
    assert kim.get(address).status_code == 404
    assert leah.get(f"{address}/invite-outside").status_code == 200
    leah.act(f"{address}/invite", person=str(it.who("vic").person_id))
    invited = course.world.session.scalars(
        select(AppealMemberRow.id).where(AppealMemberRow.person_id == it.who("vic").person_id)
    ).one()
    course.kept()
    assert leah.act(f"{address}/members/{invited}/take-off").status_code == 303
    assert course.browser("vic").get(address).status_code == 404


def test_an_appeal_that_was_begun_is_opened_again_instead_of_begun_twice(course: Course, it: Appealing) -> None:
    decision_id = it.decision()
    course.kept()
    sam = course.browser("sam")
    address = sam.act("/appeals/new", decision=str(decision_id)).location
    assert sam.get(f"/appeals/new?decision={decision_id}").location == address
    helper: Any = course.app.test_client()
    path = copied(sam.get(address).text)["help-link"].removeprefix("https://attune.school.example")
    long = helper.post(path, data=hidden(helper.get(path).text) | {"words": "x" * 100_000})
    assert "Please shorten" in long.text
