"""The worker: looks at rows that wait, one short transaction before an LMS is asked and one after."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog
from huey.consumer import Consumer
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import column_work, periodic
from lti_tool.clock import now, put
from lti_tool.file_store import FileStore, open_file_store
from lti_tool.logs import set_up_logs
from lti_tool.lti.answers import Answer
from lti_tool.lti.errors import PlatformProblem
from lti_tool.lti.pages import Patience
from lti_tool.mail import Answer as MailAnswer
from lti_tool.mail import Letter, MailServer, mail_server
from lti_tool.queue import Kind, LookAt, Queue, Work, open_queue
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting import notice_handlers, notices
from lti_tool.services.courses import roster, roster_reading
from lti_tool.services.exchange import exporting_work, file_work
from lti_tool.services.notifying import mailing
from lti_tool.services.operating import files_encrypted, turns
from lti_tool.services.portfolio import evidence_checks
from lti_tool.services.qualifications import lms_results_reading
from lti_tool.services.scores import lanes, send_lane, send_turns
from lti_tool.services.standing import kept_standing_work
from lti_tool.settings import Settings
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.settled import settle

log = structlog.get_logger("attune.worker")


def run_worker(settings: Settings, *, threads: int = 4) -> None:
    """Work until told to stop (SIGTERM or SIGINT); a score under way is finished first."""
    set_up_logs()
    put(settings.clock_ahead)
    settle()
    consumer = ready(settings, threads=threads)
    log.info("worker started", threads=threads)
    consumer.run()


def ready(settings: Settings, *, threads: int = 4) -> Consumer:
    """A worker that has asked for all that is due, and is to be started."""
    engine = open_engine(settings.database_url, settings.secret_keys)
    sessions = open_sessions(engine)
    http = SafeHttp(lab=settings.lab, private_hosts=settings.private_hosts, ca_bundle=settings.ca_bundle)
    handler = f"{settings.public_url}/lti/notices"
    outgoing, server = mailing.Outgoing(settings.public_url, settings.secret_keys), mail_server(settings)
    store = open_file_store(settings, partial(files_encrypted.may_be_plain, sessions))
    work = Work(
        look_at={
            Kind.DELIVERY: lambda row_id: lane_turns.look_at(row_id),
            Kind.PLATFORM: lambda row_id: lane_turns.drain(row_id),
            Kind.ROSTER_READ: lambda row_id: read_roster(sessions, http, row_id),
            Kind.NOTICE: lambda row_id: do_notice(sessions, row_id),
            Kind.NOTICE_HANDLER: lambda row_id: ask_for_notices(sessions, http, row_id, handler=handler),
            Kind.FILE: lambda row_id: look_at_file(sessions, row_id),
            Kind.EVIDENCE: lambda row_id: look_at_evidence(sessions, store, settings.files_directory, row_id),
            Kind.EXPORT: lambda row_id: make_export(
                sessions, store, settings.files_directory, row_id, consumer.stop_flag.is_set
            ),
            Kind.STANDING: lambda row_id: work_out_standings(sessions, row_id, consumer.stop_flag.is_set),
            Kind.MAIL: lambda row_id: send_mail(sessions, server, row_id, outgoing),
            Kind.RESULTS: lambda row_id: read_results(sessions, http, row_id),
            Kind.COLUMN: lambda row_id: column_work.change_column(sessions, http, row_id, clock=now, ask_for=ask),
            Kind.READ_BACK: lambda row_id: column_work.read_back(sessions, http, row_id, Patience(now, time.sleep)),
        },
        sweep=lambda: _in_turn(sessions, "sweep", lambda: periodic.sweep(sessions, ask, mails=server is not None)),
        nightly=lambda: _in_turn(sessions, "nightly", lambda: periodic.nightly(sessions, ask, store)),
        clean=lambda: _in_turn(sessions, "clean", lambda: periodic.clean_up(sessions, store, settings.files_directory)),
    )
    queue = open_queue(settings, work)
    ask = _before_others(queue)
    consumer = Consumer(queue.huey, workers=threads, initial_delay=0.05, max_delay=0.2, graceful_signal="TERM")
    lane_turns = send_turns.Turns(sessions, http, queue, now, stopping=consumer.stop_flag.is_set)
    work.sweep()
    return consumer


def _before_others(queue: Queue) -> LookAt:
    """A sweep names each platform once, also while thousands of scores wait to be looked at."""
    return lambda kind, row_id: (queue.next if kind is Kind.PLATFORM else queue.look_at)(kind, row_id)


APART = {"sweep": timedelta(seconds=40), "nightly": timedelta(hours=12), "clean": timedelta(minutes=40)}
"""Periodic work of one name is not done again within this time, by whichever worker: a bit less than its period."""


def _in_turn(sessions: sessionmaker[Session], name: str, work: Callable[[], None]) -> None:
    with sessions.begin() as session:
        mine = turns.take(session, name, now(), apart=APART[name])
    if mine:
        work()


def look_at(sessions: sessionmaker[Session], http: SafeHttp, delivery_id: UUID) -> None:
    """Drain the lane of a score that is due once, unless another worker does."""
    with sessions() as session:
        platform = lanes.platform_of(session, delivery_id, now())
    if platform is not None:
        send_lane.drain(sessions, http, platform, now)


def read_roster(
    sessions: sessionmaker[Session], http: SafeHttp, read_id: UUID, patience: Patience | None = None
) -> None:
    """One reading of a course's list of people, if it waits and nobody else has it."""
    with sessions.begin() as session:
        reading = roster.take(session, read_id, now())
    if reading is None:
        return
    try:
        problem = roster_reading.read(sessions, http, reading, patience or Patience(now, time.sleep))
    except Exception:  # whatever it was, this reading is closed and the others go on
        log.exception("a reading broke off", reading=str(read_id))
        problem = PlatformProblem.ROSTER_STOPPED
    with sessions.begin() as session:
        roster.settle(session, reading, problem, now())
    log.info("list of people read", reading=str(read_id), problem=problem.value if problem else None)


def read_results(
    sessions: sessionmaker[Session], http: SafeHttp, rule_id: UUID, patience: Patience | None = None
) -> None:
    """One reading of a column of the LMS whose results say that something was done."""
    with sessions.begin() as session:
        reading = lms_results_reading.take(session, rule_id, now())
    if reading is None:
        return
    try:
        found = lms_results_reading.read(sessions, http, reading, patience or Patience(now, time.sleep))
    except Exception:  # whatever it was, this column is read again tomorrow and the others go on
        log.exception("a reading of results broke off", rule=str(rule_id))
        found = Answer.NOT_UNDERSTOOD
    with sessions.begin() as session:
        lms_results_reading.settle(session, rule_id, found, now())
    log.info("results read", rule=str(rule_id), problem=found.value if isinstance(found, Answer) else None)


def do_notice(sessions: sessionmaker[Session], notice_id: UUID) -> None:
    """What one notice asks for, if nobody did it yet."""
    with sessions.begin() as session:
        notices.do(session, notice_id, now())
    log.info("notice looked at", notice=str(notice_id))


def ask_for_notices(sessions: sessionmaker[Session], http: SafeHttp, row_id: UUID, *, handler: str) -> None:
    """Have a platform send one kind of notice to `handler`, if it is due and nobody else asks."""
    with sessions.begin() as session:
        to_ask = notice_handlers.take(session, row_id, http=http, sessions=sessions, now=now())
    if to_ask is None:
        return
    posted = notice_handlers.ask(to_ask, handler, now())
    with sessions.begin() as session:
        notice_handlers.settle(session, row_id, posted)
    log.info("notices asked for", handler=str(row_id), answer=posted.answer.value)


def look_at_file(sessions: sessionmaker[Session], file_id: UUID) -> None:
    """Read a file that someone brought, or take it in, if it waits and nobody else has it."""
    try:
        state = file_work.work(sessions, file_id, now)
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
        state = evidence_checks.work(sessions, store, directory, evidence_id, now)
    except Exception:  # whatever it was, this file is begun again a few times, and the others go on
        log.exception("a file of evidence broke off", evidence=str(evidence_id))
        return
    log.info("file of evidence looked at", evidence=str(evidence_id), state=state.value if state else None)


def make_export(
    sessions: sessionmaker[Session],
    store: FileStore | None,
    directory: Path | None,
    export_id: UUID,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Make a file that somebody asked for, if it waits and nobody else has it."""
    if store is None:
        return
    try:
        state = exporting_work.work(sessions, store, export_id, now, directory=directory, stopping=stopping)
    except Exception:  # whatever it was, this file is begun again a few times, and the others go on
        log.exception("an export broke off", export=str(export_id))
        return
    log.info("export looked at", export=str(export_id), state=state.value if state else None)


def work_out_standings(
    sessions: sessionmaker[Session], program_id: UUID, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Work out anew what is kept of people's standings in a program, as far as it is due."""
    done = kept_standing_work.work(sessions, program_id, now, stopping=stopping)
    log.info("kept standings worked out", program=str(program_id), people=done)


def send_mail(
    sessions: sessionmaker[Session], server: MailServer | None, mail_id: UUID, outgoing: mailing.Outgoing
) -> None:
    """One attempt at one mail, if it is due, wanted, and nobody else holds it. Without a server it waits."""
    if server is None:
        return
    with sessions.begin() as session:
        letter = mailing.take(session, mail_id, outgoing, now())
    if letter is None:
        return
    answer = _send(server, letter, mail_id)
    with sessions.begin() as session:
        mailing.settle(session, mail_id, answer, now())
    log.info("mail looked at", mail=str(mail_id), answer=answer.value)


def _send(server: MailServer, letter: Letter, mail_id: UUID) -> MailAnswer:
    try:
        return server.send(letter)
    except Exception:  # whatever it was, this mail is settled and the others go on
        log.exception("a mail broke off", mail=str(mail_id))
        return MailAnswer.NO_ANSWER
