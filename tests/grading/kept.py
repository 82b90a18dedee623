"""What is kept of a standing, and until when."""

from datetime import date

from grading.ahead import next_day, waits_for
from grading.editions import Enrolled
from grading.evidence import Evidence
from grading.program import Program
from grading.standing import Standing, standing


def kept(found: Standing) -> object:
    """What is kept of a standing."""
    answers = [
        (each.requirement.key, each.proof.answer, each.proof.numbers)
        for stage in found.stages
        for each in stage.requirements
    ]
    return found.status, found.stage, found.facts, found.dates, waits_for(found), answers


def following(asked: Program, there: Evidence, day: date) -> date | None:
    """The next day on which time alone may change it."""
    return next_day(Enrolled(asked, there, None), standing(asked, there, day))
