"""Competency frameworks: the list, one framework a level at a time, one competency, and who shows what of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grading.competency import Competency
from grading.spoken import competency_in, framework_in
from lti_tool.access import Capability
from lti_tool.services.authoring import coverage, drafts
from lti_tool.services.competencies import framework_tree, frameworks, own_frameworks
from lti_tool.services.competencies.framework_tree import Standing, Tree
from lti_tool.services.courses.places import NotHere
from lti_tool.web import current, transactions
from lti_tool.web.access import needs_in_organization
from lti_tool.web.acts import act
from lti_tool.web.authoring.coverage import Group, Row, areas, rows_of
from lti_tool.web.authoring.library import READ, language_name
from lti_tool.web.paging import one_page, page_of
from lti_tool.web.refusals import in_words
from lti_tool.web.texts import readers_languages
from rubrics.language import for_reader
from rubrics.refusal import Refused

bp = Blueprint("frameworks", __name__)

WRITE = Capability.PROGRAM_LEAD


@bp.get("/frameworks")
@needs_in_organization(*READ)
def all_of_them() -> ResponseReturnValue:
    """What competencies rubrics can name; for program leads also what is not offered any more."""
    organization_id = current.visitor().organization_id
    return render_template(
        "frameworks/frameworks.html",
        known=frameworks.frameworks(current.db(), organization_id),
        removed=framework_tree.removed(current.db(), organization_id) if _writes() else (),
        title_of=_title_of,
        may_write=_writes(),
    )


@bp.route("/frameworks/new", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def new() -> ResponseReturnValue:
    """Begin a framework of the organization's own."""
    if request.method == "GET":
        return render_template("frameworks/new.html", typed={"language": readers_languages()[0]}, problem=None)
    title, language = request.form.get("title", ""), request.form.get("language", "")
    try:
        begun = own_frameworks.begin(current.db(), drafts.author(current.visitor()), title, language, current.now())
    except Refused as refused:
        transactions.give_up()
        return render_template("frameworks/new.html", typed=request.form, problem=in_words(refused)), 422
    return redirect(url_for("frameworks.framework", framework_id=begun, said="framework_begun"), 303)


@bp.get("/frameworks/<uuid:framework_id>")
@needs_in_organization(*READ)
def framework(framework_id: UUID) -> ResponseReturnValue:
    """About it, and its first level; `find=` looks for codes and words in all of it."""
    standing, tree = _standing(framework_id), framework_tree.tree_of(current.db(), framework_id)
    words = request.args.get("find", "").strip()
    shown = framework_tree.find(current.db(), framework_id, words) if words else tree.level(None)
    return render_template(
        "frameworks/framework.html",
        **_about(standing, tree),
        find=words,
        paged=_entries(framework_id, shown),
    )


@bp.get("/frameworks/<uuid:framework_id>/competencies/<uuid:competency_id>")
@needs_in_organization(*READ)
def competency(framework_id: UUID, competency_id: UUID) -> ResponseReturnValue:
    """One competency: its words, what other frameworks say of it, and what belongs to it."""
    standing, tree = _standing(framework_id), framework_tree.tree_of(current.db(), framework_id)
    identifier = str(competency_id)
    if identifier not in tree.children:
        raise NotHere
    above = tree.ancestors(identifier)
    *ancestors, mine = framework_tree.competencies(current.db(), framework_id, (*above, identifier))
    return render_template(
        "frameworks/competency.html",
        **_about(standing, tree),
        competency=mine,
        ancestors=ancestors,
        links=framework_tree.links_of(current.db(), current.visitor().organization_id, identifier),
        paged=_entries(framework_id, tree.level(identifier)),
    )


@bp.get("/frameworks/<uuid:framework_id>/coverage")
@needs_in_organization(*READ)
def shown_by(framework_id: UUID) -> ResponseReturnValue:
    """Which of the rubrics that are offered show what of it; `open=1` only what none shows yet."""
    found = coverage.by_rubrics(current.db(), current.visitor().organization_id, framework_id)
    only_open = request.args.get("open") == "1"
    lines = [line for area in found.of.areas for line in area.lines if not (only_open and line.shown_by)]
    group = areas(found.of)
    paged = one_page(lines)
    return render_template(
        "frameworks/coverage.html",
        framework_id=framework_id,
        title=framework_in(found.of.framework, readers_languages()),
        notice=found.of.framework.notice,
        of=found.of,
        rubrics=[(one.version_id, for_reader(one.rubric, readers_languages())) for one in found.rubrics],
        group=Group(group.title, group.language, _by_rubric(group.rows, found.rubric_of_column), group.left_out),
        paged=paged,
        rows=_by_rubric(tuple(rows_of(found.of, paged.shown)), found.rubric_of_column),
        apart=sum(len(area.apart) for area in found.of.areas),
        only_open=only_open,
    )


@bp.post("/frameworks/<uuid:framework_id>/looked-at")
@needs_in_organization(WRITE)
@act
def looked_at(framework_id: UUID) -> ResponseReturnValue:
    """The visitor looked at it for their people."""
    own_frameworks.look_at(current.db(), drafts.author(current.visitor()), framework_id, current.now())
    return redirect(url_for("frameworks.framework", framework_id=framework_id, said="framework_looked_at"), 303)


@bp.route("/frameworks/<uuid:framework_id>/remove", methods=["GET", "POST"])
@needs_in_organization(WRITE)
@act
def remove(framework_id: UUID) -> ResponseReturnValue:
    """Offer it no more: asked once."""
    if request.method == "GET":
        standing = _standing(framework_id)
        return render_template("frameworks/remove.html", standing=standing, title=_title_of(standing.framework))
    own_frameworks.remove(current.db(), drafts.author(current.visitor()), framework_id, current.now())
    return redirect(url_for("frameworks.all_of_them", said="framework_removed"), 303)


@bp.post("/frameworks/<uuid:framework_id>/bring-back")
@needs_in_organization(WRITE)
@act
def bring_back(framework_id: UUID) -> ResponseReturnValue:
    """Offer it again."""
    own_frameworks.bring_back(current.db(), drafts.author(current.visitor()), framework_id, current.now())
    return redirect(url_for("frameworks.framework", framework_id=framework_id, said="framework_brought_back"), 303)


def _standing(framework_id: UUID) -> Standing:
    found = framework_tree.standing(current.db(), current.visitor().organization_id, framework_id)
    if found.removed_at is not None and not _writes():
        raise NotHere
    return found


def _writes() -> bool:
    return WRITE in current.capabilities()


def _title_of(framework: Any) -> Any:
    return framework_in(framework, readers_languages())


def _about(standing: Standing, tree: Tree) -> dict[str, Any]:
    wanted = readers_languages()

    def words_of(competency: Competency) -> Any:
        return competency_in(competency, standing.framework.language, wanted)

    return {
        "standing": standing,
        "tree": tree,
        "title": _title_of(standing.framework),
        "words_of": words_of,
        "language_name": language_name,
        "may_write": _writes(),
        "writes_it": _writes() and standing.own and standing.removed_at is None,
    }


def _entries(framework_id: UUID, identifiers: Sequence[str]) -> Any:
    """One page of them, with their words loaded for it alone."""

    def load(first: int, most: int) -> Sequence[Competency]:
        return framework_tree.competencies(current.db(), framework_id, identifiers[first : first + most])

    return page_of(len(identifiers), load)


def _by_rubric(rows: Sequence[Row], rubric_of_column: Sequence[int]) -> tuple[Row, ...]:
    return tuple(
        Row(row.label, row.language, tuple(sorted({rubric_of_column[column] for column in row.columns})), row.code)
        for row in rows
    )
