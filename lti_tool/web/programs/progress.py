"""Pictures of how a path or a cohort went on, each with its table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from grading.coverage import Line, OfFramework
from grading.funnel import Step
from grading.over_time import days_between, months_until, on_days
from grading.practice_gaps import gaps
from grading.profile import Profile, Shown, settings_of
from grading.proof import Answer
from grading.spoken import competency_in, framework_in
from lti_tool.access import Capability, Who
from lti_tool.services.cohorts import rated
from lti_tool.services.cohorts.funnel import Entered, entered
from lti_tool.services.competencies.own_competencies import OwnCompetencies, own_competencies
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader
from lti_tool.services.programs import my_programs, program_versions
from lti_tool.services.programs.program_versions import Version
from lti_tool.web import current, pictures
from lti_tool.web.access import needs_in_organization, signed_in
from lti_tool.web.authoring.library import edition_asked_for
from lti_tool.web.cohorts import ratings_words
from lti_tool.web.form_values import day_of
from lti_tool.web.moments import day
from lti_tool.web.pictures import Bar, Bars, Heat, Label
from lti_tool.web.texts import _N, gettext, readers_languages
from lti_tool.web.words import word
from rubrics.language import for_reader
from rubrics.practice import Setting

bp = Blueprint("progress", __name__)

MONTHS = 6
"""So many are looked back on."""
LEADS = Capability.PROGRAM_LEAD
USUAL_SPAN = timedelta(days=365)
STEPS: Mapping[Step, str] = {
    Step.ENTERED: _N("entered"),
    Step.OBSERVED: _N("had a first observation"),
    Step.HALF: _N("half of what is asked is met"),
    Step.READY: _N("everything is there for a decision"),
    Step.CERTIFIED: _N("certified"),
}
ANSWERS: Mapping[Answer, str] = {
    Answer.MET: _N("met"),
    Answer.WAITING: _N("waiting for someone"),
    Answer.NOT_YET: _N("not yet"),
    Answer.UNKNOWN: _N("not known"),
}
"""In the order of the parts of a bar; whom something does not concern is left out."""
MOST_LINES = 60
"""Competencies that are named in one list; of more, how many there are."""


@dataclass(frozen=True, slots=True)
class ShownWords:
    """A competency that was shown, with what was seen the last time."""

    label: Label
    times: int
    last: str
    levels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class ProfileWords:
    """One framework."""

    title: Label
    notice: str
    picture: Heat
    shown: tuple[ShownWords, ...]
    not_yet: tuple[Label, ...]
    not_yet_more: int
    apart: tuple[Label, ...]


@bp.get("/path/<uuid:enrollment_id>/progress")
@signed_in
def over_time(enrollment_id: UUID) -> ResponseReturnValue:
    """What was met on some days since the visitor entered the program, by what was known on each."""
    session, visitor = current.db(), current.visitor()
    stands = my_programs.own_stands(session, visitor, enrollment_id, current.now())
    on = stands.enrolled
    entered = on.evidence.entered_on or stands.today
    found = on_days(on.program, on.evidence, days_between(min(entered, stands.today), stands.today))
    return render_template(
        "progress/over_time.html",
        enrollment_id=enrollment_id,
        program=on.program,
        last=found[-1],
        picture=pictures.line(
            (gettext("met"), gettext("met, or waits for someone else")),
            [each.day for each in found],
            ([each.met for each in found], [each.met + each.waiting for each in found]),
            (gettext("Day"), gettext("Met"), gettext("Met, or waits for someone else")),
            at_least=found[-1].asked,
        ),
        readers=my_programs.readers(session, visitor),
    )


@bp.get("/path/<uuid:enrollment_id>/competencies")
@signed_in
def competencies(enrollment_id: UUID) -> ResponseReturnValue:
    """Which competencies the visitor showed in which setting, and how often."""
    session, visitor = current.db(), current.visitor()
    my_programs.own_enrollment(session, visitor, enrollment_id)
    found = own_competencies(session, visitor, readers_languages())
    settings = settings_of(found.profiles)
    return render_template(
        "progress/competencies.html",
        enrollment_id=enrollment_id,
        found=found,
        profiles=[_profile(each, found, settings) for each in found.profiles],
        only_me=(Reader(Who.TRAINEE, (display_name(visitor.person_id, visitor.name),)),),
    )


@bp.get("/programs/<uuid:program_id>/funnel")
@needs_in_organization(LEADS)
def funnel(program_id: UUID) -> ResponseReturnValue:
    """How far those went who entered a program between two days, and what of the requirements is met."""
    session, now = current.db(), current.now()
    row = program_versions.found_program(session, current.visitor().organization_id, program_id)
    first, last, problem = _span(now.date())
    found = entered(session, program_id, first, last, now)
    return render_template(
        "progress/funnel.html",
        program=row,
        first=first,
        last=last,
        problem=problem,
        found=found,
        unknown=max((each.unknown for each in found.steps), default=0),
        steps=_steps(found),
        requirements=_requirements(found, program_versions.versions(session, program_id)),
    )


def _span(today: date) -> tuple[date, date, str | None]:
    """The days that the address asks for; those of a year, where it asks for none or cannot be read."""
    try:
        last = day_of(request.args.get("until")) or today
        first = day_of(request.args.get("from")) or last - USUAL_SPAN
    except (ValueError, OverflowError):
        return today - USUAL_SPAN, today, gettext("Please write each day as year, month and day: 2026-03-31.")
    if last < first:
        return first, last, gettext("The last day comes before the first. Please check both.")
    return first, last, None


def _steps(found: Entered) -> Bars:
    rows = [
        Bar(Label(gettext(STEPS[each.step])), (each.people, each.unknown), str(each.people)) for each in found.steps
    ]
    heads = (gettext("Step"), gettext("People"), gettext("Not worked out yet"))
    return pictures.bars((gettext("reached it"), gettext("not worked out yet")), rows, heads, at_least=found.people)


def _requirements(found: Entered, versions: Sequence[Version]) -> Bars:
    titles = {each.key: each.title for version in versions for each in version.program.requirements}
    rows = []
    for key in sorted(found.answers, key=list(titles).index if found.answers.keys() <= titles.keys() else str):
        counts = tuple(found.answers[key].get(answer, 0) for answer in ANSWERS)
        rows.append(Bar(Label(titles.get(key, key)), counts, str(counts[0])))
    names = [gettext(name) for name in ANSWERS.values()]
    return pictures.bars(names, rows, (gettext("Requirement"), *names), at_least=found.people)


@bp.get("/rubrics/<uuid:rubric_id>/ratings")
@needs_in_organization(LEADS)
def ratings(rubric_id: UUID) -> ResponseReturnValue:
    """How the criteria of one edition were rated, in a course or everywhere; what is not seen; how it went on."""
    session, today = current.db(), current.now().date()
    version = edition_asked_for(rubric_id)
    places = rated.courses(session, version.id)
    course = next((one for one in places if one.shown and str(one.course_id) == request.args.get("course")), None)
    keys = [each.key for each in version.rubric.criteria]
    found = rated.rated(session, version.id, keys, course.course_id if course else None)
    spoken = for_reader(version.rubric, readers_languages())
    months = months_until(today, MONTHS)
    return render_template(
        "progress/ratings.html",
        version=version,
        rubric=spoken,
        editions=range(version.newest, 0, -1),
        places=[(str(one.course_id), one.title) for one in places if one.shown],
        left_out=sum(not one.shown for one in places),
        course=course,
        found=found,
        most=rated.MOST,
        gaps=ratings_words.gaps_told(gaps(found.tallies, today, months), spoken, found.enough),
        picture=ratings_words.distribution(found.tallies, spoken) if found.enough else None,
        over_time=ratings_words.over_time(found.tallies, spoken, months) if found.enough else None,
        level_names=ratings_words.level_names(spoken),
    )


def _profile(of: Profile, found: OwnCompetencies, settings: Sequence[str]) -> ProfileWords:
    title = framework_in(of.of.framework, readers_languages())
    shown = tuple(_shown(of.of, each, found) for each in of.shown)
    names = [word(Setting(each)) if each else gettext("setting not noted") for each in settings]
    counts = [[each.by_setting.get(setting, 0) for setting in settings] for each in of.shown]
    return ProfileWords(
        title=Label(title.statement, title.language),
        notice=of.of.framework.notice,
        picture=pictures.heat(
            names,
            [(each.label, row) for each, row in zip(shown, counts, strict=True)],
            (gettext("Competency"), *names),
        ),
        shown=shown,
        not_yet=tuple(_labels(of.of, of.not_yet[:MOST_LINES])),
        not_yet_more=max(0, len(of.not_yet) - MOST_LINES),
        apart=tuple(_labels(of.of, of.apart[:MOST_LINES])),
    )


def _shown(of: OfFramework, each: Shown, found: OwnCompetencies) -> ShownWords:
    levels = []
    for column, number in each.latest.levels:
        worded = found.criteria[column]
        level = worded.criterion.level(number)
        label = Label(level.label if level else str(number), worded.language)
        if label not in levels:
            levels.append(label)
    (label,) = _labels(of, [Line(each.competency, ())])
    return ShownWords(label, each.times, day(each.latest.on), tuple(levels))


def _labels(of: OfFramework, lines: Sequence[Line]) -> Iterator[Label]:
    for line in lines:
        words = competency_in(line.competency, of.framework.language, readers_languages())
        text = f"{line.competency.code} {words.short or words.statement}".strip()
        yield Label(text, words.language)
