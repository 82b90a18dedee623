"""Packages that anybody can check offline: for a board, by a program lead or by whose it is; and somebody's own."""

from collections.abc import Mapping
from uuid import UUID

import structlog
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from lti_tool.access import Capability
from lti_tool.documents.decision_pdf import pdf
from lti_tool.documents.package import NAME, sealed, sha256
from lti_tool.documents.paper import Size
from lti_tool.documents.transcript import archive
from lti_tool.documents.typeset import CannotPrint
from lti_tool.services.exchange import packages
from lti_tool.services.exchange.packages import Packed
from lti_tool.services.programs.enrollment_lists import opened
from lti_tool.web import current
from lti_tool.web.access import needs_in_organization, signed_in, writes
from lti_tool.web.exchange import board_words
from lti_tool.web.texts import gettext as _

bp = Blueprint("packages", __name__)
log = structlog.get_logger("attune.web")

__all__ = ["NAME", "bp", "how_to_check", "own"]
PDF, READ_ME = "board.pdf", "read-me.txt"


@bp.get("/people-of/<uuid:enrollment_id>/board")
@needs_in_organization(Capability.PROGRAM_LEAD)
def page(enrollment_id: UUID) -> ResponseReturnValue:
    """What is in a package for a board, and the way to take it along."""
    found = opened(current.db(), current.visitor(), enrollment_id, current.now())
    return render_template("packages/board.html", found=found, left_out=_(packages.LEFT_OUT))


@bp.get("/people-of/<uuid:enrollment_id>/board.zip")
@needs_in_organization(Capability.PROGRAM_LEAD)
@writes
def board(enrollment_id: UUID) -> ResponseReturnValue:
    """The package, by a program lead: its person can see that it was made."""
    return _board(enrollment_id, leads=True)


@bp.get("/path/<uuid:enrollment_id>/board.zip")
@signed_in
@writes
def own_board(enrollment_id: UUID) -> ResponseReturnValue:
    """The same, by the person themselves."""
    return _board(enrollment_id, leads=False)


def own(enrollment_id: UUID, documents: Mapping[str, str], files: Mapping[str, str | bytes]) -> bytes:
    """Somebody's own record as a package, beside these files."""
    session, visitor, now = current.db(), current.visitor(), current.now()
    address = current.settings().public_url
    packed = packages.of_oneself(session, visitor, enrollment_id, documents, now, public_url=address)
    return _sealed(packed, {name: _bytes(content) for name, content in files.items() if name != READ_ME})


def how_to_check(name: str) -> str:
    """For a read-me."""
    return _(
        "%(file)s holds all of it with digests and a signature. This command checks it without a connection: "
        "attune audit verify %(name)s",
        file=NAME,
        name=name,
    )


def _board(enrollment_id: UUID, *, leads: bool) -> Response:
    session, visitor, now = current.db(), current.visitor(), current.now()
    address = current.settings().public_url
    packed = packages.for_board(session, visitor, enrollment_id, now, public_url=address, leads=leads)
    files: dict[str, str | bytes] = {}
    try:
        files[PDF] = pdf(board_words.letter(packed), Size.A4)
    except CannotPrint as problem:
        log.warning("no PDF", problem=type(problem.__cause__).__name__)
    files[NAME] = _sealed(packed, {name: _bytes(content) for name, content in files.items()})
    files[READ_ME] = f"{how_to_check('attune-board.zip')}\n{_(packages.LEFT_OUT)}\n"
    headers = {"Content-Disposition": 'attachment; filename="attune-board.zip"', "Cache-Control": "private, no-store"}
    return Response(archive(files), mimetype="application/zip", headers=headers)


def _sealed(packed: Packed, files: Mapping[str, bytes]) -> bytes:
    settings, visitor = current.settings(), current.visitor()
    key = packages.key(current.db(), visitor.organization_id, settings.public_url, current.now())
    digests = {name: sha256(content) for name, content in files.items()}
    return sealed({**packed.content, "files": digests}, kid=key.kid, sign=key.sign)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
