"""An LMS is connected over real HTTP, as each of the LMSs behaves that we know: registered, renewed, tested."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import make_server

from grading.scores import ColumnShows
from lti_tool.app import create_app
from lti_tool.practice import Activity, Offer, PracticeLms, running_practice_lms
from lti_tool.safe_http import SafeHttp
from lti_tool.services import organizations
from lti_tool.services.connecting import connections, registration_addresses, trial, trial_steps
from lti_tool.services.connecting.connections import Connection, Operator
from lti_tool.services.connecting.trial import Outcome, Step, Trial
from lti_tool.settings import Settings
from lti_tool.store.courses import ActivityRow, CourseRow, ResourceLinkRow
from lti_tool.store.people import MembershipRow
from tests.living import HOST, free_port
from tests.lti_tool.published import version_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MakeLms = Callable[..., PracticeLms]


@dataclass
class Served:
    """Attune, answering on this machine."""

    url: str
    sessions: sessionmaker[Session]

    def registration_address(self) -> str:
        """A new one, for one use."""
        with self.sessions.begin() as session:
            owner = organizations.organization_named(session, "School", now())
            secret = registration_addresses.hand_out(session, owner, uses=1, now=now())
        return f"{self.url}/lti/register/{secret}"

    def connection(self) -> Connection:
        """The only one."""
        with self.sessions() as session:
            (found,) = connections.connections(session)
        return found

    def operator(self) -> Operator:
        """Who looks after it."""
        return Operator(self.connection().organization_id, None)

    def place_activity(self, title: str) -> None:
        """In the newest course: every link that leads nowhere yet leads to a new activity."""
        with self.sessions.begin() as session:
            course = session.scalars(select(CourseRow).order_by(CourseRow.id.desc())).first()
            assert course is not None
            person_id = session.scalars(select(MembershipRow.person_id).where(MembershipRow.course_id == course.id))
            activity = ActivityRow(
                organization_id=course.organization_id,
                course_id=course.id,
                rubric_version_id=version_of(session, course.organization_id),
                title=title,
                column_shows=ColumnShows.COMPLETION,
                required_observations=1,
                lanes=["peer"],
                response_days=7,
                created_by=person_id.first(),
                created_at=now(),
            )
            session.add(activity)
            session.flush()
            for link in session.scalars(select(ResourceLinkRow).where(ResourceLinkRow.course_id == course.id)):
                link.activity_id = activity.id

    def test_connection(self, course: int = 0) -> dict[Step, tuple[Outcome, str]]:
        """All steps, in the newest course or an earlier one."""
        by, registration_id = self.operator(), self.connection().id
        with self.sessions() as session:
            so_far = Trial(trial.courses(session, by, registration_id)[course].id)
        while so_far.next_step is not None:
            with self.sessions.begin() as session:
                prepared = trial.prepare(session, by, registration_id, so_far, now())
            so_far = trial_steps.take_step(self.sessions, SafeHttp(lab=True), prepared, so_far, now())
        return {result.step: (result.outcome, result.code) for result in so_far.results}


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def attune(
    make_settings: Callable[..., Settings], database_url: str, sessions: sessionmaker[Session]
) -> Iterator[Served]:
    port = free_port()
    app = create_app(make_settings(database_url=database_url, public_url=f"http://{HOST}:{port}", lab=True))
    server = make_server(HOST, port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(f"http://{HOST}:{port}", sessions)
    server.shutdown()
    server.server_close()
    thread.join()
    app.extensions["attune"].sessions.engine.dispose()


@pytest.fixture
def make_lms(tmp_path: Path) -> Iterator[MakeLms]:
    with ExitStack() as open_ones:

        def make(name: str = "lms", **options: object) -> PracticeLms:
            running: AbstractContextManager[PracticeLms] = running_practice_lms(tmp_path / name, **options)  # type: ignore[arg-type]  # as they are named there
            return open_ones.enter_context(running)

        yield make


def open_activity(attune: Served, lms: PracticeLms, *who: str, **where: object) -> Activity:
    """A link that these people open, first before and then after it leads to an activity."""
    link = lms.add_activity("Observed practice")
    assert lms.visitor().open(who[0], link.id, **where).status == 200
    attune.place_activity("Observed practice")
    for person in who:
        assert lms.visitor().open(person, link.id, **where).status == 200
    return link


WELL = Outcome.WELL
EXPECTED = {
    "strict": {Step.SCORE: (Outcome.NOT_TRIED, "no_safe_person"), Step.RESULT: (Outcome.NOT_TRIED, "no_score")},
    "moodle": {Step.SCORE: (Outcome.NOT_TRIED, "no_safe_person"), Step.RESULT: (Outcome.NOT_TRIED, "no_score")},
    "canvas": {},
}


@pytest.mark.parametrize("profile", EXPECTED)
def test_an_lms_is_registered_and_each_step_of_testing_it_is_well(
    attune: Served, make_lms: MakeLms, profile: str
) -> None:
    lms = make_lms(profile=profile)
    tool = lms.register_tool(attune.registration_address())
    assert (attune.connection().issuer, attune.connection().client_id) == (lms.issuer, tool.client_id)
    open_activity(attune, lms, "ines", *(("test",) if profile == "canvas" else ()))
    columns = lms.line_items()
    results = attune.test_connection()
    assert [item.id for item in lms.line_items()] == [item.id for item in columns]
    assert {step: found for step, found in results.items() if found[0] is not WELL} == EXPECTED[profile]


@pytest.mark.parametrize("profile", ["moodle", "canvas"])
def test_an_lms_that_renews_its_registration_keeps_its_connection(
    attune: Served, make_lms: MakeLms, profile: str
) -> None:
    lms = make_lms(profile=profile)
    tool = lms.register_tool(attune.registration_address())
    before = attune.connection()
    again = lms.register_tool(attune.registration_address(), offer=Offer(True, updates=tool.client_id))
    assert again.client_id == tool.client_id
    assert attune.connection() == before


def test_a_canvas_tells_its_school_and_its_services_are_at_a_host_that_was_agreed_to(
    attune: Served, make_lms: MakeLms
) -> None:
    lms = make_lms(profile="canvas")
    lms.register_tool(attune.registration_address())
    connection = attune.connection()
    assert connection.name.startswith("Canvas, ")
    assert [(host.host, host.accepted) for host in connection.hosts] == [(lms.base_url.split("//")[1], True)]


def test_two_schools_of_one_canvas_are_let_in_one_by_one_and_each_by_its_own_host(
    attune: Served, make_lms: MakeLms
) -> None:
    north = make_lms("north", profile="canvas")
    south = make_lms("south", profile="canvas", shares_issuer_with=north)
    tool = north.register_tool(attune.registration_address())
    south.install(tool)
    link = south.add_activity("Observed practice")
    assert south.visitor().open("ines", link.id).status == 403
    waiting = next(one for one in attune.connection().deployments if one.waits)
    with attune.sessions.begin() as session:
        connections.accept_deployment(session, attune.operator(), waiting.id, now())
    open_activity(attune, south, "ines")
    assert attune.test_connection()[Step.ROSTER] == (Outcome.TO_MEND, "roster_elsewhere")
    strange = next(host for host in attune.connection().hosts if not host.accepted)
    assert strange.host == south.base_url.split("//")[1]
    with attune.sessions.begin() as session:
        connections.accept_host(session, attune.operator(), strange.id, now())
    assert attune.test_connection()[Step.ROSTER] == (WELL, "roster_read")
