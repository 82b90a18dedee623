"""The sample program: it shows what it is there to show on every day, and leaves nothing behind."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from grading.checking.findings import Severity
from grading.lifecycle.status import Status
from grading.program import Who
from grading.proof import Answer
from lti_tool.documents.program_check import check_text
from lti_tool.services.courses.places import NotHere
from lti_tool.services.organizations import organization_named
from lti_tool.services.programs import program_lists, sample_program
from lti_tool.store.base import Base
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import program_lead

OF_THE_AUDIT = {"audit_entry", "audit_head"}


def on(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("UTC"))


@given(st.dates(date(2026, 1, 1), date(2044, 12, 31)))
def test_cap_f2_on_every_day_each_made_up_person_shows_what_they_are_there_for(day: date) -> None:
    people = {each.key: each.stands for each in sample_program.people(on(day))}
    assert {key: each.standing.status for key, each in people.items()} == {
        "alma": Status.NOT_STARTED,
        "bo": Status.IN_PROGRESS,
        "carla": Status.IN_PROGRESS,
        "dara": Status.READY_FOR_DECISION,
        "emil": Status.IN_PROGRESS,
        "fay": Status.RENEWAL_OPEN,
    }
    assert {key for key, each in people.items() if each.standing.facts.paused_since} == {"emil"}
    open_still = {each.proof.answer for each in people["carla"].standing.stages[0].requirements}
    assert open_still == {Answer.MET, Answer.WAITING}, "Carla waits for others only"
    assert people["bo"].standing.of("practice").answer is Answer.NOT_YET
    assert people["fay"].standing.of("continuing").answer is Answer.NOT_YET
    assert all(each.today == day for each in people.values())


def test_a_line_of_its_cohort_says_the_same_as_the_path() -> None:
    found = {each.key: sample_program.line(each) for each in sample_program.people(on(date(2027, 5, 4)))}
    assert found["dara"].status is Status.READY_FOR_DECISION
    assert Who.PROGRAM in found["dara"].waits_for
    assert (found["carla"].met, found["carla"].waiting, found["carla"].asked) == (4, 2, 6)
    assert found["emil"].paused
    assert found["alma"].cells["practice"].sure == 0
    assert found["fay"].due_on is not None


def test_its_rules_have_nothing_to_mend_and_nothing_to_choose() -> None:
    text = (sample_program.FOLDER / "program.toml").read_text(encoding="utf-8")
    found = check_text(text, source="program.toml").found
    assert [each.finding.severity for each in found if each.finding.severity is not Severity.LOOK] == []


def test_it_is_none_of_those_that_come_with_attune() -> None:
    assert "sample" not in {file.editions[0].id for file in program_lists.that_come_with_attune()}


def test_it_is_put_in_place_once_taken_away_once_and_put_in_place_again(world: World) -> None:
    session, lea, start = world.session, program_lead(world), world.now
    for hours in range(2):
        sample_program.put_in_place(session, lea, start + timedelta(hours=hours))
    assert sample_program.is_in_place(session, world.organization_id)
    for hours in range(2, 4):
        sample_program.take_away(session, lea, start + timedelta(hours=hours))
    assert not sample_program.is_in_place(session, world.organization_id)
    sample_program.put_in_place(session, lea, start + timedelta(hours=4))
    sample_program.require(session, world.organization_id)
    entries = session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.number)).all()
    about = [each for each in entries if each.act.startswith("sample_program.")]
    assert [each.act for each in about] == [
        "sample_program.put_in_place", "sample_program.take_away", "sample_program.put_in_place",
    ]  # fmt: skip
    assert {each.person_id for each in about} == {lea.person_id}
    assert [each.at for each in about] == [start + timedelta(hours=hours) for hours in (0, 2, 4)]


def test_another_organization_has_none_of_it(world: World) -> None:
    sample_program.put_in_place(world.session, program_lead(world), world.now)
    with pytest.raises(NotHere):
        sample_program.require(world.session, organization_named(world.session, "Another school", world.now))


def test_cap_f2_taken_away_it_leaves_no_row_in_any_table_but_the_audit(world: World) -> None:
    lea = program_lead(world)
    before = rows(world)
    sample_program.put_in_place(world.session, lea, world.now)
    there = rows(world)
    assert {name for name in there if there[name] != before[name]} == {"organization"} | OF_THE_AUDIT
    assert all(len(there[name]) == len(before[name]) for name in there if name not in OF_THE_AUDIT)
    sample_program.take_away(world.session, lea, world.now)
    after = rows(world)
    assert {name for name in after if after[name] != before[name]} == OF_THE_AUDIT


def rows(world: World) -> dict[str, list[Any]]:
    """What stands in each table."""
    tables = Base.metadata.sorted_tables
    return {each.name: sorted(map(repr, world.session.execute(select(each)).all())) for each in tables}
