"""The worker's part of kept standings: those of one program some at a time, each lot in a transaction of its own."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.standing import kept_standings

log = structlog.get_logger("attune.worker")

MOST_LOTS = 4_000
"""Of one program in one go: what is left then waits for the next sweep."""


def work(
    sessions: sessionmaker[Session],
    program_id: UUID,
    clock: Callable[[], datetime],
    *,
    also_old: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Work out anew all that is to be, until told to stop; how many it were."""
    done = 0
    for _ in range(MOST_LOTS):
        if stopping():
            break
        lot = _lot(sessions, program_id, clock, also_old=also_old)
        if not lot:
            break
        done += lot
    return done


def at_night(sessions: sessionmaker[Session], clock: Callable[[], datetime]) -> None:
    """Look at each one that is of an earlier day, although nothing is known that changed it."""
    with sessions.begin() as session:
        kept_standings.take_spent_marks_away(session)
    with sessions() as session:
        programs = kept_standings.programs(session)
    for program_id in programs:
        work(sessions, program_id, clock, also_old=True)


def _lot(sessions: sessionmaker[Session], program_id: UUID, clock: Callable[[], datetime], *, also_old: bool) -> int:
    try:
        with sessions.begin() as session:
            return kept_standings.work_out(session, program_id, clock(), also_old=also_old)
    except Exception:  # whatever it was, it is one of them: each of this lot by itself
        log.exception("kept standings broke off", program=str(program_id))
    return _one_by_one(sessions, program_id, clock, also_old=also_old)


def _one_by_one(
    sessions: sessionmaker[Session], program_id: UUID, clock: Callable[[], datetime], *, also_old: bool
) -> int:
    """Whoever breaks off stays as they are, and the others go on."""
    with sessions() as session:
        lot = kept_standings.waiting(session, program_id, clock(), also_old=also_old)
    done = 0
    for enrollment_id in lot:
        try:
            with sessions.begin() as session:
                done += kept_standings.work_out_one(session, enrollment_id, clock())
        except Exception:  # whatever it was, the others go on
            log.exception("a kept standing broke off", enrollment=str(enrollment_id))
    return done
