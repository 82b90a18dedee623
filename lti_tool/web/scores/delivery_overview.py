"""How scores get through to every platform: the operator's page. Counts and codes, nobody's name or score."""

from datetime import datetime
from uuid import UUID

import structlog
from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from lti_tool.queue import Kind
from lti_tool.services.connecting import connections
from lti_tool.services.scores import delivery_health, lane_acts, lane_words
from lti_tool.services.scores.delivery_health import MOST, PlatformHealth, Workers
from lti_tool.web import current
from lti_tool.web.access import operator_only
from lti_tool.web.acts import act
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import ngettext

bp = Blueprint("delivery_overview", __name__)
log = structlog.get_logger("attune.web")


@bp.get("/operator/gradebooks")
@operator_only
def gradebooks() -> ResponseReturnValue:
    """Each platform with what got through, what waits, and why, those first that need an operator; and the worker."""
    platforms, workers = _found()
    return render_template(
        "operator/gradebooks.html",
        platforms=sorted(platforms, key=lambda one: not one.needs(current.now())),
        workers=workers,
        queue_length=_queue_length(),
        all_in_one=in_one_sentence(platforms, workers, current.now()),
        counted=counted,
        about=lane_words.about,
        needs=lane_words.NEEDS,
        no_worker=lane_words.NO_WORKER,
    )


@bp.post("/operator/gradebooks/<uuid:registration_id>/try-now")
@operator_only
@act
def try_now(registration_id: UUID) -> ResponseReturnValue:
    """Try what waits for one platform at once, whatever it answered before."""
    me = connections.operator(current.visitor())
    lane_acts.try_now(current.db(), me, registration_id, current.now())
    current.look_at(Kind.PLATFORM, registration_id)
    return redirect(url_for("delivery_overview.gradebooks", said="tried_now"), 303)


def overview_sentence() -> str:
    """How all of it stands, in one sentence, for the operator's first page."""
    return in_one_sentence(*_found(), current.now())


def in_one_sentence(platforms: tuple[PlatformHealth, ...], workers: Workers, now: datetime) -> str:
    """What is to be looked at first, if anything is."""
    if any(one.active and one.waiting for one in platforms) and workers.quiet(now):
        return _("Scores wait, and no worker seems to run.")
    needing = sum(bool(one.needs(now)) for one in platforms)
    if needing:
        return ngettext("%(num)s LMS needs you.", "%(num)s LMSs need you.", needing)
    if not any(one.sent_any for one in platforms):
        return _("No score has been sent yet.")
    waiting = sum(one.waiting for one in platforms if one.active)
    if waiting:
        return _("Scores get through. On their way now: %(number)s.", number=counted(waiting))
    return _("All scores got through, or wait for a person of their course.")


def counted(number: int) -> str:
    """A number as it was counted: no further than to `MOST`."""
    return _("more than %(number)s", number=format_decimal(MOST)) if number > MOST else str(format_decimal(number))


def _found() -> tuple[tuple[PlatformHealth, ...], Workers]:
    session, organization_id = current.db(), current.visitor().organization_id
    return delivery_health.platforms(session, organization_id, current.now()), delivery_health.workers(session)


def _queue_length() -> int | None:
    """How many wake-ups wait for a worker; None where nobody can say. The page does not depend on it."""
    ask = current.joined().queue_length
    try:
        return ask() if ask else None
    except Exception as problem:
        log.warning("queue not counted", problem=type(problem).__name__)
        return None
