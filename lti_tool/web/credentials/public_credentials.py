"""The page of a credential that anybody may read to whom the holder gave its address."""

import json
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.documents.badge_checks import Step, Verdict
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import holding_checks, holding_pages
from lti_tool.services.credentials.holding_pages import Public
from lti_tool.web import current
from lti_tool.web.access import public
from lti_tool.web.credentials.credential_words import standing, step_said
from lti_tool.web.credentials.own_credentials import sent

bp = Blueprint("public_credentials", __name__)

HTML = "text/html"
JWT = ("application/vc+jwt", "application/jwt", "text/plain")
JSON = ("application/json", "application/ld+json", "application/vc+ld+json", "application/vc")
VC = "https://www.w3.org/ns/credentials/v2"


@bp.get("/c/<link>")
@public
def page(link: str) -> ResponseReturnValue:
    """How it stands, in one large word; for programs that ask for it, the signed credential, if the name is shown."""
    found = _found(link)
    wanted = request.accept_mimetypes.best_match((HTML, *JWT, *JSON)) or HTML
    if wanted == HTML:
        return _private(make_response(_page(link, found)))
    if not found.name:
        raise NotHere
    if wanted in JWT:
        return _private(Response(found.row.document, mimetype=wanted))
    return _private(Response(_as_json(found), mimetype=wanted))


@bp.get("/c/<link>/verify")
@public
def verify(link: str) -> ResponseReturnValue:
    """The same page, with each step of checking it now."""
    found = _found(link)
    steps = holding_checks.checked(current.db(), found, current.settings().public_url, current.now()).steps
    return _private(make_response(_page(link, found, steps)))


@bp.get("/c/<link>/credential.jwt")
@public
def as_jwt(link: str) -> ResponseReturnValue:
    """The signed credential to keep, where the holder shows the name that stands in it."""
    found = _found(link)
    if not found.name:
        raise NotHere
    return _private(sent(found.row.document, "text/plain", "credential.jwt"))


@bp.get("/credentials/how-to-check")
@public
def how() -> ResponseReturnValue:
    """How to check a credential or a certificate oneself. The same for everybody."""
    return make_response(render_template("public_credentials/how.html", public_url=current.settings().public_url))


def _found(link: str) -> Public:
    return holding_pages.public(current.db(), link, current.now())


def _page(link: str, found: Public, steps: tuple[Step, ...] = ()) -> str:
    return render_template(
        "public_credentials/verified.html" if steps else "public_credentials/page.html",
        steps=[(each.verdict is Verdict.GOOD, step_said(each)) for each in steps],
        link=link,
        found=found,
        standing=standing(found.state),
        checked_at=current.now(),
        public_url=current.settings().public_url,
    )


def _as_json(found: Public) -> str:
    """The one with a proof, where there is one; else the JWT in its envelope (VC 2.0, section 4.13)."""
    if found.row.integrity is not None:
        return found.row.integrity
    enveloped: dict[str, Any] = {
        "@context": VC, "id": f"data:application/vc+jwt,{found.row.document}", "type": "EnvelopedVerifiableCredential",
    }  # fmt: skip
    return json.dumps(enveloped)


def _private(answer: Response) -> Response:
    """Found by no search engine, told to no other site, kept by no cache that others use."""
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.vary.add("Accept")
    return answer
