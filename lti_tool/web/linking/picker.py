"""The LMS's picker (Deep Linking): an instructor chooses what Attune adds to the course."""

import re
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.lti.deep_linking import Told
from lti_tool.lti.tool_configuration import NAME
from lti_tool.services.authoring import author
from lti_tool.services.courses import places
from lti_tool.services.entering.visitors import origin_of
from lti_tool.services.linking import basket, deep_link, deep_link_answer
from lti_tool.services.linking.basket import Chosen
from lti_tool.services.scores import placed_programs
from lti_tool.services.scores.placed_programs import ProgramOffer
from lti_tool.store.deep_links import DeepLinkRow
from lti_tool.web import current, security, transactions
from lti_tool.web.access import NotForRole, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.jinja import static_url
from lti_tool.web.linking import catalog
from lti_tool.web.linking.activity_choice import ChoiceForm, first_form, for_template, read_choice, shown_again, uuid_in
from lti_tool.web.linking.program_choice import ProgramForm, columns, read_program_choice
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext, readers_languages
from rubrics.refusal import Refused

bp = Blueprint("picker", __name__, url_prefix="/deep-link/<uuid:deep_link_id>")

REFERENCE = re.compile(r"[0-9a-f]{10}")


@bp.get("")
@signed_in
def picker(deep_link_id: UUID) -> ResponseReturnValue:
    """What can be added, and what was chosen so far."""
    asked = asked_by_visitor(deep_link_id)
    if asked.answered_at is not None:
        return render_template("picker/answered.html", asked=asked)
    if not asked.accept_links:
        return render_template("picker/not_taken.html", asked=asked)
    return render_template(
        "picker/picker.html",
        asked=asked,
        chosen=basket.in_basket(asked),
        full=len(asked.chosen) >= basket.MOST,
        offers=catalog.OFFERS,
        others=_others(asked),
    )


@bp.route("/practice", methods=["GET", "POST"])
@signed_in
@act
def practice(deep_link_id: UUID) -> ResponseReturnValue:
    """The form of an observed-practice activity."""
    asked = asked_by_visitor(deep_link_id)
    rubrics = author.choices(current.db(), current.visitor().organization_id, readers_languages())
    if request.method == "GET":
        # Moodle suggests the tool's own name for every activity.
        suggested = None if asked.chosen or asked.title == NAME else asked.title
        return _practice_page(asked, rubrics, first_form(rubrics, suggested))
    choice = read_choice(request.form)
    if isinstance(choice, author.ActivityChoice):
        try:
            return _add(asked, Chosen(choice.title, make=choice))
        except Refused as refused:
            transactions.give_up()
            choice = shown_again(request.form, {"form": in_words(refused)})
    return _practice_page(asked_by_visitor(deep_link_id), rubrics, choice), 422


@bp.route("/program", methods=["GET", "POST"])
@signed_in
@act
def program(deep_link_id: UUID) -> ResponseReturnValue:
    """The form of a program's progress or hours."""
    asked = asked_by_visitor(deep_link_id)
    offers = placed_programs.offers(current.db(), current.visitor().organization_id)
    if request.method == "GET":
        suggested = None if asked.chosen or asked.title == NAME else asked.title
        title = request.args.get("title") or suggested or (offers[0].name if len(offers) == 1 else "")
        first = ProgramForm(title, request.args.get("column", ""))
        return _program_page(asked, offers, first)
    choice = read_program_choice(request.form, offers)
    if isinstance(choice, ProgramForm):
        return _program_page(asked, offers, choice), 422
    if "look" in request.form:
        column = request.form["column"]
        return redirect(url_for("picker_cells.cells", deep_link_id=asked.id, title=choice.title, column=column), 303)
    return _add(asked, Chosen(choice.title, make_program=choice))


@bp.route("/existing", methods=["GET", "POST"])
@signed_in
@act
def existing(deep_link_id: UUID) -> ResponseReturnValue:
    """The activities of the course that nobody has opened from the LMS yet."""
    asked = asked_by_visitor(deep_link_id)
    others = _others(asked)
    named = uuid_in(request.form.get("activity", ""))
    found = next((other for other in others if other.activity_id == named), None)
    if request.method == "POST" and found is not None:
        return _add(asked, Chosen(found.title, activity_id=found.activity_id))
    problem = gettext("Please choose one of these.") if request.method == "POST" else None
    choices = [(str(other.activity_id), other.title, None) for other in others]
    page = render_template("picker/existing.html", asked=asked, others=choices, problem=problem)
    return page, 422 if problem else 200


@bp.post("/place")
@signed_in
@act
def place(deep_link_id: UUID) -> ResponseReturnValue:
    """A page of Attune that needs no setting up."""
    asked = asked_by_visitor(deep_link_id)
    offer = catalog.place(request.form.get("place", ""))
    if offer is None:
        raise places.NotHere
    return _add(asked, Chosen(gettext(offer.title), place=offer.key))


@bp.post("/take-out")
@signed_in
@act
def take_out(deep_link_id: UUID) -> ResponseReturnValue:
    """One thing less."""
    asked = asked_by_visitor(deep_link_id)
    key = uuid_in(request.form.get("key", ""))
    if key is not None:
        basket.take_out(current.db(), current.visitor(), asked.id, key, current.now())
    return _to("picker.picker", asked, said="taken_out")


@bp.post("/done")
@signed_in
@act
def done(deep_link_id: UUID) -> ResponseReturnValue:
    """What was chosen is made, and goes to the LMS."""
    return _done(asked_by_visitor(deep_link_id))


@bp.post("/leave")
@signed_in
@act
def leave(deep_link_id: UUID) -> ResponseReturnValue:
    """Back to the LMS with nothing."""
    asked = asked_by_visitor(deep_link_id)
    basket.leave(current.db(), current.visitor(), asked.id, current.now())
    return _to("picker.answer", asked)


@bp.get("/answer")
@signed_in
@writes  # the first signature ever makes the key
def answer(deep_link_id: UUID) -> ResponseReturnValue:
    """The signed answer, on its way to the LMS; the same again as long as the request is open."""
    asked = asked_by_visitor(deep_link_id)
    if asked.answered_at is None:
        return _to("picker.picker", asked)
    nothing = not asked.chosen
    return _answer_page(asked, Told(message=gettext("Nothing was added.") if nothing else None), nothing=nothing)


@bp.get("/trouble")
@signed_in
@writes  # the first signature ever makes the key
def trouble(deep_link_id: UUID) -> ResponseReturnValue:
    """Back to the LMS with nothing, because a page of ours did not work; its log gets the reference."""
    reference = request.args.get("reference", "")
    told = Told(
        trouble=gettext("Something went wrong on Attune's side. Nothing was added."),
        reference=reference if REFERENCE.fullmatch(reference) else None,
    )
    return _answer_page(asked_by_visitor(deep_link_id), told, nothing=True)


def asked_by_visitor(deep_link_id: UUID) -> DeepLinkRow:
    """The visitor's own request, in a course where they are an instructor."""
    asked = deep_link.request_of(current.db(), current.visitor(), deep_link_id, current.now())
    standing = places.standing_of(current.db(), current.visitor().person_id, asked.course_id)
    if Capability.INSTRUCTOR not in standing.capabilities:
        raise NotForRole
    return asked


def _others(asked: DeepLinkRow) -> tuple[basket.Unplaced, ...]:
    chosen = {one.activity_id for one in basket.in_basket(asked)}
    return tuple(other for other in basket.unplaced(current.db(), asked.course_id) if other.activity_id not in chosen)


def _add(asked: DeepLinkRow, chosen: Chosen) -> ResponseReturnValue:
    """Into the basket; and on to the LMS, unless the instructor wants to choose more and the LMS takes more."""
    basket.add(current.db(), current.visitor(), asked.id, chosen, current.now())
    if asked.accept_multiple and "more" in request.form:
        return _to("picker.picker", asked, said="chosen")
    return _done(asked)


def _done(asked: DeepLinkRow) -> ResponseReturnValue:
    basket.finish(current.db(), current.visitor(), asked.id, current.now())
    return _to("picker.answer", asked)


def _to(endpoint: str, asked: DeepLinkRow, said: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(endpoint, deep_link_id=asked.id, said=said), 303)


def _practice_page(asked: DeepLinkRow, rubrics: tuple[author.RubricChoice, ...], form: ChoiceForm) -> str:
    return render_template("picker/practice.html", asked=asked, **for_template(rubrics, form))


def _program_page(asked: DeepLinkRow, offers: tuple[ProgramOffer, ...], form: ProgramForm) -> str:
    return render_template("picker/program.html", asked=asked, offers=offers, columns=columns(offers), filled=form)


def _answer_page(asked: DeepLinkRow, told: Told, *, nothing: bool) -> str:
    signed = deep_link_answer.answer(current.db(), asked, _outside(), told=told, now=current.now())
    # Browsers hold redirects after a form to the same list, so the LMS's other addresses are on it too.
    security.may_post_to(origin_of(asked.return_url), *current.visitor().frame_origins)
    return render_template("picker/answer.html", return_url=asked.return_url, answer=signed, nothing=nothing)


def _outside() -> deep_link_answer.Outside:
    public_url = current.settings().public_url
    icon = f"{public_url}{static_url('icon.svg')}" if current.settings().secure else None
    return deep_link_answer.Outside(public_url, icon, review_label=gettext("Observations"))
