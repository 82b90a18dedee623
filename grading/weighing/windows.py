"""Why a thing may be out of its time."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from grading.evidence import Item
from grading.known import Known, day_of, day_or_today
from grading.periods import Period, earlier
from grading.proof import Why
from grading.requirements.selection import Selection, Window
from grading.weighing.passing import comes_on, earliest, passes_on
from grading.weighing.pile import Candidates

Reason = Callable[[Item], Why | None]


def reasons_of(selection: Selection, found: Known) -> list[Reason]:
    """What each window asks of a thing; days that rules name are found once."""
    return [reason for window in selection.windows for reason in _of_window(window, found)]


def _of_window(window: Window, found: Known) -> Iterator[Reason]:
    """Why a thing may be out of its time."""
    until = day_of(window.until, found) if window.until else None
    since = None
    if window.since:
        since = day_of(window.since, found)
        if since is None:
            yield lambda _: Why.NOT_BEGUN
            return
    if window.last:
        start = _start(window, window.last, found)
        since = start if since is None else max(since, start)
    if since is not None or until is not None:
        yield _between(since or date.min, until or date.max)
    if window.in_force:
        yield _in_force(day_or_today(window.in_force, found))


def _between(since: date, until: date) -> Reason:
    def reason(item: Item) -> Why | None:
        if item.on < since:
            return Why.TOO_EARLY
        return Why.TOO_LATE if item.on > until else None

    return reason


def _in_force(day: date) -> Reason:
    def reason(item: Item) -> Why | None:
        ended = item.until is not None and item.until < day
        return Why.NOT_IN_FORCE if item.on > day or ended else None

    return reason


def changes_on(selection: Selection, result: Candidates, found: Known) -> date | None:
    """The next day on which, as time goes on, one of the things is out of its time, or one that was out is in it."""
    return earliest(*(day for window in selection.windows for day in _ends(window, result, found)))


def _ends(window: Window, result: Candidates, found: Known) -> Iterator[date | None]:
    if window.since:
        yield passes_on(partial(day_of, window.since), (item.on for item in result.first_items()), found)
    if window.last:
        start = partial(_start, window, window.last)
        yield passes_on(start, (item.on for item in result.first_items()), found)
    if window.until:
        yield comes_on(partial(day_of, window.until), _out(result), found)
    if window.in_force:
        day = partial(day_or_today, window.in_force)
        yield passes_on(day, (item.until for item in result.all_items() if item.until), found)
        yield comes_on(day, _out(result), found)


def _out(result: Candidates) -> Iterator[date]:
    """The days of what does not count, for whatever reason."""
    return (left.item.on for left in result.left_out)


def _start(window: Window, last: Period, found: Known) -> date:
    """The first day of so long before the window's end."""
    return earlier(day_or_today(window.until, found), last, found.pauses("windows"))
