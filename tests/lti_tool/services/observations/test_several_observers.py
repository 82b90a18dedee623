"""Several observers: blind until all have handed in, both views kept, a meeting where they differ."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Field
from lti_tool.services.courses.places import NotHere
from lti_tool.services.observations import answer as answering
from lti_tool.services.observations import handing_in, moderate, observe, read, views
from lti_tool.services.observations.lines import line
from lti_tool.services.personal_data import record_access
from lti_tool.services.signing import sign_off
from lti_tool.store.courses import ActivityRow
from lti_tool.store.meetings import MeetingKind
from lti_tool.store.observations import ConsentRow, ObservationRow, ObserverRow, ObserverState
from rubrics.consent import PersonServed
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.several import BOTH, asked_of, begun_by, handed_in, in_moderation, shared_by, written


def state_of(world: World, observation_id: UUID) -> State:
    return world.session.get_one(ObservationRow, observation_id, populate_existing=True).state


def record_for(world: World, who: str, observation_id: UUID) -> read.Record:
    return read.read(world.session, world.visitor(who), observation_id, world.now)


def meeting_for(world: World, who: str, observation_id: UUID) -> moderate.OpenMeeting:
    found = moderate.open_meeting_of(world.session, world.visitor(who), observation_id, world.now)
    assert found is not None
    return found


def held_by_both(world: World, record: str = "We talked about the silence, and see it differently.") -> moderate.Held:
    return moderate.Held(tuple(world.visitor(who).person_id for who in BOTH), world.now.date(), record)


def test_cap_c2_observers_are_blind_to_each_other_until_all_have_handed_in(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    handed_in(world, "jo", observation_id)
    amara = record_for(world, "amara", observation_id)
    assert (amara.views, amara.assessment, amara.handed_in) == ((), None, False)
    assert observe.form(world.session, world.visitor("amara"), observation_id).assessment.strength == ""
    jo = record_for(world, "jo", observation_id)
    assert [view.observer_name for view in jo.views] == ["Jo Example"]
    readers = record_access.who_can_see(world.session, world.visitor("amara"), observation_id)
    assert [reader.names for reader in readers[Field.DRAFT]] == [("Amara Example",)]
    assert record_for(world, "sam", observation_id).views == ()


def test_the_person_served_is_asked_once_by_whoever_begins_first(world: World) -> None:
    observation_id = asked_of(world, *BOTH)
    for who, answer in (("amara", PersonServed.NOT_APPLICABLE), ("jo", PersonServed.YES)):
        observe.person_served(world.session, world.visitor(who), observation_id, answer, world.now)
    consent = world.session.scalars(select(ConsentRow).where(ConsentRow.observation_id == observation_id)).one()
    assert consent.person_served is PersonServed.NOT_APPLICABLE
    rows = world.session.scalars(select(ObserverRow).where(ObserverRow.observation_id == observation_id))
    assert {row.state for row in rows} == {ObserverState.AGREED}


def test_cap_c2_the_last_one_to_hand_in_has_it_shared_where_all_see_it_alike(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    handed_in(world, "amara", observation_id, level=4)
    assert state_of(world, observation_id) is State.IN_PROGRESS
    handed_in(world, "jo", observation_id, level=3)
    assert state_of(world, observation_id) is State.SHARED
    sam = record_for(world, "sam", observation_id)
    assert [view.observer_name for view in sam.views] == ["Jo Example", "Amara Example"]
    assert sam.assessment == sam.views[0].assessment
    assert sam.meetings == ()


def test_what_was_handed_in_can_be_taken_up_again_until_all_have(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    handed_in(world, "jo", observation_id)
    with pytest.raises(Refused, match="closed"):
        written(world, "jo", observation_id, 5)
    handing_in.take_up_again(world.session, world.visitor("jo"), observation_id, world.now)
    handed_in(world, "amara", observation_id)
    assert state_of(world, observation_id) is State.IN_PROGRESS
    handed_in(world, "jo", observation_id)
    with pytest.raises(Refused, match="now"):
        handing_in.take_up_again(world.session, world.visitor("jo"), observation_id, world.now)


def test_cap_c2_views_that_differ_by_more_than_the_threshold_open_a_meeting(world: World) -> None:
    observation_id = in_moderation(world)
    assert state_of(world, observation_id) is State.IN_MODERATION
    assert record_for(world, "sam", observation_id).views == ()
    for who in BOTH:
        found = meeting_for(world, who, observation_id)
        assert (found.meeting.kind, found.meeting.opened_by_name) == (MeetingKind.MODERATION, None)
        (difference,) = found.differences
        assert dict(difference.levels) == {0: 4, 1: 2}
    with pytest.raises(NotHere):
        moderate.open_meeting_of(world.session, world.visitor("ines"), observation_id, world.now)


def test_a_wider_threshold_of_the_activity_lets_them_differ(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    world.session.get_one(ActivityRow, world.activity_id).threshold = 2
    handed_in(world, "jo", observation_id)
    handed_in(world, "amara", observation_id, c0=2)
    assert state_of(world, observation_id) is State.SHARED


def test_ux_f9_after_the_meeting_both_views_and_its_record_are_the_trainees_to_read(world: World) -> None:
    observation_id = in_moderation(world)
    moderate.save_record(world.session, world.visitor("jo"), observation_id, "We began to", world.now)
    assert meeting_for(world, "amara", observation_id).meeting.record == "We began to"
    moderate.close(world.session, world.visitor("amara"), observation_id, held_by_both(world), world.now)
    sam = record_for(world, "sam", observation_id)
    assert sam.line.state is State.SHARED
    first = sam.version.rubric.criteria[0].key
    levels = [rating.level for view in sam.views if (rating := view.assessment.rating(first))]
    assert levels == [4, 2]
    (meeting,) = sam.meetings
    assert meeting.present_names == ("Jo Example", "Amara Example")
    assert meeting.record == "We talked about the silence, and see it differently."
    assert moderate.open_meeting_of(world.session, world.visitor("jo"), observation_id, world.now) is None


def test_ux_f9_the_record_of_the_meeting_is_part_of_what_is_signed(world: World) -> None:
    observation_id, jo = in_moderation(world), world.visitor("jo")
    moderate.close(world.session, jo, observation_id, held_by_both(world), world.now)
    answering.answer(world.session, world.visitor("sam"), observation_id, words=None, now=world.now)
    shown = sign_off.preview(world.session, jo, observation_id, Lane.PEER, world.now)
    (meeting,) = shown.words["meetings"]
    assert meeting["record"] == "We talked about the silence, and see it differently."
    assert meeting["present"] == ["Jo Example", "Amara Example"]


def test_cap_c2_in_the_meeting_each_amends_their_own_and_what_stood_before_is_kept(world: World) -> None:
    observation_id = in_moderation(world)
    for level in (3, 4):
        written(world, "amara", observation_id, c0=level)
    seen = views.views_of(world.session, line(world.session, world.organization_id, observation_id))
    (before,) = seen[1].revisions
    first = meeting_for(world, "jo", observation_id).rubric.criteria[0].key
    kept, now = before.assessment.rating(first), seen[1].assessment.rating(first)
    assert kept is not None
    assert now is not None
    assert (kept.level, now.level, before.shared_at) == (2, 4, None)
    assert seen[0].revisions == ()
    assert meeting_for(world, "jo", observation_id).differences == ()


def test_a_meeting_is_not_closed_over_an_unfinished_view_without_a_record_or_with_strangers(world: World) -> None:
    observation_id = in_moderation(world)
    jo = world.visitor("jo")
    stranger = moderate.Held((world.visitor("sam").person_id,), world.now.date(), "We met.")
    nobody = moderate.Held((), world.now.date(), "We met.")
    ahead = moderate.Held((jo.person_id,), world.now.date() + timedelta(days=3), "We met.")
    for held, code in (
        (held_by_both(world, "  "), "record_needed"), (stranger, "not_taking_part"), (nobody, "present_needed"),
        (ahead, "not_held_yet"), (held_by_both(world, "x" * 20_001), "too_long"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            moderate.close(world.session, jo, observation_id, held, world.now)
        assert refused.value.code == code
    observe.save(world.session, world.visitor("amara"), observation_id, observe.Change(strength=""), world.now)
    with pytest.raises(Refused, match="still to come") as unfinished:
        moderate.close(world.session, jo, observation_id, held_by_both(world), world.now)
    assert unfinished.value.values == {"names": "Amara Example"}


def test_closing_a_meeting_twice_changes_nothing(world: World) -> None:
    observation_id = in_moderation(world)
    moderate.close(world.session, world.visitor("jo"), observation_id, held_by_both(world), world.now)
    with pytest.raises(Refused, match="No meeting"):
        moderate.close(world.session, world.visitor("amara"), observation_id, held_by_both(world), world.now)
    with pytest.raises(Refused, match="No meeting"):
        moderate.save_record(world.session, world.visitor("amara"), observation_id, "More", world.now)


@pytest.mark.parametrize("who", ["sam", "ines", "noor"])
def test_a_meeting_of_observers_is_theirs_alone(world: World, who: str) -> None:
    observation_id = in_moderation(world)
    with pytest.raises(NotHere):
        moderate.open_meeting_of(world.session, world.visitor(who), observation_id, world.now)
    with pytest.raises(NotHere):
        moderate.save_record(world.session, world.visitor(who), observation_id, "Mine", world.now)


def test_whoever_leads_may_wait_no_longer_once_they_have_handed_in(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    amara = world.visitor("amara").person_id
    with pytest.raises(NotHere):
        handing_in.wait(world.session, world.visitor("jo"), observation_id)
    handed_in(world, "jo", observation_id)
    assert handing_in.wait(world.session, world.visitor("jo"), observation_id).still_to_come == (
        (amara, "Amara Example"),
    )
    handing_in.go_on_without(world.session, world.visitor("jo"), observation_id, {amara}, world.now)
    assert state_of(world, observation_id) is State.SHARED
    with pytest.raises(NotHere):
        record_for(world, "amara", observation_id) and handing_in.wait(
            world.session, world.visitor("amara"), observation_id
        )


def test_an_instructor_goes_on_without_the_one_who_leads_and_reads_nothing(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    ines, jo = world.visitor("ines"), world.visitor("jo").person_id
    handed_in(world, "amara", observation_id)
    assert record_for(world, "ines", observation_id).views == ()
    with pytest.raises(Refused, match="Somebody has to observe"):
        handing_in.go_on_without(
            world.session, ines, begun_by(world, *BOTH), {jo, world.visitor("amara").person_id}, world.now
        )
    with pytest.raises(Refused, match="handed in meanwhile"):
        handing_in.go_on_without(world.session, ines, observation_id, {world.visitor("amara").person_id}, world.now)
    handing_in.go_on_without(world.session, ines, observation_id, {jo}, world.now)
    sam = record_for(world, "sam", observation_id)
    assert (sam.line.state, sam.line.observer_names) == (State.SHARED, ("Amara Example",))
    assert sam.assessment is not None
    assert sam.assessment.strength == "amara saw a strength."


def test_nobody_else_decides_whom_to_wait_for(world: World) -> None:
    observation_id = begun_by(world, *BOTH)
    handed_in(world, "amara", observation_id)
    for who in ("amara", "sam", "noor"):
        with pytest.raises(NotHere):
            handing_in.go_on_without(
                world.session, world.visitor(who), observation_id, {world.visitor("jo").person_id}, world.now
            )


def test_ux_t2_who_can_see_it_names_all_who_observe(world: World) -> None:
    observation_id = shared_by(world, *BOTH)
    readers = record_access.who_can_see(world.session, world.visitor("sam"), observation_id)
    observers = [reader.names for reader in readers[Field.ASSESSMENT] if reader.who == "observer"]
    assert observers == [("Jo Example", "Amara Example")]


def test_ux_t3_that_observers_read_each_others_drafts_in_the_meeting_is_in_the_read_log(world: World) -> None:
    observation_id = in_moderation(world)
    meeting_for(world, "jo", observation_id)
    opened = record_access.opened_by(world.session, world.visitor("sam"))
    assert {(one.reader_name, one.field) for one in opened} >= {
        ("Jo Example", Field.DRAFT), ("Jo Example", Field.MEETING)
    }  # fmt: skip
