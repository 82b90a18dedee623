"""What holds for every text, template and style of Attune, so that no page frightens, hurries or pries."""

import re
from collections.abc import Iterator
from statistics import mean

import pytest

from lti_tool.access import ACCESS, Field, Who
from tests.project import ROOT, text_of, tracked_files
from tests.words import sources

TEMPLATES = tracked_files("templates/*.html")
STYLES = [path for path in tracked_files("lti_tool/static/*.css") if "vendor" not in path.parts]
TAKES_FILES = {
    "wording/bring.html", "files/files.html", "examples/bring.html", "assignments/bring.html", "scenarios/bring.html",
    "evidence/bring.html", "evidence/one.html", "ledger_import/bring.html", "programs/new.html",
}  # fmt: skip
"""Of these only evidence is about anybody, and it is optional, and its owner's alone until they share it."""

TOLD_OR_PROVED = re.compile(
    r"(?<![\w-])(diagnos\w+|trauma\w*|symptom\w*|medication|your (own )?story|proof of|prove)(?![\w-])", re.IGNORECASE
)
HURRIES = re.compile(
    r"countdown|\b(only|just) \w+ (days?|hours?|minutes?) (left|remain)|\btime is running", re.IGNORECASE
)
FRIGHTENS = re.compile(r"\b(alert|text|bg|btn|border)-danger\b|\bcross\b.*<path|⚠|✗|✘|❌")
TOPICS = {"coverage", "library", "frameworks", "builder", "publishing", "authors", "examples", "previews", "wording"}
"""Folders of pages about rubrics: they speak of what people learn, and ask nothing about a person."""
LONGEST_SENTENCE = 35


def asked() -> Iterator[tuple[str, str]]:
    """Every text of the pages on which somebody writes about practice."""
    for path, line, text in sources():
        if path.suffix == ".html" and path.parent.name not in TOPICS:
            yield f"{path.relative_to(ROOT)}:{line}", text


def test_ux_s4_no_form_asks_for_a_story_a_diagnosis_or_a_proof_of_what_one_lived_through() -> None:
    sentences = [(place, each) for place, text in asked() for each in text.split(". ") if "not needed" not in each]
    assert not [found for found in sentences if TOLD_OR_PROVED.search(found[1])]


def test_ux_s4_files_are_taken_only_where_they_are_lists_of_the_program_or_evidence_of_ones_own() -> None:
    takes = {str(path.relative_to(ROOT / "templates")) for path in TEMPLATES if 'type="file"' in text_of(path)}
    assert takes <= TAKES_FILES


def test_ux_p1_no_text_counts_down_and_nothing_blinks() -> None:
    assert not [place for place, text in asked() if HURRIES.search(text)]
    moving = [path.name for path in STYLES if re.search(r"animation[^;]*infinite|blink", text_of(path))]
    moving += [path.name for path in TEMPLATES if re.search(r"<(blink|marquee)", text_of(path))]
    assert not moving


def test_ux_f6_no_status_is_red_a_cross_or_a_sign_of_warning() -> None:
    assert not [path.name for path in TEMPLATES if FRIGHTENS.search(text_of(path))]
    chips = text_of(ROOT / "templates" / "components" / "status.html")
    shapes = set(re.findall(r'"(\w+)": "M', chips))
    assert shapes == {"check", "dots", "clock", "circle", "pause", "person", "eye"}
    assert "{{ icon(icon_name) }}<span>{{ word }}</span>" in chips, "a word stands beside every shape"


def test_ux_t9_only_a_draft_is_kept_from_the_trainee_it_is_about() -> None:
    """Of what their owner, both sides or everybody present reads, the trainee is one; a flag has no words at all.

    How observers rated an example is about no trainee.
    """
    theirs = {Who.TRAINEE, Who.OWNER, Who.SIDE, Who.PRESENT, Who.RATER}
    assert {field for field, rule in ACCESS.items() if not theirs & rule.see} == {Field.DRAFT, Field.HANDLED_OUTSIDE}


def test_ux_e4_nobody_solves_a_puzzle_to_come_in() -> None:
    assert not [
        path.name for path in TEMPLATES if re.search(r"captcha|puzzle|not a robot", text_of(path), re.IGNORECASE)
    ]


def test_ux_e2_texts_can_be_read_at_twelve_to_fourteen_years() -> None:
    """By the formula of Flesch and Kincaid, which counts words and syllables, over all pages together."""
    sentences = [words for _place, text in all_texts() for words in sentences_of(text)]
    age_in_school = 0.39 * mean(map(len, sentences)) + 11.8 * mean(syllables(w) for s in sentences for w in s) - 15.59
    assert age_in_school < 7


def test_ux_e2_no_sentence_is_long() -> None:
    long = [place for place, text in all_texts() for words in sentences_of(text) if len(words) > LONGEST_SENTENCE]
    assert not long


@pytest.mark.parametrize(("word", "count"), [("share", 1), ("supervisor", 4), ("table", 2), ("see", 1)])
def test_syllables_are_counted_well_enough(word: str, count: int) -> None:
    assert syllables(word) == count


def all_texts() -> Iterator[tuple[str, str]]:
    for path, line, text in sources():
        if path.suffix == ".html":
            yield f"{path.relative_to(ROOT)}:{line}", re.sub(r"%\(\w+\)s", "Name", text)


def sentences_of(text: str) -> Iterator[list[str]]:
    """The words of each sentence; labels of a word or two are none."""
    for sentence in re.split(r"(?<=[.?!:;])\s+", text):
        words = re.findall(r"[A-Za-z'’]+", sentence)
        if len(words) > 3:
            yield words


def syllables(word: str) -> int:
    """How many groups of vowels are spoken: near enough over thousands of words."""
    word = word.lower()
    silent = word.endswith("e") and not word.endswith(("le", "ee"))
    return max(1, len(re.findall(r"[aeiouy]+", word)) - silent)
