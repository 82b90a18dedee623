"""A conflict is declared by either side, without the story, and everything follows from it at once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from lti_tool.services.asking import ask, recusal, stepping_out
from lti_tool.services.caseload import assigning, relations
from lti_tool.services.caseload.assignments import What, standing
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import answer, lines, observe, read, replying, self_assessment, superseding
from lti_tool.services.signing import sign_off
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
from rubrics.consent import PersonServed
from rubrics.observation import Mode, State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.several import shared_by

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


def test_who_has_no_part_and_what_is_over_are_left_as_they_are(world: World) -> None:
    observation_id, noor = world.begin(), world.visitor("noor").person_id
    before = state_of(world, observation_id)
    stepping_out.step_out(world.session, observation_id, noor, world.now)
    assert state_of(world, observation_id) is before
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    stepping_out.step_out(world.session, observation_id, world.visitor("jo").person_id, world.now)
    assert state_of(world, observation_id) is State.WITHDRAWN


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
    for _twice in range(2):
        recusal.take_back(world.session, world.visitor("sam"), mine.id, world.now)
    acts = list(world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act == "conflict.take_back")))
    assert len(acts) == 1
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


def test_cap_c11_what_was_rewritten_and_not_shared_again_is_taken_away_and_what_was_shared_stays(world: World) -> None:
    observation_id = world.answered()
    jo = world.visitor("jo")
    replying.amend(world.session, jo, observation_id, world.now)
    change = observe.Change(strength="Not meant for anybody yet.")
    observe.save(world.session, jo, observation_id, change, world.now)
    declare(world, "sam", "jo")
    record = read.read(world.session, world.visitor("sam"), observation_id, world.now)
    assert record.line.state is State.ANSWERED
    assert [view.assessment.strength for view in record.views] == ["Let the silence be."]


def test_cap_c11_where_it_goes_on_nothing_that_anybody_wrote_is_kept(world: World) -> None:
    observation_id = world.begin()
    sam = world.visitor("sam")
    self_assessment.save(world.session, sam, observation_id, observe.Change(strength="I waited."), world.now)
    declare(world, "jo", "sam")
    assert state_of(world, observation_id) is State.STOPPED
    assert world.session.scalars(select(AssessmentRow)).all() == []


def test_cap_c11_whom_a_conflict_keeps_apart_has_no_part_in_what_takes_the_place_of_a_final_record(
    make_world: MakeWorld,
) -> None:
    world = make_world(lanes=BOTH)
    observation_id = shared_by(world, "jo", "amara")
    answer.answer(world.session, world.visitor("sam"), observation_id, words=None, now=world.now)
    world.sign("jo", observation_id, Lane.PEER)
    world.sign("amara", observation_id, Lane.CLINICAL)
    declare(world, "jo", "sam")
    assert state_of(world, observation_id) is State.RELEASED
    say_so = superseding.say_so
    done = say_so(
        world.session, world.visitor("amara"), observation_id, reason="Two were mixed up.", correct=True, now=world.now
    )
    assert done.successor_id is not None
    line = seen(world, done.successor_id)
    assert [one.person_id for one in line.taking_part] == [world.visitor("amara").person_id]
    assert line.observer_id == world.visitor("amara").person_id
    with pytest.raises(NotHere):
        replying.share_again(world.session, world.visitor("jo"), done.successor_id, world.now)
    record = read.read(world.session, world.visitor("sam"), done.successor_id, world.now)
    assert len(record.views) == 2


def test_cap_c11_where_nobody_can_correct_a_final_record_it_can_still_count_no_more(make_world: MakeWorld) -> None:
    world = make_world(lanes=BOTH)
    observation_id = world.answered()
    world.sign("jo", observation_id, Lane.PEER)
    world.sign("amara", observation_id, Lane.CLINICAL)
    declare(world, "sam", "jo")
    amara = world.visitor("amara")
    with pytest.raises(Refused) as refused:
        superseding.say_so(world.session, amara, observation_id, reason="Mixed up.", correct=True, now=world.now)
    assert refused.value.code == "nobody_corrects"
    superseding.say_so(world.session, amara, observation_id, reason="Mixed up.", correct=False, now=world.now)
    assert state_of(world, observation_id) is State.SUPERSEDED


def test_cap_c11_whoever_was_asked_at_the_moment_of_the_declaration_cannot_act_either(world: World) -> None:
    observation_id = world.ask()
    sam, jo = world.visitor("sam"), world.visitor("jo")
    world.session.add(
        ConflictRow(
            organization_id=world.organization_id, declared_by=sam.person_id, about_id=jo.person_id,
            declared_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    with pytest.raises(NotHere):
        observe.person_served(world.session, jo, observation_id, PersonServed.NOT_APPLICABLE, world.now)
