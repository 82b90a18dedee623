"""Section 13: notices, sent to Attune over real HTTP by a platform that nobody asks twice."""

from typing import Any

import pytest
import requests
from sqlalchemy import select

from lti_tool import periodic, worker
from lti_tool.queue import Kind
from lti_tool.safe_http import SafeHttp
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import GrantRow, MembershipRow
from lti_tool.store.platforms import DeploymentRow, HandlerState, NoticeHandlerRow, NoticeRow, NoticeState
from tests.certification import forms
from tests.certification.lms import INSTRUCTOR, LTI, Lms
from tests.certification.place import words_of
from tests.lti_tool.lti.platform import Change, Claims, drop, put
from tests.lti_tool.lti.server import as_json

NOTICE, SERVICE = LTI + "notice", LTI + "platformnotificationservice"
ORIGIN, COPY = "course-1", "course-of-the-copy"


def notice(lms: Lms, *changes: Change, number: int = 1, type_: str = "LtiContextCopyNotice") -> str:
    """A signed notice, as Canvas documents it, with whatever the test changes."""
    moment = int(lms.attune.clock().timestamp())
    claims: Claims = {
        "iss": lms.issuer,
        "aud": lms.client_id,
        "azp": lms.client_id,
        "iat": moment,
        "exp": moment + 3600,
        "nonce": f"nonce {number} of {lms.client_id}",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "1",
        NOTICE: {"id": f"notice-{number}", "timestamp": "2026-03-02T08:59:00Z", "type": type_},
        LTI + "context": {"id": COPY, "title": "Spring", "type": ["CourseOffering"]},
        LTI + "origin_contexts": [ORIGIN],
    }
    for change in changes:
        change(claims)
    return lms.sign(claims)


def send(lms: Lms, *tokens: Any) -> requests.Response:
    content = {"notices": [{"jwt": token} for token in tokens]}
    return requests.post(f"{lms.attune.url}/lti/notices", json=content, timeout=30)


def kept(lms: Lms) -> dict[str, NoticeState]:
    with lms.attune.session() as session:
        mine = select(NoticeRow).where(NoticeRow.organization_id == lms.organization_id)
        return {row.notice_id: row.state for row in session.scalars(mine)}


def work(lms: Lms, kind: Kind) -> None:
    """What the worker does after a sweep, for one kind of row."""
    sessions = lms.attune.sessions.writing
    found: list[Any] = []
    periodic.sweep(sessions, lambda one, row_id: found.append(row_id) if one is kind else None)
    for row_id in found:
        if kind is Kind.NOTICE:
            worker.do_notice(sessions, row_id)
        else:
            handler = f"{lms.attune.url}/lti/notices"
            worker.ask_for_notices(sessions, SafeHttp(lab=True), row_id, handler=handler)


@pytest.fixture
def known(lms: Lms) -> Lms:
    """A platform from whose course an instructor came, and set an activity up."""
    page = lms.enter(role=INSTRUCTOR)
    form = forms.form(page, "/choose")
    assert forms.send(lms.browser, page, form).status_code == 303
    return lms


def with_service(lms: Lms) -> Change:
    """A launch that offers notices; the platform answers for them, and has no handler of ours yet."""
    url = f"{lms.issuer}/notice-handlers"
    lms.server.reply(f"{lms.path}/token", as_json({"access_token": "t", "token_type": "Bearer", "expires_in": 3600}))
    lms.server.reply(f"{lms.path}/notice-handlers", as_json({"notice_handlers": []}))
    types = ["LtiHelloWorldNotice", "LtiAssetProcessorSubmissionNotice", "LtiContextCopyNotice"]
    scope = ["https://purl.imsglobal.org/spec/lti/scope/noticehandlers"]
    return put(
        SERVICE,
        {
            "service_versions": ["1.0"],
            "platform_notification_service_url": url,
            "scope": scope,
            "notice_types_supported": types,
        },
    )


def puts(lms: Lms) -> list[dict[str, str]]:
    return [one.json for one in lms.server.asked_at(f"{lms.path}/notice-handlers") if one.method == "PUT"]


def test_S01_a_launch_that_offers_notices_is_remembered_for_its_deployment(lms: Lms) -> None:
    lms.enter(with_service(lms))
    with lms.attune.session() as session:
        row = session.scalars(select(DeploymentRow).where(DeploymentRow.registration_id == lms.registration_id)).one()
        assert row.notices_url == f"{lms.issuer}/notice-handlers"
        assert "LtiContextCopyNotice" in (row.notice_types or ())


def test_S02_our_handler_is_put_for_the_types_we_want_and_again_does_no_harm(lms: Lms) -> None:
    lms.enter(with_service(lms))
    for _twice in range(2):
        work(lms, Kind.NOTICE_HANDLER)
    handler = f"{lms.attune.url}/lti/notices"
    assert sorted(puts(lms), key=str) == [
        {"notice_type": name, "handler": handler} for name in ("LtiContextCopyNotice", "LtiHelloWorldNotice")
    ]
    with lms.attune.session() as session:
        mine = select(NoticeHandlerRow.state).where(NoticeHandlerRow.organization_id == lms.organization_id)
        assert session.scalars(mine).all() == [HandlerState.SET, HandlerState.SET]


def test_S03_what_the_platform_has_is_read_and_only_what_differs_is_put(lms: Lms) -> None:
    lms.enter(with_service(lms))
    handlers = {"LtiContextCopyNotice": f"{lms.attune.url}/lti/notices", "LtiHelloWorldNotice": ""}
    listed = [{"notice_type": name, "handler": handler} for name, handler in handlers.items()]
    lms.server.reply(f"{lms.path}/notice-handlers", as_json({"notice_handlers": listed}))
    work(lms, Kind.NOTICE_HANDLER)
    assert [one["notice_type"] for one in puts(lms)] == ["LtiHelloWorldNotice"]


def test_S04_each_token_is_verified_by_itself(known: Lms) -> None:
    answer = send(known, notice(known))
    assert (answer.status_code, answer.json()["kept"]) == (200, 1)
    assert kept(known) == {"notice-1": NoticeState.WAITING}


def test_S05_a_bad_token_among_good_ones_does_not_stop_them(known: Lms) -> None:
    stranger = notice(known, put("aud", "client-of-nobody"), put("azp", "client-of-nobody"), number=2)
    answer = send(known, stranger, notice(known), "garbage", notice(known, number=3))
    assert (answer.status_code, answer.json()["kept"], answer.json()["not_taken"]) == (200, 2, 2)
    assert set(kept(known)) == {"notice-1", "notice-3"}
    reference = answer.json()["reference"]
    codes = [line["code"] for line in known.attune.lines if line.get("reference") == reference and "code" in line]
    assert sorted(codes) == ["token_malformed", "unknown_platform"]


def test_S06_the_same_notice_twice_is_done_once(known: Lms) -> None:
    for _twice in range(2):
        assert send(known, notice(known)).status_code == 200
    anew = notice(known, put("nonce", "another"))
    assert send(known, anew, anew).status_code == 200
    assert len(kept(known)) == 1
    replayed = send(known, notice(known, put("nonce", f"nonce 1 of {known.client_id}"), number=9))
    assert (replayed.status_code, replayed.json()["code"]) == (400, "replayed")


@pytest.mark.parametrize(
    "change",
    [
        drop("iss"), drop("aud"), drop("iat"), drop("exp"), drop("nonce"), drop(LTI + "version"),
        drop(LTI + "deployment_id"), drop(NOTICE), put("azp", "other"), put(LTI + "deployment_id", "77"),
        put(NOTICE, "id", None), put(NOTICE, "timestamp", None), put(LTI + "message_type", "LtiResourceLinkRequest"),
    ],
)  # fmt: skip
def test_S07_a_token_that_lacks_something_is_not_taken(known: Lms, change: Change) -> None:
    answer = send(known, notice(known, change))
    assert answer.status_code in (400, 401)
    assert set(answer.json()) == {"code", "sentence", "reference"}
    assert kept(known) == {}


def test_S07_an_empty_token_is_not_taken(known: Lms) -> None:
    assert send(known, "").json()["code"] == "token_malformed"


def test_S08_what_was_answered_is_kept_also_if_the_worker_comes_much_later(known: Lms) -> None:
    send(known, notice(known))
    assert kept(known) == {"notice-1": NoticeState.WAITING}
    work(known, Kind.NOTICE)
    assert kept(known) == {"notice-1": NoticeState.DONE}


def test_S09_a_greeting_is_taken_and_kept(known: Lms) -> None:
    account = put(LTI + "context", {"id": "account", "title": "Academy", "type": ["Account"]})
    answer = send(known, notice(known, account, drop(LTI + "origin_contexts"), type_="LtiHelloWorldNotice"))
    assert answer.status_code == 200
    assert kept(known) == {"notice-1": NoticeState.DONE}


def test_S10_the_activities_of_the_origin_are_offered_to_instructors_and_no_record_comes_along(known: Lms) -> None:
    before = [known.attune.count(row) for row in (ObservationRow, GrantRow, MembershipRow)]
    send(known, notice(known))
    work(known, Kind.NOTICE)
    assert [known.attune.count(row) for row in (ObservationRow, GrantRow, MembershipRow)] == before
    origin = activity_of(known)
    page = open_copy(known, origin)
    assert "Observed practice" in words_of(page.text)
    assert "No one's practice record travels." in words_of(page.text)
    assert "Sam" not in words_of(page.text)


def activity_of(lms: Lms) -> str:
    with lms.attune.session() as session:
        mine = select(ActivityRow.id).where(ActivityRow.organization_id == lms.organization_id)
        return str(session.scalars(mine).one())


def open_copy(lms: Lms, activity: str) -> requests.Response:
    """The page to which a copied link leads an instructor."""
    answer = lms.launch(
        put(LTI + "context", {"id": COPY, "title": "Spring"}),
        put(LTI + "resource_link", {"id": "link-of-the-copy", "title": "Observed practice"}),
        put(LTI + "custom", {"attune_activity": activity}),
        role=INSTRUCTOR,
    )
    for _twice in range(2):
        assert answer.status_code == 303, words_of(answer.text)
        answer = lms.browser.get(f"{lms.attune.url}{answer.headers['Location']}", allow_redirects=False)
        if answer.status_code == 200:
            return answer
    raise AssertionError(answer.headers)


def test_S11_an_origin_that_is_unknown_or_anothers_is_ignored(known: Lms, make_lms: Any) -> None:
    other = make_lms()
    other.enter(role=INSTRUCTOR)  # its course has the same id, in another organization
    send(other, notice(other, put(LTI + "origin_contexts", ["never heard of", ORIGIN])))
    work(other, Kind.NOTICE)
    with other.attune.session() as session:
        copy = select(CourseRow).where(
            CourseRow.organization_id == other.organization_id, CourseRow.lti_context_id == COPY
        )
        course_id = session.scalars(copy).one().id
    other.enter(put(LTI + "context", {"id": COPY, "title": "Spring"}), role=INSTRUCTOR)
    page = other.browser.get(f"{other.attune.url}/courses/{course_id}/copied")
    assert "Nothing waits for a decision." in words_of(page.text)


def test_S12_the_address_is_open_to_anyone_so_it_is_bounded(known: Lms) -> None:
    url = f"{known.attune.url}/lti/notices"
    assert requests.post(url, data=b"x" * 1_100_000, timeout=30).status_code == 413
    assert requests.post(url, data=b'{"notices": ' + b"[" * 50_000, timeout=30).status_code == 400
    assert send(known, *["x"] * 101).json()["code"] == "http_400"
    answer = send(known, notice(known))
    assert not answer.cookies


def test_S13_a_notice_of_an_unknown_type_is_taken_and_ignored(known: Lms) -> None:
    answer = send(known, notice(known, drop(LTI + "context"), type_="LtiSomethingNewNotice"))
    assert answer.status_code == 200
    assert kept(known) == {"notice-1": NoticeState.IGNORED}
