"""Recordings and pictures as phones make them: with the place where they were made inside."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

WHERE = "+51.5007-000.1246/"
BY = "Amara's telephone"


def recording(path: Path, *, format: str, video: str | None, audio: str | None, seconds: int = 2) -> Path:
    """Sound and a picture that moves; where, when and by whom in every place that the format has for it."""
    tags = {
        "location": WHERE, "com.apple.quicktime.location.ISO6709": WHERE, "title": BY, "artist": BY, "comment": WHERE,
        "creation_time": "2026-03-02T09:00:00Z",
    }  # fmt: skip
    options = {"movflags": "+use_metadata_tags"} if format in ("mp4", "mov") and video else {}
    with av.open(str(path), "w", format=format, options=options) as written:
        written.metadata.update(tags)
        streams: list[tuple[Any, Any]] = []
        if video:
            stream: Any = written.add_stream(video, rate=10, width=64, height=48, pix_fmt="yuv420p")
            stream.metadata.update({"title": BY, "handler_name": BY})
            streams.append((stream, _pictures(seconds)))
        if audio:
            sound: Any = written.add_stream(audio, rate=48_000)
            sound.metadata["title"] = BY
            streams.append((sound, _sound(seconds)))
        for stream, frames in streams:
            for frame in frames:
                written.mux(stream.encode(frame))
            written.mux(stream.encode(None))
    return path


def with_timed_place(path: Path, source: Path) -> Path:
    """The same with a further track, as cameras with GPS write it: the place at every moment."""
    places = path.with_suffix(".srt")
    places.write_text("".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},500\n{WHERE}\n\n" for n in range(2)))
    with av.open(str(source)) as opened, av.open(str(places)) as timed, av.open(str(path), "w", "matroska") as written:
        track = written.add_stream_from_template(timed.streams[0])
        to = {stream.index: written.add_stream_from_template(stream) for stream in opened.streams}
        for packet in (*timed.demux(), *opened.demux()):
            if packet.dts is not None:
                packet.stream = track if packet.stream.type == "subtitle" else to[packet.stream.index]
                written.mux(packet)
    return path


def photograph(path: Path, *, format: str = "JPEG", size: tuple[int, int] = (40, 20)) -> Path:
    """On its side, as telephones keep it, with its place in the EXIF and a comment."""
    picture = Image.new("RGB", size, (200, 30, 30))
    picture.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = BY
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.0, 0.0), 29: WHERE})
    more = {"comment": WHERE.encode()} if format == "JPEG" else {}
    picture.save(path, format, exif=exif, **more)
    return path


def repeating(path: Path, *, size: int, times: int) -> Path:
    """A recording that says that one piece of it, so long, comes so many times; it comes once."""
    content = path.read_bytes()
    numbers = [times.to_bytes(4), (len(content) + times * 4 + 64).to_bytes(4)]
    tables = {
        b"stts": bytes(4) + (1).to_bytes(4) + numbers[0] + (1024).to_bytes(4),
        b"stsz": bytes(4) + size.to_bytes(4) + numbers[0],
        b"stsc": bytes(4) + (1).to_bytes(4) * 4,
        b"stco": bytes(4) + numbers[0] + numbers[1] * times,
    }
    path.write_bytes(_boxes(content, tables) + _box(b"free", bytes(size + 128)))
    return path


def _boxes(content: bytes, tables: dict[bytes, bytes]) -> bytes:
    """The same boxes of an MP4 with other tables; `sgpd` and `sbgp` speak of the former ones."""
    made, at = b"", 0
    while at < len(content):
        size, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        inside = content[at + 8 : at + size]
        if name in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
            inside = _boxes(inside, tables)
        made += b"" if name in (b"sgpd", b"sbgp", b"edts") else _box(name, tables.get(name, inside))
        at += size
    return made


def _box(name: bytes, inside: bytes) -> bytes:
    return (len(inside) + 8).to_bytes(4) + name + inside


def _pictures(seconds: int) -> Any:
    for at in range(seconds * 10):
        frame = av.VideoFrame(64, 48, "rgb24")
        for plane in frame.planes:
            plane.update(bytes([at * 8 % 255]) * plane.buffer_size)
        yield frame


def _sound(seconds: int) -> Any:
    size = 960
    for at in range(seconds * 48_000 // size):
        frame = av.AudioFrame("s16", "mono", size)
        for plane in frame.planes:
            plane.update(bytes(i % 251 for i in range(plane.buffer_size)))
        frame.sample_rate, frame.pts, frame.time_base = 48_000, at * size, Fraction(1, 48_000)
        yield frame
