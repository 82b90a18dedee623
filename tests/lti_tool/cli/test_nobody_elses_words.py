"""No command gives out what one person wrote for themselves; a copy of the database holds it locked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from lti_tool.cli import attune
from lti_tool.services.connecting import platforms
from lti_tool.services.personal_data.kept import kept
from lti_tool.services.wellbeing import check_ins, journal, self_care
from lti_tool.store.engine import open_engine, open_sessions
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.web.course import PLATFORM
from tests.school import school

SECRET = "a-secret-key-that-is-long-enough-for-tests"
HERS = ("Journal that is mine", "Plan that is mine", "Check-in that is mine")
COMMANDS = (
    ("audit", "verify"), ("check",), ("rubrics", "list"), ("rubrics", "export", "--help"), ("frameworks", "list"),
    ("platforms", "list"), ("scenarios", "export"),
)  # fmt: skip


@pytest.fixture
def url(sqlite_url: str) -> str:
    """A database in which somebody wrote for herself."""
    engine = open_engine(sqlite_url, (SECRET,))
    with open_sessions(engine).begin() as session:
        now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        organization_id = school(session)
        world = World(session, now, organization_id, platforms.add(session, organization_id, PLATFORM, now))
        noor = world.visitor("noor", TRAINEE)
        before = kept(session, noor.person_id)
        journal.begin(session, noor, now, HERS[0])
        self_care.save(session, noor, {"signs": HERS[1]}, now)
        check_ins.save(session, noor, now.date(), HERS[2], now)
        assert kept(session, noor.person_id) == before
    engine.dispose()
    return sqlite_url


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_cap_f3_no_command_gives_it_out(url: str, command: tuple[str, ...]) -> None:
    environment = {
        "ATTUNE_DATABASE_URL": url, "ATTUNE_PUBLIC_URL": "https://attune.school.example",
        "ATTUNE_SECRET_KEY": SECRET, "ATTUNE_LAB": None,
    }  # fmt: skip
    said = CliRunner().invoke(attune, command, env=environment)
    assert not isinstance(said.exception, KeyError)
    assert not any(words in said.output for words in HERS)


def test_cap_f3_a_copy_of_the_database_holds_it_locked(url: str) -> None:
    path = Path(str(make_url(url).database))
    stored = b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*") if part.is_file())
    assert b"journal_entry" in stored
    assert not any(words.encode() in stored for words in HERS)
