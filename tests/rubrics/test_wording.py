"""Words that wound, and words with which nobody can rate: where each kind of rule looks, and what it spares."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rubrics.rubric import Rubric
from rubrics.rubric_texts import Text, Use, texts
from rubrics.translation import CriterionWords, LevelWords, Translation
from rubrics.wording import MISSING_ANCHOR, Finding, Kind, Rule, lint, lint_text
from tests.rubrics.making import LEVELS, a_criterion, a_rubric, rubrics

FAIL = Rule("failure", "en", Kind.BANNED, ("fail", "failed"), instead=("not yet shown",))
ALWAYS = Rule("forever", "en", Kind.PERSON, ("always", "is a good *"))
KNOWS = Rule("inside", "en", Kind.UNOBSERVABLE, ("understands", "knows", "feels"))
AND = Rule("two-in-one", "en", Kind.DOUBLE, ("and *s", "/", "as well as"), unless=("he/she",))
RULES = (FAIL, ALWAYS, KNOWS, AND)

rules = st.builds(
    Rule,
    code=st.text(),
    language=st.sampled_from(("en", "es", "en-US")),
    kind=st.sampled_from(Kind),
    words=st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=3).map(tuple),
    sentence=st.text(),
    unless=st.lists(st.text(min_size=1).filter(str.strip), max_size=2).map(tuple),
)


def with_anchor(anchor: str, *, language: str = "en-US") -> Rubric:
    levels = (replace(LEVELS[0], anchor=anchor), *LEVELS[1:])
    return a_rubric(a_criterion(levels=levels), language=language)


def with_statement(statement: str) -> Rubric:
    return a_rubric(a_criterion(statement=statement))


def found_in(rubric: Rubric, *looked_for: Rule) -> list[str]:
    return [finding.found for finding in lint(rubric, looked_for or RULES)]


def test_a_rubric_that_describes_what_is_done_is_left_alone() -> None:
    assert lint(a_rubric(), RULES) == ()


def test_cap_a4_a_level_called_fail_is_answered_with_not_yet_shown() -> None:
    levels = (replace(LEVELS[0], label="Fail"), *LEVELS[1:])
    (finding,) = lint(a_rubric(a_criterion(), a_criterion("listens", levels=levels)), RULES)
    assert finding == Finding(
        "criteria[2].levels[1].label", "failure", True, finding.sentence, "Fail", ("not yet shown",)
    )
    assert "“Fail”" in finding.in_english()


@pytest.mark.parametrize("anchor", ["It FAILED.", "Failed", "fail-safe?", "They (failed)."])
def test_whole_words_are_found_whatever_their_case(anchor: str) -> None:
    assert [found.casefold() for found in found_in(with_anchor(anchor))] in (["fail"], ["failed"])


@pytest.mark.parametrize("anchor", ["Was unfailingly kind.", "The failsafe plan was kept to.", "A-failable plan."])
def test_words_that_only_look_alike_are_left_alone(anchor: str) -> None:
    assert found_in(with_anchor(anchor)) == []


def test_a_word_that_stands_there_twice_is_told_once() -> None:
    assert found_in(with_anchor("Failed, and failed again.")) == ["Failed"]


def test_a_phrase_is_found_over_the_end_of_a_line_and_with_any_word_at_its_star() -> None:
    assert found_in(with_anchor("Is a  good\nlistener.")) == ["Is a  good\nlistener"]


def test_accents_are_found_however_they_are_typed() -> None:
    rule = Rule("fallo", "es", Kind.BANNED, ("falló",))
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, "Falló.")
        assert found_in(with_anchor(typed, language="es"), rule) == [typed[:-1]]


@pytest.mark.parametrize(
    "typed", ["Fallo.", unicodedata.normalize("NFD", "Falló."), unicodedata.normalize("NFC", "Falló.")]
)
def test_a_letter_with_an_accent_is_another_letter(typed: str) -> None:
    rule = Rule("fallo", "es", Kind.BANNED, ("fallo",))
    assert bool(found_in(with_anchor(typed, language="es"), rule)) is (typed == "Fallo.")


def test_a_rule_for_a_language_is_for_all_its_regions_and_one_for_a_region_is_for_it_alone() -> None:
    mexican = replace(FAIL, language="es-MX")
    spanish = replace(FAIL, language="es")
    assert found_in(with_anchor("Fail", language="es-MX"), mexican) == ["Fail"]
    assert found_in(with_anchor("Fail", language="es-MX"), spanish) == ["Fail"]
    assert found_in(with_anchor("Fail", language="es"), mexican) == []
    assert found_in(with_anchor("Fail", language="nl"), mexican, spanish, FAIL) == []


def test_a_translation_is_looked_at_with_the_rules_of_its_language_at_the_places_of_the_rubric() -> None:
    words = CriterionWords(key="listens", statement="Escucha", levels=(LevelWords(3, "Fracaso", "Fail"),))
    rubric = a_rubric(translations=(Translation(language="es", title="Fail", criteria=(words,)),))
    spanish = Rule("fracaso", "es", Kind.BANNED, ("fracaso",))
    assert [(each.place, each.found) for each in lint(rubric, (FAIL, spanish))] == [
        ("translations[1].criteria[2].levels[3].label", "Fracaso")
    ]


@pytest.mark.parametrize("changes", [{"title": "To fail"}, {"summary": "Who failed?"}])
def test_banned_words_keep_a_rubric_from_being_published_wherever_a_trainee_is_described(
    changes: dict[str, str],
) -> None:
    (finding,) = lint(a_rubric(**changes), RULES)
    assert finding.blocks
    assert finding.place in changes


def test_in_guide_notes_a_banned_word_is_a_suggestion_and_in_examples_people_speak_as_they_do() -> None:
    criterion = a_criterion(guide="They fail.", watch_for=("Says they failed",), example="I failed, I know.")
    assert [(each.place, each.blocks) for each in lint(a_rubric(criterion), RULES)] == [
        ("criteria[1].guide", False),
        ("criteria[1].watch_for[1]", False),
    ]


def test_a_word_in_quotation_marks_is_somebodys_own() -> None:
    assert found_in(with_statement("Asks what “failed” means to the person")) == []
    assert found_in(with_anchor("Asked what «fail» means.")) == []


def test_anchors_and_labels_describe_the_help_and_not_the_person() -> None:
    (finding,) = lint(with_anchor("Is a good listener."), RULES)
    assert (finding.found, finding.blocks) == ("Is a good listener", False)
    assert found_in(with_statement("Always asks")) == []


@pytest.mark.parametrize("statement", ["Understands limits", "Always knows limits", "Listens, knows limits"])
def test_a_statement_begins_with_what_can_be_seen_or_heard(statement: str) -> None:
    (finding,) = lint(with_statement(statement), (KNOWS,))
    assert finding.found.casefold() in ("understands", "knows")
    assert not finding.blocks


@pytest.mark.parametrize("statement", ["Validates what the person feels", "Asks what the person already knows"])
def test_what_the_other_person_feels_or_knows_is_not_meant(statement: str) -> None:
    assert found_in(with_statement(statement)) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [("Listens and names feelings", "and names"), ("Asks/offers", "/"), ("Asks as well as listens", "as well as")],
)
def test_a_statement_of_two_behaviors_is_suggested_to_become_two(statement: str, found: str) -> None:
    assert found_in(with_statement(statement)) == [found]


def test_a_phrase_of_a_rule_that_is_spared_is_left_alone() -> None:
    assert found_in(with_statement("Asks what he/she wants")) == []


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_cap_b1_a_level_without_an_anchor_is_found(blank: str) -> None:
    (finding,) = lint(with_anchor(blank), ())
    assert (finding.place, finding.code, finding.blocks) == ("criteria[1].levels[1].anchor", MISSING_ANCHOR, True)


def test_a_programs_own_sentence_is_shown_as_it_is_written() -> None:
    rule = replace(FAIL, sentence="100% of us ask for %(other)s words.")
    (finding,) = lint(with_anchor("Failed."), (rule,))
    assert finding.in_english() == "100% of us ask for %(other)s words."


spoken = st.text("abcxyzñçéèíöß", min_size=1)


@given(spoken, spoken, st.sampled_from((unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é"))))
def test_every_word_is_found_between_others_and_not_within_another(word: str, other: str, accent: str) -> None:
    stands = word.replace("é", accent)

    def found(text: str, *looked_for: str) -> list[str]:
        rule = Rule("any", "en", Kind.PERSON, looked_for)
        return [finding.found for finding in lint_text(Text("", Use.ANCHOR, "en", text), (rule,))]

    assert found(f"1 {stands}, 2.", word) == [stands]
    assert found(f"1 {stands}{other}, {other}{stands} 2.", word) == []
    assert found(f"1 {stands}{other}  {other}!", f"{word}* {other}") == [f"{stands}{other}  {other}"]


@given(rubrics, st.lists(rules, max_size=3))
def test_whatever_is_found_stands_in_the_text_of_its_place(rubric: Rubric, looked_for: list[Rule]) -> None:
    at = {text.place: text for text in texts(rubric)}
    for finding in lint(rubric, looked_for):
        assert finding.in_english()
        if finding.code == MISSING_ANCHOR and not finding.found:
            assert at[finding.place].use is Use.ANCHOR
        else:
            assert finding.found in at[finding.place].words


@given(rubrics)
def test_every_place_is_another(rubric: Rubric) -> None:
    places = [text.place for text in texts(rubric)]
    assert len(set(places)) == len(places)
