"""Odd requests to what anyone may ask: a short run of what `make fuzz` does for long."""

from collections.abc import Iterator

import pytest

from tests.databases import SqliteFiles
from tests.fuzz.lab import Lab, open_lab
from tests.fuzz.properties import PROPERTIES
from tests.fuzz.registering import REGISTER
from tests.fuzz.running import run

EXAMPLES = 25


@pytest.fixture(scope="module")
def lab(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with sqlite_files.fresh(tmp_path_factory.mktemp("fuzz")) as url:
        lab = open_lab(url)
        yield lab
        lab.sessions.engine.dispose()


@pytest.mark.parametrize("name", PROPERTIES)
def test_odd_requests_get_a_page_and_never_a_session(lab: Lab, name: str) -> None:
    run(name, lab, examples=EXAMPLES)


def test_a_launch_as_it_should_be_opens_in_this_lab(lab: Lab) -> None:
    asked = lab.begin()
    answer = lab.ask(
        "POST", "/lti/launch", data={"id_token": lab.sign(lab.claims(asked["nonce"])), **{"state": asked["state"]}}
    )
    assert answer.status_code == 303


def test_a_registration_address_opens_in_this_lab_whatever_day_it_is(lab: Lab) -> None:
    for _month in range(2):
        assert lab.ask("GET", lab.address(), query_string=REGISTER).status_code == 200
        lab.clock.advance(days=30)
