"""What of each rule of keeping is over on a day: which rows, of whom, and how they go.

What Attune clears away by itself within days (sessions, states, notices, files) is in `services.operating.clean`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.services.observations.words_away import take_words_away
from lti_tool.services.personal_data.erasure_rows import OWN_WORDS
from lti_tool.services.personal_data.theirs import table
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.exports import ExportRow, ExportState
from lti_tool.store.observations import AssessmentRow, ObservationRow, ResponseRow
from lti_tool.store.people import GrantRow, InvitationRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.privacy import ErasureRow, RetentionRule
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.records import AuditEntryRow, ReadLogRow
from rubrics.observation import NEVER_SEEN

YEAR = timedelta(days=365)
AT_ONCE = 500

Which = Callable[[UUID, datetime], Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """One rule: how long where nobody chose, how long at least, and which rows are over at a moment."""

    usual: timedelta | None
    """None: nothing goes before the organization says how long."""
    least: timedelta
    over: Which
    """Selects, of an organization and for a moment, the person of each row that is over, and since when it counts."""
    go: Callable[[Session, UUID, datetime], None] | None
    """None: each person by themselves, see `services.personal_data.retention`."""


def _links(organization_id: UUID, before: datetime) -> Any:
    over = (InvitationRow.organization_id == organization_id, InvitationRow.expires_at < before)
    return select(InvitationRow.person_id, InvitationRow.expires_at).where(*over)


def _links_go(session: Session, organization_id: UUID, before: datetime) -> None:
    over = (InvitationRow.organization_id == organization_id, InvitationRow.expires_at < before)
    session.execute(delete(InvitationRow).where(*over).execution_options(synchronize_session=False))


def _readings(organization_id: UUID, before: datetime) -> Any:
    over = (ReadLogRow.organization_id == organization_id, ReadLogRow.at < before)
    return select(ReadLogRow.trainee_id, ReadLogRow.at).where(*over)


def _readings_go(session: Session, organization_id: UUID, before: datetime) -> None:
    over = (ReadLogRow.organization_id == organization_id, ReadLogRow.at < before)
    session.execute(delete(ReadLogRow).where(*over).execution_options(synchronize_session=False))


def _old_exports(organization_id: UUID, before: datetime) -> ColumnElement[bool]:
    ended = (ExportState.GONE, ExportState.STOPPED, ExportState.CALLED_OFF)
    return and_(
        ExportRow.organization_id == organization_id,
        ExportRow.state.in_(ended),
        ExportRow.stored_key.is_(None),
        ExportRow.asked_at < before,
    )


def _exports(organization_id: UUID, before: datetime) -> Any:
    return select(ExportRow.person_id, ExportRow.asked_at).where(_old_exports(organization_id, before))


def _exports_go(session: Session, organization_id: UUID, before: datetime) -> None:
    over = _old_exports(organization_id, before)
    session.execute(delete(ExportRow).where(over).execution_options(synchronize_session=False))


def _old_answers(organization_id: UUID, before: datetime) -> ColumnElement[bool]:
    """A column that is still compared was read last night: what was read long ago is of one that nobody looks at."""
    return and_(
        DeliveryRow.organization_id == organization_id,
        DeliveryRow.state == DeliveryState.ACCEPTED,
        DeliveryRow.lms_read_at < before,
    )


def _answers(organization_id: UUID, before: datetime) -> Any:
    return select(DeliveryRow.person_id, DeliveryRow.lms_read_at).where(_old_answers(organization_id, before))


def _answers_go(session: Session, organization_id: UUID, before: datetime) -> None:
    session.execute(
        update(DeliveryRow)
        .where(_old_answers(organization_id, before))
        .values(lms_score=None, lms_maximum=None, lms_at=None, lms_read_at=None)
        .execution_options(synchronize_session=False)
    )


def _unfinished(organization_id: UUID, before: datetime) -> Any:
    words = or_(
        ObservationRow.note.is_not(None),
        ObservationRow.where.is_not(None),
        exists().where(AssessmentRow.observation_id == ObservationRow.id),
        exists().where(ResponseRow.observation_id == ObservationRow.id),
    )
    return select(ObservationRow.trainee_id, ObservationRow.changed_at).where(
        ObservationRow.organization_id == organization_id,
        ObservationRow.state.in_(NEVER_SEEN),
        ObservationRow.changed_at < before,
        words,
    )


def _unfinished_go(session: Session, organization_id: UUID, before: datetime) -> None:
    found = _unfinished(organization_id, before).with_only_columns(ObservationRow.id).limit(AT_ONCE)
    while ids := session.scalars(found).all():
        take_words_away(session, ids)


def away_since(organization_id: UUID, before: datetime) -> ColumnElement[bool]:
    """People of whom nothing was seen since: nobody who holds something in the organization, and nobody merged."""
    did = select(AuditEntryRow.person_id).where(
        AuditEntryRow.organization_id == organization_id,
        AuditEntryRow.at >= before,
        AuditEntryRow.person_id.is_not(None),
    )
    here = or_(
        MembershipRow.seen_at >= before,
        MembershipRow.listed_at >= before,
    )
    return and_(
        PersonRow.organization_id == organization_id,
        PersonRow.merged_into.is_(None),
        PersonRow.created_at < before,
        PersonRow.id.not_in(did),  # also who came in with a link that is deleted by now
        ~exists().where(MembershipRow.person_id == PersonRow.id, here),
        ~exists().where(SessionRow.person_id == PersonRow.id, SessionRow.created_at >= before),
        ~exists().where(
            InvitationRow.person_id == PersonRow.id,
            or_(InvitationRow.entered_at >= before, InvitationRow.expires_at >= before),
        ),
        ~exists().where(
            GrantRow.person_id == PersonRow.id, GrantRow.course_id.is_(None), GrantRow.revoked_at.is_(None)
        ),
        ~exists().where(ObservationRow.trainee_id == PersonRow.id, ObservationRow.changed_at >= before),
        ~exists().where(
            EnrollmentRow.person_id == PersonRow.id,
            or_(EnrollmentRow.enrolled_at >= before, EnrollmentRow.ended_at >= before),
        ),
        ~exists().where(
            EnrollmentRow.person_id == PersonRow.id,
            DecisionRow.enrollment_id == EnrollmentRow.id,
            DecisionRow.decided_at >= before,
        ),
    )


def _own_words(organization_id: UUID, before: datetime) -> Any:
    rows = union_all(
        *(select(table(name).c.person_id, table(name).c.saved_at.label("at")) for name in OWN_WORDS)
    ).subquery()
    return (
        select(rows.c.person_id, rows.c.at)
        .join(PersonRow, PersonRow.id == rows.c.person_id)
        .where(away_since(organization_id, before), rows.c.at < before)
    )


def _own_words_go(session: Session, organization_id: UUID, before: datetime) -> None:
    away = select(PersonRow.id).where(away_since(organization_id, before))
    for name in OWN_WORDS:
        of = table(name)
        session.execute(delete(of).where(of.c.person_id.in_(away), of.c.saved_at < before))


def _records(organization_id: UUID, before: datetime) -> Any:
    """Whoever may be over; whether something of theirs stands: `services.personal_data.what_stands`, for each."""
    erased = exists().where(ErasureRow.person_id == PersonRow.id, ErasureRow.begun_at.is_not(None))
    asked = exists().where(ErasureRow.person_id == PersonRow.id, ErasureRow.ended_at.is_(None))
    since = func.coalesce(
        select(func.max(MembershipRow.seen_at)).where(MembershipRow.person_id == PersonRow.id).scalar_subquery(),
        PersonRow.created_at,
    )
    return (
        select(PersonRow.id, since).where(away_since(organization_id, before), ~erased, ~asked).order_by(PersonRow.id)
    )


RULES: Mapping[RetentionRule, Kept] = MappingProxyType(
    {
        RetentionRule.SIGN_IN_LINKS: Kept(timedelta(days=90), timedelta(days=1), _links, _links_go),
        RetentionRule.READINGS: Kept(3 * YEAR, YEAR, _readings, _readings_go),
        RetentionRule.EXPORTS: Kept(timedelta(days=180), timedelta(days=7), _exports, _exports_go),
        RetentionRule.SCORE_ANSWERS: Kept(timedelta(days=180), timedelta(days=30), _answers, _answers_go),
        RetentionRule.UNFINISHED: Kept(YEAR, timedelta(days=1), _unfinished, _unfinished_go),
        RetentionRule.OWN_WORDS: Kept(None, YEAR, _own_words, _own_words_go),
        RetentionRule.RECORDS: Kept(None, YEAR, _records, None),
    }
)
