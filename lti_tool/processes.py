"""Running a few processes as one: they start together, and when one ends all end."""

import signal
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import IO

GRACE_SECONDS = 40
"""Longer than the web gives requests that are under way, see config/gunicorn.conf.py."""


def run_together(
    commands: Mapping[str, Sequence[str]],
    *,
    environment: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> int:
    """Run all until one ends or we are told to stop; the answer is an exit status. `log` takes what they print."""
    asked_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    running = [
        subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - our own commands
        for command in commands.values()
    ]
    while not asked_to_stop.wait(0.2):
        if any(process.poll() is not None for process in running):
            break
    ended = [process.returncode for process in running if process.poll() is not None]
    _end(running)
    return 0 if asked_to_stop.is_set() else (ended[0] if ended and ended[0] else 1)


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def port_is_free(host: str, port: int) -> bool:
    """Whether nobody listens there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError:
            return False
    return True


def free_port(host: str) -> int:
    """A port on which nobody listened a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port
