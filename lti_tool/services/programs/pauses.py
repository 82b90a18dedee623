"""Pausing a path: no reason is asked, and before it begins it is said what stands still and what does not."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.lifecycle.pausing import Clock, Moved, after_a_pause, run_on, stand_still
from grading.program import Program
from lti_tool.access import ACCESS, Field, Who
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.programs import program_versions
from lti_tool.services.programs.own_path import note, own_path
from lti_tool.services.programs.program_versions import day_in
from lti_tool.services.standing.standings import stands
from lti_tool.store.base import new_id
from lti_tool.store.programs import EnrollmentRow, PathPauseRow
from rubrics.refusal import Refused

UNDO = timedelta(hours=24)
REACH = timedelta(days=14)
"""So far back or ahead a pause may begin."""
EXAMPLE_DAYS = 30
"""As an example it is said where each date would lie after so many days."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A pause as it stands."""

    since: date
    until: date | None
    """The last day; None: it goes on."""
    undo_until: datetime | None
    """Until when its last step can be taken back; None: that time is over."""


@dataclass(frozen=True, slots=True)
class PausePage:
    """What somebody is told before, while and after they pause a path."""

    enrollment_id: UUID
    program: Program
    today: date
    going_on: Paused | None
    """That began, or is to begin."""
    lately: Paused | None
    """That ended so lately that it can still be taken up again."""
    stand_still: tuple[Clock, ...]
    run_on: tuple[Clock, ...]
    dates: tuple[Moved, ...]
    first: date
    """The earliest day on which one may begin."""
    last: date
    readers: tuple[Reader, ...]

    @property
    def moving(self) -> tuple[Moved, ...]:
        """The dates that a pause moves."""
        return tuple(each for each in self.dates if each.due.pausable)

    @property
    def staying(self) -> tuple[Moved, ...]:
        """The dates that stay where they are."""
        return tuple(each for each in self.dates if not each.due.pausable)


def page(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> PausePage:
    """The page, for whose path it is. Raises `NotHere` for everybody else."""
    enrollment = own_path(session, visitor, enrollment_id)
    found = stands(session, enrollment, now, own=True)
    rows = _pauses(session, enrollment.id)
    program, today = found.enrolled.program, found.today
    return PausePage(
        enrollment_id=enrollment.id,
        program=program,
        today=today,
        going_on=next((_seen(row, row.begun_at, now) for row in rows if row.until is None), None),
        lately=_lately(rows, now),
        stand_still=stand_still(program),
        run_on=run_on(program),
        dates=after_a_pause(program, found.enrolled.evidence, today, EXAMPLE_DAYS),
        first=max(today - REACH, min(enrollment.entered_on, today)),
        last=today + REACH,
        readers=_readers(visitor),
    )


def begin(session: Session, visitor: Visitor, enrollment_id: UUID, since: date | None, now: datetime) -> None:
    """Pause from a day on, without an end; None: from today on. While one goes on, this changes nothing.

    Raises `NotHere` for another's path, `Refused` ("pause_day") for a day that is too far away.
    """
    enrollment = own_path(session, visitor, enrollment_id, locked=True)
    today = _today(session, enrollment, now)
    since = today if since is None else since
    rows = _pauses(session, enrollment.id)
    if any(row.until is None for row in rows):
        return
    if not max(today - REACH, min(enrollment.entered_on, today)) <= since <= today + REACH:
        raise Refused(
            "pause_day",
            "Please choose a day from %(first)s to %(last)s.",
            first=max(today - REACH, min(enrollment.entered_on, today)),
            last=today + REACH,
        )
    while (
        there := next((row.until for row in rows if row.until and row.since <= since <= row.until), None)
    ) is not None:
        since = there + timedelta(days=1)  # these days are of another pause already
    session.add(
        PathPauseRow(
            id=new_id(),
            organization_id=enrollment.organization_id,
            enrollment_id=enrollment.id,
            since=since,
            begun_by=visitor.person_id,
            begun_at=now,
        )
    )
    session.flush()
    note(session, visitor, enrollment, "pause.begun", now, since=since.isoformat())


def end(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> None:
    """Go on from today: yesterday was the last day of the pause. One that has no day yet is called off.

    Where none goes on, this changes nothing. Raises `NotHere` for another's path.
    """
    enrollment = own_path(session, visitor, enrollment_id, locked=True)
    row = next((row for row in _pauses(session, enrollment.id) if row.until is None), None)
    if row is None:
        return
    last = _today(session, enrollment, now) - timedelta(days=1)
    if last < row.since:
        session.delete(row)
    else:
        row.until, row.ended_at = last, now
    session.flush()
    note(session, visitor, enrollment, "pause.ended", now, since=row.since.isoformat())


def undo(session: Session, visitor: Visitor, enrollment_id: UUID, now: datetime) -> None:
    """Take the last step back: what began less than a day ago never did; what ended so lately goes on.

    Raises `NotHere` for another's path, `Refused` ("undo_over") later.
    """
    enrollment = own_path(session, visitor, enrollment_id, locked=True)
    rows = _pauses(session, enrollment.id)
    going_on = next((row for row in rows if row.until is None), None)
    ended = next((row for row in rows if row.ended_at is not None and now < row.ended_at + UNDO), None)
    if going_on is not None and now < going_on.begun_at + UNDO:
        session.delete(going_on)
        undone = going_on
    elif going_on is None and ended is not None:
        ended.until, ended.ended_at = None, None
        undone = ended
    else:
        raise Refused(
            "undo_over", "That was more than a day ago, so it stays. You can begin or end a pause at any time."
        )
    session.flush()
    note(session, visitor, enrollment, "pause.undone", now, since=undone.since.isoformat())


def _pauses(session: Session, enrollment_id: UUID) -> list[PathPauseRow]:
    """The newest first."""
    rows = session.scalars(
        select(PathPauseRow).where(PathPauseRow.enrollment_id == enrollment_id).order_by(PathPauseRow.since.desc())
    )
    return list(rows)


def _today(session: Session, enrollment: EnrollmentRow, now: datetime) -> date:
    version = program_versions.version(session, enrollment.organization_id, enrollment.version_id)
    return day_in(version.program, now)


def _seen(row: PathPauseRow, moment: datetime, now: datetime) -> Paused:
    return Paused(row.since, row.until, moment + UNDO if now < moment + UNDO else None)


def _lately(rows: list[PathPauseRow], now: datetime) -> Paused | None:
    if any(row.until is None for row in rows):
        return None
    ended = (_seen(row, row.ended_at, now) for row in rows if row.ended_at is not None)
    return next((each for each in ended if each.undo_until is not None), None)


def _readers(visitor: Visitor) -> tuple[Reader, ...]:
    names = {Who.TRAINEE: (display_name(visitor.person_id, visitor.name),)}
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[Field.PAUSE].see)
