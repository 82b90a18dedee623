"""Decisions as their person reads them, when they would like to, and giving a certificate back."""

from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.deciding import Hears
from lti_tool.access import Capability
from lti_tool.documents import decision_pdf
from lti_tool.documents.paper import Size
from lti_tool.documents.typeset import CannotPrint
from lti_tool.services.certification import deciding, decision_release, decisions, surrendering
from lti_tool.services.certification.decisions import Shown
from lti_tool.web import current
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.certification.notice_words import letter, outcome_word
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("decisions", __name__)
log = structlog.get_logger("attune.web")

HEARS = {
    Hears.NEXT_MORNING: (
        _N("The next working morning"),
        _N("Monday to Friday at nine in the morning, in the program's time zone. This is so if you choose nothing."),
    ),
    Hears.EARLY_IN_THE_WEEK: (
        _N("Monday to Thursday mornings"),
        _N("So that there is a working day after it, on which somebody can be reached."),
    ),
    Hears.AT_ONCE: (_N("As soon as it is there"), _N("At any hour and on any day.")),
}


@bp.app_context_processor
def lists_of_decisions() -> dict[str, Any]:
    """For the parts of other pages that list decisions."""
    return {"decisions_of_path": _of_path, "decisions_of_person": _of_person, "outcome_word": outcome_word}


@bp.get("/decisions/<uuid:decision_id>")
@signed_in
@writes
def decision(decision_id: UUID) -> ResponseReturnValue:
    """One decision. To its person it is read with this."""
    return _page(_shown(decision_id))


@bp.get("/decisions/<uuid:decision_id>/letter")
@signed_in
@writes
def as_letter(decision_id: UUID) -> ResponseReturnValue:
    """The same as a PDF; `size` in the address says on which paper."""
    shown = _shown(decision_id)
    size = Size.LETTER if request.args.get("size") == Size.LETTER else Size.A4
    try:
        made = decision_pdf.pdf(letter(shown.notice, shown.program), size)
    except CannotPrint as problem:
        log.warning("no PDF", problem=type(problem.__cause__).__name__)
        return _page(shown, gettext("The PDF could not be made. This page says the same, and prints as well."))
    return Response(
        made, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="decision.pdf"'}
    )


@bp.post("/decisions/<uuid:decision_id>/take-back")
@signed_in
@act
def take_back(decision_id: UUID) -> ResponseReturnValue:
    """A holder who gave the certificate back keeps it after all."""
    enrollment_id = decisions.take_back(current.db(), current.visitor(), decision_id, current.now())
    return redirect(url_for("decisions.news", enrollment_id=enrollment_id, said="kept_after_all"), 303)


@bp.route("/path/<uuid:enrollment_id>/news", methods=["GET", "POST"])
@signed_in
@act
def news(enrollment_id: UUID) -> ResponseReturnValue:
    """When the visitor would like to read decisions, and those that they can read."""
    session, visitor = current.db(), current.visitor()
    if request.method == "GET":
        return _news_page(enrollment_id, decision_release.hears(session, visitor, enrollment_id))
    chosen = request.form.get("hears", "")
    if chosen not in set(Hears):
        give_up()
        return _news_page(enrollment_id, None, gettext("Please choose one of these.")), 422
    decision_release.choose(session, visitor, enrollment_id, Hears(chosen), current.now())
    return redirect(url_for("decisions.news", enrollment_id=enrollment_id, said="news_chosen"), 303)


@bp.route("/path/<uuid:enrollment_id>/surrender", methods=["GET", "POST"])
@signed_in
@act
def surrender(enrollment_id: UUID) -> ResponseReturnValue:
    """Give the certificate back: asked once, with what it means."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    words = request.form.get("words", "")
    try:
        if request.method == "POST":
            decision_id = surrendering.give_back(session, visitor, enrollment_id, words, now)
            return redirect(url_for("decisions.decision", decision_id=decision_id, said="given_back"), 303)
        return _surrender_page(enrollment_id)
    except Refused as refused:
        give_up()
        page = _surrender_page(enrollment_id, words, in_words(refused))
        return page, 200 if request.method == "GET" else 422


def _shown(decision_id: UUID) -> Shown:
    leads = Capability.PROGRAM_LEAD in current.capabilities()
    return decisions.decision(current.db(), current.visitor(), decision_id, current.now(), leads=leads)


def _page(shown: Shown, problem: str | None = None) -> str:
    leads = tuple(deciding.deciders(current.db(), current.visitor().organization_id).values())
    return render_template(
        "decisions/decision.html",
        shown=shown,
        letter=letter(shown.notice, shown.program),
        readers=decisions.readers(shown.notice.person, leads),
        problem=problem,
    )


def _news_page(enrollment_id: UUID, chosen: Hears | None, problem: str | None = None) -> str:
    lines = decisions.of_path(current.db(), current.visitor(), enrollment_id, current.now())
    choices = [(each.value, gettext(label), gettext(hint)) for each, (label, hint) in HEARS.items()]
    return render_template(
        "decisions/news.html",
        enrollment_id=enrollment_id,
        lines=lines,
        choices=choices,
        chosen=chosen.value if chosen else None,
        problem=problem,
    )


def _surrender_page(enrollment_id: UUID, words: str = "", problem: str | None = None) -> str:
    try:
        held = surrendering.to_give_back(current.db(), current.visitor(), enrollment_id, current.now())
    except Refused as refused:
        held, problem = None, in_words(refused)
    leads = tuple(deciding.deciders(current.db(), current.visitor().organization_id).values())
    return render_template(
        "decisions/surrender.html",
        enrollment_id=enrollment_id,
        held=held,
        typed=words,
        problem=problem,
        readers=decisions.readers(current.visitor().name or "", leads),
    )


def _of_path(enrollment_id: UUID) -> tuple[decisions.Line, ...]:
    return decisions.of_path(current.db(), current.visitor(), enrollment_id, current.now())


def _of_person(enrollment_id: UUID) -> tuple[decisions.Line, ...]:
    return decisions.of_person(current.db(), current.visitor().organization_id, enrollment_id, current.now())
