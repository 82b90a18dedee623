"""A site goes from a Moodle to a Canvas, over real HTTP: no record changes, and scores go to the new columns."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from grading.ledger import EntryKind
from lti_tool.backup import tables
from lti_tool.practice import PracticeLms
from lti_tool.practice.running import running_practice_lms
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting import moving, moving_lists, registration_addresses
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.connecting.moving_lists import MARK
from lti_tool.services.entering.visitors import open_session, who_is_it
from lti_tool.services.scores import send_lane
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.platforms import RegistrationRow
from rubrics.sign_off import Assurance, Lane
from tests.certification.place import Attune, serving
from tests.conftest import Clock
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.published import first_offered
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.holding_rows import carried, certified
from tests.school import school as a_school

RECORDS = (
    "observation", "assessment", "rating", "response", "consent", "sign_off", "signed_document", "ledger_entry",
    "ledger_signature", "enrollment", "decision", "credential", "status_list", "rubric_version", "activity",
)  # fmt: skip
"""What nobody may lose: compared row by row, as the database has it."""


@dataclass
class Site:
    """A school that has a Moodle, and gets a Canvas."""

    attune: Attune
    moodle: PracticeLms
    canvas: PracticeLms
    old: UUID
    new: UUID
    organization_id: UUID

    def records(self) -> dict[str, tuple[int, str]]:
        """How many rows there are, and the digest of all of them."""
        with self.attune.session() as session:
            connection = session.connection()
            there = {of.name: of for of in tables.tables(connection)}
            found = {name: tables.digest(connection, there[name]) for name in RECORDS}
        return {name: (digest.rows, digest.hex) for name, digest in found.items()}

    def send(self, registration_id: UUID) -> None:
        send_lane.drain(self.attune.sessions.writing, SafeHttp(lab=True), registration_id, self.attune.clock)

    def delivery(self) -> DeliveryRow:
        with self.attune.session() as session:
            found: DeliveryRow = session.scalars(select(DeliveryRow)).one()
            return found

    def lists(self) -> tuple[bytes, bytes]:
        """Who is who and which course is which, filled in as somebody would."""
        with self.attune.session() as session:
            people = moving_lists.people(session, self.old, self.new)
            courses = moving_lists.courses(session, self.old)
        who = {self.moodle.user_id(name): self.canvas.user_id(name) for name in ("ines", "jo", "sam")}
        return filled(people, lambda row: who[row["old"]]), filled(courses, lambda _row: self.canvas.context_id())

    def links(self) -> list[str]:
        """The addresses of what was set up."""
        with self.attune.session() as session:
            text = moving_lists.links(session, self.old, self.attune.url)
        return [row["address"] for row in csv.DictReader(io.StringIO(text.removeprefix(MARK)))]

    def move(self, *, keep: bool = True) -> moving.Moved:
        people, courses = self.lists()
        with self.attune.sessions.writing() as session:
            moved = moving.move(
                session, Operator(self.organization_id, None), self.old, self.new,
                moving_lists.read(people, "people.csv"), moving_lists.read(courses, "courses.csv"), self.attune.clock(),
            )  # fmt: skip
            if keep:
                session.commit()
        return moved


def filled(text: str, new: Callable[[dict[str, str]], str]) -> bytes:
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(MARK))))
    to = io.StringIO()
    writer = csv.DictWriter(to, rows[0].keys())
    writer.writeheader()
    writer.writerows([row | {"new": new(row)} for row in rows])
    return to.getvalue().encode()


@contextmanager
def school(folder: Path, database_url: str) -> Iterator[Site]:
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    with (
        serving(database_url, clock) as attune,
        running_practice_lms(folder / "moodle", profile="moodle", clock=clock) as moodle,
        running_practice_lms(folder / "canvas", profile="canvas", clock=clock) as canvas,
    ):
        ids = []
        for lms in (moodle, canvas):
            with attune.session() as session:
                organization_id = a_school(session)
                secret = registration_addresses.hand_out(session, organization_id, uses=1, now=clock())
            lms.register_tool(f"{attune.url}/lti/register/{secret}")
            with attune.session() as session:
                ids.append(session.scalars(select(RegistrationRow.id).order_by(RegistrationRow.id.desc())).first())
        yield Site(attune, moodle, canvas, ids[0], ids[1], organization_id)


def practiced(site: Site) -> None:
    """An activity in Moodle, in which Jo observed and signed for Sam, whose hours, decision and credential are here."""
    link = site.moodle.add_activity("Warm line", maximum=100)
    ines = site.moodle.visitor()
    choosing = ines.open("ines", link.id)
    chosen = {"title": "Warm line", "version_id": first_offered(choosing.text), "required_observations": "1"}
    assert ines.submit(choosing, chosen, form="Set up the activity").status == 200
    for who in ("jo", "sam", "ines"):
        assert site.moodle.visitor().open(who, link.id).status == 200
    with site.attune.session() as session:
        world = as_world(session, site)
        world.grant(world.visitor("jo"), Lane.PEER)
        world.sign("jo", world.answered())
        sam = world.visitor("sam")
        on = OnTheWay(session, sam, shipped("az-prss"), world.now)
        on.entry(EntryKind.PRACTICE, "2.5", ago=50, signer=world.visitor("jo"), title="Warm line")
        _row, decision_id = certified(world)
        carried(world, decision_id)


def as_world(session: Session, site: Site) -> World:
    """Those who came in by launches, for the services."""
    world = World(session, site.attune.clock(), site.organization_id, site.old)
    world.activity_id = session.scalars(select(ActivityRow.id)).one()
    for who in ("ines", "jo", "sam"):
        person = session.scalars(
            select(LmsAccountRow.person_id).where(
                LmsAccountRow.registration_id == site.old, LmsAccountRow.sub == site.moodle.user_id(who)
            )
        ).one()
        token = open_session(
            session, organization_id=site.organization_id, person_id=person, assurance=Assurance.LAUNCH, now=world.now,
            registration_id=site.old,
        )  # fmt: skip
        visitor = who_is_it(session, token, world.now)
        assert visitor is not None
        world.visitors[who] = visitor
    return world


@pytest.fixture
def site(tmp_path: Path, sqlite_url: str) -> Iterator[Site]:
    with school(tmp_path, sqlite_url) as site:
        practiced(site)
        yield site


def test_a_site_moves_from_moodle_to_canvas_without_losing_a_record_and_its_scores_go_there(site: Site) -> None:
    site.send(site.old)
    assert site.moodle.score("sam") is not None
    before, links = site.records(), site.links()
    assert all(rows for rows, _digest in before.values())
    assert site.canvas.visitor().open_from_navigation("ines", site.canvas.tools()[-1].client_id).status == 200
    moved = site.move()
    assert moved.problems == []
    assert (moved.linked, moved.joined, moved.courses, moved.scores) == (3, 1, 1, 1)
    assert site.records() == before
    assert site.delivery().state is DeliveryState.NEEDS_PERSON
    (address,) = links
    there = site.canvas.add_activity("Warm line", maximum=100, url=address)
    page = site.canvas.visitor().open("sam", there.id)
    assert page.status == 200
    assert "Warm line" in page.words
    site.attune.clock.advance(minutes=1)
    site.send(site.new)
    assert site.delivery().state is DeliveryState.ACCEPTED
    score = site.canvas.score("sam")
    assert score is not None
    assert score.given == score.maximum
    assert site.records() == before


def test_a_link_without_our_address_is_led_to_what_was_there_already_by_an_instructor(site: Site) -> None:
    assert site.canvas.visitor().open_from_navigation("ines", site.canvas.tools()[-1].client_id).status == 200
    site.move()
    before = site.records()
    there = site.canvas.add_activity("Calls", maximum=100)
    ines = site.canvas.visitor()
    choosing = ines.open("ines", there.id)
    assert "This course came from another LMS" in choosing.words
    with site.attune.session() as session:
        activity_id = session.scalars(select(ActivityRow.id)).one()
    assert ines.submit(choosing, {"to": str(activity_id)}, form="Lead there").status == 200
    assert site.canvas.visitor().open("sam", there.id).status == 200
    site.attune.clock.advance(minutes=1)
    site.send(site.new)
    assert site.delivery().state is DeliveryState.ACCEPTED
    assert site.records() == before


def test_a_dry_run_says_the_same_and_keeps_nothing(site: Site) -> None:
    assert site.canvas.visitor().open_from_navigation("ines", site.canvas.tools()[-1].client_id).status == 200
    tried = site.move(keep=False)
    with site.attune.session() as session:
        assert session.scalars(
            select(CourseRow.lti_context_id).where(CourseRow.lti_context_id == site.moodle.context_id())
        ).first()
    done = site.move()
    assert (tried.linked, tried.courses, tried.scores) == (done.linked, done.courses, done.scores)
