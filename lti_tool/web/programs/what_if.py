"""What if: the same with something made up, side by side. A form of addresses: nothing is kept anywhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from grading.evidence import Kind
from grading.hours import read_hours
from grading.standing import StageStanding, Weighed
from grading.telling.statuses import date_told
from grading.telling.words import THINGS, amount
from lti_tool.services.programs import my_programs, path_pages
from lti_tool.services.programs.path_pages import Counts, PathPage
from lti_tool.services.standing import what_if
from lti_tool.services.standing.what_if import MadeUp, WhatIf
from lti_tool.web import current
from lti_tool.web.access import signed_in
from lti_tool.web.form_values import day_of
from lti_tool.web.moments import day
from lti_tool.web.programs.proof_words import TO_YOU, AnswerWords, Words, status_word
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from rubrics.refusal import Refused

bp = Blueprint("what_if", __name__)

NAMED = "is-"
"""Fields that say what the made-up thing is like."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer as it is, and as it would be; `of`: which part of its requirement."""

    of: str
    now: AnswerWords
    then: AnswerWords


@dataclass(frozen=True, slots=True)
class Side:
    """One requirement that would change, with what of it."""

    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What would be."""

    made_up: str
    on: date
    now: Counts
    then: Counts
    status_now: str
    status_then: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class PauseResult:
    """Which dates a pause would move."""

    moved: tuple[tuple[str, str], ...]
    stay: tuple[str, ...]


@bp.get("/path/<uuid:enrollment_id>/what-if")
@signed_in
def page(enrollment_id: UUID) -> ResponseReturnValue:
    """The form, and what would be."""
    stands = my_programs.own_stands(current.db(), current.visitor(), enrollment_id, current.now())
    found = path_pages.path_page(stands)
    words, program = Words(found.program), found.program
    kinds = what_if.kinds(program)
    kind = next((each for each in kinds if each.value == request.args.get("kind")), None)
    problem, result, status = None, None, 200
    if kind is not None and "try" in request.args:
        try:
            result = _result(found, words, _made_up(kind, stands.today))
        except Refused as refused:
            problem, status = in_words(refused), 422
    return (
        render_template(
            "path/what_if.html",
            page=found,
            enrollment_id=enrollment_id,
            kinds=[(each.value, _things(each)) for each in kinds],
            kind=kind,
            things=_things(kind) if kind else "",
            unit=what_if.unit_of(program, kind) if kind else "",
            names=_names(what_if.names(program, kind)) if kind else (),
            typed=request.args,
            problem=problem,
            result=result,
            pause=_pause(found, words) if "pause" in request.args else None,
        ),
        status,
    )


def _made_up(kind: Kind, today: date) -> MadeUp:
    typed = request.args.get("amount", "").strip()
    try:
        on = day_of(request.args.get("on")) or today
    except ValueError:
        raise Refused("day", "Please check the day, such as 2026-03-02.") from None
    says = {name.removeprefix(NAMED): word for name, word in request.args.items() if name.startswith(NAMED)}
    return MadeUp(kind, on, read_hours(typed) if typed else None, says)


def _result(found: PathPage, words: Words, made_up: MadeUp) -> Result:
    would = what_if.what_if(found.stands, made_up)
    unit = what_if.unit_of(found.program, made_up.kind)
    much = words.said(amount(made_up.amount, unit)) + ", " if made_up.amount is not None else ""
    says = [each.replace("_", " ") for each in made_up.says.values() if each]
    named = f" ({', '.join(says)})" if says else ""
    return Result(
        made_up=gettext("%(day)s: %(what)s", day=day(made_up.on), what=f"{much}{_things(made_up.kind)}{named}"),
        on=would.on,
        now=path_pages.counts_of(_asked(found, would, then=False)),
        then=path_pages.counts_of(_asked(found, would, then=True)),
        status_now=status_word(would.now.status),
        status_then=status_word(would.then.status),
        sides=tuple(
            Side(
                each.now.requirement.title,
                tuple(_pairs(_answer(words, each.now, would.on), _answer(words, each.then, would.on))),
            )
            for each in would.changed
        ),
    )


def _answer(words: Words, weighed: Weighed, on: date) -> AnswerWords:
    return words.requirement(weighed, on).answer


def _pairs(now: AnswerWords, then: AnswerWords) -> Iterator[Pair]:
    """The innermost parts that differ."""
    inner = [
        pair
        for one, other in zip(now.parts, then.parts, strict=False)
        if (one.answer, one.there, one.parts) != (other.answer, other.there, other.parts)
        for pair in _pairs(one, other)
    ]
    yield from inner or [Pair(now.of, now, then)]


def _asked(found: PathPage, would: WhatIf, *, then: bool) -> list[StageStanding]:
    """The same stages on both sides: those that are asked now."""
    keys = {each.standing.stage.key for each in found.those(path_pages.When.NOW)}
    stages = would.then.stages if then else would.now.stages
    return [each for each in stages if each.stage.key in keys]


def _pause(found: PathPage, words: Words) -> PauseResult:
    moved, stay = what_if.with_pause(found.stands)
    return PauseResult(
        moved=tuple((words.said(date_told(each.now)), day(each.then)) for each in moved),
        stay=tuple(words.said(date_told(each)) for each in stay),
    )


def _things(kind: Kind) -> str:
    return gettext(TO_YOU.get(THINGS[kind], THINGS[kind]))


def _names(found: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Fields: name, label, choices."""
    return [
        (NAMED + name, gettext("What it is called") if name == "name" else name.replace("_", " "), _choices(values))
        for name, values in found.items()
    ]


def _choices(values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [("", gettext("not said")), *((each, each.replace("_", " ")) for each in values)]
