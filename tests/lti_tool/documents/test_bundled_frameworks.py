"""The frameworks that come with Attune."""

from pathlib import Path
from uuid import UUID

import pytest

from grading.competency import Competency, Framework, Kind, Words, problems, tree
from lti_tool.documents.framework import from_document, identifier_of, read_framework, to_document
from lti_tool.paths import CONFIG, TRANSLATIONS
from rubrics.rubric import Principle
from tests.rubrics.words import BANNED

FILES = sorted((CONFIG / "frameworks").glob("*.toml"))
OF_OTHERS = ("california-peer-topics", "samhsa-peer-competencies", "samhsa-trauma-informed-approach")
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
of_others = pytest.mark.parametrize("key", OF_OTHERS)

LOCALES = ("en", *sorted(path.name for path in TRANSLATIONS.iterdir() if (path / "LC_MESSAGES").is_dir()))
DOMAINS = {
    "active listening, empathy, communication, boundaries": ("A1", "A2", "A3", "A4", "E2", "F1"),
    "ethics": ("F2", "F3", "F4"),
    "systems": ("D1", "D2", "D3", "G1", "G2", "G3"),
    "self-awareness": ("H2",),
    "cultural competence": ("A3", "H4"),
    "recovery orientation": ("B1", "B2", "B3", "B4", "C1", "C2", "C3", "C4"),
    "supervision and continuing education": ("H1", "H3"),
}
"""The seven domains of CAPABILITIES B2, and the practices that show them."""
NAMED = {
    "en": {
        "active listening, empathy, communication, boundaries": ("Active listening", "empathy", "Boundaries"),
        "ethics": ("ethics",),
        "systems": ("Systems",),
        "self-awareness": ("Self-awareness",),
        "cultural competence": ("cultural competence",),
        "recovery orientation": ("Recovery orientation",),
        "supervision and continuing education": ("supervision", "continuing education"),
    },
    "ar": {
        "active listening, empathy, communication, boundaries": ("الاستماع الفعّال", "التعاطف", "الحدود"),
        "ethics": ("الأخلاقيات",),
        "systems": ("المنظومات",),
        "self-awareness": ("الوعي بالذات",),
        "cultural competence": ("الكفاءة الثقافية",),
        "recovery orientation": ("التوجّه نحو التعافي",),
        "supervision and continuing education": ("الإشراف", "التعليم المستمر"),
    },
    "es": {
        "active listening, empathy, communication, boundaries": ("Escucha activa", "empatía", "Límites"),
        "ethics": ("ética",),
        "systems": ("Sistemas",),
        "self-awareness": ("Autoconocimiento",),
        "cultural competence": ("competencia cultural",),
        "recovery orientation": ("Orientación a la recuperación",),
        "supervision and continuing education": ("supervisión", "formación continua"),
    },
}


def read(path: Path) -> Framework:
    return read_framework(path.read_text(encoding="utf-8"), source=path.name)


def named(key: str) -> Framework:
    return read(CONFIG / "frameworks" / f"{key}.toml")


def spoken(competency: Competency, locale: str) -> Words:
    """The competency's words in a locale of the pages."""
    if locale == "en":
        return Words("en", competency.statement, notes=competency.notes)
    return next(words for words in competency.translations if words.language == locale)


@pytest.fixture(scope="module")
def starter() -> Framework:
    return named("starter")


def test_our_own_framework_and_those_of_others_that_may_be_bundled_are_there() -> None:
    assert sorted(path.stem for path in FILES) == sorted(("starter", *OF_OTHERS))


@every_file
def test_the_page_about_the_library_names_each_framework_and_its_rights(path: Path) -> None:
    page = (CONFIG.parent / "docs" / "library.md").read_text(encoding="utf-8")
    assert f"| `{path.stem}` |" in page


@every_file
def test_a_bundled_framework_is_in_order_and_says_its_rights_and_its_source(path: Path) -> None:
    framework = read(path)
    assert framework.key == path.stem
    assert problems(framework) == ()
    assert framework.license
    assert framework.source
    assert framework.creator
    assert framework.reviewed_by_your_people is None
    assert from_document(to_document(framework)) == framework


@every_file
def test_the_identifiers_are_the_uuids_that_they_claim_to_be(path: Path) -> None:
    framework = read(path)
    assert framework.identifier == identifier_of(framework.key)
    assert UUID(framework.identifier).version == 5
    for competency in framework.competencies:
        assert competency.identifier == identifier_of(framework.key, competency.code)
    written = path.read_text(encoding="utf-8")
    assert all(f'identifier = "{competency.identifier}"' in written for competency in framework.competencies)


def test_identifiers_of_the_starter_framework_are_the_same_for_ever(starter: Framework) -> None:
    stands = {competency.code: competency.identifier for competency in starter.competencies}
    assert starter.identifier == "efef44ad-dbf2-567f-9cc1-e3041facf914"
    assert stands["A1"] == "ec159a34-4c06-5c6a-9127-03c94b51c360"


@every_file
def test_a_bundled_framework_can_be_read_in_every_language_of_the_pages(path: Path) -> None:
    framework = read(path)
    for locale in LOCALES[1:]:
        of_the_whole = next(words for words in framework.translations if words.language == locale)
        assert of_the_whole.statement
        assert of_the_whole.notes
        for competency in framework.competencies:
            words = spoken(competency, locale)
            assert words.statement
            assert bool(words.notes) == bool(competency.notes)


@every_file
def test_cap_a4_our_own_words_in_a_framework_wound_nobody(path: Path) -> None:
    framework = read(path)
    own = [framework.description, framework.notice, *(words.notes for words in framework.translations)]
    assert BANNED.findall(" ".join(own)) == []


def test_the_starter_framework_has_eight_areas_and_thirty_observables(starter: Framework) -> None:
    areas = [node for node in tree(starter) if node.depth == 0]
    assert "".join(node.competency.code for node in areas) == "ABCDEFGH"
    assert [len(node.children) for node in areas] == [4, 4, 4, 3, 4, 4, 3, 4]
    practices = [each for each in starter.competencies if each.observable]
    assert len(practices) == 30
    assert all(each.parent for each in practices)
    assert not any(node.competency.observable for node in areas)


def test_the_starter_framework_says_that_nobody_of_yours_reviewed_it(starter: Framework) -> None:
    assert "Not yet reviewed by your people" in starter.description
    assert "Todavía no lo han revisado las personas de su comunidad" in starter.translations[0].notes


def test_the_starter_framework_says_what_kind_each_practice_is(starter: Framework) -> None:
    kinds = {each.code: each.kind for each in starter.competencies}
    assert None not in kinds.values()
    assert (kinds["D1"], kinds["H4"], kinds["B4"]) == (Kind.KNOWLEDGE, Kind.ATTITUDE, Kind.ATTITUDE)


def test_what_is_critical_for_safety_is_marked(starter: Framework) -> None:
    marked = {each.code for each in starter.competencies if "must be met" in each.notes}
    assert marked == {"E3", "E4", "F2", "F4"}


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("locale", LOCALES)
def test_cap_b2_each_of_the_seven_domains_is_there_in_every_locale(
    starter: Framework, locale: str, domain: str
) -> None:
    by_code = {each.code: each for each in starter.competencies}
    assert all(spoken(by_code[code], locale).statement for code in DOMAINS[domain])
    areas = {code[0] for code in DOMAINS[domain]}
    said = " ".join(
        f"{spoken(by_code[area], locale).statement} {spoken(by_code[area], locale).notes}" for area in areas
    )
    assert all(name in said for name in NAMED[locale][domain])


def test_cap_b2_every_practice_belongs_to_a_domain_and_safety_to_all(starter: Framework) -> None:
    placed = {code for codes in DOMAINS.values() for code in codes}
    rest = {each.code for each in starter.competencies if each.observable} - placed
    assert rest == {"E1", "E3", "E4"}


@of_others
def test_what_others_own_has_their_notice_and_claims_nothing(key: str) -> None:
    framework = named(key)
    assert "no part of Attune's software license" in framework.notice
    assert "no endorsement of Attune" in framework.notice
    assert "The Spanish and Arabic words are Attune's own, and not official" in framework.notice
    assert "La traducción al español es de Attune: no es oficial" in framework.translations[0].notes
    assert framework.source.startswith("https://")
    assert "Apache" not in framework.license


@pytest.mark.parametrize("key", ["samhsa-peer-competencies", "samhsa-trauma-informed-approach"])
def test_titles_of_the_agency_are_not_for_a_fee_without_its_leave(key: str) -> None:
    notice = named(key).notice
    assert "for a fee without specific, written authorization" in notice
    assert "Substance Abuse and Mental Health Services Administration" in notice


def test_the_trauma_principles_are_those_that_rubrics_are_tagged_with() -> None:
    framework = named("samhsa-trauma-informed-approach")
    groups = {node.competency.code: len(node.children) for node in tree(framework) if node.depth == 0}
    assert groups == {"P": len(Principle), "R": 4, "D": 10}
    assert not any(competency.observable for competency in framework.competencies)


@pytest.mark.parametrize(("key", "many"), [("samhsa-peer-competencies", 12), ("california-peer-topics", 16)])
def test_only_titles_are_kept_and_nothing_of_the_text_below_them(key: str, many: int) -> None:
    framework = named(key)
    assert [each.code for each in framework.competencies] == [str(number) for number in range(1, many + 1)]
    assert not any(each.notes or each.parent for each in framework.competencies)
    assert max(len(each.statement) for each in framework.competencies) < 80


def test_cap_b5_the_starter_framework_is_set_beside_the_others_by_identifier(starter: Framework) -> None:
    own = {each.identifier for each in starter.competencies}
    others = {each.identifier: f"{each.code} {each.statement}" for key in OF_OTHERS for each in named(key).competencies}
    assert starter.links
    for link in starter.links:
        assert link.origin in own
        assert others[link.destination] == link.destination_title
        assert link.note
