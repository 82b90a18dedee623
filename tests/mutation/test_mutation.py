"""What is said of mutants that survived is about mutants that did; the page is as the record says."""

from collections import Counter

from tests.mutation import page, record
from tests.project import ROOT


def test_only_mutants_that_survived_are_explained_and_each_once() -> None:
    left = {each for run in record.read().values() for each in run.survivors}
    explained = Counter(each for _, ids in record.reasons() for each in ids)
    assert explained.keys() <= left
    assert set(explained.values()) <= {1}


def test_the_page_is_what_the_record_and_the_reasons_say() -> None:
    assert page.DOCUMENT.read_text(encoding="utf-8") == page.text()


def test_the_modules_and_tests_of_each_set_are_there_and_its_last_run_is_of_the_same_modules() -> None:
    runs = record.read()
    for one in record.sets():
        paths = [module["path"] for module in one["modules"]]
        assert one["name"] not in runs or list(runs[one["name"]].modules) == paths
        tests = [path for module in one["modules"] for path in module["tests"] if path[0] != "-"]
        assert all((ROOT / path).is_file() for path in [*paths, *tests])
