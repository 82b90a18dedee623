"""The page on answers of an LMS says what the code does."""

import re

from lti_tool.lti.answers import WHAT, Answer, Then, Whose, sentence
from lti_tool.lti.quirks import quirks_of
from tests.project import ROOT

PAGE = (ROOT / "docs" / "gradebook-answers.md").read_text(encoding="utf-8")
THEN = {
    Then.DONE: "nothing more",
    Then.RETRY: "tries again by itself",
    Then.READ: "reads what is there first",
    Then.ASK: "waits for a person",
}
WHOSE = {Whose.PERSON: "only this score", Whose.COLUMN: "the column", Whose.PLATFORM: "the LMS"}


def rows() -> dict[str, list[str]]:
    found = re.findall(r"^\| `(\w+)` \|(.+)\|$", PAGE, re.MULTILINE)
    return {code: [cell.strip() for cell in rest.split("|")] for code, rest in found}


def test_every_answer_has_its_row_and_no_other_has_one() -> None:
    assert list(rows()) == [answer.value for answer in Answer]


def test_each_row_says_what_is_done_what_it_holds_up_and_what_an_instructor_reads() -> None:
    for answer in Answer:
        came, then, holds, words = rows()[answer.value]
        assert came
        assert then == THEN[WHAT[answer].then]
        assert holds == ("nothing" if answer is Answer.ACCEPTED else WHOSE[WHAT[answer].whose])
        assert words == sentence(answer)


def test_the_ways_of_each_lms_are_those_of_its_file() -> None:
    moodle, canvas, other = (quirks_of(family) for family in ("moodle", "canvas", ""))
    calls = re.search(r"^\| Calls at the same time \| (\d+) \| (\d+),.*\| (\d+) \|$", PAGE, re.MULTILINE)
    assert calls
    assert [int(number) for number in calls.groups()] == [moodle.at_once, canvas.at_once, other.at_once]
    assert [one.scores.whole_seconds for one in (moodle, canvas, other)] == [True, False, False]
    assert [bool(one.scores.submission) for one in (moodle, canvas, other)] == [False, True, False]
    assert [one.scores.comments_add_up for one in (moodle, canvas, other)] == [False, True, False]
    assert [one.scores.comment_is_feedback for one in (moodle, canvas, other)] == [True, False, False]
    assert [one.scores.link_keeps_out for one in (moodle, canvas, other)] == [False, True, False]
    assert [one.scores.maximum_is_fixed for one in (moodle, canvas, other)] == [True, False, False]
