"""Every column that names a person, and what becomes of it when two are made one (see `services.entering.merging`)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.access import Capability
from lti_tool.services.notifying.contact import counts_from_now, mute_mail_of
from lti_tool.services.notifying.notify import address_changed
from lti_tool.services.wellbeing import check_ins, self_care
from lti_tool.store.appeals import AppealMemberRow, AppealRow, AppealStepRow
from lti_tool.store.assignments import AssignmentRow, AvailabilityRow, ConflictRow, QualificationRow
from lti_tool.store.auditing import AuditFindingRow, AuditSampleRow
from lti_tool.store.calibration import (
    CalibrationOutcomeRow,
    CalibrationPartRow,
    CalibrationRow,
    DoubleObservationRow,
    DoublePlanRow,
)
from lti_tool.store.care import AccommodationRow, GuidanceRow, HandledOutsideRow, SupportContactRow
from lti_tool.store.copies import ActivityCopyRow
from lti_tool.store.courses import (
    ActivityColumnRow,
    ActivityRow,
    CourseRow,
    GroupMemberRow,
    LineItemRow,
    RosterReadRow,
)
from lti_tool.store.credentials import CertificateRow, CredentialRow, EndorsementRow
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.deep_links import DeepLinkRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.drafts import DraftRow, DraftStepRow, ReviewRow
from lti_tool.store.equity import (
    DescriptionQuestionRow,
    FeedbackMinimumRow,
    FeedbackRow,
    FunderScheduleRow,
    ReleaseRow,
    SelfDescriptionRow,
    SurveyRow,
    SurveyTakenRow,
)
from lti_tool.store.evidence import EvidenceRow, EvidenceSeenRow
from lti_tool.store.exports import ExportRow
from lti_tool.store.files import FileRow
from lti_tool.store.first_steps import FirstStepsLeftRow
from lti_tool.store.growth import GrowthPlanRow
from lti_tool.store.handover import HandOverNoteRow
from lti_tool.store.ledger import (
    AttestationRow,
    LedgerEntryRow,
    LedgerImportRow,
    LedgerReturnRow,
    LedgerSignatureRow,
    LmsResultRuleRow,
)
from lti_tool.store.mail import ContactRow, MailRow
from lti_tool.store.meetings import CommentRow, MeetingRow
from lti_tool.store.merging import MergeRequestRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow
from lti_tool.store.paper import PaperFormRow
from lti_tool.store.people import GrantRow, InvitationRow, LmsAccountRow, MembershipRow, PersonRow
from lti_tool.store.privacy import ErasureRow, PrivacyLaunchRow, PrivacyRequestRow, RetentionChoiceRow
from lti_tool.store.programs import (
    EnrollmentMoveRow,
    EnrollmentRow,
    PathPauseRow,
    PlacedProgramRow,
    ProgramDraftRow,
    ProgramDraftStepRow,
    ProgramRow,
    ProgramVersionRow,
)
from lti_tool.store.rubrics import ExampleRow, WordingRow
from lti_tool.store.scenarios import ScenarioRow, ScenarioWriterRow
from lti_tool.store.seen import SavedViewRow
from lti_tool.store.sites import PlacementRow, ScopeStatementRow, SiteAgreementRow, SiteRow
from lti_tool.store.supervision import (
    SessionPartRow,
    SupervisionAgreementRow,
    SupervisionRequestRow,
    SupervisionSessionRow,
)
from lti_tool.store.terms import TermsAnswerRow, TermsRow
from lti_tool.store.wellbeing import CheckInRow, DebriefPromptRow, JournalEntryRow, SelfCarePlanRow
from rubrics.observation import UNCHANGEABLE

MOVED: tuple[Any, ...] = (
    AccommodationRow.arranged_by,
    ActivityColumnRow.made_by,
    ActivityCopyRow.decided_by,
    ActivityRow.created_by,
    AppealMemberRow.invited_by,
    AppealRow.begun_by,
    AppealRow.trainee_id,
    AppealRow.written_by,
    AppealStepRow.by,
    AssignmentRow.assigned_by,
    AttestationRow.said_by,
    AttestationRow.taken_back_by,
    CommentRow.person_id,
    CourseRow.archived_by,
    DecisionRow.decided_by,
    DeepLinkRow.person_id,
    DeliveryRow.let_stand_by,
    DraftRow.changed_by,
    DraftRow.created_by,
    DraftStepRow.by,
    DraftStepRow.undone_by,
    EnrollmentMoveRow.proposed_by,
    EnrollmentRow.ended_by,
    EnrollmentRow.enrolled_by,
    EvidenceRow.owner_id,
    ExampleRow.changed_by,
    FileRow.person_id,
    GrantRow.granted_by,
    GrantRow.revoked_by,
    GrowthPlanRow.owner_id,
    GrowthPlanRow.proposed_by,
    GrowthPlanRow.trainee_id,
    GuidanceRow.changed_by,
    HandOverNoteRow.trainee_id,
    HandOverNoteRow.written_by,
    HandledOutsideRow.acknowledged_by,
    HandledOutsideRow.raised_by,
    InvitationRow.invited_by,
    InvitationRow.person_id,
    JournalEntryRow.person_id,
    LedgerEntryRow.asked_id,
    LedgerEntryRow.made_by,
    LedgerEntryRow.person_id,
    LedgerEntryRow.reversed_by,
    LedgerImportRow.brought_by,
    LedgerImportRow.person_id,
    LedgerReturnRow.returned_by,
    LedgerSignatureRow.withdrawn_by,
    LineItemRow.stopped_by,
    LmsAccountRow.person_id,
    LmsResultRuleRow.made_by,
    MailRow.person_id,
    MailRow.sender_id,
    MeetingRow.closed_by,
    MeetingRow.opened_by,
    MessageRow.sender_id,
    PaperFormRow.printed_by,
    PathPauseRow.begun_by,
    PersonRow.merged_into,
    PlacedProgramRow.created_by,
    PlacementRow.ended_by,
    PlacementRow.made_by,
    PrivacyLaunchRow.launched_by,
    PrivacyLaunchRow.person_id,
    PrivacyRequestRow.handled_by,
    PrivacyRequestRow.person_id,
    PrivacyRequestRow.requested_by,
    ProgramDraftRow.changed_by,
    ProgramDraftRow.created_by,
    ProgramDraftStepRow.by,
    ProgramRow.made_by,
    ProgramVersionRow.published_by,
    QualificationRow.person_id,
    QualificationRow.recorded_by,
    ReviewRow.reviewer_id,
    RosterReadRow.asked_by,
    ScenarioRow.made_by,
    ScenarioWriterRow.person_id,
    ScopeStatementRow.published_by,
    SiteAgreementRow.recorded_by,
    SiteRow.made_by,
    SupervisionAgreementRow.written_by,
    SupervisionRequestRow.taken_by,
    SupervisionSessionRow.recorded_by,
    SupportContactRow.changed_by,
    TermsAnswerRow.person_id,
    TermsRow.published_by,
    WordingRow.changed_by,
    AuditFindingRow.answered_by,
    AuditFindingRow.written_by,
    AuditSampleRow.drawn_by,
    CalibrationOutcomeRow.recorded_by,
    CalibrationPartRow.asked_by,
    CalibrationRow.led_by,
    CertificateRow.changed_by,
    CredentialRow.person_id,
    CredentialRow.withdrawn_by,
    DescriptionQuestionRow.made_by,
    DoubleObservationRow.person_id,
    DoublePlanRow.set_by,
    ExportRow.person_id,
    FeedbackMinimumRow.set_by,
    FunderScheduleRow.asked_by,
    ReleaseRow.of_person_id,
    ReleaseRow.released_by,
    ErasureRow.done_by,
    RetentionChoiceRow.chosen_by,
    SurveyRow.made_by,
)
"""Belongs to the one who stays, without further ado."""

WHILE_OPEN: tuple[Any, ...] = (
    ObservationRow.asked_by,
    ObservationRow.observer_id,
    ObservationRow.proposed_by,
    ObservationRow.trainee_id,
)
"""Moved while the observation can still change."""

UNLESS_THERE: Mapping[Any, tuple[Any, ...]] = MappingProxyType(
    {
        AvailabilityRow.person_id: (AvailabilityRow.course_id,),
        DeliveryRow.person_id: (DeliveryRow.line_item_id,),
        GroupMemberRow.person_id: (GroupMemberRow.group_id,),
        AccommodationRow.person_id: (AccommodationRow.course_id,),
        CalibrationPartRow.person_id: (CalibrationPartRow.calibration_id,),
        EndorsementRow.by_person_id: (EndorsementRow.credential_id,),
        FeedbackRow.by_person_id: (
            FeedbackRow.about,
            FeedbackRow.of_person_id,
            FeedbackRow.observation_id,
            FeedbackRow.site_id,
        ),
        FeedbackRow.of_person_id: (FeedbackRow.about, FeedbackRow.by_person_id, FeedbackRow.observation_id),
        FirstStepsLeftRow.person_id: (FirstStepsLeftRow.part,),
        SavedViewRow.person_id: (SavedViewRow.program_id, SavedViewRow.course_id, SavedViewRow.name),
        SelfDescriptionRow.person_id: (SelfDescriptionRow.question_id,),
        SurveyTakenRow.person_id: (SurveyTakenRow.survey_id,),
        AppealMemberRow.person_id: (AppealMemberRow.appeal_id,),
        EnrollmentRow.person_id: (EnrollmentRow.program_id,),
        CheckInRow.person_id: (CheckInRow.on_day,),
        DebriefPromptRow.person_id: (DebriefPromptRow.observation_id,),
        EvidenceSeenRow.person_id: (EvidenceSeenRow.evidence_id,),
        MessageRow.person_id: (MessageRow.kind, MessageRow.path),
        PlacementRow.trainee_id: (PlacementRow.course_id, PlacementRow.site_id),
        SelfCarePlanRow.person_id: (),
        ErasureRow.person_id: (),
        SessionPartRow.person_id: (SessionPartRow.session_id,),
        SupervisionAgreementRow.supervisor_id: (
            SupervisionAgreementRow.course_id,
            SupervisionAgreementRow.trainee_id,
            SupervisionAgreementRow.lane,
            SupervisionAgreementRow.number,
        ),
        SupervisionAgreementRow.trainee_id: (
            SupervisionAgreementRow.course_id,
            SupervisionAgreementRow.supervisor_id,
            SupervisionAgreementRow.lane,
            SupervisionAgreementRow.number,
        ),
        SupervisionRequestRow.trainee_id: (SupervisionRequestRow.course_id,),
    }
)
"""Moved, unless the one who stays has the same already."""

OVER_ONCE: Mapping[Any, str] = MappingProxyType(
    {
        AccommodationRow: "ended_at",
        EnrollmentRow: "ended_at",
        ErasureRow: "ended_at",
        MessageRow: "read_at",
        PlacementRow: "ended_at",
        SupervisionRequestRow: "ended_at",
    }
)
"""Of these only what stands can be the same: what was over before takes nobody's wish or adjustment away."""

BY_HAND = frozenset(
    {
        "assessment.observer_id", "assignment.person_id", "assignment.trainee_id", "attestation.person_id",
        "capability_grant.person_id",
        "conflict.about_id", "conflict.declared_by", "contact.person_id", "membership.person_id",
        "merge_request.other_id", "merge_request.person_id",
        "observer.person_id", "web_session.person_id",
    }
)  # fmt: skip
"""Each in its own way, in the functions below."""

KEPT: Mapping[str, str] = MappingProxyType(
    {
        "agreement_signature.person_id": "a signature never changes; that the agreement is in force stands beside it",
        "audit_unlock.by": "that a record was opened, and why, never changes",
        "audit_unlock.trainee_id": "that a record was opened, and why, never changes",
        "appeal_terms.published_by": "terms that were published never change",
        "ledger_signature.signer_id": "a signature never changes; two of one human count as one person's",
        "scenario_review.reviewer_id": "that something was read never changes",
        "scope_acknowledgment.noted_by": "that something was acknowledged never changes",
        "scope_acknowledgment.person_id": "that something was acknowledged never changes; two of one human are one",
        "act.person_id": "forms of a session that ends with this",
        "read_log.reader_id": "the log of who opened a record is only ever added to",
        "read_log.trainee_id": "the log of who opened a record is only ever added to",
        "sign_off.device_of": "a signature never changes",
        "sign_off.signer_id": "a signature never changes; two of one human count as one person's",
        "sign_off_withdrawal.by": "that a signature does not stand never changes",
        "supersession.by": "what stands in the place of a record never changes",
    }
)
"""Stays with the id it was made with, and why."""


def move_all(session: Session, stays: UUID, goes: UUID, now: datetime) -> None:
    """Give the one who stays all that can change; what never does stays with the other's id."""
    self_care.join(session, stays, goes)
    check_ins.join(session, stays, goes)
    for column in MOVED:
        _move(session, column, stays, goes)
    for column in WHILE_OPEN:
        _move(session, column, stays, goes, ObservationRow.state.not_in(UNCHANGEABLE))
    for column, same in UNLESS_THERE.items():
        over = OVER_ONCE.get(column.class_)
        if over is None:
            _move(session, column, stays, goes, ~_there(column, same, stays))
        else:
            is_over = getattr(column.class_, over).is_not(None)
            _move(session, column, stays, goes, or_(is_over, ~_there(column, same, stays, over)))
    either = or_(MergeRequestRow.person_id.in_((stays, goes)), MergeRequestRow.other_id.in_((stays, goes)))
    session.execute(delete(MergeRequestRow).where(either).execution_options(synchronize_session=False))
    for row in (AvailabilityRow, GroupMemberRow):
        session.execute(delete(row).where(row.person_id == goes).execution_options(synchronize_session=False))
    _attestations(session, stays, goes)
    _parts(session, stays, goes)
    _memberships(session, stays, goes)
    _grants(session, stays, goes, now)
    _assignments(session, stays, goes, now)
    _conflicts(session, stays, goes, now)
    _contact(session, stays, goes, now)
    session.expire_all()


def _move(session: Session, column: Any, stays: UUID, goes: UUID, *which: ColumnElement[bool]) -> None:
    table: Any = column.class_
    session.execute(
        update(table)
        .where(column == goes, *which)
        .values({column.key: stays})
        .execution_options(synchronize_session=False)
    )


def _there(column: Any, same: tuple[Any, ...], stays: UUID, *which: str) -> ColumnElement[bool]:
    """Whether the one who stays has a row that is the same in these columns; of those that stand, in `which`."""
    there = aliased(column.class_)
    alike = [_equal(getattr(there, one.key), one) for one in same]
    standing = [getattr(there, name).is_(None) for name in which]
    return exists().where(getattr(there, column.key) == stays, *alike, *standing)


def _equal(one: Any, other: Any) -> ColumnElement[bool]:
    return or_(one == other, and_(one.is_(None), other.is_(None)))


def _attestations(session: Session, stays: UUID, goes: UUID) -> None:
    """All but what the LMS said of both in the same column."""
    there = _there(AttestationRow.person_id, (AttestationRow.rule_id,), stays, "taken_back_at")
    other = or_(AttestationRow.rule_id.is_(None), AttestationRow.taken_back_at.is_not(None), ~there)
    _move(session, AttestationRow.person_id, stays, goes, other)


def _parts(session: Session, stays: UUID, goes: UUID) -> None:
    """Their part in observations that can still change, with what they wrote; of the others it stays as it is."""
    still_open = select(ObservationRow.id).where(ObservationRow.state.not_in(UNCHANGEABLE))
    _move(session, ObserverRow.person_id, stays, goes, ObserverRow.observation_id.in_(still_open))
    _move(session, AssessmentRow.observer_id, stays, goes, AssessmentRow.observation_id.in_(still_open))


def _memberships(session: Session, stays: UUID, goes: UUID) -> None:
    """In a course where both are, what the LMS said counts, and being from outside only for who was nothing else."""
    rows = session.scalars(select(MembershipRow).where(MembershipRow.person_id == goes)).all()
    for gone in rows:
        kept = session.scalars(
            select(MembershipRow).where(MembershipRow.person_id == stays, MembershipRow.course_id == gone.course_id)
        ).one_or_none()
        if kept is None:
            gone.person_id = stays
            continue
        of_lms = kept if not kept.external else gone
        standing = [row for row in (kept, gone) if row.ended_at is None]
        external = all(row.external or not _carries(session, row) for row in standing) if standing else kept.external
        said = {
            name: getattr(of_lms, name)
            for name in (
                "roles", "capability", "test_user", "return_url", "launched", "seen_at", "listed_at", "listed_roles",
                "mentees",
            )
        }  # fmt: skip
        session.delete(gone)
        session.flush()
        for name, value in said.items():
            setattr(kept, name, value)
        kept.external, kept.ended_at = external, None if standing else kept.ended_at
    session.flush()


def _carries(session: Session, membership: MembershipRow) -> bool:
    """Whether the LMS or a grant lets this one observe or sign without being assigned to each trainee."""
    granted = select(GrantRow.id).where(
        GrantRow.person_id == membership.person_id,
        GrantRow.course_id == membership.course_id,
        GrantRow.revoked_at.is_(None),
    )
    return membership.capability is Capability.OBSERVER or session.scalars(granted).first() is not None


def _grants(session: Session, stays: UUID, goes: UUID, now: datetime) -> None:
    same = (GrantRow.organization_id, GrantRow.course_id, GrantRow.capability, GrantRow.lane)
    standing = GrantRow.revoked_at.is_(None)
    session.execute(
        update(GrantRow)
        .where(GrantRow.person_id == goes, standing, _there(GrantRow.person_id, same, stays, "revoked_at"))
        .values(revoked_at=now, revoked_by=stays)
        .execution_options(synchronize_session=False)
    )
    _move(session, GrantRow.person_id, stays, goes)


def _assignments(session: Session, stays: UUID, goes: UUID, now: datetime) -> None:
    same = (AssignmentRow.course_id, AssignmentRow.assigned_as, AssignmentRow.lane)
    for column, further in (
        (AssignmentRow.person_id, AssignmentRow.trainee_id),
        (AssignmentRow.trainee_id, AssignmentRow.person_id),
    ):
        to_oneself = and_(column == goes, further == stays)
        session.execute(delete(AssignmentRow).where(to_oneself).execution_options(synchronize_session=False))
        session.execute(
            update(AssignmentRow)
            .where(
                column == goes,
                AssignmentRow.ended_at.is_(None),
                _there(column, (*same, further), stays, "ended_at"),
            )
            .values(ended_at=now)
            .execution_options(synchronize_session=False)
        )
        _move(session, column, stays, goes)


def _conflicts(session: Session, stays: UUID, goes: UUID, now: datetime) -> None:
    for column, further in (
        (ConflictRow.declared_by, ConflictRow.about_id),
        (ConflictRow.about_id, ConflictRow.declared_by),
    ):
        session.execute(
            delete(ConflictRow).where(column == goes, further == stays).execution_options(synchronize_session=False)
        )
        session.execute(
            update(ConflictRow)
            .where(column == goes, ConflictRow.ended_at.is_(None), _there(column, (further,), stays, "ended_at"))
            .values(ended_at=now)
            .execution_options(synchronize_session=False)
        )
        _move(session, column, stays, goes)


def _contact(session: Session, stays: UUID, goes: UUID, now: datetime) -> None:
    """Mail goes where the one who stays wants it; where they said nothing, as the other wanted it.

    For signing that counts as a new address: with an account of their own, whoever finds a page open brings theirs.
    """
    mute_mail_of(session, goes)
    has_own = session.scalars(select(ContactRow.id).where(ContactRow.person_id == stays)).first() is not None
    if not has_own:
        _move(session, ContactRow.person_id, stays, goes)
    kept, gone = session.get_one(PersonRow, stays), session.get_one(PersonRow, goes)
    if kept.email_digest is None and gone.email_digest is not None:
        email, digest = gone.email, gone.email_digest
        gone.email = gone.email_digest = None
        session.flush()
        kept.email, kept.email_digest = email, digest
    session.flush()
    if counts_from_now(session, kept.organization_id, stays, now):
        address_changed(session, organization_id=kept.organization_id, person_id=stays, now=now)
