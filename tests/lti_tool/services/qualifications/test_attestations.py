"""What is noted of somebody by people of the program, and what they say themselves by a tick."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from grading.evidence import Kind
from grading.ledger import Source
from grading.proof import Answer
from lti_tool.services.asking import recusal
from lti_tool.services.courses.places import NotHere
from lti_tool.services.qualifications import attestations
from lti_tool.services.qualifications.attestations import Typed
from lti_tool.services.standing import standings
from lti_tool.store.base import Base
from lti_tool.store.ledger import AttestationRow
from lti_tool.store.messages import MessageRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import on_the_way, program_lead

TEXT = """
id = "asks"
name = "Peer support"
body = "Our program"
time_zone = "UTC"

[names]
name = ["secondary_education", "lived_experience", "in_area"]

[[stages]]
key = "initial"
title = "Certification"

[[requirements]]
key = "education"
stage = "initial"
title = "Secondary education"
at_least = 1
of = { kind = "document", where = { name = "secondary_education" } }

[[requirements]]
key = "exam"
stage = "initial"
title = "The exam"
at_least = 1
of = { kind = "exam", where = { passed = ["yes", "no"], percent = { at_least = 70 } } }

[[requirements]]
key = "experience"
stage = "initial"
title = "Lived experience"
at_least = 1
of = { kind = "statement", where = { name = "lived_experience" } }

[[requirements]]
key = "area"
stage = "initial"
title = "You live or work in the area"
at_least = 1
of = { kind = "statement", where = { name = "in_area", amount = { at_least = 51 } } }
"""


@pytest.fixture
def enrollment(world: World) -> EnrollmentRow:
    return on_the_way(world, "sam", TEXT)


def answer(world: World, enrollment: EnrollmentRow, key: str) -> Answer:
    found = standings.stands(world.session, enrollment, world.now).standing
    weighed = [each for stage in found.stages for each in stage.requirements]
    return next(each.proof.answer for each in weighed if each.requirement.key == key)


def noted(world: World, enrollment: EnrollmentRow, title: str, **words: str) -> None:
    lea = program_lead(world) if "lea" not in world.visitors else world.visitor("lea")
    here = attestations.of_person(world.session, lea, enrollment.id, world.now)
    thing = next(each for each in here.things if each.title == title)
    typed = Typed(world.now.date() - timedelta(days=1), words)
    attestations.note(world.session, lea, enrollment.id, thing, typed, world.now)


def rows(world: World) -> list[AttestationRow]:
    return list(world.session.scalars(select(AttestationRow)))


def test_a_document_that_was_seen_meets_what_asks_for_it(world: World, enrollment: EnrollmentRow) -> None:
    assert answer(world, enrollment, "education") is Answer.NOT_YET
    noted(world, enrollment, "Secondary education")
    assert answer(world, enrollment, "education") is Answer.MET
    (row,) = rows(world)
    assert (row.source, row.said, row.program_id) == (
        Source.SEEN, {"name": ["secondary_education"]}, enrollment.program_id,
    )  # fmt: skip
    told = world.session.scalars(select(MessageRow.path).where(MessageRow.person_id == enrollment.person_id)).all()
    assert f"/path/{enrollment.id}/statements" in told


def test_the_same_twice_changes_nothing(world: World, enrollment: EnrollmentRow) -> None:
    noted(world, enrollment, "Secondary education")
    noted(world, enrollment, "Secondary education")
    assert len(rows(world)) == 1


def test_what_was_noted_is_taken_back_by_a_new_act_and_stays_to_be_read(
    world: World, enrollment: EnrollmentRow
) -> None:
    noted(world, enrollment, "Secondary education")
    lea, (row,) = world.visitor("lea"), rows(world)
    attestations.take_back(world.session, lea, enrollment.id, row.id, world.now)
    attestations.take_back(world.session, lea, enrollment.id, row.id, world.now)
    assert answer(world, enrollment, "education") is Answer.NOT_YET
    here = attestations.of_oneself(world.session, world.visitor("sam"), enrollment.id, world.now)
    assert [one.stands for one in here.noted] == [False]


def test_an_exam_has_its_words_and_its_number(world: World, enrollment: EnrollmentRow) -> None:
    noted(world, enrollment, "The exam", passed="yes", percent="82,5")
    assert answer(world, enrollment, "exam") is Answer.MET
    with pytest.raises(Refused) as refused:
        noted(world, enrollment, "The exam", passed="perhaps")
    assert refused.value.code == "passed"
    with pytest.raises(Refused) as refused:
        noted(world, enrollment, "The exam", passed="yes", percent="lots")
    assert refused.value.code == "percent"


def test_a_number_that_is_not_kept_says_what_can_be_written(world: World, enrollment: EnrollmentRow) -> None:
    digits, most = "at most two digits after the point", "it can be at most 10000."
    for percent, says in (("8.125", digits), ("1,250", digits), ("10000.01", most), ("9" * 12, most)):
        with pytest.raises(Refused) as refused:
            noted(world, enrollment, "The exam", passed="yes", percent=percent)
        assert refused.value.code == "percent"
        assert says in refused.value.sentence % refused.value.values
    noted(world, enrollment, "The exam", passed="yes", percent="10000")


def test_days_that_have_not_come_and_days_out_of_order_are_asked_about(world: World, enrollment: EnrollmentRow) -> None:
    lea = program_lead(world)
    thing = attestations.of_person(world.session, lea, enrollment.id, world.now).things[0]
    today = world.now.date()
    for typed, code in (
        (Typed(None, {}), "on"),
        (Typed(today + timedelta(days=1), {}), "on"),
        (Typed(today.replace(year=1200), {}), "on"),
        (Typed(today, {}, until=today - timedelta(days=1)), "until"),
    ):
        with pytest.raises(Refused) as refused:
            attestations.note(world.session, lea, enrollment.id, thing, typed, world.now)
        assert refused.value.code == code


def test_nobody_notes_for_themselves_or_beside_a_conflict(world: World, enrollment: EnrollmentRow) -> None:
    lea = program_lead(world)
    enrollment.person_id, sam = lea.person_id, enrollment.person_id
    world.session.flush()
    with pytest.raises(Refused) as refused:
        noted(world, enrollment, "Secondary education")
    assert refused.value.code == "oneself"
    enrollment.person_id = sam
    world.session.flush()
    recusal.declare(world.session, world.visitor("sam"), lea.person_id, world.now)
    with pytest.raises(Refused) as refused:
        noted(world, enrollment, "Secondary education")
    assert refused.value.code == "conflict"


def test_cap_e8_ux_s4_a_statement_is_one_bit_and_a_day(world: World, enrollment: EnrollmentRow) -> None:
    sam = world.visitor("sam")
    here = attestations.of_oneself(world.session, sam, enrollment.id, world.now)
    experience = next(one.thing.key for one in here.statements if one.thing.title == "Lived experience")
    attestations.say(world.session, sam, enrollment.id, experience, world.now)
    attestations.say(world.session, sam, enrollment.id, experience, world.now)
    (row,) = rows(world)
    assert (row.kind, row.source, row.said, row.amount, row.program_id) == (
        Kind.STATEMENT, Source.OWN_WORD, {"name": ["lived_experience"]}, None, None,
    )  # fmt: skip
    assert answer(world, enrollment, "experience") is Answer.MET
    for _ in range(2):
        attestations.unsay(world.session, sam, enrollment.id, experience, world.now)
    assert answer(world, enrollment, "experience") is Answer.NOT_YET
    for act in (attestations.say, attestations.unsay):
        with pytest.raises(NotHere):
            act(world.session, sam, enrollment.id, "what_no_rule_asks", world.now)
    with pytest.raises(NotHere):
        here.thing("what_no_rule_asks")


def test_cap_e8_the_table_has_no_place_for_words_or_a_document() -> None:
    columns = {column.name: column for column in Base.metadata.tables["attestation"].columns}
    assert not {"note", "words", "text", "evidence_id", "file_id", "title"} & set(columns)


def test_a_statement_with_an_amount_says_the_least_that_is_asked(world: World, enrollment: EnrollmentRow) -> None:
    sam = world.visitor("sam")
    here = attestations.of_oneself(world.session, sam, enrollment.id, world.now)
    area = next(one.thing.key for one in here.statements if one.thing.title.startswith("You live"))
    attestations.say(world.session, sam, enrollment.id, area, world.now)
    assert answer(world, enrollment, "area") is Answer.MET


def test_ux_n1_a_statement_given_once_is_known_to_the_next_program(world: World, enrollment: EnrollmentRow) -> None:
    sam = world.visitor("sam")
    here = attestations.of_oneself(world.session, sam, enrollment.id, world.now)
    attestations.say(world.session, sam, enrollment.id, here.statements[0].thing.key, world.now)
    other = on_the_way(world, "sam", TEXT.replace('id = "asks"', 'id = "another"'))
    there = attestations.of_oneself(world.session, sam, other.id, world.now)
    assert there.statements[0].given is not None
    assert answer(world, other, "experience") is Answer.MET


def test_nobody_else_says_something_for_a_person(world: World, enrollment: EnrollmentRow) -> None:
    lea = program_lead(world)
    for visitor in (lea, world.visitor("noor")):
        with pytest.raises(NotHere):
            attestations.say(world.session, visitor, enrollment.id, "experience:0:statement", world.now)
        with pytest.raises(NotHere):
            attestations.of_oneself(world.session, visitor, enrollment.id, world.now)


def test_a_program_lead_does_not_take_back_what_somebody_says_of_themselves(
    world: World, enrollment: EnrollmentRow
) -> None:
    lea, sam = program_lead(world), world.visitor("sam")
    here = attestations.of_oneself(world.session, sam, enrollment.id, world.now)
    attestations.say(world.session, sam, enrollment.id, here.statements[0].thing.key, world.now)
    (row,) = rows(world)
    with pytest.raises(NotHere):
        attestations.take_back(world.session, lea, enrollment.id, row.id, world.now)
