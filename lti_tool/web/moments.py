"""Days and times as sentences show them: dates as dates, never a countdown."""

from datetime import date, datetime

from flask_babel import format_date, format_time

from lti_tool.web.texts import comma


def day(moment: date) -> str:
    """For example: 2 March 2026."""
    return str(format_date(moment, "long"))


def day_and_time(moment: datetime) -> str:
    """For example: 2 March 2026, 09:00 UTC."""
    time = format_time(moment, "short")  # type: ignore[arg-type]  # takes a datetime too, and converts its zone
    return f"{day(moment)}{comma()}{time} UTC"


def month(first: date) -> str:
    """For example: March 2026."""
    return str(format_date(first, "LLLL y"))
