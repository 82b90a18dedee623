"""The library of scenarios: looking for one, writing, the review with lived experience, publishing."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents import DocumentProblems
from lti_tool.services.authoring import drafts, scenario_lists, scenario_reviews, scenarios
from lti_tool.services.authoring.scenario_reviews import Given
from lti_tool.services.authoring.scenarios import CHANGED_MEANWHILE, Edit, Opened
from lti_tool.services.courses.places import NotHere
from lti_tool.services.exchange import scenario_files
from lti_tool.store.scenarios import ScenarioState
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring.examples import brought
from lti_tool.web.authoring.library import language_name
from lti_tool.web.authoring.scenario_fields import choices, tag_word, typed, value_if_any, values_of, wanted
from lti_tool.web.exchange.file_problems import said_of
from lti_tool.web.paging import page_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext, readers_languages
from lti_tool.web.words import word
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused
from rubrics.scenario import KnownTag

bp = Blueprint("scenarios", __name__)

WRITE = Capability.PROGRAM_LEAD
REVIEW = Capability.REVIEWER
READ = (WRITE, REVIEW, Capability.INSTRUCTOR, Capability.SUPERVISOR, Capability.OBSERVER)
OFFERED = frozenset({ScenarioState.PUBLISHED})
EVERY = frozenset(ScenarioState)
ASKED = ("q", "tag", "model", "setting", "language", "state")
"""What an address of a list may ask for."""


@bp.get("/scenarios")
@needs_in_organization(*READ)
def every() -> ResponseReturnValue:
    """What is offered; for those who write or review also what is written, and (`state=`) what was put away."""
    state = value_if_any(ScenarioState, request.args.get("state"))
    states = (frozenset({state}) if state else EVERY - {ScenarioState.PUT_AWAY}) if _sees_drafts() else OFFERED
    return render_template(
        "scenarios/scenarios.html",
        sees_drafts=_sees_drafts(),
        may_write=WRITE in current.capabilities(),
        state=state,
        **found(wanted(states)),
    )


@bp.route("/scenarios/new", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def new() -> ResponseReturnValue:
    """Write a scenario; a title and a language are enough to begin with."""
    if request.method == "GET":
        return _form({"language": readers_languages()[0]})
    made = typed(request.form)
    if made.problems:
        return _form(_as_typed(), problems=made.problems), 422
    scenario_id = scenarios.write(current.db(), drafts.author(current.visitor()), made.scenario, current.now())
    return redirect(url_for("scenarios.scenario", scenario_id=scenario_id, said="scenario_saved"), 303)


@bp.get("/scenarios/<uuid:scenario_id>")
@needs_in_organization(*READ)
def scenario(scenario_id: UUID) -> ResponseReturnValue:
    """What it is about, before it is opened; for those who write or review, how far it is."""
    return _page(_opened(scenario_id))


@bp.get("/scenarios/<uuid:scenario_id>/open")
@needs_in_organization(*READ)
def opened(scenario_id: UUID) -> ResponseReturnValue:
    """The situation itself."""
    back = url_for("scenarios.scenario", scenario_id=scenario_id)
    return render_template("scenarios/opened.html", scenario=_opened(scenario_id).scenario, back=back, **words())


@bp.route("/scenarios/<uuid:scenario_id>/edit", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def edit(scenario_id: UUID) -> ResponseReturnValue:
    """Change it. Where someone else did meanwhile, both are shown."""
    stands = _opened(scenario_id)
    if stands.state is ScenarioState.PUT_AWAY:
        raise NotHere
    if request.method == "GET":
        return _form(values_of(stands.scenario), stands)
    made = typed(request.form)
    if made.problems:
        return _form(_as_typed(), stands, problems=made.problems), 422
    wanted_so = Edit(made.scenario, request.form.get("digest", ""))
    try:
        now_id = scenarios.change(current.db(), drafts.author(current.visitor()), scenario_id, wanted_so, current.now())
    except Refused as refused:
        if refused.code != CHANGED_MEANWHILE:
            raise
        transactions.give_up()
        return _form(_as_typed(), _opened(scenario_id), both=True), 422
    return redirect(url_for("scenarios.scenario", scenario_id=now_id, said="scenario_saved"), 303)


@bp.route("/scenarios/<uuid:scenario_id>/review", methods=["GET", "POST"])
@needs_in_organization(REVIEW)
@act
def review(scenario_id: UUID) -> ResponseReturnValue:
    """The whole of it to read, and what a reviewer with lived experience says of exactly these words."""
    stands = _opened(scenario_id)
    if request.method == "GET":
        return _review_page(stands)
    agrees = {"yes": True, "no": False}.get(request.form.get("ready", ""))
    if agrees is None:
        return _review_page(stands, gettext("Please say whether it can be offered.")), 422
    try:
        scenario_reviews.review(
            current.db(),
            drafts.author(current.visitor()),
            scenario_id,
            Given(agrees, request.form.get("words", "")),
            of_digest=request.form.get("digest", ""),
            stands=stands.digest,
            now=current.now(),
        )
    except Refused as refused:
        transactions.give_up()
        return _review_page(_opened(scenario_id), in_words(refused)), 422
    return redirect(url_for("scenarios.scenario", scenario_id=scenario_id, said="scenario_reviewed"), 303)


@bp.post("/scenarios/<uuid:scenario_id>/publish")
@needs_in_organization(WRITE)
@act
def publish(scenario_id: UUID) -> ResponseReturnValue:
    """Offer it from now on."""
    by, of_digest = drafts.author(current.visitor()), request.form.get("digest", "")
    try:
        scenarios.publish(current.db(), by, scenario_id, of_digest=of_digest, now=current.now())
    except Refused as refused:
        transactions.give_up()
        return _page(_opened(scenario_id), in_words(refused)), 422
    return redirect(url_for("scenarios.scenario", scenario_id=scenario_id, said="scenario_published"), 303)


@bp.post("/scenarios/<uuid:scenario_id>/put-away")
@needs_in_organization(WRITE)
@act
def put_away(scenario_id: UUID) -> ResponseReturnValue:
    """Offer it no more; it can be brought back."""
    scenarios.put_away(current.db(), drafts.author(current.visitor()), scenario_id, current.now())
    return redirect(url_for("scenarios.scenario", scenario_id=scenario_id, said="scenario_put_away"), 303)


@bp.post("/scenarios/<uuid:scenario_id>/bring-back")
@needs_in_organization(WRITE)
@act
def bring_back(scenario_id: UUID) -> ResponseReturnValue:
    """Have it again as it was."""
    scenarios.bring_back(current.db(), drafts.author(current.visitor()), scenario_id, current.now())
    return redirect(url_for("scenarios.scenario", scenario_id=scenario_id, said="scenario_brought_back"), 303)


@bp.route("/scenarios/bring", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def bring() -> ResponseReturnValue:
    """Scenarios from a file or pasted."""
    if request.method == "GET":
        return render_template("scenarios/bring.html", typed="", problems=[])
    by, text = drafts.author(current.visitor()), request.form.get("text", "")
    try:
        count = scenario_files.bring(current.db(), by, brought(text), current.now())
    except DocumentProblems as told:
        transactions.give_up()
        problems = [said_of(each) for each in told.problems]
        return render_template("scenarios/bring.html", typed=text, problems=problems), 422
    said = "scenarios_brought" if count else "scenarios_known"
    return redirect(url_for("scenarios.every", said=said), 303)


@bp.get("/scenarios/file")
@needs_in_organization(WRITE)
def file() -> ResponseReturnValue:
    """What is offered and what is being written, as TOML."""
    taken = scenario_files.take_along(current.db(), current.visitor().organization_id)
    response = Response(taken.content, mimetype=taken.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=taken.name)
    return response


def found(asked: scenario_lists.Wanted, *, most: int = 20) -> dict[str, Any]:
    """A page of the scenarios that are asked for, and what else can be asked."""
    session, organization_id = current.db(), current.visitor().organization_id
    return {
        "asked": asked,
        "paged": page_of(
            scenario_lists.count(session, organization_id, asked),
            lambda first, many: scenario_lists.listed(session, organization_id, asked, first, many),
            most=most,
        ),
        "tags": scenario_lists.tags(session, organization_id, asked.states),
        "languages": scenario_lists.languages(session, organization_id, asked.states),
        "models": choices(PracticeModel),
        "settings": choices(Setting),
        "address": _address(),
        **words(),
    }


def words() -> dict[str, Any]:
    """What templates say tags and languages with."""
    return {"tag_word": tag_word, "language_name": language_name}


def _address() -> str:
    """This list without its page, for links to its other pages."""
    asked = {name: request.args[name] for name in ASKED if name in request.args}
    return f"{request.path}?{urlencode(asked)}" if asked else request.path


def _sees_drafts() -> bool:
    return bool({WRITE, REVIEW} & current.capabilities())


def _opened(scenario_id: UUID) -> Opened:
    """For those who neither write nor review only what is offered. Raises `NotHere`."""
    find = scenarios.opened if _sees_drafts() else scenarios.published
    return find(current.db(), current.visitor().organization_id, scenario_id)


def _page(stands: Opened, problem: str | None = None) -> str:
    needed = None
    if _sees_drafts():
        needed = scenarios.checklist(current.db(), current.visitor().organization_id, stands)
    return render_template(
        "scenarios/scenario.html",
        stands=stands,
        scenario=stands.scenario,
        needed=needed,
        may_write=WRITE in current.capabilities(),
        may_review=REVIEW in current.capabilities(),
        problem=problem,
        **words(),
    )


def _as_typed() -> dict[str, Any]:
    """The form as it was sent, for showing it again."""
    several = {name: request.form.getlist(name) for name in ("tag", "model", "setting")}
    return request.form.to_dict() | several


def _form(values: dict[str, Any], stands: Opened | None = None, *, problems: Any = None, both: bool = False) -> str:
    return render_template(
        "scenarios/edit.html",
        values=values,
        stands=stands,
        theirs=stands if both else None,
        lacking=problems or {},
        known_tags=[(tag.value, word(tag).capitalize(), None) for tag in KnownTag],
        models=choices(PracticeModel),
        settings=choices(Setting),
        **words(),
    )


def _review_page(stands: Opened, problem: str | None = None) -> str:
    me = current.visitor().person_id
    return render_template(
        "scenarios/review.html",
        stands=stands,
        scenario=stands.scenario,
        took_part=me in scenario_reviews.writers(current.db(), stands.id),
        ready=request.form.get("ready"),
        typed=request.form.get("words", ""),
        longest_words=scenario_reviews.LONGEST_WORDS,
        problem=problem,
        **words(),
    )
