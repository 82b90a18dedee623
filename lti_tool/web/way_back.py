"""From where an act or a page did not get on: the nearest page that can be shown."""

from flask import current_app, request, url_for

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


def _above(path: str) -> str:
    return path.rpartition("/")[0]
