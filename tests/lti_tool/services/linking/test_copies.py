"""How a copied course is noticed, and within which bounds."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lti_tool.lti.claims import Course, Platform, ResourceLink
from lti_tool.services import organizations
from lti_tool.services.connecting import platforms
from lti_tool.store.copies import CopySource, CourseCopyRow
from lti_tool.store.courses import CourseRow, ResourceLinkRow
from lti_tool.store.platforms import DeploymentRow
from tests.lti_tool.services.conftest import INSTRUCTOR, ISSUER, TRAINEE, World
from tests.lti_tool.services.copying import COPY, ORIGIN, link_id, open_copy, rows, waiting

NO_CUSTOM: dict[str, str] = {}


# ---- how a copy is noticed ----


def test_lti_v25_a_link_that_names_an_activity_of_another_course_waits_for_an_instructor(world: World) -> None:
    entered = open_copy(world, "sam", TRAINEE)
    assert entered.path == f"/links/{link_id(entered)}/copied"
    assert entered.course_id is not None
    (row,) = world.session.scalars(select(CourseCopyRow)).all()
    assert (row.course_id, row.source) == (entered.course_id, CopySource.LINK)
    assert waiting(world, entered.course_id) == ["Observed practice"]
    assert open_copy(world, "sam", TRAINEE).path == entered.path


def test_lti_v25_the_history_of_a_course_names_the_nearest_origin_that_has_something(world: World) -> None:
    world.enter("ines", INSTRUCTOR, context=Course(id="empty", title="Never used", label=None), custom=NO_CUSTOM)
    custom = {"attune_context_history": f"{COPY}, empty,,{ORIGIN} ,unknown"}
    entered = open_copy(world, "ines", custom=custom)
    (row,) = world.session.scalars(select(CourseCopyRow)).all()
    origin = world.session.get_one(CourseRow, row.origin_course_id)
    assert (origin.lti_context_id, row.source) == (ORIGIN, CopySource.HISTORY)
    assert entered.course_id is not None
    assert waiting(world, entered.course_id) == ["Observed practice"]


def test_a_course_that_names_itself_in_its_history_is_no_copy(world: World) -> None:
    new = ResourceLink(id="another", title="Another")
    world.enter("ines", INSTRUCTOR, resource_link=new, custom={"attune_context_history": ORIGIN})
    assert world.session.scalars(select(CourseCopyRow)).all() == []


def test_a_link_without_any_id_of_ours_is_known_by_the_title_of_the_link_it_was_copied_from(world: World) -> None:
    custom = {"attune_context_history": ORIGIN}
    first = open_copy(world, "ines", custom=custom)
    assert first.path.endswith("/copied")
    second = open_copy(world, "ines", custom=custom, resource_link=ResourceLink(id="new", title="Observed practice"))
    assert second.path.endswith("/choose")
    other = open_copy(world, "ines", custom=custom, resource_link=ResourceLink(id="newer", title="Something new"))
    assert other.path.endswith("/choose")


def test_a_link_that_names_nothing_known_is_set_up_as_any_new_link(world: World) -> None:
    for named in (str(uuid4()), "nonsense"):
        entered = open_copy(world, "ines", custom={"attune_activity": named})
        assert entered.path.endswith("/choose")
    assert rows(world, "course_copy", "link_origin") == {"course_copy": 0, "link_origin": 0}


def test_lti_v12_a_new_link_in_a_known_course_leaves_what_is_there(world: World) -> None:
    before = [(row.id, row.activity_id) for row in world.session.scalars(select(ResourceLinkRow))]
    entered = world.enter("ines", INSTRUCTOR, custom=NO_CUSTOM, resource_link=ResourceLink(id="another", title="New"))
    assert entered.path == f"/links/{link_id(entered)}/choose"
    after = [(row.id, row.activity_id) for row in world.session.scalars(select(ResourceLinkRow))]
    assert set(before) < set(after)
    assert world.enter("sam", TRAINEE).path == f"/a/{world.activity_id}"


# ---- within which bounds ----


def test_the_same_course_in_another_deployment_of_its_platform_is_no_copy_of_itself(world: World) -> None:
    deployment_of_the_origin(world, "school-a")
    entered = world.enter(
        "ines", INSTRUCTOR, deployment_id="2", platform=Platform(guid="school-a", name=None),
        custom={"attune_context_history": f"older,{ORIGIN}"},
    )  # fmt: skip
    assert entered.path.endswith("/choose")


def other_registration(world: World, organization: str) -> UUID:
    platform = platforms.NewPlatform(
        name="Other", family="canvas", issuer=ISSUER, client_id=f"client of {organization}", auth_url=f"{ISSUER}/auth",
        token_url=f"{ISSUER}/token", jwks_url=f"{ISSUER}/jwks",
    )  # fmt: skip
    organization_id = organizations.organization_named(world.session, organization, world.now)
    return platforms.add(world.session, organization_id, platform, world.now)


@pytest.mark.parametrize("guid", [None, "the same platform"])
@pytest.mark.parametrize("organization", ["School", "Another school"])
def test_lti_s11_an_activity_of_another_registration_or_organization_is_not_offered(
    world: World, organization: str, guid: str | None
) -> None:
    world.session.scalars(select(DeploymentRow)).one().platform_guid = guid
    custom = {"attune_activity": str(world.activity_id), "attune_context_history": ORIGIN}
    registration_id = other_registration(world, organization)
    there = {"registration_id": registration_id, "deployment_id": "9", "platform": Platform(guid=guid, name=None)}
    entered = open_copy(world, "ines", custom=custom, **there)
    assert entered.path.endswith("/choose")
    assert rows(world, "course_copy", "link_origin") == {"course_copy": 0, "link_origin": 0}


def deployment_of_the_origin(world: World, guid: str | None) -> None:
    world.session.scalars(select(DeploymentRow)).one().platform_guid = guid
    world.session.add(
        DeploymentRow(
            organization_id=world.organization_id, registration_id=world.registration_id, deployment_id="2",
            state="active", created_at=world.now,
        )
    )  # fmt: skip
    world.session.flush()


@pytest.mark.parametrize(
    ("origin", "copy", "by_our_id", "by_theirs"),
    [
        ("school-a", "school-a", True, True),
        ("school-a", "school-b", False, False),
        ("school-a", None, True, False),
        (None, "school-b", True, False),
        (None, None, True, False),
    ],
)
def test_between_deployments_the_platforms_own_ids_count_only_where_both_name_the_same_platform(
    world: World, origin: str | None, copy: str | None, by_our_id: bool, by_theirs: bool
) -> None:
    deployment_of_the_origin(world, origin)
    here = {"deployment_id": "2", "platform": Platform(guid=copy, name=None)}
    theirs = open_copy(world, "ines", custom={"attune_context_history": ORIGIN}, **here)
    assert theirs.path.endswith("/copied") is by_theirs
    new = ResourceLink(id="one more", title="One more")
    custom = {"attune_activity": str(world.activity_id)}
    ours = open_copy(world, "ines", custom=custom, resource_link=new, **here)
    assert ours.path.endswith("/copied") is by_our_id
