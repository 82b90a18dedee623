"""The people of a course as a list; test users and those who left stand apart."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.services.asking import ask
from lti_tool.services.asking.possible_observers import possible_observers
from lti_tool.services.cohorts import cohort
from lti_tool.services.courses import people, people_list, roster
from lti_tool.services.courses.people_list import Search
from lti_tool.services.courses.places import NotHere
from lti_tool.services.operating import clean
from lti_tool.services.scores import deliver, gradebook
from lti_tool.store.base import new_id
from lti_tool.store.courses import CourseRow, GroupKind, GroupMemberRow, GroupRow, RosterReadRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import MembershipRow
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.listed import Listed, member

TEST_USER = (*TRAINEE, "http://purl.imsglobal.org/vocab/lti/system/person#TestUser")


def found(world: World, search: Search) -> list[str]:
    """The names of those who match."""
    place = world.place(world.visitor("ines"))
    matching = people_list.find(world.session, place, search)
    lines = people_list.lines(world.session, place, search, matching, first=0, most=50)
    assert matching.count == len(lines)
    return [line.name for line in lines]


def test_everyone_stands_by_name(world: World) -> None:
    everyone = found(world, Search())
    assert everyone == ["Amara Example", "Ines Example", "Jo Example", "Noor Example", "Sam Example"]


@pytest.mark.parametrize(("part", "names"), [("MARA", ["Amara Example"]), ("JO e", ["Jo Example"]), ("x y", [])])
def test_part_of_a_name_finds_people_whatever_its_case(world: World, part: str, names: list[str]) -> None:
    assert found(world, Search(name=part)) == names


def test_a_group_narrows_the_list_down_and_another_course_s_group_finds_nobody(world: World) -> None:
    course = world.session.scalars(select(CourseRow)).one()
    group = GroupRow(
        id=new_id(), organization_id=world.organization_id, course_id=course.id, kind=GroupKind.GROUP,
        lti_group_id="1", name="Tuesday",
    )  # fmt: skip
    world.session.add(group)
    world.session.flush()
    world.session.add(
        GroupMemberRow(
            organization_id=world.organization_id, group_id=group.id, person_id=world.visitor("sam").person_id,
            listed_at=world.now,
        )
    )  # fmt: skip
    assert found(world, Search(group_id=group.id)) == ["Sam Example"]
    assert found(world, Search(group_id=group.id, name="noor")) == []
    assert found(world, Search(group_id=new_id())) == []


def test_a_list_too_long_for_names_stands_as_people_came_and_a_name_is_still_found(world: World) -> None:
    ines = world.visitor("ines")
    place = world.place(ines)
    as_they_came = people_list.Found(5, None)
    lines = people_list.lines(world.session, place, Search(), as_they_came, first=1, most=3)
    assert [line.name for line in lines] == ["Jo Example", "Amara Example", "Sam Example"]


def test_who_holds_a_grant_is_found_by_it_and_nobody_by_another_s(world: World) -> None:
    ines, place = world.visitor("ines"), world.place(world.visitor("ines"))
    jo = next(line for line in people_list.carrying(world.session, place) if line.name == "Jo Example")
    assert people_list.holder(world.session, place, jo.grants[0].id) == (jo, jo.grants[0])
    with pytest.raises(NotHere):
        people_list.holder(world.session, place, ines.person_id)
    people.revoke(world.session, ines, place, jo.grants[0].id, world.now)
    with pytest.raises(NotHere):
        people_list.holder(world.session, place, jo.grants[0].id)


def test_who_left_stands_apart_with_what_they_were_granted(world: World, sessions: sessionmaker[Session]) -> None:
    listed = Listed(world, sessions)
    listed.read(*(member(sub) for sub in ("ines", "jo", "amara", "sam", "noor")))
    listed.read(*(member(sub) for sub in ("ines", "amara", "sam", "noor")))
    place = world.place(world.visitor("ines"))
    gone = people_list.gone(world.session, place)
    assert [(line.name, line.ended_at, len(line.grants)) for line in gone.lines] == [("Jo Example", world.now, 1)]
    assert gone.count == 1
    assert "Jo Example" not in found(world, Search())
    assert [line.name for line in people_list.carrying(world.session, place)] == ["Amara Example"]


# ---- test users (V18) ----


@pytest.fixture
def trying(world: World) -> World:
    """A test user of the platform, who has done all that a trainee can do."""
    world.visitor("test", TEST_USER)
    world.visitors["sam"], sam = world.visitors["test"], world.visitors["sam"]
    world.sign("jo", world.answered())
    world.visitors["sam"] = sam
    return world


def test_lti_v18_a_test_user_tries_everything_and_is_counted_nowhere(trying: World) -> None:
    place = trying.place(trying.visitor("ines"))
    assert [line.name for line in people_list.test_users(trying.session, place)] == ["Test Example"]
    assert "Test Example" not in found(trying, Search())
    seen = cohort.cohort(trying.session, place)
    assert {trainee.name for trainee in seen.trainees} == {"Noor Example", "Sam Example"}
    assert {line.person_name for line in gradebook.gradebook(trying.session, place).lines} == {
        "Noor Example", "Sam Example",
    }  # fmt: skip


def test_lti_v18_no_score_of_a_test_user_is_ever_sent(trying: World) -> None:
    assert trying.session.query(DeliveryRow).count() == 0
    assert deliver.desire_overlooked(trying.session, trying.now) == ()
    assert trying.activity_id is not None
    assert deliver.desire_for_all(trying.session, trying.activity_id, trying.now) == ()


def test_lti_v18_what_a_test_user_asked_waits_for_its_observer_but_is_not_counted(trying: World) -> None:
    test, jo = trying.visitor("test"), trying.visitor("jo")
    place = trying.place(test)
    before = cohort.cohort(trying.session, trying.place(trying.visitor("ines"))).waiting_for_observer
    ask.request(
        trying.session, test, place, observer_id=jo.person_id, mode=ask.Mode.LIVE, recorded=False, note=None,
        now=trying.now,
    )  # fmt: skip
    assert cohort.cohort(trying.session, trying.place(trying.visitor("ines"))).waiting_for_observer == before


def test_lti_v18_nobody_is_offered_a_test_user_as_observer(trying: World) -> None:
    trying.grant(trying.visitor("test"), Lane.PEER)
    sam = trying.visitor("sam")
    names = {person.name for person in possible_observers(trying.session, sam.person_id, trying.place(sam).course.id)}
    assert names == {"Amara Example", "Jo Example"}
    ines = trying.place(trying.visitor("ines"))
    assert cohort.cohort(trying.session, ines).observers == 2


def test_a_test_user_is_one_only_where_the_lms_says_so(trying: World) -> None:
    rows = trying.session.query(MembershipRow).where(MembershipRow.test_user)
    assert [row.capability for row in rows] == [Capability.TRAINEE]


# ---- old readings ----


def test_readings_of_long_ago_are_taken_away_and_when_the_list_was_read_stays(
    world: World, sessions: sessionmaker[Session]
) -> None:
    listed = Listed(world, sessions)
    listed.read(member("ines"))
    read_at = listed.course.roster_read_at
    clean.clean(world.session, world.now + clean.READINGS_KEPT * 2)
    assert world.session.query(RosterReadRow).count() == 0
    world.session.expire_all()
    progress = roster.progress(world.session, world.place(world.visitor("ines")))
    assert (progress.state, progress.read_at) == (None, read_at)


def test_moodle_n1_whom_only_the_list_calls_a_learner_is_no_trainee_once_they_hold_a_lane(
    world: World, sessions: sessionmaker[Session]
) -> None:
    listed = Listed(world, sessions)
    listed.read(*(member(sub) for sub in ("ines", "jo", "amara", "sam", "noor", "wren")))
    ines, place = world.visitor("ines"), world.place(world.visitor("ines"))
    wren = listed.membership("Wren Example").person_id

    def trainees() -> tuple[set[str], set[str]]:
        shown = {line.name for line in cohort.cohort(world.session, place).trainees}
        return shown, {line.person_name for line in gradebook.gradebook(world.session, place).lines}

    assert all("Wren Example" in names for names in trainees())
    people.grant(
        world.session, ines, place, person_id=wren, capability=Capability.SUPERVISOR, lane=Lane.PEER, now=world.now
    )
    assert not any("Wren Example" in names for names in trainees())
    assert all("Sam Example" in names for names in trainees())
