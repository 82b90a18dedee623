"""With a row in every table, erasing a person leaves no word of theirs, also not in a table that is made later."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.personal_data.erasure_rows import erase_all, erase_alone
from lti_tool.services.personal_data.theirs import about, table
from lti_tool.store.base import Base, EncryptedText, new_id
from lti_tool.store.data_map import data_map
from lti_tool.store.privacy import ErasureRow
from tests.migrations.test_migrations import fill

STAYS = {
    "supervision_session.agenda": "a session with another trainee in it is that one's record, too",
    "supervision_session.goals": "a session with another trainee in it is that one's record, too",
}
"""What may be left, and why. Nothing else."""
EMPTY = ("", "{}")


@pytest.fixture
def filled(sessions: sessionmaker[Session], now: datetime) -> sessionmaker[Session]:
    """A row in every table, among few people who are everything to each other."""
    with sessions() as session:
        engine = session.get_bind()
    fill(engine, now)  # type: ignore[arg-type]
    return sessions


def people(session: Session) -> list[UUID]:
    return list(session.scalars(select(table("person").c.id)))


def words(session: Session, of: Table, ids: list[UUID]) -> dict[str, int]:
    """How many words there are of these people, by column."""
    found: dict[str, int] = {}
    for column in (each for each in of.c if isinstance(each.type, EncryptedText)):
        values = session.scalars(select(column).where(about(of.name, ids))).all()
        if number := sum(value not in EMPTY and value is not None for value in values):
            found[f"{of.name}.{column.name}"] = number
    return found


def all_words(session: Session, ids: list[UUID]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, mapped in data_map().tables.items():
        if mapped.of is not None:
            found |= words(session, Base.metadata.tables[name], ids)
    return found


def under_way(session: Session, ids: list[UUID], now: datetime) -> None:
    organization_id = session.scalars(select(table("organization").c.id)).one()
    for person_id in ids:
        session.add(
            ErasureRow(
                id=new_id(), organization_id=organization_id, person_id=person_id, not_before=now, begun_at=now
            )
        )  # fmt: skip
    session.flush()


def test_cap_e7_no_word_of_a_person_is_left_in_any_table(filled: sessionmaker[Session], now: datetime) -> None:
    with filled() as session:
        ids = people(session)
        before = all_words(session, ids)
        assert len(before) > 50
        under_way(session, ids, now)
        counts = erase_all(session, ids, now + timedelta(days=1), name=True)
        assert set(all_words(session, ids)) <= set(STAYS)
        assert all(number > 0 for number in counts.values())


def test_whoever_is_not_erased_loses_nothing(filled: sessionmaker[Session], now: datetime) -> None:
    with filled() as session:
        stranger = new_id()
        before = all_words(session, people(session))
        assert erase_all(session, [stranger], now, name=True) == {}
        assert all_words(session, people(session)) == before


def test_what_is_only_theirs_leaves_all_the_rest_as_it_was(filled: sessionmaker[Session]) -> None:
    with filled() as session:
        ids = people(session)
        before = all_words(session, ids)
        erase_alone(session, ids)
        gone = set(before) - set(all_words(session, ids))
        assert {name.partition(".")[0] for name in gone} <= {
            "journal_entry", "self_care_plan", "check_in", "self_description", "evidence",
        }  # fmt: skip
        assert gone


def test_the_chain_of_acts_is_untouched(filled: sessionmaker[Session], now: datetime) -> None:
    with filled() as session:
        ids = people(session)
        under_way(session, ids, now)
        before = session.scalars(select(func.count()).select_from(table("audit_entry"))).one()
        erase_all(session, ids, now, name=True)
        assert session.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == before
