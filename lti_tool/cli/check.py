"""attune check: what is wrong with this installation, and how to mend it."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from uuid import UUID

import click
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import migrations
from lti_tool.cli import check_here, check_outside, check_rows
from lti_tool.cli.finding import Finding
from lti_tool.cli.mail import SENTENCES
from lti_tool.cli.opening import connection_named, engine_on, now, settings_now
from lti_tool.file_store import Away, Kept, open_file_store
from lti_tool.mail import Answer, mail_server
from lti_tool.queue import open_queue
from lti_tool.safe_http import SafeHttp
from lti_tool.services.connecting import trial, trial_steps
from lti_tool.services.connecting.connections import Connection, Operator, connections
from lti_tool.services.connecting.trial import Outcome, Result, Step, Trial
from lti_tool.services.connecting.trial_words import TITLES, sentence
from lti_tool.services.operating import files_encrypted
from lti_tool.services.operating.encrypting_anew import how_files_lie
from lti_tool.services.scores import delivery_health, lane_words
from lti_tool.settings import Settings, SettingsProblem, read_settings
from lti_tool.store.engine import open_sessions
from lti_tool.store.platforms import RegistrationRow


@click.command()
@click.option("--platform", default=None, help="Test the connection to this LMS (its id or issuer) as well.")
@click.option(
    "--course", default=None, type=click.UUID, help="With --platform: the course whose list and gradebook are tried."
)
@click.option("--online", is_flag=True, help="Ask our own address and every LMS as well. Nothing is written there.")
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of what was looked at.")
def check(platform: str | None, course: UUID | None, *, online: bool, as_json: bool) -> None:
    """Say in plain words what is wrong with this installation and how to mend it.

    Ends with status 1 where something is to be mended. It leaves nothing behind: a file that it writes to try the
    store is taken away again, and no mail is sent.
    """
    findings = list(examine())
    well = not any(finding.remedy for finding in findings if finding.subject in FIRST)
    if online and well:
        findings += ask_outside()
    if platform and well:
        findings += try_connection(platform, course)
    if as_json:
        click.echo(json.dumps([{**asdict(one), "ok": one.remedy is None} for one in findings], indent=2))
    for finding in () if as_json else findings:
        mark = "ok      " if finding.remedy is None else "to mend "
        click.echo(f"{mark} {finding.subject}: {finding.sentence}")
        if finding.remedy:
            click.echo(f"         {finding.remedy}")
    if any(finding.remedy for finding in findings):
        sys.exit(1)


FIRST = frozenset({"settings", "database", "keys"})
"""Without these nobody else can be asked."""


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
    yield check_here.secret(settings)
    yield from check_here.settings_file()
    yield from check_here.room(settings)
    yield check_here.papers()
    yield check_here.translations()
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


def ask_outside() -> Iterator[Finding]:
    """Our own address; then for each LMS that is in use its keys, its clock, and whether it gives a token."""
    settings = settings_now()
    yield from check_outside.own_address(settings, now())
    with engine_on(settings) as engine:
        sessions = open_sessions(engine)
        with sessions() as session:
            found = [one for one in connections(session) if one.active]
        for one in found:
            yield from _try_steps(settings, sessions, one, Trial(None), before=Step.LAUNCH)
            yield from check_outside.clock_of(_http(settings), one.name, one.jwks_url, now())


def try_connection(named: str, course_id: UUID | None) -> Iterator[Finding]:
    """The steps of testing a connection, as the operator's page takes them."""
    settings = settings_now()
    with engine_on(settings) as engine:
        sessions = open_sessions(engine)
        with sessions.begin() as session:
            one = connection_named(session, named)
        yield from _try_steps(settings, sessions, one, Trial(course_id))


def _try_steps(
    settings: Settings,
    sessions: sessionmaker[Session],
    one: Connection,
    so_far: Trial,
    *,
    before: Step | None = None,
) -> Iterator[Finding]:
    http, by = _http(settings), Operator(one.organization_id, None)
    while so_far.next_step not in (None, before):
        with sessions.begin() as session:
            prepared = trial.prepare(session, by, one.id, so_far, now())
        so_far = trial_steps.take_step(sessions, http, prepared, so_far, now())
        found = _finding(so_far.results[-1])
        yield replace(found, subject=f"{one.name}, {found.subject}") if before else found


def _http(settings: Settings) -> SafeHttp:
    return SafeHttp(lab=settings.lab, private_hosts=settings.private_hosts, ca_bundle=settings.ca_bundle)


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
    if not migrations.works_with(revision):
        state = "empty" if empty else f"at revision {revision}, and {migrations.newest()} is needed"
        yield Finding("database", f"is {state}.", "Run: attune db upgrade")
        return
    ahead = (
        "" if revision == migrations.newest() else "; a newer version of Attune added to it, which this one can bear"
    )
    yield Finding("database", f"up to date ({engine.dialect.name}, revision {revision}){ahead}")
    moment = now()
    with engine.connect() as connection:
        yield check_rows.server(connection)
    with Session(engine) as session:
        yield from check_rows.keys(session, moment)
        yield check_rows.encrypted(session)
        yield from _content(session)
        yield from _scores(session)
        yield check_rows.worker(session, settings, moment)
        yield check_rows.nightly(session, moment)
        yield check_rows.chains(session)
        yield check_rows.last_backup(session, moment)
    queue = open_queue(settings)
    yield check_rows.wake_ups(queue)
    queue.huey.storage.close()
    with Session(engine) as session:
        all_encrypted = files_encrypted.since(session) is not None
    yield _files(settings, all_encrypted=all_encrypted)
    yield from check_here.files_take_and_give(open_file_store(settings))


ENCRYPT = "Run: attune keys encrypt-anew"
ENCRYPT_FORMER = "has to stay in ATTUNE_SECRET_KEY until this has run: attune keys encrypt-anew"
STILL_READ = "; one that is not encrypted is still read until this has run: attune keys encrypt-anew"
FILES = 2_000
"""So many are looked at."""


def _files(settings: Settings, *, all_encrypted: bool) -> Finding:
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
        return _plain(plain, of, all_encrypted=all_encrypted)
    if former := found.get(Kept.FORMER, 0):
        return Finding("files", f"encrypted; {former} {of} with a former secret, which {ENCRYPT_FORMER}")
    if not number:
        return Finding("files", "there are none yet")
    still = "" if all_encrypted else STILL_READ
    return Finding("files", f"encrypted with the newest secret ({number} looked at){still}")


def _plain(plain: int, of: str, *, all_encrypted: bool) -> Finding:
    if not all_encrypted:
        return Finding("files", f"{plain} {of} wait to be encrypted.", ENCRYPT)
    return Finding(
        "files",
        f"{plain} {of} are not encrypted, although all were: somebody else put them there, and nobody is given them.",
        "Find out who can write to the store, and put these files back from a backup.",
    )


def _content(session: Session) -> Iterator[Finding]:
    if session.scalars(select(RegistrationRow.id).limit(1)).first() is None:
        yield Finding("LMS", "none is connected yet. Begin with: attune platforms invite")
    else:
        yield Finding("LMS", "at least one is connected; see: attune platforms list")


def _scores(session: Session) -> Iterator[Finding]:
    moment = now()
    for one in delivery_health.platforms(session, None, moment):
        for need in one.needs(moment):
            yield Finding("scores", f"{one.platform_name} needs you; see: attune gradebooks", lane_words.NEEDS[need])
