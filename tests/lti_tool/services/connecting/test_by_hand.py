"""What an administrator types by hand becomes a platform, or says what to mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.addresses import may_be_opened
from lti_tool.services.connecting.by_hand import FAMILIES, FIELDS, Mend, Trouble, platform_noted
from lti_tool.services.connecting.platforms import NewPlatform


def noted(family: str, **typed: str) -> NewPlatform:
    found = platform_noted(family, typed, lab=False)
    assert isinstance(found, NewPlatform), found
    return found


def troubles(family: str, **typed: str) -> dict[str, Trouble]:
    found = platform_noted(family, typed, lab=False)
    assert isinstance(found, Mend), found
    return dict(found.troubles)


@pytest.mark.parametrize(
    "address",
    ["https://moodle.example", " https://moodle.example/ ", "moodle.example", "https://moodle.example///"],
)
def test_the_address_of_a_moodle_is_all_that_is_needed_of_where_it_is(address: str) -> None:
    assert noted("moodle", address=address, client_id=" abc ", deployment_id="1") == NewPlatform(
        name="Moodle",
        family="moodle",
        issuer="https://moodle.example",
        client_id="abc",
        auth_url="https://moodle.example/mod/lti/auth.php",
        token_url="https://moodle.example/mod/lti/token.php",
        jwks_url="https://moodle.example/mod/lti/certs.php",
        deployment_ids=("1",),
    )


def test_a_moodle_below_a_path_keeps_it() -> None:
    assert noted("moodle", address="https://school.example/moodle/", client_id="a").jwks_url == (
        "https://school.example/moodle/mod/lti/certs.php"
    )


@pytest.mark.parametrize(
    ("site", "issuer", "host"),
    [
        ("hosted", "https://canvas.instructure.com", "https://sso.canvaslms.com"),
        ("beta", "https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com"),
        ("test", "https://canvas.test.instructure.com", "https://sso.test.canvaslms.com"),
    ],
)
def test_a_hosted_canvas_is_a_choice(site: str, issuer: str, host: str) -> None:
    found = noted("canvas", site=site, client_id="10000000000042", address="ignored", issuer="ignored")
    assert found.issuer == issuer
    assert found.auth_url == f"{host}/api/lti/authorize_redirect"
    assert found.deployment_ids == ()


def test_a_canvas_of_ones_own_may_have_an_issuer_that_is_not_its_address() -> None:
    own = {"site": "own", "address": "https://canvas.school.example", "client_id": "1"}
    assert noted("canvas", **own).issuer == "https://canvas.school.example"
    found = noted("canvas", **own, issuer="https://canvas.instructure.com")
    assert found.issuer == "https://canvas.instructure.com"
    assert found.token_url == "https://canvas.school.example/login/oauth2/token"


def test_any_other_lms_says_all_its_addresses() -> None:
    addresses = {name: f"https://lms.example/{name}" for name in ("issuer", "auth_url", "token_url", "jwks_url")}
    found = noted("other", name="Campus LMS", client_id="x", **addresses)
    assert (found.name, found.family, found.jwks_url) == ("Campus LMS", "other", "https://lms.example/jwks_url")


@pytest.mark.parametrize(
    ("family", "typed", "expected"),
    [
        ("moodle", {}, {"address": Trouble.NEEDED, "client_id": Trouble.NEEDED}),
        ("moodle", {"address": "http://m.example", "client_id": "a"}, {"address": Trouble.NOT_AN_ADDRESS}),
        ("moodle", {"address": "https://u:p@m.example", "client_id": "a"}, {"address": Trouble.NOT_AN_ADDRESS}),
        ("moodle", {"address": "https://m.example/?x=1", "client_id": "a"}, {"address": Trouble.NOT_AN_ADDRESS}),
        ("moodle", {"address": "m.example", "client_id": "a b"}, {"client_id": Trouble.NOT_ONE_WORD}),
        ("moodle", {"address": "m.example", "client_id": "a", "deployment_id": "x" * 256},
         {"deployment_id": Trouble.NOT_ONE_WORD}),
        ("moodle", {"address": "m.example", "client_id": "a", "name": "two\nlines"}, {"name": Trouble.TOO_LONG}),
        ("moodle", {"address": "m.example", "client_id": "a", "name": "x" * 256}, {"name": Trouble.TOO_LONG}),
        ("canvas", {}, {"site": Trouble.NEEDED, "client_id": Trouble.NEEDED}),
        ("canvas", {"site": "own", "client_id": "a"}, {"address": Trouble.NEEDED}),
        ("canvas", {"site": "own", "client_id": "a", "address": "c.example", "issuer": "c.example"},
         {"issuer": Trouble.NOT_AN_ADDRESS}),
        ("other", {"client_id": "a"}, dict.fromkeys(
            ("issuer", "auth_url", "token_url", "jwks_url", "name"), Trouble.NEEDED)),
    ],
)  # fmt: skip
def test_each_field_to_be_mended_is_named(family: str, typed: dict[str, str], expected: dict[str, Trouble]) -> None:
    assert troubles(family, **typed) == expected


def test_plain_http_on_this_machine_is_for_the_lab() -> None:
    typed = {"address": "http://127.0.0.1:8401", "client_id": "a"}
    assert isinstance(platform_noted("moodle", typed, lab=True), NewPlatform)
    assert isinstance(platform_noted("moodle", typed, lab=False), Mend)


@given(st.sampled_from(FAMILIES), st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=300)))
def test_whatever_is_typed_is_a_platform_with_safe_addresses_or_says_what_to_mend(
    family: str, typed: dict[str, str]
) -> None:
    found = platform_noted(family, typed, lab=False)
    if isinstance(found, Mend):
        assert set(found.troubles) <= set(FIELDS)
    else:
        addresses = (found.issuer, found.auth_url, found.token_url, found.jwks_url)
        assert all(may_be_opened(url, lab=False) for url in addresses)
        assert found.client_id
