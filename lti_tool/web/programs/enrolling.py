"""Being on the way through a program: enrolling, who is enrolled, one person's enrollment as program leads see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.proof import Answer
from grading.standing import StageStanding
from lti_tool.access import Capability, Field
from lti_tool.services.authoring import drafts
from lti_tool.services.personal_data import record_access
from lti_tool.services.programs import enrolling, enrollment_lists, program_lists
from lti_tool.services.programs.enrolling import Entering
from lti_tool.services.programs.enrollment_lists import ON_A_PAGE, Line
from lti_tool.services.programs.program_lists import InUse
from lti_tool.services.programs.program_versions import day_in
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any, uuid_of
from lti_tool.web.paging import page_of
from lti_tool.web.programs.program_rules import rules_of
from lti_tool.web.programs.proof_words import STATUS_ICONS, RequirementWords, Words, status_word
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("enrolling", __name__)

LEADS = Capability.PROGRAM_LEAD
LONGEST_SEARCH = 100
SETTLED = frozenset({Answer.MET, Answer.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in the list, with the word for where they are."""

    line: Line
    edition: str
    status: str
    icon: str


@dataclass(frozen=True, slots=True)
class StageSummary:
    """One stage of somebody, as a program lead reads it."""

    title: str
    met: int
    asked: int
    waiting: int
    ready: bool
    lines: tuple[RequirementWords, ...]


@bp.get("/programs/<uuid:program_id>/people")
@needs_in_organization(LEADS)
@writes
def everyone(program_id: UUID) -> ResponseReturnValue:
    """Who is enrolled, by name, a page at a time; with `ended` who was."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    program = _program(program_id)
    name, ended = request.args.get("name", "").strip()[:LONGEST_SEARCH], "ended" in request.args
    found = enrollment_lists.listed(session, program, name, ended=ended)
    paged = page_of(
        found.count,
        lambda first, most: enrollment_lists.lines(session, program, found, now, first=first, most=most, ended=ended),
        most=ON_A_PAGE,
    )
    if not ended:
        record_access.log_reading_of_several(
            session, visitor, trainees=[line.person_id for line in paged.shown], fields=[Field.STANDING], now=now
        )
    return render_template(
        "enrolling/people.html",
        program=program,
        paged=paged,
        people=[_in_list(line) for line in paged.shown],
        name=name,
        ended=ended,
    )


@bp.route("/programs/<uuid:program_id>/enroll", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def enroll(program_id: UUID) -> ResponseReturnValue:
    """Look for people of the organization, and enroll them."""
    program = _program(program_id)
    if request.method == "GET":
        return _enroll_page(program)
    form = request.form
    people = [uuid_of(text) for text in form.getlist("person")]
    try:
        entering = Entering(_day(form.get("entered_on")), form.get("edition") or None)
        came = enrolling.enroll(
            current.db(), drafts.author(current.visitor()), program_id, people, entering, current.now()
        )
    except Refused as refused:
        give_up()
        return _enroll_page(_program(program_id), problem=in_words(refused)), 422
    said = "enrolled" if came.new else "enrolled_already"
    return redirect(url_for("enrolling.everyone", program_id=program_id, said=said), 303)


@bp.route("/programs/<uuid:program_id>/join", methods=["GET", "POST"])
@signed_in
@act
def join(program_id: UUID) -> ResponseReturnValue:
    """Read the rules in full, and begin."""
    program, visitor = _program(program_id), current.visitor()
    if request.method == "GET":
        there = program_lists.mine(current.db(), visitor.person_id).get(program_id)
        return redirect(f"/path/{there}", 303) if there else _join_page(program)
    read = uuid_if_any(request.form.get("version")) if request.form.get("read") == "yes" else None
    try:
        enrollment_id = enrolling.join(current.db(), visitor, program_id, read=read, now=current.now())
    except Refused as refused:
        give_up()
        return _join_page(_program(program_id), in_words(refused)), 422
    return redirect(f"/path/{enrollment_id}?said=joined", 303)


@bp.get("/people-of/<uuid:enrollment_id>")
@needs_in_organization(LEADS)
@writes
def person(enrollment_id: UUID) -> ResponseReturnValue:
    """One enrollment for a program lead: where they stand, what waits, what can be done."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    opened = enrollment_lists.opened(session, visitor, enrollment_id, now)
    record_access.log_reading(
        session, visitor, trainee_id=opened.person_id, seen={None: {Field.STANDING, Field.PAUSE}}, now=now
    )
    standing = opened.stands.standing
    words = Words(opened.stands.enrolled.program, noted=f"/people-of/{enrollment_id}/noted", observations=False)
    return render_template(
        "enrolling/person.html",
        enrollment=opened,
        enrollment_id=enrollment_id,
        stages=[_stage(stage, words, opened.stands.today) for stage in standing.stages],
        ready=[each.stage.title for each in standing.stages if each.stage.key in standing.facts.ready],
        status=status_word(standing.status),
        icon=STATUS_ICONS[standing.status],
        newer=[each for each in opened.versions if each.program.edition != standing.edition],
        itself=opened.person_id == visitor.person_id,
    )


@bp.route("/people-of/<uuid:enrollment_id>/take-out", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@act
def take_out(enrollment_id: UUID) -> ResponseReturnValue:
    """Take somebody out of a program: asked once, can be undone."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    if request.method == "POST":
        enrolling.take_out(session, visitor, enrollment_id, now)
        return redirect(url_for("enrolling.person", enrollment_id=enrollment_id, said="taken_out_of_program"), 303)
    return render_template(
        "enrolling/take_out.html", enrollment=enrollment_lists.opened(session, visitor, enrollment_id, now)
    )


@bp.post("/people-of/<uuid:enrollment_id>/bring-back")
@needs_in_organization(LEADS)
@act
def bring_back(enrollment_id: UUID) -> ResponseReturnValue:
    """Have them on it again, as before."""
    enrolling.bring_back(current.db(), current.visitor(), enrollment_id, current.now())
    return redirect(url_for("enrolling.person", enrollment_id=enrollment_id, said="back_in_program"), 303)


def _program(program_id: UUID) -> InUse:
    return program_lists.program(current.db(), current.visitor().organization_id, program_id)


def _in_list(line: Line) -> PersonLine:
    if line.status is None:
        return PersonLine(line, "", gettext("not on it any more"), "circle")
    return PersonLine(line, line.edition, status_word(line.status), STATUS_ICONS[line.status])


def _stage(stage: StageStanding, words: Words, today: date) -> StageSummary:
    return StageSummary(
        title=stage.stage.title,
        met=stage.met,
        asked=stage.asked,
        waiting=sum(each.proof.answer is Answer.WAITING for each in stage.requirements),
        ready=stage.answer is Answer.MET,
        lines=tuple(words.requirement(each, today) for each in stage.requirements),
    )


def _enroll_page(program: InUse, problem: str | None = None) -> str:
    name = request.values.get("name", "").strip()[:LONGEST_SEARCH]
    newest = program.versions[-1].program
    return render_template(
        "enrolling/enroll.html",
        program=program,
        found=enrollment_lists.people_named(current.db(), current.visitor().organization_id, program.id, name),
        name=name,
        today=day_in(newest, current.now()),
        zone=newest.time_zone,
        editions=_editions(program),
        now_in_force=program.for_newcomers(current.now()),
        chosen=request.form.getlist("person"),
        typed=request.form,
        problem=problem,
    )


def _editions(program: InUse) -> Sequence[tuple[str, str]]:
    by_day = gettext("The one in force on that day")
    named = [
        (each.program.edition, gettext("Edition %(name)s", name=each.program.edition)) for each in program.versions
    ]
    return [("", by_day), *named]


def _join_page(program: InUse, problem: str | None = None) -> str:
    version = program.for_newcomers(current.now())
    return render_template(
        "enrolling/join.html", program=program, version=version, rules=rules_of(version.program), problem=problem
    )


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise Refused("no_day", "Please give the day on which they entered, such as 2026-05-01.") from None
