"""Writing a hand-over note, giving it to the trainee, and what the trainee makes of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.caseload.hand_over import Part, may_write, part_of
from lti_tool.services.caseload.hand_over_people import supervisors_of, writes_about
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.store.base import new_id
from lti_tool.store.handover import HandOverNoteRow, NoteState
from lti_tool.store.people import MembershipRow
from rubrics.refusal import Refused

LONGEST = 10_000
UNDO = timedelta(hours=24)


def begin(session: Session, visitor: Visitor, place: Place, trainee_id: UUID, now: datetime) -> UUID:
    """A draft about this trainee: the one that is being written already, or a new one. Raises `NotHere`."""
    _check_writes_about(session, visitor, place, trainee_id, now)
    _hold(session, place, trainee_id)
    before = session.scalars(
        select(HandOverNoteRow.id).where(
            *_of(place, trainee_id),
            HandOverNoteRow.written_by == visitor.person_id,
            HandOverNoteRow.state == NoteState.DRAFT,
        )
    ).first()
    if before is not None:
        return before
    row = HandOverNoteRow(
        id=new_id(),
        organization_id=place.organization_id,
        course_id=place.course.id,
        trainee_id=trainee_id,
        written_by=visitor.person_id,
        state=NoteState.DRAFT,
        saved_at=now,
    )
    session.add(row)
    _audit(session, visitor, row, "hand_over.begin", now)
    return row.id


def save(session: Session, visitor: Visitor, place: Place, note_id: UUID, words: str, now: datetime) -> datetime:
    """Keep what was typed: by its writer while it is a draft, by the trainee once it was given to them.

    Raises `NotHere`, and `Refused` ("note_closed", "too_long").
    """
    row, part = _held(session, visitor, place, note_id)
    if not may_write(row.state, part, own=row.written_by == row.trainee_id):
        raise _closed()
    text = words.replace("\x00", "").replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise Refused("too_long", "Please shorten this to %(limit)s characters.", limit=LONGEST)
    row.words, row.saved_at = text or None, now
    session.flush()
    return now


def give(session: Session, visitor: Visitor, place: Place, note_id: UUID, now: datetime) -> None:
    """Its writer gives the draft to the trainee, who reads it before anybody else.

    Raises `Refused` ("nothing_written"), and ("note_closed") where it was given already.
    """
    row, part = _held(session, visitor, place, note_id)
    if row.state is not NoteState.DRAFT or part is not Part.WRITER:
        raise _closed()
    _check_writes_about(session, visitor, place, row.trainee_id, now)
    _check_words(row)
    row.state, row.given_at = NoteState.WITH_TRAINEE, now
    _audit(session, visitor, row, "hand_over.give", now)
    _tell(session, visitor, place, row, (row.trainee_id,), now)


def agree(session: Session, visitor: Visitor, place: Place, note_id: UUID, now: datetime) -> None:
    """The trainee lets those who supervise them read it, as its words are now. Raises `Refused`."""
    row, part = _held(session, visitor, place, note_id)
    if part is not Part.TRAINEE or row.state not in (NoteState.WITH_TRAINEE, NoteState.DRAFT):
        raise _closed()
    _check_words(row)
    row.state, row.agreed_at, row.given_at = NoteState.AGREED, now, row.given_at or now
    _audit(session, visitor, row, "hand_over.agree", now)
    readers = [person_id for person_id, _ in supervisors_of(session, place.course.id, row.trainee_id)]
    _tell(session, visitor, place, row, {*readers, row.written_by} - {row.trainee_id}, now)


def take_back(session: Session, visitor: Visitor, place: Place, note_id: UUID, now: datetime) -> None:
    """The trainee says that there is none: from this moment nobody else reads it, and a day later it is gone."""
    row, part = _held(session, visitor, place, note_id)
    if part is not Part.TRAINEE:
        raise _closed()
    if row.state is NoteState.TAKEN_BACK:
        return
    row.state, row.agreed_at, row.saved_at = NoteState.TAKEN_BACK, None, now
    row.given_at = row.given_at or now
    _audit(session, visitor, row, "hand_over.take_back", now)


def bring_back(session: Session, visitor: Visitor, place: Place, note_id: UUID, now: datetime) -> None:
    """Within a day: it is with the trainee again, and read by nobody else before they agree anew."""
    row, part = _held(session, visitor, place, note_id)
    if part is not Part.TRAINEE or row.state is NoteState.DRAFT:
        raise _closed()
    if row.state is NoteState.WITH_TRAINEE:
        return
    row.state, row.agreed_at, row.saved_at = NoteState.WITH_TRAINEE, None, now
    _audit(session, visitor, row, "hand_over.bring_back", now)


def purge(session: Session, now: datetime) -> None:
    """A day after it was taken back, a note is gone."""
    session.execute(
        delete(HandOverNoteRow).where(
            HandOverNoteRow.state == NoteState.TAKEN_BACK, HandOverNoteRow.saved_at < now - UNDO
        )
    )


def _of(place: Place, trainee_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (HandOverNoteRow.course_id == place.course.id, HandOverNoteRow.trainee_id == trainee_id)


def _hold(session: Session, place: Place, trainee_id: UUID) -> None:
    session.execute(
        select(MembershipRow.id)
        .where(MembershipRow.course_id == place.course.id, MembershipRow.person_id == trainee_id)
        .with_for_update()
    )


def _held(session: Session, visitor: Visitor, place: Place, note_id: UUID) -> tuple[HandOverNoteRow, Part]:
    """The note, locked, for its writer or its trainee. Raises `NotHere`."""
    row = session.scalars(
        select(HandOverNoteRow)
        .where(HandOverNoteRow.id == note_id, HandOverNoteRow.course_id == place.course.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    part = part_of(row, visitor.person_id, frozenset()) if row is not None else None
    if row is None or part is None:
        raise NotHere
    return row, part


def _check_writes_about(session: Session, visitor: Visitor, place: Place, trainee_id: UUID, now: datetime) -> None:
    """Also once the draft is there: a conflict may have come between them since."""
    if all(trainee_id != person_id for person_id, _ in writes_about(session, place, visitor.person_id, now)):
        raise NotHere


def _check_words(row: HandOverNoteRow) -> None:
    if not (row.words or "").strip():
        raise Refused("nothing_written", "Please write something first, or leave it: a note is not needed.")


def _closed() -> Refused:
    return Refused(
        "note_closed",
        "This note is not to be changed here now: it was given, agreed to or taken back meanwhile. "
        "Its page says how far it is.",
    )


def _tell(
    session: Session,
    visitor: Visitor,
    place: Place,
    row: HandOverNoteRow,
    people: Iterable[UUID],
    now: datetime,
) -> None:
    for person_id in sorted(people):
        notify.news(
            session,
            organization_id=row.organization_id,
            person_id=person_id,
            now=now,
            path=f"/a/{place.activity.id}/hand-over/{row.id}",
            sender_id=visitor.person_id,
        )


def _audit(session: Session, visitor: Visitor, row: HandOverNoteRow, act: str, now: datetime) -> None:
    session.flush()
    audit.write(
        session,
        organization_id=row.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"hand_over_note:{row.id}",
        now=now,
    )
