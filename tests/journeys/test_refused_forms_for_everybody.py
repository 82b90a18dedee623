"""What every form answers when something is missing: it says so to everybody, begins there, and keeps what was typed.

Each form that somebody of a whole house can open is sent twice as nobody should send it: with nothing in it, and with
words and no choice. `make test` tries a few, `make test-all` each in one of the languages, in turn.
"""

import zlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.databases import SqliteFiles
from tests.journeys import refusals
from tests.journeys.test_every_page_for_everybody import WAYS
from tests.journeys.whole_house import Readers, house_on_a_port
from tests.lti_tool.web.whole_house import WholeHouse

LOTS = 8
TRIED = ("observations.ask", "ledger_writing.new")
"""The pages whose forms `make test` sends: a trainee asks to be observed, and writes hours down."""
SHARES = [pytest.param(None, id="a sample")]
SHARES += [pytest.param(lot, id=f"lot {lot + 1}", marks=pytest.mark.full) for lot in range(LOTS)]


@pytest.fixture(scope="module")
def house(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHouse]:
    with (
        sqlite_files.fresh(tmp_path_factory.mktemp("house")) as database,
        house_on_a_port(database, refusals.keeps_nothing) as house,
    ):
        yield house


def number(endpoint: str) -> int:
    return zlib.crc32(endpoint.encode())


def is_in(endpoint: str, lot: int | None) -> bool:
    return endpoint in TRIED if lot is None else number(endpoint) % LOTS == lot


@pytest.mark.parametrize("lot", SHARES)
def test_ux_e1_ux_e3_what_a_form_still_needs_is_said_to_everybody(
    house: WholeHouse, chromium: Browser, lot: int | None
) -> None:
    readers = {language: Readers(chromium, house, language) for language in WAYS}
    found, pages = [], set()
    for sent in refusals.forms(house, [rule for rule in house.rules() if is_in(rule.endpoint, lot)]):
        pages.add(sent.page.endpoint)
        language = list(WAYS)[number(sent.endpoint) // LOTS % len(WAYS)]
        tab = readers[language].page(sent.page.who)
        for words in ("", refusals.WORDS):
            tab.goto(f"{house.url}{sent.page.address}")
            problems = refusals.problems(tab, sent, words)
            found += [f"{language} {sent.where}, {'words' if words else 'empty'}: {each}" for each in problems]
    for each in readers.values():
        each.close()
    assert lot is not None or pages == set(TRIED)
    assert not found, "\n".join(found)
