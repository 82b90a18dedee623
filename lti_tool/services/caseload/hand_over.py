"""Hand-over notes: what a new supervisor should know, so that nothing is told twice. The trainee reads it first.

Nobody but its writer reads a draft. Once given, it is the trainee's: they change every word, agree, or take it away.
Only what they agreed to can be read by those who supervise them, and only as long as they leave it there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Field, Who, may_see
from lti_tool.services.caseload.hand_over_people import supervises, supervisors_of, writes_about
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader, log_reading
from lti_tool.store.handover import HandOverNoteRow, NoteState
from lti_tool.store.people import PersonRow

MOST = 200
TRAINEES = frozenset({NoteState.WITH_TRAINEE, NoteState.AGREED, NoteState.TAKEN_BACK})
"""Given to the trainee at some time: from then on it is theirs."""


class Part(StrEnum):
    """How the visitor stands to a note."""

    TRAINEE = "trainee"
    WRITER = "writer"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Note:
    """A note for this reader; `words` are None where they may not read them."""

    id: UUID
    trainee_id: UUID
    trainee_name: str
    writer_name: str
    own: bool
    """The trainee wrote it themselves."""
    state: NoteState
    part: Part
    words: str | None
    saved_at: datetime
    given_at: datetime | None
    agreed_at: datetime | None

    @property
    def may_write(self) -> bool:
        """Whether the visitor can change its words now."""
        return may_write(self.state, self.part, own=self.own)


@dataclass(frozen=True, slots=True)
class Notes:
    """All that there is for the visitor in this course."""

    about_me: tuple[Note, ...]
    to_read: tuple[Note, ...]
    """Of trainees whom the visitor supervises, agreed to by them."""
    written: tuple[Note, ...]
    """By the visitor about others, with how far each is."""
    to_write_about: tuple[tuple[UUID, str], ...]
    """Trainees about whom the visitor can write one."""
    who_reads: Reader
    """Who supervises the visitor now, and would read what they agree to."""


def may_write(state: NoteState, part: Part, *, own: bool) -> bool:
    """Whether a person of this part can change its words: a draft its writer, what was given the trainee."""
    if state is NoteState.DRAFT:
        return part is Part.WRITER or own
    return part is Part.TRAINEE and state is NoteState.WITH_TRAINEE


def notes(session: Session, visitor: Visitor, place: Place, now: datetime) -> Notes:
    """What the visitor can read or write here: no words, only that it is there."""
    me = visitor.person_id
    trainees = supervises(session, place, me)
    found = _found(
        session,
        place,
        or_(
            HandOverNoteRow.trainee_id == me,
            HandOverNoteRow.written_by == me,
            HandOverNoteRow.trainee_id.in_(trainees),
        ),
    )
    mine = [_note(row, names, visitor, trainees) for row, *names in found]
    seen = [note for note in mine if note is not None]
    return Notes(
        about_me=tuple(note for note in seen if note.part is Part.TRAINEE),
        to_read=tuple(note for note in seen if note.part is Part.SUPERVISOR),
        written=tuple(note for note in seen if note.part is Part.WRITER),
        to_write_about=writes_about(session, place, me, now),
        who_reads=who_reads(session, place, me),
    )


def who_reads(session: Session, place: Place, trainee_id: UUID) -> Reader:
    """Who would read what this trainee agreed to: those who are assigned to supervise them, now."""
    return Reader(Who.SUPERVISOR, tuple(name for _, name in supervisors_of(session, place.course.id, trainee_id)))


def read(session: Session, visitor: Visitor, place: Place, note_id: UUID, now: datetime) -> Note:
    """One note for this reader; that a supervisor opened it is written in the read log. Raises `NotHere`."""
    trainees = supervises(session, place, visitor.person_id)
    rows = _found(session, place, HandOverNoteRow.id == note_id)
    note = next((found for row, *names in rows if (found := _note(row, names, visitor, trainees))), None)
    if note is None:
        raise NotHere
    if note.part is Part.SUPERVISOR:
        seen: Mapping[UUID | None, Iterable[Field]] = {None: [Field.HAND_OVER_NOTE]}
        log_reading(session, visitor, trainee_id=note.trainee_id, seen=seen, now=now)
    return note


def part_of(row: HandOverNoteRow, person_id: UUID, trainees: frozenset[UUID]) -> Part | None:
    """How the person, who supervises these trainees, stands to it; None where it is not theirs to know of.

    The trainee has a part in it once it was given, those who supervise once the trainee agreed.
    """
    if row.trainee_id == person_id:
        return Part.TRAINEE if row.state in TRAINEES or row.written_by == person_id else None
    if (
        row.state is NoteState.AGREED
        and row.trainee_id in trainees
        and may_see(Field.HAND_OVER_NOTE, frozenset({Who.SUPERVISOR}))
    ):
        return Part.SUPERVISOR
    return Part.WRITER if row.written_by == person_id else None


def _note(
    row: HandOverNoteRow, names: Sequence[str | None], visitor: Visitor, trainees: frozenset[UUID]
) -> Note | None:
    part = part_of(row, visitor.person_id, trainees)
    if part is None:
        return None
    reads = part is not Part.WRITER or row.state is NoteState.DRAFT
    return Note(
        id=row.id,
        trainee_id=row.trainee_id,
        trainee_name=display_name(row.trainee_id, names[0]),
        writer_name=display_name(row.written_by, names[1]),
        own=row.written_by == row.trainee_id,
        state=row.state,
        part=part,
        words=row.words if reads else None,
        saved_at=row.saved_at,
        given_at=row.given_at,
        agreed_at=row.agreed_at,
    )


def _found(
    session: Session, place: Place, *which: ColumnElement[bool]
) -> Sequence[tuple[HandOverNoteRow, str | None, str | None]]:
    trainee, writer = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(HandOverNoteRow, trainee.name, writer.name)
        .join(trainee, trainee.id == HandOverNoteRow.trainee_id)
        .join(writer, writer.id == HandOverNoteRow.written_by)
        .where(HandOverNoteRow.course_id == place.course.id, *which)
        .order_by(HandOverNoteRow.saved_at.desc(), HandOverNoteRow.id)
        .limit(MOST)
    )
    return [(row[0], row[1], row[2]) for row in rows]
