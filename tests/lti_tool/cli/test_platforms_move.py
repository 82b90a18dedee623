"""attune platforms move: lists to fill in, a trial, and the move."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.cli import attune
from lti_tool.services.connecting import platforms
from lti_tool.services.entering import arrivals
from lti_tool.store.courses import CourseRow
from lti_tool.store.engine import open_engine
from lti_tool.store.platforms import DeploymentRow
from tests.conftest import SECRET
from tests.school import BEGUN, school, school_named

OLD, NEW = "https://old.school.example", "https://new.school.example"
Run = Callable[..., Result]


def an_lms(issuer: str) -> platforms.NewPlatform:
    return platforms.NewPlatform(
        name=issuer, family="moodle", issuer=issuer, client_id="1", auth_url=f"{issuer}/a",
        token_url=f"{issuer}/t", jwks_url=f"{issuer}/k", deployment_ids=("1",),
    )  # fmt: skip


@pytest.fixture
def run(sqlite_url: str) -> Run:
    """A course and a person of the old LMS; the new one is connected, and nobody came in from there."""
    environment = {
        "ATTUNE_DATABASE_URL": sqlite_url, "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET, "ATTUNE_LAB": None,
    }  # fmt: skip
    engine = open_engine(sqlite_url, (SECRET,))
    with Session(engine) as session, session.begin():
        organization_id = school(session)
        for issuer in (OLD, NEW):
            id_ = platforms.add(session, organization_id, an_lms(issuer), BEGUN)
            if issuer == OLD:
                arrivals.person_for(
                    session, organization_id=organization_id, registration_id=id_, sub="7", name="Sam Example",
                    now=BEGUN,
                )  # fmt: skip
                deployment = session.scalars(select(DeploymentRow).where(DeploymentRow.registration_id == id_)).one()
                arrivals.course_named(session, deployment, "2", "Practicum")
    engine.dispose()
    return lambda *words, to=NEW: CliRunner().invoke(attune, ["platforms", "move", OLD, to, *words], env=environment)


def course_id(sqlite_url: str) -> str:
    engine = open_engine(sqlite_url, (SECRET,))
    with Session(engine) as session:
        found = session.scalars(select(CourseRow.lti_context_id)).one()
    engine.dispose()
    return found


def test_lists_are_written_for_their_owner_alone_and_never_over_others(run: Run, tmp_path: Path) -> None:
    said = run("--write-lists", str(tmp_path / "move"))
    assert said.exit_code == 0, said.output
    people = tmp_path / "move" / "people.csv"
    assert "7,,Sam Example" in people.read_text()
    assert stat.S_IMODE(people.stat().st_mode) == 0o600
    assert "2,,,Practicum" in (tmp_path / "move" / "courses.csv").read_text()
    assert "nothing is overwritten" in run("--write-lists", str(tmp_path / "move")).output


def test_a_trial_keeps_nothing_and_the_move_is_said_in_numbers(run: Run, tmp_path: Path, sqlite_url: str) -> None:
    people, courses = tmp_path / "people.csv", tmp_path / "courses.csv"
    people.write_text("old,new\n7,501\n")
    courses.write_text("old,new\n2,c-77\n")
    lists = ("--people", str(people), "--courses", str(courses))
    tried = run(*lists, "--dry-run")
    assert "it was a dry run" in tried.output
    assert course_id(sqlite_url) == "2"
    done = run(*lists)
    assert done.exit_code == 0, done.output
    assert "People: 1 known to the next LMS" in done.output
    assert "Courses: 1." in done.output
    assert course_id(sqlite_url) == "c-77"


def test_a_row_that_cannot_be_done_is_named_and_nothing_is_kept(run: Run, tmp_path: Path, sqlite_url: str) -> None:
    people, courses = tmp_path / "people.csv", tmp_path / "courses.csv"
    people.write_text("old,new\n7,501\n9,502\n")
    courses.write_text("old,new\n2,c-77\n")
    said = run("--people", str(people), "--courses", str(courses))
    assert said.exit_code == 1
    assert "people, line 3: Nobody has the account 9 in the LMS before." in said.output
    assert "Nothing was kept." in said.output
    assert course_id(sqlite_url) == "2"
    assert "Say what moves" in run().output


def test_a_file_that_is_no_list_is_named_and_nothing_is_moved(run: Run, tmp_path: Path, sqlite_url: str) -> None:
    people = tmp_path / "people.csv"
    people.write_text("7,501\n")
    said = run("--people", str(people))
    assert said.exit_code == 1
    assert "people.csv" in said.output
    assert "Traceback" not in said.output
    assert course_id(sqlite_url) == "2"


def test_people_move_without_courses_and_never_to_another_organization(
    run: Run, tmp_path: Path, sqlite_url: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("old,new\n7,501\n")
    engine = open_engine(sqlite_url, (SECRET,))
    with Session(engine) as session, session.begin():
        platforms.add(session, school_named(session, "Valley", BEGUN), an_lms("https://valley.example"), BEGUN)
    engine.dispose()
    said = run("--people", str(people), to="https://valley.example")
    assert said.exit_code == 1
    assert "They belong to two organizations, which never share anything." in said.output
    done = run("--people", str(people))
    assert "People: 1 known to the next LMS" in done.output
    assert "Courses: 0." in done.output
    assert course_id(sqlite_url) == "2"
