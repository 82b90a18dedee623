"""A disk that can be full: a small one of its own where this machine lets us mount, else a limit for processes.

Mounting needs root, as in most containers that may. Without it, the processes that write the database are told that no
file may grow (RLIMIT_FSIZE); what they get is another number (EFBIG) with the same meaning, also for their own log.
"""

import os
import resource
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MEGABYTES = 400
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Disk:
    """Where the database lies."""

    folder: Path
    mounted: bool

    @property
    def how(self) -> str:
        """In words, for the record."""
        if self.mounted:
            return f"a disk of {MEGABYTES} MB of its own (tmpfs), filled to the last byte"
        return "no file of the processes may grow (RLIMIT_FSIZE)"

    def fill(self, writers: Callable[[], Iterable[int]]) -> None:
        """No byte more; `writers` are the processes that write there."""
        if not self.mounted:
            _limit(writers(), 0)
            return
        with suppress(OSError), (self.folder / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(PIECE))
        with suppress(OSError), (self.folder / "ballast").open("ab", buffering=0) as ballast:
            while True:
                ballast.write(b"0")

    def make_room(self, writers: Callable[[], Iterable[int]]) -> None:
        """As it was before."""
        if not self.mounted:
            _limit(writers(), None)
            return
        (self.folder / "ballast").unlink()


def _limit(pids: Iterable[int], most: int | None) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard if most is None else most, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """For as long as the block lasts."""
    folder.mkdir()
    if os.geteuid() != 0 or not _done(
        "mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=755", "tmpfs", str(folder)
    ):
        yield Disk(folder, mounted=False)
        return
    try:
        yield Disk(folder, mounted=True)
    finally:
        _done("umount", "--lazy", str(folder))


def _done(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
