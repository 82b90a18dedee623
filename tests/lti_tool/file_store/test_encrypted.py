"""Files at rest: nobody reads them without the secret, and nothing of them can be exchanged unnoticed."""

import io
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lti_tool.file_store import EncryptedStore, FileStore, Kept, NotStored, Unreadable
from lti_tool.file_store.disk import DiskStore
from lti_tool.file_store.segments import HEADER, SEALED, SEGMENT

NEW, OLD = "n" * 40, "o" * 40
WORDS = b"She cried, and I stayed with her. " * 8_000
"""More than four segments."""


@pytest.fixture
def disk(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path)


class Memory:
    """A store in memory, for many files."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, name: str, content: IO[bytes]) -> None:
        self.files[name] = content.read()

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        if name not in self.files:
            raise NotStored
        return iter((self.files[name][first : None if size is None else first + size],))

    def delete(self, name: str) -> None:
        self.files.pop(name, None)

    def names(self) -> Iterator[tuple[str, datetime]]:
        return iter(())


def whole(store: FileStore, name: str, first: int = 0, size: int | None = None) -> bytes:
    return b"".join(store.read(name, first, size))


def change(path: Path, name: str, new: bytes) -> None:
    (path / name[:2] / name).write_bytes(new)


def test_on_the_disk_there_is_nothing_of_what_was_put(disk: DiskStore) -> None:
    EncryptedStore(disk, (NEW,)).put("abc1", io.BytesIO(WORDS))
    there = whole(disk, "abc1")
    assert b"cried" not in there
    assert len(there) == HEADER + len(WORDS) + 16 * (len(WORDS) // SEGMENT + 1)


def test_the_same_content_looks_different_each_time(disk: DiskStore) -> None:
    store = EncryptedStore(disk, (NEW,))
    store.put("abc1", io.BytesIO(WORDS))
    store.put("abc2", io.BytesIO(WORDS))
    assert whole(disk, "abc1")[HEADER:] != whole(disk, "abc2")[HEADER:]


@given(
    size=st.one_of(st.integers(0, 300), st.integers(-2, 2).map(lambda more: 2 * SEGMENT + more)),
    first=st.one_of(st.integers(0, 400), st.integers(-2, 2).map(lambda more: SEGMENT + more)),
    wanted=st.one_of(st.none(), st.integers(1, 3 * SEGMENT)),
)
@example(size=2 * SEGMENT, first=SEGMENT, wanted=SEGMENT)
@example(size=SEGMENT, first=SEGMENT - 1, wanted=1)
def test_each_part_is_the_part_of_the_whole(size: int, first: int, wanted: int | None) -> None:
    content = bytes(number % 251 for number in range(size))
    first = min(first, max(size - 1, 0))
    wanted = None if wanted is None else min(wanted, size - first)
    store = EncryptedStore(Memory(), (NEW,))
    store.put("abc1", io.BytesIO(content))
    assert whole(store, "abc1") == content
    assert whole(store, "abc1", first, wanted) == content[first : None if wanted is None else first + wanted]


def test_a_former_secret_reads_what_it_encrypted_and_the_newest_encrypts(disk: DiskStore) -> None:
    EncryptedStore(disk, (OLD,)).put("abc1", io.BytesIO(WORDS))
    both = EncryptedStore(disk, (NEW, OLD))
    assert both.kept("abc1") is Kept.FORMER
    assert whole(both, "abc1") == WORDS
    assert both.encrypt_anew("abc1")
    assert not both.encrypt_anew("abc1")
    assert whole(EncryptedStore(disk, (NEW,)), "abc1") == WORDS


def test_a_file_from_before_encryption_is_read_and_can_be_encrypted(disk: DiskStore) -> None:
    disk.put("abc1", io.BytesIO(WORDS))
    store = EncryptedStore(disk, (NEW,), lambda: True)
    assert store.kept("abc1") is Kept.PLAIN
    assert whole(store, "abc1") == WORDS
    assert whole(store, "abc1", 70_000, 9) == WORDS[70_000:70_009]
    assert whole(store, "abc1", 0, 9) == WORDS[:9]
    assert store.encrypt_anew("abc1")
    assert store.kept("abc1") is Kept.NEWEST
    assert whole(store, "abc1") == WORDS
    assert [name for name, _came in disk.names()] == ["abc1"]


def test_where_all_are_encrypted_one_that_is_not_is_not_read(disk: DiskStore) -> None:
    disk.put("abc1", io.BytesIO(WORDS))
    store = EncryptedStore(disk, (NEW,))
    assert store.kept("abc1") is Kept.PLAIN
    for first in (0, 70_000):
        with pytest.raises(Unreadable):
            store.read("abc1", first, 9)
    with pytest.raises(Unreadable):
        store.encrypt_anew("abc1")


def test_a_small_file_from_before_is_read(disk: DiskStore) -> None:
    disk.put("abc1", io.BytesIO(b"WEBVTT"))
    store = EncryptedStore(disk, (NEW,), lambda: True)
    assert whole(store, "abc1") == b"WEBVTT"
    assert whole(store, "abc1", 3) == b"VTT"


@pytest.mark.parametrize("first", [0, 70_000])
def test_without_its_secret_it_cannot_be_read_and_stays_as_it_is(disk: DiskStore, first: int) -> None:
    EncryptedStore(disk, (OLD,)).put("abc1", io.BytesIO(WORDS))
    store = EncryptedStore(disk, (NEW,))
    assert store.kept("abc1") is Kept.UNREADABLE
    with pytest.raises(Unreadable):
        store.read("abc1", first)
    with pytest.raises(Unreadable):
        store.encrypt_anew("abc1")
    assert whole(EncryptedStore(disk, (OLD,)), "abc1") == WORDS


def test_a_file_under_another_ones_name_is_not_read(disk: DiskStore, tmp_path: Path) -> None:
    store = EncryptedStore(disk, (NEW,))
    store.put("abc1", io.BytesIO(WORDS))
    change(tmp_path, "abc2", whole(disk, "abc1"))
    with pytest.raises(Unreadable):
        store.read("abc2")


def sealed(content: bytes) -> tuple[bytes, list[bytes]]:
    return content[:HEADER], [content[at : at + SEALED] for at in range(HEADER, len(content), SEALED)]


@pytest.mark.parametrize(
    "changed",
    [
        lambda parts: [parts[1], parts[0], *parts[2:]],
        lambda parts: parts[:-1],
        lambda parts: [*parts[:-1], parts[-1][:-1]],
        lambda parts: [*parts, parts[-1]][1:],
        lambda parts: [parts[0], bytes([parts[1][0] ^ 1]) + parts[1][1:], *parts[2:]],
        lambda parts: [],
    ],
    ids=["in another order", "without its end", "one byte less", "without its beginning", "one bit", "nothing"],
)
def test_what_was_changed_is_noticed(disk: DiskStore, tmp_path: Path, changed: object) -> None:
    store = EncryptedStore(disk, (NEW,))
    store.put("abc1", io.BytesIO(WORDS))
    header, parts = sealed(whole(disk, "abc1"))
    change(tmp_path, "abc1", header + b"".join(changed(parts)))  # type: ignore[operator]
    with pytest.raises(Unreadable):
        whole(store, "abc1")
    with pytest.raises(Unreadable):
        whole(store, "abc1", 1, len(WORDS) - 1)


class ReplacedMeanwhile(DiskStore):
    """Encrypts a file anew between two looks at it, once."""

    def __init__(self, path: Path, at: int) -> None:
        super().__init__(path)
        self.at, self.looks = at, 0

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        self.looks += 1
        if self.looks == self.at:
            EncryptedStore(self, (NEW, OLD)).put(name, io.BytesIO(WORDS))
        return super().read(name, first, size)


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_whoever_asks_for_a_part_while_it_is_encrypted_anew_gets_that_part(
    tmp_path: Path, at: int, *, plain: bool
) -> None:
    before: FileStore = DiskStore(tmp_path) if plain else EncryptedStore(DiskStore(tmp_path), (OLD,))
    before.put("abc1", io.BytesIO(WORDS))
    store = EncryptedStore(ReplacedMeanwhile(tmp_path, at), (NEW, OLD), lambda: plain)
    assert whole(store, "abc1", 70_000, 100) == WORDS[70_000:70_100]


def test_whoever_is_reading_goes_on_while_it_is_encrypted_anew(disk: DiskStore) -> None:
    EncryptedStore(disk, (OLD,)).put("abc1", io.BytesIO(WORDS))
    store = EncryptedStore(disk, (NEW, OLD))
    reading = store.read("abc1")
    beginning = next(reading)
    store.encrypt_anew("abc1")
    assert beginning + b"".join(reading) == WORDS


def test_a_large_file_is_never_in_memory_as_a_whole(disk: DiskStore) -> None:
    asked: list[int] = []

    class Large(io.RawIOBase):
        left = 50_000_000

        def read(self, size: int = -1, /) -> bytes:
            asked.append(size)
            piece = os.urandom(min(size, self.left))
            self.left -= len(piece)
            return piece

    store = EncryptedStore(disk, (NEW,))
    store.put("abc1", Large())  # type: ignore[arg-type]
    assert max(asked) <= SEGMENT
    assert min(asked) > 0
    assert max(len(piece) for piece in store.read("abc1")) <= SEGMENT
