"""Appeals from the first word to the outcome, over both databases."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from grading.appeals import USUAL, AppealOutcome, AppealState, AppealStepKind, Turn
from lti_tool.access import Capability
from lti_tool.services.authoring.author import rubric_of
from lti_tool.services.certification import (
    appeal_clocks,
    appeal_deciding,
    appeal_helping,
    appeal_lists,
    appeal_panels,
    appeal_sending,
    appeal_terms,
    appeals,
)
from lti_tool.services.certification.appeal_matters import About
from lti_tool.services.certification.appeals import Appeal
from lti_tool.services.courses.places import NotHere
from lti_tool.store.appeals import AppealMemberRow, AppealRow
from lti_tool.store.assignments import AssignedAs, AssignmentRow, ConflictRow
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.observations import AssessmentRow, ObservationRow, ObserverRow
from lti_tool.store.people import GrantRow, PersonRow
from rubrics.observation import State
from rubrics.refusal import Refused
from tests.lti_tool.services.appealing import Appealing
from tests.lti_tool.services.conftest import World

DAY = timedelta(days=1)


@pytest.fixture
def it(world: World) -> Appealing:
    return Appealing(world)


def seen(it: Appealing, appeal_id: UUID, who: str = "sam") -> Appeal:
    it.world.session.expire_all()
    return appeals.read(it.world.session, it.who(who), appeal_id)


def told(it: Appealing, who: str) -> int:
    mine = select(MessageRow).where(
        MessageRow.person_id == it.who(who).person_id, MessageRow.kind == MessageKind.APPEAL,
        MessageRow.read_at.is_(None),
    )  # fmt: skip
    return len(it.world.session.scalars(mine).all())


def kinds(appeal: Appeal) -> list[AppealStepKind]:
    return [step.kind for step in appeal.steps]


def a_criterion(it: Appealing, observation_id: UUID) -> str:
    version_id = it.world.session.get_one(ObservationRow, observation_id).rubric_version_id
    return rubric_of(it.world.session, version_id).rubric.criteria[0].key


def refused(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda problem: problem.code == code)


def test_ux_d3_ux_n1_an_appeal_begins_from_what_is_on_file_and_is_sent_by_the_trainee(it: Appealing) -> None:
    appeal_id = it.draft()
    assert told(it, "leah") == 0
    with pytest.raises(NotHere):
        seen(it, appeal_id, "leah")
    assert appeal_sending.send(it.world.session, it.who("sam"), appeal_id, it.now) is AppealState.OPEN
    appeal = seen(it, appeal_id)
    assert appeal.clock is not None
    assert appeal.clock.turn is Turn.INSTITUTION
    assert appeal.clock.until == it.now.date() + USUAL.acknowledge_days * DAY
    assert appeal.clock.decide_by == it.now.date() + USUAL.decide_days * DAY
    assert kinds(appeal) == [AppealStepKind.SENT]
    assert told(it, "lea") == told(it, "leah") == 1
    assert appeal_sending.send(it.world.session, it.who("sam"), appeal_id, it.now) is AppealState.OPEN
    assert kinds(seen(it, appeal_id)) == [AppealStepKind.SENT]


def test_beginning_twice_is_the_same_appeal(it: Appealing) -> None:
    about = About(decision_id=it.decision())
    first = appeal_sending.begin(it.world.session, it.who("sam"), about, it.now)
    assert appeal_sending.begin(it.world.session, it.who("sam"), about, it.now) == first
    for who in ("noor", "jo", "leah"):
        with pytest.raises(NotHere):
            appeal_sending.begin(it.world.session, it.who(who), about, it.now)


def test_ux_c1_a_draft_is_saved_field_by_field_and_what_is_still_to_come_is_said(it: Appealing) -> None:
    session, sam = it.world.session, it.who("sam")
    appeal_id = appeal_sending.begin(session, sam, About(decision_id=it.decision()), it.now)
    with refused("ground"):
        appeal_sending.send(session, sam, appeal_id, it.now)
    appeal_sending.save(session, sam, appeal_id, {"ground": "other"}, it.now)
    with refused("words"):
        appeal_sending.send(session, sam, appeal_id, it.now)
    appeal_sending.save(session, sam, appeal_id, {"words": "  It was not so.  "}, it.now)
    assert (seen(it, appeal_id).ground, seen(it, appeal_id).words) == ("other", "It was not so.")


def test_there_is_no_appeal_against_what_somebody_did_themselves(it: Appealing) -> None:
    with refused("no_appeal"):
        appeal_sending.begin(it.world.session, it.who("sam"), About(decision_id=it.decision(appeal_days=None)), it.now)


def test_cap_d4_a_late_appeal_is_taken_up_by_a_person_or_not_with_a_reason(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.draft()
    it.later(days=61, hours=12)
    assert appeal_sending.send(session, it.who("sam"), appeal_id, it.now) is AppealState.LATE
    with refused("had_part"):
        appeal_deciding.do_not_take_up(session, it.who("lea"), appeal_id, "Too late", it.now)
    with refused("reasons"):
        appeal_deciding.do_not_take_up(session, it.who("leah"), appeal_id, " ", it.now)
    with refused("take_up_first"):
        appeal_panels.invite(session, it.who("leah"), appeal_id, it.who("kim").person_id, it.now)
    appeal_deciding.take_up(session, it.who("lea"), appeal_id, it.now)
    appeal = seen(it, appeal_id)
    assert appeal.state is AppealState.WITH_PANEL
    assert appeal.clock is not None
    assert appeal.clock.until == it.now.date() + USUAL.decide_days * DAY


def test_a_late_appeal_that_is_not_taken_up_says_why(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.draft()
    it.later(days=70)
    appeal_sending.send(session, it.who("sam"), appeal_id, it.now)
    appeal_deciding.do_not_take_up(session, it.who("leah"), appeal_id, "The program has ended since.", it.now)
    appeal = seen(it, appeal_id)
    assert (appeal.state, appeal.steps[-1].words) == (AppealState.NOT_TAKEN_UP, "The program has ended since.")
    assert appeal.clock is None
    assert told(it, "sam") == 1


def test_the_last_day_lasts_as_long_as_it_is_that_day_somewhere(it: Appealing) -> None:
    appeal_id = it.draft()
    it.later(days=61)
    assert appeal_sending.send(it.world.session, it.who("sam"), appeal_id, it.now) is AppealState.OPEN


def test_cap_d4_cap_c11_who_observed_signed_or_decided_cannot_be_on_the_panel(it: Appealing) -> None:
    """Over all courses and both ids of one human being, and whoever declared a conflict, on either side."""
    session = it.world.session
    it.world.sign("jo", it.world.answered())
    appeal_id = it.acknowledged()
    session.add(
        ConflictRow(
            id=new_id(), organization_id=it.world.organization_id, declared_by=it.who("sam").person_id,
            about_id=it.who("vic").person_id, declared_at=it.now,
        )
    )  # fmt: skip
    session.flush()
    for who, code in (("jo", "had_part"), ("lea", "had_part"), ("vic", "conflict")):
        with refused(code):
            appeal_panels.invite(session, it.who("leah"), appeal_id, it.who(who).person_id, it.now)
    it.world.visitor("jo-again", ("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor",))
    session.get_one(PersonRow, it.who("jo").person_id).merged_into = it.who("jo-again").person_id
    session.flush()
    with refused("had_part"):
        appeal_panels.invite(session, it.who("leah"), appeal_id, it.who("jo-again").person_id, it.now)
    with pytest.raises(NotHere):
        appeal_panels.invite(session, it.who("leah"), appeal_id, it.who("noor").person_id, it.now)
    found = appeal_panels.possible(session, it.who("leah"), appeal_id, "example")
    free = {one.person_id: one.free for one in found}
    assert free[it.who("kim").person_id]
    assert not any(free[it.who(who).person_id] for who in ("lea", "vic", "jo-again"))


def test_a_conflict_that_is_declared_later_ends_a_seat(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel()
    session.add(
        ConflictRow(
            id=new_id(), organization_id=it.world.organization_id, declared_by=it.who("kim").person_id,
            about_id=it.who("sam").person_id, declared_at=it.now,
        )
    )  # fmt: skip
    session.flush()
    with pytest.raises(NotHere):
        seen(it, appeal_id, "kim")
    assert [member.name for member in seen(it, appeal_id).accepted] == ["Uma Example"]
    with refused("panel_not_complete"):
        appeal_deciding.write(session, it.who("uma"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)


def test_somebody_who_is_asked_reads_no_words_before_they_accept_and_may_leave_without_a_reason(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.acknowledged()
    appeal_panels.invite(session, it.who("leah"), appeal_id, it.who("kim").person_id, it.now)
    appeal_panels.invite(session, it.who("leah"), appeal_id, it.who("kim").person_id, it.now)
    asked = seen(it, appeal_id, "kim")
    assert (asked.words, asked.wish, asked.steps) == (None, None, ())
    appeal_panels.accept(session, it.who("kim"), appeal_id, it.now)
    assert seen(it, appeal_id, "kim").words
    appeal_panels.step_aside(session, it.who("kim"), appeal_id, it.now)
    with pytest.raises(NotHere):
        seen(it, appeal_id, "kim")
    with refused("stepped_aside"):
        appeal_panels.invite(session, it.who("leah"), appeal_id, it.who("kim").person_id, it.now)
    assert len(session.scalars(select(AppealMemberRow)).all()) == 1


def test_cap_d4_it_is_decided_once_every_member_agrees_with_exactly_the_same_words(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel()
    done = appeal_deciding.write(
        session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "The hours count twice.", it.now
    )
    assert not done.decided
    assert seen(it, appeal_id).outcome is None
    assert seen(it, appeal_id, "leah").reasons is None
    shown = seen(it, appeal_id, "uma")
    assert shown.outcome is AppealOutcome.STANDS
    digest = appeal_deciding.digest_of_outcome(appeal_id, shown.outcome, shown.reasons or "")
    appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.CHANGED, "May was not looked at.", it.now)
    with refused("changed_since_shown"):
        appeal_deciding.agree(session, it.who("uma"), appeal_id, digest, it.now)
    digest = appeal_deciding.digest_of_outcome(appeal_id, AppealOutcome.CHANGED, "May was not looked at.")
    assert appeal_deciding.agree(session, it.who("uma"), appeal_id, digest, it.now).decided
    assert appeal_deciding.agree(session, it.who("uma"), appeal_id, digest, it.now).decided
    appeal = seen(it, appeal_id)
    assert (appeal.state, appeal.outcome) == (AppealState.DECIDED, AppealOutcome.CHANGED)
    assert kinds(appeal).count(AppealStepKind.DECIDED) == 1
    assert told(it, "sam") == told(it, "leah") == 1


def test_a_panel_that_is_too_small_decides_nothing(it: Appealing) -> None:
    appeal_id = it.with_panel("kim")
    with refused("panel_not_complete"):
        appeal_deciding.write(it.world.session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)


def test_cap_d4_ux_p2_a_question_gives_the_trainee_days_and_takes_none_from_the_panel(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel()
    promised = seen(it, appeal_id).clock
    appeal_deciding.ask(session, it.who("kim"), appeal_id, "Which days in May?", it.now)
    clock = seen(it, appeal_id).clock
    assert clock is not None
    assert (clock.turn, clock.until) == (Turn.TRAINEE, it.now.date() + USUAL.answer_days * DAY)
    with refused("with_the_trainee"):
        appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)
    it.later(days=4)
    appeal_sending.answer(session, it.who("sam"), appeal_id, "The last three.", it.now)
    after = seen(it, appeal_id).clock
    assert after is not None
    assert promised is not None
    assert promised.decide_by is not None
    assert after.decide_by == promised.decide_by + 4 * DAY
    assert after.turn is Turn.INSTITUTION


def test_ux_p2_more_time_comes_at_once_and_then_by_asking_and_the_day_stands_still_meanwhile(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel()
    appeal_deciding.ask(session, it.who("kim"), appeal_id, "Which days in May?", it.now)
    assert appeal_sending.take_more_time(session, it.who("sam"), appeal_id, it.now)
    clock = seen(it, appeal_id).clock
    assert clock is not None
    assert clock.until == it.now.date() + 2 * USUAL.answer_days * DAY
    assert not appeal_sending.take_more_time(session, it.who("sam"), appeal_id, it.now)
    assert not appeal_sending.take_more_time(session, it.who("sam"), appeal_id, it.now)
    assert kinds(seen(it, appeal_id)).count(AppealStepKind.MORE_TIME) == 2
    it.later(days=60)
    appeal_clocks.turn_on(session, it.now)
    assert seen(it, appeal_id).question is not None
    appeal_deciding.give_time(session, it.who("leah"), appeal_id, it.now)
    clock = seen(it, appeal_id).clock
    assert clock is not None
    assert clock.until == it.now.date() + USUAL.answer_days * DAY


def test_a_question_that_nobody_answers_goes_back_to_the_panel_and_words_can_still_be_added(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel()
    appeal_deciding.ask(session, it.who("kim"), appeal_id, "Which days in May?", it.now)
    it.later(days=USUAL.answer_days + 2)
    assert appeal_clocks.turn_on(session, it.now) == 1
    assert appeal_clocks.turn_on(session, it.now) == 0
    assert seen(it, appeal_id).question is None
    appeal_sending.answer(session, it.who("sam"), appeal_id, "The last three.", it.now)
    assert kinds(seen(it, appeal_id))[-1] is AppealStepKind.ANSWER


def test_cap_d4_ux_p7_a_promised_day_that_goes_by_is_told_to_the_trainee_and_to_all_program_leads_once(
    it: Appealing,
) -> None:
    session = it.world.session
    appeal_id = it.sent()
    assert appeal_clocks.turn_on(session, it.later(days=USUAL.acknowledge_days)) == 0
    for name in ("lea", "leah", "sam"):
        session.query(MessageRow).filter(MessageRow.person_id == it.who(name).person_id).delete()
    assert appeal_clocks.turn_on(session, it.later(days=1)) == 1
    assert appeal_clocks.turn_on(session, it.now) == 0
    assert appeal_clocks.turn_on(session, it.later(days=3)) == 0
    assert told(it, "sam") == told(it, "lea") == told(it, "leah") == 1
    assert kinds(seen(it, appeal_id)).count(AppealStepKind.INSTITUTION_LATE) == 1
    appeal_deciding.acknowledge(session, it.who("leah"), appeal_id, it.now)
    assert appeal_clocks.turn_on(session, it.later(days=40)) == 1
    assert kinds(seen(it, appeal_id)).count(AppealStepKind.INSTITUTION_LATE) == 2


def test_cap_d4_an_appeal_against_a_decision_that_was_just_superseded_keeps_its_words(it: Appealing) -> None:
    session, sam = it.world.session, it.who("sam")
    first = it.decision()
    appeal_id = it.draft(About(decision_id=first))
    second = it.decision(by="leah", supersedes=first)
    appeal_deciding.overtake(session, first, it.now)
    with refused("superseded"):
        appeal_sending.send(session, sam, appeal_id, it.now)
    assert seen(it, appeal_id).words == "The hours in May were not looked at."
    again = appeal_sending.begin(session, sam, About(decision_id=second), it.now, like=appeal_id)
    assert (seen(it, again).words, seen(it, again).ground) == ("The hours in May were not looked at.", "not_seen")


def test_cap_d4_an_appeal_that_runs_ends_kindly_once_its_decision_is_superseded(it: Appealing) -> None:
    session = it.world.session
    first = it.decision()
    appeal_id = it.with_panel(about=About(decision_id=first))
    appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)
    it.decision(by="leah", supersedes=first)
    appeal_deciding.overtake(session, first, it.now)
    appeal_deciding.overtake(session, first, it.now)
    appeal = seen(it, appeal_id)
    assert (appeal.state, appeal.outcome, appeal.clock) == (AppealState.OVERTAKEN, None, None)
    assert kinds(appeal).count(AppealStepKind.OVERTAKEN) == 1
    assert told(it, "sam") == 1


def test_an_appeal_is_taken_back_without_a_reason_until_the_outcome(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel()
    appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)
    with pytest.raises(NotHere):
        appeal_sending.withdraw(session, it.who("kim"), appeal_id, it.now)
    appeal_sending.withdraw(session, it.who("sam"), appeal_id, it.now)
    appeal_sending.withdraw(session, it.who("sam"), appeal_id, it.now)
    appeal = seen(it, appeal_id)
    assert (appeal.state, appeal.outcome) == (AppealState.WITHDRAWN, None)
    assert appeal.words
    with refused("not_now"):
        appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)


def appealed(it: Appealing, outcome: AppealOutcome) -> UUID:
    """A signed observation of Sam's with this outcome of an appeal about one point of it."""
    session = it.world.session
    observation_id = it.world.answered()
    it.world.sign("jo", observation_id)
    appeal_id = it.with_panel(about=About(observation_id=observation_id, criterion=a_criterion(it, observation_id)))
    assert session.get_one(ObservationRow, observation_id).state is State.RELEASED
    appeal_deciding.write(session, it.who("kim"), appeal_id, outcome, "It was described otherwise.", it.now)
    digest = appeal_deciding.digest_of_outcome(appeal_id, outcome, "It was described otherwise.")
    assert appeal_deciding.agree(session, it.who("uma"), appeal_id, digest, it.now).decided
    return observation_id


def test_cap_d4_an_observation_that_is_looked_at_again_counts_until_another_observer_saw_a_new_one(
    it: Appealing,
) -> None:
    session = it.world.session
    observation_id = appealed(it, AppealOutcome.AGAIN)
    assert session.get_one(ObservationRow, observation_id).state is State.RELEASED
    it.later(days=1)
    by_the_same = it.world.answered()
    it.world.sign("jo", by_the_same)
    assert session.get_one(ObservationRow, observation_id).state is State.RELEASED
    by_another = it.world.answered()
    vic = it.who("vic").person_id
    session.execute(update(ObserverRow).where(ObserverRow.observation_id == by_another).values(person_id=vic))
    session.execute(update(AssessmentRow).where(AssessmentRow.observation_id == by_another).values(observer_id=vic))
    session.expire_all()
    assert session.get_one(ObservationRow, observation_id).state is State.RELEASED
    it.world.sign("jo", by_another)
    states = [session.get_one(ObservationRow, id_).state for id_ in (observation_id, by_the_same, by_another)]
    assert states == [State.RECONSIDERED, State.RELEASED, State.RELEASED]


def test_cap_d4_an_observation_of_which_a_panel_thinks_otherwise_is_reconsidered(it: Appealing) -> None:
    session = it.world.session
    observation_id = appealed(it, AppealOutcome.CHANGED)
    assert session.get_one(ObservationRow, observation_id).state is State.RECONSIDERED
    with refused("superseded"):
        appeal_sending.begin(session, it.who("sam"), About(observation_id=observation_id), it.now)


def test_an_observation_is_appealed_once_it_is_signed_as_a_whole_or_in_one_point(it: Appealing) -> None:
    session, sam = it.world.session, it.who("sam")
    observation_id = it.world.answered()
    with pytest.raises(NotHere):
        appeal_sending.begin(session, sam, About(observation_id=observation_id), it.now)
    it.world.sign("jo", observation_id)
    with pytest.raises(NotHere):
        appeal_sending.begin(session, sam, About(observation_id=observation_id, criterion="nothing"), it.now)
    whole = appeal_sending.begin(session, sam, About(observation_id=observation_id), it.now)
    point = appeal_sending.begin(
        session, sam, About(observation_id=observation_id, criterion=a_criterion(it, observation_id)), it.now
    )
    assert whole != point
    assert appeal_sending.begin(session, sam, About(observation_id=observation_id), it.now) == whole


@pytest.mark.parametrize(("then", "now_days", "in_the_end"), [(60, 14, 60), (20, 90, 90)])
def test_cap_d4_newer_terms_take_nobodys_time_to_appeal_and_may_give_more(
    it: Appealing, then: int, now_days: int, in_the_end: int
) -> None:
    session, sam, lea = it.world.session, it.who("sam"), it.who("lea")
    first = appeal_terms.publish(session, lea, replace(USUAL, file_days=then), after=1, now=it.now)
    it.later(days=1)
    observation_id = it.world.answered()
    it.world.sign("jo", observation_id)
    read_on = it.now.date()
    it.later(days=2)
    appeal_terms.publish(session, lea, replace(USUAL, file_days=now_days), after=first.number, now=it.now)
    appeal_id = appeal_sending.begin(session, sam, About(observation_id=observation_id), it.now)
    assert session.get_one(AppealRow, appeal_id).file_by == read_on + timedelta(days=in_the_end)


def test_ux_d3_whoever_helps_writes_the_draft_with_the_trainees_link_and_cannot_send_it(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.draft()
    last = appeal_helping.good_until(it.now)
    assert appeal_helping.draft(session, appeal_id, last, it.now).words
    appeal_helping.save(session, appeal_id, {"words": "Better words.", "why_late": "x"}, it.now)
    assert seen(it, appeal_id).words == "Better words."
    assert seen(it, appeal_id).why_late is None
    with pytest.raises(NotHere):
        appeal_helping.draft(session, appeal_id, last, it.now + 16 * DAY)
    appeal_sending.send(session, it.who("sam"), appeal_id, it.now)
    with pytest.raises(NotHere):
        appeal_helping.save(session, appeal_id, {"words": "Too late."}, it.now)


def test_lists_show_each_their_own(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel("kim")
    appeal_panels.invite(session, it.who("leah"), appeal_id, it.who("uma").person_id, it.now)
    assert [line.id for line in appeal_lists.own(session, it.who("sam"))] == [appeal_id]
    assert [line.id for line in appeal_lists.to_decide(session, it.who("leah"))] == [appeal_id]
    assert appeal_lists.to_decide(session, it.who("kim"))[0].member
    assert appeal_lists.to_decide(session, it.who("uma"))[0].invited
    assert not appeal_lists.to_decide(session, it.who("vic"))
    assert not appeal_lists.own(session, it.who("noor"))


def test_what_is_sent_is_not_rewritten_and_a_second_question_waits_for_the_first_answer(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel()
    with refused("sent_already"):
        appeal_sending.save(session, it.who("sam"), appeal_id, {"words": "Otherwise."}, it.now)
    with refused("question"):
        appeal_deciding.ask(session, it.who("kim"), appeal_id, " ", it.now)
    appeal_deciding.ask(session, it.who("kim"), appeal_id, "Which day in May?", it.now)
    with refused("asked_already"):
        appeal_deciding.ask(session, it.who("uma"), appeal_id, "And where?", it.now)


def test_whoever_accepted_is_not_taken_off_the_panel_by_others(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel("kim")
    (member,) = session.scalars(select(AppealMemberRow).where(AppealMemberRow.appeal_id == appeal_id))
    with refused("sits_already"):
        appeal_panels.take_off(session, it.who("leah"), appeal_id, member.id, it.now)


@pytest.mark.parametrize(
    ("name", "email", "code"), [(" ", "ana@school.example", "name_needed"), ("Ana", "ana", "email_needed")]
)
def test_somebody_from_outside_is_invited_by_a_name_at_an_address(
    it: Appealing, name: str, email: str, code: str
) -> None:
    appeal_id = it.acknowledged()
    with refused(code):
        appeal_panels.invite_from_outside(
            it.world.session, it.who("leah"), appeal_id, name=name, email=email, secret_keys=("k" * 32,), now=it.now
        )


def test_what_is_done_twice_changes_nothing_and_what_is_not_its_turn_is_refused(it: Appealing) -> None:
    session, sam, leah = it.world.session, it.who("sam"), it.who("leah")
    appeal_id = it.sent()
    it.seat(appeal_id, "kim")
    with refused("not_acknowledged"):
        appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)
    for _ in range(2):
        appeal_deciding.acknowledge(session, leah, appeal_id, it.now)
        appeal_panels.accept(session, it.who("kim"), appeal_id, it.now)
    assert kinds(seen(it, appeal_id)).count(AppealStepKind.ACKNOWLEDGED) == 1
    with refused("not_now"):
        appeal_deciding.agree(session, it.who("kim"), appeal_id, "0" * 64, it.now)
    with refused("not_now"):
        appeal_deciding.take_up(session, leah, appeal_id, it.now)
    with refused("not_now"):
        appeal_deciding.do_not_take_up(session, leah, appeal_id, "Too late.", it.now)
    with refused("not_now"):
        appeal_deciding.give_time(session, leah, appeal_id, it.now)
    with refused("not_now"):
        appeal_sending.take_more_time(session, sam, appeal_id, it.now)
    appeal_deciding.ask(session, it.who("kim"), appeal_id, "Which days in May?", it.now)
    before = kinds(seen(it, appeal_id))
    appeal_deciding.give_time(session, leah, appeal_id, it.now)
    assert kinds(seen(it, appeal_id)) == before
    with refused("too_long"):
        appeal_sending.answer(session, sam, appeal_id, "x" * (appeals.LONGEST + 1), it.now)
    appeal_sending.withdraw(session, sam, appeal_id, it.now)
    for act in (
        lambda: appeal_deciding.acknowledge(session, leah, appeal_id, it.now),
        lambda: appeal_panels.invite(session, leah, appeal_id, it.who("uma").person_id, it.now),
        lambda: appeal_sending.answer(session, sam, appeal_id, "The last three.", it.now),
    ):
        with refused("not_now"):
            act()


def test_a_panel_of_one_decides_with_one_word_and_then_nothing_is_taken_back(it: Appealing) -> None:
    session = it.world.session
    appeal_terms.publish(session, it.who("lea"), replace(USUAL, panel_size=1), after=1, now=it.now)
    appeal_id = it.with_panel("kim")
    done = appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)
    assert done.decided
    assert seen(it, appeal_id).reasons == "Because."
    with refused("not_now"):
        appeal_sending.withdraw(session, it.who("sam"), appeal_id, it.now)


def test_whoever_wrote_the_outcome_may_leave_and_the_words_stay_for_those_who_go_on(it: Appealing) -> None:
    session = it.world.session
    appeal_id = it.with_panel("kim", "uma", "vic")
    for _ in range(2):  # the same words again ask nobody anew
        appeal_deciding.write(session, it.who("kim"), appeal_id, AppealOutcome.STANDS, "Because.", it.now)
    digest = appeal_deciding.digest_of_outcome(appeal_id, AppealOutcome.STANDS, "Because.")
    appeal_panels.step_aside(session, it.who("kim"), appeal_id, it.now)
    assert session.get_one(AppealRow, appeal_id).written_by is None
    assert seen(it, appeal_id, "uma").reasons == "Because."
    assert not appeal_deciding.agree(session, it.who("uma"), appeal_id, digest, it.now).decided
    assert appeal_deciding.agree(session, it.who("vic"), appeal_id, digest, it.now).decided


def test_a_lead_asks_by_name_takes_off_who_did_not_answer_and_asks_nobody_in_two_ways(it: Appealing) -> None:
    session, leah, kim = it.world.session, it.who("leah"), it.who("kim")
    appeal_id = it.acknowledged()
    assert appeal_panels.possible(session, leah, appeal_id, " ") == ()
    with pytest.raises(NotHere):
        appeal_panels.possible(session, kim, appeal_id, "uma")
    appeal_panels.invite(session, leah, appeal_id, kim.person_id, it.now)
    (member,) = session.scalars(select(AppealMemberRow).where(AppealMemberRow.appeal_id == appeal_id))
    with pytest.raises(NotHere):  # who did not accept is known to nobody but the leads
        appeal_panels.keep_apart(session, it.who("sam"), appeal_id, member.id, it.now)
    for _ in range(2):
        appeal_panels.take_off(session, leah, appeal_id, member.id, it.now)
    with pytest.raises(NotHere):
        seen(it, appeal_id, "kim")
    with pytest.raises(NotHere):
        appeal_panels.take_off(session, leah, appeal_id, new_id(), it.now)
    outside = {"name": "Ana", "email": "ana@school.example", "secret_keys": ("k" * 32,), "now": it.now}
    assert appeal_panels.invite_from_outside(session, leah, appeal_id, **outside).name == "Ana"
    ana = session.scalars(select(AppealMemberRow.person_id).where(AppealMemberRow.ended_at.is_(None))).one()
    session.add(
        GrantRow(
            id=new_id(), organization_id=it.world.organization_id, person_id=ana, capability=Capability.AUDITOR,
            granted_at=it.now,
        )
    )  # fmt: skip
    session.flush()
    with refused("has_other_ways"):
        appeal_panels.invite_from_outside(session, leah, appeal_id, **outside)


def test_ux_d3_a_mentor_begins_for_them_and_finds_neither_their_own_draft_nor_their_earlier_words(
    it: Appealing,
) -> None:
    session, kim = it.world.session, it.who("kim")
    first = it.decision()
    about = About(decision_id=first)
    with pytest.raises(NotHere):
        appeal_sending.begin(session, kim, about, it.now)
    session.add(
        AssignmentRow(
            id=new_id(), organization_id=it.world.organization_id, course_id=it.world.place(kim).course.id,
            assigned_as=AssignedAs.MENTOR, trainee_id=it.who("sam").person_id, person_id=kim.person_id,
            assigned_at=it.now,
        )
    )  # fmt: skip
    session.flush()
    own = it.draft(about)
    with refused("begun"):
        appeal_sending.begin(session, kim, about, it.now)
    appeal_deciding.overtake(session, first, it.now)
    second = About(decision_id=it.decision(by="leah", supersedes=first))
    with pytest.raises(NotHere):
        appeal_sending.begin(session, kim, second, it.now, like=own)
    with pytest.raises(NotHere):  # not released yet
        appeal_sending.begin(session, it.who("sam"), second, it.now - DAY)
    with pytest.raises(NotHere):
        appeal_sending.begin(session, it.who("sam"), About(), it.now)
    with pytest.raises(NotHere):
        appeal_terms.edition(session, new_id(), session.get_one(AppealRow, own).terms_id)
