"""A data privacy launch: what is kept about a person, in kinds and counts, and asking for it or for its erasure."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.personal_data import privacy
from lti_tool.store.privacy import PrivacyWish
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act

bp = Blueprint("privacy", __name__)


@bp.get("/privacy/<uuid:person_id>")
@signed_in
def person(person_id: UUID) -> ResponseReturnValue:
    """For the administrator who came in for this person."""
    about = privacy.about_person(current.db(), current.visitor(), person_id, current.now())
    return render_template("privacy/person.html", about=about)


@bp.get("/privacy/nobody")
@signed_in
def nobody() -> ResponseReturnValue:
    """The LMS asked about someone of whom nothing is kept."""
    return render_template("privacy/nobody.html")


@bp.get("/privacy/<uuid:person_id>/erase")
@signed_in
def erase(person_id: UUID) -> ResponseReturnValue:
    """Erasing is asked about once more."""
    about = privacy.about_person(current.db(), current.visitor(), person_id, current.now())
    return render_template("privacy/erase.html", about=about)


@bp.post("/privacy/<uuid:person_id>/ask")
@signed_in
@act
def ask(person_id: UUID) -> ResponseReturnValue:
    """Record what is wished; what was asked for before stands."""
    try:
        wish = PrivacyWish(request.form.get("wish", ""))
    except ValueError:
        abort(400)
    privacy.ask(current.db(), current.visitor(), person_id, wish, current.now())
    return redirect(url_for("privacy.person", person_id=person_id, said="data_asked_for"), 303)
