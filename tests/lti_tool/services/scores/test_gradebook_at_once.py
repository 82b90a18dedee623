"""Whatever happens to a column in the same moment, nobody waits for ever, and nobody is turned away for it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from grading.delivery import DeliveryState
from lti_tool.services.scores import column_acts, column_changes, deliver, differing_scores, noting_desired
from lti_tool.services.scores.column_changes import Done
from lti_tool.store.courses import LineItemRow
from lti_tool.store.deliveries import DeliveryRow
from tests.conftest import Clock
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.scoring import FakeLms, Sending, said
from tests.lti_tool.services.signing.test_signing_at_once import at_once

ROUNDS = 4
Act = Callable[[Session], object]


@pytest.fixture
def sending(world: World, sessions: sessionmaker[Session], clock: Clock) -> Sending:
    world.session.commit()
    return Sending(world, sessions, FakeLms(), clock)


def due_again(sending: Sending, *, differing: int) -> None:
    """All are due, but for some that differ; the column is where it was."""
    with sending.sessions.begin() as session:
        session.execute(update(LineItemRow).values(gone_at=None, change_at=None, change_answer=None, stopped_at=None))
        for number, row in enumerate(session.scalars(select(DeliveryRow).order_by(DeliveryRow.person_id))):
            differs = number < differing
            row.state = DeliveryState.DIFFERS if differs else DeliveryState.WAITING
            row.next_attempt_at, row.leased_until = None if differs else sending.clock.now, None
            row.lms_score, row.lms_maximum = (Decimal(70), Decimal(100)) if differs else (None, None)
            row.lms_read_at = sending.clock.now if differs else None


def test_whatever_happens_to_a_column_at_once_nobody_waits_for_ever(sending: Sending, world: World) -> None:
    sending.people(40)
    ines = world.visitor("ines")
    world.session.commit()
    with sending.sessions() as session:
        item_id = session.scalars(select(LineItemRow.id)).one()
    # Half of what is sent finds no column, so that a batch has both.
    sending.lms.answers = lambda sub: said(404) if int(sub[1:]) % 2 else None

    def looked_for(session: Session) -> object:
        with sending.sessions.begin() as before:
            column_changes.seen_gone(before, item_id, sending.clock.now)
            change = column_changes.take(before, item_id, sending.clock.now)
        return change and column_changes.settle(session, change, Done(None, gone=True), sending.clock.now)

    acts: list[Act] = [
        lambda _session: sending.drain(lasting=1.0),
        looked_for,
        lambda session: differing_scores.decide_all_ours(session, ines, item_id, sending.clock.now),
        lambda session: column_acts.stop(session, ines, item_id, sending.clock.now),
        lambda session: noting_desired.hold(session, [item_id], None),
        lambda session: deliver.column_changed(session, item_id, sending.clock.now),
    ]
    for _ in range(ROUNDS):
        due_again(sending, differing=15)
        assert at_once(sending.sessions, *acts) == ["done"] * len(acts)
