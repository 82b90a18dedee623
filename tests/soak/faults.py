"""What goes wrong in the course of a day, one after the other. Each begins, lasts a while, and is mended."""

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.living import Living
from tests.soak.disk import Disk
from tests.torture.keeping import Keeper, family_of
from tests.torture.postgres import Server

LMS = "lms"
ATTUNE_AHEAD, LMS_AHEAD = 40, -40
"""Seconds by which the clocks are wrong: together more than a launch may be off (60)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    what: str
    """In words, for the record."""
    begin: Callable[[], None]
    mend: Callable[[], None]
    is_lived_with: bool = False
    """Whether people can work while it lasts: it counts from when Attune is ready on."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What faults happen to."""

    place: Living
    keeper: Keeper
    disk: Disk
    database_url: str
    server: Server | None
    """PostgreSQL's; None with SQLite."""


def faults(ground: Ground) -> tuple[Fault, ...]:
    """All of them, in their order."""
    return (_worker_killed(ground), _lms_down(ground), _database_away(ground), _disk_full(ground), _clocks(ground))


def _worker_killed(ground: Ground) -> Fault:
    def kill() -> None:
        for name in ground.keeper.names():
            for pid in family_of(ground.keeper.pid(name)):
                if _arguments(pid)[-1:] == ["worker"]:
                    os.kill(pid, signal.SIGKILL)

    beside = "; with SQLite the web beside it is started anew, too" if ground.server is None else ""
    return Fault("worker killed", f"each worker ended by `kill -9`{beside}", kill, lambda: None)


def _arguments(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    return []


def _lms_down(ground: Ground) -> Fault:
    keeper = ground.keeper
    return Fault("LMS down", "the LMS was stopped", lambda: keeper.stop(LMS), lambda: keeper.go_on(LMS))


def _database_away(ground: Ground) -> Fault:
    if ground.server is not None:
        return Fault("database away", "its server was ended without a goodbye", ground.server.stop, ground.server.start)
    held: list[sqlite3.Connection] = []

    def hold() -> None:
        held.append(sqlite3.connect(str(make_url(ground.database_url).database), isolation_level=None, timeout=60))
        held[0].execute("BEGIN IMMEDIATE")

    def let_go() -> None:
        held[0].execute("ROLLBACK")
        held.pop().close()

    return Fault("database away", "another program held it, so that nobody could write", hold, let_go)


def _disk_full(ground: Ground) -> Fault:
    def writers() -> list[int]:
        if ground.server is not None:
            return family_of(ground.server.pid())
        return [pid for name in ground.keeper.names() if name != LMS for pid in family_of(ground.keeper.pid(name))]

    def mend() -> None:
        ground.disk.make_room(writers)
        if ground.server is not None and not ground.server.runs():
            ground.server.start()

    return Fault("disk full", ground.disk.how, lambda: ground.disk.fill(writers), mend)


def _clocks(ground: Ground) -> Fault:
    """Clocks of processes are put when they start: with a restart, as a machine that comes up with a wrong one."""

    def put(attune: int, lms: int) -> None:
        names = [name for name in ground.keeper.names() if name != LMS]
        ground.keeper.clock = dict.fromkeys(names, attune)
        ground.place.control("clock", seconds=lms)
        ground.keeper.restart(*names)

    what = f"Attune's machine {ATTUNE_AHEAD} seconds ahead, the LMS {-LMS_AHEAD} behind; set right by another restart"
    return Fault("clocks wrong", what, lambda: put(ATTUNE_AHEAD, LMS_AHEAD), lambda: put(0, 0), is_lived_with=True)
