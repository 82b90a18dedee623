"""Writing a framework of the organization's own, one competency at a time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.competency import Competency, Kind
from lti_tool.access import Capability
from lti_tool.services.authoring import drafts
from lti_tool.services.competencies import framework_tree, own_frameworks
from lti_tool.services.competencies.own_frameworks import Written
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.refusals import in_words
from lti_tool.web.words import word
from rubrics.refusal import Refused

bp = Blueprint("own_frameworks", __name__)


@bp.route("/frameworks/<uuid:framework_id>/add", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def add(framework_id: UUID) -> ResponseReturnValue:
    """A new competency at the top."""
    return _add(framework_id, None)


@bp.route("/frameworks/<uuid:framework_id>/competencies/<uuid:competency_id>/add", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def add_below(framework_id: UUID, competency_id: UUID) -> ResponseReturnValue:
    """A new competency below another one."""
    return _add(framework_id, str(competency_id))


@bp.route("/frameworks/<uuid:framework_id>/competencies/<uuid:competency_id>/write", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@act
def write(framework_id: UUID, competency_id: UUID) -> ResponseReturnValue:
    """Its words, its place among those beside it, and taking it out."""
    identifier = str(competency_id)
    if request.method == "GET":
        return _form(framework_id, _typed_of(_competency(framework_id, identifier)), identifier)
    try:
        return redirect(_written(framework_id, identifier), 303)
    except Refused as refused:
        transactions.give_up()
        return _form(framework_id, request.form, identifier, problem=in_words(refused)), 422


def _add(framework_id: UUID, under: str | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _form(framework_id, {"observable": "yes"}, under, adds=True)
    by = drafts.author(current.visitor())
    try:
        own_frameworks.add(current.db(), by, framework_id, _from_form(), under=under, now=current.now())
    except Refused as refused:
        transactions.give_up()
        return _form(framework_id, request.form, under, adds=True, problem=in_words(refused)), 422
    return redirect(_page_of(framework_id, under, "framework_written"), 303)


def _written(framework_id: UUID, identifier: str) -> str:
    """Do what the button says; where it leads."""
    db, by, now = current.db(), drafts.author(current.visitor()), current.now()
    above = framework_tree.tree_of(db, framework_id).parents.get(identifier)
    match request.form.get("do"):
        case "up" | "down" as way:
            own_frameworks.move(db, by, framework_id, identifier, down=way == "down", now=now)
            return _page_of(framework_id, above, "framework_written")
        case "take_out":
            own_frameworks.take_out(db, by, framework_id, identifier, now)
            return _page_of(framework_id, above, "competency_taken_out")
        case _:
            was = request.form.get("was", "")
            own_frameworks.change(db, by, framework_id, identifier, _from_form(), was=was, now=now)
            return _page_of(framework_id, identifier, "framework_written")


def _page_of(framework_id: UUID, identifier: str | None, said: str) -> str:
    if identifier is None:
        return url_for("frameworks.framework", framework_id=framework_id, said=said)
    return url_for("frameworks.competency", framework_id=framework_id, competency_id=UUID(identifier), said=said)


def _from_form() -> Written:
    kind = request.form.get("kind", "")
    return Written(
        statement=request.form.get("statement", ""),
        code=request.form.get("code", ""),
        notes=request.form.get("notes", ""),
        kind=Kind(kind) if kind in set(Kind) else None,
        observable=request.form.get("observable") == "yes",
    )


def _competency(framework_id: UUID, identifier: str) -> Competency:
    if identifier not in framework_tree.tree_of(current.db(), framework_id).children:
        raise NotHere
    return framework_tree.competencies(current.db(), framework_id, [identifier])[0]


def _typed_of(competency: Competency) -> Mapping[str, str]:
    return {
        "statement": competency.statement,
        "code": competency.code,
        "notes": competency.notes,
        "kind": competency.kind or "",
        "observable": "yes" if competency.observable else "",
    }


def _form(
    framework_id: UUID,
    typed: Mapping[str, Any],
    identifier: str | None,
    *,
    adds: bool = False,
    problem: str | None = None,
) -> str:
    """`identifier` is what is written, or what the new one belongs to."""
    standing = framework_tree.standing(current.db(), current.visitor().organization_id, framework_id)
    if not standing.own or standing.removed_at is not None:
        raise NotHere
    at = _competency(framework_id, identifier) if identifier else None
    return render_template(
        "frameworks/write.html",
        standing=standing,
        at=at,
        was=own_frameworks.fingerprint(at) if at else "",
        adds=adds,
        typed=typed,
        problem=problem,
        kinds_in_words=[(kind.value, word(kind)) for kind in Kind],
    )
