"""The workflow names what is there, may do little, and runs what it promises."""

import re
from typing import Any

import pytest
import yaml

from tests.project import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
COMMIT = re.compile(r"[a-z0-9-]+/[a-z0-9-]+@[0-9a-f]{40}")
each_file = pytest.mark.parametrize("workflow", FILES, ids=lambda path: path.name)


def read(workflow: Any) -> dict[Any, Any]:
    found = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def steps(workflow: Any) -> list[dict[str, Any]]:
    return [step for job in read(workflow)["jobs"].values() for step in job["steps"]]


def commands() -> str:
    return "\n".join(step["run"] for workflow in FILES for step in steps(workflow) if "run" in step)


@each_file
def test_the_workflow_runs_targets_that_are_there(workflow: Any) -> None:
    for step in steps(workflow):
        if "run" in step:
            named = re.findall(r"\bmake ([a-z][a-z-]*)", step["run"])
            assert named, f"only targets of the Makefile: {step['run']}"
            assert set(named) <= TARGETS


@each_file
def test_an_action_of_others_is_named_by_its_commit_or_its_version(workflow: Any) -> None:
    text = workflow.read_text(encoding="utf-8")
    for step in steps(workflow):
        if "uses" in step:
            assert COMMIT.fullmatch(step["uses"]), step["uses"]
            assert re.search(rf"{re.escape(step['uses'])} # v\d+\.\d+\.\d+$", text, re.MULTILINE), "say which version"


@each_file
def test_it_may_read_and_nothing_else_and_ends(workflow: Any) -> None:
    found = read(workflow)
    assert found["permissions"] == {"contents": "read"}
    for job in found["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 90
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@each_file
def test_what_others_wrote_is_never_put_into_a_command(workflow: Any) -> None:
    for step in steps(workflow):
        assert "${{" not in step.get("run", ""), "give it to the step as a variable of the environment"


def test_each_python_that_we_name_and_both_databases_are_tried() -> None:
    matrix = read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["tests"]["strategy"]["matrix"]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert matrix["python"] == re.findall(r"Python :: (3\.\d+)\"", project)
    assert matrix["database"] == ["sqlite", "postgres"]


def test_lint_tests_wheel_known_holes_and_links_are_all_there() -> None:
    assert set(re.findall(r"\bmake ([a-z-]+)", commands())) >= {"lint", "test-all", "wheel", "audit", "sbom", "links"}


def test_before_a_commit_the_same_checks_run_and_nothing_is_fetched_for_them() -> None:
    found = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repo["repo"] for repo in found["repos"]} == {"local"}
    hooks = [hook for repo in found["repos"] for hook in repo["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert "make lint" in {hook["entry"] for hook in hooks}
