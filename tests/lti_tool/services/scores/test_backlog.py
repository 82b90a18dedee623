"""However much waits for a platform, taking the next scores costs the same."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import DeliveryState
from lti_tool.services.scores import lanes
from lti_tool.services.scores.send_claims import claim
from lti_tool.store.base import new_id
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.people import LmsAccountRow, PersonRow
from tests.lti_tool.services.conftest import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MORE, FINER = 4_000, 10


def wait(session: Session, count: int, now: datetime) -> None:
    """So many people more, whose scores came at one moment."""
    column = session.scalars(select(LineItemRow)).one()
    owned, people = {"organization_id": column.organization_id}, [new_id() for _ in range(count)]
    account = {**owned, "registration_id": column.registration_id}
    score = {
        "line_item_id": column.id,
        "state": DeliveryState.WAITING,
        "desired_score": 80,
        "desired_maximum": 100,
        "desired_at": now,
        "attempts": 0,
        "next_attempt_at": now,
    }
    session.execute(insert(PersonRow), [{**owned, "id": one, "created_at": now} for one in people])
    session.execute(
        insert(LmsAccountRow), [{**account, "id": new_id(), "sub": str(one), "person_id": one} for one in people]
    )
    session.execute(insert(DeliveryRow), [{**account, **score, "id": new_id(), "person_id": one} for one in people])


def steps(session: Session, act: Callable[[], object]) -> int:
    """How much the database does for it, in steps of its own machine."""
    taken = [0]

    def step() -> None:
        taken[0] += FINER

    wire = session.connection().connection.driver_connection
    assert wire is not None
    wire.set_progress_handler(step, FINER)
    act()
    wire.set_progress_handler(None, FINER)
    return taken[0]


@pytest.mark.parametrize("what", ["claim", "next_due", "due"])
def test_what_the_next_scores_cost_does_not_grow_with_the_backlog(
    world: World, sessions: sessionmaker[Session], now: datetime, what: str
) -> None:
    acts: dict[str, Callable[[Session], object]] = {
        "claim": lambda session: claim(session, world.registration_id, now, most=20),
        "next_due": lambda session: lanes.next_due(session, world.registration_id, now),
        "due": lambda session: lanes.due(session, now),
    }
    wait(world.session, 200, now)
    world.session.commit()
    costs = []
    for more in (0, MORE):
        with sessions.begin() as session:
            wait(session, more, now) if more else None
        with sessions() as session:
            costs.append(steps(session, lambda session=session: acts[what](session)))  # type: ignore[misc]
            session.rollback()
    assert costs[1] <= costs[0] * 1.3 + 200


def test_a_claim_is_as_many_statements_beside_any_backlog(
    world: World, sessions: sessionmaker[Session], now: datetime
) -> None:
    world.session.commit()
    counts = []
    for more in (20, MORE):
        with sessions.begin() as session:
            wait(session, more, now)
        with sessions() as session:
            said: list[str] = []
            listen = lambda *given, said=said: said.append(given[2])  # noqa: E731
            event.listen(session.connection(), "before_cursor_execute", listen)
            assert len(claim(session, world.registration_id, now, most=20)) == 20
            counts.append(len(said))
            session.rollback()
    assert counts[0] == counts[1]
