"""Dynamic Registration: an LMS administrator opens one address, reads what will be asked, and agrees."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from lti_tool.lti.dynamic_registration import PlatformOffer, read_platform, request_registration
from lti_tool.lti.errors import RegistrationProblem
from lti_tool.services import register, registration_addresses
from lti_tool.services.visitors import origin_of
from lti_tool.web import current, security, transactions
from lti_tool.web.access import cross_site, public
from lti_tool.web.errors import AddressEnded
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from rubrics.refusal import Refused

bp = Blueprint("registration", __name__)

SHOWN_AGAIN_SECONDS = 3600
WISHES = (
    ("LtiResourceLinkRequest", _N("to open Attune from a course, with the person's name and role there")),
    ("LtiDeepLinkingRequest", _N("to let instructors choose an Attune activity while they add it to a course")),
    ("lti-ags/scope/score", _N("to write scores into the gradebook columns of Attune's own activities, only there")),
    ("lti-ags/scope/result.readonly", _N("to see what those columns show, so that a change made there is noticed")),
    ("lti-nrps/scope/contextmembership", _N("to read the list of people of a course, when an instructor asks")),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the platform put into the address."""

    openid_configuration: str
    registration_token: str | None


@bp.get("/lti/register/<secret>")
@public
def ask(secret: str) -> ResponseReturnValue:
    """What will be asked of the LMS, in plain words. Opening it changes nothing."""
    organization = registration_addresses.offered_by(current.db(), secret, current.now())
    if organization is None:
        raise AddressEnded
    transactions.keep()  # nothing is held open while the LMS is asked
    wanted = _wanted(request.args)
    offer = _offer(wanted)
    security.may_be_framed_by(origin_of(offer.issuer))
    return render_template(
        "registration/ask.html",
        secret=secret,
        wanted=wanted,
        organization=organization,
        platform=urlsplit(offer.issuer).netloc,
        elsewhere=offer.elsewhere,
        wishes=[gettext(text) for code, text in WISHES if _offers(offer, code)],
        absent=[gettext(text) for code, text in WISHES if not _offers(offer, code)],
    )


@bp.post("/lti/register/<secret>")
@cross_site  # the secret in the address is the proof, and browsers may keep our cookie out of the LMS's frame
def agree(secret: str) -> ResponseReturnValue:
    """The LMS is asked, once: the address is used up before the question is sent."""
    wanted = _wanted(request.form)
    if registration_addresses.offered_by(current.db(), secret, current.now()) is None:
        raise AddressEnded
    transactions.keep()
    offer = _offer(wanted)
    organization_id = registration_addresses.spend(current.db(), secret, current.now())
    transactions.keep()
    if organization_id is None:
        raise AddressEnded
    try:
        answer = request_registration(
            offer,
            registration_token=wanted.registration_token,
            public_url=current.settings().public_url,
            http=current.http(),
        )
    except RegistrationProblem:
        _give_back(secret)
        raise
    try:
        register.remember(current.db(), organization_id, offer, answer, current.now())
    except Refused as refused:
        _give_back(secret)
        return render_template("registration/known.html", problem=in_words(refused)), 409
    result = _signer().dumps([offer.issuer, answer.client_id, answer.deployment_id])
    return redirect(url_for("registration.done", result=result), 303)


@bp.get("/lti/registered")
@public
def done() -> ResponseReturnValue:
    """What came of it. Reloading shows the same again; the LMS is told that its window can be closed."""
    try:
        issuer, client_id, deployment_id = _signer().loads(request.args.get("result", ""), max_age=SHOWN_AGAIN_SECONDS)
    except BadSignature:
        raise AddressEnded from None
    security.may_be_framed_by(origin_of(issuer))
    return render_template(
        "registration/done.html",
        origin=origin_of(issuer),
        platform=urlsplit(issuer).netloc,
        client_id=client_id,
        deployment_id=deployment_id,
    )


def _give_back(secret: str) -> None:
    """Nothing came of it: the administrator can use the address again."""
    transactions.give_up()
    registration_addresses.give_back(current.db(), secret)
    transactions.keep()


def _wanted(values: MultiDict[str, str]) -> Wanted:
    address = values.get("openid_configuration", "")
    if not address:
        abort(400)
    return Wanted(address, values.get("registration_token") or None)


def _offer(wanted: Wanted) -> PlatformOffer:
    return read_platform(wanted.openid_configuration, http=current.http(), registration_token=wanted.registration_token)


def _offers(offer: PlatformOffer, code: str) -> bool:
    return any(code in offered for offered in (*offer.placements, *offer.scopes))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(current.settings().secret_keys)), salt="attune registration v1")
