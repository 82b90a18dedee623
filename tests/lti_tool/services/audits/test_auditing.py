"""Auditors: samples without names, records that are opened with a reason, findings, answers."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from grading.evidence import Outcome
from grading.ledger import EntryState
from grading.sampling import drawn
from lti_tool.access import Capability, Field
from lti_tool.services.audits import audit_findings, audit_records, auditing
from lti_tool.services.audits.auditing import Wanted
from lti_tool.services.authoring import authors
from lti_tool.services.certification.decision_notices import Notice, written
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours import ledger_signing
from lti_tool.services.personal_data import record_access
from lti_tool.store.auditing import AuditItemRow, AuditUnlockRow, FindingKind, SampleOf
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.observations import SignedDocumentRow, SignOffRow
from rubrics.refusal import Refused
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import an_entry, on_the_way

EVER = (date(2020, 1, 1), date(2026, 3, 2))


def wanted(of: SampleOf = SampleOf.LEDGER_ENTRIES, size: int = 2) -> Wanted:
    return Wanted(of, *EVER, size=size, plan="Are signatures in order?")


def sampled(world: World, of: SampleOf = SampleOf.LEDGER_ENTRIES, size: int = 2) -> UUID:
    return auditing.draw(world.session, world.visitor("amara"), wanted(of, size), world.now)


def entries(world: World, count: int) -> None:
    """So many entries of Sam's, each signed by Jo."""
    on_the_way(world)
    jo = world.visitor("jo")
    for number in range(count):
        entry_id = an_entry(
            world, amount=str(number + 1), state=EntryState.WAITING, asked_id=jo.person_id, asked_at=world.now,
            course_id=world.place(jo).course.id,
        )  # fmt: skip
        shown = ledger_signing.preview(world.session, jo, entry_id, world.now)
        ledger_signing.sign(world.session, jo, entry_id, digest=shown.digest, now=world.now)


def subject_of(world: World, item_id: UUID) -> UUID:
    return world.session.get_one(AuditItemRow, item_id).subject_id


def test_cap_e5_a_sample_can_be_drawn_again_from_its_seed_and_its_population(world: World) -> None:
    entries(world, 5)
    sample_id = sampled(world)
    line = auditing.sample(world.session, world.visitor("amara"), sample_id)
    assert (line.size, line.population, line.looked_at) == (2, 5, 0)
    found = audit_records.facts(world.session, world.visitor("amara"), sample_id)
    again = auditing.population(world.session, world.organization_id, wanted())
    order = drawn(again, size=2, seed=line.seed)
    assert [str(subject_of(world, one.item_id)) for one in found] == list(order)


def test_what_waits_for_a_signature_is_in_no_sample(world: World) -> None:
    on_the_way(world)
    an_entry(world, amount="4")
    with pytest.raises(Refused, match="no such record"):
        sampled(world)


def test_without_opening_it_a_record_has_no_name_and_no_word(world: World) -> None:
    entries(world, 1)
    sample_id, amara = sampled(world), world.visitor("amara")
    (record,) = audit_records.facts(world.session, amara, sample_id)
    assert (record.amount, [one.unchanged for one in record.signatures]) == (1, [True])
    assert "Sam" not in repr(record)
    assert audit_records.whole(world.session, amara, sample_id, record.item_id, world.now) is None
    assert record_access.opened_by(world.session, world.visitor("sam")) == ()


def test_cap_e7_who_is_opened_reads_by_whom_when_and_why_and_it_closes_by_itself(world: World) -> None:
    entries(world, 1)
    sample_id, amara, sam = sampled(world), world.visitor("amara"), world.visitor("sam")
    (record,) = audit_records.facts(world.session, amara, sample_id)
    with pytest.raises(Refused, match="why it has to be opened"):
        audit_records.unlock(world.session, amara, sample_id, record.item_id, "  ", world.now)
    for _ in range(2):  # a double click opens it once
        audit_records.unlock(world.session, amara, sample_id, record.item_id, "The day looks odd.", world.now)
    whole = audit_records.whole(world.session, amara, sample_id, record.item_id, world.now)
    assert whole is not None
    assert whole.trainee_name == "Sam Example"
    assert [document["amount"] for document in whole.documents] == ["1"]
    (once,) = audit_records.unlocked_of(world.session, sam)
    assert (once.auditor_name, once.reason) == ("Amara Example", "The day looks odd.")
    assert [one.field for one in record_access.opened_by(world.session, sam)] == [Field.LEDGER]
    told = select(MessageRow.path).where(MessageRow.person_id == sam.person_id, MessageRow.kind == MessageKind.AUDIT)
    assert world.session.scalars(told).all() == ["/opened"]
    later = world.now + timedelta(hours=9)
    assert audit_records.whole(world.session, amara, sample_id, record.item_id, later) is None


def test_another_auditor_opens_it_for_themselves_with_a_reason_of_their_own(world: World) -> None:
    entries(world, 1)
    sample_id, amara, kim = sampled(world), world.visitor("amara"), world.visitor("jo")
    (record,) = audit_records.facts(world.session, amara, sample_id)
    audit_records.unlock(world.session, amara, sample_id, record.item_id, "The day looks odd.", world.now)
    assert audit_records.whole(world.session, kim, sample_id, record.item_id, world.now) is None
    assert len(world.session.scalars(select(AuditUnlockRow)).all()) == 1


def test_a_signature_that_does_not_fit_its_fingerprint_is_said(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    sample_id, amara = sampled(world, SampleOf.OBSERVATIONS, 1), world.visitor("amara")
    (record,) = audit_records.facts(world.session, amara, sample_id)
    assert {one.unchanged for one in record.signatures} == {True}
    # The database refuses to change what was signed; brought in from elsewhere, it would be noticed.
    signed = select(SignOffRow.digest, SignedDocumentRow.document).join_from(SignOffRow, SignedDocumentRow)
    digest, document = world.session.execute(signed).one()
    assert audit_records.fits(document, digest)
    assert audit_records.fits(document.replace("nervous", "calm"), digest) is False
    assert subject_of(world, record.item_id) == observation_id


def test_a_question_is_answered_by_a_program_lead_and_settled_by_the_auditor(world: World) -> None:
    entries(world, 1)
    sample_id, amara, ines = sampled(world), world.visitor("amara"), world.visitor("ines")
    authors.give(world.session, ines, ines.person_id, Capability.PROGRAM_LEAD, world.now)
    (record,) = audit_records.facts(world.session, amara, sample_id)
    session = world.session
    with pytest.raises(Refused, match="would like to be looked at"):
        audit_findings.note(session, amara, sample_id, record.item_id, FindingKind.QUESTION, "", now=world.now)
    first = audit_findings.note(session, amara, sample_id, record.item_id, FindingKind.CONCERN, "Odd.", now=world.now)
    again = audit_findings.note(session, amara, sample_id, record.item_id, FindingKind.QUESTION, "Why?", now=world.now)
    assert first == again
    (finding,) = audit_findings.to_answer(session, ines)
    assert (finding.kind, finding.words, finding.position) == (FindingKind.QUESTION, "Why?", 1)
    audit_findings.answer(session, ines, finding.id, "It was the day before.", world.now)
    with pytest.raises(Refused, match="answered meanwhile"):
        audit_findings.note(session, amara, sample_id, record.item_id, FindingKind.IN_ORDER, "", now=world.now)
    audit_findings.settle(session, amara, finding.id, world.now)
    assert audit_findings.to_answer(session, ines) == ()
    with pytest.raises(Refused, match="settled"):
        audit_findings.answer(session, ines, finding.id, "Once more.", world.now)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"size": 0}, "size"),
        ({"size": 501}, "size"),
        ({"plan": " "}, "plan"),
        ({"since": date(2026, 3, 3)}, "days"),
        ({"until": date(2027, 1, 1)}, "days"),
    ],
)
def test_what_is_still_needed_for_a_sample_is_said(world: World, change: dict[str, object], code: str) -> None:
    asked = {"drawn_from": SampleOf.DECISIONS, "since": EVER[0], "until": EVER[1], "size": 1, "plan": "Why?"} | change
    with pytest.raises(Refused) as refused:
        auditing.draw(world.session, world.visitor("amara"), Wanted(**asked), world.now)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_record_of_another_sample_is_not_here(world: World) -> None:
    entries(world, 2)
    one, other, amara = sampled(world), sampled(world), world.visitor("amara")
    record = audit_records.facts(world.session, amara, other)[0]
    with pytest.raises(NotHere):
        audit_records.look(world.session, amara, one, record.item_id, world.now)
    with pytest.raises(NotHere):
        audit_findings.note(
            world.session, amara, one, record.item_id, FindingKind.QUESTION, "Why?", now=world.now
        )  # fmt: skip


def test_decisions_of_one_program_are_looked_at_without_a_name_and_opened_with_their_notice(world: World) -> None:
    session, amara, ines = world.session, world.visitor("amara"), world.visitor("ines")
    enrollment = on_the_way(world)
    notice, digest = written(
        Notice(
            outcome=Outcome.NOT_YET, stage="Certification", program="Peer support", body="Our program", edition="1",
            person="Sam Example", decided_by="Ines", decided_on=world.now.date(), on=world.now.date(),
            reasons="Two hours are still to come.", what_next="Two more hours.",
        )
    )  # fmt: skip
    decision_id = decided(
        world, enrollment, world.now.date(), Outcome.NOT_YET, notice=notice, digest=digest, told_at=world.now
    )
    asked = Wanted(SampleOf.DECISIONS, *EVER, size=1, plan="Are they told kindly?", program_id=enrollment.program_id)
    sample_id = auditing.draw(session, amara, asked, world.now)
    (record,) = audit_records.facts(session, amara, sample_id)
    assert (record.outcome, record.stage, record.unchanged) == (Outcome.NOT_YET, "initial", True)
    assert subject_of(world, record.item_id) == decision_id
    audit_records.unlock(session, amara, sample_id, record.item_id, "The words look odd.", world.now)
    whole = audit_records.whole(session, amara, sample_id, record.item_id, world.now)
    assert whole is not None
    assert whole.notice is not None
    assert whole.notice.reasons == "Two hours are still to come."
    assert whole.version is not None
    for wrong, problem in ((SampleOf.LEDGER_ENTRIES, Refused), (SampleOf.DECISIONS, NotHere)):
        program_id = enrollment.program_id if problem is Refused else new_id()
        with pytest.raises(problem):
            auditing.draw(session, amara, replace(asked, drawn_from=wrong, program_id=program_id), world.now)
    for moment in (world.now, world.now + timedelta(days=1)):
        auditing.close(session, amara, sample_id, moment)
    assert auditing.sample(session, amara, sample_id).closed_at == world.now
    for find in (auditing.sample, auditing.found_sample):
        with pytest.raises(NotHere):
            find(session, amara, new_id())
    authors.give(session, ines, ines.person_id, Capability.PROGRAM_LEAD, world.now)
    in_order = audit_findings.note(
        session, amara, sample_id, record.item_id, FindingKind.IN_ORDER, "", now=world.now
    )  # fmt: skip
    audit_findings.settle(session, amara, in_order, world.now)  # it is settled already
    told = select(MessageRow).where(MessageRow.person_id == ines.person_id, MessageRow.kind == MessageKind.AUDIT)
    assert session.scalars(told).all() == []
    with pytest.raises(NotHere):
        audit_findings.settle(session, amara, new_id(), world.now)
