"""A site goes from one LMS to another: people and courses are named by a list, and no record changes or is lost.

A course that moves stays the same course, and a person the same person: only what the LMS knows them by becomes
another. So nothing of their records is touched. What the next LMS shows is sent to it anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.connecting import moving_courses
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.connecting.moving_courses import CannotMove
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import merging
from lti_tool.store.base import new_id
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.platforms import DeploymentRow, RegistrationRow
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of a list: what the LMS before knew it by, and the next one does."""

    line: int
    """In the file, for saying where."""
    old: str
    new: str
    deployment: str = ""
    """Of a course: in which deployment of the next LMS; "" where it has only one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be done as it stands."""

    file: str
    line: int
    what: str


@dataclass(slots=True)
class Moved:
    """What was done."""

    linked: int = 0
    """People who got their account at the next LMS."""
    joined: int = 0
    """Of them: those who had come in from there already, and are one person now."""
    known: int = 0
    """People for whom nothing was to be done."""
    courses: int = 0
    scores: int = 0
    """Scores that go to the columns of the next LMS as soon as it names them."""
    decided: int = 0
    """Cells in which a person let the score of the LMS before stand, or had it emptied: nothing is sent for them."""
    rules: int = 0
    """Columns of the LMS before whose results counted as trainings: they end, and are chosen anew."""
    problems: list[Problem] = field(default_factory=list)


def move(
    session: Session, by: Operator, old_id: UUID, new_id_: UUID, people: Iterable[Pair], courses: Iterable[Pair],
    now: datetime,
) -> Moved:  # fmt: skip
    """Do all rows that can be done, and name the others; the caller keeps nothing where it does not want half of it.

    Doing it twice changes nothing. Raises `NotHere` for connections that are not both the operator's organization's,
    `Refused` for one and the same.
    """
    old, new = _one(session, by, old_id), _one(session, by, new_id_)
    if old.id == new.id:
        raise Refused("same_platform", "These are one and the same connection. Please name the one to go to.")
    moved, given = Moved(), set[tuple[UUID, str]]()
    for pair in people:
        try:
            _person(session, old, new, pair, moved, given, now)
        except (CannotMove, Refused, NotHere) as problem:
            moved.problems.append(Problem("people", pair.line, _said(problem)))
    for pair in courses:
        try:
            to = _deployment(session, new, pair)
            if (to.id, pair.new) in given:
                raise CannotMove(f"Another row gives the course {pair.new} of the next LMS already.")
            done = moving_courses.move(session, old, to, pair.old, pair.new, now)
        except CannotMove as problem:
            moved.problems.append(Problem("courses", pair.line, str(problem)))
            continue
        given.add((to.id, pair.new))
        if done is not None:
            moved.courses += 1
            moved.scores += done.scores
            moved.decided += done.decided
            moved.rules += done.rules
    audit.write(
        session,
        organization_id=by.organization_id,
        person_id=by.person_id,
        act="platform.move",
        subject=f"registration:{old.id}",
        now=now,
        to=str(new.id),
        people=moved.linked,
        courses=moved.courses,
    )
    return moved


def _person(
    session: Session, old: RegistrationRow, new: RegistrationRow, pair: Pair, moved: Moved,
    given: set[tuple[UUID, str]], now: datetime,
) -> None:  # fmt: skip
    before = _account(session, old, pair.old)
    if before is None:
        raise CannotMove(f"Nobody has the account {pair.old} in the LMS before.")
    after = _account(session, new, pair.new)
    if after is None:
        session.add(
            LmsAccountRow(
                id=new_id(),
                organization_id=old.organization_id,
                registration_id=new.id,
                sub=pair.new,
                person_id=before.person_id,
            )
        )
        session.flush()
        given.add((new.id, pair.new))
        moved.linked += 1
        return
    if after.person_id == before.person_id:
        given.add((new.id, pair.new))
        moved.known += 1
        return
    if (new.id, pair.new) in given:
        raise CannotMove(f"Another row gives the account {pair.new} of the next LMS to somebody else already.")
    given.add((new.id, pair.new))
    merging.join(session, old.organization_id, before.person_id, after.person_id, now)
    moved.linked += 1
    moved.joined += 1


def _account(session: Session, of: RegistrationRow, sub: str) -> LmsAccountRow | None:
    return session.scalars(
        select(LmsAccountRow).where(LmsAccountRow.registration_id == of.id, LmsAccountRow.sub == sub)
    ).one_or_none()


def _deployment(session: Session, new: RegistrationRow, pair: Pair) -> DeploymentRow:
    known = select(DeploymentRow).where(DeploymentRow.registration_id == new.id)
    if pair.deployment:
        known = known.where(DeploymentRow.deployment_id == pair.deployment)
    found = session.scalars(known.limit(2)).all()
    if len(found) == 1:
        return found[0]
    raise CannotMove(
        "The next LMS has several deployments: the column “deployment” says which."
        if found
        else "The next LMS has no such deployment yet: have somebody open Attune there once."
    )


def _one(session: Session, by: Operator, registration_id: UUID) -> RegistrationRow:
    row = session.get(RegistrationRow, registration_id)
    if row is None or row.organization_id != by.organization_id:
        raise NotHere
    return row


def _said(problem: Exception) -> str:
    if isinstance(problem, Refused):
        return problem.sentence % problem.values if problem.values else problem.sentence
    return str(problem) or "One of the two is an operator, or was made one with somebody else: they stay two."
