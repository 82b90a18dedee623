"""Taking away what has run out, so that nothing is kept longer than it is needed."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool.services.authoring import examples
from lti_tool.services.calibrating import calibration_items
from lti_tool.services.caseload import handing_over
from lti_tool.services.entering import merge_requests
from lti_tool.services.entering.visitors import LIFETIME
from lti_tool.services.exchange import bringing
from lti_tool.services.hours import ledger_import
from lti_tool.services.notifying import mail_sent, messages
from lti_tool.services.observations import comments
from lti_tool.services.observations.words_away import take_words_away
from lti_tool.services.wellbeing import check_ins, journal, support_directory
from lti_tool.store.courses import RosterReadRow
from lti_tool.store.deep_links import DeepLinkRow
from lti_tool.store.files import FileRow
from lti_tool.store.observations import ObservationRow
from lti_tool.store.people import SessionRow
from lti_tool.store.platforms import NoticeRow, NoticeState, PlatformTokenRow, SpentStateRow
from lti_tool.store.privacy import PrivacyLaunchRow
from lti_tool.store.records import ActRow
from rubrics.observation import State

ACTS_KEPT = timedelta(days=7)
DEEP_LINKS_KEPT = timedelta(days=1)
NOTICES_KEPT = timedelta(days=90)
IMPORTS_KEPT = timedelta(days=30)
READINGS_KEPT = timedelta(days=7)
WITHDRAWN_KEPT = timedelta(hours=24)


def clean(session: Session, now: datetime) -> None:
    """Delete what has run out: states, sessions, tokens, keys, choices, notices, files; purge what was taken back."""
    session.execute(delete(SpentStateRow).where(SpentStateRow.expires_at < now))
    session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
    session.execute(delete(PlatformTokenRow).where(PlatformTokenRow.expires_at < now))
    session.execute(delete(ActRow).where(ActRow.at < now - ACTS_KEPT))
    session.execute(delete(DeepLinkRow).where(DeepLinkRow.asked_at < now - DEEP_LINKS_KEPT))
    session.execute(delete(RosterReadRow).where(RosterReadRow.ended_at < now - READINGS_KEPT))
    session.execute(
        delete(NoticeRow).where(NoticeRow.state != NoticeState.WAITING, NoticeRow.received_at < now - NOTICES_KEPT)
    )
    session.execute(delete(PrivacyLaunchRow).where(PrivacyLaunchRow.launched_at < now - LIFETIME))
    session.execute(delete(FileRow).where(FileRow.brought_at < now - bringing.KEPT))
    session.execute(
        update(FileRow)
        .where(FileRow.brought_at < now - bringing.CONTENT_KEPT)
        .values(content=b"")
        .execution_options(synchronize_session=False)
    )
    messages.purge(session, now)
    mail_sent.purge(session, now)
    merge_requests.purge(session, now)
    examples.purge_put_away(session, now)
    calibration_items.purge(session, now)
    comments.purge(session, now)
    handing_over.purge(session, now)
    journal.purge(session, now)
    ledger_import.purge(session, now - IMPORTS_KEPT)
    check_ins.purge(session, now)
    support_directory.purge(session, now)
    _purge_withdrawn(session, now)


def _purge_withdrawn(session: Session, now: datetime) -> None:
    """A day after the trainee took an observation back, its words are gone; the fact remains."""
    withdrawn = select(ObservationRow.id).where(
        ObservationRow.state == State.WITHDRAWN, ObservationRow.changed_at < now - WITHDRAWN_KEPT
    )
    take_words_away(session, withdrawn)
