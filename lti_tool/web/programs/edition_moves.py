"""Going on under another edition of a program: a preview first, then each person's own yes."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.moving import Becomes, Changed
from grading.standing import Weighed
from grading.telling.differences import differences
from lti_tool.access import Capability, Field
from lti_tool.services.personal_data import record_access
from lti_tool.services.programs import edition_moves, edition_previews, program_lists
from lti_tool.services.programs.edition_moves import Way
from lti_tool.services.programs.edition_previews import ON_A_PAGE, Would
from lti_tool.services.programs.program_lists import InUse
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in, writes
from lti_tool.web.acts import act
from lti_tool.web.form_values import uuid_if_any, uuid_of
from lti_tool.web.paging import page_of
from lti_tool.web.programs.program_rules import changes as edition_changes
from lti_tool.web.programs.proof_words import word_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import _N, gettext
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

bp = Blueprint("edition_moves", __name__)

LEADS = Capability.PROGRAM_LEAD
BECOMES = {
    Becomes.LESS: _N("less to do"),
    Becomes.MORE: _N("more to do"),
    Becomes.BOTH: _N("less of one thing, more of another"),
    Becomes.AS_BEFORE: _N("as before"),
}


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One requirement that would not stand as it does."""

    title: str
    becomes: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PersonWords:
    """One person of the preview."""

    would: Would
    becomes: str
    changes: tuple[ChangeWords, ...]


@bp.route("/programs/<uuid:program_id>/moves", methods=["GET", "POST"])
@needs_in_organization(LEADS)
@writes
@act
def preview(program_id: UUID) -> ResponseReturnValue:
    """What another edition would change for each who is on one; then ask them, or move them with a reason."""
    program = program_lists.program(current.db(), current.visitor().organization_id, program_id)
    way = _way(program)
    if way is None:
        return render_template("enrolling/no_moves.html", program=program)
    if request.method == "GET":
        return _preview_page(program, way)
    people = None if request.form.get("whom") == "all" else [uuid_of(each) for each in request.form.getlist("person")]
    asks = request.form.get("wish") != "move"
    doing = edition_moves.propose if asks else edition_moves.move_all
    try:
        doing(current.db(), current.visitor(), way, people, why=request.form.get("why"), now=current.now())
    except Refused as refused:
        give_up()
        return _preview_page(program, way, in_words(refused)), 422
    said = "moves_asked" if asks else "moved_with_reason"
    return redirect(url_for("enrolling.everyone", program_id=program_id, said=said), 303)


@bp.route("/moves/<uuid:move_id>", methods=["GET", "POST"])
@signed_in
@writes
@act
def move(move_id: UUID) -> ResponseReturnValue:
    """What the other edition would change for the person, who says yes or stays."""
    if request.method == "GET":
        return _move_page(move_id)
    agree = request.form.get("answer") == "yes"
    try:
        edition_moves.answer(current.db(), current.visitor(), move_id, agree=agree, now=current.now())
    except Refused as refused:
        give_up()
        return _move_page(move_id, in_words(refused)), 422
    return redirect(url_for("edition_moves.move", move_id=move_id, said="move_agreed" if agree else "move_stays"), 303)


@bp.post("/moves/<uuid:move_id>/undo")
@signed_in
@act
def undo(move_id: UUID) -> ResponseReturnValue:
    """Within a day: back to the edition of before."""
    try:
        edition_moves.undo(current.db(), current.visitor(), move_id, current.now())
    except Refused as refused:
        give_up()
        return _move_page(move_id, in_words(refused)), 422
    return redirect(url_for("edition_moves.move", move_id=move_id, said="move_stays"), 303)


@bp.post("/moves/<uuid:move_id>/take-back")
@needs_in_organization(LEADS)
@act
def take_back(move_id: UUID) -> ResponseReturnValue:
    """A program lead does not ask any more."""
    try:
        enrollment_id = edition_moves.take_back(current.db(), current.visitor(), move_id, current.now())
    except Refused as refused:
        give_up()
        return _move_page(move_id, in_words(refused)), 422
    return redirect(url_for("enrolling.person", enrollment_id=enrollment_id, said="move_taken_back"), 303)


@bp.route("/path/<uuid:enrollment_id>/edition", methods=["GET", "POST"])
@signed_in
@act
def choose(enrollment_id: UUID) -> ResponseReturnValue:
    """Choose a newer edition oneself, after seeing what it changes."""
    if request.method == "GET":
        return _choose_page(enrollment_id)
    version_id = uuid_if_any(request.form.get("version"))
    try:
        move_id = edition_moves.choose(current.db(), current.visitor(), enrollment_id, version_id, current.now())
    except Refused as refused:
        give_up()
        return _choose_page(enrollment_id, in_words(refused)), 422
    if move_id is None:
        return redirect(f"/path/{enrollment_id}", 303)
    return redirect(url_for("edition_moves.move", move_id=move_id, said="move_agreed"), 303)


def _way(program: InUse) -> Way | None:
    """From the edition that was asked for, or the one before the newest, to the newest; None: there is only one."""
    editions = [each.program.edition for each in program.versions]
    if len(editions) < 2:
        return None
    asked_to, asked_from = request.values.get("to"), request.values.get("from")
    to = asked_to if asked_to in editions else editions[-1]
    others = [each for each in editions if each != to]
    return Way(program.id, asked_from if asked_from in others else others[-1], to)


def _preview_page(program: InUse, way: Way, problem: str | None = None) -> str:
    session, now = current.db(), current.now()
    before, after = program.of_edition(way.from_edition), program.of_edition(way.to_edition)
    paged = page_of(
        edition_previews.count(session, program, before),
        lambda first, most: edition_previews.people(session, program, before, after, now, first=first, most=most),
        most=ON_A_PAGE,
    )
    record_access.log_reading_of_several(
        session,
        current.visitor(),
        trainees=[each.person_id for each in paged.shown],
        fields=[Field.STANDING],
        now=now,
    )
    counts = {each: sum(would.becomes is each for would in paged.shown) for each in Becomes}
    return render_template(
        "enrolling/moves.html",
        program=program,
        before=before,
        after=after,
        editions=[each.program.edition for each in program.versions],
        paged=paged,
        people=[PersonWords(each, gettext(BECOMES[each.becomes]), _words(each.changes)) for each in paged.shown],
        counts=[(gettext(BECOMES[each]), count) for each, count in counts.items() if count],
        typed=request.form,
        problem=problem,
    )


def _move_page(move_id: UUID, problem: str | None = None) -> str:
    session, visitor, now = current.db(), current.visitor(), current.now()
    i_lead = LEADS in current.capabilities()
    found = edition_previews.move(session, visitor, move_id, now, i_lead=i_lead)
    record_access.log_reading(session, visitor, trainee_id=found.person_id, seen={None: {Field.STANDING}}, now=now)
    return render_template(
        "enrolling/move.html",
        move=found,
        mine=found.person_id == visitor.person_id,
        changes=_words(found.changes),
        differences=edition_changes(
            differences(found.before.program, found.after.program), found.before.program, found.after.program
        ),
        problem=problem,
    )


def _choose_page(enrollment_id: UUID, problem: str | None = None) -> str:
    try:
        found = edition_previews.choice(
            current.db(), current.visitor(), enrollment_id, request.args.get("to"), current.now()
        )
    except Refused as refused:
        return render_template("enrolling/no_choice.html", enrollment_id=enrollment_id, problem=in_words(refused))
    return render_template(
        "enrolling/choose.html",
        choice=found,
        changes=_words(found.changes),
        differences=edition_changes(
            differences(found.before.program, found.after.program), found.before.program, found.after.program
        ),
        problem=problem,
    )


def _words(changes: tuple[Changed, ...]) -> tuple[ChangeWords, ...]:
    return tuple(
        ChangeWords(
            title=_title(each),
            becomes=gettext(BECOMES[each.becomes]),
            before=_answer(each.before, gettext("not asked")),
            after=_answer(each.after, gettext("not asked any more")),
        )
        for each in changes
    )


def _title(change: Changed) -> str:
    shown = change.after or change.before
    return shown.requirement.title if shown else change.key


def _answer(weighed: Weighed | None, otherwise: str) -> str:
    return otherwise if weighed is None else word_of(weighed.proof.answer)[0]
