"""Lists that say who and which course is who and which in the next LMS, and what becomes of each row."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grading.delivery import DeliveryState
from lti_tool.lti.claims import AgsEndpoint, Course, ResourceLink
from lti_tool.services.connecting import left_links, moving, moving_lists, platforms
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.connecting.moving import Moved, Pair
from lti_tool.services.connecting.moving_lists import NotAList
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.services.linking import basket
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, LineItemRow, ResourceLinkRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow, MembershipRow, PersonRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import INSTRUCTOR, SCOPES, TRAINEE, World

NEXT = "https://next.school.example"
NEXT_COURSE = Course(id="next-course", title="Practicum", label=None)


@pytest.fixture
def next_lms(world: World) -> World:
    """The LMS to which the course of `world` goes; nobody came in from there yet."""
    platform = platforms.NewPlatform(
        name="Next", family="canvas", issuer=NEXT, client_id="client-9", auth_url=f"{NEXT}/auth",
        token_url=f"{NEXT}/token", jwks_url=f"{NEXT}/jwks", deployment_ids=("9",),
    )  # fmt: skip
    id_ = platforms.add(world.session, world.organization_id, platform, world.now)
    return World(world.session, world.now, world.organization_id, id_, issuer=NEXT, client_id="client-9")


def came_in(next_lms: World, sub: str, roles: tuple[str, ...], link: str = "link-1", **changes: object) -> str:
    there = {"deployment_id": "9", "context": NEXT_COURSE, "resource_link": ResourceLink(id=link, title="Practice"),
             "ags": AgsEndpoint(line_item=f"{NEXT}/items/1", line_items=f"{NEXT}/items", scopes=SCOPES)}  # fmt: skip
    return next_lms.enter(sub, roles, **there | changes).path


def move(world: World, next_lms: World, *, people: tuple[Pair, ...] = (), courses: tuple[Pair, ...] = ()) -> Moved:
    by = Operator(world.organization_id, None)
    found = moving.move(world.session, by, world.registration_id, next_lms.registration_id, people, courses, world.now)
    world.session.flush()
    return found


COURSE = Pair(2, "course-1", "next-course")


def account(session: Session, of: World, sub: str) -> LmsAccountRow:
    return session.scalars(
        select(LmsAccountRow).where(LmsAccountRow.registration_id == of.registration_id, LmsAccountRow.sub == sub)
    ).one()


def test_somebody_who_did_not_come_in_yet_gets_their_account_and_is_known_at_their_first_launch(
    world: World, next_lms: World
) -> None:
    moved = move(world, next_lms, people=(Pair(2, "sam", "501"),), courses=(COURSE,))
    assert (moved.linked, moved.joined, moved.problems) == (1, 0, [])
    came_in(next_lms, "501", TRAINEE)
    assert account(world.session, next_lms, "501").person_id == world.visitor("sam").person_id
    assert world.session.scalars(select(CourseRow)).one().lti_context_id == "next-course"


def test_somebody_who_came_in_already_is_one_person_with_all_that_they_had(world: World, next_lms: World) -> None:
    world.sign("jo", world.answered())
    came_in(next_lms, "501", TRAINEE)
    came_as = account(world.session, next_lms, "501").person_id
    moved = move(world, next_lms, people=(Pair(2, "sam", "501"),))
    assert (moved.linked, moved.joined) == (1, 1)
    assert world.session.get_one(PersonRow, came_as).merged_into == world.visitor("sam").person_id
    assert move(world, next_lms, people=(Pair(2, "sam", "501"),)).known == 1


def test_an_unknown_account_and_two_who_are_two_are_named_with_their_line(world: World, next_lms: World) -> None:
    world.sign("jo", world.answered())
    came_in(next_lms, "501", TRAINEE)
    move(world, next_lms, people=(Pair(2, "sam", "501"),))
    moved = move(world, next_lms, people=(Pair(7, "nobody", "1"), Pair(8, "jo", "501")))
    assert [(problem.file, problem.line) for problem in moved.problems] == [("people", 7), ("people", 8)]
    assert "Nobody has the account nobody" in moved.problems[0].what
    assert "so they stay two" in moved.problems[1].what


def test_a_course_stays_the_same_course_and_its_column_waits_to_be_named(world: World, next_lms: World) -> None:
    world.sign("jo", world.answered())
    course_id = world.session.scalars(select(CourseRow.id)).one()
    moved = move(world, next_lms, courses=(COURSE,))
    assert (moved.courses, moved.scores, moved.problems) == (1, 1, [])
    course = world.session.scalars(select(CourseRow)).one()
    assert (course.id, course.lti_context_id, course.roster_read_at) == (course_id, "next-course", None)
    column = world.session.scalars(select(LineItemRow)).one()
    assert (column.registration_id, column.url, column.scopes) == (next_lms.registration_id, None, [])
    cell = world.session.scalars(select(DeliveryRow)).one()
    assert (cell.registration_id, cell.state, cell.accepted_at) == (
        next_lms.registration_id, DeliveryState.NEEDS_PERSON, None,
    )  # fmt: skip
    assert move(world, next_lms, courses=(COURSE,)).courses == 0


def test_the_first_launch_of_its_link_in_the_next_lms_names_the_column_and_the_score_is_due(
    world: World, next_lms: World
) -> None:
    world.sign("jo", world.answered())
    move(world, next_lms, people=(Pair(2, "ines", "1"),), courses=(COURSE,))
    custom = {"attune_activity": str(world.activity_id)}
    assert came_in(next_lms, "1", INSTRUCTOR, link="77", custom=custom) == f"/a/{world.activity_id}"
    world.session.expire_all()
    column = world.session.scalars(select(LineItemRow)).one()
    assert (column.url, column.lti_resource_link_id) == (f"{NEXT}/items/1", "77")
    assert world.session.scalars(select(DeliveryRow.state)).one() is DeliveryState.WAITING


def test_a_link_of_the_next_lms_with_the_same_id_by_chance_leads_nowhere_by_itself(
    world: World, next_lms: World
) -> None:
    move(world, next_lms, courses=(COURSE,))
    path = came_in(next_lms, "1", INSTRUCTOR, link="link-1")
    assert path.endswith("/choose")
    course_id = world.session.scalars(select(CourseRow.id)).one()
    (one,) = left_links.unlinked(world.session, course_id)
    assert one.id == world.activity_id
    assert [each.activity_id for each in basket.unplaced(world.session, course_id)] == [world.activity_id]


def test_an_instructor_leads_a_new_link_to_what_was_there_and_nobody_else_does(world: World, next_lms: World) -> None:
    move(world, next_lms, people=(Pair(2, "ines", "1"), Pair(3, "sam", "2")), courses=(COURSE,))
    came_in(next_lms, "1", INSTRUCTOR, link="77")
    link = world.session.scalars(select(ResourceLinkRow).where(ResourceLinkRow.lti_resource_link_id == "77")).one()
    ines = who_is_it(world.session, next_lms.enter(
        "1", INSTRUCTOR, deployment_id="9", context=NEXT_COURSE, resource_link=ResourceLink(id="77", title="")
    ).token, world.now)  # fmt: skip
    assert ines is not None
    with pytest.raises(Refused):
        left_links.lead(world.session, world.visitor("sam"), link.id, world.activity_id)
    with pytest.raises(NotHere):
        left_links.lead(world.session, ines, link.id, new_id())
    assert left_links.lead(world.session, ines, link.id, world.activity_id).activity_id == world.activity_id
    assert left_links.unlinked(world.session, link.course_id) == ()
    assert left_links.lead(world.session, ines, link.id, new_id()) is link  # it leads somewhere already


def test_what_launches_brought_before_comes_along_and_what_was_set_up_there_holds_it_back(
    world: World, next_lms: World
) -> None:
    came_in(next_lms, "501", TRAINEE)
    assert move(world, next_lms, courses=(COURSE,)).problems == []
    course = world.session.scalars(select(CourseRow)).one()
    newcomer = account(world.session, next_lms, "501").person_id
    assert world.session.scalars(
        select(MembershipRow.id).where(MembershipRow.course_id == course.id, MembershipRow.person_id == newcomer)
    ).one()


def test_a_course_in_which_something_was_set_up_already_is_named(world: World, next_lms: World) -> None:
    came_in(next_lms, "1", INSTRUCTOR)
    later = world.session.scalars(select(CourseRow).where(CourseRow.lti_context_id == "next-course")).one()
    world.session.add(
        CourseRow(
            id=new_id(), organization_id=world.organization_id, deployment_id=later.deployment_id,
            lti_context_id="third", title="Third", continues_id=later.id,
        )
    )  # fmt: skip
    world.session.flush()
    (problem,) = move(world, next_lms, courses=(COURSE,)).problems
    assert "something was set up already (course)" in problem.what


def test_a_course_that_goes_back_finds_its_links_as_they_were(world: World, next_lms: World) -> None:
    there, back = Pair(2, "course-1", "next-course"), Pair(2, "next-course", "course-1")
    for _ in range(2):
        assert move(world, next_lms, courses=(there,)).problems == []
        came_in(next_lms, "501", INSTRUCTOR, link="77", custom={"attune_activity": str(world.activity_id)})
        world.enter("ines", INSTRUCTOR, custom={})  # from the LMS before, where the course is not any more
        assert move(next_lms, world, courses=(back,)).problems == []
        course = world.session.scalars(select(CourseRow)).one()
        assert course.lti_context_id == "course-1"
        links = world.session.scalars(
            select(ResourceLinkRow).where(ResourceLinkRow.lti_resource_link_id == "link-1")
        ).all()  # fmt: skip
        assert [link.activity_id for link in links] == [world.activity_id]


def test_an_unknown_course_or_deployment_is_named(world: World, next_lms: World) -> None:
    moved = move(world, next_lms, courses=(Pair(3, "elsewhere", "x"), Pair(4, "course-1", "y", "unknown")))
    assert [problem.line for problem in moved.problems] == [3, 4]
    assert "no course elsewhere" in moved.problems[0].what
    assert "have somebody open Attune there once" in moved.problems[1].what


def test_nobody_moves_to_the_same_connection_or_to_that_of_another_organization(world: World, next_lms: World) -> None:
    by = Operator(world.organization_id, None)
    with pytest.raises(Refused):
        moving.move(world.session, by, world.registration_id, world.registration_id, (), (), world.now)
    with pytest.raises(NotHere):
        moving.move(
            world.session, Operator(new_id(), None), world.registration_id, next_lms.registration_id, (), (), world.now
        )


def test_lists_hold_everybody_and_every_course_and_come_back_as_they_were_filled_in(
    world: World, next_lms: World
) -> None:
    came_in(next_lms, "501", TRAINEE)
    move(world, next_lms, people=(Pair(2, "sam", "501"),))
    people = moving_lists.people(world.session, world.registration_id, next_lms.registration_id)
    assert "sam,501,Sam Example" in people
    assert "jo,,Jo Example" in people
    assert "course-1,,,Peer support practicum" in moving_lists.courses(world.session, world.registration_id)
    links = moving_lists.links(world.session, world.registration_id, "https://attune.school.example")
    assert f"https://attune.school.example/lti/launch?activity={world.activity_id}" in links
    assert moving_lists.read(people.encode(), "people.csv") == (Pair(5, "sam", "501"),)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"who,what\r\n1,2\r\n", "needs the columns"),
        (b"old;new\r\n1;2\r\n1;3\r\n", "line 3: 1 stands there twice"),
        (b"old,new\r\n1,7\r\n2,8\r\n3,7\r\n", "lines 2 and 4: both would become 7"),
        (b"old,new,deployment\r\n1,7,a\r\n2,7,b\r\n3,7,b\r\n", "lines 3 and 4: both would become 7"),
    ],
)
def test_a_list_that_cannot_be_read_says_where(content: bytes, says: str) -> None:
    with pytest.raises(NotAList, match=says):
        moving_lists.read(content, "people.csv")


def test_one_account_of_the_next_lms_never_makes_two_people_one(world: World, next_lms: World) -> None:
    world.sign("jo", world.answered())
    moved = move(world, next_lms, people=(Pair(2, "sam", "501"), Pair(3, "ines", "501")))
    (problem,) = moved.problems
    assert (problem.line, moved.joined) == (3, 0)
    assert "gives the account 501 of the next LMS to somebody else already" in problem.what
    assert world.session.scalars(select(PersonRow.id).where(PersonRow.merged_into.is_not(None))).all() == []


def test_whoever_has_two_accounts_is_in_the_list_with_one_row_each_and_it_can_be_read_again(
    world: World, next_lms: World
) -> None:
    move(world, next_lms, people=(Pair(2, "sam", "501"), Pair(3, "sam", "502")))
    sam = world.visitor("sam").person_id
    world.session.add(
        LmsAccountRow(
            id=new_id(), organization_id=world.organization_id, registration_id=world.registration_id, sub="sam-2",
            person_id=sam,
        )
    )  # fmt: skip
    world.session.flush()
    people = moving_lists.people(world.session, world.registration_id, next_lms.registration_id)
    pairs = moving_lists.read(people.encode(), "people.csv")
    assert "sam" in {pair.old for pair in pairs}
    assert move(world, next_lms, people=pairs).problems == []


def test_a_course_without_links_is_moved_once_however_often_the_list_is_done(world: World, next_lms: World) -> None:
    deployment_id = world.session.scalars(select(CourseRow.deployment_id)).one()
    world.session.add(
        CourseRow(
            id=new_id(), organization_id=world.organization_id, deployment_id=deployment_id, lti_context_id="bare",
            title="Bare",
        )
    )  # fmt: skip
    world.session.flush()
    bare = Pair(2, "bare", "next-bare")
    assert move(world, next_lms, courses=(bare,)).courses == 1
    again = move(world, next_lms, courses=(bare,))
    assert (again.courses, again.problems) == (0, [])
    assert "no course never" in move(world, next_lms, courses=(Pair(2, "never", "x"),)).problems[0].what
    twice = move(world, next_lms, courses=(COURSE, Pair(3, "bare", "next-course")))
    assert [problem.line for problem in twice.problems] == [3]
