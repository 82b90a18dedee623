"""Our own LTI keys."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.connecting import tool_keys
from lti_tool.store.engine import open_engine
from tests.databases import SECRET
from tests.lti_tool.services.conftest import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_lti_t10_after_a_rotation_the_new_key_signs_and_both_are_published_for_two_weeks(bare_world: World) -> None:
    session, now = bare_world.session, bare_world.now
    first = tool_keys.signing_key(session, now)
    assert tool_keys.signing_key(session, now) == first
    second = tool_keys.rotate(session, now + timedelta(days=1))
    assert tool_keys.signing_key(session, now + timedelta(days=1)) == second
    published = [key["kid"] for key in tool_keys.published(session, now + timedelta(days=2))]
    assert published == [second.kid, first.kid]
    assert [key["kid"] for key in tool_keys.published(session, now + timedelta(days=16))] == [second.kid]


def test_the_first_call_ever_makes_the_key(sessions: sessionmaker[Session], now: datetime) -> None:
    with sessions.begin() as session:
        assert tool_keys.published(session, now) == []
        made = tool_keys.signing_key(session, now)
        assert [key["kid"] for key in tool_keys.published(session, now)] == [made.kid]


def test_private_keys_are_ciphertext_in_the_database(bare_world: World) -> None:
    tool_keys.signing_key(bare_world.session, bare_world.now)
    stored = bare_world.session.execute(text("SELECT private_pem FROM tool_key")).scalar_one()
    assert "PRIVATE KEY" not in stored


def test_a_rotated_secret_still_reads_what_the_former_one_wrote(
    bare_world: World, database_url: str, sessions: sessionmaker[Session]
) -> None:
    first = tool_keys.signing_key(bare_world.session, bare_world.now)
    bare_world.session.commit()
    engine = open_engine(database_url, ("a-new-secret-key-of-more-than-32-characters", SECRET))
    with Session(engine) as session:
        assert tool_keys.signing_key(session, bare_world.now) == first
    engine.dispose()
    engine = open_engine(database_url, ("a-new-secret-key-of-more-than-32-characters",))
    with Session(engine) as session, pytest.raises(LookupError, match="ATTUNE_SECRET_KEY"):
        tool_keys.signing_key(session, bare_world.now)
    engine.dispose()
