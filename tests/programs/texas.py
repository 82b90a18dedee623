"""Evidence for the two peer specialists of Texas, whose rules differ in the track of their training only."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.programs.entries import decision, entry, event

FIRST = date(2025, 10, 1)
"""The day of the first certificate."""


@dataclass(frozen=True, slots=True)
class Track:
    """One program: its track, its supplemental hours, and the stages of its endorsements."""

    program: str
    track: str
    hours: int
    endorsement: str
    second: str
    second_track: str
    second_hours: int


MENTAL_HEALTH = Track("tx-mhps", "mental_health_condition", 40, "mental-health", "substance-use", "substance_use", 46)
SUBSTANCE_USE = Track("tx-rsps", "substance_use", 46, "substance-use", "mental-health", "mental_health_condition", 40)
TRACKS = (MENTAL_HEALTH, SUBSTANCE_USE)


def before_the_first(track: Track, *, core_on: str = "2025-08-01", supplemental_on: str = "2025-09-01") -> str:
    """Everything for the first certificate."""
    core = {"name": "core_assessment", "passed": True}
    supplemental = {"name": "supplemental_assessment", "track": track.track, "passed": True}
    of_track = {"part": "supplemental", "track": track.track}
    return "".join(
        [
            entry("statements", "age", "2025-07-01", name="age_18"),
            entry("documents", "school", "2025-07-01", name="secondary_education"),
            entry("statements", "experience", "2025-07-01", name="lived_experience"),
            entry("checks", "history", "2025-07-02", name="criminal_history"),
            entry("checks", "registry", "2025-07-02", name="registry"),
            event("orientation_and_self_assessment", "2025-07-15"),
            entry("training", "core", core_on, "19.5 hours", part="core"),
            entry("exams", "core exam", "2025-08-02", **core),
            entry("training", "supplemental", supplemental_on, f"{track.hours} hours", **of_track),
            entry("exams", "supplemental exam", "2025-09-02", **supplemental),
            entry("signatures", "ethics", "2025-09-03", name="ethics_statement"),
        ]
    )


CERTIFIED = decision("certified", FIRST.isoformat(), "initial")


def weekly(until: date, *, without: int = -1) -> str:
    """Supervision in each week of the first certificate; `without`: not in this one, counted from 0."""
    weeks = range((until - FIRST).days // 7 + 1)
    days = ((week, FIRST + timedelta(days=7 * week)) for week in weeks if week != without)
    return "".join(entry("supervision", f"week {week}", day.isoformat(), "1 hour") for week, day in days)


def practice(hours: int, id_: str = "work", activity: str = "peer_support") -> str:
    return entry("practice", id_, "2026-02-20", f"{hours} hours", activity=activity)


RECOMMENDED = entry("references", "supervisor", "2026-02-25", role="supervisor")
QUALIFIED = {"supervisor_role": "qcc", "supervisor_by": "training_and_certification"}


def monthly(first: date, count: int) -> str:
    """Supervision in so many months, from the one of this day."""
    days = (date(first.year + (first.month + n - 1) // 12, (first.month + n - 1) % 12 + 1, 20) for n in range(count))
    return "".join(entry("supervision", f"{day:%Y-%m}", day.isoformat(), "1 hour", **QUALIFIED) for day in days)
