"""From draft to published version: the checklist, the review with lived experience, and a newer edition in use."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.authoring import author, drafts, library, publishing, reviewing
from lti_tool.services.authoring.publishing import Checklist
from lti_tool.services.authoring.reviewing import Given
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.web import current, transactions
from lti_tool.web.access import needs, needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring.library import in_words as rubric_in_words
from lti_tool.web.authoring.rubric_changes import changed
from lti_tool.web.authoring.rubric_places import Spot, counted
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from rubrics.changes import changes
from rubrics.refusal import Refused
from rubrics.wording import Finding

bp = Blueprint("publishing", __name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the checklist: where, and what would help."""

    spot: Spot
    sentence: str
    instead: tuple[str, ...] = ()


@bp.route("/drafts/<uuid:draft_id>/publish", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def publish(draft_id: UUID) -> ResponseReturnValue:
    """What is still to be done, with links to the places; and publishing, once nothing is."""
    try:
        return _publish(draft_id) if request.method == "POST" else _checklist_page(draft_id)
    except NotHere:
        version_id = publishing.became(current.db(), current.visitor().organization_id, draft_id)
        if version_id is None:
            raise
        return redirect(url_for("library.version", version_id=version_id), 303)


@bp.post("/drafts/<uuid:draft_id>/ask-review")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def ask_review(draft_id: UUID) -> ResponseReturnValue:
    """Reviewers see it from now on."""
    reviewing.ask(current.db(), drafts.author(current.visitor()), draft_id, current.now())
    return redirect(url_for("publishing.publish", draft_id=draft_id, said="review_asked"), 303)


@bp.route("/drafts/<uuid:draft_id>/review", methods=["GET", "POST"])
@needs_in_organization(Capability.REVIEWER)
@act
def review(draft_id: UUID) -> ResponseReturnValue:
    """The whole draft to read, and what the reviewer says of it."""
    typed = Given(
        ready=request.form.get("ready") == "yes",
        words=request.form.get("words", ""),
        named=request.form.get("named", ""),
    )
    if request.method == "GET":
        return _review_page(draft_id, typed)
    if request.form.get("ready") not in ("yes", "no"):
        return _review_page(draft_id, typed, gettext("Please say whether it is ready to be published.")), 422
    try:
        reviewing.review(
            current.db(),
            drafts.author(current.visitor()),
            draft_id,
            typed,
            digest=request.form.get("digest", ""),
            demo=current.settings().lab,
            now=current.now(),
        )
    except Refused as refused:
        transactions.give_up()
        return _review_page(draft_id, typed, in_words(refused)), 422
    return redirect(url_for("library.rubrics", said="reviewed"), 303)


@bp.route("/a/<uuid:activity_id>/edition", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def edition(place: Place) -> ResponseReturnValue:
    """What changed since the edition that the activity uses, and using the newest for new observations."""
    home = url_for("landing.landing", activity_id=place.activity.id, tab="activity")
    problem = None
    if request.method == "POST":
        try:
            number = request.form.get("number", 0, type=int)
            author.use_edition(current.db(), current.visitor(), place, number, now=current.now())
        except Refused as refused:
            transactions.give_up()
            problem = in_words(refused)
        else:
            return redirect(f"{home}&said=edition_used", 303)
    newer = library.newer(current.db(), place.activity.rubric_version_id)
    if newer is None:
        return redirect(home, 303)
    return _edition_page(place, newer, problem), 422 if problem else 200


def _publish(draft_id: UUID) -> ResponseReturnValue:
    try:
        version_id = publishing.publish(
            current.db(),
            drafts.author(current.visitor()),
            draft_id,
            digest=request.form.get("digest", ""),
            now=current.now(),
        )
    except Refused as refused:
        transactions.give_up()
        return _checklist_page(draft_id, refused), 422
    return redirect(url_for("library.version", version_id=version_id, said="rubric_published"), 303)


def _checklist_page(draft_id: UUID, refused: Refused | None = None) -> str:
    found = publishing.checklist(current.db(), current.visitor().organization_id, draft_id)
    standing, rubric = found.standing, found.draft.rubric
    reviewed = standing.of_other_words
    return render_template(
        "publishing/checklist.html",
        checklist=found,
        rubric=rubric,
        to_do=_to_do(found),
        advice=_advice(found),
        changed_since=changed(standing.changed_since, reviewed.rubric, rubric) if reviewed else (),
        problem=in_words(refused) if refused else None,
    )


def _to_do(found: Checklist) -> tuple[Entry, ...]:
    rubric, draft_id = found.draft.rubric, found.draft.id
    problems = (Entry(counted(draft_id, rubric, one.place), gettext(one.sentence)) for one in found.problems)
    return tuple(chain(problems, _entries(found, found.wording)))


def _advice(found: Checklist) -> tuple[Entry, ...]:
    rubric, draft_id = found.draft.rubric, found.draft.id
    unknown = (
        Entry(
            counted(draft_id, rubric, one.place),
            gettext("%(competency)s is in none of your frameworks.", competency=one.competency),
        )
        for one in found.not_known
    )
    return tuple(chain(_entries(found, found.suggestions), unknown))


def _entries(found: Checklist, findings: Iterable[Finding]) -> Iterable[Entry]:
    for one in findings:
        spot = counted(found.draft.id, found.draft.rubric, one.place)
        yield Entry(spot, gettext(one.sentence) % one.values, one.instead)


def _review_page(draft_id: UUID, typed: Given, problem: str | None = None) -> str:
    found = reviewing.reading(current.db(), drafts.author(current.visitor()), draft_id)
    return render_template(
        "publishing/review.html",
        reading=found,
        typed=typed,
        ready=request.form.get("ready"),
        problem=problem,
        demo=current.settings().lab,
        longest_words=reviewing.LONGEST_WORDS,
        longest_name=reviewing.LONGEST_NAME,
        **rubric_in_words(found.draft.rubric),
    )


def _edition_page(place: Place, newer: library.Newer, problem: str | None) -> str:
    used, newest = (
        library.edition(current.db(), place.organization_id, newer.rubric_id, number)
        for number in (newer.used, newer.newest)
    )
    return render_template(
        "publishing/edition.html",
        place=place,
        used=used,
        newest=newest,
        changed=changed(changes(used.rubric, newest.rubric), used.rubric, newest.rubric),
        problem=problem,
    )
