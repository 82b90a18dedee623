"""The rubrics that come with Attune."""

import re
from pathlib import Path

import pytest

from grading.competency import Framework
from lti_tool.documents.framework import read_framework
from lti_tool.documents.rubric import from_document, read_rubric, to_document
from lti_tool.documents.wording import bundled_rules
from lti_tool.paths import CONFIG
from lti_tool.services.languages import SOURCE_LANGUAGE, languages
from rubrics.language import in_language, still_to_translate
from rubrics.publication import problems
from rubrics.rubric import Criterion, Principle, Rubric
from rubrics.wording import lint
from tests.rubrics.words import BANNED

FILES = sorted((CONFIG / "rubrics").glob("*.toml"))
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

PEER_SUPPORT = "trauma-informed-peer-support"
CRITERIA = {
    "crisis-de-escalation": 7,
    "group-facilitation": 7,
    "one-to-one-support": 6,
    "sharing-with-purpose": 6,
    "supervision-session": 8,
    PEER_SUPPORT: 8,
    "warm-line": 7,
}


def read(path: Path) -> Rubric:
    return read_rubric(path.read_text(encoding="utf-8"), source=path.name)


def named(key: str) -> Rubric:
    return read(CONFIG / "rubrics" / f"{key}.toml")


def sharing_criteria() -> list[Criterion]:
    """All criteria, of any bundled rubric, about telling one's own story."""
    about = {"starter:B1", "starter:B2"}
    whole = list(named("sharing-with-purpose").criteria)
    return whole + [
        criterion
        for path in FILES
        if path.stem != "sharing-with-purpose"
        for criterion in read(path).criteria
        if about & {alignment.competency for alignment in criterion.alignments}
    ]


@pytest.fixture(scope="module")
def peer_support() -> Rubric:
    return named(PEER_SUPPORT)


@pytest.fixture(scope="module")
def starter() -> Framework:
    path = CONFIG / "frameworks" / "starter.toml"
    return read_framework(path.read_text(encoding="utf-8"), source=path.name)


def test_seven_rubrics_come_with_attune_none_longer_than_eight_criteria() -> None:
    assert {path.stem: len(read(path).criteria) for path in FILES} == CRITERIA


def test_the_page_about_the_library_names_each_rubric_with_its_number_of_criteria() -> None:
    page = (CONFIG.parent / "docs" / "library.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| [^|]+ \| (\d+) \|", page, re.MULTILINE)
    assert {key: int(many) for key, many in rows} == CRITERIA


@every_file
def test_a_bundled_rubric_is_ready_to_be_published(path: Path) -> None:
    assert problems(read(path)) == ()


@every_file
def test_cap_a4_a_bundled_rubric_uses_no_word_that_wounds(path: Path) -> None:
    assert BANNED.findall(path.read_text(encoding="utf-8")) == []
    assert [finding for finding in lint(read(path), bundled_rules()) if finding.blocks] == []


@pytest.mark.parametrize("key", sorted(CRITERIA.keys() - {PEER_SUPPORT}))
def test_the_wording_rules_have_nothing_to_suggest_for_a_bundled_rubric(key: str) -> None:
    # The oldest one joins some behaviors on purpose, and its words have been rated with.
    assert lint(named(key), bundled_rules()) == ()


@every_file
def test_a_bundled_rubric_is_named_as_its_file_and_claims_no_review(path: Path) -> None:
    rubric = read(path)
    assert rubric.key == path.stem
    assert rubric.license == "Apache-2.0"
    assert rubric.reviewed_by_lived_experience is None
    assert "Not yet reviewed by your people" in rubric.provenance
    assert "Todavía no la han revisado las personas de su comunidad" in in_language(rubric, "es").provenance


@every_file
def test_a_bundled_rubric_can_be_read_in_each_language_to_the_last_word(path: Path) -> None:
    rubric = read(path)
    assert {translation.language for translation in rubric.translations} == set(languages()) - {SOURCE_LANGUAGE}
    for translation in rubric.translations:
        assert still_to_translate(rubric, translation) == ()
        assert {each.key for each in translation.criteria} == {each.key for each in rubric.criteria}


@every_file
def test_no_sentence_of_the_translation_was_left_in_english(path: Path) -> None:
    rubric = read(path)
    for language in ("es-MX", "ar-EG"):
        for english, spoken in zip(rubric.criteria, in_language(rubric, language).criteria, strict=True):
            assert english.statement != spoken.statement
            for level, said in zip(english.levels, spoken.levels, strict=True):
                assert level.label != said.label
                assert level.anchor != said.anchor


@every_file
def test_what_a_bundled_rubric_says_comes_back_from_what_is_kept(path: Path) -> None:
    assert from_document(to_document(read(path))) == read(path)


@every_file
def test_cap_b5_every_alignment_names_a_practice_of_the_starter_framework(path: Path, starter: Framework) -> None:
    practices = {f"starter:{each.code}" for each in starter.competencies if each.observable}
    for criterion in read(path).criteria:
        assert criterion.alignments
        assert {alignment.competency for alignment in criterion.alignments} <= practices


@every_file
def test_cap_b5_every_alignment_says_why(path: Path) -> None:
    assert all(alignment.reason for criterion in read(path).criteria for alignment in criterion.alignments)


def test_every_area_of_the_starter_framework_is_seen_by_some_rubric() -> None:
    seen = {
        alignment.competency.removeprefix("starter:")[0]
        for path in FILES
        for criterion in read(path).criteria
        for alignment in criterion.alignments
    }
    assert seen == set("ABCDEFGH")


@every_file
def test_cap_a1_all_six_principles_are_covered(path: Path) -> None:
    rubric = read(path)
    assert {principle for criterion in rubric.criteria for principle in criterion.principles} == set(Principle)


@every_file
def test_cap_a3_most_criteria_are_relational(path: Path) -> None:
    rubric = read(path)
    assert sum(criterion.relational for criterion in rubric.criteria) * 2 > len(rubric.criteria)


@every_file
def test_what_matters_for_safety_is_not_averaged_away(path: Path) -> None:
    critical = {"starter:E3", "starter:E4", "starter:F2", "starter:F4"}
    must = [criterion for criterion in read(path).criteria if criterion.must_be_met]
    assert must
    for criterion in must:
        assert critical & {alignment.competency for alignment in criterion.alignments}


@every_file
def test_cap_b1_levels_are_by_the_help_needed_or_by_shown_and_not_yet(path: Path) -> None:
    helped = ["Stepped in", "With prompting", "With a reminder", "On their own", "On their own, harder moment"]
    for criterion in read(path).criteria:
        labels = [level.label for level in criterion.levels]
        assert labels in (helped, ["Not yet shown", "Shown"])
        assert criterion.met_at == (4 if labels == helped else 2)
        assert [level.number for level in criterion.levels] == list(range(1, len(labels) + 1))


@every_file
def test_every_anchor_is_of_its_own_behavior(path: Path) -> None:
    for rubric in (read(path), in_language(read(path), "es")):
        anchors = [level.anchor for criterion in rubric.criteria for level in criterion.levels]
        assert len(set(anchors)) == len(anchors)


@every_file
def test_cap_b3_every_criterion_has_a_guide_an_example_and_something_to_watch_for(path: Path) -> None:
    for criterion in read(path).criteria:
        assert criterion.guide
        assert criterion.example
        assert len(criterion.watch_for) >= 3


@pytest.mark.parametrize("key", sorted(CRITERIA.keys() - {PEER_SUPPORT}))
def test_observers_find_an_example_of_help_and_of_none(key: str) -> None:
    for criterion in named(key).criteria:
        with_help = [level for level in criterion.levels if level.number < criterion.met_at and level.example]
        without = [level for level in criterion.levels if level.number >= criterion.met_at and level.example]
        assert with_help
        assert without


def test_cap_b3_peer_support_has_eight_criteria_with_five_anchored_levels_each(peer_support: Rubric) -> None:
    assert len(peer_support.criteria) == 8
    for criterion in peer_support.criteria:
        assert [level.number for level in criterion.levels] == [1, 2, 3, 4, 5]


def test_cap_b3_the_behaviors_and_what_works_against_them_are_there(peer_support: Rubric) -> None:
    said = " ".join(f"{criterion.statement} {' '.join(criterion.watch_for)}" for criterion in peer_support.criteria)
    for behavior in ("Listens more than they speak", "asks rather than assumes", "offers a pause", "respects a no"):
        assert behavior in said
    for against in (
        "Interrupts",
        "easier for themselves",
        "Discourages talk",
        "clinical manner",
        "Presses for details",
    ):
        assert against in said


def test_what_must_be_met_in_peer_support_is_distress_and_limits(peer_support: Rubric) -> None:
    assert {criterion.key for criterion in peer_support.criteria if criterion.must_be_met} == {
        "notices-too-much",
        "role-and-limits",
    }


def test_cap_b4_sharing_ones_own_story_is_rated_by_how_and_never_by_what() -> None:
    found = sharing_criteria()
    assert len(found) == 7
    for criterion in found:
        assert criterion.may_be_not_observed
        assert re.search(r"write down (nothing of the story|how the link was made and nothing)", criterion.guide)


def test_cap_b4_the_spanish_words_ask_for_no_story_either() -> None:
    for criterion in in_language(named("sharing-with-purpose"), "es").criteria:
        assert "nada de la historia misma" in criterion.guide


def test_supervision_is_rated_by_values_with_the_persons_own_agenda_first() -> None:
    rubric = named("supervision-session")
    assert [criterion.key for criterion in rubric.criteria] == [
        "persons-agenda-first",
        "thinks-with-them",  # mutuality
        "feedback-by-choice",  # choice
        "names-what-it-made-possible",  # hope
        "back-to-the-peer-role",  # boundaries
        "asks-about-strain",  # strain
        "power-and-background",
        "what-leaves-the-room",
    ]
    assert "their practice is not rated here" in rubric.summary
