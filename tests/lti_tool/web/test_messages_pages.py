"""Messages: one's own, where each leads, what came of what one sent, and what each looks like."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest

from lti_tool.services.languages import languages
from lti_tool.settings import Settings
from lti_tool.store.mail import ContactRow, MailKind, MailRow, MailState
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from tests.conftest import Clock
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.mailed import Mailed
from tests.lti_tool.web.outside import ROSA, come_in, invite, mailed_link, reach_of, rosa
from tests.lti_tool.web.test_contact import CHOICE, SAMS, choose, news, reachable
from tests.mail_server import SENDER, Mailbox, mail_server

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OPEN = re.compile(r'action="(/messages/[0-9a-f-]{36}/open)"')
CAME_BACK = re.compile(r'action="(/messages/[0-9a-f-]{36}/came-back)"')


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


def first_form(page: str, pattern: re.Pattern[str] = OPEN) -> str:
    found = pattern.search(page)
    assert found is not None, page
    return found[1]


@pytest.mark.parametrize(("made", "who"), [("asked", "jo"), ("shared", "sam"), ("answered", "jo"), ("signed", "sam")])
def test_a_message_leads_to_a_page_that_its_reader_may_open(course: Course, made: str, who: str) -> None:
    getattr(course, made)()
    browser = course.browser(who)
    answer = browser.act(first_form(browser.get("/messages").text))
    assert answer.status_code == 303
    assert answer.location.startswith("/o/")
    assert browser.get(answer.location).status_code == 200


def test_the_link_on_every_page_says_how_many_are_new_and_looking_changes_nothing(course: Course) -> None:
    course.asked()
    jo = course.browser("jo")
    assert "Messages: 1 new" in jo.get("/waiting").text
    for _ in range(2):
        assert "Messages: 1 new" in jo.get("/messages").text
    jo.act(first_form(jo.get("/messages").text))
    assert "1 new" not in jo.get("/messages").text


def test_all_can_be_seen_at_once(course: Course) -> None:
    course.asked()
    jo = course.browser("jo")
    assert jo.act("/messages/seen").status_code == 303
    page = jo.get("/messages").text
    assert "1 new" not in page
    assert "something new about an observation" in page


def test_ux_m3_no_line_names_anybody_or_says_what_came_of_it(course: Course) -> None:
    course.signed()
    page = course.browser("sam").get("/messages").text
    shown = page[page.index("<main") : page.index("</main")]
    for word in ("Jo ", "Sam", "Observed practice", "practicum", "peer", "urgent"):
        assert word not in shown


def test_nobody_opens_or_sees_what_was_told_to_somebody_else(course: Course) -> None:
    course.asked()
    path = first_form(course.browser("jo").get("/messages").text)
    assert course.browser("amara").act(path).status_code == 404
    assert "Nothing is here now" in course.browser("noor").get("/messages").text
    assert "Messages: 1 new" in course.browser("jo").get("/messages").text


def test_whoever_asked_sees_that_it_stands_in_attune_and_not_whether_it_was_read(course: Course) -> None:
    course.asked()
    before = course.browser("sam").get("/messages/sent").text
    assert "To Jo Example" in before
    assert "in Attune" in before
    jo = course.browser("jo")
    jo.act(first_form(jo.get("/messages").text))
    after = course.browser("sam").get("/messages/sent").text
    assert main_of(after) == main_of(before)


def main_of(page: str) -> str:
    return re.sub(r'name="(act|csrf_token)" value="[^"]*"', "", page[page.index("<main") : page.index("</main")])


def test_ux_m1_mail_comes_in_the_language_that_its_reader_chose(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    choose(sam, language="es")
    news(course)
    mail = mailed.last(SAMS)
    assert mail.message["Subject"] == "Hay algo nuevo para usted"
    assert mail.message["Content-Language"] == "es"
    assert "cuando le venga bien" in mail.text
    assert unescape(mail.text.splitlines()[0]) in unescape(sam.get("/contact").text)


@pytest.mark.parametrize("said_by", ["lms", "organization"])
def test_without_a_choice_mail_is_in_the_language_of_their_lms_or_the_usual_one(
    course: Course, mailed: Mailed, said_by: str
) -> None:
    reachable(course, mailed)
    person_id = course.world.visitor("sam").person_id
    with course.app.extensions["attune"].sessions.writing.begin() as session:
        person = session.get_one(PersonRow, person_id)
        person.language = "es-MX" if said_by == "lms" else None
        session.get_one(OrganizationRow, person.organization_id).usual_language = "en" if said_by == "lms" else "es"
    news(course)
    assert mailed.last(SAMS).message["Content-Language"] == "es"


def test_ux_m1_whoever_wants_it_gets_mail_that_names_nobody(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    choose(sam, names_sender="no")
    news(course)
    mail = mailed.last(SAMS)
    raw = mail.message.as_string()
    assert "School" not in raw.replace(SENDER, "")
    assert "Attune" in mail.text


def test_ux_m4_what_somebody_wants_to_be_told_of_is_theirs_to_choose(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    choose(sam, told=[kind for kind in CHOICE["told"] if kind != "observation"])
    new = re.findall(r"Messages: \d+ new", sam.get("/messages").text)  # that mail goes to this address since today
    course.shared()
    mailed.deliver()
    assert mailed.box.to(SAMS) == []
    page = sam.get("/messages").text
    assert "something new about an observation" in page
    assert re.findall(r"Messages: \d+ new", page) == new


def test_what_was_chosen_stands_there_again_if_something_does_not_fit(course: Course, mailed: Mailed) -> None:
    sam = reachable(course, mailed)
    page = sam.act(
        "/contact", "a-choice-with-no-zone", **(CHOICE | {"timezone": "x", "names_sender": "no", "language": "es"})
    )
    assert page.status_code == 422
    assert re.search(r'value="no"\s*checked', page.text)
    assert re.search(r'value="es"\s*selected', page.text)


def test_an_invitation_that_came_back_is_told_to_its_sender_with_what_to_do(course: Course, mailed: Mailed) -> None:
    mailed.box.to_address = "550 5.1.1 unknown"
    course.browser("ines").act(f"{reach_of(invite(course))}/mail")
    mailed.deliver()
    page = course.browser("ines").get("/messages/sent").text
    assert "came back" in page
    assert "ask them for another" in page
    assert "came back" in course.browser("ines").get(f"{course.home}/external").text
    assert mailed.states(rosa(course).id, MailKind.INVITATION) == [MailState.RETURNED]


def test_nothing_more_goes_to_an_address_that_came_back_until_it_was_corrected(course: Course, mailed: Mailed) -> None:
    ines, reach = course.browser("ines"), reach_of(invite(course))
    mailed.box.to_address = "550 5.1.1 unknown"
    ines.act(f"{reach}/mail", "send-the-first-time")
    mailed.deliver()
    mailed.box.to_address = None
    ines.act(f"{reach}/mail", "send-the-second-time")
    mailed.deliver()
    assert mailed.box.received == []
    refused = ines.act(f"{reach}/address", "no-address-at-all", address="rosa at clinic")
    assert refused.status_code == 422
    assert "rosa at clinic" in refused.text
    assert ines.act(f"{reach}/address", "correct-the-address", address="marin@clinic.example").status_code == 303
    assert "came back" not in ines.get(f"{course.home}/external").text
    assert "Send it by mail" in ines.get(reach).text
    ines.act(f"{reach}/mail", "send-the-third-time1")
    mailed.deliver()
    assert [one.to for one in mailed.box.received] == [["marin@clinic.example"]]


def test_the_address_of_who_has_come_in_is_theirs_and_not_corrected_by_others(course: Course, mailed: Mailed) -> None:
    come_in(course, mailed, mailed_link(course, mailed))
    reach = f"{course.home}/external/{rosa(course).id}"
    answer = course.browser("ines").act(f"{reach}/address", "take-it-over-please", address="ines@evil.example")
    assert answer.status_code == 422
    assert rosa(course).email == ROSA


def test_what_was_sent_to_the_address_before_opens_nothing_any_more(course: Course, mailed: Mailed) -> None:
    link = mailed_link(course, mailed)
    reach = f"{course.home}/external/{rosa(course).id}"
    course.browser("ines").act(f"{reach}/address", "correct-the-address", address="marin@clinic.example")
    assert 'name="code"' not in course.app.test_client().get(link).text


def test_who_was_told_elsewhere_that_it_came_back_can_say_so(course: Course, mailed: Mailed) -> None:
    mailed_link(course, mailed)
    ines = course.browser("ines")
    path = first_form(ines.get("/messages/sent").text, CAME_BACK)
    assert course.browser("jo").act(path).status_code == 404
    assert ines.act(path).status_code == 303
    assert mailed.states(rosa(course).id, MailKind.INVITATION) == [MailState.RETURNED]
    page = ines.get("/messages/sent").text
    assert "came back" in page
    assert CAME_BACK.search(page) is None


def test_a_code_that_arrives_shows_that_the_address_is_good_after_all(course: Course, mailed: Mailed) -> None:
    link = mailed_link(course, mailed)
    ines = course.browser("ines")
    ines.act(first_form(ines.get("/messages/sent").text, CAME_BACK))
    _, answer = come_in(course, mailed, link)
    assert answer.status_code == 303
    with course.app.extensions["attune"].sessions.writing() as session:
        row = session.query(ContactRow).filter_by(person_id=rosa(course).id).one()
    assert row.returned_at is None


def test_a_person_whose_mail_came_back_reads_it_in_attune_and_can_try_the_address_again(
    course: Course, mailed: Mailed
) -> None:
    sam = reachable(course, mailed)
    mailed.box.to_address = "550 5.1.1 unknown"
    news(course)
    mailed.deliver()
    assert "came back" in sam.get("/messages").text
    assert "Send a code to this address" in sam.get("/contact").text
    mailed.box.to_address = None
    assert sam.act("/contact/again").status_code == 303
    sam.post("/contact/code", data={"csrf_token": sam.token(), "code": mailed.code(SAMS)})
    assert "came back" not in sam.get("/contact").text
    assert "came back" not in sam.get("/messages").text


def test_ux_m2_it_is_asked_on_the_messages_too_whether_mail_is_still_safe(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    reachable(course, mailed)
    clock.advance(days=184)
    course.renew("sam")
    assert "still a safe way" in course.browser("sam").get("/messages").text


def test_ux_m1_every_message_can_be_seen_beforehand_in_every_language(course: Course) -> None:
    page = course.browser("sam").get("/messages/preview").text
    for language in languages():
        for kind in MailKind:
            assert f'id="{kind.value}-{language}"' in page
    assert f"Attune &lt;{SENDER}&gt;" in page
    assert "School" in main_of(page)
    assert "School" not in main_of(course.browser("sam").get("/messages/preview?names=no").text)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("names", ["yes", "no"])
def test_ux_m1_what_is_shown_beforehand_is_what_the_mail_server_gets(
    course: Course, mailed: Mailed, language: str, names: str
) -> None:
    sam = reachable(course, mailed)
    choose(sam, language=language, names_sender=names)
    made = one_of_each(course)
    shown = unescape(sam.get("/messages/preview").text)
    mailed.deliver()
    assert len(mailed.box.to(SAMS)) == len(made)
    for one in mailed.box.to(SAMS):
        assert str(one.message["From"]) in shown
        assert str(one.message["Subject"]) in shown
        lines = [line for line in one.text.splitlines() if line and "http" not in line and "1234" not in line]
        assert [line for line in lines if line not in shown] == []


def one_of_each(course: Course) -> list[MailKind]:
    """One mail of each kind to Sam, but one digest: of these there is one a day."""
    kinds = [kind for kind in MailKind if kind is not MailKind.REMINDER]
    sam, now = course.world.visitor("sam"), course.app.extensions["attune"].clock()
    with course.app.extensions["attune"].sessions.writing.begin() as session:
        for kind in kinds:
            coded = kind in (MailKind.CODE, MailKind.ADDRESS, MailKind.SIGNING)
            session.add(
                MailRow(
                    organization_id=sam.organization_id, person_id=sam.person_id, kind=kind,
                    sender_id=sam.person_id if kind is MailKind.INVITATION else None,
                    code={MailKind.SIGNING: "123456"}.get(kind, "12345678") if coded else None,
                    path=None if coded or kind is MailKind.NEWS else "/copy/x", state=MailState.WAITING, made_at=now,
                    next_attempt_at=now, attempts=0,
                )
            )  # fmt: skip
    return kinds
