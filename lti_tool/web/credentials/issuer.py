"""What verifiers read of an issuer: its identity, its keys, what it certifies, its status lists.

Nothing here names a person. Everything may be kept by caches and read by any page.
"""

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.documents.badge import Purpose, profile
from lti_tool.documents.badge import achievement as achievement_document
from lti_tool.documents.badge_contexts import CREDENTIALS, OPEN_BADGES
from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import issuer_pages, status_lists
from lti_tool.web import current
from lti_tool.web.access import public

bp = Blueprint("issuer", __name__)

CONTEXT = {"@context": [CREDENTIALS, OPEN_BADGES]}
HTML = "text/html"
JSON = ("application/json", "application/ld+json", "application/vc", "application/vc+ld+json")
JWT = ("text/plain", "application/jwt", "application/vc+jwt")


@bp.get("/o/<uuid:organization_id>/did.json")
@public
def did_document(organization_id: UUID) -> ResponseReturnValue:
    """The identity of the issuer with all the keys that it ever signed with."""
    found = issuer_pages.did_document(current.db(), current.settings().public_url, organization_id)
    return _json(found, "application/did+ld+json")


@bp.get("/o/<uuid:organization_id>/jwks.json")
@public
def keys(organization_id: UUID) -> ResponseReturnValue:
    """The same keys as a JWK set."""
    return _json(issuer_pages.key_set(current.db(), organization_id), "application/jwk-set+json")


@bp.get("/o/<uuid:organization_id>/issuer")
@public
def profile_page(organization_id: UUID) -> ResponseReturnValue:
    """Who issues, as a page or for machines."""
    found = issuer_pages.issuer(current.db(), current.settings().public_url, organization_id)
    if _wants(JSON, (HTML,)) == HTML:
        keys_url = url_for("issuer.keys", organization_id=organization_id)
        return _kept(Response(render_template("issuer/issuer.html", issuer=found, keys_url=keys_url)))
    return _json({**CONTEXT, **profile(found)}, "application/ld+json")


@bp.get("/o/<uuid:organization_id>/achievements/<program_key>/<stage>/<int:number>")
@public
def achievement(organization_id: UUID, program_key: str, stage: str, number: int) -> ResponseReturnValue:
    """What is certified, as a page or for machines."""
    url = current.settings().public_url
    found = issuer_pages.achievement(
        current.db(), url, organization_id, program=program_key, stage=stage, number=number
    )
    if _wants(JSON, (HTML,)) == HTML:
        who = issuer_pages.issuer(current.db(), url, organization_id)
        return _kept(Response(render_template("issuer/achievement.html", certified=found, issuer=who)))
    return _json({**CONTEXT, **achievement_document(found.achievement)}, "application/ld+json")


@bp.get("/o/<uuid:organization_id>/status/<int:number>/<purpose>")
@public
def status_list(organization_id: UUID, number: int, purpose: str) -> ResponseReturnValue:
    """How credentials stand: a signed JWT, or with a Data Integrity proof for whoever asks for JSON."""
    if purpose not in tuple(Purpose):
        raise NotHere
    text, integrity = issuer_pages.status_list(
        current.db(),
        current.settings().public_url,
        organization_id,
        number=number,
        purpose=Purpose(purpose),
        integrity=_wants(JWT, JSON) in JSON,
        now=current.now(),
    )
    return _kept(Response(text, mimetype="application/vc+ld+json" if integrity else "text/plain"))


def _wants(usual: tuple[str, ...], other: tuple[str, ...]) -> str:
    """What the caller likes best; who does not care gets the first of the usual ones."""
    return request.accept_mimetypes.best_match((*usual, *other)) or usual[0]


def _json(document: dict[str, Any], kind: str) -> Response:
    return _kept(Response(json.dumps(document, ensure_ascii=False), mimetype=kind))


def _kept(answer: Response) -> Response:
    """Caches may keep it for a short time, and pages of others may read it: it is the same for everybody."""
    answer.headers["Cache-Control"] = f"public, max-age={status_lists.MAX_AGE}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.vary.update(("Accept", "Accept-Language"))
    answer.add_etag()
    answer.make_conditional(request)
    return answer
