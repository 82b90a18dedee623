"""attune organizations: taking along what one owns, and removing it with proof."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from lti_tool.cli import attune
from lti_tool.store.engine import open_engine
from tests.school import school

SECRET = "a-secret-key-that-is-long-enough-for-tests"
Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path) -> Run:
    environment = {
        "ATTUNE_DATABASE_URL": sqlite_url, "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET, "ATTUNE_LAB": None, "ATTUNE_FILES": str(tmp_path / "files"),
    }  # fmt: skip
    engine = open_engine(sqlite_url, (SECRET,))
    with Session(engine) as session, session.begin():
        school(session)
    engine.dispose()

    def invoke(*arguments: str, typed: str = "", group: str = "organizations") -> Result:
        return CliRunner().invoke(attune, [group, *arguments], env=environment, input=typed)

    return invoke


def exported(run: Run, file: Path) -> str:
    said = run("export", "School", str(file))
    assert said.exit_code == 0, said.output
    found = re.search(r"Digest of its manifest: ([0-9a-f]{64})", said.output)
    assert found
    return found[1]


def test_what_is_taken_along_is_loud_about_words_and_is_checked_by_either_command(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "school.zip"
    digest = exported(run, file)
    assert "School  id" in run("list").output
    assert "nothing is overwritten" in run("export", "School", str(file)).output
    assert "no organization called Elsewhere" in run("export", "Elsewhere", str(tmp_path / "x.zip")).output
    for said in (run("verify", str(file)), run("verify", str(file), group="audit")):
        assert said.exit_code == 0, said.output
        assert digest in said.output
        assert "It is whole" in said.output


def test_a_file_that_is_none_and_one_that_was_changed_end_with_their_own_numbers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none.zip").write_bytes(b"no archive")
    assert run("verify", str(tmp_path / "none.zip")).exit_code == 2
    file = tmp_path / "school.zip"
    exported(run, file)
    file.write_bytes(file.read_bytes().replace(b"READ-ME.txt", b"READ-ME.odd"))
    changed = run("verify", str(file))
    assert changed.exit_code == 1
    assert "READ-ME" in changed.output


def test_removing_counts_asks_for_the_digest_and_the_name_and_proves_it(run: Run, tmp_path: Path) -> None:
    dry = run("remove", "School", "--dry-run")
    assert "rubric_version:" in dry.output
    assert "Nothing was removed." in dry.output
    assert "Say either --export" in run("remove", "School").output
    digest = exported(run, tmp_path / "school.zip")
    assert "not the digest of the last export" in str(
        run("remove", "School", "--export", "0" * 64, typed="School\n").exception
    )
    assert "another name" in run("remove", "School", "--export", digest, typed="school\n").output
    proof = tmp_path / "removed.json"
    done = run(
        "remove", "School", "--export", digest, "--certificate", str(proof), "--by", "The board", typed="School\n"
    )
    assert done.exit_code == 0, done.output
    said = json.loads(proof.read_text())
    assert said["export"] == digest
    assert said["by"] == "The board"
    assert set(said["rows_after"].values()) == {0}
    assert said["ids_found_elsewhere"] == {}
    id_ = said["organization"]["id"]
    again = run("verify-removed", id_, "--certificate", str(proof))
    assert again.exit_code == 0, again.output
    assert "Nothing of it is left" in again.output
    proof.write_text(json.dumps(said | {"files_before": 7}))
    changed = run("verify-removed", id_, "--certificate", str(proof))
    assert changed.exit_code == 1
    assert "The proof is not as it was written." in changed.output
    assert "School" not in run("list").output


def test_nothing_is_said_of_an_organization_that_was_never_removed(run: Run) -> None:
    said = run("verify-removed", "01a21e47-27c2-76e5-bbde-5f9692590972")
    assert said.exit_code == 1
    assert "No organization of this id was removed here." in said.output
