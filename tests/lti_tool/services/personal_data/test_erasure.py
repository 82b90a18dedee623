"""Erasing a person's data: what goes, what stays and why, and what the database lets go only then."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from grading.evidence import Outcome
from grading.ledger import EntryKind, EntryState
from grading.lifecycle.status import Status
from lti_tool.services import audit
from lti_tool.services.audits.audit_records import fits
from lti_tool.services.certification import decisions
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import issuing
from lti_tool.services.observations import observe, replying
from lti_tool.services.personal_data import erasure, own_data
from lti_tool.services.personal_data.erasure_rows import ALONE, EMPTIED, GONE
from lti_tool.services.personal_data.theirs import about, in_their_copy
from lti_tool.services.personal_data.what_stands import Stands, what_stands
from lti_tool.services.standing import standings
from lti_tool.services.supervising import supervision_watch
from lti_tool.services.wellbeing import journal
from lti_tool.store.base import Base, EncryptedText, new_id
from lti_tool.store.data_map import data_map
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.ledger import LedgerEntryRow, LedgerSignatureRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, RatingRow, SignedDocumentRow, SignOffRow
from lti_tool.store.people import LmsAccountRow, PersonRow
from lti_tool.store.privacy import ErasureRow, PrivacyRequestRow, PrivacyWish
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.supervision import SessionPartRow, SupervisionRequestRow, SupervisionSessionRow
from rubrics.refusal import Refused
from rubrics.supervision import Held, Part, SessionKind
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.path_rows import SMALL, on_the_way, program_lead

STAYS = {
    "assessment_revision": "goes with the observation's words",
    "comment": "goes with the observation's words",
    "meeting": "goes with the observation's words",
    "rating": "goes with the observation's words",
    "response": "goes with the observation's words",
    "criterion_response": "goes with the observation's words",
    "signed_document": "goes with the observation's words",
    "sign_off_withdrawal": "goes with the observation's words",
    "assessment": "goes with the observation's words",
    "observation": "goes with the observation's words",
    "supervision_session": "the record of all who were there",
    "evidence": "its own way: the file goes, too",
    "person": "its own way: the name may stay beside signatures",
}
"""Tables about a person with encrypted words that `GONE` and `EMPTIED` do not name, and why."""


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def finished(world: World) -> OnTheWay:
    """Sam has a signed entry, a signed observation, a journal, and no certificate."""
    on = OnTheWay(world.session, world.visitor("sam"), shipped("az-prss"), world.now)
    on.entry(EntryKind.PRACTICE, "2.5", ago=50, signer=world.visitor("jo"), title="Warm line", category=["advocacy"])
    on.decided(Outcome.NOT_YET, world.visitor("ines"))
    world.sign("jo", world.answered())
    return on


def carried_out(world: World) -> dict[str, int]:
    sam = world.visitor("sam")
    asked = erasure.ask(world.session, sam, world.now)
    return dict(erasure.carry_out(world.session, program_lead(world), asked.id, world.now + timedelta(days=8)))


def words_of(world: World, name: str, person_id: object) -> list[Any]:
    table = Base.metadata.tables[name]
    columns = [column for column in table.columns if isinstance(column.type, EncryptedText)]
    rows = world.session.execute(select(*columns).where(about(name, [person_id])))  # type: ignore[list-item]
    return [value for row in rows for value in row if value]


def test_cap_e7_every_table_with_words_about_a_person_is_deleted_emptied_or_says_why_not() -> None:
    named = {*GONE, *EMPTIED, *STAYS}
    with_words = {
        name
        for name, mapped in data_map().tables.items()
        if mapped.of and any(isinstance(each.type, EncryptedText) for each in Base.metadata.tables[name].columns)
    }
    assert with_words <= named


def test_cap_e7_what_is_emptied_names_every_encrypted_column_of_its_table() -> None:
    elsewhere = {"appeal.reasons", "credential.why"}
    for name, values in EMPTIED.items():
        encrypted = {each.name for each in Base.metadata.tables[name].columns if isinstance(each.type, EncryptedText)}
        left = {f"{name}.{column}" for column in encrypted - set(values)}
        assert left <= elsewhere, name


def test_cap_e7_after_erasing_only_a_stub_remains(world: World) -> None:
    finished(world)
    sam = world.visitor("sam")
    person = sam.person_id
    counts = carried_out(world)
    for name, mapped in data_map().tables.items():
        if mapped.of and any(isinstance(each.type, EncryptedText) for each in Base.metadata.tables[name].columns):
            left = words_of(world, name, person)
            assert set(left) <= {"{}"}, name
    assert world.session.get_one(PersonRow, person).name is None
    assert not world.session.scalars(select(LmsAccountRow).where(LmsAccountRow.person_id == person)).all()
    stub = world.session.scalars(select(ErasureRow).where(ErasureRow.person_id == person)).one()
    assert stub.counts == counts
    assert stub.ended_at is not None
    assert all(isinstance(each, audit.Verified) for each in audit.verify(world.session))


def test_that_it_was_signed_stays_and_its_digest_can_be_tied_to_no_words(world: World) -> None:
    finished(world)
    before = world.session.scalars(select(SignOffRow.digest)).all()
    world.session.execute(update(LedgerSignatureRow).values(document='{"title": "Warm line"}'))
    carried_out(world)
    assert world.session.scalars(select(SignOffRow.digest)).all() == before
    assert not world.session.scalars(select(SignedDocumentRow)).all()
    assert world.session.scalars(select(ObservationRow.salt)).all() == [""]
    signature = world.session.scalars(select(LedgerSignatureRow)).one()
    assert (signature.document, signature.salt) == (None, "")


def test_words_of_what_is_final_go_only_while_an_erasure_is_under_way(world: World) -> None:
    finished(world)
    with pytest.raises(IntegrityError, match="never changes"), world.session.begin_nested():
        world.session.execute(text("DELETE FROM rating"))
    carried_out(world)
    assert not world.session.scalars(select(RatingRow)).all()
    assert not world.session.scalars(select(AssessmentRow)).all()


def test_an_erasure_of_one_lets_nothing_go_of_another(world: World) -> None:
    finished(world)
    jo = world.visitor("jo")
    world.session.execute(
        insert(ErasureRow).values(
            id=new_id(), organization_id=world.organization_id, person_id=jo.person_id, not_before=world.now,
            begun_at=world.now,
        )
    )  # fmt: skip
    for act in ("DELETE FROM rating", "UPDATE ledger_signature SET salt = '', document = NULL"):
        with pytest.raises(IntegrityError, match="never changes"), world.session.begin_nested():
            world.session.execute(text(act))


def test_nothing_goes_while_a_certificate_stands(world: World) -> None:
    on = finished(world)
    on.decided(Outcome.CERTIFIED, world.visitor("ines"), number=2)
    sam = world.visitor("sam")
    asked = erasure.ask(world.session, sam, world.now)
    assert Stands.CERTIFICATE in asked.waits_for
    with pytest.raises(Refused, match="still stands"):
        erasure.carry_out(world.session, program_lead(world), asked.id, world.now + timedelta(days=8))


def test_it_waits_some_days_in_which_it_can_be_taken_back(world: World) -> None:
    finished(world)
    sam, lea = world.visitor("sam"), program_lead(world)
    asked = erasure.ask(world.session, sam, world.now)
    assert erasure.ask(world.session, sam, world.now + timedelta(days=1)).id == asked.id
    with pytest.raises(Refused, match="take it back"):
        erasure.carry_out(world.session, lea, asked.id, world.now + timedelta(days=6))
    erasure.take_back(world.session, sam, world.now)
    erasure.take_back(world.session, sam, world.now)
    assert erasure.mine(world.session, sam, world.now) is None
    with pytest.raises(NotHere):
        erasure.carry_out(world.session, lea, asked.id, world.now + timedelta(days=8))
    assert erasure.ask(world.session, sam, world.now).id != asked.id


def test_nobody_carries_out_their_own(world: World) -> None:
    lea = program_lead(world)
    asked = erasure.ask(world.session, lea, world.now)
    with pytest.raises(Refused, match="another program lead"):
        erasure.carry_out(world.session, lea, asked.id, world.now + timedelta(days=8))


def test_the_name_of_whoever_signed_for_others_stays_beside_it_and_their_address_goes(world: World) -> None:
    finished(world)
    jo = world.visitor("jo")
    world.session.execute(update(PersonRow).where(PersonRow.id == jo.person_id).values(email="jo@site.example"))
    asked = erasure.ask(world.session, jo, world.now)
    assert Stands.SIGNER in asked.stands
    assert not asked.waits_for
    erasure.carry_out(world.session, program_lead(world), asked.id, world.now + timedelta(days=8))
    row = world.session.get_one(PersonRow, jo.person_id, populate_existing=True)
    assert (row.name, row.email) == ("Jo Example", None)
    assert world.session.scalars(select(AssessmentRow)).all(), "what they wrote of others is those others' record"


def test_what_is_only_theirs_goes_at_once_whatever_stands(world: World) -> None:
    on = finished(world)
    on.decided(Outcome.CERTIFIED, world.visitor("ines"), number=2)
    sam = world.visitor("sam")
    entry = journal.begin(world.session, sam, world.now)
    journal.save(world.session, sam, entry, "Only mine.", world.now)
    acts = len(world.session.execute(text("SELECT id FROM audit_entry")).all())
    erasure.delete_alone(world.session, sam)
    assert not words_of(world, "journal_entry", sam.person_id)
    assert world.session.scalars(select(AssessmentRow)).all()
    assert len(world.session.execute(text("SELECT id FROM audit_entry")).all()) == acts
    assert set(ALONE) <= set(GONE)


def test_what_an_administrator_of_the_lms_asked_for_is_erased_by_the_operator_once(world: World) -> None:
    finished(world)
    sam = world.visitor("sam")
    with pytest.raises(NotHere):
        erasure.carry_out_for_the_lms(world.session, sam.person_id, world.now)
    world.session.add(
        PrivacyRequestRow(
            id=new_id(), organization_id=world.organization_id, registration_id=world.registration_id,
            person_id=sam.person_id, wish=PrivacyWish.ERASE, requested_by=world.visitor("ines").person_id,
            requested_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    assert erasure.carry_out_for_the_lms(world.session, sam.person_id, world.now)
    assert world.session.scalars(select(PrivacyRequestRow.handled_at)).one() == world.now
    with pytest.raises(NotHere):
        erasure.carry_out_for_the_lms(world.session, sam.person_id, world.now)


def test_cap_e7_the_copy_holds_every_table_that_the_data_map_says_is_theirs(world: World) -> None:
    finished(world)
    sam = world.visitor("sam")
    found = own_data.copy(world.session, sam, world.now)
    for name, mapped in data_map().tables.items():
        if mapped.of is None:
            continue
        of = Base.metadata.tables[name]
        there = len(
            world.session.execute(select(*of.primary_key).where(in_their_copy(name, [sam.person_id], world.now))).all()
        )
        assert len(found["tables"].get(name, {}).get("rows", [])) == there, name
    assert found["tables"]["ledger_entry"]["rows"][0]["title"] == "Warm line"
    assert "Jo Example" in found["people"].values()


def test_the_copy_holds_no_secret_and_nothing_that_was_not_shared_yet(world: World) -> None:
    observation_id = world.ask()
    sam = world.visitor("sam")
    found = own_data.copy(world.session, sam, world.now)
    assert "token_digest" not in str(found)
    assert "link_digest" not in str(found)
    assert str(observation_id) in str(found)
    assert "assessment" not in found["tables"]


def test_a_flag_that_something_is_handled_outside_is_in_no_copy_but_of_whoever_raised_it() -> None:
    assert data_map().tables["handled_outside"].of == "raised_by"
    assert data_map().tables["conflict"].of == "declared_by"


def test_what_stands_is_empty_for_somebody_without_any_of_it(world: World) -> None:
    assert not what_stands(world.session, world.visitor("ines").person_id, world.now)


def test_a_decision_whose_words_went_does_not_look_as_if_it_was_changed(world: World) -> None:
    on = finished(world)
    decision_id = world.session.scalars(select(DecisionRow.id)).one()
    carried_out(world)
    lea = world.visitor("lea")
    row = world.session.get_one(DecisionRow, decision_id)
    assert fits(row.notice, row.digest) is None
    assert [
        each.id for each in decisions.of_person(world.session, lea.organization_id, on.enrollment_id, world.now)
    ] == [decision_id]
    with pytest.raises(NotHere):
        decisions.decision(world.session, lea, decision_id, world.now, leads=True)


def test_neither_page_nor_copy_tells_of_a_decision_before_it_is_released(world: World) -> None:
    on = finished(world)
    on.decided(Outcome.CERTIFIED, world.visitor("ines"), number=2)
    later = world.now + timedelta(days=1)
    world.session.execute(update(DecisionRow).where(DecisionRow.number == 2).values(released_at=later))
    sam = world.visitor("sam")
    assert Stands.CERTIFICATE in what_stands(world.session, sam.person_id, world.now)
    assert Stands.CERTIFICATE not in erasure.what_of_mine_stands(world.session, sam, world.now)
    assert Stands.CERTIFICATE not in erasure.ask(world.session, sam, world.now).stands
    assert Stands.CERTIFICATE in erasure.what_of_mine_stands(world.session, sam, later)
    kept = {name for name, mapped in data_map().tables.items() if mapped.kept == "worked_out"}
    assert "kept_standing" in kept
    assert not kept & set(own_data.copy(world.session, sam, world.now)["tables"])


def test_while_an_assessment_is_rewritten_the_copy_holds_it_as_it_was_shared(world: World) -> None:
    observation_id = world.answered()
    jo, sam = world.visitor("jo"), world.visitor("sam")
    replying.amend(world.session, jo, observation_id, world.now)
    observe.save(world.session, jo, observation_id, observe.Change(strength="Not shared yet."), world.now)
    found = str(own_data.copy(world.session, sam, world.now))
    assert "Let the silence be." in found
    assert "Not shared yet." not in found
    assert "Not shared yet." in str(own_data.copy(world.session, jo, world.now))


def test_what_others_saw_differently_in_a_session_with_nobody_else_goes_with_it(world: World) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    held = SupervisionSessionRow(
        id=new_id(), organization_id=world.organization_id, course_id=world.place(sam).course.id,
        kind=SessionKind.INDIVIDUAL, held=Held.VIDEO, held_on=world.now.date(), minutes=60,
        recorded_by=jo.person_id, recorded_at=world.now,
    )  # fmt: skip
    world.session.add(held)
    world.session.flush()
    for who, part in ((sam, Part.TRAINEE), (jo, Part.PEER)):
        world.session.add(
            SessionPartRow(
                id=new_id(), organization_id=world.organization_id, session_id=held.id, person_id=who.person_id,
                part=part, differs="Sam was late.",
            )
        )  # fmt: skip
    world.session.flush()
    carried_out(world)
    assert world.session.scalars(select(SessionPartRow.differs)).all() == [None, None]


def test_nobody_is_asked_any_more_to_answer_somebody_who_was_erased(world: World) -> None:
    sam = world.visitor("sam")
    world.session.add(
        SupervisionRequestRow(
            id=new_id(), organization_id=world.organization_id, course_id=world.place(sam).course.id,
            trainee_id=sam.person_id, asked_at=world.now, answer_by=world.now + timedelta(days=1),
        )
    )  # fmt: skip
    world.session.flush()
    carried_out(world)
    assert supervision_watch.escalate(world.session, world.now + timedelta(days=30)) == 0


def test_an_entry_without_its_words_waits_for_nobodys_signature(world: World) -> None:
    on, jo = finished(world), world.visitor("jo")
    entry = world.session.get_one(LedgerEntryRow, on.entry(EntryKind.PRACTICE, "1", title="Warm line"))
    entry.state, entry.asked_id, entry.asked_at = EntryState.WAITING, jo.person_id, world.now
    world.session.flush()
    carried_out(world)
    row = world.session.get_one(LedgerEntryRow, entry.id, populate_existing=True)
    assert (row.state, row.asked_id) == (EntryState.OPEN, None)


def test_nobody_is_erased_twice_by_two_that_run_at_once(world: World) -> None:
    sam = world.session.get_one(PersonRow, world.visitor("sam").person_id)
    assert erasure.time_is_over(world.session, sam, world.now) is not None
    assert erasure.time_is_over(world.session, sam, world.now) is None
    assert world.session.scalars(select(func.count()).select_from(ErasureRow)).one() == 1


RENEWED = f"""{SMALL}
[[stages]]
key = "renewal"
title = "Renewal"
kind = "renewal"
after = "initial"

[[requirements]]
key = "more"
stage = "renewal"
title = "2 hours of practice"
at_least = "2 hours"
of = {{ kind = "practice" }}
"""


def test_a_certificate_stands_also_while_its_renewal_is_ready_to_be_decided(world: World) -> None:
    on = OnTheWay(world.session, world.visitor("sam"), RENEWED, world.now)
    on.entry(EntryKind.PRACTICE, "12", ago=1, signer=world.visitor("jo"))
    on.decided(Outcome.CERTIFIED, world.visitor("ines"), ago=40)
    row = world.session.get_one(EnrollmentRow, on.enrollment_id)
    assert standings.stands(world.session, row, world.now).standing.status is Status.READY_FOR_DECISION
    assert Stands.CERTIFICATE in what_stands(world.session, on.person.person_id, world.now)


ON_THE_WAY = """
id = "in-two-stages"
name = "Peer support"
body = "Our program"
time_zone = "UTC"

[[stages]]
key = "provisional"
title = "Provisional certification"

[[stages]]
key = "full"
title = "Certification"
after = "provisional"

[[requirements]]
key = "first"
stage = "provisional"
title = "1 hour of practice"
at_least = "1 hour"
of = { kind = "practice" }

[[requirements]]
key = "more"
stage = "full"
title = "10 hours of practice"
at_least = "10 hours"
of = { kind = "practice" }
"""


def test_a_credential_of_a_stage_on_the_way_holds_it_up_until_it_is_withdrawn(world: World) -> None:
    row = on_the_way(world, text=ON_THE_WAY)
    day = world.now.date() - timedelta(days=3)
    decision = world.session.get_one(DecisionRow, decided(world, row, day, stage="provisional"))
    assert Stands.CERTIFICATE not in what_stands(world.session, row.person_id, world.now)
    made = issuing.issue(
        world.session, row, decision, name="Sam", language="en", by=row.person_id, now=world.now,
        public_url="https://attune.school.example",
    )  # fmt: skip
    assert Stands.CERTIFICATE in what_stands(world.session, row.person_id, world.now)
    asked = erasure.ask(world.session, world.visitor("sam"), world.now)
    assert Stands.CERTIFICATE in asked.waits_for
    issuing.withdraw(world.session, made, "A slip.", None, world.now)
    assert Stands.CERTIFICATE not in what_stands(world.session, row.person_id, world.now)
