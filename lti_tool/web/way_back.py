"""Ways back: to the nearest page of ours that can be shown, and to the LMS."""

from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from flask import current_app, request, url_for

from lti_tool.services.courses import places
from lti_tool.web import current
from lti_tool.web.current import SAFE_METHODS


def way_back() -> str:
    """The nearest page at or above this address; the start page if there is none."""
    adapter = current_app.create_url_adapter(request)
    path = request.path if request.method not in SAFE_METHODS else _above(request.path)
    while adapter is not None and path:
        if adapter.test(path, method="GET"):
            return path
        path = _above(path)
    return url_for("health.start")


def to_course(place: places.Place | None, course_id: UUID | None) -> str | None:
    """Where the course of a page wants its reader back; for a page of no course, where the last launch does.

    Another tab may have opened another course since.
    """
    visitor = current.visitor_so_far()
    if place is not None:
        return place.return_url
    if visitor is None or course_id is None:
        return visitor.return_url if visitor else None
    return places.return_url(current.db(), visitor, course_id)


def to_lms(address: str, **said: str) -> str:
    """The platform's return address with what it may show, such as `lti_msg` (LTI Core 1.3, section 5.4.4).

    Its own query stays.
    """
    parts, more = urlsplit(address), urlencode(said)
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


def _above(path: str) -> str:
    return path.rpartition("/")[0]
