"""A process that signs and supersedes, each act in a transaction of its own, as web processes do.

It may be killed at any moment and started again: what is done is not done twice.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.queue import Kind, LookAt, open_queue
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations import superseding
from lti_tool.services.signing import sign_off
from lti_tool.settings import Settings, read_settings
from lti_tool.store.engine import open_engine, open_sessions
from lti_tool.store.observations import ObservationRow
from rubrics.observation import State
from rubrics.sign_off import Lane
from tests.torture.building import visitor
from tests.torture.plan import SIGN, Act, in_turn, read

Found = TypeVar("Found")

MISSING_FROM_QUEUE = 7
"""Of so many acts one is told to nobody, as if the process had ended right after it: the sweep finds it."""


def release(folder: Path, seed: int, share: int, of: int) -> None:
    """All acts of every `of`th trainee."""
    settings = read_settings(os.environ)
    sessions = open_sessions(open_engine(settings.database_url, settings.secret_keys))
    look_at = open_queue(settings).look_at
    trainees = [trainee for trainee in read(folder / "plan.json") if trainee.number % of == share]
    observer_id = UUID((folder / "observer").read_text())
    with sessions.begin() as session:
        observer = visitor(session, observer_id, settings.clock())
    for number, (trainee, act) in enumerate(in_turn(trainees, seed)):
        observation_id = UUID(trainee.observations[act.observation])
        found = until_it_works(lambda a=act, o=observation_id: _do(sessions, settings, observer, a, o))  # type: ignore[misc]
        if number % MISSING_FROM_QUEUE:
            until_it_works(lambda ids=found: _tell(look_at, ids))  # type: ignore[misc]


def until_it_works(act: Callable[[], Found]) -> Found:
    """Once more, after a database that was away or busy, until it is done."""
    while True:
        try:
            return act()
        except (OperationalError, TimeoutError, psycopg.Error, sqlite3.OperationalError):
            time.sleep(0.2)


def _do(
    sessions: sessionmaker[Session], settings: Settings, observer: Visitor, act: Act, observation_id: UUID
) -> tuple[UUID, ...]:
    now = settings.clock()
    with sessions.begin() as session:
        state = session.scalars(select(ObservationRow.state).where(ObservationRow.id == observation_id)).one()
        if state in ((State.RELEASED, State.SUPERSEDED) if act.kind == SIGN else (State.SUPERSEDED,)):
            return ()
        if act.kind != SIGN:
            said = superseding.say_so(session, observer, observation_id, reason="Not this one.", correct=False, now=now)
            return said.to_look_at
        shown = sign_off.preview(session, observer, observation_id, Lane.PEER, now)
        return sign_off.sign(session, observer, observation_id, lane=Lane.PEER, digest=shown.digest, now=now)


def _tell(look_at: LookAt, ids: tuple[UUID, ...]) -> None:
    for delivery_id in ids:
        look_at(Kind.DELIVERY, delivery_id)


if __name__ == "__main__":
    release(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
