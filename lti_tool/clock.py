"""The clock of this process: in the lab it is put forward or back (ATTUNE_LAB_CLOCK)."""

from datetime import UTC, datetime, timedelta


class _Ahead:
    by = timedelta()


def put(ahead: timedelta) -> None:
    """Set the clock of this process ahead of the machine's."""
    _Ahead.by = ahead


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC) + _Ahead.by
