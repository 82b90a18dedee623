"""Deep linking, the way back: what a tool returns when something was chosen there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.practice.answers import PageProblem, platform
from lti_tool.practice.claims import deployment_of
from lti_tool.practice.courses import add_activity
from lti_tool.practice.launches import Launch
from lti_tool.practice.names import CLAIM, DEEP_LINKING_CLAIM, DEEP_LINKING_RESPONSE, VERSION
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import DeepLinking
from lti_tool.practice.records import LineItem, Tool
from lti_tool.practice.tokens import unproven_claims
from lti_tool.practice.tool_keys import NotTrusted

HEADING = "Nothing was added"
LONGEST_TITLE = 255
MESSAGES = ("errormsg", "msg")


def blueprint_at(path: str) -> Blueprint:
    """Deep linking with its return address at this path."""
    blueprint = Blueprint("deep_linking", __name__)
    blueprint.add_url_rule(path, view_func=answer, methods=["POST"])
    return blueprint


def answer() -> ResponseReturnValue:
    """Add what was chosen to the course, and show the course."""
    lms = platform()
    tool, claims = _signed(request.form.get("JWT", ""))
    ticket = lms.profile.deep_linking.ticket(claims, request.args)
    launch = lms.choices.value(ticket) if isinstance(ticket, str) else None
    if wrong := answer_problems(claims, tool, launch, lms.profile.deep_linking):
        raise PageProblem(400, HEADING, *wrong)
    if not lms.nonces.spend(f"{tool.client_id} {claims['nonce']}"):
        raise PageProblem(400, HEADING, "nonce was used before.")
    spent = lms.choices.spend(str(ticket))
    if spent is None:
        raise PageProblem(400, HEADING, "This answer was used already.")
    return _added(tool, spent, claims)


def _added(tool: Tool, launch: Launch, claims: Mapping[str, Any]) -> ResponseReturnValue:
    items = claims.get(DEEP_LINKING_CLAIM + "content_items", [])
    added = [_add(platform(), tool, launch.course_id, item) for item in items]
    said = [str(claims[DEEP_LINKING_CLAIM + name]) for name in MESSAGES if claims.get(DEEP_LINKING_CLAIM + name)]
    if said or not added:
        return render_template("returned.html", said=said or ["Nothing was chosen."], tool=tool)
    return redirect(url_for("pages.course", course=launch.course_id, added=",".join(added)), 303)


def _add(lms: Platform, tool: Tool, course_id: str, item: Mapping[str, Any]) -> str:
    wanted, title = item.get("lineItem"), item.get("title") or tool.name
    column = None
    if wanted is not None:
        shows = lms.profile.deep_linking.any_maximum or not column_problems(wanted)
        column = LineItem(
            id="",
            client_id=tool.client_id,
            activity_id="",
            label=(not lms.profile.deep_linking.titles_name_columns and wanted.get("label")) or title,
            maximum=wanted["scoreMaximum"] if shows else 0,
            resource_id=wanted.get("resourceId", ""),
            tag=wanted.get("tag", ""),
            published=lms.profile.deep_linking.published,
            review=wanted.get("submissionReview", {}),
        )
    activity = add_activity(
        lms,
        tool,
        title,
        course_id=course_id,
        text=item.get("text", ""),
        url=item.get("url", ""),
        custom=item.get("custom"),
        column=column,
    )
    return activity.id


def _signed(token: str) -> tuple[Tool, dict[str, Any]]:
    lms = platform()
    try:
        tool = lms.state.tools.get(str(unproven_claims(token).get("iss")))
        if tool is None:
            raise NotTrusted("iss is not a client_id that this LMS gave out")
        claims = lms.authority.tool_keys.verified(
            tool, token, audience=lms.issuer, now=lms.clock(), required=("nonce",)
        )
    except NotTrusted as problem:
        raise PageProblem(400, HEADING, f"The tool's answer (JWT): {problem}.") from problem
    return tool, claims


def answer_problems(claims: Mapping[str, Any], tool: Tool, launch: Launch | None, rules: DeepLinking) -> list[str]:
    """Everything that is wrong with a signed answer."""
    expected = {
        "message_type": DEEP_LINKING_RESPONSE,
        "version": VERSION,
        "deployment_id": deployment_of(tool, launch) if launch else tool.deployment_id,
    }
    wrong = [f"{name} is not {value}." for name, value in expected.items() if claims.get(CLAIM + name) != value]
    if not isinstance(claims.get("nonce"), str) or not claims["nonce"]:
        wrong.append("nonce is not text.")
    if launch is None or launch.client_id != tool.client_id:
        wrong.append("data is missing or came back changed, or this answer was used already.")
    items = claims.get(DEEP_LINKING_CLAIM + "content_items", [])
    if not isinstance(items, list):
        return [*wrong, "content_items is not a list."]
    return wrong + rules.problems(items, tool)


def choice_settings(lms: Platform, tool: Tool, launch: Launch) -> dict[str, Any]:
    """What the strict profile says about the choice it asks for."""
    return {
        "deep_link_return_url": lms.url(lms.profile.paths.deep_linking),
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": True,
        "data": lms.choices.issue(launch),
    }


def ticket_in_data(claims: Mapping[str, Any], _query: Mapping[str, str]) -> object:
    """The ticket where the specification has it."""
    return claims.get(DEEP_LINKING_CLAIM + "data")


def all_item_problems(items: list[Any], tool: Tool) -> list[str]:
    """What is wrong with the things that were chosen, each named by its place."""
    return [f"Item {i}: {problem}." for i, item in enumerate(items, 1) for problem in item_problems(item, tool)]


def item_problems(item: Any, tool: Tool) -> list[str]:
    """What is wrong with one thing that was chosen. Limits are Moodle's where the specification has none."""
    if not isinstance(item, dict):
        return ["it is not an object"]
    wrong = []
    if item.get("type") != "ltiResourceLink":
        wrong.append(f"type {item.get('type')} was not asked for")
    title = item.get("title")
    if not isinstance(title, str) or not 0 < len(title.strip()) <= LONGEST_TITLE:
        wrong.append(f"title is missing, blank or longer than {LONGEST_TITLE}")
    if not isinstance(item.get("text", ""), str):
        wrong.append("text is not text")
    url = item.get("url", tool.target)
    if not isinstance(url, str) or urlsplit(url)[:2] != urlsplit(tool.target)[:2]:
        wrong.append("url is not an address of this tool")
    custom = item.get("custom", {})
    if not isinstance(custom, dict) or not all(_fits_a_line(value) for value in custom.values()):
        wrong.append("custom holds something else than single lines of text")
    return wrong + column_problems(item.get("lineItem", {"scoreMaximum": 1}))


def column_problems(column: Any) -> list[str]:
    """What is wrong with the column that comes with a choice."""
    if not isinstance(column, dict):
        return ["lineItem is not an object"]
    maximum = column.get("scoreMaximum")
    wrong = []
    if isinstance(maximum, bool) or not isinstance(maximum, int) or not 1 <= maximum <= 100:
        wrong.append("lineItem's scoreMaximum is not a whole number from 1 to 100")
    if not all(isinstance(column.get(name, ""), str) for name in ("label", "resourceId", "tag")):
        wrong.append("lineItem's label, resourceId or tag is not text")
    return wrong


def _fits_a_line(value: Any) -> bool:
    return isinstance(value, str) and "\n" not in value
