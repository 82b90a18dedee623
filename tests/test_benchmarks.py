"""The document of speed holds what was measured, by commands that there are."""

from lti_tool.cli.bench import bench
from tests import benchmarks


def test_the_document_is_made_of_what_was_measured() -> None:
    assert benchmarks.DOCUMENT.read_text() == benchmarks.written(benchmarks.kept()), "run: python -m tests.benchmarks"


def test_every_benchmark_was_measured() -> None:
    assert set(benchmarks.kept()) == set(bench.commands)


def test_every_figure_says_by_which_command_and_when() -> None:
    for name, one in benchmarks.kept().items():
        assert one["command"].startswith(f"attune bench {name} --json")
        assert len(one["on"]) == len("2026-01-01")
        assert one["cores"] >= 1
