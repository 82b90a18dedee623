"""Every page that somebody of a whole house can open, in each language: with a phone, a keyboard, a screen reader.

Each is looked at by axe and by `looking.py`: light and dark, with forced colors, without motion, and at 400 percent.
`make test` looks at a few addresses in each language, always the same; `make test-all` at all of them.
"""

import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.services.languages import languages
from tests.databases import SqliteFiles
from tests.journeys.looking import everything
from tests.journeys.whole_house import Readers, house_on_a_port
from tests.lti_tool.web.whole_house import WholeHouse

LOTS = 8
SAMPLE = 200
"""One address in so many."""
WAYS = {"en": "ltr", "es": "ltr", "ar": "rtl"}


@pytest.fixture(scope="module")
def house(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHouse]:
    with sqlite_files.fresh(tmp_path_factory.mktemp("house")) as database, house_on_a_port(database) as house:
        yield house


SPOILT = {
    "button-name": ('<button aria-label=""></button>', ""),
    "is out of order": ('<a href="#" tabindex="3">Here</a>', ""),
    "wider than the screen": ('<p id="it">It</p>', "#it { width: 450px; }"),
    "does not show its focus": ('<a href="#" id="it">Here</a>', "#it { outline-color: transparent !important; }"),
    "in the dark, does not show its focus":
        ('<a href="#" id="it">Here</a>',
         "@media (prefers-color-scheme: dark) { #it { outline-color: #111 !important; } }"),
    "with forced colors, does not show its focus":
        ('<a href="#" id="it">Here</a>', "@media (forced-colors: active) { #it { outline: none !important; } }"),
    "has an edge that is hard to see":
        ('<input aria-label="It" id="it">', "#it { color: #000; background: #fff; border: 1px solid #eee; }"),
    "moves": ('<p id="it">It</p>', "#it { transition: color 1s !important; }"),
    "at 400 percent, is": ('<p id="it">It</p>', "#it { width: 350px; }"),
    "with more space, cuts text":
        ('<p id="it">It</p>', "#it { height: 20px; font-size: 16px; line-height: 20px; overflow: hidden; }"),
}  # fmt: skip
SPOIL = """([html, css]) => {
  document.querySelector("main").insertAdjacentHTML("beforeend", html);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
SHARES = [pytest.param(tuple(WAYS), None, id="a sample")]
SHARES += [
    pytest.param((language,), lot, id=f"{language}, lot {lot + 1}", marks=pytest.mark.full)
    for language in WAYS
    for lot in range(LOTS)
]


def is_in(endpoint: str, language: str, lot: int | None) -> bool:
    """Whether this share has the page; a sample has others in each language."""
    if lot is None:
        return zlib.crc32(f"{language} {endpoint}".encode()) % SAMPLE == 0
    return zlib.crc32(endpoint.encode()) % LOTS == lot


def problems(house: WholeHouse, chromium: Browser, language: str, lot: int | None) -> Iterator[str]:
    """What is found on the pages of this share in this language."""
    rules = [rule for rule in house.rules() if is_in(rule.endpoint, language, lot)]
    pages = house.pages(rules, headers={"Accept-Language": language})
    readers = Readers(chromium, house, language)
    try:
        for each in [page for page in pages if "<html" in page.html]:  # a script asks for parts of some
            page = readers.page(each.who)
            page.goto(f"{house.url}{each.address}")
            if not page.url.startswith(house.url):
                continue  # a page that goes on to the LMS by itself
            where = f"{language} {each.endpoint} ({each.who} {each.address})"
            if page.evaluate("document.documentElement.dir") != WAYS[language]:
                yield f"{where} is written the wrong way"
            yield from (f"{where} {found}" for found in everything(page))
    finally:
        readers.close()


def test_every_language_is_looked_at() -> None:
    assert set(WAYS) == set(languages())


@pytest.mark.parametrize(("read", "lot"), SHARES)
def test_ux_e1_ux_e3_every_page_is_for_everybody(
    house: WholeHouse, chromium: Browser, read: tuple[str, ...], lot: int | None
) -> None:
    found = [each for language in read for each in problems(house, chromium, language, lot)]
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def plain(house: WholeHouse, chromium: Browser) -> Iterator[tuple[Page, str]]:
    """A page on which nothing is found, and its address."""
    readers = Readers(chromium, house, "en")
    page, address = readers.page("sam"), f"{house.url}/support"
    page.goto(address)
    assert not everything(page)
    yield page, address
    readers.close()


@pytest.mark.parametrize("told", SPOILT)
def test_a_spoilt_page_is_noticed(plain: tuple[Page, str], told: str) -> None:
    page, address = plain
    page.goto(address)
    page.evaluate(SPOIL, SPOILT[told])
    assert any(told in each for each in everything(page)), told
