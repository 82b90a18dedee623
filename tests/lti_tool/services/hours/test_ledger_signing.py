"""Signing entries of the ledger: only who was asked, exactly what was shown, each by itself."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import rfc8785
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from grading.evidence import Kind
from grading.ledger import EntryState
from lti_tool.services.asking import recusal
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours import ledger, ledger_signing, ledger_unsigning
from lti_tool.services.hours.ledger_signing import Wanted
from lti_tool.services.observations import waiting
from lti_tool.services.standing import person_evidence
from lti_tool.store.courses import ActivityRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.mail import ContactRow, MailKind, MailRow
from lti_tool.store.mail import Wanted as MailWanted
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import an_entry, on_the_way


def handed(world: World, who: str = "sam", to: str = "jo", **values: Any) -> UUID:
    """An entry that waits for a signature of this person, in the course."""
    place = world.place(world.visitor(to))
    usual = {
        "state": EntryState.WAITING, "course_id": place.course.id, "asked_id": world.visitor(to).person_id,
        "asked_at": world.now, "title": "Warm line", "note": "The evening shift.",
    }  # fmt: skip
    return an_entry(world, who, **(usual | values))


def signed(world: World, entry_id: UUID, who: str = "jo", lane: Lane | None = None) -> None:
    visitor = world.visitor(who)
    shown = ledger_signing.preview(world.session, visitor, entry_id, world.now, lane=lane)
    ledger_signing.sign(world.session, visitor, entry_id, digest=shown.digest, now=world.now, lane=lane)


def row_of(world: World, entry_id: UUID) -> LedgerEntryRow:
    return world.session.get_one(LedgerEntryRow, entry_id, populate_existing=True)


def refusal(world: World, entry_id: UUID, who: str = "jo") -> str:
    with pytest.raises(Refused) as refused:
        ledger_signing.preview(world.session, world.visitor(who), entry_id, world.now)
    return refused.value.code


def test_entries_wait_in_the_queue_oldest_first_and_are_counted(world: World) -> None:
    later = handed(world, asked_at=world.now)
    first = handed(world, "noor", asked_at=world.now - timedelta(days=2))
    handed(world, to="amara")
    found = waiting.waiting(world.session, world.visitor("jo"), world.now)
    assert [one.id for one in found.entries] == [first, later]
    assert found.count == 2


def test_what_is_signed_is_exactly_what_was_shown(world: World) -> None:
    entry_id = handed(world)
    shown = ledger_signing.preview(world.session, world.visitor("jo"), entry_id, world.now)
    signed(world, entry_id)
    signature = world.session.scalars(select(LedgerSignatureRow)).one()
    assert signature.document is not None
    kept = json.loads(signature.document)
    assert signature.digest == hashlib.sha256(rfc8785.dumps(kept)).hexdigest()
    assert kept.pop("salt") == signature.salt
    assert kept == shown.document
    assert row_of(world, entry_id).state is EntryState.SIGNED
    assert kept["attestation"] == ledger_signing.ATTESTATION
    assert kept["amount"] == "2"


def test_whoever_wrote_it_is_told(world: World) -> None:
    entry_id = handed(world)
    signed(world, entry_id)
    told = world.session.scalars(select(MessageRow).where(MessageRow.path == f"/ledger/{entry_id}")).one()
    assert (told.person_id, told.kind) == (world.visitor("sam").person_id, MessageKind.HOURS)


def test_it_counts_once_it_is_signed(world: World) -> None:
    enrollment = on_the_way(world)
    entry_id = handed(world)
    zone = ZoneInfo("UTC")

    def stands() -> bool:
        found = person_evidence.evidence_of(world.session, enrollment, edition="", zone=zone)
        return next(one for one in found.items if one.kind is Kind.PRACTICE).stands(world.now.date())

    assert not stands()
    signed(world, entry_id)
    assert stands()


def test_an_entry_that_changed_meanwhile_is_read_again_first(world: World) -> None:
    entry_id, jo = handed(world), world.visitor("jo")
    shown = ledger_signing.preview(world.session, jo, entry_id, world.now)
    row_of(world, entry_id).title = "Another title"
    world.session.flush()
    with pytest.raises(Refused) as refused:
        ledger_signing.sign(world.session, jo, entry_id, digest=shown.digest, now=world.now)
    assert refused.value.code == "changed_since_shown"


def test_only_who_was_asked_signs(world: World) -> None:
    entry_id = handed(world)
    for who in ("amara", "ines", "sam", "noor"):
        with pytest.raises(NotHere):
            ledger_signing.preview(world.session, world.visitor(who), entry_id, world.now)


def test_nobody_signs_twice(world: World) -> None:
    entry_id = handed(world)
    signed(world, entry_id)
    assert refusal(world, entry_id) == "already_signed"


def test_an_entry_that_was_taken_back_meanwhile_is_not_signed(world: World) -> None:
    entry_id = handed(world)
    row_of(world, entry_id).state = EntryState.RETURNED
    world.session.flush()
    assert refusal(world, entry_id) == "not_waiting"


def test_whoever_has_no_lane_in_the_course_does_not_sign(world: World) -> None:
    entry_id = handed(world, to="ines")
    assert refusal(world, entry_id, "ines") == "lane_not_yours"


def test_an_entry_of_no_course_is_signed_by_nobody(world: World) -> None:
    entry_id, jo = handed(world, course_id=None), world.visitor("jo")
    with pytest.raises(NotHere):
        ledger_signing.preview(world.session, jo, entry_id, world.now)
    (shown,) = ledger_signing.shown(world.session, jo, [entry_id, entry_id], world.now)
    assert (shown.entry_id, shown.to_sign, shown.not_yet) == (entry_id, None, None)


def test_who_left_the_course_does_not_sign(world: World) -> None:
    entry_id, jo = handed(world), world.visitor("jo")
    world.session.execute(
        update(MembershipRow).where(MembershipRow.person_id == jo.person_id).values(ended_at=world.now)
    )
    with pytest.raises(NotHere):
        ledger_signing.preview(world.session, jo, entry_id, world.now)
    assert waiting.waiting(world.session, jo, world.now).entries == ()


def test_cap_c3_what_the_course_asks_a_signer_to_be_qualified_in_holds_for_hours_too(world: World) -> None:
    entry_id = handed(world)
    world.session.execute(update(ActivityRow).values(qualifications=["Bias training"]))
    assert refusal(world, entry_id) == "not_qualified"


@pytest.mark.parametrize("who", ["sam", "jo"])
def test_cap_c11_a_conflict_declared_by_either_side_takes_the_entry_out_of_the_queue(world: World, who: str) -> None:
    entry_id = handed(world)
    other = "jo" if who == "sam" else "sam"
    recusal.declare(world.session, world.visitor(who), world.visitor(other).person_id, world.now)
    row = row_of(world, entry_id)
    assert (row.state, row.asked_id) == (EntryState.OPEN, None)
    assert waiting.waiting(world.session, world.visitor("jo"), world.now).entries == ()
    with pytest.raises(NotHere):
        ledger_signing.preview(world.session, world.visitor("jo"), entry_id, world.now)


def test_an_entry_asked_of_somebody_with_a_conflict_is_not_signed(world: World) -> None:
    recusal.declare(world.session, world.visitor("sam"), world.visitor("jo").person_id, world.now)
    entry_id = handed(world)
    assert refusal(world, entry_id) == "conflict"
    with pytest.raises(Refused):
        ledger_signing.hand_back(world.session, world.visitor("jo"), entry_id, reason="Words", now=world.now)


def test_handing_back_asks_for_a_reason_which_the_writer_reads(world: World) -> None:
    entry_id, jo = handed(world), world.visitor("jo")
    with pytest.raises(Refused) as refused:
        ledger_signing.hand_back(world.session, jo, entry_id, reason="  \x00", now=world.now)
    assert refused.value.code == "reason_needed"
    with pytest.raises(Refused) as long:
        ledger_signing.hand_back(world.session, jo, entry_id, reason="x" * 5000, now=world.now)
    assert long.value.code == "too_long"
    ledger_signing.hand_back(world.session, jo, entry_id, reason="Which site was it?", now=world.now)
    mine = ledger.entry_for(world.session, world.visitor("sam"), entry_id)
    assert (mine.state, mine.returns[0].reason) == (EntryState.RETURNED, "Which site was it?")


def test_one_that_is_refused_never_touches_the_others(world: World) -> None:
    """Complaint 10 of people who sign hours elsewhere: one refused entry sends a whole month back."""
    jo = world.visitor("jo")
    good, changed, back, gone = (handed(world) for _ in range(4))
    shown = {
        one.entry_id: one.to_sign.digest
        for one in ledger_signing.shown(world.session, jo, [good, changed, back, gone], world.now)
        if one.to_sign
    }
    row_of(world, changed).note = "Other words"
    row_of(world, gone).asked_id = world.visitor("amara").person_id
    world.session.flush()
    wanted = [
        Wanted(good, sign=True, digest=shown[good]),
        Wanted(changed, sign=True, digest=shown[changed]),
        Wanted(back, sign=False, reason="Twice on this day?"),
        Wanted(gone, sign=True, digest=shown[gone]),
    ]
    outcomes = ledger_signing.settle(world.session, jo, wanted, world.now)
    assert [one.done for one in outcomes] == [True, False, True, False]
    states = [row_of(world, entry_id).state for entry_id in (good, changed, back, gone)]
    assert states == [EntryState.SIGNED, EntryState.WAITING, EntryState.RETURNED, EntryState.WAITING]


def test_several_signed_in_one_act_are_one_mail_whose_link_opens_all(world: World) -> None:
    jo = world.visitor("jo")
    world.session.add(
        ContactRow(
            organization_id=world.organization_id, person_id=jo.person_id, email="jo@example.org",
            confirmed_at=world.now, wanted=MailWanted.DAILY, safe_on=world.now.date(),
        )
    )  # fmt: skip
    ids = [handed(world) for _ in range(3)]
    found = ledger_signing.shown(world.session, jo, ids, world.now)
    wanted = [Wanted(one.entry_id, sign=True, digest=one.to_sign.digest) for one in found if one.to_sign]
    ledger_signing.settle(world.session, jo, wanted, world.now)
    mail = world.session.scalars(select(MailRow).where(MailRow.kind == MailKind.COPY)).one()
    assert mail.path is not None
    opened = ledger_unsigning.copies_of(world.session, mail.path.removeprefix("/copy/entries/"))
    assert {one.entry_id for one in opened} == set(ids)


def test_taking_a_signature_back_gives_the_entry_to_its_writer(world: World) -> None:
    entry_id, jo = handed(world), world.visitor("jo")
    signed(world, entry_id)
    (own,) = ledger_unsigning.own_signatures(world.session, jo, 0, 10)
    with pytest.raises(Refused):
        ledger_unsigning.take_back(world.session, jo, own.id, reason="", now=world.now)
    ledger_unsigning.take_back(world.session, jo, own.id, reason="It was another week.", now=world.now)
    assert row_of(world, entry_id).state is EntryState.RETURNED
    with pytest.raises(Refused) as refused:
        ledger_unsigning.take_back(world.session, jo, own.id, reason="Again", now=world.now)
    assert refused.value.code == "already_withdrawn"
    (own,) = ledger_unsigning.own_signatures(world.session, jo, 0, 10)
    assert (own.stands, own.was_not_me) == (False, False)


def test_this_was_not_me_tells_the_instructor_and_the_writer(world: World) -> None:
    entry_id, jo = handed(world), world.visitor("jo")
    signed(world, entry_id)
    (own,) = ledger_unsigning.own_signatures(world.session, jo, 0, 10)
    ledger_unsigning.not_me(world.session, own, world.now)
    told = set(world.session.scalars(select(MessageRow.person_id).where(MessageRow.kind == MessageKind.SIGNATURE)))
    assert told == {world.visitor("ines").person_id}
    (own,) = ledger_unsigning.own_signatures(world.session, jo, 0, 10)
    assert own.was_not_me


def test_what_was_taken_back_can_be_signed_again(world: World) -> None:
    entry_id, jo = handed(world), world.visitor("jo")
    signed(world, entry_id)
    (own,) = ledger_unsigning.own_signatures(world.session, jo, 0, 10)
    ledger_unsigning.take_back(world.session, jo, own.id, reason="Words", now=world.now)
    row_of(world, entry_id).state = EntryState.WAITING
    world.session.flush()
    signed(world, entry_id)
    assert row_of(world, entry_id).state is EntryState.SIGNED
    assert ledger_unsigning.own_count(world.session, jo) == 2


def test_a_signature_is_never_taken_out_of_the_database(world: World) -> None:
    signed(world, handed(world))
    with pytest.raises(DBAPIError):
        world.session.execute(delete(LedgerSignatureRow))
    world.session.rollback()


def test_nobody_else_finds_a_signature(world: World) -> None:
    signed(world, handed(world))
    (own,) = ledger_unsigning.own_signatures(world.session, world.visitor("jo"), 0, 10)
    with pytest.raises(NotHere):
        ledger_unsigning.own_one(world.session, world.visitor("amara"), own.id)
    with pytest.raises(NotHere):
        ledger_unsigning.copies_of(world.session, "none")


def test_the_audit_carries_no_words(world: World) -> None:
    entry_id = handed(world)
    ledger_signing.hand_back(world.session, world.visitor("jo"), entry_id, reason="Secret words", now=world.now)
    entries = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act.like("ledger.%"))).all()
    assert [entry.act for entry in entries] == ["ledger.hand_back"]
    assert "Secret" not in repr([vars(entry) for entry in entries])


def test_who_left_the_course_reads_and_hands_back_nothing_more_and_keeps_what_they_signed(world: World) -> None:
    waits, signed_before = handed(world), handed(world)
    signed(world, signed_before)
    jo = world.visitor("jo")
    world.session.execute(
        update(MembershipRow).where(MembershipRow.person_id == jo.person_id).values(ended_at=world.now)
    )
    with pytest.raises(NotHere):
        ledger.entry_for(world.session, jo, waits)
    with pytest.raises(NotHere):
        ledger_signing.hand_back(world.session, jo, waits, reason="Words", now=world.now)
    assert ledger.entry_for(world.session, jo, signed_before).signatures


def test_cap_c11_after_a_conflict_was_declared_what_was_signed_before_is_not_opened_any_more(world: World) -> None:
    entry_id = handed(world)
    signed(world, entry_id)
    recusal.declare(world.session, world.visitor("sam"), world.visitor("jo").person_id, world.now)
    with pytest.raises(NotHere):
        ledger.entry_for(world.session, world.visitor("jo"), entry_id)
    assert ledger_unsigning.own_count(world.session, world.visitor("jo")) == 1
