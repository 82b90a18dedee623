"""One human being with two ways in: both are made one person, by a step that they confirm.

What never changes keeps the id it was made with, so the person with the most of it is the one who stays; of the
other it stays noted as whom they are known. `services.entering.merging_rows` names every column that names a person.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.access import Capability
from lti_tool.services import audit
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.merging_rows import move_all
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.notifying.contact import same_human
from lti_tool.services.observations.lines import display_name
from lti_tool.store.courses import CourseRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow, SignOffRow
from lti_tool.store.people import GrantRow, InvitationRow, LmsAccountRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.supervision import SupervisionAgreementRow
from rubrics.observation import UNCHANGEABLE
from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, as they see themselves."""

    person_id: UUID
    name: str
    accounts: int
    courses: tuple[str, ...]
    signatures: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Both, the visitor first."""

    mine: Side
    other: Side


def pair(session: Session, visitor: Visitor, other_id: UUID) -> Pair:
    """What there is to be made one. Raises `NotHere` for a stranger, `Refused` if it cannot be."""
    other = _other(session, visitor, other_id)
    _refuse_if_two(session, visitor.person_id, other.id)
    return Pair(_side(session, visitor.person_id), _side(session, other.id))


def merge(session: Session, visitor: Visitor, other_id: UUID, now: datetime) -> UUID:
    """Make both one; the answer is who they are from now on. Doing it twice changes nothing.

    The visitor's session stays theirs, every other session of both ends. Raises as `pair` does.
    """
    if same_human(session, other_id) == same_human(session, visitor.person_id):
        return same_human(session, visitor.person_id)
    hold(session, visitor.person_id, other_id)
    other = _other(session, visitor, other_id)
    _refuse_if_two(session, visitor.person_id, other.id)
    stays, goes = _who_stays(session, visitor.person_id, other.id)
    move_all(session, stays, goes, now)
    _invitations(session, stays)
    _sessions(session, visitor, stays, goes, now)
    _note(session, visitor.organization_id, visitor.person_id, stays, goes, now)
    return stays


def join(session: Session, organization_id: UUID, first_id: UUID, other_id: UUID, now: datetime) -> UUID:
    """Make both one without a step of theirs: an operator's list says that two accounts are one person's.

    All their sessions end. Twice changes nothing. Raises `NotHere` for strangers, operators and whoever was made one
    with somebody else, `Refused` where they cannot be one; of two with the same on both sides the first stays.
    """
    if same_human(session, first_id) == same_human(session, other_id):
        return same_human(session, first_id)
    hold(session, first_id, other_id)
    for one, other in ((first_id, other_id), (other_id, first_id)):
        _refuse_others(session, organization_id, one, other)
    _refuse_if_two(session, first_id, other_id)
    stays, goes = _who_stays(session, first_id, other_id)
    move_all(session, stays, goes, now)
    _invitations(session, stays)
    session.execute(
        update(SessionRow)
        .where(SessionRow.person_id.in_((stays, goes)), SessionRow.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    _note(session, organization_id, None, stays, goes, now)
    return stays


def hold(session: Session, one_id: UUID, other_id: UUID) -> None:
    """Nobody else changes which persons these are until the transaction ends. Raises `NotHere` if one is none now."""
    ids = sorted((one_id, other_id), key=str)
    locked = session.scalars(select(PersonRow).where(PersonRow.id.in_(ids)).order_by(PersonRow.id).with_for_update())
    if any(person.merged_into is not None for person in locked):
        raise NotHere


def _note(session: Session, organization_id: UUID, by: UUID | None, stays: UUID, goes: UUID, now: datetime) -> None:
    session.get_one(PersonRow, goes).merged_into = stays
    session.flush()
    audit.write(
        session,
        organization_id=organization_id,
        person_id=by,
        act="person.merge",
        subject=f"person:{stays}",
        now=now,
        merged=str(goes),
    )


def _other(session: Session, visitor: Visitor, other_id: UUID) -> PersonRow:
    return _refuse_others(session, visitor.organization_id, visitor.person_id, other_id)


def _refuse_others(session: Session, organization_id: UUID, own_id: UUID, other_id: UUID) -> PersonRow:
    other = session.get(PersonRow, other_id, populate_existing=True)
    if other is None or other.organization_id != organization_id or other.id == own_id:
        raise NotHere
    operates = select(GrantRow.id).where(
        GrantRow.person_id == other.id, GrantRow.capability == Capability.OPERATOR, GrantRow.revoked_at.is_(None)
    )
    if other.merged_into is not None or session.scalars(operates).first() is not None:
        raise NotHere
    return other


def _side(session: Session, person_id: UUID) -> Side:
    person = session.get_one(PersonRow, person_id)
    courses = session.scalars(
        select(CourseRow.title)
        .join(MembershipRow, MembershipRow.course_id == CourseRow.id)
        .where(MembershipRow.person_id == person_id, MembershipRow.ended_at.is_(None))
    )
    return Side(
        person_id=person_id,
        name=display_name(person_id, person.name),
        accounts=_count(session, LmsAccountRow.person_id == person_id),
        courses=tuple(sorted(courses, key=str.casefold)),
        signatures=_count(session, SignOffRow.signer_id == person_id),
    )


def _count(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).where(which)).one()


def _refuse_if_two(session: Session, one: UUID, other: UUID) -> None:
    """What one of them did for the other shows that they are two, or that somebody has to look."""
    both = (one, other)
    observed = exists().where(ObserverRow.observation_id == ObservationRow.id, ObserverRow.person_id.in_(both))
    signed = exists().where(SignOffRow.observation_id == ObservationRow.id, SignOffRow.signer_id.in_(both))
    own = select(ObservationRow.id).where(ObservationRow.trainee_id.in_(both), or_(observed, signed))
    agreed = select(SupervisionAgreementRow.id).where(
        SupervisionAgreementRow.trainee_id.in_(both), SupervisionAgreementRow.supervisor_id.in_(both)
    )
    asked_or_signed = or_(
        LedgerEntryRow.asked_id.in_(both),
        exists().where(LedgerSignatureRow.entry_id == LedgerEntryRow.id, LedgerSignatureRow.signer_id.in_(both)),
    )
    hours = select(LedgerEntryRow.id).where(LedgerEntryRow.person_id.in_(both), asked_or_signed)
    if any(session.scalars(found.limit(1)).first() is not None for found in (own, agreed, hours)):
        raise Refused(
            "one_for_the_other",
            "One of the two observed, supervised or signed the practice of the other, so they stay two. "
            "If both are you, please tell the instructor of the course.",
        )
    for column, of in (
        (ObserverRow.person_id, ObserverRow.observation_id),
        (SignOffRow.signer_id, SignOffRow.observation_id),
    ):
        twice = select(of).where(column.in_(both)).group_by(of).having(func.count(column.distinct()) > 1)
        if session.scalars(twice.limit(1)).first() is not None:
            raise Refused(
                "both_took_part",
                "Both took part in the same observation, where two people were asked for, so they stay two. "
                "If both are you, please tell the instructor of the course.",
            )


def _who_stays(session: Session, visitor_id: UUID, other_id: UUID) -> tuple[UUID, UUID]:
    """The one with more of what never changes stays; where that is the same, the visitor."""
    mine, others = _unchangeable(session, visitor_id), _unchangeable(session, other_id)
    stays, goes = (other_id, visitor_id) if others > mine else (visitor_id, other_id)
    finished = select(ObservationRow.id).where(
        ObservationRow.trainee_id == goes, ObservationRow.state.in_(UNCHANGEABLE)
    )
    if session.scalars(finished.limit(1)).first() is not None:
        raise Refused(
            "two_records",
            "Both have finished practice of their own, which never changes, so they stay two. "
            "Please tell whoever looks after Attune at your institution.",
        )
    return stays, goes


def _unchangeable(session: Session, person_id: UUID) -> tuple[int, int]:
    """Finished practice of their own weighs most, then signatures and what was handed in and is final."""
    final = ObservationRow.state.in_(UNCHANGEABLE)
    trained = _count(session, and_(ObservationRow.trainee_id == person_id, final))
    signed = _count(session, SignOffRow.signer_id == person_id)
    handed_in = session.scalars(
        select(func.count())
        .select_from(AssessmentRow)
        .join(ObservationRow, ObservationRow.id == AssessmentRow.observation_id)
        .where(AssessmentRow.observer_id == person_id, final)
    ).one()
    return trained, signed + handed_in


def _invitations(session: Session, stays: UUID) -> None:
    """Codes that somebody else may know open neither of both any more; a link to be used again mails a new one."""
    session.execute(
        update(InvitationRow)
        .where(
            InvitationRow.person_id == stays, InvitationRow.used_at.is_(None), InvitationRow.code_expires_at.is_(None)
        )
        .values(attempts_left=0)
        .execution_options(synchronize_session=False)
    )


def _sessions(session: Session, visitor: Visitor, stays: UUID, goes: UUID, now: datetime) -> None:
    session.execute(
        update(SessionRow)
        .where(
            SessionRow.person_id.in_((stays, goes)),
            SessionRow.id != visitor.session_id,
            SessionRow.ended_at.is_(None),
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(SessionRow)
        .where(SessionRow.id == visitor.session_id)
        .values(person_id=stays, signing_code_digest=None, confirmed_until=None)
        .execution_options(synchronize_session=False)
    )
