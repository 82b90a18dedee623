"""Wording rules in and out of files, and those that come with Attune."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.documents import DocumentProblems
from lti_tool.documents.rubric import read_rubric
from lti_tool.documents.wording import bundled_rules, read_rules, write_rules
from lti_tool.paths import CONFIG
from rubrics.rubric import Rubric
from rubrics.wording import Finding, Kind, Rule, lint
from tests.rubrics.making import LEVELS, a_criterion, a_rubric

LANGUAGES = ("en", "es", "ar")
WRITTEN = """
language = "en"

[[rules]]
code = "family"
kind = "banned"
words = ["dysfunctional famil*"]
instead = ["a family under strain"]
unless = ["“dysfunctional family”"]
sentence = "Our family council asks for other words."

[[rules]]
kind = "double"
words = ["&"]
"""


def found_at(rubric: Rubric) -> list[Finding]:
    return list(lint(rubric, bundled_rules()))


def with_anchor(anchor: str, language: str = "en") -> Rubric:
    return a_rubric(a_criterion(levels=(replace(LEVELS[0], anchor=anchor), *LEVELS[1:])), language=language)


def with_statement(statement: str, language: str = "en") -> Rubric:
    return a_rubric(a_criterion(statement=statement), language=language)


def problems_with(text: str) -> dict[str, str]:
    with pytest.raises(DocumentProblems) as found:
        read_rules(text, source="mine.toml")
    assert all(problem.source == "mine.toml" for problem in found.value.problems)
    return {problem.place: problem.sentence for problem in found.value.problems}


def test_rules_are_read_as_they_are_written() -> None:
    assert read_rules(WRITTEN, source="mine.toml") == (
        Rule(
            code="family",
            language="en",
            kind=Kind.BANNED,
            words=("dysfunctional famil*",),
            sentence="Our family council asks for other words.",
            instead=("a family under strain",),
            unless=("“dysfunctional family”",),
        ),
        Rule(code="rule-2", language="en", kind=Kind.DOUBLE, words=("&",)),
    )


trimmed = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0")).map(str.strip).map(lambda text: text[:90].strip())
)
word = trimmed.filter(lambda text: bool(text.replace("*", "").strip()) and text.count("*") < 2)
rule = st.builds(
    Rule,
    code=trimmed.filter(bool),
    language=st.just("es-MX"),
    kind=st.sampled_from(Kind),
    words=st.lists(word, min_size=1, max_size=3).map(tuple),
    sentence=trimmed,
    instead=st.lists(trimmed, max_size=2).map(tuple),
    unless=st.lists(word, max_size=2).map(tuple),
)


@given(st.lists(rule, max_size=3).map(tuple))
def test_writing_and_reading_gives_back_equal_rules(rules: tuple[Rule, ...]) -> None:
    assert read_rules(write_rules("es-MX", rules), source="x") == rules


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ('language = "en"', 'language = "English"', "language", "“English”"),
        ('language = "en"', "", "language", 'language = "en"'),
        ('"banned"', '"forbid"', "rules[1].kind", "'unobservable'"),
        ("words = [", "word = [", "rules[1].word", "words?"),
        ('["&"]', "[]", "rules[2].words", "at least one word"),
        ('["&"]', '["&", " * "]', "rules[2].words[2]", "names no word"),
        ('["&"]', '["a*b*c"]', "rules[2].words[1]", "two stars"),
        ('["&"]', f'["{"a" * 101}"]', "rules[2].words[1]", "100 letters"),
        ("Our family", "O" * 500, "rules[1].sentence", "500 letters"),
        ('["&"]', '["&"', "line", "quotes"),
    ],
)
def test_what_is_to_be_mended_is_said_with_its_place(old: str, new: str, place: str, says: str) -> None:
    assert old in WRITTEN
    ((where, sentence),) = problems_with(WRITTEN.replace(old, new, 1)).items()
    assert where == place or (place == "line" and where.startswith(("line", "the end")))
    assert says in sentence


def test_more_rules_than_anybody_reads_are_told_how_many_they_are() -> None:
    head, rule, rest = WRITTEN.partition("[[rules]]")
    one = rule + rest.partition("[[rules]]")[0]
    assert "51 rules" in problems_with(head + one * 51)["rules"]


def test_all_that_is_to_be_mended_is_said_at_once() -> None:
    text = WRITTEN.replace('["&"]', "[]").replace('["dysfunctional famil*"]', '["*"]').replace('"en"', '"e"')
    assert list(problems_with(text)) == ["language", "rules[1].words[1]", "rules[2].words"]


@given(st.text())
def test_whatever_is_written_is_read_or_answered_with_problems(text: str) -> None:
    assert problems_with(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_that_comes_with_attune_has_rules_of_every_kind_with_other_words(language: str) -> None:
    rules = [each for each in bundled_rules() if each.language == language]
    assert {each.kind for each in rules} == set(Kind)
    assert all(each.instead for each in rules if each.kind is not Kind.DOUBLE)
    assert len({each.code for each in rules}) == len(rules)


def test_all_languages_have_the_same_rules() -> None:
    codes = {language: [each.code for each in bundled_rules() if each.language == language] for language in LANGUAGES}
    assert codes["en"] == codes["es"] == codes["ar"]


@pytest.mark.parametrize("path", sorted((CONFIG / "rubrics").glob("*.toml")), ids=lambda path: path.stem)
def test_cap_a4_a_bundled_rubric_has_no_word_that_keeps_it_from_being_published(path: object) -> None:
    assert isinstance(path, type(CONFIG))
    rubric = read_rubric(path.read_text(encoding="utf-8"), source=path.name)
    assert [each for each in found_at(rubric) if each.blocks] == []


@pytest.mark.parametrize(
    ("language", "label", "instead"),
    [("en", "Fail", "not yet shown"), ("en-US", "FAILED", "not yet shown"), ("es", "Falló", "aún no se ha mostrado"),
     ("ar", "فَشِلَ", "لم يظهر بعد"), ("ar", "والفشل", "لم يظهر بعد"), ("ar", "اخفاق", "لم يظهر بعد")],
)  # fmt: skip
def test_cap_a4_a_level_called_fail_is_answered_with_not_yet_shown(language: str, label: str, instead: str) -> None:
    levels = (replace(LEVELS[0], label=label), *LEVELS[1:])
    (finding,) = [each for each in found_at(a_rubric(a_criterion(levels=levels), language=language)) if each.blocks]
    assert finding.found == label
    assert instead in finding.instead


@pytest.mark.parametrize(
    ("language", "anchor"),
    [
        ("en", "Failed to listen."), ("en", "Was incompetent."), ("en", "Was not competent."), ("en", "Deficient."),
        ("en", "Non-compliant."), ("en", "Noncompliance."), ("en", "Inadequately done"), ("en", "A remediation"),
        ("en", "Treats the person as an addict"), ("es", "Fue incompetente."), ("es", "Deficiente"),
        ("es", "Incumplimiento del acuerdo"), ("es", "Trata a la persona como adicta"),
        ("ar", "بدا غير كفؤ."), ("ar", "معاملة الشخص كالمدمن"), ("ar", "فهو غير ملتزم بالخطة."), ("ar", "رسبت هنا"),
    ],
)  # fmt: skip
def test_cap_a4_an_anchor_that_wounds_is_not_published(language: str, anchor: str) -> None:
    assert any(each.blocks for each in found_at(with_anchor(anchor, language)))


@pytest.mark.parametrize(
    ("language", "anchor"),
    [
        ("en", "Was unfailingly kind."), ("en", "Competent help was near."), ("en", "Sought compliance of none."),
        ("en", "Named natural supports."), ("en", "Asked about addiction services."), ("en", "Kept calm."),
        ("es", "Ofreció una pausa sin ayuda."), ("es", "Suspendió la sesión con la persona."),
        ("es", "Se localizó un lugar tranquilo."), ("nl", "Fail."), ("ar", "عرض استراحة دون مساعدة."),
        ("ar", "السؤال عن خدمات علاج الإدمان."), ("ar", "دعم الضحايا القريب."), ("ar", "قول «فشلت» كما قاله الشخص."),
    ],
)  # fmt: skip
def test_words_that_only_look_alike_are_left_alone(language: str, anchor: str) -> None:
    assert found_at(with_anchor(anchor, language)) == []


@pytest.mark.parametrize(
    ("language", "anchor", "code"),
    [
        ("en", "Always lets silences be.", "forever"), ("en", "Is a good listener.", "traits"),
        ("en", "Lacks patience.", "lacks"), ("en", "Has the right attitude.", "traits"),
        ("en", "A natural.", "traits"), ("en", "Was empathetic.", "adjectives"), ("en", "Excellent.", "quality"),
        ("es", "Nunca interrumpe.", "forever"), ("es", "Es una buena oyente.", "traits"),
        ("es", "Le falta paciencia.", "lacks"), ("es", "Tiene buena actitud.", "traits"),
        ("es", "Es empática.", "adjectives"), ("en", "Meets expectations", "quality"), ("es", "Excelente.", "quality"),
        ("ar", "دائمًا يترك مجالًا.", "forever"), ("ar", "هو صَبور.", "adjectives"), ("ar", "بطبعه هادئ.", "traits"),
        ("ar", "أداء ممتاز.", "quality"), ("ar", "يفتقر إلى الهدوء.", "lacks"),
    ],
)  # fmt: skip
def test_an_anchor_that_describes_the_person_is_suggested_to_describe_the_help(
    language: str, anchor: str, code: str
) -> None:
    assert [(each.code, each.blocks) for each in found_at(with_anchor(anchor, language))] == [(code, False)]


@pytest.mark.parametrize(
    ("language", "statement", "code"),
    [
        ("en", "Understands the limits of the role", "inside"), ("en", "Is aware of triggers", "inside"),
        ("en", "Believes in recovery", "inside"), ("en", "Is a good listener", "inside"),
        ("es", "Es empática", "inside"), ("es", "Comprende los límites", "inside"),
        ("es", "Es consciente de las señales", "inside"), ("es", "Se da cuenta de las señales", "inside"),
        ("en", "Listens and validates", "two-in-one"), ("en", "Asks or offers", "two-in-one"),
        ("en", "Asks; listens", "two-in-one"), ("en", "Asks/listens", "two-in-one"),
        ("en", "Asks as well as listens", "two-in-one"), ("es", "Escucha y valida", "two-in-one"),
        ("es", "Pregunta e invita", "two-in-one"), ("es", "Pregunta así como ofrece", "two-in-one"),
        ("ar", "فهم حدود الدور", "inside"), ("ar", "الوعي بالمحفّزات", "inside"),
        ("ar", "الإصغاء والسؤال", "two-in-one"), ("ar", "السؤال ثم العرض", "two-in-one"),
    ],
)  # fmt: skip
def test_a_statement_names_one_thing_that_can_be_seen(language: str, statement: str, code: str) -> None:
    codes = [each.code for each in found_at(with_statement(statement, language))]
    assert codes
    assert set(codes) == {code}


@pytest.mark.parametrize(
    ("language", "statement"),
    [
        ("en", "Validates what the person feels"), ("en", "Says what a peer can and cannot do"),
        ("en", "Names what speaks for and against each option"), ("en", "Asks what he/she wants"),
        ("es", "Valida lo que la persona siente"), ("es", "Pregunta por el lugar y la hora"),
        ("es", "Dice lo que puede y no puede hacer"), ("ar", "السؤال عن المكان والوقت"), ("ar", "قول ما يفهمه الشخص"),
    ],
)  # fmt: skip
def test_one_behavior_in_several_words_is_left_alone(language: str, statement: str) -> None:
    assert found_at(with_statement(statement, language)) == []
