"""Drawing a sample of records so that anybody who has the seed and the records can draw it again."""

from collections.abc import Iterable
from hashlib import sha256


def drawn(records: Iterable[str], *, size: int, seed: str) -> tuple[str, ...]:
    """So many of the records, or all where there are fewer, in the order in which they are looked at.

    The records with the lowest SHA-256 of seed, a line feed and the record: each is as likely as any other, none comes
    twice, and the order in which they are given does not matter. Raises `ValueError` for a size below 1.
    """
    if size < 1:
        raise ValueError(f"a sample has at least one record, not {size}")
    ordered = sorted(set(records), key=lambda record: sha256(f"{seed}\n{record}".encode()).digest())
    return tuple(ordered[:size])
