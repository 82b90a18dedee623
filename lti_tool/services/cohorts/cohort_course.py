"""The trainees of a course by its activities, and by the competencies that were observed: states and counts only.

What somebody was rated, and what was written, is not asked for here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from lti_tool.services.cohorts import name_order
from lti_tool.services.cohorts.cohort_matrix import placed_at, supervised_by
from lti_tool.services.courses.people import trains
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import ActivityRow, GroupMemberRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow
from lti_tool.store.people import MembershipRow, PersonRow
from lti_tool.store.rubrics import RubricVersionRow
from rubrics.observation import BEFORE, UNDER_WAY, State

MOST_ACTIVITIES = 60
MOST_PEOPLE = 25_000
FINISHED = frozenset({State.FINAL, State.RELEASED})


class Waits(StrEnum):
    """For whom an observation waits."""

    OBSERVER = "observer"
    TRAINEE = "trainee"
    SIGNATURE = "signature"


STATES: Mapping[Waits, frozenset[State]] = {
    Waits.OBSERVER: BEFORE | UNDER_WAY | {State.DRAFTED, State.IN_MODERATION, State.AMENDING},
    Waits.TRAINEE: frozenset({State.SHARED}),
    Waits.SIGNATURE: frozenset({State.ANSWERED, State.IN_RECONCILIATION}),
}


@dataclass(frozen=True, slots=True)
class Looking:
    """Whom to show; what is empty leaves nobody out."""

    group_id: UUID | None = None
    site_id: UUID | None = None
    supervisor_id: UUID | None = None
    waits_for: Waits | None = None
    activity_id: UUID | None = None
    """Whose activity is still to be finished."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as a column."""

    id: UUID
    title: str
    required: int


@dataclass(slots=True)
class Cell:
    """How far one trainee is in one activity."""

    finished: int = 0
    waits: dict[Waits, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One trainee; the cells by activity, only of those in which there is something."""

    person_id: UUID
    name: str
    cells: Mapping[UUID, Cell]


@dataclass(frozen=True, slots=True)
class Found:
    """Who matches: how many, and their ids in order, where names had to be read for it."""

    count: int
    ids: tuple[UUID, ...] | None
    in_order: bool = True
    """False where not every name has its place yet, and there are too many to read them (`name_order`)."""


@dataclass(frozen=True, slots=True)
class Competencies:
    """How often each competency was observed, by trainee: in how many finished observations."""

    columns: tuple[str, ...]
    """As rubrics name them, such as `starter:A1`."""
    counts: Mapping[UUID, Mapping[str, int]]


def activities(session: Session, place: Place) -> tuple[Activity, ...]:
    """Those of the course, in the order in which they were made."""
    rows = session.execute(
        select(ActivityRow.id, ActivityRow.title, ActivityRow.required_observations)
        .where(ActivityRow.course_id == place.course.id)
        .order_by(ActivityRow.id)
        .limit(MOST_ACTIVITIES)
    )
    return tuple(Activity(id_, title, required) for id_, title, required in rows)


def find(session: Session, place: Place, looking: Looking) -> Found:
    """Which trainees of the course match."""
    base = _base(place, looking)
    count = session.scalars(base.with_only_columns(func.count(MembershipRow.person_id))).one()
    if not looking.name and name_order.is_for_the_database(session, place.organization_id, count):
        return Found(count, None, in_order=name_order.is_known(session, place.organization_id))
    rows = session.connection().execute(
        base.join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .with_only_columns(PersonRow.id, PersonRow.name)
        .limit(MOST_PEOPLE)
    )
    wanted = looking.name.casefold()
    named = sorted((display_name(id_, name).casefold(), id_) for id_, name in rows)
    ids = tuple(id_ for name, id_ in named if wanted in name)
    return Found(len(ids), ids)


def lines(session: Session, place: Place, looking: Looking, found: Found, *, first: int, most: int) -> tuple[Line, ...]:
    """So many of them, from the `first` on (counted from 0)."""
    ids: Sequence[UUID]
    if found.ids is not None:
        ids = found.ids[first : first + most]
    else:
        wanted = name_order.ordered(_base(place, looking), place.organization_id, MembershipRow.person_id)
        ids = session.scalars(wanted.offset(first).limit(most)).all()
    names = {
        id_: display_name(id_, name)
        for id_, name in session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(ids)))
    }
    cells = _cells(session, place, ids)
    return tuple(Line(id_, names[id_], cells.get(id_, {})) for id_ in ids if id_ in names)


def competencies(session: Session, place: Place, ids: Sequence[UUID]) -> Competencies:
    """Of these trainees: in how many finished observations of the course something of each competency was seen."""
    rows = session.execute(
        select(ObservationRow.trainee_id, ObservationRow.id, ObservationRow.rubric_version_id, RatingRow.criterion)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .join(AssessmentRow, AssessmentRow.observation_id == ObservationRow.id)
        .join(RatingRow, RatingRow.assessment_id == AssessmentRow.id)
        .where(
            ActivityRow.course_id == place.course.id,
            ObservationRow.trainee_id.in_(ids),
            ObservationRow.state.in_(FINISHED),
            AssessmentRow.of_oneself.is_(False),
            RatingRow.level.is_not(None),
        )
        .distinct()
    ).all()
    shows = _alignments(session, place)
    seen: dict[UUID, dict[str, set[UUID]]] = {}
    for trainee_id, observation_id, version_id, criterion in rows:
        for competency in shows.get((version_id, criterion), ()):
            seen.setdefault(trainee_id, {}).setdefault(competency, set()).add(observation_id)
    columns = sorted({competency for several in shows.values() for competency in several})
    counts = {id_: {name: len(several) for name, several in of.items()} for id_, of in seen.items()}
    return Competencies(tuple(columns), counts)


def _alignments(session: Session, place: Place) -> dict[tuple[UUID, str], tuple[str, ...]]:
    """By version of a rubric and criterion: what it shows. Of the rubrics that are used in the course."""
    used = select(ActivityRow.rubric_version_id).where(ActivityRow.course_id == place.course.id)
    before = (
        select(ObservationRow.rubric_version_id)
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ActivityRow.course_id == place.course.id)
    )
    rows = session.execute(
        select(RubricVersionRow.id, RubricVersionRow.document).where(RubricVersionRow.id.in_(used.union(before)))
    )
    return {
        (version_id, each["key"]): tuple(one["competency"] for one in each.get("alignments", ()))
        for version_id, document in rows
        for each in document.get("criteria", ())
    }


def _cells(session: Session, place: Place, ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Cell]]:
    rows = session.execute(
        select(ObservationRow.trainee_id, ObservationRow.activity_id, ObservationRow.state, func.count())
        .join(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .where(ActivityRow.course_id == place.course.id, ObservationRow.trainee_id.in_(ids))
        .group_by(ObservationRow.trainee_id, ObservationRow.activity_id, ObservationRow.state)
    )
    found: dict[UUID, dict[UUID, Cell]] = {}
    for trainee_id, activity_id, state, count in rows:
        cell = found.setdefault(trainee_id, {}).setdefault(activity_id, Cell())
        if state in FINISHED:
            cell.finished += count
        for waits, states in STATES.items():
            if state in states:
                cell.waits[waits] = cell.waits.get(waits, 0) + count
    return found


def _base(place: Place, looking: Looking) -> Select[Any]:
    return select(MembershipRow.person_id).where(
        MembershipRow.course_id == place.course.id,
        MembershipRow.ended_at.is_(None),
        MembershipRow.test_user.is_(False),
        trains(place.course.id),
        *_chosen(place, looking),
    )


def _chosen(place: Place, looking: Looking) -> Iterable[ColumnElement[bool]]:
    person_id = MembershipRow.person_id
    if looking.group_id is not None:
        yield exists().where(GroupMemberRow.person_id == person_id, GroupMemberRow.group_id == looking.group_id)
    if looking.site_id is not None:
        yield placed_at(looking.site_id, person_id)
    if looking.supervisor_id is not None:
        yield supervised_by(looking.supervisor_id, person_id)
    if looking.waits_for is not None:
        of_course = select(ActivityRow.id).where(ActivityRow.course_id == place.course.id)
        yield exists().where(
            ObservationRow.trainee_id == person_id,
            ObservationRow.activity_id.in_(of_course),
            ObservationRow.state.in_(STATES[looking.waits_for]),
        )
    if looking.activity_id is not None:
        finished = (
            select(func.count())
            .where(
                ObservationRow.trainee_id == person_id,
                ObservationRow.activity_id == looking.activity_id,
                ObservationRow.state.in_(FINISHED),
            )
            .scalar_subquery()
        )
        required = (
            select(ActivityRow.required_observations)
            .where(ActivityRow.id == looking.activity_id, ActivityRow.course_id == place.course.id)
            .scalar_subquery()
        )
        yield finished < required
