"""What trainees take along from one term to the next."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lti_tool.services.asking import recusal
from lti_tool.services.caseload import assigning, availability
from lti_tool.services.caseload.assignments import What
from lti_tool.services.courses import carrying_over, places
from lti_tool.services.courses.carrying_over import Fate, Kind
from lti_tool.services.courses.places import Place
from lti_tool.services.supervising import agreements
from lti_tool.services.supervising.agreement_lines import Pair
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow
from lti_tool.store.sites import PlacementRow, SiteAgreementRow, SiteRow
from lti_tool.store.supervision import SupervisionAgreementRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.supervision import Terms
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.terms import NEXT, next_term

TERMS = Terms(14, "Once in two weeks.", "By phone.", "What is said stays here, unless somebody is in danger.")


def assigned(world: World, person: str, lane: Lane, trainee: str = "sam") -> None:
    ines = world.visitor("ines")
    assigning.assign(
        world.session, ines, world.place(ines), trainee_id=world.visitor(trainee).person_id,
        person_id=world.visitor(person).person_id, what=What(AssignedAs.SUPERVISOR, lane), now=world.now,
    )  # fmt: skip


def agreed(world: World) -> None:
    """Sam and Jo have signed one."""
    sam, jo = world.visitor("sam"), world.visitor("jo")
    pair = Pair(trainee_id=sam.person_id, supervisor_id=jo.person_id, lane=Lane.PEER)
    id_ = agreements.propose(world.session, jo, world.place(jo), pair, TERMS, after=0, now=world.now)
    for who in (jo, sam):
        seen = agreements.read(world.session, who, world.place(who), id_)
        agreements.sign(world.session, who, world.place(who), id_, seen.digest, world.now)


def placed(world: World, *, agreement_days: int | None = 300) -> None:
    """Sam practices at a site."""
    ines, today = world.visitor("ines").person_id, world.now.date()
    site = {"organization_id": world.organization_id, "site_id": new_id()}
    world.session.add(
        SiteRow(
            id=site["site_id"],
            organization_id=world.organization_id,
            name="Harbor House",
            made_by=ines,
            made_at=world.now,
            changed_at=world.now,
        )
    )
    world.session.flush()
    if agreement_days is not None:
        world.session.add(
            SiteAgreementRow(
                title="Memorandum",
                begins_on=today,
                ends_on=today + timedelta(days=agreement_days),
                recorded_by=ines,
                recorded_at=world.now,
                **site,
            )
        )
    world.session.add(
        PlacementRow(
            course_id=world.place(world.visitor("ines")).course.id,
            trainee_id=world.visitor("sam").person_id,
            begins_on=today,
            ends_on=today + timedelta(days=90),
            without_agreement=False,
            made_by=ines,
            made_at=world.now,
            **site,
        )
    )
    world.session.flush()


def both(world: World, activity_id: UUID) -> tuple[Place, Place]:
    ines = world.visitor("ines")
    return world.place(ines), places.place(world.session, ines, activity_id)


def fates(rows: tuple[carrying_over.Row, ...]) -> dict[tuple[Kind, str], Fate]:
    return {(row.kind, row.other_name): row.fate for row in rows}


def test_ux_n3_assignments_agreements_and_placements_go_along_in_one_step(world: World) -> None:
    assigned(world, "jo", Lane.PEER)
    assigned(world, "amara", Lane.CLINICAL)
    agreed(world)
    placed(world)
    _, activity_id = next_term(world, "sam")
    earlier, later = both(world, activity_id)
    expected = {
        (Kind.ASSIGNMENT, "Jo Example"): Fate.TAKEN,
        (Kind.ASSIGNMENT, "Amara Example"): Fate.NOT_THERE,
        (Kind.AGREEMENT, "Jo Example"): Fate.TAKEN,
        (Kind.PLACEMENT, "Harbor House"): Fate.TAKEN,
    }
    assert fates(carrying_over.plan(world.session, earlier, later, world.now.date())) == expected
    done = carrying_over.carry(world.session, world.visitor("ines"), earlier, later, world.now)
    assert fates(done) == expected
    again = carrying_over.carry(world.session, world.visitor("ines"), earlier, later, world.now)
    assert set(fates(again).values()) == {Fate.ALREADY, Fate.NOT_THERE}
    for table, number in ((AssignmentRow, 3), (SupervisionAgreementRow, 2), (PlacementRow, 2)):
        assert world.session.scalars(select(func.count()).select_from(table)).one() == number
    assert all(row.ended_at is None for row in world.session.scalars(select(AssignmentRow)))


def test_an_agreement_goes_along_as_a_proposal_that_both_sign_there(world: World) -> None:
    agreed(world)
    _, activity_id = next_term(world, "sam")
    earlier, later = both(world, activity_id)
    carrying_over.carry(world.session, world.visitor("ines"), earlier, later, world.now)
    row = world.session.scalars(
        select(SupervisionAgreementRow).where(SupervisionAgreementRow.course_id == later.course.id)
    ).one()
    assert (row.expectations, row.in_force_at) == (TERMS.expectations, None)
    for who in ("sam", "jo"):
        visitor = world.visitor(who)
        place = places.place(world.session, visitor, activity_id)
        seen = agreements.read(world.session, visitor, place, row.id)
        in_force = agreements.sign(world.session, visitor, place, row.id, seen.digest, world.now)
    assert in_force


def test_only_trainees_of_both_courses_take_something_along(world: World) -> None:
    assigned(world, "jo", Lane.PEER)
    assigned(world, "jo", Lane.PEER, "noor")
    agreed(world)
    placed(world)
    _, activity_id = next_term(world)
    earlier, later = both(world, activity_id)
    assert carrying_over.plan(world.session, earlier, later, world.now.date()) == ()
    world.enter("noor", TRAINEE, **NEXT)
    rows = carrying_over.plan(world.session, earlier, later, world.now.date())
    assert [row.trainee_name for row in rows] == ["Noor Example"]


def test_a_conflict_goes_before_everything(world: World) -> None:
    assigned(world, "jo", Lane.PEER)
    _, activity_id = next_term(world, "sam")
    recusal.declare(world.session, world.visitor("sam"), world.visitor("jo").person_id, world.now)
    earlier, later = both(world, activity_id)
    assert {row.fate for row in carrying_over.plan(world.session, earlier, later, world.now.date())} <= {Fate.APART}


def test_a_mentor_goes_along_and_whoever_has_no_room_there_is_for_a_person_to_look_at(world: World) -> None:
    assigned(world, "jo", Lane.PEER)
    ines, jo = world.visitor("ines"), world.visitor("jo").person_id
    world.session.add(
        AssignmentRow(
            id=new_id(), organization_id=world.organization_id, course_id=world.place(ines).course.id,
            trainee_id=world.visitor("sam").person_id, person_id=jo, assigned_as=AssignedAs.MENTOR,
            assigned_by=ines.person_id, assigned_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    _, activity_id = next_term(world, "sam")
    earlier, later = both(world, activity_id)
    availability.set_capacity(world.session, ines, later, person_id=jo, capacity=0, now=world.now)
    done = carrying_over.carry(world.session, ines, earlier, later, world.now)
    assert {row.lane: row.fate for row in done} == {Lane.PEER: Fate.LOOK, None: Fate.TAKEN}


@pytest.mark.parametrize("days", [None, 30])
def test_a_placement_without_an_agreement_for_all_of_it_is_for_a_person_to_look_at(
    world: World, days: int | None
) -> None:
    placed(world, agreement_days=days)
    _, activity_id = next_term(world, "sam")
    earlier, later = both(world, activity_id)
    done = carrying_over.carry(world.session, world.visitor("ines"), earlier, later, world.now)
    assert [row.fate for row in done] == [Fate.LOOK]


def test_a_course_without_an_activity_says_so(world: World) -> None:
    later_id, _ = next_term(world)
    with pytest.raises(Refused, match="no activity yet"):
        carrying_over.there(world.session, world.visitor("ines"), new_id())
    assert carrying_over.there(world.session, world.visitor("ines"), later_id).course.id == later_id


def test_nothing_is_taken_along_into_a_course_that_is_kept_for_reading_only(world: World) -> None:
    later_id, _ = next_term(world, "sam")
    world.session.get_one(CourseRow, later_id).archived_at = world.now
    world.session.get_one(CourseRow, later_id).archived_by = world.visitor("ines").person_id
    world.session.flush()
    with pytest.raises(Refused, match="kept for reading only"):
        carrying_over.there(world.session, world.visitor("ines"), later_id)
