"""Signing in person, on the trainee's device."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.queue import Kind
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.signing import in_person, sign_off
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import lane_of
from lti_tool.web.observations.record_page import record_page
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext, language, readers_languages
from rubrics.refusal import Refused
from rubrics.sign_off import Lane

bp = Blueprint("in_person", __name__)

LONGEST = 200


@bp.get("/o/<uuid:observation_id>/in-person")
@signed_in
def choose(observation_id: UUID) -> ResponseReturnValue:
    """Who is here and signs."""
    signers = in_person.possible_signers(current.db(), current.visitor(), observation_id, current.now())
    return render_template("in_person/choose.html", observation_id=observation_id, signers=signers)


@bp.route("/o/<uuid:observation_id>/in-person/<lane>/<uuid:person_id>", methods=["GET", "POST"])
@signed_in
@writes
@act
def sign(observation_id: UUID, lane: str, person_id: UUID) -> ResponseReturnValue:
    """Everything that will be signed, on the trainee's device; then the signer's name and one button."""
    who = in_person.signer(current.db(), current.visitor(), observation_id, person_id)
    chosen = lane_of(lane)
    if request.method == "GET":
        return _page(observation_id, chosen, who)
    try:
        in_person.check_name(who, request.form.get("name", "")[:LONGEST])
        to_look_at = sign_off.sign(
            current.db(),
            who,
            observation_id,
            lane=chosen,
            digest=request.form.get("digest", ""),
            now=current.now(),
            reader=_reader(),
        )
    except Refused as refused:
        if refused.code not in ("changed_since_shown", "name_differs"):
            raise
        transactions.give_up()
        return _page(observation_id, chosen, who, problem=in_words(refused), code=refused.code), 422
    for delivery_id in to_look_at:
        current.look_at(Kind.DELIVERY, delivery_id)
    return redirect(url_for("observations.read", observation_id=observation_id, said="signed_in_person"), 303)


def _page(observation_id: UUID, lane: Lane, who: Visitor, *, problem: str | None = None, code: str = "") -> str:
    to_sign = sign_off.preview(current.db(), who, observation_id, lane, current.now(), reader=_reader())
    page = render_template(
        "in_person/sign.html",
        to_sign=to_sign,
        signer=display_name(who.person_id, who.name),
        signer_id=who.person_id,
        gets_copy=in_person.gets_copy(current.db(), who, current.now()),
        typed=request.form.get("name", ""),
        problem=problem,
        about_name=code == "name_differs",
        **record_page(to_sign.record),
    )
    # The signer has not been seen reading yet: that they did is noted with their signature.
    transactions.give_up()
    return page


def _reader() -> sign_off.Reader:
    return sign_off.Reader(
        language=language(), wanted=readers_languages(), say=gettext, device_of=current.visitor().person_id
    )
