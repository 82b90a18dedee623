"""Connecting an LMS by hand: what to enter there, and what the LMS answered. For operators and invited administrators.

Also the configuration file that Canvas reads.
"""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.lti.quirks import quirks_of
from lti_tool.lti.tool_configuration import canvas_configuration
from lti_tool.services.connecting import by_hand, platforms, registration_addresses
from lti_tool.services.connecting.by_hand import Mend, Trouble
from lti_tool.services.connecting.platforms import NewPlatform
from lti_tool.services.connecting.registration_addresses import Offered
from lti_tool.web import current
from lti_tool.web.access import operator_only, public
from lti_tool.web.acts import act
from lti_tool.web.connecting.registration import done_address
from lti_tool.web.errors import AddressEnded
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from rubrics.refusal import Refused

bp = Blueprint("connect", __name__)

TROUBLES: Mapping[Trouble, str] = {
    Trouble.NEEDED: _N("Please fill this in."),
    Trouble.NOT_AN_ADDRESS: _N("This should be an address that begins with https://, without a question mark in it."),
    Trouble.NOT_ONE_WORD: _N("Please copy this once more: it is one word, without spaces, of at most 255 characters."),
    Trouble.TOO_LONG: _N("Please choose a shorter name, on one line."),
}

LABELS: Mapping[str, str] = {
    "site": _N("Which Canvas"),
    "address": _N("The address"),
    "issuer": _N("The issuer"),
    "name": _N("Name of this connection"),
    "client_id": _N("Client id"),
    "deployment_id": _N("Deployment id"),
    "auth_url": _N("Authentication address"),
    "token_url": _N("Access token address"),
    "jwks_url": _N("Key set address of the LMS"),
}
"""What the fields are called where the top of the page says what is still needed."""


@bp.get("/lti/canvas.json")
@public
def canvas() -> ResponseReturnValue:
    """What Canvas reads when a key is made by address; the same for everybody."""
    return jsonify(canvas_configuration(current.settings().public_url))


@bp.route("/operator/connect", methods=["GET", "POST"])
@operator_only
@act
def by_operator() -> ResponseReturnValue:
    """The operator connects an LMS."""
    address = url_for("connect.by_operator")
    if request.method == "GET":
        return _page(address)
    made = _connect(current.visitor().organization_id, None)
    if isinstance(made, dict):
        return _page(address, made), 422
    registration_id, _platform = made
    return redirect(url_for("operator.connection", registration_id=registration_id, said="connected"), 303)


@bp.get("/lti/connect/<secret>")
@public
def by_invitation(secret: str) -> ResponseReturnValue:
    """An invited administrator connects their LMS. Opening it uses nothing up."""
    _offered(secret)
    return _page(url_for("connect.by_invitation", secret=secret))


@bp.post("/lti/connect/<secret>")
@public
def connect_by_invitation(secret: str) -> ResponseReturnValue:
    """The address is used up when the connection is there, not before."""
    offered = _offered(secret)
    made = _connect(offered.organization_id, offered.issuer)
    if isinstance(made, dict):
        return _page(url_for("connect.by_invitation", secret=secret), made), 422
    if registration_addresses.spend(current.db(), secret, current.now()) is None:
        raise AddressEnded
    return redirect(done_address(made[1]), 303)


def _offered(secret: str) -> Offered:
    offered = registration_addresses.offered_by(current.db(), secret, current.now())
    if offered is None:
        raise AddressEnded
    return offered


def _connect(organization_id: UUID, only_issuer: str | None) -> tuple[UUID, NewPlatform] | dict[str, str]:
    """The new connection, or what is to be mended, by field."""
    noted = by_hand.platform_noted(_family(request.form.get("lms")), request.form, lab=current.settings().lab)
    if isinstance(noted, Mend):
        return {name: gettext(TROUBLES[trouble]) for name, trouble in noted.troubles.items()}
    if only_issuer is not None and only_issuer.rstrip("/") != noted.issuer.rstrip("/"):
        return {"": gettext("The address that you were given works only for this LMS: %(issuer)s", issuer=only_issuer)}
    try:
        return platforms.add(current.db(), organization_id, noted, current.now()), noted
    except Refused as refused:
        return {"client_id": in_words(refused)}


def _page(address: str, problems: Mapping[str, str] = MappingProxyType({})) -> str:
    """The page for one LMS, with what was typed so far."""
    family = _family(request.form.get("lms") or request.args.get("lms", by_hand.FAMILIES[0]))
    public_url = current.settings().public_url
    return render_template(
        f"connect/{family}.html",
        address=address,
        family=family,
        quirks=quirks_of(family),
        public_url=public_url,
        canvas_json=canvas_configuration(public_url) if family == "canvas" else None,
        typed={name: request.form.get(name, "") for name in by_hand.FIELDS},
        problems={name: problems.get(name) for name in by_hand.FIELDS},
        needed=[f"{gettext(LABELS[name])}: {said}" if name else said for name, said in problems.items()],
    )


def _family(name: str | None) -> str:
    if name not in by_hand.FAMILIES:
        abort(400)
    return name
