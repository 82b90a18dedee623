"""Each threat and each item is answered by tests that are there, and the documents say so."""

from tests.project import ROOT
from tests.security.lists import (
    ITEMS,
    THREATS,
    absent,
    asvs,
    every,
    is_switched_on,
    items,
    names_in,
    threat_model,
    threats,
)


def test_all_thirty_stand_there_once() -> None:
    assert sorted(one.number for one in every(threats())) == list(range(1, 31))


def test_each_threat_has_a_test_that_attacks() -> None:
    assert not [one.number for one in every(threats()) if not one.tests]


def test_every_test_that_is_named_is_there() -> None:
    assert not absent(place for one in (*every(threats()), *every(items())) for place in one.tests)


def test_every_check_that_is_named_is_switched_on() -> None:
    checks = {check for one in (*every(threats()), *every(items())) for check in one.checks}
    assert not [check for check in sorted(checks) if not is_switched_on(check)]


def test_every_document_that_is_named_is_there() -> None:
    named = {path for one in every(items()) for path in one.documents}
    assert not [path for path in sorted(named) if not (ROOT / path).is_file()]


def test_each_item_stands_there_once_and_is_answered() -> None:
    ids = [one.id for one in every(items())]
    assert len(ids) == len(set(ids))
    assert not [one.id for one in every(items()) if not one.answered]


def test_what_must_have_a_test_has_one() -> None:
    assert not [one.id for one in every(items()) if one.must and not one.tests]


def test_every_test_that_says_it_is_of_an_item_or_a_threat_is_named_there() -> None:
    named = {place for one in (*every(threats()), *every(items())) for place in one.tests}
    files = sorted(path.name for path in (ROOT / "tests" / "security").glob("test_*.py"))
    mine = {f"security/{file}::{name}" for file in files for name in names_in(f"security/{file}")}
    assert not {place for place in mine if "::test_sec_" in place or "::test_asvs_" in place} - named


def test_the_threat_model_is_up_to_date() -> None:
    assert THREATS.read_text(encoding="utf-8") == threat_model(), "run: make threat-model"


def test_the_table_of_the_standard_is_up_to_date() -> None:
    assert ITEMS.read_text(encoding="utf-8") == asvs(), "run: make threat-model"
