"""What a program says of time, decisions and money; data without behavior."""

from dataclasses import dataclass, field
from enum import StrEnum

from grading.periods import Period


class Ends(StrEnum):
    """On which day a validity ends."""

    ANNIVERSARY = "anniversary"
    """The same day so much later; the last day of the month where there is none."""
    MONTH_END = "month_end"
    """The last day of the month in which the anniversary lies."""
    MONTH_START = "month_start"
    """The first day of that month."""
    FIXED_DAY = "fixed_day"
    """The fixed day of the year in which the anniversary lies."""
    BIRTHDAY = "birthday"
    """The person's birthday in that year; the event "birthday" names it."""


class RunsFrom(StrEnum):
    """From where a new validity is counted."""

    EXPIRY = "expiry"
    """From the end of the last one, so that early or late renewal moves nothing."""
    DECISION = "decision"
    """From the day of the decision."""


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a certification is valid. `lasts` None: without an end."""

    lasts: Period | None
    ends: Ends = Ends.ANNIVERSARY
    fixed_day: tuple[int, int] | None = None
    """Month and day."""
    runs_from: RunsFrom = RunsFrom.EXPIRY
    at_least: Period | None = None
    """With a fixed day: it is never valid for less than this, or else a year more."""


@dataclass(frozen=True, slots=True)
class RenewalWindow:
    """When one may apply for renewal. None: from the beginning, until the expiry."""

    opens: Period | None = None
    """So long before the expiry."""
    closes: Period | None = None
    """So long before the expiry."""
    closes_on: tuple[int, int] | None = None
    """On this month and day of the year of the expiry."""


@dataclass(frozen=True, slots=True)
class Grace:
    """Late renewal. The certificate's own end does not move; the program's register may show the later day."""

    lasts: Period
    late_fee: str = ""


class AfterLapse(StrEnum):
    """What one does after the last day for late renewal."""

    AS_NEW = "as_new"
    REINSTATE = "reinstate"
    """By the requirements of the stage for reinstatement."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """What follows when it was not renewed; nothing comes back by itself."""

    then: AfterLapse
    within: Period | None = None
    """So long after the expiry it may be reinstated; later, as new. None: always."""


@dataclass(frozen=True, slots=True)
class DueProcess:
    """What people are promised about decisions."""

    decide_within: Period | None = None
    decide_within_hours: int | None = None
    notice_holds: tuple[str, ...] = ()
    """What a notice must say, such as reasons and the way to appeal."""
    appeal_within: Period | None = None
    appeal_levels: tuple[str, ...] = ()
    appeal_answered_within: Period | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """Something to pay. Attune takes no money: it says what a body asks."""

    what: str
    amount: str = ""
    waived_from: str = ""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Everything of the kind that one program says; what it does not say is None or empty."""

    validity: Validity | None = None
    renewal: RenewalWindow | None = None
    grace: Grace | None = None
    lapse: Lapse | None = None
    application_usable: Period | None = None
    """So long an application stays usable."""
    reminders: tuple[Period, ...] = ()
    """So long before the expiry."""
    statuses: tuple[str, ...] = ()
    """Other statuses that the body knows, such as probation."""
    keep_proof_for: Period | None = None
    recognizes: tuple[str, ...] | None = None
    """Credentials from elsewhere that are recognized; empty: none are; None: nothing is said."""
    due_process: DueProcess = field(default_factory=DueProcess)
    fees: tuple[Fee, ...] = ()
