"""Terms: reading them and saying yes or not now; for program leads their editions, and how many said what."""

from functools import partial
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere
from lti_tool.services.editions import terms, terms_people, terms_writing
from lti_tool.services.editions.edition_writing import CHANGED, digest
from lti_tool.services.editions.terms import Answered, Terms
from lti_tool.services.languages import languages
from lti_tool.store.terms import TermsAnswer
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.acts import act
from lti_tool.web.authoring.library import language_name
from lti_tool.web.editions.scope_part import own_path
from lti_tool.web.paging import page_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import language as spoken
from lti_tool.web.texts import readers_languages
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.side_by_side import Pair, paragraphs, side_by_side

bp = Blueprint("terms", __name__)

SAID = {
    TermsAnswer.AGREED: "terms_agreed",
    TermsAnswer.NOT_NOW: "terms_not_now",
    TermsAnswer.WITHDRAWN: "terms_withdrawn",
}


@bp.get("/terms/read")
@signed_in
def read() -> ResponseReturnValue:
    """The edition in force, in the reader's language where it has it, and what the visitor said so far."""
    session, visitor = current.db(), current.visitor()
    now_in_force, mine = terms.in_force(session, visitor.organization_id), terms.answers(session, visitor)
    language = now_in_force.language_for(readers_languages()) if now_in_force else ""
    return render_template(
        "terms/read.html",
        terms=now_in_force,
        language=language,
        paragraphs=paragraphs(now_in_force.texts[language]) if now_in_force else (),
        before=_before(now_in_force, mine, language),
        mine=_newest(mine),
        now_said=next((each for each in mine if now_in_force and each.terms.id == now_in_force.id), None),
        back=own_path(request.args.get("back")),
    )


@bp.post("/terms/<uuid:terms_id>/answer")
@signed_in
@act
def answer(terms_id: UUID) -> ResponseReturnValue:
    """Yes, not now, or taking a yes back; then back to where they were."""
    terms.published(current.db(), current.visitor().organization_id, terms_id)
    try:
        said = TermsAnswer(request.form.get("answer", ""))
    except ValueError:
        abort(400)
    language = request.form.get("language", "")
    if language not in languages():
        abort(400)
    back = own_path(request.form.get("back"))
    try:
        terms.answer(current.db(), current.visitor(), terms_id, said, language, current.now())
    except Refused as refused:
        if refused.code != "newer_terms":
            raise
        return redirect(url_for("terms.read", back=back, said="newer_edition"), 303)
    return redirect(back or url_for("terms.read", said=SAID[said]), 303)


@bp.get("/terms")
@needs_in_organization(Capability.PROGRAM_LEAD)
def editions() -> ResponseReturnValue:
    """What people are asked about, what is being written, and all that was published."""
    session, organization_id = current.db(), current.visitor().organization_id
    return render_template(
        "terms/editions.html",
        editions=terms_writing.editions(session, organization_id),
        draft=terms_writing.draft(session, organization_id),
        terms=terms.in_force(session, organization_id),
    )


@bp.get("/terms/<uuid:terms_id>/people")
@needs_in_organization(Capability.PROGRAM_LEAD)
def people(terms_id: UUID) -> ResponseReturnValue:
    """Who agrees to an edition, by name: where the edition says so to whoever is asked."""
    session, organization_id = current.db(), current.visitor().organization_id
    edition = terms_people.listed(session, organization_id, terms_id)
    paged = page_of(
        terms_people.count(session, terms_id), partial(terms_people.some, session, organization_id, terms_id)
    )
    return render_template("terms/people.html", terms=edition, paged=paged, language_name=language_name)


@bp.post("/terms/begin")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def begin() -> ResponseReturnValue:
    """Begin the next edition, from the words of the one in force."""
    terms_id = terms_writing.begin(current.db(), current.visitor(), current.now(), language=spoken())
    return redirect(url_for("terms.write", terms_id=terms_id), 303)


@bp.route("/terms/<uuid:terms_id>/write", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def write(terms_id: UUID) -> ResponseReturnValue:
    """Write a draft; from there it can be looked over and published."""
    if request.method == "GET":
        draft = _draft(terms_id)
        return _writing(draft, dict(draft.texts), digest(draft.texts))
    texts = {tag: request.form.get(f"words-{tag}", "") for tag in languages()}
    shown = request.form.get("shown", "")
    try:
        terms_writing.write(current.db(), current.visitor(), terms_id, texts, shown, current.now())
    except Refused as refused:
        give_up()
        saved = terms_writing.edition_of(current.db(), current.visitor().organization_id, terms_id)
        if refused.code == CHANGED:
            return _writing(saved, texts, digest(saved.texts), in_words(refused), beside=True), 422
        return _writing(saved, texts, shown, in_words(refused)), 422
    if request.form.get("then") == "publish":
        return redirect(url_for("terms.publish", terms_id=terms_id), 303)
    return redirect(url_for("terms.write", terms_id=terms_id, said="scope_kept"), 303)


@bp.route("/terms/<uuid:terms_id>/publish", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def publish(terms_id: UUID) -> ResponseReturnValue:
    """Have people asked about it: what they will read and what follows is shown before."""
    if request.method == "POST":
        try:
            shown = request.form.get("shown", "")
            terms_writing.publish(current.db(), current.visitor(), terms_id, shown, current.now())
        except Refused as refused:
            give_up()
            draft = terms_writing.draft(current.db(), current.visitor().organization_id)
            if draft is None or draft.id != terms_id:  # somebody else published it
                raise
            if refused.code == CHANGED:
                return _looking_over(draft, in_words(refused)), 422
            return _writing(draft, dict(draft.texts), digest(draft.texts), in_words(refused)), 422
        return redirect(url_for("terms.editions", said="edition_published"), 303)
    return _looking_over(_draft(terms_id))


@bp.route("/terms/<uuid:terms_id>/end", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def end(terms_id: UUID) -> ResponseReturnValue:
    """Put the edition in force out of use: asked once."""
    if request.method == "POST":
        terms_writing.end(current.db(), current.visitor(), terms_id, current.now())
        return redirect(url_for("terms.editions", said="edition_ended"), 303)
    standing = terms.in_force(current.db(), current.visitor().organization_id)
    if standing is None or standing.id != terms_id:
        raise NotHere
    return render_template("terms/end.html", terms=standing)


def _draft(terms_id: UUID) -> Terms:
    return terms_writing.draft_of(current.db(), current.visitor().organization_id, terms_id)


def _looking_over(draft: Terms, problem: str | None = None) -> str:
    return render_template(
        "terms/publish.html",
        draft=draft,
        texts=[(tag, language_name(tag), paragraphs(words)) for tag, words in draft.texts.items()],
        shown=digest(draft.texts),
        standing=terms.in_force(current.db(), current.visitor().organization_id),
        problem=problem,
    )


def _writing(
    draft: Terms, texts: dict[str, str], shown: str, problem: str | None = None, *, beside: bool = False
) -> str:
    """`shown` is the digest of the words that the writer has seen; `beside`: those that are saved now stand below."""
    saved = [
        (tag, language_name(tag), side_by_side(texts.get(tag, ""), draft.texts.get(tag, "")))
        for tag in languages()
        if beside and paragraphs(texts.get(tag, "")) != paragraphs(draft.texts.get(tag, ""))
    ]
    return render_template(
        "terms/write.html",
        draft=draft,
        fields=[(tag, language_name(tag), texts.get(tag, "")) for tag in languages()],
        shown=shown,
        saved=saved,
        problem=problem,
    )


def _before(now_in_force: Terms | None, mine: tuple[Answered, ...], language: str) -> tuple[Pair, ...]:
    """Beside the newest earlier edition that they answered, where it has the same language."""
    if now_in_force is None or any(each.terms.id == now_in_force.id for each in mine):
        return ()
    earlier = next((each.terms for each in mine if language in each.terms.texts), None)
    return side_by_side(earlier.texts[language], now_in_force.texts[language]) if earlier else ()


def _newest(mine: tuple[Answered, ...]) -> tuple[Answered, ...]:
    """Of each edition what holds."""
    found: dict[UUID, Answered] = {}
    for each in mine:
        found.setdefault(each.terms.id, each)
    return tuple(found.values())
