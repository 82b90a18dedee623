"""A time that is agreed by everybody, never two at once; who has a part; proposals that the trainee decides."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.asking import ask, replacing, times
from lti_tool.services.asking.possible_observers import possible_observers
from lti_tool.services.courses import path
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations import ending, lines, observe
from lti_tool.store.assignments import AssignedAs, AssignmentRow, ConflictRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverState
from rubrics.consent import PersonServed
from rubrics.observation import Mode, State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.times import Span
from tests.lti_tool.services.conftest import MakeWorld, World


def span(world: World, hours: float = 24, length: float = 1) -> Span:
    starts_at = world.now + timedelta(hours=hours)
    return Span(starts_at, starts_at + timedelta(hours=length))


def asked(world: World, trainee: str = "sam", *observers: str, time: Span | None = None) -> UUID:
    visitor = world.visitor(trainee)
    first, *others = (world.visitor(name).person_id for name in observers or ("jo",))
    return ask.request(
        world.session, visitor, world.place(visitor), observer_id=first, mode=Mode.ROLE_PLAY, recorded=False,
        note="Please sit behind me.", now=world.now,
        further=ask.Further(observers=tuple(others), time=time, where="Room 4"),
    )  # fmt: skip


def row(world: World, observation_id: UUID) -> ObservationRow:
    return world.session.get_one(ObservationRow, observation_id)


def line(world: World, observation_id: UUID) -> lines.ObservationLine:
    world.session.flush()
    return lines.line(world.session, world.organization_id, observation_id)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def two_observers(world: World) -> World:
    world.session.get_one(ActivityRow, world.activity_id).observers = 2
    world.session.flush()
    return world


def test_cap_c1_a_time_holds_once_everybody_has_agreed_to_it(world: World) -> None:
    two_observers(world)
    observation_id = asked(world, "sam", "jo", "amara", time=span(world))
    states = [row(world, observation_id).state]
    for who in ("jo", "amara"):
        times.agree(world.session, world.visitor(who), observation_id, world.now)
        states.append(row(world, observation_id).state)
    assert states == [State.REQUESTED, State.REQUESTED, State.CONSENTED]
    assert row(world, observation_id).proposed_by is None


def test_saying_yes_twice_changes_nothing(world: World) -> None:
    observation_id = asked(world, time=span(world))
    for _ in range(2):
        times.agree(world.session, world.visitor("jo"), observation_id, world.now)
    assert row(world, observation_id).state is State.CONSENTED


def test_without_a_time_an_observer_says_yes_and_it_can_begin_at_once(world: World) -> None:
    observation_id = asked(world)
    times.agree(world.session, world.visitor("jo"), observation_id, world.now)
    assert [one.state for one in line(world, observation_id).observers] == [ObserverState.AGREED]
    assert row(world, observation_id).state is State.CONSENTED


def test_nobody_has_two_appointments_at_once_whether_observing_or_observed(world: World) -> None:
    jo, sam = world.visitor("jo"), world.visitor("sam")
    first = asked(world, time=span(world))
    times.agree(world.session, jo, first, world.now)
    assert code(lambda: asked(world, "sam", "amara", time=span(world, 24.5))) == "double_booked"
    of_noor = asked(world, "noor", time=span(world, 23.5))
    assert code(lambda: times.agree(world.session, jo, of_noor, world.now)) == "double_booked"
    right_after = asked(world, "noor", time=span(world, 25))
    times.agree(world.session, jo, right_after, world.now)
    assert code(lambda: times.propose(world.session, jo, of_noor, span(world), where=None, now=world.now)) == (
        "double_booked"
    )
    ending.cancel(world.session, sam, first, world.now)
    times.agree(world.session, jo, of_noor, world.now)


def test_somebody_elses_appointment_is_never_named(world: World) -> None:
    asked_amara = asked(world, "sam", "amara", time=span(world))
    asked_jo = asked(world, "sam", "jo", time=span(world))
    times.agree(world.session, world.visitor("jo"), asked_jo, world.now)
    with pytest.raises(Refused) as refused:
        times.agree(world.session, world.visitor("amara"), asked_amara, world.now)
    assert refused.value.code == "not_free_any_more"
    assert not refused.value.values
    assert "Jo" not in refused.value.sentence


def test_two_who_agree_at_once_get_one_appointment(sessions: sessionmaker[Session], make_world: MakeWorld) -> None:
    world = make_world()
    asked_of_jo = [asked(world, trainee, "jo", time=span(world)) for trainee in ("sam", "noor")]
    jo = world.visitor("jo")
    world.session.commit()
    barrier = Barrier(2)

    def agree(observation_id: UUID) -> str:
        with sessions() as session:
            barrier.wait(timeout=120)
            try:
                times.agree(session, jo, observation_id, world.now)
            except Refused as refused:
                session.rollback()
                return refused.code
            session.commit()
            return "agreed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(agree, asked_of_jo)) == ["agreed", "double_booked"]


def test_a_time_that_is_over_cannot_be_agreed_to(world: World) -> None:
    observation_id = asked(world, time=span(world))
    late = world.now + timedelta(days=2)
    assert code(lambda: times.agree(world.session, world.visitor("jo"), observation_id, late)) == "time_is_over"


def test_what_passed_without_a_beginning_can_be_said_not_to_have_taken_place(world: World) -> None:
    observation_id = asked(world, time=span(world))
    times.agree(world.session, world.visitor("jo"), observation_id, world.now)
    ines = world.visitor("ines")
    times.not_hold(world.session, ines, observation_id, world.now + timedelta(days=3))
    assert (row(world, observation_id).state, row(world, observation_id).where) == (State.NOT_HELD, None)
    with pytest.raises(NotHere):
        times.not_hold(world.session, world.visitor("noor"), observation_id, world.now)


def test_with_several_observers_one_who_cannot_ends_only_their_part(world: World) -> None:
    two_observers(world)
    observation_id = asked(world, "sam", "jo", "amara", time=span(world))
    times.agree(world.session, world.visitor("amara"), observation_id, world.now)
    ending.decline(world.session, world.visitor("jo"), observation_id, world.now)
    seen = line(world, observation_id)
    assert (seen.state, seen.observer_names, seen.needed_observers) == (State.CONSENTED, ("Amara Example",), 1)
    with pytest.raises(NotHere):
        ending.decline(world.session, world.visitor("jo"), observation_id, world.now)
    ending.decline(world.session, world.visitor("amara"), observation_id, world.now)
    assert (row(world, observation_id).state, row(world, observation_id).note) == (State.DECLINED, None)


def test_ux_c3_somebody_else_is_asked_in_the_place_of_one_who_cannot(world: World) -> None:
    two_observers(world)
    world.grant(world.visitor("kim", ()), Lane.PEER)
    sam = world.visitor("sam")
    observation_id = asked(world, "sam", "jo", "amara", time=span(world))
    for who in ("jo", "amara"):
        times.agree(world.session, world.visitor(who), observation_id, world.now)
    assert code(lambda: replace(world, sam, observation_id, "kim")) == "all_there"
    ending.decline(world.session, world.visitor("jo"), observation_id, world.now)
    assert code(lambda: replace(world, sam, observation_id, "jo")) == "not_an_observer"
    replace(world, sam, observation_id, "kim")
    seen = line(world, observation_id)
    assert (seen.state, seen.observer_names, seen.needed_observers) == (
        State.REQUESTED, ("Amara Example", "Kim Example"), 2,
    )  # fmt: skip
    times.agree(world.session, world.visitor("kim"), observation_id, world.now)
    assert row(world, observation_id).state is State.CONSENTED


def test_once_it_has_begun_nobody_is_asked_instead(world: World) -> None:
    observation_id = world.begin()
    with pytest.raises(Refused):
        replace(world, world.visitor("sam"), observation_id, by="jo", instead_of="amara")


def replace(world: World, visitor: Visitor, observation_id: UUID, by: str, instead_of: str | None = None) -> None:
    replacing.replace(
        world.session, visitor, observation_id,
        person_id=world.visitor(instead_of).person_id if instead_of else None,
        by_id=world.visitor(by).person_id, now=world.now,
    )  # fmt: skip


def test_as_many_observers_as_the_activity_wants_are_asked(world: World) -> None:
    two_observers(world)
    assert code(lambda: asked(world, "sam", "jo")) == "observers_needed"
    assert code(lambda: asked(world, "sam", "jo", "jo")) == "observers_needed"


def test_ux_o4_with_a_conflict_nobody_is_offered_or_taken(world: World) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    world.session.add(
        ConflictRow(
            organization_id=world.organization_id, declared_by=jo.person_id, about_id=sam.person_id,
            declared_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    offered = possible_observers(world.session, sam.person_id, world.place(sam).course.id)
    assert [one.name for one in offered] == ["Amara Example"]
    assert code(lambda: asked(world)) == "not_an_observer"


def test_those_who_are_assigned_to_the_trainee_are_offered_first(world: World) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    world.session.add(
        AssignmentRow(
            organization_id=world.organization_id, course_id=world.place(sam).course.id, trainee_id=sam.person_id,
            person_id=jo.person_id, assigned_as=AssignedAs.OBSERVER, assigned_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    offered = possible_observers(world.session, sam.person_id, world.place(sam).course.id)
    assert [(one.name, one.assigned) for one in offered] == [("Jo Example", True), ("Amara Example", False)]
    proposal = ask.Proposal(sam.person_id, (jo.person_id,), Mode.LIVE, recorded=False, time=span(world))
    observation_id = ask.propose(world.session, jo, world.place(jo), proposal, world.now)
    assert [one.state for one in line(world, observation_id).observers] == [ObserverState.AGREED]
    with pytest.raises(NotHere):
        ask.propose(world.session, world.visitor("amara"), world.place(jo), proposal, world.now)


def test_ux_c6_nothing_is_agreed_before_the_trainee_consents_to_what_was_proposed(world: World) -> None:
    sam, jo, ines = (world.visitor(who) for who in ("sam", "jo", "ines"))
    proposal = ask.Proposal(sam.person_id, (jo.person_id,), Mode.LIVE, recorded=True, time=span(world))
    observation_id = ask.propose(world.session, ines, world.place(ines), proposal, world.now)
    times.agree(world.session, jo, observation_id, world.now)
    assert code(lambda: times.agree(world.session, sam, observation_id, world.now)) == "consent_first"
    assert code(lambda: observe.person_served(world.session, jo, observation_id, PersonServed.YES, world.now)) == (
        "not_now"
    )
    kinds = [step.kind for step in path.my_path(world.session, sam, world.place(sam), world.now).next_steps]
    assert kinds == [path.StepKind.DECIDE]
    ask.consent(world.session, sam, observation_id, mode=Mode.ROLE_PLAY, recorded=False, now=world.now)
    seen = line(world, observation_id)
    assert (seen.state, seen.mode) == (State.CONSENTED, Mode.ROLE_PLAY)
    assert code(
        lambda: ask.consent(world.session, sam, observation_id, mode=Mode.LIVE, recorded=True, now=world.now)
    ) == ("not_now")


def test_ux_c6_what_was_only_proposed_is_taken_back_before_anything_was_agreed_to(world: World) -> None:
    sam, jo, ines = (world.visitor(who) for who in ("sam", "jo", "ines"))
    proposal = ask.Proposal(sam.person_id, (jo.person_id,), Mode.LIVE, recorded=True, time=span(world))
    observation_id = ask.propose(world.session, ines, world.place(ines), proposal, world.now)
    ask.withdraw(world.session, sam, observation_id, world.now)
    assert line(world, observation_id).state is State.WITHDRAWN


def test_the_path_of_a_trainee_says_what_waits_for_them(world: World) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    observation_id = asked(world, time=span(world))

    def step(days: float = 0) -> path.NextStep:
        then = world.now + timedelta(days=days)
        return path.my_path(world.session, sam, world.place(sam), then).next_steps[0]

    assert (step().kind, step().until) == (path.StepKind.WAIT, world.now + timedelta(days=5))
    times.propose(world.session, jo, observation_id, span(world, 48), where=None, now=world.now)
    assert step().kind is path.StepKind.AGREE
    times.agree(world.session, sam, observation_id, world.now)
    assert (step().kind, step().until) == (path.StepKind.WAIT, None)
    assert step(days=4).kind is path.StepKind.DID_IT
    ending.cancel(world.session, sam, observation_id, world.now)
    mine = path.my_path(world.session, sam, world.place(sam), world.now)
    assert (mine.observations, [one.id for one in mine.ended]) == ((), [observation_id])


def test_ux_s8_ux_o2_a_pause_keeps_everything_and_stopping_leaves_no_word(world: World) -> None:
    jo, sam = world.visitor("jo"), world.visitor("sam")
    observation_id = world.begin()
    ending.pause(world.session, sam, observation_id, world.now)
    observe.save(world.session, jo, observation_id, observe.Change(strength="Still typing."), world.now)
    with pytest.raises(Refused):
        observe.share(world.session, jo, observation_id, world.now)
    ending.resume(world.session, jo, observation_id, world.now)
    assert observe.form(world.session, jo, observation_id).assessment.strength == "Still typing."
    ending.stop(world.session, sam, observation_id, world.now)
    with pytest.raises(Refused):
        observe.form(world.session, jo, observation_id)
    with pytest.raises(NotHere):
        ending.stop(world.session, world.visitor("noor"), observation_id, world.now)
