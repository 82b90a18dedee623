"""Whom to turn to: at the foot of every page, in one's language first; written by program leads, and by nobody else."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.services.operating import clean
from lti_tool.services.wellbeing import support_directory
from lti_tool.services.wellbeing.support_directory import Typed
from lti_tool.store.base import new_id
from lti_tool.store.care import SupportContactRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import GrantRow
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

LINE = {"name": "Peer warm line", "what_for": "After a hard session", "phone": "+1 555 0100", "hours": "Day and night"}


@pytest.fixture
def led(course: Course) -> Course:
    """Ines is a program lead."""
    ines = course.world.visitor("ines")
    course.world.session.add(
        GrantRow(
            id=new_id(),
            organization_id=ines.organization_id,
            person_id=ines.person_id,
            capability=Capability.PROGRAM_LEAD,
            granted_at=course.world.now,
        )
    )
    course.kept()
    return course


def listed(course: Course, **changes: str) -> UUID:
    """A contact of the organization."""
    usual = {"name": "", "what_for": "", "phone": "", "address": "", "hours": "", "language": ""}
    typed = Typed(**(usual | LINE | changes))
    contact_id = support_directory.add(course.world.session, course.world.visitor("ines"), typed, course.world.now)
    return course.keep(contact_id)


def names(html: str) -> list[str]:
    """Of the contacts at the foot of a page, in order."""
    foot = html[html.index('class="support-here"') :]
    return re.findall(r"<strong[^>]*>([^<]*)</strong>", foot)


def test_cap_f4_ux_s6_a_lead_lists_a_contact_and_everybody_finds_it_at_the_foot_of_every_page(led: Course) -> None:
    assert led.browser("ines").act("/support/edit/new", **LINE).status_code == 303
    observation_id = led.shared()
    for who, path in (("sam", led.home), ("sam", f"/o/{observation_id}"), ("jo", "/waiting"), ("ines", led.home)):
        html = led.browser(who).get(path).text
        assert names(html) == ["Peer warm line"], (who, path)
        assert 'href="tel:+15550100"' in html


def test_ux_s6_cap_f4_it_needs_nothing_but_the_page_and_never_opens_by_itself(led: Course) -> None:
    listed(led)
    html = led.browser("sam").get(led.home).text
    assert '<details class="support-here">' in html
    assert 'class="support-here" open' not in html
    foot = html[html.index('class="support-here"') :]
    assert not re.search(r"data-\w+=|<script|<iframe|<img", foot[: foot.index("</details>")])


def test_ux_s6_it_is_there_on_a_page_that_tells_of_a_problem(led: Course) -> None:
    listed(led)
    answer = led.browser("sam").get("/o/00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    assert names(answer.text) == ["Peer warm line"]


def test_on_the_support_page_too_with_what_the_organization_says(led: Course) -> None:
    listed(led, address="https://line.example/", language="es")
    page = Read(led.browser("sam").get("/support").text)
    assert page.before("Peer warm line", "If you would like to talk to someone")
    assert "https://line.example/" in page.links
    assert "español" in page.text
    assert "/support/edit" not in page.links
    assert "/support/edit" in Read(led.browser("ines").get("/support").text).links


def test_a_reader_finds_contacts_in_their_language_first(led: Course) -> None:
    listed(led, name="Everyone's line")
    listed(led, name="Ligne", language="fr")
    listed(led, name="Línea", language="es-MX")
    spanish = led.browser("noor").get("/support", headers={"Accept-Language": "es"}).text
    assert names(spanish)[0] in ("Línea", "Everyone&#39;s line")
    assert names(led.browser("sam").get("/support").text) == ["Everyone&#39;s line", "Ligne", "Línea"]


@pytest.mark.parametrize(
    ("languages", "order"),
    [(("en",), "all fr es"), (("es", "en"), "es all fr"), (("fr-CA", "es", "en"), "fr es all"), ((), "all fr es")],
)
def test_ux_e3_the_order_follows_the_languages(languages: tuple[str, ...], order: str) -> None:
    found = [
        support_directory.Contact(UUID(int=number), name, language=language)
        for number, (name, language) in enumerate((("all", ""), ("fr", "fr"), ("es", "es-MX")))
    ]
    assert " ".join(one.name for one in support_directory.in_reading_order(found, languages)) == order


@pytest.mark.parametrize("who", ["sam", "jo", "noor"])
def test_nobody_but_a_lead_changes_it(led: Course, who: str) -> None:
    contact_id, browser = listed(led), led.browser(who)
    for path in ("/support/edit", "/support/edit/new", f"/support/edit/{contact_id}"):
        assert browser.get(path).status_code == 404
        assert browser.act(path, **LINE).status_code == 404
    for path in ("move", "take-away"):
        assert browser.act(f"/support/edit/{contact_id}/{path}", to="up").status_code == 404


def test_a_lead_changes_and_orders_contacts(led: Course) -> None:
    first, second = listed(led), listed(led, name="Coordinator")
    ines = led.browser("ines")
    assert ines.act(f"/support/edit/{second}/move", to="up").status_code == 303
    assert names(ines.get("/waiting").text) == ["Coordinator", "Peer warm line"]
    ines.act(f"/support/edit/{second}/move", to="up")
    ines.act(f"/support/edit/{first}/move", to="down")
    assert names(ines.get("/waiting").text) == ["Coordinator", "Peer warm line"]
    assert "After a hard session" in ines.get(f"/support/edit/{first}").text
    ines.act(f"/support/edit/{first}", **(LINE | {"name": "Warm line"}))
    assert names(ines.get("/waiting").text) == ["Coordinator", "Warm line"]


def test_ux_c5_a_contact_that_was_taken_away_can_be_brought_back_for_a_day(led: Course) -> None:
    contact_id, ines = listed(led), led.browser("ines")
    ines.act(f"/support/edit/{contact_id}/take-away")
    assert names(ines.get("/waiting").text) == []
    assert ines.get(f"/support/edit/{contact_id}").status_code == 404
    assert "can be brought back until" in ines.get("/support/edit").text
    ines.act(f"/support/edit/{contact_id}/take-away", bring="back")
    assert names(ines.get("/waiting").text) == ["Peer warm line"]
    ines.act(f"/support/edit/{contact_id}/take-away", key="a-key-of-one-form-2")
    led.app.extensions["attune"].clock.advance(hours=25)
    led.renew("ines")
    again = led.browser("ines").act(f"/support/edit/{contact_id}/take-away", key="a-key-of-one-form-3", bring="back")
    assert again.status_code == 404
    clean.clean(led.world.session, led.world.now)
    led.kept()
    assert not led.world.session.scalars(select(SupportContactRow)).all()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "To continue we need a name"),
        ("phone", "call me", "a phone number has digits"),
        ("phone", "1;ext=5", "a phone number has digits"),
        ("address", "http://line.example", "begins with https://"),
        ("address", "javascript:alert(1)", "begins with https://"),
        ("address", "https://ana:secret@line.example", "begins with https://"),
        ("address", "https://", "begins with https://"),
        ("address", "https://[line", "begins with https://"),
        ("language", "Spanish, please", "as a code, such as es"),
        ("hours", "x" * 501, "Please shorten this"),
    ],
)
def test_what_cannot_stand_there_is_said_and_shown_again_as_typed(
    led: Course, field: str, typed: str, said: str
) -> None:
    answer = led.browser("ines").act("/support/edit/new", **(LINE | {field: typed}))
    assert answer.status_code == 422
    assert said in answer.text
    assert "After a hard session" in answer.text
    assert "Who can" not in answer.text
    assert names(led.browser("ines").get("/waiting").text) == []


@pytest.mark.parametrize("phone", ["988", "+49 (0)30 123-45", "1.800.555.0100"])
def test_short_and_long_numbers_are_taken(led: Course, phone: str) -> None:
    assert led.browser("ines").act("/support/edit/new", **(LINE | {"phone": phone})).status_code == 303


def test_there_is_an_end_to_the_list(led: Course) -> None:
    for number in range(support_directory.MOST):
        listed(led, name=f"Line {number}")
    answer = led.browser("ines").act("/support/edit/new", **LINE)
    assert answer.status_code == 422
    assert "Please take one away first" in answer.text


# ---- where "Leave this page" leads ----


def test_ux_s2_the_administrator_sets_where_leaving_leads(led: Course) -> None:
    typed = {"support_text": "Ask Ana.\nOr Ben.", "leave_page_url": "https://weather.example/today"}
    assert led.browser("ines").act("/support/edit", **typed).status_code == 303
    page = led.browser("sam").get(led.home).text
    assert 'href="https://weather.example/today"' in page
    assert "<p>Ask Ana.</p><p>Or Ben.</p>" in re.sub(r">\s+<", "><", page)
    assert led.browser("sam").get("/leave").location == "https://weather.example/today"


@pytest.mark.parametrize(
    "address", ["", "http://weather.example", "javascript:alert(1)", "//weather.example", "weather"]
)
def test_ux_s2_leaving_leads_to_a_whole_web_address_only(led: Course, address: str) -> None:
    answer = led.browser("ines").act("/support/edit", support_text="Ask Ana.", leave_page_url=address)
    assert answer.status_code == 422
    assert "begins with https://" in answer.text
    assert "Ask Ana." in answer.text
    led.kept()
    assert led.world.session.scalars(select(OrganizationRow.leave_page_url)).all() == ["https://www.wikipedia.org/"]


FOCUSABLE = re.compile(r"<(?:a [^>]*href|button|input(?![^>]*type=\"hidden\")|select|textarea|summary)[^>]*>")


@pytest.mark.parametrize("path", ["", "/ask", "/supervision", "/nowhere"])
def test_ux_s1_the_way_out_is_the_second_stop_of_the_keyboard_on_every_page_also_of_problems(
    course: Course, path: str
) -> None:
    for who in ("sam", "jo", "ines"):
        stops = FOCUSABLE.findall(course.browser(who).get(f"{course.home}{path}").text)
        assert 'class="skip' in stops[0]
        assert 'id="leave"' in stops[1]


@pytest.mark.parametrize(("path", "status"), [("/o/nothing", 404), ("/waiting", 401), ("/lti/launch", 405)])
def test_ux_s1_also_where_nobody_is_signed_in(make_course: Callable[..., Course], path: str, status: int) -> None:
    answer = make_course().app.test_client().get(path)
    assert answer.status_code == status
    stops = FOCUSABLE.findall(answer.text)
    assert 'id="leave"' in stops[1]


def test_ux_s3_support_says_what_leaving_does_not_do(course: Course) -> None:
    page = Read(course.browser("sam").get("/support").text)
    assert (
        "It does not take this visit out of the browser's history, and it changes nothing on other devices" in page.text
    )
    assert "Where the LMS does not, only our part is emptied" in page.text


def test_ux_s2_what_is_left_in_a_frame_says_nothing_of_what_was_there(course: Course) -> None:
    answer = course.browser("sam").get("/left", headers={"Sec-Fetch-Dest": "iframe"})
    assert "You can close this tab now" in answer.text
    assert "Attune" not in answer.text
    assert "<script" not in answer.text
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]


def test_a_contact_that_cannot_be_kept_is_shown_again_as_typed(led: Course) -> None:
    contact_id, ines = listed(led), led.browser("ines")
    refused = ines.act(f"/support/edit/{contact_id}", **(LINE | {"name": " ", "phone": "555 0199"}))
    assert refused.status_code == 422
    assert "555 0199" in refused.text
    assert ines.act(f"/support/edit/{contact_id}/move", to="the top").status_code == 400
    assert names(ines.get("/waiting").text) == ["Peer warm line"]
