"""What holds whatever is sent: never a fault of ours, a page with a reference, no session without a valid launch."""

import html
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.fuzz import oddities
from tests.fuzz.lab import CLIENT, LAUNCH_URL, LMS, OPENID, Lab, configuration, kinds_of_launches, whole_notice
from tests.fuzz.oddities import changed, changes, encoded, pairs
from tests.lti_tool.lti.platform import KID, LTI, Claims, b64, jwk, private_key, raw

FORM = "application/x-www-form-urlencoded"
LOGIN = {"iss": LMS, "client_id": CLIENT, "login_hint": "9", "target_link_uri": LAUNCH_URL, "lti_message_hint": "7"}
LAUNCH = {"id_token": "e30.e30.e30", "state": "state-x", "error": "login_required"}
REGISTER = {"openid_configuration": OPENID, "registration_token": "a-token"}
FRAMED = {"Sec-Fetch-Dest": "iframe"}
OF_A_TAB = {"Attune-Tab": "none", "Sec-Fetch-Site": "same-origin"}
LAST_STEP = {"id_token": "x", "state": "x", "ticket": "x", "secret": "x"}
REFERENCE = re.compile(r"<code>[0-9a-f]{10}</code>")
MESSAGES = ("LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest",
            "LtiDataPrivacyLaunchRequest", "DataPrivacyLaunchRequest")  # fmt: skip
HEADER = {"alg": "RS256", "kid": KID, "typ": "JWT", "jku": "https://evil.example/", "zip": "DEF", "b64": False}


class Property(NamedTuple):
    """A kind of odd request: where its values come from, and what is done with one."""

    values: st.SearchStrategy[Any]
    holds: Callable[[Lab, Any], None]


def checked(answer: TestResponse, *, unreachable: bool = False) -> TestResponse:
    """An answer that is not our fault, and that a person can do something with."""
    troubles = (502, 503) if unreachable else ()
    assert answer.status_code < 500 or answer.status_code in troubles, f"{answer.status_code} {answer.text}"
    if answer.status_code >= 400:
        told = answer.json.get("reference") if answer.is_json else REFERENCE.search(answer.text)
        assert told, f"{answer.status_code} without a reference: {answer.text[:300]}"
        assert "Traceback" not in answer.text
    return answer


def opened(answer: TestResponse) -> bool:
    """Whether this answer signs someone in: by a cookie, or in a tab."""
    if answer.is_json and isinstance(answer.json, dict) and "tab" in answer.json:
        return True
    return any(cookie.startswith("__Host-attune=") for cookie in answer.headers.getlist("Set-Cookie"))


def shut(answer: TestResponse, **how: bool) -> None:
    assert not opened(checked(answer, **how)), answer.text


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


# ---- login ----


def odd_login(lab: Lab, value: tuple[str, list[tuple[bytes, bytes]]]) -> None:
    method, parameters = value
    sent = encoded(parameters)
    how = {"query_string": sent.decode()} if method == "GET" else {"data": sent, "content_type": FORM}
    answer = lab.ask(method, "/lti/login", **how)
    shut(answer)
    assert answer.status_code in (302, 400, 403, 413), answer.status_code
    if answer.status_code == 302:
        assert answer.location.startswith(f"{LMS}/auth?")


# ---- launch ----


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


def changed_claims(lab: Lab, value: tuple[Claims, list[tuple[oddities.Path, Any]]]) -> None:
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


def odd_header(lab: Lab, made: list[tuple[oddities.Path, Any]]) -> None:
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


def odd_last_step(lab: Lab, value: tuple[dict[str, str], list[tuple[oddities.Path, Any]]]) -> None:
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


# ---- registration ----


def odd_asking(lab: Lab, value: tuple[str | None, list[tuple[bytes, bytes]], list[tuple[oddities.Path, Any]]]) -> None:
    secret, parameters, made = value
    lab.http.say("/.well-known/openid-configuration", changed(configuration(), made))
    path = f"/lti/register/{secret}" if secret else lab.address()
    shut(lab.ask("GET", path, query_string=encoded(parameters).decode()))
    lab.http.restore()


def odd_agreeing(lab: Lab, value: tuple[list[tuple[bytes, bytes]], list[tuple[oddities.Path, Any]], Any, int]) -> None:
    parameters, made, answer, status = value
    lab.http.say("/.well-known/openid-configuration", changed(configuration(), made))
    lab.http.say("/register", answer, status)
    given = lab.ask("POST", lab.address(), data=encoded(parameters), content_type=FORM)
    if given.status_code == 409:  # known already: a choice for a person, not a refusal
        assert not opened(given)
    else:
        shut(given)
    if given.status_code == 303:
        shut(lab.ask("GET", given.location))
    lab.http.restore()


def odd_update(lab: Lab, value: tuple[str, list[tuple[bytes, bytes]]]) -> None:
    method, parameters = value
    sent = encoded(parameters)
    how = {"query_string": sent.decode()} if method == "GET" else {"data": sent, "content_type": FORM}
    shut(lab.ask(method, f"{lab.address()}/update", **how))


def odd_configuration(lab: Lab, value: Any) -> None:
    """Whatever the address shows, JSON or not."""
    lab.http.say("/.well-known/openid-configuration", value)
    shut(lab.ask("GET", lab.address(), query_string=REGISTER))
    shut(lab.ask("POST", lab.address(), data=REGISTER))
    lab.http.restore()


def odd_result(lab: Lab, value: list[tuple[bytes, bytes]]) -> None:
    shut(lab.ask("GET", "/lti/registered", query_string=encoded(value).decode()))


# ---- notices ----


def odd_notices(lab: Lab, value: tuple[Any, str]) -> None:
    """Any JSON, or any bytes, instead of a list of tokens."""
    sent, content_type = value
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    shut(lab.ask("POST", "/lti/notices", data=body, content_type=content_type))


def changed_notices(lab: Lab, value: list[list[tuple[oddities.Path, Any]]]) -> None:
    """Tokens that are signed rightly, around a notice that is not as it should be, beside one that is."""
    moment, number = int(lab.clock().timestamp()), lab.counts.total()
    whole = [whole_notice(moment, f"n-{number}-{place}") for place, _ in enumerate(value)]
    tokens = [lab.sign(changed(claims, made)) for claims, made in zip(whole, value, strict=True)]
    good = lab.sign(whole_notice(moment, f"good-{number}"))
    answer = lab.ask("POST", "/lti/notices", json={"notices": [{"jwt": token} for token in (*tokens, good)]})
    shut(answer)
    assert answer.status_code == 200
    assert answer.json["kept"] >= 1


def odd_notice_tokens(lab: Lab, value: list[Any]) -> None:
    shut(lab.ask("POST", "/lti/notices", json={"notices": value}))


KEY_SET = {"keys": [jwk(private_key(), KID), {"kty": "oct", "kid": "x", "k": "AAAA"}]}
statuses = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 404, 500, 503])
answers = st.one_of(
    changes({"client_id": "client-new", "deployment_id": "7", "scope": "openid"}).map(
        lambda made: changed({"client_id": "client-new", "deployment_id": "7", "scope": "openid"}, made)
    ),
    oddities.json_values,
    st.binary(max_size=40),
)

PROPERTIES = {
    "login": Property(st.tuples(st.sampled_from(["GET", "POST"]), pairs(LOGIN)), odd_login),
    "launch: form": Property(st.tuples(st.booleans(), pairs(LAUNCH)), odd_form),
    "launch, login, registration: body": Property(oddities.bodies, odd_body),
    "launch: claims changed": Property(
        st.sampled_from(kinds_of_launches()).flatmap(lambda whole: st.tuples(st.just(whole), changes(whole))),
        changed_claims,
    ),
    "launch: any claims": Property(st.tuples(oddities.json_objects, st.booleans()), arbitrary_claims),
    "launch: any token": Property(
        st.tuples(
            st.one_of(oddities.json_values, st.fixed_dictionaries({"alg": st.sampled_from(["RS256", "none", 5])})),
            oddities.json_values,
            st.binary(max_size=20),
        ),
        odd_token,
    ),
    "launch: header": Property(changes(HEADER), odd_header),
    "launch: key set": Property(
        st.tuples(
            st.one_of(
                changes(KEY_SET).map(lambda made: changed(KEY_SET, made)), oddities.json_values, st.binary(max_size=40)
            ),
            statuses,
            st.sampled_from(["", "max-age=0", "max-age=99999999999", "max-age=-1", "no-store", "\x7f"]),
        ),
        odd_key_set,
    ),
    "registration: asking": Property(
        st.tuples(st.sampled_from([None, "x", "%00", "x" * 3_000]), pairs(REGISTER), changes(configuration())),
        odd_asking,
    ),
    "registration: agreeing": Property(
        st.tuples(pairs(REGISTER), changes(configuration()), answers, statuses), odd_agreeing
    ),
    "registration: any configuration": Property(
        st.one_of(oddities.json_values, st.binary(max_size=40)), odd_configuration
    ),
    "launch: last step": Property(
        st.tuples(
            st.sampled_from([OF_A_TAB, OF_A_TAB, OF_A_TAB, {}, {**OF_A_TAB, "Sec-Fetch-Site": "cross-site"}]),
            st.one_of(changes(LAST_STEP), st.just([])),
        ),
        odd_last_step,
    ),
    "registration: update": Property(
        st.tuples(st.sampled_from(["GET", "POST"]), pairs({"sealed": "WyJ4Il0.x.y"})), odd_update
    ),
    "registration: result": Property(pairs({"result": "WyJ4Il0.x.y"}), odd_result),
    "notices: body": Property(
        st.tuples(
            st.one_of(oddities.json_values, oddities.bodies.map(lambda body: body[1])),
            st.sampled_from(["application/json", FORM, "", "text/plain"]),
        ),
        odd_notices,
    ),
    "notices: tokens": Property(
        st.lists(
            st.one_of(
                oddities.json_values,
                oddities.texts.map(lambda text: {"jwt": text}),
                st.tuples(oddities.json_values, oddities.json_values).map(lambda both: {"jwt": raw(*both, b"x")}),
            ),
            max_size=4,
        ),
        odd_notice_tokens,
    ),
    "notices: claims changed": Property(
        st.lists(changes(whole_notice(0, "x")), min_size=1, max_size=2), changed_notices
    ),
}
