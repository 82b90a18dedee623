"""One transaction a request: committed below status 400, rolled back otherwise.

What must last whatever follows calls `keep` first.
"""

from collections.abc import Callable
from typing import TypeVar

import structlog
from flask import Flask, Response, g

from lti_tool.web import current

log = structlog.get_logger("attune.web")

Page = TypeVar("Page")


def use_transactions(app: Flask) -> None:
    """End each request's transaction by its answer."""
    app.after_request(_end)
    app.teardown_request(_close)


def keep() -> None:
    """Commit what was written so far, whatever the rest of the request does."""
    current.db().commit()


def give_up() -> None:
    """Roll back what was not kept."""
    mine = current.turn()
    mine.to_look_at.clear()
    if mine.session is not None:
        mine.session.rollback()


def shown_again(page: Callable[[], Page]) -> Page:
    """A page that shows a record although the act was not done: nothing of the act is kept, the read log is."""
    give_up()
    shown = page()
    keep()
    return shown


def _end(response: Response) -> Response:
    mine = current.turn()
    if response.status_code >= 400:
        give_up()
    elif mine.session is not None:
        mine.session.commit()
        _tell_the_worker(mine)
    return response


def _tell_the_worker(mine: current.Turn) -> None:
    # What was done is committed. A queue that cannot be reached loses nothing: the sweep finds the row.
    try:
        for kind, row_id in mine.to_look_at:
            current.joined().look_at(kind, row_id)
    except Exception as problem:
        log.warning("worker not told", problem=type(problem).__name__)
    mine.to_look_at.clear()


def _close(_problem: BaseException | None) -> None:
    mine: current.Turn | None = g.get("attune_turn")
    if mine is not None and mine.session is not None:
        mine.session.close()
        mine.session = None
