"""Contents of evidence: streamed piece by piece, in part where a player asks for a part, and never more than shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from uuid import UUID

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from lti_tool.documents.magic import ENDINGS
from lti_tool.file_store import Away, FileStore, NotStored, Unreadable
from lti_tool.services.courses.places import NotHere
from lti_tool.services.portfolio import evidence_files
from lti_tool.services.portfolio.evidence_files import Content
from lti_tool.web import current, security
from lti_tool.web.access import signed_in, writes
from rubrics.evidence import EvidenceKind
from rubrics.refusal import Refused

bp = Blueprint("evidence_content", __name__)
log = structlog.get_logger("attune.web")

PRIVATE = "private, no-store"
LONGEST_NAME = 80


@bp.get("/evidence/<uuid:evidence_id>/content")
@signed_in
@writes
def content(evidence_id: UUID) -> ResponseReturnValue:
    """The file, whole or the part that was asked for; `save=1` to keep it. A PDF is only ever saved."""
    store = _store()
    found = evidence_files.content(current.db(), current.visitor(), evidence_id, current.now())
    security.is_only_content()
    part = _part(found)
    if part is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{found.size}"})
    first, end = part
    with _there():
        pieces = store.read(found.name, first, end - first)
    answer = Response(pieces, 200 if (first, end) == (0, found.size) else 206, mimetype=found.media_type)
    answer.content_length = end - first
    if answer.status_code == 206:
        answer.headers["Content-Range"] = f"bytes {first}-{end - 1}/{found.size}"
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = _disposition(found)
    answer.headers["Cache-Control"] = PRIVATE
    answer.set_etag(found.digest)
    return answer


@bp.get("/evidence/<uuid:evidence_id>/captions")
@signed_in
@writes
def captions(evidence_id: UUID) -> ResponseReturnValue:
    """The captions of a recording."""
    security.is_only_content()
    with _there():
        pieces = evidence_files.captions(current.db(), current.visitor(), _store(), evidence_id, current.now())
    return Response(pieces, mimetype="text/vtt", headers={"Cache-Control": PRIVATE})


def _store() -> FileStore:
    store = current.joined().files
    if store is None:
        raise NotHere
    return store


def _part(found: Content) -> tuple[int, int] | None:
    """From where to before where; all of it unless one part is asked for, None where there is no such part."""
    whole = (0, found.size)
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return whole
    if request.if_range.etag not in (None, found.digest):
        return whole
    return wanted.range_for_length(found.size)


def _disposition(found: Content) -> str:
    kept = found.kind is EvidenceKind.PDF or request.args.get("save") == "1"
    ending = ENDINGS[found.media_type]
    plain = "".join(sign for sign in found.title if sign.isprintable() and sign not in '/\\:*?"<>|;')[:LONGEST_NAME]
    name = quote(f"{plain.strip(' .') or 'evidence'}.{ending}")
    return f"{'attachment' if kept else 'inline'}; filename=\"evidence.{ending}\"; filename*=UTF-8''{name}"


@contextmanager
def _there() -> Iterator[None]:
    try:
        yield
    except NotStored:
        raise NotHere from None
    except Away as problem:
        if isinstance(problem, Unreadable):
            log.error("a file cannot be read with the secrets of the settings: run attune check", name=str(problem))
        raise Refused("files_away", "Files cannot be read at the moment. Please try again in a few minutes.") from None
