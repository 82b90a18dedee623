"""Signing several at once: one that is not possible never stops the others, and all can be taken back for a while."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lti_tool.services import audit
from lti_tool.services.asking import ask
from lti_tool.services.courses import people
from lti_tool.services.observations.finishing import finalize_due
from lti_tool.services.signing import several
from lti_tool.services.signing.several import UNDO, Chosen
from lti_tool.store.deliveries import DeliveryRow
from lti_tool.store.observations import ObservationRow, SignOffRow, SignOffWithdrawalRow, WithdrawalKind
from lti_tool.store.people import GrantRow
from lti_tool.store.records import AuditEntryRow
from rubrics.observation import State
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import MakeWorld, World


def chosen_of(*observation_ids: UUID, lane: Lane = Lane.PEER) -> list[Chosen]:
    return [Chosen(observation_id, lane) for observation_id in observation_ids]


def read_all(world: World, who: str, chosen: list[Chosen]) -> list[tuple[Chosen, str]]:
    found = several.shown(world.session, world.visitor(who), chosen, world.now)
    return [(one.chosen, one.to_sign.digest if one.to_sign else "x") for one in found]


def sign_all(world: World, who: str, digests: list[tuple[Chosen, str]]) -> None:
    several.sign_all(world.session, world.visitor(who), digests, world.now)


def states(world: World) -> list[State]:
    world.session.flush()
    return list(world.session.scalars(select(ObservationRow.state).order_by(ObservationRow.requested_at)))


def test_several_are_signed_at_once_and_none_is_final_before_it_could_be_taken_back(world: World) -> None:
    chosen = chosen_of(world.answered(), world.answered(), world.answered())
    sign_all(world, "jo", read_all(world, "jo", chosen))
    assert states(world) == [State.ANSWERED] * 3
    outcomes = several.outcomes(world.session, world.visitor("jo"), chosen, world.now, world.now)
    assert [(one.signed, one.stands, one.final) for one in outcomes] == [(True, True, False)] * 3
    assert world.session.scalars(select(DeliveryRow)).all() == []
    assert len(finalize_due(world.session, world.now + UNDO)) == 1
    assert states(world) == [State.RELEASED] * 3
    assert all(type(result) is audit.Verified for result in audit.verify(world.session))


def test_one_that_is_refused_is_named_and_the_others_are_signed(world: World) -> None:
    first, gone, changed, last = (world.answered() for _ in range(4))
    digests = read_all(world, "jo", chosen_of(first, gone, changed, last))
    digests[2] = (digests[2][0], "0" * 64)
    ask.withdraw(world.session, world.visitor("sam"), gone, world.now)
    sign_all(world, "jo", digests)
    found = several.outcomes(
        world.session, world.visitor("jo"), [chosen for chosen, _ in digests], world.now, world.now
    )
    assert [one.signed for one in found] == [True, False, False, True]
    assert found[1].line is None
    assert found[2].not_yet is not None
    assert found[2].not_yet.code == "changed_since_shown"
    assert world.session.scalars(select(func.count(SignOffRow.id))).one() == 2


def test_one_that_the_rules_refuse_is_named_with_its_reason_and_stands_in_the_audit(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    world.grant(world.visitor("jo"), Lane.CLINICAL)
    one, two = world.answered(), world.answered()
    chosen = [*chosen_of(one, two), Chosen(one, Lane.CLINICAL)]
    sign_all(world, "jo", read_all(world, "jo", chosen))
    found = several.outcomes(world.session, world.visitor("jo"), chosen, world.now, world.now)
    assert [outcome.signed for outcome in found] == [True, True, False]
    assert found[2].not_yet is not None
    assert found[2].not_yet.code == "signed_in_other_lane"
    refused = world.session.scalars(
        select(AuditEntryRow.facts).where(AuditEntryRow.act == "observation.sign_refused")
    ).all()
    assert refused == [{"lane": "clinical", "rule": "signed_in_other_lane"}]


def test_the_same_one_twice_is_signed_once(world: World) -> None:
    chosen = chosen_of(world.answered())
    digests = read_all(world, "jo", chosen)
    sign_all(world, "jo", digests * 2)
    sign_all(world, "jo", digests)
    assert world.session.scalars(select(func.count(SignOffRow.id))).one() == 1


def test_ux_c5_several_are_taken_back_without_a_reason_until_they_are_sent_on(world: World) -> None:
    chosen = chosen_of(world.answered(), world.answered())
    sign_all(world, "jo", read_all(world, "jo", chosen))
    signed_at, jo = world.now, world.visitor("jo")
    several.take_all_back(world.session, jo, chosen, signed_at, signed_at + UNDO - timedelta(seconds=1))
    kinds = world.session.scalars(select(SignOffWithdrawalRow.kind)).all()
    assert kinds == [WithdrawalKind.UNDONE] * 2
    found = several.outcomes(world.session, jo, chosen, signed_at, world.now)
    assert [(one.signed, one.stands) for one in found] == [(True, False)] * 2
    assert finalize_due(world.session, signed_at + UNDO) == ()
    several.take_all_back(world.session, jo, chosen, signed_at, signed_at)
    world.sign("jo", chosen[0].observation_id)


def test_what_was_sent_on_is_not_taken_back_in_this_way(world: World) -> None:
    chosen = chosen_of(world.answered())
    sign_all(world, "jo", read_all(world, "jo", chosen))
    finalize_due(world.session, world.now + UNDO)
    several.take_all_back(world.session, world.visitor("jo"), chosen, world.now, world.now + UNDO)
    several.take_all_back(world.session, world.visitor("jo"), chosen, world.now, world.now)
    assert states(world) == [State.RELEASED]
    assert world.session.scalars(select(SignOffWithdrawalRow.id)).all() == []


def test_another_lane_that_signs_meanwhile_does_not_take_the_time_to_undo_away(make_world: MakeWorld) -> None:
    world = make_world(lanes=(Lane.PEER, Lane.CLINICAL))
    chosen = chosen_of(world.answered())
    sign_all(world, "jo", read_all(world, "jo", chosen))
    assert world.sign("amara", chosen[0].observation_id, Lane.CLINICAL) == ()
    several.take_all_back(world.session, world.visitor("jo"), chosen, world.now, world.now + timedelta(minutes=5))
    assert finalize_due(world.session, world.now + UNDO) == ()
    assert states(world) == [State.ANSWERED]
    lanes = world.session.scalars(
        select(SignOffRow.lane)
        .outerjoin(SignOffWithdrawalRow, SignOffWithdrawalRow.sign_off_id == SignOffRow.id)
        .where(SignOffWithdrawalRow.id.is_(None))
    ).all()
    assert lanes == [Lane.CLINICAL]


def test_nobody_takes_back_what_somebody_else_signed(world: World) -> None:
    chosen = chosen_of(world.answered())
    sign_all(world, "jo", read_all(world, "jo", chosen))
    for who in ("amara", "sam", "ines"):
        several.take_all_back(world.session, world.visitor(who), chosen, world.now, world.now)
    assert world.session.scalars(select(SignOffWithdrawalRow.id)).all() == []


@pytest.mark.parametrize("who", ["amara", "sam", "noor", "ines"])
def test_whoever_may_not_sign_signs_nothing_among_several(world: World, who: str) -> None:
    chosen = chosen_of(world.answered())
    found = several.shown(world.session, world.visitor(who), chosen, world.now)
    assert [one.to_sign for one in found] == [None]
    sign_all(world, who, [(chosen[0], "0" * 64)])
    assert world.session.scalars(select(SignOffRow.id)).all() == []


def test_a_lane_that_is_taken_away_between_reading_and_signing_signs_nothing(world: World) -> None:
    chosen = chosen_of(world.answered(), world.answered())
    digests = read_all(world, "jo", chosen)
    ines, jo = world.visitor("ines"), world.visitor("jo")
    grant_id = world.session.scalars(select(GrantRow.id).where(GrantRow.person_id == jo.person_id)).one()
    people.revoke(world.session, ines, world.place(ines), grant_id=grant_id, now=world.now)
    sign_all(world, "jo", digests)
    assert world.session.scalars(select(SignOffRow.id)).all() == []
