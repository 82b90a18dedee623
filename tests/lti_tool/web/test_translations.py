"""Every translation compiles and is kind; a page comes in its reader's language."""

import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from sqlalchemy import update

from lti_tool.paths import TRANSLATIONS
from lti_tool.services.languages import languages
from lti_tool.store.people import SessionRow
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.course import Course

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
OF_TWO = 2
"""So many forms has a language that knows one and many."""
OWN_FORMS = ("none", "one", "two")
SPANISH = TRANSLATIONS / "es" / "LC_MESSAGES" / "messages.po"
HARSH = r"reprob|fallid|fracas|rechaz|deneg|inválid|ilegal|vencid|caduc|infracci|incumpl|prohibid|sospech|obligatori"
OTHER_WORDS = r"alumn|estudiante|profesor|docente|paciente|usuari|aprob"
FAMILIAR = r"\b(?:tú|tu|tus|tuyo|tuya|contigo|puedes|tienes|quieres|vosotros|vuestr[oa]s?)\b"
ARABIC = TRANSLATIONS / "ar" / "LC_MESSAGES" / "messages.po"
GLUED = r"(?<![^\W\d_])[وف]?(?:[بلك]|لل)%\("
"""A preposition that is written together with what follows: a name in Latin letters, or a number, cannot take it."""
READER = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}

each_catalog = pytest.mark.parametrize(
    "path", sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")), ids=lambda path: path.parts[-3]
)


@cache
def messages(path: Path) -> list[Message]:
    with path.open("rb") as text:
        return [message for message in read_po(text) if message.id]


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@each_catalog
def test_the_catalog_compiles_and_loses_nothing(path: Path) -> None:
    with path.open("rb") as text:
        catalog = read_po(text, locale=path.parts[-3])
    binary = BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    assert len(read_mo(binary)) == len(catalog)
    assert path.parts[-3] in languages(), "run: make setup"


@each_catalog
def test_each_form_has_the_places_of_its_source_as_often(path: Path) -> None:
    for message in messages(path):
        wanted = [sorted(PLACE.findall(form)) for form in forms(message.id)]
        spelled = [[place for place in places if not place.startswith(("%(num)", "%(count)"))] for places in wanted]
        said = forms(message.string)
        for number, form in enumerate(said):
            # Where a language has forms of their own for none, one and two, the number may be part of the word.
            own = len(said) > OF_TWO and number < len(OWN_FORMS)
            assert sorted(PLACE.findall(form)) in (wanted + spelled if own else wanted), message.id


@each_catalog
def test_no_translation_is_empty_or_unsure(path: Path) -> None:
    assert [message.id for message in messages(path) if message.fuzzy or not all(forms(message.string))] == []


@pytest.mark.parametrize("words", [HARSH, OTHER_WORDS, FAMILIAR, "!"], ids=["harsh", "other", "familiar", "loud"])
def test_the_spanish_is_kind_and_keeps_to_the_glossary(words: str) -> None:
    spanish = [form for message in messages(SPANISH) for form in forms(message.string)]
    assert [form for form in spanish if re.search(words, form, re.IGNORECASE)] == []


@pytest.mark.parametrize("marks", [GLUED, "[“”]", "ـ", "[٠-٩]"], ids=["glued", "quotes", "stretched", "digits"])
def test_the_arabic_keeps_to_the_marks_of_the_glossary(marks: str) -> None:
    arabic = [form for message in messages(ARABIC) for form in forms(message.string)]
    assert [form for form in arabic if re.search(marks, form)] == []


def test_a_page_comes_in_the_language_that_the_browser_asks_for(browser: Browser) -> None:
    page = browser.get("/support", headers=READER).text
    assert '<html lang="es"' in page
    assert "Salir de esta página" in page
    assert "Leave this page" not in page


def test_a_page_that_tells_of_a_problem_comes_in_spanish_too(browser: Browser) -> None:
    page = browser.get("/nowhere", headers=READER).text
    assert "Aquí no hay nada para usted" in page
    assert "Referencia:" in page


def test_someone_without_an_lms_reads_the_language_of_their_browser(come_in: Callable[..., Browser]) -> None:
    assert "<h1>Plataformas</h1>" in come_in(operator=True).get("/operator", headers=READER).text


def test_the_language_of_the_launch_comes_before_that_of_the_browser(course: Course) -> None:
    sam = course.browser("sam")
    assert '<html lang="en"' in sam.get(course.home, headers=READER).text
    course.world.session.execute(update(SessionRow).values(locale="es_MX"))
    course.kept()
    page = sam.get(course.home, headers={"Accept-Language": "en"}).text
    assert '<html lang="es"' in page
    assert "Pedir una observación" in page
