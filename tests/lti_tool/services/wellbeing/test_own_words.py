"""Journal, self-care plan and check-in are one person's: kept, deleted, brought back, and theirs when two are one."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import merging_rows
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.operating import clean
from lti_tool.services.wellbeing import check_ins, debrief_prompts, journal, self_care
from lti_tool.store.records import AuditEntryRow, ReadLogRow
from lti_tool.store.wellbeing import CheckInRow, DebriefPromptRow, JournalEntryRow, SelfCarePlanRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World

DAY = timedelta(days=1)


@pytest.fixture
def sam(world: World) -> Visitor:
    return world.visitor("sam")


def at_once(sessions: sessionmaker[Session], *acts: Callable[[Session], object]) -> None:
    """Each act in a transaction and a thread of its own."""
    together = threading.Barrier(len(acts), timeout=120)

    def run(act: Callable[[Session], object]) -> None:
        together.wait()
        with sessions.begin() as session:
            act(session)

    with ThreadPoolExecutor(len(acts)) as threads:
        for done in [threads.submit(run, act) for act in acts]:
            done.result(timeout=120)


def entry(world: World, who: str, words: str = "I was tired.") -> UUID:
    return journal.begin(world.session, world.visitor(who), world.now, words)


def test_cap_b7_cap_f3_an_entry_is_its_owners_for_every_act(world: World, sam: Visitor) -> None:
    entry_id = entry(world, "sam")
    for who in ("noor", "jo", "ines"):
        other = world.visitor(who)
        acts: tuple[Callable[[], object], ...] = (
            lambda other=other: journal.entry(world.session, other, entry_id),
            lambda other=other: journal.save(world.session, other, entry_id, "x", world.now),
            lambda other=other: journal.put_away(world.session, other, entry_id, world.now),
            lambda other=other: journal.bring_back(world.session, other, entry_id, world.now),
            lambda other=other: journal.delete_now(world.session, other, entry_id),
        )
        for act in acts:
            with pytest.raises(NotHere):
                act()
        assert journal.journal(world.session, other, world.now).entries == ()
    assert journal.entry(world.session, sam, entry_id).words == "I was tired."


def test_cap_f3_nothing_of_it_is_in_the_audit_or_in_the_log_of_who_opened_a_record(world: World, sam: Visitor) -> None:
    before = [world.session.scalars(select(row.id)).all() for row in (AuditEntryRow, ReadLogRow)]
    entry_id = entry(world, "sam")
    journal.entry(world.session, sam, entry_id)
    journal.put_away(world.session, sam, entry_id, world.now)
    self_care.save(world.session, sam, {"signs": "Short answers"}, world.now)
    check_ins.save(world.session, sam, world.now.date(), "Tired", world.now)
    assert [world.session.scalars(select(row.id)).all() for row in (AuditEntryRow, ReadLogRow)] == before


def test_cap_f3_in_the_database_the_words_are_locked(world: World, sam: Visitor) -> None:
    entry(world, "sam", "I was tired.")
    self_care.save(world.session, sam, {"signs": "Short answers"}, world.now)
    check_ins.save(world.session, sam, world.now.date(), "Quiet", world.now)
    world.session.flush()
    for table in ("journal_entry", "self_care_plan", "check_in"):
        stored = repr(world.session.connection().exec_driver_sql(f"SELECT * FROM {table}").all())
        assert not any(words in stored for words in ("I was tired.", "Short answers", "Quiet")), table


def test_ux_c5_the_clean_up_takes_only_what_was_deleted_a_day_ago(world: World, sam: Visitor) -> None:
    stays, fresh, gone = (entry(world, "sam", words) for words in ("Stays", "Fresh", "Gone"))
    journal.put_away(world.session, sam, gone, world.now - DAY)
    journal.put_away(world.session, sam, fresh, world.now - DAY + timedelta(minutes=1))
    for number, words in enumerate(("Today", "Yesterday")):
        check_ins.save(world.session, sam, world.now.date() - number * DAY, words, world.now)
    check_ins.put_away(world.session, sam, world.now.date() - DAY, world.now - DAY)
    with pytest.raises(NotHere):  # for good goes only what was put away
        check_ins.delete_now(world.session, sam, world.now.date())
    clean.clean(world.session, world.now)
    world.session.expire_all()
    assert {row.id for row in world.session.scalars(select(JournalEntryRow))} == {stays, fresh}
    assert world.session.scalars(select(CheckInRow.on_day)).all() == [world.now.date()]


def test_an_entry_that_was_begun_and_left_empty_goes_after_a_week(world: World, sam: Visitor) -> None:
    empty = entry(world, "sam", "")
    journal.purge(world.session, world.now + 6 * DAY)
    assert journal.entry(world.session, sam, empty).words == ""
    journal.purge(world.session, world.now + 8 * DAY)
    with pytest.raises(NotHere):
        journal.entry(world.session, sam, empty)


def test_what_was_deleted_is_not_written_into_by_another_tab(world: World, sam: Visitor) -> None:
    entry_id = entry(world, "sam")
    journal.put_away(world.session, sam, entry_id, world.now)
    with pytest.raises(Refused, match="bring it back"):
        journal.save(world.session, sam, entry_id, "Later words", world.now)
    journal.bring_back(world.session, sam, entry_id, world.now)
    assert journal.entry(world.session, sam, entry_id).words == "I was tired."


def test_putting_away_again_does_not_begin_its_day_anew(world: World, sam: Visitor) -> None:
    entry_id = entry(world, "sam")
    journal.put_away(world.session, sam, entry_id, world.now)
    journal.put_away(world.session, sam, entry_id, world.now + timedelta(hours=20))
    with pytest.raises(NotHere):
        journal.bring_back(world.session, sam, entry_id, world.now + DAY)


def test_two_tabs_that_save_the_first_words_at_once_make_one_plan_and_one_day(
    world: World, sam: Visitor, sessions: sessionmaker[Session]
) -> None:
    world.session.commit()
    now, today = world.now, world.now.date()
    at_once(
        sessions,
        lambda session: self_care.save(session, sam, {"signs": "Short answers"}, now),
        lambda session: self_care.save(session, sam, {"limits": "No calls"}, now),
        lambda session: check_ins.save(session, sam, today, "Tired", now),
        lambda session: check_ins.save(session, sam, today, "Tired", now),
    )
    with sessions() as session:
        plan = self_care.plan(session, sam)
        assert (plan.signs, plan.limits) == ("Short answers", "No calls")
        assert len(session.scalars(select(CheckInRow)).all()) == 1


def test_cap_f3_two_who_are_one_keep_what_each_wrote_for_themselves(world: World, sam: Visitor) -> None:
    noor, session, now, today = world.visitor("noor"), world.session, world.now, world.now.date()
    for who in ("sam", "noor"):
        entry(world, who, f"Entry of {who}")
    self_care.save(session, sam, {"signs": "Short answers", "limits": "No calls"}, now)
    self_care.save(session, noor, {"signs": "Headaches", "limits": "No calls", "people": "My sister"}, now)
    check_ins.save(session, sam, today, "Tired", now)
    check_ins.save(session, noor, today, "Glad", now)
    check_ins.save(session, noor, today - DAY, "Before", now)
    merging_rows.move_all(session, sam.person_id, noor.person_id, now)
    plan = self_care.plan(session, sam)
    assert (plan.signs, plan.limits, plan.people) == ("Short answers\n\nHeadaches", "No calls", "My sister")
    assert [one.words for one in check_ins.days(session, sam, now).days] == ["Tired\n\nGlad", "Before"]
    assert {one.words for one in journal.journal(session, sam, now).entries} == {"Entry of sam", "Entry of noor"}
    for row in (JournalEntryRow, SelfCarePlanRow, CheckInRow):
        assert not session.scalars(select(row).where(row.person_id == noor.person_id)).all()


def test_what_one_of_the_two_deleted_does_not_come_back(world: World, sam: Visitor) -> None:
    noor, session, now, today = world.visitor("noor"), world.session, world.now, world.now.date()
    check_ins.save(session, sam, today, "Tired", now)
    check_ins.save(session, noor, today, "Raw", now)
    check_ins.put_away(session, noor, today, now)
    for who in (sam, noor):
        check_ins.save(session, who, today - DAY, "Gone", now)
        check_ins.put_away(session, who, today - DAY, now)
    merging_rows.move_all(session, sam.person_id, noor.person_id, now)
    assert [one.words for one in check_ins.days(session, sam, now).days] == ["Tired"]


@pytest.mark.parametrize("who", ["sam", "jo"])
def test_cap_c10_whoever_puts_the_question_away_twice_did_it_once(world: World, who: str) -> None:
    observation_id = world.share()
    for _time in range(2):
        debrief_prompts.put_away(world.session, world.visitor(who), observation_id, world.now)
    assert len(world.session.scalars(select(DebriefPromptRow)).all()) == 1


@pytest.mark.parametrize("who", ["ines", "noor", "amara"])
def test_cap_c10_it_is_no_question_for_whoever_was_not_in_it(world: World, who: str) -> None:
    with pytest.raises(NotHere):
        debrief_prompts.put_away(world.session, world.visitor(who), world.share(), world.now)
