"""What is planned of an activity's observations with a second observer, and what came of it, for its instructors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from lti_tool.services import audit
from lti_tool.services.asking.second_drawing import WITHOUT_A_TRACE, can_be_second
from lti_tool.services.courses.places import Place
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import TAKING_PART, display_name
from lti_tool.store.base import new_id
from lti_tool.store.calibration import DoubleObservationRow, DoublePlanRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow
from lti_tool.store.people import PersonRow
from rubrics.observation import BEFORE, UNDER_WAY
from rubrics.refusal import Refused

MOST = 200


class Second(StrEnum):
    """How far it is with the second observer of one observation."""

    TO_FIND = "to_find"
    WITH_TRAINEE = "with_trainee"
    """the trainee has not said whether they agree"""
    ASKED = "asked"
    UNDER_WAY = "under_way"
    DONE = "done"
    """two have handed in"""
    ONE = "one"
    """it stays with one"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One observation that was drawn."""

    observation_id: UUID
    trainee: str
    person: str | None
    """Who is, or is to be, the second; None: still to be found."""
    drawn_at: datetime
    how_far: Second
    reminded_at: datetime | None = None
    """When the second was last reminded; None: not, or somebody else is the second by now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned, and how far it is."""

    share: int | None
    """Percent; None: nothing is planned."""
    since: datetime | None
    drawn: tuple[Drawn, ...]
    """The newest first, of plans before this one too."""
    shared: int
    """How many observations since then were shared with their trainee."""
    by_two: int
    """Of these, how many two people observed."""


def plan_of(session: Session, place: Place) -> Plan:
    """What stands for the activity."""
    plan = _standing(session, place.activity.id)
    counted = _counted(session, place.activity.id, plan.set_at) if plan else (0, 0)
    return Plan(
        share=plan.share if plan else None,
        since=plan.set_at if plan else None,
        drawn=_drawn(session, place.activity.id),
        shared=counted[0],
        by_two=counted[1],
    )


def set_share(session: Session, visitor: Visitor, place: Place, share: int, now: datetime) -> None:
    """Plan a second observer for so many percent from now on; the same again changes nothing.

    Raises `Refused` ("share_of_what", "several_already").
    """
    if not 1 <= share <= 100:  # percent
        raise Refused("share_of_what", "Please give a whole number from 1 to 100. From 10 to 20 is usual.")
    if place.activity.observers > 1:
        raise Refused("several_already", "Each observation of this activity has several observers already.")
    _hold(session, place)
    plan = _standing(session, place.activity.id)
    if plan is not None and plan.share == share:
        return
    if plan is not None:
        plan.ended_at = now
        session.flush()
    session.add(
        DoublePlanRow(
            id=new_id(), organization_id=place.organization_id, activity_id=place.activity.id, share=share,
            set_by=visitor.person_id, set_at=now,
        )
    )  # fmt: skip
    session.flush()
    _audit(session, visitor, place, "double_plan.set", now, share=share)


def end(session: Session, visitor: Visitor, place: Place, now: datetime) -> None:
    """Draw no more; what was drawn goes on. Twice is once."""
    _hold(session, place)
    plan = _standing(session, place.activity.id)
    if plan is not None:
        plan.ended_at = now
        session.flush()
        _audit(session, visitor, place, "double_plan.end", now)


def choices(session: Session, place: Place, observation_id: UUID) -> tuple[Drawn, tuple[tuple[UUID, str], ...]] | None:
    """The observation and whom an instructor can choose; None where nobody is looked for."""
    found = next((one for one in _drawn(session, place.activity.id) if one.observation_id == observation_id), None)
    if found is None or found.how_far not in (Second.TO_FIND, Second.WITH_TRAINEE):
        return None
    people = can_be_second(session, session.get_one(ObservationRow, observation_id))
    return found, tuple((one.id, one.name) for one in people)


def _drawn(session: Session, activity_id: UUID) -> tuple[Drawn, ...]:
    trainee, second = aliased(PersonRow), aliased(PersonRow)
    rows = session.execute(
        select(DoubleObservationRow, ObservationRow, trainee.name, second.name)
        .join(ObservationRow, ObservationRow.id == DoubleObservationRow.observation_id)
        .join(trainee, trainee.id == ObservationRow.trainee_id)
        .outerjoin(second, second.id == DoubleObservationRow.person_id)
        .where(ObservationRow.activity_id == activity_id, ObservationRow.state.not_in(WITHOUT_A_TRACE))
        .order_by(DoubleObservationRow.chosen_at.desc(), DoubleObservationRow.id)
        .limit(MOST)
    ).all()
    ids = [observation.id for _, observation, _, _ in rows]
    handed_in, asked, taking_part = _handed_in(session, ids), _asked(session, ids), _asked(session, ids, only=True)
    return tuple(
        Drawn(
            observation.id,
            display_name(observation.trainee_id, trainee_name),
            display_name(row.person_id, name) if row.person_id else None,
            row.chosen_at,
            _how_far(
                row,
                observation,
                handed_in=handed_in.get(observation.id, 0),
                observers=taking_part.get(observation.id, frozenset()),
                before=asked.get(observation.id, frozenset()),
            ),
            row.reminded_at,
        )
        for row, observation, trainee_name, name in rows
    )


def _how_far(
    row: DoubleObservationRow,
    observation: ObservationRow,
    *,
    handed_in: int,
    observers: frozenset[UUID],
    before: frozenset[UUID],
) -> Second:
    """`before`: who was ever asked to observe it; `observers`: who has a part in it now."""
    if row.ended_at is not None:
        return Second.ONE
    if observation.state in BEFORE:
        if len(observers) > 1:
            return Second.ASKED
        gone = row.person_id is None or row.person_id in before
        return Second.TO_FIND if gone else Second.WITH_TRAINEE
    if observation.state in UNDER_WAY:
        return Second.UNDER_WAY if len(observers) > 1 else Second.ONE
    return Second.DONE if handed_in > 1 else Second.ONE


def _counted(session: Session, activity_id: UUID, since: datetime) -> tuple[int, int]:
    """How many were shared, and how many of them by two."""
    views = (
        select(AssessmentRow.observation_id, func.count().label("number"))
        .where(AssessmentRow.submitted_at.is_not(None), AssessmentRow.of_oneself.is_(False))
        .group_by(AssessmentRow.observation_id)
        .subquery()
    )
    shared, by_two = session.execute(
        select(func.count(), func.count().filter(views.c.number > 1))
        .select_from(ObservationRow)
        .join(views, views.c.observation_id == ObservationRow.id)
        .where(
            ObservationRow.activity_id == activity_id,
            ObservationRow.requested_at >= since,
            ObservationRow.shared_at.is_not(None),
            ObservationRow.supersedes_id.is_(None),
            ObservationRow.state.not_in(WITHOUT_A_TRACE),
        )
    ).one()
    return shared, by_two


def _handed_in(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = session.execute(
        select(AssessmentRow.observation_id, func.count())
        .where(
            AssessmentRow.observation_id.in_(ids),
            AssessmentRow.submitted_at.is_not(None),
            AssessmentRow.of_oneself.is_(False),
        )
        .group_by(AssessmentRow.observation_id)
    )
    return {row[0]: row[1] for row in rows}


def _asked(session: Session, ids: Sequence[UUID], *, only: bool = False) -> dict[UUID, frozenset[UUID]]:
    """Who was asked to observe each; `only` those who have a part in it now."""
    asked = select(ObserverRow.observation_id, ObserverRow.person_id).where(ObserverRow.observation_id.in_(ids))
    if only:
        asked = asked.where(ObserverRow.state.in_(TAKING_PART))
    found: dict[UUID, frozenset[UUID]] = {}
    for observation_id, person_id in session.execute(asked):
        found[observation_id] = found.get(observation_id, frozenset()) | {person_id}
    return found


def _standing(session: Session, activity_id: UUID) -> DoublePlanRow | None:
    return session.scalars(
        select(DoublePlanRow)
        .where(DoublePlanRow.activity_id == activity_id, DoublePlanRow.ended_at.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()


def _hold(session: Session, place: Place) -> None:
    """Two who plan at once come one after the other."""
    session.execute(select(ActivityRow.id).where(ActivityRow.id == place.activity.id).with_for_update())


def _audit(session: Session, visitor: Visitor, place: Place, act: str, now: datetime, **facts: int) -> None:
    audit.write(
        session,
        organization_id=place.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"activity:{place.activity.id}",
        now=now,
        **facts,
    )
