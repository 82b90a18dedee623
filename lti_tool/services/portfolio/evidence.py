"""Evidence that somebody brings: links and notes, and what is the same for files. Everything begins as theirs alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.courses import archived
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.portfolio import evidence_readers
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.observations import ObservationRow
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing, address_of, note_of, title_of, words_of
from rubrics.observation import State
from rubrics.refusal import Refused

MOST = 500
"""So much of one person is kept at a time."""
MOST_BYTES = 20_000_000_000
"""All files of one person together, with those that were taken back and can still be brought back."""


def share_note(
    session: Session,
    visitor: Visitor,
    place: Place,
    *,
    title: str,
    words: str,
    sharing: Sharing,
    observation_id: UUID | None,
    from_journal: bool,
    now: datetime,
) -> UUID:
    """A note of the visitor's own, seen by whom `sharing` names from this moment on.

    The page before showed its words as others will read them. Raises `Refused`, and `NotHere` for an observation
    that is not the visitor's own practice in this course.
    """
    row = begun(visitor, place, EvidenceKind.NOTE, title_of(title), now)
    row.words, row.from_journal, row.sharing = note_of(words), from_journal, sharing
    row.observation_id = own_observation(session, visitor, place.course.id, observation_id)
    return kept(session, row, now)


def bring_link(
    session: Session,
    visitor: Visitor,
    place: Place,
    *,
    title: str,
    address: str,
    words: str,
    observation_id: UUID | None,
    now: datetime,
) -> UUID:
    """A link, for nobody else until it is shared. Attune never follows it. Raises `Refused`, `NotHere`."""
    row = begun(visitor, place, EvidenceKind.LINK, title_of(title), now)
    row.address, row.words = address_of(address), words_of(words)
    row.observation_id = own_observation(session, visitor, place.course.id, observation_id)
    return kept(session, row, now)


def the_one(session: Session, visitor: Visitor, evidence_id: UUID) -> EvidenceRow:
    """The row, for whoever may see it now. Raises `NotHere` for everybody else."""
    row = _found(session, visitor, evidence_id)
    if row.owner_id != visitor.person_id and not evidence_readers.may_read(session, visitor, row):
        raise NotHere
    return row


def own(session: Session, visitor: Visitor, evidence_id: UUID) -> EvidenceRow:
    """The row, held, for its owner alone. Raises `NotHere`."""
    row = _found(session, visitor, evidence_id, to_change=True)
    if row.owner_id != visitor.person_id:
        raise NotHere
    return row


def _found(session: Session, visitor: Visitor, evidence_id: UUID, *, to_change: bool = False) -> EvidenceRow:
    statement = select(EvidenceRow).where(
        EvidenceRow.id == evidence_id, EvidenceRow.organization_id == visitor.organization_id
    )
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(statement).one_or_none()
    if row is None or (row.state is EvidenceState.WITHDRAWN and row.title is None):
        raise NotHere
    return row


def own_observation(
    session: Session, visitor: Visitor, course_id: UUID | None, observation_id: UUID | None
) -> UUID | None:
    """The same id, if it is an observation of the visitor's own practice in this course. Raises `NotHere`."""
    if observation_id is None:
        return None
    found = session.scalars(
        select(ObservationRow.id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(
            ObservationRow.id == observation_id,
            ObservationRow.trainee_id == visitor.person_id,
            ObservationRow.state != State.WITHDRAWN,
            ActivityRow.course_id == course_id,
        )
    ).one_or_none()
    if found is None:
        raise NotHere
    return found


def begun(visitor: Visitor, place: Place, kind: EvidenceKind, title: str, now: datetime) -> EvidenceRow:
    """Something of the visitor's own in this course, for nobody else yet; not kept yet."""
    return EvidenceRow(
        id=new_id(),
        organization_id=visitor.organization_id,
        owner_id=visitor.person_id,
        course_id=place.course.id,
        kind=kind,
        state=EvidenceState.READY,
        sharing=Sharing.ONLY_ME,
        title=title,
        from_journal=False,
        required_viewing=False,
        made_at=now,
        moved_at=now,
    )


def kept(session: Session, row: EvidenceRow, now: datetime) -> UUID:
    """Keep what somebody brought.

    Raises `Refused` where they have more than anybody can look through, and in a course that is for reading only.
    """
    check_goes_on(session, row)
    theirs = select(func.count()).where(
        EvidenceRow.owner_id == row.owner_id, EvidenceRow.state != EvidenceState.WITHDRAWN
    )
    if session.scalars(theirs).one() >= MOST:
        raise Refused("evidence_many", "You have a great deal here. Please take something back first.")
    if row.size is not None:
        _check_room(session, row)
    session.add(row)
    session.flush()
    audited(session, row, "evidence.bring", now, kind=row.kind.value, sharing=row.sharing.value)
    return row.id


def _check_room(session: Session, row: EvidenceRow) -> None:
    """One person cannot fill the disk for everybody."""
    there = select(func.sum(EvidenceRow.size)).where(
        EvidenceRow.owner_id == row.owner_id, EvidenceRow.stored_name.is_not(None)
    )
    if (session.scalars(there).one() or 0) + (row.size or 0) > MOST_BYTES:
        raise Refused(
            "evidence_many",
            "Your files fill the room that one person has here. Please take one back first, and take its content away.",
        )


def check_goes_on(session: Session, row: EvidenceRow) -> None:
    """Raises `Refused` where its course is kept for reading only: narrower and taken back it can be there, too."""
    if row.course_id is not None:
        archived.check_course(session, row.course_id)


def audited(session: Session, row: EvidenceRow, act: str, now: datetime, **facts: str | int | bool | None) -> None:
    """Write down what its owner did with it; nothing that it says."""
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=row.owner_id,
        act=act,
        subject=f"evidence:{row.id}",
        now=now,
        **facts,
    )
