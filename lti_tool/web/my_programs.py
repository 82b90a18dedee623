"""My path through a program: where somebody stands, why, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from grading.evidence import Kind
from grading.lifecycle.dates import Due, Name
from grading.lifecycle.rules import Lifecycle
from grading.telling.programs import lifecycle_told, stage_told
from grading.telling.proofs import change_told
from grading.telling.statuses import date_told, facts_told
from lti_tool.access import Field
from lti_tool.services import first_steps, my_programs, own_cells, path_pages
from lti_tool.services.my_programs import Mine, Waits, WaitsForMe
from lti_tool.services.path_pages import Does, Latest, PathPage, StageView, Step, When
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.delivery_words import about_own_cells
from lti_tool.web.first_steps import panel
from lti_tool.web.moments import day
from lti_tool.web.proof_words import MOST_THINGS, STATUS_ICONS, RequirementWords, Words, begun, status_word
from lti_tool.web.texts import _N, gettext

bp = Blueprint("my_programs", __name__)

WAITING = {
    Waits.DECISION: (_N("A decision is there for you to read, when you like."), "/decisions/{id}"),
    Waits.APPEAL: (_N("In your appeal somebody asked you something."), "/appeals/{id}"),
    Waits.PLAN: (_N("A growth plan was proposed to you. It begins only when you say yes."), "/plans/{id}"),
    Waits.MOVE: (_N("A newer edition of the rules was proposed to you. You can stay where you are."), "/moves/{id}"),
    Waits.RETURNED: (_N("An entry came back to you, with what would help."), "/ledger/{id}"),
}
AFTERWARDS = {
    Name.STAGE_ENDS: _N("After this day the certificate of this stage does not hold. What you did is kept."),
    Name.VALID_UNTIL: _N("After this day the certificate does not hold until it is renewed. What you did is kept."),
    Name.RENEWAL_OPENS: _N("From this day on you can renew. Nothing has to be done on the day itself."),
    Name.RENEWAL_CLOSES: _N("After this day the renewal is a late one, where the program has late renewal."),
    Name.LATE_UNTIL: _N("After this day it is not renewed but asked for again, as the program says."),
    Name.REINSTATEMENT_UNTIL: _N("After this day the way back begins as for somebody new."),
    Name.APPLICATION_USABLE_UNTIL: _N("After this day you would apply again. What you did is kept."),
    Name.DECISION_DUE: _N("The program promised a decision by this day. If it is late, that is not your doing."),
    Name.APPEAL_UNTIL: _N("After this day a person decides whether an appeal is still taken up."),
    Name.APPEAL_ANSWER_DUE: _N("The program promised an answer by this day. If it is late, that is not your doing."),
    Name.PROOF_KEPT_UNTIL: _N("Until this day it is good to be able to show what you did."),
}
OF_OTHERS = frozenset({Name.DECISION_DUE, Name.APPEAL_ANSWER_DUE, Name.RENEWAL_OPENS, Name.PROOF_KEPT_UNTIL})
"""Dates by which the person has nothing to do."""
WRITTEN = {
    Kind.PRACTICE: _N("Write down hours of practice"),
    Kind.TRAINING: _N("Write down a training"),
    Kind.SUPERVISION: _N("Write down supervision"),
    Kind.EDUCATION: _N("Write down continuing education"),
}


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """One program in one line."""

    mine: Mine
    status: str
    icon: str
    stage: str
    counts: path_pages.Counts | None
    next: str


@dataclass(frozen=True, slots=True)
class StageWords:
    """A stage with its requirements."""

    view: StageView
    about: tuple[str, ...]
    lines: tuple[RequirementWords, ...]


@dataclass(frozen=True, slots=True)
class StepWords:
    """One next step."""

    title: str
    text: str
    label: str
    address: str | None


@dataclass(frozen=True, slots=True)
class DateWords:
    """One date."""

    text: str
    over: bool
    afterwards: str
    rule: str
    pause: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the visitor."""

    text: str
    address: str
    until: date | None


@bp.get("/path")
@signed_in
def everything() -> ResponseReturnValue:
    """All programs of the visitor, and what waits for them; with one and nothing else that waits: that one."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    mine = my_programs.mine(session, visitor, now)
    waiting = my_programs.waits_for_me(session, visitor, now)
    if len(mine) == 1 and not waiting:
        return redirect(url_for("my_programs.one", enrollment_id=mine[0].enrollment_id), 303)
    return render_template(
        "path/programs.html",
        lines=[line(each) for each in mine],
        waiting=_waiting(waiting),
        first_steps=panel(first_steps.of_trainee(session, visitor, None)),
        to_ask=my_programs.open_to_ask(session, visitor),
        keeps_access=my_programs.has_a_course(session, visitor),
    )


@bp.get("/path/<uuid:enrollment_id>")
@signed_in
def one(enrollment_id: UUID) -> ResponseReturnValue:
    """Where the visitor stands in one program, why, what is next, and who decides."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    stands = my_programs.own_stands(session, visitor, enrollment_id, now)
    page = path_pages.path_page(stands)
    words = words_for(page)
    due = Lifecycle(due_process=page.program.lifecycle.due_process)
    return render_template(
        "path/one.html",
        page=page,
        enrollment_id=enrollment_id,
        status=status_word(page.standing.status),
        icon=STATUS_ICONS[page.standing.status],
        facts=[words.said(each) for each in facts_told(page.standing.facts, _stage_titles(page))],
        latest=_latest(page.latest, words),
        gradebook=about_own_cells(own_cells.of_program(session, visitor.person_id, stands.program_id)),
        steps=[_step(each, words, enrollment_id, page.stands.today) for each in page.steps],
        now_open=_stages(page, words, When.NOW),
        later=_stages(page, words, When.LATER),
        done=_stages(page, words, When.DONE),
        choices=_choices(page, words),
        dates=[_date(each, words, page) for each in page.dates],
        due_process=[words.said(each) for each in lifecycle_told(due)],
        waiting=_waiting(my_programs.waits_for_me(session, visitor, now)),
        first_steps=panel(first_steps.of_trainee(session, visitor, None)),
        readers=my_programs.readers(session, visitor),
        fields=Field,
        keeps_access=my_programs.has_a_course(session, visitor),
    )


def words_for(page: PathPage) -> Words:
    """The words for this program, with the names that the visitor gave to their entries."""
    ids = {_uuid(each.id) for each in path_pages.named(page, MOST_THINGS) if each.id.startswith("ledger:")}
    titles = my_programs.titles_of(current.db(), {each for each in ids if each is not None})
    return Words(page.program, titles, f"/path/{page.stands.enrollment_id}/statements")


def line(mine: Mine) -> ProgramLine:
    """One program in one line, with the next thing or date."""
    if mine.stands is None:
        return ProgramLine(mine, "", "circle", "", None, "")
    page = path_pages.path_page(mine.stands)
    words, standing = Words(page.program), page.standing
    titles = _stage_titles(page)
    first = next(iter(page.steps), None)
    due = standing.next_date
    text = ""
    if first is not None:
        text = _step(first, words, mine.enrollment_id, page.stands.today).title
    elif due is not None:
        text = words.said(date_told(due, standing.on))
    return ProgramLine(
        mine=mine,
        status=status_word(standing.status),
        icon=STATUS_ICONS[standing.status],
        stage=titles.get(standing.stage, ""),
        counts=page.counts if page.counts.asked else None,
        next=text,
    )


def _stages(page: PathPage, words: Words, when: When) -> list[StageWords]:
    return [_stage(each, words, page.stands.today) for each in page.those(when)]


def _choices(page: PathPage, words: Words) -> list[StageWords]:
    return [_stage(each, words, page.stands.today) for each in page.stages if each.is_choice]


def _stage(view: StageView, words: Words, today: date) -> StageWords:
    lines = tuple(words.requirement(each, today) for each in view.standing.requirements)
    return StageWords(view, tuple(words.said(each) for each in stage_told(view.standing.stage)[1:]), lines)


def _stage_titles(page: PathPage) -> dict[str, str]:
    return {each.key: each.title for each in page.program.stages}


def _step(step: Step, words: Words, enrollment_id: UUID, today: date) -> StepWords:
    requirement = step.weighed.requirement
    text = begun(words.said(change_told(step.change, step.form, requirement.who, today)))
    label, address = "", None
    match step.does:
        case Does.SAY:
            label, address = gettext("Say it by a tick"), f"/path/{enrollment_id}/statements"
        case Does.WRITE:
            label = gettext(WRITTEN[step.kind]) if step.kind in WRITTEN else gettext("Write it down")
            address = f"/ledger/new?kind={step.kind.value}" if step.kind else "/ledger"
        case Does.CHECK:
            label, address = gettext("See your entries"), "/ledger"
        case Does.ASK_OBSERVATION:
            activity_id = my_programs.activity_to_ask_in(current.db(), current.visitor())
            if activity_id is not None:
                label, address = gettext("Ask for an observation"), f"/a/{activity_id}/ask"
        case Does.BRING:
            text = gettext("Show it to a person of the program, who notes it.")
        case Does.WAIT:
            text = gettext("%(change)s. Nothing is needed from you.", change=text)
    return StepWords(requirement.title, text, label, address)


def _date(due: Due, words: Words, page: PathPage) -> DateWords:
    over = due.on < page.standing.on
    pause = ""
    if not over and due.name not in OF_OTHERS:
        pause = gettext("A pause moves it.") if due.pausable else gettext("A pause does not move it.")
    title = _stage_titles(page).get(due.stage, "")
    text = words.said(date_told(due, page.standing.on))
    return DateWords(
        text=gettext("%(date)s (%(stage)s)", date=text, stage=title) if title else text,
        over=over,
        afterwards="" if over else gettext(AFTERWARDS[due.name]) if due.name in AFTERWARDS else "",
        rule=gettext("Counted from %(day)s, as the program says.", day=day(due.counted_from)),
        pause=pause,
    )


def _latest(latest: Latest | None, words: Words) -> str:
    if latest is None:
        return ""
    if latest.item is None:
        return gettext("Newest: a decision on %(day)s.", day=day(latest.on))
    return gettext("Newest: %(what)s, on %(day)s.", what=words.what(latest.item), day=day(latest.on))


def _waiting(found: Sequence[WaitsForMe]) -> list[Waiting]:
    titles = my_programs.titles_of(current.db(), [each.id for each in found if each.what is Waits.RETURNED])
    return [_one_waiting(each, titles.get(each.id)) for each in found]


def _one_waiting(each: WaitsForMe, title: str | None) -> Waiting:
    text, address = WAITING[each.what]
    said = gettext("“%(title)s” came back to you, with what would help.", title=title) if title else gettext(text)
    return Waiting(said, address.format(id=each.id), each.until)


def _uuid(id_: str) -> UUID | None:
    try:
        return UUID(id_.partition(":")[2])
    except ValueError:
        return None
