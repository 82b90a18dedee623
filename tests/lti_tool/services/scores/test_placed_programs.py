"""A program's progress or hours in a course: from the link to the number in the gradebook."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from grading.ledger import EntryState
from grading.scores import DesiredScore, ProgramColumnShows
from lti_tool import periodic
from lti_tool.lti.claims import AgsEndpoint, Course, ForUser, ResourceLink
from lti_tool.lti.names import SUBMISSION_REVIEW_REQUEST
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours import ledger_signing, ledger_unsigning
from lti_tool.services.scores import placed_choices, placed_programs, placed_view, program_columns
from lti_tool.services.scores.placed_programs import ProgramChoice
from lti_tool.services.scores.program_columns import ProgramColumn
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.programs import EnrollmentRow, PathPauseRow, PlacedProgramRow, ProgramRow
from rubrics.refusal import Refused
from tests.databases import without_table
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import INSTRUCTOR, ISSUER, SCOPES, TRAINEE, World
from tests.lti_tool.services.path_rows import SMALL, an_entry, on_the_way, program_lead

HOURS = (
    SMALL
    + """
[[requirements]]
key = "code"
stage = "initial"
title = "The code of ethics, signed"
at_least = 1
of = { kind = "signature", where = { name = "code_of_ethics" } }
"""
)


def choice(enrollment: EnrollmentRow, requirement: str | None = None) -> ProgramChoice:
    shows = ProgramColumnShows.HOURS if requirement else ProgramColumnShows.PROGRESS
    return ProgramChoice("My hours", enrollment.program_id, shows, requirement)


def placed(world: World, enrollment: EnrollmentRow, requirement: str | None = None) -> UUID:
    ines = world.visitor("ines")
    course_id = world.place(ines).course.id
    return placed_programs.place(world.session, ines, course_id, choice(enrollment, requirement), now=world.now)


def opened(world: World, placed_id: UUID, who: str = "sam", **changes: object) -> str:
    """Where a launch of its link leads."""
    usual: dict[str, object] = {
        "resource_link": ResourceLink(id="link-7", title="My hours"),
        "custom": {"attune_program": str(placed_id)},
        "ags": AgsEndpoint(line_item=f"{ISSUER}/items/70", line_items=f"{ISSUER}/items", scopes=SCOPES),
    }
    roles = INSTRUCTOR if who == "ines" else TRAINEE
    return world.enter(who, roles, **(usual | changes)).path


def desired(world: World) -> Decimal | None:
    row = world.session.scalars(
        select(DeliveryRow).join(LineItemRow).where(LineItemRow.placed_program_id.is_not(None))
    ).one_or_none()
    return None if row is None else row.desired_score


def test_its_link_leads_to_its_page_and_its_column_is_remembered(world: World) -> None:
    placed_id = placed(world, on_the_way(world))
    assert opened(world, placed_id) == opened(world, placed_id) == f"/p/{placed_id}"
    column = world.session.scalars(select(LineItemRow).where(LineItemRow.placed_program_id == placed_id)).one()
    assert column.url == f"{ISSUER}/items/70"


def test_hours_that_count_already_are_sent_once_there_is_a_column(world: World) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    an_entry(world, amount="2.5", signed_by="jo")
    an_entry(world, amount="4")
    assert desired(world) is None
    opened(world, placed_id)
    assert desired(world) == Decimal(25)


def test_before_anything_counts_nothing_is_sent(world: World) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    an_entry(world, amount="4")
    opened(world, placed_id)
    assert desired(world) is None


def test_progress_is_the_share_of_what_is_met(world: World) -> None:
    placed_id = placed(world, on_the_way(world, text=HOURS))
    opened(world, placed_id)
    an_entry(world, amount="10", signed_by="jo")
    (delivery_id,) = program_columns.desire_for(world.session, world.visitor("sam").person_id, world.now)
    assert world.session.get_one(DeliveryRow, delivery_id).desired_score == Decimal(50)


def test_met_is_an_empty_cell_until_all_requirements_are_met_and_then_everything(world: World) -> None:
    enrollment = on_the_way(world, text=HOURS)
    ines = world.visitor("ines")
    met = ProgramChoice("Certified", enrollment.program_id, ProgramColumnShows.MET)
    placed_id = placed_programs.place(world.session, ines, world.place(ines).course.id, met, now=world.now)
    opened(world, placed_id)
    an_entry(world, amount="10", signed_by="jo")
    assert program_columns.desire_for(world.session, enrollment.person_id, world.now) == ()
    assert desired(world) is None


def test_a_program_of_which_all_is_met_shows_everything(world: World) -> None:
    enrollment = on_the_way(world)
    ines = world.visitor("ines")
    met = ProgramChoice("Certified", enrollment.program_id, ProgramColumnShows.MET)
    placed_id = placed_programs.place(world.session, ines, world.place(ines).course.id, met, now=world.now)
    opened(world, placed_id)
    an_entry(world, amount="10", signed_by="jo")
    (_,) = program_columns.desire_for(world.session, enrollment.person_id, world.now)
    assert desired(world) == 100


def test_ux_s8_while_somebody_pauses_the_number_stays_as_it_is(world: World) -> None:
    enrollment = on_the_way(world)
    placed_id = placed(world, enrollment, "practice")
    opened(world, placed_id)
    world.session.add(
        PathPauseRow(
            id=new_id(), organization_id=world.organization_id, enrollment_id=enrollment.id, since=world.now.date(),
            begun_by=enrollment.person_id, begun_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    an_entry(world, amount="5", signed_by="jo")
    assert program_columns.desire_for(world.session, enrollment.person_id, world.now) == ()
    assert desired(world) is None


def test_of_somebody_who_is_not_in_the_course_nothing_is_sent(world: World) -> None:
    world.visitor("lou", TRAINEE, context=Course(id="course-2", title="Another", label=None))
    placed_id = placed(world, on_the_way(world, "lou"), "practice")
    an_entry(world, "lou", amount="5", signed_by="jo")
    opened(world, placed_id)
    assert desired(world) is None


def test_a_copy_of_the_course_gets_a_column_of_its_own_that_shows_the_same(world: World) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    there = Course(id="course-2", title="Next term", label=None)
    paths = {opened(world, placed_id, context=there) for _ in range(2)}
    (path,) = paths
    copy = world.session.get_one(PlacedProgramRow, UUID(path.rpartition("/")[2]))
    assert copy.id != placed_id
    assert (copy.shows, copy.requirement) == (ProgramColumnShows.HOURS, "practice")


def test_a_link_that_names_nothing_of_ours_asks_an_instructor(world: World) -> None:
    path = opened(world, new_id(), "ines")
    assert path.startswith("/links/")


@pytest.mark.parametrize("requirement", ["code", "nothing"])
def test_only_hours_that_the_program_asks_for_can_be_chosen(world: World, requirement: str) -> None:
    enrollment = on_the_way(world, text=HOURS)
    with pytest.raises(Refused, match="choose again"):
        placed_programs.check(world.session, world.organization_id, choice(enrollment, requirement))


def test_what_is_shown_fits_what_is_chosen_and_the_program_takes_people_in(world: World) -> None:
    enrollment = on_the_way(world, text=HOURS)
    odd = ProgramChoice("My hours", enrollment.program_id, ProgramColumnShows.HOURS, None)
    with pytest.raises(Refused, match="what the gradebook shows"):
        placed_programs.check(world.session, world.organization_id, odd)
    world.session.get_one(ProgramRow, enrollment.program_id).closed_at = world.now
    world.session.flush()
    with pytest.raises(Refused) as refused:
        placed_programs.check(world.session, world.organization_id, choice(enrollment))
    assert refused.value.code == "program_not_in_use"


def test_nobody_of_elsewhere_opens_it_and_without_a_column_no_score_is_sent(world: World) -> None:
    placed_id, lea = placed(world, on_the_way(world), "practice"), program_lead(world)
    with pytest.raises(NotHere):
        placed_view.placed(world.session, lea, placed_id)
    with pytest.raises(NotHere):
        placed_view.column_to_send(world.session, world.visitor("ines"), placed_id)


def test_instructors_read_who_is_enrolled_and_how_each_score_stands(world: World) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    an_entry(world, amount="2.5", signed_by="jo")
    opened(world, placed_id)
    column = placed_view.column(world.session, world.visitor("ines"), placed_id)
    (line,) = [each for each in column.page.lines if each.person_id in column.enrolled]
    assert line.desired == Decimal(25)
    assert (column.trainees, column.trainees_enrolled) == (2, 1)
    later = world.now + timedelta(days=1)
    assert placed_view.resend_all(world.session, world.visitor("ines"), placed_id, later) == ()


def test_a_review_from_the_gradebook_leads_to_its_page(world: World) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    opened(world, placed_id)
    path = opened(
        world, placed_id, "ines", message_type=SUBMISSION_REVIEW_REQUEST, for_user=ForUser("sam", None),
    )  # fmt: skip
    assert path == f"/p/{placed_id}"


def test_a_signature_and_its_withdrawal_move_the_column_at_once(world: World) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    opened(world, placed_id)
    sam, jo = world.visitor("sam"), world.visitor("jo")
    entry_id = an_entry(
        world, amount="5", state=EntryState.WAITING, asked_id=jo.person_id, asked_at=world.now,
        course_id=world.place(sam).course.id,
    )  # fmt: skip
    digest = ledger_signing.preview(world.session, jo, entry_id, world.now).digest
    ledger_signing.sign(world.session, jo, entry_id, digest=digest, now=world.now)
    assert desired(world) == Decimal(50)
    (own,) = ledger_unsigning.own_signatures(world.session, jo, 0, 10)
    ledger_unsigning.take_back(world.session, jo, own.id, reason="It was another evening.", now=world.now)
    assert desired(world) is None


def test_ux_d1_the_column_tells_nothing_of_a_decision_before_its_person_can_read_it(world: World) -> None:
    """What the column shows follows from the decision here, and is sent once it can be read."""
    since_then = SMALL.replace('{ kind = "practice" }', '{ kind = "practice", since = "certified" }')
    enrollment = on_the_way(world, text=since_then)
    opened(world, placed(world, enrollment, "practice"))
    an_entry(world, amount="10", signed_by="jo")
    decided(world, enrollment, world.now.date() - timedelta(days=10), released=timedelta(days=12))
    program_columns.desire_for(world.session, enrollment.person_id, world.now)
    before = desired(world)
    program_columns.desire_for(world.session, enrollment.person_id, world.now + timedelta(days=3))
    assert (before, desired(world)) == (None, Decimal(100))


def test_two_links_to_one_program_beside_columns_of_activities_are_one_column(world: World) -> None:
    world.enter("sam", TRAINEE)
    placed_id = placed(world, on_the_way(world), "practice")
    opened(world, placed_id)
    second = ResourceLink(id="link-8", title="My hours, again")
    assert opened(world, placed_id, resource_link=second) == f"/p/{placed_id}"
    column = world.session.scalars(select(LineItemRow).where(LineItemRow.placed_program_id == placed_id)).one()
    assert column.lti_resource_link_id == "link-7"


def test_what_its_column_shows_is_looked_at_for_each_trainee_and_then_switched_on(world: World) -> None:
    placed_id = placed(world, on_the_way(world, text=HOURS), "practice")
    an_entry(world, amount="10", signed_by="jo")
    opened(world, placed_id)
    ines, progress = world.visitor("ines"), ProgramColumn(ProgramColumnShows.PROGRESS)
    everybody = placed_choices.everybody(world.session, ines, placed_id)
    (cell,) = placed_choices.cells(world.session, ines, placed_id, everybody, progress, world.now)
    assert (cell.person_name, cell.now, cell.then, cell.changes) == (
        "Sam Example", DesiredScore(Decimal(100), Decimal(100)), DesiredScore(Decimal(50), Decimal(100)), True,
    )  # fmt: skip
    assert desired(world) == Decimal(100)  # nothing changed by looking
    assert len(placed_choices.choose(world.session, ines, placed_id, progress, world.now)) == 1
    assert desired(world) == Decimal(50)
    assert placed_choices.choose(world.session, ines, placed_id, progress, world.now) == ()


def test_while_a_path_is_paused_its_number_stays_whatever_the_column_shows(world: World) -> None:
    enrollment = on_the_way(world)
    placed_id = placed(world, enrollment, "practice")
    an_entry(world, amount="2.5", signed_by="jo")
    opened(world, placed_id)
    world.session.add(
        PathPauseRow(
            organization_id=world.organization_id, enrollment_id=enrollment.id, since=world.now.date(),
            begun_by=enrollment.person_id, begun_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()
    ines, progress = world.visitor("ines"), ProgramColumn(ProgramColumnShows.PROGRESS)
    everybody = placed_choices.everybody(world.session, ines, placed_id)
    (cell,) = placed_choices.cells(world.session, ines, placed_id, everybody, progress, world.now)
    assert not cell.changes
    placed_choices.choose(world.session, ines, placed_id, progress, world.now)
    assert desired(world) == Decimal(25)


def test_only_instructors_of_its_course_say_what_its_column_shows(world: World) -> None:
    placed_id = placed(world, on_the_way(world))
    for who in ("jo", "sam"):
        with pytest.raises(NotHere):
            placed_choices.choose(
                world.session, world.visitor(who), placed_id, ProgramColumn(ProgramColumnShows.MET), world.now
            )
    with pytest.raises(Refused, match="not in the program any more"):
        placed_choices.choose(
            world.session, world.visitor("ines"), placed_id,
            ProgramColumn(ProgramColumnShows.HOURS, "unheard_of"), world.now,
        )  # fmt: skip


def test_what_its_column_shows_is_worked_out_anew_each_night(world: World, sessions: sessionmaker[Session]) -> None:
    placed_id = placed(world, on_the_way(world), "practice")
    opened(world, placed_id, "ines")
    an_entry(world, amount="2.5", signed_by="jo")
    assert desired(world) is None  # the entry was written by nobody who works it out
    world.session.commit()
    with capture_logs() as said, without_table(sessions.kw["bind"], "delivery"):
        periodic.work_out_columns(sessions)
    assert [one["event"] for one in said] == ["a column broke off"]
    periodic.work_out_columns(sessions)
    assert desired(world) == 25  # of 10 hours, out of 100
