"""Two who act on the same observations in the same moment: nothing happens twice, nobody waits for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services import audit
from lti_tool.services.asking import ask
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.finishing import finalize_due
from lti_tool.services.signing import several, sign_off
from lti_tool.services.signing.several import UNDO, Chosen
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow, SignOffRow, SignOffWithdrawalRow
from rubrics.observation import State
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import ASSISTANT, MakeWorld, World

Act = Callable[[Session], object]


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    world.grant(world.visitor("mira", ASSISTANT), Lane.PEER)
    return world


def at_once(sessions: sessionmaker[Session], *acts: Act) -> list[str]:
    """Each act in a transaction and a thread of its own; what became of each: done, or why not."""
    together = threading.Barrier(len(acts), timeout=120)

    def run(act: Act) -> str:
        together.wait()
        try:
            with sessions.begin() as session:
                act(session)
        except Refused as refused:
            return refused.code
        except NotHere:
            return "not_here"
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def signs(world: World, who: str, observation_id: object, lane: Lane) -> Act:
    """Signs what was read before the others acted."""
    visitor: Visitor = world.visitor(who)
    shown = sign_off.preview(world.session, visitor, observation_id, lane, world.now)  # type: ignore[arg-type]

    def act(session: Session) -> object:
        return sign_off.sign(session, visitor, shown.record.line.id, lane=lane, digest=shown.digest, now=world.now)

    return act


def test_both_lanes_in_the_same_moment_make_it_final_once(world: World, sessions: sessionmaker[Session]) -> None:
    observation_id = world.answered()
    acts = signs(world, "jo", observation_id, Lane.PEER), signs(world, "amara", observation_id, Lane.CLINICAL)
    world.session.commit()
    assert at_once(sessions, *acts) == ["done", "done"]
    with sessions() as session:
        assert session.get_one(ObservationRow, observation_id).state is State.RELEASED
        assert len(session.scalars(select(DeliveryRow)).all()) == 1
        assert all(type(result) is audit.Verified for result in audit.verify(session))


def test_two_supervisors_of_one_lane_in_the_same_moment_sign_it_once(
    world: World, sessions: sessionmaker[Session]
) -> None:
    observation_id = world.answered()
    acts = [signs(world, who, observation_id, Lane.PEER) for who in ("jo", "mira")]
    world.session.commit()
    assert at_once(sessions, *acts) == ["already_signed", "done"]
    with sessions() as session:
        assert session.scalars(select(func.count(SignOffRow.id))).one() == 1


def test_signing_while_the_trainee_takes_it_back_is_one_or_the_other(
    world: World, sessions: sessionmaker[Session]
) -> None:
    observation_id, sam = world.answered(), world.visitor("sam")
    act = signs(world, "jo", observation_id, Lane.PEER)
    world.session.commit()
    found = at_once(sessions, act, lambda session: ask.withdraw(session, sam, observation_id, world.now))
    assert found in (["done", "done"], ["done", "not_here"])
    with sessions() as session:
        assert session.get_one(ObservationRow, observation_id).state is State.WITHDRAWN


def test_two_who_sign_the_same_several_in_another_order_never_wait_in_a_circle(
    world: World, sessions: sessionmaker[Session]
) -> None:
    observations = [world.answered() for _ in range(4)]
    acts: list[Act] = []
    for who, lane, order in (("jo", Lane.PEER, 1), ("amara", Lane.CLINICAL, -1), ("mira", Lane.PEER, -1)):
        visitor = world.visitor(who)
        chosen = [Chosen(observation_id, lane) for observation_id in observations[::order]]
        shown = several.shown(world.session, visitor, chosen, world.now)
        digests = [(one.chosen, one.to_sign.digest) for one in shown if one.to_sign]
        acts.append(lambda session, by=visitor, what=digests: several.sign_all(session, by, what, world.now))
    world.session.commit()
    assert at_once(sessions, *acts) == ["done"] * 3
    with sessions() as session:
        assert session.scalars(select(func.count(SignOffRow.id))).one() == 8
        assert session.scalars(select(func.count(SignOffRow.id)).where(SignOffRow.lane == Lane.PEER)).one() == 4
        assert all(type(result) is audit.Verified for result in audit.verify(session))


def test_taking_back_while_the_sweep_makes_it_final_is_one_or_the_other(
    world: World, sessions: sessionmaker[Session]
) -> None:
    observation_id, jo = world.answered(), world.visitor("jo")
    world.sign("amara", observation_id, Lane.CLINICAL)
    chosen = [Chosen(observation_id, Lane.PEER)]
    (shown,) = several.shown(world.session, jo, chosen, world.now)
    assert shown.to_sign is not None
    several.sign_all(world.session, jo, [(chosen[0], shown.to_sign.digest)], world.now)
    world.session.commit()
    at_once(
        sessions,
        lambda session: several.take_all_back(session, jo, chosen, world.now, world.now),
        lambda session: finalize_due(session, world.now + UNDO),
        lambda session: finalize_due(session, world.now + UNDO),
    )
    with sessions() as session:
        state = session.get_one(ObservationRow, observation_id).state
        taken_back = session.scalars(select(func.count(SignOffWithdrawalRow.id))).one()
        assert (state, taken_back) in ((State.RELEASED, 0), (State.ANSWERED, 1))
