"""Rows W01 to W08: where a submission review leads, and whom it keeps out."""

import pytest
from sqlalchemy import func, select

from lti_tool.lti.claims import AgsEndpoint, Course, ForUser, ResourceLink
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.services.connecting import platforms
from lti_tool.services.entering.enter import Entered
from lti_tool.store.courses import LineItemRow
from lti_tool.store.people import MembershipRow, PersonRow
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, ISSUER, TRAINEE, World

COLUMN = f"{ISSUER}/items/7"


def column(url: str | None) -> AgsEndpoint:
    return AgsEndpoint(line_item=url, line_items=None, scopes=())


def review(world: World, who: str = "ines", for_user: str | None = "sam", **changes: object) -> Entered:
    """A launch from the gradebook, as Moodle makes one: with the link that the column belongs to."""
    roles = {"ines": INSTRUCTOR, "jo": ASSISTANT}.get(who, TRAINEE)
    usual = {
        "message_type": "LtiSubmissionReviewRequest",
        "for_user": ForUser(for_user, None) if for_user else None,
        "ags": column(COLUMN),
    }
    return world.enter(who, roles, **(usual | changes))


def refused(world: World, **changes: object) -> LaunchRejected:
    with pytest.raises(LaunchRejected) as problem:
        review(world, **changes)
    return problem.value


def home(world: World) -> str:
    return f"/a/{world.activity_id}"


@pytest.mark.parametrize("who", ["ines", "jo"])
def test_lti_w01_a_review_leads_to_the_page_of_the_trainee(world: World, who: str) -> None:
    sam = world.visitor("sam").person_id
    assert review(world, who).path == f"{home(world)}/trainees/{sam}?from=gradebook"


def test_lti_w03_the_column_alone_says_which_activity(world: World) -> None:
    sam = world.visitor("sam").person_id
    assert review(world, resource_link=None, custom={}).path == f"{home(world)}/trainees/{sam}?from=gradebook"


def test_the_column_decides_even_where_the_link_is_another_and_no_column_changes_hands(world: World) -> None:
    other = ResourceLink(id="link-2", title="Something else")
    assert review(world, resource_link=other, custom={}).path.startswith(home(world))
    assert world.session.scalars(select(LineItemRow.url)).all() == [COLUMN]


def test_a_column_that_is_not_known_yet_is_learned_from_its_link(world: World) -> None:
    world.session.scalars(select(LineItemRow)).one().url = None
    world.session.flush()
    assert review(world).path.startswith(f"{home(world)}/trainees/")
    assert world.session.scalars(select(LineItemRow.url)).all() == [COLUMN]


def test_without_a_column_the_link_says_which_activity(world: World) -> None:
    assert review(world, ags=None).path.startswith(f"{home(world)}/trainees/")


def test_a_link_without_an_activity_is_set_up_first(world: World) -> None:
    new = ResourceLink(id="link-3", title="New")
    path = review(world, resource_link=new, custom={}, ags=None).path
    assert path.startswith("/links/")
    assert path.endswith("/choose")


def test_moodle_r14_the_head_of_the_column_leads_to_the_activity(world: World) -> None:
    assert review(world, for_user=None).path == f"{home(world)}?tab=activity"


def test_lti_w05_a_learner_comes_to_their_own_path(world: World) -> None:
    assert review(world, "sam", "sam").path == f"{home(world)}?tab=path"


def test_lti_w08_someone_whom_we_never_saw_leads_to_a_page_that_says_so(world: World) -> None:
    assert review(world, for_user="lee").path == f"{home(world)}/trainees/nobody?from=gradebook"


@pytest.mark.parametrize(
    "changes",
    [
        {"ags": column(f"{ISSUER}/items/unknown"), "resource_link": None},
        {"ags": column(f"{ISSUER}/items/unknown")},
        {"context": Course(id="course-2", title="Other", label=None)},
        {"context": Course(id="course-2", title="Other", label=None), "resource_link": None},
        {"context": None, "resource_link": None},
    ],
    ids=["a column of nobody", "beside a link of ours", "another course", "another course, no link", "no course"],
)
def test_lti_w04_a_column_that_is_not_of_this_course_opens_nothing(world: World, changes: dict[str, object]) -> None:
    before = world.session.scalars(select(func.count()).select_from(PersonRow)).one()
    members = world.session.scalars(select(func.count()).select_from(MembershipRow)).one()
    problem = refused(world, who="new instructor", for_user="new instructor", **changes)
    assert (problem.code, problem.status) == (LaunchProblem.LINE_ITEM_NOT_OURS, 404)
    assert world.session.scalars(select(func.count()).select_from(PersonRow)).one() == before
    assert world.session.scalars(select(func.count()).select_from(MembershipRow)).one() == members


def test_lti_w04_another_registration_cannot_name_our_column(world: World) -> None:
    other = platforms.NewPlatform(
        name="Other", family="moodle", issuer=ISSUER, client_id="client-2", auth_url=f"{ISSUER}/auth",
        token_url=f"{ISSUER}/token", jwks_url=f"{ISSUER}/jwks",
    )  # fmt: skip
    registration_id = platforms.add(world.session, world.organization_id, other, world.now)
    theirs = {"registration_id": registration_id, "client_id": "client-2", "deployment_id": "9"}
    problem = refused(world, resource_link=None, **theirs)
    assert problem.code is LaunchProblem.LINE_ITEM_NOT_OURS


def test_lti_w04_another_deployment_of_the_same_registration_cannot_name_our_column(world: World) -> None:
    from lti_tool.store.platforms import RegistrationRow

    world.session.get_one(RegistrationRow, world.registration_id).deployments_announced = False
    problem = refused(world, resource_link=None, deployment_id="2")
    assert problem.code is LaunchProblem.LINE_ITEM_NOT_OURS
