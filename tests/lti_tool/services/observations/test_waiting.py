"""Waiting for you: one list over all courses, with what is this person's and nothing else."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from lti_tool.services.observations import answer, observe, replying
from lti_tool.services.observations.waiting import Waiting, waiting
from lti_tool.services.signing import several, sign_off
from lti_tool.store.assignments import AssignedAs, AssignmentRow, AvailabilityRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow, ObserverRow, ObserverState
from lti_tool.store.people import MembershipRow
from rubrics.observation import State
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import ASSISTANT, MakeWorld, World


def queue(world: World, who: str) -> Waiting:
    world.session.flush()
    world.session.expire_all()
    return waiting(world.session, world.visitor(who), world.now)


def course_of(world: World) -> UUID:
    return world.place(world.visitor("ines")).course.id


def assign(world: World, who: str, lane: Lane = Lane.PEER, *, backup: bool = False) -> None:
    world.session.add(
        AssignmentRow(
            organization_id=world.organization_id,
            course_id=course_of(world),
            trainee_id=world.visitor("sam").person_id,
            person_id=world.visitor(who).person_id,
            assigned_as=AssignedAs.SUPERVISOR,
            lane=lane,
            backup=backup,
            assigned_at=world.now,
        )
    )
    world.session.flush()


def another_supervisor(world: World) -> None:
    world.grant(world.visitor("mira", ASSISTANT), Lane.PEER)


def to_sign(world: World, who: str) -> list[UUID]:
    return [line.id for line, _ in queue(world, who).to_sign]


def test_a_time_that_the_other_side_proposed_waits_to_be_agreed(world: World) -> None:
    observation_id = world.ask()
    row = world.session.get_one(ObservationRow, observation_id)
    row.state, row.starts_at, row.ends_at = State.REQUESTED, world.now, world.now + timedelta(hours=1)
    row.proposed_by = row.trainee_id
    assert [line.id for line in queue(world, "jo").to_agree] == [observation_id]
    row = world.session.get_one(ObservationRow, observation_id)
    row.proposed_by = row.observer_id
    found = queue(world, "jo")
    assert (found.to_agree, [line.id for line in found.with_trainee]) == ((), [observation_id])


def test_each_observation_is_in_one_list_from_the_ask_to_the_end(world: World) -> None:
    observation_id = world.ask()
    seen: list[str] = []
    parts = ("to_agree", "to_observe", "to_hand_in", "to_meet", "to_answer", "with_others", "with_trainee")

    def look() -> None:
        found = queue(world, "jo")
        lists = {name: [line.id for line in getattr(found, name)] for name in (*parts, "done_recently")}
        lists["to_sign"] = [line.id for line, _ in found.to_sign]
        (where,) = [name for name, ids in lists.items() if observation_id in ids]
        seen.append(where)

    look()
    world.session.get_one(ObservationRow, observation_id).state = State.IN_PROGRESS
    look()
    for state in (State.PAUSED, State.DRAFTED, State.AMENDING, State.IN_MODERATION):
        world.session.get_one(ObservationRow, observation_id).state = state
        look()
    row = world.session.get_one(ObservationRow, observation_id)
    row.state, row.shared_at, row.respond_until = State.SHARED, world.now, world.now + timedelta(days=7)
    look()
    world.session.get_one(ObservationRow, observation_id).state = State.ANSWERED
    look()
    row = world.session.get_one(ObservationRow, observation_id)
    row.state, row.released_at = State.RELEASED, world.now
    look()
    assert seen == [
        "to_observe", "to_hand_in", "to_hand_in", "to_hand_in", "to_hand_in", "to_meet", "with_trainee", "to_sign",
        "done_recently",
    ]  # fmt: skip


def test_who_has_handed_in_waits_for_the_others(world: World) -> None:
    observation_id = world.begin()
    mira = world.visitor("mira", ASSISTANT)
    world.session.add(
        ObserverRow(
            organization_id=world.organization_id, observation_id=observation_id, person_id=mira.person_id,
            state=ObserverState.ASKED, asked_at=world.now,
        )
    )  # fmt: skip
    row = world.session.get_one(ObservationRow, observation_id)
    row.needed_observers = 2
    rubric = observe.form(world.session, world.visitor("jo"), observation_id).rubric
    ratings = {criterion.key: observe.RatingChange(3, False, "Asked first.") for criterion in rubric.criteria}
    change = observe.Change(strength="Warm.", ratings=ratings)
    observe.save(world.session, world.visitor("jo"), observation_id, change, world.now)
    observe.share(world.session, world.visitor("jo"), observation_id, world.now)
    assert [line.id for line in queue(world, "jo").with_others] == [observation_id]
    assert [line.id for line in queue(world, "mira").to_hand_in] == [observation_id]


def test_words_of_the_trainee_can_be_answered_by_an_observer_who_does_not_sign(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.CLINICAL,))
    with_words, without = world.answered(), world.answered(words=None)
    found = queue(world, "jo")
    assert [line.id for line in found.to_answer] == [with_words]
    assert found.count == 0
    assert without not in [line.id for line in found.to_answer]
    replying.reply(world.session, world.visitor("jo"), with_words, "Thank you for that.", world.now)
    assert queue(world, "jo").to_answer == ()


def test_what_nobody_is_assigned_to_waits_for_everyone_of_the_lane(world: World) -> None:
    another_supervisor(world)
    observation_id = world.answered()
    assert to_sign(world, "jo") == to_sign(world, "mira") == [observation_id]
    assert to_sign(world, "amara") == []


def test_a_trainee_who_is_assigned_waits_for_those_supervisors_and_for_no_other(world: World) -> None:
    another_supervisor(world)
    observation_id = world.answered()
    assign(world, "mira")
    assert (to_sign(world, "jo"), to_sign(world, "mira")) == ([], [observation_id])
    sign_off.preview(world.session, world.visitor("jo"), observation_id, Lane.PEER, world.now)


def test_cap_c14_a_back_up_has_the_trainee_in_the_list_only_while_the_others_are_away(world: World) -> None:
    another_supervisor(world)
    observation_id = world.answered()
    assign(world, "mira")
    assign(world, "jo", backup=True)
    assert to_sign(world, "jo") == []
    world.session.add(
        AvailabilityRow(
            organization_id=world.organization_id, course_id=course_of(world),
            person_id=world.visitor("mira").person_id, away_from=world.now.date(), away_until=None,
        )
    )  # fmt: skip
    assert to_sign(world, "jo") == to_sign(world, "mira") == [observation_id]


def test_a_person_from_outside_sees_only_the_trainees_they_were_invited_for(world: World) -> None:
    another_supervisor(world)
    observation_id = world.answered()
    world.session.execute(
        update(MembershipRow).where(MembershipRow.person_id == world.visitor("mira").person_id).values(external=True)
    )
    assert to_sign(world, "mira") == []
    assign(world, "mira")
    assert to_sign(world, "mira") == [observation_id]


def test_a_lane_that_the_activity_does_not_have_waits_for_nobody(world: World) -> None:
    world.answered()
    world.session.execute(update(ActivityRow).values(lanes=["clinical"]))
    assert to_sign(world, "jo") == []
    assert len(to_sign(world, "amara")) == 1


def test_what_was_signed_among_several_says_until_when_it_can_be_taken_back(world: World) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    chosen = [several.Chosen(observation_id, Lane.PEER)]
    (shown,) = several.shown(world.session, jo, chosen, world.now)
    assert shown.to_sign is not None
    several.sign_all(world.session, jo, [(chosen[0], shown.to_sign.digest)], world.now)
    found = queue(world, "jo")
    assert [line.finalize_after for line in found.just_signed] == [world.now + several.UNDO]
    assert found.count == 0


def test_what_waits_longest_comes_first_over_all_kinds_of_waiting(world: World) -> None:
    first = world.share()
    world.now += timedelta(hours=1)
    second = world.answered()
    world.now += timedelta(hours=1)
    answer.answer(world.session, world.visitor("sam"), first, words=None, now=world.now)
    assert to_sign(world, "jo") == [second, first]
