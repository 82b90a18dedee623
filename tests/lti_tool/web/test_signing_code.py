"""A mailed code before signing, where an activity asks for one: once for a while, for one session of one person."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Connection, event, select, update
from sqlalchemy.orm import ORMExecuteState, Session

from lti_tool.services.notifying import contact
from lti_tool.settings import Settings
from lti_tool.store.courses import ActivityRow
from lti_tool.store.mail import MailKind, MailRow
from lti_tool.store.observations import SignOffRow
from lti_tool.store.people import SessionRow
from lti_tool.store.records import AuditEntryRow
from rubrics.sign_off import Assurance, Lane
from tests.conftest import Clock
from tests.lti_tool.services.hours.test_ledger_signing import handed
from tests.lti_tool.web import outside
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import HOST, Course
from tests.lti_tool.web.mailed import Mailed
from tests.lti_tool.web.signing_codes import (
    JOS,
    PAGE,
    ask_for_codes,
    asks_for_code,
    confirmed,
    give_address,
    reachable,
    sent,
    sign,
    sign_page,
    typed,
)
from tests.lti_tool.web.test_activity_settings import SEEN, USUAL
from tests.lti_tool.web.test_own_way_in import made
from tests.mail_server import SENDER, Mailbox, mail_server

THIEFS = "thief@elsewhere.example"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
IN_LINES = re.compile(r'<input type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"')


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def settings(make_settings: Callable[..., Settings], database_url: str, mailbox: Mailbox) -> Settings:
    return make_settings(database_url=database_url, smtp_url=f"{mailbox.url}?starttls=no", mail_from=SENDER)


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    course = make_course()
    ask_for_codes(course)
    return course


@pytest.fixture
def mailed(course: Course, mailbox: Mailbox) -> Mailed:
    return Mailed(course, mailbox)


def assurances(course: Course) -> list[Assurance]:
    course.kept()
    found = list(course.world.session.scalars(select(SignOffRow.assurance)))
    course.kept()
    return found


def acts(course: Course) -> list[str]:
    course.kept()
    written = select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("signing.")).order_by(AuditEntryRow.number)
    found = list(course.world.session.scalars(written))
    course.kept()
    return found


def other_than(code: str) -> str:
    return "123 456" if code != "123 456" else "654 321"


# ---- the way of somebody from the LMS ----


def test_sec_17_whoever_signs_types_a_code_from_their_own_mail_first_and_the_signature_says_so(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    jo = reachable(course, mailed, clock)
    first = jo.get(sign_page(observation_id))
    assert asks_for_code(first)
    page = jo.get(first.location).text
    assert JOS in page
    code = sent(jo, mailed, back=sign_page(observation_id))
    waiting = jo.get(first.location).text
    assert 'autocomplete="one-time-code"' in waiting
    assert 'inputmode="numeric"' in waiting
    assert code.replace(" ", "") not in waiting
    back = typed(jo, code, sign_page(observation_id))
    assert urlsplit(back.location).path == sign_page(observation_id)
    assert "confirmed by a mailed code" in jo.get(back.location).text
    assert sign(jo, observation_id).status_code == 303
    assert assurances(course) == [Assurance.LAUNCH_CONFIRMED]
    assert acts(course) == ["signing.code_sent", "signing.confirmed"]


def test_one_code_counts_a_while_for_several_signatures_and_then_no_more(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    one, two, three = course.answered(), course.answered(), course.answered()
    jo = reachable(course, mailed, clock)
    confirmed(jo, mailed)
    assert sign(jo, one).status_code == 303
    clock.advance(minutes=14)
    assert sign(jo, two).status_code == 303
    clock.advance(minutes=1)
    assert asks_for_code(jo.get(sign_page(three)))
    assert len(assurances(course)) == 2


def test_a_page_that_was_open_when_the_code_ran_out_signs_nothing_and_leads_to_the_next(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    jo = reachable(course, mailed, clock)
    confirmed(jo, mailed)
    digest = hidden(jo.get(sign_page(observation_id)).text)["digest"]
    clock.advance(minutes=16)
    assert asks_for_code(jo.act(sign_page(observation_id), digest=digest))
    assert assurances(course) == []
    confirmed(jo, mailed, key="send-me-a-code-02")
    assert jo.act(sign_page(observation_id), "the-same-digest-again", digest=digest).status_code == 303
    assert assurances(course) == [Assurance.LAUNCH_CONFIRMED]


def test_an_activity_that_asks_for_none_signs_as_before_also_while_a_code_counts(
    make_course: Callable[..., Course], mailbox: Mailbox, clock: Clock
) -> None:
    course = make_course()
    jo = reachable(course, Mailed(course, mailbox), clock)
    observation_id = course.answered()
    confirmed(jo, Mailed(course, mailbox))
    assert sign(jo, observation_id).status_code == 303
    assert assurances(course) == [Assurance.LAUNCH]


# ---- codes that do not open ----


def test_sec_26_five_wrong_codes_close_a_code_and_each_is_in_the_audit(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    jo = reachable(course, mailed, clock)
    code = sent(jo, mailed)
    for _ in range(4):
        answer = typed(jo, other_than(code))
        assert answer.status_code == 422
        assert "not the code of the newest mail" in answer.text
        assert f'value="{other_than(code)}"' in answer.text
    assert "ask for a new one" in typed(jo, other_than(code)).text
    assert typed(jo, code).status_code == 422
    assert asks_for_code(jo.get(sign_page(course.answered())))
    assert acts(course).count("signing.code_wrong") == 5


def test_a_code_ends_after_ten_minutes(course: Course, mailed: Mailed, clock: Clock) -> None:
    jo = reachable(course, mailed, clock)
    code = sent(jo, mailed)
    clock.advance(minutes=10)
    assert typed(jo, code).status_code == 422


def test_a_code_is_used_up_and_opens_nothing_a_second_time(course: Course, mailed: Mailed, clock: Clock) -> None:
    jo = reachable(course, mailed, clock)
    code = sent(jo, mailed)
    assert typed(jo, code).status_code == 303
    assert typed(jo, code).status_code == 303, "a double tap leads on; nothing is made longer by it"
    clock.advance(minutes=14)
    assert typed(jo, code).status_code == 303
    clock.advance(minutes=2)
    assert typed(jo, code).status_code == 422
    assert asks_for_code(jo.get(sign_page(course.answered())))


def test_sec_17_a_code_of_one_session_opens_nothing_in_another_of_the_same_person(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    jo = reachable(course, mailed, clock)
    elsewhere = course.app.test_client()
    elsewhere.set_cookie("__Host-attune", course.token("jo"), domain=HOST, secure=True)
    code = sent(jo, mailed)
    assert typed(elsewhere, code).status_code == 422
    assert typed(jo, code).status_code == 303
    assert jo.get(sign_page(observation_id)).status_code == 200
    assert asks_for_code(elsewhere.get(sign_page(observation_id)))


def test_sec_17_a_code_of_one_person_opens_nothing_for_another(course: Course, mailed: Mailed, clock: Clock) -> None:
    reachable(course, mailed, clock, "amara", "amara@home.example")
    jo = reachable(course, mailed, clock)
    sent(jo, mailed)
    amaras = sent(course.browser("amara"), mailed, to="amara@home.example")
    assert typed(jo, amaras).status_code == 422


def test_sec_26_another_code_waits_a_minute_and_five_an_hour_are_all_over_all_sessions(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    jo = reachable(course, mailed, clock)
    clock.advance(hours=1)
    first = sent(jo, mailed)
    too_soon = jo.act(f"{PAGE}/send", "another-code-at-once")
    assert too_soon.status_code == 422
    assert "give it a minute" in too_soon.text
    clock.advance(minutes=1)
    second = sent(jo, mailed, key="another-code-later")
    assert typed(jo, first).status_code == 422 or first == second
    for number in range(3):
        clock.advance(minutes=1)
        sent(jo, mailed, key=f"another-code-again-{number}")
    clock.advance(minutes=1)
    course.renew("jo")
    refused = course.browser("jo").act(f"{PAGE}/send", "one-more-elsewhere-01")
    assert refused.status_code == 422
    assert "Several codes" in refused.text


def test_sec_26_codes_that_somebody_asks_for_with_a_link_use_up_none_of_those_for_signing(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    link = outside.mailed_link(course, mailed)
    rosa, _ = outside.come_in(course, mailed, link)
    anybody = course.app.test_client()
    asked = [outside.send(anybody, link, f"{link}/code", act=f"a-key-of-one-form-{number}") for number in range(2, 8)]
    assert asked[-1].status_code != 303
    confirmed(rosa, mailed, to=outside.ROSA)


def test_two_taps_on_the_button_send_one_code(course: Course, mailed: Mailed, clock: Clock) -> None:
    jo = reachable(course, mailed, clock)
    sent(jo, mailed)
    assert jo.act(f"{PAGE}/send", "send-me-a-code-01", back="").status_code == 303
    assert len(mailed.states(course.world.visitor("jo").person_id, MailKind.SIGNING)) == 1


def test_a_code_is_kept_as_a_digest_and_leaves_the_mail_once_it_has_gone(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    jo = reachable(course, mailed, clock)
    code = sent(jo, mailed).replace(" ", "")
    course.kept()
    row = course.world.session.scalars(select(SessionRow).where(SessionRow.signing_code_digest.is_not(None))).one()
    assert code not in str(row.signing_code_digest)
    mails = course.world.session.scalars(select(MailRow).where(MailRow.kind == MailKind.SIGNING)).all()
    assert [(mail.code, mail.address) for mail in mails] == [(None, None)]


# ---- without an address, or with a new one ----


def test_without_an_address_the_page_says_how_to_add_one_and_the_way_back_stays(course: Course, mailed: Mailed) -> None:
    observation_id = course.answered()
    jo = course.browser("jo")
    page = jo.get(jo.get(sign_page(observation_id)).location).text
    assert "No address of yours is known here yet" in page
    assert jo.act(f"{PAGE}/send").status_code == 422
    added = jo.act("/contact/address?back=/signing-code", "an-address-of-my-own", address=JOS)
    assert parse_qs(urlsplit(added.location).query)["back"] == ["/signing-code"]
    done = jo.post(
        "/contact/code?back=/signing-code", data={"csrf_token": jo.token(), "code": mailed.code(JOS)}
    ).location
    assert 'href="/signing-code"' in jo.get(done).text


def test_sec_17_who_finds_a_page_open_cannot_add_an_address_of_theirs_and_sign(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    jo = reachable(course, mailed, clock)
    give_address(course, mailed, address="thief@elsewhere.example", key="another-address")
    refused = jo.act(f"{PAGE}/send")
    assert refused.status_code == 422
    assert "from the next time you come in" in refused.text
    assert asks_for_code(jo.get(sign_page(observation_id)))
    assert "No more mail comes here" in str(mailed.last(JOS).message["Subject"])
    assert "thief" not in mailed.last(JOS).text


def test_sec_17_nor_make_a_link_of_their_own_and_sign_with_that_before_the_person_could_see_it(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    jo = give_address(course, mailed, address=THIEFS)
    link = made(course, "jo").partition("?")[0]
    clock.advance(minutes=2)
    thief = _in_by(course, mailed, link)
    first = thief.get(sign_page(observation_id))
    assert asks_for_code(first)
    assert "With a link it counts from" in thief.get(first.location).text
    refused = thief.act(f"{PAGE}/send")
    assert refused.status_code == 422
    assert "a day after you gave it" in refused.text
    course.renew("jo")
    jo = course.browser("jo")
    told = jo.get("/messages").text
    assert "There is something new for you." in told
    assert THIEFS in jo.get("/contact").text
    clock.advance(days=1)
    confirmed(_in_by(course, mailed, link), mailed, to=THIEFS)


def test_having_no_address_any_more_brings_an_older_one_back_only_as_a_new_one(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    rosa, _ = outside.come_in(course, mailed, outside.mailed_link(course, mailed))
    clock.advance(minutes=2)
    assert rosa.act("/contact/forget").status_code == 303
    assert rosa.act(f"{PAGE}/send").status_code == 422


def test_another_address_ends_a_code_that_is_on_its_way_to_the_one_before(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    jo = reachable(course, mailed, clock)
    code = sent(jo, mailed)
    give_address(course, mailed, address="jo@new.example", key="another-address")
    assert typed(jo, code).status_code == 422


def test_where_mail_came_back_no_code_goes_and_the_page_says_so(course: Course, mailed: Mailed, clock: Clock) -> None:
    jo = reachable(course, mailed, clock)
    with course.app.extensions["attune"].sessions.writing.begin() as session:
        visitor = course.world.visitor("jo")
        contact.came_back(session, visitor.organization_id, visitor.person_id, clock())
    assert "came back" in jo.get(PAGE).text
    assert jo.act(f"{PAGE}/send").status_code == 422


# ---- people from outside, several at once, the ledger, in person ----


def test_somebody_with_a_link_gets_the_code_at_the_address_they_were_invited_at(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    link = outside.mailed_link(course, mailed)
    clock.advance(minutes=2)
    rosa, _ = outside.come_in(course, mailed, link)
    assert asks_for_code(rosa.get(sign_page(observation_id)))
    confirmed(rosa, mailed, to=outside.ROSA)
    assert sign(rosa, observation_id).status_code == 303
    assert assurances(course) == [Assurance.LINK_CONFIRMED]


def test_several_at_once_ask_for_one_code_and_lead_back_to_all_of_them(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    one, two = course.answered(), course.answered()
    jo = reachable(course, mailed, clock)
    first = jo.get(f"/several?o={one}:peer&o={two}:peer")
    assert asks_for_code(first)
    back = parse_qs(urlsplit(first.location).query)["back"][0]
    led = typed(jo, sent(jo, mailed, back=back), back).location
    page = jo.get(led).text
    assert page.count("one-of-several") == 2
    names = [value for name, value in _all_hidden(page) if name == "sign"]
    assert jo.act("/several", sign=names).status_code == 303
    assert assurances(course) == [Assurance.LAUNCH_CONFIRMED] * 2


def test_several_that_were_open_when_the_code_ran_out_say_which_and_lead_on(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    observation_id = course.answered()
    jo = reachable(course, mailed, clock)
    confirmed(jo, mailed)
    page = jo.get(f"/several?o={observation_id}:peer").text
    clock.advance(minutes=16)
    done = jo.act("/several", sign=[value for name, value in _all_hidden(page) if name == "sign"])
    shown = jo.get(done.location).text
    assert "asks for a code" in shown
    assert sign_page(observation_id) in shown
    assert assurances(course) == []


def test_entries_of_the_course_ask_for_the_code_too_and_handing_back_does_not(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    entry_id, other = course.keep(handed(course.world)), course.keep(handed(course.world))
    jo = reachable(course, mailed, clock)
    assert asks_for_code(jo.get(f"/ledger/{entry_id}/sign"))
    assert asks_for_code(jo.get(f"/ledger/to-sign?e={entry_id}&e={other}"))
    assert asks_for_code(jo.act(f"/ledger/{entry_id}/sign", digest="0" * 64))
    assert jo.get(f"/ledger/{other}/hand-back").status_code == 200
    assert jo.act(f"/ledger/{other}/hand-back", reason="Which site?").status_code == 303
    confirmed(jo, mailed)
    page = jo.get(f"/ledger/{entry_id}/sign").text
    assert "confirmed by a mailed code" in page
    assert jo.act(f"/ledger/{entry_id}/sign", digest=hidden(page)["digest"], lane="peer").status_code == 303


def test_what_was_typed_for_several_entries_stays_where_the_code_ran_out_meanwhile(
    course: Course, mailed: Mailed, clock: Clock
) -> None:
    one, two = course.keep(handed(course.world)), course.keep(handed(course.world))
    jo = reachable(course, mailed, clock)
    confirmed(jo, mailed)
    fields = hidden(jo.get(f"/ledger/to-sign?e={one}&e={two}").text)
    clock.advance(minutes=16)
    form = {
        "e": [str(one), str(two)], f"digest-{one}": fields[f"digest-{one}"], f"lane-{one}": "peer",
        f"what-{one}": "sign", f"what-{two}": "hand_back", f"reason-{two}": "",
    }  # fmt: skip
    again = jo.act("/ledger/to-sign", **form)
    assert again.status_code == 422
    assert again.text.count("What happens with it") == 2
    done = jo.act("/ledger/to-sign", **(form | {f"reason-{two}": "Which site?"}))
    shown = jo.get(done.location).text
    assert "asks for a code" in shown
    assert f"/ledger/{one}/sign" in shown
    assert "Which site?" not in again.text


@pytest.mark.parametrize("new", [False, True])
def test_several_entries_can_be_handed_back_by_whoever_cannot_get_a_code_yet(
    course: Course, mailed: Mailed, *, new: bool
) -> None:
    one, two = course.keep(handed(course.world)), course.keep(handed(course.world))
    jo = give_address(course, mailed) if new else course.browser("jo")
    answer = jo.get(f"/ledger/to-sign?e={one}&e={two}")
    assert answer.status_code == 200
    assert answer.text.count("Not yet to be signed") == 2
    assert "Sign it" not in answer.text
    assert f"{PAGE}?back=" in answer.text
    form = {"e": [str(one), str(two)], f"what-{one}": "leave", f"what-{two}": "hand_back"}
    again = jo.act("/ledger/to-sign", **form)
    assert again.status_code == 422
    assert again.text.count("Not yet to be signed") == 2
    done = jo.act("/ledger/to-sign", "with-a-reason-now-1", **(form | {f"reason-{two}": "Which site?"}))
    assert done.status_code == 303
    assert jo.get(f"/ledger/to-sign?e={two}").status_code == 200


def test_several_observations_are_named_with_the_way_to_a_code_where_none_can_come_yet(course: Course) -> None:
    observation_id = course.answered()
    page = course.browser("jo").get(f"/several?o={observation_id}:peer")
    assert page.status_code == 200
    assert "Sam Example" in page.text
    assert f"{PAGE}?back=" in page.text


def test_a_page_leads_to_the_code_where_the_activity_asks_for_one_since_a_moment_ago(
    make_course: Callable[..., Course], mailbox: Mailbox
) -> None:
    course = make_course()
    observation_id = course.answered()
    jo = course.browser("jo")
    digest = hidden(jo.get(sign_page(observation_id)).text)["digest"]
    ask, to_come = update(ActivityRow).values(code_since=course.world.now), []

    def asks_now(_: object, connection: Connection, __: object) -> None:
        connection.execute(ask)
        to_come.append(ask)

    def asks_still(state: ORMExecuteState) -> None:
        if to_come:
            state.session.connection().execute(to_come.pop())

    event.listen(SignOffRow, "before_insert", asks_now)
    event.listen(Session, "do_orm_execute", asks_still)
    try:
        assert asks_for_code(jo.act(sign_page(observation_id), digest=digest))
    finally:
        event.remove(SignOffRow, "before_insert", asks_now)
        event.remove(Session, "do_orm_execute", asks_still)
    assert assurances(course) == []


def test_nobody_signs_on_the_trainees_device_where_a_code_is_asked_for(course: Course, mailed: Mailed) -> None:
    observation_id = course.answered()
    sam = course.browser("sam")
    assert f"/o/{observation_id}/in-person" not in sam.get(f"/o/{observation_id}").text
    assert sam.get(f"/o/{observation_id}/in-person").status_code == 409


def test_seeing_it_differently_asks_for_no_code(make_course: Callable[..., Course], mailbox: Mailbox) -> None:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL))
    ask_for_codes(course)
    observation_id = course.answered()
    jo = course.browser("jo")
    assert jo.get(f"/o/{observation_id}/differ/peer").status_code == 200
    answer = jo.act(f"/o/{observation_id}/differ/peer", reason="I saw it otherwise.")
    assert answer.status_code == 303


# ---- the setting ----


def test_the_setting_is_off_until_an_instructor_turns_it_on_and_off_again(
    make_course: Callable[..., Course], mailbox: Mailbox
) -> None:
    course = make_course()
    ines, path = course.browser("ines"), f"{course.home}/settings"
    assert "Signing asks for a code that is mailed" in ines.get(path).text
    for wanted in ({"code_asked": "yes"}, {}):
        (seen,) = SEEN.findall(ines.act(path, **USUAL, **wanted).text)
        assert ines.act(path, **USUAL, **wanted, seen=seen).status_code == 303
        course.kept()
        jo = course.browser("jo").get(sign_page(course.answered()))
        assert asks_for_code(jo) is bool(wanted)


def _in_by(course: Course, mailed: Mailed, link: str) -> Any:
    browser = course.app.test_client()
    assert outside.send(browser, link, f"{link}/code").status_code == 303
    assert outside.send(browser, link, link, code=mailed.code(THIEFS)).status_code == 303
    return browser


def _all_hidden(page: str) -> list[tuple[str, str]]:
    return IN_LINES.findall(page)
