"""What the course page answers a tool in its frame: three sites over https, and a browser that keeps them apart."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, make_response, redirect, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser, Frame, Page

from lti_tool.practice import Origins, PracticeLms, Tool, running_practice_lms
from lti_tool.practice.serving import Certificate, bind, serving
from tests.chromium import ARGUMENTS, chromium_path
from tests.living import free_port
from tests.lti_tool.practice.certificates import self_signed

pytestmark = pytest.mark.browser

NAMES = ("school.test", "sso.test", "issuer.test", "tool.test", "moodle.test")
ANSWERS_MS, SILENT_MS = 30_000, 700
ASK = """
([target, subject, more, patience]) => new Promise((resolve) => {
  const place = target === "parent" ? window.parent : window.parent.frames[target];
  const message_id = String(Math.random());
  const heard = (event) => {
    if (event.data && event.data.message_id === message_id) {
      resolve({ ...event.data, origin: event.origin });
    }
  };
  window.addEventListener("message", heard);
  place.postMessage({ subject, message_id, ...more }, "*");
  setTimeout(() => resolve(null), patience);
})
"""


def tool_app(authorize: str) -> Flask:
    """A tool that shows which of its cookies came back."""
    app = Flask("framed tool")

    @app.post("/login")
    def login() -> ResponseReturnValue:
        sent = {name: request.form[name] for name in ("client_id", "login_hint", "lti_message_hint")}
        fixed = {"response_type": "id_token", "response_mode": "form_post", "scope": "openid", "prompt": "none"}
        query = sent | fixed | {"nonce": "n-1", "state": "s-1", "redirect_uri": request.host_url + "launch"}
        answer = make_response(redirect(f"{authorize}?{urlencode(query)}", 302))
        answer.set_cookie("plain", "1", secure=True, samesite="None")
        answer.set_cookie("kept", "1", secure=True, samesite="None", partitioned=True)
        return answer

    @app.post("/launch")
    def launch() -> ResponseReturnValue:
        return f"<h1>{'Hello' if 'id_token' in request.form else 'No'}</h1><p>{' '.join(sorted(request.cookies))}</p>"

    return app


@contextmanager
def framed(profile: str, origins: Origins, folder: Path) -> Iterator[PracticeLms]:
    """An LMS and a tool on sites of their own, over https; the tool has one activity."""
    files = self_signed(folder, *NAMES)
    with ExitStack() as stack:
        names = dict.fromkeys(NAMES, "127.0.0.1")
        lms = stack.enter_context(
            running_practice_lms(folder, profile=profile, origins=origins, tls=files, host_names=names)
        )
        stack.enter_context(running_tool(lms, files))
        yield lms


@contextmanager
def running_tool(lms: PracticeLms, files: Certificate) -> Iterator[None]:
    listening = bind("127.0.0.1", 0)
    base = f"https://tool.test:{listening.getsockname()[1]}"
    tool = Tool("", "", "Framed", base + "/login", (base + "/launch",), base + "/keys", base + "/launch", {}, (), {})
    lms.add_tool(tool)
    lms.add_activity("A link")
    with serving(tool_app(lms.platform.authorize_address), listening, files):
        yield


@pytest.fixture(scope="module")
def canvas_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeLms]:
    school, sso, issuer = free_port(), free_port(), free_port()
    origins = Origins(f"https://school.test:{school}", f"https://sso.test:{sso}", f"https://issuer.test:{issuer}")
    with framed("canvas", origins, tmp_path_factory.mktemp("site")) as lms:
        yield lms


@pytest.fixture(scope="module")
def moodle_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeLms]:
    origins = Origins(f"https://moodle.test:{free_port()}")
    with framed("moodle", origins, tmp_path_factory.mktemp("site")) as lms:
        yield lms


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Iterator[Browser]:
    """A Chromium that knows our names, and keeps the cookies of other sites out."""
    rules = "--host-resolver-rules=MAP *.test 127.0.0.1"
    browser = chromium.browser_type.launch(
        executable_path=chromium_path(), args=[*ARGUMENTS, rules, "--test-third-party-cookie-phaseout"]
    )
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def opened(page: Page, lms: PracticeLms) -> Frame:
    """The tool's frame after a launch by Sam."""
    page.goto(lms.base_url)
    page.get_by_role("button", name="Sam Rivera").click()
    page.get_by_role("link", name="A link").click()
    page.frame_locator("iframe[data-tool]").get_by_role("heading", name="Hello").wait_for()
    frame = page.frame(name="tool_content")
    assert frame is not None
    return frame


def ask(frame: Frame, target: str, subject: str, *, patience: int = ANSWERS_MS, **more: object) -> Any:
    return frame.evaluate(ASK, [target, subject, more, patience])


def test_only_a_partitioned_cookie_comes_back(page: Page, canvas_site: PracticeLms) -> None:
    assert opened(page, canvas_site).locator("p").inner_text() == "kept"


def test_the_storage_frame_keeps_words_for_the_tool(page: Page, canvas_site: PracticeLms) -> None:
    frame = opened(page, canvas_site)
    storage = "post_message_forwarding"
    put = ask(frame, storage, "lti.put_data", key="state-1", value="1234")
    assert (put["subject"], put["key"], put["value"]) == ("lti.put_data.response", "state-1", "1234")
    assert put["origin"] == canvas_site.auth_url
    assert ask(frame, storage, "lti.get_data", key="state-1")["value"] == "1234"
    assert ask(frame, storage, "lti.get_data", key="nope")["value"] is None
    assert ask(frame, storage, "lti.put_data", value="x")["error"]["code"] == "bad_request"
    assert ask(frame, storage, "lti.unheard_of")["error"]["code"] == "unsupported_subject"
    subjects = {row["subject"]: row["frame"] for row in ask(frame, storage, "lti.capabilities")["supported_messages"]}
    assert subjects == {"lti.put_data": storage, "lti.get_data": storage}


def test_the_storage_frame_keeps_nothing_for_another_origin(page: Page, canvas_site: PracticeLms) -> None:
    opened(page, canvas_site)
    answer = page.evaluate(
        """() => new Promise((resolve) => {
          window.addEventListener("message", (event) => resolve(event.data));
          window.frames.post_message_forwarding.postMessage(
            { subject: "lti.put_data", message_id: "m", key: "k", value: "v" }, "*");
        })"""
    )
    assert answer["error"]["code"] == "wrong_origin"


def test_the_course_page_answers_and_resizes(page: Page, canvas_site: PracticeLms) -> None:
    frame = opened(page, canvas_site)
    capabilities = ask(frame, "parent", "lti.capabilities")["supported_messages"]
    assert {"subject": "lti.frameResize"} in capabilities
    assert {"subject": "lti.get_data", "frame": "post_message_forwarding"} in capabilities
    assert ask(frame, "parent", "lti.frameResize", height=777)["subject"] == "lti.frameResize.response"
    assert page.locator("iframe[data-tool]").bounding_box()["height"] == pytest.approx(777, abs=4)  # type: ignore[index] # it is on the screen
    assert ask(frame, "parent", "lti.unheard_of")["error"]["code"] == "unsupported_subject"
    frame.evaluate("window.parent.postMessage({ subject: 'lti.close' }, '*')")
    page.wait_for_url("**/course?course=2")


def test_moodle_is_silent(page: Page, moodle_site: PracticeLms) -> None:
    frame = opened(page, moodle_site)
    before = page.locator("iframe[data-tool]").bounding_box()
    for subject in ("lti.capabilities", "lti.put_data", "lti.frameResize", "lti.close"):
        assert ask(frame, "parent", subject, patience=SILENT_MS, height=999, key="k", value="v") is None
    assert page.locator("iframe[data-tool]").bounding_box() == before
    assert page.locator("iframe").count() == 1
