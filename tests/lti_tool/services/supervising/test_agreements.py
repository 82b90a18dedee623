"""Supervision agreements: both sign exactly what is shown, and where an activity asks, nobody signs without one."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.asking import recusal
from lti_tool.services.caseload.supervisors import team_of
from lti_tool.services.courses.places import NotHere
from lti_tool.services.supervising import agreement_lines, agreements
from lti_tool.services.supervising.supervision_overview import without_agreement
from lti_tool.store.people import MembershipRow
from lti_tool.store.records import AuditEntryRow
from lti_tool.store.supervision import AgreementSignatureRow, SupervisionAgreementRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from rubrics.supervision import USUAL
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.signing.test_signing_at_once import at_once
from tests.lti_tool.services.supervision_rows import agreed, assign, needs_agreement, propose, sign, stands, told

WEEKLY = replace(USUAL, every_days=7)


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_cap_c4_either_proposes_and_it_is_in_force_once_both_have_signed(world: World) -> None:
    for writer, reader in (("sam", "jo"), ("jo", "sam")):
        agreement_id = propose(world, writer, reader)
        assert told(world, reader)
        was = stands(world)
        assert not sign(world, reader, agreement_id)
        assert stands(world) is was
        assert sign(world, writer, agreement_id)
        assert stands(world)


def test_cap_c4_a_new_edition_leaves_the_earlier_one_in_force_until_both_have_signed_it(world: World) -> None:
    first = agreed(world)
    second = propose(world, "sam", "jo", WEEKLY)
    sign(world, "sam", second)
    assert stands(world)
    sign(world, "jo", second)
    rows = {row.id: row for row in world.session.scalars(select(SupervisionAgreementRow))}
    assert (rows[first].ended_at, rows[first].number) == (world.now, 1)
    assert (rows[second].ended_at, rows[second].number) == (None, 2)
    assert stands(world)


def test_cap_c4_a_changed_text_is_a_new_edition_and_the_one_before_can_not_be_signed_any_more(world: World) -> None:
    first = propose(world, "jo", "sam")
    sign(world, "jo", first)
    second = propose(world, "sam", "jo", replace(USUAL, channels="By phone on Mondays."))
    assert code(lambda: sign(world, "sam", first)) == "newer_edition"
    assert not stands(world)
    sign(world, "sam", second)
    assert sign(world, "jo", second)


def test_cap_c4_who_wrote_after_an_edition_they_had_not_read_is_told_to_read_it_first(world: World) -> None:
    propose(world, "jo", "sam")
    assert code(lambda: propose(world, "sam", "jo", after=0)) == "newer_edition"


def test_cap_c4_exactly_what_was_shown_is_signed_and_a_signature_never_changes(world: World) -> None:
    agreement_id, sam = propose(world, "jo", "sam"), world.visitor("sam")
    place = world.place(sam)
    act = lambda: agreements.sign(world.session, sam, place, agreement_id, "0" * 64, world.now)  # noqa: E731
    assert code(act) == "changed_since_shown"
    sign(world, "sam", agreement_id)
    signature = world.session.scalars(select(AgreementSignatureRow)).one()
    assert signature.digest == agreements.read(world.session, sam, place, agreement_id).digest
    for change in (
        "UPDATE agreement_signature SET digest = 'other'",
        "DELETE FROM agreement_signature",
        "UPDATE supervision_agreement SET every_days = 99",
    ):
        with pytest.raises(DBAPIError), world.session.begin_nested():
            world.session.execute(text(change))


def test_cap_c4_nobody_signs_for_the_other_and_nobody_else_reads_it(world: World) -> None:
    agreement_id = propose(world, "jo", "sam")
    for stranger in ("ines", "amara", "noor"):
        visitor = world.visitor(stranger)
        place = world.place(visitor)
        with pytest.raises(NotHere):
            agreements.read(world.session, visitor, place, agreement_id)
        with pytest.raises(NotHere):
            agreements.sign(world.session, visitor, place, agreement_id, "", world.now)
        with pytest.raises(NotHere):
            agreements.end(world.session, visitor, place, agreement_id, world.now)
    sign(world, "jo", agreement_id)
    sign(world, "jo", agreement_id)
    assert len(world.session.scalars(select(AgreementSignatureRow)).all()) == 1
    assert not stands(world)


def test_cap_c4_either_ends_it_without_a_reason(world: World) -> None:
    for who in ("sam", "jo"):
        agreement_id, visitor = agreed(world), world.visitor(who)
        for _again in range(2):
            agreements.end(world.session, visitor, world.place(visitor), agreement_id, world.now)
        assert not stands(world)
        assert code(lambda: sign(world, who, agreement_id)) == "newer_edition"  # noqa: B023


def test_cap_c4_the_audit_has_who_signed_which_edition_and_no_words(world: World) -> None:
    agreed(world)
    entries = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act.like("agreement.%"))).all()
    assert [entry.act for entry in entries] == ["agreement.propose", "agreement.sign", "agreement.sign"]
    assert not any(USUAL.channels in str(entry.facts) for entry in entries)


def test_cap_c4_who_does_not_supervise_in_the_lane_has_nothing_to_agree_on(world: World) -> None:
    for who, other, lane in (
        ("jo", "sam", Lane.CLINICAL), ("sam", "noor", Lane.PEER), ("ines", "sam", Lane.PEER), ("jo", "ines", Lane.PEER),
    ):  # fmt: skip
        with pytest.raises(NotHere):
            propose(world, who, other, lane=lane)


def test_cap_c11_between_two_who_stepped_aside_nothing_is_agreed_and_nobody_is_told_who_it_was(world: World) -> None:
    agreement_id = propose(world, "jo", "sam")
    recusal.declare(world.session, world.visitor("sam"), world.visitor("jo").person_id, world.now)
    assert code(lambda: sign(world, "jo", agreement_id)) == "conflict"
    assert code(lambda: propose(world, "sam", "jo")) == "conflict"


def test_an_external_supervisor_agrees_with_whom_they_are_assigned_to_only(world: World) -> None:
    jo = world.visitor("jo")
    membership = world.session.scalars(select(MembershipRow).where(MembershipRow.person_id == jo.person_id)).one()
    assign(world, "jo", "noor")
    membership.external = True
    world.session.flush()
    with pytest.raises(NotHere):
        propose(world, "jo", "sam")
    with pytest.raises(NotHere):
        propose(world, "sam", "jo")
    propose(world, "jo", "noor")


def test_cap_c4_where_the_activity_asks_nobody_signs_without_an_agreement_in_force(world: World) -> None:
    observation_id = world.answered()
    needs_agreement(world)
    assert code(lambda: world.sign("jo", observation_id)) == "no_agreement"
    agreement_id = propose(world, "jo", "sam")
    sign(world, "jo", agreement_id)
    assert code(lambda: world.sign("jo", observation_id)) == "no_agreement"
    sign(world, "sam", agreement_id)
    world.sign("jo", observation_id)


def test_cap_c4_an_agreement_of_another_lane_or_trainee_or_one_that_ended_opens_nothing(world: World) -> None:
    observation_id = world.answered()
    needs_agreement(world)
    agreed(world, "amara", lane=Lane.CLINICAL)
    agreed(world, "jo", "noor")
    ended, jo = agreed(world), world.visitor("jo")
    agreements.end(world.session, jo, world.place(jo), ended, world.now)
    assert code(lambda: world.sign("jo", observation_id)) == "no_agreement"


def test_cap_c4_instructors_see_which_pairs_have_none(world: World) -> None:
    ines = world.visitor("ines")
    assign(world, "jo", "sam")
    assign(world, "jo", "noor")
    agreed(world, "jo", "noor")
    team = team_of(world.session, world.place(ines).course.id, world.now.date())
    (pair,) = without_agreement(world.session, world.place(ines), team)
    assert (pair.trainee_name, pair.supervisor_name) == ("Sam Example", "Jo Example")


def test_ux_n3_the_next_edition_begins_from_what_the_last_one_says(world: World) -> None:
    sam = world.visitor("sam")
    place = world.place(sam)
    pair = agreements.pair_of(world.session, sam, place, world.visitor("jo").person_id, Lane.PEER, world.now)
    assert agreements.last_terms(world.session, place, pair) == (0, None)
    propose(world, "jo", "sam", WEEKLY)
    assert agreements.last_terms(world.session, place, pair) == (1, WEEKLY)


def signs(world: World, who: str, agreement_id: UUID) -> Callable[[Session], object]:
    visitor = world.visitor(who)
    place = world.place(visitor)
    shown = agreements.read(world.session, visitor, place, agreement_id)
    return lambda session: agreements.sign(session, visitor, place, agreement_id, shown.digest, world.now)


def proposes(world: World, who: str, other: str) -> Callable[[Session], object]:
    visitor = world.visitor(who)
    place = world.place(visitor)
    pair = agreements.pair_of(world.session, visitor, place, world.visitor(other).person_id, Lane.PEER, world.now)
    number, _ = agreements.last_terms(world.session, place, pair)
    return lambda session: agreements.propose(session, visitor, place, pair, WEEKLY, after=number, now=world.now)


def test_both_sign_in_the_same_moment_and_it_is_in_force_once(world: World, sessions: sessionmaker[Session]) -> None:
    agreement_id = propose(world, "jo", "sam")
    acts = signs(world, "jo", agreement_id), signs(world, "sam", agreement_id)
    world.session.commit()
    assert at_once(sessions, *acts) == ["done", "done"]
    world.session.expire_all()
    assert stands(world)


def test_one_signs_while_the_other_writes_an_edition_and_one_of_both_holds(
    world: World, sessions: sessionmaker[Session]
) -> None:
    first = propose(world, "jo", "sam")
    sign(world, "jo", first)
    acts = signs(world, "sam", first), proposes(world, "jo", "sam")
    world.session.commit()
    assert at_once(sessions, *acts) in (["done", "done"], ["done", "newer_edition"])
    world.session.expire_all()
    lines = agreement_lines.own(world.session, world.visitor("sam"), world.place(world.visitor("sam")))
    assert sum(line.waits for line in lines) == 1
    assert sum(line.stands for line in lines) <= 1


def test_both_write_an_edition_in_the_same_moment_and_one_reads_the_others_first(
    world: World, sessions: sessionmaker[Session]
) -> None:
    acts = proposes(world, "jo", "sam"), proposes(world, "sam", "jo")
    world.session.commit()
    assert at_once(sessions, *acts) == ["done", "newer_edition"]
