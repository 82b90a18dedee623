"""Boxes in which something hard may be told say what would have to be passed on, and that details are not needed."""

import re

import pytest

from lti_tool.paths import TEMPLATES
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
BOX = re.compile(r"\btextarea\((?!name, label)|<textarea")
ABOUT_NO_PERSON = (
    "activity/", "appeals/edit_terms", "auditing/draw", "builder/", "calibration/", "certificates/",
    "components/copy.html", "components/forms.html", "connect/", "errors/", "examples/",
    "frameworks/", "guidance/", "operator/", "program_builder/", "programs/", "publishing/",
    "safeguarding/edit", "safeguarding/write", "scenarios/",
    "scope/", "sites/", "supervision/_parts", "support/", "terms/", "wording/",
)  # fmt: skip
"""Where programs, rubrics, examples, places and times are written about, or where what was typed is shown again."""
LINE_OF_THE_FORM = {"rating/_form.html": "rating/rate.html", "self_assessment/_form.html": "self_assessment/write.html"}
"""Fields whose form has the line once, above all of them: on a phone they come one at a time below it."""


def source(name: str) -> str:
    return COMMENT.sub("", (TEMPLATES / name).read_text(encoding="utf-8"))


def boxes() -> list[str]:
    names = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
    return [name for name in names if not name.startswith(ABOUT_NO_PERSON) and BOX.search(source(name))]


@pytest.mark.parametrize("name", boxes())
def test_ux_s5_every_box_about_people_says_what_would_have_to_be_passed_on(name: str) -> None:
    """Either the box names its readers, and the line comes with them, or its form has the line."""
    text = source(LINE_OF_THE_FORM.get(name, name))
    assert "disclosure_line(" in text or "readers=" in text[BOX.search(text).start() :]


@pytest.mark.parametrize(
    ("who", "state", "path"),
    [
        ("sam", "shared", ""), ("jo", "begun", "/rate"), ("sam", "begun", "/self"), ("jo", "answered", "/reply"),
        ("jo", "answered", "/differ/peer"), ("jo", "signed", "/supersede"),
    ],
)  # fmt: skip
def test_ux_s5_the_line_is_read_before_the_first_box(course: Course, who: str, state: str, path: str) -> None:
    html = course.browser(who).get(f"/o/{getattr(course, state)()}{path}").text
    assert 0 < html.index("disclosure") < html.index("<textarea")
    assert "whoever reads it may have to pass that on. Details are not needed." in Read(html).text


def test_ux_s5_a_box_for_oneself_says_that_nobody_is_told(course: Course) -> None:
    address = course.browser("sam").act("/journal").location
    for path in (address, "/self-care"):
        text = Read(course.browser("sam").get(path).text).text
        assert "Only you read this. Nobody is told of it, whatever it says" in text
        assert "may have to pass that on" not in text
