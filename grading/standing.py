"""Where a person stands in a program: a pure function of the program's version, the evidence and the day.

`standing` is deterministic: the order of evidence means nothing, and standing on a day is standing on the evidence
that was known on that day. It decides nothing; where everything is met it says that a stage is ready for a person's
decision. "What if" is the same function with imagined evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grading.evidence import Evidence, Item
from grading.known import Known, known
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
    """The next day on which time alone may change an answer."""

    def of(self, requirement: str) -> Proof:
        """The proof of one requirement. Raises `KeyError`."""
        for stage in self.stages:
            for each in stage.requirements:
                if each.requirement.key == requirement:
                    return each.proof
        raise KeyError(requirement)


def standing(program: Program, evidence: Evidence, today: date) -> Standing:
    """Where the person stands on this day, in the time zone of the program."""
    found = known(program, evidence, today)
    stages = tuple(_of_stage(stage, found) for stage in program.stages)
    days = [next_change(each.proof) for stage in stages for each in stage.requirements]
    changes_on = min((day for day in days if day is not None and day > today), default=None)
    return Standing(evidence.person, program.id, program.edition, today, stages, changes_on)


def what_if(program: Program, evidence: Evidence, imagined: Iterable[Item], today: date) -> Standing:
    """Where the person would stand if there were this too. Nothing is kept."""
    return standing(program, evidence.with_items(imagined), today)


def _of_stage(stage: Stage, found: Known) -> StageStanding:
    weighed = tuple(Weighed(each, answer_of(each.key, found)) for each in found.program.of_stage(stage.key))
    answers = [each.proof.answer for each in weighed if not each.requirement.shown_only]
    return StageStanding(stage, all_together(answers), weighed)
