"""Assigning by a spreadsheet: what each row would do is shown first, and exactly that is taken in."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.documents.assignment_rows import Entry, is_yes, meant
from lti_tool.services import audit
from lti_tool.services.caseload import assigning, availability
from lti_tool.services.caseload.assignments import AssignmentLine, What, can_take_on, standing
from lti_tool.services.caseload.standing_people import Carrying, carrying
from lti_tool.services.courses import people_list
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying import notify
from lti_tool.store.assignments import AssignedAs, AssignmentRow, ConflictRow
from lti_tool.store.base import new_id
from lti_tool.store.writing import insert_new
from rubrics.refusal import _N, Refused
from rubrics.sign_off import Lane


class Fate(StrEnum):
    """What a row would do."""

    MAKE = "make"
    CHANGE = "change"
    """the same stands, as a back-up or not as one"""
    END = "end"
    SAME = "same"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What one row of the file would do, or why that is not clear."""

    line: int
    trainee: str
    person: str
    what: What | None
    fate: Fate
    why: str | None = None
    """A sentence, where it is not clear."""
    trainee_id: UUID | None = None
    person_id: UUID | None = None
    assignment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do."""

    lines: tuple[PlanLine, ...]
    digest: str
    """Of all that would be done: another one means that something is not as it was shown any more."""

    def count(self, fate: Fate) -> int:
        """How many rows would do this."""
        return sum(line.fate is fate for line in self.lines)

    @property
    def changes(self) -> int:
        """How many rows would change something."""
        return sum(line.fate in (Fate.MAKE, Fate.CHANGE, Fate.END) for line in self.lines)


UNKNOWN = _N("Nobody of this course has this name. Please check how it is written.")
SEVERAL = _N(
    "Several people of this course have this name. Please use the ID from the file that you can download here."
)
NO_PART = _N("Please write observer, supervisor or mentor under “As”.")
NO_LANE = _N("A supervisor signs in a lane: please write peer or clinical.")
LANE_OF_NOBODY = _N("Only supervisors have a lane. Please leave it empty.")
NO_YES = _N("Please write yes, or leave it empty.")
ONESELF = _N("Nobody observes, supervises or mentors themselves.")
NOT_CARRYING = _N("They cannot be assigned as this yet. You can let them observe or sign on the page People.")
KEEPS_OUT = _N("Someone else does this for this person.")
NO_ROOM = _N("They have no room for another trainee.")
NOT_STANDING = _N("There is no such assignment that could end.")
TWICE = _N("The same stands in another row of this file.")


class _Unclear(Exception):
    """Why a row is not clear."""


class _Course:
    """What the rows are held against, asked once for all of them."""

    def __init__(self, session: Session, place: Place, now: datetime) -> None:
        trainees = people_list.trainees(session, place)
        self.carrying: Mapping[UUID, Carrying] = {one.id: one for one in carrying(session, place.course.id)}
        self.trainees = dict(trainees)
        self.trainees_by_name = _by_name(trainees)
        self.carrying_by_name = _by_name((one.id, one.name) for one in self.carrying.values())
        self.standing = {
            (one.trainee_id, one.person_id, one.what.assigned_as, one.what.lane): one
            for one in standing(session, place.course.id)
        }
        self.taking = _taking(self.standing.values())
        self.room = can_take_on(session, place.course.id, now.date())
        self.apart = _apart(session, self.carrying)


def plan(session: Session, place: Place, entries: Sequence[Entry], now: datetime) -> Plan:
    """What the rows would do now, one after the other. Nothing is written."""
    course = _Course(session, place, now)
    done: set[object] = set()
    lines = tuple(_line(course, entry, done) for entry in entries)
    told = [[line.fate, *map(str, (line.trainee_id, line.person_id, line.what, line.why))] for line in lines]
    return Plan(lines, sha256(json.dumps(told).encode()).hexdigest())


def take_in(
    session: Session, visitor: Visitor, place: Place, entries: Sequence[Entry], *, shown: str, now: datetime
) -> Plan:
    """Do what was shown, all of it at once; rows that are not clear are left out.

    Raises `Refused` ("changed_since_shown") where it would do something else now.
    """
    for person_id in sorted({line.person_id for line in plan(session, place, entries, now).lines if line.person_id}):
        availability.held(session, place.course.id, person_id)
    found = plan(session, place, entries, now)
    if found.digest != shown:
        raise Refused(
            "changed_since_shown",
            "Something changed after this was shown. Please look at it again: nothing was taken in.",
        )
    _make(session, visitor, place, [line for line in found.lines if line.fate is Fate.MAKE], now)
    _update(session, [line for line in found.lines if line.fate is Fate.END], ended_at=now)
    for backup in (True, False):
        changed = [
            line for line in found.lines if line.fate is Fate.CHANGE and line.what and line.what.backup is backup
        ]
        _update(session, changed, backup=backup)
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act="assignment.file",
        subject=f"course:{place.course.id}",
        now=now,
        made=found.count(Fate.MAKE),
        changed=found.count(Fate.CHANGE),
        ended=found.count(Fate.END),
        digest=found.digest,
    )
    for person_id in sorted({line.person_id for line in found.lines if line.fate is Fate.MAKE and line.person_id}):
        notify.news(
            session,
            organization_id=place.organization_id,
            person_id=person_id,
            now=now,
            path=f"/a/{place.activity.id}",
            sender_id=visitor.person_id,
        )
    return found


def as_it_stands(session: Session, place: Place, word: Mapping[str, str], yes: str) -> tuple[Entry, ...]:
    """The assignments of the course as rows of a file, and a row for each trainee who has none."""
    by_trainee: dict[UUID, list[AssignmentLine]] = {}
    for one in standing(session, place.course.id):
        by_trainee.setdefault(one.trainee_id, []).append(one)
    rows: list[Entry] = []
    for trainee_id, name in people_list.trainees(session, place):
        mine = by_trainee.get(trainee_id, ())
        if not mine:
            rows.append(Entry(0, name, str(trainee_id), "", "", "", "", "", ""))
        for one in mine:
            lane = word[one.what.lane] if one.what.lane else ""
            rows.append(
                Entry(
                    0, name, str(trainee_id), one.person_name, str(one.person_id), word[one.what.assigned_as], lane,
                    yes if one.what.backup else "", "",
                )
            )  # fmt: skip
    return tuple(rows)


def packed(entries: Sequence[Entry]) -> str:
    """The rows as text, for a form that brings them back."""
    return json.dumps([astuple(entry) for entry in entries], ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str) -> tuple[Entry, ...]:
    """The rows again. Raises `ValueError` for what `packed` did not write."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError("no rows")
    entries = []
    for row in found:
        if not isinstance(row, list) or not isinstance(row[0], int) or not all(isinstance(x, str) for x in row[1:]):
            raise ValueError("no row")
        entries.append(Entry(*row))
    return tuple(entries)


def _line(course: _Course, entry: Entry, done: set[object]) -> PlanLine:
    what: What | None = None
    trainee_id = person_id = None
    try:
        if not entry.person and not entry.person_id:
            return PlanLine(entry.line, entry.trainee, "", None, Fate.SAME)
        trainee_id = _who(entry.trainee, entry.trainee_id, course.trainees_by_name, course.trainees)
        what = _what(entry)
        person_id = _who(entry.person, entry.person_id, course.carrying_by_name, course.carrying)
        fate, assignment = _fate(course, entry, trainee_id, person_id, what)
        key = (trainee_id, person_id, what.assigned_as, what.lane)
        if key in done:
            raise _Unclear(TWICE)
        done.add(key)
    except _Unclear as unclear:
        return PlanLine(entry.line, entry.trainee, entry.person, what, Fate.UNCLEAR, str(unclear))
    return PlanLine(
        line=entry.line,
        trainee=course.trainees[trainee_id],
        person=course.carrying[person_id].name,
        what=what,
        fate=fate,
        trainee_id=trainee_id,
        person_id=person_id,
        assignment_id=assignment.id if assignment else None,
    )


def _fate(
    course: _Course, entry: Entry, trainee_id: UUID, person_id: UUID, what: What
) -> tuple[Fate, AssignmentLine | None]:
    stands = course.standing.get((trainee_id, person_id, what.assigned_as, what.lane))
    if _yes(entry.end):
        if stands is None:
            raise _Unclear(NOT_STANDING)
        return Fate.END, stands
    if stands is not None and stands.what.backup == what.backup:
        return Fate.SAME, stands
    if trainee_id == person_id:
        raise _Unclear(ONESELF)
    if not assigning.may_be(course.carrying[person_id], what):
        raise _Unclear(NOT_CARRYING)
    if trainee_id in course.apart.get(person_id, ()):
        raise _Unclear(KEEPS_OUT)
    if not what.backup and what.assigned_as is not AssignedAs.MENTOR:
        taking, room = course.taking.setdefault(person_id, set()), course.room.get(person_id)
        if (
            room is not None
            and room.capacity is not None
            and len(taking | {trainee_id}) > max(room.capacity, len(taking))
        ):
            raise _Unclear(NO_ROOM)
        taking.add(trainee_id)
    return (Fate.CHANGE, stands) if stands else (Fate.MAKE, None)


def _what(entry: Entry) -> What:
    part, lane = meant(entry.part), meant(entry.lane) if entry.lane else None
    if part not in set(AssignedAs):
        raise _Unclear(NO_PART)
    if (part == AssignedAs.SUPERVISOR and lane not in set(Lane)) or (entry.lane and lane not in set(Lane)):
        raise _Unclear(NO_LANE)
    if part != AssignedAs.SUPERVISOR and lane is not None:
        raise _Unclear(LANE_OF_NOBODY)
    return What(AssignedAs(part), Lane(lane) if lane else None, _yes(entry.backup))


def _yes(written: str) -> bool:
    found = is_yes(written)
    if found is None:
        raise _Unclear(NO_YES)
    return found


def _who(name: str, written_id: str, by_name: Mapping[str, list[UUID]], known: Mapping[UUID, object]) -> UUID:
    """By the id if it is one of this course, else by the name if one person has it."""
    try:
        if written_id and UUID(written_id) in known:
            return UUID(written_id)
    except ValueError:
        pass
    found = by_name.get(_plain(name), [])
    if len(found) != 1:
        raise _Unclear(SEVERAL if found else UNKNOWN)
    return found[0]


def _by_name(people: Iterable[tuple[UUID, str]]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for person_id, name in people:
        found.setdefault(_plain(name), []).append(person_id)
    return found


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _taking(assigned: Iterable[AssignmentLine]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for one in assigned:
        if not one.what.backup and one.what.assigned_as is not AssignedAs.MENTOR:
            found.setdefault(one.person_id, set()).add(one.trainee_id)
    return found


def _apart(session: Session, people: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """By person: with whom a conflict stands, whichever side declared it."""
    of_course = set(people)
    rows = session.execute(
        select(ConflictRow.declared_by, ConflictRow.about_id).where(
            ConflictRow.ended_at.is_(None),
            ConflictRow.declared_by.in_(of_course) | ConflictRow.about_id.in_(of_course),
        )
    )
    found: dict[UUID, set[UUID]] = {}
    for one, other in rows:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def _make(session: Session, visitor: Visitor, place: Place, lines: Sequence[PlanLine], now: datetime) -> None:
    insert_new(
        session,
        AssignmentRow,
        [
            {
                "id": new_id(),
                "organization_id": place.organization_id,
                "course_id": place.course.id,
                "trainee_id": line.trainee_id,
                "person_id": line.person_id,
                "assigned_as": line.what.assigned_as,
                "lane": line.what.lane,
                "backup": line.what.backup,
                "assigned_by": visitor.person_id,
                "assigned_at": now,
            }
            for line in sorted(lines, key=lambda line: (str(line.trainee_id), str(line.person_id), str(line.what)))
            if line.what is not None
        ],
    )


def _update(session: Session, lines: Sequence[PlanLine], **values: object) -> None:
    ids = [line.assignment_id for line in lines]
    if ids:
        session.execute(
            update(AssignmentRow)
            .where(AssignmentRow.id.in_(ids), AssignmentRow.ended_at.is_(None))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
