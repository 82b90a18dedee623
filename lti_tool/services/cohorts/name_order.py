"""The order of names, as the database knows it: names are encrypted, so the worker tells it who stands where.

A position says nothing but who stands before whom. The database itself takes it from whoever gets another name (a
trigger of migration 0018), and the worker's next sweep gives a new one. Until then lists of up to `BY_NAME` people
are put in order by reading their names; in longer ones whoever has no position yet stands at one end.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVarTuple
from uuid import UUID

import structlog
from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from lti_tool.services.observations.lines import display_name
from lti_tool.store.people import PersonRow

Columns = TypeVarTuple("Columns")

log = structlog.get_logger("attune.worker")

BY_NAME = 2_000
"""So many names are read to put them in order."""
STEP = 2**32
"""Between one position and the next, where all are given anew: room for 32 who come between the same two."""
IN_A_LOT = 1_000


def ordered(
    people: Select[*Columns], organization_id: UUID, person_id: InstrumentedAttribute[UUID]
) -> Select[*Columns]:
    """Rows of people of the organization, in order of their names; `person_id` says whose each row is.

    Naming the organization lets the database walk along the order and stop where a page is full.
    """
    return (
        people.join(PersonRow, PersonRow.id == person_id)
        .where(PersonRow.organization_id == organization_id)
        .order_by(PersonRow.name_position, PersonRow.id)
    )


def is_for_the_database(session: Session, organization_id: UUID, count: int) -> bool:
    """Whether so many people are put in order by the database, which reads no name: else their names are read."""
    return count > BY_NAME or is_known(session, organization_id)


def is_known(session: Session, organization_id: UUID) -> bool:
    """Whether everybody has a position."""
    waiting = exists().where(PersonRow.organization_id == organization_id, PersonRow.name_position.is_(None))
    return not session.scalar(select(waiting))


def put_all(sessions: sessionmaker[Session], *, again: bool = False) -> None:
    """Give positions to those who have none; with `again` look at all others too. One that breaks off stops none."""
    with sessions() as session:
        found = select(PersonRow.organization_id).distinct()
        ids = session.scalars(found if again else found.where(PersonRow.name_position.is_(None))).all()
    for organization_id in ids:
        try:
            put_in_order(sessions, organization_id)
        except Exception:  # whatever it was, the others go on
            log.exception("the order of names broke off", organization=str(organization_id))


def put_in_order(sessions: sessionmaker[Session], organization_id: UUID) -> int:
    """Give positions to the people of an organization who have none, or not the right one; how many were changed.

    Names are read before anything is held, so that nobody waits for it.
    """
    with sessions() as session:
        rows = session.execute(
            select(PersonRow.id, PersonRow.name, PersonRow.name_position).where(
                PersonRow.organization_id == organization_id
            )
        ).all()
    people = sorted((display_name(id_, name).casefold(), id_, position) for id_, name, position in rows)
    wanted = positions([position for _name, _id, position in people])
    changed = [
        {"id": id_, "name_position": new} for (_name, id_, old), new in zip(people, wanted, strict=True) if old != new
    ]
    for first in range(0, len(changed), IN_A_LOT):
        with sessions.begin() as session:
            lot = sorted(changed[first : first + IN_A_LOT], key=lambda one: str(one["id"]))
            session.execute(update(PersonRow), lot)
    return len(changed)


def positions(standing: Sequence[int | None]) -> list[int]:
    """Positions in the order given, strictly rising: those that there are stay, and None gets one between them.

    Where those that there are do not rise, or leave too little room somewhere, all get new ones, `STEP` apart.
    """
    there = [(index, position) for index, position in enumerate(standing) if position is not None]
    if not there:
        return [STEP * (index + 1) for index in range(len(standing))]
    ends = (-1, there[0][1] - STEP * (there[0][0] + 1)), (len(standing), there[-1][1] + STEP * len(standing))
    found: list[int] = []
    for (before, low), (after, high) in pairwise((ends[0], *there, ends[1])):
        step = (high - low) // (after - before)
        if step < 1:
            return positions([None] * len(standing))
        found += [low + step * number for number in range(1, after - before)]
        found.append(high)
    return found[:-1]
