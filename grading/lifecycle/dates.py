"""The dates of one certification, each with its name, the rule that it comes from, and whether a pause moved it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil

from grading.evidence import Evidence, Outcome
from grading.lifecycle.anchors import in_year
from grading.lifecycle.applying import APPEAL, applied_on
from grading.lifecycle.course import Course
from grading.lifecycle.ending import End, counted, is_limited, late_end
from grading.lifecycle.rules import AfterLapse
from grading.periods import Period
from grading.program import Program

HOURS_OF_A_DAY = 24
CONTESTABLE = frozenset({Outcome.NOT_YET, Outcome.SUSPENDED, Outcome.REVOKED})


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


@dataclass(frozen=True, slots=True)
class Clocks:
    """The days that follow from decisions, on one day. `evidence` is what is known on it, with pauses as they are."""

    program: Program
    course: Course
    evidence: Evidence
    day: date

    @property
    def is_limited(self) -> bool:
        """Whether what is held is a status for a limited time, which is not renewed."""
        return is_limited(self.program, self.course.held)

    @property
    def is_renewable(self) -> bool:
        """Whether there is something to renew."""
        return self.course.since is not None and not self.is_limited

    @property
    def late(self) -> End | None:
        """The last day on which it can be renewed; None: there is no end."""
        end = self.course.end
        return late_end(self.program, self.course.held, end, self.evidence.pauses) if end else None

    @property
    def late_until(self) -> date | None:
        """The last day for late renewal; the certificate's own last day where there is none."""
        return self.late.on if self.late else None

    @property
    def is_in_grace(self) -> bool:
        """After the certificate's last day, up to the last day for late renewal."""
        end = self.course.end
        return end is not None and end.on < self.day and not self.is_lapsed

    @property
    def is_lapsed(self) -> bool:
        """After the last day for late renewal."""
        return self.late_until is not None and self.late_until < self.day

    @property
    def renewal_opens(self) -> date | None:
        """The first day for renewal, where the program says so."""
        renewal, end = self.program.lifecycle.renewal, self.course.end
        if not self.is_renewable or end is None or renewal is None or renewal.opens is None:
            return None
        return renewal.opens.before(end.on)

    @property
    def renewal_closes(self) -> date | None:
        """The last day for renewal that is not late: the certificate's last day, or an earlier one of the program."""
        renewal, end = self.program.lifecycle.renewal, self.course.end
        if not self.is_renewable or end is None:
            return None
        if renewal and renewal.closes_on:
            fixed = in_year(date(2000, *renewal.closes_on), end.on.year)
            return fixed if fixed <= end.on else in_year(fixed, end.on.year - 1)
        return renewal.closes.before(end.on) if renewal and renewal.closes else end.on

    @property
    def is_late(self) -> bool:
        """After the last day for renewal that is not late, without having applied by then."""
        closes = self.renewal_closes
        return closes is not None and self.day > closes and not self._applied_by(closes)

    @property
    def is_renewal_open(self) -> bool:
        """From the first day for renewal to its last one, and as long as late renewal goes; later for who applied."""
        opens, closes = self.renewal_opens, self.renewal_closes
        if not self.is_renewable or (opens is not None and self.day < opens):
            return False
        return closes is None or self.day <= self._last_for_renewal(closes) or self._applied_by(closes)

    @property
    def reinstatement_until(self) -> date | None:
        """The last day for reinstatement. None: there is none, or nothing of the kind is offered."""
        found = self._reinstatement()
        return found.on if found else None

    @property
    def may_be_reinstated(self) -> bool:
        """Whether there is still time for reinstatement."""
        return self.reinstatement_until is None or self.day <= self.reinstatement_until

    @property
    def has_applied_in_time(self) -> bool:
        """Whether somebody applied while it could still be renewed, or the next stage be reached."""
        return self.late_until is not None and self._applied_by(self.late_until)

    @property
    def has_applied_again(self) -> bool:
        """Whether somebody applied since the certification that ended: nothing comes back by itself."""
        ended = self.course.ended
        if ended is not None:
            return applied_on(self.evidence, ended.on, self.day) is not None
        end = self.course.end
        since = end.on if end and not self.has_applied_in_time else self.course.since
        return applied_on(self.evidence, since, self.day) is not None

    @property
    def appeal_since(self) -> date | None:
        """Since when an appeal is open: after a decision that one may appeal, until a later decision."""
        decided = [each.on for each in self.course.decisions if each.outcome in CONTESTABLE]
        last = self.course.last
        if not decided or last is None or last.on > max(decided):
            return None
        return applied_on(self.evidence, Period(days=1).before(max(decided)), self.day, APPEAL)

    def dates(self) -> tuple[Due, ...]:
        """Every date, past and to come, in their order."""
        found = [*self._of_the_end(), *self._of_applications(), *self._of_decisions()]
        return tuple(sorted(found, key=lambda each: (each.on, each.name, each.stage, each.counted_from)))

    def _of_the_end(self) -> Iterator[Due]:
        end, held, rules = self.course.end, self.course.held, self.program.lifecycle
        if end is None:
            return
        key = held.key if held else ""
        pausable = self._pauses(end)
        name = Name.STAGE_ENDS if self.is_limited else Name.VALID_UNTIL
        yield Due(end.on, name, end.rule, end.counted_from, key, end.moved, pausable)
        for period in rules.reminders:
            yield Due(period.before(end.on), Name.REMINDER, "lifecycle.reminders", end.on, key, end.moved, pausable)
        yield from self._of_renewal(end, key, pausable=pausable)
        for name, more in ((Name.LATE_UNTIL, self.late), (Name.REINSTATEMENT_UNTIL, self._reinstatement())):
            if more and more is not end:
                yield Due(more.on, name, more.rule, more.counted_from, key, more.moved, "validity" in self._pausable)

    def _of_renewal(self, end: End, key: str, *, pausable: bool) -> Iterator[Due]:
        renewal = self.program.lifecycle.renewal
        if renewal is None:
            return
        if self.renewal_opens:
            rule = "lifecycle.renewal_opens"
            yield Due(self.renewal_opens, Name.RENEWAL_OPENS, rule, end.on, key, end.moved, pausable)
        if self.renewal_closes and (renewal.closes or renewal.closes_on):
            rule = "lifecycle.renewal_closes_on" if renewal.closes_on else "lifecycle.renewal_closes"
            yield Due(self.renewal_closes, Name.RENEWAL_CLOSES, rule, end.on, key, end.moved, pausable)

    def _of_applications(self) -> Iterator[Due]:
        """Of the last application that no certification, renewal or reinstatement followed."""
        applied = applied_on(self.evidence, self.course.since, self.day)
        if applied is None:
            return
        usable, due = self.program.lifecycle.application_usable, self.program.lifecycle.due_process
        if usable:
            pauses = self.evidence.pauses if "windows" in self._pausable else ()
            end = counted(applied, usable, "lifecycle.application_usable", pauses)
            yield Due(
                end.on, Name.APPLICATION_USABLE_UNTIL, end.rule, applied, "", end.moved, "windows" in self._pausable
            )
        last = self.course.last
        if last is not None and last.on >= applied:
            return
        if due.decide_within:
            yield Due(due.decide_within.after(applied), Name.DECISION_DUE, "due_process.decide_within", applied)
        elif due.decide_within_hours:
            days = Period(days=ceil(due.decide_within_hours / HOURS_OF_A_DAY))
            yield Due(days.after(applied), Name.DECISION_DUE, "due_process.decide_within_hours", applied)

    def _of_decisions(self) -> Iterator[Due]:
        due, keep = self.program.lifecycle.due_process, self.program.lifecycle.keep_proof_for
        if due.appeal_within:
            for each in self.course.decisions:
                if each.outcome in CONTESTABLE:
                    last = due.appeal_within.after(each.on)
                    yield Due(last, Name.APPEAL_UNTIL, "due_process.appeal_within", each.on, each.stage)
        if self.appeal_since and due.appeal_answered_within:
            last = due.appeal_answered_within.after(self.appeal_since)
            yield Due(last, Name.APPEAL_ANSWER_DUE, "due_process.appeal_answered_within", self.appeal_since)
        if keep and self.course.since:
            yield Due(
                keep.after(self.course.since), Name.PROOF_KEPT_UNTIL, "lifecycle.keep_proof_for", self.course.since
            )

    def _reinstatement(self) -> End | None:
        lapse, end = self.program.lifecycle.lapse, self.course.end
        if lapse is None or lapse.then is not AfterLapse.REINSTATE or lapse.within is None or end is None:
            return None
        pauses = self.evidence.pauses if "validity" in self._pausable else ()
        return counted(end.on, lapse.within, "lifecycle.reinstate_within", pauses, end.moved)

    def _pauses(self, end: End) -> bool:
        if end.rule == "decision":
            return False
        return "validity" in self._pausable or (self.is_limited and "stage" in self._pausable)

    @property
    def _pausable(self) -> frozenset[str]:
        return self.program.pausable

    def _applied_by(self, last: date) -> bool:
        return applied_on(self.evidence, self.course.since, min(last, self.day)) is not None

    def _last_for_renewal(self, closes: date) -> date:
        return self.late_until if self.program.lifecycle.grace and self.late_until else closes


def next_date(dates: tuple[Due, ...], day: date) -> Due | None:
    """The first of them that is not over; today is not."""
    return next((each for each in dates if each.on >= day), None)


def not_paused(dates: tuple[Due, ...], day: date) -> tuple[Due, ...]:
    """The dates to come that a pause does not move: who pauses is told each of them."""
    return tuple(each for each in dates if each.on >= day and not each.pausable)
