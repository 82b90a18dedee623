"""attune scenarios: check, import, export; what they say and their exit status."""

from pathlib import Path

from lti_tool.documents.scenario import read_scenarios, write_scenarios
from tests.lti_tool.cli.test_commands import Run, environment, run
from tests.rubrics.scenarios import a_scenario

__all__ = ["environment", "run"]


def written(folder: Path, text: str) -> str:
    file = folder / "scenarios.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_cap_e12_what_is_brought_in_goes_out_equal(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, write_scenarios([a_scenario()]))
    assert "1 brought in as drafts." in run("scenarios", "import", file).output
    assert "All of them were there already." in run("scenarios", "import", file).output
    out = tmp_path / "out.toml"
    assert run("scenarios", "export", "--output", str(out)).exit_code == 0
    assert a_scenario() in read_scenarios(out.read_text(encoding="utf-8"), source="out")
    assert "[[scenarios]]" in run("scenarios", "export").output


def test_a_check_names_what_is_still_to_come_and_words_that_wound(run: Run, tmp_path: Path) -> None:
    whole = run("scenarios", "check", written(tmp_path, write_scenarios([a_scenario()])))
    assert (whole.exit_code, "nothing to mend" in whole.output) == (0, True)
    rough = a_scenario(license="", words="The peer was noncompliant.")
    found = run("scenarios", "check", written(tmp_path, write_scenarios([rough])))
    assert found.exit_code == 1
    assert "2 to mend" in found.output
    assert "license: Please say under which license" in found.output
    assert "words: " in found.output


def test_a_file_that_cannot_be_read_ends_with_two(run: Run, tmp_path: Path) -> None:
    assert run("scenarios", "check", str(tmp_path / "none.toml")).exit_code == 2
    assert run("scenarios", "check", written(tmp_path, "[[scenarios]]\n")).exit_code == 2
    assert run("scenarios", "import", written(tmp_path, "\0" * 1_000_001)).exit_code == 2
