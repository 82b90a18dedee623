"""How long things are kept: what would go is said before, nothing goes that stands, twice changes nothing."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from grading.evidence import Outcome
from grading.ledger import EntryKind
from lti_tool.access import Field
from lti_tool.services import audit
from lti_tool.services.personal_data import retention
from lti_tool.services.personal_data.retention import Line
from lti_tool.services.personal_data.retention_rules import AT_ONCE, RULES
from lti_tool.services.personal_data.theirs import table
from lti_tool.services.wellbeing import journal
from lti_tool.store.base import new_id
from lti_tool.store.exports import ExportForm, ExportRow, ExportState
from lti_tool.store.ledger import LedgerSignatureRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import InvitationRow, MembershipRow, PersonRow, SessionRow
from lti_tool.store.privacy import ErasureRow, RetentionRule
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.records import AuditEntryRow, ReadLogRow
from lti_tool.store.wellbeing import JournalEntryRow
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane
from tests.lti_tool.on_the_path import OnTheWay, shipped
from tests.lti_tool.services.conftest import MakeWorld, World
from tests.lti_tool.services.path_rows import program_lead

YEARS_AGO = timedelta(days=365 * 5)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world()


def line(world: World, rule: RetentionRule, now: datetime | None = None) -> Line:
    return next(
        each for each in retention.preview(world.session, world.organization_id, now or world.now) if each.rule is rule
    )


def run(world: World, sessions: sessionmaker[Session], now: datetime | None = None) -> dict[RetentionRule, int]:
    world.session.commit()
    went = retention.run(sessions, world.organization_id, now or world.now)
    world.session.expire_all()
    return went


def old_readings(world: World, number: int) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    for _ in range(number):
        world.session.add(
            ReadLogRow(
                id=new_id(), organization_id=world.organization_id, trainee_id=sam.person_id, reader_id=jo.person_id,
                field=Field.LEDGER, at=world.now - YEARS_AGO,
            )
        )  # fmt: skip
    world.session.flush()


def everybody_left(world: World) -> datetime:
    """A moment six years on; nobody came since."""
    world.session.execute(update(SessionRow).values(created_at=world.now))
    return world.now + timedelta(days=365 * 6)


def test_what_would_go_is_counted_and_names_nobody(world: World) -> None:
    old_readings(world, 3)
    found = line(world, RetentionRule.READINGS)
    assert (found.rows, found.people, found.since) == (3, 1, world.now - YEARS_AGO)
    assert (found.days, found.chosen) == (365 * 3, False)


def test_looking_changes_nothing_and_running_twice_is_running_once(
    world: World, sessions: sessionmaker[Session]
) -> None:
    old_readings(world, 3)
    retention.preview(world.session, world.organization_id, world.now)
    assert world.session.scalars(select(func.count()).select_from(ReadLogRow)).one() == 3
    assert run(world, sessions) == {RetentionRule.READINGS: 3}
    assert run(world, sessions) == {}
    assert not world.session.scalars(select(ReadLogRow)).all()


def test_the_organization_says_how_long_and_can_leave_it_to_attune_again(world: World) -> None:
    lea = program_lead(world)
    retention.choose(world.session, lea, RetentionRule.READINGS, 365 * 10, world.now)
    old_readings(world, 1)
    assert line(world, RetentionRule.READINGS).rows == 0
    retention.choose(world.session, lea, RetentionRule.READINGS, None, world.now)
    assert line(world, RetentionRule.READINGS).rows == 1


def test_the_same_days_again_are_no_choice_and_every_night_what_is_over_goes(
    world: World, sessions: sessionmaker[Session]
) -> None:
    lea = program_lead(world)
    for days in (None, 365 * 2, 365 * 2):
        retention.choose(world.session, lea, RetentionRule.READINGS, days, world.now)
    acts = list(world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("retention"))))
    assert len(acts) == 1
    old_readings(world, 2)
    world.session.commit()
    retention.at_night(sessions, world.now)
    assert not world.session.scalars(select(ReadLogRow)).all()


def test_other_days_are_tried_before_they_are_chosen(world: World) -> None:
    old_readings(world, 2)
    tried = retention.preview(world.session, world.organization_id, world.now, {RetentionRule.READINGS: 365 * 10})
    assert next(each for each in tried if each.rule is RetentionRule.READINGS).rows == 0
    assert line(world, RetentionRule.READINGS).rows == 2


@pytest.mark.parametrize("rule", list(RetentionRule))
def test_nothing_is_kept_for_less_than_its_least_time(world: World, rule: RetentionRule) -> None:
    lea = program_lead(world)
    with pytest.raises(Refused, match="number of days"):
        retention.choose(world.session, lea, rule, RULES[rule].least.days - 1, world.now)
    retention.choose(world.session, lea, rule, RULES[rule].least.days, world.now)


def test_every_rule_is_there() -> None:
    assert set(RULES) == set(RetentionRule)


def test_links_that_ran_out_go_and_those_that_are_good_stay(world: World, sessions: sessionmaker[Session]) -> None:
    for number, expires_at in enumerate((world.now - timedelta(days=91), world.now + timedelta(days=1))):
        world.session.add(
            InvitationRow(
                id=new_id(), organization_id=world.organization_id, person_id=world.visitor("jo").person_id,
                link_digest=f"{number}", code_digest="x", attempts_left=5, created_at=world.now,
                expires_at=expires_at,
            )
        )  # fmt: skip
    world.session.flush()
    assert run(world, sessions) == {RetentionRule.SIGN_IN_LINKS: 1}
    assert world.session.scalars(select(InvitationRow.link_digest)).all() == ["1"]


def test_that_a_file_was_asked_for_goes_once_the_file_is_gone(world: World, sessions: sessionmaker[Session]) -> None:
    asked_at = world.now - timedelta(days=200)
    for state, key in ((ExportState.GONE, None), (ExportState.READY, "k" * 32)):
        world.session.add(
            ExportRow(
                id=new_id(), organization_id=world.organization_id, person_id=world.visitor("jo").person_id,
                what="hours", form=ExportForm.CSV, language="en", asks={}, state=state, asked_at=asked_at,
                stored_key=key,
            )
        )  # fmt: skip
    world.session.flush()
    assert run(world, sessions) == {RetentionRule.EXPORTS: 1}
    assert world.session.scalars(select(ExportRow.state)).all() == [ExportState.READY]


def test_words_of_what_was_declined_go_after_a_year_and_the_fact_stays(
    world: World, sessions: sessionmaker[Session]
) -> None:
    observation_id = world.ask()
    row = world.session.get_one(ObservationRow, observation_id)
    row.note, row.state = "At six, please.", State.DECLINED
    world.session.flush()
    assert line(world, RetentionRule.UNFINISHED).rows == 0
    later = world.now + timedelta(days=366)
    assert run(world, sessions, later)[RetentionRule.UNFINISHED] == 1
    assert world.session.get_one(ObservationRow, observation_id).note is None
    assert RetentionRule.UNFINISHED not in run(world, sessions, later)


def test_a_journal_is_kept_until_the_organization_says_how_long_and_while_its_owner_comes(
    world: World, sessions: sessionmaker[Session]
) -> None:
    sam = world.visitor("sam")
    journal.begin(world.session, sam, world.now, "Only mine.")
    later = everybody_left(world)
    assert line(world, RetentionRule.OWN_WORDS, later).days is None
    assert RetentionRule.OWN_WORDS not in run(world, sessions, later)
    retention.choose(world.session, program_lead(world), RetentionRule.OWN_WORDS, 365 * 2, world.now)
    world.session.execute(
        update(MembershipRow).where(MembershipRow.person_id == sam.person_id).values(seen_at=later - timedelta(days=9))
    )
    assert line(world, RetentionRule.OWN_WORDS, later).rows == 0
    world.session.execute(update(MembershipRow).values(seen_at=world.now))
    assert line(world, RetentionRule.OWN_WORDS, later).rows == 1
    assert run(world, sessions, later)[RetentionRule.OWN_WORDS] == 1
    assert not world.session.scalars(select(JournalEntryRow)).all()


def records_kept_for_two_years(world: World) -> None:
    retention.choose(world.session, program_lead(world), RetentionRule.RECORDS, 365 * 2, world.now)
    world.session.flush()


def test_all_of_somebody_who_is_long_gone_goes_and_nobody_is_erased_twice(
    world: World, sessions: sessionmaker[Session]
) -> None:
    records_kept_for_two_years(world)
    world.sign("jo", world.answered())
    later = everybody_left(world)
    sam = world.visitor("sam").person_id
    before = line(world, RetentionRule.RECORDS, later).people
    assert run(world, sessions, later)[RetentionRule.RECORDS] == before
    assert world.session.get_one(PersonRow, sam).name is None
    stub = world.session.scalars(select(ErasureRow).where(ErasureRow.person_id == sam)).one()
    assert (stub.asked_at, stub.done_by) == (None, None)
    assert RetentionRule.RECORDS not in run(world, sessions, later)


def test_nobody_goes_who_signed_for_somebody_else_or_leads_the_organization(
    world: World, sessions: sessionmaker[Session]
) -> None:
    records_kept_for_two_years(world)
    world.sign("jo", world.answered())
    run(world, sessions, everybody_left(world))
    for name in ("jo", "lea"):
        assert world.session.get_one(PersonRow, world.visitor(name).person_id).name is not None


def test_cap_e7_nothing_goes_that_a_board_needs_while_a_certificate_stands(
    world: World, sessions: sessionmaker[Session]
) -> None:
    records_kept_for_two_years(world)
    sam = world.visitor("sam")
    on = OnTheWay(world.session, sam, shipped("az-prss"), world.now)
    on.decided(Outcome.CERTIFIED, world.visitor("ines"))
    world.session.execute(update(EnrollmentRow).values(ended_at=world.now, ended_by=sam.person_id))
    later = world.now + timedelta(days=365 * 2 + 30)
    world.session.execute(update(SessionRow).values(created_at=world.now))
    run(world, sessions, later)
    assert world.session.get_one(PersonRow, sam.person_id).name is not None


def test_whoever_came_in_with_a_link_that_is_gone_by_now_was_here(
    world: World, sessions: sessionmaker[Session]
) -> None:
    records_kept_for_two_years(world)
    later = everybody_left(world)
    sam = world.visitor("sam").person_id
    audit.write(
        world.session, organization_id=world.organization_id, person_id=sam, act="person.enter",
        subject=f"person:{sam}", now=later - timedelta(days=300),
    )  # fmt: skip
    run(world, sessions, later)
    assert world.session.get_one(PersonRow, sam).name is not None


def test_many_of_whom_something_stands_keep_nobody_else_from_going(
    world: World, sessions: sessionmaker[Session]
) -> None:
    records_kept_for_two_years(world)
    later = everybody_left(world)
    sam = world.visitor("sam")
    entry = OnTheWay(world.session, sam, shipped("az-prss"), world.now).entry(EntryKind.PRACTICE, "1")
    same = {"organization_id": world.organization_id}
    signers = [{"id": UUID(int=number + 1), **same, "created_at": world.now} for number in range(AT_ONCE)]
    world.session.execute(insert(PersonRow), signers)
    signed = {
        **same, "entry_id": entry, "lane": Lane.PEER, "salt": "s", "digest": "0" * 64, "assurance": Assurance.LAUNCH,
        "signed_at": world.now, "withdrawn_at": world.now, "withdrawn_by": sam.person_id,
    }  # fmt: skip
    world.session.execute(
        insert(LedgerSignatureRow), [{"id": new_id(), "signer_id": each["id"], **signed} for each in signers]
    )
    assert line(world, RetentionRule.RECORDS, later).people == 0
    noor = world.visitor("noor").person_id
    assert run(world, sessions, later)[RetentionRule.RECORDS] > 0
    assert world.session.get_one(PersonRow, noor).name is None


def test_words_of_more_than_go_at_once_all_go(world: World, sessions: sessionmaker[Session]) -> None:
    row = world.session.get_one(ObservationRow, world.ask())
    row.note, row.state = "At six, please.", State.DECLINED
    world.session.flush()
    of = table("observation")
    same = dict(world.session.execute(select(of)).mappings().one())
    world.session.execute(insert(of), [{**same, "id": new_id()} for _ in range(AT_ONCE)])
    later = world.now + timedelta(days=366)
    assert run(world, sessions, later)[RetentionRule.UNFINISHED] == AT_ONCE + 1
    assert RetentionRule.UNFINISHED not in run(world, sessions, later)
