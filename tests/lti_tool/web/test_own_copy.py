"""A copy of one's own data has the files that one brought, each with where it came from; large ones by the worker."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.file_store import FileStore
from lti_tool.services import exporting_work, own_copy
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.exports import ExportState
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
