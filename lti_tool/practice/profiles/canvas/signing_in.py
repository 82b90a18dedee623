"""Signing in at Canvas: begun at an origin that all institutions share, ended at the institution's own."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import jwt
from flask import Blueprint, Response, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.practice import oidc
from lti_tool.practice.answers import PageProblem, ServiceProblem, platform
from lti_tool.practice.claims import deployment_of
from lti_tool.practice.enrollment import person_with_id
from lti_tool.practice.launches import Launch
from lti_tool.practice.oidc import PERSON_COOKIE, continue_page
from lti_tool.practice.platform import Platform
from lti_tool.practice.records import Tool

LAUNCH_LIFETIME = timedelta(minutes=5)
STORAGE_FRAME = "post_message_forwarding"
NEEDED = (
    "client_id", "login_hint", "lti_message_hint", "nonce", "prompt",
    "redirect_uri", "response_mode", "response_type", "scope",
)  # fmt: skip

shared = Blueprint("canvas_signing_in", __name__)
institution = Blueprint("canvas_session", __name__)


def login_fields(_lms: Platform, tool: Tool, launch: Launch) -> dict[str, str]:
    """What a login says beyond what every login says."""
    return {
        "deployment_id": deployment_of(tool, launch),
        "canvas_environment": "prod",
        "canvas_region": "us-east-1",
        "lti_storage_target": STORAGE_FRAME,
    }


def hint(lms: Platform, ticket: str) -> str:
    """A signed word that leads back to the institution and to the launch, for five minutes."""
    until = int((lms.clock() + LAUNCH_LIFETIME).timestamp())
    return lms.key.sign({"verifier": ticket, "canvas_domain": lms.base_url, "exp": until})


@shared.get("/api/lti/security/openid-configuration")
def configuration() -> Response:
    """What a tool reads before it registers: only with a registration token, in the address or as a header."""
    _, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = request.args.get("registration_token") or bearer
    if not token:
        raise ServiceProblem(401, "no registration token", answer={"error": "Unauthorized"})
    g.lms = platform().authority.platform_of_offer(token)
    if g.lms.offers.value(token) is None:
        raise ServiceProblem(404, "no account for this token", answer={"error": "Account not found"})
    return oidc.configuration()


@shared.get("/api/lti/security/jwks")
def jwks() -> Response:
    """The key set that id_tokens and notices are checked with."""
    answer = oidc.jwks()
    answer.headers["Cache-Control"] = "max-age=864000, public"
    return answer


@shared.route("/api/lti/authorize_redirect", methods=["GET", "POST"])
def redirected() -> ResponseReturnValue:
    """The second step: on to the institution, where the person has a session."""
    params = request.form if request.method == "POST" else request.args
    found = _hint_of(platform(), params)
    lms = platform().authority.platform_at(found["canvas_domain"])
    return redirect(f"{lms.url('/api/lti/authorize')}?{urlencode(params.to_dict())}", 302)


@institution.get("/api/lti/authorize")
def authorize() -> ResponseReturnValue:
    """The third step: an id_token, or an error, posted to the tool. Each launch is used once."""
    lms, params = platform(), request.args
    ticket = _hint_of(lms, params)["verifier"]
    tool = lms.state.tools.get(params.get("client_id", ""))
    address = params.get("redirect_uri", "")
    if tool is None or not any(_same(address, known) for known in tool.redirect_addresses):
        raise PageProblem(400, "Invalid redirect_uri", "The redirect_uri is not one that was registered.")
    fields = _error(lms, params, lms.launches.value(ticket)) or _token(lms, tool, params, lms.launches.spend(ticket))
    state = {"state": params["state"]} if "state" in params else {}
    return continue_page(tool, address, {**fields, **state})


@shared.get("/api/lti/post_message_forwarding")
def forwarding() -> ResponseReturnValue:
    """The frame that keeps a tool's words for it while a launch is under way."""
    lms = platform().authority.platform_of_client(request.args.get("client_id", ""))
    tool = lms.state.tools.get(request.args.get("client_id", ""))
    addresses = (tool.login_address, *tool.redirect_addresses) if tool else ()
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(address)) for address in addresses}
    return render_template("forwarding.html", origins=" ".join(sorted(origins)))


def _hint_of(lms: Platform, params: Mapping[str, str]) -> dict[str, str]:
    """What a hint says. Raises `PageProblem` where it is not ours or too old."""
    for key in reversed(lms.authority.keys):
        try:
            found: dict[str, str] = jwt.decode(
                params.get("lti_message_hint", ""),
                key.private.public_key(),
                algorithms=["RS256"],
                options={"verify_exp": False},
            )
        except jwt.PyJWTError:
            continue
        if float(found["exp"]) > lms.clock().timestamp():
            return found
    raise PageProblem(400, "Invalid lti_message_hint", "The lti_message_hint is expired or was changed.")


def _error(lms: Platform, params: Mapping[str, str], launch: Launch | None) -> dict[str, str] | None:
    missing = [name for name in NEEDED if not params.get(name)]
    if missing:
        return _said("invalid_request_object", f"The following parameters are missing: {','.join(missing)}")
    if params["scope"] != "openid":
        return _said("invalid_request_object", "The 'scope' must be 'openid'")
    if launch is None:
        return _said("launch_no_longer_valid", "The launch has either expired or already been consumed")
    if launch.client_id != params["client_id"]:
        return _said("unauthorized_client", "Client not authorized in requested context")
    person = person_with_id(lms.state, launch.person_id)
    if person is None:
        return None if not launch.person_id else _said("login_required", "Must have an active user session")
    chosen = request.cookies.get(PERSON_COOKIE) == person.id
    if not chosen or params["login_hint"] != lms.profile.ids.login_hint(lms, person):
        return _said("login_required", "Must have an active user session")
    return None


def _token(lms: Platform, tool: Tool, params: Mapping[str, str], launch: Launch | None) -> dict[str, str]:
    if launch is None:
        return _said("launch_no_longer_valid", "The launch has either expired or already been consumed")
    person = person_with_id(lms.state, launch.person_id)
    claims = lms.profile.claims(lms, tool, launch, person, params["nonce"])
    return {"id_token": lms.key.sign(claims), "lti_storage_target": STORAGE_FRAME}


def _said(error: str, description: str) -> dict[str, str]:
    return {"error": error, "error_description": description}


def _same(address: str, known: str) -> bool:
    """Equal up to the query; what is in the registered query has to be there."""
    return address.split("?")[0] == known.split("?")[0] and ("?" not in known or address == known)
