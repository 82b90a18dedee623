"""What a Moodle, a Canvas and a strict LMS show, and what becomes of columns there, over real HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.delivery import DeliveryState
from grading.scores import ColumnShows
from lti_tool import column_work
from lti_tool.lti.pages import Patience
from lti_tool.practice import courses
from lti_tool.practice.records import LineItem
from lti_tool.queue import Kind
from lti_tool.safe_http import SafeHttp
from lti_tool.services.entering.visitors import Visitor, open_session, who_is_it
from lti_tool.services.scores import clearing, column_acts, column_changes, differing_scores, reading_back, send_lane
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow, PersonRow
from rubrics.sign_off import Assurance
from tests.lti_tool.test_scores_on_platforms import PROFILES, Gradebook
from tests.lti_tool.web.test_lists_of_lmss import connected


@dataclass
class Columns(Gradebook):
    """The same gradebook, whose columns are compared, made, changed and looked for as the worker does it."""

    asked: list[tuple[Kind, UUID]] = field(default_factory=list)

    @property
    def sessions(self):  # type: ignore[no-untyped-def]  # a sessionmaker
        return self.attune.sessions.writing

    @property
    def column_id(self) -> UUID:
        with self.attune.session() as session:
            found: UUID = session.scalars(select(LineItemRow.id).where(LineItemRow.column_id.is_(None))).one()
            return found

    def row(self, line_item_id: UUID | None = None) -> LineItemRow:
        with self.attune.session() as session:
            found: LineItemRow = session.get_one(LineItemRow, line_item_id or self.column_id)
            return found

    def cell(self, delivery_id: UUID) -> DeliveryRow:
        with self.attune.session() as session:
            found: DeliveryRow = session.get_one(DeliveryRow, delivery_id)
            return found

    def ines(self) -> Visitor:
        with self.attune.session() as session:
            sub = self.lms.user_id("ines")
            person = session.scalars(
                select(PersonRow)
                .join(LmsAccountRow, LmsAccountRow.person_id == PersonRow.id)
                .where(LmsAccountRow.sub == sub)
            ).one()
            token = open_session(
                session, organization_id=person.organization_id, person_id=person.id,
                assurance=Assurance.LAUNCH, now=self.attune.clock(),
            )  # fmt: skip
            found = who_is_it(session, token, self.attune.clock())
        assert found is not None
        return found

    def compare(self, line_item_id: UUID | None = None) -> None:
        """Some time goes by, and the column is compared."""
        compared = line_item_id or self.column_id
        self.attune.clock.advance(minutes=5)
        with self.attune.session() as session:
            reading_back.ask_at(session, compared, self.attune.clock())
        patience = Patience(self.attune.clock, lambda _seconds: None)
        column_work.read_back(self.sessions, SafeHttp(lab=True), compared, patience)

    def look(self, line_item_id: UUID | None = None) -> None:
        """The worker looks at what is to be done about the column."""
        self.attune.clock.advance(minutes=3)
        column_work.change_column(
            self.sessions, SafeHttp(lab=True), line_item_id or self.column_id, clock=self.attune.clock,
            ask_for=lambda kind, id_: self.asked.append((kind, id_)),
        )  # fmt: skip

    def drain(self) -> None:
        self.attune.clock.advance(minutes=1)
        send_lane.drain(self.sessions, SafeHttp(lab=True), self.row().registration_id, self.attune.clock)

    def items(self) -> tuple[LineItem, ...]:
        return self.lms.line_items()

    def want_in(self, line_item_id: UUID, score: int) -> UUID:
        """Another column than the first should show this for Sam."""
        with self.attune.session() as session:
            row = session.get_one(LineItemRow, line_item_id)
            sam = select(LmsAccountRow.person_id).where(LmsAccountRow.sub == self.lms.user_id("sam"))
            now = self.attune.clock()
            delivery = DeliveryRow(
                id=new_id(), organization_id=row.organization_id, line_item_id=row.id, attempts=0, desired_at=now,
                registration_id=row.registration_id, person_id=session.scalars(sam).one(), next_attempt_at=now,
                desired_score=Decimal(score), desired_maximum=Decimal(100), state=DeliveryState.WAITING,
            )  # fmt: skip
            session.add(delivery)
            return delivery.id

    def further(self) -> UUID:
        """A further column of the activity, as an instructor asks for it."""
        with self.attune.session() as session:
            first = session.scalars(select(LineItemRow)).one()
            owned = {"organization_id": first.organization_id}
            activity = session.scalars(select(ActivityRow)).one()
            column = ActivityColumnRow(
                id=new_id(), activity_id=activity.id, shows=ColumnShows.BEST, last_count=3, made_at=first.seen_at,
                made_by=session.scalars(select(PersonRow.id)).first(), **owned,
            )  # fmt: skip
            session.add(column)
            session.flush()
            row = LineItemRow(
                id=new_id(), column_id=column.id, registration_id=first.registration_id, label="Warm line: best",
                lti_resource_link_id=first.lti_resource_link_id, line_items_url=first.line_items_url,
                scopes=first.scopes, score_maximum=100, seen_at=first.seen_at, ours=True,
                change_at=self.attune.clock(), **owned,
            )  # fmt: skip
            session.add(row)
            return row.id


@pytest.fixture
def columns(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str) -> Iterator[Columns]:
    with connected(request.param, tmp_path / "lms", sqlite_url) as reading:
        yield Columns(reading.lms, reading.attune)


every_profile = pytest.mark.parametrize("columns", PROFILES, indirect=True)


def sent(columns: Columns, score: int = 50, maximum: float = 100) -> UUID:
    columns.place(maximum)
    delivery_id = columns.want(score)
    columns.drain()
    assert columns.cell(delivery_id).state is DeliveryState.ACCEPTED
    return delivery_id


@every_profile
def test_lti_a34_what_a_teacher_set_is_seen_and_stands_until_a_person_says_so(columns: Columns) -> None:
    sam = sent(columns, maximum=10)
    columns.compare()
    assert columns.cell(sam).state is DeliveryState.ACCEPTED
    columns.attune.clock.advance(minutes=1)
    columns.lms.teacher_grades("sam", 8)
    columns.compare()
    row = columns.cell(sam)
    assert (row.state, row.lms_score, row.lms_maximum) == (DeliveryState.DIFFERS, 8, 10)
    columns.drain()
    assert len(columns.lms.calls("scores")) == 1


@pytest.mark.parametrize("columns", ["strict", "canvas"], indirect=True)
def test_lti_a34_ours_is_sent_over_it_once_a_person_said_so(columns: Columns) -> None:
    sam = sent(columns)
    columns.lms.teacher_grades("sam", 80)
    columns.compare()
    with columns.attune.session() as session:
        assert differing_scores.decide_ours(session, columns.ines(), sam, columns.attune.clock()) == sam
    columns.drain()
    assert (columns.cell(sam).state, columns.shown()) == (DeliveryState.ACCEPTED, 50)
    columns.compare()
    assert columns.cell(sam).state is DeliveryState.ACCEPTED


@pytest.mark.parametrize("columns", ["moodle"], indirect=True)
def test_lti_a34_moodle_keeps_an_override_and_that_is_said_without_end(columns: Columns) -> None:
    sam = sent(columns)
    columns.lms.teacher_grades("sam", 80)
    columns.compare()
    with columns.attune.session() as session:
        differing_scores.decide_ours(session, columns.ines(), sam, columns.attune.clock())
    columns.drain()
    assert columns.cell(sam).state is DeliveryState.ACCEPTED
    for _ in range(2):
        columns.compare()
        columns.drain()
        row = columns.cell(sam)
        assert (row.state, row.answer, row.lms_score) == (DeliveryState.DIFFERS, "kept_by_lms", 80)
    assert len(columns.lms.calls("scores")) == 2


@every_profile
def test_a_cell_that_was_emptied_there_is_not_filled_again_by_itself(columns: Columns) -> None:
    sam = sent(columns)
    columns.lms.teacher_grades("sam", None)
    columns.compare()
    columns.drain()
    assert (columns.cell(sam).state, columns.cell(sam).lms_score) == (DeliveryState.DIFFERS, None)
    assert len(columns.lms.calls("scores")) == 1


@every_profile
def test_lti_a24_a_cell_is_emptied_by_a_person_s_act_and_a_newer_score_goes_out_again(columns: Columns) -> None:
    sam = sent(columns)
    with columns.attune.session() as session:
        assert clearing.ask_to_clear(session, columns.ines(), sam, columns.attune.clock()) == sam
    columns.drain()
    assert (columns.cell(sam).state, columns.cell(sam).to_clear, columns.shown()) == (
        DeliveryState.CLEARED, False, None,
    )  # fmt: skip
    columns.compare()
    assert columns.cell(sam).state is DeliveryState.CLEARED
    assert columns.attempt(columns.want(75)) == (DeliveryState.ACCEPTED, "accepted")
    assert columns.shown() == 75


@every_profile
def test_a_further_column_is_made_once_and_gets_its_scores(columns: Columns) -> None:
    columns.place()
    further = columns.further()
    columns.look(further)
    assert columns.row(further).url is not None
    assert columns.row(further).change_at is None
    assert [item.label for item in columns.items()] == ["Warm line", "Warm line: best"]
    assert columns.asked == [(Kind.PLATFORM, columns.row().registration_id)]
    with columns.attune.session() as session:
        row = session.get_one(LineItemRow, further)
        row.url, row.change_at = None, columns.attune.clock()  # the answer to the first attempt was lost
    columns.look(further)
    assert len(columns.items()) == 2
    assert columns.row(further).url is not None


@pytest.mark.parametrize("columns", ["canvas"], indirect=True)
def test_a_further_column_stands_without_the_link_where_that_would_keep_it_out_of_the_gradebook(
    columns: Columns,
) -> None:
    columns.place()
    columns.look(columns.further())
    assert [bool(item.activity_id) for item in columns.items()] == [True, False]


@every_profile
def test_lti_a09_a_column_gets_another_name_and_keeps_all_else(columns: Columns) -> None:
    columns.place()
    further = columns.further()
    columns.look(further)
    before = columns.items()[-1]
    with columns.attune.session() as session:
        row = session.get_one(LineItemRow, further)
        row.wanted_label, row.wanted_maximum, row.change_at = "The best", 50, columns.attune.clock()
    columns.look(further)
    after = columns.items()[-1]
    assert (after.label, after.maximum) == ("The best", 50)
    assert (after.resource_id, after.tag, after.activity_id) == (before.resource_id, before.tag, before.activity_id)
    row = columns.row(further)
    assert (row.label, row.score_maximum, row.wanted_label, row.wanted_maximum, row.change_at) == (
        "The best", 50, None, None, None,
    )  # fmt: skip


@pytest.mark.parametrize("columns", ["strict", "moodle"], indirect=True)
def test_a_maximum_is_not_changed_any_more_once_scores_are_there(columns: Columns) -> None:
    sent(columns)
    with columns.attune.session() as session:
        row = session.get_one(LineItemRow, columns.column_id)
        row.wanted_label, row.wanted_maximum, row.change_at = "Warm", 50, columns.attune.clock()
    columns.look()
    assert [(item.label, item.maximum) for item in columns.items()] == [("Warm", 100)]
    assert columns.row().change_at is None


@every_profile
def test_a_deleted_column_is_looked_for_then_said_to_be_gone_and_never_made_by_itself(columns: Columns) -> None:
    sam = sent(columns)
    columns.lms.remove_activity(columns.lms.activities()[-1])
    columns.want(75)
    columns.drain()
    assert columns.row().gone_at is None
    columns.look()
    assert columns.row().gone_at is not None
    columns.drain()
    assert columns.items() == ()
    assert columns.cell(sam).state is DeliveryState.WAITING  # nothing is lost


@pytest.mark.parametrize("columns", ["strict", "moodle", "canvas"], indirect=True)
def test_a_further_column_that_was_deleted_is_made_again_when_a_person_says_so_and_all_is_sent_anew(
    columns: Columns,
) -> None:
    columns.place()
    further = columns.further()
    columns.look(further)
    sam = columns.want_in(further, 50)
    columns.drain()
    assert columns.cell(sam).state is DeliveryState.ACCEPTED
    courses.remove_line_item(columns.lms.platform, columns.items()[-1])
    columns.compare(further)
    columns.look(further)
    assert columns.row(further).gone_at is not None
    with columns.attune.session() as session:
        column_acts.make_again(session, columns.ines(), further, columns.attune.clock())
    columns.look(further)
    columns.drain()
    assert (columns.cell(sam).state, len(columns.items())) == (DeliveryState.ACCEPTED, 2)
    assert columns.shown() == 50


@every_profile
def test_a_column_that_the_lms_only_stumbled_over_goes_on_as_it_was(columns: Columns) -> None:
    sam = sent(columns)
    with columns.attune.session() as session:
        column_changes.seen_gone(session, columns.column_id, columns.attune.clock())
    columns.want(75)
    columns.drain()
    assert columns.cell(sam).state is DeliveryState.WAITING
    columns.look()
    columns.drain()
    assert (columns.cell(sam).state, columns.shown()) == (DeliveryState.ACCEPTED, 75)
    assert columns.row().gone_at is None


@every_profile
def test_nothing_is_sent_to_a_column_that_was_stopped_and_what_waited_goes_out_once_it_goes_on(
    columns: Columns,
) -> None:
    sam = sent(columns)
    with columns.attune.session() as session:
        column_acts.stop(session, columns.ines(), columns.column_id, columns.attune.clock())
    columns.want(75)
    columns.drain()
    assert columns.shown() == 50
    with columns.attune.session() as session:
        column_acts.go_on(session, columns.ines(), columns.column_id, columns.attune.clock())
    columns.drain()
    assert (columns.cell(sam).state, columns.shown()) == (DeliveryState.ACCEPTED, 75)


@every_profile
def test_what_the_column_is_called_and_of_there_is_noted_when_it_is_compared(columns: Columns) -> None:
    sent(columns)
    columns.lms.change_line_item(columns.items()[0], label="Renamed there")
    columns.compare()
    assert columns.row().label == "Renamed there"
    assert columns.row().score_maximum == 100
