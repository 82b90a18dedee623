"""Until when a certification is valid."""

from collections.abc import Iterable
from datetime import date

from grading.evidence import Decision, Evidence
from grading.lifecycle.course import course_of
from grading.program import Program


def valid_until(program: Program, decisions: Iterable[Decision], evidence: Evidence, day: date) -> date | None:
    """The last day of the validity that decisions up to that day made; None: nothing was decided, or it has no end.

    It is the certificate's own day: a time for late renewal does not move it.
    """
    end = course_of(program, decisions, evidence, day).end
    return end.on if end else None
