"""Supervision in the small course: acts in few words, for several test files."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lti_tool.services.caseload import assigning
from lti_tool.services.caseload.assignments import What
from lti_tool.services.caseload.supervisors import team_of
from lti_tool.services.supervising import agreements, sessions_held
from lti_tool.store.assignments import AssignedAs
from lti_tool.store.courses import ActivityRow
from lti_tool.store.messages import MessageKind, MessageRow
from rubrics.sign_off import Lane
from rubrics.supervision import USUAL, Held, Part, SessionKind, Terms
from tests.lti_tool.services.conftest import World


def course_id(world: World) -> UUID:
    return world.place(world.visitor("ines")).course.id


def assign(world: World, who: str, trainee: str = "sam", lane: Lane = Lane.PEER, *, backup: bool = False) -> None:
    ines = world.visitor("ines")
    assigning.assign(
        world.session, ines, world.place(ines), trainee_id=world.visitor(trainee).person_id,
        person_id=world.visitor(who).person_id, what=What(AssignedAs.SUPERVISOR, lane, backup), now=world.now,
    )  # fmt: skip


def propose(
    world: World, who: str, other: str, terms: Terms = USUAL, lane: Lane = Lane.PEER, after: int | None = None
) -> UUID:
    visitor = world.visitor(who)
    place = world.place(visitor)
    pair = agreements.pair_of(world.session, visitor, place, world.visitor(other).person_id, lane, world.now)
    number, _ = agreements.last_terms(world.session, place, pair)
    return agreements.propose(
        world.session, visitor, place, pair, terms, after=number if after is None else after, now=world.now
    )


def sign(world: World, who: str, agreement_id: UUID) -> bool:
    visitor = world.visitor(who)
    place = world.place(visitor)
    shown = agreements.read(world.session, visitor, place, agreement_id)
    return agreements.sign(world.session, visitor, place, agreement_id, shown.digest, world.now)


def agreed(world: World, supervisor: str = "jo", trainee: str = "sam", lane: Lane = Lane.PEER) -> UUID:
    """Proposed by the supervisor, signed by both."""
    agreement_id = propose(world, supervisor, trainee, lane=lane)
    sign(world, supervisor, agreement_id)
    sign(world, trainee, agreement_id)
    return agreement_id


def stands(world: World, supervisor: str = "jo", trainee: str = "sam", lane: Lane = Lane.PEER) -> bool:
    return agreements.in_force(
        world.session, course_id=course_id(world), trainee_id=world.visitor(trainee).person_id,
        supervisor_id=world.visitor(supervisor).person_id, lane=lane,
    )  # fmt: skip


def session_of(world: World, who: str, *there: tuple[str, Part], on: date | None = None, **changes: Any) -> UUID:
    """A session that `who` records, an individual one unless something else is said."""
    visitor = world.visitor(who)
    place = world.place(visitor)
    usual: dict[str, Any] = {
        "kind": SessionKind.INDIVIDUAL, "held": Held.VIDEO, "held_on": on or world.now.date(), "minutes": 50,
        "there": tuple((world.visitor(name).person_id, part) for name, part in there),
    }  # fmt: skip
    team = team_of(world.session, place.course.id, world.now.date())
    told = sessions_held.Told(**(usual | changes))
    return sessions_held.record(world.session, visitor, place, team, told, world.now)


def told(world: World, who: str) -> int:
    """How many messages about supervision the person has."""
    mine = MessageRow.person_id == world.visitor(who).person_id, MessageRow.kind == MessageKind.SUPERVISION
    return len(world.session.scalars(select(MessageRow).where(*mine)).all())


def read_all(world: World) -> None:
    """Everybody has read their messages, so that the next one is a new one."""
    for row in world.session.scalars(select(MessageRow)):
        row.read_at = world.now
    world.session.flush()


def needs_agreement(world: World) -> None:
    world.session.get_one(ActivityRow, world.activity_id).needs_agreement = True
    world.session.flush()


def later(world: World, days: int) -> None:
    world.now += timedelta(days=days)
