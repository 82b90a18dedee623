"""attune check: what is wrong with this installation, and how to mend it."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click
from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.cli.opening import engine_on
from lti_tool.settings import Settings, SettingsProblem, read_settings
from lti_tool.store.platforms import RegistrationRow, ToolKeyRow


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` is None when all is well."""

    subject: str
    sentence: str
    remedy: str | None = None


@click.command()
def check() -> None:
    """Say in plain words what is wrong with this installation and how to mend it."""
    findings = list(examine())
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
    worker = "runs beside `attune serve`" if settings.on_sqlite else "start it with: attune worker"
    yield Finding("worker", worker)


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
