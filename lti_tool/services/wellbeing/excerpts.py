"""A part of a private journal that its owner lets others read: a note of its own. The entry stays as it is, private."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services.courses import places
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.portfolio.evidence import own_observation, share_note
from lti_tool.services.portfolio.evidence_readers import Readers, by_kind, who_would_see
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import MembershipRow, PersonRow
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing, note_of, title_of
from rubrics.observation import State
from rubrics.refusal import Refused

MOST = 100
AUDIENCES = frozenset({Sharing.SUPERVISORS, Sharing.ASSESSORS})
"""What an excerpt can have: what is for oneself stays in the journal."""


@dataclass(frozen=True, slots=True)
class Where:
    """An activity in which the visitor practices."""

    activity_id: UUID
    title: str
    course_title: str


@dataclass(frozen=True, slots=True)
class About:
    """An observation of the visitor's own practice."""

    observation_id: UUID
    activity_id: UUID
    observer_name: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is to be shared, as it was typed."""

    words: str
    title: str
    sharing: Sharing
    observation_id: UUID | None = None


def wheres(session: Session, visitor: Visitor) -> tuple[Where, ...]:
    """Where the visitor could share something, newest course first."""
    rows = session.execute(
        select(ActivityRow.id, ActivityRow.title, CourseRow.title)
        .join(CourseRow, CourseRow.id == ActivityRow.course_id)
        .join(MembershipRow, MembershipRow.course_id == CourseRow.id)
        .where(
            MembershipRow.person_id == visitor.person_id,
            MembershipRow.capability == Capability.TRAINEE,
            MembershipRow.ended_at.is_(None),
            CourseRow.archived_at.is_(None),
        )
        .order_by(CourseRow.title, ActivityRow.title, ActivityRow.id)
        .limit(MOST)
    )
    return tuple(Where(*row) for row in rows)


def abouts(session: Session, visitor: Visitor) -> tuple[About, ...]:
    """To which observation an excerpt could belong, newest first."""
    rows = session.execute(
        select(ObservationRow.id, ObservationRow.activity_id, PersonRow.id, PersonRow.name, ObservationRow.requested_at)
        .join(PersonRow, PersonRow.id == ObservationRow.observer_id)
        .where(ObservationRow.trainee_id == visitor.person_id, ObservationRow.state != State.WITHDRAWN)
        .order_by(ObservationRow.requested_at.desc(), ObservationRow.id)
        .limit(MOST)
    )
    return tuple(About(row[0], row[1], display_name(row[2], row[3]), row[4]) for row in rows)


def readers(session: Session, visitor: Visitor, place: Place, excerpt: Excerpt) -> tuple[Readers, ...]:
    """Who could read it once it is shared, by name: asked of the rule that lets them in. Raises `NotHere`."""
    shared = EvidenceRow(
        owner_id=visitor.person_id,
        course_id=place.course.id,
        observation_id=own_observation(session, visitor, place.course.id, excerpt.observation_id),
        kind=EvidenceKind.NOTE,
        state=EvidenceState.READY,
        sharing=excerpt.sharing,
    )
    return by_kind(who_would_see(session, shared, excerpt.sharing))


def place_of(session: Session, visitor: Visitor, activity_id: UUID) -> Place:
    """Where the visitor practices. Raises `NotHere` for every other activity."""
    place = places.place(session, visitor, activity_id)
    if Capability.TRAINEE not in place.capabilities:
        raise places.NotHere
    return place


def excerpt_of(words: str, title: str, sharing: str, observation_id: UUID | None) -> Excerpt:
    """What was typed, as it would be shared. Raises `Refused` with what is still needed."""
    words, title = note_of(words), title_of(title)
    if sharing not in AUDIENCES:
        raise Refused("excerpt_sharing", "Please choose who may read it.")
    return Excerpt(words, title, Sharing(sharing), observation_id)


def share(session: Session, visitor: Visitor, place: Place, excerpt: Excerpt, now: datetime) -> UUID:
    """A note with exactly these words; the answer names the evidence. Raises `Refused` and `NotHere`."""
    return share_note(
        session,
        visitor,
        place,
        title=excerpt.title,
        words=excerpt.words,
        sharing=excerpt.sharing,
        observation_id=excerpt.observation_id,
        from_journal=True,
        now=now,
    )
