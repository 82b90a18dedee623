"""The record that goes along: a transcript of one's own."""

from uuid import UUID

import structlog
from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from lti_tool.access import Field
from lti_tool.documents import transcript as documents
from lti_tool.documents.typeset import CannotPrint
from lti_tool.services.exchange import transcripts
from lti_tool.services.exchange.transcripts import Transcript
from lti_tool.services.programs import my_programs
from lti_tool.services.programs.path_pages import StageView
from lti_tool.web import current
from lti_tool.web.access import signed_in, writes
from lti_tool.web.exchange import packages
from lti_tool.web.moments import day
from lti_tool.web.programs.my_programs import words_for
from lti_tool.web.programs.proof_words import Words, status_word
from lti_tool.web.texts import gettext as _
from lti_tool.web.texts import language

bp = Blueprint("transcript", __name__)
log = structlog.get_logger("attune.web")


@bp.get("/path/<uuid:enrollment_id>/transcript")
@signed_in
def page(enrollment_id: UUID) -> ResponseReturnValue:
    """What is in it, and the ways to take it along."""
    return _page(enrollment_id)


@bp.get("/path/<uuid:enrollment_id>/transcript.pdf")
@signed_in
def as_pdf(enrollment_id: UUID) -> ResponseReturnValue:
    """To show to people."""
    found = _found(enrollment_id)
    try:
        made = documents.pdf(_printed(found))
    except CannotPrint as problem:
        log.warning("no PDF", problem=type(problem.__cause__).__name__)
        return _page(enrollment_id, _("The PDF could not be made. This page has the same, and prints as well."))
    return _sent(made, "application/pdf", "pdf")


@bp.get("/path/<uuid:enrollment_id>/transcript.json")
@signed_in
def as_json(enrollment_id: UUID) -> ResponseReturnValue:
    """To be read by other programs: all in one."""
    found = _found(enrollment_id)
    made = documents.transcript_json(found.person_name, found.files, found.command, found.made_at)
    return _sent(made.encode(), "application/json", "json")


@bp.get("/path/<uuid:enrollment_id>/transcript.zip")
@signed_in
@writes
def as_zip(enrollment_id: UUID) -> ResponseReturnValue:
    """The files, for whoever wants to check them."""
    found = _found(enrollment_id)
    one = documents.transcript_json(found.person_name, found.files, found.command, found.made_at)
    files: dict[str, str | bytes] = {**found.files, "transcript.json": one, "read-me.txt": _read_me(found)}
    try:
        files["transcript.pdf"] = documents.pdf(_printed(found))
    except CannotPrint as problem:
        log.warning("no PDF", problem=type(problem.__cause__).__name__)
    files[packages.NAME] = packages.own(enrollment_id, found.files, files)
    return _sent(documents.archive(files), "application/zip", "zip")


def _found(enrollment_id: UUID) -> Transcript:
    return transcripts.transcript(current.db(), current.visitor(), enrollment_id, current.now())


def _page(enrollment_id: UUID, problem: str | None = None) -> str:
    found = _found(enrollment_id)
    return render_template(
        "path/transcript.html",
        found=found,
        printed=_printed(found),
        enrollment_id=enrollment_id,
        readers=my_programs.readers(current.db(), current.visitor())[Field.STANDING],
        ways=[(url_for(f"transcript.as_{kind}", enrollment_id=enrollment_id), label) for kind, label in _ways()],
        problem=problem,
    )


def _ways() -> tuple[tuple[str, str], ...]:
    return (
        ("pdf", _("PDF, to show to people")),
        ("zip", _("All files, so that anybody can check them (ZIP)")),
        ("json", _("One file for other programs (JSON)")),
    )


def _printed(found: Transcript) -> documents.Printed:
    words, program = words_for(found.page), found.page.program
    digests = documents.digests(found.files)
    check = [
        _("This is what Attune held on %(day)s. Attune decides nothing: decisions are made by people of the program.",
          day=day(found.page.stands.today)),
        _("Whoever has the files can check it: each has the digest (SHA-256) that stands below."),
    ]  # fmt: skip
    if found.command:
        check.append(_("With this command they come to the same standing: %(command)s", command=found.command))
    return documents.Printed(
        language=language().partition("_")[0],
        title=_("Record of a path"),
        name=found.person_name,
        program=f"{program.name}, {program.body}",
        about=_about(found),
        sections=[_section(each, words, found) for each in found.page.stages if _is_shown(each)],
        check_heading=_("How this can be checked"),
        check=check,
        digests=list(digests.items()),
        page=_("Page"),
    )


def _about(found: Transcript) -> list[str]:
    page = found.page
    said = [
        _("Edition %(edition)s. Status on %(day)s: %(status)s.", edition=page.program.edition,
          day=day(page.stands.today), status=status_word(page.standing.status)),
    ]  # fmt: skip
    said += [
        _("%(stage)s: decided on %(day)s.", stage=each.standing.stage.title, day=day(each.certified_on))
        for each in page.stages
        if each.certified_on and not each.standing.stage.reveals
    ]
    if any(each.standing.stage.reveals for each in page.stages):
        said.append(_("What tells something private by its name is left out here. The files hold all of it."))
    if page.program.illustrative:
        said.append(_("It restates what a body publishes, as an illustration: no recognition is claimed."))
    return said


def _is_shown(view: StageView) -> bool:
    """What somebody may show to people: no name that reveals something, and of what can be chosen what was begun."""
    return not view.standing.stage.reveals and (not view.is_choice or view.standing.met > 0)


def _section(view: StageView, words: Words, found: Transcript) -> documents.Section:
    today = found.page.stands.today
    lines = []
    for weighed in view.standing.requirements:
        told = words.requirement(weighed, today)
        things = [each.text for each in told.answer.counted.shown]
        if told.answer.counted.more:
            things.append(_("and %(number)s earlier ones", number=told.answer.counted.more))
        answer = told.answer
        lines.append(
            documents.Line(title=told.title, word=answer.word, icon=answer.icon, there=answer.there, things=things)
        )
    about = _("%(met)s of %(asked)s met", met=view.standing.met, asked=view.standing.asked)
    return documents.Section(title=view.standing.stage.title, about=about, lines=lines)


def _read_me(found: Transcript) -> str:
    said = [
        _("%(program)s: the text of the program's rules.", program=documents.PROGRAM),
        _("%(evidence)s: everything that was recorded, as the schema evidence-1.json says.",
          evidence=documents.EVIDENCE),
        _("%(standing)s: what follows from the two, as the schema standing-1.json says.",
          standing=documents.STANDING),
    ]  # fmt: skip
    said.append(packages.how_to_check("attune-record.zip"))
    if found.command:
        said.append(_("With this command anybody comes to the same standing: %(command)s", command=found.command))
    said += [f"SHA-256 {name}: {value}" for name, value in documents.digests(found.files).items()]
    return "\n".join(said) + "\n"


def _sent(made: bytes, kind: str, ending: str) -> Response:
    return Response(
        made, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="attune-record.{ending}"'}
    )
