"""Evidence: files, links and notes, shared, opened and taken back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability, Field
from lti_tool.queue import Kind
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.portfolio import evidence_checks, evidence_files, evidence_lists, evidence_sharing
from lti_tool.services.portfolio.evidence_readers import by_kind
from lti_tool.web import current, security, transactions
from lti_tool.web.access import needs, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.exchange import arriving
from lti_tool.web.paging import page_of
from lti_tool.web.portfolio.evidence_bringing import observation_chosen, text_of, to_its_page
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext, language
from rubrics.evidence import NOT_TAKEN, EvidenceState, Sharing, is_wider
from rubrics.refusal import Refused

bp = Blueprint("evidence", __name__)

OPENS = (Capability.TRAINEE, Capability.OBSERVER, Capability.SUPERVISOR)
LARGEST_CAPTIONS = 2_100_000


@bp.get("/a/<uuid:activity_id>/evidence")
@needs(*OPENS)
def evidence_list(place: Place) -> ResponseReturnValue:
    """One's own in this course, or what others share with the visitor."""
    is_trainee = Capability.TRAINEE in place.capabilities
    sees_others = bool({Capability.OBSERVER, Capability.SUPERVISOR} & place.capabilities)
    of_others = sees_others and (not is_trainee or request.args.get("of") == "others")
    db, visitor = current.db(), current.visitor()
    count, load = (
        (evidence_lists.count_of_shared, evidence_lists.shared)
        if of_others
        else (evidence_lists.count_of_own, evidence_lists.own)
    )
    return render_template(
        "evidence/list.html",
        place=place,
        paged=page_of(count(db, visitor, place), lambda first, most: load(db, visitor, place, first, most)),
        of_others=of_others,
        both=is_trainee and sees_others,
        files_offered=arriving.offered(),
    )


@bp.get("/evidence/<uuid:evidence_id>")
@signed_in
@writes
def one(evidence_id: UUID) -> ResponseReturnValue:
    """One: what it is, who can see it, and what its owner can do with it."""
    return _one_page(evidence_id)


@bp.get("/evidence/<uuid:evidence_id>/progress")
@signed_in
@writes
def progress(evidence_id: UUID) -> ResponseReturnValue:
    """How far it is, for `progress.js`."""
    found = evidence_lists.one_page(current.db(), current.visitor(), evidence_id, current.now())
    return render_template("evidence/_progress.html", one=found.one, problem=_problem(found.one))


@bp.route("/evidence/<uuid:evidence_id>/share", methods=["GET", "POST"])
@signed_in
@act
def share(evidence_id: UUID) -> ResponseReturnValue:
    """Wider after a look at what others will read, narrower at once."""
    if request.method == "GET":
        page = _share_page(evidence_id, _sharing(request.args.get("sharing")))
        return page or redirect(url_for("evidence.one", evidence_id=evidence_id), 303)
    wished = _sharing(request.form.get("sharing"))
    try:
        evidence_sharing.share(
            current.db(), current.visitor(), evidence_id, wished, shown=text_of("shown"), now=current.now()
        )
    except Refused as refused:
        if refused.code != "evidence_preview":
            raise
        transactions.give_up()
        return _share_page(evidence_id, wished, in_words(refused)) or "", 422
    return to_its_page(evidence_id, "evidence_narrowed" if wished is Sharing.ONLY_ME else "evidence_shared")


@bp.post("/evidence/<uuid:evidence_id>/observation")
@signed_in
@act
def attach(evidence_id: UUID) -> ResponseReturnValue:
    """Let it belong to an observation, or to none."""
    evidence_sharing.attach(current.db(), current.visitor(), evidence_id, observation_chosen(), current.now())
    return to_its_page(evidence_id, "evidence_attached")


@bp.post("/evidence/<uuid:evidence_id>/required")
@signed_in
@act
def required(evidence_id: UUID) -> ResponseReturnValue:
    """Ask whoever observes or signs to see it first, or not any more."""
    wish = request.form.get("required")
    if wish not in ("yes", "no"):
        raise NotHere
    evidence_sharing.require(current.db(), current.visitor(), evidence_id, required=wish == "yes", now=current.now())
    return to_its_page(evidence_id, "evidence_required" if wish == "yes" else "evidence_not_required")


@bp.post("/evidence/<uuid:evidence_id>/captions")
@signed_in
@act
def bring_captions(evidence_id: UUID) -> ResponseReturnValue:
    """Give a recording captions."""
    given = request.files.get("captions")
    store = current.joined().files
    if store is None:
        raise NotHere
    try:
        if given is None or not given.filename:
            raise Refused("file_choose", "Please choose a file first.")
        content = given.stream.read(LARGEST_CAPTIONS)
        with arriving.kept_or_told():
            former = evidence_files.bring_captions(
                current.db(), current.visitor(), store, evidence_id, content, language=text_of("language"),
                now=current.now(),
            )  # fmt: skip
    except Refused as refused:
        transactions.give_up()
        return _one_page(evidence_id, captions_problem=in_words(refused)), 422
    transactions.keep()
    evidence_checks.delete(store, (former,) if former else ())
    return to_its_page(evidence_id, "captions_brought")


@bp.post("/evidence/<uuid:evidence_id>/take-back")
@signed_in
@act
def take_back(evidence_id: UUID) -> ResponseReturnValue:
    """Nobody else sees it from now on."""
    evidence_sharing.take_back(current.db(), current.visitor(), evidence_id, current.now())
    return to_its_page(evidence_id, "evidence_taken_back")


@bp.post("/evidence/<uuid:evidence_id>/bring-back")
@signed_in
@act
def bring_back(evidence_id: UUID) -> ResponseReturnValue:
    """Undo that, within a day."""
    if evidence_sharing.bring_back(current.db(), current.visitor(), evidence_id, current.now()):
        current.look_at(Kind.EVIDENCE, evidence_id)
    return to_its_page(evidence_id, "evidence_brought_back")


@bp.post("/evidence/<uuid:evidence_id>/take-away")
@signed_in
@act
def take_away(evidence_id: UUID) -> ResponseReturnValue:
    """Take its content away now, before the day is over."""
    db, visitor = current.db(), current.visitor()
    activity_id = evidence_lists.one_page(db, visitor, evidence_id, current.now()).activity_id
    names = evidence_sharing.take_away(db, visitor, evidence_id, current.now())
    transactions.keep()
    store = current.joined().files
    if store is not None:
        evidence_checks.delete(store, names)
    if activity_id is None:
        return redirect(url_for("landing.queue", said="evidence_taken_away"), 303)
    return redirect(url_for("evidence.evidence_list", activity_id=activity_id, said="evidence_taken_away"), 303)


# ---- one ----


def _one_page(evidence_id: UUID, captions_problem: str | None = None) -> str:
    found = evidence_lists.one_page(current.db(), current.visitor(), evidence_id, current.now())
    if found.one.kind in ("audio", "video"):
        security.may_play_ours()
    return render_template(
        "evidence/one.html",
        page=found,
        one=found.one,
        problem=_problem(found.one),
        choices=[each for each in Sharing if each is not found.one.sharing],
        is_wider=is_wider,
        captions_problem=captions_problem,
        language=language(),
        typed=request.form,
        **_observations(found.one),
    )


def _observations(found: evidence_lists.Evidence) -> dict[str, Any]:
    if not found.mine or found.course_id is None:
        return {"observations": ()}
    observations = evidence_lists.own_observations(current.db(), current.visitor(), found.course_id)
    return {"observations": observations}


def _problem(found: evidence_lists.Evidence) -> str | None:
    if found.state is not EvidenceState.NOT_TAKEN:
        return None
    return gettext(NOT_TAKEN.get(found.problem or "", NOT_TAKEN["file_broken"]))


def _share_page(evidence_id: UUID, wished: Sharing, problem: str | None = None) -> str | None:
    """None: nobody more would see it, so there is nothing to look at first."""
    db, visitor = current.db(), current.visitor()
    preview = evidence_sharing.preview(db, visitor, evidence_id, wished)
    found = evidence_lists.one_page(db, visitor, evidence_id, current.now())
    if not is_wider(wished, found.one.sharing):
        return None
    if found.one.kind in ("audio", "video"):
        security.may_play_ours()
    return render_template(
        "evidence/share.html",
        one=found.one,
        wished=wished,
        shown=preview.shown,
        readers=by_kind(preview.people),
        problem=problem,
        field=Field.EVIDENCE,
    )


# ---- what an address or a form says ----


def _sharing(text: str | None) -> Sharing:
    """What none of our pages sends looks like what is not there: it says nothing of whether the evidence is."""
    try:
        return Sharing(text or "")
    except ValueError:
        raise NotHere from None
