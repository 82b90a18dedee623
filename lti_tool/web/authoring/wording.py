"""Wording rules: those that come with Attune, the organization's own, and trying a sentence."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents import DocumentProblem, DocumentProblems
from lti_tool.documents.sentences import Sentence
from lti_tool.documents.wording import MOST_BYTES, bundled_rules, is_language, read_rules, write_rules
from lti_tool.services.authoring import wording
from lti_tool.services.authoring.wording import CHANGED_MEANWHILE, OwnRules
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, repeatable
from lti_tool.web.authoring.library import language_name
from lti_tool.web.authoring.wording_rows import Row, blank_rows, rows_of, typed_rows
from lti_tool.web.exchange.file_problems import said_of
from lti_tool.web.texts import _N, gettext, language
from lti_tool.web.transactions import shown_again
from rubrics.refusal import Refused
from rubrics.rubric_texts import Text, Use
from rubrics.wording import Kind, Rule, lint_text, speaks

bp = Blueprint("wording", __name__)

KINDS = {
    Kind.BANNED: (
        _N("Words that wound"),
        _N("Nothing is published with them in a title, summary, statement, level name or anchor."),
    ),
    Kind.PERSON: (
        _N("Words that describe the person"),
        _N("In level names and anchors: they say which help was needed, not what someone is like."),
    ),
    Kind.UNOBSERVABLE: (
        _N("What nobody can see or hear"),
        _N("Where a statement begins: it names what is done or said."),
    ),
    Kind.DOUBLE: (
        _N("Two behaviors in one"),
        _N("In statements: each behavior is rated on its own."),
    ),
}
USES = {
    Use.STATEMENT: _N("what a criterion looks at"),
    Use.ANCHOR: _N("what is seen at a level"),
    Use.LABEL: _N("the name of a level"),
    Use.SUMMARY: _N("the title or summary"),
    Use.GUIDE: _N("a guide note"),
}
LONGEST_TRIED = 2000


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one kind that apply."""

    kind: Kind
    bundled: tuple[Rule, ...]
    own: tuple[Rule, ...]


@bp.get("/wording")
@needs_in_organization(Capability.PROGRAM_LEAD)
def rules() -> ResponseReturnValue:
    """The rules that apply in one language, and a place to try a sentence."""
    return _rules(_language(request.args.get("language-code") or request.args.get("language")))


@bp.post("/wording")
@needs_in_organization(Capability.PROGRAM_LEAD)
@repeatable
def try_out() -> ResponseReturnValue:
    """What would be found in a sentence. It is kept nowhere."""
    chosen = _language(request.form.get("language"))
    words = request.form.get("words", "")[:LONGEST_TRIED]
    use = next((use for use in USES if use == request.form.get("use")), Use.STATEMENT)
    return _rules(chosen, Text("", use, chosen, words))


def _rules(chosen: str, tried: Text | None = None) -> str:
    session, organization_id = current.db(), current.visitor().organization_id
    every = [rule for rule in wording.rules(session, organization_id) if speaks(rule, chosen)]
    with_attune = set(bundled_rules())
    return render_template(
        "wording/rules.html",
        chosen=chosen,
        languages=[(tag, language_name(tag)) for tag in sorted({chosen, *wording.languages(session, organization_id)})],
        groups=[
            Group(
                kind,
                tuple(rule for rule in every if rule.kind is kind and rule in with_attune),
                tuple(rule for rule in every if rule.kind is kind and rule not in with_attune),
            )
            for kind in Kind
        ],
        kinds=KINDS,
        uses=[(use.value, gettext(said)) for use, said in USES.items()],
        tried=tried,
        findings=lint_text(tried, every) if tried else (),
    )


@bp.get("/wording/own")
@needs_in_organization(Capability.PROGRAM_LEAD)
def own() -> ResponseReturnValue:
    """The organization's own rules in one language, a row each."""
    found = _own(_language(request.args.get("language")))
    return _form(found, rows_of(found.rules))


@bp.post("/wording/own")
@needs_in_organization(Capability.PROGRAM_LEAD)
@repeatable  # the same rules again change nothing
def save() -> ResponseReturnValue:
    """Have the rows as the organization's own rules; or show more rows, with what was typed."""
    chosen = _language(request.form.get("language"))
    rows = typed_rows(request.form)
    wanted = OwnRules(chosen, revision=request.form.get("revision", 0, int))
    if "more" in request.form:
        return _form(wanted, rows)
    rows = tuple(row for row in rows if not row.is_blank)
    kept = tuple(row for row in rows if not row.taken_out)
    wanted = replace(wanted, rules=tuple(row.rule(chosen) for row in kept))
    if any(row.problems() for row in kept):
        return _form(wanted, rows, shows_problems=True), 422
    try:
        wording.save(current.db(), current.visitor(), wanted, current.now())
    except DocumentProblems as problems:
        return _form(wanted, rows, problems=[said_of(each) for each in problems.problems]), 422
    except Refused as refused:
        if refused.code != CHANGED_MEANWHILE:
            raise
        return shown_again(lambda: _changed_meanwhile(wanted, rows)), 422
    return redirect(url_for("wording.rules", language=chosen, said="wording_saved"), 303)


def _changed_meanwhile(wanted: OwnRules, rows: tuple[Row, ...]) -> str:
    """Both texts; saving once more takes the typed ones."""
    theirs = _own(wanted.language)
    return _form(replace(wanted, revision=theirs.revision), rows, theirs=theirs)


@bp.get("/wording/own/file")
@needs_in_organization(Capability.PROGRAM_LEAD)
def own_file() -> ResponseReturnValue:
    """The organization's own rules in one language as TOML."""
    found = _own(_language(request.args.get("language")))
    response = Response(write_rules(found.language, found.rules), mimetype="application/toml")
    response.headers.set("Content-Disposition", "attachment", filename=f"wording-{found.language}.toml")
    return response


@bp.route("/wording/bring", methods=["GET", "POST"])
@needs_in_organization(Capability.PROGRAM_LEAD)
@repeatable  # nothing is kept: what was read is shown, to be saved from there
def bring() -> ResponseReturnValue:
    """Rules from a file, or pasted, into the rows."""
    if request.method == "GET":
        return render_template("wording/bring.html", typed="", problems=())
    typed = request.form.get("text", "")
    try:
        brought = _brought(typed)
    except DocumentProblems as problems:
        said = [said_of(each) for each in problems.problems]
        return render_template("wording/bring.html", typed=typed, problems=said), 422
    chosen = brought[0].language
    return _form(replace(_own(chosen), rules=brought), rows_of(brought), brought=True)


def _brought(typed: str) -> tuple[Rule, ...]:
    file = request.files.get("file")
    named = file.filename if file and file.filename else ""
    content = file.read(MOST_BYTES + 1) if file and named else typed.encode()
    source = named or gettext("what you pasted")
    try:
        brought = read_rules(content.decode("utf-8-sig"), source=source)
    except UnicodeDecodeError as error:
        said = Sentence(_N("These letters are not UTF-8. Please save the file as UTF-8."))
        raise DocumentProblems(DocumentProblem(source, "", said)) from error
    if not brought:
        said = Sentence(_N("There is no rule in it yet. Please begin each with a line [[rules]]."))
        raise DocumentProblems(DocumentProblem(source, "", said))
    return brought


def _form(
    found: OwnRules,
    rows: tuple[Row, ...],
    *,
    shows_problems: bool = False,
    problems: list[str] | None = None,
    theirs: OwnRules | None = None,
    brought: bool = False,
) -> str:
    every = (*rows, *blank_rows(rows))
    return render_template(
        "wording/own.html",
        found=found,
        language_name=language_name(found.language),
        rows=[(row, row.problems() if shows_problems and not row.is_blank else {}) for row in every],
        problems=problems or [],
        kinds=[(kind.value, gettext(title)) for kind, (title, _hint) in KINDS.items()],
        kind_names=KINDS,
        theirs=theirs,
        brought=brought,
    )


def _own(chosen: str) -> OwnRules:
    return wording.own_rules(current.db(), current.visitor().organization_id, chosen)


def _language(asked: str | None) -> str:
    """The language that was asked for, else the reader's."""
    asked = (asked or "").strip()
    return asked if len(asked) <= 20 and is_language(asked) else language().partition("_")[0]
