"""What has to be so before somebody can sign, gathered for the core's rule."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.services.caseload.relations import relations_of
from lti_tool.services.courses import archived
from lti_tool.services.courses.places import Activity, activity_of, standing_of
from lti_tool.services.editions import scope
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import ObservationLine, lanes_of, line
from lti_tool.services.observations.read import ready_to_sign
from lti_tool.services.qualifications.qualified import missing, qualifications_of
from lti_tool.services.supervising.agreements import in_force
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import SignOffRow, SignOffWithdrawalRow
from lti_tool.store.people import PersonRow
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane, NotQualified, may_sign


def check(
    session: Session,
    visitor: Visitor,
    seen: ObservationLine,
    lane: Lane,
    *,
    now: datetime,
    assurance: Assurance,
    with_code: bool = True,
) -> None:
    """Whether the visitor may sign this one in this lane now, so sure of them. Raises `Refused`.

    `with_code`: where the activity asks for a mailed code, it has to be there; False: it comes later, or nothing is
    signed.
    """
    archived.check_activity(session, seen.activity_id)
    standing = standing_of(session, visitor.person_id, seen.course_id)
    relations = relations_of(session, visitor.person_id, seen.course_id)
    activity = activity_of(session.get_one(ActivityRow, seen.activity_id))
    needed = frozenset(activity.lanes)
    may_sign(
        signer=str(visitor.person_id),
        lanes_of_signer=lanes_of(seen.trainee_id, standing, relations),
        lane=lane,
        lanes_needed=needed,
        lanes_signed=needed - seen.lanes_open,
        signers=_signers(session, seen.id),
        trainee=str(seen.trainee_id),
        state=State.ANSWERED if ready_to_sign(seen, now) else seen.state,
        conflict=seen.trainee_id in relations.conflicts,
        not_qualified=not_qualified(session, visitor.person_id, activity.qualifications, now.date()),
        agreement_in_force=_agreed(session, visitor.person_id, activity, seen, lane),
        assurance=assurance,
        least_assurance=activity.least_assurance,
        code_asked=activity.code_asked and with_code,
    )
    scope.check(session, visitor.organization_id, visitor.person_id)


def not_qualified(session: Session, person_id: UUID, kinds: Collection[str], today: date) -> tuple[NotQualified, ...]:
    """Those of the kinds in which the person is not qualified today, with the last day on which they were."""
    wanting = missing(session, person_id, kinds, today)
    if not wanting:
        return ()
    last: dict[str, date] = {}
    for one in qualifications_of(session, person_id):
        if one.valid_until is not None and one.valid_until < today:
            key = one.kind.casefold().strip()
            last[key] = max(one.valid_until, last.get(key, one.valid_until))
    return tuple(NotQualified(kind, last.get(kind.casefold().strip())) for kind in wanting)


def someone_else_signs(session: Session, visitor: Visitor, observation_id: UUID, lane: Lane) -> None:
    """For a supervisor of the lane who does not see the record any more: that is said, and not why.

    Raises `Refused` ("conflict") for them, `NotHere` for a stranger; nothing for everybody else.
    """
    seen = line(session, visitor.organization_id, observation_id)
    if seen.state is State.WITHDRAWN:
        return
    standing = standing_of(session, visitor.person_id, seen.course_id)
    relations = relations_of(session, visitor.person_id, seen.course_id)
    if seen.trainee_id in relations.conflicts and lane in standing.lanes:
        raise Refused("conflict", "Someone else does this for this person. Nothing is needed here.")


def _signers(session: Session, observation_id: UUID) -> frozenset[str]:
    """Of the signatures that stand; somebody who had two accounts is one person."""
    rows = session.scalars(
        select(func.coalesce(PersonRow.merged_into, SignOffRow.signer_id))
        .select_from(SignOffRow)
        .join(PersonRow, PersonRow.id == SignOffRow.signer_id)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffRow.observation_id == observation_id, SignOffWithdrawalRow.id.is_(None))
    )
    return frozenset(str(signer_id) for signer_id in rows)


def _agreed(session: Session, signer_id: UUID, activity: Activity, seen: ObservationLine, lane: Lane) -> bool:
    return not activity.needs_agreement or in_force(
        session, course_id=seen.course_id, trainee_id=seen.trainee_id, supervisor_id=signer_id, lane=lane
    )
