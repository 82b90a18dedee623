"""How pages look for a person whose LMS said something about it: language, contrast, color."""

import json
import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.paths import STATIC
from lti_tool.web.brand import BACKGROUNDS, MOST_KEPT, READABLE, contrast, rules
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course

CANVAS_BLUE = "#0374b5"
COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def opened(course: Course, **launch: object) -> str:
    """Sam's path after a launch with these changes."""
    custom = {"attune_activity": str(course.world.activity_id), **launch.pop("custom", {})}  # type: ignore[dict-item]
    token = course.world.enter("sam", course.roles["sam"], custom=custom, **launch).token
    course.kept()
    browser = course.app.test_client()
    browser.set_cookie("__Host-attune", token, domain="attune.school.example", secure=True)
    answer = browser.get(course.home)
    assert answer.status_code == 200
    return str(answer.text)


def brand(color: str) -> dict[str, str]:
    return {"attune_brand": json.dumps({"ic-brand-primary": color})}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("es", "es"), ("es-MX", "es"), ("es_419", "es"), ("ES", "es"), ("es-x-school", "es"), ("en-GB", "en"),
        ("de-CH", "en"), ("pt_BR", "en"), ("xx-Unknown", "en"), ("zh_tw", "en"), (None, "en"),
    ],
)  # fmt: skip
def test_lti_v23_e04_a_page_speaks_the_nearest_language_there_is(course: Course, said: str | None, shown: str) -> None:
    assert f'<html lang="{shown}"' in opened(course, locale=said)


def test_where_the_lms_speaks_a_language_that_we_do_not_the_browsers_is_taken(course: Course) -> None:
    token = course.world.enter("sam", course.roles["sam"], locale="fi").token
    course.kept()
    browser = course.app.test_client()
    browser.set_cookie("__Host-attune", token, domain="attune.school.example", secure=True)
    assert '<html lang="es"' in browser.get(course.home, headers={"Accept-Language": "fi, es-AR;q=0.8"}).text


def test_more_contrast_is_on_the_page_where_the_lms_says_so(course: Course) -> None:
    assert 'data-contrast="more"' in opened(course, custom={"attune_high_contrast": "true"})
    assert "data-contrast" not in opened(course, custom={"attune_high_contrast": "false"})


def test_the_color_of_the_lms_is_taken_where_it_can_be_read(course: Course, browser: Browser) -> None:
    found = re.search(r'href="(/brand/[^"]+)"', opened(course, custom=brand("#0374B5")))
    assert found
    answer = browser.get(found[1])
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert f"--accent: {CANVAS_BLUE}" in answer.text
    assert "(prefers-color-scheme: light)" in answer.text
    assert "(prefers-color-scheme: dark)" not in answer.text


@pytest.mark.parametrize(
    ("custom", "used"),
    [
        ({}, False),
        (brand("red"), False),
        (brand("#808080"), False),
        (brand("#ffee00"), True),  # on dark pages only
        (brand(CANVAS_BLUE) | {"attune_high_contrast": "true"}, False),
    ],
)
def test_otherwise_our_own_color_stays(course: Course, custom: dict[str, str], used: bool) -> None:
    assert ("/brand/" in opened(course, custom=custom)) is used


@pytest.mark.parametrize("color", ["808080", "0374B", "0374b5x", "0374b5;}", "%0a0374b5", "nothing"])
def test_no_other_address_gives_a_stylesheet(browser: Browser, color: str) -> None:
    assert browser.get(f"/brand/{color}.css").status_code == 404


def test_whoever_asks_for_many_colors_does_not_fill_our_memory(browser: Browser) -> None:
    for number in range(2 * MOST_KEPT):
        browser.get(f"/brand/{number:06x}.css")
    assert rules.cache_info().currsize <= MOST_KEPT


@given(COLORS)
def test_a_color_is_used_only_where_text_in_it_can_be_read(color: str) -> None:
    text = rules(color)
    for scheme, near in BACKGROUNDS.items():
        readable = min(contrast(color, other) for other in near) >= READABLE
        assert (f"(prefers-color-scheme: {scheme})" in text) is readable


@given(COLORS, COLORS)
def test_contrast_is_the_same_both_ways_and_from_1_to_21(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)]
)
def test_contrast_is_what_the_guidelines_compute(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ux_f6_the_backgrounds_are_those_of_our_stylesheet_and_our_own_accent_can_be_read_on_them(scheme: str) -> None:
    sheet = (STATIC / "attune.css").read_text(encoding="utf-8")
    dark_from = sheet.index("@media (prefers-color-scheme: dark)")
    part = sheet[dark_from:] if scheme == "dark" else sheet[:dark_from]
    near = tuple(re.findall(rf"--{name}: (#\w{{6}});", part)[0] for name in ("paper", "sheet", "on-teal"))
    assert near == BACKGROUNDS[scheme]
    for name in ("teal", "teal-strong", "quiet", "amber"):
        color = re.findall(rf"--{name}: (#\w{{6}});", part)[0]
        assert min(contrast(color, other) for other in near[:2]) >= READABLE, name


def test_the_color_costs_a_launch_and_a_page_no_question(course: Course, app: Flask) -> None:
    from tests.lti_tool.web.test_queries import counted

    engine = course.app.extensions["attune"].sessions.engine
    plain, colored = course.browser("sam"), course.app.test_client()
    token = course.world.enter("sam", course.roles["sam"], custom=brand(CANVAS_BLUE)).token
    course.kept()
    colored.set_cookie("__Host-attune", token, domain="attune.school.example", secure=True)
    counts = []
    for browser in (plain, colored):
        with counted(engine) as said:
            browser.get(course.home)
        counts.append(len(said))
    assert counts[0] == counts[1]
