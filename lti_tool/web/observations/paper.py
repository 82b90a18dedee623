"""Printed forms, and finding an observation again by the code on one."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents import paper as documents
from lti_tool.documents.typeset import CannotPrint
from lti_tool.services.authoring import library
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.observations import paper
from lti_tool.services.observations.lines import ObservationLine
from lti_tool.web import current, transactions
from lti_tool.web.access import needs, needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.linking.activity_choice import uuid_in
from lti_tool.web.moments import day
from lti_tool.web.observations.paper_words import blank, blank_of, forms_with
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from rubrics import paper_code
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.rubric import RubricVersion
from rubrics.typed import whole_number

bp = Blueprint("paper", __name__)
log = structlog.get_logger("attune.web")

OBSERVES_OR_TEACHES = (Capability.INSTRUCTOR, Capability.OBSERVER, Capability.SUPERVISOR)
LONGEST_TYPED = 40


@bp.route("/paper", methods=["GET", "POST"])
@signed_in
@act
def find() -> ResponseReturnValue:
    """Type in the code of a paper form."""
    if request.method == "GET":
        return render_template("paper/find.html", typed="", problem=None)
    typed = request.form.get("code", "")[:LONGEST_TYPED]
    code = paper_code.read(typed)
    if code is None:
        return _asked_again(typed, _slip(typed)), 422
    try:
        paper.find(current.db(), current.visitor(), code)
    except NotHere:
        return _asked_again(typed, _not_yours()), 422
    return redirect(url_for("paper.form", code=code), 303)


def _slip(typed: str) -> str:
    if not typed.strip():
        return _("Please type in the code that stands on the form. It looks like AB12-CD34.")
    return _("Please check the code: a letter or digit is not as it stands on the form. It has eight of them.")


def _not_yours() -> str:
    return _(
        "With this code, nothing opens for you here. Please compare it with the form. A blank form opens once a "
        "trainee agreed with you on an observation with the same rubric."
    )


def _asked_again(typed: str, problem: str) -> str:
    return render_template("paper/find.html", typed=typed, problem=problem)


@bp.route("/paper/<code>", methods=["GET", "POST"])
@signed_in
@act
def form(code: str) -> ResponseReturnValue:
    """Where a code leads: to its observation, or for a blank form to choosing one."""
    read = paper_code.read(code[:LONGEST_TYPED])
    try:
        if read is None:
            raise NotHere
        found = paper.find(current.db(), current.visitor(), read)
    except NotHere:
        return _asked_again(code[:LONGEST_TYPED], _not_yours()), 404
    if found.observation is not None:
        return redirect(_address_of(found.observation), 303)
    if request.method == "GET":
        return _choose_page(found)
    chosen = uuid_in(request.form.get("observation", ""))
    if chosen is None:
        return _choose_page(found, problem=_("Please choose the observation that the form is about.")), 422
    line = paper.belongs_to(current.db(), current.visitor(), found.code, chosen, current.now())
    return redirect(_address_of(line, said="paper_belongs"), 303)


def _choose_page(found: paper.Found, problem: str | None = None) -> str:
    choices = [(str(line.id), line.trainee_name, _about(line)) for line in found.to_choose]
    shown = paper_code.shown(found.code)
    return render_template("paper/choose.html", found=found, shown=shown, choices=choices, problem=problem)


def _about(line: ObservationLine) -> str:
    asked_on = day(line.requested_at)
    return _(
        "%(activity)s, %(course)s, asked on %(day)s",
        activity=line.activity_title,
        course=line.course_title,
        day=asked_on,
    )


def _address_of(line: ObservationLine, **values: Any) -> str:
    endpoints = {State.CONSENTED: "rating.begin", State.IN_PROGRESS: "rating.rate"}
    return url_for(endpoints.get(line.state, "observations.read"), observation_id=line.id, **values)


@bp.route("/o/<uuid:observation_id>/paper", methods=["GET", "POST"])
@signed_in
@act
def of_observation(observation_id: UUID) -> ResponseReturnValue:
    """The observer makes a paper form for an observation that is agreed."""
    named = "yes" if request.values.get("named") == "yes" else "no"
    if request.method == "POST":
        paper.print_for(current.db(), current.visitor(), observation_id, current.now())
        return redirect(url_for("paper.of_observation", observation_id=observation_id, named=named, ready="yes"), 303)
    found = paper.on_paper(current.db(), current.visitor(), observation_id)
    ready = found.code is not None and request.args.get("ready") == "yes"
    where: dict[str, Any] = {"observation_id": observation_id, "named": named}
    return render_template(
        "paper/of_observation.html",
        line=found.line,
        page_course_id=found.line.course_id,
        page=url_for("paper.form_of_observation", **where) if ready else None,
        pdfs=_pdfs("paper.form_of_observation", **where),
    )


@bp.get("/o/<uuid:observation_id>/paper/form")
@signed_in
def form_of_observation(observation_id: UUID) -> ResponseReturnValue:
    """The form itself; the trainee's name is on it only where that was chosen."""
    found = paper.on_paper(current.db(), current.visitor(), observation_id)
    if found.code is None:
        return redirect(url_for("paper.of_observation", observation_id=observation_id), 303)
    trainee = found.line.trainee_name if request.args.get("named") == "yes" else ""
    return _printed(
        blank_of(found.rubric_version_id, found.line.activity_title, forms_with([found.code], trainee)),
        back=url_for("observations.read", observation_id=observation_id),
    )


@bp.route("/a/<uuid:activity_id>/paper", methods=["GET", "POST"])
@needs(*OBSERVES_OR_TEACHES)
@act
def of_activity(place: Place) -> ResponseReturnValue:
    """Blank forms, each with a code of its own that is tied to an observation when it is first typed in."""
    if request.method == "GET":
        return _blank_forms_page(place, "1", at=_moment())
    typed = request.form.get("number", "").strip()
    number = whole_number(typed) or 0
    try:
        paper.print_blank(current.db(), current.visitor(), place, number, current.now())
    except Refused as refused:
        problem = in_words(refused)
        return transactions.shown_again(lambda: _blank_forms_page(place, typed, problem=problem)), 422
    made = current.now().isoformat()
    return redirect(url_for("paper.of_activity", activity_id=place.activity.id, printed=made), 303)


def _blank_forms_page(place: Place, typed: str, *, at: datetime | None = None, problem: str | None = None) -> str:
    codes = paper.printed(current.db(), current.visitor(), place, at) if at else ()
    where: dict[str, Any] = {"activity_id": place.activity.id, "printed": at.isoformat() if at else None}
    return render_template(
        "paper/of_activity.html",
        place=place,
        typed=typed,
        problem=problem,
        most=paper.most_blank(current.db(), place),
        codes=[paper_code.shown(code) for code in codes],
        page=url_for("paper.forms_of_activity", **where),
        pdfs=_pdfs("paper.forms_of_activity", **where),
    )


def _moment() -> datetime | None:
    """The moment in the address at which forms were made."""
    given = request.args.get("printed")
    try:
        at = datetime.fromisoformat(given) if given else None
    except ValueError:
        raise NotHere from None
    if at is not None and at.tzinfo is None:
        raise NotHere
    return at


@bp.get("/a/<uuid:activity_id>/paper/forms")
@needs(*OBSERVES_OR_TEACHES)
def forms_of_activity(place: Place) -> ResponseReturnValue:
    """The blank forms that were made at this moment, together."""
    at = _moment()
    if at is None:
        return redirect(url_for("paper.of_activity", activity_id=place.activity.id), 303)
    codes = paper.printed(current.db(), current.visitor(), place, at)
    return _printed(
        blank_of(place.activity.rubric_version_id, place.activity.title, forms_with(codes)),
        back=url_for("paper.of_activity", activity_id=place.activity.id),
    )


@bp.get("/paper/rubric/<uuid:version_id>")
@needs_in_organization(Capability.PROGRAM_LEAD, Capability.REVIEWER, *OBSERVES_OR_TEACHES)
def of_rubric(version_id: UUID) -> ResponseReturnValue:
    """A blank form without a code: to read, to try, to discuss."""
    version = library.version(current.db(), current.visitor().organization_id, version_id)
    return _printed(
        blank(RubricVersion(version.rubric, version.number, version.digest)),
        back=url_for("library.version", version_id=version_id),
    )


def _printed(forms: documents.Blank, back: str) -> ResponseReturnValue:
    """As a PDF with `as=pdf`, of the size that `size=` says; otherwise as a page that prints as well."""
    if request.args.get("as") != "pdf":
        return _page(forms, back)
    size = documents.Size.LETTER if request.args.get("size") == documents.Size.LETTER else documents.Size.A4
    try:
        made = documents.pdf(forms, size)
    except CannotPrint as problem:
        log.warning("no PDF", problem=type(problem.__cause__).__name__)
        return _page(forms, back, _("The PDF could not be made. This page has the same form, and prints as well."))
    return Response(
        made, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="attune-form.pdf"'}
    )


def _page(forms: documents.Blank, back: str, problem: str | None = None) -> str:
    where = {name: text for name, text in request.args.items() if name in ("named", "printed")}
    pdfs = _pdfs(request.endpoint or "", **where, **(request.view_args or {}))
    return render_template(
        "paper/form.html", blank=forms, back=back, problem=problem, pdfs=pdfs, qr_image=documents.qr_image
    )


def _pdfs(endpoint: str, **where: Any) -> tuple[tuple[str, str], ...]:
    """Where the PDFs are, and what the links to them say."""
    labels = {documents.Size.A4: _("PDF for A4 paper"), documents.Size.LETTER: _("PDF for US letter paper")}
    return tuple((url_for(endpoint, **where | {"as": "pdf", "size": size.value}), labels[size]) for size in labels)
