"""A copy of one's own data has the files that one brought, each with where it came from; large ones by the worker."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.file_store import CHUNK, EncryptedStore, FileStore
from lti_tool.file_store.disk import DiskStore
from lti_tool.file_store.segments import HEADER, SEGMENT
from lti_tool.services.exchange import exporting, exporting_work
from lti_tool.services.personal_data import own_copy
from lti_tool.services.portfolio import evidence_checks
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.exports import ExportState
from tests.conftest import Clock
from tests.lti_tool.documents.recordings import recording
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of
from tests.lti_tool.web.test_evidence_pages import CAPTIONS, look, picture, send, store

__all__ = ["picture", "store"]  # fixtures


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course()


def opened(answer: Any) -> zipfile.ZipFile:
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "private, no-store"
    return zipfile.ZipFile(io.BytesIO(answer.get_data()))


def test_cap_e7_files_that_one_brought_are_in_the_copy_with_a_list(
    course: Course, store: FileStore, sessions: sessionmaker[Session], picture: bytes
) -> None:
    send(course, picture, title="Mural: the way in/out")
    shown = look(course, store, sessions)
    send(course, picture, key="a-key-of-one-form-2", title="Not looked at yet")
    course.kept()
    content = course.browser("sam").get(f"/evidence/{shown}/content").get_data()
    archive = opened(course.browser("sam").get("/my-data/copy"))
    assert archive.testzip() is None
    (name,) = (each for each in archive.namelist() if each != own_copy.LIST)
    assert name == "files/001-Mural--the-way-in-out.jpg"
    assert archive.read(name) == content
    (listed,) = json.loads(archive.read(own_copy.LIST))["files"]
    assert listed == {
        "evidence": str(shown),
        "name": name,
        "media_type": "image/jpeg",
        "sha256": hashlib.sha256(content).hexdigest(),
        "in_this_archive": True,
    }
    assert opened(course.browser("noor").get("/my-data/copy")).namelist() == [own_copy.LIST]


def test_captions_lie_beside_their_recording(
    course: Course, store: FileStore, sessions: sessionmaker[Session], tmp_path: Any
) -> None:
    send(course, recording(tmp_path / "talk", format="mp4", video="libx264", audio=None).read_bytes(), title="A talk")
    id_ = look(course, store, sessions)
    browser = course.browser("sam")
    form = {"csrf_token": browser.token(), "act": "a-key-of-captions", "language": "en"}
    form |= {"captions": (io.BytesIO(CAPTIONS), "captions.vtt")}
    assert browser.post(f"/evidence/{id_}/captions", data=form, content_type="multipart/form-data").status_code == 303
    archive = opened(course.browser("sam").get("/my-data/copy"))
    assert [name for name in archive.namelist() if name.endswith((".mp4", ".vtt"))] == [
        "files/001-A-talk.mp4",
        "files/001-A-talk.en.vtt",
    ]
    assert b"Hello." in archive.read("files/001-A-talk.en.vtt")


def test_a_file_that_is_gone_keeps_nobody_from_the_rest(
    course: Course, store: FileStore, sessions: sessionmaker[Session], picture: bytes
) -> None:
    send(course, picture)
    id_ = look(course, store, sessions)
    course.kept()
    store.delete(course.world.session.get_one(EvidenceRow, id_).stored_name or "")
    course.world.session.rollback()
    archive = opened(course.browser("sam").get("/my-data/copy"))
    assert archive.namelist() == [own_copy.LIST]
    assert [each["in_this_archive"] for each in json.loads(archive.read(own_copy.LIST))["files"]] == [False]


@pytest.mark.parametrize("where", ["at its beginning", "midway"])
def test_a_damaged_file_keeps_nobody_from_the_rest_and_no_half_of_it_is_in_the_copy(
    course: Course, store: FileStore, sessions: sessionmaker[Session], tmp_path: Path, picture: bytes, where: str
) -> None:
    for number, title in ((1, "Damaged"), (2, "Whole")):
        send(course, picture, title=title, key=f"a-key-of-one-form-{number}")
        look(course, store, sessions)
    course.kept()
    first = course.world.session.scalars(select(EvidenceRow).order_by(EvidenceRow.made_at, EvidenceRow.id)).first()
    assert first is not None
    stored = first.stored_name or ""
    course.world.session.rollback()
    store.put(stored, io.BytesIO(os.urandom(3 * SEGMENT)))
    (path,) = tmp_path.rglob(stored)
    lying = bytearray(path.read_bytes())
    lying[HEADER if where == "at its beginning" else -1] ^= 1
    path.write_bytes(lying)
    archive = opened(course.browser("sam").get("/my-data/copy"))
    assert archive.testzip() is None
    assert set(archive.namelist()) == {own_copy.LIST, "files/002-Whole.jpg"}
    listed = json.loads(archive.read(own_copy.LIST))["files"]
    assert [each["in_this_archive"] for each in listed] == [False, True]


class SlowStore(EncryptedStore):
    """Minutes go by with every piece, and all the time nobody else takes up what is under way."""

    def __init__(self, directory: Path, secret_keys: tuple[str, ...], look_on: Callable[[], None]) -> None:
        super().__init__(DiskStore(directory), secret_keys)
        self._look_on = look_on

    def put(self, name: str, content: IO[bytes]) -> None:
        whole = io.BytesIO()
        while piece := content.read(CHUNK):
            whole.write(piece)
            self._look_on()
        whole.seek(0)
        super().put(name, whole)

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        for piece in super().read(name, first, size):
            self._look_on()
            yield piece


def test_a_copy_that_takes_hours_stays_with_its_worker_and_beside_the_files_until_it_is_whole(
    course: Course, store: FileStore, sessions: sessionmaker[Session], tmp_path: Path, picture: bytes
) -> None:
    send(course, picture)
    evidence_id = look(course, store, sessions)
    course.kept()
    session, directory = course.world.session, tmp_path / "files"
    large = os.urandom(3_000_000)
    store.put(session.get_one(EvidenceRow, evidence_id).stored_name or "", io.BytesIO(large))
    export_id = exporting.ask_for_own_copy(session, course.world.visitor("sam"), "en", course.world.now)
    session.commit()
    clock, found = Clock(course.world.now), set[Path]()

    def look_on() -> None:
        clock.advance(minutes=4)
        evidence_checks.clear(directory, clock())
        found.update(directory.glob("looking-*/file"))
        with sessions() as other:
            assert exporting_work.due(other, clock()) == ()

    slow = SlowStore(directory, course.app.extensions["attune"].settings.secret_keys, look_on)
    state = exporting_work.work(sessions, slow, export_id, clock, directory=directory)
    assert state is ExportState.READY
    assert clock() - course.world.now > timedelta(hours=3)
    assert len(found) == 1, "where it lay"
    assert list(directory.glob("looking-*")) == []
    session.expire_all()
    kept = exporting.take_along(session, course.world.visitor("sam"), export_id, clock())
    archive = zipfile.ZipFile(io.BytesIO(b"".join(store.read(kept.stored_key or ""))))
    assert archive.read("files/001-A-picture.jpg") == large


def test_a_large_copy_is_made_by_the_worker_for_its_person_alone(
    course: Course,
    store: FileStore,
    sessions: sessionmaker[Session],
    picture: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_copy, "SMALL", 100)
    send(course, picture)
    look(course, store, sessions)
    course.kept()
    sam = course.browser("sam")
    page = sam.get("/my-data").text
    assert "Have a copy made" in page
    assert not list(problems_of(page))
    assert sam.get("/my-data/copy").location.endswith("/my-data")
    answer = sam.act("/my-data/copy", key="a-key-of-a-copy-1")
    again = sam.act("/my-data/copy", key="a-key-of-a-copy-2")
    assert answer.location == again.location
    assert "A copy of your data" in sam.get(answer.location).text
    export_id = UUID(answer.location.rpartition("/")[2])
    joined = course.app.extensions["attune"]
    state = exporting_work.work(sessions, store, export_id, joined.clock)
    assert state is ExportState.READY
    read = Read(sam.get(answer.location).text)
    assert "It is ready" in read.text
    assert "Files" in read.text
    archive = opened(sam.get(f"{answer.location}/file"))
    assert set(archive.namelist()) == {own_copy.LIST, "files/001-A-picture.jpg"}
    assert json.loads(archive.read(own_copy.LIST))["tables"]["evidence"]["rows"]
    for who in ("noor", "ines"):
        assert course.browser(who).get(f"{answer.location}/file").status_code == 404
