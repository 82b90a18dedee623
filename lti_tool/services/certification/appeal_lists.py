"""Appeals as lists show them: one's own, and those that a program lead or a member of a panel sees to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from grading.appeals import RUNNING, AppealState, Clock
from lti_tool.access import Capability
from lti_tool.services.caseload.relations import conflicts_of
from lti_tool.services.certification import appeals
from lti_tool.services.courses import places
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.store.appeals import AppealMemberRow, AppealRow
from lti_tool.store.courses import ActivityRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow

MOST = 500


@dataclass(frozen=True, slots=True)
class Line:
    """What a list says of one: no words of anybody."""

    id: UUID
    trainee_name: str
    title: str
    """The program, or the activity."""
    of_decision: bool
    one_criterion: bool
    state: AppealState
    clock: Clock | None
    begun_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    invited: bool
    """Whether the visitor was asked to sit on the panel and has not answered."""
    member: bool
    to_agree: bool
    """Whether the visitor is asked whether they agree with an outcome."""


def own(session: Session, visitor: Visitor) -> tuple[Line, ...]:
    """The visitor's own, and drafts that they write for somebody, newest first."""
    mine = or_(
        AppealRow.trainee_id == visitor.person_id,
        and_(AppealRow.begun_by == visitor.person_id, AppealRow.state == AppealState.DRAFT),
    )
    return _lines(session, visitor, [mine], newest_first=True)


def to_decide(session: Session, visitor: Visitor, *, ended: bool = False) -> tuple[Line, ...]:
    """What the visitor sees to as a program lead or on a panel; what is promised first comes first.

    With `ended` those that are over, newest first.
    """
    on_panel = select(AppealMemberRow.appeal_id).where(
        AppealMemberRow.person_id == visitor.person_id, AppealMemberRow.ended_at.is_(None)
    )
    leads = Capability.PROGRAM_LEAD in places.in_organization(session, visitor)
    state = AppealRow.state.not_in((*RUNNING, AppealState.DRAFT)) if ended else AppealRow.state.in_(RUNNING)
    which = [
        AppealRow.organization_id == visitor.organization_id,
        state,
        AppealRow.trainee_id != visitor.person_id,
        AppealRow.trainee_id.not_in(conflicts_of(session, visitor.person_id)),
    ]
    if not leads:
        which.append(AppealRow.id.in_(on_panel))
    return _lines(session, visitor, which, newest_first=ended)


def on_panels(session: Session, visitor: Visitor) -> bool:
    """Whether the visitor sits on a panel, or was asked to."""
    found = select(AppealMemberRow.id).where(
        AppealMemberRow.person_id == visitor.person_id, AppealMemberRow.ended_at.is_(None)
    )
    return session.scalars(found.limit(1)).first() is not None


def _lines(session: Session, visitor: Visitor, which: Sequence[Any], *, newest_first: bool) -> tuple[Line, ...]:
    order = (AppealRow.begun_at.desc(),) if newest_first else (AppealRow.turn_until, AppealRow.sent_at)
    rows = session.execute(
        select(AppealRow, PersonRow.name, ProgramRow.name, ActivityRow.title, AppealMemberRow)
        .join(PersonRow, PersonRow.id == AppealRow.trainee_id)
        .outerjoin(DecisionRow, DecisionRow.id == AppealRow.decision_id)
        .outerjoin(EnrollmentRow, EnrollmentRow.id == DecisionRow.enrollment_id)
        .outerjoin(ProgramRow, ProgramRow.id == EnrollmentRow.program_id)
        .outerjoin(ObservationRow, ObservationRow.id == AppealRow.observation_id)
        .outerjoin(ActivityRow, ActivityRow.id == ObservationRow.activity_id)
        .outerjoin(
            AppealMemberRow,
            and_(
                AppealMemberRow.appeal_id == AppealRow.id,
                AppealMemberRow.person_id == visitor.person_id,
                AppealMemberRow.ended_at.is_(None),
            ),
        )
        .where(*which)
        .order_by(*order, AppealRow.id)
        .limit(MOST)
    )
    return tuple(_line(*row) for row in rows)


def _line(
    row: AppealRow, name: str | None, program: str | None, activity: str | None, member: AppealMemberRow | None
) -> Line:
    sits = member is not None and member.accepted_at is not None
    return Line(
        id=row.id,
        trainee_name=display_name(row.trainee_id, name),
        title=program or activity or "",
        of_decision=row.decision_id is not None,
        one_criterion=row.criterion is not None,
        state=row.state,
        clock=appeals.clock_of(row),
        begun_at=row.begun_at,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
        invited=member is not None and not sits,
        member=sits,
        to_agree=sits and row.outcome is not None and row.state in RUNNING and member is not None
        and member.agrees_at is None,
    )  # fmt: skip
