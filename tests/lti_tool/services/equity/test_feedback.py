"""Feedback on supervision, sites and feedback: after the own outcome, of three people, never of one."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from grading.appeals import AppealOutcome, AppealState
from grading.evidence import Outcome
from grading.feedback_blocks import FeedbackAbout
from lti_tool import periodic
from lti_tool.services.asking import ask
from lti_tool.services.certification.appeal_terms import terms_in_force
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import merging
from lti_tool.services.equity import (
    feedback_minimum,
    feedback_reading,
    feedback_releases,
    feedback_subjects,
    feedback_writing,
)
from lti_tool.services.equity.feedback_shown import about_of
from lti_tool.services.equity.reports import digest
from lti_tool.services.observations import finishing
from lti_tool.store.appeals import AppealRow
from lti_tool.store.base import new_id
from lti_tool.store.equity import FeedbackRow, ReleaseRow
from lti_tool.store.people import MembershipRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.sites import PlacementRow, SiteRow
from rubrics.refusal import Refused
from tests.databases import without_table
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.feedback_rows import enrolled, first_night, say, shown, supervised
from tests.lti_tool.services.path_rows import program_lead

THREE = ("ana", "ben", "cem")


@pytest.fixture
def three(world: World) -> World:
    """Ana, Ben and Cem, whom Jo supervised and who are certified."""
    supervised(world, *THREE)
    enrolled(world, *THREE)
    return world


def view(world: World, row: ReleaseRow, who: str = "jo", *, leads: bool = False) -> feedback_reading.BlockView:
    return feedback_reading.block(world.session, world.visitor(who), row.id, leads=leads)


def test_cap_e4_feedback_is_released_at_three_and_not_at_two(three: World) -> None:
    say(three, "ana", "First.")
    say(three, "ben", "Second.")
    assert not shown(three)
    say(three, "cem", "Third.")
    (block,) = shown(three)
    assert block.rules["minimum"] == 3
    found = view(three, block)
    assert sorted(found.words) == ["First.", "Second.", "Third."]
    assert found.middle == {"listened": 4, "say_no": None, "knew": None, "helped": 2}


def test_cap_e4_nothing_is_released_in_the_month_in_which_the_third_wrote(three: World) -> None:
    for who in THREE:
        say(three, who)
    assert feedback_releases.release_due(three.session, three.organization_id, three.now + timedelta(hours=1)) == 0


@pytest.mark.parametrize("outcome", [None, Outcome.NOT_YET, Outcome.SUSPENDED])
def test_cap_e4_nothing_is_released_before_the_own_outcome_is_final(world: World, outcome: Outcome | None) -> None:
    supervised(world, *THREE)
    enrolled(world, "ana", "ben")
    world.session.flush()
    with_one_more(world, "cem", outcome)
    for who in THREE:
        say(world, who)
    assert not shown(world, 1)
    assert not shown(world, 12)


def with_one_more(world: World, who: str, outcome: Outcome | None) -> None:
    """Somebody else on the way through the same program."""
    other = world.session.scalars(select(EnrollmentRow)).first()
    assert other is not None
    row = EnrollmentRow(
        id=new_id(), organization_id=world.organization_id, program_id=other.program_id, version_id=other.version_id,
        person_id=world.visitor(who, TRAINEE).person_id, entered_on=other.entered_on, enrolled_at=other.enrolled_at,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    if outcome is not None:
        decided(world, row, world.now.date(), outcome)


def test_a_decision_that_can_be_appealed_is_not_final(world: World) -> None:
    supervised(world, *THREE)
    enrolled(world, *THREE, appeal_until=first_night(world).date() + timedelta(days=10))
    for who in THREE:
        say(world, who)
    assert not shown(world, 1)
    assert len(shown(world, 2)) == 1


@pytest.mark.parametrize(
    ("state", "outcome", "blocks"),
    [
        (AppealState.WITH_PANEL, None, 0),
        (AppealState.DECIDED, AppealOutcome.CHANGED, 0),
        (AppealState.DECIDED, AppealOutcome.STANDS, 1),
        (AppealState.WITHDRAWN, None, 1),
    ],
)
def test_while_something_can_come_of_an_appeal_the_outcome_is_not_final(
    world: World, state: AppealState, outcome: AppealOutcome | None, blocks: int
) -> None:
    supervised(world, *THREE)
    decision_id, *_ = enrolled(world, *THREE)
    appeal(world, "ana", decision_id, state, outcome)
    for who in THREE:
        say(world, who)
    assert len(shown(world, 3)) == blocks


def appeal(world: World, who: str, decision_id: UUID, state: AppealState, outcome: AppealOutcome | None) -> None:
    trainee = world.visitor(who).person_id
    world.session.add(
        AppealRow(
            id=new_id(), organization_id=world.organization_id, trainee_id=trainee, decision_id=decision_id,
            terms_id=terms_in_force(world.session, world.organization_id, world.now).id, state=state, begun_by=trainee,
            begun_at=world.now, sent_at=world.now, file_by=world.now.date(), outcome=outcome,
            reasons="Words" if outcome else None,
            ended_at=None if state is AppealState.WITH_PANEL else world.now + timedelta(days=1),
        )
    )  # fmt: skip
    world.session.flush()


def test_without_a_program_the_outcome_is_the_observations_and_any_time_to_appeal_is_over(world: World) -> None:
    supervised(world, "ana", "ben")
    enrolled(world, "ana", "ben")
    observation_id = world.answered()
    world.sign("jo", observation_id)
    finishing.finalize_due(world.session, world.now + timedelta(days=2))
    for who in ("ana", "ben", "sam"):
        say(world, who)
    assert len(shown(world, 1)) + len(shown(world, 3)) == 1


def test_an_observation_that_goes_on_holds_it_back_and_leaving_the_course_does_not(world: World) -> None:
    supervised(world, "ana", "ben", "sam")
    enrolled(world, "ana", "ben")
    world.share()
    for who in ("ana", "ben", "sam"):
        say(world, who)
    assert not shown(world, 6)
    membership = world.session.scalars(
        select(MembershipRow).where(MembershipRow.person_id == world.visitor("sam").person_id)
    ).one()
    membership.ended_at = world.now
    world.session.flush()
    assert len(shown(world, 6)) == 1


def test_cap_e4_a_later_release_needs_three_of_its_own_and_the_earlier_one_stays(three: World) -> None:
    later = ("dia", "eli", "fay")
    supervised(three, *later)
    for who in later:
        with_one_more(three, who, Outcome.CERTIFIED)
    for who in THREE:
        say(three, who, answers={"listened": 5})
    (first,) = shown(three)
    assert first.digest != digest(first.document)  # so few answers are possible that it would tell them
    before = (first.digest, dict(first.document), dict(first.rules))
    three.now = first_night(three)
    for who in later[:2]:
        say(three, who, answers={"listened": 1})
    assert shown(three, 1) == [first]
    say(three, later[2], answers={"listened": 1})
    again, second = shown(three, 1)
    assert (again.digest, again.document, again.rules) == before
    assert second.document["middle"]["listened"] == 1
    assert not set(first.rules["feedback"]) & set(second.rules["feedback"])


def test_running_twice_releases_nothing_twice(three: World) -> None:
    for who in THREE:
        say(three, who)
    assert shown(three) == shown(three) == shown(three, 2)


def test_the_worker_makes_what_is_due_at_night_and_no_person_does(
    three: World, sessions: sessionmaker[Session]
) -> None:
    for who in THREE:
        say(three, who)
    three.session.commit()
    with capture_logs() as said, without_table(sessions.kw["bind"], "released_report"):
        periodic.show_feedback(sessions)
    assert [one["event"] for one in said] == ["feedback broke off"]
    periodic.show_feedback(sessions)
    with sessions() as session:
        (block,) = session.scalars(select(ReleaseRow))
        assert block.released_by is None


def test_an_organization_may_ask_for_more_people_and_never_for_fewer(three: World) -> None:
    lea = program_lead(three)
    with pytest.raises(Refused):
        feedback_minimum.choose(three.session, lea, 2, three.now)
    feedback_minimum.choose(three.session, lea, 4, three.now)
    feedback_minimum.choose(three.session, lea, 5, three.now)
    say(three, "ana")
    feedback_minimum.choose(three.session, lea, 3, three.now)
    for who in THREE[1:]:
        say(three, who)
    assert not shown(three), "Ana was told of five"
    say(three, "ana", "Told of three now.")
    assert len(shown(three)) == 1


def test_in_a_month_in_which_the_number_was_chosen_nothing_is_shown_so_that_nobody_tries_one_after_the_other(
    three: World,
) -> None:
    for who in THREE:
        say(three, who)
    feedback_minimum.choose(three.session, program_lead(three), 3, first_night(three))
    assert not shown(three, 1)
    assert len(shown(three, 2)) == 1


def test_until_it_is_shown_it_can_be_changed_and_taken_back_and_afterwards_its_words(three: World) -> None:
    for who in THREE:
        say(three, who, f"Words of {who}")
    ana, ben = three.visitor("ana"), three.visitor("ben")
    say(three, "ana", "Other words", {"listened": 1})
    (row,) = three.session.scalars(select(FeedbackRow).where(FeedbackRow.by_person_id == ana.person_id))
    assert (row.answers, row.words) == ({"listened": 1}, "Other words")
    assert feedback_writing.take_back(three.session, ana, row.id) is True
    assert not feedback_writing.given(three.session, ana)
    say(three, "ana", "Once more")
    (block,) = shown(three)
    figures = dict(block.document)
    with pytest.raises(Refused, match="shown together"):
        say(three, "ana", "Too late")
    (own,) = feedback_writing.given(three.session, ben)
    assert own.shown_since == block.released_at
    assert feedback_writing.take_back(three.session, ben, own.id) is False
    assert sorted(view(three, block).words) == ["Once more", "Words of cem"]
    assert block.document == figures


def test_the_database_keeps_what_somebody_said_of_somebody_once(three: World) -> None:
    say(three, "ana")
    (row,) = three.session.scalars(select(FeedbackRow))
    again = FeedbackRow(
        id=new_id(), organization_id=row.organization_id, by_person_id=row.by_person_id, about=row.about,
        of_person_id=row.of_person_id, answers={}, words=None, minimum=3, written_at=three.now,
    )  # fmt: skip
    three.session.add(again)
    with pytest.raises(IntegrityError):
        three.session.flush()


def test_nobody_takes_back_what_another_said(three: World) -> None:
    say(three, "ana")
    (own,) = feedback_writing.given(three.session, three.visitor("ana"))
    for who in ("ben", "jo", "ines"):
        with pytest.raises(NotHere):
            feedback_writing.take_back(three.session, three.visitor(who), own.id)


def test_nothing_tells_who_gave_feedback(three: World) -> None:
    for who in THREE:
        say(three, who, "Words")
    before = three.session.scalars(select(AuditEntryRow.id)).all()
    (block,) = shown(three)
    people = {str(three.visitor(who).person_id) for who in THREE}
    new = three.session.scalars(select(AuditEntryRow).where(AuditEntryRow.id.not_in(before))).all()
    assert [entry.act for entry in new] == ["feedback.show"]
    every = three.session.scalars(select(AuditEntryRow)).all()
    assert not any(entry.act.startswith("feedback") and str(entry.person_id) in people for entry in every)
    assert not any(person in str(block.document) + str(block.rules) for person in people)


def test_whom_it_is_about_reads_it_and_other_supervisors_and_the_rest_do_not(three: World) -> None:
    for who in THREE:
        say(three, who)
    (block,) = shown(three)
    lea = program_lead(three)
    assert view(three, block, "lea", leads=True).line.name == view(three, block).line.name == "Jo Example"
    for who in ("amara", "ana", "ines"):
        with pytest.raises(NotHere):
            view(three, block, who)
    assert [line.id for line in feedback_reading.of_everybody(three.session, lea)] == [block.id]
    assert [line.id for line in feedback_reading.of_visitor(three.session, three.visitor("jo"))] == [block.id]
    assert not feedback_reading.of_visitor(three.session, three.visitor("amara"))


def test_only_who_was_there_says_something(world: World) -> None:
    sam, jo, amara = world.visitor("sam"), world.visitor("jo"), world.visitor("amara")
    with pytest.raises(NotHere):
        feedback_subjects.one_person(world.session, sam, jo.person_id)
    observation_id = world.answered()
    with pytest.raises(NotHere):
        feedback_subjects.writers(world.session, sam, observation_id)
    world.sign("jo", observation_id)
    (about_words,) = feedback_subjects.writers(world.session, sam, observation_id)
    assert (about_words.name, about_words.about) == ("Jo Example", FeedbackAbout.FEEDBACK)
    assert [subject.name for subject in feedback_subjects.people(world.session, sam)] == ["Jo Example"]
    for stranger in (jo, world.visitor("noor")):
        with pytest.raises(NotHere):
            feedback_subjects.writers(world.session, stranger, observation_id)
    with pytest.raises(NotHere):
        feedback_subjects.one_person(world.session, sam, amara.person_id)


def test_feedback_on_feedback_is_read_by_program_leads_alone(three: World) -> None:
    observation_id = signed(three)
    for who in THREE:
        three.session.add(on_feedback(three, who, observation_id))
    three.session.flush()
    (block,) = shown(three)
    lea = program_lead(three)
    assert feedback_reading.block(three.session, lea, block.id, leads=True).middle["seen"] == 5
    with pytest.raises(NotHere):
        view(three, block)
    assert not feedback_reading.of_visitor(three.session, three.visitor("jo"))


def test_whoever_wrote_feedback_does_not_read_what_was_said_of_it_as_a_program_lead_either(three: World) -> None:
    observation_id = signed(three)
    for who in THREE:
        three.session.add(on_feedback(three, who, observation_id))
        say(three, who)
    three.session.flush()
    blocks = {about_of(row): row for row in shown(three)}
    lea, jo = program_lead(three), program_lead(three, "jo")
    with pytest.raises(NotHere):
        view(three, blocks[FeedbackAbout.FEEDBACK], leads=True)
    of_supervision = blocks[FeedbackAbout.SUPERVISOR].id
    assert [line.id for line in feedback_reading.of_everybody(three.session, jo)] == [of_supervision]
    assert len(feedback_reading.of_everybody(three.session, lea)) == 2
    assert view(three, blocks[FeedbackAbout.SUPERVISOR], leads=True).line.id == of_supervision


def test_what_was_said_can_be_found_and_taken_back_also_where_the_observation_was_taken_back(world: World) -> None:
    sam, jo = world.visitor("sam"), world.visitor("jo")
    observation_id = world.answered()
    say(world, "sam")
    ask.withdraw(world.session, sam, observation_id, world.now)
    assert [one.name for one in feedback_subjects.people(world.session, sam)] == ["Jo Example"]
    (own,) = feedback_writing.given(world.session, sam)
    assert feedback_writing.take_back(world.session, sam, own.id)
    with pytest.raises(NotHere):
        feedback_subjects.one_person(world.session, sam, jo.person_id)


def signed(world: World) -> UUID:
    observation_id = world.answered()
    world.sign("jo", observation_id)
    return observation_id


def on_feedback(world: World, who: str, observation_id: UUID, *, of: str = "jo") -> FeedbackRow:
    return FeedbackRow(
        id=new_id(), organization_id=world.organization_id, by_person_id=world.visitor(who).person_id,
        about=FeedbackAbout.FEEDBACK, of_person_id=world.visitor(of).person_id, observation_id=observation_id,
        answers={"seen": 5}, words=None, minimum=3, written_at=world.now,
    )  # fmt: skip


def test_a_site_is_spoken_of_by_those_who_were_placed_there_and_read_by_program_leads(three: World) -> None:
    site = SiteRow(
        id=new_id(), organization_id=three.organization_id, name="Harbor House", models=[], settings=[],
        made_by=three.visitor("ines").person_id, made_at=three.now, changed_at=three.now,
    )  # fmt: skip
    three.session.add(site)
    three.session.flush()
    course_id = three.place(three.visitor("ines")).course.id
    for who in THREE:
        visitor = three.visitor(who)
        three.session.add(
            PlacementRow(
                id=new_id(), organization_id=three.organization_id, course_id=course_id, trainee_id=visitor.person_id,
                site_id=site.id, begins_on=three.now.date(), without_agreement=False, made_by=site.made_by,
                made_at=three.now,
            )
        )  # fmt: skip
        three.session.flush()
        subject = feedback_subjects.one_site(three.session, visitor, site.id)
        feedback_writing.say(three.session, visitor, subject, {"safe": 3, "unknown": 4, "role": 9}, "", three.now)
    (block,) = shown(three)
    lea = program_lead(three)
    found = feedback_reading.block(three.session, lea, block.id, leads=True)
    assert (found.line.name, found.middle) == ("Harbor House", {"safe": 3, "role": None, "there": None})
    with pytest.raises(NotHere):
        feedback_subjects.one_site(three.session, three.visitor("sam"), site.id)


def test_two_who_turn_out_to_be_one_trainee_count_as_one(three: World) -> None:
    for who in THREE:
        say(three, who)
    ben, cem = three.visitor("ben"), three.visitor("cem")
    stays = merging.merge(three.session, ben, cem.person_id, three.now)
    assert stays in (ben.person_id, cem.person_id)
    assert not shown(three)


def test_two_who_turn_out_to_be_one_supervisor_are_spoken_of_as_one(three: World) -> None:
    supervised(three, "ana", "cem", by="amara")
    say(three, "ana", of="amara")
    say(three, "cem", of="amara")
    say(three, "ana")
    say(three, "ben")
    observation_id = signed(three)
    for who in ("jo", "amara"):
        three.session.add(on_feedback(three, "sam", observation_id, of=who))
    three.session.flush()
    assert not shown(three)
    jo, amara = three.visitor("jo"), three.visitor("amara")
    stays = merging.merge(three.session, jo, amara.person_id, three.now)
    (block,) = shown(three)
    assert block.of_person_id == stays
    assert len(block.rules["feedback"]) == 4
    (own, *_) = feedback_writing.given(three.session, three.visitor("ana"))
    assert own.shown_since == block.released_at
    of_feedback = feedback_writing.given(three.session, three.visitor("sam"))
    assert [one.person_id for one in of_feedback] == [stays, stays]


def test_what_is_erased_is_shown_no_more_and_the_figures_stay(three: World) -> None:
    observation_id = signed(three)
    for who in THREE:
        row = on_feedback(three, who, observation_id)
        row.words = f"Words of {who}"
        three.session.add(row)
    three.session.flush()
    (block,) = shown(three)
    figures = dict(block.document)
    of_ana = FeedbackRow.by_person_id == three.visitor("ana").person_id
    three.session.execute(delete(FeedbackRow).where(of_ana))
    lea = program_lead(three)
    found = feedback_reading.block(three.session, lea, block.id, leads=True)
    assert sorted(found.words) == ["Words of ben", "Words of cem"]
    assert block.document == figures
    assert shown(three, 2) == [block]


@pytest.mark.parametrize(
    ("answers", "words", "code"),
    [({}, "  ", "nothing"), ({"listened": 7}, "", "nothing"), ({}, "x" * 2001, "too_long")],
)
def test_what_is_empty_or_too_long_is_refused_with_what_helps(
    three: World, answers: dict[str, int], words: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        say(three, "ana", words, answers)
    assert refused.value.code == code
