"""The trainee's path in a house: a program, Noor on her way through it, her ledger, a decision, an appeal, a plan."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from grading.appeals import AppealState, AppealStepKind, Turn
from grading.evidence import Kind, Outcome
from grading.growth import GoalState, PlanState
from grading.ledger import EntryKind, EntryState, Source
from grading.scores import ProgramColumnShows
from lti_tool.services.certification.decision_notices import Notice, written
from lti_tool.store.appeals import AppealMemberRow, AppealRow, AppealStepRow, AppealTermsRow
from lti_tool.store.base import Base, new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.growth import GrowthGoalRow, GrowthPlanRow
from lti_tool.store.ledger import AttestationRow, LedgerEntryRow, LedgerImportRow, LedgerSignatureRow, LmsResultRuleRow
from lti_tool.store.organizations import OrganizationRow
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
from rubrics.sign_off import Assurance, Lane

TEXT = """
id = "{key}"
name = "Peer support"
body = "Our program"
time_zone = "UTC"

[[editions]]
key = "{edition}"

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "practice"
stage = "initial"
title = "Hours of practice"
at_least = "{hours} hours"
of = {{ kind = "practice" }}
"""


def the_path(house: Any) -> None:
    """One of each; forms and addresses call them by the names that are noted."""
    program_id, versions = _program(house)
    enrollment_id = _enrollment(house, program_id, versions)
    _ledger(house, program_id)
    _decision(house, enrollment_id, versions[0])
    _growth(house)


def _keep(house: Any, name: str, row_class: type[Base], /, **values: Any) -> UUID:
    id_ = new_id()
    house.session.add(row_class(id=id_, organization_id=house.organization_id, **values))
    house.session.flush()
    house.note(name, id_)
    return id_


def _program(house: Any) -> tuple[UUID, list[UUID]]:
    """Of the organization, so it carries no mark: two editions, and a third one that is being written."""
    key, now = f"program-{house.mark.lower()}", house.now
    program_id = _keep(house, "program_id", ProgramRow, key=key, name="Peer support", made_at=now)
    versions = []
    for number, hours in ((1, 10), (2, 12)):
        text = TEXT.format(key=key, edition=number, hours=hours)
        versions.append(
            _keep(
                house, "program_version_id", ProgramVersionRow, program_id=program_id, number=number,
                edition=str(number), text=text, digest=hashlib.sha256(text.encode()).hexdigest(), published_at=now,
            )
        )  # fmt: skip
    text = TEXT.format(key=key, edition=3, hours=14)
    draft_id = _keep(
        house, "program_draft_id", ProgramDraftRow, program_id=program_id, text=text, step=1, steps=1,
        based_on_id=versions[1], created_at=now, changed_at=now,
    )  # fmt: skip
    _keep(house, "program_step_id", ProgramDraftStepRow, draft_id=draft_id, number=1, place="", text=text, at=now)
    house.session.get(OrganizationRow, house.organization_id).sample_since = now
    return program_id, versions


def _enrollment(house: Any, program_id: UUID, versions: list[UUID]) -> UUID:
    noor, ines, now = house.visitor("noor").person_id, house.visitor("ines").person_id, house.now
    enrollment_id = _keep(
        house, "enrollment_id", EnrollmentRow, program_id=program_id, person_id=noor, version_id=versions[0],
        entered_on=now.date() - timedelta(days=60), enrolled_by=ines, enrolled_at=now,
    )  # fmt: skip
    _keep(
        house, "move_id", EnrollmentMoveRow, enrollment_id=enrollment_id, from_version_id=versions[0],
        to_version_id=versions[1], proposed_by=ines, proposed_at=now, why=f"Why {house.mark}",
    )  # fmt: skip
    _keep(
        house, "pause_id", PathPauseRow, enrollment_id=enrollment_id, since=now.date() - timedelta(days=30),
        until=now.date() - timedelta(days=20), begun_by=noor, begun_at=now, ended_at=now,
    )  # fmt: skip
    _keep(
        house, "placed_id", PlacedProgramRow, course_id=house.course_id, program_id=program_id, title="Hours",
        shows=ProgramColumnShows.HOURS, requirement="practice", created_by=ines, created_at=now,
    )  # fmt: skip
    return enrollment_id


def _ledger(house: Any, program_id: UUID) -> None:
    """Noor asked Jo for a signature, and has one already."""
    noor, jo, ines = (house.visitor(who).person_id for who in ("noor", "jo", "ines"))
    mark, now = house.mark, house.now
    usual = {
        "person_id": noor, "kind": EntryKind.PRACTICE, "on_day": now.date() - timedelta(days=3),
        "amount": Decimal("2.5"), "course_id": house.course_id, "asked_id": jo, "asked_at": now, "made_by": noor,
        "made_at": now, "changed_at": now,
    }  # fmt: skip
    _keep(
        house, "ledger_entry_id", LedgerEntryRow, title=f"Entry {mark}", note=f"Entry note {mark}",
        state=EntryState.WAITING, **usual,
    )  # fmt: skip
    signed = _keep(
        house, "ledger_entry_id", LedgerEntryRow, title=f"Signed entry {mark}", state=EntryState.SIGNED, **usual
    )  # fmt: skip
    _keep(
        house, "ledger_signature_id", LedgerSignatureRow, entry_id=signed, signer_id=jo, lane=Lane.PEER, salt="salt",
        digest="0" * 64, assurance=Assurance.LAUNCH, signed_at=now,
    )  # fmt: skip
    _keep(
        house, "import_id", LedgerImportRow, person_id=noor, brought_by=noor, file_name=f"Hours {mark}.csv",
        rows="[]", brought_at=now,
    )  # fmt: skip
    _keep(
        house, "attestation_id", AttestationRow, person_id=noor, kind=Kind.DOCUMENT, on_day=now.date(),
        said={"name": ["secondary_education"]}, source=Source.SEEN, said_by=ines, said_at=now,
    )  # fmt: skip
    _keep(
        house, "rule_id", LmsResultRuleRow, course_id=house.course_id, program_id=program_id, number=1,
        url=f"{house.issuer}/items/99", label=f"Column {mark}", kind=Kind.TRAINING, at_least=Decimal("0.8"),
        amount=Decimal(6), unit="hours", made_by=ines, made_at=now,
    )  # fmt: skip


def _decision(house: Any, enrollment_id: UUID, version_id: UUID) -> None:
    """Noor was told "not yet" by a program lead, and appeals; Kim is on the panel."""
    noor, kim, lea = house.visitor("noor").person_id, house.visitor("kim").person_id, house.outside("lea")
    mark, now = house.mark, house.now
    today = now.date()
    notice, digest = written(
        Notice(
            outcome=Outcome.NOT_YET, stage="Certification", program="Peer support", body="Our program", edition="1",
            person=f"Noor {mark}", decided_by=f"Lea {mark}", decided_on=today, on=today, reasons=f"Reasons {mark}",
            what_next=f"What next {mark}", appeal_until=today + timedelta(days=60),
        )
    )  # fmt: skip
    decision_id = _keep(
        house, "decision_id", DecisionRow, enrollment_id=enrollment_id, version_id=version_id, number=1,
        outcome=Outcome.NOT_YET, stage="initial", on_day=now.date(), appeal_until=now.date() + timedelta(days=60),
        notice=notice, digest=digest, decided_by=lea, decided_at=now,
        released_at=now,
    )  # fmt: skip
    mine = AppealTermsRow.organization_id == house.organization_id
    number = 1 + house.session.scalars(select(func.count(AppealTermsRow.id)).where(mine)).one()
    terms_id = _keep(
        house, "terms_id", AppealTermsRow, number=number,
        grounds=[{"key": "not_seen", "words": "Something was not seen"}],
        file_days=60, acknowledge_days=5, answer_days=10, decide_days=30, panel_size=1, published_at=now,
    )  # fmt: skip
    appeal_id = _keep(
        house, "appeal_id", AppealRow, trainee_id=noor, decision_id=decision_id, terms_id=terms_id,
        state=AppealState.WITH_PANEL, ground="not_seen", words=f"Appeal {mark}", wish=f"Wish {mark}", begun_by=noor,
        begun_at=now, sent_at=now, file_by=now.date() + timedelta(days=60), turn=Turn.INSTITUTION,
        turn_until=now.date() + timedelta(days=30), decide_by=now.date() + timedelta(days=30),
    )  # fmt: skip
    _keep(
        house, "appeal_step_id", AppealStepRow, appeal_id=appeal_id, number=1, kind=AppealStepKind.SENT, by=noor,
        at=now, due_on=now.date() + timedelta(days=5),
    )  # fmt: skip
    _keep(
        house, "member_id", AppealMemberRow, appeal_id=appeal_id, person_id=kim, invited_by=lea, invited_at=now,
        accepted_at=now,
    )  # fmt: skip


def _growth(house: Any) -> None:
    """Jo proposed a plan to Noor, who has not answered yet."""
    noor, jo, mark, now = house.visitor("noor").person_id, house.visitor("jo").person_id, house.mark, house.now
    plan_id = _keep(
        house, "growth_plan_id", GrowthPlanRow, course_id=house.course_id, trainee_id=noor, owner_id=jo,
        state=PlanState.PROPOSED, begins_on=now.date(), ends_on=now.date() + timedelta(days=60), proposed_by=jo,
        proposed_at=now,
    )  # fmt: skip
    _keep(
        house, "goal_id", GrowthGoalRow, plan_id=plan_id, number=1, goal=f"Goal {mark}", support=f"Support of {mark}",
        due_on=now.date() + timedelta(days=30), state=GoalState.UNDER_WAY, changed_at=now,
    )  # fmt: skip
