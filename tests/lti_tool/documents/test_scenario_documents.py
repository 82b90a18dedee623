"""Scenarios in and out of files: everything comes back, and what is to be mended is named."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.documents import DocumentProblems
from lti_tool.documents.scenario import digest, read_scenarios, to_document, write_scenarios
from lti_tool.services.exchange.scenario_files import bundled_scenarios
from rubrics.practice import PracticeModel, Setting
from rubrics.scenario import KnownTag, Scenario, problems
from tests.rubrics.scenarios import a_scenario
from tests.rubrics.words import BANNED

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80).map(str.strip)
some = words.filter(bool)
tags = st.lists(st.from_regex("[a-zé]{1,5}( [a-z]{1,5})?", fullmatch=True), unique=True, max_size=4).map(tuple)
scenarios = st.builds(
    Scenario,
    title=some, about=words, words=words, roles=words, language=st.sampled_from(["en", "en-US", "es"]),
    content_notes=st.lists(some, max_size=3).map(tuple), tags=tags,
    models=st.lists(st.sampled_from(PracticeModel), unique=True).map(tuple),
    settings=st.lists(st.sampled_from(Setting), unique=True).map(tuple),
    group=words, license=words, credits=words,
)  # fmt: skip


def problem_with(text: str) -> tuple[str, str]:
    with pytest.raises(DocumentProblems) as found:
        read_scenarios(text, source="mine.toml")
    assert found.value.problems[0].source == "mine.toml"
    return found.value.problems[0].place, str(found.value.problems[0].sentence)


@settings(max_examples=60)
@given(st.lists(scenarios, max_size=3))
def test_cap_e12_scenarios_are_equal_on_the_way_back_with_license_and_provenance(those: list[Scenario]) -> None:
    assert read_scenarios(write_scenarios(those), source="x") == tuple(those)


@given(scenarios, scenarios)
def test_equal_scenarios_have_equal_digests_and_others_have_not(one: Scenario, other: Scenario) -> None:
    assert (digest(one) == digest(other)) == (one == other)


def test_what_is_read_first_stands_first() -> None:
    assert list(to_document(a_scenario()))[:4] == ["title", "about", "language", "content_notes"]


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ('[[scenarios]]\ntitle = "A"\n', "scenarios[1].language", "This is still needed."),
        ('[[scenarios]]\ntitle = "A"\nlanguage = "en"\nlicence = ""\n', "scenarios[1].licence", "license"),
        ('[[scenarios]]\ntitle = "A"\nlanguage = "en"\nmodels = ["duo"]\n', "scenarios[1].models[1]", "one_to_one"),
        ('[[scenarios]]\ntitle = ""\nlanguage = "en"\n', "scenarios[1].title", "title"),
        ("[[scenarios", "the end of the file", "The file can be read up to here."),
        ("", "scenarios", "[[scenarios]]"),
        ('[[scenarios]]\ntitle = "A"\nlanguage = "en"\n' * 201, "scenarios", "200"),
    ],
)
def test_what_is_to_be_mended_is_named_with_its_place(text: str, place: str, said: str) -> None:
    found_place, found = problem_with(text)
    assert found_place == place
    assert said in found


def test_cap_f5_those_that_come_with_attune_are_whole_and_speak_gently() -> None:
    assert len(bundled_scenarios()) >= 6
    for scenario in bundled_scenarios():
        assert problems(scenario) == ()
        assert scenario.content_notes
        for text in (scenario.title, scenario.about, scenario.words, scenario.roles, *scenario.content_notes):
            assert not BANNED.search(text), text


def test_those_that_come_with_attune_are_there_in_each_language_with_the_same_tags() -> None:
    told = Counter(
        (one.language, one.tags, one.models, one.settings, len(one.content_notes)) for one in bundled_scenarios()
    )
    in_each = {
        language: {each[1:]: number for each, number in told.items() if each[0] == language}
        for language in ("en-US", "es", "ar")
    }
    assert in_each["en-US"] == in_each["es"] == in_each["ar"]
    assert sum(in_each["ar"].values()) == len(bundled_scenarios()) / 3


def test_cap_b9_those_that_come_with_attune_have_each_known_tag() -> None:
    assert {tag for scenario in bundled_scenarios() for tag in scenario.tags} >= set(KnownTag)


def test_cap_b10_each_of_those_that_come_with_attune_has_others_of_its_group() -> None:
    groups = [scenario.group for scenario in bundled_scenarios()]
    assert len(set(groups)) >= 2
    assert all(groups.count(group) >= 3 for group in groups)


def test_a_file_that_holds_one_twice_is_read_as_it_is() -> None:
    twice = (a_scenario(), replace(a_scenario(), title="Again"))
    assert read_scenarios(write_scenarios(twice), source="x") == twice
