"""Audio and video in a new container: sound and picture are copied as they are, and nothing else comes along."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.stream import Disposition, Stream

from rubrics.evidence import EvidenceKind, not_taken

READ_AS: Mapping[str, str] = {
    "mp4": "mov", "webm": "matroska", "ogg": "ogg", "mp3": "mp3", "wav": "wav", "flac": "flac",
}  # fmt: skip
"""What opens each of our formats. Nothing else may: some of ffmpeg's formats read other files."""
IN_MP4 = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "aac", "mp3", "alac", "opus", "flac"})
IN_WEBM = frozenset({"vp8", "vp9", "av1", "opus", "vorbis"})
IN_OGG = frozenset({"opus", "vorbis", "flac"})


@dataclass(frozen=True, slots=True)
class _Target:
    format: str
    options: Mapping[str, str]
    codecs: frozenset[str] | None
    """None: whatever the format itself takes."""
    video: str | None
    audio: str


TARGETS: Mapping[str, _Target] = {
    "mp4": _Target("mp4", {"movflags": "+faststart"}, IN_MP4, "video/mp4", "audio/mp4"),
    "webm": _Target("webm", {}, IN_WEBM, "video/webm", "audio/webm"),
    "ogg": _Target("ogg", {}, IN_OGG, None, "audio/ogg"),
    "mp3": _Target("mp3", {"write_id3v1": "0", "write_xing": "0", "id3v2_version": "0"}, None, None, "audio/mpeg"),
    "wav": _Target("wav", {}, None, None, "audio/wav"),
    "flac": _Target("flac", {}, None, None, "audio/flac"),
}
BARE = {"fflags": "+bitexact"}
"""Without the name and version of what wrote it."""


def made_anew(source: Path, target: Path, format_: str) -> tuple[EvidenceKind, str]:
    """Write it with its sound and picture only; the answer is what it is. Raises `Refused`."""
    into = TARGETS[format_]
    try:
        with av.open(str(source), mode="r", format=READ_AS[format_], metadata_errors="replace") as opened:
            streams = _wanted(opened, into)
            options = {**into.options, **BARE}
            with av.open(str(target), mode="w", format=into.format, options=options) as written:
                _copy(opened, written, streams)
            video = any(stream.type == "video" for stream in streams)
    except (av.error.FFmpegError, ValueError, EOFError):
        raise not_taken("file_broken") from None
    if video and into.video is not None:
        return EvidenceKind.VIDEO, into.video
    return EvidenceKind.AUDIO, into.audio


def _wanted(opened: InputContainer, into: _Target) -> list[Stream]:
    """The first picture that moves, and the sound; the picture of a cover is neither."""
    moving = [stream for stream in opened.streams.video if not stream.disposition & Disposition.attached_pic]
    found: list[Stream] = [*(moving[:1] if into.video else ()), *opened.streams.audio]
    if not found or (moving and into.video is None):
        raise not_taken("file_no_recording")
    if into.codecs is not None and any(stream.codec_context.name not in into.codecs for stream in found):
        raise not_taken("file_codec")
    return found


def _copy(opened: InputContainer, written: OutputContainer, streams: list[Stream]) -> None:
    """Packet by packet: however long it is, so much is in memory."""
    to = {stream.index: written.add_stream_from_template(stream) for stream in streams}
    for stream in to.values():
        stream.metadata.clear()
    for packet in opened.demux(streams):
        if packet.dts is None:
            continue
        packet.stream = to[packet.stream.index]
        written.mux(packet)
