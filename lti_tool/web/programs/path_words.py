"""What pages say of a way through a program, in words: the state, what counts, what is next and the dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from grading.lifecycle.dates import Due, Name
from grading.lifecycle.rules import Lifecycle
from grading.telling.programs import lifecycle_told, stage_told
from grading.telling.proofs import change_told
from grading.telling.statuses import date_told, facts_told
from lti_tool.services.programs.path_pages import Does, Latest, PathPage, StageView, Step, When
from lti_tool.web.moments import day
from lti_tool.web.programs.proof_words import STATUS_ICONS, RequirementWords, Words, begun, status_word
from lti_tool.web.texts import _N, gettext

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


def path_shown(page: PathPage, words: Words) -> dict[str, Any]:
    """What `path/_where.html`, `path/_counts.html` and `path/_dates.html` show, and the rules of due process."""
    due = Lifecycle(due_process=page.program.lifecycle.due_process)
    return {
        "page": page,
        "status": status_word(page.standing.status),
        "icon": STATUS_ICONS[page.standing.status],
        "facts": [words.said(each) for each in facts_told(page.standing.facts, stage_titles(page))],
        "latest": _latest(page.latest, words),
        "now_open": _stages(page, words, When.NOW),
        "later": _stages(page, words, When.LATER),
        "done": _stages(page, words, When.DONE),
        "choices": _choices(page, words),
        "dates": [_date(each, words, page) for each in page.dates],
        "due_process": [words.said(each) for each in lifecycle_told(due)],
    }


def stage_titles(page: PathPage) -> dict[str, str]:
    """What the stages are called, by their keys."""
    return {each.key: each.title for each in page.program.stages}


def step_words(step: Step, words: Words, today: date) -> StepWords:
    """A next step, without a place where it is done."""
    requirement = step.weighed.requirement
    text = begun(words.said(change_told(step.change, step.form, requirement.who, today)))
    if step.does is Does.BRING:
        text = gettext("Show it to a person of the program, who notes it.")
    elif step.does is Does.WAIT:
        text = gettext("%(change)s. Nothing is needed from you.", change=text)
    return StepWords(requirement.title, text, "", None)


def _stages(page: PathPage, words: Words, when: When) -> list[StageWords]:
    return [_stage(each, words, page.stands.today) for each in page.those(when)]


def _choices(page: PathPage, words: Words) -> list[StageWords]:
    return [_stage(each, words, page.stands.today) for each in page.stages if each.is_choice]


def _stage(view: StageView, words: Words, today: date) -> StageWords:
    lines = tuple(words.requirement(each, today) for each in view.standing.requirements)
    return StageWords(view, tuple(words.said(each) for each in stage_told(view.standing.stage)[1:]), lines)


def _date(due: Due, words: Words, page: PathPage) -> DateWords:
    over = due.on < page.standing.on
    pause = ""
    if not over and due.name not in OF_OTHERS:
        pause = gettext("A pause moves it.") if due.pausable else gettext("A pause does not move it.")
    title = stage_titles(page).get(due.stage, "")
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
