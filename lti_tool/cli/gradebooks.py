"""attune gradebooks: whether scores get through to every LMS, for people and for monitoring."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from lti_tool.cli.opening import now, session_on, settings_now
from lti_tool.services.scores import delivery_health, lane_acts, lane_words
from lti_tool.services.scores.delivery_health import MOST, PlatformHealth, Workers


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: the same as JSON.")
@click.option("--compare", is_flag=True, help="Have all columns compared with what the LMSs show, as after a restore.")
def gradebooks(as_json: bool, compare: bool) -> None:
    """Say for each LMS what got through, what waits and why; exit status 1 if an operator is needed.

    Numbers only: nobody's name or score. What instructors look after (a person who left, a column that was deleted)
    is counted, and is no reason for status 1.
    """
    settings, moment = settings_now(), now()
    with session_on(settings) as session:
        if compare:
            asked = lane_acts.compare_all(session, moment)
            click.echo(f"Columns that the worker now compares, at each LMS's own pace: {asked}", err=True)
        platforms = delivery_health.platforms(session, None, moment)
        workers = delivery_health.workers(session)
    needed = _no_worker(platforms, workers, moment) or any(one.needs(moment) for one in platforms)
    if as_json:
        click.echo(json.dumps(_content(platforms, workers, moment, needed=needed), indent=2))
    else:
        for line in _lines(platforms, workers, moment):
            click.echo(line)
    if needed:
        sys.exit(1)


def _no_worker(platforms: tuple[PlatformHealth, ...], workers: Workers, moment: datetime) -> bool:
    return bool(platforms) and workers.quiet(moment)


def _lines(platforms: tuple[PlatformHealth, ...], workers: Workers, moment: datetime) -> Iterator[str]:
    if not platforms:
        yield "No LMS is connected yet. Begin with: attune platforms invite"
    for one in platforms:
        off = "  SWITCHED OFF" if not one.active else ""
        yield f"{one.platform_name}  ({one.organization_name}){off}"
        since = f", the first since {_time(one.waiting_since)}" if one.waiting_since else ""
        yield f"  accepted    {_number(one.accepted)}, in the last 24 hours {_number(one.accepted_of_a_day)}"
        yield f"  waiting     {_number(one.waiting)}{since}"
        yield f"  need people {_number(one.needs_person)}"
        yield f"  differ      {_number(one.differs)}"
        if one.gone_columns:
            yield f"  gone        {one.gone_columns} columns were deleted in the LMS"
        if one.rests(moment):
            yield f"  rests until {_time(one.resting_until)}"
        if one.problem:
            yield f"  trouble     {lane_words.about(one.problem)} {one.troubles} in a row."
        yield from (f"  NEEDS YOU   {lane_words.NEEDS[need]}" for need in one.needs(moment))
    yield f"The worker was last seen: {_time(workers.seen_at) if workers.seen_at else 'never'}"
    if _no_worker(platforms, workers, moment):
        yield f"NEEDS YOU  {lane_words.NO_WORKER}"


def _content(
    platforms: tuple[PlatformHealth, ...], workers: Workers, moment: datetime, *, needed: bool
) -> dict[str, Any]:
    return {
        "needs_operator": needed,
        "worker_seen_at": _time(workers.seen_at),
        "worker_quiet": _no_worker(platforms, workers, moment),
        "counted_up_to": MOST,
        "platforms": [
            {
                "id": str(one.registration_id),
                "name": one.platform_name,
                "organization": one.organization_name,
                "active": one.active,
                "accepted": one.accepted,
                "accepted_in_24_hours": one.accepted_of_a_day,
                "accepted_last_at": _time(one.accepted_at),
                "waiting": one.waiting,
                "waiting_since": _time(one.waiting_since),
                "needs_person": one.needs_person,
                "needs_person_why": dict(one.why),
                "differs": one.differs,
                "gone_columns": one.gone_columns,
                "resting_until": _time(one.resting_until) if one.rests(moment) else None,
                "troubles": one.troubles,
                "problem": one.problem,
                "problem_at": _time(one.problem_at),
                "clock_ahead_seconds": one.clock_ahead,
                "needs_operator_for": [need.value for need in one.needs(moment)],
            }
            for one in platforms
        ],
    }


def _number(number: int) -> str:
    return f"more than {MOST}" if number > MOST else str(number)


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
