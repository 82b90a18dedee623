"""Section 18: the way back, and the language in which we are shown."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from lti_tool.lti.errors import LaunchProblem
from tests.certification.course import set_up
from tests.certification.lms import LTI, Lms
from tests.certification.place import Answer, Browser
from tests.lti_tool.lti.platform import put


def links(page: Answer) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', page.text)]


def test_E01_every_page_has_the_way_back_to_the_course(lms: Lms, new_browser: Callable[[], Browser]) -> None:
    course = set_up(lms)
    browser = new_browser()
    page = course.enter(put("sub", "sam"), browser=browser)
    for one in (page, browser.get(f"{lms.attune.url}/waiting"), browser.get(f"{course.url}/rubric")):
        assert f"{lms.issuer}/course/1?id=1" in links(one)


def test_E02_what_stops_a_verified_launch_is_told_on_the_way_back(make_lms: Callable[..., Lms]) -> None:
    lms = make_lms(deployment_ids=("1",))
    answer = lms.launch(put(LTI + "deployment_id", "2"))
    lms.kept["deployment"] += 1
    line = lms.refused(answer, LaunchProblem.DEPLOYMENT_WAITS, 403)
    (back,) = [link for link in links(answer) if link.startswith(f"{lms.issuer}/course/1?id=1&")]
    said = parse_qs(urlsplit(back).query)
    assert said["id"] == ["1"]
    assert said["lti_errorlog"] == [line["reference"]]
    assert said["lti_errormsg"][0]


def test_E02_what_is_not_verified_has_no_way_back_to_a_strangers_address(lms: Lms) -> None:
    presentation = put(LTI + "launch_presentation", {"return_url": "https://evil.example/"})
    answer = lms.launch(presentation, put("aud", "another"))
    lms.refused(answer, LaunchProblem.AUDIENCE_WRONG, 401)
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("target", ["iframe", "window", "frame", "x", None])
def test_E03_any_document_target_and_size_opens(lms: Lms, target: str | None) -> None:
    presentation = {"document_target": target, "width": 320, "height": "240"}
    page = lms.enter(put(LTI + "launch_presentation", presentation))
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page.text


@pytest.mark.parametrize(
    ("presentation", "user", "shown"),
    [("es", "en", "es"), ("en", "es", "en"), (None, "es", "es"), ("xx", "es", "en"), ("es-MX", None, "es")],
)
def test_E04_the_locale_of_the_presentation_comes_first(
    lms: Lms, presentation: str | None, user: str | None, shown: str
) -> None:
    page = lms.enter(put("locale", user), put(LTI + "launch_presentation", {"locale": presentation}))
    found = re.search(r'<html lang="([a-z]+)', page.text)
    assert found
    assert found[1] == shown
