"""A launch inside the frame of an LMS on another site, where only partitioned cookies arrive."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, request
from jwt.algorithms import RSAAlgorithm
from markupsafe import escape
from playwright.sync_api import FrameLocator, Page, expect
from werkzeug.serving import make_server

from lti_tool.app import create_app
from lti_tool.services import organizations
from lti_tool.services.connecting import platforms
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine, open_sessions
from tests.databases import SECRET
from tests.journeys.conftest import Visitors
from tests.living import free_port
from tests.lti_tool.web.stub_lms import CLAIM, private_key, signed_launch

SUBMIT = "<script>document.forms[0].submit()</script>"
SETTLED_MS = 1_500
LISTENS = """
if (window === window.top) {
  window.heard = [];
  addEventListener("message", ({ data, origin }) => {
    window.heard.push({ ...data, origin });
    if (data.subject === "lti.frameResize") document.querySelector("iframe").style.height = `${data.height}px`;
  });
}
"""
"""An LMS that does what it is told, as Canvas does."""


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def form(action: str, **fields: object) -> str:
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    return f'<form method="post" action="{escape(action)}" target="tool">{inputs}</form>{SUBMIT}'


def small_lms(issuer: str, tool: str) -> Flask:
    """A course page with a frame, and what a login needs."""
    lms = Flask("lms", static_folder=None)

    @lms.get("/course")
    def course() -> str:
        login = {"iss": issuer, "client_id": "client-1", "login_hint": "9", "target_link_uri": f"{tool}/lti/launch"}
        return f'<iframe name="tool" width="900" height="700"></iframe>{form(f"{tool}/lti/login", **login)}'

    @lms.get("/auth")
    def auth() -> str:
        changes = {
            "iss": issuer,
            f"{CLAIM}target_link_uri": f"{tool}/lti/launch",
            f"{CLAIM}launch_presentation": {"return_url": f"{issuer}/course"},
        }
        token = signed_launch(datetime.now(UTC), request.args["nonce"], "Instructor", **changes)
        return form(request.args["redirect_uri"], id_token=token, state=request.args["state"])

    @lms.get("/jwks")
    def jwks() -> dict[str, Any]:
        return {"keys": [{**RSAAlgorithm.to_jwk(private_key().public_key(), as_dict=True), "kid": "k1"}]}

    lms.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    return lms


@pytest.fixture
def course_page(sqlite_url: str) -> Iterator[str]:
    """`localhost` and `127.0.0.1` are two sites for a browser, and both may be served without https."""
    tool_port, lms_port = free_port(), free_port()
    tool, issuer = f"http://127.0.0.1:{tool_port}", f"http://localhost:{lms_port}"
    engine = open_engine(sqlite_url, (SECRET,))
    with open_sessions(engine).begin() as session:
        now = datetime.now(UTC)
        platform = platforms.NewPlatform(
            name="LMS", family="other", issuer=issuer, client_id="client-1",
            auth_url=f"{issuer}/auth", token_url=f"{issuer}/token", jwks_url=f"{issuer}/jwks",
        )  # fmt: skip
        platforms.add(session, organizations.organization_named(session, "School", now), platform, now)
    engine.dispose()
    app = create_app(Settings(database_url=sqlite_url, public_url=tool, secret_keys=(SECRET,), lab=True))
    with serving(app, tool_port), serving(small_lms(issuer, tool), lms_port):
        yield f"{issuer}/course"
    app.extensions["attune"].sessions.engine.dispose()


def test_a_person_comes_in_and_acts(course_page: str, visitors: Visitors) -> None:
    page = visitors.desktop()
    page.goto(course_page)
    tool = page.frame_locator("iframe")
    expect(tool.get_by_role("heading", level=1)).to_have_text("Set up observed practice")
    tool.get_by_role("radio", name="Warm line").check()
    tool.get_by_role("button", name="Set up the activity").click()
    expect(tool.get_by_text("The activity is ready.")).to_be_visible()
    cookies = page.context.cookies()
    assert {cookie["name"] for cookie in cookies} == {"attune", "attune-browser"}
    assert all(cookie.get("partitionKey") == "http://localhost" for cookie in cookies)


def heard(page: Page) -> list[dict[str, Any]]:
    """What the LMS's page was told since it was asked last, once nothing more comes."""
    page.frames[1].wait_for_load_state()
    found: list[dict[str, Any]] = []
    more = True
    while more:
        page.wait_for_timeout(SETTLED_MS)
        more = page.evaluate("window.heard.splice(0)")
        found += more
    return found


def fits(tool: FrameLocator) -> bool:
    """Whether nothing in the frame has to be scrolled."""
    return bool(tool.locator("html").evaluate("html => html.scrollHeight <= html.clientHeight + 1"))


def test_lti_p16_the_frame_grows_to_the_page_and_comes_to_rest(course_page: str, visitors: Visitors) -> None:
    page = visitors.desktop()
    page.add_init_script(LISTENS)
    page.goto(course_page)
    tool = page.frame_locator("iframe")
    expect(tool.get_by_role("heading", level=1)).to_have_text("Set up observed practice")
    first = heard(page)
    assert {message["subject"] for message in first} == {"lti.frameResize"}
    assert len(first) <= 4
    assert fits(tool)
    assert heard(page) == []
    tool.get_by_role("radio", name="Warm line").check()
    tool.get_by_role("button", name="Set up the activity").click()
    expect(tool.get_by_text("The activity is ready.")).to_be_visible()
    then = heard(page)
    assert [message["subject"] for message in then].count("lti.scrollToTop") == 1
    assert len(then) <= 5
    assert fits(tool)
    origin = page.frames[1].evaluate("location.origin")
    assert {message["origin"] for message in first + then} == {origin}
    assert all(set(message) <= {"subject", "height", "origin"} for message in first + then)
