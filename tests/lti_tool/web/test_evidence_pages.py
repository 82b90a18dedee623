"""Evidence on its pages: brought in pieces, shown only to whom it is shared, played in parts, refused in words."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.file_store import Away, EncryptedStore, FileStore, Full, Unreadable
from lti_tool.file_store.disk import DiskStore
from lti_tool.services.portfolio import evidence_checks
from lti_tool.store.evidence import EvidenceRow
from tests.lti_tool.documents.recordings import photograph, recording
from tests.lti_tool.web.course import Course

PAGE = b"<html><script>alert(1)</script></html>"
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n"


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course()


@pytest.fixture(autouse=True)
def store(app: Flask, tmp_path: Path) -> FileStore:
    """Of this test alone."""
    found = EncryptedStore(DiskStore(tmp_path / "files"), app.extensions["attune"].settings.secret_keys)
    app.extensions["attune"] = replace(app.extensions["attune"], files=found)
    return found


@pytest.fixture
def picture(tmp_path: Path) -> bytes:
    return photograph(tmp_path / "picture.jpg").read_bytes()


def send(course: Course, content: bytes, *, who: str = "sam", key: str = "a-key-of-one-form-1", **fields: str) -> Any:
    browser = course.browser(who)
    form: dict[str, Any] = {"title": "A picture", "words": "", "observation": "", **fields}
    form |= {"csrf_token": browser.token(), "act": key, "file": (io.BytesIO(content), "anything.bin")}
    return browser.post(f"{course.home}/evidence/file", data=form, content_type="multipart/form-data")


def rows(course: Course) -> list[EvidenceRow]:
    course.kept()
    found = list(course.world.session.query(EvidenceRow).order_by(EvidenceRow.id))
    course.world.session.rollback()
    return found


def look(course: Course, store: FileStore, sessions: sessionmaker[Session]) -> UUID:
    id_: UUID = rows(course)[-1].id
    course.world.session.rollback()
    course.kept()
    evidence_checks.work(sessions, store, None, id_, lambda: course.world.now)
    return id_


def share(course: Course, id_: UUID, sharing: str) -> Any:
    browser = course.browser("sam")
    page = browser.get(f"/evidence/{id_}/share?sharing={sharing}").text
    shown = page.split('name="shown" value="')[1].split('"')[0]
    return browser.act(f"/evidence/{id_}/share", f"a-key-for-sharing-{sharing}", sharing=sharing, shown=shown)


def test_a_file_is_brought_looked_at_shared_and_opened(
    course: Course, store: FileStore, sessions: sessionmaker[Session], picture: bytes
) -> None:
    answer = send(course, picture)
    assert answer.status_code == 303
    page = course.browser("sam").get(answer.location).text
    assert "yours alone until you share it" in page
    assert "Attune looks at what is in it" in page
    id_ = look(course, store, sessions)
    assert course.browser("jo").get(f"/evidence/{id_}").status_code == 404
    assert course.browser("jo").get(f"/evidence/{id_}/content").status_code == 404
    assert share(course, id_, "supervisors").status_code == 303
    assert "Jo Example" in course.browser("sam").get(f"/evidence/{id_}").text
    assert "A picture" in course.browser("jo").get(f"{course.home}/evidence").text
    assert course.browser("jo").get(f"/evidence/{id_}").status_code == 200
    content = course.browser("jo").get(f"/evidence/{id_}/content")
    assert (content.status_code, content.mimetype) == (200, "image/jpeg")
    page = course.browser("sam").get(f"/evidence/{id_}").text
    assert "Jo Example, last on" in page


def test_the_content_of_a_file_can_do_nothing_in_a_browser(
    course: Course, store: FileStore, sessions: sessionmaker[Session], picture: bytes
) -> None:
    send(course, picture, title='A "picture"/;\r\n of <me>')
    id_ = look(course, store, sessions)
    headers = course.browser("sam").get(f"/evidence/{id_}/content").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox; frame-ancestors")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Disposition"] == (
        "inline; filename=\"evidence.jpg\"; filename*=UTF-8''A%20picture%20of%20me.jpg"
    )
    saved = course.browser("sam").get(f"/evidence/{id_}/content?save=1").headers
    assert saved["Content-Disposition"].startswith("attachment;")


def test_a_pdf_is_only_ever_saved(course: Course, store: FileStore, sessions: sessionmaker[Session]) -> None:
    send(course, b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n")
    id_ = look(course, store, sessions)
    headers = course.browser("sam").get(f"/evidence/{id_}/content").headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("asked", "status", "first", "size"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, None),
        ("bytes=-5", 206, -5, 5),
        ("bytes=0-4,6-8", 200, 0, None),
        ("lines=0-4", 200, 0, None),
        ("nonsense", 200, 0, None),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(
    course: Course, store: FileStore, sessions: sessionmaker[Session], picture: bytes, asked: str, status: int,
    first: int, size: int | None,
) -> None:  # fmt: skip
    send(course, picture)
    id_ = look(course, store, sessions)
    browser = course.browser("sam")
    whole = browser.get(f"/evidence/{id_}/content").data
    answer = browser.get(f"/evidence/{id_}/content", headers={"Range": asked})
    start = first % len(whole)
    wanted = whole[start:] if size is None else whole[start : start + size]
    assert (answer.status_code, answer.data) == (status, wanted)
    if status == 206:
        assert answer.headers["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(whole)}"


def test_a_part_that_is_not_there_is_told_with_the_size(
    course: Course, store: FileStore, sessions: sessionmaker[Session], picture: bytes
) -> None:
    send(course, picture)
    id_ = look(course, store, sessions)
    answer = course.browser("sam").get(f"/evidence/{id_}/content", headers={"Range": "bytes=999999-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"].startswith("bytes */")


def test_a_double_click_brings_one_file_and_leaves_one_in_the_store(
    course: Course, store: FileStore, picture: bytes
) -> None:
    first, second = send(course, picture), send(course, picture)
    assert first.location == second.location
    assert len(rows(course)) == 1
    assert len(list(store.names())) == 1
    assert send(course, picture + b"x").location != first.location, "another file in the same form is another act"


@pytest.mark.parametrize(
    ("content", "fields", "words"),
    [
        (PAGE, {}, "Attune takes pictures, PDF, audio and video"),
        (b"", {}, "There is nothing in this file"),
        (b"PK\x03\x04", {}, "save it as PDF"),
        (None, {"title": " "}, "say in a few words what it is"),
    ],
)
def test_what_cannot_be_taken_is_said_on_the_form_with_what_was_typed(
    course: Course, store: FileStore, picture: bytes, content: bytes | None, fields: dict[str, str], words: str
) -> None:
    answer = send(course, picture if content is None else content, words="What I typed.", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "What I typed." in answer.text
    assert rows(course) == []
    assert list(store.names()) == []


def send_bytes(course: Course, content: bytes, size: int | None = None) -> Any:
    """As they go over the line; `size` is what the browser says that it will send."""
    browser = course.browser("sam")
    body = (
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{browser.token()}\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    ).encode() + content
    return browser.post(
        f"{course.home}/evidence/file", input_stream=io.BytesIO(body),
        environ_overrides={"CONTENT_LENGTH": str(size or len(body))}, content_type="multipart/form-data; boundary=b",
    )  # fmt: skip


def test_a_file_that_is_too_large_is_answered_in_words_before_it_is_read(
    course: Course, app: Flask, store: FileStore, picture: bytes
) -> None:
    joined = app.extensions["attune"]
    app.extensions["attune"] = replace(joined, settings=replace(joined.settings, largest_file_mb=1))
    answer = send_bytes(course, picture, 600_000_000)
    app.extensions["attune"] = joined
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.text
    assert rows(course) == []
    assert list(store.names()) == []


class Refusing(DiskStore):
    """Has no room, or does not answer."""

    def __init__(self, says: type[Exception]) -> None:
        self.says = says

    def put(self, name: str, content: object) -> None:
        raise self.says


@pytest.mark.parametrize(("says", "status", "words"), [(Full, 507, "no room for this file"), (Away, 503, "try again")])
def test_a_full_store_is_told_nothing_is_half_visible_and_what_was_typed_is_there(
    course: Course, app: Flask, picture: bytes, says: type[Exception], status: int, words: str
) -> None:
    joined = app.extensions["attune"]
    app.extensions["attune"] = replace(joined, files=Refusing(says))
    answer = send(course, picture, words="What I typed.")
    app.extensions["attune"] = joined
    assert answer.status_code == status
    assert words in answer.text
    assert "What I typed." in answer.text
    assert rows(course) == []


@pytest.mark.parametrize(("says", "words"), [(Full, "no room for this file"), (Away, "try again")])
def test_captions_that_the_store_does_not_take_are_told_in_words(
    course: Course, app: Flask, store: FileStore, sessions: sessionmaker[Session], tmp_path: Path,
    says: type[Exception], words: str,
) -> None:  # fmt: skip
    send(course, recording(tmp_path / "came", format="mp4", video="libx264", audio=None).read_bytes())
    id_ = look(course, store, sessions)
    sam, joined = course.browser("sam"), app.extensions["attune"]
    app.extensions["attune"] = replace(joined, files=Refusing(says))
    form = {
        "csrf_token": sam.token(), "act": "a-key-for-captions", "language": "en",
        "captions": (io.BytesIO(CAPTIONS), "words.vtt"),
    }  # fmt: skip
    answer = sam.post(f"/evidence/{id_}/captions", data=form, content_type="multipart/form-data")
    app.extensions["attune"] = joined
    assert (answer.status_code, words in answer.text) == (422, True)


def test_an_upload_that_is_cut_off_leaves_nothing(course: Course, store: FileStore, picture: bytes) -> None:
    answer = send_bytes(course, picture[:200], 5000)
    assert answer.status_code in (400, 422)
    assert rows(course) == []
    assert list(store.names()) == []


def test_whoever_may_not_bring_a_file_is_told_before_it_is_read(
    course: Course, store: FileStore, picture: bytes
) -> None:
    assert send(course, picture, who="jo").status_code == 403
    assert send(course, picture, who="ines").status_code == 403
    assert list(store.names()) == []


def test_without_a_place_for_files_links_and_notes_are_brought(course: Course, app: Flask) -> None:
    joined = app.extensions["attune"]
    app.extensions["attune"] = replace(joined, files=None)
    page = course.browser("sam").get(f"{course.home}/evidence/file").text
    app.extensions["attune"] = joined
    assert "no place for files" in page


def test_ux_t5_before_it_is_shared_its_owner_reads_exactly_what_the_others_will(course: Course) -> None:
    sam = course.browser("sam")
    answer = sam.act(f"{course.home}/evidence/note", title="After the call", words="I stopped <b>listening</b>.")
    id_ = UUID(answer.location.split("/evidence/")[1].split("?")[0])
    preview = sam.get(f"/evidence/{id_}/share?sharing=supervisors").text
    assert "This is exactly what they see" in preview
    assert "I stopped &lt;b&gt;listening&lt;/b&gt;." in preview
    assert "Jo Example" in preview
    unseen = sam.act(f"/evidence/{id_}/share", "a-key-without-looking", sharing="supervisors")
    assert unseen.status_code == 422
    assert "look at what the others will read first" in unseen.text
    share(course, id_, "supervisors")
    assert "I stopped &lt;b&gt;listening&lt;/b&gt;." in course.browser("jo").get(f"/evidence/{id_}").text


def test_ux_t4_narrowing_is_one_tap(course: Course) -> None:
    sam = course.browser("sam")
    answer = sam.act(f"{course.home}/evidence/note", title="After the call", words="Words.")
    id_ = UUID(answer.location.split("/evidence/")[1].split("?")[0])
    share(course, id_, "assessors")
    assert sam.act(f"/evidence/{id_}/share", "a-key-for-narrowing", sharing="only_me").status_code == 303
    assert course.browser("jo").get(f"/evidence/{id_}").status_code == 404


def test_ux_c5_taking_back_is_undone_within_the_day_and_says_what_stays(
    course: Course, store: FileStore, sessions: sessionmaker[Session], picture: bytes
) -> None:
    send(course, picture)
    id_ = look(course, store, sessions)
    sam = course.browser("sam")
    assert "That there was something, and who opened it, stays" in sam.get(f"/evidence/{id_}").text
    sam.act(f"/evidence/{id_}/take-back", "a-key-take-back-1")
    page = sam.get(f"/evidence/{id_}").text
    assert "Bring it back" in page
    assert sam.get(f"/evidence/{id_}/content").status_code == 404
    sam.act(f"/evidence/{id_}/bring-back", "a-key-bring-back-1")
    assert sam.get(f"/evidence/{id_}/content").status_code == 200
    sam.act(f"/evidence/{id_}/take-back", "a-key-take-back-2")
    answer = sam.act(f"/evidence/{id_}/take-away", "a-key-take-away-1")
    assert "its+content" in answer.location or "evidence_taken_away" in answer.location
    assert list(store.names()) == []
    assert sam.get(f"/evidence/{id_}").status_code == 404


def test_cap_c12_a_video_is_played_with_its_captions_and_asked_for_only_with_them(
    course: Course, store: FileStore, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    observation_id = course.asked()
    source = recording(tmp_path / "came", format="mp4", video="libx264", audio="aac")
    send(course, source.read_bytes(), title="The role play", observation=str(observation_id))
    id_ = look(course, store, sessions)
    sam = course.browser("sam")
    refused = sam.act(f"/evidence/{id_}/required", "a-key-required-1", required="yes")
    assert refused.status_code == 409
    assert "bring captions first" in refused.text
    for content, status in ((b"Hello", 422), (CAPTIONS, 303)):
        form = {
            "csrf_token": sam.token(), "act": f"a-key-captions-{status}", "language": "en",
            "captions": (io.BytesIO(content), "words.vtt"),
        }  # fmt: skip
        answer = sam.post(f"/evidence/{id_}/captions", data=form, content_type="multipart/form-data")
        assert answer.status_code == status, answer.text
    assert sam.act(f"/evidence/{id_}/required", "a-key-required-2", required="yes").status_code == 303
    share(course, id_, "assessors")
    record = course.browser("jo").get(f"/o/{observation_id}").text
    assert "The role play" in record
    assert "Sam Example asks you to see what is marked below" in record
    page = course.browser("jo").get(f"/evidence/{id_}")
    assert "<video" in page.text
    assert 'kind="captions"' in page.text
    assert "autoplay" not in page.text
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    assert course.browser("jo").get(f"/evidence/{id_}/captions").mimetype == "text/vtt"
    assert "asks you to see" not in course.browser("jo").get(f"/o/{observation_id}").text


def test_cap_c7_what_belongs_to_an_observation_that_is_taken_back_is_hidden(course: Course) -> None:
    observation_id = course.asked()
    sam = course.browser("sam")
    answer = sam.act(f"{course.home}/evidence/note", title="Note", words="Words.", observation=str(observation_id))
    id_ = UUID(answer.location.split("/evidence/")[1].split("?")[0])
    share(course, id_, "assessors")
    assert course.browser("jo").get(f"/evidence/{id_}").status_code == 200
    sam.act(f"/o/{observation_id}/withdraw", "a-key-withdraw-1")
    assert course.browser("jo").get(f"/evidence/{id_}").status_code == 404


def test_ux_c5_before_an_observation_is_taken_back_it_says_what_goes_with_it_and_that_can_be_kept(
    course: Course,
) -> None:
    observation_id = course.asked()
    sam = course.browser("sam")
    about = {"words": "Words.", "observation": str(observation_id)}
    answers = [
        sam.act(f"{course.home}/evidence/note", f"a-key-of-{title}", title=title, **about)
        for title in ("This one goes", "This one stays")
    ]
    goes, stays = (answer.location.split("/evidence/")[1].split("?")[0] for answer in answers)
    page = sam.get(f"/o/{observation_id}/withdraw").text
    assert "What you brought for it as evidence goes with it" in page
    assert "This one goes" in page
    sam.act(f"/evidence/{stays}/observation", "a-key-for-itself-1", observation="")
    sam.act(f"/o/{observation_id}/withdraw", "a-key-withdraw-1")
    assert "This one stays" not in sam.get(f"/o/{observation_id}/take-away").text
    sam.act(f"/o/{observation_id}/take-away", "a-key-take-away-1")
    assert sam.get(f"/evidence/{goes}").status_code == 404
    assert "Words." in sam.get(f"/evidence/{stays}").text


def test_a_link_that_a_browser_would_run_is_not_taken_and_what_was_typed_stays(course: Course) -> None:
    sam = course.browser("sam")
    answer = sam.act(f"{course.home}/evidence/link", title="A talk", address="javascript:alert(1)", words="My words.")
    assert answer.status_code == 422
    assert "it begins with https://" in answer.text
    assert "My words." in answer.text
    answer = sam.act(
        f"{course.home}/evidence/link", "another-key-of-form", title="A talk", address="https://a.example/1"
    )
    page = sam.get(answer.location).text
    assert 'href="https://a.example/1" target="_blank" rel="noopener noreferrer nofollow"' in page


def test_what_no_page_of_ours_asks_for_looks_like_what_is_not_there(
    course: Course, app: Flask, store: FileStore, picture: bytes, looked_at: list[UUID]
) -> None:
    send(course, picture)
    (row,) = rows(course)
    id_, sam = row.id, course.browser("sam")
    course.world.session.rollback()
    assert sam.get(f"/evidence/{id_}/share?sharing=everybody").status_code == 404
    assert sam.act(f"/evidence/{id_}/required", required="perhaps").status_code == 404
    assert sam.act(f"/evidence/{id_}/share", sharing="supervisors").status_code == 422
    assert sam.get(f"/evidence/{id_}/share?sharing=only_me").status_code == 303
    sam.act(f"/evidence/{id_}/take-back")
    looked_at.clear()
    assert sam.act(f"/evidence/{id_}/bring-back").status_code == 303
    assert looked_at == [id_], "what was not looked at yet is looked at now"
    app.extensions["attune"] = replace(app.extensions["attune"], files=None)
    form = {"csrf_token": sam.token(), "act": "a-key-of-captions-1", "captions": (io.BytesIO(CAPTIONS), "words.vtt")}
    assert sam.post(f"/evidence/{id_}/captions", data=form, content_type="multipart/form-data").status_code == 404


def test_a_file_whose_content_is_gone_or_away_is_told_in_words(
    course: Course, app: Flask, store: FileStore, sessions: sessionmaker[Session], picture: bytes, tmp_path: Path
) -> None:
    class Unread(EncryptedStore):
        def read(self, *_args: Any, **_values: Any) -> Any:
            raise Unreadable("a-name")

    send(course, picture)
    id_, sam = look(course, store, sessions), course.browser("sam")
    usual = app.extensions["attune"]
    app.extensions["attune"] = replace(usual, files=Unread(DiskStore(tmp_path), usual.settings.secret_keys))
    away = sam.get(f"/evidence/{id_}/content")
    assert away.status_code == 409
    assert "Files cannot be read at the moment." in away.text
    app.extensions["attune"] = replace(usual, files=None)
    assert sam.get(f"/evidence/{id_}/content").status_code == 404
    app.extensions["attune"] = usual
    newer = sam.get(f"/evidence/{id_}/content", headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (newer.status_code, len(newer.data) > 10) == (200, True)
    for name, _when in list(store.names()):
        store.delete(name)
    assert sam.get(f"/evidence/{id_}/content").status_code == 404
