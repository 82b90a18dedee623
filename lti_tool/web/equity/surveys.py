"""Surveys without names: asking, answering, and what came of them from a least number of answers on."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from grading.suppression import LEAST, MINIMUM
from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere
from lti_tool.services.equity import reports, shipped, survey_answers, survey_results, surveys
from lti_tool.services.equity.surveys import NewSurvey
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_of, uuid_if_any
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("surveys", __name__)

LEADS = Capability.PROGRAM_LEAD
INDICATORS: Mapping[str, str] = {
    "safety": _N("Safety"),
    "satisfaction": _N("Satisfaction"),
    "engagement": _N("Taking part"),
    "retention": _N("Going on"),
    "hope": _N("Hope"),
}


@bp.get("/surveys")
@needs_in_organization(LEADS)
def everything() -> ResponseReturnValue:
    """All surveys of the organization."""
    found = surveys.everything(current.db(), current.visitor().organization_id)
    return render_template("surveys/surveys.html", lines=found, today=current.now().date())


@bp.route("/surveys/new", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def new() -> ResponseReturnValue:
    """Open one."""
    if request.method == "GET":
        return _new_page(MultiDict({"minimum": str(MINIMUM)}))
    try:
        survey_id = surveys.open_one(current.db(), current.visitor(), _typed(), current.now())
    except Refused as refused:
        give_up()
        return _new_page(request.form, in_words(refused)), 422
    return redirect(url_for("surveys.results", survey_id=survey_id, said="survey_opened"), 303)


@bp.get("/surveys/<uuid:survey_id>/results")
@needs_in_organization(LEADS)
def results(survey_id: UUID) -> ResponseReturnValue:
    """What may be shown of it."""
    today = current.now().date()
    found = survey_results.results(current.db(), current.visitor().organization_id, survey_id, today)
    return render_template("surveys/results.html", results=found, indicators=_indicators())


@bp.post("/surveys/<uuid:survey_id>/close")
@needs_in_organization(LEADS)
@act
def close(survey_id: UUID) -> ResponseReturnValue:
    """Nobody answers any more."""
    surveys.close(current.db(), current.visitor(), survey_id, current.now())
    return redirect(url_for("surveys.results", survey_id=survey_id, said="survey_closed"), 303)


@bp.get("/me/surveys")
@signed_in
def mine() -> ResponseReturnValue:
    """What the visitor is asked, if they like."""
    found = surveys.waiting_for(current.db(), current.visitor(), current.now().date())
    return render_template("surveys/mine.html", lines=found)


@bp.route("/surveys/<uuid:survey_id>", methods=["GET", "POST"])
@signed_in
@act
def answer(survey_id: UUID) -> ResponseReturnValue:
    """Answer, or not."""
    if request.method == "GET":
        return _answer_page(survey_id, MultiDict())
    answers = {key: int(number) for key, number in request.form.items() if number in ("1", "2", "3", "4", "5")}
    words = request.form.get("words", "")
    try:
        survey_answers.answer(current.db(), current.visitor(), survey_id, answers, words, current.now())
    except Refused as refused:
        give_up()
        return _answer_page(survey_id, request.form, in_words(refused)), 422
    return redirect(url_for("surveys.answer", survey_id=survey_id, said="survey_answered"), 303)


def _answer_page(survey_id: UUID, typed: MultiDict[str, str], problem: str | None = None) -> str:
    session, visitor = current.db(), current.visitor()
    line = surveys.one(session, visitor.organization_id, survey_id)
    if not surveys.is_asked(session, visitor, survey_id):
        raise NotHere
    return render_template(
        "surveys/answer.html",
        told=line,
        open=line.open_on(current.now().date()),
        answered=survey_answers.has_answered(session, visitor, survey_id),
        typed=typed,
        problem=problem,
        longest=survey_answers.LONGEST,
    )


def _new_page(typed: MultiDict[str, str], problem: str | None = None) -> str:
    found = reports.programs(current.db(), current.visitor().organization_id)
    return render_template(
        "surveys/new.html",
        sets=shipped.SURVEYS.values(),
        programs=[("", _("Everybody who trains here")), *((str(id_), name) for id_, name in found)],
        typed=typed,
        problem=problem,
        least=LEAST,
        indicators=_indicators(),
    )


def _typed() -> NewSurvey:
    try:
        closes_on = day_of(request.form.get("closes_on"))
    except ValueError:
        closes_on = None
    if closes_on is None:
        raise Refused("closes_on", "Please choose a last day that is still to come.")
    return NewSurvey(
        request.form.get("set", ""),
        request.form.get("title", ""),
        uuid_if_any(request.form.get("program")),
        closes_on,
        whole_number(request.form.get("minimum", "")) or 0,
    )


def _indicators() -> dict[str, str]:
    return {key: gettext(words) for key, words in INDICATORS.items()}
