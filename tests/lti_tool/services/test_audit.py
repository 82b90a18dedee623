"""The chain of acts."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services import audit
from tests.lti_tool.services.conftest import World

THAW = {
    "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
    "postgresql": [
        "DROP TRIGGER audit_entry_no_update ON audit_entry",
        "DROP TRIGGER audit_entry_no_delete ON audit_entry",
    ],
}


def thaw(session: Session) -> None:
    """What someone with the database's password can do."""
    for statement in THAW[session.get_bind().dialect.name]:
        session.execute(text(statement))


def test_a_chain_that_nobody_touched_holds(world: World) -> None:
    world.answered()
    (result,) = audit.verify(world.session)
    assert isinstance(result, audit.Verified)
    assert result.entries > 5


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_an_entry(world: World, act: str) -> None:
    world.session.flush()
    with pytest.raises(DatabaseError):
        world.session.execute(text(act))


@pytest.mark.parametrize(
    ("tampering", "place"),
    [
        ("UPDATE audit_entry SET act = 'observation.withdraw' WHERE number = 3", 3),
        ("UPDATE audit_entry SET facts = '{}' WHERE number = 2", 2),
        ("UPDATE audit_entry SET previous_digest = digest WHERE number = 3", 3),
        ("DELETE FROM audit_entry WHERE number = 4", 4),
        ("DELETE FROM audit_entry WHERE number = (SELECT max(number) FROM audit_entry)", None),
    ],
)
def test_cap_d6_tampering_is_named_at_its_first_entry(world: World, tampering: str, place: int | None) -> None:
    world.answered()
    (before,) = audit.verify(world.session)
    assert isinstance(before, audit.Verified)
    thaw(world.session)
    world.session.execute(text(tampering))
    world.session.expire_all()
    (after,) = audit.verify(world.session)
    assert isinstance(after, audit.Broken)
    assert after.number == (place or before.entries)


def test_entries_of_two_at_once_make_one_chain(sessions: sessionmaker[Session], world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    organization_id, now = world.organization_id, world.now
    world.session.commit()

    def write(number: int) -> None:
        with sessions.begin() as session:
            audit.write(
                session, organization_id=organization_id, person_id=None, act="test", subject=str(number), now=now
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with sessions() as session:
        (result,) = audit.verify(session)
    assert isinstance(result, audit.Verified)
