"""Who writes and reviews rubrics in the organization, and who looks after safeguarding."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import authors, drafts
from lti_tool.services.courses import places
from lti_tool.services.entering import inviting
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, repeatable
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("authors", __name__)

ROLES = {
    "program-lead": Capability.PROGRAM_LEAD,
    "reviewer": Capability.REVIEWER,
    "safeguarding-lead": Capability.SAFEGUARDING_LEAD,
    "auditor": Capability.AUDITOR,
}
LONGEST = 200


@bp.get("/authors")
@needs_in_organization(Capability.PROGRAM_LEAD, Capability.INSTRUCTOR)
def everyone() -> ResponseReturnValue:
    """Program leads, reviewers and safeguarding leads; program leads also find colleagues here and invite others."""
    organization_id = current.visitor().organization_id
    name = request.args.get("name", "").strip()[:LONGEST]
    found = authors.writers(current.db(), organization_id)
    leads = Capability.PROGRAM_LEAD in places.in_organization(current.db(), current.visitor())
    return render_template(
        "authors/authors.html",
        writers=found,
        i_lead=leads,
        nobody_leads=not any(writer.capability is Capability.PROGRAM_LEAD for writer in found),
        nobody_safeguards=not any(writer.capability is Capability.SAFEGUARDING_LEAD for writer in found),
        nobody_reviews=not any(writer.capability is Capability.REVIEWER for writer in found),
        name=name,
        colleagues=authors.colleagues(current.db(), organization_id, name) if leads and name else (),
        held={(writer.person_id, writer.capability.value) for writer in found},
        me=current.visitor().person_id,
    )


@bp.post("/authors/begin")
@needs_in_organization(Capability.INSTRUCTOR)
@act
def begin() -> ResponseReturnValue:
    """Be the first who looks after the rubrics of the organization."""
    authors.begin(current.db(), current.visitor(), current.now())
    return redirect(url_for("authors.everyone", said="leads_now"), 303)


@bp.post("/authors/give")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def give() -> ResponseReturnValue:
    """Let a colleague write or review."""
    capability = ROLES.get(request.form.get("role", ""))
    if capability is None:
        abort(400)
    authors.give(
        current.db(),
        drafts.author(current.visitor()),
        uuid_of(request.form.get("person", "")),
        capability,
        current.now(),
    )
    return redirect(url_for("authors.everyone", said="granted"), 303)


@bp.route("/authors/<uuid:organization_grant_id>/end", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def end(organization_grant_id: UUID) -> ResponseReturnValue:
    """Take back what was given: asked once."""
    if request.method == "POST":
        authors.take_back(current.db(), drafts.author(current.visitor()), organization_grant_id, current.now())
        return redirect(url_for("authors.everyone", said="grant_taken_back"), 303)
    found = authors.writer(current.db(), current.visitor().organization_id, organization_grant_id)
    return render_template("authors/end.html", writer=found)


@bp.route("/authors/invite", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@repeatable  # an act would keep where it led; each time gives a new code, and the last one counts
def invite() -> ResponseReturnValue:
    """Invite someone without an LMS account: a link and a code, shown only now."""
    typed = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("name", "email", "role")}
    if request.method == "GET":
        return render_template("authors/invite.html", typed=typed, problems={})
    problems = dict(_problems(typed))
    if problems:
        return render_template("authors/invite.html", typed=typed, problems=problems), 422
    try:
        invited = inviting.invite_person(
            current.db(),
            current.visitor().organization_id,
            name=typed["name"],
            email=typed["email"],
            role=typed["role"],
            secret_keys=current.settings().secret_keys,
            now=current.now(),
            invited_by=current.visitor().person_id,
        )
    except Refused as refused:
        problems = {"email": gettext(refused.sentence, **refused.values)}
        return render_template("authors/invite.html", typed=typed, problems=problems), 422
    return render_template(
        "authors/invited.html", invited=invited, name=typed["name"], public_url=current.settings().public_url
    )


def _problems(typed: dict[str, str]) -> list[tuple[str, str]]:
    found = []
    if not typed["name"]:
        found.append(("name", gettext("Please say by which name others will see them.")))
    if typed["role"] not in ROLES:
        found.append(("role", gettext("Please choose what they will do.")))
    return found
