"""What a view may ask for about the request it answers: who, when, the database, the settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from flask import current_app, g, request

from lti_tool.access import Capability
from lti_tool.file_store import FileStore
from lti_tool.lti.key_sets import KeySets
from lti_tool.queue import Kind, LookAt
from lti_tool.safe_http import SafeHttp
from lti_tool.services.courses import places
from lti_tool.services.entering.visitors import Visitor, who_is_it
from lti_tool.settings import Settings
from lti_tool.store.sessions import Session, Sessions
from lti_tool.web import cookies
from lti_tool.web.connecting.known_platforms import KnownPlatforms

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class NotSignedIn(Exception):
    """Nobody is signed in, and this page is for someone who is."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What `create_app` joined together."""

    settings: Settings
    clock: Callable[[], datetime]
    sessions: Sessions
    http: SafeHttp
    key_sets: KeySets
    known_platforms: KnownPlatforms
    look_at: LookAt
    """Tells the worker that a row has work; called after the commit."""
    files: FileStore | None = None
    """Where contents of files lie; None where the operator named no place."""
    queue_length: Callable[[], int] | None = None
    """How many wake-ups wait for a worker; None where there is no queue."""


@dataclass(slots=True)
class Turn:
    """One request's own things, made when first asked for."""

    now: datetime
    reference: str
    session: Session | None = None
    visitor: Visitor | None = None
    visitor_known: bool = False
    capabilities: frozenset[Capability] | None = None
    """What the visitor may do in their organization; None until someone asked."""
    to_look_at: list[tuple[Kind, UUID]] = field(default_factory=list)
    frame_ancestors: tuple[str, ...] = ()
    framed_anywhere: bool = False
    form_targets: tuple[str, ...] = ()
    frames_our_pages: bool = False
    plays_our_media: bool = False
    only_content: bool = False
    """The answer is somebody's file: whatever is in it may do nothing."""
    nonce: str = ""
    catalog: Any = None
    """The texts in the reader's language, see `web.texts`."""
    return_url: str | None = None
    """Where a verified launch wants people back, for a page that tells of a problem with it."""
    fresh_browser: str | None = None
    """A mark for a browser that had none; sent with the answer."""


def joined() -> Joined:
    """The parts of this installation."""
    return cast(Joined, current_app.extensions["attune"])


def turn() -> Turn:
    """This request's own things."""
    return cast(Turn, g.attune_turn)


def settings() -> Settings:
    """The settings of this installation."""
    return joined().settings


def http() -> SafeHttp:
    """The only way out to the network."""
    return joined().http


def now() -> datetime:
    """The moment of this request, the same however often it is asked."""
    return turn().now


def reference() -> str:
    """What finds this request's log lines; shown on pages that tell of a problem."""
    return turn().reference


def db() -> Session:
    """The session of this request: it may write unless the view only reads, see `web.transactions`."""
    mine = turn()
    if mine.session is None:
        sessions = joined().sessions
        mine.session = sessions.writing() if may_write() else sessions.reading()
    return mine.session


def may_write() -> bool:
    """Whether this request may write: unsafe methods do, and views marked `@writes`."""
    return request.method not in SAFE_METHODS or bool(mark("attune_writes"))


def mark(name: str) -> Any:
    """What a decorator of `web.access` or `web.acts` wrote on the view that answers; None without one."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, name, None)


def visitor() -> Visitor:
    """The signed-in person. Raises `NotSignedIn`."""
    found = visitor_if_any()
    if found is None:
        raise NotSignedIn
    return found


def visitor_if_any() -> Visitor | None:
    """The signed-in person, or None; asked of the database once a request."""
    mine = turn()
    if not mine.visitor_known:
        token = cookies.tab_secret(request) if in_tab() else cookies.session_token(request, secure=settings().secure)
        mine.visitor = who_is_it(db(), token, mine.now, in_tab=in_tab()) if token else None
        mine.visitor_known = True
    return mine.visitor


def capabilities() -> frozenset[Capability]:
    """What the visitor may do anywhere in their organization; asked of the database once a request."""
    mine = turn()
    if mine.capabilities is None:
        mine.capabilities = places.in_organization(db(), visitor())
    return mine.capabilities


def has_entered(token: str) -> Visitor:
    """From here on this request belongs to the person who just came in. The cookie is the caller's to set."""
    mine = turn()
    mine.visitor, mine.visitor_known = who_is_it(db(), token, mine.now), True
    return visitor()


def in_tab() -> bool:
    """Whether a tab that keeps no cookie asks: then only a session of a tab counts, whatever cookies say."""
    return cookies.from_a_tab(request)


def visitor_so_far() -> Visitor | None:
    """The signed-in person if someone asked already; never touches the database."""
    return turn().visitor


def look_at(kind: Kind, row_id: UUID) -> None:
    """Have the worker look at this row once the transaction is committed."""
    turn().to_look_at.append((kind, row_id))
