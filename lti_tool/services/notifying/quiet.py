"""Quiet hours: when mail waits, so that nobody's evening or night is touched by it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


def is_quiet(moment: datetime, zone: ZoneInfo, quiet_from: int, quiet_until: int) -> bool:
    """Whether nothing is sent at this moment; the same hour twice means that there are no quiet hours."""
    hour = moment.astimezone(zone).hour
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def not_before(moment: datetime, zone: ZoneInfo, quiet_from: int, quiet_until: int) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies; never more than a day later."""
    found = moment
    while is_quiet(found, zone, quiet_from, quiet_until):
        local = found.astimezone(zone)
        found += HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return found
