"""The end of a term: where a course goes on, and what no longer does in one that is kept for reading only."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lti_tool.lti.claims import Course
from lti_tool.services.asking import ask, recusal
from lti_tool.services.courses import course_life as life
from lti_tool.services.courses import path, places
from lti_tool.services.courses.places import NotHere
from lti_tool.services.notifying import reminders
from lti_tool.services.observations import answer, ending, finishing, read, replying, waiting
from lti_tool.store.courses import CourseRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.observation import State
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import INSTRUCTOR, World
from tests.lti_tool.services.several import begun_by, handed_in
from tests.lti_tool.services.terms import NEXT, course_of, days_go_by, next_term


def archive(world: World, *, call_off: bool = False) -> None:
    ines = world.visitor("ines")
    life.archive(world.session, ines, world.place(ines), call_off=call_off, now=world.now)
    world.session.flush()


def bring_back(world: World) -> None:
    ines = world.visitor("ines")
    life.bring_back(world.session, ines, world.place(ines), world.now)
    world.session.flush()


def state_of(world: World, observation_id: object) -> State:
    return world.session.scalars(select(ObservationRow.state).where(ObservationRow.id == observation_id)).one()


def refused(world: World) -> str:
    ines = world.visitor("ines")
    place = world.place(ines)
    try:
        life.goes_on(world.session, ines, place, place.course.id, world.now)
    except Refused as problem:
        return problem.code
    return ""


def test_a_course_goes_on_in_another_of_the_same_instructor(world: World) -> None:
    ines = world.visitor("ines")
    later_id, _ = next_term(world)
    place = world.place(ines)
    assert [one.id for one in life.choices(world.session, ines, place)] == [later_id]
    for _twice in range(2):
        life.goes_on(world.session, ines, place, later_id, world.now)
    assert [one.id for one in life.term_of(world.session, place).later] == [later_id]
    assert life.choices(world.session, ines, place) == ()
    for _twice in range(2):
        life.goes_on_no_more(world.session, ines, place, later_id, world.now)
    assert life.term_of(world.session, place).later == ()


def test_a_course_goes_on_from_one_at_a_time(world: World) -> None:
    ines = world.visitor("ines")
    later_id, _ = next_term(world)
    third = NEXT | {"context": Course(id="course-3", title="Another", label=None)}
    world.session.get_one(CourseRow, later_id).continues_id = world.enter("ines", INSTRUCTOR, **third).course_id
    world.session.flush()
    with pytest.raises(Refused, match="goes on from another one already"):
        life.goes_on(world.session, ines, world.place(ines), later_id, world.now)


def test_no_course_goes_on_in_itself_or_in_one_before_it(world: World) -> None:
    ines = world.visitor("ines")
    later_id, activity_id = next_term(world)
    place = world.place(ines)
    life.goes_on(world.session, ines, place, later_id, world.now)
    assert refused(world) == "goes_on_in_itself"
    later = places.place(world.session, ines, activity_id)
    with pytest.raises(Refused, match="comes before this one"):
        life.goes_on(world.session, ines, later, place.course.id, world.now)
    assert life.choices(world.session, ines, later) == ()


def test_a_course_goes_on_only_where_one_instructs(world: World) -> None:
    later_id, _ = next_term(world)
    jo, ines = world.visitor("jo"), world.visitor("ines")
    for who, course_id in ((jo, later_id), (ines, uuid4()), (ines, None)):
        with pytest.raises(NotHere):
            life.goes_on(world.session, who, world.place(ines), course_id, world.now)
    assert world.session.get_one(CourseRow, later_id).continues_id is None


def test_nothing_new_is_asked_for_rated_or_signed_in_a_course_for_reading_only(world: World) -> None:
    begun, answered = world.begin(), world.answered()
    archive(world)
    for act in (
        world.begin,
        lambda: ending.pause(world.session, world.visitor("jo"), begun, world.now),
        lambda: world.sign("jo", answered),
    ):
        with pytest.raises(Refused, match="kept for reading only"), world.session.begin_nested():
            act()
    assert (state_of(world, begun), state_of(world, answered)) == (State.IN_PROGRESS, State.ANSWERED)


def test_cap_d9_records_of_such_a_course_stay_to_be_read(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    archive(world)
    for who in ("sam", "jo"):
        record = read.read(world.session, world.visitor(who), observation_id, world.now)
        assert record.line.state is State.RELEASED
    mine = path.my_path(world.session, world.visitor("sam"), world.place(world.visitor("sam")), world.now)
    assert (mine.finished, [step.kind for step in mine.next_steps]) == (1, [path.StepKind.KEPT])


def test_ux_c6_consent_can_be_taken_back_there_and_a_course_can_be_opened_again(world: World) -> None:
    shared, begun, asked = world.share(), world.begin(), world.ask()
    archive(world)
    ask.withdraw(world.session, world.visitor("sam"), shared, world.now)
    ending.stop(world.session, world.visitor("sam"), begun, world.now)
    ending.cancel(world.session, world.visitor("sam"), asked, world.now)
    assert [state_of(world, one) for one in (shared, begun, asked)] == [
        State.WITHDRAWN, State.STOPPED, State.CANCELED,
    ]  # fmt: skip
    bring_back(world)
    assert course_of(world).archived_at is None
    assert world.share()


def test_cap_c11_a_conflict_can_be_declared_there_and_what_goes_on_by_it_waits_for_the_course(world: World) -> None:
    observation_id = begun_by(world, "jo", "amara")
    handed_in(world, "jo", observation_id)
    archive(world)
    recusal.declare(world.session, world.visitor("amara"), world.visitor("sam").person_id, world.now)
    assert state_of(world, observation_id) is State.IN_PROGRESS
    bring_back(world)
    assert state_of(world, observation_id) is State.SHARED


def test_cap_c11_a_conflict_while_something_is_rewritten_leaves_it_as_it_was_shared(world: World) -> None:
    observation_id = world.answered()
    replying.amend(world.session, world.visitor("jo"), observation_id, world.now)
    archive(world)
    recusal.declare(world.session, world.visitor("sam"), world.visitor("jo").person_id, world.now)
    assert state_of(world, observation_id) is State.ANSWERED


def test_no_time_runs_while_a_course_is_for_reading_only(world: World) -> None:
    observation_id = world.share()
    before = world.session.get_one(ObservationRow, observation_id).respond_until
    assert before is not None
    days_go_by(world, 2)
    archive(world)
    days_go_by(world, 100)
    bring_back(world)
    row = world.session.get_one(ObservationRow, observation_id, populate_existing=True)
    assert row.respond_until == before + timedelta(days=100)
    answer.answer(world.session, world.visitor("sam"), observation_id, words="It was good.", now=world.now)
    assert state_of(world, observation_id) is State.ANSWERED


def test_a_window_that_had_passed_before_stays_passed(world: World) -> None:
    observation_id = world.share()
    before = world.session.get_one(ObservationRow, observation_id).respond_until
    days_go_by(world, 30)
    archive(world)
    days_go_by(world, 100)
    bring_back(world)
    assert world.session.get_one(ObservationRow, observation_id, populate_existing=True).respond_until == before


def test_what_has_not_begun_is_called_off_only_where_that_was_chosen(world: World) -> None:
    asked, begun = world.ask(), world.begin()
    ines = world.visitor("ines")
    term = life.term_of(world.session, world.place(ines))
    assert (term.not_begun, term.begun, len(term.still_open)) == (1, 1, 2)
    archive(world)
    assert state_of(world, asked) in (State.REQUESTED, State.CONSENTED)
    bring_back(world)
    archive(world, call_off=True)
    assert (state_of(world, asked), state_of(world, begun)) == (State.CANCELED, State.IN_PROGRESS)


def test_nothing_waits_and_no_reminder_goes_out(world: World) -> None:
    world.answered()
    world.begin()
    jo = world.visitor("jo")
    assert waiting.waiting(world.session, jo, world.now).count == 2
    archive(world)
    assert waiting.waiting(world.session, jo, world.now).count == 0
    days_go_by(world, 4)
    assert reminders.note_all(world.session, world.now) == 0


def test_cap_p42_the_score_in_the_lms_stays_as_it_is(world: World) -> None:
    first = world.answered()
    assert world.sign("jo", first)
    second = world.answered()
    world.sign("jo", second)
    row = world.session.get_one(ObservationRow, second)
    before = world.session.scalars(select(DeliveryRow.desired_at)).all()
    archive(world)
    days_go_by(world, 1)
    assert finishing.finalize_due(world.session, world.now) == ()
    assert world.session.scalars(select(DeliveryRow.desired_at)).all() == before
    assert row.state is State.RELEASED


def test_twice_is_once(world: World) -> None:
    for _ in range(2):
        archive(world)
    for _ in range(2):
        bring_back(world)
    acts = select(AuditEntryRow.act, func.count()).where(AuditEntryRow.act.like("course.%")).group_by(AuditEntryRow.act)
    assert {row[0]: row[1] for row in world.session.execute(acts)} == {"course.archive": 1, "course.bring_back": 1}


def test_what_was_finished_in_an_earlier_term_stands_beside_and_does_not_count_there(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    later_id, activity_id = next_term(world, "sam")
    ines, sam = world.visitor("ines"), world.visitor("sam")
    later = places.place(world.session, sam, activity_id)
    assert life.finished_before(world.session, sam, later) == ()
    life.goes_on(world.session, ines, world.place(ines), later_id, world.now)
    later = places.place(world.session, sam, activity_id)
    beside = life.finished_before(world.session, sam, later)
    assert [line.id for line in beside] == [observation_id]
    assert path.my_path(world.session, sam, later, world.now).finished == 0
    assert life.finished_before(world.session, world.visitor("noor"), later) == ()
