"""How Canvas's services say that something was wrong, and whom they let in."""

from typing import Any

import jwt
from flask import g, request

from lti_tool.practice.answers import ServiceProblem, platform
from lti_tool.practice.launches import Access
from lti_tool.practice.records import Course, Tool

TYPES = {
    400: "bad_request", 401: "unauthorized", 404: "not_found",
    412: "precondition_failed", 422: "unprocessable_entity",
}  # fmt: skip


def refusal(status: int, message: str) -> ServiceProblem:
    """A problem in the form of most services."""
    return ServiceProblem(status, message, answer={"errors": {"type": TYPES[status], "message": message}})


def listed(status: int, message: str, **more: Any) -> ServiceProblem:
    """A problem in the form of a list."""
    return ServiceProblem(status, message, answer={"errors": [{**more, "message": message}]})


def field(name: str, message: str) -> ServiceProblem:
    """A field of a record that cannot be so."""
    return ServiceProblem(
        422, f"{name} {message}", answer={"errors": [{"field": name, "message": message, "error_code": None}]}
    )


def silent(status: int, sentence: str) -> ServiceProblem:
    """A status without a word; the sentence is for the call log."""
    return ServiceProblem(status, sentence, answer="")


def nowhere() -> ServiceProblem:
    """What is not here."""
    return listed(404, "The specified resource does not exist.")


def authorized(*scopes: str) -> Tool:
    """The tool whose token allows one of the scopes, if it is in use at this institution."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not bearer:
        raise refusal(401, "Missing access token")
    access = _access(bearer.strip())
    if access is None:
        raise refusal(401, "Access token expired")
    g.client_id = access.client_id
    tool = platform().state.tools.get(access.client_id)
    if tool is None:
        raise refusal(401, "Access Token not linked to a Tool associated with this Context")
    if not access.scopes & set(scopes):
        raise refusal(401, "Insufficient permissions")
    return tool


def course_at(course_id: str) -> Course:
    """The course of an address."""
    found = platform().course(course_id)
    if found is None:
        raise refusal(404, "Context not found")
    return found


def _access(bearer: str) -> Access | None:
    try:
        ticket = jwt.decode(bearer, options={"verify_signature": False})["jti"]
    except (jwt.PyJWTError, KeyError):
        return None
    return platform().tokens.value(str(ticket))
