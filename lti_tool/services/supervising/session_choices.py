"""Who can be said to have been in a supervision session: as far as the one who records it knows these people."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.caseload.supervisors import Team
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.supervision import LANE_OF, PART_OF, Part

MOST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody, and as what they can have been there."""

    person_id: UUID
    name: str
    part: Part


def choices(
    session: Session, visitor: Visitor, place: Place, team: Team, *, also: Collection[UUID] = ()
) -> tuple[Choice, ...]:
    """The visitor first, then trainees, then supervisors, each by name.

    A trainee names themselves and those who supervise them: who else is supervised is not theirs to read. Who
    supervises names their own trainees first, then others of the course, as far as the list goes; `also` are in it
    in any case where they could be chosen.
    """
    me = visitor.person_id
    found: list[Choice] = []
    if Capability.TRAINEE in place.capabilities:
        found.append(Choice(me, display_name(me, visitor.name), Part.TRAINEE))
        found += [one for one in _supervising(team) if LANE_OF[one.part] in team.lanes_for(one.person_id, me)]
    if me in team.lanes:
        found += [one for one in _supervising(team) if one.person_id == me]
        found += _trainees(session, visitor, place, team, also)
        found += [one for one in _supervising(team) if one.person_id != me]
    order = {Part.TRAINEE: 1, Part.PEER: 2, Part.CLINICAL: 2}
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda one: (one.person_id != me, order[one.part], one.name.casefold(), one.part)))


def _supervising(team: Team) -> list[Choice]:
    return [
        Choice(person_id, team.names[person_id], PART_OF[lane])
        for person_id, lanes in team.lanes.items()
        for lane in lanes
    ]


def _trainees(session: Session, visitor: Visitor, place: Place, team: Team, also: Collection[UUID]) -> list[Choice]:
    mine = {one.trainee_id for one in team.assigned if one.person_id == visitor.person_id} | set(also)
    which = [PersonRow.id.in_(mine)] if visitor.person_id in team.external else []
    rows = session.execute(
        select(PersonRow.id, PersonRow.name)
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .where(
            MembershipRow.course_id == place.course.id,
            MembershipRow.capability == Capability.TRAINEE,
            MembershipRow.ended_at.is_(None),
            MembershipRow.test_user.is_(False),
            *which,
        )
        .order_by(case((PersonRow.id.in_(mine), 0), else_=1), PersonRow.id)
        .limit(MOST)
    )
    return [
        Choice(person_id, display_name(person_id, name), Part.TRAINEE)
        for person_id, name in rows
        if team.lanes_for(visitor.person_id, person_id)
    ]
