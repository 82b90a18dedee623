"""Registration addresses that the operator makes for an LMS's administrator."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.lti.addresses import may_be_opened
from lti_tool.services.connecting import registration_addresses
from lti_tool.web import current
from lti_tool.web.access import operator_only, repeatable
from lti_tool.web.errors import AddressEnded
from lti_tool.web.texts import gettext

bp = Blueprint("addresses", __name__)

LONGEST_ISSUER = 2_000


@bp.route("/operator/addresses", methods=["GET", "POST"])
@operator_only
@repeatable  # an act would keep where it led, and that holds the address's secret
def make() -> ResponseReturnValue:
    """Make an address that works once, within a week; for one LMS only, where it is named."""
    issuer = request.form.get("issuer", "").strip()
    if request.method == "GET":
        return render_template("operator/make_address.html", issuer=issuer, problem=None)
    if issuer and (len(issuer) > LONGEST_ISSUER or not may_be_opened(issuer, lab=current.settings().lab)):
        problem = gettext("This should be an address that begins with https://. It can also stay empty.")
        return render_template("operator/make_address.html", issuer=issuer, problem=problem), 422
    visitor = current.visitor()
    secret = registration_addresses.hand_out(
        current.db(),
        visitor.organization_id,
        uses=1,
        now=current.now(),
        issuer=issuer or None,
        person_id=visitor.person_id,
    )
    return redirect(url_for("addresses.show", secret=secret), 303)


@bp.get("/operator/addresses/<secret>")
@operator_only
def show(secret: str) -> ResponseReturnValue:
    """The address that was just made; only its digest is kept, so it is shown to whoever has it already."""
    offered = registration_addresses.offered_by(current.db(), secret, current.now())
    if offered is None or offered.organization_id != current.visitor().organization_id:
        raise AddressEnded
    public_url = current.settings().public_url
    return render_template("operator/address.html", secret=secret, offered=offered, public_url=public_url)
