"""What is seen and proved in a house: kept standings, a calibration, a survey, credentials, an audit, an export."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from grading.evidence import Outcome
from grading.feedback_blocks import FeedbackAbout
from grading.lifecycle.status import Status
from grading.proof import Answer
from grading.suppression import ShownTable
from lti_tool.services.credentials import issuer_keys
from lti_tool.store.auditing import (
    AuditFindingRow,
    AuditItemRow,
    AuditSampleRow,
    AuditUnlockRow,
    FindingKind,
    SampleOf,
)
from lti_tool.store.base import Base, new_id
from lti_tool.store.calibration import (
    CalibrationItemRow,
    CalibrationPartRow,
    CalibrationRatingRow,
    CalibrationRow,
    CalibrationState,
    DoubleObservationRow,
    DoublePlanRow,
)
from lti_tool.store.credentials import (
    CertificateLook,
    CertificateRow,
    CredentialRow,
    CredentialShareRow,
    EndorsementRow,
    KeyAlgorithm,
    StatusListRow,
)
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.equity import (
    DescriptionQuestionRow,
    FeedbackRow,
    FunderScheduleRow,
    ReleaseRow,
    ReportKind,
    SelfDescriptionRow,
    SurveyRow,
)
from lti_tool.store.exports import ExportForm, ExportRow, ExportState
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.rubrics import ExampleRow
from lti_tool.store.seen import KeptAnswerRow, KeptStandingRow, SavedViewRow

LINK = "L" * 43
OUTCOMES = ShownTable("outcome:everybody", ("everybody",), ("certified",), ((10, 10), (10, 10)))
REPORT = {
    "minimum": 10, "since": "2026-01-01", "until": "2026-02-01", "program": "", "words": {}, "times": [],
    "tables": [OUTCOMES.document()], "hours": {by: {} for by in ("kind", "category", "setting", "model")},
}  # fmt: skip
"""The figures of a report, as far as every kind of report has them."""


def the_proving(house: Any) -> None:
    """One of each; forms and addresses call them by the names that are noted."""
    _cohort(house)
    _calibration(house)
    _fairness(house)
    _funder_schedule(house)
    _feedback(house, house.visitor("noor").person_id)
    _credential(house)
    _auditing(house)


def _keep(house: Any, name: str | None, row_class: type[Base], /, **values: Any) -> UUID:
    id_ = new_id()
    house.session.add(row_class(id=id_, organization_id=house.organization_id, **values))
    house.session.flush()
    if name:
        house.note(name, id_)
    return id_


def _cohort(house: Any) -> None:
    enrollment = house.session.get_one(EnrollmentRow, house.objects["enrollment_id"][0])
    own = {"organization_id": house.organization_id, "program_id": enrollment.program_id}
    house.session.add(
        KeptStandingRow(
            enrollment_id=enrollment.id, version_id=enrollment.version_id, day=house.now.date(), made_at=house.now,
            status=Status.IN_PROGRESS, stage=None, paused=False, met=0, waiting=1, asked=1, waits_for=["supervisor"],
            **own,
        )
    )  # fmt: skip
    house.session.flush()
    house.session.add(
        KeptAnswerRow(enrollment_id=enrollment.id, requirement="practice", answer=Answer.WAITING, **own)
    )  # fmt: skip
    lea, ines = house.outside("lea"), house.visitor("ines").person_id
    _keep(house, "view_id", SavedViewRow, person_id=lea, program_id=enrollment.program_id, name=f"View {house.mark}",
          query={"status": ["in_progress"]}, made_at=house.now)  # fmt: skip
    _keep(house, "view_id", SavedViewRow, person_id=ines, course_id=house.course_id, name=f"View {house.mark}",
          query={}, made_at=house.now)  # fmt: skip
    _keep(
        house, "export_id", ExportRow, person_id=lea, what="cohort", form=ExportForm.CSV, language="en",
        asks={"program_id": str(enrollment.program_id)}, state=ExportState.WAITING, asked_at=house.now,
    )  # fmt: skip


def _calibration(house: Any) -> None:
    """Jo has handed in what Ines leads, another one is closed; Noor's first observation is to have two observers."""
    jo, ines, now = house.visitor("jo").person_id, house.visitor("ines").person_id, house.now
    example = house.session.get_one(ExampleRow, house.objects["example_id"][0])
    calibration_id = _keep(
        house, "calibration_id", CalibrationRow, rubric_version_id=example.rubric_version_id,
        course_id=house.course_id, title=f"Calibration {house.mark}", led_by=ines, made_at=now,
        state=CalibrationState.RATING,
    )  # fmt: skip
    closed_id = _keep(
        house, "calibration_id", CalibrationRow, rubric_version_id=example.rubric_version_id,
        course_id=house.course_id, title=f"Closed calibration {house.mark}", led_by=ines, made_at=now,
        state=CalibrationState.CLOSED, revealed_at=now, closed_at=now,
    )  # fmt: skip
    item_id, _closed_item = (
        _keep(
            house, "item_id", CalibrationItemRow, calibration_id=one, example_id=example.id, position=1,
            document=example.document,
        )
        for one in (calibration_id, closed_id)
    )  # fmt: skip
    part_id, _closed_part = (
        _keep(
            house, None, CalibrationPartRow, calibration_id=one, person_id=jo, asked_by=ines, asked_at=now,
            handed_in_at=now,
        )
        for one in (calibration_id, closed_id)
    )  # fmt: skip
    house.session.add(
        CalibrationRatingRow(
            item_id=item_id, part_id=part_id, criterion="pauses", organization_id=house.organization_id, level=2,
            not_observed=False, why=f"Calibrated {house.mark}", saved_at=now,
        )
    )  # fmt: skip
    plan_id = _keep(house, None, DoublePlanRow, activity_id=house.activity_id, share=10, set_by=ines, set_at=now)
    _keep(
        house, None, DoubleObservationRow, observation_id=house.objects["observation_id"][0], plan_id=plan_id,
        chosen_at=now,
    )  # fmt: skip


def _feedback(house: Any, by: UUID) -> None:
    """What one trainee said of Jo, shown in a block."""
    mark, now, jo = house.mark, house.now, house.visitor("jo").person_id
    feedback_id = _keep(
        house, "feedback_id", FeedbackRow, by_person_id=by, of_person_id=jo, minimum=3,
        about=FeedbackAbout.SUPERVISOR, answers={"listened": 4}, words=f"Feedback {mark}", written_at=now,
    )  # fmt: skip
    _keep(
        house, "block_id", ReleaseRow, report=ReportKind.FEEDBACK, of_person_id=jo, digest="0" * 64, released_at=now,
        document={"about": "supervisor", "minimum": 3, "middle": {"listened": 4}},
        rules={"minimum": 3, "held_back": 0, "feedback": [str(feedback_id)]},
    )  # fmt: skip


def _fairness(house: Any) -> None:
    noor, lea = house.visitor("noor").person_id, house.outside("lea")
    mark, now = house.mark, house.now
    question_id = _keep(
        house, "question_id", DescriptionQuestionRow, key=f"age-{mark.lower()}", words="How old are you?",
        why="To see whether everybody waits equally long.", choices=[{"key": "under_30", "words": "Under 30"}],
        several=False, position=1, made_by=lea, made_at=now,
    )  # fmt: skip
    _keep(
        house,
        None,
        SelfDescriptionRow,
        person_id=noor,
        question_id=question_id,
        answer=f'{{"chosen": [], "own": "Age {mark}"}}',
    )
    _keep(
        house, "survey_id", SurveyRow, title="How is it for you?", minimum=10, opens_on=now.date(), made_by=lea,
        questions=[{"key": "safe", "indicator": "safety", "words": "I feel safe here."}], made_at=now,
    )  # fmt: skip
    for report in (ReportKind.SUMMARY, ReportKind.EQUITY, ReportKind.FUNDER):
        public_key = f"summary-{mark.lower()}" if report is ReportKind.SUMMARY else None
        _keep(
            house, "release_id", ReleaseRow, report=report, document=REPORT | {"organization": f"Report {mark}"},
            rules={"minimum": 10}, digest="0" * 64, public_key=public_key, released_by=lea, released_at=now,
        )  # fmt: skip
    house.note("public_key", f"summary-{mark.lower()}")


def _funder_schedule(house: Any) -> None:
    _keep(
        house, "schedule_id", FunderScheduleRow, program_id=house.objects["program_id"][0], months=3, minimum=10,
        since=house.now.date(), next_on=house.now.date() + timedelta(days=90), asked_by=house.outside("lea"),
        asked_at=house.now,
    )  # fmt: skip


def _credential(house: Any) -> None:
    """Noor was certified once, carries a credential, and shows it; Jo has said something for her."""
    noor, jo, lea = house.visitor("noor").person_id, house.visitor("jo").person_id, house.outside("lea")
    mark, now, session = house.mark, house.now, house.session
    decided = session.scalars(select(DecisionRow).where(DecisionRow.id == house.objects["decision_id"][0])).one()
    decision_id = _keep(
        house, "decision_id", DecisionRow, enrollment_id=decided.enrollment_id, version_id=decided.version_id, number=2,
        outcome=Outcome.CERTIFIED, stage="initial", on_day=now.date(), notice=decided.notice, digest=decided.digest,
        decided_by=lea, decided_at=now, released_at=now, told_at=now,
    )  # fmt: skip
    key = issuer_keys.signing_key(session, house.organization_id, KeyAlgorithm.RS256, now)
    list_id = session.scalars(
        select(StatusListRow.id).where(StatusListRow.organization_id == house.organization_id)
    ).first() or _keep(house, "status_list_id", StatusListRow, number=1, made_at=now)
    credential_id = _keep(
        house, "credential_id", CredentialRow, enrollment_id=decided.enrollment_id, decision_id=decision_id,
        person_id=noor, key_id=key.id, status_list_id=list_id, status_index=len(mark) * 100 + ord(mark[0]),
        name=f"Noor {mark}", language="en", document="a.b.c", integrity="{}", digest="0" * 64,
        valid_from=now.date(), issued_at=now,
    )  # fmt: skip
    link = f"{mark.lower()}-{LINK}"
    _keep(
        house, None, CredentialShareRow, credential_id=credential_id, link=link, shows_name=True,
        link_digest=hashlib.sha256(link.encode()).hexdigest(), shows_endorsements=True, opened_at=now,
    )  # fmt: skip
    house.note("link", link)
    _keep(
        house, "endorsement_id", EndorsementRow, credential_id=credential_id, by_person_id=jo, by_name=f"Jo {mark}",
        words=f"Endorsement {mark}", offered_at=now,
    )  # fmt: skip
    program_id = session.get_one(EnrollmentRow, decided.enrollment_id).program_id
    _keep(
        house, None, CertificateRow, program_id=program_id, language="en", look=CertificateLook.PLAIN,
        title="Certificate", words="Has shown all that is asked.", signed_by="", changed_by=lea, changed_at=now,
    )  # fmt: skip


def _auditing(house: Any) -> None:
    """An auditor drew a sample, opened Noor's observation with a reason, and has a question."""
    noor, mark, now = house.visitor("noor").person_id, house.mark, house.now
    auditor = house.outside("tess")
    sample_id = _keep(
        house, "sample_id", AuditSampleRow, drawn_from=SampleOf.OBSERVATIONS, since=now.date(), until=now.date(),
        plan=f"Plan {mark}", seed="1", size=1, population=1, drawn_by=auditor, made_at=now,
    )  # fmt: skip
    item_id = _keep(
        house, "audit_item_id", AuditItemRow, sample_id=sample_id, position=1,
        subject_id=house.objects["observation_id"][0],
    )  # fmt: skip
    _keep(
        house, None, AuditUnlockRow, item_id=item_id, trainee_id=noor, by=auditor, reason=f"Reason {mark}", at=now,
        until=now + timedelta(hours=8),
    )  # fmt: skip
    _keep(
        house, "finding_id", AuditFindingRow, sample_id=sample_id, item_id=item_id, kind=FindingKind.QUESTION,
        words=f"Finding {mark}", written_by=auditor, written_at=now,
    )  # fmt: skip
