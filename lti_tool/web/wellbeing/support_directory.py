"""Whom to turn to, as the program lists it: the page for everybody, and the one where program leads change it."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.wellbeing import support_directory
from lti_tool.services.wellbeing.support_directory import Contact, Typed
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import readers_languages
from rubrics.refusal import Refused

bp = Blueprint("support_directory", __name__)

FIELDS = ("name", "what_for", "phone", "address", "hours", "language")


@bp.get("/support/edit")
@needs_in_organization(Capability.PROGRAM_LEAD)
def edit() -> ResponseReturnValue:
    """All contacts, in order, and what else stands on the page."""
    return _edit()


@bp.post("/support/edit")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def change_page() -> ResponseReturnValue:
    """The words below the contacts, and where "Leave this page" leads."""
    typed = {name: request.form.get(name, "") for name in ("support_text", "leave_page_url")}
    try:
        support_directory.change_page(
            current.db(),
            current.visitor(),
            text=typed["support_text"],
            leave_page_url=typed["leave_page_url"],
            now=current.now(),
        )
    except Refused as refused:
        problems = {refused.code: in_words(refused)}
        return transactions.shown_again(lambda: _edit(typed, problems))
    return redirect(url_for("support_directory.edit", said="support_saved"), 303)


@bp.route("/support/edit/new", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def add() -> ResponseReturnValue:
    """A contact more."""
    if request.method == "GET":
        return _form(None, {})
    typed = _typed()
    try:
        support_directory.add(current.db(), current.visitor(), Typed(**typed), current.now())
    except Refused as refused:
        problems = {refused.code: in_words(refused)}
        return transactions.shown_again(lambda: _form(None, typed, problems))
    return redirect(url_for("support_directory.edit", said="support_saved"), 303)


@bp.route("/support/edit/<uuid:contact_id>", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def change(contact_id: UUID) -> ResponseReturnValue:
    """Other words for a contact."""
    if request.method == "GET":
        found = support_directory.contact(current.db(), current.visitor(), contact_id)
        return _form(contact_id, {name: getattr(found, name) for name in FIELDS})
    typed = _typed()
    try:
        support_directory.change(current.db(), current.visitor(), contact_id, Typed(**typed), current.now())
    except Refused as refused:
        problems = {refused.code: in_words(refused)}
        return transactions.shown_again(lambda: _form(contact_id, typed, problems))
    return redirect(url_for("support_directory.edit", said="support_saved"), 303)


@bp.post("/support/edit/<uuid:contact_id>/move")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def move(contact_id: UUID) -> ResponseReturnValue:
    """One place up or down."""
    to = request.form.get("to")
    if to not in ("up", "down"):
        abort(400)
    support_directory.move(current.db(), current.visitor(), contact_id, up=to == "up", now=current.now())
    return redirect(url_for("support_directory.edit", said="support_saved", _anchor=f"contact-{contact_id}"), 303)


@bp.post("/support/edit/<uuid:contact_id>/take-away")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def take_away(contact_id: UUID) -> ResponseReturnValue:
    """Nobody sees it any more; for a day it can be brought back."""
    if request.form.get("bring") == "back":
        support_directory.bring_back(current.db(), current.visitor(), contact_id, current.now())
    else:
        support_directory.take_away(current.db(), current.visitor(), contact_id, current.now())
    return redirect(url_for("support_directory.edit", said="support_saved"), 303)


def at_hand() -> tuple[Contact, ...]:
    """For whoever is signed in, and as far as it can be asked: what stands at the foot of every page. One question."""
    visitor = current.visitor_so_far()
    if visitor is None:
        return ()
    return support_directory.contacts_at_hand(current.db(), visitor.organization_id, readers_languages())


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\x00", "").strip() for name in FIELDS}


def _edit(typed: dict[str, str] | None = None, problems: dict[str, str] | None = None) -> ResponseReturnValue:
    visitor = current.visitor()
    page = render_template(
        "support/edit.html",
        contacts=support_directory.contacts(current.db(), visitor.organization_id),
        taken_away=support_directory.taken_away(current.db(), visitor, current.now()),
        typed=typed or {"support_text": visitor.support_text, "leave_page_url": visitor.leave_page_url},
        problems=problems or {},
    )
    return page, 422 if problems else 200


def _form(
    contact_id: UUID | None, typed: dict[str, str], problems: dict[str, str] | None = None
) -> ResponseReturnValue:
    page = render_template("support/contact.html", contact_id=contact_id, typed=typed, problems=problems or {})
    return page, 422 if problems else 200
