"""Who is placed where, in a course: the list, one placement, placing a trainee, ending it."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.caseload import board
from lti_tool.services.courses.places import Place
from lti_tool.services.practicum import placements, placing, sites
from lti_tool.services.practicum.placing import PlacementWords, ToKnow
from lti_tool.web import current
from lti_tool.web.access import in_course, needs
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_of, uuid_if_any
from lti_tool.web.paging import one_page
from lti_tool.web.practicum.practice_fields import one_of, options, typed_days
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.placing import Days
from rubrics.practice import Compensation, PracticeModel, Setting
from rubrics.refusal import Refused

bp = Blueprint("placements", __name__)

LONGEST_SEARCH = 100


@bp.get("/a/<uuid:activity_id>/placements")
@needs(Capability.TRAINEE, Capability.OBSERVER, Capability.SUPERVISOR, Capability.INSTRUCTOR)
def everyone(place: Place) -> ResponseReturnValue:
    """One's own placements; and those of the trainees of whom one sees where they practice."""
    session, visitor, today = current.db(), current.visitor(), current.now().date()
    name = request.args.get("name", "").strip()[:LONGEST_SEARCH]
    paged = one_page(placements.trainees(session, visitor, place, name))
    return render_template(
        "placements/placements.html",
        place=place,
        own=placements.own(session, visitor, place, today) if Capability.TRAINEE in place.capabilities else None,
        paged=paged,
        placed=placements.of_trainees(session, place, [person_id for person_id, _name in paged.shown], today),
        name=name,
        i_instruct=Capability.INSTRUCTOR in place.capabilities,
        today=today,
    )


@bp.get("/a/<uuid:activity_id>/placements/<uuid:placement_id>")
@in_course
def one(place: Place, placement_id: UUID) -> ResponseReturnValue:
    """One placement: the site with its contacts and its crisis plan."""
    found = placements.placement(current.db(), current.visitor(), place, placement_id)
    return render_template(
        "placements/placement.html",
        place=place,
        found=found,
        readers=placements.readers(current.db(), place, found.placement.trainee_id, found.trainee_name),
        today=current.now().date(),
    )


@bp.route("/a/<uuid:activity_id>/trainees/<uuid:person_id>/place", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def place_trainee(place: Place, person_id: UUID) -> ResponseReturnValue:
    """Place a trainee: first which site, then from when and how, with what should be known before."""
    if request.method == "GET":
        return _place_page(place, person_id, {}, {})
    problems: dict[str, str] = {}
    words = _typed(problems)
    if words is None or problems:
        return _place_page(place, person_id, request.form, problems), 422
    try:
        placing.place_trainee(
            current.db(),
            current.visitor(),
            place,
            person_id,
            words,
            anyway=request.form.get("anyway") == "yes",
            now=current.now(),
        )
    except Refused as refused:
        give_up()
        if refused.code == "say_anyway":
            known = placing.to_know(current.db(), place.organization_id, words.site_id, words.days)
            return _place_page(place, person_id, request.form, {}, known), 422
        return _place_page(place, person_id, request.form, {"all": in_words(refused)}), 422
    return redirect(url_for("placements.everyone", activity_id=place.activity.id, said="placed"), 303)


@bp.route("/a/<uuid:activity_id>/placements/<uuid:placement_id>/end", methods=["GET", "POST"])
@needs(Capability.INSTRUCTOR)
@act
def end(place: Place, placement_id: UUID) -> ResponseReturnValue:
    """End a placement on a day: asked once."""
    if request.method == "GET":
        return _end_page(place, placement_id, current.now().date().isoformat())
    try:
        last_day = day_of(request.form.get("until"))
    except ValueError:
        problem = _("Please write each day as year, month and day: 2026-03-31.")
        return _end_page(place, placement_id, request.form.get("until", ""), problem), 422
    try:
        placing.end(current.db(), current.visitor(), place, placement_id, last_day=last_day, now=current.now())
    except Refused as refused:
        give_up()
        return _end_page(place, placement_id, request.form.get("until", ""), in_words(refused)), 422
    return redirect(url_for("placements.everyone", activity_id=place.activity.id, said="placement_ended"), 303)


def _end_page(place: Place, placement_id: UUID, until: str, problem: str | None = None) -> str:
    found = placements.placement(current.db(), current.visitor(), place, placement_id)
    return render_template("placements/end.html", place=place, found=found, until=until, problem=problem)


def _typed(problems: dict[str, str]) -> PlacementWords | None:
    site_id = uuid_if_any(request.form.get("site"))
    days = typed_days(problems, usual=current.now().date())
    if site_id is None:
        problems["site"] = _("Please choose a site.")
        return None
    return PlacementWords(
        site_id=site_id,
        days=days,
        model=one_of(PracticeModel, "model"),
        setting=one_of(Setting, "setting"),
        compensation=one_of(Compensation, "compensation"),
    )


def _place_page(
    place: Place,
    person_id: UUID,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    known: ToKnow | None = None,
) -> str:
    """Before a site is chosen only that is asked; with `site` in the address or the form, what the site says is in."""
    session, today = current.db(), current.now().date()
    trainee = board.on_board(session, place, person_id)
    site_id = uuid_if_any(typed.get("site") or request.args.get("site"))
    site = sites.site(session, place.organization_id, site_id) if site_id else None
    usual = {"from": today.isoformat()}
    if site is not None:
        usual |= {
            "model": site.models[0].value if len(site.models) == 1 else "",
            "setting": site.settings[0].value if len(site.settings) == 1 else "",
            "compensation": site.compensation.value if site.compensation else "",
        }
        known = known or (
            None if typed else placing.to_know(session, place.organization_id, site.id, Days(today, None))
        )
    return render_template(
        "placements/place.html",
        place=place,
        trainee=trainee,
        site=site,
        known=known if known and not known.nothing else None,
        choices=[(str(one.id), one.name) for one in sites.names(session, place.organization_id)] if not site else [],
        models=options(PracticeModel, _("not said")),
        settings=options(Setting, _("not said")),
        compensations=options(Compensation, _("not said")),
        typed=usual | dict(typed),
        wanting=problems,
        second_step=bool(typed) and known is not None,
        readers=placements.readers(session, place, person_id, trainee.name),
    )
