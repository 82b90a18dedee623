"""What auditors do: draw a sample, open a record with a reason, note what they found."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.services.audits import audit_findings, audit_records, auditing
from lti_tool.services.audits.audit_records import Whole
from lti_tool.services.audits.auditing import Wanted
from lti_tool.services.programs import program_lists
from lti_tool.store.auditing import FindingKind, SampleOf
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, writes
from lti_tool.web.acts import act
from lti_tool.web.certification.notice_words import letter, outcome_word
from lti_tool.web.form_values import day_of, uuid_if_any
from lti_tool.web.hours.ledger_signing import in_values
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import gettext
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused
from rubrics.typed import whole_number

bp = Blueprint("auditing", __name__)
USUAL_SIZE = 10


@bp.get("/audits")
@needs_in_organization(Capability.AUDITOR)
def audits() -> str:
    """The samples that were drawn, the newest first."""
    return render_template("auditing/audits.html", samples=auditing.samples(current.db(), current.visitor()))


@bp.route("/audits/new", methods=["GET", "POST"])
@needs_in_organization(Capability.AUDITOR)
@act
def draw() -> ResponseReturnValue:
    """Say what a sample is to be drawn from, and draw it."""
    if request.method == "GET":
        return _draw_page({})
    typed = request.form
    try:
        sample_id = auditing.draw(current.db(), current.visitor(), _wanted(typed), current.now())
    except Refused as refused:
        give_up()
        return _draw_page(typed, {refused.code: in_words(refused)}), 422
    return redirect(url_for("auditing.sample", sample_id=sample_id, said="sample_drawn"), 303)


@bp.get("/audits/<uuid:sample_id>")
@needs_in_organization(Capability.AUDITOR)
def sample(sample_id: UUID) -> str:
    """Its records without names and words, and what was found."""
    session, visitor = current.db(), current.visitor()
    return render_template(
        "auditing/sample.html",
        sample=auditing.sample(session, visitor, sample_id),
        records=audit_records.facts(session, visitor, sample_id),
        findings=audit_findings.of_sample(session, visitor, sample_id),
        outcome_word=outcome_word,
        typed={},
        problem=None,
    )


@bp.post("/audits/<uuid:sample_id>/close")
@needs_in_organization(Capability.AUDITOR)
@act
def close(sample_id: UUID) -> ResponseReturnValue:
    """The sample was looked through."""
    auditing.close(current.db(), current.visitor(), sample_id, current.now())
    return redirect(url_for("auditing.sample", sample_id=sample_id, said="sample_closed"), 303)


@bp.get("/audits/<uuid:sample_id>/<uuid:audit_item_id>")
@needs_in_organization(Capability.AUDITOR)
@writes
def record(sample_id: UUID, audit_item_id: UUID) -> str:
    """One record: what can be checked without knowing whose it is, or all of it while it is open."""
    return _record_page(sample_id, audit_item_id)


@bp.post("/audits/<uuid:sample_id>/<uuid:audit_item_id>/open")
@needs_in_organization(Capability.AUDITOR)
@act
def unlock(sample_id: UUID, audit_item_id: UUID) -> ResponseReturnValue:
    """Open it with its names and words; whose record it is reads why."""
    reason = request.form.get("reason", "")
    try:
        audit_records.unlock(current.db(), current.visitor(), sample_id, audit_item_id, reason, current.now())
    except Refused as refused:
        give_up()
        return _record_page(sample_id, audit_item_id, {"reason": reason}, {"reason": in_words(refused)}), 422
    return _back(sample_id, audit_item_id, "record_opened")


@bp.post("/audits/<uuid:sample_id>/<uuid:audit_item_id>/finding")
@needs_in_organization(Capability.AUDITOR)
@act
def find(sample_id: UUID, audit_item_id: UUID) -> ResponseReturnValue:
    """Note what was found of one record."""
    typed = request.form
    try:
        audit_findings.note(
            current.db(), current.visitor(), sample_id, audit_item_id, _kind(typed), typed.get("words", ""),
            now=current.now(),
        )  # fmt: skip
    except Refused as refused:
        give_up()
        return _record_page(sample_id, audit_item_id, typed, {"words": in_words(refused)}), 422
    return _back(sample_id, audit_item_id, "finding_kept")


@bp.post("/audits/findings/<uuid:finding_id>/settle")
@needs_in_organization(Capability.AUDITOR)
@act
def settle(finding_id: UUID) -> ResponseReturnValue:
    """Nothing is open any more."""
    sample_id = audit_findings.settle(current.db(), current.visitor(), finding_id, current.now())
    return redirect(url_for("auditing.sample", sample_id=sample_id, said="finding_settled"), 303)


def _record_page(
    sample_id: UUID,
    audit_item_id: UUID,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    session, visitor, now = current.db(), current.visitor(), current.now()
    whole = audit_records.whole(session, visitor, sample_id, audit_item_id, now)
    found = audit_findings.of_sample(session, visitor, sample_id)
    return render_template(
        "auditing/record.html",
        sample=auditing.sample(session, visitor, sample_id),
        record=audit_records.look(session, visitor, sample_id, audit_item_id, now),
        whole=whole,
        documents=_documents(whole),
        letter=letter(whole.notice, whole.version.program) if whole and whole.notice and whole.version else None,
        finding=next((one for one in found if one.item_id == audit_item_id), None),
        outcome_word=outcome_word,
        typed=typed or {},
        problems=problems or {},
    )


def _documents(whole: Whole | None) -> list[Mapping[str, Any]]:
    """What was signed, ready for the page: entries of the ledger hold their values as text."""
    found = whole.documents if whole else ()
    return [document if "views" in document else in_values(document) or {} for document in found]


def _draw_page(typed: Mapping[str, str], problems: Mapping[str, str] | None = None) -> str:
    every = program_lists.everything(current.db(), current.visitor().organization_id)
    programs = [("", gettext("all programs")), *((str(line.id), line.name) for line in every)]
    return render_template(
        "auditing/draw.html", typed=typed, problems=problems or {}, programs=programs, usual=USUAL_SIZE
    )


def _wanted(typed: Mapping[str, str]) -> Wanted:
    drawn_from, program = typed.get("drawn_from", ""), typed.get("program", "")
    if drawn_from not in set(SampleOf):
        raise Refused("drawn_from", "Please choose what to draw from.")
    try:
        since, until = day_of(typed.get("since")), day_of(typed.get("until"))
    except ValueError:
        since = until = None
    if since is None or until is None:
        raise Refused("days", "Please choose a first day and a last day, in this order and not after today.")
    size = whole_number(typed.get("size", "")) or 0
    return Wanted(SampleOf(drawn_from), since, until, size, typed.get("plan", ""), uuid_if_any(program))


def _kind(typed: Mapping[str, str]) -> FindingKind:
    kind = typed.get("kind", "")
    if kind not in set(FindingKind):
        raise Refused("words", "Please choose what you would like to say.")
    return FindingKind(kind)


def _back(sample_id: UUID, audit_item_id: UUID, said: str) -> ResponseReturnValue:
    return redirect(url_for("auditing.record", sample_id=sample_id, audit_item_id=audit_item_id, said=said), 303)
