"""Whatever a platform signs, the answer is a launch or a refusal: never another exception, never half a launch."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.lti.claims import Launch
from lti_tool.lti.errors import LaunchRejected
from lti_tool.lti.message import read_message
from tests.lti_tool.lti.platform import ENDPOINT, LTI, REGISTRATION, ROSTER, SETTINGS, Platform, raw

NAMES = [
    *(LTI + name for name in ("version", "message_type", "deployment_id", "target_link_uri", "roles", "resource_link")),
    *(LTI + name for name in ("context", "custom", "launch_presentation")),
    *("sub", "name", "given_name", "family_name", "email", "locale", ENDPOINT, ROSTER, SETTINGS),
]
MEMBERS = ["id", "title", "label", "lineitem", "lineitems", "scope", "return_url", "locale", "accept_types", "data"]
TEXTS = st.text() | st.sampled_from(
    ["", "1.3.0", "LtiDeepLinkingRequest", "https://x.example/y", "$User.id", "\0", "\ud800"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS) | TEXTS, inner, max_size=6),
    max_leaves=12,
)


def storable(value: Any) -> bool:
    """What PostgreSQL takes: no NUL, and nothing that is not UTF-8."""
    return "\\u0000" not in json.dumps(value) and bool(json.dumps(value, ensure_ascii=False).encode())


@settings(max_examples=200)
@given(changes=st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1, max_size=4))
def test_any_claims_are_a_launch_or_a_refusal(changes: dict[str, Any]) -> None:
    claims = {**Platform().claims("n"), **changes}
    try:
        said = read_message(claims, registration=REGISTRATION, lab=False)
    except LaunchRejected:
        return
    assert isinstance(said, Launch)
    kept = [said.sub, said.deployment_id, said.name, said.email, said.roles, dict(said.custom), said.locale]
    kept += [said.context and [said.context.id, said.context.title, said.context.label]]
    kept += [said.resource_link and [said.resource_link.id, said.resource_link.title]]
    assert storable(kept)
    assert said.return_url is None or said.return_url.lower().startswith("https://")


@settings(max_examples=100)
@given(header=VALUES, payload=VALUES, signature=st.binary(max_size=300))
def test_any_token_is_a_launch_or_a_refusal(header: Any, payload: Any, signature: bytes) -> None:
    platform = Platform()
    state = platform.login()["state"]
    try:
        platform.post(raw(header, payload, signature), state)
    except LaunchRejected:
        return
    raise AssertionError("nobody signed this")
