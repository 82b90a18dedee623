"""What somebody signed: their copies, and their own word on whether it was them."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.queue import Kind
from lti_tool.services.signing import signatures as signatures_of
from lti_tool.services.signing import signers_copy
from lti_tool.services.signing.signatures import Own
from lti_tool.web import current
from lti_tool.web.access import public, signed_in
from lti_tool.web.acts import act
from lti_tool.web.paging import page_of
from rubrics.refusal import Refused

bp = Blueprint("signatures", __name__)


@bp.get("/signatures")
@signed_in
def signatures() -> ResponseReturnValue:
    """Everything that was signed in the visitor's name, newest first."""
    session, visitor = current.db(), current.visitor()
    paged = page_of(
        signatures_of.own_count(session, visitor),
        lambda first, most: signatures_of.own_signatures(session, visitor, first, most),
    )
    return render_template("signatures/signatures.html", paged=paged)


@bp.post("/signatures/<uuid:sign_off_id>/not-me")
@signed_in
@act
def not_me(sign_off_id: UUID) -> ResponseReturnValue:
    """Say that one did not give this signature."""
    _not_me(signers_copy.own_one(current.db(), current.visitor(), sign_off_id))
    return redirect(url_for("signatures.signatures", said="was_not_me"), 303)


@bp.post("/signatures/<uuid:sign_off_id>/me")
@signed_in
@act
def it_was_me(sign_off_id: UUID) -> ResponseReturnValue:
    """Say that a signature on another's device was one's own."""
    own = signers_copy.own_one(current.db(), current.visitor(), sign_off_id)
    signers_copy.it_was_me(current.db(), own, current.now())
    return redirect(url_for("signatures.signatures", said="was_me"), 303)


@bp.get("/copy/<secret>")
@public
def copy(secret: str) -> ResponseReturnValue:
    """Who signed for whom, when and where: nothing of what was written. Opening it changes nothing."""
    return render_template("signatures/copy.html", own=signers_copy.copy_of(current.db(), secret), secret=secret)


@bp.post("/copy/<secret>/not-me")
@public
def copy_not_me(secret: str) -> ResponseReturnValue:
    """The same from the link of the copy, which proves whose it is."""
    _not_me(signers_copy.copy_of(current.db(), secret))
    return redirect(url_for("signatures.copy", secret=secret, said="was_not_me"), 303)


@bp.post("/copy/<secret>/me")
@public
def copy_it_was_me(secret: str) -> ResponseReturnValue:
    """The same from the link of the copy."""
    signers_copy.it_was_me(current.db(), signers_copy.copy_of(current.db(), secret), current.now())
    return redirect(url_for("signatures.copy", secret=secret, said="was_me"), 303)


def _not_me(own: Own) -> None:
    """The second time it is as it was."""
    if not own.given.stands:
        return
    try:
        to_look_at = signers_copy.not_me(current.db(), own, current.now())
    except Refused as refused:
        if refused.code != "already_withdrawn":
            raise
        return
    for delivery_id in to_look_at:
        current.look_at(Kind.DELIVERY, delivery_id)
