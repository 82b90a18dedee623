"""Planned double observation: drawn evenly, agreed to by the trainee, blind, and nothing is averaged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.asking import ask, double_observations, recusal, second_observers
from lti_tool.services.asking.ask import Further
from lti_tool.services.asking.double_observations import Second
from lti_tool.services.asking.parts import parts_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.notifying import reminders
from lti_tool.services.observations import ending, observe
from lti_tool.store.calibration import DoubleObservationRow, DoublePlanRow
from lti_tool.store.observations import ObservationRow
from rubrics.consent import PersonServed
from rubrics.observation import Mode, State
from rubrics.refusal import Refused
from rubrics.second_observer import drawn_among
from rubrics.times import Span
from tests.lti_tool.services.conftest import ASSISTANT, World


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def plan(world: World, share: int = 100) -> UUID:
    ines = world.visitor("ines")
    double_observations.set_share(world.session, ines, world.place(ines), share, world.now)
    return world.session.scalars(select(DoublePlanRow.id).where(DoublePlanRow.ended_at.is_(None))).one()


def asked(world: World, observation_id: UUID) -> second_observers.Asked | None:
    return second_observers.asked_of_trainee(world.session, world.visitor("sam"), observation_id)


def agree(world: World, observation_id: UUID) -> None:
    found = asked(world, observation_id)
    assert found is not None
    second_observers.agree(world.session, world.visitor("sam"), observation_id, found.person_id, world.now)


def drawn(world: World) -> list[UUID]:
    return list(
        world.session.scalars(select(DoubleObservationRow.observation_id).order_by(DoubleObservationRow.chosen_at))
    )


def people(world: World, observation_id: UUID) -> set[UUID]:
    return {one.person_id for one in parts_of(world.session, observation_id)}


def how_far(world: World) -> list[Second]:
    ines = world.visitor("ines")
    return [one.how_far for one in double_observations.plan_of(world.session, world.place(ines)).drawn]


def test_cap_c2_the_second_observer_is_asked_once_the_trainee_agreed_and_not_before(world: World) -> None:
    plan(world)
    observation_id = world.ask()
    amara, jo = world.visitor("amara").person_id, world.visitor("jo").person_id
    found = asked(world, observation_id)
    assert found is not None
    assert (found.person_id, found.name) == (amara, "Amara Example")
    assert people(world, observation_id) == {jo}
    assert how_far(world) == [Second.WITH_TRAINEE]
    agree(world, observation_id)
    agreed_again = lambda: second_observers.agree(  # noqa: E731
        world.session, world.visitor("sam"), observation_id, amara, world.now
    )
    agreed_again()
    assert people(world, observation_id) == {jo, amara}
    assert world.session.get_one(ObservationRow, observation_id).needed_observers == 2
    assert how_far(world) == [Second.ASKED]
    assert asked(world, observation_id) is None


def test_ux_c3_a_no_needs_no_reason_and_the_next_one_is_drawn_instead(world: World) -> None:
    plan_id = plan(world, 50)
    ids = []
    for _ in range(6):
        ids.append(world.ask())
        if len(drawn(world)) == 1 and ids[-1] in drawn(world):
            second_observers.decline(world.session, world.visitor("sam"), ids[-1], world.now)
    first = drawn(world)[0]
    assert people(world, first) == {world.visitor("jo").person_id}
    assert ids[ids.index(first) + 1] in drawn(world)
    assert len(drawn(world)) - 1 == drawn_among(str(plan_id), 50, 6)


def test_a_no_is_said_once_and_not_any_more_once_the_second_was_asked(world: World) -> None:
    sam, ines = world.visitor("sam"), world.visitor("ines")
    without_a_plan = world.ask()
    with pytest.raises(NotHere):
        second_observers.decline(world.session, sam, without_a_plan, world.now)
    plan(world)
    declined, agreed = world.ask(), world.ask()
    for later in range(2):
        second_observers.decline(world.session, sam, declined, world.now + timedelta(hours=later))
    row = world.session.scalars(
        select(DoubleObservationRow).where(DoubleObservationRow.observation_id == declined)
    ).one()
    assert row.ended_at == world.now
    agree(world, agreed)
    assert code(lambda: second_observers.decline(world.session, sam, agreed, world.now)) == "second_changed"
    elsewhere = world.organization_id
    with pytest.raises(NotHere):
        second_observers.choose(world.session, ines, elsewhere, agreed, world.visitor("amara").person_id, world.now)


def test_cap_c2_without_a_no_exactly_those_of_the_even_draw_are_drawn(world: World) -> None:
    plan_id = plan(world, 30)
    ids = [world.ask() for _ in range(10)]
    expected = {ids[n] for n in range(10) if drawn_among(str(plan_id), 30, n + 1) > drawn_among(str(plan_id), 30, n)}
    assert set(drawn(world)) == expected
    assert len(expected) == 3


def test_nothing_is_drawn_where_nothing_is_planned_any_more_or_several_observe_already(world: World) -> None:
    world.ask()
    plan(world)
    ines = world.visitor("ines")
    double_observations.end(world.session, ines, world.place(ines), world.now)
    double_observations.end(world.session, ines, world.place(ines), world.now)
    world.ask()
    assert drawn(world) == []
    place = world.place(ines)
    several = replace(place, activity=replace(place.activity, observers=2))
    assert code(lambda: double_observations.set_share(world.session, ines, several, 10, world.now)) == "several_already"
    assert code(lambda: double_observations.set_share(world.session, ines, place, 0, world.now)) == "share_of_what"


def test_the_same_share_again_changes_nothing_and_another_one_is_a_new_plan(world: World) -> None:
    first = plan(world, 10)
    assert plan(world, 10) == first
    assert plan(world, 20) != first
    assert len(world.session.scalars(select(DoublePlanRow)).all()) == 2


def test_cap_c2_both_are_blind_until_both_have_handed_in_and_nothing_is_averaged(world: World) -> None:
    plan(world)
    observation_id = world.ask()
    agree(world, observation_id)
    jo, amara = world.visitor("jo"), world.visitor("amara")
    observe.person_served(world.session, jo, observation_id, PersonServed.NOT_APPLICABLE, world.now)
    rubric = observe.form(world.session, jo, observation_id).rubric
    for who, level in ((jo, 4), (amara, 3)):
        ratings = {one.key: observe.RatingChange(level, False, "Waited.") for one in rubric.criteria}
        observe.save(world.session, who, observation_id, observe.Change(strength="Calm.", ratings=ratings), world.now)
        assert how_far(world) == [Second.UNDER_WAY]
        observe.share(world.session, who, observation_id, world.now)
    assert world.session.get_one(ObservationRow, observation_id).state is State.SHARED
    assert how_far(world) == [Second.DONE]
    ines = world.visitor("ines")
    found = double_observations.plan_of(world.session, world.place(ines))
    assert (found.shared, found.by_two) == (1, 1)


def test_cap_c11_nobody_with_a_conflict_is_the_second_observer(world: World) -> None:
    plan(world)
    recusal.declare(world.session, world.visitor("amara"), world.visitor("sam").person_id, world.now)
    observation_id = world.ask()
    assert drawn(world) == [observation_id]
    assert asked(world, observation_id) is None
    assert how_far(world) == [Second.TO_FIND]
    amara = world.visitor("amara").person_id
    ines, activity_id = world.visitor("ines"), world.activity_id
    assert activity_id is not None
    choose = lambda: second_observers.choose(  # noqa: E731
        world.session, ines, activity_id, observation_id, amara, world.now
    )
    assert code(choose) == "not_an_observer"


def test_cap_c11_a_conflict_that_is_declared_meanwhile_ends_the_question(world: World) -> None:
    plan(world)
    observation_id = world.ask()
    recusal.declare(world.session, world.visitor("amara"), world.visitor("sam").person_id, world.now)
    assert asked(world, observation_id) is None
    amara = world.visitor("amara").person_id
    agree_now = lambda: second_observers.agree(  # noqa: E731
        world.session, world.visitor("sam"), observation_id, amara, world.now
    )
    assert code(agree_now) == "second_changed"


def test_an_instructor_chooses_somebody_and_the_trainee_is_asked(world: World) -> None:
    bo = world.visitor("bo", ASSISTANT)
    plan(world)
    observation_id = world.ask()
    ines, activity_id = world.visitor("ines"), world.activity_id
    assert activity_id is not None
    for person in (bo.person_id, world.visitor("amara").person_id, bo.person_id):
        second_observers.choose(world.session, ines, activity_id, observation_id, person, world.now)
        found = asked(world, observation_id)
        assert found is not None
        assert found.person_id == person
    agree(world, observation_id)
    late = lambda: second_observers.choose(  # noqa: E731
        world.session, ines, activity_id, observation_id, world.visitor("amara").person_id, world.now
    )
    assert code(late) == "second_over"


def test_whoever_has_least_to_observe_is_the_second(world: World) -> None:
    bo = world.visitor("bo", ASSISTANT)
    plan(world)
    first, second = world.ask(), world.ask()
    found = {asked(world, each).person_id for each in (first, second) if asked(world, each)}  # type: ignore[union-attr]
    assert found == {bo.person_id, world.visitor("amara").person_id}


def test_where_the_second_says_no_somebody_is_looked_for_and_it_can_go_on_with_one(world: World) -> None:
    plan(world)
    observation_id = world.ask()
    agree(world, observation_id)
    ending.decline(world.session, world.visitor("amara"), observation_id, world.now)
    assert how_far(world) == [Second.TO_FIND]
    assert world.session.get_one(ObservationRow, observation_id).needed_observers == 1
    observe.person_served(world.session, world.visitor("jo"), observation_id, PersonServed.NOT_APPLICABLE, world.now)
    assert how_far(world) == [Second.ONE]


def test_only_the_trainee_answers(world: World) -> None:
    plan(world)
    observation_id = world.ask()
    amara = world.visitor("amara").person_id
    for who in ("jo", "amara", "ines", "noor"):
        visitor = world.visitor(who)
        assert second_observers.asked_of_trainee(world.session, visitor, observation_id) is None
        with pytest.raises(NotHere):
            second_observers.agree(world.session, visitor, observation_id, amara, world.now)
        with pytest.raises(NotHere):
            second_observers.decline(world.session, visitor, observation_id, world.now)


def test_ux_m4_the_second_observer_is_reminded_like_every_other_observer(world: World) -> None:
    plan(world)
    observation_id = world.ask()
    agree(world, observation_id)
    amara = world.visitor("amara")
    later = world.now + timedelta(days=4)
    waits = tuple(reminders._waits_since(world.session, amara.organization_id, amara.person_id, later))
    assert reminders.is_due(waits, (), later)
    assert not reminders.is_due(waits, (world.now,) * 3, later + timedelta(days=60))


def test_with_a_time_the_trainee_is_asked_too(world: World) -> None:
    span = Span(world.now + timedelta(days=2), world.now + timedelta(days=2, hours=1))
    plan(world)
    sam, jo = world.visitor("sam"), world.visitor("jo")
    observation_id = ask.request(
        world.session, sam, world.place(sam), observer_id=jo.person_id, mode=Mode.ROLE_PLAY, recorded=False, note=None,
        now=world.now, further=Further(time=span),
    )  # fmt: skip
    assert asked(world, observation_id) is not None
