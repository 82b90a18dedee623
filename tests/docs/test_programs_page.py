"""What docs/programs.md shows is so: its blocks make one program that grows, and each answer is the one below it."""

import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from grading.checking.check import check
from grading.checking.names import STANDARD_EVENTS, STANDARD_NAMES
from grading.editions import edition_for
from grading.program import Program
from grading.standing import standing
from lti_tool.cli.program_check import check as check_command
from lti_tool.documents.evidence import read_evidence
from lti_tool.documents.program import read_program
from tests.project import ROOT

PAGE = "docs/programs.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
REPORT = re.findall(r"^```text\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[0]
ANSWERS = {
    "met": "met",
    "not yet": "not_yet",
    "waiting": "waiting",
    "cannot be known": "unknown",
    "does not apply": "not_applicable",
}
SAID = re.compile(rf"^# (\S+) (?:is )?({'|'.join(ANSWERS)})$", re.MULTILINE)


def steps() -> Iterator[tuple[str, str]]:
    """The program as far as it is written, and each block of evidence."""
    program = ""
    for block in BLOCKS:
        if block.startswith("# program\n"):
            program += block
        elif not block.startswith("# another program\n"):
            yield program, block


STEPS = list(steps())
WHOLE = "".join(block for block in BLOCKS if block.startswith("# program\n"))
ANOTHER = next(block for block in BLOCKS if block.startswith("# another program\n")).removeprefix("# another program\n")


def editions(text: str) -> tuple[Program, ...]:
    return read_program(text, source=PAGE)


@pytest.mark.parametrize(("program", "evidence"), STEPS, ids=[SAID.findall(each)[0][0] for _, each in STEPS])
def test_each_answer_is_the_one_that_is_shown(program: str, evidence: str) -> None:
    listed = editions(program)
    found, as_of = read_evidence(evidence, zone=ZoneInfo(listed[0].time_zone), source=PAGE)
    stands = standing(edition_for(listed, found.entered_on), found, as_of)
    said = {key: ANSWERS[answer] for key, answer in SAID.findall(evidence)}
    assert said
    assert {key: stands.of(key).answer.value for key in said} == said


def test_each_step_is_a_program_with_nothing_to_mend() -> None:
    for program in (*dict.fromkeys(program for program, _ in STEPS), WHOLE):
        assert [each.in_english() for each in check(editions(program)) if each.severity != "look"] == []


def test_the_whole_program_has_both_editions_and_a_lifecycle() -> None:
    older, newer = editions(WHOLE)
    assert len(newer.requirements) == len(older.requirements) + 1
    assert newer.lifecycle.grace


def test_every_requirement_of_the_page_but_those_without_evidence_has_an_answer() -> None:
    answered = {key for _, evidence in STEPS for key, _ in SAID.findall(evidence)}
    assert {each.key for each in editions(WHOLE)[-1].requirements} - answered == {"observers"}


def test_every_answer_is_on_the_page() -> None:
    assert {answer for _, evidence in STEPS for _, answer in SAID.findall(evidence)} == set(ANSWERS) - {
        "does not apply"
    }


def test_the_words_that_every_program_knows_are_on_the_page() -> None:
    (listed,) = re.findall(r"^Some words every program knows.*?: (.*?); and the events (.*?)\. ", TEXT, re.MULTILINE)
    names, events = (set(re.findall(r"`(\w+)`", each)) for each in listed)
    assert (names, events) == (STANDARD_NAMES, STANDARD_EVENTS)


def test_the_report_is_the_one_that_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "five-areas.toml"
    path.write_text(ANOTHER, encoding="utf-8")
    result = CliRunner().invoke(check_command, [str(path)])
    assert result.exit_code == 1
    assert result.output.replace(f"{tmp_path}/", "") == REPORT
