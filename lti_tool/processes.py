"""Running a few processes as one: they start together, and when the main one ends all end."""

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from types import FrameType
from typing import IO

import structlog

_log = structlog.get_logger("attune.processes")

GRACE_SECONDS = 40
"""Longer than the web gives requests that are under way, see config/gunicorn.conf.py."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a process that ended is started again."""


def run_together(
    commands: Mapping[str, Sequence[str]],
    *,
    again: Collection[str] = (),
    environment: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> int:
    """Run all until one ends or we are told to stop; the answer is an exit status. `log` takes what they print.

    Those in `again` end nothing: each is started again, after a second and then after twice as long up to a minute.
    """
    asked_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)

    def start(name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(commands[name], env=environment, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - our own commands

    running: dict[str, _Running] = {}
    try:
        for name in commands:
            running[name] = _Running(start(name))
        while not asked_to_stop.wait(0.2):
            ended = [name for name, one in running.items() if one.process.poll() is not None]
            if set(ended) - set(again):
                break
            for name in ended:
                if running[name].waited():
                    running[name] = _again(name, running[name], start)
        statuses = [one.process.returncode for name, one in running.items() if name not in again and one.process.poll()]
    finally:
        _end([one.process for one in running.values()])
    return 0 if asked_to_stop.is_set() else (statuses[0] if statuses else 1)


class _Running:
    """One process, and how long to wait once it has ended."""

    def __init__(self, process: subprocess.Popen[bytes], pause: float = SHORTEST_PAUSE) -> None:
        self.process, self.pause = process, pause
        self.began = time.monotonic()
        self.ended: float | None = None

    def waited(self) -> bool:
        """Whether the pause after its end is over."""
        if self.ended is None:
            self.ended = time.monotonic()
        return time.monotonic() - self.ended >= self.pause

    def next_pause(self) -> float:
        """Longer where it did not run for long."""
        ran = (self.ended or self.began) - self.began
        return SHORTEST_PAUSE if ran >= LONGEST_PAUSE else min(2 * self.pause, LONGEST_PAUSE)

    def put_off(self) -> None:
        """Wait once more, as after an end."""
        self.pause = self.next_pause()
        self.began = self.ended = time.monotonic()


def _again(name: str, one: _Running, start: Callable[[str], subprocess.Popen[bytes]]) -> _Running:
    """Started again; the same where the machine does not let us at the moment."""
    try:
        process = start(name)
    except OSError as problem:
        _log.warning("could not be started again", process=name, problem=str(problem))
        one.put_off()
        return one
    _log.warning("started again", process=name, status=one.process.returncode)
    return _Running(process, one.next_pause())


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
