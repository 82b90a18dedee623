"""Every trainee of a course with those who are assigned to them; who is without somebody comes first."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from lti_tool.services.caseload import assigning
from lti_tool.services.caseload.assignments import AssignmentLine, standing
from lti_tool.services.courses import people_list
from lti_tool.services.courses.people_list import Search
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.qualifications import qualified
from lti_tool.store.assignments import AssignedAs
from rubrics.sign_off import Lane


@dataclass(frozen=True, slots=True)
class OnBoard:
    """One trainee, who is assigned to them, and who is not yet."""

    person_id: UUID
    name: str
    assigned: tuple[AssignmentLine, ...]
    without_observer: bool
    without_lanes: tuple[Lane, ...]
    """Lanes that sign this activity, and in which nobody is assigned to them."""

    @property
    def complete(self) -> bool:
        """Whether somebody is assigned for all that the activity needs."""
        return not self.without_observer and not self.without_lanes


@dataclass(frozen=True, slots=True)
class Board:
    """The trainees who were looked for."""

    trainees: tuple[OnBoard, ...]
    """Those without somebody first, then by name; the order carries no rank."""
    incomplete: int
    """How many of all trainees of the course are without somebody."""
    of: int
    """How many trainees the course has."""


def board(session: Session, place: Place, search: Search) -> Board:
    """The course's trainees, of a group or with a part of a name at wish. Raises `NotHere` for a strange group."""
    by_trainee: dict[UUID, list[AssignmentLine]] = {}
    for one in standing(session, place.course.id):
        by_trainee.setdefault(one.trainee_id, []).append(one)
    everyone = [
        _on_board(place, person_id, name, by_trainee.get(person_id, ()))
        for person_id, name in people_list.trainees(session, place)
    ]
    members = set(assigning.in_group(session, place, search.group_id)) if search.group_id else None
    wanted = search.name.casefold()
    found = [one for one in everyone if (members is None or one.person_id in members) and wanted in one.name.casefold()]
    return Board(
        trainees=tuple(sorted(found, key=lambda one: one.complete)),
        incomplete=sum(not one.complete for one in everyone),
        of=len(everyone),
    )


def on_board(session: Session, place: Place, trainee_id: UUID) -> OnBoard:
    """One trainee of the course. Raises `NotHere`."""
    if trainee_id not in assigning.trainees_of(session, place, (trainee_id,)):
        raise NotHere
    name = qualified.name_in_course(session, place, trainee_id)
    return _on_board(place, trainee_id, name, standing(session, place.course.id, trainee_id=trainee_id))


def _on_board(place: Place, person_id: UUID, name: str, assigned: Collection[AssignmentLine]) -> OnBoard:
    here = [one for one in assigned if one.still_here and not one.what.backup]
    lanes = {one.what.lane for one in here}
    return OnBoard(
        person_id=person_id,
        name=name,
        assigned=tuple(assigned),
        without_observer=not any(one.what.assigned_as is AssignedAs.OBSERVER for one in here),
        without_lanes=tuple(lane for lane in place.activity.lanes if lane not in lanes),
    )
