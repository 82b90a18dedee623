"""Whose figures a report tells, so that no two reports can be subtracted from each other and leave few people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rubrics.refusal import Refused


@dataclass(frozen=True, slots=True)
class People:
    """Who is counted: those who entered a program in these days, both included."""

    program: str | None
    """None: any program of the organization."""
    since: date
    until: date

    def shares_people(self, other: "People") -> bool:
        """Whether somebody may be counted in both."""
        same_program = None in (self.program, other.program) or self.program == other.program
        return same_program and self.since <= other.until and other.since <= self.until

    def grows_from(self, other: "People") -> bool:
        """Whether these are the same people, perhaps with more who entered later."""
        return (self.program, self.since) == (other.program, other.since) and self.until >= other.until


def untold(kinds: Iterable[str], told_before: Iterable[Iterable[str]]) -> frozenset[str]:
    """Which kinds of usual times a report may tell; `told_before`: those of each earlier one about the same people.

    A median is told of the same people once. Numbers of two reports are compared, so that no change of few can be
    seen; a median moves with one person, whatever the numbers are, and there is no such comparison for it.
    """
    return frozenset(kinds).difference(*told_before)


def before(people: People, earlier: Sequence[People]) -> list[int]:
    """Which of the earlier reports, the oldest first, told of the same people: a new one is compared with them.

    Raises `Refused` where one told of a part of them, or of some of them and others: what is between the two could be
    worked out by subtracting.
    """
    shared = [number for number, one in enumerate(earlier) if people.shares_people(one)]
    for number in shared:
        if not people.grows_from(earlier[number]):
            raise Refused(
                "other_people",
                "An earlier report tells of some of the same people: those who entered from %(since)s to %(until)s. "
                "Beside it this one could be used to work out numbers of few. Please take the same program and the "
                "same first day as there, or days that have none in common with it.",
                since=earlier[number].since,
                until=earlier[number].until,
            )
    return shared
