"""Pages with words that are a third longer than in English: nothing is cut, and nothing is wider than the screen."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.databases import SqliteFiles
from tests.journeys.looking import PHONE, ask
from tests.journeys.whole_house import Readers, house_on_a_port
from tests.lti_tool.web.whole_house import WholeHouse
from tests.pseudo import BEGINS, write_catalogs

LANGUAGE = "es"
"""In whose place the longer words stand."""
SMALLEST = {"width": 320, "height": 568}
LOTS = 6
SAMPLE = 30
SHARES = [pytest.param(None, id="a sample")]
SHARES += [pytest.param(lot, id=f"lot {lot + 1}", marks=pytest.mark.full) for lot in range(LOTS)]


@pytest.fixture(scope="module")
def house(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHouse]:
    folder: Path = tmp_path_factory.mktemp("house")

    def with_longer_words(app: Flask) -> None:
        app.extensions["babel"].translation_directories = [str(write_catalogs(folder / "longer", LANGUAGE))]

    with sqlite_files.fresh(folder) as database, house_on_a_port(database, with_longer_words) as house:
        yield house


def is_in(endpoint: str, lot: int | None) -> bool:
    """Whether this share has the pages of this endpoint."""
    number = zlib.crc32(f"longer {endpoint}".encode())
    return number % SAMPLE == 0 if lot is None else number % LOTS == lot


@pytest.mark.parametrize("lot", SHARES)
def test_ux_e2_longer_words_are_not_cut_on_a_small_screen(
    house: WholeHouse, chromium: Browser, lot: int | None
) -> None:
    rules = [rule for rule in house.rules() if is_in(rule.endpoint, lot)]
    found_there = house.pages(rules, headers={"Accept-Language": LANGUAGE})
    pages = [each for each in found_there if "<html" in each.html]  # a script asks for parts of some
    assert any(BEGINS in each.html for each in pages)
    readers, problems = Readers(chromium, house, LANGUAGE), []
    try:
        for each in pages:
            page = readers.page(each.who)
            page.goto(f"{house.url}{each.address}")
            for size in (PHONE, SMALLEST):
                page.set_viewport_size(size)
                found = ask(page, "open", "wide", "cut")
                problems += [f"{each.endpoint} ({each.who}) at {size['width']} px: {one}" for one in found]
    finally:
        readers.close()
    assert not problems, "\n".join(problems)
