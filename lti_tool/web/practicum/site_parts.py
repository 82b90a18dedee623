"""What belongs to a site: whom one speaks with there, and what was agreed with it."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.courses.places import NotHere
from lti_tool.services.practicum import site_agreements, site_writing, sites
from lti_tool.services.practicum.site_agreements import AgreementWords
from lti_tool.services.practicum.site_writing import ContactWords
from lti_tool.services.practicum.sites import Agreement, Contact, Site
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.practicum.practice_fields import typed_days
from lti_tool.web.practicum.sites import READERS, changeable
from lti_tool.web.refusals import in_words
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("site_parts", __name__)


@bp.route("/sites/<uuid:site_id>/contacts/new", methods=["GET", "POST"])
@needs_in_organization(*READERS)
@act
def new_contact(site_id: UUID) -> ResponseReturnValue:
    """Add somebody to speak with."""
    site = changeable(site_id)
    if request.method == "GET":
        return _contact_page(site, None, {})
    try:
        site_writing.add_contact(current.db(), current.visitor(), site_id, _typed_contact(), current.now())
    except Refused as refused:
        give_up()
        return _contact_page(changeable(site_id), None, request.form, in_words(refused)), 422
    return _back(site_id, "contact_kept")


@bp.route("/sites/<uuid:site_id>/contacts/<uuid:site_contact_id>", methods=["GET", "POST"])
@needs_in_organization(*READERS)
@act
def contact(site_id: UUID, site_contact_id: UUID) -> ResponseReturnValue:
    """Change what is said of a contact, or take it away."""
    site = changeable(site_id)
    found = _found_contact(site, site_contact_id)
    session, visitor, now = current.db(), current.visitor(), current.now()
    if request.method == "GET":
        return _contact_page(site, found, _form_of_contact(found))
    if "take_away" in request.form:
        site_writing.take_contact_away(session, visitor, site_id, site_contact_id, now)
        return _back(site_id, "contact_taken_away")
    try:
        site_writing.change_contact(session, visitor, site_id, site_contact_id, _typed_contact(), now)
    except Refused as refused:
        give_up()
        return _contact_page(changeable(site_id), found, request.form, in_words(refused)), 422
    return _back(site_id, "contact_kept")


@bp.route("/sites/<uuid:site_id>/agreements/new", methods=["GET", "POST"])
@needs_in_organization(*READERS)
@act
def new_agreement(site_id: UUID) -> ResponseReturnValue:
    """Record what was agreed."""
    site = changeable(site_id)
    if request.method == "GET":
        return _agreement_page(site, None, {"from": current.now().date().isoformat()}, {})
    problems: dict[str, str] = {}
    words = _typed_agreement(problems)
    if not problems:
        try:
            site_agreements.record(current.db(), current.visitor(), site_id, words, current.now())
        except Refused as refused:
            give_up()
            problems["all"] = in_words(refused)
        else:
            return _back(site_id, "agreement_kept")
    return _agreement_page(changeable(site_id), None, request.form, problems), 422


@bp.route("/sites/<uuid:site_id>/agreements/<uuid:site_agreement_id>", methods=["GET", "POST"])
@needs_in_organization(*READERS)
@act
def agreement(site_id: UUID, site_agreement_id: UUID) -> ResponseReturnValue:
    """Change an agreement, such as its last day, or take it back as not so."""
    site = changeable(site_id)
    found = _found_agreement(site, site_agreement_id)
    session, visitor, now = current.db(), current.visitor(), current.now()
    if request.method == "GET":
        return _agreement_page(site, found, _form_of_agreement(found), {})
    if "take_back" in request.form:
        site_agreements.take_back(session, visitor, site_id, site_agreement_id, now)
        return _back(site_id, "agreement_taken_back")
    problems: dict[str, str] = {}
    words = _typed_agreement(problems)
    if not problems:
        try:
            site_agreements.change(session, visitor, site_id, site_agreement_id, words, now)
        except Refused as refused:
            give_up()
            problems["all"] = in_words(refused)
        else:
            return _back(site_id, "agreement_kept")
    return _agreement_page(changeable(site_id), found, request.form, problems), 422


def _found_contact(site: Site, contact_id: UUID) -> Contact:
    for one in site.contacts:
        if one.id == contact_id:
            return one
    raise NotHere


def _found_agreement(site: Site, agreement_id: UUID) -> Agreement:
    for one in sites.agreements(current.db(), site.id):
        if one.id == agreement_id:
            return one
    raise NotHere


def _typed_contact() -> ContactWords:
    named = {name: request.form.get(name, "") for name in ("name", "what_for", "phone", "email")}
    return ContactWords(**named)


def _form_of_contact(one: Contact) -> dict[str, str]:
    return {"name": one.name, "what_for": one.what_for or "", "phone": one.phone or "", "email": one.email or ""}


def _typed_agreement(problems: dict[str, str]) -> AgreementWords:
    return AgreementWords(
        title=request.form.get("title", ""),
        days=typed_days(problems, usual=current.now().date()),
        signed_for_site_by=request.form.get("signed_by", ""),
    )


def _form_of_agreement(one: Agreement) -> dict[str, str]:
    return {
        "title": one.title,
        "from": one.days.first.isoformat(),
        "until": one.days.last.isoformat() if one.days.last else "",
        "signed_by": one.signed_for_site_by or "",
    }


def _contact_page(site: Site, one: Contact | None, typed: Mapping[str, str], problem: str | None = None) -> str:
    return render_template("sites/contact.html", site=site, contact=one, typed=typed, problem=problem)


def _agreement_page(site: Site, one: Agreement | None, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    return render_template("sites/agreement.html", site=site, agreement=one, typed=typed, wanting=problems)


def _back(site_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(url_for("sites.site", site_id=site_id, said=said), 303)
