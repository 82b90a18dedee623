"""Attune's processes, kept running whatever ends them; and the hand that ends them."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

BREATH = 0.3
"""Seconds before what ended is started again."""


@dataclass
class Kept:
    """One process. `ended` says that it did what it is for and is not started again."""

    name: str
    arguments: Sequence[str]
    once: bool = False
    running: subprocess.Popen[bytes] | None = None
    ended: bool = False
    environment: dict[str, str] = field(default_factory=dict)


class Keeper:
    """Starts processes, and starts again what ended, as systemd would."""

    def __init__(self, environment: dict[str, str], log: IO[bytes]) -> None:
        self._environment = environment
        self._log = log
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self.kills: Counter[str] = Counter()
        """How often each was killed."""
        self.ends: Counter[str] = Counter()
        """How often each ended by itself and was started again."""
        self.clock: dict[str, int] = {}
        """By how many seconds the clock of each is ahead from its next start on."""

    def keep(self, name: str, *arguments: str, once: bool = False) -> None:
        """Run `python -m ...` from now on; with `once` until it ends well."""
        with self._lock:
            self._kept[name] = Kept(name, arguments, once)
            self._start(self._kept[name])

    def _start(self, kept: Kept) -> None:
        environment = {**self._environment, "ATTUNE_LAB_CLOCK": str(self.clock.get(kept.name, 0))}
        kept.running = subprocess.Popen(
            [sys.executable, "-m", *kept.arguments],
            env=environment, stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip

    def _watch(self) -> None:
        while not self._stop.wait(BREATH):
            with self._lock:
                for kept in self._kept.values():
                    self._look_after(kept)

    def _look_after(self, kept: Kept) -> None:
        if kept.ended or kept.running is None or kept.running.poll() is None:
            return
        if kept.once and kept.running.returncode == 0:
            kept.ended = True
            return
        if kept.running.returncode != -signal.SIGKILL:
            self.ends[kept.name] += 1
        self._start(kept)

    def kill(self, name: str, chance: random.Random) -> None:
        """`kill -9`: all of its processes, or one of them."""
        with self._lock:
            kept = self._kept[name]
            if kept.ended or kept.running is None or kept.running.poll() is not None:
                return
            family = family_of(kept.running.pid)
            victims = family if chance.random() < 0.5 else [chance.choice(family)]
            if kept.running.pid in victims:
                victims = family  # an operator's system takes the children along
            for pid in victims:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.kills[name] += 1

    def restart(self, *names: str) -> None:
        """End these as an operator does, and start them again."""
        with self._lock:
            chosen = [self._kept[name] for name in names]
            for kept in chosen:
                _end(kept)
            for kept in chosen:
                self._start(kept)

    def stop(self, name: str) -> None:
        """End it as an operator does; it stays so until `go_on`."""
        with self._lock:
            self._kept[name].ended = True
            _end(self._kept[name])

    def go_on(self, name: str) -> None:
        """Start again what was stopped."""
        with self._lock:
            self._kept[name].ended = False
            self._start(self._kept[name])

    def pid(self, name: str) -> int:
        """Of its first process, as it was started last."""
        with self._lock:
            running = self._kept[name].running
            assert running is not None, f"{name} was never started"
            return running.pid

    def names(self) -> list[str]:
        """Those that run."""
        with self._lock:
            return sorted(name for name, kept in self._kept.items() if not kept.ended)

    def finished(self, beginning: str) -> bool:
        """Whether all whose names begin so are done."""
        with self._lock:
            return all(kept.ended for name, kept in self._kept.items() if name.startswith(beginning))

    def close(self) -> None:
        """End all of them."""
        self._stop.set()
        self._thread.join()
        for kept in self._kept.values():
            _end(kept)


def _end(kept: Kept) -> None:
    if kept.running is None or kept.running.poll() is not None:
        return
    family = family_of(kept.running.pid)
    kept.running.terminate()
    try:
        kept.running.wait(30)
    except subprocess.TimeoutExpired:
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        kept.running.wait()


def family_of(pid: int) -> list[int]:
    """A process with all that came of it, oldest first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            parent = int(entry.read_text().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    found = [pid]
    for one in found:
        found += sorted(children.get(one, []))
    return found
