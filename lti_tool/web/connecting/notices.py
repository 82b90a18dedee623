"""Where platforms send notices (Platform Notification Service 1.0): kept first, then answered, then done."""

import json
from typing import Any

import structlog
from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.lti.errors import LaunchRejected, PlatformUnavailable
from lti_tool.lti.notices import Notice, read_notice
from lti_tool.queue import Kind
from lti_tool.services.connecting import notices
from lti_tool.web import current
from lti_tool.web.access import cross_site

bp = Blueprint("notices", __name__)
log = structlog.get_logger("attune.web")

LARGEST = 1_000_000
MOST = 100
"""Notices in one request."""

NotTaken = LaunchRejected | PlatformUnavailable


@bp.post("/lti/notices")
@cross_site
def take() -> ResponseReturnValue:
    """Keep what can be kept. Others in the request do not stand in its way; with none left, the first says why."""
    read: list[Notice] = []
    not_taken: list[NotTaken] = []
    for token in _tokens():  # all of them before the database is asked: a platform's keys may have to be fetched
        try:
            read.append(_read(token))
        except (LaunchRejected, PlatformUnavailable) as problem:
            not_taken.append(problem)
    kept = sum(_kept(notice, not_taken) for notice in read)
    if not_taken and not kept:
        raise not_taken[0]
    for one in not_taken:
        log.warning("notice refused", code=str(one.code), status=one.status, detail=one.detail)
    return jsonify(kept=kept, not_taken=len(not_taken), reference=current.reference())


def _kept(notice: Notice, not_taken: list[NotTaken]) -> bool:
    try:
        row_id = notices.keep(current.db(), notice, current.now())
    except LaunchRejected as problem:
        not_taken.append(problem)
        return False
    if row_id is not None:
        current.look_at(Kind.NOTICE, row_id)
    return True


def _read(token: str) -> Notice:
    return read_notice(
        token,
        registrations=current.joined().known_platforms.find,
        key_sets=current.joined().key_sets,
        now=current.now(),
    )


def _tokens() -> list[str]:
    """The tokens of the request, as texts; the request is refused if it has another form."""
    request.max_content_length = LARGEST
    try:
        sent: Any = json.loads(request.get_data())
        tokens = [notice["jwt"] for notice in sent["notices"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        abort(400)
    if not tokens or len(tokens) > MOST or not all(isinstance(token, str) for token in tokens):
        abort(400)
    return tokens
