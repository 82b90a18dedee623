"""A conflict is declared by either side, without the story, and everything follows from it at once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from lti_tool.services import ask, assigning, lines, recusal, relations, sign_off
from lti_tool.services.assignments import What, standing
from lti_tool.services.places import NotHere
from lti_tool.store.assignments import AssignedAs, ConflictRow
from lti_tool.store.observations import (
    AssessmentRow,
    ObservationRow,
    ObserverState,
    SignOffRow,
    SignOffWithdrawalRow,
    WithdrawalKind,
)
from lti_tool.store.records import AuditEntryRow
from rubrics.observation import Mode, State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import MakeWorld, World

BOTH = (Lane.PEER, Lane.CLINICAL)
OBSERVER = What(AssignedAs.OBSERVER)


def declare(world: World, who: str, about: str) -> None:
    recusal.declare(world.session, world.visitor(who), world.visitor(about).person_id, world.now)
    world.session.flush()


def seen(world: World, observation_id: object) -> lines.ObservationLine:
    world.session.expire_all()
    return lines.line(world.session, world.organization_id, observation_id)  # type: ignore[arg-type]


def state_of(world: World, observation_id: object) -> State:
    return seen(world, observation_id).state


@pytest.mark.parametrize(("who", "about"), [("sam", "jo"), ("jo", "sam")])
def test_cap_c11_no_assignment_where_either_side_declared_a_conflict(world: World, who: str, about: str) -> None:
    declare(world, who, about)
    ines = world.visitor("ines")
    with pytest.raises(Refused) as refused:
        assigning.assign(
            world.session, ines, world.place(ines), trainee_id=world.visitor("sam").person_id,
            person_id=world.visitor("jo").person_id, what=OBSERVER, now=world.now,
        )  # fmt: skip
    assert refused.value.code == "conflict"


def test_ux_o4_an_assignment_between_the_two_ends(world: World) -> None:
    ines = world.visitor("ines")
    assigning.assign(
        world.session, ines, world.place(ines), trainee_id=world.visitor("sam").person_id,
        person_id=world.visitor("jo").person_id, what=OBSERVER, now=world.now,
    )  # fmt: skip
    declare(world, "sam", "jo")
    assert standing(world.session, world.place(ines).course.id) == ()


@pytest.mark.parametrize(("who", "about"), [("sam", "jo"), ("jo", "sam")])
def test_cap_c11_a_request_that_waits_has_no_observer_any_more_and_can_be_given_to_another(
    world: World, who: str, about: str
) -> None:
    asked = world.ask()
    declare(world, who, about)
    line = seen(world, asked)
    assert line.taking_part == ()
    assert [observer.state for observer in line.observers] == [ObserverState.RECUSED]
    assert line.state is State.CONSENTED


def test_cap_c11_a_draft_is_taken_away_and_nothing_of_it_counts(world: World) -> None:
    begun = world.begin()
    declare(world, "jo", "sam")
    assert state_of(world, begun) is State.STOPPED
    assert world.session.scalars(select(AssessmentRow).where(AssessmentRow.observation_id == begun)).all() == []


def test_cap_c11_what_was_shared_stays_with_the_trainee(world: World) -> None:
    shared = world.share()
    declare(world, "sam", "jo")
    assert state_of(world, shared) is State.SHARED
    assert len(world.session.scalars(select(AssessmentRow).where(AssessmentRow.observation_id == shared)).all()) == 1


def test_cap_c11_a_conflict_discovered_late_opens_the_lane_again_before_it_is_final(make_world: MakeWorld) -> None:
    world = make_world(lanes=BOTH)
    answered = world.answered()
    world.sign("jo", answered)
    declare(world, "jo", "sam")
    withdrawal = world.session.scalars(select(SignOffWithdrawalRow)).one()
    assert (withdrawal.kind, withdrawal.by, withdrawal.reason) == (WithdrawalKind.RECUSED, None, None)
    assert seen(world, answered).lanes_open == set(BOTH)


def test_cap_c11_what_is_final_stays_as_it_was_signed(world: World) -> None:
    answered = world.answered()
    world.sign("jo", answered)
    before = world.session.scalars(select(SignOffRow.digest)).all()
    declare(world, "sam", "jo")
    assert state_of(world, answered) is State.RELEASED
    assert world.session.scalars(select(SignOffRow.digest)).all() == before
    assert world.session.scalars(select(SignOffWithdrawalRow)).all() == []


@pytest.mark.parametrize(("who", "about"), [("sam", "amara"), ("amara", "sam")])
def test_cap_c11_nobody_reads_or_signs_where_a_conflict_stands(make_world: MakeWorld, who: str, about: str) -> None:
    world = make_world(lanes=BOTH)
    answered = world.answered()
    declare(world, who, about)
    with pytest.raises((NotHere, Refused)):
        sign_off.preview(world.session, world.visitor("amara"), answered, Lane.CLINICAL, world.now)


def test_a_new_request_between_the_two_is_not_possible(world: World) -> None:
    declare(world, "jo", "sam")
    sam = world.visitor("sam")
    with pytest.raises(Refused):
        ask.request(
            world.session, sam, world.place(sam), observer_id=world.visitor("jo").person_id, mode=Mode.LIVE,
            recorded=False, note=None, now=world.now,
        )  # fmt: skip


def test_ux_c3_no_reason_is_asked_and_none_is_kept(world: World) -> None:
    declare(world, "sam", "jo")
    assert {column.name for column in ConflictRow.__table__.columns} == {
        "id", "organization_id", "declared_by", "about_id", "declared_at", "ended_at",
    }  # fmt: skip


def test_ux_p7_the_other_side_reads_nothing_of_it_and_the_record_of_the_observation_names_nobody(world: World) -> None:
    world.ask()
    declare(world, "sam", "jo")
    assert recusal.declared_by(world.session, world.visitor("jo")) == ()
    entry = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "observation.recuse")).one()
    assert (entry.person_id, entry.facts) == (None, {})
    conflict = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "conflict.declare")).one()
    assert conflict.facts == {}


def test_declaring_twice_changes_nothing_and_taking_it_back_lets_them_work_together_again(world: World) -> None:
    declare(world, "sam", "jo")
    declare(world, "sam", "jo")
    (mine,) = recusal.declared_by(world.session, world.visitor("sam"))
    recusal.take_back(world.session, world.visitor("sam"), mine.id, world.now)
    assert relations.conflicts_of(world.session, world.visitor("jo").person_id) == frozenset()
    assert world.ask()


def test_only_its_declarer_takes_it_back(world: World) -> None:
    declare(world, "sam", "jo")
    (mine,) = recusal.declared_by(world.session, world.visitor("sam"))
    with pytest.raises(NotHere):
        recusal.take_back(world.session, world.visitor("jo"), mine.id, world.now)


def test_nobody_declares_something_about_themselves_or_a_stranger(world: World) -> None:
    sam = world.visitor("sam")
    with pytest.raises(Refused):
        recusal.declare(world.session, sam, sam.person_id, world.now)
    with pytest.raises(NotHere):
        recusal.declare(world.session, sam, world.registration_id, world.now)


def test_people_of_ones_courses_are_found_by_a_part_of_their_name(world: World) -> None:
    found = recusal.people_around(world.session, world.visitor("sam"), "aMa")
    assert [person.name for person in found] == ["Amara Example"]
    assert recusal.people_around(world.session, world.visitor("sam"), " ") == ()
    assert world.visitor("sam").person_id not in {
        person.id for person in recusal.people_around(world.session, world.visitor("sam"), "example")
    }


def test_an_observation_of_before_is_found_by_both_sides_whoever_is_the_trainee(world: World) -> None:
    asked: Callable[[], object] = world.ask
    observation_id = asked()
    declare(world, "jo", "sam")
    row = world.session.get_one(ObservationRow, observation_id)
    assert row.observer_id == world.visitor("jo").person_id
