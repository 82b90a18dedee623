"""What a gradebook column shows: looked at first, chosen, added, put away, and everybody's score with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import event, select

from grading.delivery import DeliveryState
from grading.scores import Column, ColumnShows, DesiredScore, Nothing
from lti_tool.services.authoring import author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.scores import column_items, column_names, column_previews, columns, deliver, lanes, send_claims
from lti_tool.services.scores.column_names import Fixed
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import RegistrationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.observation import State
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import INSTRUCTOR, TRAINEE, MakeWorld, World
from tests.lti_tool.services.observed_rows import observed
from tests.rubrics.making import a_criterion, a_rubric

BEST = Column(ColumnShows.BEST, 2)


def of_100(score: str) -> DesiredScore:
    return DesiredScore(Decimal(score), Decimal(100))


@pytest.fixture
def practiced(make_world: MakeWorld) -> World:
    """Two are required: Sam has two, of which the second one is better; Noor one that does not meet what must be."""
    world = make_world(required=2)
    sam, noor = world.visitor("sam").person_id, world.visitor("noor").person_id
    observed(world, sam, 2)
    observed(world, sam, 5, days=1)
    observed(world, noor, 5, must=2)
    deliver.desire_for_all(world.session, world.activity_id, world.now)
    return world


def item(world: World) -> LineItemRow:
    return world.session.scalars(select(LineItemRow).where(LineItemRow.activity_id == world.activity_id)).one()


def cells(world: World, line_item_id: UUID | None = None) -> dict[str, DeliveryRow]:
    wanted = line_item_id or item(world).id
    rows = world.session.execute(
        select(PersonRow.name, DeliveryRow)
        .join(DeliveryRow, DeliveryRow.person_id == PersonRow.id)
        .where(DeliveryRow.line_item_id == wanted)
        .execution_options(populate_existing=True)
    )
    return {(name or "").split()[0].lower(): row for name, row in rows}


def scores(world: World, line_item_id: UUID | None = None) -> dict[str, DesiredScore]:
    return {
        who: DesiredScore(row.desired_score, row.desired_maximum)
        for who, row in cells(world, line_item_id).items()
        if row.state is not DeliveryState.NEEDS_PERSON
    }


def accept(world: World, line_item_id: UUID | None = None) -> None:
    """The LMS took everything."""
    for row in cells(world, line_item_id).values():
        row.sent_at = row.accepted_at = world.now
        row.sent_score = row.accepted_score = row.desired_score
        row.sent_maximum = row.accepted_maximum = row.desired_maximum
        row.state, row.next_attempt_at = DeliveryState.ACCEPTED, None
    world.session.flush()


def choose(world: World, shows: ColumnShows, last: int = 3) -> columns.Done:
    ines = world.visitor("ines")
    return columns.choose(world.session, ines, world.place(ines), Column(shows, 2, last), world.now)


def add(world: World, shows: ColumnShows = ColumnShows.BEST) -> LineItemRow:
    ines = world.visitor("ines")
    columns.add(world.session, ines, world.place(ines), Column(shows, 2), f"Practice: {shows}", world.now)
    made = select(LineItemRow).join(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
    return world.session.scalars(made.where(ActivityColumnRow.shows == shows)).one()


def look(world: World, column: Column, line_item_id: UUID | None = None) -> column_previews.Preview:
    return column_previews.preview(world.session, world.place(world.visitor("ines")), column, line_item_id)


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_before_it_is_switched_on_each_trainees_cell_is_shown_as_it_is_and_as_it_would_be(practiced: World) -> None:
    accept(practiced)
    noor, sam = look(practiced, BEST, item(practiced).id).cells
    assert (sam.now, sam.then, sam.changes) == (of_100("100"), of_100("100"), False)
    assert (noor.now, noor.then, noor.why) == (of_100("50"), None, Nothing.NOT_MET)
    found = look(practiced, Column(ColumnShows.RUBRIC_RESULT, 2), item(practiced).id)
    assert [(cell.person_name.split()[0], cell.then) for cell in found.cells] == [
        ("Noor", None), ("Sam", of_100("70")),
    ]  # fmt: skip
    assert (found.changing, found.staying_behind) == (1, 1)


def test_looking_at_a_choice_changes_nothing(practiced: World) -> None:
    before = scores(practiced)
    for shows in ColumnShows:
        look(practiced, Column(shows, 2), item(practiced).id)
    assert scores(practiced) == before
    assert not practiced.session.dirty


@pytest.mark.parametrize(
    ("shows", "sam"),
    [
        (ColumnShows.RUBRIC_RESULT, of_100("70")),
        (ColumnShows.LATEST, of_100("100.00")),
        (ColumnShows.MEAN_OF_LAST, of_100("70")),
        (ColumnShows.COUNT, DesiredScore(Decimal(2), Decimal(2))),
        (ColumnShows.MET, of_100("100")),
    ],
)
def test_a_choice_works_out_everybody_anew_in_the_same_transaction(
    practiced: World, shows: ColumnShows, sam: DesiredScore
) -> None:
    choose(practiced, shows)
    assert scores(practiced)["sam"] == sam


def test_a_choice_that_leaves_a_cell_without_a_number_asks_a_person_and_empties_nothing(practiced: World) -> None:
    accept(practiced)
    choose(practiced, ColumnShows.LATEST)
    noor = cells(practiced)["noor"]
    assert (noor.state, noor.accepted_score) == (DeliveryState.NEEDS_PERSON, 50)


def test_a_choice_that_leaves_no_number_before_anything_was_sent_sends_nothing(practiced: World) -> None:
    choose(practiced, ColumnShows.LATEST)
    assert set(cells(practiced)) == {"sam"}


def test_the_same_choice_twice_changes_nothing(practiced: World) -> None:
    choose(practiced, ColumnShows.BEST)
    before = practiced.session.query(AuditEntryRow).count()
    assert choose(practiced, ColumnShows.BEST) == columns.Done()
    assert practiced.session.query(AuditEntryRow).count() == before


def test_a_score_of_a_person_in_the_lms_does_not_give_way_to_a_choice(practiced: World) -> None:
    accept(practiced)
    row = cells(practiced)["sam"]
    row.state, row.lms_score, row.lms_maximum = DeliveryState.LET_STAND, Decimal(90), Decimal(100)
    practiced.session.flush()
    choose(practiced, ColumnShows.RUBRIC_RESULT)
    assert cells(practiced)["sam"].state is DeliveryState.DIFFERS


def test_a_further_column_is_to_be_made_in_the_lms_and_has_its_own_scores(practiced: World) -> None:
    further = add(practiced)
    assert (further.url, further.ours, further.change_at) == (None, True, practiced.now)
    assert (further.label, further.score_maximum) == ("Practice: best", 100)
    assert scores(practiced, further.id) == {"sam": of_100("100")}
    assert scores(practiced) == {"sam": of_100("100"), "noor": of_100("50")}


def test_a_count_is_out_of_how_many_are_required_in_the_lms_too(practiced: World) -> None:
    assert add(practiced, ColumnShows.COUNT).score_maximum == 2


def test_adding_the_same_column_twice_adds_one(practiced: World) -> None:
    assert add(practiced).id == add(practiced).id


def test_a_signature_changes_every_column_of_its_activity(make_world: MakeWorld) -> None:
    world = make_world(required=2)
    further = add(world)
    world.sign("jo", world.answered())
    assert scores(world) == {"sam": of_100("50")}
    assert scores(world, further.id) == {"sam": of_100("80")}


def test_a_column_that_was_put_away_gets_nothing_more_and_the_lms_keeps_what_it_shows(practiced: World) -> None:
    further = add(practiced)
    accept(practiced, further.id)
    ines = practiced.visitor("ines")
    assert further.column_id is not None
    for _ in range(2):
        columns.put_away(practiced.session, ines, practiced.place(ines), further.column_id, practiced.now)
    observed(practiced, practiced.visitor("noor").person_id, 5, days=2)
    assert deliver.desire_for_all(practiced.session, practiced.activity_id, practiced.now)
    assert set(cells(practiced, further.id)) == {"sam"}
    assert further.stopped_by == ines.person_id


def test_what_never_left_goes_with_a_column_that_is_put_away(practiced: World) -> None:
    further = add(practiced)
    ines = practiced.visitor("ines")
    assert further.column_id is not None
    columns.put_away(practiced.session, ines, practiced.place(ines), further.column_id, practiced.now)
    assert cells(practiced, further.id) == {}


def test_a_column_that_was_put_away_is_taken_up_again_and_not_made_a_second_time(practiced: World) -> None:
    further = add(practiced)
    accept(practiced, further.id)
    ines = practiced.visitor("ines")
    assert further.column_id is not None
    columns.put_away(practiced.session, ines, practiced.place(ines), further.column_id, practiced.now)
    observed(practiced, practiced.visitor("noor").person_id, 5, days=2)
    again = add(practiced)
    assert (again.id, again.stopped_at) == (further.id, None)
    assert scores(practiced, further.id) == {"sam": of_100("100"), "noor": of_100("100")}


def test_taken_up_again_a_score_of_a_person_in_the_lms_is_asked_about_before_ours_goes_over_it(
    practiced: World,
) -> None:
    further = add(practiced)
    accept(practiced, further.id)
    ines = practiced.visitor("ines")
    row = cells(practiced, further.id)["sam"]
    row.state, row.lms_score, row.lms_maximum = DeliveryState.DIFFERS, Decimal(70), Decimal(100)
    row.lms_read_at = practiced.now + timedelta(minutes=1)
    practiced.session.flush()
    assert further.column_id is not None
    columns.put_away(practiced.session, ines, practiced.place(ines), further.column_id, practiced.now)
    add(practiced)
    further.url, further.change_at = "https://lms.example/items/9", None
    practiced.session.flush()
    taken = send_claims.claim(practiced.session, further.registration_id, practiced.now, most=50)
    assert {one.before.decided_over for one in taken if one.delivery_id == row.id} == {None}


def test_a_column_that_shows_what_another_one_shows_is_not_added(practiced: World) -> None:
    with pytest.raises(Refused, match="shows that already"):
        add(practiced, ColumnShows.COMPLETION)
    add(practiced)
    with pytest.raises(Refused, match="shows that already"):
        choose(practiced, ColumnShows.BEST)


@pytest.mark.parametrize("last", [0, 21])
def test_a_mean_is_taken_over_1_to_20(practiced: World, last: int) -> None:
    with pytest.raises(Refused, match="from"):
        choose(practiced, ColumnShows.MEAN_OF_LAST, last)


def test_where_every_criterion_must_be_met_nothing_is_averaged(practiced: World) -> None:
    rubric = a_rubric(a_criterion(must_be_met=True))
    version_id = author.publish_rubric(practiced.session, practiced.organization_id, rubric, now=practiced.now)
    practiced.session.get_one(ActivityRow, practiced.activity_id).rubric_version_id = version_id
    practiced.session.flush()
    for shows in (ColumnShows.BEST, ColumnShows.MEAN_OF_LAST):
        with pytest.raises(Refused, match="never averaged"):
            choose(practiced, shows)


def test_only_instructors_choose_and_only_columns_of_the_activity_are_put_away(practiced: World) -> None:
    sam, ines = practiced.visitor("sam"), practiced.visitor("ines")
    with pytest.raises(Refused):
        columns.choose(practiced.session, sam, practiced.place(sam), BEST, practiced.now)
    with pytest.raises(NotHere):
        columns.put_away(practiced.session, ines, practiced.place(ines), new_id(), practiced.now)


def test_scores_of_a_column_that_is_stopped_or_gone_are_noted_and_wait(practiced: World) -> None:
    (before,) = [row for who, row in cells(practiced).items() if who == "sam"]
    item(practiced).gone_at = practiced.now
    practiced.session.flush()
    assert lanes.due(practiced.session, practiced.now) == ()
    choose(practiced, ColumnShows.RUBRIC_RESULT)
    row = cells(practiced)["sam"]
    assert (row.id, row.state, row.desired_score) == (before.id, DeliveryState.WAITING, 70)
    item(practiced).gone_at = None
    practiced.session.flush()
    assert lanes.platform_of(practiced.session, row.id, practiced.now) == practiced.registration_id


def test_scores_that_came_in_the_moment_of_their_column_are_found(practiced: World) -> None:
    further = add(practiced)
    practiced.session.query(DeliveryRow).delete()
    found = deliver.desire_overlooked(practiced.session, practiced.now + timedelta(minutes=10))
    assert len(found) == 3
    assert set(cells(practiced, further.id)) == {"sam"}
    assert deliver.desire_overlooked(practiced.session, practiced.now + timedelta(minutes=20)) == ()


def test_what_was_released_long_before_its_column_is_not_looked_for_again_and_again(practiced: World) -> None:
    practiced.session.query(DeliveryRow).delete()
    for row in practiced.session.scalars(select(ObservationRow).where(ObservationRow.state == State.RELEASED)):
        row.released_at = practiced.now - timedelta(days=2)
    practiced.session.flush()
    assert deliver.desire_overlooked(practiced.session, practiced.now) == ()


def test_many_people_take_as_many_statements_as_few(practiced: World) -> None:
    add(practiced)
    choose(practiced, ColumnShows.LATEST)
    with counted(practiced) as few:
        choose(practiced, ColumnShows.COMPLETION)
    for number in range(30):
        observed(practiced, practiced.visitor(f"trainee-{number}", TRAINEE).person_id)
    deliver.desire_for_all(practiced.session, practiced.activity_id, practiced.now)
    choose(practiced, ColumnShows.LATEST)
    with counted(practiced) as many:
        choose(practiced, ColumnShows.COMPLETION)
    assert len(many) <= len(few) + 1


def test_a_name_and_a_maximum_are_asked_for_once_and_told_to_the_worker(practiced: World) -> None:
    ines = practiced.visitor("ines")
    place = practiced.place(ines)
    practiced.session.query(RegistrationRow).update({"family": "other"})
    row = add(practiced)
    row.scopes, row.change_at = ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"], None
    practiced.session.flush()
    asked = column_names.change(practiced.session, ines, place, row.id, "Best practice", 20, practiced.now)
    assert asked == (row.id,)
    for much in (0, column_names.LARGEST_MAXIMUM + 1):
        with pytest.raises(Refused, match="a number from 1"):
            column_names.change(practiced.session, ines, place, row.id, "Best practice", much, practiced.now)
    assert (row.wanted_label, row.wanted_maximum, row.change_at) == ("Best practice", 20, practiced.now)
    assert column_names.change(practiced.session, ines, place, row.id, "Best practice", 20, practiced.now) == ()


def test_after_the_first_score_the_maximum_stays_and_the_name_can_change(practiced: World) -> None:
    ines = practiced.visitor("ines")
    place = practiced.place(ines)
    row = item(practiced)
    row.scopes = ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"]
    accept(practiced)
    assert column_names.in_lms(practiced.session, place)[row.id].maximum_fixed is Fixed.SCORED
    with pytest.raises(Refused, match="maximum stays"):
        column_names.change(practiced.session, ines, place, row.id, row.label, 20, practiced.now)
    assert column_names.change(practiced.session, ines, place, row.id, "Other", None, practiced.now) == (row.id,)


def test_a_column_that_the_lms_lets_nobody_change_stays_as_it_is(practiced: World) -> None:
    ines = practiced.visitor("ines")
    row = item(practiced)
    row.scopes = []
    practiced.session.flush()
    place = practiced.place(ines)
    assert column_names.in_lms(practiced.session, place)[row.id].label_fixed is Fixed.NOT_OFFERED
    with pytest.raises(Refused, match="in the LMS"):
        column_names.change(practiced.session, ines, place, row.id, "Other", None, practiced.now)
    with pytest.raises(NotHere):
        column_names.change(practiced.session, ines, place, new_id(), "Other", None, practiced.now)


def test_further_columns_get_their_line_item_once_the_lms_offers_the_first_one(make_world: MakeWorld) -> None:
    world = make_world(required=2)
    world.session.delete(item(world))
    world.session.flush()
    ines = world.visitor("ines")
    columns.add(world.session, ines, world.place(ines), BEST, "Practice: best", world.now)
    assert world.session.scalars(select(LineItemRow)).all() == []
    world.enter("ines", INSTRUCTOR)
    (made,) = column_items.ask_for_line_items(world.session, world.activity_id, world.now) or [None]
    further = world.session.scalars(select(LineItemRow).where(LineItemRow.column_id.is_not(None))).one()
    assert made in (None, further.id)
    assert world.session.get_one(ActivityRow, world.activity_id).title in further.label
