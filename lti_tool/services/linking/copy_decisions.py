"""An instructor of a copied course decides what becomes of each activity, and can take a decision back.

Settings are copied, and nothing else: no person, no observation, no agreement, no grant, no score.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.services import audit
from lti_tool.services.authoring.author import ActivityChoice, place_activity, require_instructor
from lti_tool.services.courses.places import Activity, NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.linking import copies, copy_choices
from lti_tool.services.scores.columns import copy_columns
from lti_tool.store.base import new_id
from lti_tool.store.copies import ActivityCopyRow, LinkOriginRow
from lti_tool.store.courses import ActivityColumnRow, ActivityRow, LineItemRow, ResourceLinkRow
from lti_tool.store.writing import insert_once
from rubrics.refusal import Refused


class Choice(StrEnum):
    """What an instructor can say about one activity."""

    COPY = "copy"
    """use a copy here, with the same rubric version"""
    COPY_WITH_NEWER_RUBRIC = "newer"
    LEAVE = "leave"
    LATER = "later"


def decide(
    session: Session, visitor: Visitor, course_id: UUID, choices: Mapping[UUID, Choice], *, now: datetime
) -> int:
    """Do what was chosen for each activity that waits; the answer is how many were decided.

    What someone else decided meanwhile stays as it is. Raises `NotHere`, and `Refused` for those who are not
    instructors of the course.
    """
    require_instructor(session, visitor, course_id)
    chosen = [
        (one.activity, choices[one.activity.id])
        for one in copy_choices.waiting(session, course_id)
        if choices.get(one.activity.id, Choice.LATER) is not Choice.LATER
    ]
    versions = copy_choices.versions(session, [activity.rubric_version_id for activity, _ in chosen])
    done = 0
    for origin, choice in chosen:
        if not _claimed(session, visitor, course_id, origin.id, now):
            continue
        newer = versions[origin.rubric_version_id].newer_id if choice is Choice.COPY_WITH_NEWER_RUBRIC else None
        copy_id = None
        if choice is not Choice.LEAVE:
            copy_id = _copy(session, visitor, course_id, origin, newer or origin.rubric_version_id, now)
        _settle(session, visitor, course_id, origin.id, copy_id, now)
        done += 1
    return done


def undo(session: Session, visitor: Visitor, course_id: UUID, origin_id: UUID, now: datetime) -> None:
    """Take a decision back, so that it waits again; a copy goes, as long as nothing refers to it.

    Raises `NotHere`, and `Refused` for those who are not instructors, and for a copy that is in use.
    """
    require_instructor(session, visitor, course_id)
    row = session.scalars(
        select(ActivityCopyRow)
        .where(ActivityCopyRow.course_id == course_id, ActivityCopyRow.origin_activity_id == origin_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotHere
    _audit(session, visitor, course_id, "activity.copy_undone", now, origin=origin_id, copy=row.activity_id)
    try:
        with session.begin_nested():
            _take_back(session, course_id, _with_above(session, origin_id), row.activity_id)
    except IntegrityError:  # the database knows everything that refers to a copy, now and in later versions
        raise Refused(
            "copy_in_use",
            "This copy is in use already, so it stays as it is. What is recorded in it belongs to the people here.",
        ) from None
    session.expire_all()


def _claimed(session: Session, visitor: Visitor, course_id: UUID, origin_id: UUID, now: datetime) -> bool:
    """Of two instructors at once one decides: the unique key is whose it is."""
    return insert_once(
        session,
        ActivityCopyRow,
        id=new_id(),
        organization_id=visitor.organization_id,
        course_id=course_id,
        origin_activity_id=origin_id,
        activity_id=None,
        decided_by=visitor.person_id,
        decided_at=now,
    )


def _copy(
    session: Session, visitor: Visitor, course_id: UUID, origin: Activity, version_id: UUID, now: datetime
) -> UUID:
    choice = ActivityChoice(
        version_id=version_id,
        title=origin.title,
        column_shows=origin.column_shows,
        column_last=origin.column_last,
        required_observations=origin.required_observations,
        lanes=origin.lanes,
        response_days=origin.response_days,
        observers=origin.observers,
    )
    activity_id = place_activity(session, visitor, course_id, choice, now=now)
    held = session.get_one(ActivityRow, activity_id)
    held.threshold, held.request_days = origin.threshold, origin.request_days
    held.least_assurance, held.qualifications = origin.least_assurance, list(origin.qualifications)
    held.code_since = now if origin.code_asked else None
    held.needs_agreement, held.supervision_days = origin.needs_agreement, origin.supervision_days
    session.flush()
    copy_columns(session, visitor, origin.id, activity_id, now)
    return activity_id


def _settle(
    session: Session, visitor: Visitor, course_id: UUID, origin_id: UUID, copy_id: UUID | None, now: datetime
) -> None:
    """Write the decision down, also for what the origin itself was copied from: links may name either."""
    everything = _with_above(session, origin_id)
    for one in everything - {origin_id}:
        _claimed(session, visitor, course_id, one, now)
    session.execute(
        update(ActivityCopyRow)
        .where(ActivityCopyRow.course_id == course_id, ActivityCopyRow.origin_activity_id.in_(everything))
        .values(activity_id=copy_id)
    )
    copied_links = select(LinkOriginRow.resource_link_id).where(LinkOriginRow.origin_activity_id.in_(everything))
    session.execute(
        update(ResourceLinkRow)
        .where(
            ResourceLinkRow.course_id == course_id,
            ResourceLinkRow.activity_id.is_(None),
            ResourceLinkRow.id.in_(copied_links),
        )
        .values(activity_id=copy_id)
        .execution_options(synchronize_session=False)
    )
    act = "activity.copy" if copy_id else "activity.leave"
    _audit(session, visitor, course_id, act, now, origin=origin_id, copy=copy_id)


def _take_back(session: Session, course_id: UUID, everything: frozenset[UUID], copy_id: UUID | None) -> None:
    session.execute(
        delete(ActivityCopyRow).where(
            ActivityCopyRow.course_id == course_id, ActivityCopyRow.origin_activity_id.in_(everything)
        )
    )
    if copy_id is None:
        return
    copied_links = select(LinkOriginRow.resource_link_id)
    session.execute(
        update(ResourceLinkRow)
        .where(ResourceLinkRow.activity_id == copy_id, ResourceLinkRow.id.in_(copied_links))
        .values(activity_id=None)
        .execution_options(synchronize_session=False)
    )
    columns = select(ActivityColumnRow.id).where(ActivityColumnRow.activity_id == copy_id)
    session.execute(delete(LineItemRow).where(LineItemRow.column_id.in_(columns)))
    session.execute(delete(ActivityColumnRow).where(ActivityColumnRow.activity_id == copy_id))
    session.execute(delete(LineItemRow).where(LineItemRow.activity_id == copy_id))
    session.execute(delete(ActivityRow).where(ActivityRow.id == copy_id))


def _with_above(session: Session, origin_id: UUID) -> frozenset[UUID]:
    return copies.lineage(session, [origin_id])[origin_id] | {origin_id}


def _audit(
    session: Session, visitor: Visitor, course_id: UUID, act: str, now: datetime, *, origin: UUID, copy: UUID | None
) -> None:
    audit.write(
        session,
        organization_id=visitor.organization_id,
        person_id=visitor.person_id,
        act=act,
        subject=f"course:{course_id}",
        now=now,
        origin=str(origin),
        copy=str(copy) if copy else None,
    )
