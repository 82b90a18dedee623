"""Help stands beside each page on which it makes sense: in few plain words, closed, and true to its page."""

import re
from collections import Counter
from itertools import chain

import pytest

from lti_tool.paths import TEMPLATES
from lti_tool.web.help import HELP, SUBJECTS
from tests.lti_tool.web.course import Course
from tests.reading_grade import AIM, grade
from tests.words import found_in

PAGES = {
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if re.search(r"{%-?\s*extends\b", path.read_text(encoding="utf-8"))
}
WITHOUT = {
    "open to everybody, and read by people who are not signed in": {
        "appeals/helping.html", "contact/stop.html", "health/start.html", "issuer/achievement.html",
        "issuer/issuer.html", "ledger_signing/copy.html", "merging/stop.html", "public_credentials/how.html",
        "public_credentials/page.html", "public_credentials/verified.html", "registration/ask.html",
        "registration/done.html", "registration/known.html", "registration/opened_by_hand.html",
        "registration/update.html", "releases/summary.html", "sign_in/code.html", "sign_in/ended.html",
        "sign_in/invited.html", "signatures/copy.html",
    },
    "on the way from an LMS or back to it": {
        "lti/finishing.html", "lti/opening.html", "lti/tab.html", "picker/answer.html", "picker/answered.html",
    },
    "says itself what is so, and what can be done": {
        "certificates/no_letters.html", "copies/not_ready.html", "deep_link/not_ready.html", "errors/telling.html",
        "landing/nothing_yet.html", "picker/not_taken.html", "privacy/nobody.html", "review/nobody.html",
    },
    "is a picture of another page": {"previews/observer.html", "previews/trainee.html"},
    "is the page of Support": {"health/support.html"},
}  # fmt: skip
TEXTS = sorted(set(HELP.values()))
FEWEST, MOST = 2, 4


def shown(html: str) -> str:
    """What stands beside the page; "" for nothing."""
    found = re.search(r'<details class="help-here">(.*?)</details>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(1)).split()) if found else ""


def test_each_page_has_its_help_or_a_reason_to_have_none() -> None:
    without = set(chain.from_iterable(WITHOUT.values()))
    assert PAGES - set(HELP) == without
    assert set(HELP) <= PAGES


def test_each_page_has_one_help_and_no_help_is_written_twice() -> None:
    pages = Counter(chain.from_iterable(chain.from_iterable(subject.values() for subject in SUBJECTS)))
    texts = Counter(chain.from_iterable(SUBJECTS))
    assert not [page for page, times in pages.items() if times > 1]
    assert not [text for text, times in texts.items() if times > 1]
    assert set(texts) == set(TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_ux_e2_a_help_is_short_and_plain(text: str) -> None:
    assert FEWEST <= len(re.findall(r"[.?!](?:\s|$)", text)) <= MOST
    assert grade([text]) <= AIM
    assert not found_in(text)


def test_cap_f2_a_page_brings_its_help_closed_and_at_its_foot(course: Course) -> None:
    html = course.browser("sam").get(f"{course.home}/ask").text
    assert shown(html) == f"Help with this page {HELP['observations/ask.html']}"
    assert html.index("</main>") < html.index('class="help-here"') < html.index('class="support-here"')


def test_a_way_to_the_help_stands_at_the_top_after_the_way_to_leave(course: Course) -> None:
    sam = course.browser("sam")
    html = sam.get(f"{course.home}/ask").text
    assert html.index('id="leave"') < html.index('href="#help-here"') < html.index("<main")
    assert html.count('id="help-here"') == 1
    assert "help.js" in html
    without = sam.get("/o/00000000-0000-4000-8000-000000000000").text
    assert "help-here" not in without
    assert "help.js" not in without


def test_cap_f2_help_stays_beside_a_form_that_still_needs_something(course: Course) -> None:
    answer = course.browser("sam").act(f"{course.home}/ask", observer="")
    assert answer.status_code in (400, 409, 422)
    assert HELP["observations/ask.html"] in shown(answer.text)


def test_a_page_about_a_problem_and_one_for_everybody_have_none(course: Course) -> None:
    gone = course.browser("sam").get("/o/00000000-0000-4000-8000-000000000000")
    assert gone.status_code == 404
    assert not shown(gone.text)
    assert not shown(course.app.test_client().get("/").text)
