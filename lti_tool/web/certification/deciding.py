"""Deciding about somebody: what is there beside it, the notice as it will be read, and only then the act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from grading.deciding import Choice, Words
from grading.evidence import Outcome
from grading.standing import Weighed
from grading.telling.proofs import tell
from grading.telling.said import told
from lti_tool.access import Capability, Field
from lti_tool.services.certification import deciding, decisions
from lti_tool.services.certification.deciding import Asked, Desk
from lti_tool.services.courses.places import NotHere
from lti_tool.services.personal_data.record_access import log_reading
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, repeatable, writes
from lti_tool.web.acts import act
from lti_tool.web.certification.notice_words import letter
from lti_tool.web.form_values import day_of, uuid_if_any
from lti_tool.web.programs.proof_words import STATUS_ICONS, status_word, word_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, ngettext, plain
from lti_tool.web.texts import gettext as _
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("deciding", __name__)

LEADS = Capability.PROGRAM_LEAD
FIELDS = ("choice", "reasons", "what_next", "on", "until", "review_on", "all_the_same", "why_replaced")
AT_A_FIELD = frozenset({*FIELDS, "named"})
DOING = {
    Outcome.CERTIFIED: _N("Certify: %(stage)s"),
    Outcome.RENEWED: _N("Renew: %(stage)s"),
    Outcome.REINSTATED: _N("Reinstate: %(stage)s"),
    Outcome.EXTENDED: _N("Give more time: %(stage)s"),
    Outcome.NOT_YET: _N("Not yet: %(stage)s"),
    Outcome.SUSPENDED: _N("Suspend the certificate"),
    Outcome.RESUMED: _N("End the suspension"),
    Outcome.REVOKED: _N("Withdraw the certificate"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement as it stands beside the form."""

    key: str
    title: str
    word: str
    icon: str
    there: str
    changes: tuple[str, ...]


@bp.get("/people-of/<uuid:enrollment_id>/decide")
@needs_in_organization(LEADS)
@writes
def form(enrollment_id: UUID) -> ResponseReturnValue:
    """Where they stand, and a form; `instead` in the address is a decision that another one takes the place of."""
    at = _desk(enrollment_id, request.args)
    seen: dict[UUID | None, set[Field]] = {None: {Field.STANDING, Field.DECISION}}
    log_reading(current.db(), current.visitor(), trainee_id=at.person_id, seen=seen, now=current.now())
    return _page(at, MultiDict({"on": at.stands.today.isoformat(), "instead": request.args.get("instead", "")}))


@bp.post("/people-of/<uuid:enrollment_id>/decide/look")
@needs_in_organization(LEADS)
@repeatable
def look(enrollment_id: UUID) -> ResponseReturnValue:
    """The notice exactly as it will be read, or the form again with what is still needed."""
    if request.form.get("then") == "change":
        return _page(_desk(enrollment_id, request.form), request.form)
    try:
        prepared = deciding.prepare(current.db(), current.visitor(), enrollment_id, _asked(), current.now())
    except Refused as refused:
        return _again(enrollment_id, refused)
    return render_template(
        "decisions/preview.html",
        enrollment_id=enrollment_id,
        prepared=prepared,
        letter=letter(prepared.notice, _desk(enrollment_id, request.form).stands.enrolled.program),
        typed=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name in (*FIELDS, "named", "number", "instead")
        ],
        at_once=prepared.readable_from <= current.now(),
    )


@bp.post("/people-of/<uuid:enrollment_id>/decide")
@needs_in_organization(LEADS)
@act
def decide(enrollment_id: UUID) -> ResponseReturnValue:
    """Decide, with the notice that was shown."""
    digest = request.form.get("digest", "")
    try:
        decision_id = deciding.decide(
            current.db(), current.visitor(), enrollment_id, _asked(), digest=digest, now=current.now()
        )
    except Refused as refused:
        return _again(enrollment_id, refused)
    return redirect(url_for("decisions.decision", decision_id=decision_id, said="decided"), 303)


def _desk(enrollment_id: UUID, given: MultiDict[str, str]) -> Desk:
    instead = uuid_if_any(given.get("instead"))
    return deciding.desk(current.db(), current.visitor(), enrollment_id, current.now(), instead)


def _again(enrollment_id: UUID, refused: Refused) -> ResponseReturnValue:
    """The form with what was typed; after somebody else's decision with that one above it."""
    give_up()
    try:
        at = _desk(enrollment_id, request.form)
    except Refused:  # what was to be replaced was replaced: the form is about what stands now
        at = deciding.desk(current.db(), current.visitor(), enrollment_id, current.now())
    return _page(at, request.form, refused), 422


def _page(at: Desk, typed: MultiDict[str, str], refused: Refused | None = None) -> str:
    at_field = {refused.code: in_words(refused)} if refused and refused.code in AT_A_FIELD else {}
    meanwhile = refused is not None and refused.code == "decided_meanwhile"
    standing, leads = at.stands.standing, deciding.deciders(current.db(), current.visitor().organization_id)
    return render_template(
        "decisions/decide.html",
        at=at,
        program=at.stands.enrolled.program,
        status=status_word(standing.status),
        icon=STATUS_ICONS[standing.status],
        stages=[
            (each.stage.title, each.stage.key in standing.facts.ready, [_line(one, at) for one in each.requirements])
            for each in standing.stages
            if each.stage.key in standing.facts.open or any(each.stage.key == choice.stage for choice in at.choices)
        ],
        choices=[(f"{each.outcome}:{each.stage}", *_choice(each, at)) for each in at.choices],
        rules=list(_not_shown(at)),
        asks_until=any(each.names_until for each in at.choices),
        asks_review=any(each.outcome is Outcome.SUSPENDED for each in at.choices),
        instead=typed.get("instead", "") if not meanwhile else "",
        typed=typed,
        named=typed.getlist("named"),
        problems_at=at_field,
        problem=in_words(refused) if refused and not at_field else None,
        meanwhile=decisions.newest(current.db(), at.enrollment_id, current.now()) if meanwhile else None,
        keeps_out=in_words(at.keeps_out) if at.keeps_out else None,
        readers=decisions.readers(at.person, tuple(leads.values())),
    )


def _line(weighed: Weighed, at: Desk) -> Line:
    asks = weighed.requirement
    found = tell(weighed.proof, asks.need, asks.who, at.stands.today)
    word, icon = word_of(found.answer)
    there = told(found.there, plain) if found.there else ""
    return Line(asks.key, asks.title, word, icon, there, tuple(told(each, plain) for each in found.changes))


def _choice(choice: Choice, at: Desk) -> tuple[str, str | None]:
    titles = {each.key: each.title for each in at.stands.enrolled.program.stages}
    label = _(DOING[choice.outcome], stage=titles.get(choice.stage, ""))
    if choice.not_shown and choice.outcome is not Outcome.NOT_YET:
        said = ngettext(
            "%(num)d rule is not met yet: it would be a decision by a person, with reason.",
            "%(num)d rules are not met yet: it would be a decision by a person, with reason.",
            len(choice.not_shown),
        )
        return label, said
    return label, None


def _not_shown(at: Desk) -> Iterator[tuple[str, str, None]]:
    keys = {key for each in at.choices if each.outcome is not Outcome.NOT_YET for key in each.not_shown}
    for each in at.stands.enrolled.program.requirements:
        if each.key in keys:
            yield each.key, each.title, None


def _asked() -> Asked:
    """What the form says. Raises `Refused` ("choice", "on", "until", "review_on") for what it does not say."""
    outcome, _sep, stage = request.form.get("choice", "").partition(":")
    if outcome not in set(Outcome):
        raise Refused("choice", "Please choose what is decided.")
    on = _date("on")
    if on is None:
        raise Refused("on", "Please say from which day on it holds.")
    text = request.form.get
    words = Words(
        reasons=text("reasons", ""),
        what_next=text("what_next", ""),
        on=on,
        until=_date("until"),
        review_on=_date("review_on"),
        named=frozenset(request.form.getlist("named")),
        all_the_same=text("all_the_same", ""),
        why_replaced=text("why_replaced", ""),
    )
    number = text("number", "")
    if not number.isascii() or not number.isdecimal() or len(number) > 6:
        raise NotHere
    return Asked(Outcome(outcome), stage, words, int(number), uuid_if_any(text("instead")))


def _date(name: str) -> date | None:
    try:
        return day_of(request.form.get(name))
    except ValueError:
        raise Refused(name, "Please check this day: it is written like 2026-03-02.") from None
