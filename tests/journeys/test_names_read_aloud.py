"""What a screen reader says of the pages on which people do most: each control by a name that tells it from others."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.databases import SqliteFiles
from tests.journeys.aloud import controls, unclear
from tests.journeys.whole_house import Readers, house_on_a_port
from tests.lti_tool.web.whole_house import WholeHouse


@pytest.fixture(scope="module")
def house(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeHouse]:
    with sqlite_files.fresh(tmp_path_factory.mktemp("house")) as database, house_on_a_port(database) as house:
        yield house


@pytest.fixture
def readers(chromium: Browser, house: WholeHouse) -> Iterator[Readers]:
    readers = Readers(chromium, house, "en")
    yield readers
    readers.close()


def opened(house: WholeHouse, readers: Readers, who: str, endpoint: str) -> Page:
    """The first page of this kind that the person has."""
    rules = [rule for rule in house.rules() if rule.endpoint == endpoint]
    found = next(each for each in house.pages(rules) if each.who == who)
    page = readers.page(who)
    page.goto(f"{house.url}{found.address}")
    return page


@pytest.mark.parametrize(
    ("who", "endpoint", "at_least"),
    [
        ("jo", "rating.rate", 40),
        ("jo", "signing.sign", 5),
        ("noor", "my_programs.one", 10),
        ("lea", "cohort.matrix", 15),
    ],
)
def test_ux_e1_every_control_has_a_name_that_says_what_it_is(
    house: WholeHouse, readers: Readers, who: str, endpoint: str, at_least: int
) -> None:
    page = opened(house, readers, who, endpoint)
    assert len(controls(page)) >= at_least
    assert not unclear(page)


def test_ux_e1_the_rating_form_is_read_criterion_by_criterion(house: WholeHouse, readers: Readers) -> None:
    page = opened(house, readers, "jo", "rating.rate")
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
        - main:
          - heading /Noor OWNMARK/ [level=1]
    """)
    groups = page.get_by_role("group", name=re.compile("Which help was needed today"))
    words = page.get_by_role("textbox", name="What did you see or hear?")
    expect(groups).to_have_count(8)
    expect(words).to_have_count(8)
    expect(groups.first).to_have_accessible_name(re.compile(r"\w Which help was needed today\?"))
    expect(words.first).to_have_accessible_name(re.compile(r"^What did you see or hear\? \w"))


def test_ux_e1_the_page_before_a_signature_is_read_in_order(house: WholeHouse, readers: Readers) -> None:
    page = opened(house, readers, "jo", "signing.sign")
    expect(page.get_by_role("heading", level=1)).to_have_accessible_name("Sign: Noor OWNMARK, observed by Jo OWNMARK")
    found = controls(page)
    assert ("button", "Sign in the peer lane") in found
    assert found[0] == ("link", "Skip to the page")
    assert found[1] == ("link", "Leave this page")


def test_ux_e1_the_heads_of_a_cohort_say_whose_a_cell_is_and_of_what(house: WholeHouse, readers: Readers) -> None:
    page = opened(house, readers, "lea", "cohort.matrix")
    table = page.get_by_role("table").first
    expect(table.get_by_role("columnheader").first).to_be_visible()
    row = table.get_by_role("row").filter(has=page.locator("a[data-proof]")).first
    expect(row.get_by_role("rowheader")).to_have_accessible_name(re.compile("OWNMARK"))
    expect(row.locator("a[data-proof]").first).to_have_accessible_name(re.compile("not yet"))
