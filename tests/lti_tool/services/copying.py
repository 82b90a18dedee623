"""A course that the platform copied, entered through launches that carry what copies carry."""

from uuid import UUID

from sqlalchemy import func, select

from lti_tool.lti.claims import AgsEndpoint, Course, ResourceLink
from lti_tool.services.entering.enter import Entered
from lti_tool.services.entering.visitors import Visitor, who_is_it
from lti_tool.services.linking import copy_choices, copy_decisions
from lti_tool.services.linking.copy_decisions import Choice
from lti_tool.store import Base
from tests.lti_tool.services.conftest import INSTRUCTOR, ISSUER, SCOPES, World

ORIGIN, COPY = "course-1", "course-2"
OF_LEARNERS = (
    "observation", "consent", "assessment", "rating", "response", "sign_off", "signed_document",
    "capability_grant", "delivery",
)  # fmt: skip
"""Tables of which nothing may ever come along."""


def open_copy(world: World, sub: str, roles: tuple[str, ...] = INSTRUCTOR, **changes: object) -> Entered:
    """Somebody opens a link of the copy; its custom parameters came along."""
    usual: dict[str, object] = {
        "context": Course(id=COPY, title="Practicum, spring", label=None),
        "resource_link": ResourceLink(id="link-of-the-copy", title="Observed practice"),
        "ags": AgsEndpoint(line_item=f"{ISSUER}/items/70", line_items=f"{ISSUER}/items2", scopes=SCOPES),
    }
    return world.enter(sub, roles, **(usual | changes))


def opened(
    world: World, sub: str = "ines", roles: tuple[str, ...] = INSTRUCTOR, **changes: object
) -> tuple[Visitor, UUID]:
    """Who opened the copy, and the copy's id."""
    entered = open_copy(world, sub, roles, **changes)
    visitor = who_is_it(world.session, entered.token, world.now)
    assert visitor is not None
    assert entered.course_id is not None
    return visitor, entered.course_id


def waiting(world: World, course_id: UUID) -> list[str]:
    return [one.activity.title for one in copy_choices.waiting(world.session, course_id)]


def copied(world: World, choice: Choice = Choice.COPY, **changes: object) -> tuple[Visitor, UUID, UUID | None]:
    """The copy with its activity decided about: the instructor, the course, the new activity."""
    ines, course_id = opened(world, **changes)
    assert world.activity_id is not None
    assert copy_decisions.decide(world.session, ines, course_id, {world.activity_id: choice}, now=world.now) == 1
    (decided,) = copy_choices.decided(world.session, course_id)
    return ines, course_id, decided.copy_id


def rows(world: World, *tables: str) -> dict[str, int]:
    """How many rows there are in these tables; in all without a name."""
    world.session.flush()
    found = {
        table.name: world.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
        if not tables or table.name in tables
    }
    assert set(tables) <= set(found)
    return found


def link_id(entered: Entered) -> UUID:
    """The link that a launch led to, where no activity was behind it."""
    return UUID(entered.path.split("/")[2])
