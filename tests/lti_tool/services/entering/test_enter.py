"""Entering by a launch."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from lti_tool.access import Capability
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.services.connecting import connections, platforms
from lti_tool.services.courses import places
from lti_tool.services.entering import enter
from lti_tool.services.entering.visitors import end, who_is_it
from lti_tool.store.courses import CourseRow, LineItemRow
from lti_tool.store.people import PersonRow
from lti_tool.store.platforms import DeploymentRow, DeploymentState
from tests.lti_tool.services.conftest import ISSUER, TRAINEE, World


def operator_of(world: World) -> connections.Operator:
    return connections.Operator(world.organization_id, None)


def test_a_first_launch_makes_person_course_and_session(bare_world: World) -> None:
    entered = bare_world.enter("sam", TRAINEE)
    visitor = who_is_it(bare_world.session, entered.token, bare_world.now)
    assert visitor is not None
    assert visitor.name == "Sam Example"
    assert visitor.frame_origins == (ISSUER,)
    assert entered.path.startswith("/links/")
    assert entered.path.endswith("/choose")


def test_lti_r09_a_state_that_was_spent_is_refused(bare_world: World) -> None:
    launch = bare_world.launch("sam", TRAINEE)
    state = {"state_digest": "a" * 64, "state_expires_at": bare_world.now + timedelta(minutes=10)}
    enter.enter(bare_world.session, launch, **state, now=bare_world.now)
    with pytest.raises(LaunchRejected) as refused:
        enter.enter(bare_world.session, launch, **state, now=bare_world.now)
    assert refused.value.code is LaunchProblem.REPLAYED


def test_the_same_person_stays_the_same_and_takes_a_new_name_along(bare_world: World) -> None:
    first = bare_world.enter("sam", TRAINEE)
    again = bare_world.enter("sam", TRAINEE, name="Sam Rivera")
    assert again.person_id == first.person_id
    assert bare_world.session.scalars(select(PersonRow.name)).all() == ["Sam Rivera"]


def test_a_launch_that_brings_nothing_new_costs_one_question_and_two_writes(world: World) -> None:
    world.enter("sam", TRAINEE)
    world.session.flush()
    world.session.expunge_all()
    said: list[str] = []
    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    world.enter("sam", TRAINEE)
    world.session.flush()
    assert [statement.split()[0] for statement in said] == ["INSERT", "SELECT", "INSERT"]


def test_lti_b10_an_unannounced_deployment_waits_for_the_operator(bare_world: World) -> None:
    with pytest.raises(LaunchRejected) as refused:
        bare_world.enter("sam", TRAINEE, deployment_id="2")
    assert refused.value.code is LaunchProblem.DEPLOYMENT_WAITS
    row = bare_world.session.scalars(select(DeploymentRow).where(DeploymentRow.deployment_id == "2")).one()
    assert row.state is DeploymentState.PENDING
    connections.accept_deployment(bare_world.session, operator_of(bare_world), row.id, bare_world.now)
    assert bare_world.enter("sam", TRAINEE, deployment_id="2").person_id


def test_a_deployment_that_the_operator_did_not_take_says_so_until_a_later_yes(bare_world: World) -> None:
    with pytest.raises(LaunchRejected):
        bare_world.enter("sam", TRAINEE, deployment_id="2")
    row = bare_world.session.scalars(select(DeploymentRow).where(DeploymentRow.deployment_id == "2")).one()
    connections.refuse_deployment(bare_world.session, operator_of(bare_world), row.id, bare_world.now)
    with pytest.raises(LaunchRejected) as refused:
        bare_world.enter("sam", TRAINEE, deployment_id="2")
    assert refused.value.code is LaunchProblem.DEPLOYMENT_NOT_TAKEN
    connections.accept_deployment(bare_world.session, operator_of(bare_world), row.id, bare_world.now)
    assert bare_world.enter("sam", TRAINEE, deployment_id="2").person_id


def test_lti_b11_a_deployment_of_another_client_is_always_refused(bare_world: World) -> None:
    other = platforms.NewPlatform(
        name="Other", family="moodle", issuer=ISSUER, client_id="client-2", auth_url=f"{ISSUER}/auth",
        token_url=f"{ISSUER}/token", jwks_url=f"{ISSUER}/jwks",
    )  # fmt: skip
    registration_id = platforms.add(bare_world.session, bare_world.organization_id, other, bare_world.now)
    with pytest.raises(LaunchRejected) as refused:
        bare_world.enter("sam", TRAINEE, registration_id=registration_id, client_id="client-2")
    assert refused.value.code is LaunchProblem.DEPLOYMENT_OF_ANOTHER_CLIENT
    assert bare_world.enter(
        "sam", TRAINEE, registration_id=registration_id, client_id="client-2", deployment_id="9"
    ).person_id


def test_lti_v10_a_launch_without_a_course_lands_on_what_waits(bare_world: World) -> None:
    entered = bare_world.enter("sam", TRAINEE, context=None)
    assert entered.path == "/waiting"
    assert bare_world.session.scalars(select(func.count()).select_from(CourseRow)).one() == 0


def test_the_custom_parameter_binds_the_link_only_within_its_own_course(world: World) -> None:
    from lti_tool.lti.claims import Course

    here = world.enter("sam", TRAINEE)
    assert here.path == f"/a/{world.activity_id}"
    elsewhere = world.enter("sam", TRAINEE, context=Course(id="course-2", title="Other", label=None))
    assert elsewhere.path.startswith("/links/")


def test_a_second_link_to_an_activity_does_not_take_its_column(world: World) -> None:
    from lti_tool.lti.claims import AgsEndpoint, ResourceLink

    world.enter("sam", TRAINEE)
    world.enter(
        "sam",
        TRAINEE,
        resource_link=ResourceLink(id="link-2", title="Copy"),
        ags=AgsEndpoint(line_item=f"{ISSUER}/items/8", line_items=None, scopes=()),
    )
    assert world.session.scalars(select(LineItemRow.url)).all() == [f"{ISSUER}/items/7"]


def test_a_session_ends_when_told_to_and_after_twelve_hours(bare_world: World) -> None:
    entered = bare_world.enter("sam", TRAINEE)
    later = bare_world.now + timedelta(hours=12)
    assert who_is_it(bare_world.session, entered.token, later) is None
    visitor = who_is_it(bare_world.session, entered.token, bare_world.now)
    assert visitor is not None
    end(bare_world.session, visitor, bare_world.now)
    assert who_is_it(bare_world.session, entered.token, bare_world.now) is None
    assert who_is_it(bare_world.session, "not-a-token", bare_world.now) is None


def test_capabilities_come_from_the_launch_and_from_grants(world: World) -> None:
    assert world.place(world.visitor("sam")).capabilities == {Capability.TRAINEE}
    jo = world.place(world.visitor("jo"))
    assert jo.capabilities == {Capability.OBSERVER, Capability.SUPERVISOR}
    assert world.place(world.visitor("ines")).capabilities == {Capability.INSTRUCTOR}


def test_someone_of_another_course_is_not_here(world: World) -> None:
    from lti_tool.lti.claims import Course

    stranger = world.visitor("lee", TRAINEE, context=Course(id="course-2", title="Other", label=None))
    with pytest.raises(places.NotHere):
        world.place(stranger)
