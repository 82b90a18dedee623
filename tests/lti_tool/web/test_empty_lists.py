"""Where nothing is yet, a page says so, and what will be there: no list, table or heading stands with nothing in it."""

import re
from html.parser import HTMLParser

import pytest

from lti_tool.access import Capability
from lti_tool.store.base import new_id
from lti_tool.store.people import GrantRow
from lti_tool.web.access import Entry
from tests.lti_tool.web.course import Course

LISTS = {"ul", "ol", "dl", "table", "tbody"}
CONTROLS = {"input", "textarea", "select", "button", "img", "svg", "video", "audio"}
NEVER_CLOSED = {"input", "br", "img", "meta", "link", "hr", "wbr", "col", "source", "track"}
UNSEEN = re.compile(r"<template.*?</template>|<script.*?</script>|<style.*?</style>", re.DOTALL)
AT_LEAST = {"sam": 50, "ines": 90}
"""Pages, so that the test asks for what it means to ask for."""


class _Empty(HTMLParser):
    """Lists with nothing in them, and headings that nothing follows before the next one or the end of their part."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._heading = ""
        self._level = 0
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in CONTROLS:
            self._something()
        if tag in NEVER_CLOSED:
            return
        if re.fullmatch(r"h[1-4]", tag):
            self._ends(int(tag[1]))
            self._in_heading, self._level, self._heading = True, int(tag[1]), ""
        self._open.append((tag, False))

    def handle_endtag(self, tag: str) -> None:
        if tag in NEVER_CLOSED:
            return
        if re.fullmatch(r"h[1-4]", tag):
            self._in_heading = False
        if tag == "section":
            self._ends(2)
        if tag == "main":
            self._ends(1)
        while self._open:
            name, filled = self._open.pop()
            if name == tag:
                if tag in LISTS and not filled:
                    self.found.append(f"an empty {tag}")
                return

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        if self._in_heading:
            self._heading += data
        else:
            self._something()

    def _something(self) -> None:
        self._open = [(name, True) for name, _ in self._open]
        if not self._in_heading:
            self._level = 0

    def _ends(self, level: int) -> None:
        if self._level >= level:
            self.found.append(f"nothing under “{self._heading.strip()}”")
        self._level = 0


def empty_in(html: str) -> list[str]:
    """What stands on the page with nothing in it."""
    found = _Empty()
    found.feed(UNSEEN.sub("", html[html.index("<main") : html.index("</main>") + len("</main>")]))
    return found.found


def addresses(course: Course) -> list[str]:
    """Of every page that needs to know nothing but the activity."""
    given = {"activity_id": course.world.activity_id}
    views = course.app.view_functions
    rules = [
        rule
        for rule in course.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.arguments <= set(given)
        and getattr(views[rule.endpoint], "attune_entry", Entry.PUBLIC) not in (Entry.PUBLIC, Entry.CROSS_SITE)
    ]
    return [built[1] for rule in rules if (built := rule.build(given))]


@pytest.mark.parametrize("who", AT_LEAST)
def test_cap_f2_where_nothing_is_yet_every_page_says_so(course: Course, who: str) -> None:
    """Sam is a trainee; Ines teaches the course and leads the programs of an organization that has none yet."""
    ines = course.world.visitor("ines")
    course.world.session.add(
        GrantRow(
            id=new_id(),
            organization_id=ines.organization_id,
            person_id=ines.person_id,
            capability=Capability.PROGRAM_LEAD,
            granted_at=course.world.now,
        )
    )
    course.kept()
    asked = 0
    for address in addresses(course):
        answer = course.browser(who).get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html" and "<main" in answer.text:
            asked += 1
            assert not empty_in(answer.text), address
    assert asked >= AT_LEAST[who]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<main><h1>A</h1><ul> </ul><p>Words.</p></main>", ["an empty ul"]),
        ("<main><h1>A</h1><p>Words.</p><h2>B</h2><h2>C</h2><p>Words.</p></main>", ["nothing under “B”"]),
        ("<main><h1>A</h1></main>", ["nothing under “A”"]),
        ("<main><h1>A</h1><section><h2>B</h2></section><p>Words.</p></main>", ["nothing under “B”"]),
        ("<main><h1>A</h1><h2>B</h2><ul><li>Words.</li></ul></main>", []),
    ],
)
def test_what_stands_with_nothing_in_it_is_found(html: str, found: list[str]) -> None:
    assert empty_in(html) == found
