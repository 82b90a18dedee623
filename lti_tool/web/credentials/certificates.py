"""Certificates as PDF: how they look for a program, and one to take along."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import structlog
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents import certificate_pdf
from lti_tool.documents.certificate_pdf import Certificate
from lti_tool.documents.paper import Size
from lti_tool.documents.typeset import CannotPrint
from lti_tool.services.credentials import certificates, holding
from lti_tool.services.credentials.certificates import Asked, Template
from lti_tool.services.credentials.holding import Held
from lti_tool.services.programs import program_lists
from lti_tool.services.programs.program_lists import InUse
from lti_tool.store.credentials import CertificateLook
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization, repeatable, signed_in
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from rubrics.refusal import Refused

bp = Blueprint("certificates", __name__)
log = structlog.get_logger("attune.web")

LEADS = Capability.PROGRAM_LEAD
LOOKS = {
    CertificateLook.PLAIN: (_N("Plain"), _N("Upright, without a frame.")),
    CertificateLook.FRAMED: (_N("Framed"), _N("Upright, with a double frame.")),
    CertificateLook.WIDE: (_N("Wide"), _N("On its side, with a band of color.")),
}


@bp.get("/credentials/<uuid:credential_id>/certificate.pdf")
@signed_in
def one(credential_id: UUID) -> ResponseReturnValue:
    """The certificate of one of the visitor's credentials; `size` in the address says on which paper."""
    session, visitor = current.db(), current.visitor()
    held = holding.own(session, visitor, credential_id, current.now())
    found = certificates.nearest(session, visitor.organization_id, held.program_id, held.language)
    try:
        return as_pdf(certificate_pdf.pdf(_of(held, found), size_asked_for()), "attachment")
    except CannotPrint as problem:
        log.warning("no PDF", problem=type(problem.__cause__).__name__)
        return render_template("certificates/no_letters.html", held=held)


@bp.get("/programs/<uuid:program_id>/certificates")
@needs_in_organization(LEADS)
def every_language(program_id: UUID) -> ResponseReturnValue:
    """What certificates of the program say, language by language."""
    found = certificates.templates(current.db(), current.visitor().organization_id, program_id)
    return render_template("certificates/languages.html", program=_program(program_id), templates=found)


@bp.route("/programs/<uuid:program_id>/certificates/<language>", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def write(program_id: UUID, language: str) -> ResponseReturnValue:
    """Change what they say in one language; or back to what comes with Attune."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    found = certificates.template(session, visitor.organization_id, program_id, language)
    if request.method == "GET":
        return _write_page(program_id, found, _fields(found.asked))
    at = url_for("certificates.write", program_id=program_id, language=found.language, said="certificate_kept")
    if request.form.get("then") == "as_shipped":
        certificates.back_to_shipped(session, visitor, program_id, language, now)
        return redirect(at, 303)
    since = request.form.get("since", "")
    try:
        certificates.save(session, visitor, program_id, language, _asked(request.form), since=since, now=now)
    except Refused as found_out:
        refused, typed = found_out, request.form.to_dict()
        return transactions.shown_again(lambda: _again(program_id, language, typed, refused))
    return redirect(at, 303)


@bp.post("/programs/<uuid:program_id>/certificates/<language>/look")
@needs_in_organization(LEADS)
@repeatable
def look(program_id: UUID, language: str) -> ResponseReturnValue:
    """What is typed as a PDF, with a name that nobody has; nothing is kept."""
    typed = request.form.to_dict()
    found = certificates.template(current.db(), current.visitor().organization_id, program_id, language)
    try:
        made = certificate_pdf.pdf(_sample(program_id, found.language, _asked(typed)), size_asked_for())
    except CannotPrint as problem:
        log.warning("no PDF", problem=type(problem.__cause__).__name__)
        sentence = gettext("The PDF could not be made. Please look for letters or signs that are unusual in print.")
        return _write_page(program_id, found, typed, {"": sentence}), 422
    return as_pdf(made, "inline")


def size_asked_for() -> Size:
    """The paper that the address or the form names; A4 otherwise."""
    return Size.LETTER if request.values.get("size") == Size.LETTER else Size.A4


def as_pdf(made: bytes, disposition: str) -> Response:
    """The answer with a certificate."""
    headers = {"Content-Disposition": f'{disposition}; filename="certificate.pdf"'}
    return Response(made, mimetype="application/pdf", headers=headers)


def _of(held: Held, found: Template) -> Certificate:
    public_url = current.settings().public_url
    page = url_for("public_credentials.page", link=held.page.link) if held.page else url_for("public_credentials.how")
    return Certificate(
        title=found.asked.title,
        name=held.name,
        words=found.asked.words,
        stage=held.stage,
        program=held.program.name,
        program_language=held.program.language,
        issuer=held.issuer,
        restates=held.program.body if held.program.illustrative else "",
        issued_on=held.issued_at.date(),
        valid_until=held.valid_until,
        signed_by=found.asked.signed_by,
        look=found.asked.look.value,
        language=found.language,
        address=public_url + page,
        has_page=held.page is not None,
    )


def _sample(program_id: UUID, language: str, asked: Asked) -> Certificate:
    program = _program(program_id).versions[-1].program
    today = current.now().date()
    return Certificate(
        title=asked.title,
        name=gettext("Name of the holder"),
        words=asked.words,
        stage=program.stages[0].title,
        program=program.name,
        program_language=program.language,
        issuer=gettext("Name of your organization"),
        restates=program.body if program.illustrative else "",
        issued_on=today,
        valid_until=date(today.year + 2, today.month, 1),
        signed_by=asked.signed_by,
        look=asked.look.value,
        language=language,
        address=current.settings().public_url + url_for("public_credentials.how"),
        has_page=False,
    )


def _again(program_id: UUID, language: str, typed: Mapping[str, str], refused: Refused) -> ResponseReturnValue:
    found = certificates.template(current.db(), current.visitor().organization_id, program_id, language)
    at_field = refused.code if refused.code in certificates.LONGEST else ""
    return _write_page(program_id, found, typed, {at_field: in_words(refused)}), 422


def _write_page(
    program_id: UUID, found: Template, typed: Mapping[str, str], problems: Mapping[str, str] | None = None
) -> str:
    return render_template(
        "certificates/write.html",
        program=_program(program_id),
        template=found,
        typed={**_fields(found.asked), **typed},
        looks=[(each.value, gettext(label), gettext(hint)) for each, (label, hint) in LOOKS.items()],
        problems=problems or {},
    )


def _fields(asked: Asked) -> dict[str, str]:
    return {"look": asked.look.value, "title": asked.title, "words": asked.words, "signed_by": asked.signed_by}


def _asked(typed: Mapping[str, str]) -> Asked:
    chosen = typed.get("look", "")
    return Asked(
        look=CertificateLook(chosen) if chosen in set(CertificateLook) else CertificateLook.PLAIN,
        title=typed.get("title", ""),
        words=typed.get("words", ""),
        signed_by=typed.get("signed_by", ""),
    )


def _program(program_id: UUID) -> InUse:
    return program_lists.program(current.db(), current.visitor().organization_id, program_id)
