"""External supervisors: from an invitation by mail to a signature, without an LMS account."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.access import Capability
from lti_tool.services.entering import external_ends
from lti_tool.services.notifying.contact import address_digest
from lti_tool.settings import Settings
from lti_tool.store.base import new_id
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.people import GrantRow, MembershipRow, PersonRow
from lti_tool.store.records import AuditEntryRow
from tests.conftest import Clock
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed
from tests.lti_tool.web.outside import ROSA, come_in, invite, mailed_link, reach_of, rosa, send
from tests.mail_server import SENDER, Mailbox, mail_server

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def settings(make_settings: Callable[..., Settings], database_url: str, mailbox: Mailbox) -> Settings:
    return make_settings(database_url=database_url, smtp_url=f"{mailbox.url}?starttls=no", mail_from=SENDER)


@pytest.fixture
def mailed(course: Course, mailbox: Mailbox) -> Mailed:
    return Mailed(course, mailbox)


def test_ux_m1_an_invitation_by_mail_says_who_sends_it_and_nothing_more(course: Course, mailed: Mailed) -> None:
    mailed_link(course, mailed)
    mail = mailed.last(ROSA)
    assert mail.message["Subject"] == "An invitation from Ines Example, School"
    said = f"{mail.message['Subject']} {mail.text} {mail.message['From']}"
    for word in ("Sam", "Observed practice", "Peer support practicum", "peer", "trainee", "supervis", "course"):
        assert word not in said


def test_from_mail_to_signature_without_an_lms_account(course: Course, mailed: Mailed) -> None:
    observation_id = course.answered()
    browser, answer = come_in(course, mailed, mailed_link(course, mailed))
    assert answer.location == "/waiting"
    assert "Sam Example" in browser.get("/waiting").text
    page = browser.get(f"/o/{observation_id}/sign/peer").text
    digest = re.search(r'name="digest" value="([^"]+)"', page)
    assert digest is not None
    assert browser.act(f"/o/{observation_id}/sign/peer", digest=digest[1]).status_code == 303
    assert "a link and a code" in course.browser("sam").get(f"/o/{observation_id}").text


def test_whoever_was_invited_sees_only_the_trainees_they_were_invited_for(course: Course, mailed: Mailed) -> None:
    sams = course.answered()
    sam, noor = (str(course.world.visitor(who).person_id) for who in ("sam", "noor"))
    browser, _ = come_in(course, mailed, mailed_link(course, mailed, "peer", "observe", trainees=[noor]))
    for path in ("/people", "/gradebook", "/external", "/external/invite", f"/trainees/{sam}"):
        assert browser.get(f"{course.home}{path}").status_code in (403, 404)
    for path in ("", "/sign/peer", "/who", "/signed/peer"):
        assert browser.get(f"/o/{sams}{path}").status_code == 404
    for page in (course.home, "/waiting"):
        assert "Sam" not in browser.get(page).text
    assert "Rosa" not in course.browser("sam").get(f"{course.home}/ask").text
    assert "Rosa" in course.browser("noor").get(f"{course.home}/ask").text


def test_mail_scanners_spend_nothing(course: Course, mailed: Mailed) -> None:
    link = mailed_link(course, mailed)
    robot = course.app.test_client()
    before = mailed.box.received[:]
    for _ in range(10):
        assert robot.get(link).status_code == 200
        assert robot.head(link).status_code == 200
    mailed.deliver()
    assert mailed.box.received == before
    _, answer = come_in(course, mailed, link)
    assert answer.status_code == 303


def test_the_link_says_who_invites_and_names_nobody_else(course: Course, mailed: Mailed) -> None:
    page = course.app.test_client().get(mailed_link(course, mailed)).text
    assert "Ines Example" in page
    assert "School" in page
    for word in ("Sam", "Observed practice", "Rosa", ROSA):
        assert word not in page


def test_the_link_can_be_used_again_with_a_new_code_and_leads_back_to_where_one_was(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    link = mailed_link(course, mailed)
    come_in(course, mailed, link)
    clock.advance(hours=13)
    browser, answer = come_in(course, mailed, link, next=f"/o/{observation_id}")
    assert answer.location == f"/o/{observation_id}"
    assert browser.get(answer.location).status_code == 200


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/no/such/page"])
def test_nobody_is_led_to_a_page_that_is_not_ours(course: Course, mailed: Mailed, onward: str) -> None:
    link = mailed_link(course, mailed)
    assert "evil" not in course.app.test_client().get(link, query_string={"next": onward}).text
    _, answer = come_in(course, mailed, link, next=onward)
    assert answer.location == "/waiting"


def test_a_code_works_for_ten_minutes_and_five_tries(course: Course, mailed: Mailed, clock: Clock) -> None:
    link = mailed_link(course, mailed)
    browser = course.app.test_client()
    send(browser, link, f"{link}/code")
    code = mailed.code(ROSA)
    clock.advance(minutes=10)
    assert send(browser, link, link, code=code).status_code == 422
    send(browser, link, f"{link}/code")
    code = mailed.code(ROSA)
    for number in range(5):
        assert send(browser, link, link, code=f"{number:08d}").status_code == 422
    late = send(browser, link, link, code=code)
    assert late.status_code == 422
    assert "Send me a code" in late.text


def test_at_most_five_codes_an_hour_go_out_and_only_to_the_same_address(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    link = mailed_link(course, mailed)
    browser = course.app.test_client()
    for _ in range(5):
        assert send(browser, link, f"{link}/code", email="evil@example.org").status_code == 303
    refused = send(browser, link, f"{link}/code")
    assert refused.status_code == 409
    assert "Several codes were sent" in refused.text
    mailed.deliver()
    assert {address for one in mailed.box.received for address in one.to} == {ROSA}
    clock.advance(minutes=61)
    assert send(browser, link, f"{link}/code").status_code == 303


def test_a_double_click_on_the_code_comes_in_both_times(course: Course, mailed: Mailed) -> None:
    link = mailed_link(course, mailed)
    browser = course.app.test_client()
    send(browser, link, f"{link}/code")
    code = mailed.code(ROSA)
    assert [send(browser, link, link, code=code).status_code for _ in range(2)] == [303, 303]


def test_the_same_address_is_the_same_person_and_twice_changes_nothing(course: Course, mailed: Mailed) -> None:
    invite(course)
    invite(course, email=f" {ROSA.upper()} ", key="another-form-for-her")
    assert rosa(course).email == ROSA


def test_without_a_mail_the_instructor_copies_a_link_and_a_code_that_can_be_used_again(course: Course) -> None:
    reach = reach_of(invite(course))
    page = course.browser("ines").post(
        f"{reach}/hand-over", data={"csrf_token": course.browser("ines").token()}
    ).text  # fmt: skip
    link = re.search(r"/invitation/[\w-]+", page)
    code = re.search(r"\b\d{4} \d{4}\b", page)
    assert link is not None
    assert code is not None
    for _ in range(2):
        assert send(course.app.test_client(), link[0], link[0], code=code[0]).location == "/waiting"


def test_a_code_is_not_handed_over_for_somebody_who_has_more_than_this_course(course: Course, mailed: Mailed) -> None:
    reach = reach_of(invite(course))
    person = rosa(course)
    course.world.session.add(
        GrantRow(
            organization_id=person.organization_id, person_id=person.id, capability=Capability.OPERATOR,
            granted_at=course.world.now,
        )
    )  # fmt: skip
    course.kept()
    ines = course.browser("ines")
    assert ines.post(f"{reach}/hand-over", data={"csrf_token": ines.token()}).status_code == 409


def test_who_comes_to_the_course_from_the_lms_is_not_invited_from_outside(course: Course) -> None:
    jo = course.world.session.get_one(PersonRow, course.world.visitor("jo").person_id)
    key = course.app.extensions["attune"].settings.secret_keys[0]
    jo.email, jo.email_digest = ROSA, address_digest(ROSA, key)
    course.kept()
    refused = invite(course)
    assert refused.status_code == 422
    assert "from your LMS" in refused.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "by which name"),
        ({"email": "rosa"}, "e-mail address, such as"),
        ({"email": "rosa@clinic.example\nBcc: all@clinic.example"}, "e-mail address, such as"),
        ({"parts": []}, "what they will do"),
        ({"trainees": []}, "at least one trainee"),
        ({"trainees": ["x", "00000000-0000-0000-0000-000000000000"]}, "at least one trainee"),
    ],
)
def test_what_is_still_needed_is_said_and_what_was_typed_stays(
    course: Course, changes: dict[str, object], sentence: str
) -> None:
    answer = invite(course, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "name" not in changes:
        assert "Rosa Marin" in answer.text


def test_the_instructor_sees_how_far_each_is(course: Course, mailed: Mailed) -> None:
    ines = course.browser("ines")
    reach = reach_of(invite(course))
    assert "not invited yet" in ines.get(f"{course.home}/external").text
    ines.act(f"{reach}/mail")
    assert "on its way" in ines.get(f"{course.home}/external").text
    mailed.deliver()
    assert "Not in yet" in ines.get(f"{course.home}/external").text
    come_in(course, mailed, mailed.link(ROSA))
    assert "came in" in ines.get(f"{course.home}/external").text


def test_an_address_at_which_nobody_is_reached_needs_a_person(course: Course, mailed: Mailed) -> None:
    reach = reach_of(invite(course, email="nobody@clinic.example"))
    course.browser("ines").act(f"{reach}/mail")
    mailed.deliver()
    assert "came back" in course.browser("ines").get(f"{course.home}/external").text


def test_a_mail_server_that_is_down_loses_nothing_and_sends_nothing_twice(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    reach = reach_of(invite(course))
    mailed.box.answer = "451 busy"
    course.browser("ines").act(f"{reach}/mail")
    mailed.deliver()
    assert mailed.deliver() == []
    mailed.box.answer = None
    clock.advance(minutes=2)
    mailed.deliver()
    clock.advance(days=2)
    mailed.deliver()
    assert len(mailed.box.to(ROSA)) == 1


def test_after_a_day_and_a_half_of_a_server_that_is_down_a_person_has_to_look(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    reach = reach_of(invite(course))
    course.browser("ines").act(f"{reach}/mail")
    mailed.box.answer = "451 busy"
    began = clock()
    while MailState.NEEDS_PERSON not in mailed.states(rosa(course).id, MailKind.INVITATION):
        mailed.deliver()
        clock.advance(minutes=30)
    assert timedelta(days=1) < clock() - began < timedelta(days=3)
    course.renew("ines")
    assert "The mail server did not take the mail." in course.browser("ines").get(f"{course.home}/external").text


def test_what_could_open_something_is_gone_once_the_mail_has_gone(course: Course, mailed: Mailed) -> None:
    link = mailed_link(course, mailed)
    come_in(course, mailed, link)
    course.world.session.rollback()
    for row in course.world.session.scalars(select(MailRow)):
        assert (row.path, row.code, row.address) == (None, None, None)
    facts = course.world.session.scalars(select(AuditEntryRow.facts)).all()
    assert ROSA not in repr(facts)
    assert link.rpartition("/")[2] not in repr(facts)


def test_the_link_ends_by_itself_once_everything_is_submitted(course: Course, mailed: Mailed) -> None:
    observation_id = course.answered()
    link = mailed_link(course, mailed)
    browser, _ = come_in(course, mailed, link)
    _sweep(course.app)
    assert browser.get(link).status_code == 200
    page = browser.get(f"/o/{observation_id}/sign/peer").text
    digest = re.search(r'name="digest" value="([^"]+)"', page)
    assert digest is not None
    browser.act(f"/o/{observation_id}/sign/peer", digest=digest[1])
    _sweep(course.app)
    ended = course.app.test_client().get(link)
    assert ended.status_code == 404
    assert "has done its work" in ended.text


def test_without_work_a_link_ends_after_sixty_days_and_with_work_it_does_not(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    link = mailed_link(course, mailed)
    come_in(course, mailed, link)
    course.answered()
    for _ in range(3):
        clock.advance(days=40)
        _sweep(course.app)
    assert course.app.test_client().get(link).status_code == 200


def test_news_leads_somebody_without_an_lms_account_in_by_a_link_of_its_own(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    link, world = mailed_link(course, mailed), course.world
    person_id = rosa(course).id

    def news() -> str:
        """Where a mail leads that says that something waits."""
        world.session.add(
            MailRow(
                id=new_id(), organization_id=world.organization_id, person_id=person_id, kind=MailKind.NEWS,
                state=MailState.WAITING, made_at=clock(), next_attempt_at=clock(), attempts=0,
            )
        )  # fmt: skip
        course.kept()
        return mailed.link(ROSA)

    own = news()
    assert own.startswith("/invitation/")
    assert own != link
    _browser, answer = come_in(course, mailed, own)
    assert answer.location == "/waiting"
    world.session.execute(update(MembershipRow).where(MembershipRow.person_id == person_id).values(ended_at=world.now))
    clock.advance(days=2)
    assert news() == "/messages"


def test_the_instructor_ends_it_at_once_and_can_begin_it_again(course: Course, mailed: Mailed) -> None:
    link = mailed_link(course, mailed)
    browser, _ = come_in(course, mailed, link)
    ines, reach = course.browser("ines"), f"{course.home}/external/{rosa(course).id}"
    assert "no more" in ines.get(f"{reach}/end").text
    assert ines.act(f"{reach}/end", "end-it-at-once-01").status_code == 303
    assert browser.get("/waiting").status_code == 401
    assert browser.get(link).status_code == 404
    code = {"csrf_token": ines.token(), "act": "a-key-of-one-form-9"}
    assert ines.post(f"{link}/code", data=code).status_code == 404
    assert ines.get(reach).status_code == 404
    invite(course, key="invite-her-again-1")
    assert ines.get(reach).status_code == 200


def _sweep(app: Flask) -> None:
    joined = app.extensions["attune"]
    with joined.sessions.writing.begin() as session:
        external_ends.end_finished(session, joined.clock())
