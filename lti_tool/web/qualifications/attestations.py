"""What is noted of somebody by people of the program, and what somebody says of themselves by a tick."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.ledger import Source
from grading.noting import AskedThing
from grading.telling.words import ONE
from lti_tool.access import Capability, Field
from lti_tool.services.personal_data import record_access
from lti_tool.services.qualifications import attestations
from lti_tool.services.qualifications.attestations import Noted, OfPerson, Typed
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import day_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, comma, gettext
from rubrics.refusal import Refused

bp = Blueprint("attestations", __name__)
SOURCES: Mapping[Source, str] = {
    Source.OWN_WORD: _N("in their own word"),
    Source.SEEN: _N("seen by somebody of the program"),
    Source.LMS: _N("from a result of the LMS"),
}


@bp.get("/people-of/<uuid:enrollment_id>/noted")
@needs_in_organization(Capability.PROGRAM_LEAD)
@writes
def noted(enrollment_id: UUID) -> ResponseReturnValue:
    """Everything that is noted of this person, and what can be noted."""
    here = _opened(enrollment_id)
    return render_template(
        "attestations/noted.html",
        here=here,
        things=[(thing, about(thing)) for thing in here.things],
        noted=[(one, *_in_words(one)) for one in here.noted],
        readers=attestations.readers(Field.ATTESTATION, here.person_name),
        itself=here.person_id == current.visitor().person_id,
    )


@bp.route("/people-of/<uuid:enrollment_id>/noted/new", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@writes
@act
def note(enrollment_id: UUID) -> ResponseReturnValue:
    """Note one thing that the program asks (`what=`)."""
    here = _opened(enrollment_id)
    what = request.values.get("what", "")
    if not what and request.method == "GET":
        return redirect(url_for("attestations.noted", enrollment_id=enrollment_id), 303)
    thing = here.thing(what)
    if request.method == "GET":
        return _note_page(here, thing)
    try:
        typed = _typed(thing)
        attestations.note(current.db(), current.visitor(), enrollment_id, thing, typed, current.now())
    except Refused as refused:
        if refused.code in ("oneself", "conflict"):
            raise
        problems = {refused.code: in_words(refused)}
        return transactions.shown_again(lambda: _note_page(_opened(enrollment_id), thing, problems)), 422
    return redirect(url_for("attestations.noted", enrollment_id=enrollment_id, said="noted"), 303)


@bp.post("/people-of/<uuid:enrollment_id>/noted/<uuid:attestation_id>/take-back")
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def take_back(enrollment_id: UUID, attestation_id: UUID) -> ResponseReturnValue:
    """Take back what was noted."""
    attestations.take_back(current.db(), current.visitor(), enrollment_id, attestation_id, current.now())
    return redirect(url_for("attestations.noted", enrollment_id=enrollment_id, said="noted_taken_back"), 303)


@bp.get("/path/<uuid:enrollment_id>/statements")
@signed_in
def statements(enrollment_id: UUID) -> ResponseReturnValue:
    """What somebody can say of themselves, and everything that is noted of them."""
    here = attestations.of_oneself(current.db(), current.visitor(), enrollment_id, current.now())
    of_title = Counter(one.thing.title for one in here.statements)
    return render_template(
        "attestations/statements.html",
        here=here,
        statements=[(one, about(one.thing), of_title[one.thing.title] > 1) for one in here.statements],
        noted=[(one, *_in_words(one)) for one in here.noted if one.source is not Source.OWN_WORD],
        readers=attestations.readers(Field.STATEMENT, here.person_name),
        note_readers=attestations.readers(Field.ATTESTATION, here.person_name),
    )


@bp.post("/path/<uuid:enrollment_id>/statements")
@signed_in
@act
def say(enrollment_id: UUID) -> ResponseReturnValue:
    """Say one thing of oneself, or take that back."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    key = request.form.get("statement_key", "")
    if request.form.get("word") == "take_back":
        attestations.unsay(session, visitor, enrollment_id, key, now)
        said = "statement_taken_back"
    else:
        attestations.say(session, visitor, enrollment_id, key, now)
        said = "statement_given"
    return redirect(url_for("attestations.statements", enrollment_id=enrollment_id, said=said), 303)


def spaced(name: str) -> str:
    """A name of a program as people read it."""
    return name.replace("_", " ")


def _opened(enrollment_id: UUID) -> OfPerson:
    session, visitor, now = current.db(), current.visitor(), current.now()
    here = attestations.of_person(session, visitor, enrollment_id, now)
    fields = {Field.ATTESTATION, Field.STATEMENT}
    record_access.log_reading(session, visitor, trainee_id=here.person_id, seen={None: fields}, now=now)
    return here


def _note_page(here: OfPerson, thing: AskedThing, problems: Mapping[str, str] | None = None) -> str:
    return render_template(
        "attestations/note.html",
        here=here,
        thing=thing,
        about=about(thing),
        kind=gettext(ONE[thing.kind]),
        fields=[(field, spaced(field.name), [(word, spaced(word)) for word in field.words]) for field in thing.fields],
        typed=request.form,
        problems=problems or {},
        readers=attestations.readers(Field.ATTESTATION, here.person_name),
    )


def _typed(thing: AskedThing) -> Typed:
    form = request.form
    try:
        on, until = day_of(form.get("on")), day_of(form.get("until"))
    except ValueError:
        raise Refused("on", "Please check this day.") from None
    words = {field.name: form.get(f"is-{field.name}", "") for field in thing.fields}
    return Typed(on, words, form.get("amount", ""), until)


def about(thing: AskedThing) -> str:
    """What such a thing is, in a few words: what is chosen already, or among what one chooses."""
    single = [spaced(field.words[0]) for field in thing.fields if len(field.words) == 1 and field.words[0] != "yes"]
    return comma().join(single)


def _in_words(one: Noted) -> tuple[str, str, str]:
    """What it is, what is said of it, and how it is known."""
    said = [
        spaced(comma().join(value)) if isinstance(value, list) else f"{spaced(name)} {value}"
        for name, value in one.said.items()
        if name not in ("seen_by", "course")
    ]
    return gettext(ONE[one.kind]), comma().join(said), gettext(SOURCES[one.source])
