"""attune demo: Attune beside a practice LMS, on this machine only, ready to be tried."""

import json
import os
import secrets
import shutil
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.orm import Session

from lti_tool import migrations
from lti_tool.cli.opening import now
from lti_tool.cli.serve import web_command, worker_command
from lti_tool.paths import CONFIG
from lti_tool.processes import port_is_free, run_together
from lti_tool.services.connecting import connections, registration_addresses
from lti_tool.services.organizations import organization_named
from lti_tool.services.programs import program_versions, programs_in_use
from lti_tool.settings import Settings, read_settings
from lti_tool.store.engine import open_engine, open_sessions

HOST = "127.0.0.1"
ORGANIZATION = "Demo program"
START_SECONDS = 60
LOG = "demo.log"
LMS_DATA = "practice-lms"


@click.command()
@click.option("--port", default=8400, show_default=True, type=click.IntRange(1024, 65534), help="Attune's port.")
@click.option("--fresh", is_flag=True, help="Forget what was done before and start over.")
@click.option(
    "--directory",
    default=Path(".demo"),
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the demo keeps its database.",
)
def demo(port: int, fresh: bool, directory: Path) -> None:
    """Start Attune and a practice LMS on this machine; print one address to open."""
    for wanted in (port, port + 1):
        if not port_is_free(HOST, wanted):
            raise click.ClickException(
                f"Port {wanted} is in use. Stop what uses it, or take another: make demo PORT={port + 100}"
            )
    if fresh:
        forget(directory)
    sys.exit(start(directory, port, commands(directory, port)))


def commands(directory: Path, port: int) -> dict[str, list[str]]:
    """What runs in a demo, by the name under which the log has it."""
    return {
        "practice LMS": [
            sys.executable, "-m", "lti_tool.practice",
            "--port", str(port + 1), "--data", str(directory / LMS_DATA),
        ],
        "web": web_command(f"{HOST}:{port}", workers=2, threads=4),
        "worker": worker_command(),
    }  # fmt: skip


def start(directory: Path, port: int, commands: Mapping[str, Sequence[str]]) -> int:
    """Prepare what they need, run them until one ends or we are told to stop; an exit status."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = environment_in(directory, port)
    lms = f"http://{HOST}:{port + 1}"
    address = prepare(read_settings(environment))
    not_started = threading.Event()

    def stop() -> None:
        not_started.set()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=welcome, args=(environment["ATTUNE_PUBLIC_URL"], lms, address, stop), daemon=True).start()
    click.echo("Starting Attune and a practice LMS ...")
    with (directory / LOG).open("ab") as log:
        status = run_together(commands, environment={**os.environ, **environment}, log=log)
    if status and not not_started.is_set():
        click.echo(f"The demo stopped by itself; the end of {directory / LOG} says why.", err=True)
    return 1 if not_started.is_set() else status


def forget(directory: Path) -> None:
    """Take away what the demo made there, and nothing else."""
    for made in (*directory.glob("attune.db*"), directory / "secret-key", directory / LOG):
        made.unlink(missing_ok=True)
    shutil.rmtree(directory / LMS_DATA, ignore_errors=True)


def environment_in(directory: Path, port: int) -> dict[str, str]:
    """The settings of the demo, with a secret that is made once and kept there."""
    place = directory.resolve()
    return {
        "ATTUNE_DATABASE_URL": f"sqlite:///{place / 'attune.db'}",
        "ATTUNE_PUBLIC_URL": f"http://{HOST}:{port}",
        "ATTUNE_SECRET_KEY": _secret(place / "secret-key"),
        "ATTUNE_LAB": "1",
    }


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


def prepare(settings: Settings) -> str | None:
    """Bring the database up to date; the answer is a registration address while no LMS is connected here."""
    engine = open_engine(settings.database_url, settings.secret_keys)
    migrations.upgrade(engine)
    issuer = f"http://{HOST}:{int(settings.public_url.rsplit(':', 1)[1]) + 1}"
    with open_sessions(engine).begin() as session:
        organization_id = organization_named(session, ORGANIZATION, now())
        connected = any(one.issuer == issuer for one in connections.connections(session))
        _program(session, organization_id)
        secret = None if connected else registration_addresses.hand_out(session, organization_id, uses=1, now=now())
    engine.dispose()
    return f"{settings.public_url}/lti/register/{secret}" if secret else None


def _program(session: Session, organization_id: UUID) -> None:
    """A small program in use, in which trainees may enroll themselves."""
    text = (CONFIG / "demo" / "peer-support-demo.toml").read_text(encoding="utf-8")
    program_id = programs_in_use.publish(session, None, organization_id, text, why=None, now=now(), shipped=True)
    program_versions.found_program(session, organization_id, program_id).open_to_ask = True


def welcome(
    attune: str,
    lms: str,
    registration_address: str | None,
    stop: Callable[[], None],
    *,
    seconds: float = START_SECONDS,
) -> None:
    """Wait until both answer, connect them the first time, and say where to go; else stop the demo."""
    try:
        _wait_for(f"{attune}/health", seconds)
        _wait_for(lms, seconds)
        if registration_address:
            _register(lms, registration_address)
    except (OSError, TimeoutError) as problem:
        click.echo(f"The demo did not start: {problem}. Try once more with: make demo FRESH=1", err=True)
        stop()
        return
    click.echo(f"\n  Attune is ready. Open {lms} and choose a person.\n  Stop it with Ctrl+C; your work stays.\n")


def _wait_for(address: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - loopback, made above
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


def _register(lms: str, address: str) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback, made above
        f"{lms}/_control/register-tool",
        data=json.dumps({"address": address}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - loopback, made above
            return
    except urllib.error.HTTPError as answer:
        raise OSError(f"the practice LMS could not register Attune: {answer.read().decode()[:400]}") from answer
