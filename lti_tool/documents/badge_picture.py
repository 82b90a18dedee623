"""A credential as a picture that carries it: a PNG with one iTXt chunk (Open Badges 3.0, section 5.3).

The chunk is written here: Pillow could do it, but would encode the picture anew and keep other chunks of its choice.
"""

import struct
import zlib
from colorsys import hls_to_rgb
from hashlib import sha256
from textwrap import shorten

from lti_tool.documents import typeset

KEYWORD = b"openbadgecredential"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS = 288
"""To an inch: the picture is 480 wide and high."""
LONGEST, LONGEST_BELOW, SHORT = 90, 60, 32
"""Letters of the name, of the issuer's name, and of a name that is written large."""
MOST_CHUNKS = 10_000


class NotBaked(Exception):
    """The picture carries no credential, or not one that can be read."""


def is_png(content: bytes) -> bool:
    """Whether it begins as a PNG does."""
    return content.startswith(SIGNATURE)


def drawn(name: str, issuer: str, language: str = "en") -> bytes:
    """A plain picture of what is certified: its name on a shield of a color that follows from it.

    Raises `CannotPrint`.
    """
    hue = sha256(name.encode()).digest()[0] / 256
    shown = shorten(name, LONGEST, placeholder=" …")
    content = {
        "name": shown,
        "issuer": shorten(issuer, LONGEST_BELOW, placeholder=" …"),
        "language": language.replace("_", "-").partition("-")[0].casefold(),
        "dark": _color(hue, 0.24),
        "light": _color(hue, 0.94),
        "size": 12 if len(shown) <= SHORT else 9 if len(shown) <= SHORT * 2 else 7,
    }
    return typeset.png("badge.typ", "badge", content, per_inch=PIXELS)


def baked(picture: bytes, credential: str) -> bytes:
    """The PNG with the credential in it, in place of any that was there."""
    chunks = [(kind, body) for kind, body in _chunks(picture) if not _carries(kind, body)]
    text = KEYWORD + b"\0\0\0\0\0" + credential.encode()
    place = next(at for at, (kind, _) in enumerate(chunks) if kind == b"IDAT")
    return SIGNATURE + b"".join(
        _written(kind, body) for kind, body in (*chunks[:place], (b"iTXt", text), *chunks[place:])
    )


def extracted(picture: bytes) -> str:
    """The credential in a PNG. Raises `NotBaked`, also where there are several: nobody knows which one is meant."""
    found = [body for kind, body in _chunks(picture) if _carries(kind, body)]
    if len(found) != 1:
        raise NotBaked("several" if found else "none")
    rest = found[0][len(KEYWORD) + 1 :]
    if rest[:2] != b"\0\0":
        raise NotBaked("compressed")
    try:
        _language, _name, text = rest[2:].split(b"\0", 2)
        return text.decode()
    except ValueError:
        raise NotBaked("text") from None


def _carries(kind: bytes, body: bytes) -> bool:
    return kind == b"iTXt" and body.startswith(KEYWORD + b"\0")


def _chunks(picture: bytes) -> list[tuple[bytes, bytes]]:
    """The parts of a PNG, each with its checksum proved. Raises `NotBaked`."""
    if not is_png(picture):
        raise NotBaked("png")
    found: list[tuple[bytes, bytes]] = []
    at = len(SIGNATURE)
    while at < len(picture):
        if len(found) == MOST_CHUNKS or at + 12 > len(picture):
            raise NotBaked("png")
        (length,) = struct.unpack(">I", picture[at : at + 4])
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        if picture[at + 8 + length : at + 12 + length] != _checksum(kind, body):
            raise NotBaked("png")
        found.append((kind, body))
        at += 12 + length
    if not found or found[-1][0] != b"IEND":
        raise NotBaked("png")
    return found


def _written(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + _checksum(kind, body)


def _checksum(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(kind + body))


def _color(hue: float, light: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in hls_to_rgb(hue, light, 0.5))
