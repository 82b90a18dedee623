"""Grants, invitations and platforms."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.services.connecting import platforms, registration_addresses
from lti_tool.services.connecting.tokens import PlatformTokens
from lti_tool.services.courses import people, people_list
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering import invitations, inviting
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.store.people import GrantRow, PersonRow
from lti_tool.store.platforms import DeploymentRow, DeploymentState, HostState, RegistrationRow, ServiceHostRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from rubrics.sign_off import Assurance, Lane
from tests.lti_tool.services.conftest import World

KEYS = ("a-secret-key-that-is-long-enough-for-tests",)


def test_the_same_grant_stands_once_and_is_audited_once(world: World) -> None:
    jo = world.visitor("jo")
    world.grant(jo, Lane.PEER)
    grants = select(func.count()).select_from(GrantRow).where(GrantRow.person_id == jo.person_id)
    assert world.session.scalars(grants).one() == 1
    acts = select(func.count()).select_from(AuditEntryRow).where(AuditEntryRow.subject == f"person:{jo.person_id}")
    assert world.session.scalars(acts).one() == 1


def test_a_revoked_grant_ends_the_lane_and_can_be_given_again(world: World) -> None:
    ines, jo = world.visitor("ines"), world.visitor("jo")
    place = world.place(ines)
    (line,) = [line for line in people_list.carrying(world.session, place) if line.person_id == jo.person_id]
    for _twice in range(2):
        people.revoke(world.session, ines, place, line.grants[0].id, world.now)
    acts = list(world.session.scalars(select(AuditEntryRow.act)))
    assert acts.count("grant.revoke") == 1
    assert world.place(jo).lanes == frozenset()
    world.grant(jo, Lane.PEER)
    assert world.place(jo).lanes == {Lane.PEER}


def test_an_instructor_may_grant_themselves_a_lane(world: World) -> None:
    ines = world.visitor("ines")
    world.grant(ines, Lane.PEER)
    assert world.place(ines).capabilities == {Capability.INSTRUCTOR, Capability.SUPERVISOR}


def test_a_supervisor_needs_a_lane_and_an_operator_cannot_be_made_here(world: World) -> None:
    ines, jo = world.visitor("ines"), world.visitor("jo")
    for capability, lane in (
        (Capability.SUPERVISOR, None),
        (Capability.OPERATOR, None),
        (Capability.OBSERVER, Lane.PEER),
    ):
        with pytest.raises(Refused):
            people.grant(
                world.session, ines, world.place(ines), person_id=jo.person_id, capability=capability, lane=lane,
                now=world.now,
            )  # fmt: skip


def invite(world: World) -> inviting.Invited:
    return inviting.invite_person(
        world.session, world.organization_id, name="Olu", email="olu@school.example", role="operator",
        secret_keys=KEYS, now=world.now,
    )  # fmt: skip


def test_link_and_code_together_open_a_session_once(world: World) -> None:
    invited = invite(world)
    assert invitations.open_invitation(world.session, invited.link_secret, world.now) is not None
    token = invitations.enter_with_code(
        world.session, invited.link_secret, f" {invited.code[:4]} {invited.code[4:]}", world.now
    )
    assert token is not None
    visitor = who_is_it(world.session, token, world.now)
    assert visitor is not None
    assert (visitor.operator, visitor.assurance, visitor.frame_origins) == (True, Assurance.LINK_WITH_CODE, ())
    assert invitations.enter_with_code(world.session, invited.link_secret, invited.code, world.now) is None


def test_five_wrong_codes_end_an_invitation(world: World) -> None:
    invited = invite(world)
    wrong = "00000000" if invited.code != "00000000" else "11111111"
    for _ in range(5):
        assert invitations.enter_with_code(world.session, invited.link_secret, wrong, world.now) is None
    assert invitations.enter_with_code(world.session, invited.link_secret, invited.code, world.now) is None


def test_an_invitation_ends_after_a_week(world: World) -> None:
    invited = invite(world)
    later = world.now + timedelta(days=7)
    assert invitations.enter_with_code(world.session, invited.link_secret, invited.code, later) is None


def test_inviting_again_is_the_same_person_and_ends_the_former_link(world: World) -> None:
    first, second = invite(world), invite(world)
    assert second.person_id == first.person_id
    assert invitations.open_invitation(world.session, first.link_secret, world.now) is None
    addressed = select(func.count()).select_from(PersonRow).where(PersonRow.email_digest.is_not(None))
    assert world.session.scalars(addressed).one() == 1


def test_a_registration_address_works_as_often_as_said_and_for_a_week(world: World) -> None:
    secret = registration_addresses.hand_out(world.session, world.organization_id, uses=1, now=world.now)
    offered = registration_addresses.offered_by(world.session, secret, world.now)
    assert offered is not None
    assert (offered.organization, offered.organization_id, offered.issuer) == ("School", world.organization_id, None)
    assert registration_addresses.offered_by(world.session, secret, world.now + timedelta(days=7)) is None
    assert registration_addresses.spend(world.session, secret, world.now) == world.organization_id
    assert registration_addresses.spend(world.session, secret, world.now) is None
    registration_addresses.give_back(world.session, secret)
    assert registration_addresses.spend(world.session, secret, world.now) == world.organization_id
    assert registration_addresses.offered_by(world.session, secret, world.now) is None


def test_what_was_agreed_to_with_a_registration_needs_no_further_yes_also_where_it_is_named_again(
    world: World,
) -> None:
    (known,) = platforms.find_registrations(world.session, world.issuer, world.client_id)
    row = world.session.get_one(RegistrationRow, known.id)
    named = platforms.NewPlatform(
        name="Ours", family="x", issuer=known.issuer, client_id=known.client_id, auth_url="https://a.example/a",
        token_url="https://a.example/t", jwks_url="https://a.example/j", deployment_ids=("7",),
        service_hosts=("services.example",),
    )  # fmt: skip
    for _again in range(2):
        platforms.announce(world.session, row, named, world.now)
        deployment = world.session.scalars(select(DeploymentRow).where(DeploymentRow.deployment_id == "7")).one()
        assert deployment.state is DeploymentState.ACTIVE
        deployment.state = DeploymentState.PENDING
        world.session.flush()
    hosts = world.session.scalars(select(ServiceHostRow.state).where(ServiceHostRow.host == "services.example")).all()
    assert hosts == [HostState.ACCEPTED]


def test_lti_y13_a_platform_that_is_known_is_never_overwritten(world: World) -> None:
    (known,) = platforms.find_registrations(world.session, world.issuer, world.client_id)
    again = platforms.NewPlatform(
        name="Other", family="x", issuer=known.issuer, client_id=known.client_id, auth_url="https://evil.example/a",
        token_url="https://evil.example/t", jwks_url="https://evil.example/j",
    )  # fmt: skip
    with pytest.raises(Refused):
        platforms.add(world.session, world.organization_id, again, world.now)
    assert platforms.find_registrations(world.session, world.issuer, None) == [known]


def test_someone_else_s_grant_is_not_here(world: World) -> None:
    ines = world.visitor("ines")
    with pytest.raises(NotHere):
        people.revoke(world.session, ines, world.place(ines), ines.person_id, world.now)


def test_two_workers_that_keep_a_token_at_once_both_go_on(world: World, sessions: sessionmaker[Session]) -> None:
    organization_id, registration_id, now = world.organization_id, world.registration_id, world.now
    world.session.commit()
    tokens = PlatformTokens(sessions, organization_id=organization_id, registration_id=registration_id, now=now)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: tokens.put("score", f"token-{number}", now + timedelta(hours=1)), range(40)))
    assert str(tokens.get("score")).startswith("token-")
