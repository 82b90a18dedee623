"""The platform's side of signing in: what it publishes, and the authorization endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.practice.answers import PageProblem, json_answer, platform
from lti_tool.practice.claims import target_of
from lti_tool.practice.enrollment import person_with_id
from lti_tool.practice.launches import Launch
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import Paths
from lti_tool.practice.records import Tool

PERSON_COOKIE = "practice_person"


@dataclass(frozen=True, slots=True)
class Insists:
    """What an authentication request has to hold."""

    fixed: Mapping[str, str]
    needed: tuple[str, ...]


def configuration() -> Response:
    """What a tool reads before it registers."""
    return json_answer(platform().profile.configuration(platform()))


def jwks() -> Response:
    """The key set that id_tokens are checked with."""
    return json_answer({"keys": [key.jwk() for key in platform().authority.keys]})


def login_page(tool: Tool, launch: Launch) -> ResponseReturnValue:
    """The first step of a launch: a form that goes to the tool, by itself or by its button."""
    lms = platform()
    person = person_with_id(lms.state, launch.person_id)
    fields = {
        "iss": lms.issuer,
        "login_hint": lms.profile.ids.login_hint(lms, person) if person else lms.state.guid,
        "target_link_uri": target_of(lms, tool, launch),
        "lti_message_hint": lms.profile.hint(lms, lms.launches.issue(launch)),
        "client_id": tool.client_id,
        **lms.profile.login_fields(lms, tool, launch),
    }
    return continue_page(tool, tool.login_address, fields)


def blueprint_at(paths: Paths, insists: Insists) -> Blueprint:
    """Signing in at one origin, at these paths."""
    blueprint = Blueprint("oidc", __name__)
    blueprint.add_url_rule(paths.configuration, view_func=configuration)
    blueprint.add_url_rule(paths.keys, view_func=jwks)

    @blueprint.route(paths.authorize, methods=["GET", "POST"])
    def authorize() -> ResponseReturnValue:
        """The second step: the tool asks who it is, and gets an id_token at a registered address."""
        params = request.form if request.method == "POST" else request.args
        return _authorized(platform(), params, insists)

    return blueprint


def _authorized(lms: Platform, params: MultiDict[str, str], insists: Insists) -> Response:
    wrong = request_problems(lms, params, insists)
    if wrong:
        raise PageProblem(400, "The launch stopped here", *wrong)
    tool = lms.state.tools[params["client_id"]]
    launch = lms.launches.spend(params["lti_message_hint"])
    person = person_with_id(lms.state, launch.person_id) if launch else None
    if launch is None or person is None:
        raise PageProblem(400, "The launch stopped here", "This launch was used already. Open the activity again.")
    if request.cookies.get(PERSON_COOKIE) != launch.person_id:
        sentence = f"{person.name} is no longer the person chosen in the practice LMS."
        fields = {"error": "login_required", "error_description": sentence}
    else:
        fields = {"id_token": lms.key.sign(lms.profile.claims(lms, tool, launch, person, params["nonce"]))}
    state = {"state": params["state"]} if "state" in params else {}
    return continue_page(tool, params["redirect_uri"], {**fields, **state})


def request_problems(lms: Platform, params: MultiDict[str, str], insists: Insists) -> list[str]:
    """Everything that is wrong with an authentication request."""
    wrong = [f"{name} is sent twice." for name in params if len(params.getlist(name)) > 1]
    tool = lms.state.tools.get(params.get("client_id", ""))
    if tool is None:
        return [*wrong, "client_id is not one that this LMS gave out."]
    if params.get("redirect_uri") not in tool.redirect_addresses:
        wrong.append("redirect_uri is not one that was registered.")
    wrong += [f"{name} is not {value}." for name, value in insists.fixed.items() if params.get(name) != value]
    wrong += [f"{name} is missing." for name in insists.needed if not params.get(name)]
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


def continue_page(tool: Tool, address: str, fields: Mapping[str, str]) -> Response:
    """A form that goes on by itself, or by its button."""
    page = make_response(render_template("continue.html", tool=tool, address=address, fields=fields))
    page.headers["Cache-Control"] = "no-store"
    return page
