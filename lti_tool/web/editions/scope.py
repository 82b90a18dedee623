"""The scope-of-practice statement: reading and acknowledging it; for program leads its editions."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere
from lti_tool.services.editions import scope, scope_writing
from lti_tool.services.editions.edition_writing import CHANGED, digest
from lti_tool.services.editions.scope import Statement
from lti_tool.store.sites import AcknowledgedAs
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.editions.scope_part import own_path, scope_part
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import language
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.side_by_side import Pair, side_by_side

bp = Blueprint("scope", __name__)

SIGNS = frozenset({Capability.SUPERVISOR, Capability.OBSERVER})


@bp.get("/scope/read")
@signed_in
def read() -> ResponseReturnValue:
    """The edition in force, for everybody; with one button for who has not acknowledged it yet."""
    return render_template("scope/read.html", part=scope_part(), back=own_path(request.args.get("back")))


@bp.post("/scope/<uuid:statement_id>/acknowledge")
@signed_in
@act
def acknowledge(statement_id: UUID) -> ResponseReturnValue:
    """The visitor works by this edition; then back to where they were."""
    back = own_path(request.form.get("back"))
    signs = SIGNS & current.capabilities()
    acknowledged_as = AcknowledgedAs.SUPERVISOR if signs else AcknowledgedAs.TRAINEE
    try:
        scope.acknowledge(current.db(), current.visitor(), statement_id, acknowledged_as, current.now())
    except Refused as refused:
        if refused.code != "newer_edition":
            raise
        return redirect(url_for("scope.read", back=back, said="newer_edition"), 303)
    return redirect(back or url_for("scope.read", said="scope_acknowledged"), 303)


@bp.get("/scope")
@needs_in_organization(Capability.PROGRAM_LEAD)
def editions() -> ResponseReturnValue:
    """What is in force, what is being written, and all that was published."""
    session, organization_id = current.db(), current.visitor().organization_id
    return render_template(
        "scope/editions.html",
        editions=scope_writing.editions(session, organization_id),
        draft=scope_writing.draft(session, organization_id),
        statement=scope.in_force(session, organization_id),
    )


@bp.post("/scope/begin")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def begin() -> ResponseReturnValue:
    """Begin the next edition, from the words of the one in force."""
    statement_id = scope_writing.begin(current.db(), current.visitor(), current.now(), language=language())
    return redirect(url_for("scope.write", statement_id=statement_id), 303)


@bp.route("/scope/<uuid:statement_id>/write", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def write(statement_id: UUID) -> ResponseReturnValue:
    """Write a draft; from there it can be looked over and published."""
    if request.method == "GET":
        draft = _draft(statement_id)
        return _writing(draft, draft.words, digest(draft.words))
    words, shown = request.form.get("words", ""), request.form.get("shown", "")
    try:
        scope_writing.write(current.db(), current.visitor(), statement_id, words, shown, current.now())
    except Refused as refused:
        give_up()
        saved = scope_writing.edition_of(current.db(), current.visitor().organization_id, statement_id)
        if refused.code == CHANGED:
            pairs = side_by_side(words, saved.words)
            return _writing(saved, words, digest(saved.words), in_words(refused), pairs), 422
        return _writing(saved, words, shown, in_words(refused)), 422
    if request.form.get("then") == "publish":
        return redirect(url_for("scope.publish", statement_id=statement_id), 303)
    return redirect(url_for("scope.write", statement_id=statement_id, said="scope_kept"), 303)


@bp.route("/scope/<uuid:statement_id>/publish", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def publish(statement_id: UUID) -> ResponseReturnValue:
    """Put a draft in force: what changes and what follows is shown before."""
    if request.method == "GET":
        return _looking_over(statement_id)
    try:
        shown = request.form.get("shown", "")
        scope_writing.publish(current.db(), current.visitor(), statement_id, shown, current.now())
    except Refused as refused:
        give_up()
        draft = scope_writing.draft(current.db(), current.visitor().organization_id)
        if draft is None or draft.id != statement_id:  # somebody else published it
            raise
        return _looking_over(statement_id, in_words(refused)), 422
    return redirect(url_for("scope.editions", said="scope_published"), 303)


@bp.route("/scope/<uuid:statement_id>/end", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def end(statement_id: UUID) -> ResponseReturnValue:
    """Put the edition in force out of use: asked once."""
    if request.method == "POST":
        scope_writing.end(current.db(), current.visitor(), statement_id, current.now())
        return redirect(url_for("scope.editions", said="scope_ended"), 303)
    standing = scope.in_force(current.db(), current.visitor().organization_id)
    if standing is None or standing.id != statement_id:
        raise NotHere
    return render_template("scope/end.html", statement=standing)


def _draft(statement_id: UUID) -> Statement:
    return scope_writing.draft_of(current.db(), current.visitor().organization_id, statement_id)


def _looking_over(statement_id: UUID, problem: str | None = None) -> str:
    draft, standing = _draft(statement_id), scope.in_force(current.db(), current.visitor().organization_id)
    return render_template(
        "scope/publish.html",
        draft=draft,
        standing=standing,
        pairs=side_by_side(standing.words if standing else "", draft.words),
        shown=digest(draft.words),
        problem=problem,
    )


def _writing(draft: Statement, words: str, shown: str, problem: str | None = None, saved: tuple[Pair, ...] = ()) -> str:
    """`shown` is the digest of the words that the writer has seen; `saved`: theirs beside what is saved now."""
    return render_template("scope/write.html", draft=draft, words=words, shown=shown, problem=problem, saved=saved)
