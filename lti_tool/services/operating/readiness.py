"""Whether this process can do its work: the database answers, and has a shape that this version works with."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from lti_tool import migrations
from lti_tool.store.engine import Busy
from lti_tool.store.sessions import Sessions

log = structlog.get_logger("attune.web")


def ready(sessions: Sessions) -> bool:
    """Never raises for a database that cannot be reached; the log says which of the two it was."""
    try:
        with sessions.reading() as session:
            revision = migrations.current(session.connection())
    except (SQLAlchemyError, Busy) as problem:
        log.warning("not ready", problem=type(problem).__name__)
        return False
    if not migrations.works_with(revision):
        log.warning("not ready", problem="database_of_another_version")
        return False
    return True
