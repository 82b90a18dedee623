"""Where a person stands in a program: a pure function of the program's version, the evidence and the day.

`standing` is deterministic: the order of evidence means nothing, and standing on a day is standing on the evidence
that was known on that day. It decides nothing; where everything is met it says that a stage is ready for a person's
decision. "What if" is the same function with imagined evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from grading.evidence import Evidence, Item
from grading.known import Known, known
from grading.lifecycle.clocks import Clocks
from grading.lifecycle.course import course_of, known_decisions
from grading.lifecycle.dates import Due, dates_of, next_date
from grading.lifecycle.status import Facts, Status, facts_of, status_of
from grading.periods import Period, so_far
from grading.program import Program, Requirement, Stage
from grading.proof import Answer, Proof, next_change
from grading.weighing.answers import all_together
from grading.weighing.weigh import answer_of


@dataclass(frozen=True, slots=True)
class Weighed:
    """One requirement, with the reasons for its answer."""

    requirement: Requirement
    proof: Proof


@dataclass(frozen=True, slots=True)
class StageStanding:
    """One stage: every requirement of it, and what they make together."""

    stage: Stage
    answer: Answer
    requirements: tuple[Weighed, ...]

    @property
    def met(self) -> int:
        """How many are met, of those that stand in the way."""
        return sum(each.proof.answer is Answer.MET for each in self._asked)

    @property
    def asked(self) -> int:
        """How many are asked for: those that are not applicable, and what is only shown, are not."""
        return len(self._asked)

    @property
    def _asked(self) -> list[Weighed]:
        return [
            each
            for each in self.requirements
            if not each.requirement.shown_only and each.proof.answer is not Answer.NOT_APPLICABLE
        ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands on one day."""

    person: str
    program: str
    edition: str
    on: date
    stages: tuple[StageStanding, ...]
    changes_on: date | None
    """The next day on which time alone may change an answer or a number of one; in a pause in which a clock may stand
    still that is tomorrow, for days move on with each day of it."""
    status: Status
    facts: Facts
    """What goes with the status: the stage, what is open and ready, pauses, extensions, offers, the last decision."""
    dates: tuple[Due, ...]
    """Every date that follows from decisions and applications, past and to come, in their order."""

    @property
    def stage(self) -> str:
        """The stage that the certificate is of, or the one that was reached last; "": none."""
        return self.facts.stage

    @property
    def next_date(self) -> Due | None:
        """The first date that is not over."""
        return next_date(self.dates, self.on)

    def of(self, requirement: str) -> Proof:
        """The proof of one requirement. Raises `KeyError`."""
        for stage in self.stages:
            for each in stage.requirements:
                if each.requirement.key == requirement:
                    return each.proof
        raise KeyError(requirement)


def standing(program: Program, evidence: Evidence, today: date) -> Standing:
    """Where the person stands on this day, in the time zone of the program.

    The program is one in which `grading.checking.references` finds nothing to mend: requirements that wait for each
    other, or for one that is not there, have no answer.
    """
    found = known(program, evidence, today)
    stages = tuple(_of_stage(stage, found) for stage in program.stages)
    days = [next_change(each.proof, today) for stage in stages for each in stage.requirements]
    if program.pausable and any(each.holds(today) for each in evidence.pauses):
        days.append(Period(days=1).after(today))
    clocks = _clocks(program, evidence, today)
    answers = {stage.stage.key: stage.answer for stage in stages}
    facts = facts_of(program, clocks.course, clocks.evidence, today, answers)
    return Standing(
        evidence.person,
        program.id,
        program.edition,
        today,
        stages,
        min((day for day in days if day is not None), default=None),
        status_of(facts, program),
        facts,
        dates_of(clocks),
    )


def status(program: Program, evidence: Evidence, today: date) -> Status:
    """The status alone."""
    return standing(program, evidence, today).status


def dates(program: Program, evidence: Evidence, today: date) -> tuple[Due, ...]:
    """The dates alone, as they are on a day: those that follow from decisions and applications, in their order."""
    return dates_of(_clocks(program, evidence, today))


def what_if(program: Program, evidence: Evidence, imagined: Iterable[Item], today: date) -> Standing:
    """Where the person would stand if there were this too. Nothing is kept."""
    return standing(program, evidence.with_items(imagined), today)


def _clocks(program: Program, evidence: Evidence, today: date) -> Clocks:
    there = replace(evidence.known_on(today), pauses=so_far(evidence.pauses, today))
    return Clocks(program, course_of(program, known_decisions(evidence, today), there, today), there, today)


def _of_stage(stage: Stage, found: Known) -> StageStanding:
    weighed = tuple(Weighed(each, answer_of(each.key, found)) for each in found.program.of_stage(stage.key))
    answers = [each.proof.answer for each in weighed if not each.requirement.shown_only]
    return StageStanding(stage, all_together(answers), weighed)
