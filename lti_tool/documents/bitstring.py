"""Lists of single bits, as credentials publish how they stand (Bitstring Status List 1.0, section 3)."""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

BITS = 131_072
"""The least that a list has, so that nobody stands out."""
LARGEST = 16 * BITS // 8
"""Bytes that are read of anybody's list: one that unpacks to more is refused."""
_GZIP = 16 + zlib.MAX_WBITS


class NotAList(Exception):
    """The text is no list of bits."""


def encoded(set_bits: Iterable[int]) -> str:
    """A list in which exactly these bits are set; the same bits give the same text."""
    bits = bytearray(BITS // 8)
    for index in set_bits:
        bits[index // 8] |= 0x80 >> index % 8
    # zlib writes no moment and no name into the header, as the gzip module would.
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    packed = packer.compress(bytes(bits)) + packer.flush()
    return "u" + urlsafe_b64encode(packed).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bits of a list. Raises `NotAList`, also for one that is too short or would be too large."""
    if not text.startswith("u"):
        raise NotAList
    try:
        unpacker = zlib.decompressobj(_GZIP)
        packed = urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
        bits = unpacker.decompress(packed, LARGEST + 1)
    except (binascii.Error, zlib.error, ValueError):
        raise NotAList from None
    if not unpacker.eof or not BITS // 8 <= len(bits) <= LARGEST:
        raise NotAList
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Whether the bit is set. Raises `NotAList` where the list has no such bit."""
    if not 0 <= index < len(bits) * 8:
        raise NotAList
    return bool(bits[index // 8] & 0x80 >> index % 8)
