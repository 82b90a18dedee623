"""The days that rules name by a decision."""

from dataclasses import replace
from datetime import date

from grading.evidence import Decision, Evidence, Outcome
from grading.known import day_of, known
from grading.lifecycle.status import Status
from grading.program import Program, Stage, StageKind
from grading.requirements.selection import Anchor, Named
from grading.standing import standing

PROGRAM = Program(
    id="one",
    name="One",
    body="Somebody",
    edition="1",
    time_zone="UTC",
    stages=(
        Stage("initial", "Certification"),
        Stage("young", "Young people", StageKind.ENDORSEMENT, "initial"),
        Stage("renewal", "Renewal", StageKind.RENEWAL, "initial"),
    ),
    requirements=(),
)
FIRST = Decision("a", Outcome.CERTIFIED, date(2025, 3, 1), "initial")
BESIDE = Decision("b", Outcome.CERTIFIED, date(2025, 9, 1), "young")
AGAIN = Decision("c", Outcome.RENEWED, date(2027, 2, 1), "renewal")


def certified(*decisions: Decision, stage: str = "") -> date | None:
    evidence = Evidence("somebody", decisions=decisions)
    return day_of(Anchor(Named.CERTIFIED, stage), known(PROGRAM, evidence, date(2027, 6, 1)))


def test_an_endorsement_does_not_move_the_day_of_the_last_certification() -> None:
    assert certified(FIRST, BESIDE) == FIRST.on
    assert certified(FIRST, BESIDE, AGAIN) == AGAIN.on
    assert certified(BESIDE) is None


def test_the_day_of_an_endorsement_can_be_named() -> None:
    assert certified(FIRST, BESIDE, stage="young") == BESIDE.on


def test_a_decision_that_names_no_stage_counts() -> None:
    assert certified(Decision("d", Outcome.CERTIFIED, date(2025, 3, 1))) == date(2025, 3, 1)


def test_of_one_day_decisions_are_read_as_they_were_made_where_that_is_known() -> None:
    day = date(2025, 6, 1)
    resumed, suspended = (
        Decision("r", Outcome.RESUMED, day, number=2),
        Decision("s", Outcome.SUSPENDED, day, number=3),
    )
    for order in ((FIRST, resumed, suspended), (suspended, FIRST, resumed)):
        assert standing(PROGRAM, Evidence("somebody", decisions=order), day).status is Status.SUSPENDED
    swapped = (FIRST, replace(resumed, number=4), suspended)
    assert standing(PROGRAM, Evidence("somebody", decisions=swapped), day).status is Status.CERTIFIED
