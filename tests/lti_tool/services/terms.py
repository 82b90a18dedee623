"""The course of the next term, for tests: the same people, one activity."""

from datetime import timedelta
from uuid import UUID

from lti_tool.access import Capability
from lti_tool.lti.claims import Course, ResourceLink
from lti_tool.services.authoring import author
from lti_tool.services.courses import people, places
from lti_tool.store.courses import CourseRow
from rubrics.sign_off import Lane
from tests.lti_tool.published import version_of
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, TRAINEE, World

NEXT = {
    "context": Course(id="course-2", title="Peer support practicum, spring", label=None),
    "resource_link": ResourceLink(id="link-2", title="Observed practice"),
    "custom": {},
}


def next_term(world: World, *trainees: str) -> tuple[UUID, UUID]:
    """A second course that Ines instructs and in which Jo signs; its id, and that of its activity."""
    course_id = world.enter("ines", INSTRUCTOR, **NEXT).course_id
    assert course_id is not None
    ines = world.visitor("ines")
    choice = author.ActivityChoice(
        version_id=version_of(world.session, world.organization_id), title="Observed practice"
    )
    activity_id = author.place_activity(world.session, ines, course_id, choice, now=world.now)
    world.enter("jo", ASSISTANT, **NEXT)
    for trainee in trainees:
        world.enter(trainee, TRAINEE, **NEXT)
    place = places.place(world.session, ines, activity_id)
    people.grant(
        world.session, ines, place, person_id=world.visitor("jo").person_id, capability=Capability.SUPERVISOR,
        lane=Lane.PEER, now=world.now,
    )  # fmt: skip
    return course_id, activity_id


def course_of(world: World) -> CourseRow:
    """The row of the first course, as it is now."""
    place = world.place(world.visitor("ines"))
    return world.session.get_one(CourseRow, place.course.id, populate_existing=True)


def days_go_by(world: World, days: int) -> None:
    """So many days."""
    world.now += timedelta(days=days)
