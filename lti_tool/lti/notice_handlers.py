"""Asking a platform for notices (Platform Notification Service 1.0): one handler of ours for each kind of notice."""

import json
from collections.abc import Mapping
from datetime import datetime

from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.names import NOTICES_SCOPE
from lti_tool.lti.service import Service
from lti_tool.lti.statuses import about_service
from lti_tool.safe_http import HttpAnswer

JSON_TYPE = "application/json"


def ask_for(service: Service, url: str, *, notice_type: str, handler: str, now: datetime) -> Posted:
    """Have the platform send this kind of notice to `handler`; asking again changes nothing. Nothing is raised."""
    body = json.dumps({"notice_type": notice_type, "handler": handler}).encode()
    headers = {"Content-Type": JSON_TYPE, "Accept": JSON_TYPE}
    answer = service.call("PUT", url, NOTICES_SCOPE, headers, body)
    if isinstance(answer, Posted):
        return answer
    return Posted(Answer.ACCEPTED, retry=False) if answer.status in (200, 201, 204) else _why_not(answer, now)


def handlers(service: Service, url: str, now: datetime) -> Mapping[str, str] | Posted:
    """The handlers that the platform has for us, by kind of notice; a `Posted` says why they are not known."""
    answer = service.call("GET", url, NOTICES_SCOPE, {"Accept": JSON_TYPE})
    if isinstance(answer, Posted):
        return answer
    if answer.status != 200:
        return _why_not(answer, now)
    try:
        listed = json.loads(answer.body)["notice_handlers"]
        return {str(one["notice_type"]): str(one["handler"]) for one in listed}
    except (ValueError, KeyError, TypeError, RecursionError):
        return Posted(Answer.NOT_UNDERSTOOD, retry=True)


def _why_not(answer: HttpAnswer, now: datetime) -> Posted:
    why = about_service(answer, now)
    # A service that is not there is not ours to use; nobody speaks of a gradebook's column here.
    return Posted(Answer.NOT_ALLOWED, retry=False) if why.answer is Answer.COLUMN_GONE else why
