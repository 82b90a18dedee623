"""Connections as the operator looks after them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.claims import Platform
from lti_tool.lti.errors import LaunchRejected
from lti_tool.services import organizations
from lti_tool.services.connecting import connections, platforms
from lti_tool.services.connecting.connections import Operator
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import visitors
from lti_tool.services.scores import lanes
from lti_tool.store.base import new_id
from lti_tool.store.people import SessionRow
from lti_tool.store.platforms import RegistrationRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance
from tests.lti_tool.services.conftest import INSTRUCTOR, ISSUER, TRAINEE, World

UNANNOUNCED = platforms.NewPlatform(
    name="Other", family="canvas", issuer=ISSUER, client_id="client-2", auth_url=f"{ISSUER}/auth",
    token_url=f"{ISSUER}/token", jwks_url=f"{ISSUER}/jwks",
)  # fmt: skip


def operator(world: World) -> Operator:
    return Operator(world.organization_id, None)


def stranger(world: World) -> Operator:
    return Operator(organizations.organization_named(world.session, "Another school", world.now), None)


def acts(world: World) -> list[str]:
    return list(world.session.scalars(select(AuditEntryRow.act).order_by(AuditEntryRow.number)))


def only(world: World, client_id: str = "client-1") -> connections.Connection:
    found = connections.connections(world.session, world.organization_id)
    return next(one for one in found if one.client_id == client_id)


def test_only_an_operator_is_one(world: World) -> None:
    with pytest.raises(NotHere):
        connections.operator(world.visitor("ines"))


def test_a_connection_that_is_switched_off_sends_nothing_and_goes_on_where_it_stopped(world: World) -> None:
    world.sign("jo", world.answered())
    assert lanes.due(world.session, world.now) == (world.registration_id,)
    connections.switch(world.session, operator(world), world.registration_id, on=False, now=world.now)
    world.session.flush()
    later = world.now + timedelta(days=3)
    assert lanes.due(world.session, later) == ()
    assert lanes.take(world.session, world.registration_id, later) is None
    connections.switch(world.session, operator(world), world.registration_id, on=True, now=later)
    world.session.flush()
    assert lanes.due(world.session, later) == (world.registration_id,)
    assert lanes.take(world.session, world.registration_id, later) is not None


def test_switching_off_signs_out_whoever_came_in_from_there_but_not_the_operator_who_does_it(world: World) -> None:
    sam, ines = world.visitor("sam"), world.visitor("ines")
    link = visitors.open_session(
        world.session, organization_id=sam.organization_id, person_id=sam.person_id,
        assurance=Assurance.LINK_WITH_CODE, now=world.now,
    )  # fmt: skip
    by = Operator(world.organization_id, ines.person_id)
    connections.switch(world.session, by, world.registration_id, on=False, now=world.now)
    here = select(SessionRow.person_id).where(SessionRow.ended_at.is_(None), SessionRow.registration_id.is_not(None))
    assert set(world.session.scalars(here)) == {ines.person_id}
    assert visitors.who_is_it(world.session, link, world.now) is not None
    connections.switch(world.session, operator(world), world.registration_id, on=True, now=world.now)
    connections.switch(world.session, operator(world), world.registration_id, on=False, now=world.now)
    assert list(world.session.scalars(here)) == []


def test_switching_twice_is_recorded_once(bare_world: World) -> None:
    by, registration_id = operator(bare_world), bare_world.registration_id
    for on in (False, False, True, True):
        connections.switch(bare_world.session, by, registration_id, on=on, now=bare_world.now)
    assert [act for act in acts(bare_world) if act in ("platform.off", "platform.on")] == [
        "platform.off",
        "platform.on",
    ]


def test_a_deployment_that_nobody_announced_is_new_until_an_operator_knows_it(bare_world: World) -> None:
    registration_id = platforms.add(bare_world.session, bare_world.organization_id, UNANNOUNCED, bare_world.now)
    client = {"registration_id": registration_id, "client_id": "client-2", "deployment_id": "5:abc"}
    school = Platform(guid="guid-of-north", name="North School")
    bare_world.enter("sam", TRAINEE, **client, platform=school)
    (line,) = only(bare_world, "client-2").deployments
    assert (line.is_new, line.waits) == (True, False)
    assert (line.platform_name, line.platform_guid) == ("North School", "guid-of-north")
    for _time in range(2):
        connections.acknowledge_deployment(bare_world.session, operator(bare_world), line.id, bare_world.now)
    assert not only(bare_world, "client-2").deployments[0].is_new
    assert acts(bare_world).count("deployment.acknowledge") == 1


def test_a_launch_that_says_nothing_of_its_platform_takes_nothing_back(bare_world: World) -> None:
    world = bare_world
    world.enter("ines", INSTRUCTOR, platform=Platform(guid="guid-of-north", name="North School"))
    world.enter("ines", INSTRUCTOR, platform=Platform(guid=None, name=None))
    world.enter("ines", INSTRUCTOR, platform=Platform(guid=None, name="North"))
    (line,) = only(world).deployments
    assert (line.platform_name, line.platform_guid) == ("North", "guid-of-north")


def test_what_was_announced_or_accepted_is_not_new(bare_world: World) -> None:
    assert [line.is_new for line in only(bare_world).deployments] == [False]
    with pytest.raises(LaunchRejected):
        bare_world.enter("sam", TRAINEE, deployment_id="2")
    waiting = only(bare_world).deployments[1]
    assert (waiting.waits, waiting.is_new) == (True, False)
    for _ in range(2):
        connections.accept_deployment(bare_world.session, operator(bare_world), waiting.id, bare_world.now)
    assert bare_world.session.scalars(select(AuditEntryRow.act)).all().count("deployment.accept") == 1
    assert not only(bare_world).deployments[1].is_new


def test_a_no_leaves_nothing_waiting_and_never_puts_out_who_is_in(bare_world: World) -> None:
    with pytest.raises(LaunchRejected):
        bare_world.enter("sam", TRAINEE, deployment_id="2")
    announced, waiting = only(bare_world).deployments
    for line in (announced, waiting, waiting):
        connections.refuse_deployment(bare_world.session, operator(bare_world), line.id, bare_world.now)
    announced, waiting = only(bare_world).deployments
    assert (announced.refused_at, waiting.refused_at, waiting.waits) == (None, bare_world.now, False)
    assert acts(bare_world).count("deployment.refuse") == 1
    assert bare_world.enter("sam", TRAINEE).person_id


@pytest.mark.parametrize(
    "act",
    [
        lambda world, by, ids: connections.switch(world.session, by, ids["registration"], on=False, now=world.now),
        lambda world, by, ids: connections.connection(world.session, by, ids["registration"]),
        lambda world, by, ids: connections.accept_deployment(world.session, by, ids["deployment"], world.now),
        lambda world, by, ids: connections.refuse_deployment(world.session, by, ids["deployment"], world.now),
        lambda world, by, ids: connections.acknowledge_deployment(world.session, by, ids["deployment"], world.now),
        lambda world, by, ids: connections.accept_host(world.session, by, ids["host"], world.now),
    ],
    ids=["switch", "connection", "accept", "refuse", "acknowledge", "host"],
)
def test_what_belongs_to_another_organization_is_not_here(bare_world: World, act: object) -> None:
    assert callable(act)
    bare_world.enter("ines", INSTRUCTOR, memberships_url="https://other.example/members")
    one = only(bare_world)
    ids: dict[str, UUID] = {"registration": one.id, "deployment": one.deployments[0].id, "host": one.hosts[0].id}
    with pytest.raises(NotHere):
        act(bare_world, stranger(bare_world), ids)
    with pytest.raises(NotHere):
        act(bare_world, operator(bare_world), dict.fromkeys(ids, new_id()))
    assert bare_world.session.get_one(RegistrationRow, one.id).active


def test_an_operator_sees_the_connections_of_the_organization_and_the_command_line_all(bare_world: World) -> None:
    by = stranger(bare_world)
    platforms.add(bare_world.session, by.organization_id, UNANNOUNCED, bare_world.now)
    assert [one.client_id for one in connections.connections(bare_world.session, by.organization_id)] == ["client-2"]
    assert [one.client_id for one in connections.connections(bare_world.session)] == ["client-1", "client-2"]


def test_of_two_who_connect_the_same_lms_at_once_one_is_told_that_it_is_there(
    bare_world: World, sessions: sessionmaker[Session]
) -> None:
    world, together = bare_world, Barrier(2)
    world.session.commit()

    def connect(_number: int) -> str:
        together.wait()
        try:
            with sessions.begin() as session:
                platforms.add(session, world.organization_id, UNANNOUNCED, world.now)
        except Refused as refused:
            return refused.code
        return "connected"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(connect, range(2))) == ["connected", "platform_known"]
