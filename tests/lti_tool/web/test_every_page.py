"""What holds for every page of the journey, in every state that a person can meet it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from rubrics.sign_off import Lane
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.words import found_in

PEOPLE = ("sam", "jo", "amara", "ines")
IN_COURSE = (
    "", "?tab=path", "?tab=waiting", "?tab=activity", "/rubric", "/ask", "/people", "/gradebook",
    "/external", "/external/invite",
    "/paper",
)  # fmt: skip
OF_OBSERVATION = (
    "", "/who", "/withdraw", "/decline", "/begin", "/not-now", "/rate", "/share", "/stop", "/answer",
    "/sign/peer", "/sign/clinical", "/signed/peer", "/paper", "/paper/form", "/differ/peer", "/differ/clinical",
    "/take-back/peer", "/supersede", "/in-person",
)  # fmt: skip
OF_ONESELF = ("/opened", "/my-data", "/my-data/alone", "/my-data/erase", "/signed-in", "/signatures")
PAGES_AT_LEAST = 120
WAITS_UNSEEN = re.compile(r"<template.*?</template>", re.DOTALL)


def every_page(course: Course) -> Iterator[tuple[str, str]]:
    """Name and HTML of every page that someone of the course can open."""
    observations: dict[str, UUID] = {
        state: getattr(course, state)() for state in ("asked", "begun", "shared", "answered", "signed")
    }
    for state, path in (("declined", "decline"), ("stopped", "stop")):
        observations[state] = course.asked()
        course.browser("jo").act(f"/o/{observations[state]}/{path}")
    observations["withdrawn"] = course.asked()
    course.browser("sam").act(f"/o/{observations['withdrawn']}/withdraw")
    paths = {f"{course.home}{path}": f"course{path}" for path in IN_COURSE}
    sam = course.world.visitor("sam").person_id
    paths |= {f"{course.home}/trainees/{who}": f"trainee {who}" for who in (sam, "nobody")}
    paths |= {path: path for path in (*OF_ONESELF, "/waiting", "/paper", "/contact", "/merge", "/signing-code")}
    paths |= {f"/o/{id_}{path}": f"{state}{path}" for state, id_ in observations.items() for path in OF_OBSERVATION}
    for who in PEOPLE:
        for path, name in paths.items():
            answer = course.browser(who).get(path)
            assert answer.status_code in (200, 303, 403, 404, 409), (who, name, answer.text)
            if answer.status_code != 303:
                yield f"{who} {name} {answer.status_code}", answer.text


@pytest.fixture
def pages(make_course: Callable[..., Course]) -> list[tuple[str, str]]:
    course = make_course(lanes=(Lane.PEER, Lane.CLINICAL), required_observations=3)
    course.world.grant(course.world.visitor("sam"), None)
    course.kept()
    return list(every_page(course))


def test_every_page_is_well_made_and_well_said(pages: list[tuple[str, str]]) -> None:
    """One test, because opening some two hundred pages takes a while."""
    assert sum(name.endswith("200") for name, _ in pages) >= PAGES_AT_LEAST
    problems = [f"{name}: {problem}" for name, html in pages for problem in problems_of(html)]
    assert not problems, "\n".join(problems)


def problems_of(html: str) -> Iterator[str]:
    """What a page should not have, or lacks."""
    html = WAITS_UNSEEN.sub("", html)
    read = Read(html)
    yield from (f"says {word!r}" for word in found_in(read.text))
    if html.count("<h1>") != 1:
        yield f"has {html.count('<h1>')} main headings"
    if html.count('class="main-action"') > 1:
        yield "has several main actions"
    if re.search(r"\sstyle=|\son[a-z]+=", html):
        yield "has style or script in an attribute"
    twice = [id_ for id_, times in Counter(re.findall(r'\sid="([^"]*)"', html)).items() if times > 1]
    if twice:
        yield f"has ids twice: {twice}"
    named = set(re.findall(r'\sid="([^"]*)"', html))
    for told in re.findall(r'\saria-(?:describedby|labelledby)="([^"]*)"', html):
        if not set(told.split()) <= named:
            yield f"points to {told}, which is not there"
    if html.count("<fieldset") != html.count("<legend"):
        yield "has a group of choices without a legend"
    if html.index('id="leave"') > html.index('id="main"'):
        yield "has no way out before its content"
    if re.search(r"\bNone\b|Undefined|&lt;", read.text):
        yield "shows what only a program should see"


@pytest.mark.parametrize(
    "spoilt",
    ['<p style="color:red">', "<h1>Two</h1>", "<p>It failed.</p>", '<i aria-describedby="nothing">', '<i id="main">'],
)
def test_a_spoilt_page_is_noticed(course: Course, spoilt: str) -> None:
    html = course.browser("sam").get(course.home).text
    assert not list(problems_of(html))
    assert list(problems_of(html.replace("</main>", f"{spoilt}</main>")))
