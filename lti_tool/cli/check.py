"""attune check: what is wrong with this installation, and how to mend it."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import click
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.cli.mail import SENTENCES
from lti_tool.cli.opening import connection_named, engine_on, now, settings_now
from lti_tool.file_store import Away, Kept, open_file_store
from lti_tool.mail import Answer, mail_server
from lti_tool.safe_http import SafeHttp
from lti_tool.services import delivery_health, lane_words, trial, trial_steps
from lti_tool.services.connections import Operator
from lti_tool.services.encrypting_anew import how_files_lie
from lti_tool.services.trial import Outcome, Result, Trial
from lti_tool.services.trial_words import TITLES, sentence
from lti_tool.settings import Settings, SettingsProblem, read_settings
from lti_tool.store.engine import open_sessions
from lti_tool.store.platforms import RegistrationRow, ToolKeyRow


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is None when all is well."""

    subject: str
    sentence: str
    remedy: str | None = None


@click.command()
@click.option("--platform", default=None, help="Test the connection to this LMS (its id or issuer) as well.")
@click.option(
    "--course", default=None, type=click.UUID, help="With --platform: the course whose list and gradebook are tried."
)
def check(platform: str | None, course: UUID | None) -> None:
    """Say in plain words what is wrong with this installation and how to mend it."""
    findings = list(examine())
    if platform and not any(finding.remedy for finding in findings):
        findings += try_connection(platform, course)
    for finding in findings:
        mark = "ok      " if finding.remedy is None else "to mend "
        click.echo(f"{mark} {finding.subject}: {finding.sentence}")
        if finding.remedy:
            click.echo(f"         {finding.remedy}")
    if any(finding.remedy for finding in findings):
        sys.exit(1)


def examine() -> Iterator[Finding]:
    """Look at the settings, then at what they lead to; stops where the next step cannot be looked at."""
    try:
        settings = read_settings(os.environ)
    except SettingsProblem as problem:
        yield Finding("settings", "one is absent or wrong.", str(problem))
        return
    yield Finding("settings", f"complete; browsers reach Attune at {settings.public_url}")
    if settings.lab:
        yield Finding("lab", "ATTUNE_LAB=1: plain http on this machine is allowed. Never use it in production.")
    for name, address in settings.private_hosts.items():
        yield Finding("private host", f"{name} is reached at {address}, inside the private network.")
    yield _mail(settings)
    try:
        with engine_on(settings) as engine:
            yield from _database(engine, settings)
    except OperationalError as problem:
        said = str(problem.orig).strip().splitlines()[0]
        yield Finding(
            "database",
            f"does not answer: {said}",
            "Check ATTUNE_DATABASE_URL, that the server runs, and that its directory may be written.",
        )


def try_connection(named: str, course_id: UUID | None) -> Iterator[Finding]:
    """The steps of testing a connection, as the operator's page takes them."""
    settings = settings_now()
    http = SafeHttp(lab=settings.lab, private_hosts=settings.private_hosts, ca_bundle=settings.ca_bundle)
    so_far = Trial(course_id)
    with engine_on(settings) as engine:
        sessions = open_sessions(engine)
        with sessions.begin() as session:
            one = connection_named(session, named)
        by = Operator(one.organization_id, None)
        while so_far.next_step is not None:
            with sessions.begin() as session:
                prepared = trial.prepare(session, by, one.id, so_far, now())
            so_far = trial_steps.take_step(sessions, http, prepared, so_far, now())
            yield _finding(so_far.results[-1])


def _finding(result: Result) -> Finding:
    said = sentence(result.code) % result.values if result.values else sentence(result.code)
    title = TITLES[result.step].lower()
    return Finding(title, "see below.", said) if result.outcome is Outcome.TO_MEND else Finding(title, said)


def _mail(settings: Settings) -> Finding:
    server = mail_server(settings)
    if server is None:
        return Finding("mail", "none is sent: no mail server is named. Links and codes are handed over.")
    answer = server.greet()
    if answer is Answer.TAKEN:
        return Finding("mail", f"the server {server.host} lets us in; try one with: attune mail test ADDRESS")
    return Finding("mail", f"the server {server.host} does not let us send now.", SENTENCES[answer])


def _database(engine: Engine, settings: Settings) -> Iterator[Finding]:
    with engine.connect() as connection:
        revision = migrations.current(connection)
        empty = not inspect(connection).get_table_names()
    if revision != migrations.newest():
        state = "empty" if empty else f"at revision {revision}, and {migrations.newest()} is needed"
        yield Finding("database", f"is {state}.", "Run: attune db upgrade")
        return
    yield Finding("database", f"up to date ({engine.dialect.name}, revision {revision})")
    with Session(engine) as session:
        yield from _content(session)
        yield from _scores(session)
        seen_at = delivery_health.workers(session).seen_at
    worker = "runs beside `attune serve`" if settings.on_sqlite else "start it with: attune worker"
    yield Finding("worker", f"{worker}; last seen {seen_at:%Y-%m-%d %H:%M} UTC" if seen_at else worker)
    yield _files(settings)


ENCRYPT = "Run: attune keys encrypt-anew"
ENCRYPT_FORMER = "has to stay in ATTUNE_SECRET_KEY until this has run: attune keys encrypt-anew"
FILES = 2_000
"""So many are looked at."""


def _files(settings: Settings) -> Finding:
    store = open_file_store(settings)
    if store is None:
        return Finding("files", "none are taken: neither ATTUNE_FILES nor ATTUNE_FILES_URL is set, so links only.")
    try:
        found = how_files_lie(store, FILES)
    except Away:
        return Finding("files", "the store does not answer.", "Check ATTUNE_FILES or ATTUNE_FILES_URL, and its rights.")
    number = sum(found.values())
    of = f"of the first {number}" if number == FILES else f"of {number}"
    if found.get(Kept.UNREADABLE):
        return Finding(
            "files",
            f"{found[Kept.UNREADABLE]} {of} cannot be read: ATTUNE_SECRET_KEY no longer holds the secret that "
            "encrypted them.",
            "Put the former secret behind the new one in ATTUNE_SECRET_KEY, a space between.",
        )
    if plain := found.get(Kept.PLAIN, 0):
        return Finding("files", f"{plain} {of} wait to be encrypted.", ENCRYPT)
    if former := found.get(Kept.FORMER, 0):
        return Finding("files", f"encrypted; {former} {of} with a former secret, which {ENCRYPT_FORMER}")
    return Finding(
        "files", f"encrypted with the newest secret ({number} looked at)" if number else "there are none yet"
    )


def _content(session: Session) -> Iterator[Finding]:
    try:
        session.scalars(select(ToolKeyRow).limit(1)).first()
        yield Finding("keys", "the encrypted LTI keys can be read with ATTUNE_SECRET_KEY")
    except LookupError as problem:
        yield Finding(
            "keys", f"{problem}.", "Put the former secret behind the new one in ATTUNE_SECRET_KEY, a space between."
        )
    if session.scalars(select(RegistrationRow.id).limit(1)).first() is None:
        yield Finding("LMS", "none is connected yet. Begin with: attune platforms invite")
    else:
        yield Finding("LMS", "at least one is connected; see: attune platforms list")


def _scores(session: Session) -> Iterator[Finding]:
    moment = now()
    for one in delivery_health.platforms(session, None, moment):
        for need in one.needs(moment):
            yield Finding("scores", f"{one.platform_name} needs you; see: attune gradebooks", lane_words.NEEDS[need])
