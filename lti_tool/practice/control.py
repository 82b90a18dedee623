"""For tests: reading the call log, and asking for mischief. Open to this machine only, and not to web pages."""

from dataclasses import asdict, is_dataclass
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, abort, request

from lti_tool.practice.answers import ServiceProblem, json_answer, platform, read_json
from lti_tool.practice.calls import Mischief
from lti_tool.practice.enrollment import person_with_id
from lti_tool.practice.handle import PracticeLms
from lti_tool.practice.set_up import NotRegistered, register_tool
from lti_tool.practice.storms import Forecast, Storm

ACTS = (
    "add_activity",
    "add_course",
    "add_deployment",
    "add_person",
    "change_course",
    "change_roles",
    "copy_course",
    "enroll_many",
    "remove_member",
    "set_privacy",
    "start_over",
    "take_back_member",
    "teacher_grades",
)
"""What `PracticeLms` can do with texts and numbers alone."""
WISH = {"place": str, "kind": str, "times": int, "value": int | float}

blueprint = Blueprint("control", __name__, url_prefix="/_control")


@blueprint.before_request
def only_this_machine() -> None:
    """A browser names the page that asks (Origin); a test does not."""
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback or "Origin" in request.headers:  # noqa: S104 - not bound
        abort(404)


@blueprint.post("/misbehave")
def misbehave() -> Response:
    """Spoil the next calls of a place; see `Mischief`."""
    body = read_json("application/json")
    if {"place", "kind"} - set(body) or any(not isinstance(body[name], WISH.get(name, ())) for name in body):
        raise ServiceProblem(400, "expected place and kind (texts), and perhaps times and value (numbers)")
    try:
        platform().misbehavior.wish(Mischief(**body))
    except ValueError as problem:
        raise ServiceProblem(400, str(problem)) from problem
    return Response(status=204)


@blueprint.delete("/misbehave")
def behave() -> Response:
    """Forget all mischief that was asked for."""
    platform().misbehavior.clear()
    return Response(status=204)


@blueprint.post("/storm")
def storm() -> Response:
    """Let a storm blow until it is calmed; see `Forecast`."""
    body = read_json("application/json")
    try:
        listed = {"places": tuple(body["places"])} if "places" in body else {}
        platform().storm = Storm(Forecast(**{**body, **listed}))
    except (AttributeError, TypeError, ValueError) as problem:
        raise ServiceProblem(400, str(problem)) from problem
    return Response(status=204)


@blueprint.get("/storm")
def weather() -> Response:
    """How often the storm befell what."""
    blowing = platform().storm
    return json_answer(dict(blowing.counts) if blowing else {})


@blueprint.delete("/storm")
def calm() -> Response:
    """End the storm, and say how often it befell what."""
    return json_answer(PracticeLms(platform()).calm())


@blueprint.post("/clock")
def clock() -> Response:
    """Let the LMS's clock be {"seconds": ...} ahead of the true time."""
    seconds = read_json("application/json").get("seconds")
    if not isinstance(seconds, int | float):
        raise ServiceProblem(400, "expected seconds (a number)")
    PracticeLms(platform()).move_clock(seconds)
    return Response(status=204)


@blueprint.get("/scores")
def scores() -> Response:
    """What stands for each person in each column, and every score that was kept on the way, oldest first."""
    lms = platform()
    logged = lms.accepted.all()
    rows = [
        {
            "column": lms.line_item_address(lms.state.line_items[item]),
            "user_id": lms.user_id(found) if (found := person_with_id(lms.state, person)) else person,
            "given": kept.given,
            "maximum": kept.maximum,
            "accepted": [[one.given, one.maximum, one.timestamp, one.by_teacher] for one in logged.get(key, ())],
        }
        for key, kept in lms.state.scores.items()
        for item, person in [key]
    ]
    return json_answer(rows)


@blueprint.get("/calls")
def calls() -> Response:
    """The call log, oldest first; ?place= narrows it."""
    found: list[dict[str, Any]] = [asdict(call) for call in platform().calls.all(request.args.get("place"))]
    return json_answer([{**call, "at": call["at"].isoformat()} for call in found])


@blueprint.delete("/calls")
def forget_calls() -> Response:
    """Begin an empty call log."""
    platform().calls.clear()
    return Response(status=204)


@blueprint.post("/rotate-key")
def rotate_key() -> Response:
    """Sign with a new key from now on."""
    platform().rotate_key()
    return json_answer({"kid": platform().key.kid})


@blueprint.post("/forget-tokens")
def forget_tokens() -> Response:
    """Make every access token unknown, as a restart of the LMS does."""
    platform().tokens.clear()
    return Response(status=204)


@blueprint.post("/acts/<name>")
def act(name: str) -> Response:
    """Do what `PracticeLms` does under this name; the body is its arguments, `roles` a list."""
    if name not in ACTS:
        raise ServiceProblem(404, f"there is no act {name}; there are {', '.join(ACTS)}", code="not_found")
    arguments = read_json("application/json")
    named = {key: value for key, value in arguments.items() if key not in ("who", "key", "name", "roles")}
    placed = [arguments[key] for key in ("who", "key", "name") if key in arguments] + arguments.get("roles", [])
    try:
        made = getattr(PracticeLms(platform()), name)(*placed, **named)
    except (LookupError, TypeError, ValueError) as problem:
        raise ServiceProblem(400, str(problem)) from problem
    return json_answer(asdict(made) if is_dataclass(made) and not isinstance(made, type) else made)


@blueprint.post("/register-tool")
def register() -> Response:
    """Register the tool at {"address": ...}; see `register_tool`."""
    address = read_json("application/json").get("address")
    if not isinstance(address, str):
        raise ServiceProblem(400, "expected an address (text)")
    try:
        tool = register_tool(platform(), address)
    except NotRegistered as problem:
        raise ServiceProblem(502, str(problem)) from problem
    return json_answer({"client_id": tool.client_id, "deployment_id": tool.deployment_id, "name": tool.name})
