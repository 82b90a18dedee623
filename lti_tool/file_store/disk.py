"""Files in a directory of this machine."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from lti_tool.file_store.contract import CHUNK, Away, Full, NotStored

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
PART = ".part"


class DiskStore:
    """One file a name, in folders by the first two letters; only this user of the machine can read them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, name: str, content: IO[bytes]) -> None:
        """See `FileStore`. What is written is on the disk before it has its name."""
        path = self._path(name)
        part = path.with_name(f"{name}{secrets.token_hex(32)}{PART}")  # of this writer alone
        with _told():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with open(part, "wb", opener=_for_us_alone) as file:
                    shutil.copyfileobj(content, file, CHUNK)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        """See `FileStore`."""
        with _told():
            file = self._path(name).open("rb")
            file.seek(first)
        return _pieces(file, size)

    def delete(self, name: str) -> None:
        """See `FileStore`."""
        with _told():
            self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """See `FileStore`."""
        for path in sorted(self._directory.glob("??/*")):
            try:
                changed = path.stat().st_mtime
            except FileNotFoundError:
                continue
            yield path.name, datetime.fromtimestamp(changed, UTC)

    def _path(self, name: str) -> Path:
        if not name.removesuffix(PART).isalnum() or not name.isascii():
            raise ValueError("a name in the store has letters and digits only")
        return self._directory / name[:2] / name


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _pieces(file: IO[bytes], size: int | None) -> Iterator[bytes]:
    with file:
        left = size
        while piece := file.read(CHUNK if left is None else min(CHUNK, left)):
            if left is not None:
                left -= len(piece)
            yield piece


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotStored from None
    except OSError as problem:
        if problem.errno in NO_ROOM:
            raise Full from problem
        raise Away from problem
