"""Supervision at a glance: a supervisor's own trainees; for instructors, names and days and nothing of any words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services.caseload.supervisors import Team
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.supervising.agreement_lines import AgreementLine, Pair, own, standing, without
from lti_tool.services.supervising.session_lines import last_held
from lti_tool.store.people import PersonRow
from rubrics.supervision import due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """One trainee of a supervisor, in one lane."""

    pair: Pair
    trainee_name: str
    backup: bool
    """They stand in for another supervisor of the trainee."""
    agreed: AgreementLine | None
    waiting: AgreementLine | None
    """An edition that still waits for a signature."""
    last: date | None
    due: date | None
    """By when the next session was agreed; None without an agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Two:
    """A trainee and a supervisor, by name, with two days."""

    pair: Pair
    trainee_name: str
    supervisor_name: str
    last: date | None = None
    due: date | None = None


def supervised(session: Session, visitor: Visitor, place: Place, team: Team) -> tuple[Supervised, ...]:
    """The visitor's trainees: whom they are assigned to, and with whom they have or write an agreement."""
    me = visitor.person_id
    mine = [line for line in own(session, visitor, place) if line.ended_at is None and line.pair.supervisor_id == me]
    backup = {(one.trainee_id, one.lane): one.backup for one in team.assigned if one.person_id == me}
    pairs = {(line.pair.trainee_id, line.pair.lane) for line in mine} | backup.keys()
    there = sorted(one for one in pairs if one[1] in team.lanes_for(me, one[0]))
    trainees = {trainee_id for trainee_id, _ in there}
    names, last = _names(session, trainees), last_held(session, place.course.id, trainees)
    found = []
    for trainee_id, lane in there:
        editions = [line for line in mine if (line.pair.trainee_id, line.pair.lane) == (trainee_id, lane)]
        agreed = next((line for line in editions if line.stands), None)
        held = last.get((trainee_id, lane))
        found.append(
            Supervised(
                pair=Pair(trainee_id=trainee_id, supervisor_id=me, lane=lane),
                trainee_name=names[trainee_id],
                backup=backup.get((trainee_id, lane), False),
                agreed=agreed,
                waiting=next((line for line in editions if line.waits), None),
                last=held,
                due=due_on(agreed.every_days, agreed.in_force_at.date(), held)
                if agreed and agreed.in_force_at
                else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.backup, one.trainee_name.casefold(), one.pair.lane)))


def longer_ago(session: Session, place: Place, team: Team, now: datetime) -> tuple[Two, ...]:
    """Whose last session is longer ago than the two agreed, the longest first."""
    last = last_held(session, place.course.id)
    found: list[tuple[date, Pair, date | None]] = []
    for row in standing(session, place.course.id):
        pair = Pair(trainee_id=row.trainee_id, supervisor_id=row.supervisor_id, lane=row.lane)
        held = last.get((row.trainee_id, row.lane))
        due = due_on(row.every_days, (row.in_force_at or now).date(), held)
        if due < now.date() and row.lane in team.lanes_for(row.supervisor_id, row.trainee_id):
            found.append((due, pair, held))
    names = _names_of(session, (pair for _, pair, _ in found))
    return tuple(
        Two(
            pair=pair,
            trainee_name=names[pair.trainee_id],
            supervisor_name=names[pair.supervisor_id],
            last=held,
            due=due,
        )
        for due, pair, held in sorted(found, key=lambda one: (one[0], str(one[1])))
    )


def without_agreement(session: Session, place: Place, team: Team) -> tuple[Two, ...]:
    """Who is assigned in a lane that this activity needs and has no agreement in force with the trainee, by name."""
    pairs = without(team, standing(session, place.course.id), place.activity.lanes)
    names = _names_of(session, pairs)
    found = (
        Two(pair=pair, trainee_name=names[pair.trainee_id], supervisor_name=names[pair.supervisor_id]) for pair in pairs
    )
    return tuple(sorted(found, key=lambda one: (one.trainee_name.casefold(), one.supervisor_name.casefold())))


def _names_of(session: Session, pairs: Iterable[Pair]) -> Mapping[UUID, str]:
    return _names(session, {person for pair in pairs for person in (pair.trainee_id, pair.supervisor_id)})


def _names(session: Session, people: set[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(people)))
    return {person_id: display_name(person_id, name) for person_id, name in rows}
