"""What a notice keeps of a decision: as it was known on its day, with its sentences as values."""

from dataclasses import replace
from datetime import date, timedelta

from grading.evidence import Kind, Outcome
from grading.proof import Answer
from grading.telling.said import say
from lti_tool.services.certification.decision_notices import Looked, Notice, Rule, looked_at, read, written
from tests.grading.decided import evidence, hours

DAY = date(2026, 2, 20)
NOTICE = Notice(
    outcome=Outcome.NOT_YET, stage="Certification", program="Peer support", body="Our program", edition="1",
    person="Sam Example", decided_by="Lea", decided_on=DAY, on=DAY, reasons="Two hours are still to come.",
    what_next="Two more hours.",
)  # fmt: skip


def test_what_was_recorded_after_the_day_was_not_looked_at() -> None:
    early, late = hours("1", "2026-02-01", 4), hours("2", "2026-02-10", 6)
    there = evidence(early, replace(late, recorded_on=DAY + timedelta(days=1)))
    [one] = looked_at(there, DAY)
    assert (one.kind, one.number) == (Kind.EDUCATION, 1)
    [both] = looked_at(there, DAY + timedelta(days=1))
    assert both.number == 2


def test_a_sentence_with_a_day_is_read_as_it_was_written() -> None:
    said = say("Open until %(day)s", day=DAY)
    rule = Rule("10 hours of practice", Answer.NOT_YET, None, (said,))
    notice = replace(NOTICE, rules=(rule,), looked_at=(Looked(Kind.EDUCATION, 1, ()),))
    document, _digest = written(notice)
    assert read(document).rules[0].changes == (said,)
