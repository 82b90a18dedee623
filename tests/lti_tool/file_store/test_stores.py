"""Both stores keep the same promises, and encrypted stores keep them, too."""

import io
import os
import resource
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lti_tool.file_store import Away, EncryptedStore, FileStore, Full, NotStored
from lti_tool.file_store.disk import DiskStore
from tests.lti_tool.file_store.bucket import bucket_server, open_bucket
from tests.lti_tool.lti.server import Reply, StubServer

LARGE = os.urandom(1024) * (20 * 1024)
"""Larger than one part of an upload to a bucket, so that it goes in several."""


@pytest.fixture(scope="module")
def bucket_url() -> Iterator[str]:
    with bucket_server() as url:
        yield url


@pytest.fixture(params=["disk", "bucket", "encrypted disk", "encrypted bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    where: FileStore
    if "disk" in request.param:
        where = DiskStore(tmp_path / "files")
    else:
        where = open_bucket(request.getfixturevalue("bucket_url"))
    return EncryptedStore(where, ("s" * 40,)) if "encrypted" in request.param else where


def read(store: FileStore, name: str, first: int = 0, size: int | None = None) -> bytes:
    return b"".join(store.read(name, first, size))


def test_what_was_put_is_read_whole_and_in_part(store: FileStore) -> None:
    store.put("abc1", io.BytesIO(LARGE))
    assert read(store, "abc1") == LARGE
    assert read(store, "abc1", 7, 100) == LARGE[7:107]
    assert read(store, "abc1", len(LARGE) - 5) == LARGE[-5:]
    assert max(len(piece) for piece in store.read("abc1")) < 2_000_000


def test_an_empty_file_is_a_file(store: FileStore) -> None:
    store.put("empty1", io.BytesIO(b""))
    assert read(store, "empty1") == b""


def test_what_is_deleted_is_gone_and_deleting_twice_is_nothing(store: FileStore) -> None:
    store.put("gone1", io.BytesIO(b"words"))
    store.delete("gone1")
    store.delete("gone1")
    with pytest.raises(NotStored):
        store.read("gone1")


def test_everything_that_is_there_is_named_with_when_it_came(store: FileStore) -> None:
    store.put("named1", io.BytesIO(b"words"))
    found = dict(store.names())
    assert abs(found["named1"] - datetime.now(UTC)) < timedelta(minutes=1)


class CutOff(io.BytesIO):
    """Breaks off after a while, as a connection does."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 12_000_000:
            raise ConnectionResetError
        return super().read(size)


def test_of_what_was_cut_off_nothing_is_kept(store: FileStore) -> None:
    with pytest.raises((Away, ConnectionResetError)):
        store.put("cut1", CutOff(LARGE))
    with pytest.raises(NotStored):
        store.read("cut1")


def test_a_full_disk_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    """No file can grow larger than this, as on a disk without room."""
    store = DiskStore(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(Full):
            store.put("full1", io.BytesIO(LARGE))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(store.names()) == []


def test_on_a_disk_only_we_can_read_it(tmp_path: Path) -> None:
    DiskStore(tmp_path / "files").put("abc2", io.BytesIO(b"words"))
    path = tmp_path / "files" / "ab" / "abc2"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_name_never_leads_out_of_the_directory(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        DiskStore(tmp_path).put("../../etc/passwd", io.BytesIO(b""))


def test_a_bucket_that_does_not_answer_is_told() -> None:
    store = open_bucket("s3+http://key:secret@127.0.0.1:1/attune")
    with pytest.raises(Away):
        store.read("abc1")


def test_a_bucket_that_is_full_is_told_and_what_is_not_there_need_not_be_deleted() -> None:
    with StubServer() as bucket:
        store = open_bucket(f"s3+http://key:secret@{bucket.url.removeprefix('http://')}/attune")
        bucket.reply("/attune/abc1", Reply(400, b"<Error><Code>QuotaExceeded</Code></Error>"))
        with pytest.raises(Full):
            store.put("abc1", io.BytesIO(b"words"))
        bucket.reply("/attune", Reply(404, b"<Error><Code>NoSuchBucket</Code></Error>"))
        store.delete("abc2")
        assert [(one.method, one.path) for one in bucket.asked] == [("PUT", "/attune/abc1"), ("POST", "/attune")]
