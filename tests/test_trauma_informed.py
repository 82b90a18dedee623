"""Each requirement has its tests or says why not, and the table in the documents shows it."""

from tests.trauma_informed import DOCUMENT, document, requirements, shown_by


def test_each_requirement_has_tests_or_one_reason_and_never_both() -> None:
    wrong = [
        each.id
        for each in requirements()
        if [bool(shown_by().get(each.id)), bool(each.later), bool(each.by_hand), bool(each.not_applicable)].count(True)
        != 1
    ]
    assert not wrong


def test_a_note_stands_beside_tests_only() -> None:
    assert not [each.id for each in requirements() if each.note and not shown_by().get(each.id)]


def test_every_test_of_a_requirement_names_one_that_is_listed() -> None:
    assert set(shown_by()) <= {each.id for each in requirements()}


def test_all_seventy_four_stand_there_once() -> None:
    ids = [each.id for each in requirements()]
    assert len(ids) == len(set(ids)) == 74


def test_the_table_in_the_documents_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make trauma-informed"
