"""A course is copied on an LMS that behaves like Moodle or like Canvas, and both sides speak over HTTP."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from lti_tool import periodic, worker
from lti_tool.practice import PracticeLms, running_practice_lms
from lti_tool.practice.page import Page
from lti_tool.practice.records import Activity
from lti_tool.queue import Kind
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting import registration_addresses
from lti_tool.store.copies import CopySource, CourseCopyRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.platforms import NoticeRow, NoticeState
from tests.certification.place import Attune, serving
from tests.conftest import Clock
from tests.lti_tool.published import first_offered
from tests.school import school as a_school


@dataclass
class Both:
    """Attune and an LMS that is connected to it."""

    attune: Attune
    lms: PracticeLms

    def open(self, person: str, link: str) -> Page:
        """A new browser in which somebody opens a link."""
        return self.lms.visitor().open(person, link)

    def work(self) -> None:
        """What a worker does after a sweep."""
        sessions, found = self.attune.sessions.writing, list[tuple[Kind, object]]()
        periodic.sweep(sessions, lambda kind, row_id: found.append((kind, row_id)))
        handler = f"{self.attune.url}/lti/notices"
        for kind, row_id in found:
            if kind is Kind.NOTICE:
                worker.do_notice(sessions, row_id)
            elif kind is Kind.NOTICE_HANDLER:
                worker.ask_for_notices(sessions, SafeHttp(lab=True), row_id, handler=handler)


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def both(profile: str, sqlite_url: str, tmp_path: Path) -> Iterator[Both]:
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    with (
        serving(sqlite_url, clock) as attune,
        running_practice_lms(tmp_path / "lms", profile=profile) as lms,
    ):
        with attune.session() as session:
            school = a_school(session)
            secret = registration_addresses.hand_out(session, school, uses=1, now=clock())
        lms.register_tool(f"{attune.url}/lti/register/{secret}")
        yield Both(attune, lms)


def set_up(both: Both) -> str:
    """An instructor sets up what is behind a new link; the activity's id."""
    link = both.lms.add_activity("Warm line", maximum=100)
    visitor = both.lms.visitor()
    choosing = visitor.open("ines", link.id)
    chosen = {"title": "Warm line", "version_id": first_offered(choosing.text)}
    page = visitor.submit(choosing, chosen, form="Set up the activity")
    place = urlsplit(page.url).path.split("/")
    assert place[1] == "a", page.words
    return place[2]


def decided_and_opened(both: Both, copied: Activity) -> None:
    """A trainee waits, an instructor confirms, the trainee enters; no column is made, nothing came along."""
    columns = [item.id for item in both.lms.line_items()]
    assert "not ready yet" in both.open("sam", copied.id).words
    visitor = both.lms.visitor()
    page = visitor.open("ines", copied.id)
    assert urlsplit(page.url).path.endswith("/copied"), page.words
    assert "This course was copied from Peer Support Practicum." in page.words
    page = visitor.submit(page, form="Confirm")
    assert "a copy is used here since" in page.words
    trainee = both.open("sam", copied.id)
    assert urlsplit(trainee.url).path.startswith("/a/"), trainee.words
    assert "Warm line" in trainee.words
    both.work()
    assert [item.id for item in both.lms.line_items()] == columns
    assert both.attune.count(ObservationRow) == 0


@pytest.mark.parametrize(
    ("profile", "source"), [("moodle", CopySource.HISTORY), ("canvas", CopySource.NOTICE)], indirect=["profile"]
)
def test_lti_v25_a_copied_course_is_noticed_by_what_the_lms_says(both: Both, source: CopySource) -> None:
    set_up(both)
    both.work()
    copy = both.lms.copy_course(title="Second term")
    both.work()
    (copied,) = both.lms.activities(copy.id)
    decided_and_opened(both, copied)
    with both.attune.session() as session:
        assert session.scalars(select(CourseCopyRow.source)).all() == [source]


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"], indirect=True)
def test_lti_v25_a_copied_link_that_names_its_activity_is_enough(both: Both) -> None:
    custom = {"attune_activity": set_up(both)}
    link = both.lms.add_activity("Under another title", custom=custom, maximum=100)
    assert both.open("sam", link.id).status == 200
    copy = both.lms.copy_course(title="Second term")
    copied = next(one for one in both.lms.activities(copy.id) if one.title == "Under another title")
    decided_and_opened(both, copied)


@pytest.mark.parametrize("profile", ["canvas"], indirect=True)
def test_lti_s02_s09_the_platform_greets_our_handler_and_sends_what_it_was_asked_for(both: Both) -> None:
    set_up(both)
    both.work()
    until(lambda: both.attune.count(NoticeRow) == 1)
    both.lms.copy_course(title="Second term")
    assert [(one.notice_type, one.problem) for one in both.lms.platform.deliveries] == [
        ("LtiHelloWorldNotice", ""),
        ("LtiContextCopyNotice", ""),
    ]
    both.work()
    with both.attune.session() as session:
        assert set(session.scalars(select(NoticeRow.state))) == {NoticeState.DONE}


def until(true: Callable[[], bool]) -> None:
    """The greeting comes while our question is still being answered."""
    for _ in range(2000):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")
