"""The worker: looks at rows that wait, one short transaction before the LMS is asked and one after."""

import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import structlog
from huey.consumer import Consumer
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.file_store import FileStore, open_file_store
from lti_tool.logs import set_up_logs
from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.gradebook import Answer, Posted
from lti_tool.lti.pages import Patience
from lti_tool.mail import Answer as MailAnswer
from lti_tool.mail import Letter, MailServer, mail_server
from lti_tool.queue import Kind, LookAt, Work, open_queue
from lti_tool.safe_http import SafeHttp
from lti_tool.services import (
    clean,
    deliver,
    evidence_checks,
    evidence_clean,
    external_ends,
    file_jobs,
    file_work,
    finishing,
    mailing,
    notice_handlers,
    notices,
    qualification_reminders,
    reminders,
    roster,
    roster_reading,
    scope_writing,
    send,
    site_agreements,
    supervision_watch,
)
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine, open_sessions

log = structlog.get_logger("attune.worker")

MOST_ROUNDS = 200


def run_worker(settings: Settings, *, threads: int = 2) -> None:
    """Work until told to stop (SIGTERM or SIGINT); a score under way is finished first."""
    set_up_logs()
    engine = open_engine(settings.database_url, settings.secret_keys)
    sessions = open_sessions(engine)
    http = SafeHttp(lab=settings.lab, private_hosts=settings.private_hosts, ca_bundle=settings.ca_bundle)
    handler = f"{settings.public_url}/lti/notices"
    outgoing, server = mailing.Outgoing(settings.public_url, settings.secret_keys), mail_server(settings)
    store = open_file_store(settings)
    work = Work(
        look_at={
            Kind.DELIVERY: lambda row_id: look_at(sessions, http, row_id),
            Kind.ROSTER_READ: lambda row_id: read_roster(sessions, http, row_id),
            Kind.NOTICE: lambda row_id: do_notice(sessions, row_id),
            Kind.NOTICE_HANDLER: lambda row_id: ask_for_notices(sessions, http, row_id, handler=handler),
            Kind.FILE: lambda row_id: look_at_file(sessions, row_id),
            Kind.EVIDENCE: lambda row_id: look_at_evidence(sessions, store, settings.files_directory, row_id),
            Kind.MAIL: lambda row_id: send_mail(sessions, server, row_id, outgoing),
        },
        sweep=lambda: sweep(sessions, queue.look_at, mails=server is not None),
        nightly=lambda: nightly(sessions, queue.look_at, store),
        clean=lambda: clean_up(sessions, store, settings.files_directory),
    )
    queue = open_queue(settings, work)
    consumer = Consumer(queue.huey, workers=threads, initial_delay=0.1, max_delay=1.0, graceful_signal="TERM")
    sweep(sessions, queue.look_at, mails=server is not None)
    log.info("worker started", threads=threads)
    consumer.run()


def look_at(sessions: sessionmaker[Session], http: SafeHttp, delivery_id: UUID) -> None:
    """One attempt at one score, if it is due and nobody else holds it."""
    with sessions.begin() as session:
        to_send = send.take(session, delivery_id, _now())
    if to_send is None:
        return
    try:
        attempt = send.post(sessions, http, to_send, _now())
    except Exception:  # whatever it was, this score is settled and the others go on
        log.exception("an attempt broke off", delivery=str(delivery_id))
        attempt = send.Attempt(Posted(Answer.NOT_UNDERSTOOD, retry=True), None)
    with sessions.begin() as session:
        send.settle(session, to_send, attempt, _now())
    log.info("score looked at", delivery=str(delivery_id), answer=attempt.posted.answer.value)


def read_roster(
    sessions: sessionmaker[Session], http: SafeHttp, read_id: UUID, patience: Patience | None = None
) -> None:
    """One reading of a course's list of people, if it waits and nobody else has it."""
    with sessions.begin() as session:
        reading = roster.take(session, read_id, _now())
    if reading is None:
        return
    try:
        problem = roster_reading.read(sessions, http, reading, patience or Patience(_now, time.sleep))
    except Exception:  # whatever it was, this reading is closed and the others go on
        log.exception("a reading broke off", reading=str(read_id))
        problem = PlatformProblem.ROSTER_STOPPED
    with sessions.begin() as session:
        roster.settle(session, reading, problem, _now())
    log.info("list of people read", reading=str(read_id), problem=problem.value if problem else None)


def do_notice(sessions: sessionmaker[Session], notice_id: UUID) -> None:
    """What one notice asks for, if nobody did it yet."""
    with sessions.begin() as session:
        notices.do(session, notice_id, _now())
    log.info("notice looked at", notice=str(notice_id))


def ask_for_notices(sessions: sessionmaker[Session], http: SafeHttp, row_id: UUID, *, handler: str) -> None:
    """Have a platform send one kind of notice to `handler`, if it is due and nobody else asks."""
    with sessions.begin() as session:
        to_ask = notice_handlers.take(session, row_id, http=http, sessions=sessions, now=_now())
    if to_ask is None:
        return
    posted = notice_handlers.ask(to_ask, handler, _now())
    with sessions.begin() as session:
        notice_handlers.settle(session, row_id, posted)
    log.info("notices asked for", handler=str(row_id), answer=posted.answer.value)


def look_at_file(sessions: sessionmaker[Session], file_id: UUID) -> None:
    """Read a file that someone brought, or take it in, if it waits and nobody else has it."""
    try:
        state = file_work.work(sessions, file_id, _now)
    except Exception:  # whatever it was, this file is begun again a few times, and the others go on
        log.exception("a file broke off", file=str(file_id))
        return
    log.info("file looked at", file=str(file_id), state=state.value if state else None)


def look_at_evidence(
    sessions: sessionmaker[Session], store: FileStore | None, directory: Path | None, evidence_id: UUID
) -> None:
    """Look at a file of evidence and make it anew, if it waits and nobody else has it."""
    if store is None:
        return
    try:
        state = evidence_checks.work(sessions, store, directory, evidence_id, _now)
    except Exception:  # whatever it was, this file is begun again a few times, and the others go on
        log.exception("a file of evidence broke off", evidence=str(evidence_id))
        return
    log.info("file of evidence looked at", evidence=str(evidence_id), state=state.value if state else None)


def send_mail(
    sessions: sessionmaker[Session], server: MailServer | None, mail_id: UUID, outgoing: mailing.Outgoing
) -> None:
    """One attempt at one mail, if it is due, wanted, and nobody else holds it. Without a server it waits."""
    if server is None:
        return
    with sessions.begin() as session:
        letter = mailing.take(session, mail_id, outgoing, _now())
    if letter is None:
        return
    answer = _send(server, letter, mail_id)
    with sessions.begin() as session:
        mailing.settle(session, mail_id, answer, _now())
    log.info("mail looked at", mail=str(mail_id), answer=answer.value)


def _send(server: MailServer, letter: Letter, mail_id: UUID) -> MailAnswer:
    try:
        return server.send(letter)
    except Exception:  # whatever it was, this mail is settled and the others go on
        log.exception("a mail broke off", mail=str(mail_id))
        return MailAnswer.NO_ANSWER


def sweep(sessions: sessionmaker[Session], ask_for: LookAt, *, mails: bool = False) -> None:
    """Ask for every row that is due: those that nobody was told of, and those whose next try has come.

    `mails` says whether there is a mail server: without one they wait.
    """
    with sessions.begin() as session:
        finishing.finalize_due(session, _now())
    with sessions.begin() as session:
        deliver.desire_overlooked(session, _now())
        waiting = deliver.due(session, _now())
        readings = roster.due(session, _now())
        noticed = notices.waiting(session)
        handlers = notice_handlers.due(session, _now())
        files = file_jobs.due(session, _now())
        evidence = evidence_checks.due(session, _now())
        external_ends.end_finished(session, _now())
        supervision_watch.escalate(session, _now())
        letters = mailing.due(session, _now()) if mails else ()
    for delivery_id in waiting:
        ask_for(Kind.DELIVERY, delivery_id)
    for read_id in readings:
        ask_for(Kind.ROSTER_READ, read_id)
    for notice_id in noticed:
        ask_for(Kind.NOTICE, notice_id)
    for handler_id in handlers:
        ask_for(Kind.NOTICE_HANDLER, handler_id)
    for file_id in files:
        ask_for(Kind.FILE, file_id)
    for evidence_id in evidence:
        ask_for(Kind.EVIDENCE, evidence_id)
    for mail_id in letters:
        ask_for(Kind.MAIL, mail_id)


def nightly(sessions: sessionmaker[Session], ask_for: LookAt, store: FileStore | None = None) -> None:
    """Once a night, when courses are quiet: have old lists read, remind of what waits. The sweep hands them out."""
    with sessions.begin() as session:
        roster.ask_for_old(session, _now())
    with sessions.begin() as session:
        reminders.note_all(session, _now())
    with sessions.begin() as session:
        supervision_watch.tell_of_gaps(session, _now())
    with sessions.begin() as session:
        site_agreements.tell_of_ends(session, _now())
    with sessions.begin() as session:
        qualification_reminders.tell_of_ends(session, _now())
    tell_of_newer_scope(sessions)
    if store is not None:
        evidence_clean.delete_strays(sessions, store, _now())


def tell_of_newer_scope(sessions: sessionmaker[Session]) -> None:
    """Tell all who knew an earlier scope of practice that there is a newer one, some in each transaction."""
    for _ in range(MOST_ROUNDS):
        with sessions.begin() as session:
            if not scope_writing.tell(session, _now()):
                return


def clean_up(sessions: sessionmaker[Session], store: FileStore | None = None, directory: Path | None = None) -> None:
    """Take away what has run out: spent states, ended sessions, keys of acts, files, withdrawn words."""
    with sessions.begin() as session:
        clean.clean(session, _now())
    with sessions.begin() as session:
        names = evidence_clean.purge(session, _now())
    if store is not None:
        evidence_checks.delete(store, names)
    if directory is not None:
        evidence_checks.clear(directory, _now())


def _now() -> datetime:
    return datetime.now(UTC)
