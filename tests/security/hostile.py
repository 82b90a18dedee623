"""A course in which every name, title and word is an attack, as far as people and platforms can write it."""

from uuid import UUID

from sqlalchemy import select

from lti_tool.services.observations import answer, observe
from lti_tool.store.courses import ActivityRow, CourseRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from tests.lti_tool.web.course import Course

MARK = "hit()"
HOSTILE = (
    f"\"'></title></textarea></script><img src=x onerror={MARK}><svg/onload={MARK}>{{{{7*7}}}}<script>{MARK}</script>"
)
SPELLED = ("<img src=x", "<svg/onload", f"<script>{MARK}", "}}<script", f"onerror={MARK}>")
"""What of it would have to stand in a page for a browser to run it."""
SHORT = f"<img src=x onerror={MARK}>"


def written_over(course: Course) -> None:
    """Names of people, of the course, the activity and the school."""
    session = course.world.session
    for person in session.scalars(select(PersonRow)):
        person.name = f"{(person.name or '').split()[0]} {SHORT}"
    for row in session.scalars(select(CourseRow)):
        row.title = HOSTILE
    for activity in session.scalars(select(ActivityRow)):
        activity.title = SHORT
    for school in session.scalars(select(OrganizationRow)):
        school.name, school.support_text = SHORT, HOSTILE
    course.kept()
    course.world.visitors.clear()


def observed(course: Course) -> dict[str, UUID]:
    """Observations in which observer and trainee wrote such words, by how far they are."""
    world = course.world
    begun = world.begin()
    _written(course, begun)
    shared = world.begin()
    _written(course, shared)
    observe.share(world.session, world.visitor("jo"), shared, world.now)
    answered, signed = (_answered(course) for _ in range(2))
    world.sign("jo", signed)
    course.kept()
    return {"begun": begun, "shared": shared, "answered": answered, "signed": signed}


def _answered(course: Course) -> UUID:
    world = course.world
    observation_id = world.begin()
    _written(course, observation_id)
    observe.share(world.session, world.visitor("jo"), observation_id, world.now)
    answer.answer(world.session, world.visitor("sam"), observation_id, words=HOSTILE, now=world.now)
    return observation_id


def _written(course: Course, observation_id: UUID) -> None:
    world = course.world
    jo = world.visitor("jo")
    rubric = observe.form(world.session, jo, observation_id).rubric
    ratings = {one.key: observe.RatingChange(level=4, not_observed=False, evidence=HOSTILE) for one in rubric.criteria}
    change = observe.Change(strength=HOSTILE, growth=HOSTILE, next_step=HOSTILE, ratings=ratings)
    observe.save(world.session, jo, observation_id, change, world.now)
