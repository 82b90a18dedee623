"""Files that are of no use any more: what was taken back a day ago, and what no row names."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.file_store import FileStore
from lti_tool.services.portfolio.evidence_checks import delete
from lti_tool.services.portfolio.evidence_sharing import emptied
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.exports import ExportRow
from lti_tool.store.organizations import RemovedOrganizationRow
from rubrics.evidence import UNDO, EvidenceState

log = structlog.get_logger("attune.worker")

STRAY = timedelta(days=1)
"""A file that no row names may be on its way into one; after a day it is not."""
AT_ONCE = 500
OURS = re.compile(r"[0-9a-f]{32}(([0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{64})?\.part)?")
"""Files, and parts of them as this version and those before name them. What else lies in a bucket is not ours."""
NAMED = (EvidenceRow.stored_name, EvidenceRow.captions_name, ExportRow.stored_key)
"""Where rows name files."""


def purge(session: Session, now: datetime) -> tuple[str, ...]:
    """Empty what was taken back a day ago; the answer are the names to delete, once this is committed."""
    rows = session.scalars(
        select(EvidenceRow)
        .where(
            EvidenceRow.state == EvidenceState.WITHDRAWN,
            EvidenceRow.withdrawn_at < now - UNDO,
            or_(
                EvidenceRow.title.is_not(None),
                EvidenceRow.stored_name.is_not(None),
                EvidenceRow.captions_name.is_not(None),
            ),
        )
        .limit(AT_ONCE)
        .with_for_update()
    ).all()
    return tuple(name for row in rows for name in emptied(row))


def delete_strays(sessions: sessionmaker[Session], store: FileStore, now: datetime) -> int:
    """Delete what lies in the store and belongs to nothing; the answer is how much that was.

    Nothing is deleted where no row ever named any file: that is another database than the one that they belong to.
    """
    with sessions() as session:
        if not ever_named(session):
            return 0
    old = (name for name, came_at in store.names() if came_at < now - STRAY and OURS.fullmatch(name))
    strays = 0
    for names in _in_portions(old):
        with sessions() as session:
            known = named(session, names)
        gone = tuple(name for name in names if name not in known)
        for name in gone:
            log.info("a file that belongs to nothing is deleted", name=name)
        delete(store, gone)
        strays += len(gone)
    return strays


def ever_named(session: Session) -> bool:
    """Whether any row ever named a file."""
    removed = select(RemovedOrganizationRow.id).where(RemovedOrganizationRow.files_before > 0)
    asked = (*(select(each).where(each.is_not(None)) for each in NAMED), removed)
    return any(session.scalars(one.limit(1)).first() for one in asked)


def named(session: Session, names: Iterable[str]) -> set[str]:
    """Those of them that belong to something."""
    names = list(names)
    found: set[str] = set()
    for column in NAMED:
        found.update(name for name in session.scalars(select(column).where(column.in_(names))) if name)
    return found


def _in_portions(names: Iterable[str]) -> Iterator[list[str]]:
    iterator = iter(names)
    while portion := list(islice(iterator, AT_ONCE)):
        yield portion
