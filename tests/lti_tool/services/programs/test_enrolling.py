"""Being on the way through a program: by an act with a date, once, across courses and LMSs."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.services.authoring.drafts import Author, author
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs import enrolling, enrollment_lists, program_lists, programs_in_use
from lti_tool.services.programs.enrolling import Came, Entering
from lti_tool.store.base import new_id
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.path_rows import SMALL, program_in_use, program_lead

TWO = SMALL.replace("[[stages]]", '[[editions]]\nkey = "2025"\nfrom = 2025-01-01\nuntil = 2025-12-31\n\n'
                    '[[editions]]\nkey = "2026"\nfrom = 2026-01-01\n\n[[stages]]')  # fmt: skip


def enroll(world: World, program_id: UUID, *who: str, on: date | None = None, edition: str | None = None) -> Came:
    lead = world.visitors.get("lea") or program_lead(world)
    people = [world.visitor(name).person_id for name in who]
    return enrolling.enroll(
        world.session, author(lead), program_id, people, Entering(on or world.now.date(), edition), world.now
    )


def refused(world: World, code: str, program_id: UUID, *who: str, **more: object) -> None:
    with pytest.raises(Refused) as no:
        enroll(world, program_id, *who, **more)  # type: ignore[arg-type]
    assert no.value.code == code


def test_a_program_lead_enrolls_people_and_each_is_told(world: World) -> None:
    program_id, versions = program_in_use(world)
    came = enroll(world, program_id, "sam", "jo")
    assert (len(came.new), came.version.id) == (2, versions[0])
    told = world.session.scalars(select(MessageRow).where(MessageRow.kind == MessageKind.PROGRAM)).all()
    assert {row.path for row in told} == {f"/path/{id_}" for id_ in came.new}


def test_nobody_is_enrolled_twice(world: World) -> None:
    program_id, _ = program_in_use(world)
    by = Author(world.organization_id, world.visitor("ines").person_id)
    many = [new_id() for _ in range(enrolling.MOST_AT_ONCE + 1)]
    with pytest.raises(Refused, match="at most"):
        enrolling.enroll(world.session, by, program_id, many, Entering(world.now.date(), None), world.now)
    enroll(world, program_id, "sam")
    again = enroll(world, program_id, "sam", "sam", "jo")
    assert (len(again.new), again.there_already) == (1, 1)
    assert len(world.session.scalars(select(EnrollmentRow)).all()) == 2


def test_cap_b13_the_day_of_entering_chooses_the_edition(world: World) -> None:
    program_id, versions = program_in_use(world, TWO)
    assert enroll(world, program_id, "sam", on=date(2025, 12, 31)).version.id == versions[0]
    assert enroll(world, program_id, "jo", on=date(2026, 1, 1)).version.id == versions[1]


def test_an_edition_can_be_named(world: World) -> None:
    program_id, versions = program_in_use(world, TWO)
    assert enroll(world, program_id, "sam", edition="2025").version.id == versions[0]
    refused(world, "unknown_edition", program_id, "jo", edition="2031")


def test_days_that_cannot_be_are_told_with_the_remedy(world: World) -> None:
    program_id, _ = program_in_use(world, TWO)
    refused(world, "day_to_come", program_id, "sam", on=world.now.date() + timedelta(days=1))
    refused(world, "no_edition_on_day", program_id, "sam", on=date(2024, 12, 31))
    refused(world, "day_long_ago", program_id, "sam", on=date(1022, 1, 1), edition="2025")
    refused(world, "nobody_chosen", program_id)


def test_today_is_the_day_in_the_time_zone_of_the_program(world: World) -> None:
    """At 23:30 UTC it is the next day in Auckland."""
    world.now = world.now.replace(hour=23, minute=30)
    program_id, _ = program_in_use(world, SMALL.replace('"UTC"', '"Pacific/Auckland"'))
    assert enroll(world, program_id, "sam", on=world.now.date() + timedelta(days=1)).new


def test_a_closed_program_takes_nobody_in_and_keeps_whoever_is_there(world: World) -> None:
    program_id, _ = program_in_use(world)
    enroll(world, program_id, "sam")
    lead = world.visitors["lea"]
    programs_in_use.change(world.session, lead, program_id, open_to_ask=True, closed=True, now=world.now)
    refused(world, "closed", program_id, "jo")
    assert program_lists.mine(world.session, world.visitor("sam").person_id)


def test_people_of_elsewhere_are_not_here(world: World) -> None:
    program_id, _ = program_in_use(world)
    with pytest.raises(NotHere):
        enrolling.enroll(
            world.session, author(program_lead(world)), program_id, [program_id], Entering(world.now.date()), world.now
        )


def test_somebody_known_as_another_is_enrolled_as_that_one(world: World) -> None:
    program_id, _ = program_in_use(world)
    sam, jo = world.visitor("sam").person_id, world.visitor("jo").person_id
    world.session.get_one(PersonRow, sam).merged_into = jo
    world.session.flush()
    enroll(world, program_id, "sam", "jo")
    assert world.session.scalars(select(EnrollmentRow.person_id)).all() == [jo]


def join(world: World, program_id: UUID, read: UUID | None) -> UUID:
    return enrolling.join(world.session, world.visitor("sam"), program_id, read=read, now=world.now)


def test_ux_t6_trainees_enroll_themselves_after_they_read_the_rules(world: World) -> None:
    program_id, versions = program_in_use(world)
    with pytest.raises(Refused) as no:
        join(world, program_id, versions[0])
    assert no.value.code == "not_open"
    lead = program_lead(world)
    programs_in_use.change(world.session, lead, program_id, open_to_ask=True, closed=False, now=world.now)
    for read, code in ((None, "not_read"), (program_id, "other_edition")):
        with pytest.raises(Refused) as no:
            join(world, program_id, read)
        assert no.value.code == code
    enrollment_id = join(world, program_id, versions[0])
    row = world.session.get_one(EnrollmentRow, enrollment_id)
    assert (row.read_at, row.enrolled_by) == (world.now, world.visitor("sam").person_id)
    assert join(world, program_id, None) == enrollment_id


def test_ux_c5_whoever_was_taken_out_can_be_brought_back_as_they_were(world: World) -> None:
    program_id, _ = program_in_use(world)
    (enrollment_id,) = enroll(world, program_id, "sam").new
    lead = world.visitors["lea"]
    for _ in range(2):
        enrolling.take_out(world.session, lead, enrollment_id, world.now)
    assert not program_lists.mine(world.session, world.visitor("sam").person_id)
    for _ in range(2):
        enrolling.bring_back(world.session, lead, enrollment_id, world.now)
    assert program_lists.mine(world.session, world.visitor("sam").person_id) == {program_id: enrollment_id}


def test_who_was_enrolled_anew_is_not_brought_back_a_second_time(world: World) -> None:
    program_id, _ = program_in_use(world)
    (first,) = enroll(world, program_id, "sam").new
    lead = world.visitors["lea"]
    enrolling.take_out(world.session, lead, first, world.now)
    enroll(world, program_id, "sam")
    with pytest.raises(Refused) as no:
        enrolling.bring_back(world.session, lead, first, world.now)
    assert no.value.code == "enrolled_again"


def test_people_are_found_by_a_part_of_their_name_over_all_courses(world: World) -> None:
    program_id, _ = program_in_use(world)
    enroll(world, program_id, "sam")
    world.visitor("noor", ("http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",))
    assert enrollment_lists.people_named(world.session, world.organization_id, program_id, " ") == ()
    found = enrollment_lists.people_named(world.session, world.organization_id, program_id, "EXAMPLE")
    by_name = {person.name: person for person in found}
    assert by_name["Sam Example"].enrollment_id
    assert not by_name["Noor Example"].enrollment_id
    assert by_name["Noor Example"].courses == ("Peer support practicum",)


def test_the_list_is_by_name_and_says_where_each_is_in_a_word(world: World) -> None:
    program_id, _ = program_in_use(world)
    enroll(world, program_id, "sam", "jo", "amara")
    program = program_lists.program(world.session, world.organization_id, program_id)
    found = enrollment_lists.listed(world.session, program)
    lines = enrollment_lists.lines(world.session, program, found, world.now, first=1, most=5)
    assert (found.count, [line.name for line in lines]) == (3, ["Jo Example", "Sam Example"])
    assert all(line.status is not None for line in lines)
