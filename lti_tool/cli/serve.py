"""attune serve and attune worker: the two kinds of process."""

import os
import sys
import tempfile

import click

from lti_tool.cli.metrics import DIRECTORY
from lti_tool.cli.opening import engine_on, refuse_unless_up_to_date, settings_now
from lti_tool.logs import set_up_logs
from lti_tool.paths import CONFIG
from lti_tool.processes import port_is_free, run_together
from lti_tool.settings import Settings
from lti_tool.worker import run_worker

BESIDE = frozenset({"worker", "metrics"})
"""What people do not wait for: where it ends, it is started again, and pages go on."""


@click.command()
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads of each.")
def serve(workers: int, threads: int) -> None:
    """Serve pages with gunicorn. With SQLite the worker runs beside it; with PostgreSQL start `attune worker`."""
    set_up_logs()
    settings = _ready_settings()
    _refuse_a_port_in_use(settings.bind)
    commands = {"web": web_command(settings.bind, workers=workers, threads=threads)}
    if settings.on_sqlite:
        commands["worker"] = worker_command()
    if settings.metrics is None:
        sys.exit(run_together(commands, again=BESIDE))
    _refuse_a_port_in_use(settings.metrics, "ATTUNE_METRICS")
    with tempfile.TemporaryDirectory(prefix="attune-metrics-") as counted:
        commands["metrics"] = [sys.executable, "-m", "lti_tool", "metrics"]
        sys.exit(run_together(commands, again=BESIDE, environment={**os.environ, DIRECTORY: counted}))


@click.command()
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 32), help="Things done at once.")
def worker(threads: int) -> None:
    """Send scores, read lists of people and files, and do what notices ask for.

    With PostgreSQL any number of workers may run, on any machine.
    """
    run_worker(_ready_settings(), threads=threads)


def _ready_settings() -> Settings:
    settings = settings_now()
    with engine_on(settings) as engine:
        refuse_unless_up_to_date(engine)
    return settings


def _refuse_a_port_in_use(bind: str, setting: str = "ATTUNE_BIND") -> None:
    host, colon, port = bind.rpartition(":")
    if colon and port.isdecimal() and not port_is_free(host, int(port)):
        raise click.ClickException(
            f"Port {port} of {host} is in use. Stop what uses it, or set {setting} to another address."
        )


def web_command(bind: str, *, workers: int, threads: int) -> list[str]:
    """How gunicorn is started."""
    return [
        sys.executable, "-m", "gunicorn",
        "--config", str(CONFIG / "gunicorn.conf.py"),
        "--bind", bind,
        "--workers", str(workers),
        "--threads", str(threads),
        "lti_tool.app:from_environment()",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """How a worker is started."""
    return [sys.executable, "-m", "lti_tool", "worker"]
