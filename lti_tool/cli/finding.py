"""One thing that `attune check` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is None when all is well."""

    subject: str
    sentence: str
    remedy: str | None = None
