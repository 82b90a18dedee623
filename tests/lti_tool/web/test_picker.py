"""Choosing in the LMS's picker: what is offered, what goes back, and what a second time does."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.linking.basket import MOST
from lti_tool.services.linking.link_names import PLACES
from lti_tool.settings import Settings
from lti_tool.store.courses import ActivityRow
from lti_tool.store.deep_links import DeepLinkRow
from lti_tool.web.linking.catalog import OFFERS
from tests.apps import app_for_one_test
from tests.conftest import Clock
from tests.lti_tool.web.conftest import LMS, Browser
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.picking import choose, form_of, items, opened, practice, press, told, told_on
from tests.lti_tool.web.stub_lms import CLAIM, StubHttp, StubLms

both = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)

LAUNCH = "https://attune.school.example/lti/launch"


@pytest.fixture
def http() -> StubHttp:
    return StubHttp()


@pytest.fixture
def app(settings: Settings, clock: Clock, http: StubHttp) -> Iterator[Flask]:
    with app_for_one_test(settings, clock=clock, http=http) as app:
        app.test_client_class = Browser
        yield app


@pytest.fixture
def lms(http: StubHttp, now: datetime, registration_id: UUID) -> StubLms:
    return StubLms(http, now)


@pytest.fixture
def activities(sessions: sessionmaker[Session]) -> Callable[[], int]:
    """How many activities there are."""

    def count() -> int:
        with sessions() as session:
            return session.scalars(select(func.count()).select_from(ActivityRow)).one()

    return count


# ---- what is offered ----


def test_the_picker_offers_everything_in_the_catalog(browser: Browser, lms: StubLms) -> None:
    read = Read(browser.get(opened(browser, lms)).text)
    for offer in OFFERS:
        assert offer.title in read.text
        assert offer.about in read.text


def test_what_is_offered_without_a_page_is_a_place_that_links_can_lead_to() -> None:
    assert {offer.key for offer in OFFERS if offer.page is None} == set(PLACES)


def test_the_picker_can_be_loaded_again(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    assert browser.get(at).status_code == browser.get(at).status_code == 200


def test_lti_d25_the_titles_default_is_what_the_lms_said(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, title="Week <3>", text="Bring a <b>pen</b>")
    assert 'value="Week &lt;3&gt;"' in browser.get(f"{at}/practice").text
    choose(browser, at, title="Week <3>")
    (item,) = items(browser, at)
    assert (item["title"], item["text"]) == ("Week <3>", "Bring a <b>pen</b>")


def test_the_tools_own_name_is_no_title_for_an_activity(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, title="Attune")
    assert 'value="Observed practice"' in browser.get(f"{at}/practice").text


def test_lti_d11_the_picker_is_for_instructors(browser: Browser, lms: StubLms) -> None:
    answer = lms.pick(browser, "Learner")
    assert browser.get(answer.location).status_code == 403


def test_a_request_that_names_no_course_is_told_so(browser: Browser, lms: StubLms) -> None:
    asked = lms.begin(browser)
    wanted = {"deep_link_return_url": f"{LMS}/return", "accept_types": ["ltiResourceLink"]}
    token = lms.token(
        asked["nonce"], "Instructor",
        **{f"{CLAIM}message_type": "LtiDeepLinkingRequest", f"{CLAIM}context": None,
           "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings": wanted},
    )  # fmt: skip
    answer = browser.post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    assert answer.status_code == 400
    assert "which course" in answer.text


# ---- one thing ----


@both
def test_lti_d08_where_one_thing_is_taken_it_goes_back_at_once(
    browser: Browser, lms: StubLms, activities: Callable[[], int]
) -> None:
    at = opened(browser, lms)
    assert "choose another" not in browser.get(f"{at}/practice").text
    answer = choose(browser, at, more="1")
    assert answer.location == f"{at}/answer"
    (item,) = items(browser, at)
    assert activities() == 1
    assert item["title"] == item["lineItem"]["label"] == "Warm line"
    page = browser.get(f"{at}/answer")
    assert f"form-action 'self' {LMS}" in page.headers["Content-Security-Policy"]
    assert 'action="https://lms.school.example/return?course=1&amp;x=&#34;&gt;&lt;script&gt;"' in page.text
    assert told(browser, at)["data"] == "to be given back"


def test_the_stable_id_stands_in_the_custom_parameter_in_the_address_and_on_the_column(
    browser: Browser, lms: StubLms
) -> None:
    at = opened(browser, lms)
    choose(browser, at)
    (item,) = items(browser, at)
    stable_id = item["custom"]["attune_activity"]
    assert item["url"] == f"{LAUNCH}?activity={stable_id}"
    assert item["lineItem"]["resourceId"] == stable_id


def test_lti_d20_the_column_says_how_a_persons_observations_are_reached(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    choose(browser, at)
    (item,) = items(browser, at)
    assert item["lineItem"]["submissionReview"] == {
        "reviewableStatus": ["InProgress", "Submitted", "Completed"], "label": "Observations", "url": item["url"],
    }  # fmt: skip


def test_the_icon_can_be_loaded_from_other_sites(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    choose(browser, at)
    icon = items(browser, at)[0]["icon"]["url"]
    assert icon.startswith("https://attune.school.example/")
    with browser.get(icon.removeprefix("https://attune.school.example")) as loaded:
        assert loaded.status_code == 200
        assert loaded.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    with browser.get("/static/attune.css") as style:
        assert style.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_queue_goes_back_without_a_column_and_makes_no_activity(
    browser: Browser, lms: StubLms, activities: Callable[[], int]
) -> None:
    at = opened(browser, lms)
    assert press(browser, at, "place", place="queue").location == f"{at}/answer"
    (item,) = items(browser, at)
    assert item["title"] == "My supervision queue"
    assert item["custom"] == {"attune_place": "queue"}
    assert item["url"] == f"{LAUNCH}?place=queue"
    assert "lineItem" not in item
    assert activities() == 0


def test_a_place_that_is_not_offered_is_not_here(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    assert press(browser, at, "place", place="operator").status_code == 404
    assert press(browser, at, "place", place="practice").status_code == 404


def test_a_choice_that_needs_more_keeps_what_was_filled_in(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    answer = choose(browser, at, required_observations="many", title="My <title>")
    assert answer.status_code == 422
    assert "My &lt;title&gt;" in answer.text
    assert "number from 1 to 50" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_rubric_that_is_not_there_makes_nothing(
    browser: Browser, lms: StubLms, activities: Callable[[], int]
) -> None:
    at = opened(browser, lms)
    answer = choose(browser, at, version_id=str(uuid4()))
    assert answer.status_code == 422
    assert "This rubric is not available." in answer.text
    assert activities() == 0


# ---- several ----


@both
def test_several_are_kept_in_a_basket_and_go_back_together_in_order(
    browser: Browser, lms: StubLms, activities: Callable[[], int]
) -> None:
    at = opened(browser, lms, accept_multiple=True, text="Only for one")
    for title in ("First", "Second"):
        assert choose(browser, at, title=title, more="1").location == f"{at}?said=chosen"
    press(browser, at, "place", place="queue", more="1")
    read = Read(browser.get(at).text)
    assert read.before("First", "Second")
    assert "Add these 3 to the course" in read.text
    assert activities() == 0
    assert press(browser, at, "done").location == f"{at}/answer"
    assert [item["title"] for item in items(browser, at)] == ["First", "Second", "My supervision queue"]
    assert all("text" not in item for item in items(browser, at))
    assert activities() == 2


def test_the_last_one_can_go_back_together_with_those_chosen_before(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, accept_multiple=True)
    choose(browser, at, title="First", more="1")
    assert "with the one chosen before" in browser.get(f"{at}/practice").text
    assert choose(browser, at, title="Second").location == f"{at}/answer"
    assert [item["title"] for item in items(browser, at)] == ["First", "Second"]


@both
def test_what_was_chosen_can_be_taken_out_again(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, accept_multiple=True)
    choose(browser, at, title="First", more="1")
    choose(browser, at, title="Second", more="1")
    assert press(browser, at, "take-out").location == f"{at}?said=taken_out"
    press(browser, at, "done")
    assert [item["title"] for item in items(browser, at)] == ["Second"]


@both
def test_the_same_form_sent_twice_is_chosen_once(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, accept_multiple=True)
    fields = practice(browser, at, more="1")
    assert browser.post(f"{at}/practice", data=fields).location == browser.post(f"{at}/practice", data=fields).location
    assert "Add it to the course" in browser.get(at).text


def test_ten_at_once_are_the_most(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, accept_multiple=True)
    form = form_of(browser, at, f"{at}/place")
    for number in range(MOST):
        fields = form | {"place": "queue", "more": "1", "act": f"a-key-of-one-form-{number}"}
        assert browser.post(f"{at}/place", data=fields).status_code == 303
    page = browser.get(at)
    assert "Ten things at once are the most." in page.text
    assert f"{at}/place" not in page.text
    assert choose(browser, at, more="1").status_code == 422
    assert browser.post(f"{at}/place", data=form | {"place": "queue", "more": "1"}).status_code == 409


def test_an_empty_basket_does_not_go_back_as_a_choice(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, accept_multiple=True)
    answer = browser.act(f"{at}/done")
    assert answer.status_code == 409
    assert "Please choose something first" in answer.text


# ---- what is already here ----


@both
def test_an_activity_without_a_link_can_be_chosen_again(
    browser: Browser, lms: StubLms, activities: Callable[[], int]
) -> None:
    first = opened(browser, lms)
    choose(browser, first, title="Left behind")
    stable_id = items(browser, first)[0]["custom"]["attune_activity"]
    at = opened(browser, lms)
    assert "1 activity of this course is set up" in browser.get(at).text
    form = form_of(browser, f"{at}/existing", f"{at}/existing")
    assert browser.post(f"{at}/existing", data=form).status_code == 422
    assert browser.post(f"{at}/existing", data=form | {"activity": str(uuid4())}).status_code == 422
    assert browser.post(f"{at}/existing", data=form | {"activity": stable_id}).location == f"{at}/answer"
    (item,) = items(browser, at)
    assert (item["title"], item["custom"]["attune_activity"]) == ("Left behind", stable_id)
    assert activities() == 1


def test_an_activity_with_a_link_is_not_offered_again(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    choose(browser, at)
    (item,) = items(browser, at)
    lms.launch(browser, "Instructor", **{f"{CLAIM}custom": item["custom"]})
    again = opened(browser, lms)
    assert "is set up, and no link" not in browser.get(again).text
    assert "each activity of this course has its link" in browser.get(f"{again}/existing").text


def test_one_that_is_in_the_basket_already_is_not_offered_twice(browser: Browser, lms: StubLms) -> None:
    first = opened(browser, lms)
    choose(browser, first)
    at = opened(browser, lms, accept_multiple=True)
    stable_id = items(browser, first)[0]["custom"]["attune_activity"]
    form = form_of(browser, f"{at}/existing", f"{at}/existing")
    browser.post(f"{at}/existing", data=form | {"activity": stable_id, "more": "1"})
    assert stable_id not in browser.get(f"{at}/existing").text


# ---- going back, and a second time ----


def test_lti_d17_going_back_without_anything_says_so_to_the_lms(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    assert press(browser, at, "leave").location == f"{at}/answer"
    assert told(browser, at)["content_items"] == []
    assert told(browser, at)["msg"] == "Nothing was added."
    assert "errormsg" not in told(browser, at)


def test_lti_d06_a_place_that_takes_no_links_gets_nothing(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms, accept_types=["link", "file"])
    assert "Nothing can be added here" in browser.get(at).text
    press(browser, at, "leave")
    assert items(browser, at) == []


def test_lti_d18_after_trouble_of_ours_the_lms_is_told_with_the_reference(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session]
) -> None:
    at = opened(browser, lms)
    with sessions.begin() as session:
        session.execute(update(DeepLinkRow).values(chosen=["something that nobody can read"]))
    answer = browser.get(at)
    assert answer.status_code == 500
    (link,) = [link for link in Read(answer.text).links if "/trouble" in link]
    page = browser.get(link)
    assert page.status_code == 200
    claims = told_on(page.text)
    assert claims["content_items"] == []
    assert claims["errormsg"] == "Something went wrong on Attune's side. Nothing was added."
    assert claims["errorlog"] == link.rpartition("=")[2]


def test_a_reference_that_is_none_of_ours_is_not_passed_on(browser: Browser, lms: StubLms) -> None:
    at = opened(browser, lms)
    claims = told_on(browser.get(f"{at}/trouble?reference=<script>").text)
    assert "errorlog" not in claims


@both
def test_lti_d23_an_answered_request_gives_the_same_answer_again_and_no_other(
    browser: Browser, lms: StubLms, activities: Callable[[], int], clock: Clock
) -> None:
    at = opened(browser, lms)
    late = practice(browser, at, title="Another")
    choose(browser, at)
    first = told(browser, at)
    clock.advance(minutes=20)
    second = told(browser, at)
    assert second["content_items"] == first["content_items"]
    assert (second["iat"], second["nonce"]) > (first["iat"], "")
    assert "Your LMS has its answer" in browser.get(at).text
    assert browser.post(f"{at}/practice", data=late).status_code == 422
    assert browser.act(f"{at}/leave").status_code == 409
    assert browser.act(f"{at}/done").location == f"{at}/answer"
    assert activities() == 1


def test_lti_d23_it_is_worth_nothing_to_another_person(
    browser: Browser, lms: StubLms, come_in: Callable[..., Browser]
) -> None:
    at = opened(browser, lms)
    choose(browser, at)
    other = come_in("Someone else")
    for page in ("", "/practice", "/existing", "/answer", "/trouble"):
        assert other.get(f"{at}{page}").status_code == 404
    for page in ("practice", "existing", "place", "take-out", "done", "leave"):
        assert other.act(f"{at}/{page}").status_code == 404


def test_lti_d23_after_an_hour_it_is_to_be_begun_again(browser: Browser, lms: StubLms, clock: Clock) -> None:
    at = opened(browser, lms)
    clock.advance(minutes=59)
    assert browser.get(at).status_code == 200
    clock.advance(minutes=1)
    for page in ("", "/practice", "/answer"):
        answer = browser.get(f"{at}{page}")
        assert answer.status_code == 409
        assert "add the activity once more in your course" in answer.text


def test_what_is_to_be_answered_is_unreadable_in_the_database(
    browser: Browser, lms: StubLms, sessions: sessionmaker[Session]
) -> None:
    opened(browser, lms)
    with sessions() as session:
        raw = session.connection().exec_driver_sql("SELECT return_url, data FROM deep_link").one()
        assert not any("school" in text or "given back" in text for text in raw)
        assert session.scalars(select(DeepLinkRow.data)).one() == "to be given back"
