"""attune organizations: taking along what one owns, and removing it with proof."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.cli import attune, removal_proof
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing
from tests.school import BEGUN, school

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


def a_recording(sqlite_url: str, name: str, sharing: Sharing = Sharing.ONLY_ME) -> UUID:
    """Of a person of the school, under this name in the store; the id of the school."""
    engine = open_engine(sqlite_url, (SECRET,))
    with Session(engine) as session, session.begin():
        organization_id = session.scalars(select(OrganizationRow.id)).one()
        sam = PersonRow(id=new_id(), organization_id=organization_id, name="Sam Example", created_at=BEGUN)
        session.add(sam)
        session.flush()
        session.add(
            EvidenceRow(
                id=new_id(), organization_id=organization_id, owner_id=sam.id, kind=EvidenceKind.AUDIO,
                state=EvidenceState.READY, sharing=sharing, title="A talk", stored_name=name,
                media_type="audio/ogg", size=1, digest="0" * 64, made_at=BEGUN, moved_at=BEGUN,
            )
        )  # fmt: skip
    engine.dispose()
    return organization_id


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


def test_where_the_file_cannot_be_written_it_is_said_and_nothing_is_left_there(run: Run, tmp_path: Path) -> None:
    said = run("export", "School", str(tmp_path / "no such folder" / "school.zip"))
    assert said.exit_code == 1
    assert "cannot be written" in said.output
    assert not (tmp_path / "no such folder").exists()


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


def test_where_the_proof_cannot_be_written_nothing_is_removed_and_a_refusal_leaves_no_file(
    run: Run, tmp_path: Path
) -> None:
    said = run("remove", "School", "--without-export", "--certificate", str(tmp_path / "no" / "x"), typed="School\n")
    assert "cannot be written: No such file or directory. Nothing was removed." in said.output
    proof = tmp_path / "removed.json"
    refused = run("remove", "School", "--export", "0" * 64, "--certificate", str(proof), typed="School\n")
    assert refused.exit_code != 0
    assert not proof.exists()
    assert "School" in run("list").output


def test_a_proof_that_the_disk_does_not_take_any_more_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    to = open("/dev/full", "w", encoding="utf-8")  # noqa: SIM115 - closing it tries again
    removal_proof.write({"format": "a proof", "digest": "0" * 64}, to)
    said = capsys.readouterr().out
    assert '"format": "a proof"' in said
    assert "/dev/full cannot be written" in said
    with suppress(OSError):
        to.close()


def test_files_that_the_store_did_not_delete_are_named_and_looked_for_again(
    run: Run, tmp_path: Path, sqlite_url: str
) -> None:
    name = "ab" * 16
    stuck = tmp_path / "files" / "ab" / name
    stuck.mkdir(parents=True)  # what is no file cannot be deleted as one
    organization_id = a_recording(sqlite_url, name)
    proof = tmp_path / "removed.json"
    said = run("remove", "School", "--without-export", "--certificate", str(proof), typed="School\n")
    assert said.exit_code == 1
    assert f"can delete there): {name}" in said.output
    assert json.loads(proof.read_text())["files_left"] == [name]
    looked = run("verify-removed", str(organization_id), "--certificate", str(proof))
    assert looked.exit_code == 1
    assert f"whether the file {name} is left" in looked.output
    stuck.rmdir()
    stuck.write_bytes(b"x")
    assert f"The file {name} is left" in run("verify-removed", str(organization_id), "--certificate", str(proof)).output
    stuck.unlink()
    assert run("verify-removed", str(organization_id), "--certificate", str(proof)).exit_code == 0


def test_a_proof_is_never_written_over_another_file_and_without_a_file_it_is_printed(run: Run, tmp_path: Path) -> None:
    proof = tmp_path / "removed.json"
    proof.write_text("precious")
    refused = run("remove", "School", "--without-export", "--certificate", str(proof), typed="School\n")
    assert refused.exit_code == 1
    assert "nothing is overwritten" in refused.output
    assert proof.read_text() == "precious"
    assert "School" in run("list").output
    done = run("remove", "School", "--without-export", typed="School\n")
    assert done.exit_code == 0, done.output
    assert '"format": "attune-removal/1"' in done.output


def test_files_that_the_store_does_not_have_are_counted_where_everything_is_taken_along(
    run: Run, tmp_path: Path, sqlite_url: str
) -> None:
    name = "cd" * 16
    a_recording(sqlite_url, name, Sharing.SUPERVISORS)
    odd = tmp_path / "files" / "cd" / name
    odd.mkdir(parents=True)  # what is no file cannot be read as one
    refused = run("export", "School", str(tmp_path / "school.zip"))
    assert refused.exit_code == 1
    assert "The store of files does not answer." in refused.output
    assert not list(tmp_path.glob("school*"))
    odd.rmdir()
    said = run("export", "School", str(tmp_path / "school.zip"))
    assert said.exit_code == 0, said.output
    assert "Files that the store does not have: 1. The manifest names them." in said.output


def test_nothing_is_said_of_an_organization_that_was_never_removed(run: Run) -> None:
    said = run("verify-removed", "01a21e47-27c2-76e5-bbde-5f9692590972")
    assert said.exit_code == 1
    assert "No organization of this id was removed here." in said.output
