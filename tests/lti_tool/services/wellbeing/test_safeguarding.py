"""Guidance for when harm is told, and the flag that something is handled outside: raised without a word."""

from uuid import UUID

import pytest
from sqlalchemy import Uuid, inspect, select

from lti_tool.access import Capability
from lti_tool.services.asking import ask
from lti_tool.services.authoring import authors
from lti_tool.services.authoring.drafts import Author
from lti_tool.services.courses import people
from lti_tool.services.courses.places import NotHere
from lti_tool.services.wellbeing import guidance, safeguarding
from lti_tool.store.base import UtcDateTime, new_id
from lti_tool.store.care import HandledOutsideRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import ASSISTANT, World


def lead(world: World, who: str = "amara") -> UUID:
    """Somebody who looks after safeguarding."""
    ines, person_id = world.visitor("ines"), world.visitor(who).person_id
    by = Author(world.organization_id, ines.person_id)
    authors.give(world.session, by, person_id, Capability.SAFEGUARDING_LEAD, world.now)
    return person_id


def raised(world: World, who: str, observation_id: UUID) -> safeguarding.Raised:
    return safeguarding.raised_by_me(world.session, world.visitor(who), observation_id)


def flags(world: World) -> tuple[safeguarding.Flag, ...]:
    return safeguarding.flags(world.session, world.visitor("amara"))


def test_cap_c9_whoever_observes_raises_that_something_is_handled_outside_and_the_lead_reads_who_and_when(
    world: World,
) -> None:
    lead(world)
    observation_id = world.begin()
    safeguarding.raise_flag(world.session, world.visitor("jo"), observation_id, world.now)
    safeguarding.raise_flag(world.session, world.visitor("jo"), observation_id, world.now)
    (flag,) = flags(world)
    assert (flag.raised_by, flag.course_title) == ("Jo Example", "Peer support practicum")
    assert (flag.raised_at, flag.acknowledged_at) == (world.now, None)
    safeguarding.acknowledge(world.session, world.visitor("amara"), flag.id, world.now)
    safeguarding.acknowledge(world.session, world.visitor("amara"), flag.id, world.now)
    mine = raised(world, "jo", observation_id)
    assert (mine.raised_at, mine.acknowledged_by) == (world.now, "Amara Example")
    told = {(row.person_id, row.path) for row in world.session.scalars(select(MessageRow)) if row.path != "/waiting"}
    assert (world.visitor("amara").person_id, "/safeguarding") in told
    assert (world.visitor("jo").person_id, f"/o/{observation_id}/handled-outside") in told


def test_cap_c9_there_is_no_place_for_words_in_what_is_handled_outside() -> None:
    columns = inspect(HandledOutsideRow).columns
    assert {type(column.type) for column in columns} == {Uuid, UtcDateTime}


@pytest.mark.parametrize("who", ["sam", "noor", "ines"])
def test_cap_c9_others_neither_raise_it_nor_read_that_it_was_raised(world: World, who: str) -> None:
    lead(world)
    observation_id = world.begin()
    safeguarding.raise_flag(world.session, world.visitor("jo"), observation_id, world.now)
    with pytest.raises(NotHere):
        raised(world, who, observation_id)
    with pytest.raises(NotHere):
        safeguarding.raise_flag(world.session, world.visitor(who), observation_id, world.now)
    with pytest.raises(NotHere):
        safeguarding.take_back(world.session, world.visitor(who), observation_id, world.now)


def test_another_supervisor_sees_their_own_and_not_what_somebody_else_raised(world: World) -> None:
    lead(world, "ines")
    world.grant(world.visitor("kim", ASSISTANT), Lane.PEER)
    observation_id = world.begin()
    safeguarding.raise_flag(world.session, world.visitor("jo"), observation_id, world.now)
    assert raised(world, "kim", observation_id).raised_at is None
    safeguarding.raise_flag(world.session, world.visitor("kim"), observation_id, world.now)
    assert len(safeguarding.flags(world.session, world.visitor("ines"))) == 2


def test_cap_c9_it_is_taken_back_at_any_time_also_after_the_observation_is_out_of_sight(world: World) -> None:
    lead(world)
    observation_id = world.begin()
    safeguarding.raise_flag(world.session, world.visitor("jo"), observation_id, world.now)
    (flag,) = flags(world)
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    assert len(flags(world)) == 1
    safeguarding.take_back(world.session, world.visitor("jo"), observation_id, world.now)
    assert not flags(world)
    with pytest.raises(NotHere):
        safeguarding.acknowledge(world.session, world.visitor("amara"), flag.id, world.now)
    with pytest.raises(NotHere):
        raised(world, "jo", observation_id)


def test_cap_c9_the_audit_does_not_say_which_observation_it_is_about(world: World) -> None:
    lead(world)
    observation_id = world.begin()
    for act in (safeguarding.raise_flag, safeguarding.take_back):
        act(world.session, world.visitor("jo"), observation_id, world.now)
    entries = [entry for entry in world.session.scalars(select(AuditEntryRow)) if entry.act.startswith("safeguarding.")]
    assert [entry.act for entry in entries] == ["safeguarding.raise", "safeguarding.take_back"]
    assert all(str(observation_id) not in entry.subject + str(entry.facts) for entry in entries)
    assert all(not entry.facts for entry in entries)


def test_raising_it_changes_nothing_of_the_observation(world: World) -> None:
    lead(world)
    observation_id = world.begin()
    row = world.session.get_one(ObservationRow, observation_id)
    before = {one.key: getattr(row, one.key) for one in inspect(ObservationRow).column_attrs}
    safeguarding.raise_flag(world.session, world.visitor("jo"), observation_id, world.now)
    world.session.refresh(row)
    assert before == {name: getattr(row, name) for name in before}


def test_where_nobody_would_see_it_whoever_raises_it_is_told_whom_to_turn_to(world: World) -> None:
    observation_id = world.begin()
    assert raised(world, "jo", observation_id).others == ()
    authors.begin(world.session, world.visitor("ines"), world.now)
    assert [other.name for other in raised(world, "jo", observation_id).others] == ["Ines Example"]
    with pytest.raises(Refused, match="no safeguarding lead is named"):
        safeguarding.raise_flag(world.session, world.visitor("jo"), observation_id, world.now)
    lead(world)
    assert raised(world, "jo", observation_id).others == ()
    assert people.GRANTABLE.isdisjoint({Capability.SAFEGUARDING_LEAD})  # given in the organization only


# ---- guidance ----


def write(world: World, place: str, words: str, guidance_id: UUID | None = None) -> UUID:
    return guidance.write(
        world.session, world.visitor("ines"), guidance_id=guidance_id, jurisdiction=place, words=words, now=world.now
    )


def in_force(world: World) -> list[tuple[str, str]]:
    return [(one.jurisdiction, one.words) for one in guidance.guidance_of(world.session, world.organization_id)]


def test_cap_c9_guidance_stands_for_each_jurisdiction_and_nothing_is_lost_when_it_is_rewritten(world: World) -> None:
    first = write(world, "  Ohio ", "Call the county line.")
    write(world, "Kansas", "Call the state line.")
    second = write(world, "Ohio", "Call the county line at once.", first)
    assert write(world, "Ohio", "Call the county line at once.", second) == second
    assert in_force(world) == [("Kansas", "Call the state line."), ("Ohio", "Call the county line at once.")]
    (before,) = guidance.put_away_of(world.session, world.organization_id)
    assert (before.id, before.words) == (first, "Call the county line.")
    for _ in range(2):
        guidance.bring_back(world.session, world.visitor("ines"), first, world.now)
    assert in_force(world)[1] == ("Ohio", "Call the county line.")
    for _ in range(2):
        guidance.put_away(world.session, world.visitor("ines"), first, world.now)
    for act in (guidance.put_away, guidance.bring_back):
        with pytest.raises(NotHere):
            act(world.session, world.visitor("ines"), new_id(), world.now)
    assert len(in_force(world)) == 1
    guidance.bring_back(world.session, world.visitor("ines"), second, world.now)
    assert in_force(world)[1] == ("Ohio", "Call the county line at once.")
    acts = [entry.act for entry in world.session.scalars(select(AuditEntryRow)) if entry.act.startswith("guidance")]
    assert acts == ["guidance.write"] * 3 + ["guidance.bring_back", "guidance.put_away", "guidance.bring_back"]


@pytest.mark.parametrize(
    ("place", "words", "says"),
    [
        (" ", "Call.", "for which place"),
        ("Ohio", " ", "what to do there"),
        ("O" * 121, "Call.", "shorten"),
        ("Ohio", "x" * 20_001, "shorten"),
        ("kansas", "Call.", "for this place already"),
    ],
)
def test_guidance_says_what_is_still_needed(world: World, place: str, words: str, says: str) -> None:
    write(world, "Kansas", "Call the state line.")
    with pytest.raises(Refused, match=says):
        write(world, place, words)


def test_of_two_who_rewrite_the_same_the_later_one_reads_that_it_changed(world: World) -> None:
    first = write(world, "Ohio", "Call.")
    write(world, "Ohio", "Call at once.", first)
    with pytest.raises(Refused, match="Somebody changed this"):
        write(world, "Ohio", "Call somebody.", first)
    with pytest.raises(NotHere):
        guidance.one(world.session, world.organization_id, first)
