from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.organizations import OrganizationRow
from lti_tool.store.people import PersonRow
from tests.databases import SECRET


def organization(now: datetime) -> OrganizationRow:
    return OrganizationRow(name="Harbor", created_at=now, leave_page_url="https://weather.example", support_text="Ask.")


def add_person(sessions: sessionmaker[Session], now: datetime, name: str) -> None:
    with sessions.begin() as session:
        owner = organization(now)
        session.add(owner)
        session.flush()
        session.add(PersonRow(organization_id=owner.id, name=name, created_at=now))


def test_a_time_comes_back_in_utc_whatever_its_zone_was(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions.begin() as session:
        session.add(organization(now.astimezone(timezone(timedelta(hours=5)))))
    with sessions() as session:
        found = session.scalars(select(OrganizationRow.created_at)).one()
    assert found == now
    assert found.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions() as session:
        session.add(organization(now.replace(tzinfo=None)))
        with pytest.raises(StatementError, match="without a zone"):
            session.flush()


def test_narrative_is_ciphertext_in_the_database(
    sessions: sessionmaker[Session], engine: Engine, now: datetime
) -> None:
    add_person(sessions, now, "Sam Rivera")
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT name FROM person")).scalar_one()
    assert "Sam" not in stored
    with sessions() as session:
        assert session.scalars(select(PersonRow.name)).one() == "Sam Rivera"


def test_an_older_key_still_reads_and_a_lost_key_says_so(
    sessions: sessionmaker[Session], database_url: str, now: datetime
) -> None:
    add_person(sessions, now, "Sam Rivera")
    newer = "a-newer-secret-of-the-tests-0123456789-abcdef"
    rotated, lost = open_engine(database_url, (newer, SECRET)), open_engine(database_url, (newer,))
    with open_sessions(rotated)() as session:
        assert session.scalars(select(PersonRow.name)).one() == "Sam Rivera"
    with open_sessions(lost)() as session, pytest.raises(LookupError, match="ATTUNE_SECRET_KEY"):
        session.scalars(select(PersonRow.name)).one()
    rotated.dispose()
    lost.dispose()
