"""attune db upgrade: the database's shape, and what organizations are given with a new version."""

from datetime import UTC, datetime

from click.testing import CliRunner, Result
from sqlalchemy import select, text

from lti_tool import migrations
from lti_tool.cli import attune
from lti_tool.services.exchange import bundled
from lti_tool.services.exchange.scenario_files import bundled_scenarios
from lti_tool.services.organizations import LEAVE_PAGE, SUPPORT
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.platforms import PeriodicTurnRow
from lti_tool.store.rubrics import RubricRow

SECRET = "a-secret-key-that-is-long-enough-for-tests"


def upgrade(sqlite_url: str) -> str:
    done = say(sqlite_url, "upgrade")
    assert done.exit_code == 0
    return done.output


def say(sqlite_url: str, *words: str) -> Result:
    environment = {
        "ATTUNE_DATABASE_URL": sqlite_url,
        "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET,
    }
    return CliRunner().invoke(attune, ["db", *words], env=environment)


def test_an_organization_of_before_is_given_what_is_new_once(sqlite_url: str) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    engine = open_engine(sqlite_url, (SECRET,))
    with open_sessions(engine).begin() as session:
        row = OrganizationRow(id=new_id(), name="Old", created_at=now, leave_page_url=LEAVE_PAGE, support_text=SUPPORT)
        session.add(row)
    examples = sum(len(of_a_rubric) for _key, of_a_rubric in bundled.bundled_examples())
    everything = (
        len(bundled.bundled_rubrics()) + len(bundled.bundled_frameworks()) + examples + len(bundled_scenarios())
    )
    said = f"{everything} rubrics, examples, frameworks and scenarios of Attune were added to the libraries."
    assert said in upgrade(sqlite_url)
    assert "were added" not in upgrade(sqlite_url)
    with open_sessions(engine)() as session:
        assert len(session.scalars(select(RubricRow.id)).all()) == len(bundled.bundled_rubrics())
    engine.dispose()


def test_a_database_without_organizations_is_only_brought_up_to_date(sqlite_url: str) -> None:
    assert "added" not in upgrade(sqlite_url)


def test_going_back_says_what_would_be_lost_and_does_it_only_when_asked(sqlite_url: str) -> None:
    said = say(sqlite_url, "downgrade", "0016")
    assert said.exit_code == 0, said.output
    assert "goes: erasure, in 0 rows" in said.output
    assert "goes: erasure." not in said.output  # its columns go with it
    assert said.output.endswith("Nothing was changed. Add --yes to do it.\n")
    assert revision_of(sqlite_url) == migrations.newest()
    done = say(sqlite_url, "downgrade", "0016", "--yes")
    assert done.exit_code == 0, done.output
    assert revision_of(sqlite_url) == "0016"
    assert say(sqlite_url, "upgrade").exit_code == 0
    assert revision_of(sqlite_url) == migrations.newest()


def test_going_back_to_what_nobody_knows_is_refused(sqlite_url: str) -> None:
    assert "There is no revision 4711" in say(sqlite_url, "downgrade", "4711").output


def test_an_older_version_leaves_a_database_alone_to_which_a_newer_one_added(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url, (SECRET,))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": f"{migrations.newest()}.99"})
    engine.dispose()
    said = say(sqlite_url, "upgrade")
    assert said.exit_code == 1
    assert "which a newer version of Attune made. Nothing was changed." in said.output


def revision_of(sqlite_url: str) -> str | None:
    engine = open_engine(sqlite_url, (SECRET,))
    with engine.connect() as connection:
        found = migrations.current(connection)
    engine.dispose()
    return found


def test_going_back_waits_until_no_worker_runs_and_is_for_the_newest_version(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url, (SECRET,))
    with open_sessions(engine).begin() as session:
        session.add(PeriodicTurnRow(name="sweep", taken_at=datetime.now(UTC)))
    said = say(sqlite_url, "downgrade", "0016", "--yes")
    assert said.exit_code == 1
    assert "A worker was at work a moment ago." in said.output
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": f"{migrations.newest()}.99"})
    engine.dispose()
    said = say(sqlite_url, "downgrade", "0016", "--yes")
    assert said.exit_code == 1
    assert "Use the newest version of Attune that worked with this database" in said.output
    assert revision_of(sqlite_url) == f"{migrations.newest()}.99"
