"""The dates of one certification, each with its name, the rule that it comes from, and whether a pause moved it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

from grading.lifecycle.applying import applied_on
from grading.lifecycle.clocks import CONTESTABLE, Clocks
from grading.lifecycle.course import REACHED
from grading.lifecycle.ending import End, counted
from grading.periods import Period

HOURS_OF_A_DAY = 24


class Name(StrEnum):
    """What a date is. A day "until" belongs to what it ends."""

    STAGE_ENDS = "stage_ends"
    """The last day of a status for a limited time, with the extensions that were given."""
    VALID_UNTIL = "valid_until"
    """The last day on the certificate."""
    RENEWAL_OPENS = "renewal_opens"
    RENEWAL_CLOSES = "renewal_closes"
    LATE_UNTIL = "late_until"
    """The last day for late renewal; the certificate is not valid until then."""
    REINSTATEMENT_UNTIL = "reinstatement_until"
    APPLICATION_USABLE_UNTIL = "application_usable_until"
    REMINDER = "reminder"
    DECISION_DUE = "decision_due"
    APPEAL_UNTIL = "appeal_until"
    APPEAL_ANSWER_DUE = "appeal_answer_due"
    PROOF_KEPT_UNTIL = "proof_kept_until"


@dataclass(frozen=True, slots=True)
class Due:
    """One date."""

    on: date
    name: Name
    rule: str
    """Where the document of the program says it, such as "lifecycle.valid_for"."""
    counted_from: date
    stage: str = ""
    moved: int = 0
    """By how many days pauses moved it."""
    pausable: bool = False
    """Whether its clock stands still in a pause."""


def dates_of(clocks: Clocks) -> tuple[Due, ...]:
    """Every date, past and to come, in their order."""
    found = [*_of_the_end(clocks), *_of_applications(clocks), *_of_decisions(clocks)]
    return tuple(sorted(found, key=lambda each: (each.on, each.name, each.stage, each.counted_from)))


def next_date(dates: tuple[Due, ...], day: date) -> Due | None:
    """The first of them that is not over; today is not."""
    return next((each for each in dates if each.on >= day), None)


def _of_the_end(clocks: Clocks) -> Iterator[Due]:
    end, held, rules = clocks.course.end, clocks.course.held, clocks.program.lifecycle
    if end is None:
        return
    key = held.key if held else ""
    pausable = _is_pausable(clocks, end)
    name = Name.STAGE_ENDS if clocks.is_limited else Name.VALID_UNTIL
    yield Due(end.on, name, end.rule, end.counted_from, key, end.moved, pausable)
    for period in rules.reminders:
        yield Due(period.before(end.on), Name.REMINDER, "lifecycle.reminders", end.on, key, end.moved, pausable)
    yield from _of_renewal(clocks, end, key, pausable=pausable)
    for name, more in ((Name.LATE_UNTIL, clocks.late), (Name.REINSTATEMENT_UNTIL, clocks.reinstatement)):
        if more and more is not end:
            stands_still = "validity" in clocks.program.pausable
            yield Due(more.on, name, more.rule, more.counted_from, key, more.moved, stands_still)


def _of_renewal(clocks: Clocks, end: End, key: str, *, pausable: bool) -> Iterator[Due]:
    renewal = clocks.program.lifecycle.renewal
    if renewal is None:
        return
    if clocks.renewal_opens:
        rule = "lifecycle.renewal_opens"
        yield Due(clocks.renewal_opens, Name.RENEWAL_OPENS, rule, end.on, key, end.moved, pausable)
    if clocks.renewal_closes and (renewal.closes or renewal.closes_on):
        rule = "lifecycle.renewal_closes_on" if renewal.closes_on else "lifecycle.renewal_closes"
        yield Due(clocks.renewal_closes, Name.RENEWAL_CLOSES, rule, end.on, key, end.moved, pausable)


def _of_applications(clocks: Clocks) -> Iterator[Due]:
    """Of the last application that no certification, renewal or reinstatement followed."""
    used = max((each.on for each in clocks.course.decisions if each.outcome in REACHED), default=None)
    applied = applied_on(clocks.evidence, used, clocks.day)
    if applied is None:
        return
    usable, due = clocks.program.lifecycle.application_usable, clocks.program.lifecycle.due_process
    if usable:
        pauses = clocks.evidence.pauses if "windows" in clocks.program.pausable else ()
        end = counted(applied, usable, "lifecycle.application_usable", pauses)
        pausable = "windows" in clocks.program.pausable
        yield Due(end.on, Name.APPLICATION_USABLE_UNTIL, end.rule, applied, "", end.moved, pausable)
    last = clocks.course.last
    if last is not None and last.on >= applied:
        return
    if due.decide_within:
        yield Due(due.decide_within.after(applied), Name.DECISION_DUE, "due_process.decide_within", applied)
    elif due.decide_within_hours:
        days = Period(days=ceil(due.decide_within_hours / HOURS_OF_A_DAY))
        yield Due(days.after(applied), Name.DECISION_DUE, "due_process.decide_within_hours", applied)


def _of_decisions(clocks: Clocks) -> Iterator[Due]:
    due, keep = clocks.program.lifecycle.due_process, clocks.program.lifecycle.keep_proof_for
    if due.appeal_within:
        for each in clocks.course.decisions:
            if each.outcome in CONTESTABLE:
                last = due.appeal_within.after(each.on)
                yield Due(last, Name.APPEAL_UNTIL, "due_process.appeal_within", each.on, each.stage)
    if clocks.appeal_since and due.appeal_answered_within:
        last = due.appeal_answered_within.after(clocks.appeal_since)
        yield Due(last, Name.APPEAL_ANSWER_DUE, "due_process.appeal_answered_within", clocks.appeal_since)
    since = clocks.course.since
    if keep and since:
        yield Due(keep.after(since), Name.PROOF_KEPT_UNTIL, "lifecycle.keep_proof_for", since)


def _is_pausable(clocks: Clocks, end: End) -> bool:
    if end.rule == "decision":
        return False
    return "validity" in clocks.program.pausable or (clocks.is_limited and "stage" in clocks.program.pausable)
