"""Trying a connection: one request a step. What came of the steps so far travels in the page, signed."""

from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lti_tool.services.connecting import connections, trial, trial_steps
from lti_tool.services.connecting.trial import Outcome, Result, Step, Trial
from lti_tool.services.connecting.trial_words import TITLES, sentence
from lti_tool.web import current, moments, transactions
from lti_tool.web.access import operator_only, repeatable
from lti_tool.web.errors import AddressEnded
from lti_tool.web.texts import gettext

bp = Blueprint("trial", __name__)

WITHIN_SECONDS = 3600


@bp.get("/operator/platforms/<uuid:registration_id>/test")
@operator_only
def begin(registration_id: UUID) -> ResponseReturnValue:
    """What will be tried, and in which course. Opening it tries nothing."""
    me = connections.operator(current.visitor())
    return render_template(
        "operator/trial_begin.html",
        connection=connections.connection(current.db(), me, registration_id),
        courses=trial.courses(current.db(), me, registration_id),
    )


@bp.post("/operator/platforms/<uuid:registration_id>/test")
@operator_only
@repeatable  # a step that is taken twice finds what the first one left
def take_step(registration_id: UUID) -> ResponseReturnValue:
    """The next step; nothing is held open while the LMS is asked."""
    me = connections.operator(current.visitor())
    now, so_far = current.now(), _so_far(registration_id)
    connection = connections.connection(current.db(), me, registration_id)
    prepared = trial.prepare(current.db(), me, registration_id, so_far, now)
    transactions.keep()
    sessions, http = current.joined().sessions.writing, current.http()
    so_far = trial_steps.take_step(sessions, http, prepared, so_far, now)
    return render_template(
        "operator/trial.html",
        connection=connection,
        course=prepared.course,
        lines=[(gettext(TITLES[result.step]), result.outcome, _in_words(result)) for result in so_far.results],
        next_title=gettext(TITLES[so_far.next_step]) if so_far.next_step else None,
        steps=len(Step),
        ticket=_ticket(registration_id, so_far),
    )


def _in_words(result: Result) -> str:
    values = dict(result.values)
    if "moment" in values:
        values["moment"] = moments.day_and_time(trial.moment_of(result))
    return gettext(sentence(result.code), **values)


def _so_far(registration_id: UUID) -> Trial:
    """How far the trial of this connection is; a new one where the page has no ticket yet."""
    ticket = request.form.get("ticket", "")
    if not ticket:
        return Trial(course_id=_course_chosen())
    try:
        said = _signer().loads(ticket, max_age=WITHIN_SECONDS)
    except BadSignature:
        raise AddressEnded from None
    if said["registration"] != str(registration_id):
        raise AddressEnded
    return Trial(
        course_id=UUID(said["course"]) if said["course"] else None,
        results=tuple(Result(Step(step), Outcome(how), code, values) for step, how, code, values in said["results"]),
        column=said["column"],
    )


def _ticket(registration_id: UUID, so_far: Trial) -> str:
    return _signer().dumps(
        {
            "registration": str(registration_id),
            "course": str(so_far.course_id) if so_far.course_id else None,
            "results": [[one.step, one.outcome, one.code, dict(one.values)] for one in so_far.results],
            "column": so_far.column,
        }
    )


def _course_chosen() -> UUID | None:
    chosen = request.form.get("course", "")
    try:
        return UUID(chosen) if chosen else None
    except ValueError:
        abort(400)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(current.settings().secret_keys)), salt="attune connection test v1")
