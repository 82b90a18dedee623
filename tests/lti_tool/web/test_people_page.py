"""The page of people: how the list of the LMS stands, who is found, who is not in the course any more."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.roster import SENTENCES
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, GroupKind, GroupMemberRow, GroupRow, RosterReadRow, RosterReadState
from lti_tool.store.people import MembershipRow
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.services.listed import MEMBERS
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read

TEST_USER = (*TRAINEE, "http://purl.imsglobal.org/vocab/lti/system/person#TestUser")


@pytest.fixture
def offered(course: Course) -> Course:
    """A course whose LMS offers a list, which nobody has had read yet."""
    course.browser("ines")
    course.world.session.query(CourseRow).one().memberships_url = MEMBERS
    course.kept()
    return course


def page(course: Course, query: str = "") -> Read:
    answer = course.browser("ines").get(f"{course.home}/people{query}")
    assert answer.status_code == 200, answer.text
    return Read(answer.text)


def reading(course: Course, state: RosterReadState, **values: object) -> None:
    """A reading as the worker would have left it."""
    session, here = course.world.session, course.world.session.query(CourseRow).one()
    session.add(
        RosterReadRow(
            organization_id=here.organization_id, course_id=here.id, state=state, asked_at=course.world.now,
            moved_at=course.world.now, **({"people": 0} | values),
        )
    )  # fmt: skip
    if state is RosterReadState.DONE:
        here.roster_read_at = course.world.now
    course.kept()


def test_the_button_only_asks_and_the_page_says_how_far_it_is(offered: Course, looked_at: list[UUID]) -> None:
    ines = offered.browser("ines")
    looked_at.clear()
    answer = ines.act(f"{offered.home}/people/refresh")
    assert answer.location.endswith("/people#list")
    read_id = offered.world.session.scalars(select(RosterReadRow.id)).one()
    assert looked_at == [read_id]
    assert "It begins in a moment" in page(offered).text
    offered.world.session.execute(update(RosterReadRow).values(state=RosterReadState.READING, people=350))
    offered.kept()
    read = page(offered)
    assert "350 people so far" in read.text
    assert f"{offered.home}/people#list" in read.links  # "Look again", without scripts


def test_asking_twice_asks_for_one_reading(offered: Course, looked_at: list[UUID]) -> None:
    ines = offered.browser("ines")
    looked_at.clear()
    for _ in range(2):
        ines.act(f"{offered.home}/people/refresh")
    assert len(set(looked_at)) == 1
    assert offered.world.session.query(RosterReadRow).count() == 1


def test_the_fragment_says_whether_there_is_more_to_come(offered: Course) -> None:
    ines, path = offered.browser("ines"), f"{offered.home}/people/reading"
    assert 'data-reading="over"' in ines.get(path).text
    reading(offered, RosterReadState.READING, people=1)
    fragment = ines.get(path).text
    assert 'data-reading="open"' in fragment
    assert "1 person so far" in Read(fragment).text
    assert "<html" not in fragment
    assert offered.browser("sam").get(path).status_code == 403


def test_a_list_that_was_read_says_when_and_of_how_many(offered: Course) -> None:
    reading(offered, RosterReadState.DONE, people=350)
    assert "was read on March 2, 2026, 9:00 AM UTC. It had 350 people." in page(offered).text


@pytest.mark.parametrize("problem", SENTENCES)
def test_what_stood_in_the_way_is_said_with_what_to_do_and_that_nobody_was_taken_out(
    offered: Course, problem: PlatformProblem
) -> None:
    reading(offered, RosterReadState.NOT_DONE, problem=problem.value)
    read = page(offered)
    assert " ".join(SENTENCES[problem].split()) in read.text
    assert "Nobody was taken out." in read.text


def test_the_last_good_reading_still_holds(offered: Course) -> None:
    reading(offered, RosterReadState.DONE, people=7)
    offered.world.now += timedelta(days=1)
    reading(offered, RosterReadState.NOT_DONE, problem=PlatformProblem.ROSTER_NOT_NOW.value)
    assert "The list of March 2, 2026, 9:00 AM UTC still holds" in page(offered).text


def test_where_the_lms_offers_no_list_there_is_no_button_and_asking_says_so(course: Course) -> None:
    read = page(course)
    assert "offers no list of people here" in read.text
    assert "Read the list from your LMS" not in read.text
    answer = course.browser("ines").act(f"{course.home}/people/refresh")
    assert answer.status_code == 409
    assert "Each person appears here once they open Attune" in answer.text


def test_each_line_says_what_is_known_of_someone_s_coming(offered: Course) -> None:
    reading(offered, RosterReadState.DONE, people=1)
    noor = offered.world.visitor("noor").person_id
    session = offered.world.session
    session.execute(
        update(MembershipRow)
        .where(MembershipRow.person_id == noor)
        .values(launched=False, listed_at=offered.world.now, listed_roles=["Learner"])
    )
    offered.kept()
    text = page(offered, "?name=noor").text
    assert "Takes part in the course as a learner Has not opened Attune yet." in text
    assert "Has not opened Attune yet. Not in the list of your LMS." not in text
    assert "Last here on March 2, 2026. Not in the list of your LMS." in page(offered, "?name=sam").text


def with_group(course: Course, *members: str, name: str | None = "Tuesday") -> UUID:
    session, here = course.world.session, course.world.session.query(CourseRow).one()
    group = GroupRow(
        id=new_id(), organization_id=here.organization_id, course_id=here.id, kind=GroupKind.GROUP,
        lti_group_id="17", name=name,
    )  # fmt: skip
    session.add(group)
    session.flush()
    for who in members:
        session.add(
            GroupMemberRow(
                organization_id=here.organization_id, group_id=group.id,
                person_id=course.world.visitor(who).person_id, listed_at=course.world.now,
            )
        )  # fmt: skip
    course.kept()
    return group.id


def test_a_group_shows_its_people_and_stays_chosen_after_an_act(course: Course) -> None:
    group_id = with_group(course, "sam", "noor")
    read = page(course, f"?group={group_id}")
    assert "Found: 2 people" in read.text
    assert f"{course.home}/people#everyone" in read.links
    person = str(course.world.visitor("noor").person_id)
    answer = course.browser("ines").act(
        f"{course.home}/people/grant", person=person, grant="observer", group=str(group_id), name="no", page="1"
    )
    assert f"group={group_id}" in answer.location
    assert "name=no" in answer.location


def test_chosen_people_stay_chosen_from_page_to_page(course: Course) -> None:
    group_id = with_group(course)
    session, here = course.world.session, course.world.session.query(CourseRow).one()
    for number in range(45):
        visitor = course.world.visitor(f"crowd{number}", TRAINEE)
        session.add(
            GroupMemberRow(
                organization_id=here.organization_id, group_id=group_id, person_id=visitor.person_id,
                listed_at=course.world.now,
            )
        )  # fmt: skip
    course.kept()
    read = page(course, f"?group={group_id}&name=crowd")
    assert f"{course.home}/people?group={group_id}&name=crowd&page=2#everyone" in read.links
    assert "Found: 45 people" in page(course, f"?group={group_id}&name=crowd&page=2").text


def test_a_group_without_a_name_is_called_by_its_number(course: Course) -> None:
    with_group(course, "sam", name=None)
    assert "Group 17" in page(course, "?name=sam").text


@pytest.mark.parametrize("query", ["?group=x", f"?group={UUID(int=7)}", "?name=zzz", f"?name={'y' * 500}", "?name=%00"])
def test_whom_nobody_is_like_is_said_calmly(course: Course, query: str) -> None:
    read = page(course, query)
    assert "Nobody here is like that." in read.text or "Everyone: 5 people" in read.text


def test_who_left_stands_apart_and_what_they_hold_can_be_taken_back(course: Course) -> None:
    jo = course.world.visitor("jo").person_id
    course.world.session.execute(
        update(MembershipRow).where(MembershipRow.person_id == jo).values(ended_at=course.world.now)
    )
    course.kept()
    read = page(course)
    assert "Not in the course any more: 1 person" in read.text
    assert "Everyone: 4 people" in read.text
    link = next(link for link in read.links if "/people/revoke" in link)
    taken_back = [link for link in read.links if "/people/revoke" in link]
    assert len(taken_back) == 2  # Amara's, and Jo's
    assert course.browser("ines").get(link).status_code == 200


def test_lti_v18_a_test_user_is_shown_as_one_and_not_counted(course: Course) -> None:
    course.world.enter("test", TEST_USER)
    course.kept()
    read = page(course)
    assert "Test Example" in read.text
    assert "test user of your LMS" in read.text
    assert "Everyone: 5 people" in read.text
    for tab in ("?tab=activity", "/gradebook"):
        assert "Test Example" not in course.browser("ines").get(f"{course.home}{tab}").text
