"""Our key is changed while people work: nothing stops."""

from datetime import timedelta

import jwt
import requests

from lti_tool.lti.names import ROSTER_SCOPE
from lti_tool.services.connecting import tool_keys
from tests.certification.lms import Lms
from tests.certification.place import Attune
from tests.certification.test_tool_messages import Asking

UNCHECKED = ("verify_aud", "verify_exp", "verify_nbf", "verify_iat")


def published(attune: Attune) -> dict[str, jwt.PyJWK]:
    found = requests.get(f"{attune.url}/lti/keys", timeout=10).json()
    return {key["kid"]: jwt.PyJWK(key) for key in found["keys"]}


def last_assertion(lms: Lms) -> str:
    asked = lms.server.asked_at(f"{lms.path}/token")[-1]
    return str(asked.form["client_assertion"])


def test_sec_23_people_come_in_and_tokens_are_given_before_and_after_our_key_is_changed(
    lms: Lms, attune: Attune
) -> None:
    asking = Asking(lms)
    assert lms.launch().status_code == 303
    asking.ask(ROSTER_SCOPE)
    before = last_assertion(lms)
    with attune.session() as session:
        tool_keys.rotate(session, attune.clock())
    assert lms.launch().status_code == 303
    attune.clock.now += timedelta(hours=2)
    asking.ask(ROSTER_SCOPE)
    after = last_assertion(lms)
    kids = [jwt.get_unverified_header(one)["kid"] for one in (before, after)]
    assert kids[0] != kids[1]
    keys = published(attune)
    for assertion, kid in zip((before, after), kids, strict=True):
        jwt.decode(assertion, keys[kid], algorithms=["RS256"], options=dict.fromkeys(UNCHECKED, False))
