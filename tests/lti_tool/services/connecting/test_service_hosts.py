"""Where tokens of ours may go: a platform's own addresses, hosts of a family with a shared issuer, accepted hosts."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from lti_tool.lti.access_tokens import TokenStore
from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.claims import AgsEndpoint, NoticesEndpoint
from lti_tool.lti.keys import SigningKey, new_key
from lti_tool.lti.registrations import PlatformRegistration
from lti_tool.lti.service import Service
from lti_tool.lti.service_hosts import host_of, is_accepted, is_own
from lti_tool.safe_http import HttpAnswer
from lti_tool.services.connecting import connections, platforms
from lti_tool.store.platforms import HostState, RegistrationRow, ServiceHostRow
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.lti.platform import REGISTRATION, Wire
from tests.lti_tool.services.conftest import ISSUER, TRAINEE, World

CANVAS = replace(
    REGISTRATION,
    issuer="https://canvas.instructure.com",
    auth_url="https://sso.canvaslms.com/api/lti/authorize_redirect",
    token_url="https://sso.canvaslms.com/login/oauth2/token",
    jwks_url="https://sso.canvaslms.com/api/lti/security/jwks",
    family="canvas",
)
OWN_CANVAS = replace(
    CANVAS, issuer="https://canvas.school.example", auth_url="https://canvas.school.example/a",
    token_url="https://canvas.school.example/t", jwks_url="https://canvas.school.example/j",
)  # fmt: skip


@pytest.mark.parametrize(
    ("url", "platform", "own"),
    [
        ("https://lms.example/items", REGISTRATION, True),
        ("https://LMS.example:443/items?x=1", REGISTRATION, True),
        ("http://lms.example/items", REGISTRATION, False),
        ("https://lms.example:8443/items", REGISTRATION, False),
        ("https://other.example/items", REGISTRATION, False),
        ("https://school.instructure.com/api/lti/courses/5/line_items", CANVAS, True),
        ("https://a.b.instructure.com/x", CANVAS, True),
        ("https://sso.canvaslms.com/x", CANVAS, True),
        ("http://school.instructure.com/x", CANVAS, False),
        ("https://school.instructure.com:8443/x", CANVAS, False),
        ("https://evilinstructure.com/x", CANVAS, False),
        ("https://instructure.com.evil.example/x", CANVAS, False),
        ("https://school.instructure.com@evil.example/x", CANVAS, False),
        ("https://school.instructure.com/x", OWN_CANVAS, False),
        ("https://school.instructure.com/x", replace(CANVAS, family="moodle"), False),
        ("https://school.instructure.com/x", REGISTRATION, False),
        ("javascript:alert(1)", CANVAS, False),
        ("", CANVAS, False),
    ],
)
def test_lti_a14_a_service_is_the_platforms_own_only_at_its_hosts(
    url: str, platform: PlatformRegistration, own: bool
) -> None:
    assert is_own(url, platform) is own


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("https://grades.example/x", True),
        ("https://grades.example:443/x", True),
        ("https://grades.example:8443/x", False),
        ("http://grades.example/x", False),
        ("https://sub.grades.example/x", False),
        ("https://127.0.0.1:8401/x", True),
        ("http://127.0.0.1:8401/x", True),
    ],
)
def test_a_host_is_accepted_as_it_was_named_and_over_https(url: str, accepted: bool) -> None:
    assert is_accepted(url, ("grades.example", "127.0.0.1:8401")) is accepted


@given(st.text(max_size=60))
def test_no_text_is_both_no_address_and_a_place_for_tokens(text: str) -> None:
    if host_of(text) is None:
        assert not is_own(text, CANVAS)
        assert not is_accepted(text, (text, "grades.example"))


class _NoTokens(TokenStore):
    def get(self, scopes: str) -> str | None:
        raise AssertionError("no token is looked for")


def test_nothing_goes_to_another_host_or_while_the_connection_is_off(world: World) -> None:
    key = new_key()
    for registration, url, answer in (
        (CANVAS, "https://grades.example/x", Answer.ADDRESS_NOT_KNOWN),
        (replace(CANVAS, active=False), "https://school.instructure.com/x", Answer.SWITCHED_OFF),
    ):
        service = Service(object(), registration, key, _NoTokens(), world.now)  # type: ignore[arg-type]  # never asked
        posted = service.call("GET", url, "scope", {})
        assert isinstance(posted, Posted)
        assert posted.answer is answer


class _AnyTokens(TokenStore):
    def get(self, scopes: str) -> str | None:
        return None

    def put(self, scopes: str, token: str, expires_at: datetime) -> None:
        pass


def test_a_school_on_hosted_canvas_is_asked_at_its_own_host_with_a_token_of_the_shared_one(world: World) -> None:
    wire = Wire(HttpAnswer(200, {}, b'{"access_token": "a-token", "expires_in": 3600}'), HttpAnswer(200, {}, b"[]"))
    pair = new_key()
    key = SigningKey(pair.private_pem, pair.public_jwk["kid"])
    service = Service(wire, CANVAS, key, _AnyTokens(), world.now)  # type: ignore[arg-type]  # stands for the network
    answer = service.call("GET", "https://school.instructure.com/api/lti/courses/5/line_items", "scope", {})
    assert isinstance(answer, HttpAnswer)
    assert wire.asked == [CANVAS.token_url, "https://school.instructure.com/api/lti/courses/5/line_items"]


def hosts(world: World) -> dict[str, HostState]:
    rows = world.session.scalars(select(ServiceHostRow).where(ServiceHostRow.registration_id == world.registration_id))
    return {row.host: row.state for row in rows}


GRADES = "https://grades.school.example"


def test_a_strange_host_waits_for_the_operator_and_then_belongs_to_the_platform(world: World) -> None:
    ags = AgsEndpoint(line_item=f"{GRADES}/items/7", line_items=f"{GRADES}/items", scopes=())
    for _time in range(2):
        world.enter("sam", TRAINEE, ags=ags, memberships_url=f"{ISSUER}/members")
        assert hosts(world) == {"grades.school.example": HostState.WAITING}
    row = world.session.get_one(RegistrationRow, world.registration_id)
    assert platforms.registration_of(row).service_hosts == ()
    (one,) = connections.connections(world.session, world.organization_id)
    operator = connections.Operator(world.organization_id, None)
    for _ in range(2):
        connections.accept_host(world.session, operator, one.hosts[0].id, world.now)
    assert world.session.scalars(select(AuditEntryRow.act)).all().count("host.accept") == 1
    world.session.expire_all()
    (found,) = platforms.find_registrations(world.session, ISSUER, "client-1")
    assert found.service_hosts == ("grades.school.example",)
    world.enter("sam", TRAINEE, ags=ags)
    assert hosts(world) == {"grades.school.example": HostState.ACCEPTED}


def test_several_strange_hosts_of_one_launch_are_all_remembered_and_not_more_than_five(world: World) -> None:
    many = "https://a.example/n", *(f"https://{letter}.example/x" for letter in "bcd")
    world.enter(
        "sam",
        TRAINEE,
        notices=NoticesEndpoint(many[0], ()),
        memberships_url=many[1],
        groups_url=many[2],
        ags=AgsEndpoint(line_item=None, line_items=many[3], scopes=()),
    )
    assert set(hosts(world)) == {"a.example", "b.example", "c.example", "d.example"}


def test_a_platform_whose_services_are_its_own_leaves_no_host(world: World) -> None:
    world.enter("sam", TRAINEE, memberships_url=f"{ISSUER}/members")
    assert hosts(world) == {}


def test_a_launch_that_names_a_known_strange_host_costs_no_more_than_any_other(world: World) -> None:
    ags = AgsEndpoint(line_item=f"{GRADES}/items/7", line_items=f"{GRADES}/items", scopes=())
    world.enter("sam", TRAINEE, ags=ags)
    world.session.flush()
    world.session.expunge_all()
    said: list[str] = []
    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    world.enter("sam", TRAINEE, ags=ags)
    world.session.flush()
    assert [statement.split()[0] for statement in said] == ["INSERT", "SELECT", "INSERT"]
