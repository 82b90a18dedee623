"""The days that follow from what people decided, on one day."""

from dataclasses import dataclass
from datetime import date

from grading.evidence import Evidence, Outcome
from grading.lifecycle.anchors import LEAP_YEAR, in_year
from grading.lifecycle.applying import APPEAL, applied_on
from grading.lifecycle.course import Course
from grading.lifecycle.ending import End, counted, is_limited, late_end
from grading.lifecycle.rules import AfterLapse
from grading.periods import Period
from grading.program import Program

CONTESTABLE = frozenset({Outcome.NOT_YET, Outcome.SUSPENDED, Outcome.REVOKED})


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
            fixed = in_year(date(LEAP_YEAR, *renewal.closes_on), end.on.year)
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
    def reinstatement(self) -> End | None:
        """The end of the time for reinstatement, where the program names one."""
        lapse, end = self.program.lifecycle.lapse, self.course.end
        if lapse is None or lapse.then is not AfterLapse.REINSTATE or lapse.within is None or end is None:
            return None
        pauses = self.evidence.pauses if "validity" in self.program.pausable else ()
        return counted(end.on, lapse.within, "lifecycle.reinstate_within", pauses, end.moved)

    @property
    def reinstatement_until(self) -> date | None:
        """The last day for reinstatement. None: there is none, or nothing of the kind is offered."""
        found = self.reinstatement
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

    def _applied_by(self, last: date) -> bool:
        return applied_on(self.evidence, self.course.since, min(last, self.day)) is not None

    def _last_for_renewal(self, closes: date) -> date:
        return self.late_until if self.program.lifecycle.grace and self.late_until else closes
