"""Sites: where trainees practice, and what is noted of them. Their contacts and agreements are in `site_parts`."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lti_tool.access import Capability
from lti_tool.services.courses.places import NotHere
from lti_tool.services.editions import scope
from lti_tool.services.practicum import site_writing, sites
from lti_tool.services.practicum.site_writing import SiteWords
from lti_tool.services.practicum.sites import Site
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_of
from lti_tool.web.paging import one_page
from lti_tool.web.practicum.practice_fields import boxes, one_of, options, several_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.practice import Compensation, PracticeModel, Setting
from rubrics.refusal import Refused

bp = Blueprint("sites", __name__)

READERS = (Capability.PROGRAM_LEAD, Capability.INSTRUCTOR)
LONGEST_SEARCH = 100


@bp.get("/sites")
@needs_in_organization(*READERS)
def everywhere() -> ResponseReturnValue:
    """All sites, with how their agreements stand today."""
    organization_id, today = current.visitor().organization_id, current.now().date()
    name = request.args.get("name", "").strip()[:LONGEST_SEARCH]
    put_away = "put_away" in request.args
    paged = one_page(sites.names(current.db(), organization_id, name, put_away=put_away))
    return render_template(
        "sites/sites.html",
        paged=paged,
        sites=sites.with_cover(current.db(), paged.shown, today),
        name=name,
        put_away=put_away,
        i_lead=Capability.PROGRAM_LEAD in current.capabilities(),
    )


@bp.get("/sites/<uuid:site_id>")
@needs_in_organization(*READERS)
def site(site_id: UUID) -> ResponseReturnValue:
    """One site with its contacts, its agreements, and whether it works by the scope of practice."""
    session, visitor, today = current.db(), current.visitor(), current.now().date()
    found = sites.site(session, visitor.organization_id, site_id)
    return render_template(
        "sites/site.html",
        site=found,
        agreements=sites.agreements(session, site_id),
        cover=sites.cover_of(session, [site_id], today)[site_id],
        placed=sites.placed_there(session, site_id, today),
        statement=scope.in_force(session, visitor.organization_id),
        scope_noted=scope.of_site(session, site_id),
        may_change=site_writing.may_change(session, visitor, found.made_by),
        i_lead=Capability.PROGRAM_LEAD in current.capabilities(),
        today=today,
    )


@bp.route("/sites/new", methods=["GET", "POST"])
@needs_in_organization(*READERS)
@act
def new() -> ResponseReturnValue:
    """Add a site."""
    if request.method == "GET":
        return _edit_page(None, MultiDict())
    try:
        site_id = site_writing.add(current.db(), current.visitor(), _typed(), current.now())
    except Refused as refused:
        give_up()
        return _edit_page(None, request.form, in_words(refused)), 422
    return redirect(url_for("sites.site", site_id=site_id, said="site_added"), 303)


@bp.route("/sites/<uuid:site_id>/edit", methods=["GET", "POST"])
@needs_in_organization(*READERS)
@act
def edit(site_id: UUID) -> ResponseReturnValue:
    """Change what is said of a site."""
    found = changeable(site_id)
    if request.method == "GET":
        return _edit_page(found, _form_of(found))
    try:
        site_writing.change(current.db(), current.visitor(), site_id, _typed(), current.now())
    except Refused as refused:
        give_up()
        return _edit_page(changeable(site_id), request.form, in_words(refused)), 422
    return redirect(url_for("sites.site", site_id=site_id, said="site_changed"), 303)


@bp.route("/sites/<uuid:site_id>/put-away", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def put_away(site_id: UUID) -> ResponseReturnValue:
    """Put a site away: asked once, can be undone at any time."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    if request.method == "POST":
        site_writing.put_away(session, visitor, site_id, now)
        return redirect(url_for("sites.site", site_id=site_id, said="site_put_away"), 303)
    found = sites.site(session, visitor.organization_id, site_id)
    return render_template("sites/put_away.html", site=found, placed=sites.placed_there(session, site_id, now.date()))


@bp.post("/sites/<uuid:site_id>/bring-back")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def bring_back(site_id: UUID) -> ResponseReturnValue:
    """Have a site in use again."""
    site_writing.bring_back(current.db(), current.visitor(), site_id, current.now())
    return redirect(url_for("sites.site", site_id=site_id, said="site_back"), 303)


@bp.post("/sites/<uuid:site_id>/scope")
@needs_in_organization(*READERS)
@act
def note_scope(site_id: UUID) -> ResponseReturnValue:
    """Note that the site works by the scope of practice."""
    statement_id = uuid_of(request.form.get("statement"))
    scope.note_site(current.db(), current.visitor(), site_id, statement_id, current.now())
    return redirect(url_for("sites.site", site_id=site_id, said="site_scope_noted"), 303)


def changeable(site_id: UUID) -> Site:
    """The site, for a visitor who may change it. Raises `NotHere` for others."""
    found = sites.site(current.db(), current.visitor().organization_id, site_id)
    if not site_writing.may_change(current.db(), current.visitor(), found.made_by):
        raise NotHere
    return found


def _typed() -> SiteWords:
    return SiteWords(
        name=request.form.get("name", ""),
        address=request.form.get("address", ""),
        crisis_plan=request.form.get("crisis_plan", ""),
        models=several_of(PracticeModel, "models"),
        settings=several_of(Setting, "settings"),
        compensation=one_of(Compensation, "compensation"),
    )


def _form_of(site: Site) -> MultiDict[str, str]:
    pairs = [("name", site.name), ("address", site.address or ""), ("crisis_plan", site.crisis_plan or "")]
    pairs += [("models", one.value) for one in site.models]
    pairs += [("settings", one.value) for one in site.settings]
    pairs += [("compensation", site.compensation.value)] if site.compensation else []
    return MultiDict(pairs)


def _edit_page(site: Site | None, typed: MultiDict[str, str], problem: str | None = None) -> str:
    return render_template(
        "sites/edit.html",
        site=site,
        typed=typed,
        problem=problem,
        models=boxes(PracticeModel),
        settings=boxes(Setting),
        compensations=options(Compensation, _("not said")),
    )
