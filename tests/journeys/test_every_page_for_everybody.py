"""Every page that somebody of a whole house can open, in each language: with a phone, a keyboard, a screen reader.

Each is looked at by axe and by `looking.py`: light and dark, with forced colors, without motion, and at 400 percent.
`make test` looks at a few addresses in each language, always the same; `make test-all` at all of them.
"""

import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from lti_tool.services.languages import languages
from tests.databases import SqliteFiles
from tests.journeys.looking import everything
from tests.journeys.whole_house import Readers, house_on_a_port
from tests.lti_tool.web.whole_house import WholeHouse

LOTS = 8
SAMPLE = 60
"""One address in so many."""
WAYS = {"en": "ltr", "es": "ltr", "ar": "rtl"}


@pytest.fixture(scope="module")
def house(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHouse]:
    with sqlite_files.fresh(tmp_path_factory.mktemp("house")) as database, house_on_a_port(database) as house:
        yield house


def shares() -> Iterator[object]:
    """Each language: a sample, and all in lots."""
    for language in WAYS:
        yield pytest.param(language, None, id=f"{language}, a sample")
        for lot in range(LOTS):
            yield pytest.param(language, lot, id=f"{language}, lot {lot + 1}", marks=pytest.mark.full)


def is_in(endpoint: str, language: str, lot: int | None) -> bool:
    """Whether this share has the page; a sample has others in each language."""
    if lot is None:
        return zlib.crc32(f"{language} {endpoint}".encode()) % SAMPLE == 0
    return zlib.crc32(endpoint.encode()) % LOTS == lot


def test_every_language_is_looked_at() -> None:
    assert set(WAYS) == set(languages())


@pytest.mark.parametrize(("language", "lot"), list(shares()))
def test_ux_e1_ux_e3_every_page_is_for_everybody(
    house: WholeHouse, chromium: Browser, language: str, lot: int | None
) -> None:
    rules = [rule for rule in house.rules() if is_in(rule.endpoint, language, lot)]
    found_there = house.pages(rules, headers={"Accept-Language": language})
    pages = [each for each in found_there if "<html" in each.html]  # a script asks for parts of some
    readers = Readers(chromium, house, language)
    problems: list[str] = []
    try:
        for each in pages:
            page = readers.page(each.who)
            page.goto(f"{house.url}{each.address}")
            if not page.url.startswith(house.url):
                continue  # a page that goes on to the LMS by itself
            if page.evaluate("document.documentElement.dir") != WAYS[language]:
                problems.append(f"{each.who} {each.address} is written the wrong way")
            problems += [f"{each.endpoint} ({each.who} {each.address}) {found}" for found in everything(page)]
    finally:
        readers.close()
    assert pages
    assert not problems, "\n".join(problems)
