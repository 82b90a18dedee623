"""Why a thing may be out of its time."""

from collections.abc import Callable, Iterator
from datetime import date

from grading.evidence import Item
from grading.known import Known, day_of
from grading.periods import Period, earlier, later
from grading.proof import Why
from grading.requirements.selection import Anchor, Named, Selection, Window
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
        start = earlier(until or found.day, window.last, found.pauses("windows"))
        since = start if since is None else max(since, start)
    if since is not None or until is not None:
        yield _between(since or date.min, until or date.max)
    if window.in_force:
        yield _in_force(day_of(window.in_force, found) or found.day)


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


def falls_out_on(selection: Selection, result: Candidates, found: Known) -> date | None:
    """The next day on which one of the things is out of its time, as time goes on."""
    days: list[date] = []
    for window in selection.windows:
        if window.last and _is_today(window.until, found):
            oldest = min((item.on for item in result.first_items()), default=None)
            days += [later(oldest, window.last, found.pauses("windows"))] if oldest else []
        if window.in_force and _is_today(window.in_force, found):
            days += [item.until for item in result.all_items() if item.until]
    return Period(days=1).after(min(days)) if days else None


def _is_today(anchor: Anchor | None, found: Known) -> bool:
    """Whether the day moves on with today: it is today itself, or has not come."""
    return anchor is None or anchor.named is Named.TODAY or day_of(anchor, found) is None
