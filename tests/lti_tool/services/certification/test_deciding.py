"""Deciding about a certification: by a person who had no part in it, with a notice that always holds the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from grading.appeals import AppealState, Turn
from grading.deciding import Hears, Words
from grading.evidence import Kind, Outcome
from grading.lifecycle.status import Status
from grading.proof import Answer
from grading.telling.said import told as in_plain
from lti_tool.access import Capability
from lti_tool.paths import CONFIG
from lti_tool.services.asking import recusal
from lti_tool.services.certification import deciding, decision_notices, decision_release, decisions, surrendering
from lti_tool.services.certification.deciding import Asked
from lti_tool.services.courses.places import NotHere
from lti_tool.services.standing.standings import stands
from lti_tool.store.appeals import AppealRow, AppealTermsRow
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import GrantRow, PersonRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import an_entry, on_the_way, program_lead


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def words(world: World, **changes: Any) -> Words:
    usual = Words("Ten hours were signed.", "Nothing is needed now.", world.now.date())
    return replace(usual, **changes)


def decide(world: World, row: EnrollmentRow, outcome: Outcome, who: str = "lea", **changes: Any) -> UUID:
    replaces = changes.pop("replaces", None)
    lead = world.visitor(who)
    asked = Asked(
        outcome, changes.pop("stage", "initial"), words(world, **changes), deciding.next_number(world.session, row.id),
        replaces,
    )  # fmt: skip
    seen = deciding.prepare(world.session, lead, row.id, asked, world.now)
    return deciding.decide(world.session, lead, row.id, asked, digest=seen.digest, now=world.now)


def kept(world: World, decision_id: UUID) -> DecisionRow:
    return world.session.get_one(DecisionRow, decision_id, populate_existing=True)


def at_once(row: EnrollmentRow) -> EnrollmentRow:
    row.hears = Hears.AT_ONCE
    return row


def ready(world: World) -> EnrollmentRow:
    """Sam has shown everything; Lea leads the program."""
    program_lead(world)
    row = on_the_way(world)
    an_entry(world, amount="12", signed_by="jo")
    return row


def told(world: World, who: str, kind: MessageKind = MessageKind.DECISION) -> list[str]:
    mine = select(MessageRow.path).where(MessageRow.person_id == world.visitor(who).person_id, MessageRow.kind == kind)
    return list(world.session.scalars(mine))


def leads_too(world: World, who: str) -> None:
    world.session.add(
        GrantRow(
            id=new_id(), organization_id=world.organization_id, person_id=world.visitor(who).person_id,
            capability=Capability.PROGRAM_LEAD, granted_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()


def test_ux_d1_a_person_decides_and_the_engine_only_said_what_is_there(world: World) -> None:
    row = at_once(ready(world))
    before = stands(world.session, row, world.now).standing
    assert before.status is Status.READY_FOR_DECISION
    decision_id = decide(world, row, Outcome.CERTIFIED)
    found = kept(world, decision_id)
    assert found.decided_by == world.visitor("lea").person_id
    assert stands(world.session, row, world.now).standing.status is Status.CERTIFIED


def test_ux_d2_the_notice_holds_decision_reasons_evidence_next_steps_appeal_decider_and_help(world: World) -> None:
    row = at_once(ready(world))
    found = kept(
        world, decide(world, row, Outcome.NOT_YET, reasons="We would like to see a group.", what_next="Lead one.")
    )
    notice = decision_notices.read(found.notice)
    assert (notice.outcome, notice.stage, notice.program) == (Outcome.NOT_YET, "Certification", "Peer support")
    assert (notice.reasons, notice.what_next) == ("We would like to see a group.", "Lead one.")
    assert [(each.title, each.answer) for each in notice.rules] == [("10 hours of practice", Answer.MET)]
    practice = notice.looked_at[0]
    assert (practice.kind, practice.number, practice.amounts) == (Kind.PRACTICE, 1, ((Decimal(12), "hours"),))
    assert notice.appeal_until == found.appeal_until == world.now.date() + timedelta(days=60)
    assert (notice.decided_by, notice.person) == ("Lea Example", "Sam Example")
    assert decision_notices.written(notice) == (found.notice, found.digest)


def test_a_notice_says_how_much_is_there_and_what_would_show_it(world: World) -> None:
    program_lead(world)
    row = at_once(on_the_way(world))
    an_entry(world, amount="4", signed_by="jo")
    notice = decision_notices.read(kept(world, decide(world, row, Outcome.NOT_YET)).notice)
    rule = notice.rules[0]
    assert rule.answer is Answer.NOT_YET
    assert rule.there is not None
    assert rule.changes


def test_ux_d2_ux_f5_of_a_rule_with_several_parts_a_notice_says_what_would_show_each_that_is_open(world: World) -> None:
    program_lead(world)
    text = (CONFIG / "demo" / "peer-support-demo.toml").read_text()
    row = at_once(on_the_way(world, text=text, entered_on=world.now.date()))
    an_entry(world, amount="4", signed_by="jo")
    notice = decision_notices.read(kept(world, decide(world, row, Outcome.NOT_YET, stage="certification")).notice)
    rule = next(each for each in notice.rules if each.title.startswith("12 hours of training"))
    assert rule.answer is Answer.NOT_YET
    assert [in_plain(each) for each in rule.changes] == [
        "At least 12 hours of training: 12 hours more, by the trainee",
        "At least 4 hours of training where category is ethics: 4 hours more, by the trainee",
    ]


def test_ux_d1_what_is_not_shown_is_certified_only_by_naming_each_rule_with_a_reason(world: World) -> None:
    program_lead(world)
    row = at_once(on_the_way(world))
    assert code(lambda: decide(world, row, Outcome.CERTIFIED)) == "named"
    assert code(lambda: decide(world, row, Outcome.CERTIFIED, named=frozenset({"practice"}))) == "all_the_same"
    why = "The hours were signed on paper in a course that has closed."
    found = kept(world, decide(world, row, Outcome.CERTIFIED, named=frozenset({"practice"}), all_the_same=why))
    notice = decision_notices.read(found.notice)
    assert (notice.named, notice.all_the_same) == (("10 hours of practice",), why)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reasons": " "}, "reasons"), ({"what_next": ""}, "what_next"), ({"on": date(2020, 1, 1)}, "on")],
)
def test_reasons_and_what_can_be_done_are_always_asked_for(world: World, changes: Any, field: str) -> None:
    row = ready(world)
    assert code(lambda: decide(world, row, Outcome.NOT_YET, **changes)) == field


def test_ux_d6_a_suspension_holds_at_once_with_a_reason_and_a_day_on_which_it_is_looked_at_again(world: World) -> None:
    row = at_once(ready(world))
    decide(world, row, Outcome.CERTIFIED)
    row.hears = Hears.NEXT_MORNING
    assert code(lambda: decide(world, row, Outcome.SUSPENDED)) == "review_on"
    review = world.now.date() + timedelta(days=14)
    found = kept(world, decide(world, row, Outcome.SUSPENDED, reasons="A concern about safety.", review_on=review))
    assert (found.review_on, found.released_at) == (review, world.now)
    assert f"/decisions/{found.id}" in told(world, "sam")
    assert stands(world.session, row, world.now, own=True).standing.status is Status.SUSPENDED
    decide(world, row, Outcome.RESUMED)
    assert stands(world.session, row, world.now).standing.status is Status.CERTIFIED
    decide(world, row, Outcome.SUSPENDED, review_on=review)
    assert stands(world.session, row, world.now).standing.status is Status.SUSPENDED


def test_nobody_decides_who_observed_signed_declared_a_conflict_or_is_the_person(world: World) -> None:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    row = ready(world)
    for who in ("jo", "amara", "sam", "ines"):
        leads_too(world, who)
    assert code(lambda: decide(world, row, Outcome.CERTIFIED, "jo")) == "observed"
    assert code(lambda: decide(world, row, Outcome.CERTIFIED, "sam")) == "oneself"
    recusal.declare(world.session, world.visitor("amara"), world.visitor("sam").person_id, world.now)
    recusal.declare(world.session, world.visitor("sam"), world.visitor("ines").person_id, world.now)
    assert code(lambda: decide(world, row, Outcome.CERTIFIED, "amara")) == "conflict"
    assert code(lambda: decide(world, row, Outcome.CERTIFIED, "ines")) == "conflict"
    at = deciding.desk(world.session, world.visitor("jo"), row.id, world.now)
    assert at.others == ("Lea Example",)
    assert decide(world, row, Outcome.CERTIFIED)


def test_who_signed_only_hours_does_not_decide_either(world: World) -> None:
    row = ready(world)
    leads_too(world, "jo")
    assert code(lambda: decide(world, row, Outcome.CERTIFIED, "jo")) == "signed"


def test_who_signed_under_another_id_is_the_same_human(world: World) -> None:
    row = ready(world)
    lea, jo = world.visitor("lea").person_id, world.visitor("jo").person_id
    world.session.execute(update(PersonRow).where(PersonRow.id == jo).values(merged_into=lea))
    assert code(lambda: decide(world, row, Outcome.CERTIFIED)) == "signed"


def test_of_two_who_decide_at_once_the_second_is_told_so(world: World) -> None:
    row = at_once(ready(world))
    lea = world.visitor("lea")
    asked = Asked(Outcome.CERTIFIED, "initial", words(world), 1)
    seen = deciding.prepare(world.session, lea, row.id, asked, world.now)
    decide(world, row, Outcome.NOT_YET)
    late = lambda: deciding.decide(world.session, lea, row.id, asked, digest=seen.digest, now=world.now)  # noqa: E731
    assert code(late) == "decided_meanwhile"
    enrollment = world.session.get_one(EnrollmentRow, row.id)
    by = lea.person_id
    keep = lambda: deciding.keep(world.session, enrollment, asked, seen, by=by, now=world.now)  # noqa: E731
    assert code(keep) == "decided_meanwhile"


def test_what_changed_after_it_was_shown_is_read_again_first(world: World) -> None:
    row = ready(world)
    asked = Asked(Outcome.CERTIFIED, "initial", words(world), 1)
    lea = world.visitor("lea")
    seen = deciding.prepare(world.session, lea, row.id, asked, world.now)
    an_entry(world, amount="1", signed_by="jo")
    late = lambda: deciding.decide(world.session, lea, row.id, asked, digest=seen.digest, now=world.now)  # noqa: E731
    assert code(late) == "changed_since_shown"


def test_ux_p6_nobody_but_program_leads_sees_a_decision_before_its_moment(world: World) -> None:
    row, sam, lea = ready(world), world.visitor("sam"), world.visitor("lea")
    world.now += timedelta(hours=2)
    decision_id = decide(world, row, Outcome.NOT_YET)
    found = kept(world, decision_id)
    assert found.released_at > world.now
    with pytest.raises(NotHere):
        decisions.decision(world.session, sam, decision_id, world.now, leads=False)
    assert decisions.of_path(world.session, sam, row.id, world.now) == ()
    assert stands(world.session, row, world.now, own=True).standing.facts.last_decision is None
    assert stands(world.session, row, world.now).standing.facts.last_decision is not None
    assert decisions.decision(world.session, lea, decision_id, world.now, leads=True).line.read_at is None
    assert not told(world, "sam")
    assert decision_release.release_due(world.session, world.now) == 0
    assert decision_release.release_due(world.session, found.released_at) == 1
    assert decision_release.release_due(world.session, found.released_at) == 0
    assert told(world, "sam") == [f"/decisions/{decision_id}"]
    shown = decisions.decision(world.session, sam, decision_id, found.released_at, leads=False)
    assert shown.line.read_at == found.released_at
    assert shown.open_to_appeal
    with pytest.raises(NotHere):
        decisions.decision(world.session, world.visitor("noor"), decision_id, found.released_at, leads=False)


def test_ux_p6_the_person_chooses_when_they_read_it(world: World) -> None:
    row, sam = ready(world), world.visitor("sam")
    for _ in range(2):
        decision_release.choose(world.session, sam, row.id, Hears.AT_ONCE, world.now)
    acts = world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.subject == f"enrollment:{row.id}")).all()
    assert len(acts) == len(set(acts))
    assert decision_release.hears(world.session, sam, row.id) is Hears.AT_ONCE
    found = kept(world, decide(world, row, Outcome.NOT_YET))
    assert found.released_at == world.now
    with pytest.raises(NotHere):
        decision_release.choose(world.session, world.visitor("noor"), row.id, Hears.AT_ONCE, world.now)


def _appeal(world: World, decision_id: UUID) -> UUID:
    today, terms_id, appeal_id = world.now.date(), new_id(), new_id()
    sam = world.visitor("sam").person_id
    mine = {"organization_id": world.organization_id}
    world.session.add(
        AppealTermsRow(
            id=terms_id, number=9, grounds=[], file_days=60, acknowledge_days=5, answer_days=10, decide_days=30,
            panel_size=1, published_at=world.now, **mine,
        )
    )  # fmt: skip
    world.session.flush()
    world.session.add(
        AppealRow(
            id=appeal_id, trainee_id=sam, decision_id=decision_id, terms_id=terms_id, state=AppealState.OPEN,
            begun_by=sam, begun_at=world.now, sent_at=world.now, file_by=today, turn=Turn.INSTITUTION,
            turn_until=today, decide_by=today, **mine,
        )
    )  # fmt: skip
    world.session.flush()
    return appeal_id


def test_a_decision_is_replaced_with_a_reason_and_never_changed(world: World) -> None:
    row = at_once(ready(world))
    first = decide(world, row, Outcome.NOT_YET)
    appeal_id = _appeal(world, first)
    assert code(lambda: decide(world, row, Outcome.CERTIFIED, replaces=first)) == "why_replaced"
    second = decide(world, row, Outcome.CERTIFIED, replaces=first, why_replaced="A page had been left out.")
    assert stands(world.session, row, world.now).standing.status is Status.CERTIFIED
    sam = world.visitor("sam")
    assert decisions.decision(world.session, sam, first, world.now, leads=False).replaced_by == second
    assert [each.stands for each in decisions.of_path(world.session, sam, row.id, world.now)] == [True, False]
    appeal = world.session.get_one(AppealRow, appeal_id, populate_existing=True)
    assert appeal.state is AppealState.OVERTAKEN
    assert told(world, "sam", MessageKind.APPEAL)
    again = lambda: decide(world, row, Outcome.NOT_YET, replaces=first, why_replaced="No.")  # noqa: E731
    assert code(again) == "decided_meanwhile"


def test_until_it_can_be_read_the_one_before_stands_and_its_appeal_runs(world: World) -> None:
    row = at_once(ready(world))
    first = decide(world, row, Outcome.NOT_YET)
    appeal_id = _appeal(world, first)
    world.now += timedelta(hours=2)
    row.hears = Hears.EARLY_IN_THE_WEEK
    second = kept(world, decide(world, row, Outcome.CERTIFIED, replaces=first, why_replaced="A page was left out."))
    sam = world.visitor("sam")
    assert decisions.decision(world.session, sam, first, world.now, leads=False).line.stands
    assert world.session.get_one(AppealRow, appeal_id).state is AppealState.OPEN
    decision_release.release_due(world.session, second.released_at)
    assert world.session.get_one(AppealRow, appeal_id, populate_existing=True).state is AppealState.OVERTAKEN


def test_a_withdrawal_never_holds_before_the_person_can_read_it(world: World) -> None:
    row = at_once(ready(world))
    decide(world, row, Outcome.CERTIFIED)
    row.hears = Hears.NEXT_MORNING
    world.now += timedelta(hours=2)
    assert code(lambda: decide(world, row, Outcome.REVOKED)) == "on"
    found = kept(world, decide(world, row, Outcome.REVOKED, on=world.now.date() + timedelta(days=7)))
    assert found.on_day >= found.released_at.date()
    later = world.now + timedelta(days=8)
    seen = stands(world.session, row, later).standing
    assert seen.status is Status.REVOKED


def test_what_was_withdrawn_can_be_reinstated_by_a_person(world: World) -> None:
    row = at_once(ready(world))
    decide(world, row, Outcome.CERTIFIED)
    decide(world, row, Outcome.REVOKED)
    decide(world, row, Outcome.REINSTATED)
    assert stands(world.session, row, world.now).standing.status is Status.CERTIFIED


def test_ux_c5_a_holder_gives_the_certificate_back_and_takes_it_again_within_a_day(world: World) -> None:
    row, sam = at_once(ready(world)), world.visitor("sam")
    with pytest.raises(Refused):
        surrendering.give_back(world.session, sam, row.id, "", world.now)
    decide(world, row, Outcome.CERTIFIED)
    decision_id = surrendering.give_back(world.session, sam, row.id, "I am moving away.", world.now)
    assert stands(world.session, row, world.now, own=True).standing.status is Status.SURRENDERED
    assert told(world, "lea") == [f"/decisions/{decision_id}"]
    shown = decisions.decision(world.session, sam, decision_id, world.now, leads=False)
    assert not shown.open_to_appeal
    assert shown.take_back_until == world.now + timedelta(hours=24)
    with pytest.raises(NotHere):
        decisions.take_back(world.session, world.visitor("lea"), decision_id, world.now)
    decisions.take_back(world.session, sam, decision_id, world.now + timedelta(hours=23))
    decisions.take_back(world.session, sam, decision_id, world.now + timedelta(hours=40))
    assert stands(world.session, row, world.now).standing.status is Status.CERTIFIED


def test_after_a_day_it_stays_given_back(world: World) -> None:
    row, sam = at_once(ready(world)), world.visitor("sam")
    decide(world, row, Outcome.CERTIFIED)
    decision_id = surrendering.give_back(world.session, sam, row.id, "", world.now)
    with pytest.raises(NotHere):
        decisions.take_back(world.session, sam, decision_id, world.now + timedelta(hours=25))
