"""The list of cases and the tests are about the same things, and the table in the documents shows them."""

from tests.certification.cases import all_cases, is_there, sections, shown_by
from tests.certification.table import DOCUMENT, document


def test_every_case_has_a_test_or_a_reason_and_never_both() -> None:
    wrong = [
        case.id
        for case in all_cases().values()
        if [bool(shown_by().get(case.id) or case.test), bool(case.not_applicable), bool(case.later)].count(True) != 1
    ]
    assert not wrong


def test_every_test_of_a_case_names_one_that_is_listed() -> None:
    assert set(shown_by()) <= set(all_cases())


def test_an_id_stands_once() -> None:
    ids = [case.id for section in sections() for case in section.cases]
    assert len(ids) == len(set(ids))


def test_tests_that_are_elsewhere_exist() -> None:
    assert not [case.test for case in all_cases().values() if case.test and not is_there(case.test)]


def test_names_of_the_certification_suite_stand_at_their_tests() -> None:
    listed = {case.id: case.cert for case in all_cases().values() if case.cert}
    marked = {id: next((test.cert for test in tests if test.cert), None) for id, tests in shown_by().items()}
    assert {id: cert for id, cert in marked.items() if cert} == listed


def test_the_table_in_the_documents_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make conformance"
