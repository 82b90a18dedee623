"""Odd logins and launches: nobody comes in without a launch that is as it should be."""

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from werkzeug.test import TestResponse

from tests.fuzz.judging import FORM, checked, opened, shut
from tests.fuzz.lab import CLIENT, LAUNCH_URL, LMS, Lab
from tests.fuzz.oddities import Path, changed, encoded
from tests.lti_tool.lti.platform import KID, LTI, Claims, b64, jwk, private_key, raw

LOGIN = {"iss": LMS, "client_id": CLIENT, "login_hint": "9", "target_link_uri": LAUNCH_URL, "lti_message_hint": "7"}
FRAMED = {"Sec-Fetch-Dest": "iframe"}
OF_A_TAB = {"Attune-Tab": "none", "Sec-Fetch-Site": "same-origin"}
MESSAGES = ("LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest",
            "LtiDataPrivacyLaunchRequest", "DataPrivacyLaunchRequest")  # fmt: skip
HEADER = {"alg": "RS256", "kid": KID, "typ": "JWT", "jku": "https://evil.example/", "zip": "DEF", "b64": False}


def may_open(claims: Any, nonce: str, lab: Lab) -> bool:
    """What every launch that opens has at least, said once more in other words than the application's."""
    moment = lab.clock().timestamp()
    return (
        isinstance(claims, dict)
        and claims.get("iss") == LMS
        and claims.get("aud") in (CLIENT, [CLIENT])
        and claims.get("azp", CLIENT) in (CLIENT, None)
        and claims.get("nonce") == nonce
        and isinstance(claims.get("sub"), str)
        and 0 < len(claims["sub"]) <= 255
        and isinstance(claims.get("exp"), int | float)
        and claims["exp"] > moment - 60
        and isinstance(claims.get("iat"), int | float)
        and claims["iat"] < moment + 61
        and claims.get(LTI + "version") == "1.3.0"
        and claims.get(LTI + "message_type") in MESSAGES
        and isinstance(claims.get(LTI + "deployment_id"), str)
        and isinstance(claims.get(LTI + "target_link_uri"), str)
    )


def odd_login(lab: Lab, value: tuple[str, list[tuple[bytes, bytes]]]) -> None:
    method, parameters = value
    sent = encoded(parameters)
    how = {"query_string": sent.decode()} if method == "GET" else {"data": sent, "content_type": FORM}
    answer = lab.ask(method, "/lti/login", **how)
    shut(answer)
    assert answer.status_code in (302, 400, 403, 413), answer.status_code
    if answer.status_code == 302:
        assert answer.location.startswith(f"{LMS}/auth?")


def odd_form(lab: Lab, value: tuple[bool, list[tuple[bytes, bytes]]]) -> None:
    with_state, parameters = value
    state = [(b"state", lab.begin()["state"].encode())] if with_state else []
    shut(lab.ask("POST", "/lti/launch", data=encoded(state + parameters), content_type=FORM))


def odd_body(lab: Lab, value: tuple[str, bytes]) -> None:
    content_type, body = value
    for path in ("/lti/launch", "/lti/login", lab.address()):
        shut(lab.ask("POST", path, data=body, content_type=content_type))


def launched(lab: Lab, token: str, state: str, **how: bool) -> TestResponse:
    return checked(lab.ask("POST", "/lti/launch", data={"id_token": token, "state": state}), **how)


def changed_claims(lab: Lab, value: tuple[Claims, list[tuple[Path, Any]]]) -> None:
    whole, made = value
    asked = lab.begin()
    fresh = {name: lab.claims(asked["nonce"])[name] for name in ("nonce", "iat", "exp")}
    claims: Claims = changed({**whole, **fresh}, made)
    answer = launched(lab, lab.sign(claims), asked["state"])
    if opened(answer):
        assert may_open(claims, asked["nonce"], lab), claims
        if answer.status_code == 303:
            checked(lab.ask("GET", answer.location))


def arbitrary_claims(lab: Lab, value: tuple[dict[str, Any], bool]) -> None:
    claims, in_envelope = value
    asked = lab.begin()
    whole = lab.claims(asked["nonce"])
    envelope = {name: whole[name] for name in ("iss", "aud", "nonce", "iat", "exp", "sub")}
    token = lab.sign({**claims, **envelope} if in_envelope else claims)
    assert not opened(launched(lab, token, asked["state"]))


def odd_token(lab: Lab, value: tuple[Any, Any, bytes]) -> None:
    """A header and a payload of any kind, whose signature is nobody's."""
    header, payload, signature = value
    shut(launched(lab, raw(header, payload, signature), lab.begin()["state"]))


def odd_header(lab: Lab, made: list[tuple[Path, Any]]) -> None:
    """Claims as they should be, signed rightly, under a header that may be another."""
    asked, header = lab.begin(), changed(HEADER, made)
    unsigned = raw(header, lab.claims(asked["nonce"])).rpartition(".")[0]
    signature = private_key().sign(unsigned.encode(), PKCS1v15(), SHA256())
    answer = launched(lab, f"{unsigned}.{b64(signature)}", asked["state"])
    whole = header.get("alg") == "RS256" and header.get("kid") == KID and "crit" not in header
    assert opened(answer) is whole, header


def odd_key_set(lab: Lab, value: tuple[Any, int, str]) -> None:
    body, status, cache = value
    lab.clock.advance(hours=8)  # what was known of the keys is too old to serve
    lab.http.say("/jwks", body, status, {"cache-control": cache})
    asked = lab.begin()
    answer = launched(lab, lab.sign(lab.claims(asked["nonce"])), asked["state"], unreachable=True)
    if opened(answer):
        assert status == 200
        assert jwk(private_key())["n"] in json.dumps(body)
    lab.http.restore()
    lab.clock.advance(hours=8)


def odd_last_step(lab: Lab, value: tuple[dict[str, str], list[tuple[Path, Any]]]) -> None:
    """The last step of a launch without cookies, with something changed in what it sends."""
    headers, made = value
    login = {**LOGIN, "lti_storage_target": "_parent"}
    page = checked(lab.ask("POST", "/lti/login", forgetful=True, data=login, headers=FRAMED))
    told = {name: html.unescape(text) for name, text in re.findall(r' data-([a-z]+)="([^"]*)"', page.text)}
    asked = {name: values[0] for name, values in parse_qs(urlsplit(told["address"]).query).items()}
    form = {"id_token": lab.sign(lab.claims(asked["nonce"])), "state": asked["state"]}
    finishing = checked(lab.ask("POST", "/lti/launch", forgetful=True, data=form, headers=FRAMED))
    assert not opened(finishing)
    (ticket,) = re.findall(r'name="ticket" value="([^"]*)"', finishing.text)
    whole = {**form, "ticket": html.unescape(ticket), "secret": told["secret"]}
    sent = changed(whole, made)
    parameters = [(name.encode(), str(one).encode("utf-8", "replace")) for name, one in sent.items()]
    answer = lab.ask(
        "POST", "/lti/launch/finish", forgetful=True, data=encoded(parameters), content_type=FORM, headers=headers
    )
    checked(answer)
    if opened(answer):
        assert headers == OF_A_TAB
        assert {name: str(one) for name, one in sent.items()} == whole
