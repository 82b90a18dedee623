"""Dynamic Registration: an LMS administrator opens one address, reads what will be asked, and agrees."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from lti_tool.lti.dynamic_registration import PlatformOffer, read_platform, request_registration
from lti_tool.lti.errors import RegistrationProblem
from lti_tool.services.connecting import platforms, register, registration_addresses
from lti_tool.services.connecting.platforms import NewPlatform
from lti_tool.services.connecting.register import Standing
from lti_tool.services.connecting.registration_addresses import Offered
from lti_tool.services.entering.visitors import origin_of
from lti_tool.store.platforms import RegistrationRow
from lti_tool.web import current, security, transactions
from lti_tool.web.access import cross_site, public
from lti_tool.web.connecting.wishes import wishes
from lti_tool.web.errors import AddressEnded
from lti_tool.web.texts import _N, gettext

bp = Blueprint("registration", __name__)

SHOWN_AGAIN_SECONDS = 3600
CHANGES = {
    "auth_url": _N("Where people are sent to sign in"),
    "token_url": _N("Where Attune asks for access"),
    "token_audience": _N("To whom Attune's requests for access are addressed"),
    "jwks_url": _N("Where the LMS's public keys are"),
    "registration_client_uri": _N("Where the LMS lets Attune read this registration"),
    "registration_access_token": _N("The key to read this registration"),
    "deployment": _N("A deployment from which people come in"),
    "service_host": _N("Another address of the LMS's services"),
}
"""The words for what `register.changes` names."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the platform put into the address."""

    openid_configuration: str
    registration_token: str | None


@bp.get("/lti/register/<secret>")
@public
def ask(secret: str) -> ResponseReturnValue:
    """What will be asked of the LMS, in plain words. Opening it changes nothing."""
    offered = _offered(secret)
    if "openid_configuration" not in request.args:  # a person opened it, not an LMS
        return render_template("registration/opened_by_hand.html", secret=secret, reference=current.reference()), 400
    transactions.keep()  # nothing is held open while the LMS is asked
    wanted = _wanted(request.args)
    offer = _offer(wanted, offered)
    _may_be_framed_for(offer.issuer)
    return render_template(
        "registration/ask.html",
        secret=secret,
        wanted=wanted,
        organization=offered.organization,
        platform=urlsplit(offer.issuer).netloc,
        account=offer.account,
        elsewhere=offer.elsewhere,
        wishes=wishes(offer),
    )


@bp.post("/lti/register/<secret>")
@cross_site  # the secret in the address is the proof, and browsers may keep our cookie out of the LMS's frame
def agree(secret: str) -> ResponseReturnValue:
    """The LMS is asked, once: the address is used up before the question is sent."""
    wanted = _wanted(request.form)
    offered = _offered(secret)
    transactions.keep()
    offer = _offer(wanted, offered)
    _spend(secret)
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
    return _remember(secret, offered, register.platform_of(offer, answer))


def _remember(secret: str, offered: Offered, platform: NewPlatform) -> ResponseReturnValue:
    """Keep a new connection; what is known already is changed only after another yes."""
    standing = register.standing(current.db(), offered.organization_id, platform)
    if standing is Standing.NEW:
        platforms.add(current.db(), offered.organization_id, platform, current.now())
        return redirect(done_address(platform), 303)
    _give_back(secret)
    _may_be_framed_for(platform.issuer)
    if standing is Standing.CHANGED:
        sealed = register.seal(platform, current.settings().secret_keys)
        return redirect(url_for("registration.ask_to_update", secret=secret, sealed=sealed), 303)
    return render_template("registration/known.html", platform=platform, same=standing is Standing.SAME), 409


@bp.get("/lti/register/<secret>/update")
@public
def ask_to_update(secret: str) -> ResponseReturnValue:
    """What would change of a connection that is there already. Opening it changes nothing."""
    sealed = request.args.get("sealed", "")
    row, platform = _proposed(secret, sealed)
    _may_be_framed_for(platform.issuer)
    return render_template(
        "registration/update.html",
        secret=secret,
        sealed=sealed,
        name=row.name,
        platform=urlsplit(platform.issuer).netloc,
        client_id=platform.client_id,
        changes=[(gettext(CHANGES[one.name]), one) for one in register.changes(current.db(), row, platform)],
    )


@bp.post("/lti/register/<secret>/update")
@cross_site  # as for `agree`
def update(secret: str) -> ResponseReturnValue:
    """The administrator said yes: what was shown is kept, and the address is used up."""
    _row, platform = _proposed(secret, request.form.get("sealed", ""))
    register.update(current.db(), _spend(secret), platform, current.now())
    return redirect(done_address(platform), 303)


@bp.get("/lti/registered")
@public
def done() -> ResponseReturnValue:
    """What came of it. Reloading shows the same again; the LMS is told that its window can be closed."""
    try:
        issuer, client_id, deployment_id = _signer().loads(request.args.get("result", ""), max_age=SHOWN_AGAIN_SECONDS)
    except BadSignature:
        raise AddressEnded from None
    _may_be_framed_for(issuer)
    return render_template(
        "registration/done.html",
        platform=urlsplit(issuer).netloc,
        client_id=client_id,
        deployment_id=deployment_id,
    )


def _may_be_framed_for(issuer: str) -> None:
    """Hosted Canvas shows this at the school's own host, which nothing here names; the address is the secret."""
    security.may_be_framed_by(origin_of(issuer))
    security.may_be_framed_anywhere()


def _offered(secret: str) -> Offered:
    offered = registration_addresses.offered_by(current.db(), secret, current.now())
    if offered is None:
        raise AddressEnded
    return offered


def _spend(secret: str) -> UUID:
    """Use the address up, whatever follows; the answer is whose it was."""
    organization_id = registration_addresses.spend(current.db(), secret, current.now())
    transactions.keep()
    if organization_id is None:
        raise AddressEnded
    return organization_id


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


def _offer(wanted: Wanted, offered: Offered) -> PlatformOffer:
    offer = read_platform(
        wanted.openid_configuration, http=current.http(), registration_token=wanted.registration_token
    )
    registration_addresses.refuse_another(offered, offer.issuer)
    return offer


def _proposed(secret: str, sealed: str) -> tuple[RegistrationRow, NewPlatform]:
    """The registration that would change, and what it would become."""
    offered = _offered(secret)
    platform = register.unseal(sealed, current.settings().secret_keys)
    if platform is None:
        raise AddressEnded
    registration_addresses.refuse_another(offered, platform.issuer)
    return register.to_be_updated(current.db(), offered.organization_id, platform), platform


def done_address(platform: NewPlatform) -> str:
    """The page that says what came of it, for an hour; nobody else can make such an address."""
    deployment_id = next(iter(platform.deployment_ids), None)
    return url_for("registration.done", result=_signer().dumps([platform.issuer, platform.client_id, deployment_id]))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(current.settings().secret_keys)), salt="attune registration v1")
