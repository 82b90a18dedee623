"""A validity whose length can be chosen: the decision names its last day."""

from dataclasses import replace
from datetime import date

import pytest

from grading.evidence import Decision, Evidence, Outcome
from grading.lifecycle.rules import Lifecycle, Validity
from grading.lifecycle.validity import valid_until
from grading.periods import Period
from grading.program import Program, Stage
from lti_tool.documents import DocumentProblems
from tests.programs.reading import evidence

PROGRAM = Program("p", "P", "B", "1", "UTC", (Stage("full", "Full"), Stage("renewal", "Renewal", after="full")), ())
DECISIONS = (
    Decision("a", Outcome.CERTIFIED, date(2024, 5, 1), "full", until=date(2025, 4, 30)),
    Decision("b", Outcome.RENEWED, date(2025, 4, 1), "renewal", until=date(2027, 4, 30)),
)


@pytest.mark.parametrize(
    ("day", "until"), [(date(2025, 3, 31), date(2025, 4, 30)), (date(2025, 4, 1), date(2027, 4, 30))]
)
def test_what_was_decided_last_says_until_when_it_is_valid(day: date, until: date) -> None:
    assert valid_until(PROGRAM, DECISIONS, Evidence("somebody"), day) == until


def test_where_a_decision_names_no_day_the_rule_of_the_program_says_it() -> None:
    program = replace(PROGRAM, lifecycle=Lifecycle(validity=Validity(Period(months=24))))
    bare = (DECISIONS[0], replace(DECISIONS[1], until=None))
    assert valid_until(program, bare, Evidence("somebody"), date(2025, 6, 1)) == date(2027, 4, 30)


def test_a_document_says_it_and_it_may_be_still_to_come() -> None:
    written = '[[decisions]]\noutcome = "certified"\non = 2026-01-10\nstage = "full"\nuntil = 2028-01-10\n'
    assert evidence(written).decisions[0].until == date(2028, 1, 10)


def test_an_end_before_its_beginning_is_told() -> None:
    with pytest.raises(DocumentProblems, match="ends before it begins"):
        evidence('[[decisions]]\noutcome = "certified"\non = 2026-01-10\nuntil = 2026-01-09\n')
