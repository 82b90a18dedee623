"""Scores on their way into the gradebook of a Moodle, a Canvas and a strict LMS, over real HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from lti_tool.practice import PracticeLms
from lti_tool.safe_http import SafeHttp
from lti_tool.services.scores import send_lane
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow
from tests.certification.place import Attune
from tests.lti_tool.published import first_offered
from tests.lti_tool.web.test_lists_of_lmss import connected

PROFILES = ["strict", "moodle", "canvas"]
Stands = tuple[DeliveryState, str | None]


@dataclass
class Gradebook:
    """An LMS's gradebook, and what Attune sends there for Sam."""

    lms: PracticeLms
    attune: Attune

    def place(self, maximum: float | None = 100) -> None:
        """An activity that Ines sets up and Sam opens; without a maximum the LMS has no column for it yet."""
        link = self.lms.add_activity("Warm line", maximum=maximum)
        ines = self.lms.visitor()
        choosing = ines.open("ines", link.id)
        chosen = {"title": "Warm line", "version_id": first_offered(choosing.text)}
        page = ines.submit(choosing, chosen, form="Set up the activity")
        assert page.status == 200, page.words
        assert self.lms.visitor().open("sam", link.id).status == 200

    def want(self, score: int) -> UUID:
        """From now on the column should show this for Sam."""
        with self.attune.session() as session:
            row = session.scalars(select(DeliveryRow)).one_or_none()
            if row is None:
                line_item = session.scalars(select(LineItemRow)).one()
                sam = select(LmsAccountRow.person_id).where(LmsAccountRow.sub == self.lms.user_id("sam"))
                row = DeliveryRow(
                    id=new_id(), organization_id=line_item.organization_id, line_item_id=line_item.id,
                    registration_id=line_item.registration_id,
                    person_id=session.scalars(sam).one(), attempts=0,
                )  # fmt: skip
                session.add(row)
            row.desired_score, row.desired_at = Decimal(score), self.attune.clock()
            row.state, row.next_attempt_at = DeliveryState.WAITING, self.attune.clock()
            return row.id

    def attempt(self, delivery_id: UUID) -> Stands:
        """One attempt as the worker makes it; how the score stands then."""
        sessions = self.attune.sessions.writing
        with sessions.begin() as session:
            platform = session.get_one(DeliveryRow, delivery_id).registration_id
        send_lane.drain(sessions, SafeHttp(lab=True), platform, self.attune.clock)
        with sessions.begin() as session:
            row = session.get_one(DeliveryRow, delivery_id)
            return row.state, row.answer

    def shown(self) -> float | None:
        """What Sam's cell shows, in hundredths of the column."""
        score = self.lms.score("sam")
        return None if score is None or score.given is None else 100 * score.given / (score.maximum or 100)


ACCEPTED: Stands = (DeliveryState.ACCEPTED, "accepted")


@pytest.fixture
def gradebook(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str) -> Iterator[Gradebook]:
    with connected(request.param, tmp_path / "lms", sqlite_url) as reading:
        yield Gradebook(reading.lms, reading.attune)


@pytest.mark.parametrize("gradebook", PROFILES, indirect=True)
@pytest.mark.parametrize("maximum", [100, 10])
def test_a_score_arrives_in_the_column_of_the_link(gradebook: Gradebook, maximum: float) -> None:
    gradebook.place(maximum)
    assert gradebook.attempt(gradebook.want(50)) == ACCEPTED
    assert gradebook.shown() == 50
    assert len(gradebook.lms.line_items()) == 1
    assert [call.note for call in gradebook.lms.calls("scores")] == [""]


@pytest.mark.parametrize("gradebook", ["strict", "moodle"], indirect=True)
def test_a_link_without_a_column_gets_one(gradebook: Gradebook) -> None:
    gradebook.place(None)
    assert gradebook.attempt(gradebook.want(50)) == ACCEPTED
    assert gradebook.shown() == 50


@pytest.mark.parametrize("gradebook", ["canvas"], indirect=True)
def test_a_link_that_is_no_assignment_gets_no_column_on_canvas_and_a_person_reads_why(gradebook: Gradebook) -> None:
    gradebook.place(None)
    assert gradebook.attempt(gradebook.want(50)) == (DeliveryState.NEEDS_PERSON, "column_not_offered")
    assert gradebook.lms.line_items() == ()


@pytest.mark.parametrize("gradebook", ["strict", "canvas"], indirect=True)
def test_no_score_ever_empties_a_cell_and_what_is_there_is_not_sent_again(gradebook: Gradebook) -> None:
    gradebook.place()
    gradebook.lms.teacher_grades("sam", 30)
    seen = []
    for wanted in (0, 50, 50, 100):
        gradebook.attune.clock.advance(minutes=1)
        assert gradebook.attempt(gradebook.want(wanted)) == ACCEPTED
        seen.append(gradebook.shown())
    assert seen == [0, 50, 50, 100]
    sent = [call.body for call in gradebook.lms.calls("scores")]
    assert {body["gradingProgress"] for body in sent} == {"FullyGraded"}
    assert [body["scoreGiven"] for body in sent] == [0, 50, 100]
    assert not [body for body in sent if "comment" in body]


@pytest.mark.parametrize("gradebook", ["moodle"], indirect=True)
def test_what_a_teacher_wrote_in_moodle_stays_and_the_next_score_waits_for_a_person(gradebook: Gradebook) -> None:
    gradebook.place()
    gradebook.lms.teacher_grades("sam", 30)
    assert gradebook.attempt(gradebook.want(0)) == ACCEPTED  # Moodle answers so, and keeps what was overridden
    gradebook.attune.clock.advance(minutes=1)
    assert gradebook.attempt(gradebook.want(50)) == (DeliveryState.DIFFERS, None)
    assert gradebook.shown() == 30
    assert [call.body["scoreGiven"] for call in gradebook.lms.calls("scores")] == [0]


@pytest.mark.parametrize("gradebook", ["canvas"], indirect=True)
@pytest.mark.parametrize("place", ["token", "scores"])
def test_at_canvas_s_rate_limit_a_score_waits_and_then_arrives(gradebook: Gradebook, place: str) -> None:
    gradebook.place()
    gradebook.lms.misbehave(place, "rate-limit")
    delivery_id = gradebook.want(50)
    assert gradebook.attempt(delivery_id) == (DeliveryState.WAITING, "busy")
    assert gradebook.shown() is None
    gradebook.attune.clock.advance(seconds=20)
    assert gradebook.attempt(delivery_id) == ACCEPTED
    assert gradebook.shown() == 50


@pytest.mark.parametrize("gradebook", ["canvas"], indirect=True)
def test_a_draft_s_score_waits_for_a_person_and_arrives_once_it_is_published(gradebook: Gradebook) -> None:
    gradebook.place()
    (column,) = gradebook.lms.line_items()
    gradebook.lms.change_line_item(column, published=False)
    assert gradebook.attempt(gradebook.want(50)) == (DeliveryState.NEEDS_PERSON, "column_not_open")
    gradebook.lms.change_line_item(column, published=True)
    gradebook.attune.clock.advance(minutes=1)
    assert gradebook.attempt(gradebook.want(50)) == ACCEPTED
    assert gradebook.shown() == 50
