"""My path through a program: where somebody stands, why, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from grading.evidence import Kind
from grading.telling.statuses import date_told
from lti_tool.access import Field
from lti_tool.services.entering import first_steps
from lti_tool.services.programs import my_programs, path_pages
from lti_tool.services.programs.my_programs import Mine, Waits, WaitsForMe
from lti_tool.services.programs.path_pages import Does, PathPage, Step
from lti_tool.services.scores import own_cells
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.entering.first_steps import panel
from lti_tool.web.form_values import uuid_if_any
from lti_tool.web.programs.path_words import StepWords, path_shown, stage_titles, step_words
from lti_tool.web.programs.proof_words import MOST_THINGS, STATUS_ICONS, Words, status_word
from lti_tool.web.scores.delivery_words import about_own_cells
from lti_tool.web.texts import _N, gettext

bp = Blueprint("my_programs", __name__)

WAITING = {
    Waits.DECISION: (_N("A decision is there for you to read, when you like."), "/decisions/{id}"),
    Waits.APPEAL: (_N("In your appeal somebody asked you something."), "/appeals/{id}"),
    Waits.PLAN: (_N("A growth plan was proposed to you. It begins only when you say yes."), "/plans/{id}"),
    Waits.MOVE: (_N("A newer edition of the rules was proposed to you. You can stay where you are."), "/moves/{id}"),
    Waits.RETURNED: (_N("An entry came back to you, with what would help."), "/ledger/{id}"),
}
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
    return render_template(
        "path/one.html",
        **path_shown(page, words),
        enrollment_id=enrollment_id,
        gradebook=about_own_cells(own_cells.of_program(session, visitor.person_id, stands.program_id)),
        steps=[_step(each, words, enrollment_id, page.stands.today) for each in page.steps],
        waiting=_waiting(my_programs.waits_for_me(session, visitor, now)),
        first_steps=panel(first_steps.of_trainee(session, visitor, None)),
        readers=my_programs.readers(session, visitor),
        fields=Field,
        keeps_access=my_programs.has_a_course(session, visitor),
    )


def words_for(page: PathPage) -> Words:
    """The words for this program, with the names that the visitor gave to their entries."""
    ids = {
        uuid_if_any(each.id.partition(":")[2])
        for each in path_pages.named(page, MOST_THINGS)
        if each.id.startswith("ledger:")
    }
    titles = my_programs.titles_of(current.db(), {each for each in ids if each is not None})
    return Words(page.program, titles, f"/path/{page.stands.enrollment_id}/statements")


def line(mine: Mine) -> ProgramLine:
    """One program in one line, with the next thing or date."""
    if mine.stands is None:
        return ProgramLine(mine, "", "circle", "", None, "")
    page = path_pages.path_page(mine.stands)
    standing = page.standing
    first = next(iter(page.steps), None)
    due = standing.next_date
    text = ""
    if first is not None:
        text = first.weighed.requirement.title
    elif due is not None:
        text = Words(page.program).said(date_told(due, standing.on))
    return ProgramLine(
        mine=mine,
        status=status_word(standing.status),
        icon=STATUS_ICONS[standing.status],
        stage=stage_titles(page).get(standing.stage, ""),
        counts=page.counts if page.counts.asked else None,
        next=text,
    )


def _step(step: Step, words: Words, enrollment_id: UUID, today: date) -> StepWords:
    found = step_words(step, words, today)
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
    return replace(found, label=label, address=address)


def _waiting(found: Sequence[WaitsForMe]) -> list[Waiting]:
    titles = my_programs.titles_of(current.db(), [each.id for each in found if each.what is Waits.RETURNED])
    return [_one_waiting(each, titles.get(each.id)) for each in found]


def _one_waiting(each: WaitsForMe, title: str | None) -> Waiting:
    text, address = WAITING[each.what]
    said = gettext("“%(title)s” came back to you, with what would help.", title=title) if title else gettext(text)
    return Waiting(said, address.format(id=each.id), each.until)
