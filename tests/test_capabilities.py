"""What is claimed to be there names tests that exist, and the table in the documents shows it."""

from tests.capabilities import DOCUMENT, absent, capabilities, document, ids_in_names


def test_every_test_that_a_capability_names_exists() -> None:
    assert not absent()


def test_what_has_no_test_says_what_is_missing() -> None:
    assert not [each.id for each in capabilities() if not each.tests and not each.missing]


def test_what_is_there_says_where() -> None:
    assert not [each.id for each in capabilities() if each.tests and not each.where]


def test_every_id_in_the_name_of_a_test_is_listed() -> None:
    assert ids_in_names() <= {each.id for each in capabilities()}


def test_all_hundred_and_twenty_four_stand_there_once() -> None:
    ids = [each.id for each in capabilities()]
    assert len(ids) == len(set(ids)) == 124


def test_no_cell_breaks_the_table() -> None:
    cells = [cell for each in capabilities() for cell in (each.what, each.where, each.missing)]
    assert not [cell for cell in cells if "|" in cell or "\n" in cell]


def test_the_table_in_the_documents_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make capabilities"
