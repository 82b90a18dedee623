"""Files on their way in: onto the disk piece by piece, and into the store, before the database is asked to write.

An upload takes as long as its line is slow. Nothing is locked meanwhile, little of it is in memory, and of what was
cut off nothing is left: it never had a name.
"""

import errno
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import flask
from flask import g, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from lti_tool.access import Capability
from lti_tool.file_store import Away, FileStore, Full
from lti_tool.services.courses import places
from lti_tool.services.courses.places import NotHere, Place
from lti_tool.services.entering.visitors import who_is_it
from lti_tool.services.portfolio import evidence_checks, evidence_files
from lti_tool.services.portfolio.evidence_files import Arrived
from lti_tool.web import cookies, current
from lti_tool.web.access import View
from lti_tool.web.transactions import give_up
from rubrics.refusal import Refused

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
MULTIPART = 100_000
"""What a form with a file needs around it."""
NO_ROOM = Refused(
    "files_full",
    "There is no room for this file now. Nothing of it was kept. Please tell your operator, and try again later.",
)
CUT_OFF = Refused("file_cut", "The connection broke off. Nothing of it was kept. Please try again.")
NOT_NOW = Refused("files_away", "Files cannot be kept at the moment. Nothing of it was kept. Please try again later.")

NoFile = Callable[[Place, Refused], str]
"""The page with the form again, and what to do."""


class Typed(ImmutableMultiDict[str, Any]):
    """The values of a form or an address; U+FFFD stands for the one character (NUL) that PostgreSQL cannot keep."""

    def __init__(self, mapping: Any = None) -> None:
        pairs = MultiDict(mapping).items(multi=True)
        super().__init__([(name.replace("\0", UNKNOWN), _without_nul(value)) for name, value in pairs])


class Request(flask.Request):
    """A request whose files may be large: they wait on the disk where the store has its own."""

    parameter_storage_class = Typed
    arrives_in: Path | None = None
    _opened: tuple[IO[bytes], ...] = ()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Without a name, so that it is gone with the request, however that ends."""
        if self.arrives_in is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        self.arrives_in.mkdir(mode=0o700, parents=True, exist_ok=True)
        stream = tempfile.TemporaryFile("rb+", dir=self.arrives_in)  # noqa: SIM115  # `close` does
        self._opened = (*self._opened, stream)
        return stream

    def close(self) -> None:
        """Also what was never handed on, because the form broke off."""
        super().close()
        for stream in self._opened:
            stream.close()


def _without_nul(value: Any) -> Any:
    """A file stays as it is."""
    return value.replace("\0", UNKNOWN) if isinstance(value, str) else value


def arrives(again: NoFile) -> Callable[[View], View]:
    """Outermost, for a view of one activity that trainees bring a file to: it finds the file by `arrived`.

    Where there is none, or it cannot be taken, the person reads why on the page that `again` makes.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def with_file(activity_id: UUID, **values: object) -> ResponseReturnValue:
            if request.method in current.SAFE_METHODS or not _may_bring(activity_id):
                return view(activity_id=activity_id, **values)
            try:
                g.attune_arrived, g.attune_kept = _arrive(), False
            except Refused as refused:
                return _say(again, activity_id, refused)
            try:
                return view(activity_id=activity_id, **values)
            finally:
                if not g.attune_kept:
                    evidence_checks.delete(_store(), (arrived().name,))

        return with_file

    return decorate


def arrived() -> Arrived:
    """The file that came with this request."""
    found: Arrived = g.attune_arrived
    return found


def keep_arrived() -> None:
    """A row names the file now: it stays when the request is answered."""
    g.attune_kept = True


def typed() -> Mapping[str, str]:
    """What the form says; nothing where it could not be read."""
    try:
        return request.form
    except HTTPException:
        return {}


def offered() -> bool:
    """Whether this installation has a place for files."""
    return current.joined().files is not None


def _store() -> FileStore:
    store = current.joined().files
    if store is None:
        raise Refused("files_nowhere", "This Attune has no place for files. Links and notes can be brought.")
    return store


def _may_bring(activity_id: UUID) -> bool:
    """Looked at before a long request is read: who may not bring a file is told so by the guards of the view."""
    with current.joined().sessions.reading() as session:
        token = cookies.tab_secret(request) if current.in_tab() else None
        if not current.in_tab():
            token = cookies.session_token(request, secure=current.settings().secure)
        visitor = who_is_it(session, token, current.now(), in_tab=current.in_tab()) if token else None
        if visitor is None:
            return False
        try:
            return Capability.TRAINEE in places.place(session, visitor, activity_id).capabilities
        except NotHere:
            return False


def _arrive() -> Arrived:
    settings, store = current.settings(), _store()
    request.max_content_length = settings.largest_file + MULTIPART
    request.arrives_in = settings.files_directory  # type: ignore[attr-defined]  # our own request
    try:
        given = request.files.get("file")
        if given is None or not given.filename:
            raise Refused("file_choose", "Please choose a file first.")
        with kept_or_told():
            return evidence_files.arrive(store, given.stream, settings.largest_file)
    except RequestEntityTooLarge:
        raise evidence_files.too_large(settings.largest_file) from None
    except ClientDisconnected:
        raise CUT_OFF from None
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NO_ROOM from None
        raise


@contextmanager
def kept_or_told() -> Iterator[None]:
    """What the store does not keep is said in words."""
    try:
        yield
    except Full:
        raise NO_ROOM from None
    except Away:
        raise NOT_NOW from None


STATUS = {"file_large": 413, "files_full": 507, "files_away": 503}


def _say(again: NoFile, activity_id: UUID, refused: Refused) -> ResponseReturnValue:
    """Only somebody who may bring a file gets so far, see `_may_bring`."""
    place = places.place(current.db(), current.visitor(), activity_id)
    page = again(place, refused)
    give_up()
    return page, STATUS.get(refused.code, 422)
