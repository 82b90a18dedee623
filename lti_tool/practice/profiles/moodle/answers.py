"""How Moodle's services say that something was wrong."""

import json
from typing import Any

from flask import request

from lti_tool.practice.answers import ServiceProblem
from lti_tool.practice.names import SCORE_TYPE
from lti_tool.practice.records import Tool
from lti_tool.practice.tokens import access_of_call

BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"


def authorized(*scopes: str) -> Tool:
    """The tool whose token allows one of the scopes; 401 for everything else."""
    found = access_of_call()
    if found is None or not found[1].scopes & set(scopes):
        raise refusal(401, "Unauthorized")
    return found[0]


def refusal(status: int, reason: str) -> ServiceProblem:
    """A problem with the call; the reason also stands in the status line."""
    about = {
        "method": request.method,
        "url": request.full_path.rstrip("?"),
        "accept": request.headers.get("Accept", ""),
        "contentType": request.headers.get("Content-Type", ""),
    }
    body = {"status": status, "reason": reason, "request": about}
    return ServiceProblem(status, reason, answer=body, reason=reason)


def score_refusal(status: int, reason: str, posted: Any = None) -> ServiceProblem:
    """A score that is not taken: an empty list, and in the status line what was posted, word for word."""
    line = reason if posted is None else reason + json.dumps(posted)
    return ServiceProblem(status, reason, answer="[]", reason=line, media_type=SCORE_TYPE)


def broken_gateway(sentence: str) -> ServiceProblem:
    """What the web server says when Moodle ends with a status that is none."""
    return ServiceProblem(502, sentence, answer=BAD_GATEWAY, media_type="text/html")


def content_of(*media_types: str) -> None:
    """Let pass only a call that sends one of these media types."""
    if request.mimetype not in media_types:
        raise refusal(400, f"No handler found for {_path()}  {request.mimetype}")


def accepts(*media_types: str) -> None:
    """Let pass only a call that accepts exactly one of these media types, or says nothing."""
    accept = request.headers.get("Accept", "")
    if accept == "*/*":
        raise refusal(400, "No context or unsupported content type")
    if accept and accept not in media_types:
        raise refusal(400, f"No handler found for {_path()} {accept} ".rstrip())


def _path() -> str:
    return request.path.removeprefix("/mod/lti/services.php")
