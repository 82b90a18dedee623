"""Supervision and sites at a glance: load, what waits, agreements that end, hours by setting and model."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from grading.over_time import months_until
from grading.practice_gaps import Risk, gaps
from lti_tool.access import Capability
from lti_tool.services.authoring import library
from lti_tool.services.cohorts import rated, site_report
from lti_tool.services.cohorts.site_report import Kinds, Placed
from lti_tool.services.cohorts.supervisor_load import OWN_FIRST, Name, loads, of_nobody, supervisors
from lti_tool.services.courses.places import Place
from lti_tool.services.observations.lines import display_name
from lti_tool.web import current, pictures
from lti_tool.web.access import needs, needs_in_organization, signed_in
from lti_tool.web.cohorts import ratings_words
from lti_tool.web.paging import one_page
from lti_tool.web.pictures import Bar, Bars, Label
from lti_tool.web.tabs import Tab, tabs
from lti_tool.web.texts import _N, gettext, readers_languages
from lti_tool.web.words import word
from rubrics.language import for_reader
from rubrics.practice import PracticeModel, Setting

bp = Blueprint("oversight", __name__)

LEADS = Capability.PROGRAM_LEAD
MONTHS = 6
RISKS: Mapping[Risk, str] = {
    Risk.NO_AGREEMENT: _N("Five or more people are placed here, and no agreement with the site is in force."),
    Risk.NOT_OBSERVED: _N("Five or more people are placed here, and nobody has been observed here for 90 days."),
    Risk.ROLE_DRIFT: _N(
        "In at least a fifth of the observations of the last year somebody was asked to do what does not belong to "
        "the role."
    ),
}


@bp.get("/oversight/supervisors")
@needs_in_organization(LEADS)
def everyone() -> ResponseReturnValue:
    """Every supervisor of the organization, by name, with what they have to do."""
    session, organization_id, now = current.db(), current.visitor().organization_id, current.now()
    paged = one_page(supervisors(session, organization_id))
    return render_template(
        "oversight/supervisors.html",
        paged=paged,
        loads=loads(session, paged.shown, now),
        of_nobody=of_nobody(session, organization_id, now),
        days=OWN_FIRST.days,
    )


@bp.get("/oversight/sites")
@needs_in_organization(LEADS)
def sites() -> ResponseReturnValue:
    """Agreements that end, who is placed how, practice by setting and model, and what concerns several people."""
    session, organization_id, now = current.db(), current.visitor().organization_id, current.now()
    today = now.date()
    report = site_report.practice(session, organization_id, today - site_report.YEAR, today)
    return render_template(
        "oversight/sites.html",
        ending=site_report.ending(session, organization_id, today),
        placed=_placed(site_report.placed(session, organization_id, today)),
        report=report,
        settings=_kinds(report.settings, Setting, site_report.SETTINGS, gettext("Setting")),
        models=_kinds(report.models, PracticeModel, site_report.MODELS, gettext("Practice model")),
        risks=[
            (each.site_id, each.site, gettext(RISKS[each.risk]))
            for each in site_report.site_risks(session, organization_id, now)
        ],
    )


def _placed(found: Sequence[Placed]) -> Bars:
    rows = []
    for each in found:
        label = word(each.compensation) if each.compensation else gettext("not said")
        rows.append(Bar(Label(label), (each.people,), _number(each.people), (_number(each.people),)))
    return pictures.bars((gettext("people"),), rows, (gettext("Placement"), gettext("People")))


def _kinds(of: Kinds, kind: type[StrEnum], names: Sequence[str], head: str) -> Bars:
    rows = []
    for name, people, hours, observations in site_report.rows_by_kind(of, names):
        cells = (_number(people), _number(hours), _number(observations))
        label = word(kind(name)) if name else gettext("not noted")
        rows.append(Bar(Label(label), (hours,), _number(hours), cells))
    heads = (head, gettext("People"), gettext("Signed hours"), gettext("Released observations"))
    return pictures.bars((gettext("signed hours"),), rows, heads)


def _number(value: Decimal | int | None) -> str:
    return gettext("held back") if value is None else pictures.said(value)


@bp.get("/oversight/own")
@signed_in
def own() -> ResponseReturnValue:
    """Of somebody who observes or signs their own numbers, before anybody else has them."""
    visitor = current.visitor()
    me = Name(visitor.person_id, display_name(visitor.person_id, visitor.name))
    (load,) = loads(current.db(), [me], current.now(), own=True)
    return render_template("oversight/own.html", load=load, days=OWN_FIRST.days)


@bp.get("/a/<uuid:activity_id>/oversight")
@needs(Capability.INSTRUCTOR)
def of_course(place: Place) -> ResponseReturnValue:
    """The supervisors of a course, and what of the activity's rubric is not seen: no levels, no words."""
    session, now = current.db(), current.now()
    paged = one_page(supervisors(session, place.organization_id, place.course.id))
    version = library.version(session, place.organization_id, place.activity.rubric_version_id)
    keys = [each.key for each in version.rubric.criteria]
    found = rated.rated(session, version.id, keys, place.course.id)
    return render_template(
        "oversight/course.html",
        place=place,
        tabs=tabs(place),
        tab=Tab.ACTIVITY,
        paged=paged,
        loads=loads(session, paged.shown, now, place.course.id),
        of_nobody=of_nobody(session, place.organization_id, now, place.course.id),
        days=OWN_FIRST.days,
        found=found,
        gaps=ratings_words.gaps_told(
            gaps(found.tallies, now.date(), months_until(now.date(), MONTHS)),
            for_reader(version.rubric, readers_languages()),
            found.enough,
            ratings_words.WITHOUT_LEVELS,
        ),
        back=url_for("landing.landing", activity_id=place.activity.id, tab=Tab.ACTIVITY.value),
    )
