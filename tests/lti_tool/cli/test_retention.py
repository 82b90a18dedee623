"""attune retention: what would go, and letting it go."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from lti_tool.access import Field
from lti_tool.cli import attune
from lti_tool.services.connecting import platforms
from lti_tool.services.entering import arrivals
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine
from lti_tool.store.people import PersonRow
from lti_tool.store.privacy import PrivacyRequestRow, PrivacyWish
from lti_tool.store.records import ReadLogRow
from tests.school import school

SECRET = "a-secret-key-that-is-long-enough-for-tests"
Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str) -> Run:
    environment = {
        "ATTUNE_DATABASE_URL": sqlite_url, "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET, "ATTUNE_LAB": None,
    }  # fmt: skip
    return lambda *arguments: CliRunner().invoke(attune, ["retention", *arguments], env=environment)


def opened_long_ago(url: str) -> None:
    """Somebody opened somebody's record ten years ago."""
    then = datetime.now(UTC) - timedelta(days=3650)
    engine = open_engine(url, (SECRET,))
    with Session(engine) as session, session.begin():
        organization_id = school(session)
        people = [
            PersonRow(id=new_id(), organization_id=organization_id, name=name, created_at=then)
            for name in ("Sam Example", "Jo Example")
        ]
        session.add_all(people)
        session.flush()
        session.add(
            ReadLogRow(
                id=new_id(), organization_id=organization_id, trainee_id=people[0].id, reader_id=people[1].id,
                field=Field.LEDGER, at=then,
            )
        )  # fmt: skip
    engine.dispose()


def test_the_preview_counts_and_names_nobody(run: Run, sqlite_url: str) -> None:
    opened_long_ago(sqlite_url)
    said = run("preview")
    assert said.exit_code == 0, said.output
    assert "readings: 1095 days, as usual; 1 would go, of 1 people" in said.output
    assert "records: kept until a program lead says how long." in said.output
    assert "Sam" not in said.output


def test_running_twice_is_running_once(run: Run, sqlite_url: str) -> None:
    opened_long_ago(sqlite_url)
    assert "readings 1." in run("run").output
    assert "nothing was over." in run("run").output


def test_an_organization_that_is_not_there_is_said_so(run: Run) -> None:
    said = run("preview", "--organization", str(new_id()))
    assert said.exit_code == 1
    assert "There is no organization with the id" in said.output


def test_who_is_erased_for_an_administrator_of_the_lms_was_asked_for(run: Run, sqlite_url: str) -> None:
    engine = open_engine(sqlite_url, (SECRET,))
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        organization_id = school(session)
        lms = platforms.NewPlatform(
            name="Campus LMS", family="moodle", issuer="https://lms.example", client_id="1",
            auth_url="https://lms.example/auth", token_url="https://lms.example/token",
            jwks_url="https://lms.example/jwks",
        )  # fmt: skip
        owned = {
            "organization_id": organization_id,
            "registration_id": platforms.add(session, organization_id, lms, now),
        }
        sam, dana = (
            arrivals.person_for(session, **owned, sub=sub, name=f"{sub.title()} Example", now=now).id
            for sub in ("sam", "dana")
        )
        session.add(PrivacyRequestRow(
            id=new_id(), person_id=sam, wish=PrivacyWish.ERASE, requested_by=dana, requested_at=now, **owned
        ))  # fmt: skip
    asked_for_nobody = run("erase", str(dana), "--yes")
    assert asked_for_nobody.exit_code == 1
    assert "No administrator of an LMS asked for this person to be erased." in asked_for_nobody.output
    done = run("erase", str(sam), "--yes")
    assert done.exit_code == 0, done.output
    assert "rows. A line that says so stays." in done.output
    with Session(engine) as session:
        assert session.get_one(PersonRow, sam).name is None
        assert session.get_one(PersonRow, dana).name == "Dana Example"
    engine.dispose()
