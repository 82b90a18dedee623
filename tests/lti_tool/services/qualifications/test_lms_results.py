"""Trainings of a course: met from results of the LMS, or noted by who instructs it."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from grading.ledger import Source
from grading.proof import Answer
from lti_tool import periodic, worker
from lti_tool.lti import answers
from lti_tool.lti.results import Result
from lti_tool.queue import Kind
from lti_tool.services.asking import recusal
from lti_tool.services.courses.places import NotHere
from lti_tool.services.qualifications import lms_results, lms_results_reading
from lti_tool.services.qualifications.attestations import Typed
from lti_tool.services.qualifications.lms_results import Chosen, CourseProgram
from lti_tool.services.standing import standings
from lti_tool.store.ledger import AttestationRow, LmsResultRuleRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.people import LmsAccountRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import on_the_way
from tests.lti_tool.services.reading import Column
from tests.lti_tool.services.scores.test_reading_back import Odd

TEXT = """
id = "trained"
name = "Peer support"
body = "Our program"
time_zone = "UTC"

[names]
category = ["ethics", "advocacy"]

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "ethics"
stage = "initial"
title = "6 hours of ethics"
at_least = "6 hours"
of = { kind = "training", where = { category = "ethics" } }
"""
COLUMN = "https://lms.school.example/items/7"


@pytest.fixture
def enrollment(world: World) -> EnrollmentRow:
    return on_the_way(world, "sam", TEXT)


def here(world: World, enrollment: EnrollmentRow) -> CourseProgram:
    return lms_results.program(world.session, world.place(world.visitor("ines")), enrollment.program_id)


def rule(world: World, enrollment: EnrollmentRow, at_least: str = "80", url: str = COLUMN) -> UUID:
    ines, program = world.visitor("ines"), here(world, enrollment)
    chosen = Chosen(url, "Ethics quiz", {}, "6", at_least)
    return lms_results.make_rule(world.session, ines, world.place(ines), program, program.things[0], chosen, world.now)


def sub(world: World, who: str = "sam") -> str:
    person_id = world.visitor(who).person_id
    return world.session.scalars(select(LmsAccountRow.sub).where(LmsAccountRow.person_id == person_id)).one()


def shows(world: World, rule_id: UUID, share: str | None, who: str = "sam") -> None:
    result = Result(sub(world, who), None if share is None else Decimal(share), None)
    lms_results_reading.settle(world.session, rule_id, [result], world.now)


def ethics(world: World, enrollment: EnrollmentRow) -> Answer:
    found = standings.stands(world.session, enrollment, world.now).standing
    return found.stages[0].requirements[0].proof.answer


def told(world: World, who: str) -> set[str]:
    rows = select(MessageRow.path).where(MessageRow.person_id == world.visitor(who).person_id)
    return set(world.session.scalars(rows))


def test_cap_b16_a_result_at_the_threshold_flips_the_item_to_met(world: World, enrollment: EnrollmentRow) -> None:
    rule_id = rule(world, enrollment)
    shows(world, rule_id, "0.79")
    assert ethics(world, enrollment) is Answer.NOT_YET
    shows(world, rule_id, "0.8")
    shows(world, rule_id, "0.8")
    assert ethics(world, enrollment) is Answer.MET
    row = world.session.scalars(select(AttestationRow)).one()
    assert (row.source, row.amount, row.said) == (Source.LMS, Decimal(6), {"category": ["ethics"]})
    assert f"/path/{enrollment.id}/statements" in told(world, "sam")


def test_a_result_that_falls_below_later_is_taken_back_and_both_are_told(
    world: World, enrollment: EnrollmentRow
) -> None:
    rule_id = rule(world, enrollment)
    shows(world, rule_id, "0.9")
    shows(world, rule_id, "0.5")
    assert ethics(world, enrollment) is Answer.NOT_YET
    assert "/messages" in told(world, "ines")
    shows(world, rule_id, "1")
    assert ethics(world, enrollment) is Answer.MET


def test_a_cell_that_shows_nothing_changes_nothing(world: World, enrollment: EnrollmentRow) -> None:
    rule_id = rule(world, enrollment)
    shows(world, rule_id, "0.9")
    shows(world, rule_id, None)
    assert ethics(world, enrollment) is Answer.MET


def test_who_is_not_enrolled_is_noted_nowhere(world: World, enrollment: EnrollmentRow) -> None:
    shows(world, rule(world, enrollment), "1", "noor")
    assert world.session.scalars(select(AttestationRow)).all() == []


def test_a_problem_of_the_lms_is_kept_in_a_code_and_takes_nothing_back(world: World, enrollment: EnrollmentRow) -> None:
    rule_id = rule(world, enrollment)
    shows(world, rule_id, "1")
    lms_results_reading.settle(world.session, rule_id, answers.Answer.PLATFORM_TROUBLED, world.now)
    assert world.session.get_one(LmsResultRuleRow, rule_id).problem == "platform_troubled"
    assert ethics(world, enrollment) is Answer.MET


def test_the_same_rule_twice_is_one_rule_and_another_share_is_another(world: World, enrollment: EnrollmentRow) -> None:
    first = rule(world, enrollment)
    assert rule(world, enrollment) == first
    assert rule(world, enrollment, "60") != first
    place = world.place(world.visitor("ines"))
    assert len(lms_results.rules(world.session, place)) == 2
    lms_results.end_rule(world.session, world.visitor("ines"), place, first, world.now)
    assert len(lms_results.rules(world.session, place)) == 1


def test_a_column_is_chosen_says_so_many_things_and_is_let_go_once(world: World, enrollment: EnrollmentRow) -> None:
    with pytest.raises(Refused) as none:
        rule(world, enrollment, url="")
    assert none.value.code == "column"
    ines = world.visitor("ines")
    place, rule_id = world.place(ines), rule(world, enrollment)
    for later in range(2):
        lms_results.end_rule(world.session, ines, place, rule_id, world.now + timedelta(hours=later))
    assert world.session.get_one(LmsResultRuleRow, rule_id).ended_at == world.now
    with pytest.raises(NotHere):
        here(world, enrollment).thing("nothing")
    course = lms_results_reading.course_service(world.session, place.course.id, world.now)
    assert course is not None
    assert lms_results_reading.course_service(world.session, rule_id, world.now) is None
    assert lms_results_reading.is_of(course, f"{course.line_items_url}/7")
    assert not lms_results_reading.is_of(course, "https://elsewhere.example/items/7")
    assert not lms_results_reading.is_of(None, COLUMN)
    assert lms_results_reading.take(world.session, rule_id, world.now) is None


@pytest.mark.parametrize("share", ["", "0", "0.99", "100.01", "101", "most", "1.2.3", "66.667"])
def test_a_share_that_is_none_is_asked_for_again(world: World, enrollment: EnrollmentRow, share: str) -> None:
    with pytest.raises(Refused, match=r"from 1 to 100, .* at most two digits after the point") as refused:
        rule(world, enrollment, share)
    assert refused.value.code == "at_least"


def test_one_column_says_only_so_many_things(world: World, enrollment: EnrollmentRow) -> None:
    for number in range(lms_results.MOST_NUMBERS):
        rule(world, enrollment, str(50 + number))
    with pytest.raises(Refused) as refused:
        rule(world, enrollment, "90")
    assert refused.value.code == "column"
    shares = [one.percent for one in lms_results.rules(world.session, world.place(world.visitor("ines")))]
    assert sorted(shares) == [str(50 + number) for number in range(lms_results.MOST_NUMBERS)]


@pytest.mark.parametrize("share", ["82.5", "82,50 %", "٨٢٫٥٪"])
def test_a_share_is_read_as_people_write_it(world: World, enrollment: EnrollmentRow, share: str) -> None:
    kept = world.session.get_one(LmsResultRuleRow, rule(world, enrollment, share))
    assert kept.at_least == Decimal("0.825")


def test_a_share_is_kept_to_its_last_digit(world: World, enrollment: EnrollmentRow) -> None:
    for share, of_one in (("66.67", "0.6667"), ("1", "0.01"), ("100", "1")):
        rule_id = rule(world, enrollment, share)
        world.session.expire_all()
        assert world.session.get_one(LmsResultRuleRow, rule_id).at_least == Decimal(of_one)


def test_columns_are_read_when_asked_and_every_night(
    world: World, enrollment: EnrollmentRow, sessions: sessionmaker[Session]
) -> None:
    rule_id, place = rule(world, enrollment), world.place(world.visitor("ines"))
    assert lms_results_reading.due(world.session) == (rule_id,)
    assert lms_results_reading.take(world.session, rule_id, world.now) is None  # this LMS lets nobody read results
    assert world.session.get_one(LmsResultRuleRow, rule_id).problem == "column_not_offered"
    assert lms_results_reading.due(world.session) == ()
    assert lms_results_reading.every(world.session) == (rule_id,)
    world.session.commit()
    asked: list[tuple[Kind, UUID]] = []
    periodic.ask_for_results(sessions, lambda kind, one: asked.append((kind, one)))
    assert asked == [(Kind.RESULTS, rule_id)]
    lms_results.read_again(world.session, place, rule_id)
    assert lms_results_reading.due(world.session) == (rule_id,)


def test_a_reading_that_breaks_off_takes_nothing_back_and_says_so(
    world: World, enrollment: EnrollmentRow, sessions: sessionmaker[Session]
) -> None:
    rule_id = rule(world, enrollment)
    shows(world, rule_id, "0.9")
    column = Column(world)
    column.may_be_read()
    lms_results.read_again(world.session, world.place(world.visitor("ines")), rule_id)
    world.session.commit()
    with capture_logs() as said:
        worker.read_results(sessions, Odd(), rule_id)
    assert [one["event"] for one in said] == ["a reading of results broke off", "results read"]
    world.session.expire_all()
    assert world.session.get_one(LmsResultRuleRow, rule_id).problem == answers.Answer.NOT_UNDERSTOOD.value
    assert ethics(world, enrollment) is Answer.MET


def test_an_instructor_notes_for_those_who_finished(world: World, enrollment: EnrollmentRow) -> None:
    ines, program = world.visitor("ines"), here(world, enrollment)
    place, typed = world.place(ines), Typed(world.now.date() - timedelta(days=1), {}, "6")
    offered = lms_results.people(world.session, ines, place, program.id)
    assert offered == ((enrollment.id, "Sam Example"),)
    args = (world.session, ines, place, program, program.things[0], typed)
    assert lms_results.note_for_several(*args, [enrollment.id], world.now) == 1
    assert lms_results.note_for_several(*args, [enrollment.id], world.now) == 0
    assert ethics(world, enrollment) is Answer.MET
    for nobody in ([], [UUID(int=1)]):
        with pytest.raises(Refused) as refused:
            lms_results.note_for_several(*args, nobody, world.now)
        assert refused.value.code == "people"


def test_cap_c11_nobody_is_noted_by_somebody_with_a_conflict(world: World, enrollment: EnrollmentRow) -> None:
    ines = world.visitor("ines")
    recusal.declare(world.session, world.visitor("sam"), ines.person_id, world.now)
    assert lms_results.people(world.session, ines, world.place(ines), enrollment.program_id) == ()


def test_a_person_with_two_accounts_is_noted_once(world: World, enrollment: EnrollmentRow) -> None:
    rule_id = rule(world, enrollment)
    mine = Result(sub(world), Decimal(1), None)
    lms_results_reading.settle(world.session, rule_id, [mine, mine], world.now)
    assert len(world.session.scalars(select(AttestationRow)).all()) == 1


def test_a_rule_that_ended_meanwhile_notes_nothing(world: World, enrollment: EnrollmentRow) -> None:
    rule_id = rule(world, enrollment)
    world.session.execute(update(LmsResultRuleRow).values(ended_at=world.now))
    shows(world, rule_id, "1")
    assert world.session.scalars(select(AttestationRow)).all() == []
