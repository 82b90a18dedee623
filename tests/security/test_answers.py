"""What holds of every answer, and of an installation as it comes."""

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.portfolio.evidence_files import Content
from lti_tool.settings import SettingsProblem, read_settings
from lti_tool.store.people import GrantRow, InvitationRow, PersonRow, SessionRow
from lti_tool.web.access import Entry
from lti_tool.web.portfolio import evidence_content
from rubrics.evidence import EvidenceKind
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course
from tests.project import ROOT

TEXTS = ("text/", "application/javascript", "application/xml")
HOSTILE_SEARCHES = ("' OR '1'='1", "'; DROP TABLE person; --", '" OR 1=1 --', "%", "_", "\\", "{{7*7}}", "${7*7}")


def addresses(app: Flask) -> list[str]:
    """Every address without an argument that anybody may open."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.arguments
        and "GET" in (rule.methods or set())
        and app.view_functions[rule.endpoint].attune_entry in (Entry.PUBLIC, Entry.CROSS_SITE)
    ]


def test_asvs_4_1_1_every_answer_says_its_kind_and_texts_say_their_charset(app: Flask, browser: Browser) -> None:
    opened = [*addresses(app), "/nowhere", "/waiting", "/static/attune.css", "/static/page.js"]
    assert len(opened) > 8
    for path in opened:
        with browser.get(path) as answer:
            kind = answer.headers["Content-Type"]
        assert kind, path
        if kind.startswith(TEXTS):
            assert re.search(r"charset=utf-8", kind, re.IGNORECASE), (path, kind)


def test_asvs_3_4_2_no_page_can_be_read_by_other_origins(app: Flask, course: Course) -> None:
    sam = course.browser("sam")
    for path in (*addresses(app), course.home, "/waiting", "/messages", "/nowhere"):
        with sam.get(path, headers={"Origin": "https://elsewhere.example"}) as answer:
            assert not [name for name, _value in answer.headers if name.startswith("Access-Control")], path


def test_asvs_1_2_4_what_is_searched_for_is_never_part_of_a_statement_or_a_template(course: Course) -> None:
    ines = course.browser("ines")
    for words in HOSTILE_SEARCHES:
        for path in (f"{course.home}/people?name=", f"{course.home}/gradebook?name=", "/frameworks?find="):
            answer = ines.get(f"{path}{quote(words)}")
            assert answer.status_code in (200, 303, 403, 404), (path, words)
            assert ">49<" not in answer.text
    people = ines.get(f"{course.home}/people").text
    assert "Sam Example" in people


@pytest.mark.parametrize(
    "name", ['a"; filename="evil.html', "a\r\nSet-Cookie: x=1", "../../etc/passwd", "\u202egpj.exe"]
)
def test_asvs_5_4_2_a_file_name_breaks_no_header(app: Flask, name: str) -> None:
    found = Content("a-name-of-ours", EvidenceKind.PICTURE, "image/png", 1, "digest", name)
    with app.test_request_context("/"):
        head = evidence_content._disposition(found)
    assert re.fullmatch(r"inline; filename=\"evidence\.png\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", head), head


def test_asvs_6_3_2_a_new_installation_has_no_account(app: Flask, sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        for row in (PersonRow, GrantRow, InvitationRow, SessionRow):
            assert session.scalar(select(func.count()).select_from(row)) == 0


@pytest.mark.parametrize("secret", ["", "secret", "changeme", "x" * 31])
def test_asvs_13_2_3_an_installation_without_a_secret_of_its_own_does_not_start(secret: str) -> None:
    given = {
        "ATTUNE_DATABASE_URL": "sqlite:////var/lib/attune/attune.db",
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": secret,
    }
    with pytest.raises(SettingsProblem, match="ATTUNE_SECRET_KEY"):
        read_settings(given)


def test_asvs_13_4_2_nothing_switches_debugging_on(app: Flask, browser: Browser) -> None:
    assert not app.debug
    assert not app.testing
    assert not app.config.get("PROPAGATE_EXCEPTIONS")
    assert browser.get("/console").status_code == 404
    assert "FLASK_DEBUG" not in (ROOT / "config" / "example.env").read_text(encoding="utf-8")
    assert "debug=True" not in (ROOT / "lti_tool" / "app.py").read_text(encoding="utf-8")


def test_asvs_13_4_3_no_address_lists_a_directory(browser: Browser) -> None:
    for path in ("/static/", "/static", "/static/vendor/", "/static/../app.py", "/static/..%2fapp.py", "/.git/config"):
        assert browser.get(path).status_code in (404, 308, 301), path
        assert "app.py" not in browser.get(path).text.replace(path, "")


def test_asvs_13_4_4_trace_is_answered_by_nobody(browser: Browser) -> None:
    for path in ("/", "/waiting", "/lti/launch", "/static/attune.css"):
        answer = browser.open(path, method="TRACE", headers={"X-Secret": "canary"})
        assert answer.status_code == 405
        assert "canary" not in answer.text


def test_a_head_that_somebody_sends_never_comes_back(come_in: Callable[..., Browser]) -> None:
    answer = come_in().get("/waiting", headers={"X-Canary": "canary-head", "User-Agent": "<script>canary-agent"})
    assert "canary-" not in answer.text
