"""Evidence as pages show it: one's own, what others share with the visitor, and what belongs to an observation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Who
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, display_name
from lti_tool.services.portfolio import evidence, evidence_readers
from lti_tool.services.portfolio.evidence_readers import Readers, by_kind, who_would_see
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.evidence import EvidenceRow, EvidenceSeenRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.writing import insert_once
from rubrics.evidence import FILES, UNDO, EvidenceKind, EvidenceState, Sharing
from rubrics.observation import State

MOST_OBSERVATIONS = 50
MOST_OF_ONE = 50
MOST_SEEN = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file, link or note, as somebody who may open it sees it."""

    id: UUID
    course_id: UUID | None
    mine: bool
    owner_name: str
    kind: EvidenceKind
    state: EvidenceState
    sharing: Sharing
    title: str
    words: str | None
    address: str | None
    from_journal: bool
    observation_id: UUID | None
    media_type: str | None
    size: int | None
    digest: str | None
    has_captions: bool
    captions_language: str | None
    required_viewing: bool
    problem: str | None
    made_at: datetime
    withdrawn_at: datetime | None

    @property
    def is_file(self) -> bool:
        """Whether it has a content of its own."""
        return self.kind in FILES

    @property
    def until(self) -> datetime | None:
        """Until when it can be brought back; None: it is not taken back."""
        return self.withdrawn_at + UNDO if self.withdrawn_at else None


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody opened it."""

    name: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class OnePage:
    """What the page of one shows."""

    one: Evidence
    readers: tuple[Readers, ...]
    """Who can open it now, by name; nobody for what is its owner's alone."""
    seen_by: tuple[Seen, ...]
    """Who opened it; for its owner only."""
    activity_id: UUID | None
    """An activity of its course, for the way back."""


@dataclass(frozen=True, slots=True)
class OfObservation:
    """What belongs to one observation and this reader may open."""

    shown: tuple[Evidence, ...]
    mine: bool
    """Whether the reader is the trainee, who can bring more."""
    not_seen: frozenset[UUID]
    """What the reader is asked to have seen, and has not opened yet."""


def count_of_own(session: Session, visitor: Visitor, place: Place) -> int:
    """How much the visitor has in this course."""
    return session.scalars(select(func.count(EvidenceRow.id)).where(_own(visitor, place))).one()


def own(session: Session, visitor: Visitor, place: Place, first: int, most: int) -> Sequence[Evidence]:
    """The visitor's own in this course, the newest first."""
    return _listed(session, visitor, _own(visitor, place), first, most)


def count_of_shared(session: Session, visitor: Visitor, place: Place) -> int:
    """How much others share with the visitor in this course."""
    shared = evidence_readers.shared_with(session, visitor, place.course.id)
    return session.scalars(select(func.count(EvidenceRow.id)).where(shared)).one()


def shared(session: Session, visitor: Visitor, place: Place, first: int, most: int) -> Sequence[Evidence]:
    """What others share with the visitor in this course, the newest first."""
    return _listed(session, visitor, evidence_readers.shared_with(session, visitor, place.course.id), first, most)


def one_page(session: Session, visitor: Visitor, evidence_id: UUID, now: datetime) -> OnePage:
    """One, for whoever may open it; that somebody else did is written down. Raises `NotHere`."""
    row = evidence.the_one(session, visitor, evidence_id)
    mine = row.owner_id == visitor.person_id
    if not mine:
        note_seen(session, visitor, row, now)
    name = session.scalars(select(PersonRow.name).where(PersonRow.id == row.owner_id)).one()
    readers = by_kind(who_would_see(session, row, row.sharing))
    return OnePage(
        one=_evidence(row, name, visitor),
        readers=(Readers(Who.TRAINEE, (display_name(row.owner_id, name),)), *readers) if not mine else readers,
        seen_by=_seen_by(session, row) if mine else (),
        activity_id=_activity_of(session, row),
    )


def of_observation(session: Session, visitor: Visitor, line: ObservationLine) -> OfObservation:
    """What belongs to this observation, which the visitor was found to read already."""
    mine = line.trainee_id == visitor.person_id
    here = EvidenceRow.observation_id == line.id
    condition = and_(here, EvidenceRow.owner_id == visitor.person_id, EvidenceRow.state != EvidenceState.WITHDRAWN)
    if not mine:
        condition = and_(here, evidence_readers.shared_with(session, visitor, line.course_id))
    shown = tuple(_listed(session, visitor, condition, 0, MOST_OF_ONE))
    wanted = {one.id for one in shown if one.required_viewing and not mine}
    if wanted:
        seen = select(EvidenceSeenRow.evidence_id).where(
            EvidenceSeenRow.evidence_id.in_(wanted), EvidenceSeenRow.person_id == visitor.person_id
        )
        wanted -= set(session.scalars(seen))
    return OfObservation(shown, mine, frozenset(wanted))


def own_observations(session: Session, visitor: Visitor, course_id: UUID) -> tuple[tuple[UUID, str, datetime], ...]:
    """The visitor's own observations in this course to which something can belong: id, activity, when asked for."""
    rows = session.execute(
        select(ObservationRow.id, ActivityRow.title, ObservationRow.requested_at)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ActivityRow.course_id == course_id,
            ObservationRow.trainee_id == visitor.person_id,
            ObservationRow.state != State.WITHDRAWN,
        )
        .order_by(ObservationRow.requested_at.desc(), ObservationRow.id)
        .limit(MOST_OBSERVATIONS)
    )
    return tuple((id_, title, asked_at) for id_, title, asked_at in rows)


def note_seen(session: Session, visitor: Visitor, row: EvidenceRow, now: datetime) -> None:
    """Write down that somebody other than its owner opened it: when first, and when last."""
    first = insert_once(
        session,
        EvidenceSeenRow,
        organization_id=row.organization_id,
        evidence_id=row.id,
        person_id=visitor.person_id,
        first_at=now,
        last_at=now,
        id=new_id(),
    )
    if not first:
        session.execute(
            update(EvidenceSeenRow)
            .where(EvidenceSeenRow.evidence_id == row.id, EvidenceSeenRow.person_id == visitor.person_id)
            .values(last_at=now)
        )


def _own(visitor: Visitor, place: Place) -> ColumnElement[bool]:
    """What was taken back stands here for its day, so that it can be brought back."""
    return and_(
        EvidenceRow.owner_id == visitor.person_id,
        EvidenceRow.course_id == place.course.id,
        EvidenceRow.title.is_not(None),
    )


def _listed(
    session: Session, visitor: Visitor, condition: ColumnElement[bool], first: int, most: int
) -> Sequence[Evidence]:
    rows = session.execute(
        select(EvidenceRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == EvidenceRow.owner_id)
        .where(condition)
        .order_by(EvidenceRow.made_at.desc(), EvidenceRow.id.desc())
        .offset(first)
        .limit(most)
    )
    return [_evidence(row, name, visitor) for row, name in rows]


def _evidence(row: EvidenceRow, name: str | None, visitor: Visitor) -> Evidence:
    same: dict[str, Any] = {each: getattr(row, each) for each in _SAME}
    return Evidence(
        mine=row.owner_id == visitor.person_id,
        owner_name=display_name(row.owner_id, name),
        title=row.title or "",
        has_captions=row.captions_name is not None,
        **same,
    )


_SAME = (
    "id", "course_id", "kind", "state", "sharing", "words", "address", "from_journal", "observation_id", "media_type",
    "size", "digest", "captions_language", "required_viewing", "problem", "made_at", "withdrawn_at",
)  # fmt: skip


def _seen_by(session: Session, row: EvidenceRow) -> tuple[Seen, ...]:
    rows = session.execute(
        select(PersonRow.id, PersonRow.name, EvidenceSeenRow.last_at)
        .join(PersonRow, PersonRow.id == EvidenceSeenRow.person_id)
        .where(EvidenceSeenRow.evidence_id == row.id)
        .order_by(EvidenceSeenRow.last_at.desc(), EvidenceSeenRow.id)
        .limit(MOST_SEEN)
    )
    return tuple(Seen(display_name(id_, name), last_at) for id_, name, last_at in rows)


def _activity_of(session: Session, row: EvidenceRow) -> UUID | None:
    if row.observation_id is not None:
        return session.scalars(select(ObservationRow.activity_id).where(ObservationRow.id == row.observation_id)).one()
    return session.scalars(
        select(ActivityRow.id).where(ActivityRow.course_id == row.course_id).order_by(ActivityRow.id).limit(1)
    ).first()
