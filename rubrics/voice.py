"""How long the trainee may take to answer: dates only ever move later, and none of them asks for a reason."""

from datetime import datetime, timedelta

from rubrics.refusal import Refused

MOST_EXTENSIONS = 2
"""How often more time is there at one tap; from then on a person gives it."""
TALK_WITHIN = timedelta(days=14)
"""How long a talk that was asked for is waited for before it comes back to the instructor."""
LEAST_AFTER_AMENDING = 3
"""Days, at least, for reading what was rewritten."""


def end_of_day(moment: datetime) -> datetime:
    """A window that is shown as a day lasts to the end of it."""
    return moment.replace(hour=23, minute=59, second=59, microsecond=0)


def window_opens(now: datetime, days: int) -> datetime:
    """Until when what is shared now can be answered."""
    return end_of_day(now + timedelta(days=days))


def with_more_time(until: datetime, now: datetime, days: int) -> datetime:
    """The window moved on by as many days as it had at first, counted from now where it has passed."""
    return end_of_day(max(until, now) + timedelta(days=days))


def ask_for_more_time(extensions: int) -> None:
    """Whether more time is there at one tap. Raises `Refused` ("ask_instructor") once it was asked for twice."""
    if extensions >= MOST_EXTENSIONS:
        raise Refused(
            "ask_instructor",
            "You moved this date twice. You can still have more time: please ask an instructor of the course, "
            "who moves it for you. No reason is needed.",
        )


def talk_due(asked_at: datetime) -> datetime:
    """When a talk that was asked for and has not been held comes back to the instructor."""
    return end_of_day(asked_at + TALK_WITHIN)


def asked_before(now: datetime) -> datetime:
    """Talks that were asked for before this moment, and not held, have come back by now."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - TALK_WITHIN


def while_talk_waits(until: datetime, asked_at: datetime, days: int) -> datetime:
    """The window while a talk is waited for: it never ends before a person looked after the talk."""
    return max(until, end_of_day(talk_due(asked_at) + timedelta(days=days)))


def after_talk(until: datetime, held_at: datetime, days: int) -> datetime:
    """The window once they talked: a whole one from then on, and never less than was promised."""
    return max(until, window_opens(held_at, days))


def after_amending(until: datetime, now: datetime, days: int) -> datetime:
    """The window for reading what was rewritten."""
    return max(until, window_opens(now, max(days, LEAST_AFTER_AMENDING)))


def comes_back(asked_at: datetime | None, held_at: datetime | None, now: datetime) -> bool:
    """Whether a talk was asked for, was not held in its time, and needs an instructor."""
    return asked_at is not None and held_at is None and asked_at < asked_before(now)


def may_be_silent(until: datetime | None, now: datetime) -> bool:
    """Whether it may be signed without an answer: not before the date that the trainee was told has passed."""
    return until is not None and now >= until
