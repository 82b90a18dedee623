"""The list of people as a Moodle, a Canvas and a strict LMS give it, read over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from lti_tool.access import Capability
from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.pages import Patience
from lti_tool.practice import PracticeLms, running_practice_lms
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting import registration_addresses
from lti_tool.services.courses import roster, roster_reading
from lti_tool.store.people import LmsAccountRow, MembershipRow
from tests.certification.place import Attune, serving
from tests.conftest import Clock
from tests.school import school as a_school

CROWD = 120


@dataclass
class Reading:
    """A practice LMS whose list is read by Attune."""

    lms: PracticeLms
    attune: Attune
    link_id: str

    def launch(self, who: str) -> None:
        page = self.lms.visitor().open(who, self.link_id)
        assert page.status == 200, page.text

    def read(self) -> PlatformProblem | None:
        """A day has gone by: the instructor comes in, and the list is read as the worker does it."""
        clock, sessions = self.attune.clock, self.attune.sessions.writing
        clock.advance(days=1)
        self.launch("ines")
        with sessions.begin() as session:
            (read_id,) = roster.due(session, clock())
            reading = roster.take(session, read_id, clock())
        assert reading is not None
        problem = roster_reading.read(sessions, SafeHttp(lab=True), reading, Patience(clock, lambda seconds: None))
        with sessions.begin() as session:
            roster.settle(session, reading, problem, clock())
        return problem

    def standing(self, who: str) -> Capability | None:
        """What somebody is in the course."""
        row = self.membership(who)
        assert row.ended_at is None
        return row.capability

    def membership(self, who: str) -> MembershipRow:
        with self.attune.session() as session:
            found: MembershipRow = session.scalars(
                select(MembershipRow)
                .join(LmsAccountRow, LmsAccountRow.person_id == MembershipRow.person_id)
                .where(LmsAccountRow.sub == self.lms.user_id(who))
            ).one()
            return found


@contextmanager
def connected(profile: str, folder: Path, database_url: str) -> Iterator[Reading]:
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    with serving(database_url, clock) as attune, running_practice_lms(folder, profile=profile, clock=clock) as lms:
        with attune.session() as session:
            organization_id = a_school(session)
            secret = registration_addresses.hand_out(session, organization_id, uses=1, now=clock())
        lms.register_tool(f"{attune.url}/lti/register/{secret}")
        yield Reading(lms, attune, lms.add_activity("Observed practice").id)


@pytest.mark.parametrize(("profile", "pages"), [("strict", 1), ("moodle", 1), ("canvas", 3)])
def test_everyone_in_the_list_is_here_and_who_leaves_is_not(
    profile: str, pages: int, tmp_path: Path, sqlite_url: str
) -> None:
    with connected(profile, tmp_path / "lms", sqlite_url) as reading:
        reading.lms.enroll_many(CROWD)
        assert reading.read() is None
        assert len(reading.lms.calls("memberships")) == pages
        assert reading.attune.count(MembershipRow, MembershipRow.ended_at.is_(None)) >= CROWD + 6
        assert reading.standing("crowd-119") is Capability.TRAINEE
        reading.lms.remove_member("noor")
        assert reading.read() is None
        assert reading.membership("noor").ended_at is not None
        assert reading.standing("sam") is Capability.TRAINEE


def test_moodle_r7_n1_a_supervisor_stays_what_their_launch_said(tmp_path: Path, sqlite_url: str) -> None:
    with connected("moodle", tmp_path / "lms", sqlite_url) as reading:
        assert reading.read() is None
        assert reading.standing("jo") is Capability.TRAINEE
        reading.launch("jo")
        for _ in range(2):
            assert reading.read() is None
            assert reading.standing("jo") is Capability.INSTRUCTOR


def test_canvas_a_trainee_who_becomes_an_instructor_is_one_after_the_next_reading(
    tmp_path: Path, sqlite_url: str
) -> None:
    with connected("canvas", tmp_path / "lms", sqlite_url) as reading:
        reading.launch("sam")
        assert reading.read() is None
        assert reading.standing("sam") is Capability.TRAINEE
        reading.lms.change_roles("sam", "instructor")
        assert reading.read() is None
        assert reading.standing("sam") is Capability.INSTRUCTOR


def test_an_lms_that_stumbles_changes_nobody_and_is_read_the_next_time(tmp_path: Path, sqlite_url: str) -> None:
    with connected("canvas", tmp_path / "lms", sqlite_url) as reading:
        assert reading.read() is None
        reading.lms.misbehave("memberships", "html", times=1)
        assert reading.read() is PlatformProblem.ROSTER_NOT_READ
        assert reading.standing("noor") is Capability.TRAINEE
        assert reading.read() is None
