"""The platform's side of signing in: what it publishes, and the authorization endpoint."""

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.practice.answers import PageProblem, json_answer, platform
from lti_tool.practice.claims import launch_claims, target_of
from lti_tool.practice.names import MESSAGES, PLATFORM_CONFIGURATION, SCOPES
from lti_tool.practice.people import find_person
from lti_tool.practice.platform import Launch, Platform
from lti_tool.practice.state import Tool

PERSON_COOKIE = "practice_person"
FIXED = {"response_type": "id_token", "response_mode": "form_post", "scope": "openid", "prompt": "none"}
NEEDED = ("nonce", "state", "login_hint", "lti_message_hint")

blueprint = Blueprint("oidc", __name__)


@blueprint.get("/.well-known/openid-configuration")
def configuration() -> Response:
    """What a tool reads before it registers."""
    lms = platform()
    return json_answer(
        {
            "issuer": lms.base_url,
            "authorization_endpoint": lms.url("/oidc/authorize"),
            "token_endpoint": lms.token_address,
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "jwks_uri": lms.url("/oidc/keys"),
            "registration_endpoint": lms.url("/oidc/registration"),
            "scopes_supported": ["openid", *SCOPES],
            "response_types_supported": ["id_token"],
            "response_modes_supported": ["form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
            PLATFORM_CONFIGURATION: {
                "product_family_code": "practice-lms",
                "version": "1",
                "messages_supported": [{"type": message} for message in MESSAGES],
                "variables": [],
            },
        }
    )


@blueprint.get("/oidc/keys")
def jwks() -> Response:
    """The key set that id_tokens are checked with."""
    return json_answer({"keys": [key.jwk() for key in platform().state.keys]})


def login_page(tool: Tool, launch: Launch) -> ResponseReturnValue:
    """The first step of a launch: a form that goes to the tool, by itself or by its button."""
    lms = platform()
    activity = lms.state.activities[launch.activity_id] if launch.activity_id else None
    fields = {
        "iss": lms.base_url,
        "login_hint": launch.person_id,
        "target_link_uri": target_of(launch, tool, activity),
        "lti_message_hint": lms.launches.issue(launch),
        "client_id": tool.client_id,
        "lti_deployment_id": tool.deployment_id,
    }
    return _continue_page(tool, tool.login_address, fields)


@blueprint.route("/oidc/authorize", methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """The second step: the tool asks who it is, and gets an id_token at a registered address."""
    lms = platform()
    params = request.form if request.method == "POST" else request.args
    wrong = request_problems(lms, params)
    if wrong:
        raise PageProblem(400, "The launch stopped here", *wrong)
    tool = lms.state.tools[params["client_id"]]
    person = find_person(params["login_hint"])
    launch = lms.launches.spend(params["lti_message_hint"])
    if launch is None or person is None:
        raise PageProblem(400, "The launch stopped here", "This launch was used already. Open the activity again.")
    if request.cookies.get(PERSON_COOKIE) != launch.person_id:
        sentence = f"{person.name} is no longer the person chosen in the practice LMS."
        fields = {"error": "login_required", "error_description": sentence}
    else:
        fields = {"id_token": lms.key.sign(launch_claims(lms, tool, launch, person=person, nonce=params["nonce"]))}
    return _continue_page(tool, params["redirect_uri"], {**fields, "state": params["state"]})


def request_problems(lms: Platform, params: MultiDict[str, str]) -> list[str]:
    """Everything that is wrong with an authentication request."""
    wrong = [f"{name} is sent twice." for name in params if len(params.getlist(name)) > 1]
    tool = lms.state.tools.get(params.get("client_id", ""))
    if tool is None:
        return [*wrong, "client_id is not one that this LMS gave out."]
    if params.get("redirect_uri") not in tool.redirect_addresses:
        wrong.append("redirect_uri is not one that was registered.")
    wrong += [f"{name} is not {value}." for name, value in FIXED.items() if params.get(name) != value]
    wrong += [f"{name} is missing." for name in NEEDED if not params.get(name)]
    launch = lms.launches.value(params.get("lti_message_hint", ""))
    if launch is None:
        wrong.append("lti_message_hint came back changed, or the launch was used already.")
    elif launch.client_id != tool.client_id:
        wrong.append("lti_message_hint belongs to another tool.")
    elif launch.activity_id and launch.activity_id not in lms.state.activities:
        wrong.append("The activity is no longer in the course.")
    elif launch.person_id != params.get("login_hint"):
        wrong.append("login_hint came back changed.")
    return wrong


def _continue_page(tool: Tool, address: str, fields: dict[str, str]) -> Response:
    page = make_response(render_template("continue.html", tool=tool, address=address, fields=fields))
    page.headers["Cache-Control"] = "no-store"
    return page
