"""What a file is, by what is in it: neither its name nor what a browser said about it counts."""

from dataclasses import dataclass
from pathlib import Path

from rubrics.evidence import EvidenceKind, not_taken
from rubrics.refusal import Refused

HEAD = 4096
WORD_AND_KIN = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"})
AUDIO_ONLY = frozenset({b"M4A ", b"M4B ", b"M4P "})
ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf", "video/mp4": "mp4",
    "video/webm": "webm", "audio/mp4": "m4a", "audio/webm": "webm", "audio/ogg": "ogg", "audio/mpeg": "mp3",
    "audio/wav": "wav", "audio/flac": "flac",
}  # fmt: skip
"""How the name of a file of each media type that is kept ends."""


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a file is. Whether an mp4, webm or ogg holds a picture is known only once it was opened."""

    kind: EvidenceKind
    format: str
    """By our name: jpeg, png, webp, gif, pdf, mp3, wav, flac, ogg, mp4, webm."""


def recognize(path: Path) -> Recognized:
    """By its first bytes. Raises `Refused` with what to do for a file that cannot be taken."""
    with path.open("rb") as file:
        return recognize_head(file.read(HEAD))


def recognize_head(head: bytes) -> Recognized:
    """The same for the first bytes of a file that is still on its way."""
    found = _known(head)
    if found is None:
        raise _refused(head)
    return found


def _known(head: bytes) -> Recognized | None:
    for sign, kind, format_ in (
        (b"\xff\xd8\xff", EvidenceKind.PICTURE, "jpeg"),
        (b"\x89PNG\r\n\x1a\n", EvidenceKind.PICTURE, "png"),
        (b"GIF87a", EvidenceKind.PICTURE, "gif"),
        (b"GIF89a", EvidenceKind.PICTURE, "gif"),
        (b"%PDF-", EvidenceKind.PDF, "pdf"),
        (b"ID3", EvidenceKind.AUDIO, "mp3"),
        (b"fLaC", EvidenceKind.AUDIO, "flac"),
        (b"OggS", EvidenceKind.AUDIO, "ogg"),
        (b"\x1aE\xdf\xa3", EvidenceKind.VIDEO, "webm"),
    ):
        if head.startswith(sign):
            return Recognized(kind, format_)
    return _in_a_box(head)


def _in_a_box(head: bytes) -> Recognized | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Recognized(EvidenceKind.PICTURE, "webp")
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Recognized(EvidenceKind.AUDIO, "wav")
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # a frame of MPEG layer III
        return Recognized(EvidenceKind.AUDIO, "mp3")
    if head[4:8] == b"ftyp" and head[8:12] not in HEIC:
        kind = EvidenceKind.AUDIO if head[8:12] in AUDIO_ONLY else EvidenceKind.VIDEO
        return Recognized(kind, "mp4")
    if head[4:8] in (b"moov", b"mdat", b"wide", b"skip", b"free"):  # QuickTime of old
        return Recognized(EvidenceKind.VIDEO, "mp4")
    return None


def _refused(head: bytes) -> Refused:
    if head[4:8] == b"ftyp":
        return not_taken("file_heic")
    if head.startswith(WORD_AND_KIN):
        return not_taken("file_document")
    return not_taken("file_kind")
