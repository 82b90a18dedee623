"""The worker's look at columns of an LMS: compared with what they should show; made, changed and looked for there."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.answers import Answer, Posted
from lti_tool.lti.pages import Patience
from lti_tool.queue import Kind, LookAt
from lti_tool.safe_http import SafeHttp
from lti_tool.services.scores import column_changes, reading_back

log = structlog.get_logger("attune.worker")


def read_back(sessions: sessionmaker[Session], http: SafeHttp, line_item_id: UUID, patience: Patience) -> None:
    """One comparison of a column with what the LMS shows, if it waits and nobody else has it."""
    with sessions.begin() as session:
        reading = reading_back.take(session, line_item_id, patience.clock())
    if reading is None:
        return
    try:
        found = reading_back.read(sessions, http, reading, patience)
    except Exception:  # whatever it was, this column is compared again tomorrow and the others go on
        log.exception("a comparison broke off", column=str(line_item_id))
        found = Answer.NOT_UNDERSTOOD
    with sessions.begin() as session:
        reading_back.settle(session, reading, found, patience.clock())
    log.info("column compared", column=str(line_item_id), problem=found.value if isinstance(found, Answer) else None)


def change_column(
    sessions: sessionmaker[Session],
    http: SafeHttp,
    line_item_id: UUID,
    *,
    clock: Callable[[], datetime],
    ask_for: LookAt,
) -> None:
    """One attempt to make, change or find a column in the LMS, if it is due and nobody else has it."""
    with sessions.begin() as session:
        change = column_changes.take(session, line_item_id, clock())
    if change is None:
        return
    try:
        done = column_changes.work(sessions, http, change, clock)
    except Exception:  # whatever it was, it is tried again and the others go on
        log.exception("a change of a column broke off", column=str(line_item_id))
        done = column_changes.Done(None, Posted(Answer.NOT_UNDERSTOOD, retry=True))
    with sessions.begin() as session:
        platform = column_changes.settle(session, change, done, clock())
    if platform is not None:
        ask_for(Kind.PLATFORM, platform)
    answer = done.posted.answer.value if done.posted else "gone" if done.gone else None
    log.info("column looked at", column=str(line_item_id), answer=answer)
