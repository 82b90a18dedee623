"""What the worker does by the clock: the sweep of what waits, once a night, and taking away what has run out.

Each part in a transaction of its own: one that breaks off stops none.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.clock import now
from lti_tool.file_store import FileStore
from lti_tool.queue import Kind, LookAt
from lti_tool.services.asking import second_reminders
from lti_tool.services.certification import appeal_clocks, date_notices, decision_release
from lti_tool.services.cohorts import name_order
from lti_tool.services.connecting import notice_handlers, notices
from lti_tool.services.courses import roster
from lti_tool.services.credentials import credential_following
from lti_tool.services.editions import scope_writing
from lti_tool.services.entering import external_ends
from lti_tool.services.equity import feedback_releases, funder_schedules
from lti_tool.services.exchange import exporting_work, file_jobs
from lti_tool.services.notifying import mailing, reminders
from lti_tool.services.observations import finishing
from lti_tool.services.operating import clean, nights
from lti_tool.services.personal_data import retention
from lti_tool.services.portfolio import evidence_checks, evidence_clean
from lti_tool.services.practicum import site_agreements
from lti_tool.services.qualifications import lms_results_reading, qualification_reminders
from lti_tool.services.scores import column_changes, deliver, gradebook_digest, lanes, program_columns, reading_back
from lti_tool.services.standing import kept_standing_work, kept_standings
from lti_tool.services.supervising import supervision_watch

log = structlog.get_logger("attune.worker")

MOST_ROUNDS = 200


def sweep(sessions: sessionmaker[Session], ask_for: LookAt, *, mails: bool = False) -> None:
    """Ask for every row that is due: those that nobody was told of, and those whose next try has come.

    `mails` says whether there is a mail server: without one they wait.
    """
    for act in _DONE_BY_TIME:
        try:
            with sessions.begin() as session:
                act(session, now())
        except Exception:  # whatever it was, the others are done and what waits is asked for
            log.exception("a part of the sweep broke off", part=act.__module__)
    name_order.put_all(sessions)
    with sessions.begin() as session:
        waiting = _waiting(session, mails=mails)
    for kind, row_ids in waiting.items():
        for row_id in row_ids:
            ask_for(kind, row_id)


_DONE_BY_TIME: tuple[Callable[[Session, datetime], object], ...] = (
    finishing.finalize_due,
    deliver.desire_overlooked,
    external_ends.end_finished,
    supervision_watch.escalate,
    decision_release.release_due,
    credential_following.follow_due,
    kept_standings.note_new,
)


def _waiting(session: Session, *, mails: bool) -> dict[Kind, Sequence[UUID]]:
    moment = now()
    return {
        Kind.PLATFORM: lanes.due(session, moment),
        Kind.COLUMN: column_changes.due(session, moment),
        Kind.READ_BACK: reading_back.due(session, moment),
        Kind.ROSTER_READ: roster.due(session, moment),
        Kind.NOTICE: notices.waiting(session),
        Kind.NOTICE_HANDLER: notice_handlers.due(session, moment),
        Kind.FILE: file_jobs.due(session, moment),
        Kind.EVIDENCE: evidence_checks.due(session, moment),
        Kind.EXPORT: exporting_work.due(session, moment),
        Kind.STANDING: kept_standings.due(session, moment),
        Kind.MAIL: mailing.due(session, moment) if mails else (),
        Kind.RESULTS: lms_results_reading.due(session),
    }


def nightly(sessions: sessionmaker[Session], ask_for: LookAt, store: FileStore | None = None) -> None:
    """Once a night, when courses are quiet: have old lists read, remind of what waits. The sweep hands them out.

    Each job by itself: what became of it is noted, and one that breaks off ends none of the others.
    """
    jobs = {**{name: _alone(sessions, act) for name, act in _AT_NIGHT.items()}, **_of_night(sessions, ask_for, store)}
    for name, job in jobs.items():
        _do(sessions, name, job)


def _do(sessions: sessionmaker[Session], name: str, job: Callable[[], object]) -> None:
    try:
        job()
    except Exception:  # whatever it was, the other jobs are done
        log.exception("a nightly job broke off", job=name)
        done = False
    else:
        done = True
    try:
        with sessions.begin() as session:
            nights.note(session, name, now(), done=done)
    except SQLAlchemyError as problem:  # it may be away; the next jobs may find it again
        log.warning("a nightly job could not be noted", job=name, problem=type(problem).__name__)


def _alone(sessions: sessionmaker[Session], act: Callable[[Session, datetime], object]) -> Callable[[], object]:
    def job() -> None:
        with sessions.begin() as session:
            act(session, now())

    return job


_AT_NIGHT: dict[str, Callable[[Session, datetime], object]] = {
    "lists_of_people": roster.ask_for_old,
    "reminders": reminders.note_all,
    "second_reminders": second_reminders.remind,  # after the others, so that one mail tells of both
    "supervision": supervision_watch.tell_of_gaps,
    "site_agreements": site_agreements.tell_of_ends,
    "qualifications": qualification_reminders.tell_of_ends,
    "appeals": appeal_clocks.turn_on,
    "gradebook_digest": gradebook_digest.tell,
    "reading_back": reading_back.ask_nightly,
}


_OF_NIGHT: dict[str, Callable[[sessionmaker[Session], LookAt], object]] = {
    "lms_results": lambda sessions, ask_for: ask_for_results(sessions, ask_for),
    "newer_scope": lambda sessions, _: tell_of_newer_scope(sessions),
    "columns": lambda sessions, _: work_out_columns(sessions),
    "dates": lambda sessions, _: tell_of_dates(sessions),
    "feedback": lambda sessions, _: show_feedback(sessions),
    "funder_reports": lambda sessions, _: draw_funder_reports_up(sessions),
    "kept_standings": lambda sessions, _: kept_standing_work.at_night(sessions, now),
    "order_of_names": lambda sessions, _: name_order.put_all(sessions, again=True),
    "retention": lambda sessions, _: retention.at_night(sessions, now()),
}
"""Jobs that divide their work into transactions themselves."""
STRAY_FILES = "stray_files"
JOBS = frozenset({*_AT_NIGHT, *_OF_NIGHT, STRAY_FILES})
"""The names of all jobs of a night; stray files are looked for where there is a store of files."""


def _of_night(
    sessions: sessionmaker[Session], ask_for: LookAt, store: FileStore | None
) -> dict[str, Callable[[], object]]:
    jobs: dict[str, Callable[[], object]] = {name: partial(act, sessions, ask_for) for name, act in _OF_NIGHT.items()}
    if store is not None:
        jobs[STRAY_FILES] = lambda: evidence_clean.delete_strays(sessions, store, now())
    return jobs


def ask_for_results(sessions: sessionmaker[Session], ask_for: LookAt) -> None:
    """Have all columns of LMSs read whose results say that something was done."""
    with sessions() as session:
        results = lms_results_reading.every(session)
    for rule_id in results:
        ask_for(Kind.RESULTS, rule_id)


def tell_of_newer_scope(sessions: sessionmaker[Session]) -> None:
    """Tell all who knew an earlier scope of practice that there is a newer one, some in each transaction."""
    for _ in range(MOST_ROUNDS):
        with sessions.begin() as session:
            if not scope_writing.tell(session, now()):
                return


def work_out_columns(sessions: sessionmaker[Session]) -> None:
    """What columns of programs show, which time alone may change. Each person alone: one that breaks off stops none."""
    with sessions() as session:
        people = program_columns.enrolled_people(session)
    for person_id in people:
        try:
            with sessions.begin() as session:
                program_columns.desire_for(session, person_id, now())
        except Exception:  # whatever it was, the others go on
            log.exception("a column broke off", person=str(person_id))


def tell_of_dates(sessions: sessionmaker[Session]) -> None:
    """Tell people of dates of their certificates, some at a time. Each alone: one that breaks off stops none."""
    after: UUID | None = None
    while True:
        with sessions() as session:
            some = date_notices.some(session, after)
        if not some:
            return
        for enrollment_id in some:
            try:
                with sessions.begin() as session:
                    date_notices.tell(session, enrollment_id, now())
            except Exception:  # whatever it was, the others are told
                log.exception("dates broke off", enrollment=str(enrollment_id))
        after = some[-1]


def show_feedback(sessions: sessionmaker[Session]) -> None:
    """Show feedback of which enough people wrote. Each organization alone: one that breaks off stops none."""
    with sessions() as session:
        organizations = feedback_releases.organizations(session)
    for organization_id in organizations:
        try:
            with sessions.begin() as session:
                feedback_releases.release_due(session, organization_id, now())
        except Exception:  # whatever it was, the others go on
            log.exception("feedback broke off", organization=str(organization_id))


def draw_funder_reports_up(sessions: sessionmaker[Session]) -> None:
    """Draw up the reports for funders whose day has come. Each alone: one that breaks off stops none."""
    with sessions() as session:
        waiting = funder_schedules.due(session, now().date())
    for schedule_id in waiting:
        try:
            funder_schedules.draw_up_due(sessions, schedule_id, now())
        except Exception:  # whatever it was, the others go on
            log.exception("a report for a funder broke off", schedule=str(schedule_id))


def clean_up(sessions: sessionmaker[Session], store: FileStore | None = None, directory: Path | None = None) -> None:
    """Take away what has run out: spent states, ended sessions, keys of acts, files, withdrawn words."""
    with sessions.begin() as session:
        clean.clean(session, now())
    with sessions.begin() as session:
        names = evidence_clean.purge(session, now()) + exporting_work.purge(session, now())
    if store is not None:
        evidence_checks.delete(store, names)
    if directory is not None:
        evidence_checks.clear(directory, now())
