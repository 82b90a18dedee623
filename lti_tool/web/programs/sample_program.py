"""The sample program: put in place, looked at as a running program is, and taken away again."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.cohorts import cohort_matrix
from lti_tool.services.courses.places import NotHere
from lti_tool.services.programs import path_pages, sample_program
from lti_tool.services.programs.sample_program import MadeUp
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.cohorts.cohort_words import line_words
from lti_tool.web.programs.path_words import path_shown, step_words
from lti_tool.web.programs.program_rules import rules_of
from lti_tool.web.programs.proof_words import Words
from lti_tool.web.texts import _N, gettext

bp = Blueprint("sample_program", __name__)

LEADS = Capability.PROGRAM_LEAD
ABOUT = {
    "alma": _N("%(name)s has just begun. Nothing has to be there yet."),
    "bo": _N("%(name)s is in the middle of it. Some hours wait for a signature, and one point was not observed yet."),
    "carla": _N("%(name)s did what one can do alone. Two signatures of others are still to come."),
    "dara": _N("%(name)s has everything that is asked, and asked for a decision. A person decides, not Attune."),
    "emil": _N("%(name)s pauses, and nobody asks why. Dates that may stand still move along."),
    "fay": _N("%(name)s is certified, and the time for renewal has begun."),
}
"""What each made-up person is there to show."""


@bp.post("/programs/sample")
@needs_in_organization(LEADS)
@act
def put_in_place() -> ResponseReturnValue:
    """Put it in place for everybody who leads programs here."""
    sample_program.put_in_place(current.db(), current.visitor(), current.now())
    return redirect(url_for("sample_program.program", said="sample_in_place"), 303)


@bp.post("/programs/sample/take-away")
@needs_in_organization(LEADS)
@act
def take_away() -> ResponseReturnValue:
    """Take it away for all of them."""
    sample_program.take_away(current.db(), current.visitor(), current.now())
    return redirect(url_for("programs.everything", said="sample_away"), 303)


@bp.get("/programs/sample")
@needs_in_organization(LEADS)
def program() -> ResponseReturnValue:
    """What it asks, who is in it, and taking it away."""
    _require()
    found = sample_program.program()
    return render_template(
        "sample_program/program.html",
        program=found.versions[0].program,
        rules=rules_of(found.versions[0].program),
        people=[(each, _about(each)) for each in sample_program.people(current.now())],
    )


@bp.get("/programs/sample/cohort")
@needs_in_organization(LEADS)
def cohort() -> ResponseReturnValue:
    """Its people by what it asks, as a cohort is looked at."""
    _require()
    people = sample_program.people(current.now())
    addresses = {each.name: url_for("sample_program.person", made_up=each.key) for each in people}
    columns = cohort_matrix.columns(sample_program.program())
    lines = [sample_program.line(each) for each in people]
    return render_template(
        "sample_program/cohort.html",
        program=sample_program.program(),
        columns=columns,
        lines=list(line_words(lines, columns, lambda line: addresses[line.name])),
        today=people[0].stands.today,
    )


@bp.get("/programs/sample/cohort/<made_up>")
@needs_in_organization(LEADS)
def person(made_up: str) -> ResponseReturnValue:
    """The path of one of them, as they would read it."""
    found = _found(made_up)
    page = path_pages.path_page(found.stands)
    words = Words(page.program)
    return render_template(
        "sample_program/person.html",
        **path_shown(page, words),
        person=found,
        about=_about(found),
        steps=[step_words(each, words, page.stands.today) for each in page.steps],
        gradebook="",
    )


@bp.get("/programs/sample/cohort/<made_up>/requirements/<requirement>")
@needs_in_organization(LEADS)
def proof(made_up: str, requirement: str) -> ResponseReturnValue:
    """Why the answer for one requirement is what it is."""
    found = _found(made_up)
    every = (each for stage in found.stands.standing.stages for each in stage.requirements)
    weighed = next((each for each in every if each.requirement.key == requirement), None)
    if weighed is None:
        raise NotHere
    words = Words(found.stands.enrolled.program)
    return render_template(
        "sample_program/proof.html",
        person=found,
        program=words.program,
        asks=words.requirement(weighed, found.stands.today),
    )


def _about(found: MadeUp) -> str:
    return gettext(ABOUT[found.key], name=found.name)


def _require() -> None:
    sample_program.require(current.db(), current.visitor().organization_id)


def _found(key: str) -> MadeUp:
    _require()
    return sample_program.person(key, current.now())
