"""What somebody says for a holder, shown only once the holder agreed."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.services.courses.places import NotHere
from lti_tool.services.credentials import endorsement_lists, endorsements
from lti_tool.web import current, transactions
from lti_tool.web.access import signed_in
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.refusals import in_words
from rubrics.refusal import Refused

bp = Blueprint("endorsements", __name__)


@bp.get("/endorsements")
@signed_in
def written() -> ResponseReturnValue:
    """What the visitor said for others."""
    return render_template(
        "endorsements/written.html", desks=endorsement_lists.written(current.db(), current.visitor())
    )


@bp.route("/credentials/<uuid:credential_id>/say", methods=["GET", "POST"])
@signed_in
@act
def say(credential_id: UUID) -> ResponseReturnValue:
    """For whoever signed for the holder, or leads programs: offering words."""
    if request.method == "GET":
        return _say_page(credential_id)
    typed = {name: request.form.get(name, "") for name in ("name", "words")}
    try:
        endorsements.offer(current.db(), current.visitor(), credential_id, now=current.now(), **typed)
    except Refused as refused:
        problems = {refused.code if refused.code in typed else "": in_words(refused)}
        return transactions.shown_again(lambda: (_say_page(credential_id, typed, problems), 422))
    return redirect(url_for("endorsements.say", credential_id=credential_id, said="endorsement_offered"), 303)


@bp.post("/credentials/<uuid:credential_id>/say/ask")
@signed_in
@act
def ask(credential_id: UUID) -> ResponseReturnValue:
    """The holder asks somebody who signed for them."""
    person_id = uuid_if_any(request.form.get("person"))
    if person_id is None:
        return redirect(url_for("credentials.one", credential_id=credential_id), 303)
    endorsements.ask(current.db(), current.visitor(), credential_id, person_id, current.now())
    return redirect(url_for("credentials.one", credential_id=credential_id, said="endorsement_asked"), 303)


@bp.post("/endorsements/<uuid:endorsement_id>/answer")
@signed_in
@act
def answer(endorsement_id: UUID) -> ResponseReturnValue:
    """The holder agrees to exactly what they read, or does not, or not any more."""
    chosen = request.form.get("answer")
    if chosen not in ("yes", "no"):
        raise NotHere
    credential_id = endorsements.answer(
        current.db(), current.visitor(), endorsement_id, agrees=chosen == "yes", digest=request.form.get("digest", ""),
        public_url=current.settings().public_url, now=current.now(),
    )  # fmt: skip
    said = "endorsement_agreed" if chosen == "yes" else "endorsement_declined"
    return redirect(url_for("credentials.one", credential_id=credential_id, said=said), 303)


@bp.post("/endorsements/<uuid:endorsement_id>/take-back")
@signed_in
@act
def take_back(endorsement_id: UUID) -> ResponseReturnValue:
    """Whoever wrote it takes it back, at once."""
    endorsements.take_back(current.db(), current.visitor(), endorsement_id, current.now())
    return redirect(url_for("endorsements.written", said="endorsement_taken_back"), 303)


def _say_page(credential_id: UUID, typed: dict[str, str] | None = None, problems: dict[str, str] | None = None) -> str:
    desk = endorsement_lists.desk(current.db(), current.visitor(), credential_id, current.now())
    usual = {"name": desk.own.by_name if desk.own else desk.writer, "words": desk.own.words if desk.own else ""}
    return render_template(
        "endorsements/say.html",
        desk=desk,
        typed=typed or usual,
        problems=problems or {},
        readers=endorsement_lists.readers(holder=desk.holder, writer=desk.writer),
    )
