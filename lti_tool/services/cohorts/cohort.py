"""What an instructor sees of an activity: who waits for what, in states and counts, never what was written."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, exists
from sqlalchemy.orm import Session

from lti_tool.services.courses import people_list
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.lines import ObservationLine, lines, listing
from lti_tool.services.scores import needing_person
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import MembershipRow
from rubrics.observation import BEFORE, OVER, UNDER_WAY, State
from rubrics.sign_off import Lane

MOST = 4_000
FOR_OBSERVER = BEFORE | UNDER_WAY


@dataclass(frozen=True, slots=True)
class TraineeLine:
    """One trainee: how many observations are finished, and those under way."""

    person_id: UUID
    name: str
    finished: int
    under_way: tuple[ObservationLine, ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """An activity today."""

    required: int
    trainees: tuple[TraineeLine, ...]
    """By name; the order carries no rank."""
    observers: int
    """How many people may be asked to observe."""
    lanes_without_supervisor: tuple[Lane, ...]
    """Lanes that have to sign, and in which nobody can."""
    waiting_for_observer: int
    waiting_for_trainee: int
    waiting_for_signature: int
    not_started: int
    """Trainees with nothing finished and nothing under way."""
    scores_needing_person: int


_COUNTED = listing(
    ObservationRow.activity_id == bindparam("activity_id"),
    ObservationRow.state != State.WITHDRAWN,
    ~exists().where(
        MembershipRow.person_id == ObservationRow.trainee_id,
        MembershipRow.course_id == ActivityRow.course_id,
        MembershipRow.test_user,
    ),
    limit=MOST,
)


def cohort(session: Session, place: Place) -> Cohort:
    """The activity as its instructors may see it. What was withdrawn is not in it, nor what a test user tried."""
    seen = lines(session, _COUNTED, activity_id=place.activity.id)
    own: dict[UUID, list[ObservationLine]] = {}
    for line in seen:
        own.setdefault(line.trainee_id, []).append(line)
    named = people_list.trainees(session, place, also=own.keys())
    trainees = tuple(_trainee(person_id, name, own.get(person_id, [])) for person_id, name in named)
    carrying = people_list.carrying(session, place)
    signing = {grant.lane for person in carrying for grant in person.grants}
    return Cohort(
        required=place.activity.required_observations,
        trainees=trainees,
        observers=len(carrying),
        lanes_without_supervisor=tuple(lane for lane in place.activity.lanes if lane not in signing),
        waiting_for_observer=sum(line.state in FOR_OBSERVER for line in seen),
        waiting_for_trainee=sum(line.state is State.SHARED for line in seen),
        waiting_for_signature=sum(line.state is State.ANSWERED for line in seen),
        not_started=sum(not trainee.finished and not trainee.under_way for trainee in trainees),
        scores_needing_person=needing_person.of_activity(session, place.activity.id),
    )


def _trainee(person_id: UUID, name: str, own: list[ObservationLine]) -> TraineeLine:
    return TraineeLine(
        person_id=person_id,
        name=name,
        finished=sum(line.state is State.RELEASED for line in own),
        under_way=tuple(line for line in own if line.state not in OVER),
    )
