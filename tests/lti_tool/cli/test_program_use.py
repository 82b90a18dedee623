"""attune programs enable, enroll: what they say and their exit status."""

from pathlib import Path

from tests.lti_tool.cli.test_commands import Run, environment, run
from tests.lti_tool.services.path_rows import SMALL

__all__ = ["environment", "run"]


def with_people(run: Run) -> None:
    """An organization with two people of one name."""
    for email in ("sam@school.example", "other@school.example", "jo@school.example"):
        name = "Jo Example" if email.startswith("jo") else "Sam Example"
        assert run("people", "invite", "--name", name, "--email", email).exit_code == 0


def test_one_that_comes_with_attune_is_taken_into_use_once(run: Run) -> None:
    with_people(run)
    first = run("programs", "enable", "icrc-pr")
    assert first.exit_code == 0, first.output
    assert "no recognition is claimed" in first.output
    assert "worth a look" in first.output
    assert "In use: " in first.output
    assert "Nothing was changed" in run("programs", "enable", "icrc-pr").output


def test_what_cannot_be_used_says_why(run: Run, tmp_path: Path) -> None:
    with_people(run)
    compare = run("programs", "enable", "samhsa-nms")
    assert compare.exit_code == 1
    assert "to compare with" in compare.output
    assert run("programs", "enable", "no-such").exit_code == 2
    elsewhere = run("programs", "enable", "icrc-pr", "--organization", "Nowhere")
    assert (elsewhere.exit_code, "There is no organization" in elsewhere.output) == (1, True)
    file = tmp_path / "ours.toml"
    file.write_text(SMALL.replace('stage = "initial"', 'stage = "other"'), encoding="utf-8")
    assert run("programs", "enable", str(file)).exit_code == 1


def test_people_are_enrolled_by_name_or_by_id(run: Run, tmp_path: Path) -> None:
    with_people(run)
    assert "No program" in run("programs", "enroll", "small", "Jo Example").output
    file = tmp_path / "ours.toml"
    file.write_text(SMALL, encoding="utf-8")
    assert run("programs", "enable", str(file)).exit_code == 0
    assert "Enrolled: 1 in edition 1" in run("programs", "enroll", "small", "jo example").output
    assert "1 were there already" in run("programs", "enroll", "small", "Jo Example").output
    several = run("programs", "enroll", "small", "Sam Example")
    assert (several.exit_code, "Several people are called" in several.output) == (1, True)
    ids = [line.split()[0] for line in several.output.splitlines() if line.startswith("  ")]
    assert "Enrolled: 2" in run("programs", "enroll", "small", *ids, "--entered", "2026-01-05").output
    assert "Nobody is called" in run("programs", "enroll", "small", "Nobody").output
    assert run("programs", "enroll", "small", "00000000-0000-0000-0000-000000000001").exit_code == 1
    assert run("programs", "enroll", "small", ids[0], "--entered", "2999-01-01").exit_code in (1, 2)
    assert "There is no edition" in run("programs", "enroll", "small", ids[0], "--edition", "9").output
