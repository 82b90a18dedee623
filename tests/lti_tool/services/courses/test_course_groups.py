"""Groups and sections: what launches say of a person's own, and what the list says of everybody's."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.courses import course_groups, people_list
from lti_tool.services.courses.people_list import Search
from lti_tool.services.entering.memberships import SEEN_AGAIN
from lti_tool.store.courses import CourseRow
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.listed import GROUPS, Listed, member

EVERYBODY = tuple(member(sub) for sub in ("ines", "jo", "amara", "sam", "noor"))
CANVAS = {"attune_sections": "301,302", "attune_section_names": '["Morning", "Evening"]'}


@pytest.fixture
def listed(world: World, sessions: sessionmaker[Session]) -> Listed:
    return Listed(world, sessions)


def launched(world: World, sub: str, **custom: str) -> None:
    """A launch so late that what it says is noted."""
    world.now += SEEN_AGAIN
    world.enter(sub, TRAINEE, custom={"attune_activity": str(world.activity_id), **custom})


def groups(world: World) -> list[tuple[str, str, str | None]]:
    course_id = world.session.scalars(select(CourseRow.id)).one()
    found = course_groups.groups_of(world.session, course_id)
    return [(group.kind.value, group.lti_id, group.name) for group in found]


def of(world: World, name: str) -> set[str]:
    ines = world.visitor("ines")
    search = Search(name=name)
    found = people_list.find(world.session, world.place(ines), search)
    (line,) = people_list.lines(world.session, world.place(ines), search, found, first=0, most=5)
    return {group.name or group.lti_id for group in line.groups}


def test_canvas_sections_of_a_launch_are_known_by_name(world: World) -> None:
    launched(world, "sam", **CANVAS)
    assert groups(world) == [("section", "302", "Evening"), ("section", "301", "Morning")]
    assert of(world, "sam") == {"Morning", "Evening"}
    assert of(world, "noor") == set()


def test_a_section_is_named_by_the_first_launch_that_can_and_named_anew_when_it_changes(world: World) -> None:
    launched(world, "sam", attune_sections="301,302")
    assert groups(world) == [("section", "301", None), ("section", "302", None)]
    launched(world, "noor", attune_sections="301", attune_section_names='["Morning"]')
    assert of(world, "sam") == {"Morning", "302"}
    launched(world, "noor", attune_sections="301", attune_section_names='["Early"]')
    assert of(world, "sam") == {"Early", "302"}


def test_moodle_c2_who_changes_groups_is_in_the_new_ones_only(world: World) -> None:
    launched(world, "sam", attune_groups="1,2")
    launched(world, "sam", attune_groups="2,3")
    assert of(world, "sam") == {"2", "3"}
    launched(world, "sam")
    assert of(world, "sam") == {"2", "3"}  # nothing was said
    launched(world, "sam", attune_groups="")
    assert of(world, "sam") == set()


def test_a_launch_that_brings_nothing_new_asks_nothing_about_groups(world: World) -> None:
    launched(world, "sam", **CANVAS)
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    world.enter("sam", TRAINEE, custom={"attune_activity": str(world.activity_id), **CANVAS})
    event.remove(engine, "before_cursor_execute", note)
    assert not [statement for statement in said if "course_group" in statement]


def test_lti_g06_groups_of_the_service_come_with_the_list_of_people(listed: Listed) -> None:
    listed.course.groups_url = GROUPS
    listed.lms.groups = [{"id": 1, "name": "Tuesday"}, {"id": "2", "name": "Thursday"}]
    sam = member("sam", group_enrollments=[{"group_id": "1"}, {"group_id": 2}, {"group_id": "gone"}])
    noor = member("noor", group_enrollments=[{"group_id": "2"}])
    listed.read(*EVERYBODY[:3], sam, noor)
    assert of(listed.world, "sam") == {"Tuesday", "Thursday"}
    assert of(listed.world, "noor") == {"Thursday"}
    listed.read(*EVERYBODY[:3], member("sam", group_enrollments=[]), member("noor"))
    assert of(listed.world, "sam") == set()
    assert of(listed.world, "noor") == {"Thursday"}  # nothing was said


def test_lti_g04_without_the_groups_service_people_are_read_all_the_same(listed: Listed) -> None:
    listed.course.groups_url = GROUPS  # which answers with nothing that can be read
    assert listed.read(*EVERYBODY, member("lee")) is None
    assert "Lee Example" in listed.here()
    assert not [url for url in listed.lms.asked if "groups=true" in url]


def test_groups_of_two_kinds_do_not_take_each_other_s_place(world: World) -> None:
    launched(world, "sam", attune_groups="1", attune_sections="1", attune_section_names='["Morning"]')
    assert of(world, "sam") == {"1", "Morning"}
    world.now += timedelta(minutes=1)
    launched(world, "sam", attune_groups="")
    assert of(world, "sam") == {"Morning"}
