"""Trying a program that is being written with a made-up person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.proof import Answer
from grading.standing import Standing, Weighed
from grading.telling.proofs import Told, tell
from grading.telling.said import told
from grading.telling.statuses import STATUSES
from lti_tool.access import Capability
from lti_tool.documents.evidence_entries import LISTS
from lti_tool.services.authoring import drafts
from lti_tool.services.programs import program_drafts, program_trying, program_versions
from lti_tool.services.programs.program_trying import MadeUp, Thing
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.programs.program_builder_fields import looked_at
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, comma, gettext, plain, semicolon
from rubrics.refusal import Refused

bp = Blueprint("program_trying", __name__)

PAIRS = 3
KINDS = {
    "practice": _N("hours of practice"),
    "training": _N("training"),
    "supervision": _N("supervision"),
    "education": _N("continuing education"),
    "observations": _N("an observation"),
    "signatures": _N("a signature"),
    "exams": _N("an exam"),
    "documents": _N("a document"),
    "references": _N("a reference"),
    "credentials": _N("another credential"),
    "employment": _N("employment"),
    "memberships": _N("a membership"),
    "statements": _N("a statement of their own"),
    "attestations": _N("an attestation by somebody else"),
    "checks": _N("a background check"),
    "payments": _N("a payment"),
    "approvals": _N("an agreement of the program"),
    "findings": _N("something that must not hold"),
    "events": _N("an event, named by its value"),
    "decisions": _N("certified by a person, in the stage of this key"),
}
ICONS = {Answer.MET: "check", Answer.WAITING: "clock", Answer.UNKNOWN: "dots"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the made-up person, in words."""

    kind: str
    number: int
    what: str
    on: str
    said: str
    signed: bool
    signable: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer, or a part of one, in words."""

    name: str
    word: str
    icon: str
    there: str
    changes: tuple[str, ...]
    left_out: tuple[str, ...]
    parts: tuple["Shown", ...]


@bp.route("/programs/<uuid:program_id>/draft/try", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def page(program_id: UUID) -> ResponseReturnValue:
    """A made-up person's things, and where they would stand."""
    if request.method == "GET":
        return _page(program_id)
    program_drafts.require_open(current.db(), current.visitor().organization_id, program_id)
    try:
        _do(program_id)
    except Refused as refused:
        transactions.give_up()
        return _page(program_id, in_words(refused)), 422
    return redirect(url_for("program_trying.page", program_id=program_id), 303)


def _do(program_id: UUID) -> None:
    form, by, now = request.form, drafts.author(current.visitor()), current.now()
    what, _colon, named = form.get("do", "").partition(":")
    if what == "take_out":
        kind, _colon, number = named.partition(":")
        place = int(number) if number.isdecimal() and len(number) < 9 else 10**9
        program_trying.take_out(current.db(), by, program_id, kind, place)
    elif what == "day":
        program_trying.on_day(current.db(), by, program_id, _day(form.get("as_of", "")), now)
    elif what == "write":
        program_trying.write(current.db(), by, program_id, form.get("was", ""), form.get("made_up", ""))
    else:
        program_trying.add(current.db(), by, program_id, _thing(), now)


def _thing() -> Thing:
    form = request.form
    pairs = (
        ("_".join(form.get(f"name{n}", "").split()), " ".join(form.get(f"value{n}", "").split()))
        for n in range(1, PAIRS + 1)
    )
    return Thing(
        kind=form.get("kind", ""),
        on=_day(form.get("on", "")),
        amount=" ".join(form.get("amount", "").split()),
        said=tuple(pairs),
        signed=form.get("signed") == "yes",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused("please_check", "Please write a day, such as 2026-05-01.") from None


def _page(program_id: UUID, problem: str | None = None) -> str:
    organization_id = current.visitor().organization_id
    draft = program_drafts.draft(current.db(), organization_id, program_id)
    looked = looked_at(draft.text)
    program = looked.program
    person = program_trying.made_up(draft, program.time_zone if program else "UTC", current.now().date())
    found = program_trying.stands(program, person) if program else None
    return render_template(
        "program_builder/try.html",
        draft=draft,
        program=program_versions.found_program(current.db(), organization_id, program_id),
        readable=program is not None,
        person=person,
        rows=list(_rows(person)),
        unreadable=[f"{each.place}: {_said(each.sentence)}" for each in person.problems],
        status=plain(STATUSES[found.status]) if found else None,
        stages=_stages(found, person.as_of) if program and found else [],
        kinds={name: plain(said) for name, said in KINDS.items()},
        names=program.names if program else {},
        pairs=range(1, PAIRS + 1),
        problem=problem,
        typed=request.form,
    )


def _said(sentence: Any) -> str:
    template = getattr(sentence, "template", None)
    return str(sentence) if template is None else gettext(template, **sentence.values)


def _rows(person: MadeUp) -> Iterator[Row]:
    for kind, number, each in person.things:
        said = [f"{name.replace('_', ' ')}: {_value(value)}" for name, value in (each.get("is") or {}).items()]
        named = [str(each[name]) for name in ("amount", "name", "stage") if each.get(name)]
        yield Row(
            kind, number, plain(KINDS[kind]), str(each.get("on", "")), semicolon().join([*named, *said]),
            "signed" in each, kind in LISTS,
        )  # fmt: skip


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return comma().join(map(str, value)) if isinstance(value, list) else str(value)


def _stages(found: Standing, day: date) -> list[tuple[str, str, list[Shown]]]:
    return [
        (
            stage.stage.title,
            gettext("%(met)s of %(asked)s met", met=stage.met, asked=stage.asked),
            [weighed_in_words(each, day) for each in stage.requirements],
        )
        for stage in found.stages
    ]


def weighed_in_words(weighed: Weighed, day: date) -> Shown:
    """What one requirement says of the person."""
    requirement = weighed.requirement
    return _shown(tell(weighed.proof, requirement.need, requirement.who, day), requirement.title)


def _shown(found: Told, name: str) -> Shown:
    return Shown(
        name=name,
        word=told(found.word, plain),
        icon=ICONS.get(found.answer, "circle"),
        there=told(found.there, plain) if found.there else "",
        changes=tuple(told(each, plain) for each in found.changes) if found.answer is not Answer.MET else (),
        left_out=tuple(
            f"{told(group.why, plain)}: {', '.join(each.item.id for each in group.left_out[:6])}"
            for group in found.left_out
        ),
        parts=tuple(_shown(part, told(part.of, plain) if part.of else "") for part in found.parts[:12]),
    )
