"""Whatever a file says of itself: it is what is in it, and what is kept says nothing of where it was made."""

import contextlib
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lti_tool.documents import apart, captions, magic, opening, pictures
from rubrics.evidence import EvidenceKind
from rubrics.refusal import Refused
from tests.lti_tool.documents.recordings import BY, WHERE, photograph, recording, repeating, with_timed_place

RECORDINGS = [
    ("mp4", "libx264", "aac", "video/mp4"),
    ("mov", "libx264", "aac", "video/mp4"),
    ("webm", "libvpx", "libopus", "video/webm"),
    ("webm", None, "libopus", "audio/webm"),
    ("mp4", None, "aac", "audio/mp4"),
    ("mp3", None, "libmp3lame", "audio/mpeg"),
    ("ogg", None, "libopus", "audio/ogg"),
    ("flac", None, "flac", "audio/flac"),
    ("wav", None, "pcm_s16le", "audio/wav"),
]
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def refused(source: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        opening.opened(source, source.with_name("kept"))
    return caught.value


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("format", "video", "audio", "media_type"), RECORDINGS)
def test_location_is_removed_from_recordings_and_they_play_as_before(
    tmp_path: Path, format: str, video: str | None, audio: str, media_type: str
) -> None:
    import av

    source = recording(tmp_path / "came", format=format, video=video, audio=audio)
    assert WHERE.encode() in source.read_bytes()
    assert opening.opened(source, tmp_path / "kept")[1] == media_type
    kept = (tmp_path / "kept").read_bytes()
    assert WHERE.encode() not in kept
    assert BY.encode() not in kept
    with av.open(str(tmp_path / "kept")) as opened:
        assert len(opened.streams) == (2 if video else 1)
        frames = sum(1 for _ in opened.decode(video=0)) if video else 0
        assert frames == (20 if video else 0)


def test_a_track_that_tells_the_place_at_every_moment_does_not_come_along(tmp_path: Path) -> None:
    source = recording(tmp_path / "came.webm", format="webm", video="libvpx", audio="libopus")
    timed = with_timed_place(tmp_path / "timed.mkv", source)
    assert WHERE.encode() in timed.read_bytes()
    opening.opened(timed, tmp_path / "kept")
    assert WHERE.encode() not in (tmp_path / "kept").read_bytes()


def test_old_recordings_are_known_by_their_first_letters() -> None:
    for head, kind in (
        (b"\xff\xfb\x90\x00" + bytes(12), EvidenceKind.AUDIO),
        (b"\0\0\0\x08moov" + bytes(8), EvidenceKind.VIDEO),
    ):
        assert magic.recognize_head(head).kind is kind


def test_a_picture_of_more_dots_than_are_taken_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    Image.new("1", (8_100, 8_000)).save(tmp_path / "came", "PNG")
    assert refused(tmp_path / "came").code == "picture_large"


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_location_is_removed_from_pictures_and_they_stand_upright(tmp_path: Path, format: str) -> None:
    source = photograph(tmp_path / "came", format=format)
    assert WHERE.encode() in source.read_bytes() or format == "PNG"
    kind, media_type = opening.opened(source, tmp_path / "kept")
    assert (kind, media_type) == (EvidenceKind.PICTURE, f"image/{format.lower()}")
    kept = (tmp_path / "kept").read_bytes()
    assert WHERE.encode() not in kept
    assert BY.encode() not in kept
    with Image.open(tmp_path / "kept") as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
        assert not {"exif", "comment", "xmp", "icc_profile"} & set(picture.info)


def test_a_file_that_lies_about_its_type_is_what_is_in_it(tmp_path: Path) -> None:
    picture = photograph(tmp_path / "recording.mp4", format="PNG")
    assert opening.opened(picture, tmp_path / "kept") == (EvidenceKind.PICTURE, "image/png")
    page = written(tmp_path / "holiday.jpg", b"<html><script>alert(1)</script></html>")
    assert refused(page).code == "file_kind"


def test_of_a_picture_with_a_page_behind_it_only_the_picture_is_kept(tmp_path: Path) -> None:
    source = photograph(tmp_path / "came")
    written(source, source.read_bytes() + b"<script>alert(1)</script>")
    opening.opened(source, tmp_path / "kept")
    assert b"<script>" not in (tmp_path / "kept").read_bytes()


def test_a_recording_in_letters_that_no_browser_plays_says_what_to_do(tmp_path: Path) -> None:
    source = recording(tmp_path / "came.mkv", format="matroska", video="libx264", audio="aac")
    assert refused(source).code == "file_codec"


def test_a_bomb_is_refused_in_words_before_it_is_unpacked(tmp_path: Path) -> None:
    source = tmp_path / "bomb.png"
    Image.new("1", (100, 100)).save(source)
    content = bytearray(source.read_bytes())
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(bytes(content[12:29])).to_bytes(4, "big")
    found = refused(written(source, bytes(content)))
    assert found.code == "picture_large"


def test_a_picture_as_large_as_is_taken_is_within_what_the_process_may_use() -> None:
    assert pictures.MOST_PIXELS * 4 * 4 < opening.MEMORY


@pytest.mark.parametrize("format", ["came.jpg", "came.mp4"])
def test_a_file_that_was_cut_off_is_refused_in_words(tmp_path: Path, format: str) -> None:
    source = tmp_path / format
    if format.endswith("jpg"):
        photograph(source, size=(400, 300))
    else:
        recording(source, format="mp4", video="libx264", audio="aac")
    found = refused(written(source, source.read_bytes()[:900]))
    assert found.code == "file_broken"


def test_a_pdf_is_kept_as_it_came_and_a_locked_or_cut_one_is_not_taken(tmp_path: Path) -> None:
    assert opening.opened(written(tmp_path / "a", PDF), tmp_path / "kept") == (EvidenceKind.PDF, "application/pdf")
    assert (tmp_path / "kept").read_bytes() == PDF
    locked = PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root")
    assert refused(written(tmp_path / "b", locked)).code == "pdf_locked"
    assert refused(written(tmp_path / "c", PDF[:-8])).code == "pdf_cut"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04" + bytes(100), "file_document"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "file_heic"),
        (b"", "file_kind"),
        (b"#!/bin/sh\n", "file_kind"),
        (b"#EXTM3U\n/etc/passwd\n", "file_kind"),
        (b"RIFF\x00\x00\x00\x00WAVE" + bytes(50), "file_broken"),
        (b"\x1aE\xdf\xa3" + bytes(500), "file_broken"),
        (b"ID3" + bytes(500), "file_broken"),
    ],
)
def test_what_cannot_be_taken_says_what_to_do(tmp_path: Path, content: bytes, code: str) -> None:
    found = refused(written(tmp_path / "came", content))
    assert found.code == code
    assert "lease" in found.sentence


def test_a_recording_that_says_one_piece_comes_many_times_fills_no_disk(tmp_path: Path) -> None:
    source = repeating(recording(tmp_path / "came", format="mp4", video=None, audio="aac"), size=1_000_000, times=1_000)
    assert source.stat().st_size < 1_100_000
    with pytest.raises(Refused) as caught:
        apart.made_anew(source, tmp_path / "kept")
    assert caught.value.code == "file_broken"
    assert (tmp_path / "kept").stat().st_size <= opening.ROOM


def test_a_file_from_outside_is_opened_in_a_process_of_its_own(tmp_path: Path) -> None:
    source = photograph(tmp_path / "came")
    assert apart.made_anew(source, tmp_path / "kept") == apart.MadeAnew(EvidenceKind.PICTURE, "image/jpeg")
    with pytest.raises(Refused, match="pictures, PDF"):
        apart.made_anew(written(tmp_path / "other", b"words"), tmp_path / "kept2")


@given(
    st.binary(max_size=3000), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"GIF89a"])
)
def test_whatever_a_picture_holds_it_is_taken_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, begins: bytes
) -> None:
    source = written(tmp_path_factory.getbasetemp() / "odd", begins + content)
    with contextlib.suppress(Refused):
        opening.opened(source, source.with_name("odd-kept"))


GOOD = """WEBVTT - by hand

NOTE not for readers

STYLE
::cue { color: red }

1
00:01.000 --> 00:04.000 line:0
- Hello.

01:00:05.000 --> 01:00:06.500
Goodbye.
"""


def test_cap_c12_captions_keep_their_cues_and_nothing_else() -> None:
    kept = captions.checked(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert kept == ("WEBVTT\n\n00:01.000 --> 00:04.000 line:0\n- Hello.\n\n01:00:05.000 --> 01:00:06.500\nGoodbye.\n")
    assert captions.checked(kept.encode()) == kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "captions_kind"),
        (b"1\n00:00:01,000 --> 00:00:04,000\nHello\n", "captions_kind"),
        (b"WEBVTT\n\n", "captions_empty"),
        (b"WEBVTT\n\n00:01,000 --> 00:04,000\nHello\n", "captions_time"),
        (b"WEBVTT\n\n00:04.000 --> 00:01.000\nHello\n", "captions_order"),
        (b"WEBVTT\n\nHello\n", "captions_time"),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\ncaf\xe9\n".encode("latin-1"), "captions_encoding"),
        (b"WEBVTT\n" + b"\n" * 2_000_001, "captions_large"),
    ],
)
def test_cap_c12_captions_that_cannot_be_shown_are_told_at_their_line(text: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        captions.checked(text)
    assert caught.value.code == code


@given(st.text(max_size=300))
def test_whatever_captions_hold_they_are_taken_or_refused_in_words(text: str) -> None:
    try:
        kept = captions.checked(("WEBVTT\n\n" + text).encode())
    except (Refused, UnicodeEncodeError):
        return
    assert captions.checked(kept.encode()) == kept
