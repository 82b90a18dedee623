"""attune bench: each benchmark measures what it says, in the words and figures it promises; how fast is its to say."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grading.competency import Kind
from lti_tool.cli import attune, bench_authoring, bench_evidence, bench_exports, bench_launch, bench_words
from lti_tool.cli.bench_exports import Took, export
from lti_tool.cli.bench_run import HOST, Place, ask, server
from lti_tool.processes import free_port, port_is_free
from tests.lti_tool.cli.serving import in_this_process


def test_every_launch_ends_on_a_page_and_stands_beside_three_bare_requests(place: Place) -> None:
    found = bench_launch.measure(runs=1, launches=4, people=2, serving=in_this_process, place=place)
    assert found["runs"] == 1
    assert found["ours"] > 0
    assert found["ratio"] == pytest.approx(found["ours"] / found["floor"], rel=0.1, abs=0.01)
    assert 0 < found["login_ms"]["p50"] <= found["login_ms"]["p95"]
    launches, steps = bench_words.of_launch(found)
    assert "complete launches a second; the same server without Attune:" in launches
    assert f"Ratio {found['ratio']:.2f} (median of 1 runs)" in launches
    assert steps.startswith("Login p50 ")


def test_a_framework_and_a_rubric_are_brought_in_and_each_of_their_pages_is_asked_for(place: Place) -> None:
    found = bench_authoring.measure(
        runs=1, requests=1, competencies=160, criteria=3, serving=in_this_process, place=place
    )
    assert (found["competencies"], found["criteria"]) == (160, 3)
    assert set(found["imports"]) == {"framework", "framework_again", "rubric"}
    pages = {case["name"]: case for case in found["cases"]}
    assert {"library", "criterion of the draft", "framework", "files"} <= pages.keys()
    assert all(1 <= case["statements"] <= 40 for case in pages.values())
    assert found["ratio"] == pytest.approx(min(case["ratio"] for case in pages.values()), abs=0.001)
    said = list(bench_words.of_authoring(found))
    assert len(said) == 3 + len(pages)
    assert said[0].startswith("framework: read and compared in ")
    assert any(line.startswith("library: ratio ") for line in said)


def test_what_is_brought_in_is_as_large_as_it_is_said_to_be() -> None:
    framework, rubric = bench_authoring.framework(50), bench_authoring.rubric(2)
    assert len(framework.competencies) == 50
    assert sum(each.parent is None for each in framework.competencies) == 50 / bench_authoring.IN_AN_AREA
    assert {each.kind for each in framework.competencies} == {Kind.SKILL}
    assert [len(each.levels) for each in rubric.criteria] == [5, 5]


def test_every_row_is_exported_in_every_form_beside_reading_it(place: Place) -> None:
    asked: list[str] = []

    def noted(url: str, *whose: Any) -> Took:
        asked.append(whose[-1])
        return export(url, *whose)

    found = bench_exports.measure((20, 30), exporting_one=noted, place=place)
    assert asked == ["none", "csv", "xlsx"] * 2
    assert [(case["rows"], case["form"]) for case in found["cases"]] == [
        (rows, form) for rows in (20, 30) for form in ("csv", "xlsx")
    ]
    assert found["ratio"] == min(case["ratio"] for case in found["cases"])
    assert found["memory_growth"].keys() == {"csv", "xlsx"}
    *lines, growth = bench_exports.in_words(found)
    assert lines[0].startswith("20 rows as csv: ")
    assert growth.startswith("Memory of the largest beside the smallest: ")


def test_an_export_that_leaves_rows_out_is_no_figure(place: Place) -> None:
    def forgetful(url: str, *whose: Any) -> Took:
        return {**export(url, *whose), "rows": 19}

    with pytest.raises(RuntimeError, match="20 rows were to be written, and 19 were"):
        bench_exports.measure((20,), exporting_one=forgetful, place=place)


def test_a_file_goes_up_and_down_and_the_memory_of_the_process_that_answers_is_looked_at(place: Place) -> None:
    found = bench_evidence.measure(megabytes=1, serving=in_this_process, place=place)
    assert [case["name"] for case in found["cases"]] == ["up", "down"]
    assert found["ratio"] == max(case["ratio"] for case in found["cases"])
    assert found["before_mb"] > 1
    assert len(list(bench_words.of_files(found))) == 3


def test_the_server_that_is_measured_is_the_one_that_an_operator_runs() -> None:
    told = CliRunner().invoke(attune, ["bench", "files", "--megabytes", "1"])
    assert told.exit_code == 0, told.output
    first, up, down = told.output.splitlines()
    assert first.startswith("A file of 1 MB, in a web process that has ")
    assert up.startswith("up: ")
    assert down.startswith("down: ")
    assert "MB more (ratio " in down


STANDING: Mapping[str, Any] = {
    "requirements": 60,
    "items_each": 100,
    "cases": [{"people": 3, "ours": 12.0, "floor": 40.0, "ratio": 3.4, "memory_grew_mb": 0.5}],
    "one_person": {"items": 2_000, "milliseconds": 5.5},
    "after_one_event": {
        "people": 3, "people_evaluated": 1, "rows_read": 101, "statements": 2, "milliseconds": 1.5,
    },
}  # fmt: skip


def test_standing_is_told_of_many_of_one_and_after_one_entry() -> None:
    assert list(bench_words.of_standing(STANDING)) == [
        "A program of 60 requirements, 100 things of evidence a person.",
        "3 people: 12 a second, fetched alone 40; ratio 3.4; memory grew by 0.5 MB",
        "One person with 2000 things of evidence: 5.5 ms.",
        "After one entry, among 3 people: 1 looked at, 101 rows, 2 statements, 1.5 ms.",
    ]


def test_a_server_runs_until_the_block_ends_and_the_process_that_answers_is_named() -> None:
    port = free_port(HOST)
    with server(os.environ, port, "wsgiref.simple_server:demo_app") as process:
        assert ask(port, "GET", "/bare", None, {}).status == 200
        assert "gunicorn" in Path(f"/proc/{process}/cmdline").read_text()
    assert port_is_free(HOST, port)
