"""What a trainee shares with their mentors, and what these write to them. A mentor reads and comments, nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, cast, delete, or_, select
from sqlalchemy.orm import Session

from lti_tool.access import Field, Who, may_change, may_see
from lti_tool.services import audit
from lti_tool.services.caseload.mentors import mentors_of, names_of_mentors
from lti_tool.services.caseload.relations import relations_of
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.services.observations.lines import ObservationLine, display_name, line, lines, listing, who_is_reading
from lti_tool.services.observations.moves import held, held_by_trainee
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.meetings import CommentRow
from lti_tool.store.observations import ConsentRow, ObservationRow
from lti_tool.store.people import PersonRow
from rubrics.consent import Audience
from rubrics.observation import NEVER_SEEN, READ_BY_TRAINEE, State
from rubrics.refusal import Refused

MOST = 200
LONGEST = 5_000
UNDO = timedelta(hours=24)
NOT_SHARED = NEVER_SEEN | {State.WITHDRAWN}
"""With nothing in it that others could read."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What a mentor wrote, for the trainee and for themselves."""

    id: UUID
    name: str
    words: str
    at: datetime
    mine: bool
    taken_back_at: datetime | None
    until: datetime | None
    """Until when its mentor can take it back, or bring it back; None where that has passed, and for others."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whether the trainee shares one observation with their mentors, for the trainee."""

    shared: bool
    mentors: tuple[str, ...]
    """Who mentors them in this course now, by name."""


_SHARED_ROW = or_(
    ObservationRow.shared_with_mentors.is_(True),
    and_(
        ObservationRow.shared_with_mentors.is_(None),
        cast(ConsentRow.audience, Text).contains(f'"{Audience.MENTORS.value}"'),
    ),
)
_SHARED: Any = listing(
    ActivityRow.course_id == bindparam("course_id"),
    ObservationRow.trainee_id.in_(bindparam("trainees", expanding=True)),
    ObservationRow.state.in_(READ_BY_TRAINEE),
    _SHARED_ROW,
    limit=MOST,
    newest_first=True,
)


def shared_with(session: Session, visitor: Visitor, place: Place) -> tuple[ObservationLine, ...]:
    """What the visitor's trainees in this course share with their mentors, newest first."""
    relations = relations_of(session, visitor.person_id, place.course.id)
    trainees = sorted(relations.mentors - relations.conflicts - {visitor.person_id})
    return lines(session, _SHARED, course_id=place.course.id, trainees=trainees) if trainees else ()


def sharing_of(session: Session, seen: ObservationLine, who: frozenset[Who]) -> Sharing | None:
    """For the trainee whose observation it is, where there is something to share; None for everybody else."""
    if Who.TRAINEE not in who or seen.state in NOT_SHARED:
        return None
    return Sharing(Audience.MENTORS in seen.audience, names_of_mentors(session, seen.trainee_id, seen.course_id))


def share_with_mentors(
    session: Session, visitor: Visitor, observation_id: UUID, *, shared: bool, now: datetime
) -> None:
    """Let the visitor's mentors read it, or no longer: at once, at any time, without a reason. Raises `Refused`."""
    observation = held_by_trainee(session, visitor, observation_id)
    if observation.state in NOT_SHARED:
        raise Refused("not_to_share", "There is nothing here that others could read, so nothing is shared.")
    if observation.shared_with_mentors is shared:
        return
    observation.shared_with_mentors = shared
    _audit(session, observation, "observation.share_with_mentors", visitor, now, shared=shared)
    if shared and observation.state in READ_BY_TRAINEE:
        course_id = line(session, visitor.organization_id, observation_id).course_id
        for mentor_id in mentors_of(session, visitor.person_id, course_id):
            notify.of_observation(session, observation, mentor_id, now, by=visitor.person_id)


def comments_of(
    session: Session, visitor: Visitor, observation_id: UUID, who: frozenset[Who], now: datetime
) -> tuple[Comment, ...]:
    """What mentors wrote, first written first: all of it for the trainee, for a mentor their own."""
    if not may_see(Field.COMMENT, who):
        return ()
    rows = session.execute(
        select(CommentRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == CommentRow.person_id)
        .where(CommentRow.observation_id == observation_id)
        .order_by(CommentRow.at, CommentRow.id)
    )
    found = [_comment(row, name, visitor, now) for row, name in rows]
    return tuple(one for one in found if one.mine or (Who.TRAINEE in who and one.taken_back_at is None))


def comment(session: Session, visitor: Visitor, observation_id: UUID, words: str, now: datetime) -> None:
    """Write to the trainee. Raises `NotHere` for all but their mentors with whom they share it, and `Refused`."""
    observation = held(session, visitor, observation_id)
    who = who_is_reading(session, visitor, line(session, visitor.organization_id, observation_id))
    if not may_change(Field.COMMENT, who):
        raise NotHere
    text = words.replace("\x00", "").strip()
    if not text:
        raise Refused("nothing_written", "Please write something first, or go back: a comment is not needed.")
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    session.add(
        CommentRow(
            id=new_id(),
            organization_id=observation.organization_id,
            observation_id=observation.id,
            person_id=visitor.person_id,
            words=text,
            at=now,
        )
    )
    _audit(session, observation, "observation.comment", visitor, now)
    notify.of_observation(session, observation, observation.trainee_id, now, by=visitor.person_id)


def take_back(session: Session, visitor: Visitor, observation_id: UUID, comment_id: UUID, now: datetime) -> None:
    """Take the visitor's own comment back, within a day. For another day it can be brought back."""
    observation, row = _own(session, visitor, observation_id, comment_id)
    if row.taken_back_at is not None:
        return
    if now >= row.at + UNDO:
        raise Refused("too_late", "A comment can be taken back for a day. This one stays; you can write another one.")
    row.taken_back_at = now
    _audit(session, observation, "observation.comment_taken_back", visitor, now)


def bring_back(session: Session, visitor: Visitor, observation_id: UUID, comment_id: UUID, now: datetime) -> None:
    """Undo that."""
    observation, row = _own(session, visitor, observation_id, comment_id)
    if row.taken_back_at is None:
        return
    if now >= row.taken_back_at + UNDO:
        raise NotHere
    row.taken_back_at = None
    _audit(session, observation, "observation.comment_brought_back", visitor, now)


def purge(session: Session, now: datetime) -> None:
    """A day after it was taken back, a comment is gone."""
    session.execute(delete(CommentRow).where(CommentRow.taken_back_at < now - UNDO))


def _comment(row: CommentRow, name: str | None, visitor: Visitor, now: datetime) -> Comment:
    mine = row.person_id == visitor.person_id
    until = (row.taken_back_at or row.at) + UNDO
    return Comment(
        id=row.id,
        name=display_name(row.person_id, name),
        words=row.words,
        at=row.at,
        mine=mine,
        taken_back_at=row.taken_back_at,
        until=until if mine and now < until else None,
    )


def _own(
    session: Session, visitor: Visitor, observation_id: UUID, comment_id: UUID
) -> tuple[ObservationRow, CommentRow]:
    observation = held(session, visitor, observation_id)
    who_is_reading(session, visitor, line(session, visitor.organization_id, observation_id))
    row = session.scalars(
        select(CommentRow).where(
            CommentRow.id == comment_id,
            CommentRow.observation_id == observation.id,
            CommentRow.person_id == visitor.person_id,
        )
    ).one_or_none()
    if row is None:
        raise NotHere
    return observation, row


def _audit(
    session: Session, observation: ObservationRow, act: str, visitor: Visitor, now: datetime, **facts: bool
) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=observation.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"observation:{observation.id}",
        now=now,
        **facts,
    )
