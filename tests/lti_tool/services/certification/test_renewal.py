"""Asking for a decision: once it stands open, with one act, taken back within a day; program leads are told."""

from datetime import timedelta

import pytest

from grading.evidence import Outcome
from grading.ledger import EntryKind
from grading.lifecycle.status import Status
from lti_tool.services.certification import renewal
from lti_tool.services.courses.places import NotHere
from lti_tool.services.qualifications import attestations
from lti_tool.services.standing.standings import stands
from lti_tool.store.ledger import AttestationRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from tests.lti_tool.services.certified import RENEWED, decided
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import an_entry, on_the_way, program_lead


def certified_ago(world: World, days: int) -> EnrollmentRow:
    enrollment = on_the_way(world, text=RENEWED, entered_on=world.now.date() - timedelta(days=days + 100))
    decided(world, enrollment, world.now.date() - timedelta(days=days))
    return enrollment


def test_cap_d2_renewal_is_asked_for_from_its_first_day_on(world: World) -> None:
    enrollment = certified_ago(world, 200)
    sam = world.visitor("sam")
    before = renewal.page(world.session, sam, enrollment.id, world.now)
    assert (before.holds, before.asks) == (Status.CERTIFIED, ())
    assert [each.stage.key for each in before.later] == ["renewal"]
    with pytest.raises(Refused) as refused:
        renewal.apply_for(world.session, sam, enrollment.id, "renewal", world.now)
    assert refused.value.code == "not_open"
    now = world.now + timedelta(days=100)
    [ask] = renewal.page(world.session, sam, enrollment.id, now).asks
    assert ask.may_apply
    assert not ask.is_ready
    renewal.apply_for(world.session, sam, enrollment.id, "renewal", now)
    assert renewal.page(world.session, sam, enrollment.id, now).applied is not None


def test_program_leads_are_told_once_and_twice_changes_nothing(world: World) -> None:
    enrollment = certified_ago(world, 300)
    lea, sam = program_lead(world), world.visitor("sam")
    for _ in range(2):
        renewal.apply_for(world.session, sam, enrollment.id, "renewal", world.now)
    assert world.session.query(AttestationRow).count() == 1
    [message] = world.session.query(MessageRow).filter_by(person_id=lea.person_id)
    assert message.path == f"/people-of/{enrollment.id}"


def test_ux_c5_an_application_is_taken_back_within_a_day(world: World) -> None:
    enrollment = certified_ago(world, 300)
    sam = world.visitor("sam")
    renewal.apply_for(world.session, sam, enrollment.id, "renewal", world.now)
    with pytest.raises(Refused):
        renewal.take_back(world.session, sam, enrollment.id, world.now + timedelta(hours=24))
    renewal.take_back(world.session, sam, enrollment.id, world.now + timedelta(hours=23))
    assert renewal.page(world.session, sam, enrollment.id, world.now).applied is None
    renewal.take_back(world.session, sam, enrollment.id, world.now)


def test_a_first_certification_is_asked_for_once_everything_is_there(world: World) -> None:
    enrollment = on_the_way(world, text=RENEWED)
    sam = world.visitor("sam")
    with pytest.raises(Refused) as refused:
        renewal.apply_for(world.session, sam, enrollment.id, "initial", world.now)
    assert refused.value.code == "still_to_come"
    an_entry(world, amount="10", signed_by="jo")
    [ask] = renewal.page(world.session, sam, enrollment.id, world.now).asks
    assert ask.is_ready
    renewal.apply_for(world.session, sam, enrollment.id, "initial", world.now)


def test_cap_d2_ux_d5_after_a_lapse_the_way_back_is_asked_for_and_nothing_comes_by_itself(world: World) -> None:
    enrollment = certified_ago(world, 500)
    sam = world.visitor("sam")
    an_entry(world, amount="5", signed_by="jo", kind=EntryKind.EDUCATION)
    page = renewal.page(world.session, sam, enrollment.id, world.now)
    assert page.holds is Status.LAPSED
    [ask] = page.asks
    assert (ask.standing.stage.key, ask.is_ready) == ("back", True)
    assert stands(world.session, enrollment, world.now).standing.facts.ready == ()
    renewal.apply_for(world.session, sam, enrollment.id, "back", world.now)
    assert stands(world.session, enrollment, world.now).standing.facts.ready == ("back",)


def test_a_decision_that_may_not_be_read_yet_is_not_given_away_by_the_button(world: World) -> None:
    enrollment = certified_ago(world, 300)
    sam = world.visitor("sam")
    renewal.apply_for(world.session, sam, enrollment.id, "renewal", world.now)
    tomorrow = world.now.date() + timedelta(days=1)
    decided(world, enrollment, tomorrow, Outcome.NOT_YET, "renewal", released=timedelta(days=2))
    later = world.now + timedelta(days=2)
    assert renewal.page(world.session, sam, enrollment.id, later).applied is not None
    assert renewal.page(world.session, sam, enrollment.id, later + timedelta(days=2)).applied is None


def test_nobody_asks_for_anyone_else(world: World) -> None:
    enrollment = certified_ago(world, 300)
    with pytest.raises(NotHere):
        renewal.apply_for(world.session, world.visitor("noor"), enrollment.id, "renewal", world.now)
    assert world.session.query(AttestationRow).count() == 0


def test_a_program_lead_does_not_take_back_what_somebody_asked_for(world: World) -> None:
    enrollment = certified_ago(world, 300)
    lea, sam = program_lead(world), world.visitor("sam")
    renewal.apply_for(world.session, sam, enrollment.id, "renewal", world.now)
    [row] = world.session.query(AttestationRow)
    with pytest.raises(NotHere):
        attestations.take_back(world.session, lea, enrollment.id, row.id, world.now)
    assert renewal.page(world.session, sam, enrollment.id, world.now).applied is not None
